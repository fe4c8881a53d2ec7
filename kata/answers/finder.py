"""How `from losses import binary_crossentropy` finds the losses.py of the same answer, and what that lacks."""

from __future__ import annotations

import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from kata.folders import EXERCISES
from kata.syllabus import BY_FUNCTION, BY_TOPIC

if TYPE_CHECKING:
    from kata.answers.sources import Runnable


JUPYTERS_OWN = dict.fromkeys(("display", "get_ipython"), "which only Jupyter has, and no judge")


def _see_that_it_counts(name: str) -> None:
    # An editable install has the exercises' folders on its path: what works here would fail where it is graded.
    if "." in name:  # inside of a package, as nearly all of the thousands of modules that TensorFlow imports
        return
    files = [str(EXERCISES / exercise.folder / f"{name}.py") for exercise in BY_TOPIC.values()]
    if any(map(os.path.exists, files)) and name not in sys.builtin_module_names:
        spec = importlib.machinery.PathFinder.find_spec(name)
        if spec and spec.origin in files:
            why = f"{name}.py is not handed in with it: put what it holds into the exercise's own file"
            raise ModuleNotFoundError(why, name=name)


def missing(source: Runnable | None, module: types.ModuleType, function: str) -> str | None:
    """Why the module that a source became has no such function; None where it has."""
    assert source is not None, f"{module.__name__} was imported from somewhere"
    if function in source.faults:
        return source.faults[function]
    if callable(getattr(module, function, None)):
        return None
    if function in source.notes:
        return f"{source.path.name} has no function named {function}: {source.notes[function]}"
    problem = "is empty" if source.empty() else f"has no function named {function}"
    command = "notebook" if source.path.suffix == ".ipynb" else "reset"
    return f"{source.path.name} {problem} (kata {command} {BY_FUNCTION[function].number} puts the stub back)"


class HasSources(Protocol):
    """Whoever knows the files of one answer: a runner, or the Answer itself."""

    def source(self, topic: str, /) -> Runnable | None: ...


class Finder:
    """Finds the topics' modules in one answer, and nowhere else.

    A finder and loader by its methods: importlib.abc, their base classes, takes longer to import than all of this.
    """

    def __init__(self, runner: HasSources) -> None:
        self.runner = runner

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in BY_TOPIC:
            _see_that_it_counts(name)
            return None
        source = self.runner.source(name)
        if source is None:
            raise ModuleNotFoundError(f"this answer has no {name}.py", name=name)
        return importlib.machinery.ModuleSpec(name, self, origin=str(source.path))  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        source = self.runner.source(module.__name__)
        assert source is not None, "find_spec found it"
        if source.fault:
            raise ImportError(f"{source.path.name}, {source.fault}", name=module.__name__)
        module.__file__ = str(source.path)
        # From the tree that was read once, never from a __pycache__: bytecode is told apart by the second and
        # the size of its file, which is too coarse for somebody who saves twice in a second.
        source.execute(module.__dict__)
