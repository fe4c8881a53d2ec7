"""`kata notebook`: an exercise as a notebook, made of its lesson and its stub, and made anew without losing anything.

A cell that is made here remembers in its metadata which part of the exercise it is, and a digest of its text. So a
second run knows which cells nobody has touched: those are brought up to date. All others are left as they are, and
what is missing is added: a function is missing where no cell defines it.
"""

import ast
import base64
import hashlib
import re
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kata import state
from kata.answers import plain
from kata.elsewhere import repository
from kata.learn.stubs import make_stub
from kata.syllabus import HANDOUT, VERSION_MARK, Exercise

_METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
    "language_info": {"name": "python"},
}
_PICTURE = re.compile(r'(!\[[^\]]*\]\(|\b(?:src|srcset)=")(?!https?:|data:)([^")\s]+\.(?:svg|png))')
_ABOUT = """\
This is exercise {number} as a notebook. Run the first cell, read the lesson, write each function in its cell, save \
(Ctrl+S), run the last cell. Where the lesson says `{topic}.py`, this notebook stands in its place. The lesson's \
commands run here with a `!` before them.

What is judged are functions, classes, imports and assignments that call nothing (`EPS = 1e-7`), from top to bottom, \
as they are saved. All other lines are yours to try things in: plots, `%timeit`, shell lines. The judge does not run \
them, so what a function needs has to stand in it, in another function, or in such an assignment."""
_SETUP = """\
# Run this first. It finds the kata, or fetches and installs it where there is none (as on Colab).
# From then on your earlier exercises can be imported, whether they are modules or notebooks.
import subprocess
import uuid
import warnings
import sys
from pathlib import Path

url = "{url}"
places = [Path.cwd(), *Path.cwd().parents, Path("multilabel-kata").resolve()]
folder = next((place for place in places if (place / "kata/learn/kernel.py").is_file()), None)
if fetch := folder is None:
    if not url:
        raise SystemExit("There is no kata here: put this notebook into your clone, into the folder of its exercise.")
    folder = places[-1]
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", url, folder], check=True)
sys.path.insert(0, str(folder))

import kata.learn.kernel

kata.learn.kernel.begin("{number}", install=fetch)"""
_BOARD = """# Save the notebook first: this judges it as it is saved.
kata.learn.kernel.judge("{number}")"""


def make_notebook(exercise: Exercise) -> NotebookNode:
    """Return an exercise as a notebook in which nothing is written yet: the same one each time."""
    cells = [_cell("setup", _SETUP.format(number=exercise.number, url=repository())), _about(exercise)]
    lesson = _with_pictures(exercise.stub.parent / "README.md")
    for section in re.split(r"^(?=## )", lesson, flags=re.MULTILINE):
        heading = re.match(r"#+ (.*)", section)
        cells.append(_cell(f"lesson {heading[1]}" if heading else "lesson", section.strip(), new_markdown_cell))
    cells += _code_cells(exercise)
    cells.append(_cell("board", _BOARD.format(number=exercise.number)))
    mark = {"kata": VERSION_MARK + HANDOUT["version"]} if HANDOUT else {}
    return new_notebook(cells=cells, metadata=_METADATA | mark)


def write_notebook(exercise: Exercise) -> tuple[bool, list[str], list[str], Path | None]:
    """Write an exercise's notebook, or bring the one that is there up to date.

    Returns:
        (made, added, refreshed, backup): whether there was none; the parts that were added to the one there was, and
        those of which an untouched cell is another one now; where the one that was there is kept, None where it
        did not change.

    Raises:
        LookupError: what is there is no notebook; nothing is written.
    """
    path = exercise.notebook
    if not path.exists():
        state.write_whole(path, notebook_text(exercise))
        return True, [], [], None
    old = _read(path)
    added, refreshed = _merge(old, make_notebook(exercise))
    backup = None
    if added or refreshed:
        backup = state.keep(path)
        state.write_whole(path, _text(old))
    return False, added, refreshed, backup


