"""How fast is your accuracy? Run it with: pytest exercises/05_binary_accuracy/bench_binary_accuracy.py

It is timed beside the solution and Keras, for 64 samples (a batch) and for 1,000,000, of five classes.
"""

import numpy as np

pytest_plugins = "kata.learn.benchmarks"


def test_binary_accuracy(speed):
    rng = np.random.default_rng(0)
    shape = (speed.n_samples, 5)
    args = (rng.random(shape) < 0.25).astype(np.float32), rng.random(shape, np.float32)
    speed(f"binary_accuracy {speed.n_samples:,} x 5", "binary_accuracy", args, {}, in_keras)


def in_keras(keras):
    """Keras 3's function returns a match for each label; the mean over a sample's labels is the rest of the work."""
    return lambda y_true, y_pred: keras.ops.mean(keras.metrics.binary_accuracy(y_true, y_pred), axis=-1)
