"""What your losses must do. Run it with: pytest exercises/03_losses

The expected numbers are what Keras returns; the comments say where they come from.
"""

import numpy as np
import pytest

from kata.checks import SOLUTION, check, check_raises

# The tutorial's example: one sample, true labels desert and trees, and logits that are all very negative.
LOGITS = np.float32([[-20, -10, -44.5, -12.5, -74]])
SIGMOID = np.float32([[2.0611537e-09, 4.5397868e-05, 4.7194951e-20, 3.7266393e-06, 7.2812905e-33]])
SOFTMAX = np.float32([[4.1954216e-05, 0.92410302, 9.6064018e-16, 0.075855002, 1.4820867e-28]])
Y_TRUE = np.float32([[1, 0, 0, 0, 1]])

# Four ordinary samples: two labels, one label, all labels, no label.
Y_FOUR = np.float32([[1, 0, 0, 0, 1], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]])
P_FOUR = np.float32(
    [[0.9, 0.1, 0.2, 0.1, 0.8], [0.2, 0.7, 0.1, 0.4, 0.3], [0.6, 0.5, 0.9, 0.2, 0.7], [0.1, 0.2, 0.1, 0.3, 0.05]]
)
# Logits may lie between 0 and 1, too; that does not make them probabilities.
Z_SMALL = np.float32([[0.2, 0.9]])
Z_FOUR = np.float32([[2, -2, -1, -2, 1], [-1, 1, -2, 0, -1], [0.5, 0, 2, -1, 1], [-2, -1, -2, -1, -3]])

# The clip itself costs up to 2.4e-7: a loss that should be 0 may be that large.
NEAR = {"rtol": 1e-5, "atol": 1e-6}


