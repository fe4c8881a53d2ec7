"""A submission's files as the folder that a sandbox is shown, and what can be said of them without running them.

A stranger's notebook is converted in a sandbox of its own, where nbconvert is in sight and nothing of it is run. From
then on its file holds what came of it: the text of each cell. Once all can be read, it is known which file counts
where several may be meant. The rule is kata/answers/reading.py's, for the nearest of them that are written.
"""

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kata.answers import (
    Ambiguous,
    Answer,
    Cell,
    Source,
    checked,
    choose_source,
    is_written,
    read_cells,
    read_source,
    same_code,
)
from kata.checks import WireError, pack
from kata.sandbox import Ended, Sandbox, TooLate
from kata.submissions.candidates import FAR_AND_BY_ITS_FUNCTIONS, Candidate, of_files
from kata.submissions.files import Refused
from kata.syllabus import BY_TOPIC, Exercise

_PACKAGES = ("nbconvert",)
_SECONDS = 30  # for all notebooks of a submission
MAX_WORDS = 150_000  # words and signs of all code of a submission: parsed, each takes up to a kilobyte
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass
class Laid:
    """A candidate that lies in the folder.

    Attributes:
        candidate: it; path: its file; cells: of a notebook, or in words why there are none; None of a module.
    """

    candidate: Candidate
    path: Path
    cells: list[Cell] | str | None = None

    def code(self) -> str:
        """What there is to parse of it."""
        if isinstance(self.cells, str):
            return ""
        if self.cells is not None:
            return "\n".join(cell for cell in self.cells if isinstance(cell, str))
        return self.candidate.content.decode(errors="replace")

    def read(self) -> Source:
        """Return its Source."""
        if self.cells is None:
            return read_source(self.path)
        if isinstance(self.cells, str):
            return Source(self.path, fault=self.cells)
        return checked(read_cells(self.path, self.cells))


def lay_out(files: dict[str, bytes], folder: Path, sandbox: Sandbox) -> list[Laid]:
    """Write a submission's files into an empty folder.

    Args:
        files: what kata/submissions/collecting.py collected.
        sandbox: the Sandbox that converts notebooks, where there are any.

    Raises:
        SandboxError: no process can be started.
        Refused: there is too much code in them.
    """
    laid = []
    for exercise, group in of_files(files).items():
        for number, candidate in enumerate(group):
            path = folder / f"{exercise.folder}{f'.{number}' * (len(group) > 1)}" / candidate.file
            path.parent.mkdir()
            path.write_bytes(candidate.content)
            laid.append(Laid(candidate, path))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    notebooks = [each for each in laid if each.path.suffix == ".ipynb"]
    converted = _convert([each.path for each in notebooks], folder, sandbox) if notebooks else {}
    for each in notebooks:
        each.cells = converted[each.path]
        each.path.write_text(json.dumps(each.cells), encoding="utf-8")
    codes = [each.code() for each in laid]
    # One after the other, and only where there are as many characters: each may be a sign.
    if sum(map(len, codes)) > MAX_WORDS < sum(1 for code in codes for _ in _WORD.finditer(code)):
        raise Refused(
            f"its files hold more than {MAX_WORDS:,} words and signs: hand in the exercises' functions alone"
        )
    return laid


def read_answer(
    folder: Path, laid: list[Laid], unread: Mapping[str, str] = MappingProxyType({})
) -> tuple[Answer, list[str]]:
    """Return the Answer in a folder that was laid out, where the files are left that count; and notes on the others.

    Args:
        unread: {topic: what may be all that there is of it, and why it is not read}.

    Raises:
        Refused: of several written files that differ nobody knows which one counts.
    """
    answer, notes, lost = Answer(folder), list[str](), dict(unread)
    for topic, exercise in BY_TOPIC.items():
        group = [each for each in laid if each.candidate.exercise == exercise]
        try:
            source = _choose(group, exercise, notes) if group else None
        except Refused as refused:
            if (
                min(each.candidate.far for each in group if is_written(each.read(), exercise))
                < FAR_AND_BY_ITS_FUNCTIONS
            ):
                raise
            source, lost[topic] = None, str(refused)  # nobody has said that they are meant
        if len(group) > 1:
            source = _moved(source, folder / exercise.folder, group)
        answer.sources[topic] = source
        if topic in lost and not (source and is_written(source, exercise)):
            answer.unread[topic] = lost[topic]
            fault = f"of which nothing could be judged: {lost[topic]}"
            answer.sources[topic] = Source(folder / f"{topic}.py", fault=fault)
            if source:
                source.path.unlink()
    return answer, notes


