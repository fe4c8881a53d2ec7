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
    raise NotImplementedError("todo, see: kata hint 05 binary_accuracy")


def subset_accuracy(y_true, y_pred, threshold=0.5):
    """Return the share of samples that have all of their labels right (exact match ratio).

    Args:
        y_true, y_pred, threshold: as in `binary_accuracy`.

    Returns:
        float in [0, 1]: one number over all samples.

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape, or there is no sample.
    """
    raise NotImplementedError("todo, see: kata hint 05 subset_accuracy")


def hamming_loss(y_true, y_pred, threshold=0.5):
    """Return the share of all labels, over all samples, that are wrong.

    Args:
        y_true, y_pred, threshold: as in `binary_accuracy`.

    Returns:
        float in [0, 1]: one number over all samples.

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape, or there is no sample.
    """
    raise NotImplementedError("todo, see: kata hint 05 hamming_loss")


def logit_threshold(probability):
    """Return the logit whose sigmoid is `probability`: where to cut logits instead of probabilities.

    Args:
        probability: float in (0, 1), both ends excluded.

    Returns:
        float: ln(p / (1 - p)).

    Raises:
        ValueError: `probability` is not in (0, 1).
    """
    raise NotImplementedError("todo, see: kata hint 05 logit_threshold")


def all_zeros_accuracy(y_true):
    """Return the binary accuracy, over all samples, of predicting no label at all.

    Args:
        y_true: float32 array of shape (n_samples, n_classes), multi-hot.

    Returns:
        float in [0, 1]: one number over all samples.

    Raises:
        ValueError: there is no sample.
    """
    raise NotImplementedError("todo, see: kata hint 05 all_zeros_accuracy")
