"""Reading an answer's files, modules and notebooks, without running them; and which of several files counts.

The rule is the same for `pytest exercises/` and for strangers (kata/submissions/staging.py): a file that is
written counts, and one that is still the stub never does beside it. Of several written files
with the same code any may count. Where their code differs, nobody but their author knows which one is meant.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kata.answers.parsing import encoding_fault, failing_imports
from kata.answers.sources import UNREADABLE, Source, explain
from kata.folders import short
from kata.syllabus import BY_TOPIC

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kata.syllabus import Exercise


@dataclass
class Ambiguous(Source):
    """Several written files of which only one can count.

    Attributes:
        others: the paths of the files that differ from `path`.
    """

    others: list[Path] = field(default_factory=list)


def read_source(path: Path) -> Source:
    """Parse a file; what is wrong with it is in the result, never raised."""
    if path.suffix == ".ipynb":
        return _read_notebook(path)
    try:
        content = path.read_bytes()
        if fault := encoding_fault(content, path.name):
            return Source(path, fault=fault)
        # bytes: the file's own coding line is honoured, and a file that is not UTF-8 is a SyntaxError
        source = Source(path, tree=ast.parse(content, filename=str(path)))
    except UNREADABLE as error:
        return Source(path, fault=explain(error))
    return checked(source)


def checked(source: Source) -> Source:
    """Note in a Source what its author does not mean: a stub behind a written function, an import that grading lacks.

    Such an import costs a module as a whole; of a notebook it costs the functions concerned.
    """
    exercise = BY_TOPIC.get(source.path.stem)
    if exercise is None or source.tree is None:
        return source
    for function in exercise.points:
        if source.hidden_by_stub(function):
            why = f"defines {function} twice, and the last one, which counts, is the stub: remove it"
            source.faults[function] = f"{source.path.name}{source.place(function)} {why}"
    if source.path.suffix == ".py":
        source.fault = next(iter(failing_imports(source.tree, exercise).values()), None)
        return source
    for node in source.tree.body:  # a line that cannot be run costs the names that it defines
        for name, why in failing_imports(ast.Module([node], []), exercise).items():
            lost = {node.name} if isinstance(node, _DEFINITIONS) else {name}
            for function in exercise.points:
                if lost & source.names_behind(function):
                    source.faults.setdefault(function, f"{source.path.name}, {why}")
    return source


def _read_notebook(path: Path) -> Source:
    # Imported here: most answers hold no notebook.
    from kata.answers.cells import read_cells
    from kata.answers.conversion import convert

    try:
        return checked(read_cells(path, convert(path.read_bytes())))
    except ModuleNotFoundError:
        return Source(path, fault="which takes nbconvert to be read: pip install -e .")
    except (OSError, ValueError) as error:
        return Source(path, fault=str(error))


def choose_source(
    paths: Sequence[Path], exercise: Exercise, read: Callable[[Path], Source] = read_source
) -> Source | None:
    """Return the Source of an exercise, of all the files that may be meant; None where there is none.

    Args:
        paths: the files, as `find_files` returns them; of equal ones the first one counts.
        read: function of a path that returns its Source.
    """
    if len(paths) < 2:
        return read(paths[0]) if paths else None
    sources = [read(path) for path in paths]
    written = [source for source in sources if is_written(source, exercise)]
    if not written:  # somebody has made the notebook
        return next((source for source in sources if source.path.suffix == ".ipynb"), sources[0])
    first = written[0]
    others = [source.path for source in written[1:] if not same_code(first, source, exercise)]
    if not others:
        return first
    name = others[0].name if others[0].parent == first.path.parent else short(others[0])
    how = f"Rename or remove the other one, or name the one: pytest exercises/{exercise.folder}/{others[0].name}"
    fault = f"and {name} beside it: both are written, and only one can count\n    {how}"
    return Ambiguous(first.path, fault=fault, others=others)


def is_written(source: Source, exercise: Exercise) -> bool:
    """Whether a file differs from the exercise's stub: it has a function of it, or something cannot be read."""
    return source.begun(exercise) or bool(_functions(source, exercise)) or "*" in _bindings(source)


def same_code(first: Source, second: Source, exercise: Exercise) -> bool:
    """Whether two files have the same functions of an exercise, with all that these use of their file."""
    if first.fault or second.fault:
        return first.path.suffix == second.path.suffix and first.path.read_bytes() == second.path.read_bytes()
    if first.faults.keys() != second.faults.keys() or _functions(first, exercise) != _functions(second, exercise):
        return False
    try:
        return _code(first, exercise) == _code(second, exercise)
    except RecursionError:
        return False


def _functions(source: Source, exercise: Exercise) -> set[str]:
    """The functions of an exercise that a file defines, in whatever way, and that are no stubs."""
    return {name for name in _bindings(source) if name in exercise.points and not source.todo(name)}


def _code(source: Source, exercise: Exercise) -> dict[str, list[str]]:
    """{name: what binds it}, of the exercise's functions that are written and of all that they use."""
    bindings, found = _bindings(source), {}
    names = [*_functions(source, exercise), *(["*"] if "*" in bindings else [])]
    while names:
        name = names.pop()
        if name not in found and name in bindings:
            statements = bindings[name]
            if isinstance(statements[-1], _DEFINITIONS):
                statements = statements[-1:]  # the last definition wins
            found[name] = list(dict.fromkeys(_text(statement, name) for statement in statements))
            names += {node.id for each in statements for node in ast.walk(each) if isinstance(node, ast.Name)}
    return found


def _bindings(source: Source) -> dict[str, list[ast.stmt]]:
    """{name: the statements at the top of a file that bind it}; "*" is what a star imports."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in _statements(source):
        for name in _bound(statement):
            found.setdefault(name, []).append(statement)
    return found


def _statements(source: Source) -> list[ast.stmt]:
    cells = getattr(source, "cells", None)
    if cells is None:
        return source.tree.body if source.tree is not None else []
    # What of a notebook is not run stands here, too: its export has it.
    found = []
    for text in cells.values():
        try:
            found += ast.parse(text).body
        except UNREADABLE:  # it stands among the notebook's faults
            continue
    return found


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, _DEFINITIONS):
        return {statement.name}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, _DEFINITIONS):
            names.add(node.name)
    return names


def _text(statement: ast.stmt, name: str) -> str:
    """What a statement says of a name, however it is laid out; an import of several names says it of each."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        module = statement.module if isinstance(statement, ast.ImportFrom) else None
        named = [each for each in statement.names if (each.asname or each.name).partition(".")[0] == name]
        return f"{module} {[ast.dump(each) for each in named]}"
    if isinstance(statement, _DEFINITIONS) and ast.get_docstring(statement) is not None:
        # What it says is for people: an export may have lost it.
        return ast.dump(statement).replace(ast.dump(statement.body[0]), "", 1)
    return ast.dump(statement)
