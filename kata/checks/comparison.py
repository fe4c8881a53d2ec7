"""The one comparison of what an answer returned with what it should have returned, and the words for it.

Compared in this order: raised nothing, kind and shape, dtype, values, arguments left alone, no NumPy warning.
The judge converts, then compares: nothing that an answer returned is asked whether it is equal.
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kata.checks.calls import plain
from kata.checks.texts import LARGEST, SMALLEST, is_array, kind, show, show_call, show_tolerance
from kata.syllabus import BY_FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from kata.checks.calls import Call, Raised

SOLUTION = "the solution"
VALUE, ERROR = "value", "error"  # what a check asks for


class Listener(Protocol):
    """What is told of each check, in place of its being made: see `recording`."""

    def record(self, call: Any, kind: str, **options: Any) -> None: ...


_recorder: Listener | None = None


class CheckFailed(AssertionError):
    """An answer is wrong. Its text is all that the learner needs.

    Attributes:
        call: the Call that was wrong.
        diagnosis: the sentence of the misconception behind it; None for an unknown mistake.
    """

    def __init__(self, call: Call, lines: list[str], kind: str) -> None:
        self.call = call
        self.diagnosis = call.diagnose(call.function, kind) if call.diagnose and not call.fault else None
        text = [show_call(call, parameters(call.function)), *(f"  {line}" for line in lines)]
        if call.changed and _changed(call)[0] not in lines:
            text.append(f"  also {_changed(call)[0]}, which should stay as it was")
        if call.view is not None and not call.fault:
            text.insert(1, f"  seen:     {call.view}")
        if self.diagnosis:
            text.append(self.diagnosis)
        if not call.fault:  # a hint for the function says nothing about a file that cannot be read
            text.append(f"Hint: kata hint {BY_FUNCTION[call.function].number} {call.function}")
        super().__init__("\n".join(text))


def check(
    call: Call,
    expected: object,
    rtol: float = 1e-5,
    atol: float = 0.0,
    source: str = "Keras",
    also: object = None,
    silent: bool = False,
) -> None:
    """Fail unless `call` returned `expected`.

    Args:
        call: the Call that `answer.function(...)` returned.
        expected: an array (shape and dtype count, too), a float (one number), a tuple of such things, or a list
            or dict of plain data (types and values must be the same).
        rtol, atol: numbers may differ by atol + rtol * |expected|; NaN equals NaN.
        source: where `expected` comes from: "Keras", "the contract", SOLUTION.
        also: a second value that is as right.
        silent: NumPy must not have warned, either.

    Raises:
        CheckFailed: it did not.
    """
    __tracebackhide__ = True
    if _recorder is not None:
        options = {"accepts_two": also is not None, "number": isinstance(expected, float)}
        _recorder.record(call, VALUE, rtol=rtol, atol=atol, silent=silent, **options)
        return
    lines = difference(call, expected, rtol, atol, silent)
    if lines and also is not None and not difference(call, also, rtol, atol, silent):
        return
    if lines:
        near = f"; within a relative {show_tolerance(rtol)}" if rtol and _is_numeric(expected) else ""
        if lines[-1].startswith("should be"):
            lines[-1] += f"   ({source}{near})"
            if also is not None:
                lines.append(f"or        {show(also)}")
        raise CheckFailed(call, lines, VALUE)


def check_raises(
    call: Call,
    error: type[BaseException],
    *mentions: object,
    innocent: str = "",
    bystander: str = "",
    unlike: Call | None = None,
) -> None:
    """Fail unless `call` raised `error` (or a subclass) with a text that mentions each of `mentions`.

    Args:
        mentions: what is wrong in the input.
        innocent: what is right in it: the text must name this less often, since who lists all of the input names
            nothing. It may list what is allowed: so often as `bystander`, which is allowed and not in the input,
            `innocent` is not counted.
        unlike: an earlier call whose error has another reason: its text must be another one.

    Raises:
        CheckFailed: it did not.
    """
    __tracebackhide__ = True
    if _recorder is not None:
        _recorder.record(call, ERROR, mentions=mentions)
        return
    wanted = f"should raise {error.__name__}"
    if mentions:
        wanted += f" with a message that names {' and '.join(map(str, mentions))}"
    if innocent:
        wanted += f", and not also {innocent}, which is right"
    lines = []
    if call.fault:
        lines = [call.fault]
    elif call.raised is None:
        lines = [f"returned  {_returned(call.value)}", wanted]
    elif error.__name__ not in call.raised.kinds or not _names(call.raised.message, mentions, innocent, bystander):
        lines = [*_raised(call, call.raised), wanted]
    elif unlike is not None and unlike.raised is not None and unlike.raised.message == call.raised.message:
        lines = [*_raised(call, call.raised), f"and said the same of {show_call(unlike)}", wanted]
    elif call.changed:
        lines = _changed(call)
    if lines:
        raise CheckFailed(call, lines, ERROR)


def _names(message: str, mentions: tuple[object, ...], innocent: str, bystander: str) -> bool:
    """Whether a message names all that it should, and what is innocent less often."""
    named = [message.count(str(word)) for word in mentions]
    listed = message.count(bystander) if bystander else 0
    return all(named) and (not innocent or message.count(innocent) - listed < min(named))


@contextmanager
def recording(recorder: Listener) -> Iterator[None]:
    """Let checks pass and hand their calls to a recorder: how kata/judge/diagnosis.py learns a suite's inputs."""
    global _recorder
    _recorder = recorder
    try:
        yield
    finally:
        _recorder = None


