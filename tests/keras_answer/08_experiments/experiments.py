"""Exercise 08 answered with Keras's own fit, predict and metrics."""

import csv
import re

import keras
import numpy as np


def train_pairing(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    return _fit(features, labels, kernel, activation, loss, epochs, batch_size, seed, learning_rate, reshape)[:3]


def best_threshold(labels, outputs):
    if labels.shape != outputs.shape or labels.size == 0:
        raise ValueError("one output for each label")
    best = (-1, None)
    for threshold in (-np.inf, *np.sort(outputs, axis=None)):
        accuracy = _accuracy(labels, outputs, threshold)
        best = max(best, (accuracy, float(threshold)))
    return best[1]


def run_grid(features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0):
    rows = []
    all_zeros = _accuracy(test_labels, np.zeros_like(test_labels), 0.5)
    nothing = ("first_loss", "last_loss", "accuracy", "labels", "threshold", "accuracy_at_threshold")
    for activation in ("sigmoid", "softmax", None):
        for loss in ("BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"):
            row = {"activation": str(activation), "loss": loss, "backend": keras.config.backend()}
            try:
                losses, weights, bias, model = _fit(
                    features, labels, kernel, activation, loss, epochs, batch_size, seed, 0.001, False
                )
            except ValueError as error:
                row |= {"error": str(error).splitlines()[0], **dict.fromkeys((*nothing, "labels_at_threshold"))}
                rows.append(row | {"all_zeros": all_zeros, "kernel": None, "bias": None})
                continue
            outputs, seen = model.predict(test_features, verbose=0), model.predict(features, verbose=0)
            threshold = best_threshold(labels, seen)
            rows.append(
                row
                | {
                    "error": None,
                    "first_loss": float(losses[0]),
                    "last_loss": float(losses[-1]),
                    "accuracy": _accuracy(test_labels, outputs, 0.5),
                    "labels": float((outputs > 0.5).sum() / len(outputs)),
                    "threshold": threshold,
                    "accuracy_at_threshold": _accuracy(test_labels, outputs, threshold),
                    "labels_at_threshold": float((outputs > threshold).sum() / len(outputs)),
                    "all_zeros": all_zeros,
                    "kernel": weights,
                    "bias": bias,
                }
            )
    return rows


def same_training(rows, tolerance=1e-5):
    left, groups = [row for row in rows if row["error"] is None], []
    while left:
        first = left[0]
        alike = [row for row in left if all(_near(row[key], first[key], tolerance) for key in ("kernel", "bias"))]
        groups.append([f"{row['activation']} + {row['loss']}" for row in alike])
        left = [row for row in left if not any(row is one for one in alike)]
    return groups


def explain(question):
    words = {
        r"softmax \+ BinaryCrossentropy trains like": "sigmoid + BinaryCrossentropy",
        r"sigmoid \+ CategoricalCrossentropy trains like": "softmax + CategoricalCrossentropy",
        r"a Reshape .*": "other weights",
        r"the threshold of None .*": "0.0",
        r"at 0.5 .*": "at most one label",
        r"adding 10 .*": "no different",
        r"Sparse.*": "an error",
        r"the bias .*": "rises",
    }
    for pattern, word in words.items():
        if re.fullmatch(pattern, question):
            return word
    raise ValueError("no such question")


def write_table(rows, path):
    keys = [key for key in rows[0] if key not in ("kernel", "bias")]

    def cell(value):
        if value is None:
            return "-"
        return value.replace("|", r"\|") if isinstance(value, str) else format(value, ".4f")

    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="|", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerow(["", *keys, ""])
        writer.writerow(["", *["---"] * len(keys), ""])
        for row in rows:
            file.write(f"|{'|'.join(cell(row[key]) for key in keys)}|\n")
    return path


def plot_grid(rows, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(8, 4))
    for key, marker in (("accuracy", "o"), ("accuracy_at_threshold", "^"), ("all_zeros", "_")):
        pyplot.plot(range(len(rows)), [np.nan if row[key] is None else row[key] for row in rows], marker)
    pyplot.savefig(path, format="png")
    pyplot.close(figure)
    return path


def _fit(features, labels, kernel, activation, loss, epochs, batch_size, seed, learning_rate, reshape):
    inputs = keras.Input(features.shape[1:])
    outputs = dense = keras.layers.Dense(labels.shape[1], activation=activation)(inputs)
    if reshape:
        outputs = keras.layers.Reshape(labels.shape[1:])(dense)
    model = keras.Model(inputs, outputs)
    model.layers[1].set_weights([kernel, np.zeros(labels.shape[1])])
    objective = getattr(keras.losses, loss)(from_logits=activation is None)
    model.compile(keras.optimizers.Adam(learning_rate=learning_rate), objective)
    losses = []
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(features))
        history = model.fit(features[order], labels[order], batch_size=batch_size, shuffle=False, verbose=0)
        losses += history.history["loss"]
    return np.float32(losses), *model.layers[1].get_weights(), model


def _accuracy(labels, outputs, threshold):
    # BinaryAccuracy wants a threshold in [0, 1] in some versions of Keras: the function takes any.
    return float(np.mean(keras.metrics.binary_accuracy(labels, outputs, threshold=threshold)))


def _near(one, other, tolerance):
    return bool(np.allclose(one, other, rtol=0, atol=tolerance))
