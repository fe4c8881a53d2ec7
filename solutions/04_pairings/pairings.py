"""Exercise 04: which last activation goes with which loss, and what Keras does with the other pairs.

It uses your exercises 02 and 03.
"""

import numpy as np
from activations import linear, sigmoid, softmax
from losses import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy

ACTIVATIONS = {"sigmoid": sigmoid, "softmax": softmax, None: linear}
LOSSES = {
    "binary_crossentropy": binary_crossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
}


def textbook_loss(y_true, logits, activation, loss):
    """Apply the activation to the logits, then the loss to its output, as the formulas say.

    Args:
        y_true: the true labels, as `loss` takes them (exercise 03).
        logits: float32 array of shape (n_samples, n_classes): what the last layer computes.
        activation: "sigmoid", "softmax" or None.
        loss: "binary_crossentropy", "categorical_crossentropy" or "sparse_categorical_crossentropy",
            called with from_logits=True exactly where the activation is None.

    Returns:
        float32 array of shape (n_samples,).

    Raises:
        ValueError: an unknown activation or loss (the message names the choices), and what the loss refuses.
    """
    activate, loss = _choose(activation, ACTIVATIONS, "activation"), _choose(loss, LOSSES, "loss")
    return loss(y_true, activate(logits), from_logits=activation is None)


def keras_loss(y_true, logits, activation, loss):
    """Return the loss that Keras (on TensorFlow) computes in training for this activation and this loss.

    Keras remembers which logits went into a sigmoid or a softmax. A cross-entropy that gets such an output
    takes the logits and applies its own activation, whatever the model's last activation was.

    Args:
        y_true, logits, activation, loss: as in `textbook_loss`.

    Returns:
        float32 array of shape (n_samples,).

    Raises:
        ValueError: as in `textbook_loss`.
    """
    _choose(activation, ACTIVATIONS, "activation")
    return _choose(loss, LOSSES, "loss")(y_true, logits, from_logits=True)


def predict_multi_hot(logits, activation, threshold=0.5):
    """Predict labels: 1 where the activated output is strictly greater than the threshold.

    Args:
        logits: float32 array of shape (n_samples, n_classes).
        activation: "sigmoid", "softmax" or None.
        threshold: float, on the scale of the activated output.

    Returns:
        float32 array of shape (n_samples, n_classes) that holds 0 and 1.

    Raises:
        ValueError: an unknown activation (the message names the choices).
    """
    outputs = _choose(activation, ACTIVATIONS, "activation")(logits)
    return (outputs > threshold).astype(np.float32)


def recommended_setup(task):
    """Return the row of the cheat table for a task, as names of Keras classes.

    Args:
        task: "binary" (one yes/no label), "multi-class" (exactly one of several labels) or "multi-label"
            (none to all of several labels).

    Returns:
        dict of str with the keys "encoding" ("integer", "one-hot" or "multi-hot"), "activation" ("sigmoid"
        or "softmax"), "loss" (such as "MeanSquaredError") and "metric" (such as "AUC"), in this order.

    Raises:
        ValueError: an unknown task (the message names the choices).
    """
    rows = {
        "binary": ("integer", "sigmoid", "BinaryCrossentropy", "BinaryAccuracy"),
        "multi-class": ("one-hot", "softmax", "CategoricalCrossentropy", "CategoricalAccuracy"),
        "multi-label": ("multi-hot", "sigmoid", "BinaryCrossentropy", "BinaryAccuracy"),
    }
    row = _choose(task, rows, "task")
    return dict(zip(("encoding", "activation", "loss", "metric"), row, strict=True))


def _choose(key, table, name):
    if key not in table:
        raise ValueError(f"unknown {name} {key!r}: choose one of {', '.join(map(repr, table))}")
    return table[key]
