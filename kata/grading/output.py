"""The folder that a run writes into: one run has it at a time, and its files are whole or not there."""

import fcntl
import json
import os
import secrets
import shutil
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

from kata.grading.workers import GradingError
from kata.reports import SubmissionResult, canvas_csv, grades_csv, grades_json, index_page, junit_xml, moodle_csv
from kata.syllabus import Exercise

# What a page on all submissions has no place for.
_FOR_ONE = {"checks", "spent", "digest", "attempt", "seconds", "keys", "attempts"}


def lock(output: Path, cleanup: ExitStack) -> Path:
    """Take the output for this run alone, clear up after one that was killed; returns a folder to work in."""
    file = cleanup.enter_context(open(output / ".lock", "a+", encoding="utf-8"))  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise GradingError(f"another run is grading into {output} right now") from None
    file.seek(0)
    _clear(file.read().strip())
    # Its name is kept before it is there: whenever this run is killed, the next one finds it.
    work = os.path.join(tempfile.gettempdir(), f"kata-grade-{secrets.token_hex(8)}")
    file.truncate(0)
    file.write(work)
    file.flush()
    os.mkdir(work, 0o700)
    cleanup.callback(_clear, work)
    for left in output.glob("**/.kata-*.partial"):
        left.unlink(missing_ok=True)
    if (output / "index.html/result.json").exists():  # before there was a page, this was a submission's folder
        shutil.rmtree(output / "index.html")
    return Path(work)


def _clear(work: str) -> None:
    path = Path(work)
    if path.name.startswith("kata-grade-") and path.is_dir() and path.stat().st_uid == os.getuid():
        shutil.rmtree(path, ignore_errors=True)


def write(path: Path, text: str | Iterable[str], private: bool = False) -> None:
    """Write a file whole or not at all; its text may come in parts.

    Args:
        private: whether nobody else on this machine may read it.
    """
    partial = path.with_name(f".kata-{path.name}.partial")
    try:
        with open(partial, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            if private:
                os.fchmod(file.fileno(), 0o600)
            file.writelines([text] if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


class Kept:
    """The results of all submissions, in the order of their files, without what is aside.

    They are read one at a time: those of a large class would fill the memory.

    Args:
        paths: the files, each a result.json.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = list(paths)

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[SubmissionResult]:
        for path in self.paths:
            result = json.loads(path.read_text(encoding="utf-8"))
            result.pop("aside", None)  # nobody has asked for it
            yield result

    def light(self) -> list[SubmissionResult]:
        """Return all of them as a list, with what a page on all says; what is equal in them is there once."""
        shared: dict[str, Any] = {}

        def once(value: Any) -> Any:
            if not isinstance(value, dict):
                return shared.setdefault(json.dumps(value), value)
            whole = {sys.intern(name): once(one) for name, one in value.items()}
            return shared.setdefault(json.dumps(value), whole)

        found = []
        for result in self:
            light = {sys.intern(name): value for name, value in result.items() if name not in _FOR_ONE}
            found.append(
                cast(SubmissionResult, light | {name: once(light[name]) for name in ("functions", "exercises")})
            )
        return found


def write_reports(output: Path, results: Kept, exercises: Sequence[Exercise], run: dict[str, Any]) -> None:
    """Write what there is on all submissions; `run` is what run.json holds."""
    write(output / "grades.csv", grades_csv(results, exercises))
    write(output / "grades.json", grades_json(results, run), private=True)
    write(output / "junit.xml", junit_xml(results))
    write(output / "index.html", index_page(results.light(), exercises, run))


def write_gradebook(output: Path, results: Kept, exercises: Sequence[Exercise], options: Namespace) -> None:
    """Write what Moodle or Canvas reads, where the command line asks for it."""
    if options.csv == "moodle":
        write(output / "grades-moodle.csv", moodle_csv(results, exercises))
    elif options.csv == "canvas":
        write(output / "grades-canvas.csv", canvas_csv(results, exercises, options.assignment))
