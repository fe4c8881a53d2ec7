"""Whose is what: the submissions in a folder, as people lay them out and as Moodle and Canvas name their downloads.

Moodle gives each student a folder, or a prefix to each file: `Ann Lee_123_assignsubmission_file_`. Canvas gives each
file a prefix, with its own number, which grows: `leeann_LATE_123_4567_losses-1.py`. A group or an anonymous student
is named in the same way.
"""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kata.submissions.files import ARCHIVES, printable
from kata.syllabus import BY_TOPIC

_MOODLE = re.compile(r"(?P<student>[^_]+)(_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(_(?P<rest>.*))?", re.S)
_CANVAS_NAME = (
    r"((?P<student>\w+{})_){}((?P<late>LATE|late)_)?(?P<number>\d+|anon_[^\W_]+)"
    r"_((?P<order>\d+)_(?P<rest>.+)|(?P<text>text|link)\.html)"
)
_CANVAS = re.compile(_CANVAS_NAME.format("?", "??"), re.S)
_CANVAS_LAST = re.compile(
    _CANVAS_NAME.format("(?<!_LATE)(?<!_late)", "?"), re.S
)  # of several numbers the last one that it can be
_BY_HAND = re.compile(rf"(?P<student>.+?)[ _-]+(?P<rest>({'|'.join(BY_TOPIC)})\.(py|ipynb))", re.S)
_TEXT = "a text was typed into {}: it is not judged, only files are"


@dataclass(frozen=True)
class Part:
    """A folder or a file that somebody handed in.

    Attributes:
        path: where it lies; name: what its owner called it: "losses.py", "kata.zip", "" for a folder.
        order: of two hand-ins, the one with the higher number is the newer one.
    """

    path: Path
    name: str
    order: int = 0


@dataclass(frozen=True)
class Submission:
    """What somebody handed in.

    Attributes:
        name: what it is called in all that comes out; place: the name of its folder in the output.
        parts: what it consists of; notes: what its names say of it, such as "handed in late".
        platform: "moodle", "canvas" or ""; number: what the platform calls its owner.
    """

    name: str
    place: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    platform: str = ""
    number: str = ""

    def task(self):
        """Parts and notes as plain data, for `parts_of` in another process."""
        parts = [[os.fsencode(part.path).hex(), os.fsencode(part.name).hex(), part.order] for part in self.parts]
        return {"parts": parts, "notes": list(self.notes)}


def parts_of(plain):
    """The Parts of a task, see Submission."""
    named = [[os.fsdecode(bytes.fromhex(text)) for text in part[:2]] + part[2:] for part in plain]
    return [Part(Path(path), name, order) for path, name, order in named]


@dataclass
class _Named:
    """What the name of an entry says: all entries with the same key are one submission's."""

    key: tuple[str, ...]
    student: str
    part: Part | None = None
    platform: str = ""
    number: str = ""
    late: bool = False
    note: str = ""


def find_submissions(folder):
    """Return the Submissions in a folder, in the order of their names. Hidden files are none."""
    entries = [entry for entry in Path(folder).iterdir() if not entry.name.startswith((".", "__MACOSX"))]
    entries.sort(key=lambda entry: os.fsencode(entry.name))
    canvas, groups = _canvas(entries), {}
    for entry in entries:
        named = canvas.get(entry) or _moodle(entry) or _by_hand(entry)
        groups.setdefault(named.key, []).append(named)
    return _submissions(list(groups.values()))


def _submissions(groups):
    found, names, places = [], set(), set()
    students = Counter(group[0].student for group in groups)
    for group in groups:
        first = group[0]
        name = first.student
        if students[name] > 1 and (first.number or first.part):
            name = f"{name} ({first.number})" if first.number else first.part.path.name
        name = printable(name)
        while name in names:  # and again, since what it is told apart by may be somebody's name
            name = f"{name} ({_fingerprint(name)})"
        names.add(name)
        place = _place(name)
        while place.casefold() in places:
            place = f"{place[:100]}-{_fingerprint(place + name)}"
        places.add(place.casefold())
        newest = max(group, key=lambda named: named.part.order if named.part else -1)
        notes = ["handed in late"] * newest.late + [named.note for named in group if named.note]
        parts = tuple(named.part for named in group if named.part)
        found.append(Submission(name, place, parts, tuple(dict.fromkeys(notes)), first.platform, first.number))
    return found


def _moodle(entry):
    read = _MOODLE.fullmatch(entry.name)
    if not read:
        return None
    number = read["number"] or ""
    named = _Named(("moodle", number, read["student"]), read["student"], None, "moodle", number)
    if read["kind"] == "file":
        named.part = Part(entry, read["rest"] or "")
    elif read["kind"] == "onlinetext":
        named.note = _TEXT.format("Moodle")
    return named


def _canvas(entries):
    """{entry: _Named} of those that Canvas has named. A number belongs to one student: else it is a date, say."""
    read = {entry: _CANVAS.fullmatch(entry.name) for entry in entries if not entry.is_dir()}
    read = {entry: match for entry, match in read.items() if match}
    last = {entry: _CANVAS_LAST.fullmatch(entry.name) for entry in read}
    sure = _owners({entry: match for entry, match in read.items() if match["number"] == last[entry]["number"]})
    for entry, match in read.items():
        # Somebody's name ends with another one's number: x_12, whose number is 14, in x_12_14_56_losses.py.
        if match["student"] not in sure.get(match["number"], {match["student"]}):
            read[entry] = last[entry]
    students = _owners(read)
    found = {}
    for entry, match in read.items():
        number, student = match["number"], match["student"] or match["number"]
        if len(students[number]) == 1:
            named = found[entry] = _Named(("canvas", number), student, None, "canvas", number, bool(match["late"]))
            if match["text"]:
                named.note = _TEXT.format("Canvas")
            else:
                named.part = Part(entry, match["rest"], int(match["order"]))
    return found


def _owners(read):
    """{number: the students whose it is}."""
    students = {}
    for match in read.values():
        students.setdefault(match["number"], set()).add(match["student"])
    return students


def _by_hand(entry):
    """`alice`, `alice.zip`, `alice.py`; or `alice_losses.py`, with `alice_pairings.py` beside it."""
    if entry.is_dir() and not entry.is_symlink():
        return _Named(("", entry.name), entry.name, Part(entry, ""))
    read = _BY_HAND.fullmatch(entry.name)
    if read:
        return _Named(("files", read["student"]), read["student"], Part(entry, read["rest"]))
    ends = (*ARCHIVES, ".py", ".ipynb")
    stem = next((entry.name[: -len(end)] for end in ends if entry.name.lower().endswith(end)), entry.name)
    return _Named(("", entry.name), stem, Part(entry, entry.name))


def _place(name):
    plain = re.sub(r"[^\w .@+-]", "_", unicodedata.normalize("NFC", name)).strip(" .")
    ours = ("grades", "index.html", "junit", "run.json")
    taken = plain.casefold().startswith(ours) or plain.startswith(("-", ".", "_"))
    if plain == name and not taken and len(plain.encode()) <= 120:
        return plain
    plain = plain.encode()[:100].decode(errors="ignore").strip(" .-_") or "submission"
    return f"{plain}-{_fingerprint(name)}"


def _fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def is_download(names):
    """Whether the paths in an archive are those of the submissions of a whole class."""
    tops = {name.partition("/")[0] for name in names}
    if any(_MOODLE.fullmatch(top) for top in tops):
        return True
    numbers = set()
    for top in tops:
        match = _CANVAS.fullmatch(top[:300])  # no file system takes more
        if not match:
            return False
        numbers.add(match["number"])
    return len(numbers) > 1
