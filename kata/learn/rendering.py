"""Notebooks as pages: one HTML file that needs nothing but itself, on a wide screen or a phone, dark or light.

What `kata report` shows are the outputs of a notebook's cells: texts, tables and pictures, escaped.

    python -m kata.learn.rendering solutions/walkthrough.ipynb [PAGE]

runs a notebook and writes what came of it, by default into .kata/. nbconvert does the work; the template beside this
file leaves out what its own would fetch from elsewhere.
"""

import base64
import html
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kata import state

if TYPE_CHECKING:
    from nbformat import NotebookNode

PNG, LARGE = b"\x89PNG", 5_000_000  # how a picture begins; bytes above which it is not put into the page
TEMPLATE = Path(__file__).with_name("nbtemplate")


def to_html(notebook: "NotebookNode", title: str) -> str:
    """Return a notebook as the text of an HTML page.

    Args:
        notebook: executed or not. Its text and its outputs are taken as they are: who puts
            somebody else's words into them escapes them first.
    """
    from nbconvert import HTMLExporter  # here, as below: it takes half a second

    exporter = HTMLExporter(
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    css = "".join((TEMPLATE / name).read_text(encoding="utf-8") for name in ("colours.css", "page.css"))
    return exporter.from_notebook_node(notebook, resources={"page_css": css, "page_title": title})[0]


def execute(path: Path, seconds: float = 600) -> "NotebookNode":
    """Run the cells of a notebook in its folder, in a Jupyter kernel of this Python.

    Args:
        path: of the notebook; the file stays as it is.
        seconds: that one cell may take.

    Returns:
        The notebook with the outputs.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed; the message has the cell and the traceback.
    """
    import nbformat
    from nbconvert.preprocessors import ExecutePreprocessor

    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    # --log-level: a new kernel warns of its transport, on the terminal.
    executor = ExecutePreprocessor(timeout=seconds, kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    return executor.preprocess(notebook, resources)[0]


def text(*paragraphs: str) -> "NotebookNode":
    """Paragraphs of plain text."""
    return _output("text/html", "".join(f"<p>{html.escape(each)}</p>" for each in paragraphs))


def lines(text: str) -> "NotebookNode":
    """A text whose lines and spaces stay as they are: the board."""
    return _output("text/html", f'<pre class="board">{html.escape(text)}</pre>')


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> "NotebookNode":
    """A table; each cell knows its column's name, which stands beside it where a screen is narrow."""
    lines = ["".join(f"<th>{html.escape(name)}</th>" for name in header)]
    for row in rows:
        cells = zip(map(html.escape, header), row, strict=True)
        lines.append("".join(f'<td data-name="{name}">{_words(value)}</td>' for name, value in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return _output("text/html", f'<table class="cards">{body}</table>')


def drawing(svg: str, alt: str) -> "NotebookNode":
    """A picture that is the text of an SVG; alt: what it says, for who does not see it."""
    return _output("image/svg+xml", svg, alt=alt)


def picture(path: Path, alt: str) -> "NotebookNode | None":
    """The picture in a PNG file; None where there is none, or where it is too large for the page."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if not content.startswith(PNG) or len(content) >= LARGE:
        return None
    return _output("image/png", base64.b64encode(content).decode(), alt=alt)


def _output(kind: str, content: str, **more: str) -> "NotebookNode":
    from nbformat.v4 import new_output  # here: it takes a tenth of a second to import

    return new_output("display_data", {kind: content}, metadata={kind: more})


def _words(value: Any) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(str(value)))


def main(arguments: list[str]) -> None:
    source = Path(arguments[0])
    page = Path(arguments[1]) if arguments[1:] else state.folder() / f"{source.stem}.html"
    title = "multilabel-kata: " + source.stem
    state.write_whole(page, to_html(execute(source), title))
    print(page)


if __name__ == "__main__":
    main(sys.argv[1:])
