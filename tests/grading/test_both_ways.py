"""What `pytest exercises/` says of an answer is what `kata grade` says of it: no point is lost between the two."""

import csv
import json
import re

from kata.syllabus import find_exercise
from tests.grading.styles import STYLES
from tests.support import needs_sandbox

EXERCISE = find_exercise("02")


def write_answers(folder):
    for number, content in enumerate(STYLES.values()):
        path = folder / f"style{number:02}" / EXERCISE.folder / f"{EXERCISE.topic}.py"
        path.parent.mkdir(parents=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def in_pytest(judge, folder):
    """{name: the points of each answer}, and what was said in all."""
    told = {}
    for path in sorted(folder.iterdir()):
        done = judge(f"exercises/{EXERCISE.folder}", "--answers", path, "-q")
        told[path.name] = done.points(EXERCISE.number), done.out
    return told


@needs_sandbox
def test_right_answers_in_odd_styles_pass_in_both_ways_or_are_refused_in_the_same_words(judge, run, tmp_path):
    folder, marks = tmp_path / "class", tmp_path / "marks"
    write_answers(folder)
    done = run("-m", "kata", "grade", folder, "--output", marks, "--exercises", "02")
    assert done.status == 0, done.err
    rows = csv.DictReader((marks / "grades.csv").read_text(encoding="utf-8").splitlines())
    graded = {row["submission"]: int(row["points"]) for row in rows}
    told = in_pytest(judge, folder)
    names = dict(zip(sorted(graded), STYLES, strict=True))
    assert {names[name]: told[name][0] for name in graded} == {names[name]: graded[name] for name in graded}
    for name, style in names.items():
        assert graded[name] == (0 if style.startswith("refused") else EXERCISE.worth), style
        if style.startswith("refused"):
            result = json.loads((marks / name / "result.json").read_text(encoding="utf-8"))
            text = next(check["text"] for check in result["checks"] if check["outcome"] == "failed")
            fault = re.search(rf"^  ({EXERCISE.topic}\.py.*)$", text, re.MULTILINE)[1]
            assert fault in told[name][1], style
