"""Your function beside the solution's, and what both cost."""

from __future__ import annotations

import difflib
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kata import state
from kata.answers import Notebook
from kata.home.lessons import highlighted
from kata.learn import COMPARED, definition, duration, source_of
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
    yours = None if HANDOUT else _written(function, source)
    if yours is None:
        return []
    return list(_rows(yours.splitlines(), source_of(BY_FUNCTION[function], function)[0].splitlines()))


def _written(function: str, source: Source) -> str | None:
    """The text of a learner's function without its docstring, from a file or from a notebook's last cell with it."""
    texts = source.cells.values() if isinstance(source, Notebook) else [source.path.read_text(encoding="utf-8")]
    for text in reversed(list(texts)):
        with suppress(SyntaxError, ValueError):
            if found := definition(text, function):
                return found[0]
    return None


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
    """The benchmark of a function; None where there is none: no size changes what the function costs, or 06 to 09."""
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
