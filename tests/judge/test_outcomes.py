"""Todo, passed, failed, blocked: what the judge says, whom it judges, and what it exits with."""

import re

import pytest

from kata.judge.outcomes import Result
from kata.syllabus import ROOT
from tests.support import CHECKS, NUMPY, NUMPY_CHECKS, TOTAL, copy_numpy_solutions, replace_function, solution

pytestmark = pytest.mark.everywhere

WRONG_SUM = """
def binary_crossentropy(y_true, y_pred, from_logits=False):
    y_true, y_pred = _pair(y_true, y_pred)
    p = 1 / (1 + np.exp(-y_pred)) if from_logits else y_pred
    p = _clip(p)
    return np.sum(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)), axis=-1)
"""


def test_a_wrong_value_is_told_in_one_grammar(judge, answer_folder):
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", WRONG_SUM))
    run = judge("exercises/03_losses", "--answers", folder, "-k", "example_as_probabilities")
    assert run.status == 1
    assert (
        "binary_crossentropy(y_true=[[1, 0, 0, 0, 1]], "
        "y_pred=[[2.0611537e-09, 4.539787e-05, 4.719495e-20, 3.7266393e-06, 7.2812905e-33]])\n"
        "  returned  [32.23624]\n"
        "  should be [6.447248]   (Keras; within a relative 1e-5)\n"
        "Hint: kata hint 03 binary_crossentropy\n"
        "exercises/03_losses/test_losses.py:"
    ) in run.out
    assert "Traceback" not in run.out
    suite = (ROOT / "exercises/03_losses/test_losses.py").read_text(encoding="utf-8").splitlines()
    line = int(re.search(r"^exercises/03_losses/test_losses.py:(\d+)$", run.out, re.MULTILINE)[1])
    assert (
        suite[line - 1]
        .strip()
        .startswith("check(answer.binary_crossentropy(Y_TRUE, SIGMOID), np.float32([6.447248])")
    )


def test_points_are_paid_for_whole_functions_only(judge, answer_folder):
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", WRONG_SUM))
    run = judge("exercises/03_losses", "--answers", folder)
    assert run.points("03 losses") == 9
    assert "binary_crossentropy: 4/11 checks" in run.out


def test_what_rests_on_a_wrong_function_waits_for_it(judge, answer_folder):
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", WRONG_SUM))
    run = judge(*NUMPY, "--answers", folder)
    counts = run.counts()
    assert counts["failed"] == 7
    assert counts["blocked"] == 4
    assert "textbook_loss, keras_loss: waiting for binary_crossentropy, which is not right yet" in run.out
    assert "predict_multi_hot" not in run.out  # does not use it, and is right
    assert run.points("04 pairings") == 5


def test_what_rests_on_a_todo_waits_for_it(judge, answer_folder):
    stub = (ROOT / "exercises/02_activations/activations.py").read_text(encoding="utf-8")
    run = judge("exercises/04_pairings", "--answers", answer_folder(activations=stub))
    assert "predict_multi_hot: waiting for" in run.out
    assert "which is todo" in run.out
    assert "failed" not in run.counts()
    assert run.status == 1


def test_an_answer_that_does_not_use_the_wrong_function_is_judged_on_its_own(judge, answer_folder):
    own = """
def predict_multi_hot(logits, activation, threshold=0.5):
    raise RuntimeError("my own mistake")
"""
    folder = answer_folder(
        losses=replace_function("losses", "binary_crossentropy", WRONG_SUM),
        pairings=replace_function("pairings", "predict_multi_hot", own),
    )
    run = judge(*NUMPY, "--answers", folder)
    assert "predict_multi_hot: 0/9 checks" in run.out
    assert "raised    RuntimeError: my own mistake\n            pairings.py:" in run.out


def test_todo_among_written_functions(judge, answer_folder):
    todo = "def sigmoid(x):\n    '''Doc.'''\n    raise NotImplementedError('later')\n"
    run = judge(
        "exercises/02_activations",
        "--answers",
        answer_folder(activations=replace_function("activations", "sigmoid", todo)),
    )
    assert run.counts() == {"passed": 13, "todo": 7}
    assert run.status == 1
    assert "sigmoid: todo" in run.out


@pytest.mark.parametrize("path", ["", "03_losses", "03_losses/losses.py"], ids=["folder", "exercise", "file"])
def test_a_path_of_an_answer_means_that_answer(run, clone, path):
    folder = clone / "submissions" / "alice"
    copy_numpy_solutions(folder)
    (folder / "03_losses/losses.py").write_text(
        replace_function("losses", "binary_crossentropy", WRONG_SUM), encoding="utf-8"
    )
    for argument in (folder / path, f"submissions/alice/{path}"):
        done = run("-m", "pytest", "-p", "no:cacheprovider", argument, cwd=clone, PYTHONPATH=str(clone))
        assert done.status == 1
        assert done.counts()["failed"] == 7
        assert "board of submissions/alice" in done.out


def test_flat_answers_and_whole_clones(judge, answer_folder, tmp_path):
    flat, nested = tmp_path / "flat", tmp_path / "whole"
    flat.mkdir()
    for path in answer_folder().rglob("*.py"):
        path.rename(flat / path.name)
    answer_folder("whole/exercises")
    for folder in (flat, nested):
        run = judge(*NUMPY, "--answers", folder)
        assert run.status == 0, run.out


