"""What a file's text says before it is run: its encoding, what it imports, and which names of others it uses."""

from __future__ import annotations

import ast
import codecs
import io
import re
import sys
import tokenize
from collections import Counter
from typing import TYPE_CHECKING

from kata.syllabus import BY_TOPIC, EXERCISES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kata.syllabus import Exercise

# Encodings of texts that editors save by default somewhere. Others of Python's codecs take hours for a text that is
# made for them, or turn it into something else.
_USUAL = re.compile(
    r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|latin[_-]1|koi8-\w|mac-\w+|gb2312|gbk|gb18030|hz|big5(hkscs)?|johab"
    r"|euc_\w+|shift_jis\w*|iso2022_\w+|tis-620|ptcp154|kz1048"
)
_NUMBERS = [exercise.number for exercise in EXERCISES if not exercise.needs]
_THESE = f"exercises {_NUMBERS[0]} to {_NUMBERS[-1]} are" if _NUMBERS[1:] else f"exercise {''.join(_NUMBERS)} is"
_GRADED_WITH = (
    f"{_THESE} graded with NumPy and the standard library alone"
    "\n    What a file of your own holds belongs into the exercise's file"
)
# Of the standard library: what some systems lack. Editors import it by themselves where a name fits: tkinter's Y.
_SOMEWHERE = {
    *("tkinter", "turtle", "turtledemo", "idlelib", "msvcrt", "winreg", "winsound", "nt"),
    *("asyncio.windows_events", "asyncio.windows_utils"),
}
# How files begin that are no plain text, whatever they are called.
_NO_TEXT = {
    b"{\\rtf": "a formatted text (RTF): save it as plain text",
    b"PK\3\4": "a zip archive, or a document of Office: save it as plain text",
    b"%PDF-": "a PDF: save it as plain text",
    b"<!doctype html": "a web page: download the file itself",
    b"<html": "a web page: download the file itself",
}
_GUARDS = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def encoding_fault(content: bytes, name: str) -> str | None:
    """Say why a module's bytes are no text that is read; None where they are.

    Python's own rule (PEP 263) says which encoding it is: a byte order mark, or a comment in line 1 or 2.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "which is saved as UTF-16: save it as UTF-8"
    if content.lstrip().startswith(b"{") and b'"nbformat"' in content:
        return f"which is a notebook: name it {name.removesuffix('.py')}.ipynb"
    begin = content[:500].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if kind := next((kind for head, kind in _NO_TEXT.items() if begin.startswith(head.lower())), None):
        return f"which is {kind}"
    if b"\0" in content:
        return "which holds null bytes: save it as UTF-8"
    lines = io.BytesIO(re.sub(rb"\r\n?", b"\n", content))  # a lone \r ends a line, too, for Python's parser
    try:
        encoding, _ = tokenize.detect_encoding(lines.readline)
    except SyntaxError:  # an unknown encoding, or bytes that are not of it: the parser says in which line
        return None
    found = codecs.lookup(encoding).name
    return None if _USUAL.fullmatch(found) else f"which is written in {encoding}: save it as UTF-8"


def failing_imports(tree: ast.AST, exercise: Exercise) -> dict[str, str]:
    """Return {name that it binds: why it fails} of the imports that fail where the exercise is graded.

    Exercises that need NumPy alone are graded with nothing else in sight. An import that the file itself guards, with
    `try` or `if`, is its own business.
    """
    failing: dict[str, str] = {}
    known = sys.stdlib_module_names | BY_TOPIC.keys() | {"numpy"}
    for node in _always(tree):
        for alias in node.names:
            name = alias.name if isinstance(node, ast.Import) else node.module or ""
            package = name.partition(".")[0]
            relative = isinstance(node, ast.ImportFrom) and node.level
            if plain := _as_no_package(node, alias):
                bound = alias.asname or alias.name.partition(".")[0]
                why = f"which says in line {node.lineno}: {ast.unparse(node)}"
                failing[bound] = f"{why}\n    The exercises are no package: write: {plain}"
                continue
            bound = alias.asname or (package if isinstance(node, ast.Import) else alias.name)
            if not relative and _SOMEWHERE & {name, package}:
                why = "that is not there on every system. Remove it: an editor may have added it by itself"
                failing[bound] = f"which imports {name} in line {node.lineno}: {why}"
            elif not relative and not exercise.needs and package not in known:
                failing[bound] = f"which imports {package} in line {node.lineno}: {_GRADED_WITH}"
    return failing


def _as_no_package(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str | None:
    """How to write an import of another exercise from a package of them; None where it is no such import."""
    behind = f" as {alias.asname}" if alias.asname else ""
    if isinstance(node, ast.Import):
        first, _, last = alias.name.rpartition(".")
        return f"import {last}{behind}" if first and last in BY_TOPIC else None
    module = (node.module or "").rpartition(".")[2]
    if module in BY_TOPIC and (node.level or node.module != module):
        return f"from {module} import {', '.join(map(ast.unparse, node.names))}"
    return f"import {alias.name}{behind}" if node.level and not module and alias.name in BY_TOPIC else None


def _always(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that nothing guards."""
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not isinstance(node, ast.If) and not _goes_on(node):
            left += ast.iter_child_nodes(node)


