"""A notebook as an answer: which of its lines count, and running those.

Functions, classes, imports (also within `try`) and assignments that call nothing count, in the order of the cells,
whatever the order was in which they were run. All else (plots, training, `input()`) is not run. A cell that cannot be
read costs what is in it, and a line that cannot be run costs the names that it defines: the rest is judged.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kata.answers.finder import JUPYTERS_OWN
from kata.answers.sources import UNREADABLE, Source, explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kata.answers.conversion import Cell

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_RUNS_SOMETHING = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom)
# What a cell that cannot be parsed would have defined, as far as can be seen.
_FUNCTION = re.compile(r"^(?:>>> )?(?:async\s+)?def\s+(\w+)", re.MULTILINE)
_OTHER_NAMES = re.compile(r"^(?:class\s+(\w+)|(\w+)\s*(?::[^=\n]+)?=(?!=)|(?:import|from)\s(.*))", re.MULTILINE)


@dataclass
class Notebook(Source):
    """An answer's notebook, parsed. `tree` holds the statements that count, of all cells.

    Attributes:
        cells: {number of a cell that holds code, from 1 on: its text}.
    """

    cells: dict[int, str] = field(default_factory=dict)
    _cell_of: dict[ast.stmt, int] = field(default_factory=dict)

    def empty(self) -> bool:
        return super().empty() and self.notes.keys() <= JUPYTERS_OWN.keys()

    def place(self, function: str) -> str:
        definition = self._definition(function)
        return f", cell {self._cell_of[definition]}" if definition else ""

    def locate(self, filename: str, line: int) -> str | None:
        cell = filename.removeprefix(str(self.path))
        return f"{self.path.name}{cell}, line {line}" if cell != filename and cell.startswith(", cell ") else None

    def execute(self, namespace: dict[str, Any]) -> None:
        flags = 0
        for number, text in self.cells.items():
            filename = f"{self.path}, cell {number}"  # for tracebacks and debuggers, which ask for its lines
            linecache.cache[filename] = len(text), None, [f"{line}\n" for line in text.split("\n")], filename
        for node in self._body():
            number = self._cell_of[node]
            module = ast.Module([node], type_ignores=[])
            try:
                code = compile(module, f"{self.path}, cell {number}", "exec", flags, dont_inherit=True)
                flags |= code.co_flags & __future__.annotations.compiler_flag
                exec(code, namespace)
            except Exception as error:
                why = f"cell {number}, line {node.lineno}: {type(error).__name__}: {error}"
                self.notes |= dict.fromkeys(_names_of(node), why)

    def defines(self, name: str) -> bool:
        """Whether something that counts has defined a name so far."""
        return any(name in _names_of(node) for node in self._body())

    def _add(self, number: int, text: str) -> None:
        try:
            body = ast.parse(text).body
        except UNREADABLE as error:
            self._lose(number, text, explain(error))
            return
        for node in body:
            names = _names_of(node)
            if _counts(node):
                self._body().append(node)
                self._cell_of[node] = number
                for name in names:
                    self.faults.pop(name, None)
                    self.notes.pop(name, None)
            else:
                why = f"cell {number}, line {node.lineno}, is not run: it calls something, or is no plain assignment"
                self.notes |= dict.fromkeys(names, why)

    def _lose(self, number: int, text: str, why: str) -> None:
        functions = _FUNCTION.findall(text)
        others = {name for found in _OTHER_NAMES.findall(text) for part in found for name in re.findall(r"\w+", part)}
        self.notes |= dict.fromkeys([*functions, *others], f"cell {number}, {why.splitlines()[0]}")
        self.faults |= dict.fromkeys(functions, f"{self.path.name}, cell {number}, {why}")


def read_cells(path: Path, cells: Iterable[Cell]) -> Notebook:
    """Return the Notebook of a path.

    Args:
        cells: what `convert` of answers/conversion.py makes of it.
    """
    notebook = Notebook(path, tree=ast.Module([], type_ignores=[]))
    notebook.notes |= JUPYTERS_OWN
    for number, text in enumerate(cells, 1):
        if isinstance(text, list):
            why, *names = text
            notes = dict.fromkeys(names, f"cell {number}, which defines it, {why}")
            notebook.notes |= {name: note for name, note in notes.items() if not notebook.defines(name)}
        elif text is not None:
            notebook.cells[number] = text
            notebook._add(number, text)
    return notebook


def _counts(node: ast.stmt) -> bool:
    if isinstance(node, _DEFINITIONS + _IMPORTS):
        return True
    if isinstance(node, ast.Try):  # of an import, with what takes its place
        parts = [*node.body, *node.orelse, *node.finalbody, *(each for way in node.handlers for each in way.body)]
        imports = any(isinstance(part, _IMPORTS) for part in node.body)
        return imports and all(isinstance(part, ast.Pass) or _counts(part) for part in parts)
    return isinstance(node, _ASSIGNMENTS) and not any(isinstance(part, _RUNS_SOMETHING) for part in _run_now(node))


def _run_now(node: ast.AST) -> Iterator[ast.AST]:
    left = [node]  # no recursion: a formula may be as deep as its author likes
    while left:
        node = left.pop()
        yield node
        # A lambda's body runs when it is called, its defaults at once.
        left += ast.iter_child_nodes(node.args if isinstance(node, ast.Lambda) else node)


def _names_of(node: ast.stmt) -> set[str]:
    """The names that a statement defines in its module."""
    if isinstance(node, _DEFINITIONS):
        return {node.name}
    if isinstance(node, _IMPORTS):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    names = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.add(part.id)
        elif isinstance(part, _DEFINITIONS + _IMPORTS):
            names |= _names_of(part)
    return names
