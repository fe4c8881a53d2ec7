"""Plausible wrong answers to exercise 08. Each docstring is the sentence that its author reads."""

import keras
import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from experiments import ACTIVATIONS
from experiments import best_threshold as right_best_threshold
from experiments import explain as right_explain
from experiments import plot_grid as right_plot_grid
from experiments import run_grid as right_run_grid
from experiments import same_training as right_same_training
from experiments import write_table as right_write_table

from kata.judge import misconception

# train_pairing


@misconception("train_pairing")
def pairing_with_one_generator_for_all_epochs(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You drew the orders of all epochs from one generator: each epoch has its own, default_rng([seed, epoch]),
    so that training can begin at any epoch."""
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(features)) for _ in range(epochs)]
    return _trained(features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape)


@misconception("train_pairing")
def pairing_without_shuffling(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You trained in the order of the samples: the tutorial's files are sorted by class, so every epoch needs
    its own order."""
    orders = [np.arange(len(features))] * epochs
    return _trained(features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape)


@misconception("train_pairing")
def pairing_with_the_mean_of_the_batches(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You averaged the losses of the batches: the last batch is smaller, so each of its samples counts more."""
    orders = _orders(features, epochs, seed)
    return _trained(
        features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape, of=lambda n: 1
    )


@misconception("train_pairing")
def pairing_with_the_loss_of_the_last_batch(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You took the loss of the last batch for the loss of the epoch: train_on_batch reports only its own
    batch."""
    orders = _orders(features, epochs, seed)
    last = len(features) % batch_size or batch_size
    return _trained(
        *(features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape),
        of=lambda n: float(n == last),
    )


@misconception("train_pairing")
def pairing_without_the_last_batch(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You left out the last, smaller batch, so every epoch misses some samples."""
    whole = max(len(features) // batch_size * batch_size, min(len(features), batch_size))
    orders = [order[:whole] for order in _orders(features, epochs, seed)]
    return _trained(features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape)


@misconception("train_pairing")
def pairing_of_logits_as_probabilities(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You left from_logits at False where there is no activation, so the loss clips logits as if they were
    probabilities."""
    orders = _orders(features, epochs, seed)
    return _trained(
        features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape, logits=False
    )


# best_threshold


@misconception("best_threshold")
def threshold_the_lowest_of_equals(labels, outputs):
    """You took the lowest of several equally good thresholds: take the highest, which predicts the fewest
    labels."""
    right_best_threshold(labels, outputs)
    candidates = np.append(outputs, -np.inf)
    return float(min(candidates, key=lambda t: (-np.sum((outputs > t) == labels), t)))


@misconception("best_threshold")
def threshold_that_predicts_everything_left_out(labels, outputs):
    """You forgot that predicting every label may be best: no output lies below the lowest output, so try -inf,
    too."""
    right_best_threshold(labels, outputs)
    return float(max(outputs.ravel(), key=lambda t: (np.sum((outputs > t) == labels), t)))


@misconception("best_threshold")
def threshold_at_which_a_label_is_predicted_too(labels, outputs):
    """You predicted a label for a value equal to the threshold: a prediction is strictly greater."""
    right_best_threshold(labels, outputs)
    candidates = np.append(outputs, -np.inf)
    return float(max(candidates, key=lambda t: (np.sum((outputs >= t) == labels), t)))


# run_grid


@misconception("run_grid")
def grid_with_the_threshold_of_the_test_part(
    features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0
):
    """You chose the threshold on the test part: it has then seen the answers, and its accuracy promises too
    much."""
    rows = right_run_grid(features, labels, test_features, test_labels, kernel, epochs, batch_size, seed)
    return [_read_again(row, test_features, test_labels, (test_features, test_labels)) for row in rows]


@misconception("run_grid")
def grid_of_logits(features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0):
    """You read the logits: apply the last activation first, as the model does."""
    rows = right_run_grid(features, labels, test_features, test_labels, kernel, epochs, batch_size, seed)
    return [_read_again(row, test_features, test_labels, (features, labels), activate=False) for row in rows]


@misconception("run_grid")
def grid_with_the_accuracies_of_the_training_part(
    features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0
):
    """You measured on the training part, which says only how well the model learned it by heart. Measure on the
    test part."""
    rows = right_run_grid(features, labels, test_features, test_labels, kernel, epochs, batch_size, seed)
    return [_read_again(row, features, labels, (features, labels)) for row in rows]


# same_training


@misconception("same_training")
def groups_by_the_kernel_alone(rows, tolerance=1e-5):
    """You compared only the kernels: two models with different biases are different models."""
    return right_same_training(
        [row if row["bias"] is None else row | {"bias": 0 * row["bias"]} for row in rows], tolerance
    )


@misconception("same_training")
def groups_by_the_last_loss(rows, tolerance=1e-5):
    """You compared the losses: equal losses are a hint, equal weights are the proof."""
    rows = [
        row if row["error"] else row | {"kernel": np.float32([[row["last_loss"]]]), "bias": np.zeros(1)}
        for row in rows
    ]
    return right_same_training(rows, tolerance)


@misconception("same_training")
def groups_of_pairings_that_failed(rows, tolerance=1e-5):
    """You gave pairings with an error a group: Keras never trained them, so they have no weights to compare."""
    failed = [[f"{row['activation']} + {row['loss']}"] for row in rows if row["error"] is not None]
    return right_same_training(rows, tolerance) + failed


# explain


@misconception("explain")
def explained_by_the_formulas(question):
    """You answered with the formulas of softmax + BinaryCrossentropy: on TensorFlow the loss drops the softmax
    and applies its own sigmoid to the logits."""
    return "no other pairing" if question.startswith("softmax + Binary") else right_explain(question)


@misconception("explain")
def explained_with_a_reshape_that_changes_nothing(question):
    """You said that a Reshape changes nothing. It changes no number, but the reshaped tensor has lost its
    logits, so the loss takes the probabilities."""
    return "the same weights" if question.startswith("a Reshape") else right_explain(question)


@misconception("explain")
def explained_with_one_half_for_logits(question):
    """You put the threshold for logits at 0.5, which is a probability of 0.622: a probability of 0.5 is a logit
    of 0."""
    return "0.5" if question.startswith("the threshold of None") else right_explain(question)


@misconception("explain")
def explained_with_a_level_that_stays(question):
    """You said that the level stays: TensorFlow's gradient is softmax(z) - y, which sums to 1 - k for k labels,
    so every step lifts the logits."""
    return "stays" if question.startswith("the bias") else right_explain(question)


# write_table


@misconception("write_table")
def table_of_python_numbers(rows, path):
    """You wrote the numbers as Python shows them: write four decimals, so that a reader can compare them."""
    return right_write_table(
        [{key: str(value) if isinstance(value, float) else value for key, value in row.items()} for row in rows], path
    )


@misconception("write_table")
def table_with_open_bars(rows, path):
    """You wrote | in a text as it is: in a Markdown table | ends the cell, and \\| does not."""
    right_write_table(rows, path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("\\|", "|"))
    return path


@misconception("write_table")
def table_without_a_separator(rows, path):
    """You left out the line of --- below the header: without it Markdown shows a paragraph, not a table."""
    right_write_table(rows, path)
    with open(path, encoding="utf-8") as file:
        header, _, *lines = file
    with open(path, "w", encoding="utf-8") as file:
        file.writelines([header, *lines])
    return path


# plot_grid


@misconception("plot_grid")
def plot_in_another_format(rows, path):
    """You wrote another format than PNG: the end of a file's name does not decide the format of its content."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 5))
    heights = [row["accuracy"] or 0 for row in rows]
    figure.subplots().bar(range(len(rows)), heights)
    figure.savefig(path, format="svg")
    return path


@misconception("plot_grid")
def plot_that_stays_open(rows, path):
    """You left the figure open: pyplot keeps every figure in memory until it is closed."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    pyplot.close("all")
    pyplot.figure()
    return right_plot_grid(rows, path)


@misconception("plot_grid")
def plot_as_large_as_it_comes(rows, path):
    """You made the picture so small that nobody can tell nine pairs of bars apart: make it at least 600 pixels
    wide."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3))
    heights = [row["accuracy"] or 0 for row in rows]
    figure.subplots().bar(range(len(rows)), heights)
    figure.savefig(path, format="png", dpi=100)
    return path


# What the wrong ones are made of


def _orders(features, epochs, seed):
    return [np.random.default_rng([seed, epoch]).permutation(len(features)) for epoch in range(epochs)]


def _trained(
    features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape, logits=None, of=None
):
    """`train_pairing` with given orders; a batch's loss weighs of(its samples)."""
    of = of or (lambda n: n)
    layers = [keras.Input((features.shape[1],)), keras.layers.Dense(labels.shape[1], activation=activation)]
    layers += [keras.layers.Reshape((labels.shape[1],))] if reshape else []
    model = keras.Sequential(layers)
    chosen = getattr(keras.losses, loss)(from_logits=activation is None if logits is None else logits)
    model.compile(keras.optimizers.Adam(learning_rate), chosen)
    model.set_weights([kernel, np.zeros(labels.shape[1], np.float32)])
    losses = []
    for order in orders:
        batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
        reported = [float(model.train_on_batch(features[batch], labels[batch])) for batch in batches]
        losses.append(np.average(reported, weights=[of(len(batch)) for batch in batches]))
    return np.array(losses, np.float32), *model.get_weights()


def _read_again(row, features, labels, chosen_on, activate=True):
    """A row with its figures read from other samples."""
    if row["error"] is not None:
        return row
    activation = {str(name): function for name, function in ACTIVATIONS.items()}[row["activation"]]

    def outputs(part):
        logits = part @ row["kernel"] + row["bias"]
        return activation(logits) if activate else logits

    row["threshold"] = right_best_threshold(chosen_on[1], outputs(chosen_on[0]))
    mine = outputs(features)
    for end, threshold in (("", 0.5), ("_at_threshold", row["threshold"])):
        row[f"accuracy{end}"] = float(np.mean((mine > threshold) == labels))
        row[f"labels{end}"] = float(np.mean(np.sum(mine > threshold, axis=1)))
    return row