def difference(call: Call, expected: object, rtol: float, atol: float, silent: bool) -> list[str]:
    """Return the lines that say how a Call differs from what is expected; none where it does not."""
    if call.fault:
        return [call.fault]
    if call.raised is not None:
        return [*_raised(call, call.raised), f"should be {show(expected)}"]
    lines = _difference(call.value, expected, rtol, atol)
    if not lines and call.changed:
        lines = _changed(call)
    if not lines and silent and call.warnings:
        lines = [f"NumPy warned: {', '.join(call.warnings)} encountered", "should warn of nothing"]
    return lines


def _difference(value: Any, expected: object, rtol: float, atol: float) -> list[str]:
    if isinstance(expected, np.ndarray):
        return _array_difference(value, expected, rtol, atol)
    if isinstance(expected, float):
        return _number_difference(value, expected, rtol, atol)
    if isinstance(expected, tuple):
        return _tuple_difference(value, expected, rtol, atol)
    return _plain_difference(value, expected)


def parameters(function: str) -> list[str]:
    """Return the names of a function's parameters, as its contract has them."""
    return [argument.arg for argument in _arguments(function).args]


def _arguments(function: str) -> ast.arguments:
    body = ast.parse(BY_FUNCTION[function].contract.read_bytes()).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}[function].args


def close(returned: ArrayLike, expected: ArrayLike, rtol: float, atol: float) -> NDArray[np.bool_]:
    """Elementwise, in float64: are numbers of one shape within tolerance, NaN and infinities equal to themselves?"""
    with np.errstate(all="ignore"):  # some NaN raise a signal when they are converted; a long double may be too large
        one, other = np.asarray(returned, np.float64), np.asarray(expected, np.float64)
        return np.isclose(one, other, rtol=rtol, atol=atol, equal_nan=True)


