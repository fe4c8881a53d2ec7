"""What was handed in: folders and archives, and the exercises' files in them. Nothing else of them is ever read."""

import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kata.syllabus import EXERCISES

MAX_FILE = 2**20  # bytes of one exercise's file
_ENCODINGS = r"utf-?8(-sig|-unix|-dos)?|(us-)?ascii|latin-?1?|l1|iso-?8859-\d+(-unix|-dos)?|(cp|windows-)125\d"
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")


class Refused(Exception):
    """A submission that is not read. The text says why, and names what is wrong."""


@dataclass(frozen=True)
class Submission:
    """What somebody handed in.

    Attributes:
        name: what it is called in all that comes out; path: where it lies.
        place: the name of its folder in the output.
    """

    name: str
    place: str
    path: Path


def find_submissions(folder):
    """Return the Submissions in a folder, in the order of their names. Hidden files are none."""
    entries = [entry for entry in Path(folder).iterdir() if not entry.name.startswith(".")]
    found, names, places = [], set(), set()
    stems = Counter(_stem(entry) for entry in entries)
    for entry in sorted(entries, key=lambda entry: os.fsencode(entry.name)):
        stem = _stem(entry)
        name = printable(stem if stems[stem] == 1 else entry.name)
        if name in names:
            name = f"{name} ({hashlib.sha256(os.fsencode(entry.name)).hexdigest()[:12]})"
        names.add(name)
        place = _place(name)
        if place.casefold() in places:
            place = f"{place[:100]}-{hashlib.sha256(os.fsencode(entry.name)).hexdigest()[:12]}"
        places.add(place.casefold())
        found.append(Submission(name, place, entry))
    return found


def _stem(entry):
    if entry.is_dir() and not entry.is_symlink():
        return entry.name
    return next((entry.name[: -len(end)] for end in ARCHIVES if entry.name.lower().endswith(end)), entry.name)


def printable(name):
    """A name in one line of characters that can be printed and written anywhere."""
    return "".join(
        char if char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF else char.encode("unicode_escape").decode()
        for char in name
    )


def _place(name):
    plain = re.sub(r"[^\w .@+-]", "_", unicodedata.normalize("NFC", name)).strip(" .")
    ours = ("grades", "index.html", "junit", "run.json")
    taken = plain.casefold().startswith(ours) or plain.startswith(("-", ".", "_"))
    if plain == name and not taken and len(plain.encode()) <= 120:
        return plain
    plain = plain.encode()[:100].decode(errors="ignore").strip(" .-_") or "submission"
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def collect(path):
    """Return {path of an exercise's file, as in `03_losses/losses.py`: its bytes} of a submission.

    Files lie in the exercises' folders, flat, or in the folder `exercises` of a whole clone, and all of that may lie
    in one folder more. What was not handed in is not there.

    Raises:
        Refused: a link, a path that leads outside, too much of something, or nothing that can be read.
    """
    path = Path(path)
    try:
        if path.is_symlink():
            raise Refused("it is a link")
        if path.is_dir():
            return _from_folder(path)
        if path.name.lower().endswith(ARCHIVES):
            from kata.archives import read_archive

            return choose(*read_archive(path))
    except OSError as error:
        raise Refused(f"it cannot be read: {error.strerror or error}") from None
    raise Refused("it is neither a folder nor a zip or tar archive")


def digest(files):
    """A fingerprint of what `collect` returned."""
    hashed = hashlib.sha256()
    for name, content in sorted(files.items()):
        hashed.update(f"{name} {len(content)} ".encode() + content)
    return hashed.hexdigest()


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
            for place in _places(exercise):
                if prefix + place in names:
                    found[f"{exercise.folder}/{exercise.topic}.py"] = read(prefix + place)
                    break
        if found:
            return found
    return {}


def _places(exercise):
    # In the order of kata/folders.py's find_file.
    file = f"{exercise.topic}.py"
    return f"{exercise.folder}/{file}", file, f"exercises/{exercise.folder}/{file}"


def _from_folder(folder):
    places = [place for exercise in EXERCISES for place in _places(exercise)]
    inner = [entry.name for entry in os.scandir(folder) if not entry.name.startswith((".", "__MACOSX"))]
    if len(inner) == 1:
        places += [f"{inner[0]}/{place}" for place in places]
    return choose([place for place in places if _is_file(folder, place)], lambda place: _read(folder / place))


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


def _read(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return limited(file, path.name)


def limited(file, name):
    """Read a file that may not be long.

    Raises:
        Refused: it is.
    """
    content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise Refused(f"{printable(name)} has more than {MAX_FILE:,} bytes")
    # Some codecs run for hours on a file that is made for them.
    for line in content.split(b"\n", 2)[:2]:
        found = re.match(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", line)
        if found and not re.fullmatch(_ENCODINGS, found[1].decode().lower().replace("_", "-")):
            raise Refused(f"{printable(name)} is written in {found[1].decode()}: save it as UTF-8")
    return content
