"""What your pairings must do. Run it with: pytest exercises/04_pairings

They rest on your exercises 02 and 03: where one of those is not right yet, the checks here say that they wait.
"""

import numpy as np
import pytest

from kata.checks import SOLUTION, check, check_raises

LOGITS = np.float32([[-20, -10, -44.5, -12.5, -74]])
Y_TRUE = np.float32([[1, 0, 0, 0, 1]])
ACTIVATIONS = ("sigmoid", "softmax", None)
BCE, CCE, SPARSE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
NEAR = {"rtol": 1e-5, "atol": 1e-6}


@pytest.mark.function("textbook_loss")
class TestTextbookLoss:
    def test_binary_crossentropy_of_the_tutorials_logits(self, answer):
        # sigmoid: (16.118 + 16.118) / 5; softmax: also -ln(1 - 0.924) / 5; None: logits, (20 + 74) / 5
        for activation, expected in (("sigmoid", 6.447248), ("softmax", 5.7708583), (None, 18.800009)):
            check(answer.textbook_loss(Y_TRUE, LOGITS, activation, BCE), np.float32([expected]), **NEAR)

    def test_categorical_crossentropy_of_the_tutorials_logits(self, answer):
        for activation, expected in (("sigmoid", 26.196985), ("softmax", 26.197027), (None, 74.157867)):
            check(answer.textbook_loss(Y_TRUE, LOGITS, activation, CCE), np.float32([expected]), **NEAR)

    def test_sparse_categorical_crossentropy_of_the_tutorials_logits(self, answer):
        for activation, expected in (("sigmoid", 6.203031), ("softmax", 10.078932), (None, 10.078932)):
            check(answer.textbook_loss(np.array([0]), LOGITS, activation, SPARSE), np.float32([expected]), **NEAR)

    def test_sparse_categorical_crossentropy_refuses_multi_hot_rows(self, answer):
        for activation in ACTIVATIONS:
            check_raises(answer.textbook_loss(np.int64(Y_TRUE), LOGITS, activation, SPARSE), ValueError)

    def test_unknown_names_are_value_errors_that_name_the_choices(self, answer):
        for name in ("relu", "linear", "None", "", "Sigmoid", "log_softmax"):
            for y_true, loss in ((Y_TRUE, BCE), (Y_TRUE, CCE), (np.array([0]), SPARSE)):
                check_raises(
                    answer.textbook_loss(y_true, LOGITS, name, loss), ValueError, "sigmoid", "softmax", "None"
                )
        for name in ("mse", "BinaryCrossentropy", "categorical_focal_crossentropy", "crossentropy", "", None):
            check_raises(answer.textbook_loss(Y_TRUE, LOGITS, "sigmoid", name), ValueError, BCE, CCE, SPARSE)

    def test_no_samples_give_no_losses(self, answer):
        empty = np.zeros((0, 5), np.float32)
        for activation in ACTIVATIONS:
            check(answer.textbook_loss(empty, empty, activation, BCE), np.zeros(0, np.float32), **NEAR)

    def test_random_logits_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, labels, logits in random_samples(rng):
            for activation in ACTIVATIONS:
                for loss, y in ((BCE, y_true), (CCE, y_true), (SPARSE, labels)):
                    expected = reference.textbook_loss(y, logits, activation, loss)
                    check(answer.textbook_loss(y, logits, activation, loss), expected, source=SOLUTION, **NEAR)


