"""The files of a submission that may be an exercise's, from all the folders, archives and files that it consists of.

Files that are named after an exercise come first, and then, where an exercise has none, those beside them that have
its functions. What is in an archive beside them is as if it lay there. What is read in another way than its owner
named it, and what is not read, stands in the notes. Which of several files counts is known in staging.py.
"""

import hashlib
import io
from collections.abc import Iterable

from kata.submissions.archives import MAX_ARCHIVE, Archive, Budget
from kata.submissions.candidates import (
    BY_ITS_FUNCTIONS,
    MAX_CANDIDATES,
    NAMED,
    Candidate,
    as_files,
    by_exercise,
    clones_in,
    is_ours,
    named_files,
)
from kata.submissions.files import Folder, Refused, is_archive, is_loose, limited, opened, printable
from kata.submissions.prefixes import Part, is_download
from kata.submissions.topics import exercises_in, hints_at, kind_of, named_after
from kata.syllabus import EXERCISES, Exercise

MAX_NESTED = 2  # an archive in an archive
MAX_KEPT = 2**26  # bytes of all files that may be an exercise's
MAX_INNER = 20  # archives in a folder or an archive
_SHOWN = 5  # names in a note
_UNREAD = (".rar", ".7z", ".gz", ".xz", ".zst")
_WHERE = "it is not where an exercise's file is looked for, such as 03_losses/losses.py or losses.py"
_HOW = "an answer is .py or .ipynb files, or a zip or tar archive of them"


class _Unlike(Refused):
    """A file that is nothing that could be judged: it does no harm beside others."""


def collect(parts: Iterable[Part]) -> tuple[dict[str, bytes], list[str]]:
    """Return (files, notes) of a submission.

    Args:
        parts: its Parts, of kata/submissions/layouts.py.

    Returns:
        {path of an exercise's file, as in `03_losses/losses.py`: its bytes}, without what was not handed in, and with
        more behind the path where several may be meant (see candidates.py); and what there is to say of them, as
        sentences.

    Raises:
        Refused: a link, a path that leads outside, too much of something, or nothing that can be read.
    """
    collector = _Collector()
    found, unlike, is_anything = list[Candidate](), list[_Unlike](), False
    for part in sorted(parts, key=lambda part: part.order):
        try:
            found += collector.read(part)
            is_anything = True
        except _Unlike as error:
            unlike.append(error)
        except OSError as error:
            raise Refused(f"it cannot be read: {error.strerror or error}") from None
    if unlike and not is_anything:
        raise unlike[0]
    notes = [f"not read: {error}" for error in unlike] + collector.notes
    groups = by_exercise(found)
    for each in (group[0] for group in groups.values() if len(group) == 1):
        if each.is_renamed:
            notes.append(f"{each.place} is taken for {each.file}")
    return as_files(groups), list(dict.fromkeys(notes))


def digest(files: dict[str, bytes], notes: list[str]) -> str:
    """A fingerprint of what `collect` returned."""
    hashed = hashlib.sha256("\n".join(notes).encode(errors="surrogatepass"))
    for name, content in sorted(files.items()):
        hashed.update(f"{name} {len(content)} ".encode() + content)
    return hashed.hexdigest()