def _array_difference(value: Any, expected: NDArray[Any], rtol: float, atol: float) -> list[str]:
    if value is None:
        return [f"returned  {_returned(value)}", f"should be {show(expected)}, {kind(expected)}"]
    if not expected.shape and issubclass(type(value), np.generic):
        value = np.asarray(value)  # NumPy's own arithmetic makes a scalar of an array without axes
    if not is_array(value):
        return [
            f"returned  {show(value)}, {kind(value)}",
            f"should be {show(expected)}, {kind(expected)}",
        ]
    if value.shape != expected.shape:
        return [
            f"returned  {show(value)}, shape {value.shape}",
            f"should be {show(expected)}, shape {expected.shape}",
        ]
    if value.dtype != expected.dtype:
        return [f"returned  {show(value)}, dtype {value.dtype}", f"should have dtype {expected.dtype}"]
    wrong = ~close(value, expected, rtol, atol)
    if not wrong.any():
        return []
    if value.size <= 10:
        return [f"returned  {show(value)}", f"should be {show(expected)}"]
    place = tuple(int(index) for index in np.argwhere(wrong)[0])
    at = f"at [{', '.join(map(str, place))}]"
    return [
        f"{int(wrong.sum())} of {value.size} values are wrong, the first {at}",
        f"returned  {show(value[place])}",
        f"should be {show(expected[place])}",
    ]


def _number_difference(value: Any, expected: float, rtol: float, atol: float) -> list[str]:
    if not is_number(value):
        returned = _returned(value) if value is None else f"{show(value)}, {kind(value)}"
        return [f"returned  {returned}", f"should be one number, {show(expected)}"]
    if not close(value, expected, rtol, atol):
        return [f"returned  {show(value)}", f"should be {show(expected)}"]
    return []


def is_number(value: Any) -> bool:
    """Whether it is a number of Python's or NumPy's: no bool, no duration, and no int that NumPy has no dtype for."""
    # By type(), not isinstance: an answer's object may lie about its __class__.
    kind = type(value)
    if issubclass(kind, np.generic):
        return bool(value.dtype.kind in "iuf")
    return issubclass(kind, float) or (issubclass(kind, int) and kind is not bool and SMALLEST <= value <= LARGEST)


def _tuple_difference(value: Any, expected: tuple[object, ...], rtol: float, atol: float) -> list[str]:
    if not issubclass(type(value), tuple) or tuple.__len__(value) != len(expected):
        returned = _returned(value) if value is None else f"{show(value)}, {kind(value)}"
        return [f"returned  {returned}", f"should be a tuple of {len(expected)}: {show(expected)}"]
    for place, (one, other) in enumerate(zip(tuple.__iter__(value), expected, strict=True)):
        if lines := _difference(one, other, rtol, atol):
            return [f"in the returned tuple at [{place}]:", *lines]
    return []


def _plain_difference(value: Any, expected: Any) -> list[str]:
    if plain(value) == plain(expected):
        return []
    if type(value) is list and type(expected) is list and len(value) == len(expected):
        pairs = zip(value, expected, strict=True)
        place = [plain(one) == plain(other) for one, other in pairs].index(False)
        return [f"returned  {_returned(value[place])}  at [{place}]", f"should be {show(expected[place])}"]
    one, other = plain(value), plain(expected)
    if one[0] == "dict" and set(one) == set(other):
        return [f"returned  {show(value)}, the keys in another order", f"should be {show(expected)}"]
    return [f"returned  {_returned(value)}", f"should be {show(expected)}"]


def _returned(value: Any) -> str:
    return "None: is a return missing?" if value is None else show(value)


def _raised(call: Call, raised: Raised) -> list[str]:
    lines = [f"raised    {raised.kind}: {raised.message}"]
    if raised.where:
        lines.append(f"          {raised.where}")
    elif raised.kind == "TypeError" and "argument" in raised.message:
        lines.append(f"          its parameters should be ({ast.unparse(_arguments(call.function))})")
    return lines


def _changed(call: Call) -> list[str]:
    names = parameters(call.function)
    which = [names[key] if isinstance(key, int) else key for key in call.changed]
    return [f"changed its argument {' and '.join(map(str, which))}", "should leave its arguments as they were"]


def _is_numeric(expected: object) -> bool:
    if isinstance(expected, tuple):
        return any(map(_is_numeric, expected))
    return isinstance(expected, np.ndarray | float)