@pytest.mark.function("keras_loss")
class TestKerasLoss:
    def test_binary_crossentropy_is_the_same_after_every_activation(self, answer):
        # Keras takes the logits that went into the activation, and its own sigmoid: (20 + 74) / 5
        for activation in ACTIVATIONS:
            check(answer.keras_loss(Y_TRUE, LOGITS, activation, BCE), np.float32([18.800009]), **NEAR)

    def test_categorical_crossentropy_is_the_same_after_every_activation(self, answer):
        # The same with its own softmax: 10.079 + 64.079
        for activation in ACTIVATIONS:
            check(answer.keras_loss(Y_TRUE, LOGITS, activation, CCE), np.float32([74.157867]), **NEAR)

    def test_sparse_categorical_crossentropy_too(self, answer):
        for activation in ACTIVATIONS:
            check(answer.keras_loss(np.array([4]), LOGITS, activation, SPARSE), np.float32([64.078934]), **NEAR)

    def test_sparse_categorical_crossentropy_refuses_multi_hot_rows(self, answer):
        for activation in ACTIVATIONS:
            check_raises(answer.keras_loss(np.int64(Y_TRUE), LOGITS, activation, SPARSE), ValueError)

    def test_unknown_names_are_value_errors_that_name_the_choices(self, answer):
        # Also for the activation, although the loss does not use its output.
        for name in ("relu", "linear", "None", "", "Sigmoid", "log_softmax"):
            for y_true, loss in ((Y_TRUE, BCE), (Y_TRUE, CCE), (np.array([0]), SPARSE)):
                check_raises(answer.keras_loss(y_true, LOGITS, name, loss), ValueError, "sigmoid", "softmax", "None")
        for name in ("mse", "BinaryCrossentropy", "categorical_focal_crossentropy", "crossentropy", "", None):
            check_raises(answer.keras_loss(Y_TRUE, LOGITS, "sigmoid", name), ValueError, BCE, CCE, SPARSE)

    def test_no_samples_give_no_losses(self, answer):
        empty = np.zeros((0, 5), np.float32)
        for activation in ACTIVATIONS:
            check(answer.keras_loss(empty, empty, activation, CCE), np.zeros(0, np.float32), **NEAR)

    def test_random_logits_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, labels, logits in random_samples(rng):
            for activation in ACTIVATIONS:
                for loss, y in ((BCE, y_true), (CCE, y_true), (SPARSE, labels)):
                    expected = reference.keras_loss(y, logits, activation, loss)
                    check(answer.keras_loss(y, logits, activation, loss), expected, source=SOLUTION, **NEAR)