def notebook_text(exercise: Exercise) -> str:
    """What `kata notebook` writes where there is none."""
    return _text(make_notebook(exercise))


def _text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook) + "\n"


def _about(exercise: Exercise) -> NotebookNode:
    return _cell("about", _ABOUT.format(number=exercise.number, topic=exercise.topic), new_markdown_cell)


def _with_pictures(lesson: Path) -> str:
    """The text of a lesson with its pictures in it: Colab sees no files, and no attachments of cells either."""

    def embed(match: re.Match[str]) -> str:
        picture = lesson.parent / match[2]
        kind = "svg+xml" if picture.suffix == ".svg" else "png"
        return f"{match[1]}data:image/{kind};base64,{base64.b64encode(picture.read_bytes()).decode()}"

    return _PICTURE.sub(embed, lesson.read_text(encoding="utf-8"))


def _code_cells(exercise: Exercise) -> Iterator[NotebookNode]:
    """The stub, in cells: its imports, then each function; at the end what it does as a program, switched off."""
    text = make_stub(exercise)
    lines, body = text.splitlines(), ast.parse(text).body
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    if imports:
        yield _cell("imports", "\n".join(lines[imports[0].lineno - 1 : imports[-1].end_lineno]))
    for node in body:
        source = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        if isinstance(node, ast.FunctionDef):
            yield _cell(f"function {node.name}", source)
        elif isinstance(node, ast.If):
            yield _cell("program", source.replace('if __name__ == "__main__":', "if False:  # minutes of training"))


def _cell(part: str, source: str, make: Callable[..., NotebookNode] = new_code_cell) -> NotebookNode:
    cell = make(source, id=re.sub(r"\W+", "-", f"kata {part}")[:64].strip("-"))
    cell.metadata["kata"] = {"part": part, "digest": _digest(source)}
    return cell


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def _part(cell: NotebookNode) -> tuple[str, bool]:
    """Which part of the exercise a cell is, and whether nobody has touched it; ("", False) for a learner's own."""
    made = cell.metadata.get("kata")
    if not isinstance(made, dict):
        return "", False
    return made.get("part", ""), made.get("digest") == _digest(cell.source)


def _merge(old: NotebookNode, fresh: NotebookNode) -> tuple[list[str], list[str]]:
    """Bring the cells of a notebook up to date; returns the parts that were added and those that were refreshed."""
    wanted = {_part(cell)[0]: cell for cell in fresh.cells}
    cells, refreshed = [], []
    for cell in old.cells:
        part, untouched = _part(cell)
        new = wanted.get(part)
        if untouched and (new is None or new.source != cell.source):
            refreshed.append(part)
            cell = new
        if cell is not None:
            cells.append(cell)
    added, place = [], 0
    for part, new in wanted.items():
        there = [number for number, cell in enumerate(cells) if _is(cell, part, new)]
        if there:
            place = there[-1] + 1
        else:
            added.append(part)
            cells.insert(place, new)
            place += 1
    old.cells = cells
    return added, refreshed


def _is(cell: NotebookNode, part: str, new: NotebookNode) -> bool:
    """Whether a cell holds a part: it was made as such, or somebody's editor dropped what it remembers."""
    function = part.removeprefix("function ")
    if function != part:  # as the judge reads it: a cell that it does not count defines nothing
        counts = cell.cell_type == "code" and re.search(rf"^def {function}\b", plain(cell.source), re.MULTILINE)
        return bool(counts)
    return _part(cell)[0] == part or cell.source == new.source


def _read(path: Path) -> NotebookNode:
    try:
        # What is only odd, the judge reads, too: a byte order mark, a key that nbformat does not know.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        why = f"{type(error).__name__}: {first}"
        raise LookupError(f"{path.name} cannot be read as a notebook ({why}): rename it, then ask again") from None
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)  # cells have ids, each another one
    ids = set[str]()
    for cell in notebook.cells:
        if cell.get("id", "") in {"", *ids}:
            cell.id = uuid.uuid4().hex[:8]
        ids.add(cell.id)
    return notebook
