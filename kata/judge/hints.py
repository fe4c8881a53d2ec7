"""Three hints for every function, one more at each call. They stand in solutions/NN_topic/hints.md."""

import re

from kata import state

RUNGS = 3


def read_hints(exercise):
    """Return {function: [rung 1, rung 2, rung 3]} of an exercise, from `## function` and `### n` headings."""
    text = exercise.hints.read_text(encoding="utf-8")
    hints = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        rungs = re.split(r"^### \d+[^\n]*\n", body, flags=re.MULTILINE)[1:]
        hints[name.strip()] = [rung.strip("\n") for rung in rungs]
    return hints


def next_hints(exercise, function):
    """Return the rungs that were given for a function, and one more; remember that it was given."""
    given = state.load("hints")
    before = given.get(function)
    number = min(before + 1, RUNGS) if isinstance(before, int) else 1
    state.save("hints", given | {function: number})
    return read_hints(exercise)[function][:number]


def forget_hints(exercise):
    """Start again with the first rung for an exercise."""
    state.save("hints", {name: n for name, n in state.load("hints").items() if name not in exercise.points})
