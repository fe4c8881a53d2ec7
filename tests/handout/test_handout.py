"""`kata handout`: what students get judges, explains and hints as the whole repository does, and holds no answer."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import numpy as np
import pytest

from kata.answers.answer import Reference
from kata.judge import misconceptions, read_hints, record
from kata.syllabus import BY_FUNCTION, EXERCISES, ROOT, find_exercise
from tests.handout import answers_in
from tests.support import NUMPY_WORTH, judge_many, needs_sandbox, solution, write_misconception

FIRST = "01,02,03,04,05"
NUMPY_EXERCISES = [exercise for exercise in EXERCISES if not exercise.needs]


def kata(*arguments, checkout=ROOT, **environment):
    """Run the kata of a checkout; returns the finished process."""
    return python("-m", "kata", *arguments, checkout=checkout, **environment)


def python(*arguments, checkout=ROOT, **environment):
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONUTF8": "1", **environment}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(folder, what was printed): 01 to 05 with notebooks and as an archive; tests only read it."""
    folder = tmp_path_factory.mktemp("handout") / "week 3"
    done = kata(
        *("handout", "--exercises", FIRST, "--output", folder, "--seed", "5", "--title", "Week 3"),
        *("--notebooks", "--archive"),
    )
    assert done.returncode == 0, done.stderr
    return folder, done


@pytest.fixture
def copy(made, tmp_path):
    """(folder, judge) of a handout to change at will, and its own `judge(*arguments)` with a memory of its own."""
    folder = tmp_path / "my copy"
    shutil.copytree(made[0], folder)
    for path in folder.glob("exercises/*/*.ipynb"):
        path.unlink()
    state = str(tmp_path / "state")
    return folder, lambda *arguments: python(
        "-m", "pytest", "-p", "no:cacheprovider", *arguments, checkout=folder, KATA_STATE=state
    )


def solve(folder, exercises=NUMPY_EXERCISES):
    """Write the solutions into a handout."""
    for exercise in exercises:
        shutil.copy(exercise.solution, folder / "exercises" / exercise.folder)


def test_what_is_said_of_it(made):
    folder, done = made
    assert re.fullmatch(
        rf"{re.escape(str(folder))}: a repository for students, exercises 01, 02, 03, 04, 05\n"
        rf"There the solutions, which are not in it, get {NUMPY_WORTH} of {NUMPY_WORTH} points, with --seed 5.\n"
        rf"Its version is [0-9a-f]{{8}}: kata grade --handout {re.escape(str(folder))} notes .*\n"
        rf"{re.escape(str(folder))}.zip: the same as an archive\n",
        done.stdout,
    )
    assert not re.search("[Ww]arning|Error", done.stderr)
    # Nothing is left beside it.
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, f"{folder.name}.zip"}


def test_it_holds_what_a_learner_needs_and_nothing_else(made):
    folder, _ = made
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name.partition("/")[0] for name in names} == {
        *(".gitattributes", ".gitignore", ".vscode", "LICENSE", "Makefile", "README.md", "conftest.py"),
        *("constraints.txt", "exercises", "kata", "pyproject.toml", "record"),
    }
    assert {name.split("/")[1] for name in names if name.startswith("kata/") and name.count("/") > 1} == {
        *("answers", "checks", "judge", "learn"),
    }
    assert not [name for name in names if "misconceptions.py" in name and "kata/judge" not in name]
    assert {name for name in names if name.startswith("exercises/") and name.endswith(".ipynb")} == {
        f"exercises/{exercise.folder}/{exercise.topic}.ipynb" for exercise in NUMPY_EXERCISES
    }
    size = sum((folder / name).stat().st_size for name in names)
    assert size < 5e6
    with zipfile.ZipFile(f"{folder}.zip") as archive:
        files = {member.filename for member in archive.infolist() if not member.is_dir()}
    assert files == {f"{folder.name}/{name}" for name in names}


def test_every_text_speaks_of_what_is_there(made):
    folder, _ = made
    for path in (folder / "README.md", *folder.glob("exercises/*/README.md")):
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)", text):
            assert "://" in target or (path.parent / target).exists(), (path, target)
        for name in re.findall(r"\b(?:solutions|tests|datasets|exercises)/[\w./-]*|\b[A-Z]{4,}\.md", text):
            assert (folder / name).exists() or name.endswith("losses.ipynb"), (path, name)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# Week 3\n")
    assert "TensorFlow" not in (folder / "Makefile").read_text()
    assert "tensorflow" not in (folder / "pyproject.toml").read_text()


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


