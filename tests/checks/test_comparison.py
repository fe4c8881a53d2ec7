"""The one comparison: its order, its words, and that it cannot be talked round."""

import numpy as np
import pytest

from kata.checks.calls import Call, Raised
from kata.checks.comparison import ERROR, VALUE, CheckFailed, check, check_raises, is_number, recording
from kata.checks.texts import LARGEST, SMALLEST, show

pytestmark = pytest.mark.everywhere


def returned(value, function="sigmoid", **fields):
    return Call(function, (np.float32([0]),), value=value, **fields)


def words(call, expected, **options):
    with pytest.raises(CheckFailed) as failure:
        check(call, expected, **options)
    return str(failure.value).splitlines()[1:-1]


HALF = np.float32([0.5])


def test_equal_passes():
    check(returned(np.float32([0.5])), HALF)
    check(returned(np.float32([0.5000001])), HALF)
    check(returned(np.float32([np.nan, np.inf, -np.inf])), np.float32([np.nan, np.inf, -np.inf]))
    check(returned(0.25), 0.25)
    check(returned(np.float64(0.25)), 0.25)
    check(returned(np.float32(0.25)), 0.25)
    check(returned([["a"], ["b", "c"]]), [["a"], ["b", "c"]])


def test_the_order_is_raised_shape_dtype_value_arguments_warnings():
    call = returned(np.float64([[7.0]]), changed=(0,), warnings=("overflow",))
    call.raised = Raised("KeyError", ("KeyError",), "'sea'", "activations.py:3: x")
    assert words(call, HALF)[0] == "  raised    KeyError: 'sea'"
    call.raised = None
    assert words(call, HALF) == [
        "  returned  [[7]], shape (1, 1)",
        "  should be [0.5], shape (1,)   (Keras; within a relative 1e-5)",
        "  also changed its argument x, which should stay as it was",
    ]
    call.value = np.float64([7.0])
    assert words(call, HALF) == [
        "  returned  [7], dtype float64",
        "  should have dtype float32",
        "  also changed its argument x, which should stay as it was",
    ]
    call.value = np.float32([7.0])
    assert words(call, HALF)[:2] == ["  returned  [7]", "  should be [0.5]   (Keras; within a relative 1e-5)"]
    call.value = np.float32([0.5])
    assert words(call, HALF, silent=True)[0] == "  changed its argument x"
    call.changed = ()
    assert words(call, HALF, silent=True)[0] == "  NumPy warned: overflow encountered"
    check(call, HALF)  # silence is only asked for where the contract asks for it


@pytest.mark.parametrize("value", [None, [0.5], 0.5, np.float32(0.5), "0.5", (0.5,), np.ma.array([0.5]), {0: 0.5}])
def test_what_is_no_array_is_no_array(value):
    assert "should be [0.5], a float32 array of shape (1,)" in words(returned(value), HALF)[1]


def test_a_numpy_scalar_is_an_array_without_axes_where_one_is_due():
    check(returned(np.float32(0.5)), np.array(0.5, np.float32))
    check(returned(np.array(0.5, np.float32)), np.array(0.5, np.float32))
    for value in (0.5, np.float64(0.5), np.float32([0.5]), np.float32(0.25)):
        words(returned(value), np.array(0.5, np.float32))


def test_a_scalar_or_a_row_never_stands_for_an_array():
    expected = np.full((2, 3), 0.5, np.float32)
    for value in (np.float32(0.5), np.full(3, 0.5, np.float32), np.full((1, 3), 0.5, np.float32)):
        words(returned(value), expected)


@pytest.mark.parametrize("value", [True, "1.0", None, [1.0], np.float32([1.0]), np.bool_(True), 1 + 0j])
def test_what_is_no_number_is_no_number(value):
    assert "should be one number, 1" in words(returned(value), 1.0)[1]


def test_an_int_is_a_number_as_far_as_numpy_has_a_dtype_for_it():
    for value in (SMALLEST, SMALLEST + 1, -1, 0, 7, LARGEST - 1, LARGEST, int(str(SMALLEST)), int(str(LARGEST))):
        assert is_number(value)
    for value in (SMALLEST - 1, LARGEST + 1, True, "1", None):
        assert not is_number(value)


