"""Small things that the kata remembers between runs, as JSON files in .kata/ of the checkout."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kata.syllabus import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 500_000  # bytes of a log: a thousand runs
_TRIES, _PAUSE = 20, 0.05  # how often, and how many seconds apart, to put a file where one is that is in use


def folder() -> Path:
    """Where the files lie; the environment variable KATA_STATE names another folder (for tests, say)."""
    return Path(os.environ.get("KATA_STATE") or ROOT / ".kata")


def load(name: str) -> dict[str, Any]:
    """Return what was saved under a name; {} where there is nothing or the file is damaged."""
    try:
        data = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def save(name: str, data: dict[str, Any], private: bool = False) -> None:
    """Save a dict of plain data, whole or not at all. A checkout that cannot be written to is no error.

    Args:
        private: whether nobody else on this machine may read it.
    """
    with contextlib.suppress(OSError):  # only memory is lost, never a result of this run
        write_whole(folder() / f"{name}.json", json.dumps(data, indent=1), private)


def write_whole(path: Path, text: str, private: bool = False) -> None:
    """Write a file whole or not at all, and its folder where there is none.

    Args:
        private: as of `save`.

    Raises:
        OSError: it cannot be written. On Windows: another program, such as an editor, has it open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    try:
        if private:  # from the first moment on
            partial.unlink(missing_ok=True)
            partial.touch(0o600)
        partial.write_text(text, encoding="utf-8", newline="\n")
        _replace(partial, path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


def _replace(source: Path, target: Path) -> None:
    # Windows replaces no file that is open, and a virus scanner opens each one for a moment.
    for _ in range(_TRIES - 1):
        try:
            source.replace(target)
            return
        except PermissionError:
            time.sleep(_PAUSE)
    source.replace(target)


def append(name: str, line: str) -> None:
    """Append a line of text to a log. Runs that end at the same time do not mix their lines, a line that a full disk
    cut off spoils no other, and of an old and long log the older part is forgotten.
    """
    path = folder() / f"{name}.jsonl"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            os.write(file, f"\n{line}\n".encode())  # in one go, to wherever the end is then
        finally:
            os.close(file)
        if path.stat().st_size > LONG:
            _put_aside(path)


def lines(name: str) -> list[str]:
    """The lines of a log, the oldest first."""
    path = folder() / f"{name}.jsonl"
    found: list[str] = []
    for part in (path.with_suffix(".old"), path):
        with contextlib.suppress(OSError):
            found += part.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in found if line]


def _put_aside(path: Path) -> None:
    """Begin a log anew, and keep the last one beside it."""
    lock = path.with_suffix(".lock")
    with contextlib.suppress(OSError):
        if time.time() - lock.stat().st_mtime > 60:
            lock.unlink()  # somebody was killed here
    os.close(os.open(lock, os.O_CREAT | os.O_EXCL))  # an OSError where another run is about to do it
    try:
        if path.stat().st_size > LONG:
            path.replace(path.with_suffix(".old"))
    finally:
        lock.unlink()


@contextlib.contextmanager
def held(name: str) -> Iterator[bool]:
    """Hold a name while this is open, as one process at a time can; it is free again however that process ends.

    Yields:
        Whether it is held: False where another process holds it, or where nothing can be written.
    """
    try:
        folder().mkdir(parents=True, exist_ok=True)
        file = os.open(folder() / f"{name}.held", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield False
        return
    try:
        yield _lock(file)
    finally:
        os.close(file)


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def keep(path: Path) -> Path:
    """Copy a file to the backups, where nothing is ever written over. Returns the copy's path."""
    number, backups = 1, folder() / "backups"
    while (backup := backups / f"{path.stem}.{number}{path.suffix}").exists():
        number += 1
    backups.mkdir(parents=True, exist_ok=True)
    backup.write_bytes(path.read_bytes())
    return backup
