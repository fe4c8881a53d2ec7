"""What the page shows of an exercise and of each of its functions, as plain values for the templates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from kata import state
from kata.answers import Answer
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.home import comparing
from kata.judge import RUNGS, Board, load_results, read_hints, runs
from kata.learn import Lesson, points_in_words, read_learned
from kata.syllabus import BY_FUNCTION, EXERCISES

if TYPE_CHECKING:
    from kata.home.comparing import Row
    from kata.judge import Run
    from kata.syllabus import Exercise


@dataclass(frozen=True)
class FunctionView:
    """A function as the page shows it.

    Attributes:
        state: todo, failed, blocked, passed or "not run"; detail: how many checks passed, where some were run.
        text: its first failure in full, or what it waits for; "" where there is nothing to say.
        place: "exercises/NN_topic/topic.py:31"; editor: the address at which VS Code opens that.
        hints: those that were given; more: whether there are others.
        lesson, rows, costs, timed: once it is right; timed: whether it has a benchmark.
    """

    name: str
    points: int
    state: str
    detail: str
    text: str
    place: str
    editor: str
    hints: list[str]
    more: bool
    lesson: Lesson | None = None
    rows: list[Row] = field(default_factory=list)
    costs: list[tuple[str, list[str]]] = field(default_factory=list)
    timed: bool = False


@dataclass(frozen=True)
class ExerciseView:
    """An exercise as the board shows it; states: {function: its state}."""

    exercise: Exercise
    points: int
    states: dict[str, str]

    @property
    def title(self) -> str:
        return self.exercise.topic.replace("_", " ")

    @property
    def solved(self) -> bool:
        return self.points == self.exercise.worth


class Now:
    """What is known at this moment: the learner's files, and what the judge found in them.

    Args:
        exercise: the one that somebody works on: what is left of it comes next.
    """

    def __init__(self, exercise: Exercise | None = None) -> None:
        self.answer = Answer(OWN)
        self.board = Board(self.answer, load_results(), list(exercise.points) if exercise else [])

    def exercises(self) -> list[ExerciseView]:
        """All exercises."""
        return [
            ExerciseView(
                each, self.board.points(each), {name: self.board.result(name).outcome for name in each.points}
            )
            for each in EXERCISES
        ]

    def next(self) -> str | None:
        """The function that comes next; None where all are right."""
        return self.board.next_function()

    def functions(self, exercise: Exercise) -> list[FunctionView]:
        """The functions of an exercise."""
        hints, given = read_hints(exercise), state.load("hints")
        lessons = read_learned(exercise).functions
        return [self._function(name, hints[name], given.get(name), lessons[name]) for name in exercise.points]

    def _function(self, name: str, hints: list[str], given: object, lesson: Lesson) -> FunctionView:
        exercise, result = BY_FUNCTION[name], self.board.result(name)
        source = self.answer.source(exercise.topic)
        path = source.path if source else exercise.stub
        line = f":{source.line(name)}" if source and path.suffix == ".py" else ""  # a notebook has cells
        number = min(given, RUNGS) if isinstance(given, int) else 0
        seen = result.outcome in ("failed", "passed") and result.checks
        shown = FunctionView(
            name=name,
            points=exercise.points[name],
            state=result.outcome if result.solved or result.outcome != "passed" else "not run",
            detail=f"{result.passed} of {result.checks} checks" if seen else "",
            text=result.failure or result.reason or "",
            place=self.board.place(name) or short(path),
            editor=f"vscode://file/{quote(path.resolve().as_posix().lstrip('/'))}{line}",
            hints=hints[:number],
            more=number < RUNGS,
        )
        if not result.solved or source is None:
            return shown
        return replace(
            shown,
            lesson=lesson,
            rows=comparing.compare(name, source),
            costs=comparing.costs(name),
            timed=comparing.benchmark_of(name) is not None,
        )


WIDTH, HEIGHT = 600, 120  # of the curve, in its own units


def curve() -> tuple[list[tuple[float, float]], str]:
    """The points over time, as places in WIDTH x HEIGHT, a place for each run, and in words; [] without a run."""
    logged: list[Run] = runs()
    if not logged:
        return [], ""
    first, last = logged[0].at, logged[-1].at
    best = sum(exercise.worth for exercise in EXERCISES)
    places = [
        (round(WIDTH * (run.at - first) / ((last - first) or 1), 1), round(HEIGHT * (1 - run.points / best), 1))
        for run in logged
    ]
    return places, points_in_words(logged)
