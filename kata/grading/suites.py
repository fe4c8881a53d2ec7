"""The suites outside of pytest: their test classes, run one test at a time on one answer after the other."""

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kata.answers import Answer, Reference
from kata.checks import View, copy_data, recording
from kata.judge import Recorder, suite_inputs
from kata.sandbox import Arguments, Plan
from kata.syllabus import Exercise


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
    """The tests of some exercises, and what they expect with one seed.

    Args:
        reference: computes what is right; seed: of the random inputs.
    """

    def __init__(self, exercises: Iterable[Exercise], reference: Reference, seed: int) -> None:
        self.reference, self.seed = reference, seed
        self.tests: dict[str, list[Test]] = {}  # of each function, in the order of the suites
        self._expected: dict[Test, list[tuple[str, Any]]] = {}  # what the reference returned, call by call
        self._plans: dict[tuple[str, bool], Plan] = {}
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

    def run(self, test: Test, answer: Answer | Recorder) -> None:
        """Run one test on an answer.

        Raises:
            CheckFailed: the answer is wrong.
        """
        given: dict[str, Any] = {"answer": answer, "reference": self._remembered(test), "rng": None}
        if test.seeded:
            given["rng"] = np.random.default_rng(self.seed)
        getattr(test.suite(), test.name)(**{name: given[name] for name in test.takes})

    def plan(self, function: str, seeded: bool) -> Plan:
        """What the tests of a function ask, those with random inputs or the others: a Plan, made once."""
        key = function, seeded
        if key not in self._plans:
            tests = [test for test in self.tests[function] if test.seeded == seeded]
            self._plans[key] = Plan(function, {test.name: self._calls(test) for test in tests})
        return self._plans[key]

    def _calls(self, test: Test) -> list[Arguments]:
        recorder = Recorder(test.function)
        with recording(recorder):
            self.run(test, recorder)
        return [(given.args, given.kwargs, given.view) for given in recorder.inputs]

    def inputs(self, function: str) -> list[Any]:
        """The inputs of all checks of a function: see kata/judge/diagnosis.py."""
        fixtures = {"rng": lambda: np.random.default_rng(self.seed), "reference": lambda: self.reference}
        return suite_inputs(self.tests[function][0].suite, function, fixtures)

    def _remembered(self, test: Test) -> "_Remembered":
        return _Remembered(self.reference, self._expected.setdefault(test, []))


class _Remembered:
    """A Reference that computes each test's expected values once: with one seed, a test asks the same each time."""

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
