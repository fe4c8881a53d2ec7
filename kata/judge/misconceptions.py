"""Known misconceptions: plausible wrong answers, each with the sentence that tells what was misunderstood.

They stand in solutions/NN_topic/misconceptions.py and are loaded only when an answer has failed.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from kata.answers import InProcess
    from kata.syllabus import Exercise

Function = TypeVar("Function", bound="Callable[..., Any]")


class Wrong(Protocol):
    """A wrong implementation, which says of which function."""

    misunderstands: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...


def misconception(function: str, of: str | None = None) -> Callable[[Function], Function]:
    """Mark a wrong implementation of `function`; its docstring is what the learner reads.

    Args:
        function: a name; of: the only kind of checks, VALUE or ERROR of kata.checks, that can show it; None for both.
            On the inputs of the others it is not tried, which takes time.
    """

    def mark(wrong: Function) -> Function:
        wrong.misunderstands, wrong.of = function, of  # type: ignore[attr-defined]
        return wrong

    return mark


def another_way(known: Wrong, of: str | None = None) -> Callable[[Function], Function]:
    """Mark another way to make a mistake, such as without the care for rare inputs: its author reads the same.

    Args:
        known: the misconception; of: as there, for this way.
    """

    def mark(wrong: Function) -> Function:
        wrong.__doc__ = known.__doc__
        wrong.of = of  # type: ignore[attr-defined]
        ways = vars(known).setdefault("ways", [])
        ways.append(wrong)
        return wrong

    return mark


def with_defaults(right: Callable[..., Any], **defaults: Any) -> Callable[..., Any]:
    """Return the right function with other defaults in its signature; inspect.Parameter.empty is none at all."""
    parameters = inspect.signature(right).parameters
    signature = inspect.Signature(
        [each.replace(default=defaults.get(name, each.default)) for name, each in parameters.items()]
    )

    def wrong(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        return right(*given.args, **given.kwargs)

    wrong.__signature__ = signature  # type: ignore[attr-defined]
    return wrong


@functools.cache
def load(runner: InProcess, exercise: Exercise) -> dict[str, list[Wrong]]:
    """Return {function: [wrong implementation, ...]} of an exercise, run by the solutions' runner.

    Other ways to make the mistakes come after all of them.
    """
    known: dict[str, list[Wrong]] = {}
    if exercise.misconceptions.exists():
        for value in runner.load_other(exercise.misconceptions).values():
            if function := getattr(value, "misunderstands", None):
                known.setdefault(function, []).append(value)
    for each in known.values():
        each += [way for wrong in each for way in getattr(wrong, "ways", ())]
    return known


def sentence(wrong: Wrong) -> str:
    """What its author should read: the docstring, in one line."""
    assert wrong.__doc__, "each misconception has a docstring"
    return " ".join(wrong.__doc__.split())
