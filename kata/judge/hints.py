"""Three hints for every function, one more at each call.

They stand in solutions/NN_topic/hints.md; a handout has them in its record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kata import state
from kata.folders import short
from kata.syllabus import HANDOUT

if TYPE_CHECKING:
    from kata.syllabus import Exercise

RUNGS = 3


def read_hints(exercise: Exercise) -> dict[str, list[str]]:
    """Return {function: [rung 1, rung 2, rung 3]} of an exercise, from `## function` and `### n` headings."""
    if HANDOUT:
        from kata.judge.record import HINTS, path_of, read_part

        known: dict[str, list[str]] = read_part(path_of(exercise.record, HINTS))
        return known
    text = exercise.hints.read_text(encoding="utf-8")
    hints = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        rungs = re.split(r"^### \d+[^\n]*\n", body, flags=re.MULTILINE)[1:]
        hints[name.strip()] = [rung.strip("\n") for rung in rungs]
    return hints


def next_hints(exercise: Exercise, function: str) -> list[str]:
    """Return the rungs that were given for a function, and one more; remember that it was given."""
    given = state.load("hints")
    before = given.get(function)
    number = min(before + 1, RUNGS) if isinstance(before, int) else 1
    state.save("hints", given | {function: number})
    return read_hints(exercise)[function][:number]


def told_hints(exercise: Exercise, function: str) -> list[str]:
    """The lines that give one more rung for a function, below those that were given, and say what comes next."""
    hints = next_hints(exercise, function)
    told = [f"{function}, hint {rung} of {RUNGS}\n\n{text}\n" for rung, text in enumerate(hints, 1)]
    if len(hints) < RUNGS:
        return [*told, f"One more: kata hint {exercise.number} {function}"]
    return [*told, f"That was the last one. The lesson: {short(exercise.stub.with_name('README.md'))}"]


def forget_hints(exercise: Exercise) -> None:
    """Start again with the first rung for an exercise."""
    state.save("hints", {name: n for name, n in state.load("hints").items() if name not in exercise.points})
