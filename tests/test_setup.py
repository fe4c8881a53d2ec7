"""The README's first command on a fresh machine: a clone, no environment, one `make exercises`.

Real installs from the package index, so these tests need it and skip, with the reason, where it is out of reach.
`make test` itself is what .ci/run begins with.
"""

import os
import shutil
import subprocess
import sys

import pytest

from kata.syllabus import ROOT
from tests.conftest import NOT_COPIED
from tests.support import CHECKS

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fresh") / "multilabel kata"  # a folder's name may hold a space
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    reachable = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "-d", folder.parent / "probe", "iniconfig"],
        capture_output=True,
    )
    if reachable.returncode:
        pytest.skip("the package index cannot be reached from here")
    return folder


def make(folder, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment.pop("VIRTUAL_ENV", None)
    return subprocess.run(
        ["make", *arguments, f"PYTHON={sys.executable}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )


def test_make_exercises_sets_up_and_shows_the_board_before_tensorflow(fresh):
    done = make(fresh, "exercises")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0/60" in done.stdout
    assert f"{CHECKS} todo" in done.stdout
    assert done.stdout.index(f"{CHECKS} todo") < done.stdout.index("Fetching TensorFlow")
    assert "Error" not in done.stdout + done.stderr
    installed = subprocess.run(
        [fresh / ".venv/bin/python", "-c", "import importlib.util as u; print(bool(u.find_spec('tensorflow')))"],
        capture_output=True,
        text=True,
    )
    assert installed.stdout == "True\n"


def test_a_second_make_exercises_only_judges(fresh):
    done = make(fresh, "exercises")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Making" not in done.stdout
    assert "Fetching" not in done.stdout
    assert f"{CHECKS} todo" in done.stdout


def test_a_moved_folder_gets_an_environment_of_its_own(fresh):
    moved = fresh.parent / "moved"
    fresh.rename(moved)
    try:
        done = make(moved, "-n", "exercises")
        assert "-m venv" in done.stdout
    finally:
        moved.rename(fresh)


def test_an_unsupported_python_is_told_what_to_install(fresh):
    copy = fresh.parent / "unsupported"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    done = subprocess.run(["make", "exercises", "PYTHON="], cwd=copy, capture_output=True, text=True)
    assert done.returncode != 0
    assert "Python 3.11, 3.12 or 3.13" in done.stdout
