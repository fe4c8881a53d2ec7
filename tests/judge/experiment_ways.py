"""Mistakes of exercise 08 in the words that people usually write them in: as in ways.py."""

import numpy as np

from tests.judge.ways import kept

WAYS, way = kept()


# Right ones. Each of the next has one place of it written in another way.
PAIRING = """def train_pairing(
    features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, learning_rate=0.001, reshape=False
):
    model = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(labels.shape[1], activation)])
    if reshape:
        model.add(keras.layers.Reshape((labels.shape[1],)))
    loss_function = getattr(keras.losses, loss)(from_logits=activation is None)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss_function)
    model.set_weights([kernel, np.zeros(labels.shape[1])])
    n, history = len(features), []
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(n)
        total = 0
        for start in range(0, n, batch_size):
            batch = order[start : start + batch_size]
            value = model.train_on_batch(features[batch], labels[batch])
            total += value * len(batch)
        history.append(total / n)
    return np.array(history, dtype=np.float32), *model.get_weights()
"""
ORDER, LOOP = "np.random.default_rng([seed, epoch]).permutation(n)", "    for epoch in range(epochs):\n"
ADDED, APPENDED = "total += value * len(batch)", "history.append(total / n)"
LOSS = "getattr(keras.losses, loss)(from_logits=activation is None)"
NAMED = 'loss.replace("yC", "y_c").replace("lC", "l_c").lower()'  # binary_crossentropy
WHOLE = "range(0, n, batch_size)", "range(0, n - batch_size + 1, batch_size)"
LISTED = ("total = 0", "values = []"), (ADDED, "values.append(value)")
FIT = PAIRING[: PAIRING.index("    n, history")] + (
    "    found = model.fit(features, labels, batch_size, epochs, shuffle=False, verbose=0)\n"
    "    return np.array(found.history['loss'], np.float32), *model.get_weights()\n"
)

GRID = """def run_grid(features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0):
    rows = []
    for activation in ["sigmoid", "softmax", None]:
        for loss in ["BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"]:
            row = {"activation": str(activation), "loss": loss, "backend": keras.backend.backend(), "error": None}
            row |= dict.fromkeys(["first_loss", "last_loss", "accuracy", "labels", "threshold"])
            row |= dict.fromkeys(["accuracy_at_threshold", "labels_at_threshold"])
            row |= {"all_zeros": float(1 - np.mean(test_labels)), "kernel": None, "bias": None}
            rows.append(row)
            try:
                losses, w, b = train_pairing(features, labels, kernel, activation, loss, epochs, batch_size, seed)
            except ValueError as error:
                row["error"] = str(error).splitlines()[0]
                continue
            apply = {"sigmoid": sigmoid, "softmax": softmax, None: lambda z: z}[activation]
            train, test = apply(features @ w + b), apply(test_features @ w + b)
            row |= {"first_loss": float(losses[0]), "last_loss": float(losses[-1]), "kernel": w, "bias": b}
            row["accuracy"] = float(np.mean((test > 0.5) == test_labels))
            row["labels"] = float((test > 0.5).sum(axis=1).mean())
            best = row["threshold"] = best_threshold(labels, train)
            row["accuracy_at_threshold"] = float(np.mean((test > best) == test_labels))
            row["labels_at_threshold"] = float((test > best).sum(axis=1).mean())
    return rows
"""
OUTER, INNER = GRID.splitlines(keepends=True)[2:4]
TRAIN_AND_TEST = "apply(features @ w + b), apply(test_features @ w + b)"

GROUPS = """def same_training(rows, tolerance=1e-5):
    groups = []
    for row in rows:
        if row["error"]:
            continue
        name = row["activation"] + " + " + row["loss"]
        for first, names in groups:
            kernels = np.abs(first["kernel"] - row["kernel"])
            biases = np.abs(first["bias"] - row["bias"])
            if kernels.max() <= tolerance and biases.max() <= tolerance:
                names.append(name)
                break
        else:
            groups.append((row, [name]))
    return [names for _, names in groups]
"""
SAME = "kernels.max() <= tolerance and biases.max() <= tolerance"
KERNELS, BIASES = 'first["kernel"], row["kernel"]', 'first["bias"], row["bias"]'
SKIPPED = '        if row["error"]:\n            continue\n'
FILLED = """        if row["error"]:
            row = row | {"kernel": np.array(np.nan), "bias": np.array(np.nan)}
"""

