"""One call of an answer's function, as plain data: what went in and what came of it.

This record is all that crosses from an answer to the judge, in this process and from a sandbox alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from kata.checks.objects import View


@dataclass
class Raised:
    """An exception that came out of an answer.

    Attributes:
        kind: what its class is called ("ValueError"); kinds: the builtin exceptions as which a caller can catch it.
        message: its text.
        where: the answer's own line that raised it ("losses.py:41: return total / 0"); may be empty.
    """

    kind: str
    kinds: tuple[str, ...]
    message: str
    where: str = ""


@dataclass
class Call:
    """What went into a function and what came of it.

    Attributes:
        function: its name; args, kwargs: what the suite passed, untouched by the answer.
        view: how what it returned is made into plain data; None where it is plain data.
        value: what it returned, or what the view saw of it, where it returned.
        raised: what it raised, where it raised.
        fault: why there was nothing to call or no end to wait for, in words; None as a rule.
        changed: the positions and names of arguments that it changed.
        warnings: NumPy's floating point warnings ("overflow", "divide by zero", "invalid value").
        diagnose: asks which known misconception the answer's function is, given the kind of check that failed.
    """

    function: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    view: View | None = None
    value: Any = None
    raised: Raised | None = None
    fault: str | None = None
    changed: tuple[int | str, ...] = ()
    warnings: tuple[str, ...] = ()
    diagnose: Callable[[str, str], str | None] | None = None


def copy_data(value: Any) -> Any:
    """Copy arrays and collections, so that an answer never holds the suite's own."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple | set):
        return type(value)([copy_data(item) for item in value])
    if isinstance(value, dict):
        return {key: copy_data(item) for key, item in value.items()}
    return value


def same_data(one: Any, other: Any) -> bool:
    """Whether two pieces of the suites' data are identical, NaN included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same_data, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same_data, one.values(), other.values()))
    return bool(one == other or (one != one and other != other))  # NaN


def plain(value: Any) -> tuple[Any, ...]:
    """Plain data with its types, in a form that can be compared; an answer's own objects equal only themselves."""
    try:
        return _plain(value)
    except RecursionError:  # a list that holds itself
        return type(value).__name__, id(value)


def _plain(value: Any) -> tuple[Any, ...]:
    # The base classes' own methods, so that no __eq__ or __iter__ of an answer is ever asked.
    kind = type(value)
    if issubclass(kind, list):
        return ("list", *map(_plain, list.__iter__(value)))
    if issubclass(kind, tuple):
        return ("tuple", *map(_plain, tuple.__iter__(value)))
    if issubclass(kind, dict):
        return ("dict", *((_plain(key), _plain(dict.__getitem__(value, key))) for key in dict.__iter__(value)))
    if issubclass(kind, str):
        return ("str", str.__str__(value))
    if kind is int:  # whose digits may be too many to be printed
        return ("int", value)
    return (kind.__name__, repr(value) if kind in (float, bool, type(None)) else id(value))
