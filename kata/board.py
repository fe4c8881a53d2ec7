"""The board: where somebody stands, function by function, and what comes next."""

from dataclasses import asdict, dataclass

from kata import state
from kata.folders import EXERCISES as OWN
from kata.syllabus import BY_FUNCTION, EXERCISES, ROOT

WIDTH = 10  # of a bar


@dataclass
class Result:
    """What came of the checks of one function.

    Attributes:
        checks: how many its suite holds; passed: how many of them passed; seen: how many were run.
        outcome: "passed", "failed", "blocked" or "todo": the worst of its checks.
        reason: what a blocked function waits for.
    """

    checks: int = 0
    passed: int = 0
    seen: int = 0
    outcome: str = "passed"
    reason: str | None = None

    @property
    def complete(self):
        return self.seen >= self.checks

    @property
    def tells(self):
        """Whether it says more than an earlier result: a part of the checks that passed does not."""
        return self.seen > 0 and (self.complete or self.outcome != "passed")

    @property
    def solved(self):
        return self.complete and self.outcome == "passed" and self.checks > 0


class Board:
    """The results of one answer."""

    def __init__(self, answer, results=None):
        self.answer = answer
        self.results = results or {}
        self.now = []  # the functions that were judged in this run, where older results stand beside them

    def expect(self, function, checks):
        """Say how many checks the suite holds for a function."""
        self.results.setdefault(function, Result()).checks = checks

    def add(self, function, outcome, reason=None):
        """Count one check that ran, or was found todo or blocked."""
        result = self.results.setdefault(function, Result())
        result.seen += 1
        result.passed += outcome == "passed"
        worst = ("passed", "todo", "blocked", "failed")
        if worst.index(outcome if outcome in worst else "failed") > worst.index(result.outcome):
            result.outcome, result.reason = outcome, reason

    def outcome(self, function):
        """The worst outcome so far; None where no check of the function has run."""
        result = self.results.get(function)
        return result.outcome if result and result.seen else None

    def unsolved(self):
        """The functions that were judged now and are not right yet."""
        return [name for name, result in self.results.items() if result.seen and result.outcome != "passed"]

    def points(self, exercise):
        """The points earned in an exercise."""
        return sum(points for name, points in exercise.points.items() if self._result(name).solved)

    def save(self):
        """Keep the results of the learner's own exercises for `kata`; a run of a part updates its part."""
        if self.answer.folder == OWN:
            known = load_results()
            known |= {name: result for name, result in self.results.items() if result.complete and result.seen}
            state.save("board", {name: asdict(result) for name, result in known.items()})

    def lines(self):
        """The board as lines of text. What did not run now stands as it was the last time."""
        board = self
        if self.answer.folder == OWN:
            board = Board(self.answer, load_results() | {n: r for n, r in self.results.items() if r.tells})
            board.now = [name for name, result in self.results.items() if result.seen]
        return board._lines()

    def _lines(self):
        rows = [
            (f"{exercise.number} {exercise.topic}", self.points(exercise), exercise.worth, self._details(exercise))
            for exercise in EXERCISES
        ]
        rows.append(("total", sum(map(self.points, EXERCISES)), sum(exercise.worth for exercise in EXERCISES), ""))
        return [_row(*row) for row in rows] + (self._next() if self.answer.folder == OWN else [])

    def _result(self, name):
        return self.results.get(name) or Result(outcome="todo" if self.answer.todo(name) else "not run")

    def _details(self, exercise):
        results = {name: self._result(name) for name in exercise.points}
        for outcome in ("todo", "not run"):
            if all(result.outcome == outcome for result in results.values()):
                return outcome
        details = {}  # what is wrong -> with which functions
        for name, result in results.items():
            if not result.solved:
                details.setdefault(self._detail(result), []).append(name)
        return "; ".join(f"{', '.join(names)}: {detail}" for detail, names in details.items())

    @staticmethod
    def _detail(result):
        if result.outcome == "blocked":
            return result.reason
        if result.outcome in ("todo", "not run"):
            return result.outcome
        run = "" if result.complete else f" (of {result.seen} that ran)"
        return f"{result.passed}/{result.checks} checks{run}"

    def _next(self):
        # What failed just now, then what is left where somebody works just now, then the order of the syllabus. What
        # only waits for another function is never next.
        failed = [name for name in self.now if self._result(name).outcome == "failed"]
        for name in [*failed, *self.now, *BY_FUNCTION]:
            if self._result(name).solved or self._result(name).outcome == "blocked":
                continue
            exercise = BY_FUNCTION[name]
            source = self.answer.source(exercise.topic)
            if source is None:
                return [f"Next: {exercise.folder} has no {exercise.topic}.py: kata reset {exercise.number}"]
            place = source.path.relative_to(ROOT)
            lines = [f"Next: {name} in {place}:{source.line(name)}"]
            if all(self._result(other).outcome in ("todo", "not run") for other in exercise.points):
                lines.append(f"      the lesson: {place.parent / 'README.md'}")
            return [*lines, f"      a hint:     kata hint {exercise.number} {name}"]
        return ["All of it is right."] if self._all_solved() else []

    def _all_solved(self):
        return all(self._result(name).solved for name in BY_FUNCTION)


def load_results():
    """The results that `save` kept."""
    try:
        return {name: Result(**kept) for name, kept in state.load("board").items() if name in BY_FUNCTION}
    except TypeError:  # written by another version
        return {}


def forget_results(exercise):
    """Forget the results of an exercise, whose file is another one now."""
    state.save("board", {name: r for name, r in state.load("board").items() if name not in exercise.points})


def _row(name, points, worth, details):
    full = WIDTH * points // worth
    return f"{name:<20} {'█' * full}{'░' * (WIDTH - full)} {points:>3}/{worth:<3}  {details}".rstrip()
