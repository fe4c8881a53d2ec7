"""What an answer's code changes of its process ends with it.

Python has settings that belong to the process, not to a module: the current folder, `sys.stdout`, warning filters,
NumPy's and Keras's global settings. A file that changes them would change what other files, the solutions and the
judge compute. So they are put back after each import and each call. The changes of a file are its own: they are there
again when its next function runs.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from kata.answers import frameworks
from kata.answers.settings import ALWAYS, HOOKS, SLOW, Setting
from kata.answers.streams import give_own_streams


class Isolation:
    """The surroundings of one answer's code.

    Attributes:
        own: {topic: {a Setting: the value that the topic's code gave it}}.
    """

    def __init__(self) -> None:
        self.own: dict[str, dict[Setting, Any]] = {}
        self.depth = 0

    @contextmanager
    def of(self, topics: list[str], slow: bool = True) -> Iterator[None]:
        """Run code of a topic: what it changes is put back afterwards, and is there again for the topic's next code.

        Args:
            topics: the topics whose changes hold: first those that the code imports, last its own, which also keeps
                what the code changes.
            slow: whether to look after the settings that are slow to read, too.
        """
        if self.depth:  # code that imports another topic's: these changes are those of the code that imports
            yield
            return
        settings = ALWAYS + SLOW + frameworks.settings() if slow else ALWAYS
        before = [(setting, setting.read()) for setting in settings]
        numbers = np.random.get_bit_generator()
        np.random.set_bit_generator(_numbers())
        give_own_streams()
        inside = {HOOKS: HOOKS.read()}
        self.depth += 1
        try:
            for topic in topics:
                for setting, change in self.own.get(topic, {}).items():
                    if change is not None and setting in settings:
                        setting.write(change)
                        inside[setting] = setting.read()
            yield
        finally:
            self.depth -= 1
            np.random.set_bit_generator(numbers)
            self._put_back(topics[-1], before, inside)

    def _put_back(self, topic: str, before: list[tuple[Setting, Any]], inside: dict[Setting, Any]) -> None:
        own = self.own.setdefault(topic, {})
        for setting, value in before:
            now = setting.read()
            back = setting.change(now, value)
            if back is not None:
                changed = setting.change(inside.get(setting, value), now) is not None
                setting.write(back)
                if changed:
                    own[setting] = setting.kept(value, setting.change(value, now))


@functools.cache
def _numbers() -> np.random.MT19937:
    """What answers draw np.random's numbers from. It is made when it is needed: numpy.random is slow to import."""
    return np.random.MT19937()
