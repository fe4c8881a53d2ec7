"""The files of a submission that may be an exercise's, from all the folders, archives and files that it consists of.

Files that are named after an exercise come first, and then, where an exercise has none, those beside them that have
its functions; and where it still has none, those of all other folders. What is in an archive beside them is as if it
lay there. What is read in another way than its owner named it, and what is not read, stands in the notes. Which of
several files counts is known in staging.py, and so is whether an exercise could not be judged, since what is not read
may be all that there is of it.
"""

import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kata.submissions.archives import MAX_ARCHIVE, MAX_LOOSE, Archive, Budget
from kata.submissions.candidates import (
    BY_ITS_FUNCTIONS,
    FAR_AND_BY_ITS_FUNCTIONS,
    MAX_CANDIDATES,
    NAMED,
    Candidate,
    as_files,
    by_exercise,
    clones_in,
    is_ours,
    named_files,
)
from kata.submissions.files import (
    Folder,
    Refused,
    TooMany,
    is_archive,
    is_looked_at,
    is_loose,
    limited,
    opened,
    printable,
)
from kata.submissions.prefixes import Part, is_download
from kata.submissions.topics import exercises_in, hints_at, kind_of, looks_unwritten, may_hold_code, named_after
from kata.syllabus import EXERCISES, Exercise

MAX_NESTED = 2  # an archive in an archive
MAX_KEPT = 2**26  # bytes of all files that may be an exercise's
MAX_INNER = 20  # archives in a folder or an archive
_SHOWN = 5  # names in a note
_UNREAD = (".rar", ".7z", ".gz", ".xz", ".zst", ".bz2", ".lzma", ".zipx", ".z01", ".001", ".dmg", ".iso")
_WHERE = "it is not where an exercise's file is looked for, such as 03_losses/losses.py or losses.py"
_HOW = "an answer is .py or .ipynb files, or a zip or tar archive of them"


class _Unlike(Refused):
    """A file that is nothing that could be judged: it does no harm beside others."""


class Collected(NamedTuple):
    """What a submission holds.

    files: {path of an exercise's file, as in `03_losses/losses.py`: its bytes}, without what was not handed in, and
        with more behind the path where several may be meant (see candidates.py).
    notes: what there is to say of them, as sentences.
    unread: {topic: what may be all that there is of it, and why it is not read}.
    """

    files: dict[str, bytes]
    notes: list[str]
    unread: dict[str, str]


