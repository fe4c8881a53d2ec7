"""`kata solution`: how a function is solved, for comparison, once one's own is right."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kata.folders import short
from kata.judge import load_results
from kata.syllabus import HANDOUT

if TYPE_CHECKING:
    from kata.syllabus import Exercise


def source_of(exercise: Exercise, function: str) -> tuple[str, int]:
    """Return a solution's text without its docstring, and the line where it begins in the solutions' file.

    Raises:
        LookupError: there are no solutions here, or none of this name.
    """
    if HANDOUT:
        raise LookupError("this copy of the kata has no solutions")
    found = definition(exercise.solution.read_text(encoding="utf-8"), function)
    if found is None:
        raise LookupError(f"{short(exercise.solution)} has no function {function!r}")
    return found


def definition(text: str, function: str) -> tuple[str, int] | None:
    """Return a function's text without its docstring, and the line where it begins; None where there is none."""
    lines = text.splitlines()
    for node in reversed(ast.parse(text).body):  # the last one counts
        if isinstance(node, ast.FunctionDef) and node.name == function:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            end = node.end_lineno or node.lineno
            if ast.get_docstring(node) is None:
                return "\n".join(lines[first - 1 : end]), node.lineno
            docstring = node.body[0]
            after = lines[docstring.end_lineno or docstring.lineno : end]
            return "\n".join(lines[first - 1 : docstring.lineno - 1] + after), node.lineno
    return None


def place_of(exercise: Exercise, function: str) -> str:
    """Where a solution stands, such as solutions/03_losses/losses.py:12."""
    return f"{short(exercise.solution)}:{source_of(exercise, function)[1]}"


def is_solved(function: str) -> bool:
    """Whether the learner's own function is right, as far as it was judged."""
    results = load_results()
    return function in results and results[function].solved


def told_solution(exercise: Exercise, function: str) -> list[str]:
    """The lines that show a solution: its place, and its text."""
    return [place_of(exercise, function), "", source_of(exercise, function)[0]]


def told_solutions(exercise: Exercise) -> list[str]:
    """A line for each function of an exercise: whether it is solved, and where its solution is."""
    width = max(map(len, exercise.points))
    return [
        f"{name:<{width}}  {'solved' if is_solved(name) else 'not yet'}  {place_of(exercise, name)}"
        for name in exercise.points
    ]
