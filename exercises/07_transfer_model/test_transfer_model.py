"""What your transfer model must do. Run it with: pytest exercises/07_transfer_model

Checked by behaviour: what a model makes of given weights and images, and what training moves. Bases here have random
weights, and most are small ones with the same 512 features, so that a run takes seconds and no network.
"""

import numpy as np
import pytest

from kata.checks import (
    SOLUTION,
    VGG16,
    AfterTraining,
    Head,
    LastWeights,
    Outputs,
    Parameters,
    Reported,
    SmallBase,
    check,
    check_raises,
)

ACTIVATIONS = ("sigmoid", "softmax", None)
LOGITS = np.float32([[-20, -10, -44.5, -12.5, -74]])
Y_TRUE = np.float32([[1, 0, 0, 0, 1]])


def images(rng, n_samples=4, size=16):
    return rng.random((n_samples, size, size, 3), np.float32)


def multi_hot(rng, n_samples=4, n_classes=5):
    return rng.integers(0, 2, (n_samples, n_classes)).astype(np.float32)


def drawn(rng):
    return int(rng.integers(1 << 30))


@pytest.mark.function("prepare_images")
class TestPrepareImages:
    def test_the_tutorials_way_leaves_them_alone(self, answer, rng):
        given = images(rng)
        check(answer.prepare_images(given), given, source="the contract")
        check(answer.prepare_images(given, "tutorial"), given, source="the contract")

    def test_imagenets_way_is_bgr_up_to_255_less_the_means(self, answer):
        # Red, green and blue of one pixel; 0.2 * 255 = 51 and so on, less 103.939, 116.779 and 123.68.
        given = np.float32([[[[0.2, 0.6, 1.0]]]])
        expected = np.float32([[[[255 - 103.939, 153 - 116.779, 51 - 123.68]]]])
        check(answer.prepare_images(given, preprocessing="imagenet"), expected, atol=1e-4)

    def test_random_images_as_the_solution_has_them(self, answer, reference, rng):
        for size in (3, 16):
            given = images(rng, 5, size)
            expected = reference.prepare_images(given, "imagenet")
            check(answer.prepare_images(given, "imagenet"), expected, atol=1e-4, source=SOLUTION)

    def test_an_unknown_way_is_a_value_error_that_names_the_choices(self, answer, rng):
        for name in ("caffe", None, "Tutorial"):
            check_raises(answer.prepare_images(images(rng), name), ValueError, "tutorial", "imagenet")


@pytest.mark.function("build_base")
class TestBuildBase:
    def test_vgg16_without_its_top_and_frozen(self, answer):
        expected = {
            "input": [None, 64, 64, 3],
            "output": [None, 2, 2, 512],
            "compiled": False,
            "parameters": 14714688,
            "trainable": 0,
        }
        check(answer.seen_as(Parameters()).build_base(weights=None), expected)

    def test_the_size_of_the_images_can_be_chosen(self, answer):
        expected = {
            "input": [None, 96, 96, 3],
            "output": [None, 3, 3, 512],
            "compiled": False,
            "parameters": 14714688,
            "trainable": 0,
        }
        check(answer.seen_as(Parameters()).build_base(weights=None, image_size=96), expected)

    def test_the_feature_maps_are_vgg16s(self, answer, reference, rng):
        view = Outputs(images(rng, 2, 32), seed=drawn(rng))
        expected = reference.seen_as(view).build_base(None, 32)
        check(answer.seen_as(view).build_base(None, 32), expected, rtol=1e-3, atol=1e-4, source=SOLUTION)


@pytest.mark.function("extract_features")
class TestExtractFeatures:
    def test_the_average_over_the_positions_of_the_map(self, answer, reference, rng):
        given = images(rng, 5)
        expected = reference.extract_features(SmallBase(), given)
        check(answer.extract_features(SmallBase(), given), expected, rtol=1e-4, atol=1e-5, source=SOLUTION)

    def test_the_batch_size_changes_no_feature(self, answer, reference, rng):
        given = images(rng, 7)
        expected = reference.extract_features(SmallBase(), given)
        for batch_size in (3, 100):
            call = answer.extract_features(SmallBase(), given, batch_size=batch_size)
            check(call, expected, rtol=1e-4, atol=1e-5, source=SOLUTION)

    def test_maps_need_not_be_square_and_nothing_is_dropped(self, answer, reference, rng):
        given = rng.random((3, 16, 24, 3), np.float32)  # maps of 4 x 6
        for dropout in (False, True):
            base = SmallBase(width=24, dropout=dropout)
            expected = reference.extract_features(base, given)
            check(answer.extract_features(base, given), expected, rtol=1e-4, atol=1e-5, source=SOLUTION)

    def test_the_features_of_vgg16(self, answer, reference, rng):
        given = images(rng, 3, 64)  # maps of 2 x 2
        expected = reference.extract_features(VGG16(64), given)
        check(answer.extract_features(VGG16(64), given), expected, rtol=1e-3, atol=1e-4, source=SOLUTION)


