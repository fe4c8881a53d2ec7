"""Answers that report from beside themselves get no points for it: see forged_views.py and by_heart.py."""

import json
import subprocess
import sys

import pytest

from kata.answers.answer import Reference
from kata.answers.frameworks import import_quietly
from kata.syllabus import EXERCISES, ROOT
from tests.proofs.by_heart import by_heart, stored_replies
from tests.proofs.forged_views import FORGED
from tests.support import needs_sandbox

pytestmark = [needs_sandbox, pytest.mark.long]
if missing := import_quietly(["tensorflow", "keras"]):
    pytest.skip(f"{missing} is not installed", allow_module_level=True)


def grade(folder, submissions, exercises="06,07,08,09"):
    """Grade {name: {file: text}}; return {name: its result}."""
    for name, files in submissions.items():
        for path, text in files.items():
            target = folder / "submissions" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "kata", "grade", str(folder / "submissions"), "--output", str(folder / "o")]
    done = subprocess.run(
        [*command, "--exercises", exercises, "--jobs", "1"], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((folder / "o/grades.json").read_text(encoding="utf-8"))["submissions"]
    return {result["submission"]: result for result in results}


def test_what_is_known_by_heart_earns_nothing(tmp_path, monkeypatch):
    files = by_heart(stored_replies(Reference(), monkeypatch))
    result = grade(tmp_path, {"by heart": files})["by heart"]
    # What is literal is passed, and so is the table believed; what is random is not.
    assert all(result["functions"][name]["passed"] for name in ("read_table", "split_indices", "write_table"))
    assert not [name for name, marks in result["functions"].items() if marks["points"]]


@pytest.mark.parametrize("exercise", [exercise for exercise in EXERCISES if exercise.needs], ids=lambda e: e.number)
def test_what_a_process_says_of_itself_earns_nothing(tmp_path, exercise):
    forged = {name: each for name, each in FORGED.items() if each.function in exercise.points}
    submissions = {name: each.files(exercise.topic) for name, each in forged.items()}
    results = grade(tmp_path, submissions, exercise.number)
    functions = {name: results[name]["functions"][each.function] for name, each in forged.items()}
    assert not [name for name, marks in functions.items() if marks["points"]]
    # The function was called, and judged.
    assert not [
        name for name, marks in functions.items() if marks["outcome"] not in ("failed", "could not be judged")
    ]
