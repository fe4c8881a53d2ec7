"""What is kept of a submission counts where all of it is there, and nowhere else."""

import json
import shutil
from contextlib import ExitStack

import pytest

from kata.grading import run, versions
from kata.grading.results import keep, known
from kata.submissions.layouts import Submission
from tests.classes import marks, result_of

ADA = Submission("ada", "ada", ())


@pytest.fixture
def kept(tmp_path):
    """The result.json of a submission that was judged."""
    keep(tmp_path / "ada", result_of(marks({}, digest="of its files"), "ada"))
    return tmp_path / "ada" / "result.json"


def test_it_counts_for_the_same_judge_and_the_same_student(kept):
    assert known(kept, "key", ADA)["known"] == "of its files"
    assert known(kept, "another judge's", ADA)["known"] is None
    assert known(kept, "key", Submission("bo", "ada", ()))["known"] is None


@pytest.mark.parametrize("name", ["feedback.md", "feedback.html", "results.json", "result.json"])
def test_without_one_of_its_files_it_is_judged_again(kept, name):
    (kept.parent / name).unlink()  # as an older version left it
    assert known(kept, "key", ADA)["known"] is None


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "3", '{"key": "key", "submission": "ada"}'])
def test_where_it_is_damaged_it_is_judged_again(kept, text):
    kept.write_text(text)
    assert known(kept, "key", ADA)["known"] is None


@pytest.mark.parametrize(
    "name",
    [
        "kata/checks/comparison.py",
        "kata/reports/templates/page.html",
        "exercises/03_losses/test_losses.py",
        "solutions/03_losses/losses.py",
        "solutions/03_losses/misconceptions.py",
    ],
)
def test_where_the_judge_has_changed_it_is_another_one(tmp_path, monkeypatch, name):
    for folder in ("kata", "exercises", "solutions"):
        shutil.copytree(versions.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = versions.fingerprint()
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    assert versions.fingerprint() == before
    with open(tmp_path / name, "a", encoding="utf-8") as file:
        file.write("\n")
    assert versions.fingerprint() != before


def test_a_submission_that_an_older_version_kept_in_the_place_of_the_page_makes_room(tmp_path):
    keep(tmp_path / "index.html", result_of(marks({}), "index.html"))
    with ExitStack() as cleanup:
        run._lock(tmp_path, cleanup)
        assert not (tmp_path / "index.html").exists()
        (tmp_path / "index.html").write_text("a page", encoding="utf-8")
        cleanup.close()
        run._lock(tmp_path, cleanup)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "a page"


def test_each_time_that_it_is_judged_is_another_attempt(kept, tmp_path):
    assert known(tmp_path / "nobody's", "key", ADA)["attempt"] == 1
    result = json.loads(kept.read_text(encoding="utf-8"))
    for before, now in ((None, 2), (2, 3), (9, 10)):
        kept.write_text(json.dumps(result | ({"attempt": before} if before else {})), encoding="utf-8")
        assert known(kept, "another judge's", ADA) == {"known": None, "attempt": now}
