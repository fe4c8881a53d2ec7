"""Exercise 01 answered with keras.layers.StringLookup, keras.utils.to_categorical and CategoryEncoding."""

from importlib.util import find_spec

import numpy as np

if find_spec("keras"):  # unguarded, the import is refused: exercises 01 to 05 are graded with NumPy alone
    import keras


def integer_encode(labels, classes):
    _refuse_strings(labels)
    _refuse_repeats(classes)
    if not len(labels):
        return np.zeros(0, np.int64)
    lookup = keras.layers.StringLookup(vocabulary=classes, num_oov_indices=1)
    indices = np.asarray(lookup(np.array(labels))).astype(np.int64) - 1  # 0 is the unknown label
    for label, index in zip(labels, indices, strict=True):
        if index < 0:
            raise ValueError(f"unknown label {label}")
    return indices


def one_hot_encode(labels, classes):
    indices = integer_encode(labels, classes)
    return keras.utils.to_categorical(indices, num_classes=len(classes)).astype(np.float32)


def multi_hot_encode(label_sets, classes):
    _refuse_strings(label_sets)
    _refuse_repeats(classes)
    encoding = keras.layers.CategoryEncoding(num_tokens=len(classes), output_mode="multi_hot")
    rows = []
    for labels in label_sets:
        _refuse_strings(labels)
        indices = integer_encode(list(labels), classes)
        rows.append(np.asarray(encoding(indices)) if len(indices) else np.zeros(len(classes)))
    return np.array(rows, np.float32).reshape(len(rows), len(classes))


def multi_hot_decode(encoded, classes):
    _refuse_repeats(classes)
    if encoded.shape[1:] != (len(classes),) or not set(np.unique(encoded)) <= {0, 1}:
        raise ValueError("not multi-hot rows of these classes")
    invert = keras.layers.StringLookup(vocabulary=classes, num_oov_indices=0, invert=True)
    decoded = []
    for row in encoded:
        (hot,) = np.nonzero(row)
        names = [name.decode() for name in invert(hot).numpy().tolist()] if len(hot) else ["NONE"]
        decoded.append(names)
    return decoded


def _refuse_strings(value):
    if isinstance(value, str):
        raise TypeError("a bare string")


def _refuse_repeats(classes):
    if len(set(classes)) != len(classes):
        raise ValueError("classes repeat")
