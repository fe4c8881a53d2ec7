"""Marks in the columns that Moodle's and Canvas's gradebooks take in.

Moodle finds a student by the number in "Identifier", Canvas by "ID" or else by the name; both stand in the names of
their downloads. What they do not look at, and nobody knows here, stays empty. Whoever was not judged at all gets no
mark here, that is for a person to decide: for Moodle it stays empty, but Canvas would take that for a mark to delete.
"""

import csv
import html
import io
from collections.abc import Iterable, Sequence
from typing import Any

from kata.reports.result import SubmissionResult
from kata.reports.tables import defused
from kata.syllabus import Exercise

MOODLE = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"),
    *("Last modified (submission)", "Last modified (grade)", "Feedback comments"),
)
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def moodle_csv(results: Iterable[SubmissionResult], exercises: Sequence[Exercise]) -> str:
    """Return grades-moodle.csv: an offline grading worksheet, with what failed as the feedback comment."""
    rows = []
    for result in results:
        if "refused" in result and not result["platform"]:  # no mark, and nobody whom Moodle knows
            continue
        known = {
            "Identifier": f"Participant {result['number']}"
            if result["platform"] == "moodle" and result["number"]
            else "",
            "Full name": defused(result["submission"]),
            "Grade": "" if "refused" in result else result["points"],
            "Maximum grade": result["max_points"],
            "Grade can be changed": "Yes",
            "Last modified (grade)": "-",
            "Feedback comments": _comment(result, exercises),
        }
        rows.append([known.get(column, "") for column in MOODLE])
    return _table([MOODLE, *rows])


def canvas_csv(results: Iterable[SubmissionResult], exercises: Sequence[Exercise], assignment: str) -> str:
    """Return grades-canvas.csv: a gradebook with one assignment, whose title Canvas knows or makes anew."""
    worth = sum(exercise.worth for exercise in exercises)
    rows: list[list[Any]] = [[*CANVAS, assignment], ["    Points Possible", "", "", "", "", worth]]
    for result in results:
        if "refused" in result:
            continue
        number = result["number"] if result["platform"] == "canvas" and result["number"].isdigit() else ""
        rows.append([defused(result["submission"]), number, "", "", "", result["points"]])
    return _table(rows)


def _comment(result: SubmissionResult, exercises: Sequence[Exercise]) -> str:
    """One line of HTML, which is what Moodle takes it for."""
    lines = [html.escape(note) for note in result.get("notes", ())]
    if "refused" in result:
        return defused("; ".join([*lines, "nothing of it was judged"]))
    for exercise in exercises:
        left = [name for name in exercise.points if not result["functions"][name]["points"]]
        points = f"{exercise.folder}: {result['exercises'][exercise.folder]} of {exercise.worth}"
        lines.append(f"{points} ({', '.join(left)} not right)" if left else points)
    return defused("; ".join(lines))


def _table(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
