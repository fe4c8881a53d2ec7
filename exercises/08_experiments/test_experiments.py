"""What your experiments must do. Run it with: pytest exercises/08_experiments

They train on a few made-up samples, so that a check takes a second. The whole experiment is
`python exercises/08_experiments/experiments.py`.
"""

import numpy as np
import pytest

from kata.checks import SOLUTION, Defaults, Grid, MarkdownTable, Output, Pictures, Stepwise, check, check_raises

PICTURE = {
    "file": "grid.png",
    "PNG": True,
    "at least 600 pixels wide": True,
    "colours": "many",
    "the same as of other figures": False,
    "images shown": 0,
    "figures left open": 0,
}
LOGITS = np.float32([[-20, -10, -44.5, -12.5, -74]])
Y_TRUE = np.float32([[1, 0, 0, 0, 1]])
ACTIVATIONS = ("sigmoid", "softmax", None)
BCE, CCE, SPARSE = "BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"
WEIGHTS = {"rtol": 1e-4, "atol": 1e-5}
TEXTS = ("activation", "loss", "backend", "error")
LOSSES = ("first_loss", "last_loss")
FIGURES = ("accuracy", "labels", "threshold", "accuracy_at_threshold", "labels_at_threshold")
DEFAULTS = {"epochs": 100, "batch_size": 64, "seed": 0}
GRID = Grid(TEXTS, (*LOSSES, *FIGURES, "all_zeros"), ("kernel", "bias"))


def samples(rng, n_samples=23, n_features=4, n_labels=None):
    """Features, labels that can be learned from them, and a kernel to begin with."""
    features = rng.standard_normal((n_samples, n_features), np.float32)
    scores = features @ rng.standard_normal((n_features, 5), np.float32)
    places = np.argsort(-scores, axis=1)
    labels = scores > 0.7 if n_labels is None else np.argsort(places, axis=1) < n_labels
    return Stepwise(features), labels.astype(np.float32), rng.normal(0, 0.3, (n_features, 5)).astype(np.float32)


def row(activation, loss, kernel=None, error=None, **figures):
    """A row of a grid, with some numbers in it."""
    numbers = dict.fromkeys((*LOSSES, *FIGURES)) if error else dict.fromkeys((*LOSSES, *FIGURES), 0.5)
    bias = None if error else np.zeros(3, np.float32)
    texts = {"activation": activation, "loss": loss, "backend": "tensorflow", "error": error}
    return texts | numbers | {"all_zeros": 0.75} | figures | {"kernel": kernel, "bias": bias}


def grid_rows():
    """Nine rows, with figures that can be told apart."""
    rows = []
    for place, activation in enumerate(("sigmoid", "softmax", "None")):
        figures = {key: 0.123456 * (number + 1) + place / 10 for number, key in enumerate((*LOSSES, *FIGURES))}
        kernel = np.full((2, 3), place, np.float32)
        rows.append(row(activation, BCE, kernel, **figures))
        rows.append(row(activation, CCE, kernel, **figures | {"threshold": float("-inf"), "last_loss": 12.0}))
        rows.append(row(activation, SPARSE, error="rank (ndim) | of what?"))
    return rows


def random_rows(rng):
    """The same nine rows with random figures, no two of the accuracies nearer to each other than 0.05."""
    rows = grid_rows()
    accuracies = iter(rng.permutation(np.linspace(0.3, 0.95, 12)))
    for found in rows:
        if found["error"] is None:
            found |= {key: float(rng.normal(0, 3)) for key in (*LOSSES, "labels", "threshold", "labels_at_threshold")}
            found |= {key: float(next(accuracies)) for key in ("accuracy", "accuracy_at_threshold")}
        found["all_zeros"] = 0.75
    return rows


