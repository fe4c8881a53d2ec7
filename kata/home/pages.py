"""The pages as HTML, from the templates beside this file. Nothing that a learner's code says becomes markup."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kata.home.lessons import hint_of, inline, lesson_of
from kata.home.views import HEIGHT, WIDTH, Now, curve
from kata.judge import RUNGS
from kata.learn import COMPARED, read_learned
from kata.syllabus import BY_FUNCTION, EXERCISES, HANDOUT
from kata.templates import environment

if TYPE_CHECKING:
    from jinja2 import Environment

    from kata.home.following import Following
    from kata.syllabus import Exercise

TEMPLATES = Path(__file__).with_name("templates")


def board_page(following: Following, key: str) -> str:
    """The first page: all exercises, what comes next, points over time.

    Args:
        following: what is being judged; key: what a request that changes something has to show.
    """
    now = Now()
    places, words = curve()
    points = " ".join(f"{x},{y}" for x, y in _steps(places))
    return _render("board.html", now, following, key, curve=points, curve_words=words, size=(WIDTH, HEIGHT))


def exercise_page(exercise: Exercise, following: Following, key: str) -> str:
    """The page of an exercise: its lesson, and beside it its functions. See `board_page`."""
    now = Now(exercise)
    place = EXERCISES.index(exercise)
    return _render(
        "exercise.html",
        now,
        following,
        key,
        exercise=exercise,
        functions=now.functions(exercise),
        lesson=Markup(lesson_of(exercise)),
        questions=read_learned(exercise).questions if now.board.points(exercise) == exercise.worth else [],
        before=EXERCISES[place - 1] if place else None,
        after=EXERCISES[place + 1] if place + 1 < len(EXERCISES) else None,
    )


def message_page(title: str, text: str) -> str:
    """A page that only says something."""
    return _environment().get_template("message.html").render(title=title, text=text)


def highlight_css() -> str:
    """The colours of code, for a light and a dark screen."""
    from pygments.formatters import HtmlFormatter

    # Of pygments' own styles, two in which everything is legible: tests/home looks at the contrast.
    light, dark = (HtmlFormatter(style=style).get_style_defs("pre") for style in ("xcode", "github-dark"))
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _steps(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The corners of a line that rises in steps: points stay what they are until the next run."""
    corners = places[:1]
    for (_, before), (x, y) in itertools.pairwise(places):
        corners += [(x, before), (x, y)]
    return corners


def _render(template: str, now: Now, following: Following, key: str, **values: Any) -> str:
    views = now.exercises()
    function = now.next()
    return (
        _environment()
        .get_template(template)
        .render(
            key=key,
            busy=following.busy,
            problem=following.problem,
            exercises=views,
            points=sum(view.points for view in views),
            worth=sum(view.exercise.worth for view in views),
            next=function,
            next_exercise=BY_FUNCTION[function] if function else None,
            **values,
        )
    )


@functools.cache
def _environment() -> Environment:
    found = environment(TEMPLATES)
    title = HANDOUT["title"] if HANDOUT else "multilabel-kata"
    found.filters |= {
        "hint": lambda text: Markup(hint_of(text)),
        "inline": lambda text: Markup(inline(text)),
    }
    found.globals |= {"site": title, "rungs": RUNGS, "compared": COMPARED, "handout": HANDOUT is not None}
    return found
