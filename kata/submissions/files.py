"""The files of a submission that are read, of a folder or one by one, and how much of them: see collecting.py."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kata.submissions.topics import kind_of, may_hold_code, named_after
from kata.syllabus import EXERCISES

MAX_FILE = 2**17  # bytes of one exercise's file: parsed, they are a thousand times as many
MAX_NOTEBOOK = 2**25  # the same, where it may hold pictures
MAX_NAME = 300  # characters of a path in an archive; a report would repeat it
MAX_LISTED = 20_000  # files of a folder whose names are looked at
MAX_WALKED = 100  # folders in folders; an exercise's file lies in few of them, and Python walks through no thousand
MAX_DEPTH = 4  # folders that an exercise's file lies in, as in `hand-in/clone/exercises/03_losses/losses.py`
# Letters and signs with nothing to see: fillers, blanks, and what only chooses the shape of a sign before it.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U00013441\U00013442\U00016fe4\U0001d159\U000e0100-\U000e01ef]"
)
# What systems, programs and platforms leave beside what people hand in: nobody's work, and nothing to tell of.
_LEAVINGS = re.compile(
    r"\..*"  # hidden: .DS_Store, ._losses.py, .git, .ipynb_checkpoints, .~lock.essay.docx#
    r"|__macosx|__pycache__|site-packages|node_modules|venv|lost\+found"
    r"|desktop\.ini|(eh)?thumbs(_\w+)?\.db|icon[\r\uf00d]|autorun\.inf"
    r"|\$recycle\.bin|system volume information|@eadir"
    r"|~\$.*|~.*\.tmp|.*\.(lnk|url|webloc|sw[op]|py[co])"
    r"|submission_metadata\.(yml|yaml|json)",
    re.IGNORECASE | re.DOTALL,
)
# Backups, and what was not downloaded whole: where it is all that there is of an exercise, it is told of.
_REST = re.compile(r".*(~|\.(part|partial|crdownload|download|tmp))", re.IGNORECASE | re.DOTALL)
_FOLDERS = {exercise.folder for exercise in EXERCISES} | {"exercises"}
OURS = ("solutions", "tests", "kata", "datasets", "record")  # what a whole clone holds beside exercises/
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


def is_leaving(name: str) -> bool:
    """Whether a file or a folder with this name, without those that it lies in, is something left behind."""
    return bool(_LEAVINGS.fullmatch(name) or (_REST.fullmatch(name) and not may_hold_code(name)))


def is_visible(path: str) -> bool:
    """Whether a path, with "/", leads through nothing that is left behind."""
    return not any(is_leaving(part) for part in path.split("/"))


class Refused(Exception):
    """A submission that is not read. The text says why, and names what is wrong."""


class TooMany(Refused):
    """A file that is not looked at, since there are too many of its kind."""


def printable(name: str) -> str:
    """A name in one line of characters that can be printed, written anywhere, and seen: no two look the same."""
    return "".join(
        char
        if char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF and not _UNSEEN.match(char)
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


def is_looked_at(name: str) -> bool:
    """Whether what is in a file may say that it is an exercise's, or would be one: more than `is_wanted`."""
    *folders, file = name.split("/")
    if len(name) > MAX_NAME or len(folders) > MAX_DEPTH or any(folder in OURS for folder in folders):
        return False
    return is_loose(file) or may_hold_code(file) is not None


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
            if inside.count("/") > MAX_WALKED:
                del folders[:]
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
