"""What a notebook that `kata notebook` made calls: its first cell, and its last."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from kata import state
from kata.folders import EXERCISES, short
from kata.syllabus import BY_TOPIC, ROOT, Exercise, find_exercise

_began_in: Path | None = None  # the folder where the notebook lies, as Jupyter has it
_HEAVY = ("tensorflow", "matplotlib")  # which NumPy's exercises do without


def begin(number: str, install: bool = False) -> None:
    """Let a notebook import the exercises before it, each from its module or its notebook, whichever counts.

    To call it again is to see what has changed in them. The commands of the lesson find their files: the current
    folder becomes the kata's.

    Args:
        number: of the exercise, such as "03".
        install: whether the kata has just been fetched: then it is installed, with what the exercise needs.
    """
    if install:
        _install(find_exercise(number))
    global _began_in
    _began_in = _began_in or Path.cwd()
    os.chdir(ROOT)
    if lacking := [name for name in ("numpy", "pytest") if not importlib.util.find_spec(name)]:
        print(f"This notebook's Python, {sys.executable}, has no {' and no '.join(lacking)}.")
        print(f"Choose the kernel of {ROOT / '.venv'}, or run: %pip install -e {ROOT}")
        return
    from kata.answers import Answer, Finder

    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]
    sys.meta_path.insert(0, Finder(Answer(EXERCISES)))
    for topic in BY_TOPIC:
        sys.modules.pop(topic, None)


def judge(number: str) -> None:
    """Judge an exercise's notebook as it is saved, and print what pytest says, board and all."""
    exercise = find_exercise(number)
    _bring(exercise.notebook)
    if not exercise.notebook.is_file():
        print(f"This judges {short(exercise.notebook)}, which is not there: save this notebook under that name.")
        return
    if unsaved := _unsaved(exercise):
        print(f"Not saved as it was run: {', '.join(unsaved)}. Save the notebook (Ctrl+S), then run this cell again.")
    command = [sys.executable, "-m", "pytest", "-q", "--color=yes", "--no-header", str(exercise.notebook)]
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}  # the notebook's own
    environment["PYTHONIOENCODING"] = "utf-8"  # as it is read below; on Windows a pipe has another one
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)


def _install(exercise: Exercise) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    wanted = [need for need in needs if exercise.needs or not need.startswith(_HEAVY)]
    subprocess.run([*pip, *wanted], check=True)
    subprocess.run([*pip, "--no-deps", "--editable", str(ROOT)], check=True)


def _bring(path: Path) -> None:
    """Where the kata was fetched, the notebook lies elsewhere: bring it to the exercise that it answers."""
    if "google.colab" in sys.modules:  # which keeps it in the browser, not in a file
        from google.colab import _message

        notebook = _message.blocking_request("get_ipynb", request="", timeout_sec=30)["ipynb"]
        content = json.dumps(notebook, ensure_ascii=False, indent=1).encode()
    elif _began_in == ROOT.parent and (ROOT.parent / path.name).is_file():
        content = (ROOT.parent / path.name).read_bytes()
    else:
        return
    if path.exists() and path.read_bytes() != content:
        state.keep(path)
    path.write_bytes(content)
    print(f"{short(path)} is this notebook now.")


def _unsaved(exercise: Exercise) -> list[str]:
    """The functions that were last run in another form than the saved notebook's."""
    try:
        ran = sys.modules["IPython"].get_ipython().history_manager.input_hist_raw
        cells = json.loads(exercise.notebook.read_text(encoding="utf-8"))["cells"]
        saved = {"".join(cell["source"]).strip() for cell in cells}
    except (KeyError, AttributeError, OSError, ValueError, TypeError):
        return []  # no notebook runs this, or it lies elsewhere
    unsaved = []
    for name in exercise.points:
        texts = [text.strip() for text in ran if re.search(rf"^def {name}\b", text, re.MULTILINE)]
        if texts and texts[-1] not in saved:
            unsaved.append(name)
    return unsaved
