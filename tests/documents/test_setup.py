"""The README's first command on a fresh machine: a clone, no environment, one `make exercises`.

Real installs from the package index, so these tests need it and skip, with the reason, where it is out of reach.
`make test` itself is what .ci/run begins with.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from kata.syllabus import ROOT
from tests.answers.test_broken_answers import FILES
from tests.conftest import NOT_COPIED
from tests.support import CHECKS, HANGS, TOTAL

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
        ["make", f"PYTHON={sys.executable}", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANGS,
    )


@pytest.mark.proof
def test_make_exercises_sets_up_and_shows_the_board_before_tensorflow(fresh):
    done = make(fresh, "exercises")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"0/{TOTAL}" in done.stdout
    assert f"{CHECKS} todo" in done.stdout
    assert done.stdout.index(f"{CHECKS} todo") < done.stdout.index("Fetching TensorFlow")
    assert "Error" not in done.stdout + done.stderr
    installed = subprocess.run(
        [fresh / ".venv/bin/python", "-c", "import importlib.util as u; print(bool(u.find_spec('tensorflow')))"],
        capture_output=True,
        text=True,
    )
    assert installed.stdout == "True\n"


@pytest.mark.proof
def test_a_second_make_exercises_only_judges(fresh):
    done = make(fresh, "exercises")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Making" not in done.stdout
    assert "Fetching" not in done.stdout
    assert f"{CHECKS} todo" in done.stdout


@pytest.mark.proof
def test_a_moved_folder_gets_an_environment_of_its_own(fresh):
    moved = fresh.parent / "moved"
    fresh.rename(moved)
    try:
        done = make(moved, "-n", "exercises")
        assert "-m venv" in done.stdout
    finally:
        moved.rename(fresh)


@pytest.mark.parametrize("version", ["", "(3, 10)", "(3, 14)", "(2, 7)"])
def test_an_unsupported_python_is_told_what_to_install_and_leaves_nothing(clone, tmp_path, version):
    python = tmp_path / "python"
    if version:  # a Python that says it is another one: only the question is changed, not what asks it
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "import sys; sys.version_info = {version}; $2"\n')
        python.chmod(0o755)
    done = subprocess.run(
        ["make", "exercises", f"PYTHON={python if version else ''}"], cwd=clone, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Python 3.11, 3.12 or 3.13" in done.stdout
    assert not (clone / ".venv").exists()


@pytest.mark.proof
def test_an_interrupted_installation_is_made_anew(fresh):
    # Half a package that pip takes for a whole one is all that an interruption may leave.
    (fresh / ".venv/installing").touch()
    done = make(fresh, "-n", "exercises")
    assert "-m venv --clear" in done.stdout
    (fresh / ".venv/installing").unlink()
    assert "-m venv" not in make(fresh, "-n", "exercises").stdout


@pytest.mark.proof
def test_another_python_that_is_asked_for_is_used(fresh):
    done = make(fresh, "-n", "exercises", "PYTHON=/another/python")
    assert "/another/python -m venv" in done.stdout


def test_of_a_sample_the_first_cases_are_no_proofs_and_all_others_are(run):
    def cases(which):
        found = run("-m", "pytest", "tests/answers/test_broken_answers.py", "--collect-only", "-q", "-m", which)
        return re.findall(r"::test_a_broken_file\[(.*)\]$", found.out, re.MULTILINE)

    every = list(FILES)
    assert (cases("not proof"), cases("proof")) == (every[:4], every[4:])


@pytest.mark.proof
@pytest.mark.parametrize("target", ["test", "prove"])
def test_a_test_that_hangs_ends_the_run_and_is_named(tmp_path, target):
    (line,) = [line for line in make(ROOT, "-n", target).stdout.splitlines() if "/pytest " in line]
    (tmp_path / "test_hangs.py").write_text(
        "import time\nimport pytest\n\n\n@pytest.mark.proof\ndef test_hangs():\n    time.sleep(600)\n"
        "\n\ndef test_hangs_too():\n    time.sleep(600)\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = proof\n")
    command = shlex.split(line.replace("faulthandler_timeout=1200", "faulthandler_timeout=3"))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--rootdir",
        tmp_path,
        "-c",
        tmp_path / "pytest.ini",
        tmp_path,
        *command[2:],
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=HANGS)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"test_hangs.py::test_hangs{'_too' * (target == 'test')}" in done.stdout
    assert "line 7 in test_hangs" in done.stderr or "line 11 in test_hangs_too" in done.stderr  # where it was
