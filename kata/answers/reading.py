"""Reading an answer's file, a module or a notebook, without running it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kata.answers.sources import UNREADABLE, Source, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kata.syllabus import Exercise


def read_source(path: Path) -> Source:
    """Parse a file; what is wrong with it is in the result, never raised."""
    if path.suffix == ".ipynb":
        return _read_notebook(path)
    try:
        # bytes: the file's own coding line is honoured, and a file that is not UTF-8 is a SyntaxError
        return Source(path, tree=ast.parse(path.read_bytes(), filename=str(path)))
    except UNREADABLE as error:
        return Source(path, fault=explain(error))


def _read_notebook(path: Path) -> Source:
    # Imported here: most answers hold no notebook.
    from kata.answers.cells import read_cells
    from kata.answers.conversion import convert

    try:
        return read_cells(path, convert(path.read_bytes()))
    except ModuleNotFoundError:
        return Source(path, fault="which takes nbconvert to be read: pip install -e .")
    except (OSError, ValueError) as error:
        return Source(path, fault=str(error))


def choose_source(
    paths: Sequence[Path], exercise: Exercise, read: Callable[[Path], Source] = read_source
) -> Source | None:
    """Return the Source of an exercise: of a module and a notebook the one that is begun; None where there is none.

    Args:
        paths: as `find_files` returns them.
        read: function of a path that returns its Source.
    """
    if len(paths) < 2:
        return read(paths[0]) if paths else None
    module, notebook = paths
    source = read(module)
    if not source.begun(exercise):
        return read(notebook)
    if not read(notebook).begun(exercise):
        return source
    how = f"Rename or remove the other one, or name the one: pytest exercises/{exercise.folder}/{notebook.name}"
    return Source(module, fault=f"and {notebook.name} beside it: both are written, and only one can count\n    {how}")