def test_several_answers_have_boards_of_their_own_and_share_nothing(judge, answer_folder):
    right, wrong = (
        answer_folder("right"),
        answer_folder("wrong", losses=replace_function("losses", "binary_crossentropy", WRONG_SUM)),
    )
    for order in ((right, wrong), (wrong, right)):
        run = judge(*NUMPY, *[f"--answers={folder}" for folder in order])
        assert run.counts() == {"failed": 7, "passed": 2 * NUMPY_CHECKS - 11, "blocked": 4}
        for folder in order:
            assert f"board of {folder}" in run.out


def test_answers_that_are_not_there_are_usage_errors(judge, tmp_path):
    run = judge("exercises/", "--answers", tmp_path / "nobody")
    assert run.status == 4
    assert "there is no such folder" in run.err
    run = judge("exercises/", "--answers", tmp_path)
    assert run.status == 4
    assert "holds no exercise's file" in run.err


def test_an_empty_hand_in_is_a_usage_error(run, clone):
    (clone / "submissions/carol").mkdir(parents=True)
    done = run("-m", "pytest", "submissions/carol", cwd=clone, PYTHONPATH=str(clone))
    assert done.status == 4
    assert "holds no exercise's file" in done.err


def test_a_strangers_code_is_announced(judge, answer_folder):
    folder = answer_folder()
    assert "runs in this process" in judge(*NUMPY, "--answers", folder).out
    assert "runs in this process" not in judge("solutions/02_activations").out
    assert "runs in this process" not in judge("exercises/").out


def test_seeds_change_the_random_inputs_and_repeat(judge, answer_folder):
    # Prints its inputs: the same seed gives the same, another seed others, and the examples never change.
    spy = replace_function("activations", "linear", "def linear(x):\n    return np.asarray(x)") + (
        "\n\n_sigmoid = sigmoid\n\n\ndef sigmoid(x):\n    print(float(np.sum(x)))\n    return _sigmoid(x)\n"
    )
    folder = answer_folder(activations=spy)
    outputs = [
        judge(
            "exercises/02_activations", "--answers", folder, "--seed", seed, "-s", "-q", "-k", "sigmoid and random"
        ).out
        for seed in (1, 1, 2)
    ]
    numbers = [[line for line in out.splitlines() if line.startswith(("-", "0", "1", "2"))][:4] for out in outputs]
    assert numbers[0] == numbers[1] != numbers[2]


def test_a_single_check_runs_and_pays_nothing(judge):
    name = "exercises/02_activations/test_activations.py::TestLinear::test_the_shape_stays"
    run = judge(name, "--answers", "solutions")
    assert run.status == 0
    assert run.counts() == {"passed": 1}
    assert "linear: 1/3 checks (of 1 that ran); sigmoid, softmax: not run" in run.out
    assert run.points() == 0


def test_node_ids_are_files_that_exist(judge):
    run = judge("exercises/", "--collect-only", "-q")
    ids = [line for line in run.out.splitlines() if "::" in line]
    assert len(ids) == CHECKS
    assert all((ROOT / line.partition("::")[0]).is_file() for line in ids)


def test_benchmarks_run_and_other_runs_do_not_pay_for_them(run, clone):
    (clone / "exercises/02_activations/bench_activations.py").write_text(
        "def test_speed(benchmark):\n    assert benchmark(sum, [1, 2]) == 3\n", encoding="utf-8"
    )
    done = run("-m", "pytest", "exercises/02_activations/bench_activations.py", cwd=clone, PYTHONPATH=str(clone))
    assert done.counts() == {"passed": 1}
    assert "benchmark: " in done.out
    done = run("-m", "pytest", "exercises/", cwd=clone, PYTHONPATH=str(clone))
    assert done.counts() == {"todo": CHECKS}
    assert "benchmark: " not in done.out


def test_a_bad_seed_is_a_usage_error(judge):
    assert judge("exercises/", "--seed", "-1").status == 4
    assert judge("exercises/", "--seed", "many").status == 4


def test_what_did_not_run_now_stands_as_it_was(run, clone):
    def judged(*arguments):
        return run("-m", "pytest", "-p", "no:cacheprovider", *arguments, cwd=clone, PYTHONPATH=str(clone))

    target = clone / "exercises/02_activations/activations.py"
    target.write_text(solution("activations"), encoding="utf-8")
    assert judged("exercises/").points() == 8
    part = judged("exercises/01_label_encoders")
    assert part.points() == 8  # exercise 02 keeps its points though it did not run now
    # A part of a function's checks changes nothing that is kept.
    judged("exercises/02_activations", "-k", "huge")
    assert f"8/{TOTAL}" in run("-m", "kata", cwd=clone, PYTHONPATH=str(clone)).out


def test_the_first_failure_is_the_one_that_is_kept():
    result = Result(checks=3)
    for outcome, failure in (("passed", None), ("failed", "the first"), ("failed", "the second")):
        result.add(outcome, failure=failure)
    assert result.failure == "the first"
    assert result.outcome == "failed"