@pytest.mark.function("binary_crossentropy")
class TestBinaryCrossentropy:
    def test_the_tutorials_example_as_probabilities(self, answer):
        # Both true labels are clipped to 1e-7, -ln(1e-7) = 16.118; the rest costs nearly nothing:
        # (16.118 + 16.118) / 5 = 6.447
        check(answer.binary_crossentropy(Y_TRUE, SIGMOID), np.float32([6.447248]), **NEAR)
        # Here the second label, false with p = 0.924, costs -ln(1 - 0.924) = 2.578
        check(answer.binary_crossentropy(Y_TRUE, SOFTMAX), np.float32([5.7708583]), **NEAR)

    def test_the_tutorials_example_as_logits(self, answer):
        # Nothing is clipped: a true label costs ln(1 + exp(20)) = 20 and ln(1 + exp(74)) = 74: (20 + 74) / 5
        check(answer.binary_crossentropy(Y_TRUE, LOGITS, from_logits=True), np.float32([18.800009]), **NEAR)

    def test_one_loss_for_each_sample_the_mean_over_its_labels(self, answer):
        expected = np.float32([0.15247373, 0.3105359, 0.65508926, 0.16836658])
        check(answer.binary_crossentropy(Y_FOUR, P_FOUR), expected, **NEAR)

    def test_one_loss_for_each_sample_from_logits(self, answer):
        expected = np.float32([0.20146146, 0.35197204, 0.58413512, 0.18579336])
        check(answer.binary_crossentropy(Y_FOUR, Z_FOUR, from_logits=True), expected, **NEAR)
        check(answer.binary_crossentropy(Y_FOUR, Z_FOUR, True), expected, **NEAR)
        # (ln(1 + exp(-0.2)) + ln(1 + exp(0.9))) / 2
        call = answer.binary_crossentropy(np.float32([[1, 0]]), Z_SMALL, from_logits=True)
        check(call, np.float32([0.91964495]), **NEAR)

    def test_probabilities_of_exactly_zero_and_one(self, answer):
        # (16.118 + 0 + 0 + ln 2) / 4
        call = answer.binary_crossentropy(np.float32([[1, 1, 0, 0]]), np.float32([[0, 1, 0, 0.5]]))
        check(call, np.float32([4.2028108]), **NEAR)

    def test_a_false_label_with_probability_one(self, answer):
        # 1 - 1e-7 is 0.99999988 in float32: -ln(1.19e-7) = 15.942. In float64 it is 16.118; both are right.
        call = answer.binary_crossentropy(np.float32([[0]]), np.float32([[1]]))
        check(call, np.float32([15.942385]), also=np.float32([16.118096]), **NEAR)

    def test_huge_logits_stay_exact(self, answer):
        # A right huge logit costs 0, a wrong one its size, 0 costs ln 2: (0 + 0 + ln 2 + 1e4 + 1e4) / 5
        logits = np.float32([[1e4, -1e4, 0, 1e4, -1e4]])
        call = answer.binary_crossentropy(np.float32([[1, 0, 1, 0, 1]]), logits, from_logits=True)
        check(call, np.float32([4000.1387]), **NEAR)
        # A right logit of 8 costs ln(1 + exp(-8)) = 3.354e-4
        call = answer.binary_crossentropy(np.float32([[1, 0]]), np.float32([[8, -8]]), from_logits=True)
        check(call, np.float32([3.3540637e-4]), **NEAR)

    def test_one_class(self, answer):
        # -ln 0.3 and -ln 0.7
        call = answer.binary_crossentropy(np.float32([[1], [0]]), np.float32([[0.3], [0.3]]))
        check(call, np.float32([1.2039728, 0.35667497]), **NEAR)

    def test_no_samples_give_no_losses(self, answer):
        for from_logits in (False, True):
            call = answer.binary_crossentropy(np.zeros((0, 5), np.float32), np.zeros((0, 5), np.float32), from_logits)
            check(call, np.zeros(0, np.float32), **NEAR)

    def test_shapes_that_differ_are_a_value_error(self, answer):
        # NumPy would broadcast all of these silently.
        check_raises(
            answer.binary_crossentropy(np.float32([[1], [0]]), np.float32([[0.3, 0.4], [0.5, 0.6]])), ValueError
        )
        check_raises(answer.binary_crossentropy(np.float32([1, 0]), np.float32([[0.3, 0.4]])), ValueError)
        check_raises(answer.binary_crossentropy(Y_TRUE, Z_FOUR, from_logits=True), ValueError)

    def test_random_samples_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, probabilities, logits in random_samples(rng):
            expected = reference.binary_crossentropy(y_true, probabilities)
            check(answer.binary_crossentropy(y_true, probabilities), expected, source=SOLUTION, **NEAR)
            expected = reference.binary_crossentropy(y_true, logits, from_logits=True)
            check(answer.binary_crossentropy(y_true, logits, from_logits=True), expected, source=SOLUTION, **NEAR)