class _Collector:
    def __init__(self) -> None:
        self.budget, self.notes, self.kept = Budget(), list[str](), 0

    def read(self, part: Part) -> list[Candidate]:
        """Return the candidates of a Part."""
        if part.path.is_symlink():
            raise Refused("it is a link")
        if part.path.is_dir():
            return self._search(Folder(part.path), 0, part.order)
        name = printable(part.name)
        if is_archive(part.name):
            with opened(part.path) as file:
                return self._search(Archive(file, part.name, self.budget), 1, part.order)
        if not kind_of(part.name):
            raise _Unlike(f"{name} is neither a folder, nor a zip or tar archive, nor an exercise's file")
        with opened(part.path) as file:
            content = limited(file, part.name)
        exercise = named_after(part.name)
        exercises = [exercise] if exercise else exercises_in(content)
        if not exercises:
            raise _Unlike(f"{name} is not named after an exercise, and has none of its functions")
        if len(exercises) > 1:
            self._several(name, exercises)
        return [self._keep(Candidate(exercises[0], name, content, NAMED, part.order))]

    def _keep(self, candidate: Candidate) -> Candidate:
        self.kept += len(candidate.content)
        if self.kept > MAX_KEPT:
            raise Refused(f"its files have more than {MAX_KEPT:,} bytes in all: clear the notebooks' outputs")
        return candidate

    def _search(self, container: Folder | Archive, depth: int, order: int) -> list[Candidate]:
        """The candidates in a Folder or an Archive of this depth."""
        names = container.names
        if is_download(names):
            raise Refused("it is the download of a whole class: name it itself, not the folder that it lies in")
        found = list[Candidate]()
        named = named_files(names)
        for exercise in EXERCISES:
            if sum(each == exercise for _, each, _ in named) > 3 * MAX_CANDIDATES:
                raise Refused(f"more than {3 * MAX_CANDIDATES} files that are named after {exercise.folder}")
        for name, exercise, far in named:
            try:
                content = container.read(name)
            except Refused as refused:
                if far == NAMED:
                    raise
                self._not_read(name, str(refused))
                continue
            found.append(self._keep(Candidate(exercise, printable(name), content, far, order)))
        beside = _beside(names)
        has_named = bool(found)
        found += self._loose(container, [name for name in beside if is_loose(name)], has_named, order)
        for name in [name for name in beside if is_archive(name)][:MAX_INNER]:
            found += self._inner(container, name, depth + 1, bool(found), order)
        self._tell_of_the_rest(names, {name for name, _, _ in named}, found)
        return found

    def _loose(self, container: Folder | Archive, names: list[str], has_named: bool, order: int) -> list[Candidate]:
        found = list[Candidate]()
        for name in names:
            try:
                content = container.read(name)
            except Refused as refused:
                if kind_of(name) == "ipynb":  # with pictures, say
                    self._not_read(name, str(refused))
                continue
            exercises = exercises_in(content)
            if len(exercises) > 1:
                if not has_named:
                    self._several(printable(name), exercises)
                self._not_read(name, f"it has functions of {_folders(exercises)}")
            elif exercises:
                found.append(self._keep(Candidate(exercises[0], printable(name), content, BY_ITS_FUNCTIONS, order)))
        return found

    def _inner(
        self, container: Folder | Archive, name: str, depth: int, optional: bool, order: int
    ) -> list[Candidate]:
        before = len(self.notes)
        try:
            if depth > MAX_NESTED:
                raise Refused("an archive in an archive in an archive")
            content = container.read(name, MAX_ARCHIVE)
            inner = self._search(Archive(io.BytesIO(content), name, self.budget), depth, order)
            return [each.in_archive(name) for each in inner]
        except Refused as refused:
            if not optional:
                raise Refused(f"{printable(name)}: {refused}") from None
            del self.notes[before:]
            self.notes.append(f"not read: {printable(name)}: {refused}")
            return []

    def _not_read(self, name: str, why: str) -> None:
        self.notes.append(f"{printable(name)[:300]} is not read: {why}")

    def _several(self, name: str, exercises: list[Exercise]) -> None:
        raise Refused(f"{name} has functions of {_folders(exercises)}: one file for each exercise, named after it")

    def _tell_of_the_rest(self, names: list[str], read: set[str], found: list[Candidate]) -> None:
        """What may hold an answer and is not read is refused where there is nothing else, and else in the notes."""
        has = {each.exercise for each in found}
        here, clones = set(_beside(names)), clones_in(names)
        unread = {name: _HOW for name in names if name.lower().endswith(_UNREAD) and not is_archive(name)}
        for name in (name for name in names if not is_ours(name, clones) and name not in read):
            exercise = hints_at(name)
            if exercise and kind_of(name):
                unread[name] = _WHERE
            elif exercise and exercise not in has:
                unread[name] = _HOW
            elif is_archive(name) and name not in here:
                unread[name] = "it lies too deep for an archive in a hand-in"
            elif not found and kind_of(name) and name not in here and not clones:
                unread[name] = "it is not named after an exercise, and is not where such a file is looked for"
        for name in sorted(unread)[:_SHOWN]:
            if not found:
                raise Refused(f"{printable(name)[:300]} is not read: {unread[name]}")
            self._not_read(name, unread[name])
        if names and not found:
            shown = ", ".join(sorted(names)[:_SHOWN])
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            self.notes.append(f"no exercise's file is in it, only {printable(shown)[:300]}{more}")


def _folders(exercises: list[Exercise]) -> str:
    return " and ".join(sorted(exercise.folder for exercise in exercises))


def _beside(names: list[str]) -> list[str]:
    """Of all paths, those that lie at the top, or in the one folder that holds all that may be an answer."""
    possible = [name for name in names if kind_of(name) or is_archive(name)]
    tops = {name.partition("/")[0] for name in possible}
    prefix = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in possible) else ""
    return sorted(name for name in names if name.startswith(prefix) and "/" not in name.removeprefix(prefix))
