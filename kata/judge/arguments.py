"""What pytest's command line says of answers: the kata's own options, and paths that lie in an answer.

It is read before any suite is collected. A path that holds no answer is an error that says so.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from kata.answers import Answer
from kata.folders import EXERCISES, answer_of, is_answer
from kata.syllabus import HANDOUT

if TYPE_CHECKING:
    from pathlib import Path


def add_options(group: pytest.OptionGroup) -> None:
    """Add the kata's options to pytest's."""
    group.addoption(
        "--answers",
        action="append",
        metavar="DIR",
        default=[],
        help="judge the answers in DIR instead of those in exercises/, with the suites of this checkout; repeatable",
    )
    known = HANDOUT["seed"] if HANDOUT else 0
    seed = f"seed of the random inputs (default {known})"
    group.addoption("--seed", type=int, default=known, metavar="N", help=seed)
    group.addoption(
        "--time-limit",
        type=float,
        default=10.0,
        metavar="S",
        help="seconds that a call of an answer may compute, or 20 times the solution's (default 10; 0 for no limit)",
    )
    group.addoption("--first-failure", action="store_true", help="report only the first failure, in full")


def read_answers(config: pytest.Config) -> list[Answer]:
    """The answers that are to be judged. Paths of answers become paths of suites in `config.args`.

    Raises:
        pytest.UsageError: an option or a path is of no use; the message says why.
    """
    if config.option.seed < 0:
        raise pytest.UsageError("--seed takes a whole number from 0 on")
    if HANDOUT:
        _check_handout(config.option.seed)
    folders: dict[Path, dict[str, Path]] = {}
    for option in config.option.answers:
        folder, named = _read_option(option, config.invocation_params.dir)
        folders.setdefault(folder, {}).update(named)
    config.args, from_paths = _read_paths(config.args, config.invocation_params.dir)
    seconds = None if config.option.usepdb or config.option.trace else config.option.time_limit or None
    return [Answer(folder, seconds, named) for folder, named in (folders or from_paths).items()]


def _check_handout(seed: int) -> None:
    from kata.judge.record import RecordError, check_suites

    assert HANDOUT is not None
    if seed != HANDOUT["seed"]:
        raise pytest.UsageError(
            f"this copy of the kata knows what is right for the inputs of --seed {HANDOUT['seed']} alone. "
            "Your work is graded with inputs that nobody has seen"
        )
    try:
        check_suites()
    except RecordError as error:
        raise pytest.UsageError(str(error)) from None


def _read_option(option: str, invocation_dir: Path) -> tuple[Path, dict[str, Path]]:
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


def _read_paths(args: list[str], invocation_dir: Path) -> tuple[list[str], dict[Path, dict[str, Path]]]:
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
