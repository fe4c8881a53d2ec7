"""How the learner got where the board is: what each run found, as lines in .kata/runs.jsonl. Nothing is sent."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kata import state
from kata.judge.board import load_results
from kata.syllabus import BY_FUNCTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kata.judge.outcomes import Results

END = 4e9  # seconds since 1970 that no clock shows


@dataclass(frozen=True)
class Run:
    """One run of `pytest exercises/`, or of a part of it.

    Attributes:
        at: seconds since 1970.
        solved: the functions that were right after it, earlier runs included.
        told: {function: the misunderstandings that its failures came from, as sentences}.
    """

    at: float
    solved: tuple[str, ...]
    told: dict[str, list[str]]

    @property
    def points(self) -> int:
        return sum(BY_FUNCTION[name].points[name] for name in self.solved)


@dataclass
class Misunderstanding:
    """Something that was misunderstood: from which run on, and the first run in which its function was right."""

    function: str
    sentence: str
    first: int
    last: int
    understood: int | None = None


def record(results: Results, found: Mapping[tuple[str, str], str | None]) -> None:
    """Log a run of the learner's own exercises.

    Args:
        results: its Results; a run that checked nothing is not logged.
        found: {(function, kind of check): sentence, or None} of the diagnosis.
    """
    if not any(result.seen for result in results.values()):
        return
    told: dict[str, list[str]] = {}
    for (function, _), sentence in found.items():
        if sentence and sentence not in told.setdefault(function, []):
            told[function].append(sentence)
    solved = [name for name, result in load_results().items() if result.solved]
    told = {function: sentences for function, sentences in told.items() if sentences}
    state.append("runs", json.dumps({"at": round(time.time(), 1), "solved": solved, "told": told}))


def runs() -> list[Run]:
    """The logged runs in the order of their times. What is no line of this version is left out."""
    found = []
    for line in state.lines("runs"):
        try:
            entry = json.loads(line)
            told = {str(name): [str(text) for text in texts] for name, texts in entry["told"].items()}
            solved = tuple(name for name in entry["solved"] if name in BY_FUNCTION)
            if 0 <= entry["at"] < END:
                found.append(Run(float(entry["at"]), solved, told))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return sorted(found, key=lambda run: run.at)


def misunderstandings(runs: Sequence[Run]) -> list[Misunderstanding]:
    """What was misunderstood on the way, in the order of its first appearance; places are indices of runs."""
    found: dict[tuple[str, str], Misunderstanding] = {}
    for place, run in enumerate(runs):
        for function, sentences in run.told.items():
            for sentence in sentences:
                known = found.setdefault((function, sentence), Misunderstanding(function, sentence, place, place))
                known.last, known.understood = place, None
        for known in found.values():
            if known.understood is None and known.last < place and known.function in run.solved:
                known.understood = place
    return list(found.values())
