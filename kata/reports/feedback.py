"""What a student reads of a graded submission: points, what failed in the words of the suites, hints.

Nothing in it comes from random inputs (see grading/marking.py), and nothing that a student wrote can pass for a part
of it: it stands in blocks that it cannot end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kata.judge import BLOCKED, FAILED, PASSED, TODO, UNJUDGED, read_hints
from kata.reports.result import CheckOutcome, FunctionMarks, SubmissionResult
from kata.syllabus import EXERCISES, Exercise

_SHOWN = 3  # failures of a function in full


@dataclass
class Said:
    """What a student is told of one function that is not right.

    Attributes:
        function: its name; points, worth: what it got, of how much.
        says: the first sentence; reason: what it waits for, or why it could not be judged.
        diagnoses: what was misunderstood.
        failures: [(the check in words, what it said), ...]; more: further checks that failed, in words.
        hint: the first one, in Markdown.
    """

    function: str
    points: int
    worth: int
    says: str
    reason: str = ""
    diagnoses: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    hint: str = ""


def graded(result: SubmissionResult) -> list[Exercise]:
    """The exercises that a result is about."""
    return [exercise for exercise in EXERCISES if exercise.folder in result["exercises"]]


def what_is_said(result: SubmissionResult) -> list[tuple[Exercise, list[Said]]]:
    """Return [(exercise, [Said, ...]), ...] of what is not right in a result; no Said where nothing was handed in."""
    found: list[tuple[Exercise, list[Said]]] = []
    for exercise in graded(result):
        marks = {name: result["functions"][name] for name in exercise.points}
        outcomes = {mark["outcome"] for mark in marks.values()}
        if outcomes == {TODO}:
            found.append((exercise, []))
        elif outcomes != {PASSED}:
            hints = read_hints(exercise) if exercise.hints.exists() else {}
            checks = [check for check in result["checks"] if check["function"] in marks]
            wrong = {name: mark for name, mark in marks.items() if mark["outcome"] != PASSED}
            said = [_said(name, mark, checks, hints.get(name, ())) for name, mark in wrong.items()]
            found.append((exercise, said))
    return found


def _said(name: str, mark: FunctionMarks, checks: list[CheckOutcome], hints: Sequence[str]) -> Said:
    said = Said(name, mark["points"], mark["worth"], f"{mark['passed']} of {mark['checks']} checks passed.")
    if mark["outcome"] == TODO:
        said.says = "Not written yet."
    elif mark["outcome"] in (UNJUDGED, BLOCKED):
        unjudged = mark["outcome"] == UNJUDGED
        said.says = "It could not be judged:" if unjudged else "It says nothing yet about this function:"
        said.reason = mark["reason"]
    else:
        failed = [check for check in checks if check["function"] == name and check["outcome"] == FAILED]
        said.diagnoses = mark["diagnoses"]
        said.failures = [(_title(check), check["text"]) for check in failed[:_SHOWN]]
        said.more = [_title(check) for check in failed[_SHOWN:]]
        said.hint = hints[0] if hints else ""
    return said


def _title(check: CheckOutcome) -> str:
    return check["test"].removeprefix("test_").replace("_", " ")


def write_feedback(result: SubmissionResult) -> str:
    """Return the feedback on a submission, in Markdown."""
    lines = [f"# Feedback for {escape(result['submission'])}", ""]
    lines += [f"**{result['points']} of {result['max_points']} points: {result['status']}.**", ""]
    if notes := result.get("notes"):
        lines += [*(f"- {escape(note)}" for note in notes), ""]
    if "refused" in result:
        return "\n".join([*lines, "Nothing of it was judged:", "", *block(result["refused"])]) + "\n"
    lines += ["| exercise | points |", "|---|---|"]
    lines += [f"| {one.folder} | {result['exercises'][one.folder]} of {one.worth} |" for one in graded(result)]
    for exercise, functions in what_is_said(result):
        lines += ["", f"## {exercise.folder}"]
        for said in functions:
            lines += ["", f"### {said.function}: {said.points} of {said.worth} points", "", *_in_markdown(said)]
        if not functions:
            lines += ["", "Not handed in."]
    return "\n".join(lines) + "\n"


def _in_markdown(said: Said) -> list[str]:
    lines = [said.says]
    if said.reason:
        lines += ["", *block(said.reason)]
    for sentence in said.diagnoses:
        lines += ["", f"**{sentence}**"]
    for title, text in said.failures:
        lines += ["", f"{title}:", "", *block(text)]
    if said.more:
        lines += ["", "These failed, too:", "", *(f"- {title}" for title in said.more)]
    if said.hint:
        lines += ["", "A hint:", "", *(f"> {line}".rstrip() for line in said.hint.splitlines())]
    return lines


def block(text: str) -> list[str]:
    """Lines of a code block that holds a text, whatever is in it."""
    text = clean(text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [f"{fence}text", *text.split("\n"), fence]


def escape(text: str) -> str:
    """A text in a line of Markdown, with nothing that Markdown or HTML would take for its own."""
    return re.sub(r"([\\`*_\[\]<>#|~&!])", r"\\\1", clean(text).replace("\n", " "))


def clean(text: str) -> str:
    """A text without characters that no XML and no terminal should see; tabs and ends of lines stay."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(
        char
        if char in "\n\t" or (char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF)
        else f"\\x{ord(char):02x}"
        for char in text
    )
