"""How fast are your encoders? Run it with: pytest exercises/01_label_encoders/bench_label_encoders.py

integer_encode and one_hot_encode are timed beside the solution and Keras, for 64 samples (a batch) and for 1,000,000,
of five classes. The two functions of label sets are timed for 64 and for 100,000 samples: a million lists of labels
would take a minute to check. Keras looks the same labels up in a tensor that is made beforehand. It has no decoder.
"""

import numpy as np

from kata.learn import at_most

pytest_plugins = "kata.learn.benchmarks"

CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]


def test_integer_encode(speed):
    measure_single(speed, "integer_encode", "int", "int64")


def test_one_hot_encode(speed):
    measure_single(speed, "one_hot_encode", "one_hot", "float32")


@at_most(100_000)
def test_multi_hot_encode(speed):
    ends = np.sort(np.random.default_rng(0).integers(0, len(CLASSES) + 1, (speed.n_samples, 2)), axis=1)
    label_sets = [CLASSES[first:last] for first, last in ends.tolist()]  # none to all of them

    def in_keras(keras):
        import tensorflow as tf  # Keras's own tensors have rows of one length

        flat = tf.constant([label for labels in label_sets for label in labels], tf.string)
        rows = tf.RaggedTensor.from_row_lengths(flat, [len(labels) for labels in label_sets])
        return looked_up(keras, rows, "multi_hot", "float32")

    measure(speed, "multi_hot_encode", label_sets, in_keras)


@at_most(100_000)
def test_multi_hot_decode(speed):
    encoded = np.random.default_rng(0).random((speed.n_samples, len(CLASSES))) < 0.25
    measure(speed, "multi_hot_decode", encoded.astype(np.float32), in_keras=None)


def measure_single(speed, function, mode, dtype):
    """Time an encoder of single labels beside StringLookup in a mode."""
    labels = [CLASSES[index] for index in np.random.default_rng(0).integers(0, len(CLASSES), speed.n_samples)]

    def in_keras(keras):
        return looked_up(keras, keras.ops.convert_to_tensor(np.array(labels)), mode, dtype)

    measure(speed, function, labels, in_keras)


def measure(speed, function, given, in_keras):
    """Time a function of what is given and of the classes."""
    speed(f"{function} {speed.n_samples:,} x {len(CLASSES)}", function, (given, CLASSES), {}, in_keras)


def looked_up(keras, tensor, mode, dtype):
    """A function, as `speed` calls it, that looks up a tensor of strings in Keras, whatever the arguments are."""
    lookup = keras.layers.StringLookup(vocabulary=CLASSES, num_oov_indices=0, output_mode=mode)
    return lambda *args: keras.ops.cast(lookup(tensor), dtype)
