"""Your function beside the solution's, and what both cost."""

from __future__ import annotations

import ast
import difflib
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kata import state
from kata.home.lessons import highlighted
from kata.learn import COMPARED, duration
from kata.syllabus import BY_FUNCTION, HANDOUT, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kata.answers import Source


@dataclass(frozen=True)
class Row:
    """A line of a comparison: the HTML of both sides, None where a side has no such line, and whether they differ."""

    yours: str | None
    theirs: str | None
    differs: bool


def compare(function: str, source: Source) -> list[Row]:
    """Return the lines of a function and of its solution side by side; [] where there is nothing to compare with."""
    if HANDOUT or source.tree is None:
        return []
    solution = BY_FUNCTION[function].solution
    theirs = _definition(ast.parse(solution.read_bytes()), function, solution)
    yours = _definition(source.tree, function, source.path)
    return list(_rows(yours, theirs)) if yours and theirs else []


def _definition(tree: ast.Module, function: str, path: Path) -> list[str]:
    """The lines of a function without its docstring."""
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            if path.suffix != ".py":  # a notebook's cells have line numbers of their own
                return ast.unparse(node).splitlines()
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            first = node.body[0]
            if ast.get_docstring(node) is None:
                return lines[node.lineno - 1 : node.end_lineno]
            return lines[node.lineno - 1 : first.lineno - 1] + lines[first.end_lineno : node.end_lineno]
    return []


def _rows(yours: list[str], theirs: list[str]) -> Iterator[Row]:
    left, right = highlighted("\n".join(yours)), highlighted("\n".join(theirs))
    for kind, start, end, begin, stop in difflib.SequenceMatcher(None, yours, theirs, autojunk=False).get_opcodes():
        for place in range(max(end - start, stop - begin)):
            yield Row(
                left[start + place] if start + place < end else None,
                right[begin + place] if begin + place < stop else None,
                kind != "equal",
            )


def benchmark_of(function: str) -> Path | None:
    """The benchmark that times a function beside the solution and Keras; None where there is none."""
    exercise = BY_FUNCTION[function]
    path = exercise.stub.with_name(f"bench_{exercise.topic}.py")
    known = not exercise.needs and path.is_file() and f'"{function}"' in path.read_text(encoding="utf-8")
    return path if known else None


def measure(function: str) -> str:
    """Time a function, and keep what was found for `costs`. Returns what went wrong, in words; "" for nothing."""
    path = benchmark_of(function)
    if path is None:
        return f"{function} has no benchmark"
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=line", "--benchmark-max-time=0.3"]
    # The names of the tests: of binary_crossentropy, but not of another function whose name ends with that.
    command += [str(path), "-k", f"test_{function}"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return "" if done.returncode == 0 and costs(function) else (done.stdout + done.stderr)[-2000:]


def costs(function: str) -> list[tuple[str, list[str]]]:
    """What was measured of a function: (what was timed, the medians of COMPARED in words)."""
    found = []
    for title, entry in state.load("benchmark").items():
        try:
            results = dict(entry["results"])
        except (TypeError, KeyError, ValueError):
            continue  # written by another version, or damaged
        if title.partition(" ")[0] == function:
            found.append((title.partition(" ")[2], [duration(results.get(who, "-")) for who in COMPARED]))
    return found
