"""What is said once a function or an exercise is right: what was learned, the usual mistake, three questions.

It stands in solutions/NN_topic/learned.md; a handout has it in its record.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kata.judge.record import LEARNED, path_of, read_part
from kata.learn.solution import place_of
from kata.syllabus import BY_FUNCTION, HANDOUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kata.syllabus import Exercise

_QUESTIONS = "Questions"
MANY = 8  # functions that became right at once: of more each sentence would be too much
_CHOICE = re.compile(r"^- \[([ x])\] (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """Of one function: what writing it teaches, and the mistake that most people make there; a sentence each."""

    learned: str
    mistake: str


@dataclass(frozen=True)
class Question:
    """A question on what is easily misunderstood.

    Attributes:
        text: the question; choices: the answers; right: the index of the one that is right; why: the explanation.
    """

    text: str
    choices: list[str]
    right: int
    why: str


@dataclass(frozen=True)
class Learned:
    """Of one exercise: {function: Lesson}, and its questions."""

    functions: dict[str, Lesson]
    questions: list[Question]

    def as_plain(self) -> dict[str, Any]:
        """As plain data, for a record."""
        return asdict(self)


def read_learned(exercise: Exercise) -> Learned:
    """Return what there is to say of an exercise."""
    if HANDOUT:
        known = read_part(path_of(exercise.record, LEARNED))
        functions = {name: Lesson(**lesson) for name, lesson in known["functions"].items()}
        return Learned(functions, [Question(**question) for question in known["questions"]])
    sections = re.split(r"^## ", exercise.learned.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    named = {name.strip(): body for name, _, body in (section.partition("\n") for section in sections)}
    questions = re.split(r"^### ", named.pop(_QUESTIONS), flags=re.MULTILINE)[1:]
    return Learned({name: _lesson(body) for name, body in named.items()}, list(map(_question, questions)))


def told_learned(names: Sequence[str]) -> list[str]:
    """What was learned with functions that became right, a line each, and where their solutions are."""
    if len(names) > MANY:
        return [f"{len(names)} functions became right."]
    told = []
    for name in names:
        exercise = BY_FUNCTION[name]
        try:
            learned = read_learned(exercise).functions[name].learned
        except (OSError, LookupError, ValueError):  # it does not stand there: no reason to end
            continue
        place = "" if HANDOUT else f" The solution: {place_of(exercise, name)}"
        told.append(f"{name} is right. {learned}{place}")
    return told


def _lesson(body: str) -> Lesson:
    learned, mistake = (" ".join(paragraph.split()) for paragraph in body.strip().split("\n\n"))
    return Lesson(learned, mistake)


def _question(text: str) -> Question:
    head, _, body = text.partition("\n")
    choices = _CHOICE.findall(body)
    why = " ".join(_CHOICE.sub("", body).split())
    return Question(head.strip(), [choice for _, choice in choices], [mark for mark, _ in choices].index("x"), why)
