"""What a class has understood: the numbers of the instructor's page, from the results of all submissions.

The checks of the results are not needed here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from kata.judge import BLOCKED, FAILED, PASSED, TODO, UNJUDGED
from kata.reports.result import SubmissionResult
from kata.syllabus import Exercise

OUTCOMES = (PASSED, FAILED, BLOCKED, TODO, UNJUDGED)
_BARS = 20  # of a histogram, at most, and one for all points


@dataclass
class Points:
    """How the points are distributed.

    Attributes:
        count: of how many submissions; median: their median, None where there are none.
        bins: [(lowest points, highest points, how many submissions), ...], the last one ending with all points.
    """

    count: int
    median: float | None
    bins: list[tuple[int, int, int]]


@dataclass
class Solved:
    """How a class did at one function.

    Attributes:
        function: its name; exercise: whose folder it belongs to.
        of: how many handed in something of that exercise.
        outcomes: {each of OUTCOMES: how many of them had it}.
    """

    function: str
    exercise: str
    of: int
    outcomes: dict[str, int]

    @property
    def share(self) -> float:
        """Of those who handed in the exercise, from 0 to 1."""
        return self.outcomes[PASSED] / self.of if self.of else 0.0


@dataclass
class Shared:
    """One mistake that several made.

    Attributes:
        function: in which; sentence: the kata's own, as its authors read it.
        of: how many handed in something of the function's exercise; results: of those who made it.
    """

    function: str
    sentence: str
    of: int
    results: list[SubmissionResult]


def was_read(result: SubmissionResult) -> bool:
    """Whether it was judged at all."""
    return "refused" not in result


def points(results: Sequence[SubmissionResult]) -> Points:
    """Return the Points of the submissions that were read."""
    found = [result["points"] for result in results if was_read(result)]
    top = max((result["max_points"] for result in results), default=0)
    width = next(width for width in (1, 2, 5, 10, 20, 50, 10**6) if top <= width * _BARS)
    counts = Counter(one // width for one in found)
    bins = [(low, min(low + width - 1, top), counts[low // width]) for low in range(0, top + 1, width)]
    return Points(len(found), median(found) if found else None, bins)


def functions(results: Sequence[SubmissionResult], exercises: Sequence[Exercise]) -> list[Solved]:
    """Return a Solved for each function: the hardest first, last those that nobody handed in."""
    found = []
    for exercise in exercises:
        there = _who_handed_in(exercise, results)
        for name in exercise.points:
            counts = Counter(result["functions"][name]["outcome"] for result in there)
            outcomes = {outcome: counts[outcome] for outcome in OUTCOMES}
            found.append(Solved(name, exercise.folder, len(there), outcomes))
    return sorted(found, key=lambda solved: (solved.of == 0, solved.share))


def mistakes(results: Sequence[SubmissionResult], exercises: Sequence[Exercise]) -> list[Shared]:
    """Return a Shared for each misconception that was found: the most common first."""
    found: dict[tuple[str, str], Shared] = {}
    for exercise in exercises:
        there = _who_handed_in(exercise, results)
        for name in exercise.points:
            for result in there:
                for sentence in result["functions"][name]["diagnoses"]:
                    shared = found.setdefault((name, sentence), Shared(name, sentence, len(there), []))
                    shared.results.append(result)
    return sorted(found.values(), key=lambda shared: -len(shared.results))


def unjudged(results: Sequence[SubmissionResult]) -> list[tuple[SubmissionResult, list[str], str]]:
    """Return [(result, functions, reason), ...] of what could not be judged; no functions where it was not read."""
    found: list[tuple[SubmissionResult, list[str], str]] = []
    for result in results:
        reasons: dict[str, list[str]] = {}
        for name, mark in result["functions"].items():
            if mark["outcome"] == UNJUDGED:
                reasons.setdefault(mark["reason"], []).append(name)
        if was_read(result):
            found += [(result, names, reason) for reason, names in reasons.items()]
        else:
            found.append((result, [], result["refused"]))
    return found


def _who_handed_in(exercise: Exercise, results: Sequence[SubmissionResult]) -> list[SubmissionResult]:
    return [
        result
        for result in results
        if was_read(result) and any(result["functions"][name]["outcome"] != TODO for name in exercise.points)
    ]
