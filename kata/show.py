"""Values as a learner reads them: short, in one line, with the dtype where it matters."""

import numpy as np

MANY = 24  # an array with more numbers than this is shown by its shape


def show_call(call, names=()):
    """`sigmoid(x=[[-20, -10]])`; `names` are the parameters' names."""
    names = list(names) + [None] * len(call.args)
    parts = [f"{name}={show(value)}" if name else show(value) for name, value in zip(names, call.args, strict=False)]
    parts += [f"{name}={show(value)}" for name, value in call.kwargs.items()]
    return f"{call.function}({', '.join(parts)})"


def show(value, digits=3):
    """One value in one line, floats with `digits` significant digits."""
    if isinstance(value, np.ndarray):
        if value.size > MANY:
            return f"<{value.dtype} array of shape {value.shape}>"
        if value.size == 0:
            return f"<empty {value.dtype} array of shape {value.shape}>"
        return _nested(value.tolist(), digits)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list | tuple) and len(value) <= MANY:
        return _nested(value, digits)
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."


def show_tolerance(number):
    """`1e-5`, not `1e-05`."""
    return f"{number:.3g}".replace("e-0", "e-")


def kind(value):
    """What a value is, in words: "a float64 array of shape (3,)", "a list", "None"."""
    if type(value) is np.ndarray:
        return f"{_article(str(value.dtype))} {value.dtype} array of shape {value.shape}"
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{_article(name)} {name}"


def _nested(values, digits):
    opening, closing = "()" if isinstance(values, tuple) else "[]"
    return opening + ", ".join(show(value, digits) for value in values) + closing


def _article(word):
    return "an" if word[0].lower() in "aeiou" else "a"