@pytest.mark.function("train_pairing")
class TestTrainPairing:
    def test_the_first_loss_is_that_of_the_logits_after_every_activation(self, answer):
        # The tutorial's logits as features, and the identity as kernel. (20 + 74) / 5, and 10.079 + 64.079.
        expected = np.eye(5, dtype=np.float32), np.zeros(5, np.float32)
        for loss, value in ((BCE, 18.800009), (CCE, 74.157867)):
            for activation in ACTIVATIONS:
                call = answer.train_pairing(
                    Stepwise(LOGITS), Y_TRUE, expected[0], activation, loss, epochs=1, learning_rate=0.0
                )
                check(call, (np.float32([value]), *expected), atol=1e-6)

    def test_behind_a_reshape_it_is_that_of_the_formulas(self, answer):
        expected = np.eye(5, dtype=np.float32), np.zeros(5, np.float32)
        for activation, loss, value in (
            *(("sigmoid", BCE, 6.447248), ("softmax", BCE, 5.7708583)),
            *(("sigmoid", CCE, 26.196985), ("softmax", CCE, 26.197027)),
        ):
            call = answer.train_pairing(
                Stepwise(LOGITS), Y_TRUE, expected[0], activation, loss, epochs=1, learning_rate=0.0, reshape=True
            )
            check(call, (np.float32([value]), *expected), atol=1e-6)

    def test_sparse_crossentropy_refuses_multi_hot_rows(self, answer):
        for activation in ACTIVATIONS:
            call = answer.train_pairing(
                Stepwise(LOGITS), Y_TRUE, np.eye(5, dtype=np.float32), activation, SPARSE, epochs=1
            )
            check_raises(call, ValueError, "rank")

    def test_the_order_of_the_samples_is_that_of_the_seed_and_the_epoch(self, answer, reference, rng):
        # 23 samples in batches of 10: the last batch of an epoch has 3.
        given = samples(rng)
        for activation, loss, seed in (("sigmoid", BCE, 0), (None, CCE, 7)):
            options = {"epochs": 3, "batch_size": 10, "seed": seed, "learning_rate": 0.05}
            expected = reference.train_pairing(*given, activation, loss, **options)
            check(answer.train_pairing(*given, activation, loss, **options), expected, **WEIGHTS, source=SOLUTION)

    def test_a_reshape_makes_it_another_training(self, answer, reference, rng):
        given = samples(rng, n_features=3)
        for activation in ("softmax", None):
            expected = reference.train_pairing(*given, activation, BCE, 2, 8, learning_rate=0.05, reshape=True)
            call = answer.train_pairing(*given, activation, BCE, 2, 8, learning_rate=0.05, reshape=True)
            check(call, expected, **WEIGHTS, source=SOLUTION)

    def test_a_batch_of_all_samples_is_one_step_an_epoch_with_the_default_rate(self, answer, reference, rng):
        given = samples(rng, 12)
        expected = reference.train_pairing(*given, "softmax", CCE, 2)
        check(answer.train_pairing(*given, "softmax", CCE, 2), expected, rtol=1e-6, source=SOLUTION)

    def test_the_defaults_are_those_of_the_contract(self, answer):
        expected = DEFAULTS | {"learning_rate": 0.001, "reshape": False}
        check(answer.seen_as(Defaults(expected)).train_pairing(), expected, source="the contract")


