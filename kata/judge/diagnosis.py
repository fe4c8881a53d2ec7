"""From a failed check to the misconception behind it.

Many wrong functions agree on one input. So a misconception is named only where it agrees with the learner's
function on every input of that function's checks: all those that ask for a value, or all those that ask for an
error, whichever kind failed. An unknown mistake gets no name. But where the same call comes to something else when it
is made again, that is said.

The inputs come from the suite itself: its tests are run once more with a recorder in the place of the answer.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import pickle
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks import VALUE, close, is_number, plain, recording
from kata.judge import misconceptions
from kata.syllabus import BY_FUNCTION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kata.answers import Answer, Reference
    from kata.checks import Call, View
    from kata.judge.misconceptions import Wrong
    from kata.judge.record import RecordedKnown

    Asked = tuple[str, tuple[Any, ...], dict[str, Any], View | None]

EACH_TIME_ANEW = (
    "The same call came to something else when it was made again: something is random without the contract's seed, "
    "or is kept from one call to the next."
)
_ROUNDING = 1e-5
_AGAIN = 3  # inputs with which a function is called once more, at most
_FOLDER = re.compile(r"^([A-Za-z]:)?[/\\](.*[/\\])?kata-[a-z0-9_]{8}(?=[/\\])")


@dataclass
class Input:
    """One call that a suite makes, and what it asks of it.

    Attributes:
        args, kwargs: what it passes.
        kind: VALUE or ERROR of kata.checks: what the check expects.
        rtol, atol, silent: how exactly it compares; accepts_two: whether a second value is as right.
        number: whether one number is due: then the dtype of an array in its place says nothing.
        view: how what the function returns is made into plain data.
        mentions: what an error's message has to name.
        check: the name of the check that passes it.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    kind: str
    rtol: float = 0.0
    atol: float = 0.0
    silent: bool = False
    accepts_two: bool = False
    number: bool = False
    mentions: tuple[object, ...] = ()
    view: View | None = None
    check: str = ""


class Recorder:
    """Stands in for an answer and calls nothing: it keeps what a check of a suite asks of one function."""

    def __init__(self, function: str, check: str = "") -> None:
        self.function, self.check = function, check
        self.inputs: list[Input] = []

    def __getattr__(self, name: str) -> Callable[..., Asked]:
        found: Callable[..., Asked] = getattr(self.seen_as(None), name)
        return found

    def seen_as(self, view: View | None) -> _Recorded:
        return _Recorded(view)

    def record(self, call: Asked, kind: str, **options: Any) -> None:
        """Keep a call together with the check it was made for."""
        name, args, kwargs, view = call
        if name == self.function:
            self.inputs.append(Input(args, kwargs, kind, view=view, check=self.check, **options))


class _Recorded:
    def __init__(self, view: View | None) -> None:
        self.view = view

    def __getattr__(self, name: str) -> Callable[..., Asked]:
        return lambda *args, **kwargs: (name, args, kwargs, self.view)


def fixtures_of(seed: int, reference: object) -> dict[str, Callable[[], Any]]:
    """Return functions that make what a suite's tests take besides `answer`: each test has its own generator."""
    return {"rng": lambda: np.random.default_rng(seed), "reference": lambda: reference}


def check_inputs(suite: type, name: str, function: str, fixtures: Mapping[str, Callable[[], Any]]) -> list[Input]:
    """Return the inputs of one check of a function.

    Args:
        suite: the test class of the function; name: of the test in it.
        fixtures: dict of functions that make what the suite's tests take besides `answer`.
    """
    recorder, test = Recorder(function, name), getattr(suite(), name)
    values = {key: recorder if key == "answer" else fixtures[key]() for key in inspect.signature(test).parameters}
    with recording(recorder):
        test(**values)
    return recorder.inputs


def suite_inputs(suite: type, function: str, fixtures: Mapping[str, Callable[[], Any]]) -> list[Input]:
    """Return the inputs of all checks of a function: see `check_inputs`."""
    names = [name for name in vars(suite) if name.startswith("test")]
    return [given for name in names for given in check_inputs(suite, name, function, fixtures)]


class Inputs:
    """The inputs of the suites, and in which order a diagnosis asks for them.

    Args:
        inputs: function of a function's name that returns its `suite_inputs`.
    """

    def __init__(self, inputs: Callable[[str], list[Input]]) -> None:
        self.inputs = functools.cache(inputs)
        self.smallest_first = functools.cache(self._smallest_first)

    def together(self, function: str, index: int) -> list[tuple[int, Input]]:
        """The inputs, with their indices, that one function after the other is called with: as a rule one alone.

        Where a view remembers what it has seen, it should be of the same function: all of the check.
        """
        inputs = self.inputs(function)
        given = inputs[index]
        if given.view is None or not given.view.remembers:
            return [(index, given)]
        return [(each, other) for each, other in enumerate(inputs) if other.check == given.check]

    def _smallest_first(self, function: str, kind: str) -> list[int]:
        """The indices of the inputs of a kind of checks: most misconceptions differ soon, and are not asked again."""
        inputs = self.inputs(function)
        places = [index for index, given in enumerate(inputs) if given.kind == kind]
        return sorted(places, key=lambda index: len(pickle.dumps((inputs[index].args, inputs[index].kwargs))))


