"""Known misconceptions: plausible wrong answers, each with the sentence that tells what was misunderstood.

They stand in solutions/NN_topic/misconceptions.py and are loaded only when an answer has failed.
"""


def misconception(function):
    """Mark a wrong implementation of `function`; its docstring is what the learner reads."""

    def mark(wrong):
        wrong.misunderstands = function
        return wrong

    return mark
