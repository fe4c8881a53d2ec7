"""Is the generated stand-in a fair one: can frozen random features learn it, and better than from colours alone?

python -m tests.proofs.fairness FOLDER     the accuracies on a folder miml_dataset, generated or real
"""

import os
import sys

import numpy as np

from datasets.layout import IMAGES, read_table

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SIZE = 64
TRAIN = 1600


def accuracies(folder):
    """Train one head on each kind of features.

    Args:
        folder: the miml_dataset folder.

    Returns:
        A dict with the test binary accuracy for "histogram" (8 bins per channel), "joint histogram" (4 x 4 x 4
        bins) and "random VGG16" (64 x 64 pixels, He normal weights).
    """
    import tensorflow as tf

    table = read_table(folder)
    labels = np.array(list(table.values()), np.float32)
    images, histograms, joint = [], [], []
    for name in table:
        pixels = tf.io.decode_jpeg((folder / IMAGES / name).read_bytes(), channels=3)
        images.append(tf.image.resize(tf.cast(pixels, tf.float32) / 255, (SIZE, SIZE)))
        flat = pixels.numpy().reshape(-1, 3)
        histograms.append([np.bincount(channel >> 5, minlength=8) / len(flat) for channel in flat.T])
        coarse = (flat >> 6).astype(np.int64) @ [16, 4, 1]
        joint.append(np.bincount(coarse, minlength=64) / len(flat))
    return {
        "histogram": _head(np.reshape(histograms, (len(table), 24)), labels),
        "joint histogram": _head(np.array(joint), labels),
        "random VGG16": _head(_random_features(np.array(images)), labels),
    }


def _random_features(images):
    """What VGG16 with random weights makes of images, float32 of shape (n, 512)."""
    import keras

    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(SIZE, SIZE, 3), pooling="avg")
    # From NumPy: Keras's own seeded initialisers differ between its backends.
    rng = np.random.default_rng(0)
    weights = []
    for weight in base.get_weights():
        spread = np.sqrt(2 / np.prod(weight.shape[:-1])) if weight.ndim == 4 else 0
        weights.append(rng.normal(0, spread, weight.shape).astype(np.float32))
    base.set_weights(weights)
    return base.predict(images, batch_size=100, verbose=0)


def _head(features, labels):
    """The test binary accuracy of the tutorial's head on standardised features."""
    import keras

    keras.utils.set_random_seed(0)
    order = np.random.default_rng(0).permutation(len(features))
    train, test = order[:TRAIN], order[TRAIN:]
    middle, spread = features[train].mean(axis=0), features[train].std(axis=0)
    features = ((features - middle) / np.maximum(spread, 1e-6)).astype(np.float32)
    initializer = keras.initializers.GlorotUniform(seed=42)
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.Dense(labels.shape[1], activation="sigmoid", kernel_initializer=initializer),
        ]
    )
    # An epoch is one call: nothing changes but the time.
    head.compile("adam", "binary_crossentropy", steps_per_execution=25)
    head.fit(features[train], labels[train], batch_size=64, epochs=100, verbose=0)
    predicted = head.predict(features[test], verbose=0) > 0.5
    return float(np.mean(predicted == labels[test]))


if __name__ == "__main__":
    from pathlib import Path

    for kind, accuracy in accuracies(Path(sys.argv[1])).items():
        print(f"{kind:16} {accuracy:.4f}")
