"""Exercise 03: the three cross-entropies, one loss for each sample, as Keras computes them.

`y_pred` holds probabilities, or logits where `from_logits=True`.
"""

import numpy as np


def binary_crossentropy(y_true, y_pred, from_logits=False):
    """Judge every label as a yes/no question of its own; average over the labels.

    Source: keras.losses.binary_crossentropy. Probabilities are clipped to [1e-7, 1 - 1e-7] first.

    Args:
        y_true: float32 array of shape (n_samples, n_classes), multi-hot: 0 or 1 for each label.
        y_pred: float32 array of the same shape: probabilities, or logits where `from_logits`.
        from_logits: bool, whether `y_pred` holds logits.

    Returns:
        float32 array of shape (n_samples,).

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape.
    """
    raise NotImplementedError("todo, see: kata hint 03 binary_crossentropy")


def categorical_crossentropy(y_true, y_pred, from_logits=False):
    """Judge the row as one distribution over the classes; sum over the classes.

    Source: keras.losses.categorical_crossentropy. Probabilities are divided by their row's sum first,
    then clipped to [1e-7, 1 - 1e-7].

    Args:
        y_true: float32 array of shape (n_samples, n_classes), one-hot as a rule (multi-hot is summed too).
        y_pred: float32 array of the same shape: probabilities, or logits where `from_logits`.
        from_logits: bool, whether `y_pred` holds logits.

    Returns:
        float32 array of shape (n_samples,).

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape.
    """
    raise NotImplementedError("todo, see: kata hint 03 categorical_crossentropy")


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    """Like `categorical_crossentropy`, with the index of the only label in the place of a one-hot row.

    Source: keras.losses.sparse_categorical_crossentropy. Keras first clips to [1e-7, 1 - 1e-7] and then divides
    by the row's sum: the opposite order of `categorical_crossentropy`.

    Args:
        y_true: integer array of shape (n_samples,): indices of classes.
        y_pred: float32 array of shape (n_samples, n_classes): probabilities, or logits where `from_logits`.
        from_logits: bool, whether `y_pred` holds logits.

    Returns:
        float32 array of shape (n_samples,).

    Raises:
        ValueError: `y_true` holds rows (one-hot or multi-hot) where indices are expected, does not have
            one index for each sample, or has an index outside 0 ... n_classes - 1.
    """
    raise NotImplementedError("todo, see: kata hint 03 sparse_categorical_crossentropy")