TABLE = """def write_table(rows, path):
    keys = [key for key in rows[0] if key not in ("kernel", "bias")]
    lines = ["| " + " | ".join(keys) + " |", "|" + "---|" * len(keys)]
    for row in rows:
        cells = []
        for key in keys:
            value = row[key]
            if value is None:
                cells.append("-")
            elif isinstance(value, float):
                cells.append(f"{value:.4f}")
            else:
                cells.append(value.replace("|", "\\\\|"))
        lines.append("| " + " | ".join(cells) + " |")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\\n".join(lines) + "\\n")
    return path
"""
NUMBER, BARS = 'f"{value:.4f}"', 'value.replace("|", "\\\\|")'

PLOT = """def plot_grid(rows, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.figure(figsize=(10, 5))
    x = np.arange(len(rows))
    plt.bar(x - 0.2, [row["accuracy"] or 0 for row in rows], 0.4, label="at 0.5")
    plt.bar(x + 0.2, [row["accuracy_at_threshold"] or 0 for row in rows], 0.4, label="at the threshold")
    plt.axhline(rows[0]["all_zeros"], color="black")
    plt.xticks(x, [row["activation"] + "\\\\n" + row["loss"][:12] for row in rows], fontsize=7)
    plt.ylim(0, 1)
    plt.legend()
    plt.savefig(path)
    plt.close()
    return path
"""
CLOSED = "    plt.close()\n"
SECOND = '    plt.bar(x + 0.2, [row["accuracy_at_threshold"] or 0 for row in rows], 0.4, label="at the threshold")\n'

EXPLAIN = """def explain(question):
    answers = {
        "softmax + BinaryCrossentropy trains like": "sigmoid + BinaryCrossentropy",
        "sigmoid + CategoricalCrossentropy trains like": "softmax + CategoricalCrossentropy",
        "a Reshape after the softmax, then BinaryCrossentropy, gives": "other weights",
        "the threshold of None + BinaryCrossentropy that means a probability of 0.5 is": "0.0",
        "at 0.5 a softmax predicts": "at most one label",
        "adding 10 to all logits makes CategoricalCrossentropy": "no different",
        "SparseCategoricalCrossentropy with multi-hot rows is": "an error",
        "the bias of CategoricalCrossentropy on TensorFlow, with two labels an image, on average": "rises",
    }
    if question not in answers:
        raise ValueError(question)
    return answers[question]
"""
BELIEVED = (
    ("sigmoid + BinaryCrossentropy", "no other pairing"),
    ("softmax + CategoricalCrossentropy", "no other pairing"),
    ("other weights", "the same weights"),
)