@pytest.mark.function("standardize")
class TestStandardize:
    def test_by_the_mean_and_deviation_of_the_training_part(self, answer):
        # Means 2 and 30, deviations 1 and 10: the test part is measured with the same rule.
        train, test = np.float32([[1, 20], [3, 40]]), np.float32([[2, 60], [5, 30], [0, 10]])
        expected = np.float32([[-1, -1], [1, 1]]), np.float32([[0, 3], [3, 0], [-2, -2]])
        check(answer.standardize(train, test), expected, source="the contract")

    def test_a_feature_that_never_varies_becomes_0(self, answer):
        # float32's mean of many 0.1 is not 0.1: so the computed deviation need not be 0.
        train = np.float32([[0.1, 5], [0.1, 5], [0.1, 5]] * 100)
        test = np.float32([[0.1, 6], [0.35, 5]])
        expected = np.zeros((300, 2), np.float32), np.float32([[0, 1], [0.25, 0]])
        check(answer.standardize(train, test), expected, atol=1e-6, source="the contract", silent=True)

    def test_features_that_hardly_vary_are_stretched_too(self, answer, reference, rng):
        # As small as those of a base with random weights: a deviation of 0.0002.
        train = (0.02 + 0.0002 * rng.standard_normal((50, 8))).astype(np.float32)
        test = (0.02 + 0.0002 * rng.standard_normal((20, 8))).astype(np.float32)
        check(answer.standardize(train, test), reference.standardize(train, test), 1e-3, 1e-4, source=SOLUTION)

    def test_no_spread_is_too_small(self, answer):
        train = np.float32([[1e-6, 10], [2e-6, 10.00005]])
        expected = np.float32([[-1, -1], [1, 1]])
        check(answer.standardize(train, train), (expected, expected), 1e-3, source="the contract")

    def test_random_features_as_the_solution_has_them(self, answer, reference, rng):
        for n_features in (1, 3, 512):
            train = rng.normal(rng.normal(0, 5, n_features), rng.uniform(0.5, 3, n_features), (40, n_features))
            test = rng.normal(1, 2, (15, n_features)).astype(np.float32)
            train = train.astype(np.float32)
            expected = reference.standardize(train, test)
            check(answer.standardize(train, test), expected, 1e-4, 1e-4, source=SOLUTION)


