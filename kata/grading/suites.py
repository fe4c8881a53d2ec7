"""The suites outside of pytest: their test classes, run one test at a time on one answer after the other."""

import hashlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kata.answers import Answer, Reference
from kata.checks import View, copy_data, recording
from kata.judge import Input, Recorder, check_inputs, fixtures_of
from kata.sandbox import Arguments, Plan
from kata.syllabus import Exercise

SHOWN = 1  # the seed of random inputs that everybody may see: those of `pytest exercises/ --seed 1`


@dataclass(frozen=True)
class Test:
    """One check of a function.

    Attributes:
        function: whose; name: of the test; suite: its class; takes: what it is to be given.
    """

    function: str
    name: str
    suite: type
    takes: tuple[str, ...]

    @property
    def seeded(self) -> bool:
        """Whether its inputs are random: nobody is to see them before the next grading."""
        return "rng" in self.takes


class Suites:
    """The tests of some exercises.

    Args:
        reference: computes what is right.

    Attributes:
        tests: {function: its tests, in the order of the suites}.
        literal: the tests' Drawn where nothing is random: one for all answers.
    """

    def __init__(self, exercises: Iterable[Exercise], reference: Reference) -> None:
        self.reference = reference
        self.tests: dict[str, list[Test]] = {}
        self.literal = Drawn(self, None)
        self._shown: dict[Test, list[Input]] = {}
        for exercise in exercises:
            self._load(exercise)

    def _load(self, exercise: Exercise) -> None:
        path = exercise.stub.with_name(f"test_{exercise.topic}.py")
        spec = importlib.util.spec_from_file_location(f"kata_suite_{exercise.topic}", path)
        assert spec is not None  # a file of Python has one, and a loader
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        for suite in vars(module).values():
            marks = [mark for mark in getattr(suite, "pytestmark", ()) if mark.name == "function"]
            if inspect.isclass(suite) and marks:
                (function,) = marks[0].args
                self.tests[function] = [
                    Test(function, name, suite, tuple(inspect.signature(test).parameters)[1:])
                    for name, test in vars(suite).items()
                    if name.startswith("test")
                ]

    def inputs(self, function: str) -> list[Input]:
        """The inputs of the diagnosis (see kata/judge/diagnosis.py): the literal ones, and random ones that all know.

        What a diagnosis says, the answer may choose. So nothing of it rests on inputs that give points.
        """
        return [given for test in self.tests[function] for given in self.shown(test)]

    def shown(self, test: Test) -> list[Input]:
        """What a test asks where everybody may see it: the same for all answers."""
        if test not in self._shown:
            fixtures = fixtures_of(SHOWN, self.reference)
            self._shown[test] = check_inputs(test.suite, test.name, test.function, fixtures)
        return self._shown[test]


class Drawn:
    """What the tests ask, and what they expect, with one draw of their random inputs.

    Args:
        suites: the Suites; seed: of the random inputs; None: of none, for the tests that have none.
    """

    def __init__(self, suites: Suites, seed: int | None) -> None:
        self.suites, self.seed = suites, seed
        self._expected: dict[Test, list[tuple[str, Any]]] = {}  # what the reference returned, call by call
        self._plans: dict[str, Plan] = {}

    def tests(self, function: str) -> list[Test]:
        """Those tests of a function that are run with this draw."""
        return [test for test in self.suites.tests[function] if test.seeded == (self.seed is not None)]

    def run(self, test: Test, answer: Answer | Recorder) -> None:
        """Run one test on an answer.

        Raises:
            CheckFailed: the answer is wrong.
        """
        given: dict[str, Any] = {"answer": answer, "reference": self._remembered(test)}
        if self.seed is not None:
            # Each test has its own inputs: what a function has seen is worth nothing to another one.
            given["rng"] = np.random.default_rng(derived(self.seed, test.function, test.name))
        getattr(test.suite(), test.name)(**{name: given[name] for name in test.takes})

    def plan(self, function: str) -> Plan:
        """What the tests of a function ask: a Plan, made once."""
        if function not in self._plans:
            calls = {test.name: self._calls(test) for test in self.tests(function)}
            self._plans[function] = Plan(function, calls)
        return self._plans[function]

    def _calls(self, test: Test) -> list[Arguments]:
        recorder = Recorder(test.function)
        with recording(recorder), self.suites.reference.runner.as_current():  # once, not for each of its calls
            self.run(test, recorder)
        return [(given.args, given.kwargs, given.view) for given in recorder.inputs]

    def _remembered(self, test: Test) -> "_Remembered":
        return _Remembered(self.suites.reference, self._expected.setdefault(test, []))


def derived(*known: int | str) -> int:
    """A seed for random inputs, of which nobody can tell what it was derived from.

    Args:
        known: what decides it: a secret, and what tells apart what has the same secret.
    """
    return int.from_bytes(hashlib.sha256(json.dumps(known).encode()).digest()[:16], "big")


class _Remembered:
    """A Reference that computes each test's expected values once: with one draw, a test asks the same each time."""

    def __init__(self, reference: Reference, known: list[tuple[str, Any]]) -> None:
        self.reference, self.known, self.asked = reference, known, 0

    def seen_as(self, view: View) -> "_RememberedCalls":
        return _RememberedCalls(self, self.reference.seen_as(view))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return getattr(_RememberedCalls(self, self.reference), name)


class _RememberedCalls:
    def __init__(self, remembered: _Remembered, calls: Any) -> None:
        self.remembered, self.calls = remembered, calls

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            place = self.remembered.asked
            self.remembered.asked += 1
            known = self.remembered.known
            if place == len(known):
                known.append((name, getattr(self.calls, name)(*args, **kwargs)))
            asked, value = known[place]
            if asked != name:
                raise RuntimeError(f"a test asked for {name} where it asked for {asked} before")
            return copy_data(value)

        return call
