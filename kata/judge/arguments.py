"""What pytest's command line says of answers: the values of --answers, and paths that lie in an answer.

It is read before any suite is collected. A path that holds no answer is an error that says so.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from kata.folders import EXERCISES, answer_of, is_answer

if TYPE_CHECKING:
    from pathlib import Path


def read_option(option: str, invocation_dir: Path) -> tuple[Path, dict[str, Path]]:
    """The folder of --answers, and {topic: file} where it names a file: that one counts."""
    folder = (invocation_dir / option).resolve()
    found = answer_of(folder) if folder.is_file() else None
    if found and found[1]:
        return found[0], {found[1].topic: folder}
    if not folder.is_dir():
        raise pytest.UsageError(f"--answers {option}: there is no such folder")
    if not is_answer(folder):
        raise pytest.UsageError(f"--answers {option}: the folder holds no exercise's file (such as losses.py)")
    return folder, {}


def read_paths(args: list[str], invocation_dir: Path) -> tuple[list[str], dict[Path, dict[str, Path]]]:
    """Turn paths of answers (`solutions/03_losses`) into the suites that judge them, and the answers' folders.

    The folders are the keys of a dict; its values are the files that were named: {topic: path}.
    """
    suites: list[str] = []
    folders: dict[Path, dict[str, Path]] = {}
    for argument in args:
        name, separator, test = argument.partition("::")
        path = (invocation_dir / name).resolve()
        found = answer_of(path)
        if found is None:
            if path.is_dir() and not any(path.rglob("*.py")):
                raise pytest.UsageError(f"{argument} holds no exercise's file (such as losses.py)")
            suites.append(argument)
            if path.is_relative_to(EXERCISES):
                folders.setdefault(EXERCISES, {})
        else:
            folder, exercise = found
            named = folders.setdefault(folder, {})
            if exercise and path.is_file():
                named[exercise.topic] = path
            suite = exercise.stub.with_name(f"test_{exercise.topic}.py") if exercise else EXERCISES
            suites.append(f"{_for_pytest(suite, invocation_dir)}{separator}{test}")
    return list(dict.fromkeys(suites)), folders or {EXERCISES: {}}


def _for_pytest(suite: Path, invocation_dir: Path) -> str:
    """A suite's path as pytest takes it: of a path with a bracket it believes that a test's parameters follow."""
    if "[" not in str(suite):
        return str(suite)
    return os.path.relpath(suite, invocation_dir.resolve())
