"""Checkouts and answers with brackets, spaces, umlauts and long names in their paths, and behind links."""

import sys

import pytest

from tests.support import solution

NAMES = ["ML [2024]", "two  spaces", "Größe", "作業", "a" * 200, "it's", "$HOME & more", "~", "-dash", "dot."]
JUDGE = ("-p", "no:cacheprovider", "-q")


@pytest.fixture
def moved(clone, tmp_path):
    """The copy of the checkout, in a folder of a name."""

    def move(name):
        (tmp_path / name).mkdir()
        return clone.rename(tmp_path / name / "kata")

    return move


EASY = "two  spaces", "Größe"  # what every file system takes, and no path too long


@pytest.mark.sample(1)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.everywhere] * (name in EASY)) for name in NAMES]
)
def test_a_checkout_may_lie_anywhere(moved, run, name):
    checkout = moved(name)
    stub = checkout / "exercises/02_activations/activations.py"
    stub.write_text(solution("activations"), encoding="utf-8")
    for path in (
        "exercises/02_activations",
        "exercises/02_activations/test_activations.py",
        "solutions/02_activations",
    ):
        done = run("-m", "pytest", *JUDGE, path, cwd=checkout, PYTHONPATH=str(checkout))
        assert done.status == 0, done.out + done.err
        assert done.points("02 activations") == 8
    board = run("-m", "kata", cwd=checkout, PYTHONPATH=str(checkout))
    assert "02 activations       ██████████   8/8" in board.out


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_may_lie_anywhere(judge, answer_folder, name):
    folder = answer_folder(name)
    done = judge("exercises/02_activations", f"--answers={folder}", "-q")
    assert done.status == 0, done.out + done.err
    assert done.points("02 activations") == 8


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights there")
def test_a_checkout_behind_a_link_is_judged(clone, run, tmp_path):
    link = tmp_path / "a link"
    link.symlink_to(clone)
    done = run("-m", "pytest", *JUDGE, "solutions/02_activations", cwd=link, PYTHONPATH=str(link))
    assert done.status == 0, done.out + done.err
    assert done.points("02 activations") == 8


def test_a_command_that_is_printed_can_be_pasted(judge, answer_folder):
    folder = answer_folder("it's [1]")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = judge(folder)
    assert "--answers='" in done.err
    assert """it'"'"'s [1]'""" in done.err
