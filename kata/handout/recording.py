"""What a handout knows of an exercise: what the solutions and the misconceptions return, found by running them."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from kata.answers import Calls, Reference
from kata.checks import Call, Foreign, View, pack, unpack_whole
from kata.grading import Suites
from kata.judge import Input, Known, fixtures_of, read_hints, sentence, suite_inputs
from kata.judge.record import HINTS, LEARNED, VALUES, Asked, as_plain, asked, path_of, write_part
from kata.learn import read_learned
from kata.syllabus import BY_FUNCTION, Exercise


class Recording:
    """Records exercises, one after the other.

    Args:
        exercises: the Exercises.
        seed: of the random inputs.

    Attributes:
        seconds: {function: how long the longest call of its solution took}.
        mistakes: how many misconceptions were recorded; another way to make one is none of its own.
    """

    def __init__(self, exercises: Iterable[Exercise], seed: int) -> None:
        self.exercises, self.seed, self.seconds = list(exercises), seed, dict[str, float]()
        self.mistakes = 0
        self.reference = _Listening(Reference(), self.exercises)
        self.suites = Suites(self.exercises, self.reference.reference)

    def _inputs(self, function: str) -> list[Input]:
        suite = self.suites.tests[function][0].suite
        return suite_inputs(suite, function, fixtures_of(self.seed, self.reference))

    def write(self, folder: Path, done: Callable[[], object]) -> None:
        """Write the record of the exercises.

        Args:
            folder: where it goes, in a folder for each; done: called after each function.

        Raises:
            LookupError: it cannot hold what a solution returns, or lacks an exercise; the message says which.
        """
        for exercise in self.exercises:
            for function in exercise.points:
                write_part(path_of(folder / exercise.folder, function), self._function(function))
                done()
            write_part(path_of(folder / exercise.folder, HINTS), read_hints(exercise))
            write_part(path_of(folder / exercise.folder, LEARNED), read_learned(exercise).as_plain())
        for exercise in self.exercises:
            write_part(path_of(folder / exercise.folder, VALUES), self.reference.heard[exercise].as_plain())

    def _function(self, function: str) -> dict[str, Any]:
        """What the solution and the misconceptions of a function make of the inputs of its checks."""
        known = Known(self.reference.reference, self._inputs)  # only of this function: all together are gigabytes
        calls: dict[bytes, int] = {}  # a call's bytes -> its place: most mistakes are right for most inputs
        right, longest = [], 0.0
        for index, given in enumerate(known.inputs(function)):
            begun = time.monotonic()
            call = known.call(function, index)
            longest = max(longest, time.monotonic() - begun)
            right.append(_place(calls, call, given))
        self.seconds[function] = round(longest, 2)
        mistakes = known.misconceptions(function)
        self.mistakes += sum(hasattr(mistake, "misunderstands") for mistake in mistakes)
        wrong = []
        for mistake in mistakes:
            of = getattr(mistake, "of", None)
            places = [
                _place(calls, known.call(function, index, mistake), given) if of in (None, given.kind) else -1
                for index, given in enumerate(known.inputs(function))
            ]
            wrong.append({"sentence": sentence(mistake), "of": of, "places": places})
        return {"calls": list(map(unpack_whole, calls)), "right": right, "wrong": wrong}


def _place(calls: dict[bytes, int], call: Call, given: Input) -> int:
    return calls.setdefault(pack(as_plain(call, given.mentions)), len(calls))


class _Heard:
    """What the solutions were asked and returned, each only once."""

    def __init__(self) -> None:
        self.asked: dict[Asked, int] = {}
        self.values: dict[bytes, int] = {}

    def add(self, call: Asked, function: str, value: Any) -> None:
        packed = pack({"value": value})
        if _holds_foreign(unpack_whole(packed)["value"]):
            raise LookupError(f"a record cannot hold what the solution of {function} returns: {type(value).__name__}")
        self.asked[call] = self.values.setdefault(packed, len(self.values))

    def as_plain(self) -> dict[str, Any]:
        alike: dict[str, list[Any]] = {}
        for call, place in self.asked.items():
            alike.setdefault(call.alike, []).append((np.array(call.sums), place))
        values = [unpack_whole(packed)["value"] for packed in self.values]
        return {"exact": {call.exact: place for call, place in self.asked.items()}, "alike": alike, "values": values}


def _holds_foreign(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_foreign, [*value, *value.values()]))
    return any(map(_holds_foreign, value)) if isinstance(value, list | tuple | set) else isinstance(value, Foreign)


class _Listening:
    """A Reference that notes what it is asked and what it returns."""

    def __init__(self, reference: Reference, exercises: Iterable[Exercise]) -> None:
        self.reference, self.heard = reference, {exercise: _Heard() for exercise in exercises}

    def seen_as(self, view: View | None) -> Calls:
        return Calls(self._call, view)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self.seen_as(None), name)
        return found

    def _call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None) -> Any:
        if (exercise := BY_FUNCTION[function]) not in self.heard:
            raise LookupError(f"the checks need {function} of exercise {exercise.number}: hand it out, too")
        before = asked(function, args, kwargs, view)  # the solution may change what it is given
        answering = self.reference if view is None else self.reference.seen_as(view)
        value = getattr(answering, function)(*args, **kwargs)
        self.heard[exercise].add(before, function, value)
        return value
