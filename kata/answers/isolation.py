"""What an answer's code changes of its process ends with it.

Python has settings that belong to the process, not to a module: the current folder, `sys.stdout`, warning filters,
NumPy's and Keras's global settings. A file that changes them would change what other files, the solutions and the
judge compute. So they are put back after each import and each call. The changes of a file are its own: they are there
again when its next function runs.
"""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

from kata.answers import frameworks
from kata.answers.settings import ALWAYS, HOOKS, SLOW, Setting
from kata.answers.timelimit import uninterrupted

_WAITS = "the code waits for input(), and nobody types anything while it is judged: remove the input()"
_STOPPED = "the code stopped at breakpoint(), and there is no terminal to debug it in: remove the breakpoint()"


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
        numbers = _drawn_from(_own_numbers[0])
        _give_own_streams()
        inside: dict[Setting, Any] = {HOOKS: HOOKS.read()}
        self.depth += 1
        try:
            for topic in topics:
                for setting, change in self.own.get(topic, {}).items():
                    if change is not None and setting in settings:
                        setting.write(change)
                        inside[setting] = setting.read()
            yield
        finally:
            with uninterrupted():
                self.depth -= 1
                _own_numbers[0] = _drawn_from(numbers)
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


# What answers draw np.random's numbers from. There is none before one of them has imported numpy.random, which takes
# long, and few need it.
_own_numbers: list[Any] = [None]


def _drawn_from(numbers: Any) -> Any:
    """Let np.random draw from a bit generator, None for a new one, and return the one that it had.

    Nobody imports numpy.random for that: where it is not there, None is returned.
    """
    random = sys.modules.get("numpy.random")
    if random is None:
        return None
    before = random.get_bit_generator()
    random.set_bit_generator(random.MT19937() if numbers is None else numbers)
    return before


@functools.lru_cache(maxsize=32)
def draws(module: ModuleType | None) -> bool:
    """Whether a module's functions speak of `random`: its state takes too long to look after around every call."""
    values = [] if module is None else list(vars(module).values())
    if any(value is sys.modules.get("random") or getattr(value, "__module__", "") == "random" for value in values):
        return True
    codes = [value.__code__ for value in values if isinstance(value, FunctionType)]
    while codes:
        code = codes.pop()
        if "random" in code.co_names:
            return True
        codes += [part for part in code.co_consts if isinstance(part, CodeType)]
    return False


class _Through(io.RawIOBase):
    """Hands bytes on to the judge's stream of that name, as it is when they are written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.judges = _judges  # Python takes modules apart at its end, before the last stream is flushed

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        stream = self.judges.get(self.name)
        if stream is not None:
            text = bytes(data).decode("utf-8", "replace")
            try:
                stream.write(text)
            except UnicodeEncodeError:  # a console without these characters: what is printed is no mistake
                stream.write(text.encode(stream.encoding, "backslashreplace").decode(stream.encoding))
        return len(data)

    def flush(self) -> None:
        stream = self.judges.get(self.name)
        if stream is not None and not self.closed:
            stream.flush()

    def fileno(self) -> int:
        return int(self.judges[self.name].fileno())

    def isatty(self) -> bool:
        stream = self.judges.get(self.name)
        return bool(stream is not None and stream.isatty())


class _NoInput(io.TextIOBase):
    """In the place of stdin: there is nobody who could type."""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> NoReturn:
        raise EOFError(_WAITS)

    def readline(self, size: int = -1) -> NoReturn:  # type: ignore[override]
        raise EOFError(_WAITS)

    def isatty(self) -> bool:
        return False


_judges: dict[str, Any] = {}  # {"stdout" and "stderr": the judge's own stream}
_breakpoints = False  # whether somebody sits there to debug: see `allow_breakpoints`
_streams: dict[str, io.TextIOWrapper] = {}  # those that answers get instead


def _give_own_streams() -> None:
    """Put streams of its own into the place of the judge's, for code that is about to run."""
    _judges["stdout"], _judges["stderr"] = sys.stdout, sys.stderr
    for name in ("stdout", "stderr"):
        if _judges[name] is not None:
            setattr(sys, name, _stream(name))
    typing = _somebody_types()
    if not typing:
        sys.stdin = _NoInput()
    if not typing and not _breakpoints:
        sys.breakpointhook = _stopped
        if "pdb" in sys.modules:
            sys.modules["pdb"].set_trace = _stopped  # type: ignore[attr-defined]


def allow_breakpoints() -> None:
    """Let code stop at breakpoint(): somebody sits at the terminal, which pytest gives back then."""
    global _breakpoints
    _breakpoints = True


def _stream(name: str) -> Any:
    try:
        _streams[name].flush()
    except (KeyError, ValueError):  # there is none yet, or an answer has closed or detached it
        raw: Any = _Through(name)
        _streams[name] = io.TextIOWrapper(raw, "utf-8", errors="replace", write_through=True)
    return _streams[name]


def _somebody_types() -> bool:
    try:
        return sys.__stdin__ is not None and sys.__stdin__.isatty()
    except ValueError:  # it is closed
        return False


def _stopped(*args: Any, **kwargs: Any) -> NoReturn:
    raise RuntimeError(_STOPPED)
