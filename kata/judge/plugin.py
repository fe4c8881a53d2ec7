"""The pytest plugin's door: every pytest run of this environment passes here, so it does nothing elsewhere."""

from __future__ import annotations

import copy
import gc
import os
from typing import TYPE_CHECKING

import pytest

from kata.syllabus import ROOT

if TYPE_CHECKING:
    from pathlib import Path


AT_TERMINAL = os.isatty(0)  # asked now: when the exercises run, pytest has put /dev/null there


def is_ours(inipath: Path | None) -> bool:
    """Whether it is this checkout's configuration, also behind a link, or a drive letter that stands for a folder."""
    return inipath is not None and inipath.name == "pyproject.toml" and inipath.resolve() == ROOT / "pyproject.toml"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    if is_ours(early_config.inipath):
        gc.disable()  # collecting tests makes many objects and no garbage: see pytest_collection_finish
        from kata.judge import hooks  # NumPy comes with it: only inside this checkout

        early_config.pluginmanager.register(hooks, "kata.judge")
        # Only now pytest knows --answers. Until now it took `--answers DIR` for a path to test, and it is about to
        # import the conftest.py of every such path: a stranger's, which must not be read.
        known = parser.parse_known_args(args, namespace=copy.copy(early_config.option))
        early_config.known_args_namespace.file_or_dir = known.file_or_dir
        # pytest-benchmark asks git, hg and `file` about the machine at the start of every run, a third of the time
        # that all of the exercises take. Only benchmarks need to know.
        if not any("bench" in argument for argument in args):
            early_config.pluginmanager.set_blocked("benchmark")
