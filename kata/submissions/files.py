"""The files of a submission that are read, of a folder or one by one, and how much of them: see collecting.py."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kata.submissions.leavings import is_leaving
from kata.submissions.topics import kind_of, named_after
from kata.syllabus import EXERCISES

MAX_FILE = 2**17  # bytes of one exercise's file: parsed, they are a thousand times as many
MAX_NOTEBOOK = 2**25  # the same, where it may hold pictures
MAX_NAME = 300  # characters of a path in an archive; a report would repeat it
MAX_LISTED = 20_000  # files of a folder whose names are looked at
MAX_DEPTH = 4  # folders that an exercise's file lies in, as in `hand-in/clone/exercises/03_losses/losses.py`
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and signs with nothing to see
_FOLDERS = {exercise.folder for exercise in EXERCISES} | {"exercises"}
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")


class Refused(Exception):
    """A submission that is not read. The text says why, and names what is wrong."""


def printable(name: str) -> str:
    """A name in one line of characters that can be printed, written anywhere, and seen: no two look the same."""
    return "".join(
        char
        if char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF and char not in _UNSEEN
        else char.encode("unicode_escape").decode()
        for char in name
    )


def is_archive(name: str) -> bool:
    """Whether a file's name is that of an archive that is read."""
    return name.lower().endswith(ARCHIVES)


def is_loose(name: str) -> bool:
    """Whether it is a module or a notebook that is not named after an exercise."""
    return kind_of(name) is not None and named_after(name) is None


def is_wanted(name: str) -> bool:
    """Whether a file may be an exercise's, or hold some: its path, with "/", is no deeper than is looked."""
    folders = name.count("/")
    if len(name) > MAX_NAME:
        return False
    if named_after(name):
        return folders <= MAX_DEPTH
    return (is_archive(name) or is_loose(name)) and folders <= 1


class Folder:
    """The files in a folder, as kata/submissions/archives.py's Archive has them.

    Args:
        path: where it lies.

    Attributes:
        names: the paths of its files, with "/", without what is left behind and without links; of more than
            MAX_LISTED the first ones.

    Raises:
        Refused: a link in the place of an exercise's file, or on the way to it.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.names = path, list[str]()
        for top, folders, files in os.walk(path):
            inside = "" if top == str(path) else f"{Path(top).relative_to(path).as_posix()}/"
            for name in (*folders, *files):
                if (named_after(name) or name in _FOLDERS) and Path(top, name).is_symlink():
                    raise Refused(f"{printable(inside + name)} is, or leads through, a link")
            folders[:] = sorted(name for name in folders if not is_leaving(name))
            listed = sorted(name for name in files if not is_leaving(name) and not Path(top, name).is_symlink())
            self.names += [inside + name for name in listed]
            if len(self.names) > MAX_LISTED:
                del self.names[MAX_LISTED:]
                break

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return the bytes of a file.

        Raises:
            Refused: they are more than `limit`, or than a file with this name may have.
        """
        with opened(self.path / name) as file:
            return limited(file, name, limit)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading, and no link or pipe in its place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(f"{printable(path.name)} is no regular file")
        yield file


def limit_of(name: str) -> int:
    """How many bytes a file with this name may have."""
    return MAX_NOTEBOOK if kind_of(name) == "ipynb" else MAX_FILE


def too_long(name: str, limit: int) -> str:
    """What is said of a file with more bytes."""
    hint = ": clear its outputs" if kind_of(name) == "ipynb" else ""
    return f"{printable(name)} has more than {limit:,} bytes{hint}"


def limited(file: BinaryIO, name: str, limit: int | None = None) -> bytes:
    """Read a file that may not be long.

    Raises:
        Refused: it is.
    """
    limit = limit or limit_of(name)
    content = file.read(limit + 1)
    if len(content) > limit:
        raise Refused(too_long(name, limit))
    return content
