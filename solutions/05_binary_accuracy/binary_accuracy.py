"""Exercise 05: how right are multi-label predictions, and how right is predicting nothing?"""

import math

import numpy as np


def binary_accuracy(y_true, y_pred, threshold=0.5):
    """Return the share of its labels that each sample has right.

    Source: keras.metrics.BinaryAccuracy, which averages this over the samples.

    Args:
        y_true: float32 array of shape (n_samples, n_classes), multi-hot.
        y_pred: float32 array of the same shape: probabilities (or logits, with a threshold for logits).
        threshold: float; a label is predicted where `y_pred` is strictly greater.

    Returns:
        float32 array of shape (n_samples,), each value in [0, 1].

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape.
    """
    matches = _matches(y_true, y_pred, threshold).astype(np.float32)
    # The sum of each row. np.mean(matches, axis=-1) takes three times as long where the rows are short.
    return np.einsum("ij->i", matches) / matches.shape[1]


def subset_accuracy(y_true, y_pred, threshold=0.5):
    """Return the share of samples that have all of their labels right (exact match ratio).

    Args:
        y_true, y_pred, threshold: as in `binary_accuracy`.

    Returns:
        float in [0, 1]: one number over all samples.

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape, or there is no sample.
    """
    return float(np.mean(np.all(_some(_matches(y_true, y_pred, threshold)), axis=-1)))


def hamming_loss(y_true, y_pred, threshold=0.5):
    """Return the share of all labels, over all samples, that are wrong.

    Args:
        y_true, y_pred, threshold: as in `binary_accuracy`.

    Returns:
        float in [0, 1]: one number over all samples.

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape, or there is no sample.
    """
    return float(np.mean(~_some(_matches(y_true, y_pred, threshold))))


def logit_threshold(probability):
    """Return the logit whose sigmoid is `probability`: where to cut logits instead of probabilities.

    Args:
        probability: float in (0, 1), both ends excluded.

    Returns:
        float: ln(p / (1 - p)).

    Raises:
        ValueError: `probability` is not in (0, 1).
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability threshold lies between 0 and 1, not at {probability}")
    return math.log(probability / (1 - probability))


def all_zeros_accuracy(y_true):
    """Return the binary accuracy, over all samples, of predicting no label at all.

    Args:
        y_true: float32 array of shape (n_samples, n_classes), multi-hot.

    Returns:
        float in [0, 1]: one number over all samples.

    Raises:
        ValueError: there is no sample.
    """
    return float(np.mean(_some(np.asarray(y_true)) == 0))


def _matches(y_true, y_pred, threshold):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(f"y_true has shape {y_true.shape}, y_pred has shape {y_pred.shape}: they must be equal")
    return (y_true > 0.5) == (y_pred > threshold)


def _some(values):
    if not len(values):
        raise ValueError("no samples: the mean of nothing is not a number")
    return values