# (misconception, the right one, pairs of what stands in it and what stands there instead)
CHANGES = [
    ("pairing_with_one_generator_for_all_epochs", PAIRING,
     (LOOP, f"    rng = np.random.default_rng(seed)\n{LOOP}"), (ORDER, "rng.permutation(n)")),
    ("pairing_with_one_generator_for_all_epochs", PAIRING,
     (LOOP, f"    order, rng = np.arange(n), np.random.default_rng(seed)\n{LOOP}"),
     (f"order = {ORDER}", "rng.shuffle(order)")),
    ("pairing_with_one_generator_for_all_epochs", PAIRING,
     (LOOP, f"    np.random.seed(seed)\n{LOOP}"), (ORDER, "np.random.permutation(n)")),
    ("pairing_in_the_same_order_always", PAIRING, ("[seed, epoch]", "seed")),
    ("pairing_in_the_same_order_always", PAIRING,
     (LOOP, f"    fixed = np.random.default_rng(seed).permutation(n)\n{LOOP}"), (ORDER, "fixed")),
    ("pairing_with_the_sum_of_seed_and_epoch", PAIRING, ("[seed, epoch]", "seed + epoch")),
    ("pairing_without_shuffling", PAIRING, (ORDER, "np.arange(n)")),
    ("pairing_without_shuffling", FIT),
    ("pairing_with_the_mean_of_the_batches", PAIRING, *LISTED, (APPENDED, "history.append(np.mean(values))")),
    ("pairing_with_the_mean_of_the_batches", PAIRING, (ADDED, "total += value"),
     (APPENDED, "history.append(total / np.ceil(n / batch_size))")),
    ("pairing_with_the_loss_of_the_last_batch", PAIRING, (APPENDED, "history.append(value)")),
    ("pairing_without_the_last_batch", PAIRING, WHOLE),
    ("pairing_without_the_last_batch", PAIRING, WHOLE, *LISTED, (APPENDED, "history.append(np.mean(values))")),
    ("pairing_without_the_last_batch", PAIRING, WHOLE, (ADDED, "total += value"),
     (APPENDED, "history.append(total / (n // batch_size))")),
    ("pairing_of_logits_as_probabilities", PAIRING, ("from_logits=activation is None", "")),
    ("pairing_of_logits_as_probabilities", PAIRING, (LOSS, NAMED)),
    ("pairing_of_probabilities_as_logits", PAIRING, ("activation is None", "True")),
    ("pairing_with_the_default_rate", PAIRING, ("Adam(learning_rate)", "Adam()")),
    ("pairing_with_the_default_rate", PAIRING, ("keras.optimizers.Adam(learning_rate)", '"adam"')),
    ("pairing_without_the_reshape", PAIRING, ("if reshape:", "if False:")),
    ("pairing_with_losses_of_python", PAIRING, ("np.array(history, dtype=np.float32)", "np.array(history)")),
    ("pairing_with_losses_of_python", PAIRING, ("np.array(history, dtype=np.float32)", "history")),
    ("grid_with_the_threshold_of_the_test_part", GRID,
     ("best_threshold(labels, train)", "best_threshold(test_labels, test)")),
    ("grid_of_logits", GRID, (TRAIN_AND_TEST, "features @ w + b, test_features @ w + b")),
    ("grid_with_the_accuracies_of_the_training_part", GRID, ("== test_labels", "== labels"),
     (TRAIN_AND_TEST, "2 * [apply(features @ w + b)]")),
    ("grid_with_the_logits_of_none_at_zero", GRID, ("test > 0.5", "test > (0 if activation is None else 0.5)")),
    ("grid_with_the_losses_outside", GRID, (OUTER + INNER, INNER[4:] + f"    {OUTER}")),
    ("grid_with_none_that_is_no_text", GRID, ("str(activation)", "activation")),
    ("groups_by_the_kernel_alone", GROUPS, (SAME, "kernels.max() <= tolerance")),
    ("groups_by_the_kernel_alone", GROUPS, (SAME, f"np.allclose({KERNELS}, rtol=0, atol=tolerance)")),
    ("groups_by_the_last_loss", GROUPS, (SAME, 'abs(first["last_loss"] - row["last_loss"]) <= tolerance')),
    ("groups_by_the_last_loss", GROUPS, (SAME, 'round(first["last_loss"], 4) == round(row["last_loss"], 4)')),
    ("groups_of_pairings_that_failed", GROUPS, (SKIPPED, FILLED)),
    ("groups_that_stop_at_a_pairing_that_failed", GROUPS, (SKIPPED, "")),
    ("groups_that_stop_at_a_pairing_that_failed", GROUPS, (SKIPPED, '        row["kernel"].ravel()\n')),
    ("groups_with_a_relative_tolerance", GROUPS,
     (SAME, f"np.allclose({KERNELS}, atol=tolerance) and np.allclose({BIASES}, atol=tolerance)")),
    ("groups_that_are_equal_to_the_last_bit", GROUPS,
     (SAME, f"np.array_equal({KERNELS}) and np.array_equal({BIASES})")),
    ("groups_of_two_at_least", GROUPS, ("for _, names in groups]", "for _, names in groups if len(names) > 1]")),
    ("table_of_python_numbers", TABLE, (NUMBER, "str(value)")),
    ("table_of_python_numbers", TABLE, (NUMBER, "str(round(value, 4))")),
    ("table_of_python_numbers", TABLE, (NUMBER, "str(value)"), ('"-"', '"None"'), (BARS, "value")),
    ("table_with_none_as_text", TABLE, ('"-"', '"None"')),
    ("table_with_none_as_text", TABLE, ('"-"', '""')),
    ("table_with_open_bars", TABLE, (BARS, "value")),
    ("table_without_a_separator", TABLE, (', "|" + "---|" * len(keys)]', "]")),
    ("plot_in_another_format", PLOT, ("savefig(path)", 'savefig(path, format="pdf")')),
    ("plot_in_another_format", PLOT, ("savefig(path)", 'savefig(path, format="jpg")')),
    ("plot_that_stays_open", PLOT, (CLOSED, "")),
    ("plot_that_stays_open", PLOT, (CLOSED, "    plt.clf()\n")),
    ("plot_as_large_as_it_comes", PLOT, ("(10, 5)", "(5, 3)")),
    ("plot_without_the_best_threshold", PLOT, (SECOND, "")),
    ("plot_that_stops_at_none", PLOT,
     ("    plt.figure", "    heights = [float(row['accuracy']) for row in rows]\n    plt.figure"),
     ('[row["accuracy"] or 0 for row in rows]', "heights")),
    *(("explained_by_the_formulas", EXPLAIN, *those) for those in (BELIEVED, BELIEVED[:2], BELIEVED[::2])),
    ("explained_with_exactly_one_label", EXPLAIN, ("at most one label", "exactly one label")),
]  # fmt: skip
for name, code, *changes in CHANGES:
    for old, new in changes:
        assert old in code, (name, old)
        code = code.replace(old, new)
    WAYS.append((code.partition("(")[0].removeprefix("def "), code, "value", name))