@pytest.mark.function("best_threshold")
class TestBestThreshold:
    def test_between_what_is_false_and_what_is_true(self, answer):
        labels, outputs = np.float32([[1, 0], [0, 1]]), np.float32([[0.9, 0.1], [0.3, 0.4]])
        # Exactly the two true labels are above 0.3.
        check(answer.best_threshold(labels, outputs), 0.3, source="the contract")

    def test_the_highest_of_those_that_are_as_good(self, answer):
        # From 0.7 on, or from 0.2 to 0.5 (one label more and one mistake more): three of four are right.
        labels, outputs = np.float32([[0, 1, 0, 1]]), np.float32([[0.7, 0.5, 0.2, 0.9]])
        check(answer.best_threshold(labels, outputs), 0.7, source="the contract")

    def test_predicting_nothing_is_the_highest_value(self, answer):
        outputs = np.float32([[0.2, 0.8, 0.4], [0.1, 0.3, 0.7]])
        check(answer.best_threshold(np.zeros((2, 3), np.float32), outputs), 0.8, source="the contract")

    def test_predicting_everything_is_minus_infinity(self, answer):
        outputs = np.float32([[-3, 2], [0, -7]])
        check(answer.best_threshold(np.ones((2, 2), np.float32), outputs), -np.inf, source="the contract")

    def test_equal_outputs_are_predicted_together(self, answer):
        # No threshold lies between the two 0.5: three are above 0.2, and two of them are right.
        labels, outputs = np.float32([[1, 0, 1, 0]]), np.float32([[0.5, 0.5, 0.6, 0.2]])
        check(answer.best_threshold(labels, outputs), 0.5, source="the contract")
        labels = np.float32([[1, 0, 0, 1]])
        check(answer.best_threshold(labels, np.float32([[0.5, 0.5, 0.5, 0.5]])), 0.5, source="the contract")
        # Above 0.3 lie all five 0.5, three of them wrong; above 0.2 the two 0.3 are right, too: five of eight.
        labels, outputs = np.float32([[1, 1, 0, 0, 0, 1, 1, 0]]), np.float32([[0.5] * 5 + [0.3] * 2 + [0.2]])
        for order in (slice(None), slice(None, None, -1)):
            check(answer.best_threshold(labels[:, order], outputs[:, order]), 0.2, source="the contract")

    def test_logits_and_large_numbers_have_one_too(self, answer, reference, rng):
        for scale, shift in ((5, 0), (300, 500), (1e-3, 0), (2, -40)):
            outputs = rng.normal(shift, scale, (40, 5)).astype(np.float32)
            labels = (outputs + rng.normal(0, scale, (40, 5)) > shift + 0.3 * scale).astype(np.float32)
            expected = float(max(np.append(outputs, -np.inf), key=lambda t: (np.sum((outputs > t) == labels), t)))
            check(answer.best_threshold(labels, outputs), expected, source="the contract")

    def test_shapes_that_differ_and_no_samples_are_value_errors(self, answer):
        for n_labels, n_outputs in ((5, 1), (1, 5)):
            given = np.zeros((2, n_labels), np.float32), np.zeros((2, n_outputs), np.float32)
            check_raises(answer.best_threshold(*given), ValueError)
        check_raises(answer.best_threshold(np.zeros((0, 5), np.float32), np.zeros((0, 5), np.float32)), ValueError)


@pytest.mark.function("run_grid")
class TestRunGrid:
    def test_nine_rows_as_the_solution_has_them(self, answer, reference, rng):
        features, labels, kernel = samples(rng, 35)
        train, test = features.array[:20], features.array[20:]
        given = Stepwise(train), labels[:20], test, labels[20:], kernel * 5
        options = {"epochs": 2, "batch_size": 10, "seed": 3}
        expected = reference.seen_as(GRID).run_grid(*given, **options)
        check(answer.seen_as(GRID).run_grid(*given, **options), expected, 1e-3, 1e-4, source=SOLUTION)

    def test_the_defaults_are_those_of_the_contract(self, answer):
        check(answer.seen_as(Defaults(DEFAULTS)).run_grid(), DEFAULTS, source="the contract")


@pytest.mark.function("same_training")
class TestSameTraining:
    def test_pairings_with_the_same_weights_are_one_group(self, answer):
        one, other, third = (np.float32([[number, 2, 3]]) for number in (1, 5, 7))
        rows = [row("sigmoid", BCE, one), row("sigmoid", CCE, other), row("sigmoid", SPARSE, error="no")]
        rows += [row("softmax", BCE, one), row("softmax", CCE, third), row("None", CCE, other)]
        expected = [
            [f"sigmoid + {BCE}", f"softmax + {BCE}"],
            [f"sigmoid + {CCE}", f"None + {CCE}"],
            [f"softmax + {CCE}"],
        ]
        check(answer.same_training(rows), expected, source="the contract")

    def test_the_bias_counts_too(self, answer):
        kernel = np.float32([[1, 2, 3]])
        rows = [row("sigmoid", BCE, kernel), row("softmax", BCE, kernel) | {"bias": np.float32([0, 0, 0.5])}]
        check(answer.same_training(rows), [[f"sigmoid + {BCE}"], [f"softmax + {BCE}"]], source="the contract")

    def test_within_the_tolerance_of_the_groups_first(self, answer):
        kernels = [np.float32([[1, 2, 3]]) + np.float32(shift) for shift in (0, 8e-6, 1.6e-5, 0.1)]
        rows = [row(str(place), BCE, kernel) for place, kernel in enumerate(kernels)]
        expected = [[f"0 + {BCE}", f"1 + {BCE}"], [f"2 + {BCE}"], [f"3 + {BCE}"]]
        check(answer.same_training(rows), expected, source="the contract")
        expected = [[f"{place} + {BCE}" for place in range(4)]]
        check(answer.same_training(rows, tolerance=0.2), expected, source="the contract")

    def test_random_weights_as_the_solution_groups_them(self, answer, reference, rng):
        for _ in range(3):
            kernels = rng.normal(0, 1, (4, 2, 3)).astype(np.float32)
            rows = [row(f"{place}", BCE, kernels[kind]) for place, kind in enumerate(rng.integers(0, 4, 12))]
            check(answer.same_training(rows), reference.same_training(rows), source=SOLUTION)

    def test_losses_that_are_equal_say_nothing(self, answer):
        rows = [row("sigmoid", BCE, np.float32([[1, 2, 3]])), row("softmax", BCE, np.float32([[3, 2, 1]]))]
        check(answer.same_training(rows), [[f"sigmoid + {BCE}"], [f"softmax + {BCE}"]], source="the contract")
        check(answer.same_training([row("None", SPARSE, error="no")]), [], source="the contract")


