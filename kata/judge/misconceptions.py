"""Known misconceptions: plausible wrong answers, each with the sentence that tells what was misunderstood.

They stand in solutions/NN_topic/misconceptions.py and are loaded only when an answer has failed.
"""

import functools


def misconception(function):
    """Mark a wrong implementation of `function`; its docstring is what the learner reads."""

    def mark(wrong):
        wrong.misunderstands = function
        return wrong

    return mark


@functools.cache
def load(runner, exercise):
    """Return {function: [wrong implementation, ...]} of an exercise, run by the solutions' runner."""
    known = {}
    if exercise.misconceptions.exists():
        for value in runner.load_other(exercise.misconceptions).values():
            if function := getattr(value, "misunderstands", None):
                known.setdefault(function, []).append(value)
    return known


def sentence(wrong):
    """What its author should read: the docstring, in one line."""
    return " ".join(wrong.__doc__.split())
