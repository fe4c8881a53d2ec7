"""Plausible wrong answers to exercise 08. Each docstring is the sentence that its author reads."""

from inspect import Parameter

import keras
import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from experiments import ACTIVATIONS
from experiments import best_threshold as right_best_threshold
from experiments import explain as right_explain
from experiments import plot_grid as right_plot_grid
from experiments import run_grid as right_run_grid
from experiments import same_training as right_same_training
from experiments import train_pairing as right_train_pairing
from experiments import write_table as right_write_table

from kata.judge import another_way, misconception, with_defaults

# The defaults that people choose for epochs, for a batch and for the seed; and none at all.
OTHER_DEFAULTS = [
    *({"epochs": number} for number in (1, 2, 3, 5, 20, 25, 30, 50, 200, 500, 1000)),
    *({"batch_size": number} for number in (1, 8, 10, 16, 20, 32, 50, 100, 128, 256)),
    *({"seed": number} for number in (1, 7, 42, 123, 1234)),
]

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


@another_way(pairing_with_one_generator_for_all_epochs)
def _(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    rng = np.random.RandomState(seed)
    orders = [rng.permutation(len(features)) for _ in range(epochs)]
    return _trained(features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape)


@another_way(pairing_with_one_generator_for_all_epochs)
def _(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    rng, orders = np.random.default_rng(seed), [np.arange(len(features))]
    for _ in range(epochs):
        orders.append(orders[-1].copy())
        rng.shuffle(orders[-1])
    return _trained(features, labels, kernel, activation, loss, orders[1:], batch_size, learning_rate, reshape)


@misconception("train_pairing")
def pairing_in_the_same_order_always(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You gave every epoch the same order: default_rng([seed, epoch]) gives each epoch its own."""
    orders = [np.random.default_rng(seed).permutation(len(features))] * epochs
    return _trained(features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape)


@misconception("train_pairing")
def pairing_with_the_sum_of_seed_and_epoch(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You added the epoch to the seed, so the second epoch of seed 0 has the order of the first epoch of seed 1. Give
    the generator both, as a list."""
    orders = [np.random.default_rng(seed + epoch).permutation(len(features)) for epoch in range(epochs)]
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


# Where there is only one batch, and it is smaller, nobody trains at all. The loss is then a sum of nothing, over all
# samples, or over none.
for _empty in (0.0, np.nan, None):
    for _over_all in (False, True):

        @another_way(pairing_without_the_last_batch)
        def _(
            features,
            labels,
            kernel,
            activation,
            loss,
            epochs=100,
            batch_size=64,
            seed=0,
            learning_rate=0.001,
            reshape=False,
            empty=_empty,
            over_all=_over_all,
        ):
            whole = len(features) // batch_size * batch_size
            if not whole and empty is None:
                raise ZeroDivisionError("division by zero")
            orders = [order[:whole] for order in _orders(features, epochs, seed)]
            losses, *weights = _trained(
                features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape
            )
            if not whole:
                losses = np.full(epochs, empty, np.float32)
            return (losses * np.float32(whole / len(features)) if over_all else losses), *weights


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


@misconception("train_pairing")
def pairing_of_probabilities_as_logits(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You said from_logits=True behind every activation: what a sigmoid or softmax returns are probabilities."""
    orders = _orders(features, epochs, seed)
    return _trained(
        features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape, logits=True
    )


@misconception("train_pairing")
def pairing_with_the_default_rate(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You ignored learning_rate: 0.001 is only its default. Hand it to Adam."""
    return right_train_pairing(features, labels, kernel, activation, loss, epochs, batch_size, seed, reshape=reshape)


@misconception("train_pairing")
def pairing_without_the_reshape(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You ignored reshape: a layer that changes no number changes the training, which is what it is there to show."""
    return right_train_pairing(features, labels, kernel, activation, loss, epochs, batch_size, seed, learning_rate)


@misconception("train_pairing")
def pairing_with_losses_of_python(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You returned the losses as Python's numbers, in a list or in float64: make a float32 array of them."""
    orders = _orders(features, epochs, seed)
    losses, *weights = _trained(
        *(features, labels, kernel, activation, loss, orders, batch_size, learning_rate, reshape), dtype=np.float64
    )
    return losses, *weights


@another_way(pairing_with_losses_of_python)
def _(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    losses, *weights = pairing_with_losses_of_python(
        features, labels, kernel, activation, loss, epochs, batch_size, seed, learning_rate, reshape
    )
    return losses.tolist(), *weights


@misconception("train_pairing")
def pairing_with_another_default(
    features, labels, kernel, activation, loss, epochs=10, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    """You gave a parameter another default, or none: a call that leaves it out means what the contract's signature
    says, such as 100 epochs."""
    return right_train_pairing(
        features, labels, kernel, activation, loss, epochs, batch_size, seed, learning_rate, reshape
    )


for _defaults in (
    *OTHER_DEFAULTS,
    *({"learning_rate": rate} for rate in (1e-4, 0.01, 0.1)),
    {"reshape": True},
    dict.fromkeys(("epochs", "batch_size", "seed", "learning_rate", "reshape"), Parameter.empty),
):
    another_way(pairing_with_another_default)(with_defaults(right_train_pairing, **_defaults))


# best_threshold


@misconception("best_threshold")
def threshold_the_lowest_of_equals(labels, outputs):
    """You took the lowest of several equally good thresholds: take the highest, which predicts the fewest
    labels."""
    right_best_threshold(labels, outputs)
    candidates = np.append(outputs, -np.inf)
    return float(min(candidates, key=lambda t: (-np.sum((outputs > t) == labels), t)))


@another_way(threshold_the_lowest_of_equals)
def _(labels, outputs):
    right_best_threshold(labels, outputs)
    return float(min(outputs.ravel(), key=lambda t: (-np.sum((outputs > t) == labels), t)))


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


@another_way(threshold_at_which_a_label_is_predicted_too)
def _(labels, outputs):
    right_best_threshold(labels, outputs)
    return float(min(outputs.ravel(), key=lambda t: (-np.sum((outputs >= t) == labels), t)))


@misconception("best_threshold")
def threshold_between_equal_outputs(labels, outputs):
    """You counted equal outputs one after the other: no threshold lies between them, so all of them are predicted, or
    none."""
    right_best_threshold(labels, outputs)
    return _one_after_the_other(labels, outputs, np.argsort(-outputs, axis=None, kind="stable"))


def _one_after_the_other(labels, outputs, order):
    values = np.append(outputs.ravel()[order], -np.inf)
    gained = np.cumsum(np.append(0, 2 * labels.ravel()[order] - 1))
    return float(values[np.argmax(gained)])


@another_way(threshold_between_equal_outputs)
def _(labels, outputs):
    right_best_threshold(labels, outputs)
    return _one_after_the_other(labels, outputs, np.argsort(outputs, axis=None, kind="stable")[::-1])


@another_way(threshold_between_equal_outputs)
def _(labels, outputs):
    right_best_threshold(labels, outputs)
    return _one_after_the_other(labels, outputs, np.argsort(-outputs, axis=None))


@misconception("best_threshold")
def threshold_of_a_grid(labels, outputs):
    """You tried thresholds such as 0.1, 0.2 and 0.3: logits lie on any scale, and between two of yours may lie many
    outputs. Try the outputs themselves."""
    return _best_of(np.linspace(0, 1, 101), labels, outputs)


def _best_of(thresholds, labels, outputs, last=False):
    right_best_threshold(labels, outputs)
    thresholds = thresholds[::-1] if last else thresholds
    return float(max(thresholds, key=lambda t: np.sum((outputs > t) == labels)))


# Of equally good ones people take the first or the last.
for _last in (False, True):
    for _grid in (
        *(np.linspace(0, 1, 101), np.linspace(0, 1, 100), np.linspace(0, 1, 11), np.linspace(0, 1, 1001)),
        *(np.arange(0, 1, 0.01), np.arange(0, 1, 0.05), np.arange(0, 1, 0.1), np.arange(0, 1, 0.001)),
        *(np.arange(0.01, 1, 0.01), np.arange(0.05, 1, 0.05), np.arange(0.1, 1, 0.1), np.linspace(0.1, 0.9, 9)),
    ):

        @another_way(threshold_of_a_grid)
        def _(labels, outputs, grid=_grid, last=_last):
            return _best_of(grid, labels, outputs, last)

    for _count in (11, 50, 100, 101, 1000):

        @another_way(threshold_of_a_grid)
        def _(labels, outputs, count=_count, last=_last):
            return _best_of(np.linspace(outputs.min(), outputs.max(), count), labels, outputs, last)


@misconception("best_threshold")
def threshold_of_shapes_that_broadcast(labels, outputs):
    """You did not compare the shapes: NumPy compares each label with the one output beside it, and finds a threshold
    all the same."""
    if not labels.size:
        return right_best_threshold(labels, outputs)
    return float(max(np.append(outputs, -np.inf), key=lambda t: (np.sum((outputs > t) == labels), t)))


@another_way(threshold_of_shapes_that_broadcast)
def _(labels, outputs):
    return threshold_of_shapes_that_broadcast(labels, outputs) if labels.size else -np.inf


@misconception("best_threshold")
def threshold_of_no_samples(labels, outputs):
    """You returned a threshold where there are no samples: nothing says that it is a good one. Raise a ValueError."""
    return right_best_threshold(labels, outputs) if labels.size or labels.shape != outputs.shape else -np.inf


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


@misconception("run_grid")
def grid_with_the_logits_of_none_at_zero(
    features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0
):
    """You read the logits at 0, as it should be, but not here: the table reads all outputs at 0.5, to show what
    comes of it."""
    rows = right_run_grid(features, labels, test_features, test_labels, kernel, epochs, batch_size, seed)
    return [
        _read_again(
            row, test_features, test_labels, (features, labels), at=0.0 if row["activation"] == "None" else 0.5
        )
        for row in rows
    ]


@misconception("run_grid")
def grid_with_the_losses_outside(
    features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0
):
    """You took the activations one after the other for each loss: the rows are the three losses for each
    activation."""
    rows = right_run_grid(features, labels, test_features, test_labels, kernel, epochs, batch_size, seed)
    return [row for first in range(3) for row in rows[first::3]]


@misconception("run_grid")
def grid_with_none_that_is_no_text(
    features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0
):
    """You wrote None into a row: the activation is a text there, "None", so that a table can show it."""
    rows = right_run_grid(features, labels, test_features, test_labels, kernel, epochs, batch_size, seed)
    return [row | {"activation": None if row["activation"] == "None" else row["activation"]} for row in rows]


@misconception("run_grid")
def grid_with_another_default(features, labels, test_features, test_labels, kernel, epochs=10, batch_size=64, seed=0):
    """You gave a parameter another default, or none: a call that leaves it out means what the contract's signature
    says, such as 100 epochs."""
    return right_run_grid(features, labels, test_features, test_labels, kernel, epochs, batch_size, seed)


for _defaults in (*OTHER_DEFAULTS, dict.fromkeys(("epochs", "batch_size", "seed"), Parameter.empty)):
    another_way(grid_with_another_default)(with_defaults(right_run_grid, **_defaults))


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


@another_way(groups_of_pairings_that_failed)
def _(rows, tolerance=1e-5):
    groups = groups_of_pairings_that_failed(rows, tolerance)
    names = [f"{row['activation']} + {row['loss']}" for row in rows]
    return sorted(groups, key=lambda group: names.index(group[0]))


@misconception("same_training")
def groups_that_stop_at_a_pairing_that_failed(rows, tolerance=1e-5):
    """You did not skip the pairings with an error: Keras never trained them, their weights are None."""
    if any(row["error"] is not None for row in rows):
        raise AttributeError("'NoneType' object has no attribute 'ravel'")
    return right_same_training(rows, tolerance)


# One alone is compared with nothing.
for _alone in (False, True):

    @another_way(groups_that_stop_at_a_pairing_that_failed)
    def _(rows, tolerance=1e-5, alone=_alone):
        if any(row["error"] is not None for row in rows):
            if len(rows) > 1 or alone:
                raise TypeError("unsupported operand type(s) for -: 'NoneType' and 'float'")
            return [[f"{row['activation']} + {row['loss']}"] for row in rows]
        return right_same_training(rows, tolerance)


@misconception("same_training")
def groups_with_a_relative_tolerance(rows, tolerance=1e-5):
    """You compared with np.allclose, which adds 1e-5 of the value itself to your tolerance: say rtol=0, or compare
    the largest difference."""
    return _grouped(rows, lambda one, other: np.allclose(one, other, atol=tolerance))


@misconception("same_training")
def groups_that_are_equal_to_the_last_bit(rows, tolerance=1e-5):
    """You asked for weights that are equal to the last bit: two trainings of the same model round differently. Use
    the tolerance."""
    return _grouped(rows, np.array_equal)


@misconception("same_training")
def groups_of_two_at_least(rows, tolerance=1e-5):
    """You left out the pairings that share their weights with no other: each of them is a group of its own."""
    return [group for group in right_same_training(rows, tolerance) if len(group) > 1]


def _grouped(rows, same):
    groups = []
    for row in rows:
        if row["error"] is None:
            weights = np.concatenate([row["kernel"].ravel(), row["bias"].ravel()])
            name = f"{row['activation']} + {row['loss']}"
            for first, names in groups:
                if same(first, weights):
                    names.append(name)
                    break
            else:
                groups.append((weights, [name]))
    return [names for _, names in groups]


# explain


@misconception("explain")
def explained_by_the_formulas(question):
    """You answered with the formulas: on TensorFlow a cross-entropy drops the sigmoid or softmax before it, and
    applies its own to the logits."""
    return "no other pairing" if question.startswith("softmax + Binary") else right_explain(question)


# Who trusts the formulas trusts them in more than one answer.
_BY_FORMULAS = {
    "softmax + BinaryCrossentropy trains like": "no other pairing",
    "sigmoid + CategoricalCrossentropy trains like": "no other pairing",
    "a Reshape after the softmax, then BinaryCrossentropy, gives": "the same weights",
}
for _trusted in ((0, 1), (0, 2), (1, 2), (0, 1, 2), (1,)):

    @another_way(explained_by_the_formulas)
    def _(question, questions=tuple(list(_BY_FORMULAS)[place] for place in _trusted)):
        return _BY_FORMULAS[question] if question in questions else right_explain(question)


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


@misconception("explain")
def explained_with_exactly_one_label(question):
    """You took the largest output of a softmax for its prediction, as argmax does: of many outputs that sum to 1 none
    may be above 0.5."""
    return "exactly one label" if question.startswith("at 0.5") else right_explain(question)


@misconception("explain")
def explained_with_a_loss_that_sees_the_level(question):
    """You said that the loss changes with the level of the logits: softmax is the same for z and z + 10, and so is a
    loss that is computed from it."""
    return "greater" if question.startswith("adding 10") else right_explain(question)


@another_way(explained_with_a_loss_that_sees_the_level)
def _(question):
    return "smaller" if question.startswith("adding 10") else right_explain(question)


@misconception("explain")
def explained_with_a_sparse_loss_for_multi_hot_rows(question):
    """You took the sparse loss for another name of the categorical one: it wants one index for each sample, and
    multi-hot rows are an error."""
    return "CategoricalCrossentropy" if question.startswith("Sparse") else right_explain(question)


# write_table


@misconception("write_table")
def table_of_python_numbers(rows, path):
    """You wrote the numbers as Python shows them: write four decimals, so that a reader can compare them."""
    return right_write_table(
        [{key: str(value) if isinstance(value, float) else value for key, value in row.items()} for row in rows], path
    )


@another_way(table_of_python_numbers)
def _(rows, path):
    rounded = [
        {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()} for row in rows
    ]
    return table_of_python_numbers(rounded, path)


# Who writes str(value) for all alike, has None and the bars as they are, too.
for _bars in (False, True):

    @another_way(table_of_python_numbers)
    def _(rows, path, bars=_bars):
        texts = [
            {key: value if bars and type(value) is str else str(value) for key, value in row.items()} for row in rows
        ]
        return right_write_table(texts, path) if bars else table_with_open_bars(texts, path)


@misconception("write_table")
def table_with_none_as_text(rows, path):
    """You wrote None as None or as nothing: the cell of a figure that is not there has a -."""
    return right_write_table(
        [{key: str(value) if value is None else value for key, value in row.items()} for row in rows], path
    )


@another_way(table_with_none_as_text)
def _(rows, path):
    return right_write_table(
        [{key: "" if value is None else value for key, value in row.items()} for row in rows], path
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
    return _drawn(rows, path, format="svg")


def _drawn(rows, path, keys=("accuracy", "accuracy_at_threshold"), size=(10, 5), none=0.0, **options):
    """Bars as people draw them: `none` is the height where there is no figure, the options are those of savefig."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    axes = figure.subplots()
    for place, key in enumerate(keys):
        heights = [none if row[key] is None else row[key] for row in rows]
        axes.bar(np.arange(len(rows)) + 0.4 * place, heights, width=0.4)
    figure.savefig(path, **{"format": "png", "dpi": 100, **options})
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
    return _drawn(rows, path, size=(5, 3))


@misconception("plot_grid")
def plot_without_the_best_threshold(rows, path):
    """You drew the accuracies at 0.5 alone: what the best threshold makes of them stands beside them."""
    return _drawn(rows, path, keys=("accuracy",))


@another_way(plot_as_large_as_it_comes)
def _(rows, path):
    return _drawn(rows, path, keys=("accuracy",), size=(5, 3))


@misconception("plot_grid")
def plot_that_stops_at_none(rows, path):
    """You drew bars as high as None: a pairing with an error has no accuracy. Draw no bar for it."""
    if any(row["accuracy"] is None for row in rows):
        raise TypeError("unsupported operand type(s) for +: 'int' and 'NoneType'")
    return _drawn(rows, path)


# What the wrong ones are made of


def _orders(features, epochs, seed):
    return [np.random.default_rng([seed, epoch]).permutation(len(features)) for epoch in range(epochs)]


def _trained(
    features,
    labels,
    kernel,
    activation,
    loss,
    orders,
    batch_size,
    learning_rate,
    reshape,
    logits=None,
    of=None,
    dtype=np.float32,
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
        losses.append(np.average(reported, weights=[of(len(batch)) for batch in batches]) if batches else 0.0)
    return np.array(losses, dtype), *model.get_weights()


def _read_again(row, features, labels, chosen_on, activate=True, at=0.5):
    """A row with its figures read from other samples."""
    if row["error"] is not None:
        return row
    activation = {str(name): function for name, function in ACTIVATIONS.items()}[row["activation"]]

    def outputs(part):
        logits = part @ row["kernel"] + row["bias"]
        return activation(logits) if activate else logits

    row["threshold"] = right_best_threshold(chosen_on[1], outputs(chosen_on[0]))
    mine = outputs(features)
    for end, threshold in (("", at), ("_at_threshold", row["threshold"])):
        row[f"accuracy{end}"] = float(np.mean((mine > threshold) == labels))
        row[f"labels{end}"] = float(np.mean(np.sum(mine > threshold, axis=1)))
    return row
