"""From a notebook to the Python text of its cells, with nbconvert. A stranger's is converted in a sandbox.

nbconvert leaves IPython's own lines to IPython, which need not be installed where notebooks are judged. Here they are
made blank: nothing of them is ever run. All other lines keep their numbers.
"""

from __future__ import annotations

import ast
import json
import logging
import re
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

Cell = str | list[str] | None  # of a notebook, as `convert` returns it

MAX_CODE = 2**17  # characters of a notebook's code
_MANY = 200  # magics of one cell
# Cell magics that run their cell in the notebook itself. The others' text goes elsewhere: to a shell, into a file.
_HERE = re.compile(r"%%(time|capture|prun)\b")
_DEFINED = re.compile(r"^(?:async\s+)?def\s+(\w+)", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)  # examples in a text
_MAGIC = re.compile(r"\s*[%!?]|[^#\n]*\?\s*$|\s*[\w.,\[\] ]+=\s*[%!]")


def convert(content: bytes) -> list[Cell]:
    """Return the Python text of each cell of a notebook, None for those that hold no code.

    For a cell that defines functions and does not count, it is a list: why it does not, and the functions' names.

    Args:
        content: the file's bytes.

    Raises:
        ValueError: it is no notebook; the text says why.
        ModuleNotFoundError: nbconvert is not installed.
    """
    import nbformat
    from nbconvert.exporters import Exporter

    exporter = Exporter(default_preprocessors=[], preprocessors=[_plain_python])
    try:
        with warnings.catch_warnings():
            # What is only odd, such as two cells with the same id, is neither told nor a reason to refuse it.
            warnings.simplefilter("ignore")
            logging.disable()
            text = json.dumps(json.loads(content.decode("utf-8-sig"), object_hook=_needed))
            read = nbformat.reads(text, as_version=4)
            lost = [_lost(cell.cell_type, cell.source) for cell in read.cells]
            notebook, _ = exporter.from_notebook_node(read)
    except Exception as error:  # whatever such a file may lead to
        why = f"{type(error).__name__}: {_first(error)}"
        raise ValueError(f"which is no notebook that can be read: {why}") from None
    finally:
        logging.disable(logging.NOTSET)
    cells = [cell.source if cell.cell_type == "code" else None for cell in notebook.cells]
    if sum(len(cell) for cell in cells if cell) > MAX_CODE:
        raise ValueError(f"whose code has more than {MAX_CODE:,} characters")
    return [why or cell for why, cell in zip(lost, cells, strict=True)]


def _lost(kind: str, text: str) -> list[str] | None:
    """Why the functions that a cell defines do not count, and their names; None where they do, or there are none."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if kind != "code":
        text, why = _FENCED.sub("", text), f"is a {kind} cell, and only code cells count"
    elif first.startswith("%%") and not _HERE.match(first):
        why = f"begins with {first.split()[0]}: its text is not run"
    else:
        return None
    names = _DEFINED.findall(text)
    return [why, *names[:_MANY]] if names else None


def plain(text: str) -> str:
    """Return a cell's text as Python, with the lines that only IPython understands made blank.

    What is wrong with the rest stays as it is.
    """
    lines = re.split(r"\r\n?|\n", text.encode(errors="replace").decode())
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%"):
        if not _HERE.match(first):
            return ""
        lines[lines.index(first)] = ""
    # IPython takes what a cell begins with away from each of its lines.
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    lines = [line.removeprefix(indent) for line in lines]
    for _ in range(_MANY):
        try:
            ast.parse("\n".join(lines))
            break
        except SyntaxError as error:
            # Valid Python holds no magics: a line that begins with % may be a part of a text, or of a formula.
            number = (error.lineno or 0) - 1
            if not (0 <= number < len(lines) and _MAGIC.match(lines[number])):
                break
            _blank(lines, number)
        except (ValueError, RecursionError, MemoryError):
            break
    return "\n".join(lines)


def _blank(lines: list[str], number: int) -> None:
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    while lines[number].endswith("\\") and number + 1 < len(lines):
        lines[number] = ""
        number += 1
    lines[number] = f"{indent}pass"


def _needed(found: dict[str, Any]) -> dict[str, Any]:
    # Outputs are what is large, and would be copied and checked several times. What nobody reads may be missing.
    empty: dict[str, Any] = {"metadata": {}} if "cells" in found or "cell_type" in found else {}
    return empty | found | ({"outputs": []} if "outputs" in found or found.get("cell_type") == "code" else {})


def _plain_python(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """What nbconvert calls a preprocessor: of a notebook the code alone, without outputs and metadata."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    return new_notebook(
        cells=[
            new_code_cell(plain(cell.source)) if cell.cell_type == "code" else new_markdown_cell()
            for cell in notebook.cells
        ]
    ), resources


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