def test_tolerances_are_relative_and_absolute():
    words(returned(np.float32([0.50001])), HALF, rtol=1e-6)
    check(returned(np.float32([0.50001])), HALF, rtol=1e-4)
    words(returned(np.float32([1e-7])), np.float32([0]))
    check(returned(np.float32([1e-7])), np.float32([0]), atol=1e-6)
    words(returned(np.float32([np.nan])), HALF, rtol=1e9)
    words(returned(np.float32([np.inf])), HALF, rtol=1e9)


def test_a_second_right_value():
    check(returned(np.float32([16.118])), np.float32([15.942]), also=np.float32([16.118]), rtol=1e-4)
    assert "15.942" in words(returned(np.float32([16.0])), np.float32([15.942]), also=np.float32([16.118]))[1]
    # no third one in between, and the other conditions stay
    words(returned(np.float64([16.118])), np.float32([15.942]), also=np.float32([16.118]))


def test_up_to_ten_values_are_shown_whole():
    assert (
        words(returned(np.zeros(10, np.float32)), np.ones(10, np.float32))[0]
        == f"  returned  [{', '.join('0' * 10)}]"
    )
    assert words(returned(np.zeros(11, np.float32)), np.ones(11, np.float32))[0].startswith("  11 of 11 values")


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int8, np.int64, bool, np.complex64])
def test_another_dtype_is_another_dtype(dtype):
    assert words(returned(np.ones(1, dtype)), np.float32([1]))[1] == "  should have dtype float32"


def test_a_dtype_with_a_note_is_the_same_dtype():
    check(returned(np.array([0.5], np.dtype("float32", metadata={"unit": "1"}))), HALF)


def test_parameters_are_only_named_where_the_call_itself_failed():
    def told(kind, where, words_of_it="f() takes 1 positional argument but 2 were given"):
        kind = "".join([kind[:2], kind[2:]])  # equal to a literal, and not the same object
        call = returned(None)
        call.raised = Raised(kind, (kind,), words_of_it, where)
        return words(call, HALF)

    assert told("TypeError", "") == [
        "  raised    TypeError: f() takes 1 positional argument but 2 were given",
        "            its parameters should be (x)",
        "  should be [0.5]   (Keras; within a relative 1e-5)",
    ]
    for kind, where in (("TypeError", "activations.py:3: x"), ("ValueError", ""), ("AError", ""), ("ZError", "")):
        assert "parameters" not in "".join(told(kind, where))
    assert "parameters" not in "".join(told("TypeError", "", "unhashable type: 'list'"))


def test_the_diagnosis_stands_above_the_hint():
    asked = []

    def diagnose(function, kind):
        asked.append((function, kind))
        return "You halved it."

    with pytest.raises(CheckFailed) as failure:
        check(returned(None, diagnose=diagnose), HALF)
    assert str(failure.value).splitlines()[-2:] == ["You halved it.", "Hint: kata hint 02 sigmoid"]
    with pytest.raises(CheckFailed) as failure:
        check_raises(returned(None, diagnose=diagnose), ValueError)
    assert failure.value.diagnosis == "You halved it."
    assert asked == [("sigmoid", VALUE), ("sigmoid", ERROR)]
    with pytest.raises(CheckFailed) as failure:  # nothing ran, so there is nothing to diagnose and no hint
        check(returned(None, diagnose=diagnose, fault="it is not there"), HALF)
    assert str(failure.value).splitlines()[1:] == ["  it is not there"]


def test_a_recorder_gets_the_call_and_how_it_is_compared():
    kept = []

    class Recorder:
        def record(self, call, kind, **options):
            kept.append((call, kind, options))

    with recording(Recorder()):
        check("one", HALF, rtol=1, atol=2, silent=True)
        check("two", 0.5, also=0.25)
        check_raises("three", ValueError, "boat")
    options = {"rtol": 1, "atol": 2, "silent": True, "accepts_two": False, "number": False}
    assert kept[0] == ("one", VALUE, options)
    assert kept[1][2] == {"rtol": 1e-5, "atol": 0.0, "silent": False, "accepts_two": True, "number": True}
    assert kept[2] == ("three", ERROR, {"mentions": ("boat",)})
    words(returned(None), HALF)  # and afterwards it compares again


def test_a_large_array_shows_the_first_wrong_place():
    value = np.zeros((10, 5), np.float32)
    expected = value.copy()
    expected[7, 2] = expected[8, 0] = 0.25
    assert words(returned(value), expected) == [
        "  2 of 50 values are wrong, the first at [7, 2]",
        "  returned  0",
        "  should be 0.25   (Keras; within a relative 1e-5)",
    ]


