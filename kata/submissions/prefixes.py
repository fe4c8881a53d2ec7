"""What platforms put before the names of hand-ins: whose they are, and which one is the newest.

Moodle gives each student a folder, or a prefix to each file: `Ann Lee_123_assignsubmission_file_`. Canvas gives each
file a prefix, with its own number, which grows: `leeann_LATE_123_4567_losses-1.py`. A group or an anonymous student
is named in the same way. Blackboard gives each file a prefix with the assignment, the student and the time, and adds
a file that says the same; Brightspace gives each hand-in a folder that is named after a number, the student and the
time, or a prefix to each file, and adds a page.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kata.submissions.files import is_visible

_MOODLE = re.compile(r"(?P<student>[^_]+)(_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(_(?P<rest>.*))?", re.S)
_CANVAS_NAME = (
    r"((?P<student>\w+{})_){}((?P<late>LATE|late)_)?(?P<number>\d+|anon_[^\W_]+)"
    r"_((?P<order>\d+)_(?P<rest>.+)|(?P<text>text|link)\.html)"
)
_CANVAS = re.compile(_CANVAS_NAME.format("?", "??"), re.S)
_CANVAS_LAST = re.compile(
    _CANVAS_NAME.format("(?<!_LATE)(?<!_late)", "?"), re.S
)  # of several numbers the last one that it can be
_BLACKBOARD = re.compile(r"(?P<who>.+)_attempt_(?P<when>\d{4}(-\d\d){5})(_(?P<rest>.+)|\.txt)", re.S)
_BRIGHTSPACE = re.compile(
    r"(?P<number>\d+-\d+) - (?P<student>.+?) ?- (?P<when>[^-]*\b\d{4}\b[^-]*?)( - (?P<rest>.+))?", re.S
)
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


@dataclass
class Named:
    """What the name of an entry says: all entries with the same key are one submission's."""

    key: tuple[str, ...]
    student: str
    part: Part | None = None
    platform: str = ""
    number: str = ""
    late: bool = False
    note: str = ""


def of_moodle(entry: Path, name: str) -> Named | None:
    """What a name of Moodle's says of an entry; None of any other."""
    read = _MOODLE.fullmatch(name)
    if not read:
        return None
    number = read["number"] or ""
    named = Named(("moodle", number, read["student"]), read["student"], None, "moodle", number)
    if read["kind"] == "file":
        named.part = Part(entry, read["rest"] or "")
    elif read["kind"] == "onlinetext":
        named.note = _TEXT.format("Moodle")
    return named


def of_canvas(entries: dict[Path, str]) -> dict[Path, Named]:
    """{entry: Named} of those that Canvas has named. A number belongs to one student: else it is a date, say."""
    files = {entry: name for entry, name in entries.items() if not entry.is_dir()}
    read = {entry: match for entry, name in files.items() if (match := _CANVAS.fullmatch(name))}
    last = {entry: match for entry in read if (match := _CANVAS_LAST.fullmatch(files[entry]))}
    sure = _owners({entry: match for entry, match in read.items() if match["number"] == last[entry]["number"]})
    for entry, match in read.items():
        # Somebody's name ends with another one's number: x_12, whose number is 14, in x_12_14_56_losses.py.
        if match["student"] not in sure.get(match["number"], {match["student"]}):
            read[entry] = last[entry]
    students = _owners(read)
    found = dict[Path, Named]()
    for entry, match in read.items():
        number, student = match["number"], match["student"] or match["number"]
        if len(students[number]) == 1:
            named = found[entry] = Named(("canvas", number), student, None, "canvas", number, bool(match["late"]))
            if match["text"]:
                named.note = _TEXT.format("Canvas")
            else:
                named.part = Part(entry, match["rest"], int(match["order"]))
    return found


def of_blackboard(entries: dict[Path, str]) -> dict[Path, Named]:
    """{entry: Named} of those that Blackboard has named. All begin with the assignment's name."""
    read = {entry: match for entry, name in entries.items() if (match := _BLACKBOARD.fullmatch(name))}
    people = {match["who"] for match in read.values()}
    first, last = min(people, default=""), max(people, default="")
    same = len(first) if first == last else next(n for n in range(len(last)) if first[n : n + 1] != last[n])
    begin = first.rfind("_", 0, same) + 1
    sent = {match["who"] for match in read.values() if match["rest"]}
    found = dict[Path, Named]()
    for entry, match in read.items():
        named = found[entry] = Named(("blackboard", match["who"]), match["who"][begin:])
        if match["rest"]:
            named.part = Part(entry, match["rest"], int(match["when"].replace("-", "")))
        elif match["who"] not in sent:
            named.note = _TEXT.format("Blackboard")
    return found


def of_brightspace(entries: dict[Path, str]) -> dict[Path, Named | None]:
    """{entry: Named} of those that Brightspace has named; None for the page that it adds, which is nobody's."""
    found = dict[Path, Named | None]()
    for entry, name in entries.items():
        if match := _BRIGHTSPACE.fullmatch(name):
            number, student = match["number"], match["student"]
            part = Part(entry, match["rest"] or ("" if entry.is_dir() else name), _time(match["when"]))
            found[entry] = Named(("brightspace", number, student), student, part, "", number)
    if found:
        found |= {entry: None for entry, name in entries.items() if name == "index.html"}
    return found


def _time(text: str) -> int:
    """A time as a number that grows; 0 where it is written in another language."""
    with suppress(ValueError):
        return int(datetime.strptime(text.strip(), "%b %d, %Y %I%M %p").strftime("%Y%m%d%H%M"))
    return 0


def _owners(read: dict[Path, re.Match[str]]) -> dict[str, set[str]]:
    """{number: the students whose it is}."""
    students = dict[str, set[str]]()
    for match in read.values():
        students.setdefault(match["number"], set()).add(match["student"])
    return students


def is_download(names: Iterable[str]) -> bool:
    """Whether the paths in an archive are those of the submissions of a whole class."""
    tops = {name.partition("/")[0] for name in names if is_visible(name)}
    if any(_MOODLE.fullmatch(top) for top in tops):
        return True
    numbers = set[str]()
    for top in tops:
        match = _CANVAS.fullmatch(top[:300])  # no file system takes more
        if not match:
            return False
        numbers.add(match["number"])
    return len(numbers) > 1
