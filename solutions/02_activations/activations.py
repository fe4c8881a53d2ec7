"""Exercise 02: what the last layer's activation makes of the logits.

A logit is any real number; a probability lies between 0 and 1. Logits of 1e4 occur (an untrained or an
overconfident network), and exp(89) is already too large for float32.
"""

import numpy as np


def linear(x):
    """Return the logits as they are: what Keras does where `activation=None`.

    Args:
        x: float32 array of any shape: logits.

    Returns:
        float32 array of the same shape.
    """
    return np.asarray(x)


def sigmoid(x):
    """Turn each logit into a probability of its own: 1 / (1 + exp(-x)).

    Accurate to a relative 1e-5 wherever the true value is at least 1.2e-38 (float32's smallest normal
    number; below it 0 is right too). Finite for every finite logit, and without a NumPy warning.

    Args:
        x: float32 array of any shape: logits.

    Returns:
        float32 array of the same shape, each value in [0, 1].
    """
    x = np.asarray(x)
    # exp of a number that is never positive: it can underflow to 0 (harmless) but never overflow.
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, np.ones_like(e), e) / (1 + e)


def softmax(x, axis=-1):
    """Turn the logits along one axis into probabilities that sum to 1: exp(x) / sum(exp(x)).

    Accurate, finite and silent as `sigmoid` is.

    Args:
        x: float32 array of any shape with at least one axis: logits.
        axis: int, the axis of the classes (usually the last axis).

    Returns:
        float32 array of the same shape, each value in [0, 1], each sum along `axis` 1.
    """
    x = np.asarray(x)
    # Adding a constant to all logits changes nothing, so let the largest be 0: exp cannot overflow.
    # `initial` lets an array without samples through, and never wins: it is the smallest number.
    with np.errstate(over="ignore"):  # -3e38 - 3e38 is -inf, and exp(-inf) is the 0 that is meant
        e = np.exp(x - np.max(x, axis=axis, keepdims=True, initial=np.finfo(x.dtype).min))
    return e / np.sum(e, axis=axis, keepdims=True)
