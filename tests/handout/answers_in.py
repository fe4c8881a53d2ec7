"""Looks for the code of the solutions and the misconceptions in a folder."""

import ast
import json
import re
import zlib

from kata.checks import PREFIX
from kata.syllabus import EXERCISES

SHORT = 32  # characters without spaces: what is shorter is said in other places, too


def found_in(folder, exercises=EXERCISES):
    """{a statement or expression of an answer's function: the files of a folder that hold it}.

    What all students are to read is no secret: stubs, lessons, suites, benchmarks, and the hints in the record.
    """
    texts = {path.relative_to(folder).as_posix(): text(path) for path in folder.rglob("*") if path.is_file()}
    public = [name for name in texts if name.startswith("exercises/") or name.endswith("/hints.bin")]
    said_anyway = "\n".join(texts.pop(name) for name in public)
    everything, found = "\n".join(texts.values()), {}
    for exercise in exercises:
        for path in exercise.solution.parent.glob("*.py"):
            for piece in pieces(ast.parse(path.read_text(encoding="utf-8"))):
                if piece in everything and piece not in said_anyway:
                    found[piece] = sorted(name for name, words in texts.items() if piece in words)
    return found


def pieces(tree):
    """All statements and expressions in the bodies of a module's functions, squeezed."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    nodes = [inner for function in functions for statement in function.body for inner in ast.walk(statement)]
    code = (node for node in nodes if isinstance(node, ast.stmt | ast.expr) and not said(node))
    texts = {squeezed(ast.unparse(node)) for node in code}
    return {text for text in texts if len(text) >= SHORT}


def said(node):
    """Whether a node is words alone, or an import."""
    if isinstance(node, ast.Expr):
        return said(node.value)
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.Import | ast.ImportFrom)


def text(path):
    """A file's text, squeezed: of a record the part that is no numbers, of a module also as Python writes it."""
    content = path.read_bytes()
    if path.suffix == ".bin":
        packed = zlib.decompress(content)
        content = packed[PREFIX : PREFIX + int.from_bytes(packed[:4], "big")]
    words = content.decode("utf-8", "replace")
    if path.suffix in (".bin", ".ipynb"):
        words = "\n".join(strings_of(json.loads(words)))
    if path.suffix == ".py":
        words += ast.unparse(ast.parse(words))
    return squeezed(words)


def strings_of(value):
    """All texts in what JSON holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_of(item)


def squeezed(words):
    """Without spaces, with one kind of quotes, and NumPy as code calls it: contracts say `numpy.random`."""
    return re.sub(r"\s+", "", words).replace('"', "'").replace("numpy.", "np.")
