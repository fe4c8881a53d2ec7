"""How fast are your metrics? Run it with: pytest exercises/05_binary_accuracy/bench_binary_accuracy.py

Each is timed beside the solution, for 64 samples (a batch) and for 1,000,000, of five classes. binary_accuracy is
timed beside Keras, too, which has none of the others. logit_threshold takes one number: no number of samples changes
what it costs.
"""

import numpy as np

pytest_plugins = "kata.learn.benchmarks"


def test_binary_accuracy(speed):
    measure(speed, "binary_accuracy", samples(speed.n_samples), in_keras)


def test_subset_accuracy(speed):
    measure(speed, "subset_accuracy", samples(speed.n_samples))


def test_hamming_loss(speed):
    measure(speed, "hamming_loss", samples(speed.n_samples))


def test_all_zeros_accuracy(speed):
    y_true, _ = samples(speed.n_samples)
    measure(speed, "all_zeros_accuracy", (y_true,))


def samples(n_samples):
    """Multi-hot rows and probabilities."""
    rng = np.random.default_rng(0)
    shape = (n_samples, 5)
    return (rng.random(shape) < 0.25).astype(np.float32), rng.random(shape, np.float32)


def measure(speed, function, args, in_keras=None):
    """Time a metric; in_keras: what does the same work in Keras, None where nothing does."""
    speed(f"{function} {speed.n_samples:,} x 5", function, args, {}, in_keras)


def in_keras(keras):
    """Keras 3's function returns a match for each label; the mean over a sample's labels is the rest of the work."""
    return lambda y_true, y_pred: keras.ops.mean(keras.metrics.binary_accuracy(y_true, y_pred), axis=-1)
