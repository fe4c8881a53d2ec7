"""Exercise 08: the nine pairings of last activation and loss, trained, and why they come out as they do.

It uses your exercises 02 and 05. A model here is one Dense layer on features that are computed already.
"""

import keras
import numpy as np
from activations import linear, sigmoid, softmax
from binary_accuracy import all_zeros_accuracy, binary_accuracy


def train_pairing(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """Train one Dense layer with a pair of last activation and loss, as Keras does it.

    In every epoch the samples come in the order of numpy.random.default_rng([seed, epoch]).permutation(n_samples),
    epochs counted from 0; a batch takes the next `batch_size` of them, and the last batch may be smaller.

    Args:
        features: float32 array of shape (n_samples, n_features).
        labels: float32 array of shape (n_samples, n_classes), multi-hot.
        kernel: float32 array of shape (n_features, n_classes), where training begins; the bias begins at zeros.
        activation: "sigmoid", "softmax" or None, of the layer.
        loss: name of a class of keras.losses, made with from_logits=True exactly where the activation is None.
        epochs, batch_size, seed: int.
        learning_rate: float, of Adam.
        reshape: put keras.layers.Reshape((n_classes,)) behind the activation. It changes no number of the output.

    Returns:
        (losses, kernel, bias): float32 arrays of shape (epochs,), (n_features, n_classes) and (n_classes,). The
        loss of an epoch is the mean over its samples, each taken before the step of its batch, as `fit` reports it.

    Raises:
        ValueError: Keras's own, where it refuses the pair.
    """
    raise NotImplementedError("todo, see: kata hint 08 train_pairing")


def best_threshold(labels, outputs):
    """Return the threshold at which the most label slots are right.

    Use it on the training part: a threshold that you choose on the test part has seen the answers.

    Args:
        labels: float32 array of shape (n_samples, n_classes), multi-hot.
        outputs: float32 array of the same shape, on any scale. A label is predicted where its output is strictly
            greater than the threshold.

    Returns:
        One number: a value of `outputs`, or -inf where predicting every label is best. Of several that are
        equally good, the highest.

    Raises:
        ValueError: the shapes differ, or there are no samples.
    """
    raise NotImplementedError("todo, see: kata hint 08 best_threshold")


def run_grid(features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0):
    """Train all nine pairings and report the result of each.

    Args:
        features, labels, kernel, epochs, batch_size, seed: as in `train_pairing`.
        test_features, test_labels: the same for the test part.

    Returns:
        list of nine dicts, the losses BinaryCrossentropy, CategoricalCrossentropy and SparseCategoricalCrossentropy
        for "sigmoid", then for "softmax", then for None. Their keys, in this order:
            activation: "sigmoid", "softmax" or "None"; loss: the name; backend: keras.backend.backend();
            error: None, or the first line of Keras's ValueError; after an error, all that follows is None,
                except for all_zeros;
            first_loss, last_loss: of the first and the last epoch, float;
            accuracy: binary accuracy of the activated outputs of the test part at 0.5, as Keras reports it, float;
            labels: the mean number of labels that are predicted there for an image, float;
            threshold: `best_threshold` of the activated outputs of the training part, float;
            accuracy_at_threshold, labels_at_threshold: the same two figures of the test part at this threshold,
                float;
            all_zeros: the binary accuracy of predicting nothing on the test part, float;
            kernel, bias: the trained weights, None in a row with an error.
    """
    raise NotImplementedError("todo, see: kata hint 08 run_grid")


def same_training(rows, tolerance=1e-5):
    """Group the pairings that ended with the same weights.

    Args:
        rows: what `run_grid` returns.
        tolerance: weights are the same where no value of kernel and bias differs by more from those of the group's
            first pairing.

    Returns:
        list of lists of names such as "sigmoid + BinaryCrossentropy", every pairing without an error in one group, in
        the order of the rows. A pairing that shares its weights with no other is a group of its own.
    """
    raise NotImplementedError("todo, see: kata hint 08 same_training")


def explain(question):
    """Answer a question about the grid, for Keras on TensorFlow in float32.

    Find the answers with the functions above.

    Args:
        question: one of these questions; the possible answers follow each:
            "softmax + BinaryCrossentropy trains like": "sigmoid + BinaryCrossentropy",
                "softmax + CategoricalCrossentropy", "no other pairing"
            "sigmoid + CategoricalCrossentropy trains like": "sigmoid + BinaryCrossentropy",
                "softmax + CategoricalCrossentropy", "no other pairing"
            "a Reshape after the softmax, then BinaryCrossentropy, gives": "the same weights", "other weights"
            "the threshold of None + BinaryCrossentropy that means a probability of 0.5 is": "0.0", "0.5", "0.622"
            "at 0.5 a softmax predicts": "at most one label", "exactly one label", "any number of labels"
            "adding 10 to all logits makes CategoricalCrossentropy": "greater", "smaller", "no different"
            "SparseCategoricalCrossentropy with multi-hot rows is": "CategoricalCrossentropy", "an error"
            "the bias of CategoricalCrossentropy on TensorFlow, with two labels an image, on average": "rises",
                "falls", "stays" (the mean of the bias over the classes, in training)

    Returns:
        str, one of the choices.

    Raises:
        ValueError: there is no such question.
    """
    raise NotImplementedError("todo, see: kata hint 08 explain")


def write_table(rows, path):
    """Write the grid as a table in Markdown.

    The header has the keys of the rows up to all_zeros, in their order; then "|---|---|..."; then one line for each
    row. Numbers have four decimals, None is -, and | in a text is written as \\|.

    Args:
        rows: what `run_grid` returns.
        path: str, the file, written as UTF-8. An older file is replaced.

    Returns:
        `path`.
    """
    raise NotImplementedError("todo, see: kata hint 08 write_table")


def plot_grid(rows, path):
    """Draw the accuracies of the grid, at 0.5 and at the best threshold, beside that of predicting nothing.

    Args:
        rows: what `run_grid` returns; a pairing with an error has no bars.
        path: str, the file: a PNG picture at least 600 pixels wide. No figure of matplotlib.pyplot stays open.

    Returns:
        `path`.
    """
    raise NotImplementedError("todo, see: kata hint 08 plot_grid")


if __name__ == "__main__":
    # The whole experiment, on scenes, or on the real images where MIML_DATASET names them.
    import os

    from datasets.features import standard_features

    parts, start = standard_features(verbose=1)
    grid = run_grid(*parts, start)
    print(*same_training(grid), sep="\n")
    os.makedirs(".kata", exist_ok=True)
    print(write_table(grid, ".kata/experiments.md"), plot_grid(grid, ".kata/experiments.png"))
