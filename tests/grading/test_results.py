"""What is kept of a submission counts where all of it is there, and nowhere else."""

import json
import shutil
from contextlib import ExitStack, suppress

import pytest

from kata.grading import output, results, versions
from kata.grading.output import Kept, write
from kata.grading.results import FEEDBACK, keep, known, update
from kata.judge.outcomes import PASSED
from kata.submissions.layouts import Submission
from kata.syllabus import choose_exercises
from tests.classes import KEYS, marks, result_of

ADA = Submission("ada", "ada", ())


NONE = {"known": None, "attempt": 2}


@pytest.fixture
def kept(tmp_path):
    """The result.json of a submission that was judged."""
    keep(tmp_path / "ada", result_of(marks({"sigmoid": PASSED}, digest="of its files"), "ada"))
    return tmp_path / "ada" / "result.json"


def bring(kept, numbers, found=None, one=ADA):
    """Bring a result up to date as `kata grade --exercises NUMBERS` does, where judging comes to `found`."""
    exercises = choose_exercises(numbers)
    update(kept.parent, one, {"attempt": 9}, found, exercises, {each.folder: KEYS[each.folder] for each in exercises})
    return json.loads(kept.read_text(encoding="utf-8"))


def only(numbers, **more):
    """Marks of some exercises alone."""
    functions = [name for each in choose_exercises(numbers) for name in each.points]
    found = marks(dict.fromkeys(functions, PASSED), **more)
    found["functions"] = {name: mark for name, mark in found["functions"].items() if name in functions}
    found["checks"] = [check for check in found["checks"] if check["function"] in functions]
    return found


def test_it_counts_for_the_same_judge_and_the_same_student(kept):
    assert known(kept, KEYS, ADA)["known"] == "of its files"
    assert known(kept, KEYS, ADA)["lacking"] == []
    assert known(kept, dict.fromkeys(KEYS, "another judge's"), ADA) == NONE
    assert known(kept, KEYS, Submission("bo", "ada", ())) == NONE


def test_what_another_judge_would_judge_otherwise_is_lacking_alone(kept):
    found = known(kept, KEYS | {"03_losses": "of another TensorFlow, say"}, ADA)
    assert found["known"] == "of its files"
    assert found["lacking"] == ["03_losses"]
    assert found["outcomes"]["sigmoid"] == PASSED
    assert "binary_crossentropy" not in found["outcomes"]


def test_exercises_that_are_not_asked_for_are_kept_aside_and_come_back(kept):
    before = json.loads(kept.read_text(encoding="utf-8"))
    two = bring(kept, "02,03")
    assert (two["points"], two["max_points"], list(two["exercises"])) == (3, 24, ["02_activations", "03_losses"])
    assert {check["function"] for check in two["checks"]} == set(two["functions"])
    assert "run_training" in two["aside"]["functions"]
    assert "losses" in (kept.parent / "feedback.md").read_text(encoding="utf-8")
    assert "09_gpu_training" not in (kept.parent / "feedback.md").read_text(encoding="utf-8")
    (light,) = Kept([kept]).light()
    (whole,) = Kept([kept])
    assert "aside" not in light.keys() | whole.keys()
    assert bring(kept, None) == before
    assert known(kept, KEYS, ADA)["lacking"] == []


def test_what_is_judged_later_has_its_own_attempt_and_leaves_the_rest_as_it_was(kept):
    bring(kept, "02", only("02", digest="another hand-in", attempt=2))
    found = known(kept, {name: KEYS[name] for name in ("02_activations", "06_data_pipeline")}, ADA)
    assert found["lacking"] == ["06_data_pipeline"]
    assert found["attempt"] == 3
    assert found["outcomes"] == {"linear": PASSED, "sigmoid": PASSED, "softmax": PASSED}
    result = bring(kept, "02,06", only("06", digest="another hand-in", attempt=3))
    assert result["attempts"] == {"02_activations": 2, "06_data_pipeline": 3}
    assert result["attempt"] == 3
    assert result["points"] == result["max_points"] == 18
    assert result["status"] == "passed"


@pytest.mark.parametrize(
    ("found", "one"),
    [
        (only("02", digest="another hand-in"), ADA),
        (only("02", digest="of its files", refused="a damaged archive"), ADA),
        (only("02", digest=""), ADA),
        (only("02", digest="of its files"), Submission("bo", "ada", ())),
    ],
)
def test_nothing_is_kept_of_another_hand_in(kept, found, one):
    result = bring(kept, "02", found, one=one)
    assert result["keys"] == {"02_activations": "key"}
    assert result["aside"] == {"functions": {}, "checks": []}


