"""A handout judges, explains and hints as the whole repository does."""

import json
import os
import re
import time

import nbformat
import pytest

from kata.judge import read_hints
from kata.syllabus import ROOT, find_exercise
from tests.handout.handouts import NUMPY_EXERCISES, corpus_of, kata, solve
from tests.served import ask, start
from tests.support import NUMPY_WORTH, judge_many, solution, write_misconception


def test_the_board_of_the_untouched_stubs_is_that_of_the_readme(copy):
    folder, judge = copy
    done = judge("exercises/")
    assert done.returncode == 1
    assert re.search(r"\d+ todo in ", done.stdout)
    assert not re.search(r"\d+ (passed|failed|blocked|error)", done.stdout)
    board = re.search(r"```text\n(01 .*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    assert board in done.stdout


def test_the_solutions_copied_in_from_outside_get_all_points(copy):
    folder, judge = copy
    solve(folder)
    done = judge("exercises/")
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(rf"^total .* {NUMPY_WORTH}/{NUMPY_WORTH}$", done.stdout, re.MULTILINE)
    assert "seed 5" in done.stdout


@pytest.mark.parametrize(
    "every",
    [pytest.param(10, marks=pytest.mark.proof), pytest.param(1, marks=[pytest.mark.proof, pytest.mark.long])],
    ids=["a tenth", "all"],
)
def test_misconceptions_are_told_what_the_whole_repository_tells_them(made, tmp_path, every):
    for exercise in NUMPY_EXERCISES:
        corpus = corpus_of(exercise)
        names = list(corpus)[::every]
        for name in names:
            write_misconception(tmp_path / name, corpus[name])
        suite = f"exercises/{exercise.folder}"
        # A set has the same order in both; the record is of a process where it had any.
        here = judge_many(tmp_path, names, [suite, "--seed=5"], PYTHONHASHSEED="1")
        there = judge_many(tmp_path, names, [suite], checkout=made.folder, PYTHONHASHSEED="1")
        assert here.keys() == there.keys() == set(names)
        for name in names:
            in_place = [(*told, text.replace(f"{made.folder}/", f"{ROOT}/")) for *told, text in there[name]]
            assert in_place == here[name]
            sentence = " ".join(corpus[name].__doc__.split())
            told = [text for function, _, _, text in in_place if function == corpus[name].misunderstands]
            assert any(sentence in text for text in told)


def test_the_page_says_what_was_learned_and_has_no_solution_to_show(copy, tmp_path):
    folder, _ = copy
    solve(folder, NUMPY_EXERCISES[:2])
    page = start(folder, tmp_path / "state", "--no-browser")
    try:
        while "Three questions" not in (text := ask(page, f"/02?token={page.token}")[2]):
            assert page.process.poll() is None
            time.sleep(0.1)
    finally:
        page.close()
    assert "The usual mistake:" in text
    assert "beside the solution" not in text
    assert "Week 3" in text
    assert f"20 of {NUMPY_WORTH} points" in text


def test_hints_reset_report_and_the_board_work(copy, tmp_path):
    folder, judge = copy
    state = str(tmp_path / "state")
    solve(folder, NUMPY_EXERCISES[:2])
    judge("exercises/")
    for number in range(1, 4):
        hinted = kata("hint", "03", "binary_crossentropy", checkout=folder, KATA_STATE=state)
        assert read_hints(find_exercise("03"))["binary_crossentropy"][number - 1] in hinted.stdout
    refused = kata("solution", "01", "integer_encode", checkout=folder, KATA_STATE=state)  # although it is solved
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "kata: this copy of the kata has no solutions\n"
    board = kata(checkout=folder, KATA_STATE=state)
    assert "total" in board.stdout
    assert f"20/{NUMPY_WORTH}" in board.stdout
    pristine = (folder / "record/01_label_encoders/label_encoders.py").read_bytes()
    assert (folder / "exercises/01_label_encoders/label_encoders.py").read_bytes() != pristine
    reset = kata("reset", "01", checkout=folder, KATA_STATE=state)
    assert "is the stub again" in reset.stdout
    assert (folder / "exercises/01_label_encoders/label_encoders.py").read_bytes() == pristine
    page = tmp_path / "report.html"
    reported = kata("report", "--output", page, checkout=folder, KATA_STATE=state)
    assert reported.returncode == 0, reported.stderr
    assert f"points of {NUMPY_WORTH}" in page.read_text(encoding="utf-8")
    for command in ("grade", "gradescope", "classroom", "handout"):
        assert command not in kata("--help", checkout=folder).stdout


def test_a_notebook_is_made_and_judged(copy, tmp_path):
    folder, judge = copy
    done = kata("notebook", "02", checkout=folder, KATA_STATE=str(tmp_path / "state"))
    assert done.returncode == 0, done.stderr
    path = folder / "exercises/02_activations/activations.ipynb"
    notebook = nbformat.read(path, as_version=4)
    version = json.loads((folder / "record/handout.json").read_text())["version"]
    assert notebook.metadata["kata"] == f"kata-version {version}"
    text = solution("activations")
    notebook.cells.append(nbformat.v4.new_code_cell(text[text.index("import numpy") :]))
    nbformat.write(notebook, path)
    assert re.search(r"^02 .* 8/8\b", judge("exercises/02_activations").stdout, re.MULTILINE)


def test_a_benchmark_times_what_the_board_calls_right_and_nothing_else(copy):
    folder, judge = copy
    solve(folder, [find_exercise("03")])
    bench = "exercises/03_losses/bench_losses.py"
    only = "binary_crossentropy and not from_logits and 4-yours"
    os.environ["KATA_BENCH_SIZES"] = "4"
    try:
        before = judge(bench, "-k", only, "--benchmark-disable")
        judge("exercises/03_losses")
        after = judge(bench, "-k", only, "--benchmark-disable")
        without = judge(bench, "-k", "4-solution", "--benchmark-disable")
    finally:
        del os.environ["KATA_BENCH_SIZES"]
    assert re.search(r"\b1 todo\b|1 skipped", before.stdout)
    assert " passed" not in before.stdout
    assert re.search(r"\b\d passed", after.stdout)
    assert re.search(r"6 skipped", without.stdout)


def test_a_benchmark_without_keras_and_solution_times_yours_alone(copy, tmp_path):
    folder, judge = copy
    solve(folder, [find_exercise("05")])
    judge("exercises/05_binary_accuracy")
    options = ("--benchmark-max-time=0.001", "--benchmark-min-rounds=1", "-k", "test_subset_accuracy and 64")
    done = judge("exercises/05_binary_accuracy/bench_binary_accuracy.py", *options)
    assert done.returncode == 0, done.stdout
    assert re.search(r"\b1 passed, 2 skipped", done.stdout)
    kept = json.loads((tmp_path / "state/benchmark.json").read_text())["subset_accuracy 64 x 5"]["results"]
    assert kept.pop("yours") > 0
    assert kept == {"solution": "not in this copy", "Keras": "has no such function"}
