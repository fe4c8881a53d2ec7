"""The README is short and true: its boards are real, its commands run. CONTRIBUTING.md's map has every room."""

import os
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

from kata.syllabus import EXERCISES, ROOT
from tests.support import HANGS, replace_function, solution

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
            shlex.split(command), cwd=clone, env=environment, capture_output=True, text=True, timeout=HANGS
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


def test_it_is_short():
    assert len(README.splitlines()) <= 150


def test_the_commands_for_learners_run(workshop):
    seen = 0
    for command in commands(README):
        if command.split()[0] not in ("pytest", "kata") or command in ("kata watch", "kata open"):
            # They run until Ctrl-C: tests/learn/test_watch.py, tests/home.
            continue
        done = workshop(command)
        seen += 1
        assert done.returncode in (0, 1), command + done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
    assert seen >= 9


@pytest.mark.proof
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


def test_the_map_has_a_line_for_each_room_in_the_order_of_their_layers():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    map_of = dict(re.findall(r"^\| `kata/(\w+)/` \|(.*)$", text, re.MULTILINE))
    rows = list(map_of)
    rooms = {door.parent.name for door in (ROOT / "kata").glob("*/__init__.py")}
    assert sorted(rows) == sorted(rooms)
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    layer = {name: number for number, names in enumerate(contract["layers"]) for name in names.split(" | ")}
    assert [layer[room] for room in rows] == sorted(layer[room] for room in rows)
    for room, line in map_of.items():
        assert all((ROOT / "kata" / room / name).is_file() for name in re.findall(r"`(\w+\.py)`", line)), room
    beside = {path.name for path in (ROOT / "kata").glob("*.py")} - {"__init__.py", "__main__.py"}
    assert {f"`kata/{name}`" for name in beside} <= set(re.findall(r"`[^`\n]+`", text))


def test_no_document_and_no_code_names_a_place_outside_the_project():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        if (ROOT / name).suffix in (".py", ".md", ".toml", ".txt", ".yml", ".json"):
            text = (ROOT / name).read_text(encoding="utf-8")
            assert "../sha" + "red" not in text, name
            assert "--ha" + "sh=" not in text, name
