"""Refuses to judge under somebody else's pytest configuration.

`pytest DIR` reads the pytest.ini and the conftest.py of DIR, and pytest does so before any plugin has a say: a
stranger's settings could skip every check. Then there must be no verdict. It is a plugin of its own because
such a pytest.ini may hold `addopts = -p no:kata`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from kata.folders import answer_of, quoted, short
from kata.judge.plugin import is_ours
from kata.syllabus import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    ours = is_ours(early_config.inipath)
    started_here = early_config.invocation_params.dir.resolve().is_relative_to(ROOT)
    if not ours and started_here and (answers := answers_options(args)):
        raise refusal(early_config.invocation_params.dir / answers[0], early_config.inipath)
    for path in paths_to_judge(early_config, args):
        found = answer_of(path)
        if ours and found and (own := own_configuration(found[0])):
            raise refusal(found[0], own)
        if not ours and (path.is_relative_to(ROOT) or (found and started_here)):
            raise refusal(found[0] if found else path, early_config.inipath)


def paths_to_judge(config: pytest.Config, args: list[str]) -> Iterator[Path]:
    """The paths on pytest's command line, without `::test_name` and without the values of --answers."""
    values = answers_options(args)
    for argument in config.known_args_namespace.file_or_dir:
        path = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
        if argument not in values and path.exists():
            yield path


def answers_options(args: list[str]) -> list[str]:
    """The values of --answers; pytest does not know the option yet and takes `--answers DIR` for a path to test."""
    values = [value for option, value in itertools.pairwise(args) if option == "--answers"]
    return values + [option.partition("=")[2] for option in args if option.startswith("--answers=")]


def own_configuration(folder: Path) -> Path | None:
    """A file in an answer's folder that would steer pytest, or None. This checkout's own folders hold none."""
    if folder.parent == ROOT and folder.name in ("exercises", "solutions"):
        return None
    names = ("conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini", "setup.cfg")
    for name in (*names, "pyproject.toml"):
        if (folder / name).is_file():
            return folder / name
    return None


def refusal(answer: Path, configuration: Path | None) -> pytest.UsageError:
    because = f" because {short(configuration)} would steer pytest" if configuration else ""
    return pytest.UsageError(
        f"no verdict on {short(answer)}{because}. From {ROOT}, run: pytest exercises/ --answers={quoted(answer)}"
    )
