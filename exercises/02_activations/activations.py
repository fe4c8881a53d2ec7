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
    raise NotImplementedError("todo, see: kata hint 02 linear")


def sigmoid(x):
    """Turn each logit into a probability of its own: 1 / (1 + exp(-x)).

    Accurate to a relative 1e-5 wherever the true value is at least 1.2e-38 (float32's smallest normal
    number; below it 0 is right too). Finite for every finite logit, and without a NumPy warning.

    Args:
        x: float32 array of any shape: logits.

    Returns:
        float32 array of the same shape, each value in [0, 1].
    """
    raise NotImplementedError("todo, see: kata hint 02 sigmoid")


def softmax(x, axis=-1):
    """Turn the logits along one axis into probabilities that sum to 1: exp(x) / sum(exp(x)).

    Accurate, finite and silent as `sigmoid` is.

    Args:
        x: float32 array of any shape with at least one axis: logits.
        axis: int, the axis of the classes (usually the last axis).

    Returns:
        float32 array of the same shape, each value in [0, 1], each sum along `axis` 1.
    """
    raise NotImplementedError("todo, see: kata hint 02 softmax")
