"""What your accuracies must do. Run it with: pytest exercises/05_binary_accuracy"""

import numpy as np
import pytest

from kata.checks import SOLUTION, check, check_raises

Y_TRUE = np.float32([[1, 0, 0, 0, 1]])
SIGMOID = np.float32([[2.0611537e-09, 4.5397868e-05, 4.7194951e-20, 3.7266393e-06, 7.2812905e-33]])
SOFTMAX = np.float32([[4.1954216e-05, 0.92410302, 9.6064018e-16, 0.075855002, 1.4820867e-28]])

# Four samples: all labels right, one label missed, one label too many, everything wrong.
Y_FOUR = np.float32([[1, 0, 0, 0, 1], [0, 1, 1, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]])
P_FOUR = np.float32(
    [[0.9, 0.1, 0.2, 0.1, 0.8], [0.2, 0.7, 0.4, 0.4, 0.3], [0.1, 0.2, 0.1, 0.6, 0.05], [0.1, 0.2, 0.3, 0.4, 0.49]]
)
EMPTY = np.zeros((0, 5), np.float32)

# How many of the 2,000 real scenes have which labels: (desert, mountains, sea, sunset, trees).
SCENES = {
    (1, 0, 0, 0, 0): 340, (0, 1, 0, 0, 0): 268, (0, 0, 1, 0, 0): 341, (0, 0, 0, 1, 0): 216, (0, 0, 0, 0, 1): 378,
    (0, 0, 1, 1, 0): 172, (0, 1, 0, 0, 1): 106, (0, 1, 1, 0, 0): 38, (0, 0, 0, 1, 1): 28, (1, 0, 0, 1, 0): 21,
    (1, 0, 0, 0, 1): 20, (1, 1, 0, 0, 0): 19, (0, 1, 0, 1, 0): 19, (0, 0, 1, 0, 1): 14, (0, 1, 1, 0, 1): 6,
    (1, 0, 1, 0, 0): 5, (0, 0, 1, 1, 1): 4, (1, 0, 0, 1, 1): 3, (1, 1, 0, 1, 0): 1, (0, 1, 0, 1, 1): 1,
}  # fmt: skip
REAL_LABELS = np.repeat(np.float32(list(SCENES)), list(SCENES.values()), axis=0)


@pytest.mark.function("binary_accuracy")
class TestBinaryAccuracy:
    def test_the_60_percent_trap(self, answer):
        # The model predicts nothing and misses both true labels, but three of five slots are right.
        check(answer.binary_accuracy(Y_TRUE, SIGMOID), np.float32([0.6]))
        # One wrong label on top: two of five.
        check(answer.binary_accuracy(Y_TRUE, SOFTMAX), np.float32([0.4]))

    def test_one_share_for_each_sample(self, answer):
        check(answer.binary_accuracy(Y_FOUR, P_FOUR), np.float32([1, 0.8, 0.8, 0]))

    def test_a_value_at_the_threshold_is_not_predicted(self, answer):
        p = np.float32([[0.5, 0.5, 0.5, 0.5000001, 0.4999999]])
        # Only the fourth is predicted, so four of five are right.
        check(answer.binary_accuracy(np.float32([[1, 0, 0, 1, 0]]), p), np.float32([0.8]))
        call = answer.binary_accuracy(np.float32([[1, 0]]), np.float32([[0.25, 0.25]]), threshold=0.25)
        check(call, np.float32([0.5]))
        # The float32 nearest to 0.3 is 0.30000001: at the threshold, not above it. Keras compares in float32.
        call = answer.binary_accuracy(np.float32([[0, 0]]), np.float32([[0.3, 0.3]]), threshold=0.3)
        check(call, np.float32([1]))

    def test_the_threshold_can_be_chosen(self, answer):
        p, y_true = np.float32([[0.1, 0.3, 0.6, 0.8]]), np.float32([[0, 1, 1, 1]])
        for threshold, expected in ((0.2, 1), (0.5, 0.75), (0.7, 0.5), (0.9, 0.25), (0.05, 0.75)):
            check(answer.binary_accuracy(y_true, p, threshold=threshold), np.float32([expected]))
            check(answer.binary_accuracy(y_true, p, threshold), np.float32([expected]))

    def test_logits_with_a_threshold_for_logits(self, answer):
        # The second and the fourth are above 0.0; only the fourth is above 0.5, the threshold for probabilities.
        logits, y_true = np.float32([[-3, 0.3, -0.2, 5]]), np.float32([[0, 1, 0, 1]])
        check(answer.binary_accuracy(y_true, logits, threshold=0.0), np.float32([1]))
        check(answer.binary_accuracy(y_true, logits), np.float32([0.75]))
        check(answer.binary_accuracy(y_true, logits, threshold=-1.0), np.float32([0.75]))
        check(answer.binary_accuracy(np.float32([[1, 0]]), np.float32([[1e-8, -1e-8]]), 0.0), np.float32([1]))

    def test_one_class_and_no_samples(self, answer):
        call = answer.binary_accuracy(np.float32([[1], [0], [1]]), np.float32([[0.9], [0.9], [0.1]]))
        check(call, np.float32([1, 0, 0]))
        check(answer.binary_accuracy(EMPTY, EMPTY), np.zeros(0, np.float32))

    def test_shapes_that_differ_are_a_value_error(self, answer):
        check_shapes(answer.binary_accuracy)

    def test_random_samples_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, p, threshold in random_samples(rng):
            expected = reference.binary_accuracy(y_true, p, threshold)
            check(answer.binary_accuracy(y_true, p, threshold), expected, source=SOLUTION)


