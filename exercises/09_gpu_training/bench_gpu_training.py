"""Features once against end to end: the same training, at losses that are equal but for rounding, side by side.

    pytest exercises/09_gpu_training/bench_gpu_training.py -s
    pytest exercises/09_gpu_training/bench_gpu_training.py -s --answers solutions

1,600 images of 64 x 64 pixels, 100 epochs, batches of 64. Two epochs are trained end to end and scaled to 100;
features once, and 100 epochs of the head on them, are done in full. It judges no function and earns no points; with
a GPU it also says how long the whole of it took there. Seconds are those of the machine.
"""

import time

import numpy as np
import pytest

from kata.answers import Answer, import_quietly
from kata.checks import train_end_to_end
from kata.folders import EXERCISES

N_IMAGES, SIZE, EPOCHS, MEASURED, BATCH = 1600, 64, 100, 2, 64


@pytest.fixture(scope="module")
def training(request):
    """What both are given: images, labels, the base's weights, the head's start."""
    import_quietly(("tensorflow", "keras"))
    import keras

    rng = np.random.default_rng(0)
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(SIZE, SIZE, 3))
    shapes = [tuple(weight.shape) for weight in base.weights]
    weights = [
        (rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[:-1])) if len(shape) > 1 else np.zeros(shape)).astype(
            np.float32
        )
        for shape in shapes
    ]
    base.set_weights(weights)
    base.trainable = False
    images = rng.random((N_IMAGES, SIZE, SIZE, 3), np.float32)
    labels = (rng.random((N_IMAGES, 5)) < 0.25).astype(np.float32)
    start = rng.normal(0, 0.05, (512, 5)).astype(np.float32), np.zeros(5, np.float32)
    return base, weights, images, labels, start


@pytest.fixture(scope="module")
def functions(request):
    """compute_features and train_head: yours, or those of --answers."""
    chosen = request.config.option.answers
    measured = Answer((request.config.invocation_params.dir / chosen[0]).resolve() if chosen else EXERCISES)
    for name in ("compute_features", "train_head"):
        if measured.todo(name):
            pytest.skip(f"{name} is not written yet; --answers solutions measures the solution")
    return [measured.runner.load_function(name) for name in ("compute_features", "train_head")]


@pytest.mark.filterwarnings("ignore")
def test_features_once_against_end_to_end(functions, training):
    compute_features, train_head = functions
    base, weights, images, labels, start = training
    # One step of each first, so that no graph is built while the clock runs.
    train_end_to_end(base, images[:BATCH], labels[:BATCH], *start, 1, BATCH)
    begun = time.perf_counter()
    *_, slow_losses = train_end_to_end(base, images, labels, *start, MEASURED, BATCH)
    slow = (time.perf_counter() - begun) * EPOCHS / MEASURED

    begun = time.perf_counter()
    features = compute_features(images, weights, "float32", BATCH)
    for_features = time.perf_counter() - begun
    *_, history = train_head(features, labels, *start, None, EPOCHS, BATCH)
    fast = time.perf_counter() - begun

    # Lesson 09 says 1e-6 of a few steps on a CPU; these are fifty, and on a GPU too.
    np.testing.assert_allclose(history[:MEASURED, 0], slow_losses, rtol=1e-5)
    print(f"\nend to end:    {slow:8.1f} s for {EPOCHS} epochs ({MEASURED} measured)")
    print(f"features once: {fast:8.1f} s for {EPOCHS} epochs, {for_features:.1f} s of them for the features")
    print(f"ratio:         {slow / fast:8.1f}, at the losses {history[:MEASURED, 0]} and {slow_losses}")


@pytest.mark.filterwarnings("ignore")
def test_the_whole_run_on_a_gpu(functions, training):
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        pytest.skip("no GPU here: TensorFlow lists none")
    compute_features, train_head = functions
    _, weights, images, labels, start = training
    begun = time.perf_counter()
    features = compute_features(images, weights, "mixed_float16", BATCH)
    train_head(features, labels, *start, None, EPOCHS, BATCH)
    print(f"\n{gpus[0].name}: {time.perf_counter() - begun:.1f} s for features and {EPOCHS} epochs")