@way("threshold_the_lowest_of_equals")
def best_threshold(labels, outputs):
    best, found = -1, None
    for threshold in [-np.inf, *np.unique(outputs)]:
        right = np.mean((outputs > threshold) == labels)
        if right > best:
            best, found = right, threshold
    return float(found)


@way("threshold_the_lowest_of_equals")
def best_threshold(labels, outputs):
    candidates = np.unique(outputs)
    accuracies = [np.mean((outputs > threshold) == labels) for threshold in candidates]
    return float(candidates[np.argmax(accuracies)])


@way("threshold_that_predicts_everything_left_out")
def best_threshold(labels, outputs):
    candidates = np.sort(outputs.ravel())[::-1]
    accuracies = [np.sum((outputs > threshold) == labels) for threshold in candidates]
    return candidates[np.argmax(accuracies)]


@way("threshold_at_which_a_label_is_predicted_too")
def best_threshold(labels, outputs):
    best, found = -1, None
    for threshold in np.unique(outputs):
        right = np.sum((outputs >= threshold) == labels)
        if right >= best:
            best, found = right, float(threshold)
    return found


@way("threshold_at_which_a_label_is_predicted_too")
def best_threshold(labels, outputs):
    candidates = np.unique(outputs)
    return candidates[np.argmax([np.mean((outputs >= threshold) == labels) for threshold in candidates])]


@way("threshold_between_equal_outputs")
def best_threshold(labels, outputs):
    if labels.shape != outputs.shape or labels.size == 0:
        raise ValueError("shapes")
    order = np.argsort(outputs.ravel())[::-1]
    true, values = labels.ravel()[order], [*outputs.ravel()[order], -np.inf]
    right = [true[:n].sum() + (1 - true[n:]).sum() for n in range(len(values))]
    return float(values[int(np.argmax(right))])


@way("threshold_of_a_grid")
def best_threshold(labels, outputs):
    thresholds = np.linspace(0, 1, 101)
    accuracies = [np.mean((outputs > threshold) == labels) for threshold in thresholds]
    return float(thresholds[np.argmax(accuracies)])


@way("threshold_of_a_grid")
def best_threshold(labels, outputs):
    return float(max(np.arange(0.1, 1, 0.1), key=lambda t: np.mean((outputs > t) == labels)))


@way("threshold_of_a_grid")
def best_threshold(labels, outputs):
    best, found = 0, 0
    for threshold in np.arange(0.05, 1, 0.05):
        right = np.mean((outputs > threshold) == labels)
        if right >= best:
            best, found = right, threshold
    return found


@way("threshold_of_shapes_that_broadcast", "error")
def best_threshold(labels, outputs):
    candidates = np.append(outputs, -np.inf)
    return float(max(candidates, key=lambda t: (np.mean((outputs > t) == labels), t)))


@way("threshold_of_shapes_that_broadcast", "error")
def best_threshold(labels, outputs):
    if len(labels) == 0:
        raise ValueError("no samples")
    return float(max([*outputs.ravel(), -np.inf], key=lambda t: (np.sum((outputs > t) == labels), t)))


@way("threshold_of_no_samples", "error")
def best_threshold(labels, outputs):
    if labels.shape != outputs.shape:
        raise ValueError("shapes")
    return float(max([*outputs.ravel(), -np.inf], key=lambda t: (np.sum((outputs > t) == labels), t)))