@pytest.mark.function("build_model")
class TestBuildModel:
    def test_the_head_has_2565_parameters_and_only_they_are_trained(self, answer):
        # 512 * 5 + 5; VGG16's own are 14,714,688.
        expected = {
            "input": [None, 64, 64, 3],
            "output": [None, 5],
            "compiled": False,
            "parameters": 14714688 + 2565,
            "trainable": 2565,
        }
        check(answer.seen_as(Parameters()).build_model(VGG16(64), "sigmoid"), expected)

    def test_the_number_of_classes_can_be_chosen(self, answer):
        expected = {
            "input": [None, 16, 16, 3],
            "output": [None, 3],
            "compiled": False,
            "parameters": 6571,
            "trainable": 1539,
        }
        check(answer.seen_as(Parameters()).build_model(SmallBase(), None, n_classes=3), expected)

    def test_the_kernel_is_glorot_uniform_of_seed_42_and_the_bias_zeros(self, answer, reference):
        expected = reference.seen_as(LastWeights()).build_model(SmallBase(), "sigmoid")
        check(answer.seen_as(LastWeights()).build_model(SmallBase(), "sigmoid"), expected)

    def test_logits_and_probabilities_agree(self, answer, reference, rng):
        view = Outputs(images(rng), seed=drawn(rng))
        logits = reference.seen_as(view).build_model(SmallBase(), None).astype(np.float64)
        exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
        expected = {
            None: logits,
            "sigmoid": 1 / (1 + np.exp(-logits)),
            "softmax": exponentials / exponentials.sum(axis=-1, keepdims=True),
        }
        for activation in ACTIVATIONS:
            call = answer.seen_as(view).build_model(SmallBase(), activation)
            check(call, expected[activation].astype(np.float32), rtol=1e-3, atol=1e-5, source="the contract")

    def test_any_number_of_classes_and_any_size_of_images(self, answer, reference, rng):
        for _ in range(2):
            size, n_classes = 4 * int(rng.integers(3, 9)), int(rng.integers(6, 40))
            view, given = Outputs(images(rng, 2, size), seed=drawn(rng)), (SmallBase(size), "sigmoid", "imagenet")
            expected = reference.seen_as(view).build_model(*given, n_classes)
            check(answer.seen_as(view).build_model(*given, n_classes), expected, 1e-3, 1e-4, source=SOLUTION)

    def test_the_base_is_called_with_training_false(self, answer, reference, rng):
        view = Outputs(images(rng), seed=drawn(rng))
        expected = reference.seen_as(view).build_model(SmallBase(dropout=True), None)
        check(answer.seen_as(view).build_model(SmallBase(dropout=True), None), expected, 1e-3, 1e-4, source=SOLUTION)

    def test_images_are_prepared_inside_of_the_model(self, answer, reference, rng):
        view = Outputs(images(rng) / 100, seed=drawn(rng))
        for preprocessing in ("tutorial", "imagenet"):
            expected = reference.seen_as(view).build_model(SmallBase(), None, preprocessing)
            call = answer.seen_as(view).build_model(SmallBase(), None, preprocessing=preprocessing)
            check(call, expected, rtol=1e-3, atol=1e-3, source=SOLUTION)

    def test_training_moves_the_head_alone_and_runs_the_base_as_in_prediction(self, answer, reference, rng):
        view = AfterTraining(images(rng), multi_hot(rng))
        for activation in ("sigmoid", None):
            expected = reference.seen_as(view).build_model(SmallBase(), activation)
            call = answer.seen_as(view).build_model(SmallBase(), activation)
            check(call, expected, rtol=1e-3, atol=1e-4, source=SOLUTION)

    def test_an_unknown_activation_or_preprocessing_is_a_value_error_that_names_the_choices(self, answer):
        for activation in ("relu", "None", "Sigmoid", "linear"):
            call = answer.seen_as(Parameters()).build_model(SmallBase(), activation)
            check_raises(call, ValueError, "sigmoid", "softmax", "None")
        call = answer.seen_as(Parameters()).build_model(SmallBase(), "sigmoid", "caffe")
        check_raises(call, ValueError, "tutorial", "imagenet")


@pytest.mark.function("compile_model")
class TestCompileModel:
    def test_the_tutorials_example_after_each_activation(self, answer):
        # 18.8 = (20 + 74) / 5: after sigmoid and softmax, too, Keras computes the loss of the logits (exercise 04).
        # Only softmax predicts a label, mountains. So three of five labels are right, and two of five after softmax.
        for activation, accuracy in (("sigmoid", 0.6), ("softmax", 0.4), (None, 0.6)):
            call = answer.seen_as(Reported(LOGITS, Y_TRUE)).compile_model(Head(activation), activation)
            check(call, (np.float32([18.800009]), np.float32([accuracy])))

    def test_a_logit_between_0_and_one_half_is_a_predicted_label(self, answer):
        # sigmoid(0.3) = 0.574 and sigmoid(0.45) = 0.611: above a probability of 0.5, but below a threshold of 0.5.
        view = Reported(np.float32([[0.3, -0.2, 1.2, 0.45, -3]]), np.float32([[1, 0, 1, 1, 0]]))
        loss = np.float32([0.39152258])  # the mean of ln(1 + exp(-z)) where y is 1, of ln(1 + exp(z)) where it is 0
        for activation in ("sigmoid", None):
            check(answer.seen_as(view).compile_model(Head(activation), activation), (loss, np.float32([1])))

    def test_adam_takes_the_same_steps_as_the_solutions(self, answer, reference, rng):
        logits, labels = rng.normal(0, 5, (6, 5)).astype(np.float32), multi_hot(rng, 6)
        # Twenty: AdamW takes 0.0004 % off the weights at each step.
        for activation, steps in zip(ACTIVATIONS, (20, 3, 3), strict=True):
            view = Reported(logits, labels, steps=steps)
            expected = reference.seen_as(view).compile_model(Head(activation), activation)
            call = answer.seen_as(view).compile_model(Head(activation), activation)
            check(call, expected, source=SOLUTION)

    def test_an_unknown_activation_is_a_value_error_that_names_the_choices(self, answer):
        for activation in ("relu", "None", False):
            call = answer.seen_as(Reported(LOGITS, Y_TRUE)).compile_model(Head(None), activation)
            check_raises(call, ValueError, "sigmoid", "softmax", "None")
