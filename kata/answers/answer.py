"""An answer: a folder that holds somebody's implementation of the exercises."""

from __future__ import annotations

import functools
import hashlib
import pickle
import time
from typing import TYPE_CHECKING, Any, Protocol

from kata.answers.loading import InProcess
from kata.answers.reading import choose_source
from kata.checks import Call
from kata.folders import SOLUTIONS, find_files
from kata.syllabus import BY_FUNCTION, BY_TOPIC, HANDOUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kata.answers.sources import Source
    from kata.checks import View


_SLOWER = 3  # times, which a student's machine may be in comparison with the one that made a handout


class Runner(Protocol):
    """Whoever runs an answer's code, in this process or in one of its own."""

    faults: dict[str, str]

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None = None
    ) -> Call: ...


class Answer:
    """What the suites get as `answer`: `answer.sigmoid(x)` calls the answer's sigmoid and returns a `Call`.

    A topic's file, a module or a notebook, lies in the exercise's folder, flat, or in the `exercises` folder of a
    whole clone.

    Args:
        folder: Path of the answer.
        seconds: the time limit of each call; None for none.
        named: {topic: its file}, where somebody said which file counts.
    """

    def __init__(self, folder: Path, seconds: float | None = None, named: dict[str, Path] | None = None) -> None:
        self.folder, self.named = folder, named or {}
        self.name = folder.name
        self.runner: Runner = InProcess(self.source, seconds, _solution_takes)
        self.sources: dict[str, Source | None] = {}
        self.unread: dict[str, str] = {}  # topic -> what may be all that there is of it, and why it is not read
        self.diagnose: Callable[[str, str], str | None] | None = None  # set by the judge: which misconception is it?
        self.endless: set[str] = set()  # functions of which a call did not end
        self.rests: dict[str, list[str]] = {}  # function -> what it uses of others

    def __getattr__(self, name: str) -> Callable[..., Call]:
        found: Callable[..., Call] = getattr(self.seen_as(None), name)
        return found

    def seen_as(self, view: View | None) -> Calls:
        """`answer.seen_as(Batches()).make_batches(...)`: a view of what a function returns, see checks/objects.py."""
        return Calls(self._judged, view)

    def _judged(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None) -> Call:
        call = self.call(function, args, kwargs, view)
        call.diagnose = self.diagnose
        return call

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None = None) -> Call:
        """Call a function of the answer; nothing that it does is raised here."""
        if function in self.endless:
            return Call(function, args, kwargs, view, fault=f"{function} is not called again: see above")
        call = self.runner.call(function, args, kwargs, view)
        if call.fault and "did not end" in call.fault:
            self.endless.add(function)
        return call

    def source(self, topic: str) -> Source | None:
        """Return the `Source` of a topic's file; None where the answer has none."""
        if topic not in self.sources:
            exercise = BY_TOPIC[topic]
            paths = [self.named[topic]] if topic in self.named else find_files(self.folder, exercise)
            self.sources[topic] = choose_source(paths, exercise)
        return self.sources[topic]

    def todo(self, function: str) -> bool:
        """Whether there is nothing to judge yet: an untouched stub, or a file that was not handed in."""
        source = self.source(BY_FUNCTION[function].topic)
        return source is None or source.todo(function)

    def topic_fault(self, topic: str) -> str | None:
        """Why a topic's file cannot be used at all, in words; None where it can, or where nobody tried yet."""
        source = self.source(topic)
        if source is None:
            return f"{topic}.py, which is not there"
        return f"{source.path.name}, {source.fault}" if source.fault else self.runner.faults.get(topic)

    def file_fault(self, function: str) -> str | None:
        """Why the file of a function, or its part of it, cannot be used at all."""
        topic = BY_FUNCTION[function].topic
        source = self.source(topic)
        return self.topic_fault(topic) or (source.faults.get(function) if source else None)

    def imports(self, function: str) -> set[str]:
        """Return the topics whose files the function's file imports."""
        source = self.source(BY_FUNCTION[function].topic)
        return source.imports() if source else set()

    def rests_on(self, function: str) -> list[str]:
        """Return the names of the kata's functions that the answer's function uses."""
        if function not in self.rests:  # looked up once: each failed check asks, and a file may be made to be slow
            source = self.source(BY_FUNCTION[function].topic)
            used = source.rests_on(function) if source else ()
            self.rests[function] = [name for topic, name in used if name in BY_TOPIC[topic].points]
        return self.rests[function]


class Calls:
    """Makes a call of each function that is asked of it: `Calls(call, view).sigmoid(x)`.

    Args:
        call: function of a function's name, args, kwargs and the view; view: of what the function returns, or None.
    """

    def __init__(
        self, call: Callable[[str, tuple[Any, ...], dict[str, Any], View | None], Any], view: View | None
    ) -> None:
        self.call, self.view = call, view

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in BY_FUNCTION:
            raise AttributeError(f"no exercise has a function named {name}")
        return lambda *args, **kwargs: self.call(name, args, kwargs, self.view)


class Reference:
    """The solutions, for expected values: `reference.sigmoid(x)` returns the array itself."""

    def __init__(self) -> None:
        self.answer = Answer(SOLUTIONS)
        self.answer.runner = self.runner = InProcess(self.answer.source)
        self.known: dict[
            bytes, Any
        ] = {}  # of the slow exercises: what a call came to, for the next answer that is asked the same

    def seen_as(self, view: View) -> Calls:
        """`reference.seen_as(Batches()).make_batches(...)` returns what the view sees."""
        return Calls(self._value, view)

    def _value(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None) -> Any:
        return self._once(function, (args, kwargs, view), lambda: self._call(function, args, kwargs, view))

    def _once(self, function: str, given: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        if not BY_FUNCTION[function].needs:
            return compute()
        key = hashlib.sha256(pickle.dumps((function, given))).digest()  # the suites' own data, never an answer's
        if key not in self.known:
            self.known[key] = compute()
        return self.known[key]

    def _call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None) -> Any:
        call = self.answer.call(function, args, kwargs, view)
        if call.raised or call.fault:
            raise RuntimeError(f"the solution of {function} failed: {call.fault or call.raised}")
        return call.value

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = found = self.runner.load_function(name)
        if BY_FUNCTION[name].needs:

            @functools.wraps(function)
            def remembered(*args: Any, **kwargs: Any) -> Any:
                return self._once(name, (args, kwargs, "itself"), lambda: function(*args, **kwargs))

            found = remembered
        setattr(self, name, found)
        return found


@functools.cache
def _solutions() -> InProcess:
    return InProcess(Answer(SOLUTIONS).source)


def _solution_takes(call: Call) -> float:
    """Return the seconds that the solution takes here and now for what a Call asks for.

    In a handout: as long as its longest call took where the handout was made, on a machine that is slower than that.
    """
    if HANDOUT:
        return _SLOWER * float(HANDOUT["seconds"].get(call.function, 0))
    _solutions().load(BY_FUNCTION[call.function].topic)
    start = time.monotonic()
    _solutions().call(call.function, call.args, call.kwargs, call.view)
    return time.monotonic() - start
