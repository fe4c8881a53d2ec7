"""What your label encoders must do. Run it with: pytest exercises/01_label_encoders

`answer` calls your functions; `check` compares what they return, exactly, with shape and dtype.
"""

import numpy as np
import pytest

from kata.checks import SOLUTION, check, check_raises

CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]
UNSORTED = ["trees", "desert", "sea"]
# An error names the label that is unknown: one that lists all labels has found nothing. It may list the classes.
TREES = {"innocent": "trees", "bystander": "desert"}
SEA = {"innocent": "sea", "bystander": "desert"}
CONTRACT = {"source": "the contract", "rtol": 0}


@pytest.mark.function("integer_encode")
class TestIntegerEncode:
    def test_a_label_becomes_its_position_in_classes(self, answer):
        check(answer.integer_encode(["sea", "desert", "trees"], CLASSES), np.int64([2, 0, 4]), **CONTRACT)

    def test_the_order_is_that_of_classes_not_the_alphabet(self, answer):
        check(answer.integer_encode(["desert", "sea", "trees"], UNSORTED), np.int64([1, 2, 0]), **CONTRACT)

    def test_every_call_is_on_its_own(self, answer):
        # The same labels, as many classes, another order.
        for classes, expected in ((["sea", "desert"], [0, 1]), (["desert", "sea"], [1, 0])):
            check(answer.integer_encode(["sea", "desert"], classes), np.int64(expected), **CONTRACT)

    def test_a_class_whose_name_is_part_of_another_is_a_class_of_its_own(self, answer):
        labels, classes = ["sea", "seaside", "a"], ["seaside", "sea", "a"]
        check(answer.integer_encode(labels, classes), np.int64([1, 0, 2]), **CONTRACT)

    def test_the_order_does_not_depend_on_the_labels(self, answer):
        check(answer.integer_encode(["trees", "trees", "sunset"], CLASSES), np.int64([4, 4, 3]), **CONTRACT)

    def test_no_samples_give_an_empty_array(self, answer):
        check(answer.integer_encode([], CLASSES), np.zeros(0, np.int64), **CONTRACT)

    def test_one_class_is_class_zero(self, answer):
        check(answer.integer_encode(["sea", "sea"], ["sea"]), np.int64([0, 0]), **CONTRACT)

    def test_an_unknown_label_is_named_in_a_value_error(self, answer):
        check_raises(answer.integer_encode(["sea", "volcano"], CLASSES), ValueError, "volcano", **SEA)
        check_raises(answer.integer_encode(["trees", "volcano", "trees"], CLASSES), ValueError, "volcano")
        # Nearly a class: other case, an extra space, a class as its beginning, the word for no label.
        for label in ("Sea", " sea", "seas", "mountainside", "NONE", ""):
            check_raises(answer.integer_encode(["trees", label], CLASSES), ValueError, label, **TREES)
        # Which one is unknown depends on the classes.
        labels = ["sea", "trees"]
        first, second = (answer.integer_encode(labels, [known, "desert"]) for known in ("trees", "sea"))
        check_raises(first, ValueError, "sea", **TREES)
        check_raises(second, ValueError, "trees", **SEA, unlike=first)

    def test_a_bare_string_is_a_type_error(self, answer):
        check_raises(answer.integer_encode("sea", CLASSES), TypeError)
        check_raises(answer.integer_encode("", CLASSES), TypeError)
        # Here every character is a class, so only a look at the type can tell.
        check_raises(answer.integer_encode("ab", ["a", "b"]), TypeError)

    def test_repeated_classes_are_a_value_error(self, answer):
        for classes in (["sea", "trees", "sea"], ["sea", "sea", "trees"]):
            check_raises(answer.integer_encode(["trees"], classes), ValueError)
            check_raises(answer.integer_encode([], classes), ValueError)

    def test_random_labels_as_the_solution_has_them(self, answer, reference, rng):
        for classes, labels in random_labels(rng):
            expected = reference.integer_encode(labels, classes)
            check(answer.integer_encode(labels, classes), expected, rtol=0, source=SOLUTION)


