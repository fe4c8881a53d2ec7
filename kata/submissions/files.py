"""Which files of a submission are read, and what is refused of them: collecting.py brings them together."""

import itertools
import os
import re
import stat
from contextlib import contextmanager
from pathlib import Path

from kata.syllabus import EXERCISES

MAX_FILE = 2**17  # bytes of one exercise's file: parsed, they are a thousand times as many
MAX_NOTEBOOK = 2**25  # the same, where it may hold pictures
MAX_NAME = 300  # characters of a path in an archive; a report would repeat it
MAX_LISTED = 20_000  # files of a folder whose names are looked at
_ENCODINGS = r"utf-?8(-sig|-unix|-dos)?|(us-)?ascii|latin-?1?|l1|iso-?8859-\d+(-unix|-dos)?|(cp|windows-)125\d"
_PLACES = "{}/", "", "exercises/{}/"  # of an exercise's files, in the order of kata/answers/folders.py's find_files
FILES = {file for exercise in EXERCISES for file in exercise.files}
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")


class Refused(Exception):
    """A submission that is not read. The text says why, and names what is wrong."""


def printable(name):
    """A name in one line of characters that can be printed and written anywhere."""
    return "".join(
        char if char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF else char.encode("unicode_escape").decode()
        for char in name
    )


def is_archive(name):
    """Whether a file's name is that of an archive that is read."""
    return name.lower().endswith(ARCHIVES)


def is_loose(name):
    """Whether it is a module or a notebook that is not named after an exercise."""
    return name.endswith((".py", ".ipynb")) and name.rpartition("/")[2] not in FILES


def wanted(name):
    """Whether a file may be an exercise's, at most as deep as `clone/exercises/03_losses/losses.py`, or hold some."""
    *folders, file = name.split("/")
    if len(name) > MAX_NAME:
        return False
    if file in FILES:
        return len(folders) <= 3
    return (is_archive(file) or is_loose(file)) and len(folders) <= 1 and not name.startswith(("__MACOSX/", "."))


def choose(names, read):
    """Return {an exercise's file: its bytes}, of all files that there are.

    Args:
        names: their paths, with "/".
        read: function of such a path that returns the file's bytes.
    """
    names = set(names)
    tops = {name.partition("/")[0] for name in names if not name.startswith(("__MACOSX/", "."))}
    prefixes = [""] + ([f"{tops.pop()}/"] if len(tops) == 1 else [])
    for prefix in prefixes:
        found = {}
        for exercise in EXERCISES:
            for place in _PLACES:
                here = [prefix + place.format(exercise.folder) + file for file in exercise.files]
                if any(name in names for name in here):
                    for name, file in zip(here, exercise.files, strict=True):
                        if name in names:
                            found[f"{exercise.folder}/{file}"] = read(name)
                    break
        if found:
            return found
    return {}


class Folder:
    """The files in a folder that are read, as kata/submissions/archives.py's Archive has them.

    Args:
        path: where it lies.

    Attributes:
        names: the paths of its exercises' files; and of all files that lie in it directly, or in its one folder.

    Raises:
        Refused: a link in the place of an exercise's file, or on the way to it.
    """

    def __init__(self, path):
        self.path = path
        places = [place.format(each.folder) + file for each in EXERCISES for place in _PLACES for file in each.files]
        entries = _visible(path)
        beside = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        folders = [entry for entry in entries if entry.name not in beside and entry.name != "__pycache__"]
        if len(folders) == 1:
            inner = folders[0].name
            places += [f"{inner}/{place}" for place in places]
            if not beside and folders[0].is_dir(follow_symlinks=False):
                beside = [
                    f"{inner}/{entry.name}"
                    for entry in _visible(path / inner)
                    if entry.is_file(follow_symlinks=False)
                ]
        self.names = list(dict.fromkeys([place for place in places if _is_file(path, place)] + sorted(beside)))

    def everything(self):
        """The paths of all files in it, however deep they lie; of more than MAX_LISTED the first ones."""
        files = (Path(top, file).relative_to(self.path) for top, _, files in os.walk(self.path) for file in files)
        return [path.as_posix() for path in itertools.islice(files, MAX_LISTED)]

    def read(self, name, limit=None):
        """Return the bytes of a file.

        Raises:
            Refused: they are more than `limit`, or than a file with this name may have.
        """
        with opened(self.path / name) as file:
            return limited(file, name, limit)


def _visible(folder):
    return [entry for entry in os.scandir(folder) if not entry.name.startswith((".", "__MACOSX"))]


def _is_file(folder, place):
    path = folder
    for part in place.split("/"):
        path = path / part
        try:
            mode = path.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return False
        if stat.S_ISLNK(mode):
            raise Refused(f"{printable(place)} is, or leads through, a link")
    if not stat.S_ISREG(mode):
        raise Refused(f"{printable(place)} is no regular file")
    return True


@contextmanager
def opened(path):
    """Open a file for reading, and no link or pipe in its place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(f"{printable(path.name)} is no regular file")
        yield file


def limit_of(name):
    """How many bytes a file with this name may have."""
    return MAX_NOTEBOOK if name.endswith(".ipynb") else MAX_FILE


def too_long(name, limit):
    """What is said of a file with more bytes."""
    hint = ": clear its outputs" if name.endswith(".ipynb") else ""
    return f"{printable(name)} has more than {limit:,} bytes{hint}"


def limited(file, name, limit=None):
    """Read a file that may not be long.

    Raises:
        Refused: it is.
    """
    limit = limit or limit_of(name)
    content = file.read(limit + 1)
    if len(content) > limit:
        raise Refused(too_long(name, limit))
    return content


def check_encoding(content, name):
    """See that a Python file's encoding is a usual one. Some codecs run for hours on a file that is made for them.

    Raises:
        Refused: it is not.
    """
    if not name.endswith(".py"):
        return
    for line in content.splitlines()[:2]:  # at a lone \r, too, as Python parts them
        found = re.match(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", line)
        if found and not re.fullmatch(_ENCODINGS, found[1].decode().lower().replace("_", "-")):
            raise Refused(f"{printable(name)} is written in {found[1].decode()}: save it as UTF-8")
