"""`kata handout`: what is in it, and what is not."""

import json
import os
import re
import subprocess
import tomllib
import zipfile

import numpy as np
import pytest

from kata.arguments import make_parser
from kata.handout import copying, documents, recording, write_handout
from kata.judge import record
from kata.learn import make_stub, suite_of, version_of
from kata.syllabus import BY_FUNCTION, ROOT, choose_exercises, find_exercise
from tests.handout import answers_in
from tests.handout.handouts import NUMPY_EXERCISES, kata, python, solve
from tests.support import HANGS, NUMPY_WORTH, solution


def test_what_is_said_of_it(made):
    folder = made.folder
    assert re.fullmatch(
        rf"{re.escape(str(folder))}: a repository for students, exercises 01, 02, 03, 04, 05\n"
        rf"There the solutions, which are not in it, get {NUMPY_WORTH} of {NUMPY_WORTH} points, with --seed 5.\n"
        rf"Its version is [0-9a-f]{{8}}: kata grade --handout {re.escape(str(folder))} notes .*\n"
        rf"{re.escape(str(folder))}.zip: the same as an archive\n",
        made.out,
    )
    assert not re.search("[Ww]arning|Error", made.err)
    # Nothing is left beside it.
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, f"{folder.name}.zip"}


def test_it_holds_what_a_learner_needs_and_nothing_else(made):
    folder = made.folder
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name.partition("/")[0] for name in names} == {
        *(".binder", ".devcontainer", ".gitattributes", ".gitignore", ".vscode", "LICENSE", "Makefile", "README.md"),
        *("conftest.py", "constraints.txt", "exercises", "kata", "pyproject.toml", "record"),
    }
    assert {name.split("/")[1] for name in names if name.startswith("kata/") and name.count("/") > 1} == {
        *("answers", "checks", "home", "judge", "learn"),
    }
    assert not [name for name in names if "misconceptions.py" in name and "kata/judge" not in name]
    assert {name for name in names if name.startswith("exercises/") and name.endswith(".ipynb")} == {
        f"exercises/{exercise.folder}/{exercise.topic}.ipynb" for exercise in NUMPY_EXERCISES
    }
    assert not {"kata/checks/heads.py", "kata/checks/receipts.py"} & names  # for exercise 09
    size = sum((folder / name).stat().st_size for name in names)
    assert size < 5e6
    with zipfile.ZipFile(f"{folder}.zip") as archive:
        files = {member.filename for member in archive.infolist() if not member.is_dir()}
    assert files == {f"{folder.name}/{name}" for name in names}


def test_every_text_speaks_of_what_is_there(made):
    folder = made.folder
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


def test_the_buttons_of_the_whole_repository_are_not_in_its_readme(made, monkeypatch):
    # They open the solutions.
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    button = "Open it in [Codespaces](https://codespaces.new/you/kata/tree/main) · [Colab](https://example.org/a)\n"
    monkeypatch.setattr(documents, "_read", lambda name: text.replace("\n**In the", f"\n{button}**In the", 1))
    readme = documents.Documents(NUMPY_EXERCISES, made.folder).readme("Week 3", 1)
    assert "**In the browser" in readme
    assert "codespaces.new" not in readme


@pytest.mark.parametrize(("numbers", "has"), [("06", False), ("05,06", True)])
def test_binder_is_only_for_exercises_that_need_no_tensorflow(tmp_path, numbers, has):
    chosen = choose_exercises(numbers)
    copying.copy_files(chosen, tmp_path)
    copying.write_stubs(chosen, tmp_path, "01234567")
    assert (tmp_path / ".binder/postBuild").is_file() == has
    assert ("Binder" in documents.Documents(chosen, tmp_path).readme("Week 3", 1)) == has
    assert (tmp_path / ".devcontainer/devcontainer.json").is_file()


def test_functions_of_all_exercises_are_in_the_record(made):
    for function, exercise in BY_FUNCTION.items():
        assert (made.folder / "record" / exercise.folder / f"{function}.bin").is_file() != bool(exercise.needs)


def test_no_line_of_an_answer_is_in_it(made):
    assert answers_in.found_in(made.folder, NUMPY_EXERCISES) == {}


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


@pytest.mark.parametrize(
    ("numbers", "says"),
    [(["02"], "exercise 02 is graded"), (["01", "03"], "exercises 01 to 03 are graded"), (["06"], "")],
)
def test_the_rule_for_imports_names_the_exercises_that_it_is_of(copy, numbers, says):
    folder, _ = copy
    path = folder / "record/handout.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"exercises": numbers}))
    done = python("-c", "from kata.answers import parsing; print(parsing._GRADED_WITH)", checkout=folder)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