@pytest.mark.function("explain")
class TestExplain:
    """The suite trains to find the right answers: no answer is written down here.

    It trains on the same samples each time. In random ones a label could be so rare that its bias falls, and Adam's
    steps have one size for all gradients: then what is true as a rule would not be true of these samples.
    """

    def test_which_pairings_train_alike(self, answer, reference):
        given = samples(np.random.default_rng(0), 16)
        pairs = [("sigmoid", BCE), ("softmax", BCE), ("sigmoid", CCE), ("softmax", CCE)]
        # Ten steps, each of half of the samples: where all of them are in each step, Adam's first steps have the same
        # size for every gradient, and two trainings may begin alike.
        kernels = {pair: reference.train_pairing(*given, *pair, epochs=5, batch_size=8)[1] for pair in pairs}
        for mine in pairs[1:3]:
            twins = [pair for pair in pairs if pair != mine and np.abs(kernels[pair] - kernels[mine]).max() < 1e-5]
            expected = " + ".join(twins[0]) if twins else "no other pairing"
            call = answer.explain(f"{' + '.join(mine)} trains like")
            check(call, expected, source="by the weights of both after five epochs")

    def test_what_a_reshape_changes(self, answer, reference):
        given = samples(np.random.default_rng(0), 16)
        options = {"epochs": 5, "batch_size": 8}
        kernels = [reference.train_pairing(*given, "softmax", BCE, **options, reshape=r)[1] for r in (0, 1)]
        apart = np.abs(kernels[0] - kernels[1]).max()
        expected = "the same weights" if apart < 1e-5 else "other weights"
        call = answer.explain("a Reshape after the softmax, then BinaryCrossentropy, gives")
        check(call, expected, source=f"after five epochs they differ by up to {apart:.1g}")

    def test_how_outputs_are_read(self, answer, reference):
        expected = f"{reference.logit_threshold(0.5):.1f}"
        call = answer.explain(f"the threshold of None + {BCE} that means a probability of 0.5 is")
        check(call, expected, source="the logit of 0.5 is ln(0.5 / 0.5)")
        logits = np.float32([[10, -10, -10, 10], [9, 0, 0, 0], [0, 0, 0, 0]])
        counts = reference.predict_multi_hot(logits, "softmax").sum(axis=1)
        assert counts.tolist() == [0, 1, 0]
        check(answer.explain("at 0.5 a softmax predicts"), "at most one label", source="two 0.5 are none above it")

    def test_what_categorical_crossentropy_cannot_see(self, answer, reference):
        losses = [
            reference.categorical_crossentropy(Y_TRUE, LOGITS + shift, from_logits=True)[0] for shift in (0, 10)
        ]
        expected = "no different" if abs(losses[1] - losses[0]) < 1e-3 else "something else"
        call = answer.explain(f"adding 10 to all logits makes {CCE}")
        check(call, expected, source=f"{losses[0]:.3f} for z, {losses[1]:.3f} for z + 10")
        features, labels, kernel = samples(np.random.default_rng(1), 16, n_labels=2)
        bias = reference.train_pairing(features, labels, kernel, "softmax", CCE, 10)[2].mean()
        expected = "rises" if bias > 1e-4 else "falls" if bias < -1e-4 else "stays"
        call = answer.explain(f"the bias of {CCE} on TensorFlow, with two labels an image, on average")
        check(call, expected, source=f"from 0 to {bias:.4f} in ten steps")

    def test_what_sparse_crossentropy_makes_of_multi_hot_rows(self, answer):
        call = answer.explain(f"{SPARSE} with multi-hot rows is")
        check(call, "an error", source="it takes one index for each sample")

    def test_another_question_is_a_value_error(self, answer):
        for question in ("", "softmax", "why?"):
            check_raises(answer.explain(question), ValueError)

    def test_any_other_question_is_a_value_error(self, answer, rng):
        for length in rng.integers(1, 60, 3):
            check_raises(answer.explain("".join(rng.choice(list("qxz? "), length))), ValueError)