@pytest.mark.function("categorical_crossentropy")
class TestCategoricalCrossentropy:
    def test_the_tutorials_example_as_probabilities(self, answer):
        # Divided by the sum 4.9127e-05: 4.1956e-05 and 1.5e-28; the second is clipped: 10.079 + 16.118
        check(answer.categorical_crossentropy(Y_TRUE, SIGMOID), np.float32([26.196985]), **NEAR)
        check(answer.categorical_crossentropy(Y_TRUE, SOFTMAX), np.float32([26.197027]), **NEAR)

    def test_the_tutorials_example_as_logits(self, answer):
        # -ln softmax(z) for both true labels, nothing clipped: 10.079 + 64.079
        check(answer.categorical_crossentropy(Y_TRUE, LOGITS, from_logits=True), np.float32([74.157867]), **NEAR)

    def test_one_loss_for_each_sample_the_sum_over_its_labels(self, answer):
        # The first: -ln(0.9 / 2.1) - ln(0.8 / 2.1). The last has no label, and so no loss.
        expected = np.float32([1.8123789, 0.88730323, 8.599, 0])
        check(answer.categorical_crossentropy(Y_FOUR, P_FOUR), expected, **NEAR)

    def test_one_loss_for_each_sample_from_logits(self, answer):
        expected = np.float32([1.7490463, 0.52374417, 10.37218952, 0])
        check(answer.categorical_crossentropy(Y_FOUR, Z_FOUR, from_logits=True), expected, **NEAR)
        check(answer.categorical_crossentropy(Y_FOUR, Z_FOUR, True), expected, **NEAR)
        # ln(1 + exp(0.9 - 0.2))
        call = answer.categorical_crossentropy(np.float32([[1, 0]]), Z_SMALL, from_logits=True)
        check(call, np.float32([1.1031861]), **NEAR)

    def test_a_row_is_divided_by_its_sum_before_it_is_clipped(self, answer):
        # Three times 1e-8 is a third each: ln 3. Clipped first, it would be ln 3 too; but 1e-8 beside 1e-6 is not.
        y_true = np.float32([[1, 0, 0], [1, 0, 0]])
        call = answer.categorical_crossentropy(y_true, np.float32([[1e-8, 1e-8, 1e-8], [1e-8, 1e-6, 0]]))
        check(call, np.float32([1.0986123, 4.6151204]), **NEAR)

    def test_probabilities_of_exactly_zero_and_one(self, answer):
        # -ln(1e-7), nothing, and -ln(0.4 / 0.8)
        y_true = np.float32([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
        call = answer.categorical_crossentropy(y_true, np.float32([[1, 0, 0], [1, 0, 0], [0.2, 0.2, 0.4]]))
        check(call, np.float32([16.118095, 1.192093e-07, 0.69314718]), **NEAR)
        # Eight labels, seven of them at the clip: 7 * 16.118. Their product, 1e-49, is no float32.
        call = answer.categorical_crossentropy(np.ones((1, 8), np.float32), np.eye(1, 8, dtype=np.float32))
        check(call, np.float32([112.82667]), **NEAR)

    def test_huge_logits_stay_exact(self, answer):
        # Two logits share the first place: ln 2, 1e4 + ln 2 and 2e4 + ln 2 for the three labels. In the second row
        # all are equal, far from those of the first: ln 5.
        logits = np.float32([[1e4, -1e4, 0, 1e4, -1e4], [-1e4, -1e4, -1e4, -1e4, -1e4]])
        y_true = np.float32([[1, 0, 1, 0, 1], [0, 1, 0, 0, 0]])
        call = answer.categorical_crossentropy(y_true, logits, from_logits=True)
        check(call, np.float32([30002.08, 1.6094379]), **NEAR)

    def test_a_row_of_zeros_is_no_distribution(self, answer):
        # 0 / 0: Keras returns NaN, and so hides nothing
        call = answer.categorical_crossentropy(np.float32([[1, 0], [1, 0]]), np.float32([[0, 0], [0.5, 0.5]]))
        check(call, np.float32([np.nan, 0.69314718]), **NEAR)

    def test_one_class(self, answer):
        y_true = np.float32([[1], [0]])
        check(answer.categorical_crossentropy(y_true, np.float32([[0.3], [0.3]])), np.float32([0, 0]), **NEAR)
        call = answer.categorical_crossentropy(y_true, np.float32([[3], [-3]]), from_logits=True)
        check(call, np.float32([0, 0]), **NEAR)

    def test_no_samples_give_no_losses(self, answer):
        for from_logits in (False, True):
            empty = np.zeros((0, 5), np.float32)
            check(answer.categorical_crossentropy(empty, empty, from_logits), np.zeros(0, np.float32), **NEAR)

    def test_shapes_that_differ_are_a_value_error(self, answer):
        # NumPy would broadcast all of these silently.
        y_column, p = np.float32([[1], [0]]), np.float32([[0.3, 0.7], [0.5, 0.5]])
        check_raises(answer.categorical_crossentropy(y_column, p), ValueError)
        check_raises(answer.categorical_crossentropy(np.float32([1, 0]), p[:1]), ValueError)
        check_raises(answer.categorical_crossentropy(Y_TRUE, Z_FOUR, from_logits=True), ValueError)

    def test_random_samples_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, probabilities, logits in random_samples(rng):
            expected = reference.categorical_crossentropy(y_true, probabilities)
            check(answer.categorical_crossentropy(y_true, probabilities), expected, source=SOLUTION, **NEAR)
            expected = reference.categorical_crossentropy(y_true, logits, from_logits=True)
            call = answer.categorical_crossentropy(y_true, logits, from_logits=True)
            check(call, expected, source=SOLUTION, **NEAR)


@pytest.mark.function("sparse_categorical_crossentropy")
class TestSparseCategoricalCrossentropy:
    def test_the_tutorials_example_as_probabilities(self, answer):
        # Clipped first, then divided by the sum: (1e-7) / (1e-7 + 4.54e-5 + 1e-7 + 3.73e-6 + 1e-7) for label 0
        for label, expected in ((0, 6.203031), (1, 0.08498131), (3, 2.5849392), (4, 6.203031)):
            call = answer.sparse_categorical_crossentropy(np.array([label]), SIGMOID)
            check(call, np.float32([expected]), **NEAR)
        check(answer.sparse_categorical_crossentropy(np.array([4]), SOFTMAX), np.float32([16.118095]), **NEAR)

    def test_the_tutorials_example_as_logits(self, answer):
        # -ln softmax(z)[label], nothing clipped
        for label, expected in ((0, 10.078932), (1, 0.07893172), (2, 34.57893), (4, 64.078934)):
            call = answer.sparse_categorical_crossentropy(np.array([label]), LOGITS, from_logits=True)
            check(call, np.float32([expected]), **NEAR)

    def test_one_loss_for_each_sample_that_of_its_label(self, answer):
        labels = np.array([0, 1, 4, 2])
        expected = np.float32([0.84729785, 0.88730323, 1.4213856, 2.0149031])
        check(answer.sparse_categorical_crossentropy(labels, P_FOUR), expected, **NEAR)
        expected = np.float32([0.37452316, 0.52374417, 1.5744379, 2.0546932])
        check(answer.sparse_categorical_crossentropy(labels, Z_FOUR, from_logits=True), expected, **NEAR)
        check(answer.sparse_categorical_crossentropy(labels, Z_FOUR, True), expected, **NEAR)
        call = answer.sparse_categorical_crossentropy(np.array([0]), Z_SMALL, from_logits=True)
        check(call, np.float32([1.1031861]), **NEAR)

    def test_a_row_is_clipped_before_it_is_divided_by_its_sum(self, answer):
        # 1e-7 / (1e-7 + 0.2 + 0.2); divided first it would be 16.118
        call = answer.sparse_categorical_crossentropy(np.array([0]), np.float32([[0, 0.2, 0.2]]))
        check(call, np.float32([15.201805]), **NEAR)

    def test_probabilities_of_exactly_zero_and_one(self, answer):
        call = answer.sparse_categorical_crossentropy(
            np.array([1, 0, 2]), np.float32([[1, 0, 0], [1, 0, 0], [0.2, 0.2, 0.4]])
        )
        check(call, np.float32([16.118095, 2.3841855e-07, 0.69314718]), **NEAR)

    def test_huge_logits_stay_exact(self, answer):
        # In the last row all are equal, far from those of the others: ln 5.
        logits = np.float32([[1e4, -1e4, 0, 1e4, -1e4]] * 3 + [[-1e4] * 5])
        call = answer.sparse_categorical_crossentropy(np.array([0, 1, 2, 3]), logits, from_logits=True)
        check(call, np.float32([0.69314718, 20000.693, 10000.693, 1.6094379]), **NEAR)

    def test_any_integer_dtype_of_labels(self, answer):
        # 80 samples: 80 * 5 is more than a uint8 or an int8 can count.
        labels, p = np.tile([0, 1, 4, 2], 20), np.tile(P_FOUR, (20, 1))
        expected = np.tile(np.float32([0.84729785, 0.88730323, 1.4213856, 2.0149031]), 20)
        for dtype in (np.int32, np.uint8, np.int8, np.uint64):
            check(answer.sparse_categorical_crossentropy(labels.astype(dtype), p), expected, **NEAR)

    def test_one_class_and_no_samples(self, answer):
        call = answer.sparse_categorical_crossentropy(np.array([0, 0]), np.float32([[0.3], [0.9]]))
        check(call, np.float32([0, 0]), **NEAR)
        for from_logits in (False, True):
            empty = np.zeros((0, 5), np.float32)
            call = answer.sparse_categorical_crossentropy(np.zeros(0, np.int64), empty, from_logits)
            check(call, np.zeros(0, np.float32), **NEAR)

    def test_multi_hot_rows_are_a_value_error(self, answer):
        # Several labels don't fit into one index. Five samples of five classes: the lengths would fit.
        check_raises(answer.sparse_categorical_crossentropy(np.int64(Y_TRUE), SIGMOID), ValueError)
        rows, p = np.eye(5, dtype=np.int64), np.full((5, 5), 0.2, np.float32)
        check_raises(answer.sparse_categorical_crossentropy(rows, p), ValueError)
        check_raises(answer.sparse_categorical_crossentropy(rows, p, from_logits=True), ValueError)
        # A column of indices is no row of indices either: shape (n_samples, 1), not (n_samples,).
        check_raises(answer.sparse_categorical_crossentropy(np.array([[0], [1]]), p[:2]), ValueError)
        check_raises(answer.sparse_categorical_crossentropy(np.array([[0, 1]]), p[:2]), ValueError)
        check_raises(answer.sparse_categorical_crossentropy(np.array(1), p[:1]), ValueError)

    def test_labels_outside_the_classes_are_a_value_error(self, answer):
        for from_logits in (False, True):
            # -1 must not mean the last class
            for labels in ([0, 1, 5, 2], [0, -1, 4, 2], [7, 1, 4, 2], [0, 1, 4, -6]):
                call = answer.sparse_categorical_crossentropy(np.array(labels), P_FOUR, from_logits)
                check_raises(call, ValueError)

    def test_another_number_of_labels_than_samples_is_a_value_error(self, answer):
        check_raises(answer.sparse_categorical_crossentropy(np.array([1]), P_FOUR), ValueError)
        check_raises(answer.sparse_categorical_crossentropy(np.array([0, 1, 2, 3, 4]), P_FOUR), ValueError)

    def test_random_samples_as_the_solution_has_them(self, answer, reference, rng):
        for y_true, probabilities, logits in random_samples(rng):
            labels = rng.integers(0, y_true.shape[1], len(y_true))
            expected = reference.sparse_categorical_crossentropy(labels, probabilities)
            check(answer.sparse_categorical_crossentropy(labels, probabilities), expected, source=SOLUTION, **NEAR)
            expected = reference.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            call = answer.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            check(call, expected, source=SOLUTION, **NEAR)


def random_samples(rng):
    """Multi-hot rows, probabilities from 1e-9 to 0.999, logits of very different sizes."""
    sizes = ((1, 5, 3), (2, 2, 10), (6, 4, 1), (5, 5, 2), (30, 7, 100), (2, 300, 2), (300, 3, 5))
    for n_samples, n_classes, scale in sizes:
        shape = (n_samples, n_classes)
        y_true = rng.integers(0, 2, shape).astype(np.float32)
        probabilities = np.where(
            rng.random(shape) < 0.2, 10.0 ** rng.uniform(-9, -3, shape), rng.uniform(0.001, 0.999, shape)
        )
        yield y_true, probabilities.astype(np.float32), rng.normal(0, scale, shape).astype(np.float32)
