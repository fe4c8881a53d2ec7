"""A result as Gradescope wants it: https://gradescope-autograders.readthedocs.io/en/latest/specs/

Points belong to functions, so each of them is one of Gradescope's tests. What a student wrote stands in texts, which
Gradescope shows as they are. Of random inputs there is nothing, and not how long it took, which an answer can choose
by what it is asked: see kata/grading/marking.py.
"""

import json

from kata.judge import PASSED, TODO
from kata.reports.feedback import Said, clean, what_is_said
from kata.reports.result import FunctionMarks, SubmissionResult
from kata.syllabus import BY_FUNCTION


def results_json(result: SubmissionResult, visibility: str = "visible") -> str:
    """Return results.json on a submission.

    Args:
        visibility: when students see it, "visible", "after_due_date", "after_published" or "hidden".
    """
    said = {said.function: said for _, functions in what_is_said(result) for said in functions}
    tests = []
    for name, mark in result["functions"].items():
        tests.append(
            {
                "name": f"{BY_FUNCTION[name].folder}: {name}",
                "name_format": "text",
                "score": mark["points"],
                "max_score": mark["worth"],
                "status": "passed" if mark["outcome"] == PASSED else "failed",
                "output": clean(_output(mark, said.get(name))),
                "output_format": "text",
                "visibility": visibility,
            }
        )
    found = {
        "score": result["points"],
        "output": clean(_summary(result)),
        "output_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _summary(result: SubmissionResult) -> str:
    lines = [f"{result['points']} of {result['max_points']} points: {result['status']}.", *result.get("notes", ())]
    if "refused" in result:
        lines += ["Nothing of it was judged:", result["refused"]]
    return "\n".join(lines)


def _output(mark: FunctionMarks, said: Said | None) -> str:
    if mark["outcome"] == PASSED:
        return f"All {mark['checks']} checks passed."
    if said is None or mark["outcome"] == TODO:
        return "Not written yet, or not handed in."
    parts = [f"{said.says}\n{said.reason}".strip(), *said.diagnoses]
    parts += [f"{title}:\n{text}" for title, text in said.failures]
    if said.more:
        parts.append("\n".join(["These failed, too:", *(f"- {title}" for title in said.more)]))
    return "\n\n".join(parts)