@pytest.mark.function("one_hot_encode")
class TestOneHotEncode:
    def test_a_row_for_each_sample_with_its_label_hot(self, answer):
        expected = np.float32([[0, 0, 1, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1]])
        check(answer.one_hot_encode(["sea", "desert", "trees"], CLASSES), expected, **CONTRACT)

    def test_the_columns_are_in_the_order_of_classes(self, answer):
        expected = np.float32([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
        check(answer.one_hot_encode(["desert", "sea", "trees"], UNSORTED), expected, **CONTRACT)

    def test_there_is_a_column_for_every_class_also_for_those_that_nobody_has(self, answer):
        expected = np.float32([[1, 0, 0, 0, 0], [1, 0, 0, 0, 0]])
        check(answer.one_hot_encode(["desert", "desert"], CLASSES), expected, **CONTRACT)

    def test_no_samples_keep_the_number_of_classes(self, answer):
        check(answer.one_hot_encode([], CLASSES), np.zeros((0, 5), np.float32), **CONTRACT)

    def test_two_classes_give_two_columns(self, answer):
        expected = np.float32([[0, 1], [1, 0], [1, 0]])
        check(answer.one_hot_encode(["no", "yes", "yes"], ["yes", "no"]), expected, **CONTRACT)

    def test_one_class_gives_one_column(self, answer):
        check(answer.one_hot_encode(["sea", "sea"], ["sea"]), np.float32([[1], [1]]), **CONTRACT)

    def test_what_cannot_be_encoded_is_refused(self, answer):
        check_raises(answer.one_hot_encode(["volcano"], CLASSES), ValueError, "volcano")
        check_raises(answer.one_hot_encode(["sea", "volcano", "trees"], CLASSES), ValueError, "volcano", **TREES)
        for label in ("Sea", " sea", "mountainside", "NONE", ""):
            check_raises(answer.one_hot_encode(["trees", label], CLASSES), ValueError, label, **TREES)
        # Which one is unknown depends on the classes.
        labels = ["sea", "trees"]
        first, second = (answer.one_hot_encode(labels, [known, "desert"]) for known in ("trees", "sea"))
        check_raises(first, ValueError, "sea", **TREES)
        check_raises(second, ValueError, "trees", **SEA, unlike=first)
        check_raises(answer.one_hot_encode("sea", CLASSES), TypeError)
        check_raises(answer.one_hot_encode("ab", ["a", "b"]), TypeError)
        check_raises(answer.one_hot_encode("", CLASSES), TypeError)
        for classes in (["sea", "trees", "sea"], ["sea", "sea", "trees"]):
            check_raises(answer.one_hot_encode(["trees"], classes), ValueError)
            check_raises(answer.one_hot_encode([], classes), ValueError)

    def test_random_labels_as_the_solution_has_them(self, answer, reference, rng):
        for classes, labels in random_labels(rng):
            expected = reference.one_hot_encode(labels, classes)
            check(answer.one_hot_encode(labels, classes), expected, rtol=0, source=SOLUTION)


@pytest.mark.function("multi_hot_encode")
class TestMultiHotEncode:
    def test_every_label_of_a_sample_is_hot(self, answer):
        # The first row is the y_true of the exercises to come.
        expected = np.float32([[1, 0, 0, 0, 1], [0, 0, 1, 1, 0]])
        check(answer.multi_hot_encode([["desert", "trees"], ["sea", "sunset"]], CLASSES), expected, **CONTRACT)

    def test_no_label_one_label_all_labels(self, answer):
        expected = np.float32([[0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1]])
        check(answer.multi_hot_encode([[], ["mountains"], CLASSES], CLASSES), expected, **CONTRACT)

    def test_the_columns_are_in_the_order_of_classes_not_of_the_labels(self, answer):
        expected = np.float32([[1, 0, 1], [1, 0, 1], [0, 1, 0]])
        label_sets = [["sea", "trees"], ["trees", "sea"], ["desert"]]
        check(answer.multi_hot_encode(label_sets, UNSORTED), expected, **CONTRACT)

    def test_a_class_whose_name_is_part_of_another_is_a_class_of_its_own(self, answer):
        expected = np.float32([[0, 1, 0], [1, 0, 0], [0, 1, 1]])
        label_sets = [["seaside"], ["sea"], ["deep seaside", "seaside"]]
        check(answer.multi_hot_encode(label_sets, ["sea", "seaside", "deep seaside"]), expected, **CONTRACT)

    def test_a_repeated_label_counts_once(self, answer):
        expected = np.float32([[0, 0, 1, 0, 0], [1, 0, 0, 0, 1]])
        label_sets = [["sea", "sea"], ["trees", "desert", "trees", "trees"]]
        check(answer.multi_hot_encode(label_sets, CLASSES), expected, **CONTRACT)

    def test_labels_may_be_a_set_or_a_tuple(self, answer):
        expected = np.float32([[0, 1, 0, 0, 1], [0, 0, 1, 0, 0]])
        check(answer.multi_hot_encode([{"trees", "mountains"}, ("sea",)], CLASSES), expected, **CONTRACT)

    def test_no_samples_keep_the_number_of_classes(self, answer):
        check(answer.multi_hot_encode([], CLASSES), np.zeros((0, 5), np.float32), **CONTRACT)

    def test_an_unknown_label_is_named_in_a_value_error(self, answer):
        check_raises(
            answer.multi_hot_encode([["sea"], ["trees", "volcano"]], CLASSES), ValueError, "volcano", **TREES
        )
        check_raises(answer.multi_hot_encode([["avalanche", "trees"]], CLASSES), ValueError, "avalanche", **TREES)
        check_raises(answer.multi_hot_encode([["volcano"]], CLASSES), ValueError, "volcano")
        # Nearly a class: other case, an extra space, a class as its beginning, the decoder's word for no label.
        for label in ("Sea", " sea", "mountainside", "NONE", ""):
            check_raises(answer.multi_hot_encode([["trees"], [label]], CLASSES), ValueError, label, **TREES)
        # Which one is unknown depends on the classes.
        label_sets = [[], ["sea", "trees"]]
        first, second = (answer.multi_hot_encode(label_sets, [known, "desert"]) for known in ("trees", "sea"))
        check_raises(first, ValueError, "sea", **TREES)
        check_raises(second, ValueError, "trees", **SEA, unlike=first)

    def test_a_bare_string_is_a_type_error(self, answer):
        check_raises(answer.multi_hot_encode("sea", CLASSES), TypeError)
        check_raises(answer.multi_hot_encode("", CLASSES), TypeError)
        check_raises(answer.multi_hot_encode(["sea"], CLASSES), TypeError)
        # Here every character is a class, so only a look at the type can tell.
        check_raises(answer.multi_hot_encode("ab", ["a", "b"]), TypeError)
        check_raises(answer.multi_hot_encode([["a"], "ab"], ["a", "b"]), TypeError)

    def test_repeated_classes_are_a_value_error(self, answer):
        for classes in (["sea", "trees", "sea"], ["sea", "sea", "trees"]):
            check_raises(answer.multi_hot_encode([["trees"]], classes), ValueError)
            check_raises(answer.multi_hot_encode([], classes), ValueError)

    def test_random_label_sets_as_the_solution_has_them(self, answer, reference, rng):
        for classes, label_sets in random_label_sets(rng):
            expected = reference.multi_hot_encode(label_sets, classes)
            check(answer.multi_hot_encode(label_sets, classes), expected, rtol=0, source=SOLUTION)


@pytest.mark.function("multi_hot_decode")
class TestMultiHotDecode:
    def test_the_names_of_the_hot_columns(self, answer):
        encoded = np.float32([[1, 0, 0, 0, 1], [0, 0, 1, 1, 0], [0, 1, 0, 0, 0]])
        expected = [["desert", "trees"], ["sea", "sunset"], ["mountains"]]
        check(answer.multi_hot_decode(encoded, CLASSES), expected, **CONTRACT)

    def test_a_row_without_a_label_is_none_in_capitals(self, answer):
        encoded = np.float32([[0, 0, 0, 0, 0], [1, 1, 1, 1, 1]])
        check(answer.multi_hot_decode(encoded, CLASSES), [["NONE"], CLASSES], **CONTRACT)
        check(answer.multi_hot_decode(encoded[:1], CLASSES), [["NONE"]], **CONTRACT)

    def test_the_names_come_in_the_order_of_classes(self, answer):
        check(answer.multi_hot_decode(np.float32([[1, 1, 0]]), UNSORTED), [["trees", "desert"]], **CONTRACT)

    def test_integers_and_booleans_are_as_good_as_floats(self, answer):
        for dtype in (np.int64, np.uint8, np.float64):
            check(answer.multi_hot_decode(np.array([[0, 0, 1]], dtype), UNSORTED), [["sea"]], **CONTRACT)
        check(answer.multi_hot_decode(np.array([[False, True, True]]), UNSORTED), [["desert", "sea"]], **CONTRACT)

    def test_no_samples_are_an_empty_list(self, answer):
        check(answer.multi_hot_decode(np.zeros((0, 5), np.float32), CLASSES), [], **CONTRACT)

    def test_rows_of_another_width_than_classes_are_a_value_error(self, answer):
        check_raises(answer.multi_hot_decode(np.float32([[1, 0, 0]]), CLASSES), ValueError)
        check_raises(answer.multi_hot_decode(np.float32([[0, 0, 0, 0, 0, 1]]), CLASSES), ValueError)
        check_raises(answer.multi_hot_decode(np.zeros((0, 4), np.float32), CLASSES), ValueError)
        # One row that is not in a list of rows, and rows of rows.
        check_raises(answer.multi_hot_decode(np.float32([1, 0, 0, 0, 1]), CLASSES), ValueError)
        check_raises(answer.multi_hot_decode(np.zeros((1, 5, 5), np.float32), CLASSES), ValueError)

    def test_values_other_than_zero_and_one_are_a_value_error(self, answer):
        for value in (0.9, 0.4, 2, -1, 0.9999999, 1e-7, np.nan):
            check_raises(answer.multi_hot_decode(np.float32([[1, 0, value, 0, 0]]), CLASSES), ValueError)

    def test_repeated_classes_are_a_value_error(self, answer):
        for classes in (["sea", "trees", "sea"], ["sea", "sea", "trees"]):
            check_raises(answer.multi_hot_decode(np.float32([[0, 1, 0]]), classes), ValueError)
            check_raises(answer.multi_hot_decode(np.zeros((0, 3), np.float32), classes), ValueError)

    def test_random_rows_as_the_solution_has_them(self, answer, reference, rng):
        for classes, label_sets in random_label_sets(rng):
            encoded = reference.multi_hot_encode(label_sets, classes)
            expected = reference.multi_hot_decode(encoded, classes)
            check(answer.multi_hot_decode(encoded, classes), expected, source=SOLUTION)


def random_classes(rng, n_classes):
    """Names in an order that is not the alphabet's."""
    return [f"class-{number}" for number in rng.permutation(n_classes)]


def random_labels(rng):
    for n_samples, n_classes in ((1, 3), (2, 12), (5, 5), (30, 4), (4, 2), (3, 300)):
        classes = random_classes(rng, n_classes)
        yield classes, [str(label) for label in rng.choice(classes, n_samples)]


def random_label_sets(rng):
    for n_samples, n_classes in ((1, 3), (2, 12), (5, 5), (30, 4), (4, 2), (3, 300)):
        classes = random_classes(rng, n_classes)
        sizes = rng.integers(0, 2 * len(classes), n_samples)
        yield classes, [[str(label) for label in rng.choice(classes, size)] for size in sizes]
