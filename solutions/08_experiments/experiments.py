"""Exercise 08: the nine pairings of last activation and loss, trained, and why they come out as they do.

It uses your exercises 02 and 05. A model here is one Dense layer on features that are computed already.
"""

import keras
import numpy as np
from activations import linear, sigmoid, softmax
from binary_accuracy import all_zeros_accuracy, binary_accuracy

ACTIVATIONS = {"sigmoid": sigmoid, "softmax": softmax, None: linear}
LOSSES = ("BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy")
COLUMNS = (
    *("activation", "loss", "backend", "error", "first_loss", "last_loss", "accuracy", "labels"),
    *("threshold", "accuracy_at_threshold", "labels_at_threshold", "all_zeros"),
)
ANSWERS = {
    "softmax + BinaryCrossentropy trains like": "sigmoid + BinaryCrossentropy",
    "sigmoid + CategoricalCrossentropy trains like": "softmax + CategoricalCrossentropy",
    "a Reshape after the softmax, then BinaryCrossentropy, gives": "other weights",
    "the threshold of None + BinaryCrossentropy that means a probability of 0.5 is": "0.0",
    "at 0.5 a softmax predicts": "at most one label",
    "adding 10 to all logits makes CategoricalCrossentropy": "no different",
    "SparseCategoricalCrossentropy with multi-hot rows is": "an error",
    "the bias of CategoricalCrossentropy on TensorFlow, with two labels an image, on average": "rises",
}


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
    layers = [keras.Input((features.shape[1],)), keras.layers.Dense(labels.shape[1], activation=activation)]
    if reshape:
        layers.append(keras.layers.Reshape((labels.shape[1],)))
    model = keras.Sequential(layers)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=getattr(keras.losses, loss)(from_logits=activation is None),
    )
    model.set_weights([kernel, np.zeros(labels.shape[1], np.float32)])
    losses = []
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(features))
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            model.reset_metrics()  # some versions of Keras report the mean since the last reset
            total += len(batch) * float(model.train_on_batch(features[batch], labels[batch]))
        losses.append(total / len(order))
    return np.array(losses, np.float32), *model.get_weights()


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
    if labels.shape != outputs.shape or not labels.size:
        raise ValueError(f"outputs of shape {outputs.shape} for labels of shape {labels.shape}: one for each")
    order = np.argsort(-outputs, axis=None, kind="stable")
    values = outputs.ravel()[order]
    # With the first n slots predicted, a label among them is one right slot more, any other one less.
    gained = np.concatenate([[0], np.cumsum(2 * labels.ravel()[order] - 1, dtype=np.float64)])
    # The n-th value as threshold predicts the first n slots only where the one before is greater.
    possible = np.concatenate([[True], values[1:] != values[:-1], [True]])
    thresholds = np.concatenate([values, [-np.inf]])
    return float(thresholds[np.argmax(np.where(possible, gained, -np.inf))])


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
    rows = []
    for activation in ACTIVATIONS:
        for loss in LOSSES:
            row = dict.fromkeys((*COLUMNS, "kernel", "bias"))
            row |= {"activation": str(activation), "loss": loss, "backend": keras.backend.backend()}
            row["all_zeros"] = float(all_zeros_accuracy(test_labels))
            try:
                losses, *weights = train_pairing(features, labels, kernel, activation, loss, epochs, batch_size, seed)
            except ValueError as error:
                row["error"] = str(error).partition("\n")[0]
            else:
                row |= {"first_loss": float(losses[0]), "last_loss": float(losses[-1])}
                row |= dict(zip(("kernel", "bias"), weights, strict=True))
                outputs, test_outputs = (
                    ACTIVATIONS[activation](part @ weights[0] + weights[1]) for part in (features, test_features)
                )
                row["accuracy"], row["labels"] = _read(test_labels, test_outputs, 0.5)
                row["threshold"] = best_threshold(labels, outputs)
                row["accuracy_at_threshold"], row["labels_at_threshold"] = _read(
                    test_labels, test_outputs, row["threshold"]
                )
            rows.append(row)
    return rows


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
    groups = []  # (weights of the first, names)
    for row in rows:
        if row["error"] is not None:
            continue
        weights = np.concatenate([row["kernel"].ravel(), row["bias"].ravel()])
        name = f"{row['activation']} + {row['loss']}"
        for first, names in groups:
            if np.max(np.abs(weights - first)) <= tolerance:
                names.append(name)
                break
        else:
            groups.append((weights, [name]))
    return [names for _, names in groups]


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
    if question not in ANSWERS:
        raise ValueError(f"there is no question {question!r}")
    return ANSWERS[question]


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
    lines = [COLUMNS, ["---"] * len(COLUMNS), *([_cell(row[key]) for key in COLUMNS] for row in rows)]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"| {' | '.join(line)} |\n" for line in lines)
    return path


def plot_grid(rows, path):
    """Draw the accuracies of the grid, at 0.5 and at the best threshold, beside that of predicting nothing.

    Args:
        rows: what `run_grid` returns; a pairing with an error has no bars.
        path: str, the file: a PNG picture at least 600 pixels wide. No figure of matplotlib.pyplot stays open.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure  # here: it takes a moment, and only a picture needs it

    figure = Figure(figsize=(10, 5), layout="constrained")
    axes = figure.subplots()
    places = np.arange(len(rows))
    for shift, key, label in ((-0.2, "accuracy", "at 0.5"), (0.2, "accuracy_at_threshold", "at the best threshold")):
        heights = [np.nan if row[key] is None else row[key] for row in rows]
        axes.bar(places + shift, heights, width=0.4, label=label)
    axes.axhline(rows[0]["all_zeros"], color="black", linestyle="--", label="predicting nothing")
    names = [f"{row['activation']}\n{row['loss'].removesuffix('Crossentropy')}" for row in rows]
    axes.set_xticks(places, [name.replace("SparseC", "Sparse\nC") for name in names])
    axes.set(ylim=(0, 1), ylabel="binary accuracy", title=f"Nine pairings on {rows[0]['backend']}")
    figure.legend(loc="outside lower center", ncols=3)  # below: bars are everywhere else
    figure.savefig(path, format="png", dpi=100)
    return path


def _read(labels, outputs, threshold):
    """The binary accuracy at a threshold, and how many labels are predicted an image."""
    accuracy = float(np.mean(binary_accuracy(labels, outputs, threshold)))
    return accuracy, float(np.mean(np.sum(outputs > threshold, axis=1)))


def _cell(value):
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else value.replace("|", "\\|")


if __name__ == "__main__":
    # The whole experiment, on scenes, or on the real images where MIML_DATASET names them.
    import os

    from datasets.features import standard_features

    parts, start = standard_features(verbose=1)
    grid = run_grid(*parts, start)
    print(*same_training(grid), sep="\n")
    os.makedirs(".kata", exist_ok=True)
    print(write_table(grid, ".kata/experiments.md"), plot_grid(grid, ".kata/experiments.png"))
