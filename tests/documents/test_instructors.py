"""INSTRUCTORS.md from top to bottom: every command in it, in one real shell, and what it says comes out."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from kata.syllabus import EXERCISES, ROOT
from tests.conftest import NOT_COPIED
from tests.submissions.test_layouts import LOSSES, zipped
from tests.support import HANGS, TOTAL, needs_sandbox

PAGE = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|text)\n(.*?)```", PAGE, re.DOTALL)


def prepare(folder):
    """Lay out what the page takes for granted; returns the environment of its shell."""
    origin, home, programs = folder / "origin", folder / "home", folder / "bin"
    shutil.copytree(ROOT, origin, ignore=NOT_COPIED)
    for command in ("init -q -b main", "add -A", "-c user.name=A -c user.email=a@b.example commit -q -m all"):
        subprocess.run(["git", *command.split()], cwd=origin, check=True)
    activations = (ROOT / "solutions/02_activations/activations.py").read_bytes()
    downloads = home / "Downloads"
    downloads.mkdir(parents=True)
    moodle = {"Ann Lee_1_assignsubmission_file_/activations.py": activations}
    (downloads / "moodle.zip").write_bytes(zipped(moodle))
    canvas = {"leeann_1_2_activations-1.py": activations, "bo_LATE_3_4_losses.py": LOSSES}
    (downloads / "submissions.zip").write_bytes(zipped(canvas))
    # make sets up an environment with what the network holds, which test_setup.py is about. Here it is this one.
    # Its pytest ends with 0 on a red board, which is no reason to stop reading the page.
    programs.mkdir()
    make = f"""#!/bin/sh
[ "$*" = exercises ] || exit 3
mkdir -p .venv/bin
printf '#!/bin/sh\\nPYTHONPATH=%s exec {sys.executable} -P -m kata "$@"\\n' "$PWD" > .venv/bin/kata
printf '#!/bin/sh\\nPYTHONPATH=%s {sys.executable} -P -m pytest "$@" || [ $? -eq 1 ]\\n' "$PWD" > .venv/bin/pytest
chmod +x .venv/bin/*
echo "PATH=$PWD/.venv/bin:\\$PATH" > .venv/bin/activate
"""
    (programs / "make").write_text(make)
    (programs / "make").chmod(0o755)
    return os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        **{f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{origin}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/you/multilabel-kata",
    }


@pytest.mark.proof
@needs_sandbox
def test_every_command_runs_and_prints_what_it_says(tmp_path):
    # A line of its own ends each block's output.
    scripts = [f"{text}\necho 'end of block'\n" if kind == "sh" else "" for kind, text in BLOCKS]
    environment = prepare(tmp_path)
    options = {"cwd": tmp_path, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(
        ["bash", "-e", "-c", "".join(scripts)], text=True, encoding="utf-8", timeout=HANGS, **options
    )
    assert done.returncode == 0, done.stdout
    outputs = iter(done.stdout.split("end of block\n"))
    told = 0
    for kind, text in BLOCKS:
        if kind == "sh":
            output = next(outputs)
        else:
            assert text in output
            told += 1
    assert told == 4
    board = f" {EXERCISES[0].worth + EXERCISES[1].worth}/{TOTAL}\n"
    assert done.stdout.count(board) == 3  # Ann's, judged three times in pytest's process
    folder = tmp_path / "multilabel-kata"
    assert (folder / "marks-moodle/grades-moodle.csv").read_text().count("Participant 1,Ann Lee") == 1
    assert "bo,3,,,,0" in (folder / "marks-canvas/grades-canvas.csv").read_text()
    assert (folder / "autograder.zip").is_file()
    assert (folder / "template/.github/workflows/classroom.yml").is_file()
    assert "you/week1" in (folder / "template/.github/workflows/week1.yml").read_text()
    assert (folder / "marks-week1/grades-moodle.csv").is_file()
    assert not (folder / "week1/solutions").exists()


def test_every_reason_that_it_names_is_real():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kata").rglob("*.py"))
    table = PAGE.partition("## What could not be judged")[2].partition("Mend what")[0]
    reasons = [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")][1:]
    assert len(reasons) == 6
    for reason in reasons:
        for part in re.split(r"[,;] (?:and )?", reason.removesuffix(" ...")):
            words = part.replace("SIGKILL", "").replace("two exercises", "").replace(" status 0", " status").strip()
            assert words in code, words