@pytest.mark.function("predict_multi_hot")
class TestPredictMultiHot:
    def test_sigmoid_can_name_several_labels(self, answer):
        # 0.73, 0.27, 0.88, 0.62: three are above 0.5
        call = answer.predict_multi_hot(np.float32([[1, -1, 2, 0.5]]), "sigmoid")
        check(call, np.float32([[1, 0, 1, 1]]), rtol=0, source="the contract")

    def test_softmax_at_one_half_can_name_one_label_at_most(self, answer):
        # Probabilities that sum to 1: (0.21, 0.03, 0.58, 0.13, ...) and, in the second row, none above 0.5
        logits = np.float32([[1, -1, 2, 0.5], [1, 1, 0, 0]])
        call = answer.predict_multi_hot(logits, "softmax")
        check(call, np.float32([[0, 0, 1, 0], [0, 0, 0, 0]]), rtol=0, source="the contract")

    def test_without_an_activation_the_logits_themselves_are_compared(self, answer):
        call = answer.predict_multi_hot(np.float32([[1, -1, 0.4, 0.6]]), None)
        check(call, np.float32([[1, 0, 0, 1]]), rtol=0, source="the contract")
        call = answer.predict_multi_hot(np.float32([[1, -1, 0.4, 0.6]]), None, threshold=0.0)
        check(call, np.float32([[1, 0, 1, 1]]), rtol=0, source="the contract")

    def test_a_value_at_the_threshold_is_not_predicted(self, answer):
        # sigmoid(0) and each half of softmax([3, 3]) are exactly 0.5
        call = answer.predict_multi_hot(np.float32([[0, 1, -1]]), "sigmoid")
        check(call, np.float32([[0, 1, 0]]), rtol=0, source="the contract")
        call = answer.predict_multi_hot(np.float32([[3, 3]]), "softmax")
        check(call, np.float32([[0, 0]]), rtol=0, source="the contract")
        call = answer.predict_multi_hot(np.float32([[2, 2.5]]), None, 2.0)
        check(call, np.float32([[0, 1]]), rtol=0, source="the contract")
        # The float32 nearest to 0.3 is 0.30000001: at the threshold, not above it. Keras compares in float32.
        call = answer.predict_multi_hot(np.float32([[0.3, 0.31]]), None, 0.3)
        check(call, np.float32([[0, 1]]), rtol=0, source="Keras")

    def test_the_threshold_is_on_the_scale_of_the_activated_output(self, answer):
        # 0.73, 0.27, 0.88: one is above 0.8, all are above 0.2
        for threshold, expected in ((0.8, [[0, 0, 1]]), (0.2, [[1, 1, 1]]), (0.0, [[1, 1, 1]]), (1.0, [[0, 0, 0]])):
            call = answer.predict_multi_hot(np.float32([[1, -1, 2]]), "sigmoid", threshold)
            check(call, np.float32(expected), rtol=0, source="the contract")

    def test_the_tutorials_logits_predict_nothing_and_one_wrong_label(self, answer):
        check(answer.predict_multi_hot(LOGITS, "sigmoid"), np.float32([[0, 0, 0, 0, 0]]), rtol=0, source="Keras")
        check(answer.predict_multi_hot(LOGITS, "softmax"), np.float32([[0, 1, 0, 0, 0]]), rtol=0, source="Keras")

    def test_no_samples_and_huge_logits(self, answer):
        empty = np.zeros((0, 5), np.float32)
        for activation in ACTIVATIONS:
            check(answer.predict_multi_hot(empty, activation), empty, rtol=0, source="the contract")
            call = answer.predict_multi_hot(np.float32([[1e4, -1e4]]), activation)
            check(call, np.float32([[1, 0]]), rtol=0, source="the contract")

    def test_an_unknown_activation_is_a_value_error_that_names_the_choices(self, answer):
        for name in ("relu", "linear", "None", "", "Sigmoid", "log_softmax"):
            check_raises(answer.predict_multi_hot(LOGITS, name), ValueError, "sigmoid", "softmax", "None")

    def test_random_logits_as_the_solution_has_them(self, answer, reference, rng):
        for _, _, logits in random_samples(rng):
            for activation in ACTIVATIONS:
                for threshold in (0.5, 0.25, 0.9):
                    # Keep away from the threshold, where float32's last digit would decide.
                    expected = reference.predict_multi_hot(logits, activation, threshold)
                    nearly = reference.predict_multi_hot(logits, activation, threshold * (1 + 1e-5))
                    if (expected == nearly).all():
                        call = answer.predict_multi_hot(logits, activation, threshold)
                        check(call, expected, rtol=0, source=SOLUTION)


@pytest.mark.function("recommended_setup")
class TestRecommendedSetup:
    def test_multi_label(self, answer):
        for _ in range(2):  # twice: the no answer may depend on an earlier call
            expected = row("multi-hot", "sigmoid", "Binary")
            check(answer.recommended_setup("multi-label"), expected, source="the contract")

    def test_binary(self, answer):
        check(answer.recommended_setup("binary"), row("integer", "sigmoid", "Binary"), source="the contract")

    def test_multi_class(self, answer):
        one_hot, integer = row("one-hot", "softmax", "Categorical"), row("integer", "softmax", "SparseCategorical")
        check(answer.recommended_setup("multi-class"), one_hot, also=integer, source="the contract")

    def test_an_unknown_task_is_a_value_error_that_names_the_choices(self, answer):
        for task in ("regression", "multilabel", "Binary", "multi", "", None):
            check_raises(answer.recommended_setup(task), ValueError, "binary", "multi-class", "multi-label")


def row(encoding, activation, family):
    return {
        "encoding": encoding,
        "activation": activation,
        "loss": f"{family}Crossentropy",
        "metric": f"{family}Accuracy",
    }


def random_samples(rng):
    for n_samples, n_classes, scale in ((1, 5, 3), (4, 4, 10), (30, 5, 2), (2, 12, 1)):
        shape = (n_samples, n_classes)
        y_true = rng.integers(0, 2, shape).astype(np.float32)
        labels = rng.integers(0, n_classes, n_samples)
        # Logits between -3 and 3: 1 - p loses its digits where a probability p comes near 1, and at the clip float32
        # and float64 differ.
        logits = np.clip(rng.normal(0, scale, shape), -3, 3).astype(np.float32)
        yield y_true, labels, logits