class Yes:
    """Equal to everything, close to everything, and whatever class you like."""

    __array_priority__ = 1e9
    __class__ = np.ndarray
    shape, dtype, ndim, size = (1,), np.dtype(np.float32), 1, 1

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __array__(self, *arguments, **options):
        return np.float32([0.5])

    def __float__(self):
        return 1.0


def test_what_equals_everything_equals_nothing():
    words(returned(Yes()), HALF)
    words(returned(Yes()), 1.0)
    words(returned([Yes()]), [["a"]])
    words(returned([[Yes()]]), [["a"]])
    words(returned({"encoding": Yes()}), {"encoding": "one-hot"})


def test_plain_data_is_compared_with_its_types_and_order():
    for value in ([("a",)], [["a", "b"]], [[b"a"]], (["a"],), [[]], "a", None):
        words(returned(value), [["a"]])
    words(returned({"b": 1, "a": 2}), {"a": 2, "b": 1})
    words(returned([True]), [1])
    check(returned([int("1000"), float("0.1"), None]), [1000, 0.1, None])  # equal, and not the same objects
    words(returned([1001, 0.1]), [1000, 0.1])
    words(returned(["a", "b"]), ["a"])
    words(returned(["a"]), ["a", "b"])
    assert "order" not in words(returned({"b": 1, "a": 3}), {"a": 2, "b": 1})[0]
    assert "order" not in words(returned({"a": 2, "b": 1}), {"a": 2})[0]
    assert "order" not in words(returned({"a": 2}), {"a": 2, "b": 1})[0]
    assert "order" in words(returned({"b": 1, "a": 2}), {"a": 2, "b": 1})[0]
    assert "order" not in words(returned(type("Own", (list,), {})(["b", "a"])), ["a", "b"])[0]
    assert words(returned(["a"] * 300), ["a"] * 299 + ["b"])[0] == "  returned  'a'  at [299]"
    check(returned([[np.str_("a")]]), [["a"]])


def test_subclasses_of_plain_data_are_plain_data():
    import collections

    class Liar(list):
        def __eq__(self, other):
            return True

        def __iter__(self):
            return iter(["a"])

    check(returned(collections.OrderedDict(a=1)), {"a": 1})
    words(returned([Liar(["b"])]), [["a"]])


def test_what_differs_is_shown_where_it_differs():
    value = [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]
    assert words(returned([*value[:4], ["x"], ["f"]]), value)[0] == "  returned  ['x']  at [4]"
    assert "in another order" in words(returned({"b": 1, "a": 2}), {"a": 2, "b": 1})[0]
    assert "in another order" not in words(returned(["a", "a"]), ["a"])[0]
    assert words(returned(None), 1.0)[0] == "  returned  None: is a return missing?"
    assert words(returned(None), HALF)[0] == "  returned  None: is a return missing?"
    assert words(returned("x"), {"a": 1}, also={"b": 2})[1:] == [
        "  should be {'a': 1}   (Keras)",
        "  or        {'b': 2}",
    ]


def test_data_that_holds_itself_and_keys_that_cannot_be_sorted():
    endless = []
    endless.append(endless)
    words(returned(endless), [["a"]])
    words(returned([endless]), HALF)
    words(returned({1: 2, "a": 3}), {"a": 3})


def test_errors_by_class_and_text():
    def raising(kind, message):
        return Call("integer_encode", raised=Raised(kind.__name__, tuple(k.__name__ for k in kind.__mro__), message))

    check_raises(raising(ValueError, "unknown label 'boat'"), ValueError, "boat")
    check_raises(raising(UnicodeError, "boat"), ValueError, "boat")  # a subclass
    for call in (raising(ValueError, "unknown"), raising(KeyError, "boat"), returned(1)):
        with pytest.raises(CheckFailed, match="should raise ValueError with a message that names boat"):
            check_raises(call, ValueError, "boat")
    with pytest.raises(CheckFailed, match="did not end"):
        check_raises(Call("sigmoid", fault="sigmoid did not end within 1 s"), ValueError)
    changed = raising(ValueError, "boat")
    changed.args, changed.changed = (["boat"],), (0,)
    with pytest.raises(CheckFailed, match="changed its argument labels"):
        check_raises(changed, ValueError, "boat")


