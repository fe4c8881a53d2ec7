"""Whose is what: the submissions in a folder, as people lay them out and as platforms name their downloads."""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kata.submissions.files import ARCHIVES, is_leaving, printable
from kata.submissions.names import decode
from kata.submissions.prefixes import Named, Part, of_blackboard, of_brightspace, of_canvas, of_moodle
from kata.submissions.topics import begins_with_topic, owner_behind_topic, stem_of


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

    def task(self) -> dict[str, Any]:
        """Parts and notes as plain data, for `parts_of` in another process."""
        parts = [[os.fsencode(part.path).hex(), os.fsencode(part.name).hex(), part.order] for part in self.parts]
        return {"parts": parts, "notes": list(self.notes)}


def parts_of(plain: list[list[Any]]) -> list[Part]:
    """The Parts of a task, see Submission."""
    named = [[os.fsdecode(bytes.fromhex(text)) for text in part[:2]] + part[2:] for part in plain]
    return [Part(Path(path), name, order) for path, name, order in named]


def find_submissions(folder: Path) -> list[Submission]:
    """Return the Submissions in a folder, in the order of their names. What systems leave behind is none."""
    entries = [entry for entry in Path(folder).iterdir() if not is_leaving(entry.name)]
    entries.sort(key=lambda entry: os.fsencode(entry.name))
    names = dict(zip(entries, decode([os.fsencode(entry.name) for entry in entries]), strict=True))
    read: dict[Path, Named | None] = {**of_canvas(names), **of_blackboard(names), **of_brightspace(names)}
    groups = dict[tuple[str, ...], list[Named]]()
    for entry, name in names.items():
        named = read[entry] if entry in read else of_moodle(entry, name) or _by_hand(entry, name)
        if named is None:
            continue
        groups.setdefault(named.key, []).append(named)
    return _submissions(list(groups.values()), names)


def _submissions(groups: list[list[Named]], texts: dict[Path, str]) -> list[Submission]:
    found, names, places = list[Submission](), set[str](), set[str]()
    students = Counter(group[0].student for group in groups)
    for group in groups:
        first = group[0]
        name = first.student
        if students[name] > 1 and (first.number or first.part):
            name = f"{name} ({first.number})" if first.part is None or first.number else texts[first.part.path]
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


def _by_hand(entry: Path, name: str) -> Named:
    """`alice`, `alice.zip`, `alice.py`; or `alice_losses.py`, with `pairings_alice.py` beside it."""
    own = ("", os.fsencode(entry.name).hex())
    if entry.is_dir() and not entry.is_symlink():
        return Named(own, name, Part(entry, ""))
    end = next((end for end in ARCHIVES if name.lower().endswith(end)), "")
    stem = name[: len(name) - len(end)] if end else stem_of(name)
    known = stem + ".py" if end else name
    for separator in re.finditer(r"(?<=.)[ _-]+", known):
        student, rest = known[: separator.start()], known[separator.end() :]
        if begins_with_topic(rest):
            return Named(("files", student), student, Part(entry, name[separator.end() :]))
    if (end or known != stem) and (owner := owner_behind_topic(stem)):
        return Named(("files", owner), owner, Part(entry, name))
    return Named(own, stem, Part(entry, name))


def _place(name: str) -> str:
    plain = re.sub(r"[^\w .@+-]", "_", unicodedata.normalize("NFC", name)).strip(" .")
    ours = ("grades", "index.html", "junit", "run.json")
    taken = plain.casefold().startswith(ours) or plain.startswith(("-", ".", "_"))
    if plain == name and not taken and len(plain.encode()) <= 120:
        return plain
    plain = plain.encode()[:100].decode(errors="ignore").strip(" .-_") or "submission"
    return f"{plain}-{_fingerprint(name)}"


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