def test_what_was_refused_is_kept_as_a_whole_or_judged_again_as_a_whole(kept):
    bring(kept, "02", only("02", digest="refused: why", refused="refused: why"))
    assert known(kept, {"02_activations": "key"}, ADA)["known"] == "refused: why"
    assert known(kept, KEYS, ADA)["known"] is None


def test_where_the_judge_itself_ended_it_was_an_attempt_all_the_same(kept):
    assert bring(kept, "02", only("02", digest="", refused="the judge's own process ended"))["attempt"] == 9
    assert known(kept, KEYS, ADA) == {"known": None, "attempt": 10}


@pytest.mark.parametrize("name", FEEDBACK)
def test_without_one_of_its_files_that_is_made_again(kept, name):
    before = {path.name: path.read_bytes() for path in kept.parent.iterdir()}
    (kept.parent / name).unlink()
    assert known(kept, KEYS, ADA)["lacking"] == []
    bring(kept, None)
    assert {path.name: path.read_bytes() for path in kept.parent.iterdir()} == before


@pytest.mark.parametrize("moment", range(8))
def test_wherever_it_is_interrupted_no_feedback_is_that_of_another_result(kept, monkeypatch, moment):
    left = [moment]

    def full(path, text):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        write(path, text)

    monkeypatch.setattr(results, "write", full)
    with suppress(OSError):
        bring(kept, "02")
        bring(kept, "03")
    monkeypatch.undo()
    shown = json.loads(kept.read_text(encoding="utf-8"))["exercises"]
    for name in ("feedback.md", "results.json"):
        text = (kept.parent / name).read_text(encoding="utf-8") if (kept.parent / name).exists() else None
        assert text is None or {folder for folder in KEYS if folder in text} == shown.keys()
    assert known(kept, KEYS, ADA)["lacking"] == []
    bring(kept, "02")
    assert all((kept.parent / name).exists() for name in FEEDBACK)


PART = {"submission": "ada", "digest": "d", "keys": KEYS, **marks({}), "aside": {"functions": {}, "checks": []}}


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "3", json.dumps(PART)])
def test_where_it_is_damaged_it_is_judged_again(kept, text):
    kept.write_text(text)
    assert known(kept, KEYS, ADA)["known"] is None
    assert bring(kept, "02", only("02", digest="d", attempt=2))["attempts"] == {"02_activations": 2}


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


def test_an_exercise_is_judged_alike_whichever_others_are_graded_beside_it():
    def keys(numbers, **more):
        chosen = choose_exercises(numbers)
        told = {"seed": 7, "exercises": [each.number for each in chosen], "versions": versions.versions(chosen)}
        return versions.keys_of(chosen, told | {"judge": "this one", **more})

    alone, every = keys("02"), keys(None)
    assert alone["02_activations"] == every["02_activations"]
    assert (
        keys("09")["09_gpu_training"] == every["09_gpu_training"] != every["02_activations"]
    )  # which needs no Keras
    assert not set(keys(None, judge="another one").values()) & set(every.values())
    assert not set(keys(None, seed=8).values()) & set(every.values())


def test_a_submission_that_an_older_version_kept_in_the_place_of_the_page_makes_room(tmp_path):
    keep(tmp_path / "index.html", result_of(marks({}), "index.html"))
    with ExitStack() as cleanup:
        output.lock(tmp_path, cleanup)
        assert not (tmp_path / "index.html").exists()
        (tmp_path / "index.html").write_text("a page", encoding="utf-8")
        cleanup.close()
        output.lock(tmp_path, cleanup)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "a page"


def test_each_time_that_it_is_judged_is_another_attempt(kept, tmp_path):
    assert known(tmp_path / "nobody's", KEYS, ADA)["attempt"] == 1
    result = json.loads(kept.read_text(encoding="utf-8"))
    for before, now in ((None, 2), (2, 3), (9, 10)):
        kept.write_text(json.dumps(result | ({"attempt": before} if before else {})), encoding="utf-8")
        assert known(kept, dict.fromkeys(KEYS, "another judge's"), ADA) == {"known": None, "attempt": now}
