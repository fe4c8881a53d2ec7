"""What is kept of each submission in the output: its result, and the feedback that is made of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kata.grading.judging import Task
from kata.grading.marking import handed_in, outcome_of
from kata.grading.output import write
from kata.reports import Judged, Marks, SubmissionResult, feedback_page, results_json, write_feedback
from kata.submissions import Submission
from kata.syllabus import BY_FUNCTION, EXERCISES, Exercise

# {name of a file that students may get: what makes its text of a result}. Nothing of it comes from random inputs, and
# nothing tells what they come from.
FEEDBACK = {"feedback.md": write_feedback, "feedback.html": feedback_page, "results.json": results_json}

# What reading a result ends in that is damaged, or from before a result had what is asked for.
_DAMAGED = OSError, ValueError, KeyError, TypeError, AttributeError


def result_of(
    one: Submission,
    marks: Marks,
    exercises: Sequence[Exercise],
    keys: Mapping[str, str],
    before: SubmissionResult | None = None,
) -> SubmissionResult:
    """The result of a submission: what result.json holds.

    Args:
        marks: of what was judged now: all exercises, or those that `before` lacks.
        exercises: those that are asked for.
        keys: {an exercise's folder: a digest of what decides its marks besides the submission}.
        before: the result of the same files in an earlier run.
    """
    both = _together(marks, before)
    shown, aside = _part(both, exercises), _part(both, [each for each in EXERCISES if each not in exercises])
    functions = shown["functions"]
    points = {each.folder: sum(functions[name]["points"] for name in each.points) for each in exercises}
    now = sorted({BY_FUNCTION[name].folder for name in marks["functions"]})
    told = marks.copy()
    told["functions"], told["checks"] = functions, shown["checks"]
    return {
        "submission": one.name,
        "place": one.place,
        "status": outcome_of(functions),
        "points": sum(points.values()),
        "max_points": sum(each.worth for each in exercises),
        "handed_in": handed_in(functions),
        "platform": one.platform,
        "number": one.number,
        "exercises": points,
        "keys": {**(before["keys"] if before else {}), **{folder: keys[folder] for folder in now if folder in keys}},
        "attempts": {**(before["attempts"] if before else {}), **dict.fromkeys(now, marks.get("attempt", 1))},
        **told,
        "aside": aside,
    }


def _together(marks: Marks, before: SubmissionResult | None) -> Judged:
    """All marks that there are of the same files: new ones, those of an earlier run, and what was aside then."""
    functions, checks = dict(marks["functions"]), list(marks["checks"])
    for earlier in (before, before["aside"]) if before else ():
        checks += [check for check in earlier["checks"] if check["function"] not in marks["functions"]]
        functions = {**earlier["functions"], **functions}
    return {"functions": functions, "checks": checks}


def _part(marks: Judged, exercises: Iterable[Exercise]) -> Judged:
    """The marks of some exercises, in their order."""
    found: Judged = {"functions": {}, "checks": []}
    for exercise in exercises:
        found["functions"] |= {name: mark for name, mark in marks["functions"].items() if name in exercise.points}
        found["checks"] += [check for check in marks["checks"] if check["function"] in exercise.points]
    return found


def update(
    folder: Path,
    one: Submission,
    task: Task,
    marks: Marks | None,
    exercises: Sequence[Exercise],
    keys: dict[str, str],
) -> None:
    """Bring what the output holds of a submission up to date.

    Args:
        folder: its folder in the output.
        task: what was to be judged, with what was `known`; marks: what came of it; None: nothing new.
        exercises, keys: see `result_of`.
    """
    before = _read(folder / "result.json")
    if marks is None:
        assert before is not None  # or nothing would be known
        if before["exercises"].keys() == keys.keys() and _has_feedback(folder):
            return
        marks = _nothing_new(before)
    else:
        marks.setdefault("attempt", task["attempt"])  # also where the judge's process ended, and told nothing
        if before and not _is_same(one, marks, before):
            before = None
    keep(folder, result_of(one, marks, exercises, keys, before))


def _nothing_new(before: SubmissionResult) -> Marks:
    """Marks that add nothing to a result."""
    told: Any = {name: value for name, value in before.items() if name in Marks.__annotations__}
    marks: Marks = told | {"functions": {}, "checks": []}
    return marks


def keep(folder: Path, result: SubmissionResult) -> None:
    """Write a result, and the feedback, into the submission's folder of the output.

    Feedback is never that of another result: where this is interrupted some of it is missing, and made again.
    """
    folder.mkdir(exist_ok=True)
    for name in FEEDBACK:
        (folder / name).unlink(missing_ok=True)
    write(folder / "result.json", json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    for name, text_of in FEEDBACK.items():
        write(folder / name, text_of(result))


def known(path: Path, keys: Mapping[str, str], one: Submission) -> Task:
    """What a task has to say of earlier runs.

    Args:
        path: of the result.json; keys: of the exercises that are asked for, see `result_of`.

    Returns:
        dict of known, the digest of what was judged already, None where no result counts; of attempt, from 1 on:
        each has other inputs; and with known of lacking, the folders of exercises that were not judged then, and of
        outcomes, {function: outcome} of those that were.
    """
    found: Task = {"known": None, "attempt": 1}
    with suppress(*_DAMAGED):
        result = json.loads(path.read_text(encoding="utf-8"))
        found["attempt"] = int(result.get("attempt", 1)) + 1
        lacking = [folder for folder in keys if result["keys"].get(folder) != keys[folder]]
        # Of what was refused there is all or nothing.
        counts = not lacking if "refused" in result else len(lacking) < len(keys)
        if result["submission"] == one.name and counts and _is_whole(result):
            marks = {**result["functions"], **result["aside"]["functions"]}
            there = [each for each in EXERCISES if each.folder in keys.keys() - lacking]
            outcomes = {name: marks[name]["outcome"] for each in there for name in each.points}
            found |= {"known": result["digest"], "lacking": lacking, "outcomes": outcomes}
    return found


def _read(path: Path) -> SubmissionResult | None:
    """A result.json; None where there is none, it is damaged, or from before there was what `update` asks for."""
    with suppress(*_DAMAGED):
        result: SubmissionResult = json.loads(path.read_text(encoding="utf-8"))
        if _is_whole(result):
            return result
    return None


def _is_whole(result: SubmissionResult) -> bool:
    return result.keys() >= SubmissionResult.__required_keys__


def _is_same(one: Submission, marks: Marks, before: SubmissionResult) -> bool:
    """Whether new marks and an earlier result are of the same files of the same submission, and both were read."""
    refused = "refused" in marks or "refused" in before
    return before["submission"] == one.name and before["digest"] == marks["digest"] and not refused


def _has_feedback(folder: Path) -> bool:
    return all((folder / name).exists() for name in FEEDBACK)
