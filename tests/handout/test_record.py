"""The record of a handout: damaged, of other checks, and for calls with other last digits."""

import gc
import json
import re

import pytest

from kata.checks import VALUE, Call, Raised
from kata.handout.recording import Recording
from kata.judge import Input, record
from kata.syllabus import find_exercise
from tests.handout.handouts import kata, python, solve


@pytest.mark.parametrize("what", ["changed", "cut off", "missing"])
def test_a_damaged_record_is_refused_in_one_sentence(copy, what):
    folder, judge = copy
    solve(folder)
    path = folder / "record/03_losses/values.bin"
    content = path.read_bytes()
    if what == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if what == "cut off" else content[:99] + b"x" + content[100:])
    done = judge("exercises/02_activations", "exercises/03_losses")
    failures = re.findall(
        r"^record/03_losses/values\.bin .*: fetch this copy of the kata again.*$", done.stdout, re.M
    )
    assert len(failures) == 3  # of the three functions, each the check that asks for a value of the record
    assert "Traceback" not in done.stdout + done.stderr
    assert re.search(r"^02 .* 8/8\b", done.stdout, re.MULTILINE)


def test_another_suite_and_another_seed_are_refused_in_one_sentence(copy):
    folder, judge = copy
    done = judge("exercises/", "--seed", "6")
    assert done.returncode == 4
    assert "knows what is right for the inputs of --seed 5 alone" in done.stderr
    suite = folder / "exercises/02_activations/test_activations.py"
    windows = suite.read_bytes().replace(b"\n", b"\r\n")
    suite.write_bytes(windows)
    assert "todo" in judge("exercises/").stdout
    suite.write_bytes(windows + b"# mine\r\n")
    done = judge("exercises/03_losses")
    assert done.returncode == 4
    assert "exercises/02_activations/test_activations.py is not the suite that this copy's record" in done.stderr
    (folder / "record/handout.json").write_text("{}")
    done = judge("exercises/")
    assert done.returncode != 0
    assert "handout.json is damaged" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_call_with_other_last_digits_is_found_and_no_other(made):
    code = """
import numpy as np
from kata.judge.record import Recorded, RecordError
import kata.judge.record as record
asked = []
class Asking(Recorded):
    def value(self, function, args, kwargs, view):
        asked.append((function, args, kwargs))
        return super().value(function, args, kwargs, view)
import importlib.util, sys
spec = importlib.util.spec_from_file_location("suite", "exercises/03_losses/test_losses.py")
suite = importlib.util.module_from_spec(spec)
spec.loader.exec_module(suite)
from kata.judge import suite_inputs
recorded = Asking()
fixtures = {"rng": lambda: np.random.default_rng(5), "reference": lambda: recorded}
for name in ("BinaryCrossentropy", "SparseCategoricalCrossentropy"):
    function = asked and "sparse_categorical_crossentropy" or "binary_crossentropy"
    suite_inputs(getattr(suite, "Test" + name), function, fixtures)
moved = lambda value: np.nextafter(value, np.inf) if getattr(value, "dtype", None) == np.float32 else value
print(len(asked))
for function, args, kwargs in list(asked):
    right = recorded.value(function, args, kwargs, None)
    others = tuple(map(moved, args))
    if args[0].size:
        assert any((a != b).any() for a, b in zip(args, others)), function
    np.testing.assert_array_equal(recorded.value(function, others, kwargs, None), right)
    larger = (args[0], args[1] * np.float32(1.01), *args[2:])
    if args[1].size:
        try:
            recorded.value(function, larger, kwargs, None)
        except RecordError as error:
            assert "does not know what is right here" in str(error)
        else:
            raise AssertionError("found")
"""
    done = python("-c", code, checkout=made.folder)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_a_failure_is_told_in_full_where_the_record_of_its_mistakes_is_damaged(copy):
    folder, judge = copy
    solve(folder)
    path = folder / "exercises/02_activations/activations.py"
    path.write_text(f"{path.read_text()}\n\ndef linear(x):\n    return -x\n")
    (folder / "record/02_activations/linear.bin").write_bytes(b"")
    told = judge("exercises/02_activations").stdout
    assert "should be" in told
    assert "record/02_activations/linear.bin is not the file that was handed out: fetch this copy" in told
    assert "Traceback" not in told
    (folder / "record/02_activations/hints.bin").write_bytes(b"")
    done = kata("hint", "02", "sigmoid", checkout=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("kata: record/02_activations/hints.bin is not the file that was handed out")


def test_a_call_may_take_as_long_as_on_a_slower_machine_than_that_of_the_record(copy):
    folder, _ = copy
    path = folder / "record/handout.json"
    known = json.loads(path.read_text())
    path.write_text(json.dumps(known | {"seconds": {"linear": 2.5}}))
    code = "from kata.answers import Answer; from kata.checks import Call; from pathlib import Path\n"
    code += "takes = Answer(Path('exercises')).runner.takes; print(takes(Call('linear')), takes(Call('sigmoid')))"
    assert python("-c", code, checkout=folder).stdout == "7.5 0.0\n"


def test_of_an_errors_message_only_the_words_that_a_check_looks_for_are_recorded():
    raised = Raised("ValueError", ("ValueError", "Exception"), "in line 7: return right_sea(x) or volcano")
    kept = record.as_plain(Call("sigmoid", raised=raised), ("volcano", "sea", "trees"))["raised"]
    assert kept == ["ValueError", ["ValueError", "Exception"], "volcano sea"]


def test_two_values_of_a_set_cannot_be_compared():
    known = record.RecordedKnown(lambda function: [])
    value, error = Call("multi_hot_encode", value=1), Call("multi_hot_encode", raised=Raised("ValueError", (), ""))
    with_a_set, without = (Input((labels, ["a"]), {}, VALUE) for labels in ([{"a", "b"}], [["a", "b"]]))
    assert not known.can_tell(with_a_set, value, value)
    assert known.can_tell(with_a_set, error, value)
    assert known.can_tell(with_a_set, value, error)
    assert known.can_tell(without, value, value)


def test_what_one_function_came_to_is_not_kept_while_the_next_one_is_recorded(tmp_path):
    before, kept = _calls(), []
    Recording([find_exercise("02")], 5).write(tmp_path, lambda: kept.append(_calls()))
    assert kept == [before] * 3


def _calls():
    gc.collect()
    return sum(type(value) is Call for value in gc.get_objects())
