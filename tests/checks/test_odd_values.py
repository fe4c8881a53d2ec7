"""Whatever an answer returns gets a sentence of the usual form, in pytest and in grading alike, and no traceback."""

import datetime
import decimal
import fractions
import warnings

import numpy as np
import pytest

from kata.checks.calls import Call
from kata.checks.comparison import difference
from kata.checks.wire import PREFIX, lengths, pack, unpack
from kata.judge.diagnosis import same_value


class Holds(list):
    """A list that holds itself."""

    def __init__(self):
        super().__init__([self])


class Loud:
    """A thing whose every question is an error."""

    def __eq__(self, other):
        raise RuntimeError("asked whether it is equal")

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("asked for its text")

    __len__ = __iter__ = __array__ = __float__ = __getitem__ = __repr__


class Named(np.ndarray):
    """An array of a class of one's own, which holds itself when it is iterated."""

    def __iter__(self):
        return iter([self])


with warnings.catch_warnings():
    warnings.simplefilter("ignore", PendingDeprecationWarning)
    ODD = {
        "matrix": np.matrix([[1.0, 2.0, 3.0]], np.float32),
        "masked": np.ma.masked_array([1.0, 2.0, 3.0], [0, 1, 0], np.float32),
        "own array": np.arange(3, dtype=np.float32).view(Named),
        "record": np.rec.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]),
        "structured": np.zeros(3, [("a", "i4"), ("b", "f4")]),
        "object": np.array([1.0, None, 3.0], object),
        "of arrays": np.array([np.zeros(2), np.zeros(3), None], object),
        "big-endian": np.arange(3, dtype=">f4"),
        "dates": np.array(["2020", "2021", "2022"], "M8[Y]"),
        "time": np.timedelta64(3, "s"),
        "complex": np.array([1j, 2, 3], np.complex64),
        "half": np.arange(3, dtype=np.float16),
        "long double": np.arange(3, dtype=np.longdouble),
        "texts": np.array(["a", "b", "c"]),
        "bytes": np.array([b"a", b"b", b"c"]),
        "bools": np.array([True, False, True]),
        "0-d": np.array(3.0, np.float32),
        "0-d object": np.array(None, object),
        "many axes": np.zeros((1,) * 20, np.float32),
        "huge int": 10**400,
        "huger int": -(10**5000),
        "64 bits": 2**64,
        "fraction": fractions.Fraction(1, 3),
        "decimal": decimal.Decimal("0.1"),
        "np.bool": np.True_,
        "np.str": np.str_("x"),
        "np.void": np.zeros(1, "V8")[0],
        "np.complex": np.complex128(1j),
        "complex number": 1j,
        "bytes itself": b"abc",
        "range": range(3),
        "generator": (x for x in [1]),
        "lambda": lambda: 1,
        "class": np.ndarray,
        "date": datetime.date(2020, 1, 1),
        "loud": Loud(),
        "itself": Holds(),
        "set": {1, 2},
        "dict": {"a": np.zeros(2), None: [1]},
        "deep": [[[[[[[[[[1.0]]]]]]]]]],
        "None": None,
        "text of lines": "a\nb\nc",
        "surrogate": "\ud800",
        "memoryview": memoryview(b"abc"),
        "error": ValueError("returned, not raised"),
    }
EXPECTED = {
    "array": np.arange(3, 6, dtype=np.float32),
    "one number": 0.4,
    "tuple": (np.zeros(2, np.float32), 1.0),
    "list": [["sea"], ["NONE"]],
    "dict": {"a": "b"},
    "text": "sea",
}


def crossed(value):
    """The value as it arrives from a sandbox."""
    message = pack({"value": value})
    header, _ = lengths(message[:PREFIX])
    return unpack(message[PREFIX : PREFIX + header], message[PREFIX + header :])["value"]


def lines(value, expected):
    return difference(Call("sigmoid", value=value), expected, 1e-5, 0.0, False)


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=EXPECTED)
@pytest.mark.parametrize("name", ODD)
def test_an_odd_value_is_wrong_in_one_sentence_that_is_the_same_everywhere(name, expected):
    value = ODD[name]
    here = lines(value, expected)
    assert here[0].startswith(("returned  ", "in the returned tuple"))
    assert here[-1].startswith("should ")
    assert all("\n" not in line and len(line) < 500 for line in here)
    if name not in ("generator", "lambda", "memoryview", "itself"):  # whose texts hold an address, or are cut
        there = lines(crossed(value), expected)
        assert there == here


@pytest.mark.parametrize("name", ODD)
def test_an_odd_value_is_no_known_mistake(name):
    for expected in EXPECTED.values():
        assert not same_value(ODD[name], expected, 1e-5, 0.0)
        assert not same_value(crossed(ODD[name]), expected, 1e-5, 0.0)


def test_what_odd_values_are_called():
    assert lines(ODD["matrix"], EXPECTED["array"]) == [
        "returned  matrix([[1., 2., 3.]], dtype=float32), a matrix",
        "should be [3, 4, 5], a float32 array of shape (3,)",
    ]
    assert lines(ODD["huge int"], 0.4) == [
        "returned  <an int of 1329 bits>, an int",
        "should be one number, 0.4",
    ]
    assert lines(ODD["big-endian"], EXPECTED["array"])[1] == "should have dtype float32"
    assert (
        lines(ODD["object"], EXPECTED["array"])[0]
        == "returned  array([1.0, None, 3.0], dtype=object), an object array"
    )


def test_an_array_that_cannot_be_written_to_is_an_array():
    array = np.arange(3, 6, dtype=np.float32)
    array.flags.writeable = False
    assert lines(array, EXPECTED["array"]) == []
    assert lines(np.asfortranarray(np.ones((2, 3), np.float32)), np.ones((2, 3), np.float32)) == []


def test_what_raises_a_signal_when_it_is_converted_is_a_wrong_value_and_no_more():
    signalling = np.array([0x7FA00000], np.uint32).view(np.float32)
    largest = np.finfo(np.longdouble).max
    for value, expected in ((signalling, np.float32([1])), (signalling[0], 1.0), (largest, 1.0)):
        # A warning would stand in the terminal of whoever grades; here it is an error.
        assert difference(Call("sigmoid", value=value), expected, 1e-5, 0.0, silent=False)


def test_a_number_of_few_bits_is_shown_as_it_is():
    returned, wanted = lines(np.float16(0.4), 0.4)
    assert (returned, wanted) == ("returned  0.39990234", "should be 0.4")
    returned, _ = lines(np.array([0.4, 2], np.float16), np.array([0.4, 2], np.float32))
    assert returned == "returned  [0.39990234, 2], dtype float16"