@pytest.fixture(scope="module")
def corpus():
    """{name: misconception} of 01 to 05."""
    runner = Reference().answer.runner
    return {
        f"{function}-{wrong.__name__}": wrong
        for exercise in NUMPY_EXERCISES
        for function, known in misconceptions.load(runner, exercise).items()
        for wrong in known
        if hasattr(wrong, "misunderstands")
    }


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.proof)], ids=["a tenth", "all"])
def test_misconceptions_are_told_what_the_whole_repository_tells_them(made, corpus, tmp_path, every):
    for exercise in NUMPY_EXERCISES:
        names = [name for name in list(corpus)[::every] if corpus[name].misunderstands in exercise.points]
        for name in names:
            write_misconception(tmp_path / name, corpus[name])
        suite = f"exercises/{exercise.folder}"
        # A set has the same order in both; the record is of a process where it had any.
        here = judge_many(tmp_path, names, [suite, "--seed=5"], PYTHONHASHSEED="1")
        there = judge_many(tmp_path, names, [suite], checkout=made[0], PYTHONHASHSEED="1")
        assert here.keys() == there.keys() == set(names)
        for name in names:
            in_place = [(*told, text.replace(f"{made[0]}/", f"{ROOT}/")) for *told, text in there[name]]
            assert in_place == here[name]
            sentence = " ".join(corpus[name].__doc__.split())
            told = [text for function, _, _, text in in_place if function == corpus[name].misunderstands]
            assert any(sentence in text for text in told)


def test_hints_reset_report_and_the_board_work(copy, tmp_path):
    folder, judge = copy
    state = str(tmp_path / "state")
    solve(folder, NUMPY_EXERCISES[:2])
    judge("exercises/")
    for number in range(1, 4):
        hinted = kata("hint", "03", "binary_crossentropy", checkout=folder, KATA_STATE=state)
        assert read_hints(find_exercise("03"))["binary_crossentropy"][number - 1] in hinted.stdout
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
    done = python("-c", code, checkout=made[0])
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("--exercises", "04"),
            "04_pairings imports from 02_activations and 03_losses: hand out --exercises 02,03,04",
        ),
        (("--exercises", "77"), "there is no exercise '77'"),
        (("--exercises", "01", "--seed", "-1"), "--seed is from 0 on"),
    ],
)
def test_what_cannot_be_handed_out_is_said_and_nothing_is_left(tmp_path, arguments, says):
    done = kata("handout", *arguments, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert says in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_not_written_over(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine")
    done = kata("handout", "--exercises", "02", "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]


@needs_sandbox
def test_the_way_back_a_handout_is_graded_and_another_version_is_noted(made, tmp_path):
    folder, _ = made
    version = json.loads((folder / "record/handout.json").read_text())["version"]
    for name in ("ann", "bo"):
        shutil.copytree(folder, tmp_path / "class" / name)
        solve(tmp_path / "class" / name)
        for path in (tmp_path / "class" / name).glob("exercises/*/*.ipynb"):
            path.unlink()
    (tmp_path / "class/cy.py").write_text(f"# kata-version 0123abcd\n{solution('activations')}")
    stub = folder / "exercises/02_activations/activations.py"
    shutil.copy(stub, tmp_path / "class/dee_activations.py")
    done = kata(
        *("grade", tmp_path / "class", "--output", tmp_path / "marks", "--exercises", FIRST, "--handout", folder)
    )
    assert done.returncode == 0, done.stderr
    marks = {
        name: json.loads((tmp_path / "marks" / name / "result.json").read_text())
        for name in ("ann", "bo", "cy", "dee")
    }
    assert [marks[name]["points"] for name in marks] == [NUMPY_WORTH, NUMPY_WORTH, 8, 0]
    noted = [note for note in marks["cy"]["notes"] if "made from version 0123abcd" in note]
    assert len(noted) == 1
    assert version in noted[0]
    assert not [name for name in ("ann", "bo", "dee") for note in marks[name]["notes"] if "version" in note]
    assert "other stubs or checks" not in done.stderr
    wrong = kata("grade", tmp_path / "class", "--output", tmp_path / "other", "--handout", tmp_path)
    assert wrong.returncode == 2
    assert "is no handout" in wrong.stderr


def test_a_workflow_judges_with_a_handout_as_it_lies_on_github(made, tmp_path):
    folder, _ = made
    shutil.copytree(folder, tmp_path / "judge")
    done = kata("classroom", "you/week3", "--ref", "main", "--handout", folder, "--output", tmp_path / "c.yml")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "c.yml").read_text()
    assert 'repository: "you/week3"' in text
    assert "@" not in re.sub(r"actions/checkout@", "", text)
    scripts = {
        name: re.sub(r"^          ", "", script, flags=re.MULTILINE)
        for name, script in re.findall(r"- name: (\w+)\n        run: \|\n((?:          .*\n)+)", text)
    }
    assert list(scripts) == ["Install", "Judge", "Report"]
    command = tmp_path / "judge/.venv/bin"
    command.mkdir(parents=True)
    (command / "pytest").write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path}/judge exec {sys.executable} -m pytest "$@"\n')
    (command / "pytest").chmod(0o755)
    student = tmp_path / "submission/exercises/02_activations"
    student.mkdir(parents=True)
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "PYTHONUTF8": "1"}

    def push(text):
        (student / "activations.py").write_text(text)
        for name in ("Judge", "Report"):
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", scripts[name]],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
            )
        return done

    reported = push(solution("activations").replace("def softmax", "def soft_max"))
    assert reported.returncode == 1, reported.stderr
    assert f'::notice title=Autograding report::{{"totalPoints": 4, "maxPoints": {NUMPY_WORTH}}}' in reported.stdout
    assert "activations.py has no function named softmax" in (tmp_path / "summary.md").read_text()
    reported = push(solution("activations"))
    assert f"Points 8/{NUMPY_WORTH}" in reported.stdout


