"""What `kata report` shows, as the outputs of a notebook's cells: texts, tables and pictures, escaped."""

import base64
import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

PNG, LARGE = b"\x89PNG", 5_000_000  # how a picture begins; bytes above which it is not put into the page


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
