"""Values as a learner reads them: short, in one line, with the dtype where it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kata.checks.calls import Call

PLAIN = "biufcSU"  # kinds of dtypes that cross to the judge: numbers and texts, neither dates nor objects
SMALLEST, LARGEST = -(2**63), 2**64 - 1  # of the ints that cross as they are
MANY = 24  # an array with more numbers than this is shown by its shape


def show_call(call: Call, names: Sequence[str] = ()) -> str:
    """`sigmoid(x=[[-20, -10]])`; `names` are the parameters' names."""
    known = [*names, *[None] * len(call.args)]
    parts = [f"{name}={show(value)}" if name else show(value) for name, value in zip(known, call.args, strict=False)]
    parts += [f"{name}={show(value)}" for name, value in call.kwargs.items()]
    return f"{call.function}({', '.join(parts)})"


def show(value: Any) -> str:
    """One value in one line, with the digits that it takes to type it in again."""
    # By type(), not isinstance: an answer's object may lie about its __class__. A subclass of an array, such as
    # np.matrix, may hold itself: only its own text is asked for.
    if is_array(value):
        if value.size > MANY:
            return f"<{value.dtype} array of shape {value.shape}>"
        if value.size == 0:
            return f"<empty {value.dtype} array of shape {value.shape}>"
        return show(value[()]) if value.ndim == 0 else f"[{', '.join(map(show, value))}]"
    if issubclass(type(value), np.float16):  # whose shortest text is that of other numbers, too
        value = float(value)
    if issubclass(type(value), np.floating):
        return str(value).removesuffix(".0")  # the shortest text of this float32
    if issubclass(type(value), np.generic) and value.dtype.kind in PLAIN:
        value = value.item()
    if type(value) is int and not SMALLEST <= value <= LARGEST:
        return f"<an int of {value.bit_length()} bits>"
    if type(value) is float:
        return f"{value:.8g}"
    try:
        if type(value) is list and len(value) <= MANY:
            return f"[{', '.join(map(show, value))}]"
        if type(value) is tuple and len(value) <= MANY:
            return f"({', '.join(map(show, value))}{',' if len(value) == 1 else ''})"
        text = str.__str__(repr(value))
    except Exception:  # such as a list that holds itself
        text = f"<{type(value).__name__}, which cannot be shown>"
    text = " ".join(text.split()) if "\n" in text else text
    return text if len(text) <= 200 else text[:200] + "..."


def is_array(value: Any) -> bool:
    """Whether it is an array, and no subclass, of numbers or texts."""
    return type(value) is np.ndarray and value.dtype.kind in PLAIN


def show_tolerance(number: float) -> str:
    """`1e-5`, not `1e-05`."""
    return f"{number:.3g}".replace("e-0", "e-")


def kind(value: Any) -> str:
    """What a value is, in words: "a float64 array of shape (3,)", "a list", "None"."""
    if is_array(value):
        return f"{_article(str(value.dtype))} {value.dtype} array of shape {value.shape}"
    if value is None:
        return "None"
    name = f"{value.dtype} array" if type(value) is np.ndarray else type(value).__name__
    return f"{_article(name)} {name}"


def _article(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" else "a"