def test_a_message_names_the_culprit_and_not_what_is_innocent():
    def said(text):
        return Call("integer_encode", raised=Raised("ValueError", ("ValueError",), text))

    given = ValueError, "boat"
    check_raises(said("boat is no label"), *given, innocent="sea")
    check_raises(said("boat is none of sea, trees"), *given, innocent="sea", bystander="trees")  # what is allowed
    check_raises(said("boat: boat is not sea"), *given, innocent="sea")
    for text, more in (("boat, sea", {}), ("boat, sea", {"bystander": "trees"}), ("boat sea sea, trees", {})):
        with pytest.raises(CheckFailed, match="and not also sea, which is right"):
            check_raises(said(text), *given, innocent="sea", **more)
    check_raises(said("boat, boat: sea, sea, trees"), *given, innocent="sea", bystander="trees")
    with pytest.raises(CheckFailed, match="and not also sea, which is right"):
        check_raises(said("boat, boat: sea, sea, sea, trees"), *given, innocent="sea", bystander="trees")
    check_raises(said("boat twice"), *given, unlike=said("boat is no label"))
    check_raises(said("boat is no label"), *given, unlike=said("boat twice"))
    with pytest.raises(CheckFailed, match="and said the same of integer_encode"):
        check_raises(said("boat"), *given, unlike=said("".join("boat")))


def test_a_failure_ends_with_its_hint():
    with pytest.raises(CheckFailed) as failure:
        check(returned(None, "keras_loss"), HALF)
    assert str(failure.value).splitlines()[-1] == "Hint: kata hint 04 keras_loss"


def test_values_are_shown_in_one_line():
    assert show(np.float32([[1, 0.5]])) == "[[1, 0.5]]"
    assert show(np.float32(0.1)) == "0.1"
    assert show(np.float32([0.50000006, 2.0611537e-09])) == "[0.50000006, 2.0611537e-09]"
    assert show(({"sea"}, ("sea",))) == "({'sea'}, ('sea',))"
    assert show(np.zeros((0, 5), np.float32)) == "<empty float32 array of shape (0, 5)>"
    assert show(np.zeros((9, 5), np.float32)) == "<float32 array of shape (9, 5)>"
    assert show(np.float32(3)) == "3"
    assert show([["sea"], []]) == "[['sea'], []]"
    assert len(show("x" * 10_000)) < 210


def test_a_tuple_is_compared_place_by_place():
    expected = (["1.jpg"], np.float32([[1]]), 3)
    check(returned((["1.jpg"], np.float32([[1.0000001]]), 3)), expected)
    assert words(returned((["1.jpg"], np.float32([[2]]), 3)), expected) == [
        "  in the returned tuple at [1]:",
        "  returned  [[2]]",
        "  should be [[1]]   (Keras; within a relative 1e-5)",
    ]
    assert words(returned((["2.jpg"], np.float32([[1]]), 3)), expected)[:2] == [
        "  in the returned tuple at [0]:",
        "  returned  '2.jpg'  at [0]",
    ]
    assert words(returned((["1.jpg"], np.float32([[1]]), 3.0)), expected)[0] == "  in the returned tuple at [2]:"
    for value in (["1.jpg"], [["1.jpg"], np.float32([[1]]), 3], (["1.jpg"], np.float32([[1]])), 3, (), "abc"):
        assert "  should be a tuple of 3: (['1.jpg'], [[1]], 3)   (Keras" in words(returned(value), expected)[1]
    assert words(returned(None), expected)[0] == "  returned  None: is a return missing?"


def test_a_tuple_of_more_than_is_expected_is_wrong():
    three = np.float32([1]), np.float32([1]), np.float32([1])
    assert "should be a tuple of 2" in words(returned(three), three[:2])[1]


def test_what_was_looked_at_stands_below_the_call_unless_there_was_nothing_to_look_at():
    call = returned(np.float32([7.0]), view="its numbers")
    with pytest.raises(CheckFailed) as failure:
        check(call, HALF)
    assert str(failure.value).splitlines()[1:3] == ["  seen:     its numbers", "  returned  [7]"]
    call.fault = "sigmoid did not end within 10 s"
    with pytest.raises(CheckFailed) as failure:
        check(call, HALF)
    assert "seen:" not in str(failure.value)


def test_a_tuple_that_lies_about_its_length_is_measured():
    class Long(tuple):
        def __len__(self):
            return 2

        def __iter__(self):
            return iter((np.float32([1]), np.float32([1])))

    assert "should be a tuple of 2" in words(returned(Long()), (np.float32([1]), np.float32([1])))[1]
