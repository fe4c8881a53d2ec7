"""Stubs are made from the solutions: same names, signatures and docstrings, nothing of the bodies.

What a solution does when it is run as a program, its `if __name__ == "__main__":`, is the stub's too.

So they cannot drift apart, and `kata reset` needs no copy of them; a handout, which has no solutions, has one beside
its record. `python -m kata.learn.stubs` writes those that nobody has begun; `tests/` check that what is committed is
what this module makes. `kata reset` puts a stub back: an exercise as it was before anybody began it.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kata import state
from kata.answers import read_source
from kata.folders import EXERCISES, short
from kata.judge import forget_hints, forget_results
from kata.syllabus import EXERCISES as ALL
from kata.syllabus import HANDOUT, Exercise


def make_stub(exercise: Exercise) -> str:
    """Return the text of an exercise's stub."""
    text = exercise.contract.read_text(encoding="utf-8")
    if HANDOUT:
        return text
    tree = ast.parse(text)
    lines = text.splitlines()
    parts = [_lines(lines, tree.body[0])]
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    if imports:
        parts.append("\n" + "\n".join(_import_blocks(lines, imports)))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in exercise.points:
            head = "\n".join(lines[node.lineno - 1 : node.body[0].end_lineno])
            hint = f"todo, see: kata hint {exercise.number} {node.name}"
            parts.append(f'\n\n{head}\n    raise NotImplementedError("{hint}")')
        elif isinstance(node, ast.If):  # at the end of a file: what happens when it is run as a program
            parts.append(f"\n\n{_lines(lines, node)}")
    return "\n".join(parts) + "\n"


def suite_of(exercise: Exercise) -> Path:
    """The suite of an exercise."""
    return exercise.stub.with_name(f"test_{exercise.topic}.py")


def version_of(exercises: Iterable[Exercise]) -> str:
    """What `kata handout` hands out, in eight characters: other ones where a stub or a suite is another one."""
    found = hashlib.sha256()
    for exercise in exercises:
        found.update(make_stub(exercise).encode() + suite_of(exercise).read_bytes())
    return found.hexdigest()[:8]


def first_sentence(exercise: Exercise, function: str) -> str:
    """The first line of a function's contract."""
    for node in ast.parse(exercise.contract.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""


def begin_again(exercise: Exercise) -> list[str]:
    """Put the stub back, forget hints and results of the exercise; returns what is to be said of it."""
    backups = put_stub_back(exercise)
    forget_hints(exercise)
    forget_results(exercise)
    told = []
    for path, backup in backups.items():
        told.append(f"{short(path)} is the stub again.")
        if backup:
            told.append(f"What was there: {short(backup)}")
    return told


def put_stub_back(exercise: Exercise) -> dict[Path, Path | None]:
    """Put the stub back, and a fresh notebook where there is one.

    Returns:
        {file: the backup of what was there, None where there was nothing to lose}
    """
    fresh = {exercise.stub: make_stub(exercise)}
    if exercise.notebook.exists():
        from kata.learn.notebooks import notebook_text  # it takes nbformat, a tenth of a second to import

        fresh[exercise.notebook] = notebook_text(exercise)
    backups: dict[Path, Path | None] = {}
    for path, text in fresh.items():
        written = path.exists() and _with_our_line_ends(path.read_bytes()) != text.encode()
        backups[path] = state.keep(path) if written else None
        state.write_whole(path, text)
    return backups


def _with_our_line_ends(content: bytes) -> bytes:
    """A text with the line ends of Linux; editors and git on Windows write others."""
    return content.replace(b"\r\n", b"\n")


def _import_blocks(lines: list[str], imports: Sequence[ast.stmt]) -> Iterator[str]:
    # A blank line between two imports separates the standard library from the rest: keep it.
    previous = imports[0].lineno - 1
    for node in imports:
        if node.lineno > previous + 1:
            yield ""
        yield _lines(lines, node)
        previous = node.end_lineno or node.lineno


def _lines(lines: list[str], node: ast.stmt) -> str:
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _write_all() -> None:
    for exercise in ALL:
        source = read_source(exercise.stub) if exercise.stub.exists() else None
        if source and any(not source.todo(name) for name in exercise.points if source.line(name) > 1):
            print(f"{short(exercise.stub)} is begun: left alone")
            continue
        (EXERCISES / exercise.folder).mkdir(parents=True, exist_ok=True)
        exercise.stub.write_text(make_stub(exercise), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write_all()