def test_no_line_of_an_answer_is_in_it(made):
    assert answers_in.found_in(made[0], NUMPY_EXERCISES) == {}


def test_a_line_of_an_answer_would_be_found(copy):
    folder, _ = copy
    solve(folder, [find_exercise("03")])
    (folder / "exercises/03_losses/losses.py").rename(folder / "kata/learn/losses.py")
    record.write_part(folder / "record/03_losses/more.bin", {"text": solution("activations"), "number": np.ones(3)})
    found = answers_in.found_in(folder, NUMPY_EXERCISES)
    assert {name for names in found.values() for name in names} == {
        "kata/learn/losses.py",
        "record/03_losses/more.bin",
    }


def test_functions_of_all_exercises_are_in_the_record(made):
    for function, exercise in BY_FUNCTION.items():
        assert (made[0] / "record" / exercise.folder / f"{function}.bin").is_file() != bool(exercise.needs)


# All nine: the record takes ten minutes.


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """The folder of a handout of all exercises; tests only read it."""
    folder = tmp_path_factory.mktemp("all") / "course"
    done = subprocess.run(
        [sys.executable, "-m", "kata", "handout", "--output", folder], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr  # the solutions get all points there, or it fails
    return folder


@pytest.mark.proof
def test_no_line_of_any_answer_is_in_a_handout_of_all_exercises(everything):
    assert answers_in.found_in(everything) == {}


@pytest.mark.proof
def test_a_tenth_of_the_other_misconceptions_is_told_the_same(everything, tmp_path):
    runner = Reference().answer.runner
    for exercise in EXERCISES:
        known = misconceptions.load(runner, exercise) if exercise.needs else {}
        corpus = {
            f"{function}-{wrong.__name__}": wrong
            for function, wrongs in known.items()
            for wrong in wrongs
            if hasattr(wrong, "misunderstands")
        }
        for name in list(corpus)[::10]:
            write_misconception(tmp_path / name, corpus[name])
            function = corpus[name].misunderstands
            suite = f"exercises/{exercise.folder}/test_{exercise.topic}.py::Test{function.title().replace('_', '')}"
            here, there = (judge_many(tmp_path, [name], [suite], checkout=each) for each in (ROOT, everything))
            sentence = " ".join(corpus[name].__doc__.split())
            for verdicts in (here, there):
                assert any(sentence in text for _, _, _, text in verdicts[name]), name
            outcomes = [[told[:3] for told in verdicts[name]] for verdicts in (here, there)]
            assert outcomes[0] == outcomes[1]