@pytest.mark.function("subset_accuracy")
class TestSubsetAccuracy:
    def test_only_a_sample_with_all_labels_right_counts(self, answer):
        # The first of four. Binary accuracy calls the same predictions 65 % right.
        check(answer.subset_accuracy(Y_FOUR, P_FOUR), 0.25, source="the contract")

    def test_the_labels_must_be_found_too(self, answer):
        y_true, p = np.float32([[1, 0], [1, 1], [0, 1]]), np.float32([[0.9, 0.2], [0.6, 0.7], [0.1, 0.3]])
        check(answer.subset_accuracy(y_true, p), 2 / 3, source="the contract")
        # The same number of labels, but another label.
        check(answer.subset_accuracy(np.float32([[0, 1]]), np.float32([[0.9, 0.1]])), 0.0, source="the contract")
        # All labels are right except for one of 300.
        p = 0.9 * np.eye(1, 300, dtype=np.float32)
        check(answer.subset_accuracy(np.zeros_like(p), p), 0.0, source="the contract")
        # All labels are right except for the ninth, which is one label too many.
        p = np.float32([[0.9, 0, 0, 0, 0, 0, 0, 0, 0.9]])
        check(answer.subset_accuracy(np.eye(1, 9, dtype=np.float32), p), 0.0, source="the contract")

    def test_nothing_predicted_is_right_where_there_is_no_label(self, answer):
        check(answer.subset_accuracy(Y_TRUE, SIGMOID), 0.0, source="the contract")
        y_true = np.float32([[0, 0], [1, 0], [0, 0], [0, 0]])
        check(answer.subset_accuracy(y_true, np.zeros_like(y_true)), 0.75, source="the contract")

    def test_the_threshold_is_strict_and_can_be_chosen(self, answer):
        p, y_true = np.float32([[0.5, 0.1], [0.9, 0.6]]), np.float32([[0, 0], [1, 1]])
        for threshold, expected in ((0.5, 1.0), (0.6, 0.5), (0.4, 0.5), (0.05, 0.5)):
            check(answer.subset_accuracy(y_true, p, threshold=threshold), expected, source="the contract")
            check(answer.subset_accuracy(y_true, p, threshold), expected, source="the contract")
        # Thresholds of logits may be 0 and negative.
        logits, y_true = np.float32([[0.3, -0.2]]), np.float32([[1, 0]])
        check(answer.subset_accuracy(y_true, logits, threshold=0.0), 1.0, source="the contract")
        check(answer.subset_accuracy(y_true, logits, threshold=-1.0), 0.0, source="the contract")

    def test_no_samples_are_a_value_error(self, answer):
        check_raises(answer.subset_accuracy(EMPTY, EMPTY), ValueError)

    def test_shapes_that_differ_are_a_value_error(self, answer):
        check_shapes(answer.subset_accuracy)

    def test_random_samples_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, p, threshold in random_samples(rng):
            expected = reference.subset_accuracy(y_true, p, threshold)
            check(answer.subset_accuracy(y_true, p, threshold), expected, source=SOLUTION)


@pytest.mark.function("hamming_loss")
class TestHammingLoss:
    def test_the_share_of_wrong_labels_over_all_samples(self, answer):
        # 0 + 1 + 1 + 5 of 20
        check(answer.hamming_loss(Y_FOUR, P_FOUR), 0.35, source="the contract")

    def test_the_tutorials_example(self, answer):
        check(answer.hamming_loss(Y_TRUE, SIGMOID), 0.4, source="the contract")
        check(answer.hamming_loss(Y_TRUE, SOFTMAX), 0.6, source="the contract")

    def test_the_threshold_is_strict_and_can_be_chosen(self, answer):
        p, y_true = np.float32([[0.5, 0.1], [0.9, 0.6]]), np.float32([[0, 0], [1, 1]])
        for threshold, expected in ((0.5, 0.0), (0.6, 0.25), (0.4, 0.25), (0.05, 0.5)):
            check(answer.hamming_loss(y_true, p, threshold=threshold), expected, source="the contract")
            check(answer.hamming_loss(y_true, p, threshold), expected, source="the contract")
        # Thresholds of logits may be 0 and negative.
        logits, y_true = np.float32([[0.3, -0.2]]), np.float32([[1, 0]])
        check(answer.hamming_loss(y_true, logits, threshold=0.0), 0.0, source="the contract")
        check(answer.hamming_loss(y_true, logits, threshold=-1.0), 0.5, source="the contract")

    def test_no_samples_are_a_value_error(self, answer):
        check_raises(answer.hamming_loss(EMPTY, EMPTY), ValueError)

    def test_shapes_that_differ_are_a_value_error(self, answer):
        check_shapes(answer.hamming_loss)

    def test_random_samples_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, p, threshold in random_samples(rng):
            expected = reference.hamming_loss(y_true, p, threshold)
            check(answer.hamming_loss(y_true, p, threshold), expected, source=SOLUTION)


