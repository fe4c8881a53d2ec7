"""The benchmarks run, find a wrong answer before they time it, and leave out what is not there."""

import re

import pytest

from kata.home.comparing import benchmark_of
from kata.learn.benchmarks import KERAS, SOLVED, YOURS, ratios
from kata.learn.stubs import make_stub
from kata.syllabus import BY_FUNCTION, BY_TOPIC, EXERCISES, ROOT
from tests.support import solution

NUMPY = [exercise for exercise in EXERCISES if not exercise.needs]
FILES = [f"exercises/{exercise.folder}/bench_{exercise.topic}.py" for exercise in NUMPY]
WITHOUT_SIZE = {"recommended_setup", "logit_threshold"}  # they take a name and a number
TIMED = {name for exercise in NUMPY for name in exercise.points} - WITHOUT_SIZE
NOT_IN_KERAS = {"multi_hot_decode", "subset_accuracy", "hamming_loss", "all_zeros_accuracy"}
CASES = 3 + len(TIMED)  # the losses are timed from logits, too
LOSSES = "exercises/03_losses/bench_losses.py"
ACCURACY = "exercises/05_binary_accuracy/bench_binary_accuracy.py::test_binary_accuracy"
QUICK = ("-p", "no:cacheprovider", "--benchmark-max-time=0.001", "--benchmark-min-rounds=1")
RATIO = r"\d+(\.\d\d)? times"


@pytest.fixture
def bench(run):
    """`bench(file, ...)`: a benchmark on tiny arrays; `keras` is code for what takes the place of Keras, if any."""

    def bench(*arguments, keras="None", sizes="4 9"):
        code = "import sys, types, pytest, numpy\n"
        if keras:
            code += f"sys.modules['keras'] = {keras}\n"
        code += f"sys.exit(pytest.main({[*QUICK, *map(str, arguments)]}))"
        return run("-c", code, KATA_BENCH_SIZES=sizes)

    return bench


@pytest.mark.proof
def test_the_solutions_and_keras_agree_and_are_compared(bench):
    done = bench(*FILES, "--answers", "solutions", keras="")
    assert done.status == 0, done.out + done.err
    without = 2 * len(NOT_IN_KERAS)
    assert done.counts() == {"passed": CASES * 2 * 3 - without, "skipped": without}
    assert done.out.count(": 3 tests -") == CASES * 2 - without  # the three in one table
    assert done.out.count(": 2 tests -") == without
    line = rf"^(\w+)( from logits| of sigmoid.*)? [49] x 5: yours {RATIO} the solution's time, Keras (.*)$"
    lines = re.findall(line, done.out, re.MULTILINE)
    assert len(lines) == CASES * 2
    assert {function for function, *_ in lines} == TIMED
    assert {function for function, *_, keras in lines if keras == "has no such function"} == NOT_IN_KERAS
    assert all(re.fullmatch(RATIO, keras) for function, *_, keras in lines if function not in NOT_IN_KERAS)
    assert "board" not in done.out
    assert "Warning" not in done.out


def test_no_benchmark_times_a_wrong_answer(bench, tmp_path):
    folder = tmp_path / "wrong"
    folder.mkdir()
    for exercise in NUMPY:
        code = solution(exercise.topic)
        for name in exercise.points:
            code += f"\n\n_right_{name} = {name}\n\n\ndef {name}(*args, **kwargs):\n"
            code += f"    right = _right_{name}(*args, **kwargs)\n"
            code += "    return right[1:] if isinstance(right, list | dict) else right + 1\n"
        (folder / f"{exercise.topic}.py").write_text(code, encoding="utf-8")
    done = bench(*FILES, "--answers", folder, "-k", "yours")
    assert done.status == 1
    counts = done.counts()
    assert counts["failed"] == CASES * 2
    assert "passed" not in counts
    assert " tests -" not in done.out  # there is no table of times
    assert "Traceback" not in done.out + done.err


def test_without_times_the_solutions_are_run_all_the_same(bench):
    done = bench(*FILES, "--answers", "solutions", "--benchmark-disable")
    assert done.status == 0, done.out + done.err
    assert done.counts() == {"passed": CASES * 2 * 2, "skipped": CASES * 2}  # no Keras here


def test_a_benchmark_may_have_fewer_samples_than_others(bench):
    done = bench(FILES[0], "--collect-only", "-q", "-k", "multi_hot", sizes="64 100000 1000000")
    assert "1000000" not in done.out
    for size in (64, 100_000):
        for who in (YOURS, SOLVED, KERAS):
            assert done.out.count(f"test_multi_hot_decode[{size}-{who}]") == 1