def test_what_is_there_is_not_written_over(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine")
    done = kata("handout", "--exercises", "02", "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_its_readme_speaks_of_its_own_exercises(tmp_path):
    done = kata("handout", "--exercises", "02", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    readme = (tmp_path / "out/README.md").read_text(encoding="utf-8")
    lesson = tmp_path / "out/exercises/02_activations/README.md"
    for path in (tmp_path / "out/README.md", lesson):
        for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            assert "://" in target or (path.parent / target).exists(), (path, target)
    assert "\n02 activations " in readme
    assert not re.search(r"^(\| )?0[13-9] ", readme, re.MULTILINE)
    assert "Next: linear in exercises/02_activations/activations.py:" in readme
    commands = re.search(r"## Commands\n\n```sh\n(.*?)```", readme, re.DOTALL)[1]
    assert "kata hint 02 linear" in commands
    assert "pytest exercises/02_activations/bench_activations.py # time your functions" in commands
    assert (tmp_path / "out/exercises/02_activations/bench_activations.py").is_file()
    assert not re.search(r"03|losses|binary_crossentropy| -k ", commands)
    assert "encoders, activations, losses, accuracies" in readme
    assert "`activations.ipynb` can take the place of `activations.py`" in readme
    assert "known mistakes" in readme
    assert (tmp_path / "out/pyproject.toml").read_text().count('"exercises/0') == 2  # on the path, and for the editor


def test_a_handout_in_which_the_solutions_lose_points_is_not_written(tmp_path, monkeypatch):
    def damaged(path, message):
        record.write_part(path, {**message, "values": []} if path.stem == record.VALUES else message)

    monkeypatch.setattr(recording, "write_part", damaged)
    options = make_parser().parse_args(["handout", "--exercises", "02", "--output", str(tmp_path / "out")])
    with pytest.raises(LookupError, match="there the solutions lose points, so nothing was written"):
        write_handout(options)
    assert not list(tmp_path.iterdir())


def test_its_version_is_another_one_where_the_stubs_or_the_checks_are(made, tmp_path, monkeypatch):
    version = json.loads((made.folder / "record/handout.json").read_text())["version"]
    for exercise in NUMPY_EXERCISES:
        for place in ("exercises", "record"):
            stub = (made.folder / place / exercise.folder / f"{exercise.topic}.py").read_text()
            assert stub == f"# kata-version {version}\n{make_stub(exercise)}"
    assert version == version_of(NUMPY_EXERCISES)
    assert len({version, version_of(NUMPY_EXERCISES[:1]), version_of(NUMPY_EXERCISES[1:])}) == 3
    suite = tmp_path / "test_activations.py"
    suite.write_bytes(suite_of(find_exercise("02")).read_bytes() + b"# another one\n")
    monkeypatch.setattr("kata.learn.stubs.suite_of", lambda exercise: suite)
    with_another = version_of([find_exercise("02")])
    monkeypatch.undo()
    assert with_another != version_of([find_exercise("02")])


def test_make_and_pip_find_what_a_learner_needs(made):
    settings = tomllib.loads((made.folder / "pyproject.toml").read_text())
    needed = {need.partition(">")[0] for need in settings["project"]["dependencies"]}
    assert needed == {"numpy", "pytest", "pytest-benchmark", "jinja2", "nbconvert", "matplotlib", "watchdog"}
    assert settings["project"].keys() & {"optional-dependencies"} == set()
    assert settings["tool"].keys() == {"hatch", "pytest", "pyright"}
    assert len(settings["tool"]["hatch"]["build"]["dev-mode-dirs"]) == 1 + len(NUMPY_EXERCISES)
    lines = (made.folder / "Makefile").read_text().splitlines()
    assert ".PHONY: help exercises buttons FORCE" in lines
    assert [line for line in lines if "@echo" in line and "make " in line[:14]] == [
        '\t@echo "make exercises  set up what is missing and judge your exercises"',
        '\t@echo "make buttons    print links for the README, to Codespaces, Binder and Colab"',
    ]
    assert not [line for line in lines if "tests/" in line or "ENDING" in line or "BACKENDS" in line]
    done = subprocess.run(["make", "-n", "exercises"], cwd=made.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "/pytest exercises/" in done.stdout


@pytest.mark.proof
@pytest.mark.long
def test_make_exercises_sets_up_a_handout(copy):
    folder, _ = copy
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # another kata's, perhaps
    done = subprocess.run(["make", "exercises"], cwd=folder, env=alone, capture_output=True, text=True, timeout=HANGS)
    assert done.returncode == 0, done.stderr
    assert re.search(rf"^total .* 0/{NUMPY_WORTH}$", done.stdout, re.MULTILINE)
    done = subprocess.run([".venv/bin/kata", "hint", "01"], cwd=folder, env=alone, capture_output=True, text=True)
    assert "integer_encode, hint 1 of 3" in done.stdout
