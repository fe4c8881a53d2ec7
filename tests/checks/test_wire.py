"""Plain data as bytes, and bytes that are none."""

import numpy as np
import pytest

from kata.checks.models import Outputs
from kata.checks.objects import Folder
from kata.checks.tensors import Batches
from kata.checks.wire import MAX_MESSAGE, PREFIX, Foreign, WireError, lengths, pack, unpack, unpack_whole
from kata.sandbox import runtime
from kata.sandbox.runtime import modules


def through(value, objects=False):
    packed = pack({"value": value})
    header, _ = lengths(packed[:PREFIX])
    return unpack(packed[PREFIX : PREFIX + header], packed[PREFIX + header :], objects)["value"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -5,
        2**63,
        1.5,
        -0.0,
        float("inf"),
        "a\ud800\n",
        b"\0\xff",
        [],
        [[1], (2, "x")],
        {"a": [1.5]},
        {1, 2},
    ],
    ids=repr,
)
def test_plain_data_arrives_as_it_was(value):
    arrived = through(value)
    assert type(arrived) is type(value)
    assert arrived == value


def test_nan_arrives():
    assert np.isnan(through(float("nan")))


@pytest.mark.parametrize("dtype", ["f4", "f8", ">f4", "f2", "i8", "u1", "?", "c8", "S3", "U5", "g"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (0, 5), (2, 3, 4)])
def test_arrays_arrive_with_shape_dtype_and_every_bit(dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    arrived = through(array)
    assert type(arrived) is np.ndarray
    assert (arrived.shape, arrived.dtype) == (array.shape, array.dtype)
    assert arrived.tobytes() == array.tobytes()
    assert arrived.flags.writeable


def test_numbers_of_numpy_arrive_as_such():
    for number in (np.float32(1.5), np.int64(-3), np.bool_(True)):
        assert type(through(number)) is type(number)


def test_what_is_built_on_plain_data_arrives_as_plain_data():
    class Names(list):
        def __iter__(self):
            raise AssertionError("nobody asks an answer's object")

    class Text(str):
        def __str__(self):
            return "another"

    assert through(Names(["a"])) == ["a"]
    assert through(Text("a")) == "a"
    assert through(np.str_("a")) == "a"


def test_anything_else_arrives_as_a_name_and_a_text():
    class Yes:
        def __eq__(self, other):
            return True

        def __repr__(self):
            return "yes" * 10**6

    arrived = through(Yes())
    assert isinstance(arrived, Foreign)
    assert type(arrived).__name__ == "Yes"
    assert len(repr(arrived)) == 10_000
    assert arrived != 1
    assert type(through(np.zeros(2, object))).__name__ == "object array"
    assert type(through(np.ma.zeros(2))).__name__ == "MaskedArray"
    endless = []
    endless.append(endless)
    through(endless)


def test_descriptions_of_objects_go_one_way_only():
    folder, view = Folder({"a": b"1"}), Outputs(np.zeros((1, 2)), seed=3)
    assert through(folder, objects=True) == folder
    assert through(view, objects=True).seed == 3
    assert through(Batches(2, True), objects=True) == Batches(2, True)
    with pytest.raises(WireError):
        through(folder)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"1e999",
        b"[" * 100_000,
        b'["array","<f4",[4]]',
        b'["array","<f4",[-1]]',
        b'["array","<f4",[99999999999999999999]]',
        b'["array","<f4",[0,99999999999999999999]]',
        b'["array","O",[0]]',
        b'["array","<f4",' + b"[" * 50 + b"]" * 50 + b"]",
        b'["array","V8",[0]]',
        b'["bytes",7]',
        b'["bytes",-1]',
        b'["float","nonsense"]',
        b'["pickle","gASVAAA"]',
        b'["object","os","system",["dict",[]]]',
        b'["dict",[[["list",[]],1]]]',
        b'["list",5]',
        b'["foreign",3,"x"]',
        b'["foreign","a\\u0000b",7]',
        b'["set",[["list",[]]]]',
    ],
)
def test_bytes_that_are_no_message(header):
    with pytest.raises(WireError):
        unpack(header, b"", objects=False)
    with pytest.raises(WireError):
        unpack(b'["dict",[["value",' + header + b"]]]", b"")


def test_what_would_cost_the_reader_much_is_refused():
    def message(value):
        return b'["dict",[["value",' + value + b"]]]"

    assert unpack(message(str(2**63).encode()), b"") == {"value": 2**63}
    with pytest.raises(WireError, match="an int that is too large"):
        unpack(message(b"9" * 4000), b"")
    # A class for each name, which takes a kilobyte; those of one name share it.
    things = [b'["foreign","Thing%d","x"]' % number for number in range(101)]
    same = unpack(message(b'["list",[' + b",".join(things[:1] * 1000) + b"]]"), b"")["value"]
    assert len({type(each) for each in same}) == 1
    with pytest.raises(WireError, match="more than 100 classes"):
        unpack(message(b'["list",[' + b",".join(things) + b"]]"), b"")


