"""The reports on all submissions: grades.csv, grades.json and junit.xml."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kata.judge import FAILED, UNJUDGED
from kata.reports.feedback import clean
from kata.reports.result import SubmissionResult
from kata.syllabus import BY_FUNCTION, Exercise

# Where a cell may begin: many a spreadsheet parts them at semicolons. Some take the wide signs of Chinese and
# Japanese for the plain ones.
_FORMULA = re.compile("((?:^|;)\\s*)(?=[=+\\-@\t\r'\uff1d\uff0b\uff0d\uff20])")


def grades_csv(results: Iterable[SubmissionResult], exercises: Sequence[Exercise]) -> str:
    """Return grades.csv: one row for each submission, one column for each exercise.

    A name that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["submission", "points", "max_points", *(one.folder for one in exercises), "status"])
    for result in results:
        name = defused(result["submission"])
        points = [result["exercises"][one.folder] for one in exercises]
        table.writerow([name, result["points"], result["max_points"], *points, result["status"]])
    return text.getvalue()


def defused(text: str) -> str:
    """A text for a table, that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", text)


def grades_json(results: Iterable[SubmissionResult], run: dict[str, Any]) -> Iterator[str]:
    """Yield the text of grades.json in parts: how it was graded (a dict), and every result."""
    head = json.dumps({"run": run, "submissions": []}, indent=1, ensure_ascii=False)
    yield head.removesuffix("]\n}")
    separator = ""
    for result in results:
        yield separator + f"\n{json.dumps(result, indent=1, ensure_ascii=False)}".replace("\n", "\n  ")
        separator = ","
    yield "\n ]\n}\n"


def junit_xml(results: Iterable[SubmissionResult]) -> Iterator[str]:
    """Yield the text of junit.xml in parts: a suite for each submission, a case for each check."""
    yield "<?xml version='1.0' encoding='utf-8'?>\n<testsuites>\n"
    for result in results:
        outcomes = [check["outcome"] for check in result["checks"]]
        skipped = sum(outcome in ("todo", "blocked") for outcome in outcomes)
        counts = {"tests": len(outcomes), "failures": outcomes.count(FAILED), "errors": outcomes.count(UNJUDGED)}
        name = clean(result["submission"])
        suite = ElementTree.Element("testsuite", name=name, skipped=str(skipped), time=str(result["seconds"]))
        suite.attrib |= {key: str(count) for key, count in counts.items()}
        for check in result["checks"]:
            place = f"{BY_FUNCTION[check['function']].folder}.{check['function']}"
            case = ElementTree.SubElement(suite, "testcase", classname=place, name=check["test"])
            tag = {FAILED: "failure", UNJUDGED: "error", "todo": "skipped", "blocked": "skipped"}.get(
                check["outcome"]
            )
            if tag:
                text = clean("\n".join(filter(None, (check["text"], check.get("detail")))))
                ElementTree.SubElement(case, tag, message=text.partition("\n")[0]).text = text
        ElementTree.indent(suite, " ", level=1)
        yield f" {ElementTree.tostring(suite, encoding='unicode')}\n"
    yield "</testsuites>\n"
