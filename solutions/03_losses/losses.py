"""Exercise 03: the three cross-entropies, one loss for each sample, as Keras computes them.

`y_pred` holds probabilities, or logits where `from_logits=True`.
"""

import numpy as np

EPSILON = 1e-7  # keras.config.epsilon(): how near to 0 and 1 a probability may come before the logarithm


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
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        # -log(sigmoid(z)) = max(0, -z) + log(1 + exp(-|z|)): exp never sees a positive number.
        losses = np.maximum(y_pred, 0) - y_true * y_pred + np.log1p(np.exp(-np.abs(y_pred)))
    else:
        p = _clip(y_pred)
        losses = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return _row_sums(losses) / losses.shape[1]


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
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        log_p = _log_softmax(y_pred)
    else:
        with np.errstate(invalid="ignore", divide="ignore"):  # a row of zeros is NaN, as in Keras
            p = y_pred / _row_sums(y_pred)[:, np.newaxis]
        p = _clip(p)
        log_p = np.log(p, out=p)  # in place: a million samples are 20 MB
    return -np.vecdot(y_true, log_p)  # row by row: the sum of y_true * log_p


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
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred, dtype=np.float32)
    n_samples, n_classes = y_pred.shape
    if y_true.shape != (n_samples,):
        raise ValueError(
            f"y_true has shape {y_true.shape}, but the sparse loss takes one index for each of the {n_samples} "
            "samples: several labels don't fit into one integer. Use binary_crossentropy for multi-hot rows."
        )
    # As an unsigned number a label below 0 is a huge one, so that one comparison finds both kinds.
    if y_true.astype(np.uint64).max(initial=0) >= n_classes:
        raise ValueError(f"y_true has labels outside of range({n_classes}), the classes: {np.unique(y_true)}")
    z, log_sum = _shift(y_pred if from_logits else np.log(_clip(y_pred)))
    return log_sum - z[y_true, np.arange(n_samples)]


def _pair(y_true, y_pred):
    y_true, y_pred = np.asarray(y_true, dtype=np.float32), np.asarray(y_pred, dtype=np.float32)
    # Without this check (n, 1) against (n, 5) would silently broadcast to a wrong answer.
    if y_true.shape != y_pred.shape:
        raise ValueError(f"y_true has shape {y_true.shape}, y_pred has shape {y_pred.shape}: they must be equal")
    return y_true, y_pred


def _clip(p):
    return p.clip(np.float32(EPSILON), np.float32(1 - EPSILON))


def _row_sums(x):
    # np.sum(x, axis=-1), which takes four times as long where the rows are short.
    return np.einsum("ij->i", x)


def _log_softmax(z):
    z, log_sum = _shift(z)
    return (z - log_sum).T


def _shift(z):
    """Return the logits, shifted so that each row's largest is 0, and ln(sum(exp(z))) of each row.

    The logits come back as (n_classes, n_samples): NumPy is fast down long columns, slow along short rows.
    """
    z = z.T.copy()
    z -= z.max(axis=0)
    return z, np.log(np.exp(z).sum(axis=0))
