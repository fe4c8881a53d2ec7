"""Small things that the kata remembers between runs, as JSON files in .kata/ of the checkout."""

import contextlib
import json
import os
from pathlib import Path

from kata.syllabus import ROOT


def folder():
    """Where the files lie; the environment variable KATA_STATE names another folder (for tests, say)."""
    return Path(os.environ.get("KATA_STATE") or ROOT / ".kata")


def load(name):
    """Return what was saved under a name; {} where there is nothing or the file is damaged."""
    try:
        data = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def save(name, data):
    """Save a dict of plain data, whole or not at all. A checkout that cannot be written to is no error."""
    with contextlib.suppress(OSError):  # only memory is lost, never a result of this run
        write_whole(folder() / f"{name}.json", json.dumps(data, indent=1))


def write_whole(path, text):
    """Write a file whole or not at all, and its folder where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
