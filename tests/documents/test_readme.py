"""The README says what is: its boards are real, its commands run, its paths exist."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from kata.syllabus import EXERCISES, ROOT
from tests.support import (
    NO_SANDBOX,
    NUMPY_WORTH,
    TOTAL,
    copy_numpy_solutions,
    replace_function,
    solution,
    write_notebooks,
)

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(after):
    """The first code block after a text."""
    return re.search(r"```\w*\n(.*?)```", README.partition(after)[2], re.DOTALL)[1]


def commands(text):
    """The commands of a document's sh blocks, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line.partition("#")[0].strip() for text in blocks for line in text.splitlines() if line.strip()]


@pytest.fixture
def workshop(clone, tmp_path):
    """A copy of the checkout in which `pytest` and `kata` are commands, as in an activated environment."""
    copy_numpy_solutions(clone / "submissions/alice")
    write_notebooks(clone / "submissions/bob", EXERCISES[:5])
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pytest", "kata"):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {name} "$@"\n')
        script.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(clone),
        "KATA_STATE": str(tmp_path / "state"),
        "PYTHONUTF8": "1",
        "KATA_BENCH_SIZES": "4",
    }

    def run(command):
        if "bench_" in command:  # what they measure is not the question here
            command += " --benchmark-disable"
        return subprocess.run(
            shlex.split(command), cwd=clone, env=environment, capture_output=True, text=True, timeout=300
        )

    return run


def test_the_board_is_the_real_one(workshop):
    out = workshop("pytest exercises/").stdout
    assert block("the board of an untouched clone") in out


def test_the_failure_is_a_real_one(judge, answer_folder):
    right = solution("losses").partition("def binary_crossentropy")[2].partition("\n\n\n")[0]
    wrong = "def binary_crossentropy" + right.replace("_row_sums(losses) / losses.shape[1]", "_row_sums(losses)")
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", wrong))
    assert block("a real failure") in judge("exercises/03_losses", "--answers", folder).out


def test_the_commands_for_students_and_instructors_run(workshop):
    seen = 0
    for command in commands(README):
        if command.split()[0] not in ("pytest", "kata") or command == "kata watch":  # tests/learn/test_watch.py
            continue
        if "--scheduler" in command:  # tests/grading/test_cluster.py
            continue
        if command.startswith("kata grade"):  # tests/grading/test_grading.py
            assert NO_SANDBOX or "2 passed" in workshop(f"{command} --exercises 02").stdout
            continue
        done = workshop(command)
        seen += 1
        assert done.returncode in (0, 1), command + done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        if "submissions" in command:
            assert done.stdout.count(f"{NUMPY_WORTH}/{TOTAL}") == command.count("submissions/"), command
    assert seen >= 9


def test_the_commands_of_the_lessons_run(workshop):
    for exercise in EXERCISES:
        lesson = (exercise.stub.parent / "README.md").read_text(encoding="utf-8")
        run = [command for command in commands(lesson) if command.split()[0] in ("pytest", "kata")]
        assert f"pytest exercises/{exercise.folder}" in run
        for command in run:
            done = workshop(command)
            assert done.returncode == (1 if command.startswith("pytest") else 0), command + done.stderr


def test_the_number_of_known_mistakes_is_the_real_one():
    known = sum(
        exercise.misconceptions.read_text(encoding="utf-8").count("\n@misconception(") for exercise in EXERCISES
    )
    assert f"the {known} known mistakes" in " ".join(README.split())


def test_points_in_the_syllabus_are_those_of_the_kata():
    for exercise in EXERCISES:
        row = re.search(rf"^\| {exercise.number} \| \[{exercise.topic}\].*\| (\d+) \|$", README, re.MULTILINE)
        assert int(row[1]) == exercise.worth


def test_every_file_of_the_annotated_tree_exists():
    tree = block("## What is where")
    for name in re.findall(r"\b[\w]+\.py\b", tree.partition("kata/  ")[2].partition("tests/")[0]):
        assert (ROOT / "kata" / name).is_file(), name
    written = set(re.findall(r"\b[\w]+\.py\b", tree))
    assert {path.name for path in (ROOT / "kata").glob("*.py")} - written <= {"__init__.py", "__main__.py"}


def test_no_document_and_no_code_names_a_place_outside_the_project():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        if (ROOT / name).suffix in (".py", ".md", ".toml", ".txt", ".yml", ".json"):
            text = (ROOT / name).read_text(encoding="utf-8")
            assert "../sha" + "red" not in text, name
            assert "--ha" + "sh=" not in text, name