@pytest.mark.function("logit_threshold")
class TestLogitThreshold:
    def test_a_probability_of_one_half_is_the_logit_zero(self, answer):
        check(answer.logit_threshold(0.5), 0.0, atol=1e-7, source="ln(p / (1 - p))")

    def test_the_logit_one_half_is_a_probability_of_0_622(self, answer):
        check(answer.logit_threshold(0.6224593312018546), 0.5, source="ln(p / (1 - p))")

    def test_other_probabilities(self, answer):
        # ln(0.9 / 0.1) = ln 9, and opposite probabilities have opposite logits
        # The last is so near to 1 that a float32 could not tell them apart: ln(1e9)
        known = ((0.9, 2.1972246), (0.1, -2.1972246), (0.2, -1.3862944), (1e-7, -16.118096), (1 - 1e-9, 20.723266))
        for probability, expected in known:
            check(answer.logit_threshold(probability), expected, source="ln(p / (1 - p))")

    def test_what_is_no_probability_or_has_no_logit_is_a_value_error(self, answer):
        for probability in (0.0, 1.0, -0.1, 1.5, 0, 1, np.nan, np.inf):
            check_raises(answer.logit_threshold(probability), ValueError)

    def test_random_probabilities_as_the_solution_has_them(self, answer, reference, rng):
        for probability in rng.uniform(0.001, 0.999, 20).tolist():
            expected = reference.logit_threshold(probability)
            check(answer.logit_threshold(probability), expected, atol=1e-7, source=SOLUTION)


@pytest.mark.function("all_zeros_accuracy")
class TestAllZerosAccuracy:
    def test_the_tutorials_example(self, answer):
        check(answer.all_zeros_accuracy(Y_TRUE), 0.6, source="the contract")

    def test_the_2000_real_scenes(self, answer):
        # 2,472 labels in 10,000 slots: predicting nothing is right in 7,528 of them
        check(answer.all_zeros_accuracy(REAL_LABELS), 0.7528, source="the real label table")

    def test_no_label_and_all_labels(self, answer):
        check(answer.all_zeros_accuracy(np.zeros((3, 4), np.float32)), 1.0, source="the contract")
        check(answer.all_zeros_accuracy(np.ones((3, 4), np.float32)), 0.0, source="the contract")
        check(answer.all_zeros_accuracy(Y_FOUR), 0.55, source="the contract")

    def test_no_samples_are_a_value_error(self, answer):
        check_raises(answer.all_zeros_accuracy(EMPTY), ValueError)

    def test_random_labels_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, _, _ in random_samples(rng):
            check(answer.all_zeros_accuracy(y_true), reference.all_zeros_accuracy(y_true), source=SOLUTION)


def check_shapes(function):
    """NumPy would broadcast all of these silently."""
    y_column, p = np.float32([[1], [0]]), np.float32([[0.3, 0.7], [0.5, 0.6]])
    check_raises(function(y_column, p), ValueError)
    check_raises(function(np.float32([1, 0]), p[:1]), ValueError)
    check_raises(function(p[:1], p), ValueError)


def random_samples(rng):
    sizes = ((1, 5, 0.5), (3, 3, 0.3), (8, 1, 0.5), (30, 7, 0.7), (4, 4, 0.5), (3, 300, 0.5), (300, 2, 0.5))
    for n_samples, n_classes, threshold in sizes:
        y_true = rng.integers(0, 2, (n_samples, n_classes)).astype(np.float32)
        # Half of the samples are nearly right, so that some have all of their labels right.
        noise = rng.uniform(0, 1, y_true.shape)
        p = np.where(rng.random((n_samples, 1)) < 0.5, 0.8 * y_true + 0.2 * noise, noise)
        yield y_true, p.astype(np.float32), threshold
    # Logits with the thresholds of probabilities 0.1, 0.5 and 0.9: y_true is not measured by them.
    for threshold in (-2.1972246, 0.0, 2.1972246):
        y_true = rng.integers(0, 2, (6, 3)).astype(np.float32)
        logits = np.where(rng.random((6, 1)) < 0.5, 8 * y_true - 4, rng.normal(0, 3, y_true.shape))
        yield y_true, logits.astype(np.float32), threshold
