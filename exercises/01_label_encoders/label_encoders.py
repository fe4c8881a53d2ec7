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
    raise NotImplementedError("todo, see: kata hint 01 integer_encode")


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
    raise NotImplementedError("todo, see: kata hint 01 one_hot_encode")


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
    raise NotImplementedError("todo, see: kata hint 01 multi_hot_encode")


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
    raise NotImplementedError("todo, see: kata hint 01 multi_hot_decode")
