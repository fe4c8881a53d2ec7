"""Somebody else's pytest configuration decides nothing: our suites judge, or there is no verdict."""

import shutil
import subprocess
import sys

import pytest

from kata.syllabus import ROOT
from tests.conftest import NOT_COPIED
from tests.support import NUMPY, copy_numpy_solutions, replace_function

WRONG = "def sigmoid(x):\n    return x\n"


@pytest.fixture
def hand_in(tmp_path):
    """A whole clone of a stranger: one wrong answer, and settings that would hide it."""
    folder = tmp_path / "stranger"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    shutil.copytree(folder / "solutions", folder / "exercises", dirs_exist_ok=True)
    target = folder / "exercises/02_activations/activations.py"
    target.write_text(replace_function("activations", "sigmoid", WRONG), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only -p no:kata\n", encoding="utf-8")
    (folder / "conftest.py").write_text("raise SystemExit('my conftest was read')\n", encoding="utf-8")
    (folder / "kata/checks/comparison.py").write_text(
        "def check(*a, **k): pass\ncheck_raises = check\n", encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("inside", [True, False], ids=["below the checkout", "elsewhere"])
def test_a_whole_clone_is_judged_by_our_suites_alone(run, clone, hand_in, inside):
    if inside:
        hand_in = shutil.move(hand_in, clone / "submissions" / "alice")
    for arguments in ([*NUMPY, "--answers", hand_in], [*NUMPY, f"--answers={hand_in}"]):
        done = run("-m", "pytest", "-p", "no:cacheprovider", *arguments, cwd=clone, PYTHONPATH=str(clone))
        assert done.status == 1, done.out + done.err
        assert "my conftest was read" not in done.out + done.err
        assert done.points() < 60
        assert done.points("02 activations") == 5


def test_pytest_on_such_a_folder_gives_no_verdict(run, clone, hand_in):
    folder = shutil.move(hand_in, clone / "submissions" / "alice")
    for argument in (
        "submissions/alice",
        "submissions/alice/exercises",
        "submissions/alice/exercises/02_activations",
    ):
        done = run("-m", "pytest", argument, cwd=clone, PYTHONPATH=str(clone))
        assert done.status not in (0, 1), done.out
        assert "--answers=submissions/alice" in done.err
        assert "no verdict" in done.err
    (folder / "pytest.ini").unlink()  # the clone's own pyproject.toml steers as well
    done = run("-m", "pytest", "submissions/alice", cwd=clone, PYTHONPATH=str(clone))
    assert done.status == 4
    assert "no verdict" in done.err


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", ["conftest.py", "pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml"])
def test_a_plain_answer_with_a_configuration_gets_no_verdict_either(run, clone, name):
    folder = clone / "submissions" / "bob"
    copy_numpy_solutions(folder)
    (folder / name).write_text("", encoding="utf-8")
    done = run("-m", "pytest", "submissions/bob", cwd=clone, PYTHONPATH=str(clone))
    assert done.status == 4
    assert "--answers=submissions/bob" in done.err
    done = run("-m", "pytest", *NUMPY, "--answers=submissions/bob", cwd=clone, PYTHONPATH=str(clone))
    assert done.status == 0


def test_a_stranger_first_on_the_command_line_gets_the_sentence(run, clone, hand_in):
    # pytest would take this folder for its root before it knows the option.
    done = run("-m", "pytest", "--answers", hand_in, "exercises/", cwd=clone, PYTHONPATH=str(clone))
    assert done.status != 0
    assert "passed" not in done.out
    assert f"pytest exercises/ --answers={hand_in}" in done.err


def test_the_plugin_does_nothing_elsewhere(tmp_path):
    (tmp_path / "test_other.py").write_text(
        "import sys\ndef test_light(request):\n"
        "    assert 'numpy' not in sys.modules\n"
        "    assert 'kata.judge.hooks' not in sys.modules\n"
        "    assert not hasattr(request.config.option, 'answers')\n",
        encoding="utf-8",
    )
    # -p no:benchmark: that plugin is not ours, and the test is about ours alone.
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:benchmark"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kata:" not in done.stdout


def test_a_checkout_that_is_not_the_installed_one_says_so(run, clone):
    # -P: as the command `pytest` does, and other than `python -m pytest`, don't import from this folder first.
    done = run("-P", "-m", "pytest", "exercises/", cwd=clone)
    assert done.status != 0
    assert "pip install -e ." in done.out + done.err