class Known(Inputs):
    """What the solutions and the misconceptions make of the suites' inputs: each computed once, for all answers.

    Args:
        reference: the solutions, as a Reference.
        inputs: as of Inputs.
    """

    def __init__(self, reference: Reference, inputs: Callable[[str], list[Input]]) -> None:
        super().__init__(inputs)
        self.runner = reference.runner
        self.calls: dict[tuple[str, int, Wrong | None], Call] = {}

    def misconceptions(self, function: str) -> list[Wrong]:
        return misconceptions.load(self.runner, BY_FUNCTION[function]).get(function, [])

    def call(self, function: str, index: int, wrong: Wrong | None = None) -> Call:
        """The Call of the solution, or of a misconception, with the function's input of that index."""
        if (function, index, wrong) not in self.calls:
            for each, given in self.together(function, index):
                what = function, given.args, given.kwargs, given.view
                self.calls[function, each, wrong] = (
                    self.runner.call_other(wrong, *what) if wrong else self.runner.call(*what)
                )
        return self.calls[function, index, wrong]

    def can_tell(self, given: Input, mine: Call, theirs: Call) -> bool:
        """Whether an answer's Call and a misconception's, of the same input, can be compared."""
        return True


class Diagnosis:
    """Finds the misconception of each function of one answer, once.

    Args:
        answer: the Answer.
        known: the Known of the run, or the RecordedKnown of a handout.
    """

    def __init__(self, answer: Answer, known: Known | RecordedKnown) -> None:
        self.answer, self.known = answer, known
        self.found: dict[tuple[str, str], str | None] = {}

    def __call__(self, function: str, kind: str) -> str | None:
        """Return the sentence for a function that failed a check of a kind; None for an unknown mistake."""
        if (function, kind) not in self.found:
            with (
                open(os.devnull, "w", encoding="utf-8", errors="replace") as nothing,
                contextlib.redirect_stdout(nothing),
                contextlib.redirect_stderr(nothing),
                warnings.catch_warnings(action="ignore"),
            ):
                self.found[function, kind] = self._find(function, kind)
        return self.found[function, kind]

    def _find(self, function: str, kind: str) -> str | None:
        known = (wrong for wrong in self.known.misconceptions(function) if getattr(wrong, "of", None) in (None, kind))
        differs = dict.fromkeys(known, False)  # from the solution, somewhere
        calls: dict[int, Call] = {}
        for index in self.known.smallest_first(function, kind):
            if not differs:
                break
            if index not in calls:
                for each, given in self.known.together(function, index):
                    calls[each] = self.answer.call(function, given.args, given.kwargs, given.view)
            mine, right, given = calls[index], self.known.call(function, index), self.known.inputs(function)[index]
            if mine.fault:
                return None
            for wrong in list(differs):
                theirs = self.known.call(function, index, wrong)
                if not self.known.can_tell(given, mine, theirs):
                    continue
                # Who works in place makes the same mistake as who works on a copy: the value says which. The reverse
                # is not so, since to change an argument may be all that is wrong.
                if not agree(mine, theirs, given) or theirs.changed not in ((), mine.changed):
                    del differs[wrong]
                elif not agree(theirs, right, given) or theirs.changed != right.changed:
                    differs[wrong] = True
        names = [wrong for wrong, somewhere in differs.items() if somewhere]
        if names:
            return misconceptions.sentence(names[0])
        return EACH_TIME_ANEW if kind == VALUE and self._comes_out_anew(function) else None

    def _comes_out_anew(self, function: str) -> bool:
        """Whether the function comes to something else with the same input, one call after the other."""
        indices = self.known.smallest_first(function, VALUE)
        middle = len(indices) // 2
        for index in dict.fromkeys(indices[: _AGAIN - 1] + indices[middle : middle + 1]):
            found = []
            for _ in range(2):
                calls = {
                    each: self.answer.call(function, given.args, given.kwargs, given.view)
                    for each, given in self.known.together(function, index)
                }
                found.append(calls[index])
            one, other = found
            if one.fault or other.fault:
                return False
            if not agree(one, other, self.known.inputs(function)[index]):
                return True
        return False


def agree(one: Call, other: Call, given: Input) -> bool:
    """Whether two calls with the same input came to the same value or error, as exactly as the check compares."""
    if (one.raised is None) != (other.raised is None):
        return False
    if one.raised is not None and other.raised is not None:
        named = [[str(word) in raised.message for word in given.mentions] for raised in (one.raised, other.raised)]
        return one.raised.kind == other.raised.kind and named[0] == named[1]
    if given.silent and set(one.warnings) != set(other.warnings):
        return False
    # Where an error is due there is no tolerance of a value: rounding is not what tells two mistakes apart.
    tolerance = (given.rtol, given.atol) if given.kind == VALUE else (_ROUNDING, _ROUNDING)
    return same_value(one.value, other.value, *tolerance, any_dtype=given.number)


def same_value(one: Any, other: Any, rtol: float, atol: float, any_dtype: bool = False) -> bool:
    """Whether two returned values are the same: type, shape, dtype, and numbers within tolerance."""
    if type(one) is np.ndarray and type(other) is np.ndarray:
        texts = one.dtype.kind == other.dtype.kind == "U"  # as wide as the longest text that an array once held
        if one.shape != other.shape or (one.dtype != other.dtype and not any_dtype and not texts):
            return False
        if one.dtype.kind not in "fiub":
            return one.tolist() == other.tolist() if one.dtype.kind in "US" else False
        return bool(close(one.astype(np.float64), other.astype(np.float64), rtol, atol).all())
    if type(one) is tuple and type(other) is tuple:
        same = (same_value(a, b, rtol, atol, any_dtype) for a, b in zip(one, other, strict=False))
        return len(one) == len(other) and all(same)
    if is_number(one) and is_number(other):
        return bool(close(np.float64(one), np.float64(other), rtol, atol))
    return bool(_without_folders(plain(one)) == _without_folders(plain(other)))


def _without_folders(value: Any) -> Any:
    """Plain data whose paths begin after the folder that was made for a call: each call has one of its own."""
    if type(value) is tuple:
        return tuple(map(_without_folders, value))
    return _FOLDER.sub("", value) if type(value) is str else value
