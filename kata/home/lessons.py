"""A lesson from Markdown to HTML. It links to the page itself, and loads nothing from elsewhere."""

from __future__ import annotations

import functools
import itertools
import re
import textwrap
from html import escape
from typing import TYPE_CHECKING, Any

from kata.folders import EXERCISES as OWN
from kata.syllabus import EXERCISES

if TYPE_CHECKING:
    from pathlib import Path

    from kata.syllabus import Exercise

_LESSON = re.compile(r"(?:\.\./(\d\d_\w+)/README\.md)?(#.*)?")
_PICTURE = re.compile(r"\.\./pictures/(\w+\.svg)")


def lesson_of(exercise: Exercise) -> str:
    """Return the lesson of an exercise as HTML."""
    return str(_markdown()((exercise.stub.parent / "README.md").read_text(encoding="utf-8")))


def hint_of(text: str) -> str:
    """Return a hint as HTML: its lines as paragraphs that fit any screen, but for formulas, which are indented."""
    parts = []
    for indented, lines in itertools.groupby(text.splitlines(), lambda line: line.startswith("  ") or not line):
        found = list(lines)
        if indented and any(found):
            code = escape(textwrap.dedent("\n".join(found)).strip("\n"))
            parts.append(f"<pre>{code}</pre>")
        elif not indented:
            parts.append(f"<p>{inline(' '.join(found))}</p>")
    return "\n".join(parts)


def inline(text: str) -> str:
    """Return a sentence as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def pictures() -> dict[str, Path]:
    """{name: file} of the pictures of all lessons."""
    return {path.name: path for path in OWN.glob("pictures/*.svg")}


def highlighted(code: str) -> list[str]:
    """Return the lines of Python code as HTML, with the classes of pygments."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return str(highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))).splitlines()


@functools.cache
def _markdown() -> Any:
    import mistune

    class Renderer(mistune.HTMLRenderer):
        def heading(self, text: str, level: int, **attrs: Any) -> str:
            return f'<h{level} id="{_anchor(text)}">{text}</h{level}>\n'

        def block_code(self, code: str, info: str | None = None) -> str:
            code = code.rstrip("\n")
            shown = "\n".join(highlighted(code)) if info == "python" else escape(code)
            # What may have to be moved sideways is reached by the keyboard, too.
            return f'<pre tabindex="0"><code>{shown}</code></pre>\n'

        def link(self, text: str, url: str, title: str | None = None) -> str:
            if url.startswith("https://"):
                return f'<a href="{escape(url)}" rel="noreferrer">{text}</a>'
            folder, anchor = found.groups() if (found := _LESSON.fullmatch(url)) else (None, None)
            number = next((exercise.number for exercise in EXERCISES if exercise.folder == folder), None)
            if number is None and not anchor:
                return text  # a file that this page does not serve
            place = (f"/{number}" if number else "") + escape(anchor or "")
            return f'<a href="{place}">{text}</a>'

        def image(self, text: str, url: str, title: str | None = None) -> str:
            found = _PICTURE.fullmatch(url)
            return f'<img src="/pictures/{found[1]}" alt="{escape(text)}">' if found else escape(text)

    markdown = mistune.create_markdown(renderer=Renderer(escape=True), plugins=["table"])

    def render(text: str) -> str:
        html = str(markdown(text))
        html = re.sub(r' style="text-align:\w+"', "", html)  # the page's policy allows no style but its own
        return html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace(
            "</table>", "</table></div>"
        )

    return render


def _anchor(text: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"<[^>]+>", "", text).lower()).replace(" ", "-")