def _goes_on(node: ast.AST) -> bool:
    """Whether it is a `try`, or a `with suppress(...)`, that goes on after a failed import."""
    handlers = node.handlers if isinstance(node, ast.Try) else []
    caught = [handler.type for handler in handlers if handler.type]
    if isinstance(node, ast.With):
        caught = [item.context_expr for item in node.items if "suppress" in _names_in(item.context_expr)]
    return len(caught) < len(handlers) or any(
        guard in name for each in caught for name in _names_in(each) for guard in _GUARDS
    )


def _names_in(node: ast.AST) -> list[str]:
    # Name by name: what is caught may be a formula as deep as its author likes.
    parts = (getattr(part, "id", getattr(part, "attr", None)) for part in ast.walk(node))
    return [name for name in parts if isinstance(name, str)]


def names_used(node: ast.AST) -> set[str]:
    """Return the names from outside that a definition or a statement uses, `losses.sigmoid` as a whole, too.

    A name that a function gives to something of its own is no use of what has that name outside.
    """
    found: set[str] = set()
    # How many of the functions around a node bind a name: a set for each of them would take gigabytes.
    own: Counter[str] = Counter()
    # No recursion: a formula may be as deep as its author likes. Where names stand in it, their function is left.
    left: list[ast.AST | frozenset[str]] = [node]
    while left:
        now = left.pop()
        if isinstance(now, frozenset):
            own.subtract(now)
            continue
        if isinstance(now, ast.Attribute) and isinstance(now.value, ast.Name) and not own[now.value.id]:
            found.add(f"{now.value.id}.{now.attr}")
        elif isinstance(now, ast.Name) and isinstance(now.ctx, ast.Load) and not own[now.id]:
            found.add(now.id)
        if isinstance(now, _FUNCTIONS):
            names = _own_names(now)
            left += [*now.args.defaults, *filter(None, now.args.kw_defaults), *getattr(now, "decorator_list", ())]
            left.append(names)
            left += now.body if isinstance(now.body, list) else [now.body]
            own.update(names)
        else:
            left += ast.iter_child_nodes(now)
    return found


def _own_names(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    """The names that a function binds itself; what it imports is none of its own."""
    arguments = function.args
    each = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names, others = {argument.arg for argument in each if argument}, set()
    left: list[ast.AST] = list(function.body) if isinstance(function.body, list) else [function.body]
    while left:
        node = left.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            others |= set(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif not isinstance(node, (ast.Lambda, *_COMPREHENSIONS)):
            left += ast.iter_child_nodes(node)
    return frozenset(names - others)
