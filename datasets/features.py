"""What a frozen VGG16 with random weights makes of the images, computed once and kept: 512 numbers for each.

    python -m datasets.features

Exercise 08 trains on them, and receipts of exercise 09 are verified with them. Nothing here is an answer's: the
order of the samples, the split and the weights are those of the exercises' contracts, written a second time.
"""

import hashlib
import io
import math
import os
import sys

import numpy as np

from datasets import real, scenes
from datasets.layout import IMAGES, DatasetError, cache_folder, read_table, write_whole
from datasets.pretrained import SHAPES

SIZE, CHUNK, TRAIN_SHARE = 64, 64, 0.8


def draw_weights(shapes, seed=0):
    """Return the start of a model: He's normal numbers for kernels, zeros for biases.

    Args:
        shapes: list of tuples of int; what has more than one axis is a kernel.
        seed: of numpy.random.default_rng, which draws all kernels one after the other. Keras's own seeded
            initialisers differ between its backends.
    """
    numbers, parts = np.random.default_rng(seed), []
    for shape in shapes:
        *inputs, _ = shape
        spread = np.float32(math.sqrt(2 / math.prod(inputs)) if inputs else 0)
        parts.append(spread * numbers.standard_normal(shape, dtype=np.float32) if inputs else np.full(shape, spread))
    return parts


def standardized(features, of):
    """Return features, each less its mean and divided by its standard deviation, as float64.

    Args:
        features: array of shape (n_samples, n_features).
        of: the rows that mean and deviation are of. A feature that is the same in all of them becomes 0 there.
    """
    rows = features[of]
    centre, spread = np.mean(rows, 0, np.float64), np.std(rows, 0, np.float64)
    still = np.ptp(rows, 0) == 0  # the mean of equal numbers may be another one, by a rounding error
    centre[still], spread[still] = rows[0, still], 1
    return (features - centre) / spread


def chosen_folder():
    """The real images where MIML_DATASET names them, else the generated scenes."""
    return real.load() if os.environ.get(real.VARIABLE) else scenes.generate()


def raw_features(folder=None, size=SIZE, seed=0, verbose=0, weights=None):
    """Compute the features of a data set, or find those that were computed before.

    Args:
        folder: the miml_dataset folder; default: see `chosen_folder`.
        size: width and height that the images are resized to.
        seed: of the weights of the base.
        verbose: 1 shows a progress bar.
        weights: list of float32 arrays, those of the base; default: drawn from the seed.

    Returns:
        (features, labels): float32 arrays of shape (n_samples, 512) and (n_samples, 5), in the order of the table.
    """
    folder = chosen_folder() if folder is None else folder
    table = read_table(folder)
    labels = np.array(list(table.values()), np.float32)
    contents = [(folder / IMAGES / name).read_bytes() for name in table]
    digest = hashlib.sha256(f"1 {size} {seed} {len(table)}".encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    for part in weights or ():
        digest.update(part.tobytes())
    kept = cache_folder() / "features" / f"{digest.hexdigest()[:32]}.npy"
    if kept.is_file():
        return np.load(kept, allow_pickle=False), labels
    features = _compute(contents, size, weights or draw_weights(SHAPES, seed), verbose)
    buffer = io.BytesIO()
    np.save(buffer, features, allow_pickle=False)
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_whole(kept, buffer.getvalue())
    return features, labels


def standard_features(folder=None, size=SIZE, seed=0, verbose=0):
    """Return what a head can be trained on: the seeded split, standardised with the training part's statistics.

    Args:
        folder, size, seed, verbose: as in `raw_features`.

    Returns:
        ((features, labels, test_features, test_labels), kernel): float32 arrays, the training part of 80 % first; and
        the kernel that a head may begin with, of shape (512, 5).
    """
    features, labels = raw_features(folder, size, seed, verbose)
    n_samples = len(features)
    places = np.random.default_rng(seed).permutation(n_samples)
    train, test = np.split(places, [round(n_samples * TRAIN_SHARE)])
    standard = standardized(features, train).astype(np.float32)
    (kernel,) = draw_weights([(features.shape[1], labels.shape[1])], seed)
    return (standard[train], labels[train], standard[test], labels[test]), kernel


def _compute(contents, size, weights, verbose):
    import keras
    import tensorflow as tf

    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(size, size, 3), pooling="avg")
    base.set_weights(weights)
    bar = keras.utils.Progbar(len(contents), unit_name="image", verbose=verbose)
    parts = []
    for start in range(0, len(contents), CHUNK):
        images = [
            tf.image.resize(tf.image.convert_image_dtype(tf.io.decode_jpeg(content, 3), tf.float32), (size, size))
            for content in contents[start : start + CHUNK]
        ]
        parts.append(base.predict(np.array(images), verbose=0))
        bar.add(len(images))
    return np.concatenate(parts)


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        features, _ = raw_features(verbose=1)
    except DatasetError as error:
        sys.exit(str(error))
    print(f"{features.shape[0]} images, {features.shape[1]} features each, between {features.min():.3g}", end=" ")
    print(f"and {features.max():.3g}")


if __name__ == "__main__":
    main()