def collect(parts: Iterable[Part]) -> Collected:
    """Return what a submission holds.

    Args:
        parts: its Parts, of kata/submissions/layouts.py.

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
            if exercise := may_hold_code(part.name):
                collector.may_be(f"not read: {error}", exercise)
            elif part.name.lower().endswith(_UNREAD):
                collector.may_be(f"not read: {error}", *EXERCISES)
        except OSError as error:
            raise Refused(f"it cannot be read: {error.strerror or error}") from None
    if unlike and not is_anything:
        raise unlike[0]
    notes = [f"not read: {error}" for error in unlike] + collector.notes
    groups = by_exercise(found)
    for each in (group[0] for group in groups.values() if len(group) == 1):
        if each.is_renamed:
            notes.append(f"{each.place} is taken for {each.file}")
    return Collected(as_files(groups), list(dict.fromkeys(notes)), collector.unread)


def digest(files: dict[str, bytes], notes: list[str]) -> str:
    """A fingerprint of what `collect` returned."""
    hashed = hashlib.sha256("\n".join(notes).encode(errors="surrogatepass"))
    for name, content in sorted(files.items()):
        hashed.update(f"{name} {len(content)} ".encode() + content)
    return hashed.hexdigest()


class _Collector:
    def __init__(self) -> None:
        self.budget, self.notes, self.kept = Budget(), list[str](), 0
        self.unread: dict[str, str] = {}

    def may_be(self, sentence: str, *exercises: Exercise) -> None:
        """What a sentence speaks of may be all that there is of some exercises."""
        for exercise in exercises:
            if len(exercises) == 1 or exercise.topic not in self.unread:
                self.unread[exercise.topic] = sentence

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
                self._not_read(name, str(refused), exercise)
                continue
            found.append(self._keep(Candidate(exercise, printable(name), content, far, order)))
        beside = _beside(names)
        has_named = bool(found)
        found += self._loose(container, [name for name in beside if is_loose(name)], has_named, order)
        found += self._far(container, sorted(set(names) - set(beside)), clones_in(names), found, order)
        for name in [name for name in beside if is_archive(name)][:MAX_INNER]:
            found += self._inner(container, name, depth + 1, bool(found), order)
        self._tell_of_the_rest(container, {name for name, _, _ in named}, found)
        return found

    def _loose(self, container: Folder | Archive, names: list[str], has_named: bool, order: int) -> list[Candidate]:
        found = list[Candidate]()
        for name in names:
            try:
                content = container.read(name)
            except TooMany:
                continue
            except Refused as refused:  # with pictures, say
                self._not_read(name, str(refused), *EXERCISES)
                continue
            exercises = exercises_in(content)
            if len(exercises) > 1:
                if not has_named:
                    self._several(printable(name), exercises)
                self._not_read(name, f"it has functions of {_folders(exercises)}", *exercises)
            elif exercises:
                found.append(self._keep(Candidate(exercises[0], printable(name), content, BY_ITS_FUNCTIONS, order)))
        return found

    def _far(
        self, container: Folder | Archive, names: list[str], clones: set[str], found: list[Candidate], order: int
    ) -> list[Candidate]:
        """Those that are known by their functions alone, from anywhere, of exercises of which nothing is written."""
        far, lacking = list[Candidate](), _lacking(found)
        loose = [name for name in names if is_loose(name) and is_looked_at(name) and not is_ours(name, clones)]
        for name in loose[:MAX_LOOSE] if lacking else ():
            try:
                content = container.read(name)
            except Refused:
                continue
            exercises = [each for each in exercises_in(content) if each in lacking]
            if len(exercises) > 1:
                self._not_read(name, f"it has functions of {_folders(exercises)}", *exercises)
            elif exercises and not looks_unwritten(content, exercises[0]):
                candidate = Candidate(exercises[0], printable(name), content, FAR_AND_BY_ITS_FUNCTIONS, order)
                far.append(self._keep(candidate))
        return far

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
            self.may_be(self.notes[-1], *EXERCISES)
            return []

    def _not_read(self, name: str, why: str, *exercises: Exercise) -> None:
        """Note that a file is not read, which may be all that there is of some exercises."""
        self.notes.append(f"{printable(name)[:300]} is not read: {why}")
        self.may_be(self.notes[-1], *exercises)

    def _several(self, name: str, exercises: list[Exercise]) -> None:
        raise Refused(f"{name} has functions of {_folders(exercises)}: one file for each exercise, named after it")

    def _tell_of_the_rest(self, container: Folder | Archive, read: set[str], found: list[Candidate]) -> None:
        """What may hold an answer and is not read is refused where there is nothing else, and else in the notes."""
        names, lacking = container.names, _lacking(found)
        here, clones = set(_beside(names)), clones_in(names)
        unread = dict[str, tuple[str, Sequence[Exercise]]]()
        for name in (name for name in names if not is_ours(name, clones) and name not in read):
            exercise = hints_at(name)
            if exercise and kind_of(name):
                unread[name] = _WHERE, [exercise]
            elif exercise and (not found or (exercise in lacking and may_hold_code(name))):
                if not _is_stub(container, name, exercise):
                    unread[name] = _HOW, [exercise]
            elif name.lower().endswith(_UNREAD) and not is_archive(name):
                unread[name] = _HOW, EXERCISES
            elif is_archive(name) and name not in here:
                unread[name] = "it lies too deep for an archive in a hand-in", EXERCISES
            elif not found and kind_of(name) and name not in here and not clones:
                why = "it is not named after an exercise, and is not where such a file is looked for"
                unread[name] = why, ()
        for number, name in enumerate(sorted(unread)):
            why, exercises = unread[name]
            sentence = f"{printable(name)[:300]} is not read: {why}"
            if not found:
                raise Refused(sentence)
            if number < _SHOWN:
                self.notes.append(sentence)
            self.may_be(sentence, *exercises)
        if names and not found:
            shown = ", ".join(sorted(names)[:_SHOWN])
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            self.notes.append(f"no exercise's file is in it, only {printable(shown)[:300]}{more}")


def _lacking(found: list[Candidate]) -> set[Exercise]:
    """The exercises of which nothing was found in which something seems to be written."""
    return set(EXERCISES) - {each.exercise for each in found if not looks_unwritten(each.content, each.exercise)}


def _is_stub(container: Folder | Archive, name: str, exercise: Exercise) -> bool:
    """Whether a file, such as an editor's backup, is that of an exercise in which nothing is written."""
    try:
        return looks_unwritten(container.read(name), exercise)
    except Refused:
        return False


def _folders(exercises: list[Exercise]) -> str:
    return " and ".join(sorted(exercise.folder for exercise in exercises))


def _beside(names: list[str]) -> list[str]:
    """Of all paths, those that lie at the top, or in the one folder that holds all that may be an answer."""
    possible = [name for name in names if kind_of(name) or is_archive(name)]
    tops = {name.partition("/")[0] for name in possible}
    prefix = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in possible) else ""
    return sorted(name for name in names if name.startswith(prefix) and "/" not in name.removeprefix(prefix))
