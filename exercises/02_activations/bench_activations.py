"""How fast are your activations? Run it with: pytest exercises/02_activations/bench_activations.py

Each is timed beside the solution and Keras, for 64 samples (a batch) and for 1,000,000, of five classes. linear has
nothing to compute: it takes as long for 1,000,000 samples as for 64, unless you copy the logits.
"""

import numpy as np

pytest_plugins = "kata.learn.benchmarks"


def test_linear(speed):
    measure(speed, "linear")


def test_sigmoid(speed):
    measure(speed, "sigmoid")


def test_softmax(speed):
    measure(speed, "softmax")


def measure(speed, function):
    """Time an activation beside the one of the same name in Keras."""
    logits = np.random.default_rng(0).normal(0, 3, (speed.n_samples, 5)).astype(np.float32)
    title = f"{function} {speed.n_samples:,} x 5"
    speed(title, function, (logits,), {}, lambda keras: getattr(keras.activations, function))
