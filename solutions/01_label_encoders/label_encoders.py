"""Exercise 01: turn labels into the numbers that a network learns from, and back.

`classes` is always the list of class names, for example
["desert", "mountains", "sea", "sunset", "trees"]. Its order is the order of the columns.
"""

import numpy as np


def integer_encode(labels, classes):
    """Give every sample the index of its only label (multi-class).

    Args:
        labels: list of str, shape (n_samples,): one label for each sample.
        classes: list of str, shape (n_classes,): the class names.

    Returns:
        int64 array of shape (n_samples,): positions in `classes`, which is never sorted.

    Raises:
        ValueError: a label is not one of the classes (the message names the label),
            or `classes` holds a name twice.
        TypeError: `labels` is a bare string.
    """
    positions = _positions(classes)
    return np.array([_position(label, positions) for label in _collection(labels, "labels")], dtype=np.int64)


def one_hot_encode(labels, classes):
    """Give every sample a row with a single 1, in the column of its only label (multi-class).

    Args:
        labels: list of str, shape (n_samples,): one label for each sample.
        classes: list of str, shape (n_classes,): the class names.

    Returns:
        float32 array of shape (n_samples, n_classes); no samples give shape (0, n_classes).

    Raises:
        ValueError, TypeError: as in `integer_encode`.
    """
    integers = integer_encode(labels, classes)
    encoded = np.zeros((len(integers), len(classes)), dtype=np.float32)
    encoded[np.arange(len(integers)), integers] = 1
    return encoded


def multi_hot_encode(label_sets, classes):
    """Give every sample a row with a 1 in the column of each of its labels (multi-label).

    Args:
        label_sets: list of collections of str, shape (n_samples,): the labels of each sample, none to all of
            them, in any order. A repeated label counts once.
        classes: list of str, shape (n_classes,): the class names.

    Returns:
        float32 array of shape (n_samples, n_classes); no samples give shape (0, n_classes).

    Raises:
        ValueError: a label is not one of the classes (the message names the label),
            or `classes` holds a name twice.
        TypeError: `label_sets`, or one of its members, is a bare string.
    """
    positions = _positions(classes)
    label_sets = list(_collection(label_sets, "label_sets"))
    encoded = np.zeros((len(label_sets), len(classes)), dtype=np.float32)
    for row, labels in zip(encoded, label_sets, strict=True):
        for label in _collection(labels, "the labels of one sample"):
            row[_position(label, positions)] = 1
    return encoded


def multi_hot_decode(encoded, classes):
    """Turn multi-hot rows back into the names of their labels.

    Args:
        encoded: array of shape (n_samples, n_classes) that holds only 0 and 1.
        classes: list of str, shape (n_classes,): the class names.

    Returns:
        list of n_samples lists of str, each in the order of `classes`; ["NONE"] for a row without a label.

    Raises:
        ValueError: the rows have another width than `classes`, a value is neither 0 nor 1,
            or `classes` holds a name twice.
    """
    _positions(classes)
    encoded = np.asarray(encoded)
    if encoded.shape[1:] != (len(classes),):
        raise ValueError(f"rows of {len(classes)} classes expected, got an array of shape {encoded.shape}")
    if not ((encoded == 0) | (encoded == 1)).all():
        raise ValueError("a multi-hot row holds only 0 and 1: apply a threshold to probabilities first")
    return [[name for name, hot in zip(classes, row, strict=True) if hot] or ["NONE"] for row in encoded]


def _collection(value, name):
    # A string is a sequence of characters: without this check "sea" would be the labels "s", "e" and "a".
    if isinstance(value, str):
        raise TypeError(f"{name} must be a collection of labels, not the bare string {value!r}")
    return value


def _positions(classes):
    positions = {name: index for index, name in enumerate(_collection(classes, "classes"))}
    if len(positions) != len(classes):
        raise ValueError(f"classes hold a name twice: {list(classes)}")
    return positions


def _position(label, positions):
    if label not in positions:
        raise ValueError(f"unknown label {label!r}: the classes are {list(positions)}")
    return positions[label]
