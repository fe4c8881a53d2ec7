"""What can be said of an answer's file without running it: is it Python, what is todo, what rests on what."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kata.answers.parsing import names_used
from kata.syllabus import BY_TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kata.syllabus import Exercise

UNREADABLE = (SyntaxError, ValueError, OSError, RecursionError, MemoryError)  # what parsing may end in
_NOT_PYTHON = (re.compile(r"[!%]{1,2}[a-z]"), "of a notebook"), (re.compile("```"), "a mark of Markdown")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Runnable(Protocol):
    """What a runner asks of an answer's file: a Source, or what a sandbox has in its place, which parses nothing."""

    @property
    def path(self) -> Path: ...
    @property
    def fault(self) -> str | None: ...
    @property
    def faults(self) -> Mapping[str, str]: ...
    @property
    def notes(self) -> Mapping[str, str]: ...
    def execute(self, namespace: dict[str, Any]) -> None: ...
    def locate(self, filename: str, line: int) -> str | None: ...
    def empty(self) -> bool: ...


@dataclass
class Source:
    """An answer's file, parsed.

    Attributes:
        path: the file.
        tree: its syntax tree; None where the file cannot be read as Python.
        fault: why it cannot be read ("line 3: SyntaxError: ..."); None where it can.
        faults: {function: the same of the part that it stands in}, for files that have parts (kata/answers/cells.py).
        notes: {name: why it is not defined, although the file says something of it}, for these as well.
    """

    path: Path
    tree: ast.Module | None = None
    fault: str | None = None
    faults: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    _uses: dict[str, set[str]] = field(default_factory=dict)
    # Looked up once: a file may be long, and each function asks.
    _topics: dict[str, tuple[str, str | None]] | None = None
    _bindings: dict[str, int] | None = None

    def execute(self, namespace: dict[str, Any]) -> None:
        """Run the file as a module with this namespace."""
        assert self.tree is not None, self.fault
        exec(compile(self.tree, str(self.path), "exec", dont_inherit=True), namespace)

    def locate(self, filename: str, line: int) -> str | None:
        """Where a line of a traceback is, such as "losses.py:3"; None where it is in another file."""
        return f"{self.path.name}:{line}" if filename == str(self.path) else None

    def begun(self, exercise: Exercise) -> bool:
        """Whether it differs from the exercise's stub: a function is written, or something cannot be read."""
        if self.fault or self.faults.keys() & exercise.points.keys():
            return True
        return any(name in self._uses_by_name() and not self.todo(name) for name in exercise.points)

    def todo(self, function: str) -> bool:
        """Whether `function` is an untouched stub: nothing but a docstring and `raise NotImplementedError`."""
        definition = self._definition(function)
        if definition is None or function in self.faults or self._bound_after(definition, function):
            return False
        return _is_stub(definition)

    def hidden_by_stub(self, function: str) -> bool:
        """Whether a function is written, and the stub stands again behind it."""
        found = [node for node in self._body() if isinstance(node, ast.FunctionDef) and node.name == function]
        return len(found) > 1 and _is_stub(found[-1]) and not all(map(_is_stub, found))

    def line(self, function: str) -> int:
        """The line where `function` is defined, 1 where it isn't."""
        definition = self._definition(function)
        return 1 if definition is None else definition.lineno

    def place(self, function: str) -> str:
        """What is put after the file's name to say where `function` is defined."""
        return f":{self.line(function)}"

    def empty(self) -> bool:
        """Whether the file holds no code at all."""
        return self.tree is not None and not self.tree.body

    def imports(self) -> set[str]:
        """The topics (other exercises' modules) that the file imports."""
        return {topic for topic, _ in self._imported().values()}

    def rests_on(self, function: str) -> set[tuple[str, str]]:
        """The (topic, function) pairs that `function` uses, through helpers and other functions of the file.

        An import of a whole module (`import losses`) counts for the attributes that are used of it.
        """
        if self.tree is None:
            return set()
        imported, uses = self._imported(), self._uses_by_name()
        own = BY_TOPIC[self.path.stem].points if self.path.stem in BY_TOPIC else ()
        found: set[tuple[str, str]] = set()
        seen, names = {function}, set(uses.get(function, ()))
        while names:
            name = names.pop()
            if name in seen:
                continue
            seen.add(name)
            head, _, attribute = name.partition(".")
            if head in imported and (not attribute or imported[head][1] is None):
                topic, original = imported[head]
                if original or attribute:
                    found.add((topic, original or attribute))
            elif name in uses:
                if name in own:
                    found.add((self.path.stem, name))
                names |= uses[name]
        return found

    def names_behind(self, function: str) -> set[str]:
        """All names that a function uses, itself and through what else the file defines."""
        uses = self._uses_by_name()
        found: set[str] = set()
        left = {function}
        while left:
            name = left.pop()
            found.add(name)
            left |= {used.partition(".")[0] for used in uses.get(name, ())} - found
        return found

    def _definition(self, function: str) -> ast.FunctionDef | None:
        # The last definition wins, as it does when Python runs the file.
        found = [node for node in self._body() if isinstance(node, ast.FunctionDef) and node.name == function]
        return found[-1] if found else None

    def _bound_after(self, definition: ast.FunctionDef, name: str) -> bool:
        """Whether a name means something else after its definition: `sigmoid = my_sigmoid`."""
        if self._bindings is None:
            self._bindings = {}
            for place, node in enumerate(self._body()):
                if not isinstance(node, _DEFINITIONS):
                    self._bindings |= dict.fromkeys((each for part in ast.walk(node) for each in _bound(part)), place)
        return self._bindings.get(name, -1) > self._body().index(definition)

    def _body(self) -> list[ast.stmt]:
        return [] if self.tree is None else self.tree.body

    def _imported(self) -> dict[str, tuple[str, str | None]]:
        """{name: (topic, what it is there)}; None in the place of that for the topic's module itself."""
        if self._topics is None:
            self._topics = {}
            for node in ast.walk(self.tree) if self.tree is not None else ():
                if isinstance(node, ast.ImportFrom) and node.module in BY_TOPIC:
                    self._topics |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
                elif isinstance(node, ast.Import):
                    names = [alias for alias in node.names if alias.name in BY_TOPIC]
                    self._topics |= {alias.asname or alias.name: (alias.name, None) for alias in names}
        return self._topics

    def _uses_by_name(self) -> dict[str, set[str]]:
        if not self._uses:
            for node in self._body():
                if isinstance(node, _DEFINITIONS):
                    self._uses[node.name] = names_used(node)
                elif isinstance(node, ast.Assign | ast.AnnAssign):
                    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                        if isinstance(target, ast.Name):
                            self._uses[target.id] = names_used(node)
        return self._uses


def explain(error: BaseException) -> str:
    """Why something cannot be parsed, such as "line 3: SyntaxError: ..."."""
    if not isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error}"
    for begin, kind in _NOT_PYTHON:
        if isinstance(error.text, str) and begin.match(error.text):
            return f"line {error.lineno} is {kind}: remove it\n    {error.text.strip()}"
    where = f"line {error.lineno}: " if error.lineno else ""
    line = f"\n    {error.text.strip()}" if isinstance(error.text, str) and error.text.strip() else ""
    return f"{where}{type(error).__name__}: {error.msg}{line}"


def _is_stub(definition: ast.FunctionDef) -> bool:
    body = definition.body[1:] if ast.get_docstring(definition) is not None else definition.body
    return len(body) == 1 and _raises_not_implemented(body[0])


def _raises_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a node itself binds."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.alias):
        yield node.asname or node.name
    elif isinstance(node, _DEFINITIONS):
        yield node.name
