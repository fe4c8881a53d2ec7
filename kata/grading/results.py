"""What is kept of each submission in the output: its result, and the feedback that is made of it."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from kata.grading.judging import Task
from kata.grading.marking import handed_in, outcome_of
from kata.reports import Marks, SubmissionResult, feedback_page, results_json, write_feedback
from kata.submissions import Submission
from kata.syllabus import Exercise

# {name of a file that students may get: what makes its text of a result}; result.json, which is written last, makes
# them count. Nothing of it comes from random inputs, and nothing tells what they come from.
FEEDBACK = {"feedback.md": write_feedback, "feedback.html": feedback_page, "results.json": results_json}

# What a page on all submissions has no place for.
_FOR_ONE = {"checks", "spent", "digest", "attempt", "seconds", "key"}

# What reading a result ends in that is damaged, or from before a result had what is asked for.
_DAMAGED = OSError, ValueError, KeyError, TypeError, AttributeError


def result_of(one: Submission, marks: Marks, exercises: Sequence[Exercise], key: str) -> SubmissionResult:
    """The result of a submission: what result.json holds.

    Args:
        key: of what decided the marks besides the submission.
    """
    functions = marks["functions"]
    points = {each.folder: sum(functions[name]["points"] for name in each.points) for each in exercises}
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
        "key": key,
        **marks,
    }


def keep(folder: Path, result: SubmissionResult) -> None:
    """Write a result, and the feedback, into the submission's folder of the output."""
    folder.mkdir(exist_ok=True)
    for name, text_of in FEEDBACK.items():
        write(folder / name, text_of(result))
    write(folder / "result.json", json.dumps(result, ensure_ascii=False, indent=1) + "\n")


def known(path: Path, key: str, one: Submission) -> Task:
    """What a task has to say of earlier runs: the digest of what was judged already, and which attempt this is.

    Args:
        path: of the result.json; key: of what decides the marks in this run.

    Returns:
        dict of known, None where there is no result that counts; and of attempt, from 1 on: each has other inputs.
    """
    found: Task = {"known": None, "attempt": 1}
    with suppress(*_DAMAGED):
        result = json.loads(path.read_text(encoding="utf-8"))
        found["attempt"] = int(result.get("attempt", 1)) + 1
        written = all((path.parent / name).exists() for name in FEEDBACK)
        if result["key"] == key and result["submission"] == one.name and written:
            found["known"] = result["digest"]
    return found


def write(path: Path, text: str | Iterable[str], private: bool = False) -> None:
    """Write a file whole or not at all; its text may come in parts.

    Args:
        private: whether nobody else on this machine may read it.
    """
    partial = path.with_name(f".kata-{path.name}.partial")
    try:
        with open(partial, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            if private:
                os.fchmod(file.fileno(), 0o600)
            file.writelines([text] if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


class Kept:
    """The results of all submissions, in the order of their files.

    They are read one at a time: those of a large class would fill the memory.

    Args:
        paths: the files, each a result.json.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = list(paths)

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[SubmissionResult]:
        for path in self.paths:
            yield json.loads(path.read_text(encoding="utf-8"))

    def light(self) -> list[SubmissionResult]:
        """Return all of them as a list, with what a page on all says; what is equal in them is there once."""
        shared: dict[str, Any] = {}

        def once(value: Any) -> Any:
            if not isinstance(value, dict):
                return shared.setdefault(json.dumps(value), value)
            whole = {sys.intern(name): once(one) for name, one in value.items()}
            return shared.setdefault(json.dumps(value), whole)

        found = []
        for result in self:
            light = {sys.intern(name): value for name, value in result.items() if name not in _FOR_ONE}
            found.append(
                cast(SubmissionResult, light | {name: once(light[name]) for name in ("functions", "exercises")})
            )
        return found
