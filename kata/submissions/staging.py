"""A submission's files as the folder that a sandbox is shown, and what can be said of them without running them.

A stranger's notebook is converted in a sandbox of its own, where nbconvert is in sight and nothing of it is run. From
then on its file holds what came of it: the text of each cell.
"""

import json
import secrets
import time

from kata.answers import Answer, Source, choose_source, find_files, read_cells, read_source
from kata.sandbox import Ended, TooLate, WireError, pack
from kata.syllabus import BY_TOPIC

_PACKAGES = ("nbconvert",)
_SECONDS = 30  # for all notebooks of a submission


def lay_out(files, folder, sandbox):
    """Write a submission's files into an empty folder.

    Args:
        files: what kata/submissions/files.py collected.
        sandbox: the Sandbox that converts notebooks, where there are any.

    Returns:
        {path of a notebook: its cells, or in words why there are none}

    Raises:
        SandboxError: no process can be started.
    """
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    notebooks = [folder / name for name in files if name.endswith(".ipynb")]
    converted = _convert(notebooks, folder, sandbox) if notebooks else {}
    for path, cells in converted.items():
        path.write_text(json.dumps(cells), encoding="utf-8")
    return converted


def read_answer(folder, converted):
    """Return the Answer in a folder that was laid out: what its files say is known, and those that count are left."""
    answer = Answer(folder)

    def read(path):
        cells = converted.get(path)
        if path.suffix == ".py":
            return read_source(path)
        return Source(path, fault=cells) if type(cells) is str else read_cells(path, cells)

    for topic, exercise in BY_TOPIC.items():
        paths = find_files(folder, exercise)
        source = answer.sources[topic] = choose_source(paths, exercise, read)
        for path in paths:
            if path != source.path:
                path.unlink()
    return answer


def _convert(notebooks, folder, sandbox):
    converted, process, end = {}, None, time.monotonic() + _SECONDS
    for path in notebooks:
        if process is None:
            process = sandbox.start(folder, _PACKAGES)
        token, left = secrets.token_hex(16), max(0.1, end - time.monotonic())
        try:
            process.send(pack({"convert": str(path.relative_to(folder)), "token": token}), left)
            converted[path] = _cells(process.receive(left), token)
            continue
        except TooLate:
            converted[path] = f"which could not be read: it takes more than {_SECONDS} s"
        except (Ended, WireError) as error:
            converted[path] = f"which could not be read: {error}"
        process.end()
        process = None
    if process:
        process.end()
    return converted


def _cells(reply, token):
    """What a reply holds: cells, or in words why there are none."""
    cells, fault = reply.get("cells"), reply.get("fault")
    if reply.get("token") == token and type(fault) is str:
        return fault[:1000]
    right = reply.get("token") == token and type(cells) is list
    if not right or not all(cell is None or type(cell) is str for cell in cells):
        raise WireError("what came is no reply")
    return cells
