"""Trainings that the judge does itself. No answer's process sees this module: it would do the work there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray


def train_end_to_end(
    base: keras.Model,
    images: NDArray[np.float32],
    labels: NDArray[np.float32],
    kernel: NDArray[np.float32],
    bias: NDArray[np.float32],
    epochs: int,
    batch_size: int,
    seed: int = 0,
) -> tuple[NDArray[np.float32], ...]:
    """Train a head on a frozen base with the images going through both at every step: the slow way.

    Args:
        base: keras.Model from images to feature maps, frozen.
        images, labels: float32 arrays, one row for each sample.
        kernel, bias: where the head begins.
        epochs, batch_size, seed: int; the order of an epoch is default_rng([seed, epoch]).permutation(n_samples).

    Returns:
        (kernel, bias, losses): float32 arrays.
    """
    import keras

    inputs = keras.Input(base.input_shape[1:])
    features = keras.layers.GlobalAveragePooling2D()(base(inputs, training=False))
    model = keras.Model(inputs, keras.layers.Dense(labels.shape[1], "sigmoid")(features))
    model.compile("adam", "binary_crossentropy", run_eagerly=True)  # a few steps are done before a graph is built
    model.layers[-1].set_weights([kernel, bias])
    losses = []
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(images))
        fitted = model.fit(images[order], labels[order], batch_size=batch_size, shuffle=False, verbose=0)
        losses.append(fitted.history["loss"][0])
    return *model.layers[-1].get_weights(), np.array(losses, np.float32)


def train_again(
    features: NDArray[np.float32],
    labels: NDArray[np.float32],
    kernel: NDArray[np.float32],
    bias: NDArray[np.float32],
    test: tuple[NDArray[np.float32], NDArray[np.float32]],
    epochs: int,
    batch_size: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Train a head as exercise 09's `train_head` does it, in float64 and in seconds.

    Adam as Keras has it (Kingma and Ba 2015, with the epsilon behind the square root's bias correction): learning
    rate 0.001, decays 0.9 and 0.999, epsilon 1e-7; binary cross-entropy, its mean over labels and samples.

    Returns:
        (kernel, bias, history): float64 arrays; history has shape (epochs, 3), as `train_head` returns it.
    """
    inputs, true = features.astype(np.float64), labels.astype(np.float64)
    weights = [kernel.astype(np.float64), bias.astype(np.float64)]
    means, squares = [np.zeros_like(part) for part in weights], [np.zeros_like(part) for part in weights]
    history, step = [], 0
    for epoch in range(epochs):
        order, total = np.random.default_rng([seed, epoch]).permutation(len(inputs)), 0.0
        for start in range(0, len(order), batch_size):
            batch, step = order[start : start + batch_size], step + 1
            logits = inputs[batch] @ weights[0] + weights[1]
            total += len(batch) * _loss(true[batch], logits)
            slopes = (_sigmoid(logits) - true[batch]) / logits.size
            rate = 0.001 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            for place, slope in enumerate((inputs[batch].T @ slopes, slopes.sum(axis=0))):
                means[place] += 0.1 * (slope - means[place])
                squares[place] += 0.001 * (slope**2 - squares[place])
                weights[place] -= rate * means[place] / (np.sqrt(squares[place]) + 1e-7)
        logits = test[0] @ weights[0] + weights[1]
        history.append([total / len(order), _loss(test[1], logits), np.mean((logits > 0) == (test[1] > 0.5))])
    return weights[0], weights[1], np.array(history, np.float64).reshape(-1, 3)


def _loss(labels: NDArray[Any], logits: NDArray[np.float64]) -> float:
    # -ln p of a label that is there, -ln(1 - p) of one that is not.
    return float((np.logaddexp(0, -logits) + (1 - labels) * logits).mean())


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-np.logaddexp(0, -logits))
