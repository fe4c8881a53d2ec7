"""Where answers lie, and what a path on the command line means. Standard library only: every pytest run reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kata.syllabus import BY_TOPIC, ROOT

if TYPE_CHECKING:
    from kata.syllabus import Exercise

EXERCISES = ROOT / "exercises"
SOLUTIONS = ROOT / "solutions"


def quoted(path: str | Path) -> str:
    """A path as people type it, as a shell takes it: in quotation marks where it has a space or a bracket."""
    import shlex  # only for a message

    return f'"{short(path)}"' if os.name == "nt" and " " in short(path) else shlex.quote(short(path))


def short(path: str | Path) -> str:
    """A path as people type it: relative to the checkout where it lies inside, with slashes on Windows, too."""
    path = Path(path)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def find_files(folder: Path, exercise: Exercise) -> list[Path]:
    """Return the files of an exercise in an answer's folder, from all places: choose_source knows which counts."""
    places = (folder / exercise.folder, folder, folder / "exercises" / exercise.folder)
    return [path for place in places for path in (place / file for file in exercise.files) if path.is_file()]


def is_answer(folder: Path) -> bool:
    """Whether a folder looks like an answer: it holds the file of at least one exercise."""
    return any(find_files(folder, exercise) for exercise in BY_TOPIC.values())


def answer_of(path: str | Path) -> tuple[Path, Exercise | None] | None:
    """Split a path inside an answer into the answer's folder and the exercise meant, None for all of them.

    `solutions/03_losses/losses.py`, `solutions/03_losses` and `solutions` all belong to the answer `solutions`.
    Returns None where the path belongs to no answer.
    """
    path = Path(path)
    for exercise in BY_TOPIC.values():
        if path.name in exercise.files and path.is_file():
            folder = path.parent.parent if path.parent.name == exercise.folder else path.parent
            return folder, exercise
        if path.name == exercise.folder and any((path / file).is_file() for file in exercise.files):
            return path.parent, exercise
    return (path, None) if path.is_dir() and is_answer(path) else None