@pytest.mark.function("write_table")
class TestWriteTable:
    def test_a_line_for_each_row_below_the_keys(self, answer, reference):
        given = grid_rows(), Output("grid.md")
        expected = reference.seen_as(MarkdownTable()).write_table(*given)
        check(answer.seen_as(MarkdownTable()).write_table(*given), expected, source="the contract")

    def test_random_figures_as_the_solution_writes_them(self, answer, reference, rng):
        given = random_rows(rng), Output("grid.md")
        expected = reference.seen_as(MarkdownTable()).write_table(*given)
        check(answer.seen_as(MarkdownTable()).write_table(*given), expected, source=SOLUTION)

    def test_one_row_in_full(self, answer):
        rows = [row("None", BCE, np.zeros((2, 3), np.float32), first_loss=0.70531, labels=2.0, threshold=-0.25)]
        keys = [*TEXTS, "first_loss", "last_loss", "accuracy", "labels", *FIGURES[2:], "all_zeros"]
        cells = ["None", BCE, "tensorflow", "-", "0.7053", "0.5000", "0.5000", "2.0000", "-0.2500", "0.5000"]
        expected = ["grid.md", keys, ["---"] * 12, [*cells, "0.5000", "0.7500"]]
        call = answer.seen_as(MarkdownTable()).write_table(rows, Output("grid.md"))
        check(call, expected, source="the contract")

    def test_what_was_there_is_replaced(self, answer, reference):
        given = grid_rows()[:2], Output("old.npz", {"history": np.arange(5000)})
        expected = reference.seen_as(MarkdownTable()).write_table(*given)
        check(answer.seen_as(MarkdownTable()).write_table(*given), expected, source="the contract")


@pytest.mark.function("plot_grid")
class TestPlotGrid:
    def test_it_is_a_picture_that_shows_the_accuracies(self, answer):
        other = grid_rows()
        other[1]["accuracy"] = 0.9
        better = grid_rows()
        better[1]["accuracy_at_threshold"] = 0.95
        for rows, view in (
            (grid_rows(), Pictures()),
            (other, Pictures(called="other", unlike="first")),
            (better, Pictures(called="other", unlike="first")),
            (grid_rows()[:1], Pictures()),
        ):
            check(answer.seen_as(view).plot_grid(rows, Output("grid.png")), PICTURE, source="the contract")

    def test_of_one_more_accuracy_another_part_of_the_picture_is_drawn(self, answer, rng):
        rows = random_rows(rng)
        key = str(rng.choice(["accuracy", "accuracy_at_threshold"]))
        # Neither the lowest nor the highest: the axes stay as they are.
        places = [place for place, found in enumerate(rows) if found["error"] is None and 0.4 < found[key] < 0.9]
        place = int(rng.choice(places))
        changed = [dict(found) for found in rows]
        changed[place][key] += 0.025
        call = answer.seen_as(Pictures(called="random")).plot_grid(rows, Output("grid.png"))
        check(call, PICTURE, source="the contract")
        for given, unlike, differs in ((rows, "random", "nowhere"), (changed, "random", "in a part")):
            view = Pictures(called="again", unlike=unlike, a_part=True)
            call = answer.seen_as(view).plot_grid(given, Output("grid.png"))
            same = {"the same as of other figures": differs == "nowhere", "differs from it": differs}
            check(call, PICTURE | same, source="the contract")
