"""Handouts that are made once for all tests."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple

import pytest

from kata.syllabus import ROOT
from tests.handout.handouts import FIRST, kata, python

Made = namedtuple("Made", "folder out err")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The folder of 01 to 05 with notebooks and as an archive, and what was printed; tests only read it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    (base / "handout").mkdir(exist_ok=True)
    folder, said = base / "handout/week 3", base / "handout-said.json"
    with (base / "handout-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            options = ("--exercises", FIRST, "--output", folder, "--seed", "5", "--title", "Week 3")
            done = kata("handout", *options, "--notebooks", "--archive")
            assert done.returncode == 0, done.stderr
            said.write_text(json.dumps([done.stdout, done.stderr]))
    return Made(folder, *json.loads(said.read_text()))


@pytest.fixture
def copy(made, tmp_path):
    """(folder, judge) of a handout to change at will, and its own `judge(*arguments)` with a memory of its own."""
    folder = tmp_path / "my copy"
    shutil.copytree(made.folder, folder)
    for path in folder.glob("exercises/*/*.ipynb"):
        path.unlink()
    state = str(tmp_path / "state")
    return folder, lambda *arguments: python(
        "-m", "pytest", "-p", "no:cacheprovider", *arguments, checkout=folder, KATA_STATE=state
    )


@pytest.fixture(scope="session")
def everything(tmp_path_factory):
    """The folder of a handout of all exercises; tests only read it."""
    folder = tmp_path_factory.mktemp("all") / "course"
    done = subprocess.run(
        [sys.executable, "-m", "kata", "handout", "--output", folder], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr  # the solutions get all points there, or it fails
    return folder
