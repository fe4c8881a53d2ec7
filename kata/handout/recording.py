"""What a handout knows of an exercise: what the solutions and the misconceptions return, found by running them."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from kata.answers import Reference
from kata.checks import PREFIX, Call, Foreign, View, pack, unpack
from kata.grading import Suites
from kata.judge import Input, Known, read_hints, sentence, suite_inputs
from kata.judge.record import HINTS, VALUES, Asked, as_plain, asked, path_of, write_part
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
        self.known = Known(self.reference.reference, self._inputs)

    def _inputs(self, function: str) -> list[Input]:
        fixtures: dict[str, Callable[[], Any]] = {
            "rng": lambda: np.random.default_rng(self.seed),
            "reference": lambda: self.reference,
        }
        return suite_inputs(self.suites.tests[function][0].suite, function, fixtures)

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
        for exercise in self.exercises:
            write_part(path_of(folder / exercise.folder, VALUES), self.reference.heard[exercise].as_plain())

    def _function(self, function: str) -> dict[str, Any]:
        """What the solution and the misconceptions of a function make of the inputs of its checks."""
        calls: dict[bytes, int] = {}  # a call's bytes -> its place: most mistakes are right for most inputs
        right, longest = [], 0.0
        for index, given in enumerate(self.known.inputs(function)):
            begun = time.monotonic()
            call = self.known.call(function, index)
            longest = max(longest, time.monotonic() - begun)
            right.append(_place(calls, call, given))
        self.seconds[function] = round(longest, 2)
        mistakes = self.known.misconceptions(function)
        self.mistakes += sum(hasattr(mistake, "misunderstands") for mistake in mistakes)
        wrong = []
        for mistake in mistakes:
            of = getattr(mistake, "of", None)
            places = [
                _place(calls, self.known.call(function, index, mistake), given) if of in (None, given.kind) else -1
                for index, given in enumerate(self.known.inputs(function))
            ]
            wrong.append({"sentence": sentence(mistake), "of": of, "places": places})
        return {"calls": list(map(_unpacked, calls)), "right": right, "wrong": wrong}


def _place(calls: dict[bytes, int], call: Call, given: Input) -> int:
    return calls.setdefault(pack(as_plain(call, given.mentions)), len(calls))


class _Heard:
    """What the solutions were asked and returned, each only once."""

    def __init__(self) -> None:
        self.asked: dict[Asked, int] = {}
        self.values: dict[bytes, int] = {}

    def add(self, call: Asked, function: str, value: Any) -> None:
        packed = pack({"value": value})
        if _holds_foreign(_unpacked(packed)["value"]):
            raise LookupError(f"a record cannot hold what the solution of {function} returns: {type(value).__name__}")
        self.asked[call] = self.values.setdefault(packed, len(self.values))

    def as_plain(self) -> dict[str, Any]:
        alike: dict[str, list[Any]] = {}
        for call, place in self.asked.items():
            alike.setdefault(call.alike, []).append((np.array(call.sums), place))
        values = [_unpacked(packed)["value"] for packed in self.values]
        return {"exact": {call.exact: place for call, place in self.asked.items()}, "alike": alike, "values": values}


def _unpacked(packed: bytes) -> dict[str, Any]:
    end = PREFIX + int.from_bytes(packed[:4], "big")
    return unpack(packed[PREFIX:end], packed[end:])


def _holds_foreign(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_foreign, [*value, *value.values()]))
    return any(map(_holds_foreign, value)) if isinstance(value, list | tuple | set) else isinstance(value, Foreign)


class _Listening:
    """A Reference that notes what it is asked and what it returns."""

    def __init__(self, reference: Reference, exercises: Iterable[Exercise]) -> None:
        self.reference, self.heard = reference, {exercise: _Heard() for exercise in exercises}

    def seen_as(self, view: View | None) -> "_Calls":
        return _Calls(self, view)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(_Calls(self, None), name)
        return found


class _Calls:
    def __init__(self, listening: _Listening, view: View | None) -> None:
        self.listening, self.view = listening, view

    def __getattr__(self, name: str) -> Callable[..., Any]:
        reference = self.listening.reference
        function = getattr(reference.seen_as(self.view) if self.view is not None else reference, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            before = asked(name, args, kwargs, self.view)
            value = function(*args, **kwargs)
            if (exercise := BY_FUNCTION[name]) not in self.listening.heard:
                raise LookupError(f"the checks need {name} of exercise {exercise.number}: hand it out, too")
            self.listening.heard[exercise].add(before, name, value)
            return value

        return call
