"""What a student reads of a graded submission: points, what failed in the words of the suites, hints.

Nothing in it comes from random inputs (see kata/marking.py), and nothing that a student wrote can pass for a part of
it: it stands in blocks that it cannot end.
"""

import re

from kata.hints import read_hints
from kata.marking import UNJUDGED
from kata.outcomes import BLOCKED, FAILED, PASSED, TODO
from kata.syllabus import EXERCISES

_SHOWN = 3  # failures of a function in full


def write_feedback(result):
    """Return the feedback on a submission, in Markdown.

    Args:
        result: a result of kata/grading.py, as plain data.
    """
    lines = [f"# Feedback for {escape(result['submission'])}", ""]
    lines += [f"**{result['points']} of {result['max_points']} points: {result['status']}.**", ""]
    if "refused" in result:
        return "\n".join([*lines, "Nothing of it was judged:", "", *block(result["refused"])]) + "\n"
    graded = [exercise for exercise in EXERCISES if exercise.folder in result["exercises"]]
    lines += ["| exercise | points |", "|---|---|"]
    lines += [f"| {one.folder} | {result['exercises'][one.folder]} of {one.worth} |" for one in graded]
    for exercise in graded:
        marks = {name: result["functions"][name] for name in exercise.points}
        if all(mark["outcome"] == PASSED for mark in marks.values()):
            continue
        lines += ["", f"## {exercise.folder}"]
        if all(mark["outcome"] == TODO for mark in marks.values()):
            lines += ["", "Not handed in."]
            continue
        hints = read_hints(exercise) if exercise.hints.exists() else {}
        for name, mark in marks.items():
            if mark["outcome"] != PASSED:
                checks = [check for check in result["checks"] if check["function"] == name]
                lines += _function(name, mark, checks, hints.get(name, ()))
    return "\n".join(lines) + "\n"


def _function(name, mark, checks, hints):
    lines = ["", f"### {name}: {mark['points']} of {mark['worth']} points"]
    if mark["outcome"] == TODO:
        return [*lines, "", "Not written yet."]
    if mark["outcome"] in (UNJUDGED, BLOCKED):
        says = (
            "It could not be judged:" if mark["outcome"] == UNJUDGED else "It says nothing yet about this function:"
        )
        return [*lines, "", says, "", *block(mark["reason"])]
    lines += ["", f"{mark['passed']} of {mark['checks']} checks passed."]
    for sentence in mark["diagnoses"]:
        lines += ["", f"**{sentence}**"]
    failed = [check for check in checks if check["outcome"] == FAILED]
    for check in failed[:_SHOWN]:
        lines += ["", f"{_title(check)}:", "", *block(check["text"])]
    if failed[_SHOWN:]:
        lines += ["", "These failed, too:", "", *(f"- {_title(check)}" for check in failed[_SHOWN:])]
    if hints:
        lines += ["", "A hint:", "", *(f"> {line}".rstrip() for line in hints[0].splitlines())]
    return lines


def _title(check):
    return check["test"].removeprefix("test_").replace("_", " ")


def block(text):
    """Lines of a code block that holds a text, whatever is in it."""
    text = clean(text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [f"{fence}text", *text.split("\n"), fence]


def escape(text):
    """A text in a line of Markdown, with nothing that Markdown or HTML would take for its own."""
    return re.sub(r"([\\`*_\[\]<>#|~&!])", r"\\\1", clean(text).replace("\n", " "))


def clean(text):
    """A text without characters that no XML and no terminal should see; tabs and ends of lines stay."""
    return "".join(
        char
        if char in "\n\t" or (char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF)
        else f"\\x{ord(char):02x}"
        for char in text
    )