def colliding(number):
    """Pairs of numbers that all have one hash: Python's of a tuple (xxHash) can be calculated backwards."""

    def step(before, lane):
        mixed = (before + lane * 14029467366897019727) % 2**64
        return (mixed << 31 | mixed >> 33) % 2**64 * 11400714785074694791 % 2**64

    back, found, one = pow(14029467366897019727, -1, 2**64), [], 0
    while len(found) < number:
        one += 1
        other = (12345678901234567 - step(2870177450012600261, one)) * back % 2**64
        if other < 2**60:
            found.append((one, other))
    return found


def test_keys_that_have_one_hash_are_few():
    # Each is compared with each: 40,000 of them take a minute.
    pairs = colliding(2000)
    assert len(set(map(hash, pairs))) == 1
    texts = ",".join(f'["tuple",[{one},{other}]]' for one, other in pairs)
    keys = ",".join(f'[["tuple",[{one},{other}]],0]' for one, other in pairs)
    for value in (f'["set",[{texts}]]', f'["dict",[{keys}]]', f'["list",[["set",[{texts}]]]]'):
        with pytest.raises(WireError, match="too many keys"):
            unpack(f'["dict",[["value",{value}]]]'.encode(), b"")


@pytest.mark.parametrize(
    "value",
    [{f"class-{number}" for number in range(1000)}, {(number, "a"): number for number in range(500)}, [{1}] * 9000],
    ids=["texts", "pairs", "sets"],
)
def test_as_many_keys_as_an_answer_needs_arrive(value):
    assert through(value) == value


def test_a_text_of_what_is_no_character_is_refused():
    header = b'["dict",[["value",["array","<U1",[1]]]]]'
    with pytest.raises(WireError, match="no character"):
        unpack(header, b"\xff\xff\xff\xff")
    for dtype in ("<U1", ">U1"):
        assert through(np.array(["\U0010ffff"], dtype)).tolist() == ["\U0010ffff"]


def test_random_changes_of_a_message_are_a_message_or_an_error():
    packed = bytearray(pack({"value": [np.arange(3.0), "text", (1, None)], "more": {"a": 1.5}}))
    rng = np.random.default_rng(0)
    for _ in range(3000):
        changed = bytearray(packed)
        for place in rng.integers(0, len(packed), 3):
            changed[place] = rng.integers(256)
        try:
            header, body = lengths(bytes(changed[:PREFIX]))
            unpack(bytes(changed[PREFIX : PREFIX + header]), bytes(changed[PREFIX + header : PREFIX + header + body]))
        except WireError:
            pass


def test_bytes_that_belong_to_nothing_are_an_error():
    with pytest.raises(WireError, match="belong to no array"):
        unpack(b'["dict",[]]', b"x")


def test_long_messages_are_refused_before_they_are_read():
    with pytest.raises(WireError, match="at most"):
        lengths((100).to_bytes(4, "big") + MAX_MESSAGE.to_bytes(4, "big"))
    with pytest.raises(WireError, match="at most"):
        lengths(b"\xff" * 8)


def test_the_modules_that_a_stranger_sees_hold_no_comparison_and_no_solutions():
    seen = set(modules())
    assert {f"kata.{name}" for name in ("sandbox.child", "checks.wire", "answers.loading", "checks.tensors")} <= seen
    assert not {"kata.checks.comparison", "kata.answers.answer"} & seen
    assert not [
        name for name in seen if name.split(".")[1:2] in (["judge"], ["grading"], ["submissions"], ["reports"])
    ]


def test_what_only_type_checkers_import_is_not_shown_to_a_stranger(tmp_path, monkeypatch):
    child = tmp_path / "kata/sandbox/child.py"
    for path in (
        child,
        *(tmp_path / f"kata/answers/{name}.py" for name in ("sources", "loading", "cells", "frameworks")),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    child.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    from kata.answers.sources import Source\n"
        "else:\n"
        "    from kata.answers.loading import InProcess\n"
        "def main():\n"
        "    if settings:\n"
        "        from kata.answers.cells import read_cells\n"
        "    elif TYPE_CHECKING:\n"
        "        from kata.answers.sources import Source\n"
        "    else:\n"
        "        from kata.answers.frameworks import import_quietly\n"
    )
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    seen = set(modules())
    assert {"kata.answers.loading", "kata.answers.cells", "kata.answers.frameworks"} <= seen
    assert "kata.answers.sources" not in seen


def test_a_whole_message_is_read_as_it_was_packed_and_half_of_one_is_refused():
    packed = pack({"values": [np.arange(3.0), "a text"]})
    np.testing.assert_array_equal(unpack_whole(packed)["values"][0], np.arange(3.0))
    for length in (0, 3, PREFIX, PREFIX + 5, len(packed) - 1):
        with pytest.raises(WireError):
            unpack_whole(packed[:length])
