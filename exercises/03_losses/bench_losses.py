"""How fast are your losses? Run it with: pytest exercises/03_losses/bench_losses.py

Each is timed beside the solution and Keras, for 64 samples (a batch) and for 1,000,000, of five classes.
"""

import functools

import numpy as np

pytest_plugins = "kata.learn.benchmarks"

NEAR = {"rtol": 1e-5, "atol": 1e-6}  # as in the suite


@functools.cache
def samples(n_samples):
    """Multi-hot rows, indices, probabilities and logits."""
    rng = np.random.default_rng(0)
    y_true = (rng.random((n_samples, 5)) < 0.25).astype(np.float32)
    logits = rng.normal(0, 3, (n_samples, 5)).astype(np.float32)
    return y_true, rng.integers(0, 5, n_samples), 1 / (1 + np.exp(-logits)), logits


def test_binary_crossentropy(speed):
    measure(speed, "binary_crossentropy")


def test_binary_crossentropy_from_logits(speed):
    measure(speed, "binary_crossentropy", from_logits=True)


def test_categorical_crossentropy(speed):
    measure(speed, "categorical_crossentropy")


def test_categorical_crossentropy_from_logits(speed):
    measure(speed, "categorical_crossentropy", from_logits=True)


def test_sparse_categorical_crossentropy(speed):
    measure(speed, "sparse_categorical_crossentropy")


def test_sparse_categorical_crossentropy_from_logits(speed):
    measure(speed, "sparse_categorical_crossentropy", from_logits=True)


def measure(speed, function, from_logits=False):
    """Time a loss beside the one of the same name in Keras."""
    y_true, indices, probabilities, logits = samples(speed.n_samples)
    args = (indices if function.startswith("sparse") else y_true, logits if from_logits else probabilities)
    title = f"{function}{' from logits' if from_logits else ''} {speed.n_samples:,} x 5"
    speed(title, function, args, {"from_logits": from_logits}, lambda keras: getattr(keras.losses, function), **NEAR)
