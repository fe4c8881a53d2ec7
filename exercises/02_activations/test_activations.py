"""What your activations must do. Run it with: pytest exercises/02_activations

A value counts as right within a relative 1e-5. Below 1.2e-38, where float32 has no normal numbers left, 0 is
right too: Keras returns 0 there (its softmax, measured, already below 2.4e-38).
"""

import numpy as np
import pytest

from kata.checks import SOLUTION, check

LOGITS = np.float32([[-20, -10, -44.5, -12.5, -74]])
SIGMOID = {"atol": 1.2e-38, "silent": True}
SOFTMAX = {"atol": 2.4e-38, "silent": True}


@pytest.mark.function("linear")
class TestLinear:
    def test_the_logits_stay_as_they_are(self, answer):
        check(answer.linear(LOGITS), LOGITS, source="Keras", rtol=0)

    def test_nothing_is_cut_off(self, answer):
        x = np.float32([-1e4, -1, -1e-30, 0, 0.5, 1, 1e4])
        check(answer.linear(x), x, source="Keras", rtol=0)

    def test_the_shape_stays(self, answer):
        for shape in ((), (3,), (0, 5), (1, 1), (2, 3, 4)):
            x = np.full(shape, -2.5, np.float32)
            check(answer.linear(x), x, source="Keras", rtol=0)


@pytest.mark.function("sigmoid")
class TestSigmoid:
    def test_the_tutorials_logits(self, answer):
        # sigmoid(z) = 1 / (1 + exp(-z)), about exp(z) for z << 0: exp(-20) = 2.06e-9
        expected = np.float32([[2.0611537e-09, 4.5397868e-05, 4.7194951e-20, 3.7266393e-06, 7.2812905e-33]])
        check(answer.sigmoid(LOGITS), expected, **SIGMOID)

    def test_zero_is_a_half_and_opposite_logits_sum_to_one(self, answer):
        # 1 / (1 + exp(-0.5)) = 0.62245935: the threshold 0.5 on a logit is 0.622 on a probability
        x = np.float32([0, 0.5, -0.5, 2, -2])
        expected = np.float32([0.5, 0.62245935, 0.37754068, 0.8807971, 0.11920292])
        check(answer.sigmoid(x), expected, **SIGMOID)

    def test_huge_logits_are_zero_or_one_without_a_warning(self, answer):
        x = np.float32([[1e4, -1e4, 800, -800, 89, -104]])
        check(answer.sigmoid(x), np.float32([[1, 0, 1, 0, 1, 0]]), **SIGMOID)

    def test_very_negative_logits_keep_their_digits(self, answer):
        # exp(-80) = 1.804851e-35: a float32 holds it, so the sigmoid must not lose it
        x = np.float32([-17, -30, -60, -80, -87])
        expected = np.float32([4.139937e-08, 9.357623e-14, 8.756511e-27, 1.804851e-35, 1.6458115e-38])
        check(answer.sigmoid(x), expected, **SIGMOID)

    def test_every_label_is_on_its_own(self, answer):
        # Other than softmax: the neighbours in a row play no part.
        expected = np.float32([[0.8807971, 0.8807971, 0.8807971], [0.8807971, 0.11920292, 0.5]])
        check(answer.sigmoid(np.float32([[2, 2, 2], [2, -2, 0]])), expected, **SIGMOID)

    def test_the_shape_stays(self, answer):
        for shape in ((), (4,), (2, 2), (4, 1), (1, 4), (0, 5), (1, 1), (2, 3, 4)):
            x = np.full(shape, 2, np.float32)
            check(answer.sigmoid(x), np.full(shape, 0.8807971, np.float32), **SIGMOID)

    def test_random_logits_as_the_solution_has_them(self, answer, reference, rng):
        for scale in (1, 10, 100, 1000):
            x = rng.normal(0, scale, (8, 5)).astype(np.float32)
            check(answer.sigmoid(x), reference.sigmoid(x), source=SOLUTION, **SIGMOID)


