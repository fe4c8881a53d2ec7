"""Notebooks as pages: one HTML file that needs nothing but itself, on a wide screen or a phone, dark or light.

    python -m kata.learn.rendering solutions/walkthrough.ipynb [PAGE]

runs a notebook and writes what came of it, by default into .kata/. nbconvert does the work; the template beside this
file leaves out what its own would fetch from elsewhere.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kata import state

if TYPE_CHECKING:
    from nbformat import NotebookNode

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


def main(arguments: list[str]) -> None:
    source = Path(arguments[0])
    page = Path(arguments[1]) if arguments[1:] else state.folder() / f"{source.stem}.html"
    title = "multilabel-kata: " + source.stem
    state.write_whole(page, to_html(execute(source), title))
    print(page)


if __name__ == "__main__":
    main(sys.argv[1:])
