"""The board: where somebody stands, function by function, and what comes next."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from kata import state
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.judge.outcomes import Result
from kata.syllabus import BY_FUNCTION, EXERCISES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kata.answers import Answer
    from kata.syllabus import Exercise

WIDTH = 10  # of a bar
FULL, EMPTY = "█", "░"
_PLAIN = str.maketrans({FULL: "#", EMPTY: "."})  # for a console, or a file, that has no such characters


class Board:
    """One answer's results, as text.

    Args:
        answer: the Answer.
        results: its Results of this run.
        now: the functions that were judged in this run, where older results stand beside them.
    """

    def __init__(self, answer: Answer, results: Mapping[str, Result], now: Sequence[str] = ()) -> None:
        self.answer, self.results, self.now = answer, results, now

    def points(self, exercise: Exercise) -> int:
        """The points earned in an exercise."""
        return sum(points for name, points in exercise.points.items() if self.result(name).solved)

    def save(self) -> None:
        """Keep the results of the learner's own exercises for `kata`; a run of a part updates its part."""
        if self.answer.folder == OWN:
            known = load_results()
            known |= {name: result for name, result in self.results.items() if result.complete}
            state.save("board", {name: asdict(result) for name, result in known.items()})

    def lines(self) -> list[str]:
        """The board as lines of text. What did not run now stands as it was the last time."""
        board = self
        if self.answer.folder == OWN:
            now = self.now or [name for name, result in self.results.items() if result.seen]
            board = Board(self.answer, load_results() | {n: r for n, r in self.results.items() if r.tells}, now)
        return board._lines()

    def _lines(self) -> list[str]:
        rows = [
            (f"{exercise.number} {exercise.topic}", self.points(exercise), exercise.worth, self._details(exercise))
            for exercise in EXERCISES
        ]
        rows.append(("total", sum(map(self.points, EXERCISES)), sum(exercise.worth for exercise in EXERCISES), ""))
        return [_row(*row) for row in rows] + (self._next() if self.answer.folder == OWN else [])

    def result(self, name: str) -> Result:
        """What is known of a function."""
        return self.results.get(name) or Result(outcome="todo" if self.answer.todo(name) else "not run")

    def _details(self, exercise: Exercise) -> str:
        results = {name: self.result(name) for name in exercise.points}
        for outcome in ("todo", "not run"):
            if all(result.outcome == outcome for result in results.values()):
                return outcome
        details: dict[str, list[str]] = {}  # what is wrong -> with which functions
        for name, result in results.items():
            if not result.solved:
                details.setdefault(self._detail(result), []).append(name)
        return "; ".join(f"{', '.join(names)}: {detail}" for detail, names in details.items())

    @staticmethod
    def _detail(result: Result) -> str:
        if result.outcome == "blocked":
            return result.reason or ""
        if result.outcome in ("todo", "not run"):
            return result.outcome
        run = "" if result.complete else f" (of {result.seen} that ran)"
        return f"{result.passed}/{result.checks} checks{run}"

    def next_function(self, exercise: Exercise | None = None) -> str | None:
        """The function that comes next; None where all is right, or waits for what is not.

        Args:
            exercise: choose among its functions alone.
        """
        # What failed just now, then what is left where somebody works just now, then the order of the syllabus. What
        # only waits for another function is never next.
        failed = [name for name in self.now if self.result(name).outcome == "failed"]
        for name in [*failed, *self.now, *BY_FUNCTION]:
            left = not self.result(name).solved and self.result(name).outcome != "blocked"
            if left and exercise in (None, BY_FUNCTION[name]):
                return name
        return None

    def place(self, function: str) -> str | None:
        """Where a function is written, such as exercises/03_losses/losses.py:12; None where there is no file."""
        source = self.answer.source(BY_FUNCTION[function].topic)
        return f"{short(source.path)}{source.place(function)}" if source else None

    def _next(self) -> list[str]:
        name = self.next_function()
        if name is None:
            return ["All of it is right."] if self._all_solved() else []
        exercise = BY_FUNCTION[name]
        source = self.answer.source(exercise.topic)
        if source is None:
            return [f"Next: {exercise.folder} has no {exercise.topic}.py: kata reset {exercise.number}"]
        lines = [f"Next: {name} in {self.place(name)}"]
        if all(self.result(other).outcome in ("todo", "not run") for other in exercise.points):
            lines.append(f"      the lesson: {short(source.path.parent / 'README.md')}")
        return [*lines, f"      a hint:     kata hint {exercise.number} {name}"]

    def _all_solved(self) -> bool:
        return all(self.result(name).solved for name in BY_FUNCTION)


def as_printed(lines: Sequence[str]) -> list[str]:
    """The lines of a board with bars that standard output has characters for."""
    try:
        (FULL + EMPTY).encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return [line.translate(_PLAIN) for line in lines]
    return list(lines)


def load_results() -> dict[str, Result]:
    """The results that `save` kept."""
    try:
        return {name: Result(**kept) for name, kept in state.load("board").items() if name in BY_FUNCTION}
    except TypeError:  # written by another version
        return {}


def forget_results(exercise: Exercise) -> None:
    """Forget the results of an exercise, whose file is another one now."""
    state.save("board", {name: r for name, r in state.load("board").items() if name not in exercise.points})


def _row(name: str, points: int, worth: int, details: str) -> str:
    full = WIDTH * points // worth
    return f"{name:<20} {FULL * full}{EMPTY * (WIDTH - full)} {points:>3}/{worth:<3}  {details}".rstrip()
