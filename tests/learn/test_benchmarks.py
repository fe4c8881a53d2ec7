"""The benchmarks run, find a wrong answer before they time it, and leave out what is not there."""

import re

import pytest

from kata.learn.benchmarks import KERAS, SOLVED, YOURS, ratios
from kata.learn.stubs import make_stub
from kata.syllabus import BY_TOPIC, ROOT
from tests.support import solution

LOSSES = "exercises/03_losses/bench_losses.py"
ACCURACY = "exercises/05_binary_accuracy/bench_binary_accuracy.py"
QUICK = ("-p", "no:cacheprovider", "--benchmark-max-time=0.001", "--benchmark-min-rounds=1")
RATIO = r"\d+(\.\d\d)? times"


@pytest.fixture
def bench(run):
    """`bench(file, ...)`: a benchmark on tiny arrays; `keras` is code for what takes the place of Keras, if any."""

    def bench(*arguments, keras="None"):
        code = "import sys, types, pytest, numpy\n"
        if keras:
            code += f"sys.modules['keras'] = {keras}\n"
        code += f"sys.exit(pytest.main({[*QUICK, *map(str, arguments)]}))"
        return run("-c", code, KATA_BENCH_SIZES="4 9")

    return bench


@pytest.mark.parametrize(("file", "cases"), [(LOSSES, 6), (ACCURACY, 1)])
def test_the_solution_and_keras_agree_and_are_compared(bench, file, cases):
    done = bench(file, "--answers", "solutions", keras="")
    assert done.status == 0, done.out + done.err
    assert done.counts() == {"passed": cases * 2 * 3}
    assert done.out.count(": 3 tests -") == cases * 2  # the three in one table
    line = rf"^\w+( from logits)? [49] x 5: yours {RATIO} the solution's time, Keras {RATIO}$"
    assert len(re.findall(line, done.out, re.MULTILINE)) == cases * 2
    assert "board" not in done.out


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
    files = list(ROOT.glob("exercises/*/bench_*.py"))
    assert len(files) >= 2
    for file in files:
        assert file.name == f"bench_{file.parent.name[3:]}.py"
        assert f"pytest {file.relative_to(ROOT).as_posix()}" in file.read_text(encoding="utf-8")
        assert file.name in (file.parent / "README.md").read_text(encoding="utf-8")
