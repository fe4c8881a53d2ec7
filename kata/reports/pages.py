"""The pages that come out of a grading run: index.html for the instructor, feedback.html for each student.

They are made of the templates beside this file. Nothing of a stranger becomes markup: whatever a template prints is
cleaned and escaped, and a page's policy lets a browser run our own script and style, which it knows by their hashes,
and load nothing at all.
"""

import base64
import functools
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kata.judge import UNJUDGED
from kata.reports import overview
from kata.reports.feedback import clean, graded, what_is_said
from kata.reports.result import SubmissionResult
from kata.syllabus import Exercise
from kata.templates import environment

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).with_name("templates")
_PARTS = 1000  # pieces of a template in one part of a page


def feedback_page(result: SubmissionResult) -> str:
    """Return a student's page: what kata/reports/feedback.py says, in HTML."""
    said = [] if "refused" in result else what_is_said(result)
    return _render("feedback.html", result=result, exercises=graded(result), said=said)


def index_page(
    results: Sequence[SubmissionResult], exercises: Sequence[Exercise], run: dict[str, Any]
) -> Iterable[str]:
    """Return the instructor's page on all submissions, in parts: the whole of a large class would fill the memory.

    Args:
        results: of all submissions; nothing here needs their checks.
        exercises: those that were graded.
        run: how it was graded, a dict.
    """
    stream = (
        _environment()
        .get_template("index.html")
        .stream(
            results=results,
            exercises=exercises,
            run=run,
            points=overview.points(results),
            functions=overview.functions(results, exercises),
            mistakes=overview.mistakes(results, exercises),
            unjudged=overview.unjudged(results),
        )
    )
    stream.enable_buffering(_PARTS)
    return stream


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(values)


@functools.cache
def _environment() -> "Environment":
    from markupsafe import Markup

    def cleaned(value: Any) -> Any:
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    found = environment(_TEMPLATES)
    found.finalize = cleaned
    found.filters |= {"link": lambda result, file: f"{quote(result['place'], safe='')}/{file}", "word": _word}
    for name, file in (("style", "page.css"), ("script", "sort.js")):
        text = (_TEMPLATES / file).read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        found.globals |= {name: Markup(text), f"{name}_hash": f"'sha256-{digest}'"}
    return found


def _word(outcome: str) -> str:
    """An outcome in one word, which is also its class in page.css."""
    return "unjudged" if outcome == UNJUDGED else outcome