def test_a_stub_is_todo_and_the_others_are_timed(bench, answer_folder):
    folder = answer_folder(binary_accuracy=make_stub(BY_TOPIC["binary_accuracy"]))
    done = bench(ACCURACY, "--answers", folder, "-rs")
    assert done.status == 1
    assert done.counts() == {"passed": 2, "skipped": 2, "todo": 2}  # no Keras here
    assert "Keras is not installed" in done.out
    assert "binary_accuracy 4 x 5: yours not written yet, Keras not installed" in done.out
    assert "Traceback" not in done.out + done.err
    assert "Error" not in done.out + done.err


def test_a_wrong_answer_fails_and_is_not_timed(bench, answer_folder):
    wrong = solution("binary_accuracy", **{"y_pred > threshold": "y_pred < threshold"})
    done = bench(ACCURACY, "--answers", answer_folder(binary_accuracy=wrong))
    assert done.status == 1
    assert done.counts() == {"failed": 2, "passed": 2, "skipped": 2}
    assert "binary_accuracy(y_true=" in done.out
    assert "should be" in done.out
    assert "binary_accuracy 4 x 5: yours wrong, " in done.out
    assert ": 1 tests -" in done.out  # the solution's
    assert "Traceback" not in done.out + done.err
    assert "PytestBenchmarkWarning" not in done.out + done.err


def test_keras_must_agree_with_the_solution(bench):
    keras = "types.SimpleNamespace(ops=numpy, metrics=types.SimpleNamespace(binary_accuracy=lambda y, p: y * 0))"
    keras = f"{keras}; numpy.convert_to_tensor = numpy.asarray"
    done = bench(ACCURACY, "--answers", "solutions", keras=keras)
    assert done.status == 1
    assert done.counts() == {"failed": 2, "passed": 4}
    assert "Keras and the solution disagree" in done.out


def test_two_answers_are_told_apart(bench, answer_folder):
    folders = [answer_folder(name) for name in ("alice", "bob")]
    done = bench(ACCURACY, "--answers", folders[0], "--answers", folders[1])
    assert done.status == 0
    for name in ("alice", "bob"):
        assert re.search(rf"^{name}: binary_accuracy 9 x 5: yours {RATIO}", done.out, re.MULTILINE)


def test_an_answer_that_imports_in_its_functions_is_timed_with_its_own_modules(bench, answer_folder):
    late = "    from activations import sigmoid\n\n    assert sigmoid.__doc__ == 'mine'\n    y_true, y_pred = _pair("
    folder = answer_folder(
        losses=solution("losses", **{"    y_true, y_pred = _pair(": late}),
        activations="def sigmoid(x):\n    'mine'\n",
    )
    done = bench(LOSSES, "--answers", folder, "-k", "binary and not logits")
    assert done.status == 0, done.out
    assert done.counts()["passed"] == 4


def test_benchmarks_are_not_collected_with_the_suites(judge):
    for path in ("exercises/", "exercises/03_losses", "solutions"):
        assert "bench" not in judge(path, "--collect-only", "-q").out


def test_the_ratios():
    told = {
        "a": {YOURS: 3e-3, SOLVED: 2e-3, KERAS: 58e-3},
        "b": {YOURS: "not written yet", SOLVED: 2e-3, KERAS: 1e-3},
        "c": {YOURS: "wrong", SOLVED: 2e-3, KERAS: "not installed"},
        "d": {YOURS: 1e-3, KERAS: 1e-3},  # with -k: nothing to compare with
        "e": {YOURS: "not timed", SOLVED: "not timed", KERAS: "not timed"},
    }
    assert ratios(told) == [
        "a: yours 1.50 times the solution's time, Keras 29 times",
        "b: yours not written yet, Keras 0.50 times the solution's time",
        "c: yours wrong, Keras not installed",
    ]


def test_every_benchmark_measures_functions_of_its_exercise():
    assert {function for function in BY_FUNCTION if benchmark_of(function)} == TIMED
    for function in TIMED:  # the page asks for it by this name
        assert f"\ndef test_{function}(speed)" in benchmark_of(function).read_text(encoding="utf-8")
    files = list(ROOT.glob("exercises/*/bench_*.py"))
    assert {str(file.relative_to(ROOT).as_posix()) for file in files} >= set(FILES)
    for file in files:
        assert file.name == f"bench_{file.parent.name[3:]}.py"
        assert f"pytest {file.relative_to(ROOT).as_posix()}" in file.read_text(encoding="utf-8")
        assert file.name in (file.parent / "README.md").read_text(encoding="utf-8")