def _moved(source: Source | None, folder: Path, group: list[Laid]) -> Source | None:
    """The source that counts, at its place in a folder that is made for it; no other file of its group is left."""
    if source:
        folder.mkdir(mode=0o755)
        source.path.rename(folder / source.path.name)
        source = replace(source, path=folder / source.path.name)
    for each in group:
        each.path.unlink(missing_ok=True)
        each.path.parent.rmdir()
    return source


def _choose(group: list[Laid], exercise: Exercise, notes: list[str]) -> Source:
    if len(group) == 1:
        return group[0].read()
    sources = {each.path: each.read() for each in group}
    written = [each for each in group if is_written(sources[each.path], exercise)]
    nearest = [each for each in written if each.candidate.far == min(each.candidate.far for each in written)]
    newest = _newest(nearest or group)
    source = choose_source([each.path for each in newest], exercise, sources.__getitem__)
    assert source is not None  # there are some
    by_path = {each.path: each.candidate for each in group}
    chosen = by_path[source.path]
    if isinstance(source, Ambiguous):
        second = by_path[source.others[0]]
        name = chosen.file if chosen.file == second.file else f"{exercise.topic}"
        raise Refused(f"{name} is there twice, and differs: in {chosen.place} and in {second.place}")
    if written and chosen.is_renamed:
        notes.append(f"{chosen.place} is taken for {chosen.file}")
    orders = {each.candidate.order for each in group if each.candidate.file == chosen.file}
    if len(orders) > 1:
        how = "newest" if chosen.order == max(orders) else "newest that is written"
        notes.append(f"the {how} of {len(orders)} hand-ins of {chosen.file}")
    for each in group:
        older = each.candidate.file == chosen.file and each.candidate.order != chosen.order
        if each.path == source.path or older or not written:
            continue
        if each not in written:
            notes.append(f"{each.candidate.place} is not read: nothing is written in it")
        elif not same_code(sources[each.path], source, exercise):
            notes.append(f"{each.candidate.place} is not read: beside it lies the file of {exercise.folder}")
    return source


def _newest(group: list[Laid]) -> list[Laid]:
    """Of the modules those of the newest hand-in that has some, and so of the notebooks."""
    newest = dict[str, int]()
    for each in group:
        newest[each.path.suffix] = max(newest.get(each.path.suffix, 0), each.candidate.order)
    return [each for each in group if each.candidate.order == newest[each.path.suffix]]


def _convert(notebooks: list[Path], folder: Path, sandbox: Sandbox) -> dict[Path, list[Cell] | str]:
    converted, process, end = dict[Path, list[Cell] | str](), None, time.monotonic() + _SECONDS
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


def _cells(reply: Mapping[str, Any], token: str) -> list[Cell] | str:
    """What a reply holds: cells, or in words why there are none."""
    cells, fault = reply.get("cells"), reply.get("fault")
    same = type(found := reply.get("token")) is str and found == token
    if same and type(fault) is str:
        return fault[:1000]
    if not same or not isinstance(cells, list):
        raise WireError("what came is no reply")
    if not all(cell is None or type(cell) is str or _are_texts(cell) for cell in cells):
        raise WireError("what came is no reply")
    return cells


def _are_texts(cell: object) -> bool:
    return isinstance(cell, list) and len(cell) > 1 and all(type(part) is str for part in cell)
