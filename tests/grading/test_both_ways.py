"""What `pytest exercises/` says of an answer is what `kata grade` says of it: no point is lost between the two."""

import csv
import json
import re

import pytest

from kata.answers import Reference
from kata.judge import misconceptions
from kata.syllabus import EXERCISES, find_exercise
from tests.grading.styles import STYLES
from tests.support import judge_many, needs_sandbox, write_misconception

EXERCISE = find_exercise("02")


def write_answers(folder):
    for number, content in enumerate(STYLES.values()):
        path = folder / f"style{number:02}" / EXERCISE.folder / f"{EXERCISE.topic}.py"
        path.parent.mkdir(parents=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def points_in_pytest(judged, exercise):
    """{answer: {function: points}} of what `judge_many` returned."""
    return {
        name: {
            function: points * all(outcome == "passed" for of, _, outcome, _ in checks if of == function)
            for function, points in exercise.points.items()
        }
        for name, checks in judged.items()
    }


@pytest.mark.proof
@needs_sandbox
def test_right_answers_in_odd_styles_pass_in_both_ways_or_are_refused_in_the_same_words(run, tmp_path):
    folder, marks = tmp_path / "class", tmp_path / "marks"
    write_answers(folder)
    done = run("-m", "kata", "grade", folder, "--output", marks, "--exercises", "02")
    assert done.status == 0, done.err
    rows = csv.DictReader((marks / "grades.csv").read_text(encoding="utf-8").splitlines())
    graded = {row["submission"]: int(row["points"]) for row in rows}
    told = judge_many(folder, sorted(graded), [f"exercises/{EXERCISE.folder}"])
    names = dict(zip(sorted(graded), STYLES, strict=True))
    earned = {names[name]: sum(points.values()) for name, points in points_in_pytest(told, EXERCISE).items()}
    assert earned == {names[name]: graded[name] for name in graded}
    for name, style in names.items():
        assert graded[name] == (0 if style.startswith("refused") else EXERCISE.worth), style
        if style.startswith("refused"):
            result = json.loads((marks / name / "result.json").read_text(encoding="utf-8"))
            text = next(check["text"] for check in result["checks"] if check["outcome"] == "failed")
            fault = re.search(rf"^  ({EXERCISE.topic}\.py.*)$", text, re.MULTILINE)[1]
            assert any(fault in text for _, _, _, text in told[name]), style


@pytest.mark.proof
@needs_sandbox
@pytest.mark.parametrize("exercise", [each for each in EXERCISES if not each.needs], ids=lambda each: each.topic)
def test_each_function_of_each_misconception_has_the_same_outcome_in_both_ways(run, tmp_path, exercise):
    folder, marks = tmp_path / "class", tmp_path / "marks"
    known = misconceptions.load(Reference().answer.runner, exercise).values()
    names = {
        f"{wrong.misunderstands}-{wrong.__name__}": wrong
        for each in known
        for wrong in each
        if hasattr(wrong, "misunderstands")
    }
    for name, wrong in names.items():
        write_misconception(folder / name, wrong)
    done = run("-m", "kata", "grade", folder, "--output", marks, "--exercises", exercise.number)
    assert done.status == 0, done.err
    results = {name: json.loads((marks / name / "result.json").read_text(encoding="utf-8")) for name in names}
    graded = {
        name: {function: result["functions"][function]["points"] for function in exercise.points}
        for name, result in results.items()
    }
    told = judge_many(folder, names, [f"exercises/{exercise.folder}"])
    assert graded == points_in_pytest(told, exercise)
    assert all(graded[name][wrong.misunderstands] == 0 for name, wrong in names.items())