@pytest.mark.function("softmax")
class TestSoftmax:
    def test_the_tutorials_logits(self, answer):
        # The largest logit is -10: exp(-20 + 10) = 4.54e-5, divided by the sum 1.0821
        expected = np.float32([[4.1954216e-05, 0.92410302, 9.6064018e-16, 0.075855002, 1.4820867e-28]])
        check(answer.softmax(LOGITS), expected, **SOFTMAX)

    def test_equal_logits_share_equally(self, answer):
        x = np.float32([[3, 3, 3, 3], [-7, -7, -7, -7]])
        check(answer.softmax(x), np.full((2, 4), 0.25, np.float32), source="the formula", **SOFTMAX)

    def test_every_row_is_on_its_own(self, answer):
        # exp(1) / (exp(0) + exp(1) + exp(2)) = 0.24472848
        expected = np.float32([[0.09003057, 0.24472848, 0.66524094], [0.66524094, 0.24472848, 0.09003057]])
        check(answer.softmax(np.float32([[0, 1, 2], [12, 11, 10]])), expected, **SOFTMAX)

    def test_a_constant_added_to_all_logits_changes_nothing(self, answer):
        expected = np.float32([[0.09003057, 0.24472848, 0.66524094]])
        for constant in (-5000, -100, 0, 100, 5000):
            check(answer.softmax(np.float32([[0, 1, 2]]) + np.float32(constant)), expected, **SOFTMAX)

    def test_huge_logits_give_zero_and_one_without_a_warning(self, answer):
        x = np.float32([[1e4, -1e4, 0], [-1e4, -1e4, -1e4 + 200], [1e4, 1e4, -1e4]])
        check(answer.softmax(x), np.float32([[1, 0, 0], [0, 0, 1], [0.5, 0.5, 0]]), **SOFTMAX)

    def test_the_axis_of_the_classes_can_be_chosen(self, answer):
        # A square array: the wrong axis has the right shape.
        x = np.float32([[0, 2, 1], [1, 2, 0], [2, 2, 2]])
        rows = [0.09003057, 0.24472848, 0.66524094]
        expected = np.float32([rows, [1 / 3, 1 / 3, 1 / 3], [0.24472848, 0.09003057, 0.66524094]]).T
        check(answer.softmax(x, axis=0), expected, **SOFTMAX)
        check(answer.softmax(x.T, axis=-1), expected.T, **SOFTMAX)
        check(answer.softmax(x.T, 1), expected.T, **SOFTMAX)

    def test_three_axes(self, answer):
        x = np.float32([[[0, 5], [1, 5], [2, 5]], [[2, 0], [1, 0], [0, 1]]])
        middle = [[[0.09003057, 1 / 3], [0.24472848, 1 / 3], [0.66524094, 1 / 3]]]
        middle += [[[0.66524094, 0.21194156], [0.24472848, 0.21194156], [0.09003057, 0.57611686]]]
        check(answer.softmax(x, axis=1), np.float32(middle), **SOFTMAX)

    def test_the_shape_stays(self, answer):
        for shape, expected in (((2,), [0.5, 0.5]), ((1, 2), [[0.5, 0.5]]), ((2, 1), [[1], [1]])):
            x = np.full(shape, 7, np.float32)
            check(answer.softmax(x), np.float32(expected), source="the formula", **SOFTMAX)
        empty = np.zeros((0, 5), np.float32)
        for axis in (-1, 0, 1):
            check(answer.softmax(empty, axis=axis), empty, source="the formula", **SOFTMAX)

    def test_one_class_is_certain(self, answer):
        check(
            answer.softmax(np.float32([[-3], [0], [1e4]])),
            np.float32([[1], [1], [1]]),
            source="the formula",
            **SOFTMAX,
        )

    def test_random_logits_as_the_solution_has_them(self, answer, reference, rng):
        for scale in (1, 10, 100, 1000):
            # Multiples of 1/64: their differences are exact in float32, what remains is the error of exp.
            x = np.float32(np.round(rng.normal(0, scale, (8, 5)) * 64) / 64)
            check(answer.softmax(x), reference.softmax(x), source=SOLUTION, **SOFTMAX)
            check(answer.softmax(x, axis=0), reference.softmax(x, axis=0), source=SOLUTION, **SOFTMAX)
        x = np.float32(np.round(rng.normal(0, 3, (2, 3, 4)) * 64) / 64)
        for axis in (0, 1, 2, -1, -2, -3):
            check(answer.softmax(x, axis=axis), reference.softmax(x, axis=axis), source=SOLUTION, **SOFTMAX)
