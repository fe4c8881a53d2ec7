"""From the outcomes of checks to points: nothing here knows pytest.

A check passed, failed, is todo (its function is an untouched stub) or blocked (nothing can be said of its function
until something else is right). A function earns its points when every one of its checks ran and passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kata.answers import Answer

PASSED, TODO, BLOCKED, FAILED = "passed", "todo", "blocked", "failed"
UNJUDGED = "could not be judged"  # in grading alone: of an answer that ended its process, say
_FROM_BEST_TO_WORST = (PASSED, TODO, BLOCKED, FAILED)


@dataclass
class Result:
    """What came of the checks of one function.

    Attributes:
        checks: how many its suite holds; passed: how many of them passed; seen: how many were run.
        outcome: the worst of them; what is none of the four counts as failed.
        reason: what a blocked function waits for; failure: its first failure, in full.
    """

    checks: int = 0
    passed: int = 0
    seen: int = 0
    outcome: str = PASSED
    reason: str | None = None
    failure: str | None = None

    def add(self, outcome: str, reason: str | None = None, failure: str | None = None) -> None:
        """Count one check that ran, or was found todo or blocked."""
        self.failure = self.failure or failure
        if outcome not in _FROM_BEST_TO_WORST:
            outcome = FAILED
        self.seen += 1
        if outcome == PASSED:
            self.passed += 1
        if _FROM_BEST_TO_WORST.index(outcome) > _FROM_BEST_TO_WORST.index(self.outcome):
            self.outcome, self.reason = outcome, reason

    @property
    def complete(self) -> bool:
        """Whether every check of the function ran."""
        return 0 < self.checks == self.seen

    @property
    def solved(self) -> bool:
        return self.complete and self.passed == self.checks

    @property
    def tells(self) -> bool:
        """Whether it says more than an earlier result: a part of the checks that passed does not."""
        return self.complete or (self.seen > 0 and self.outcome != PASSED)


class Results(dict[str, Result]):
    """{function: Result} of one answer."""

    def __missing__(self, function: str) -> Result:
        self[function] = Result()
        return self[function]

    def outcome(self, function: str) -> str | None:
        """The worst outcome so far; None where no check of the function has run."""
        return self[function].outcome if function in self and self[function].seen else None

    def all_right(self) -> bool:
        """Whether all that ran passed: what decides a run's exit status."""
        return all(result.passed == result.seen for result in self.values())


def blocked_by(answer: Answer, function: str, results: Results) -> str | None:
    """Why a failed check says nothing about its own function: something that it rests on is not right yet.

    Returns:
        The reason in words; None where the failure is the function's own.
    """
    for topic in answer.imports(function):
        if fault := answer.topic_fault(topic):
            return f"waiting for {fault.splitlines()[0]}"
    for name in answer.rests_on(function):
        if answer.todo(name):
            return f"waiting for {name}, which is todo"
        if results.outcome(name) == FAILED:
            return f"waiting for {name}, which is not right yet"
    return None
