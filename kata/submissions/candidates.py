"""The files that may be an exercise's: where they lie in a submission, and which of them are looked at first.

Nothing is decided here. Which of several candidates counts is known once they are read: see staging.py.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kata.submissions.files import MAX_DEPTH, OURS, Refused, printable
from kata.submissions.topics import is_exact, kind_of, named_after
from kata.syllabus import BY_TOPIC, Exercise

# How far a file is from where an exercise's file is looked for. One counts only where no nearer one is written.
NAMED, ELSEWHERE, BY_ITS_FUNCTIONS, FAR_AND_BY_ITS_FUNCTIONS = range(4)
MAX_CANDIDATES = 12  # of an exercise
_BY_CANVAS = re.compile(r"-\d+(?=\.\w+$)")
_PLACES = "{}/", "", "exercises/{}/"  # of an exercise's files, as in kata/folders.py's find_files


@dataclass(frozen=True)
class Candidate:
    """A file that may be an exercise's.

    Attributes:
        exercise: whose; place: what it is called in the submission; content: its bytes.
        far: NAMED, ELSEWHERE and so on; order: the higher, the newer the hand-in that it came with.
    """

    exercise: Exercise
    place: str
    content: bytes
    far: int = NAMED
    order: int = 0

    @property
    def file(self) -> str:
        """What it is taken for: the exercise's module or its notebook."""
        return f"{self.exercise.topic}.{kind_of(self.place)}"

    @property
    def is_renamed(self) -> bool:
        """Whether its owner named it in another way than its exercise does. Canvas adds a number."""
        return not (is_exact(self.place) or (self.order and is_exact(_BY_CANVAS.sub("", self.place))))

    def in_archive(self, name: str) -> "Candidate":
        """The same, in an archive with this name."""
        return replace(self, place=f"{printable(name)}/{self.place}")


def by_exercise(candidates: Iterable[Candidate]) -> dict[Exercise, list[Candidate]]:
    """Return {exercise: its candidates}, nearest first; of equal ones of a hand-in the first one.

    Of those that lie far away and are known by their functions alone, no more than there is room for.

    Raises:
        Refused: there are too many.
    """
    found = dict[Exercise, dict[tuple[str, int, bytes], Candidate]]()
    for each in sorted(candidates, key=lambda each: (each.exercise.number, each.far)):
        found.setdefault(each.exercise, {}).setdefault((each.file, each.order, each.content), each)
    for exercise, group in found.items():
        far = [key for key, each in group.items() if each.far == FAR_AND_BY_ITS_FUNCTIONS]
        for key in far[max(0, MAX_CANDIDATES - len(group) + len(far)) :]:
            del group[key]
        if len(group) > MAX_CANDIDATES:
            raise Refused(f"more than {MAX_CANDIDATES} files that may be {exercise.topic}.py, and differ")
    return {exercise: list(group.values()) for exercise, group in found.items()}


def as_files(groups: dict[Exercise, list[Candidate]]) -> dict[str, bytes]:
    """Return {path: bytes} of candidates: `03_losses/losses.py`, with its place behind it where there are several."""
    files = dict[str, bytes]()
    for exercise, group in groups.items():
        for each in group:
            path = f"{exercise.folder}/{each.file}"
            if len(group) > 1:
                path += f"/{each.far}/{each.order}/"
                while path + each.place in files:  # of two downloads of the same hand-in, say
                    path += "again/"
                path += each.place
            files[path] = each.content
    return files


def of_files(files: dict[str, bytes]) -> dict[Exercise, list[Candidate]]:
    """Return the candidates of which `as_files` made files, by their exercise."""
    found = dict[Exercise, list[Candidate]]()
    for path, content in files.items():
        _, file, *more = path.split("/", 4)
        exercise = BY_TOPIC[file.partition(".")[0]]
        far, order, place = (int(more[0]), int(more[1]), more[2]) if more else (NAMED, 0, file)
        found.setdefault(exercise, []).append(Candidate(exercise, place, content, far, order))
    return found


def named_files(names: Iterable[str]) -> list[tuple[str, Exercise, int]]:
    """Return (path, exercise, NAMED or ELSEWHERE) of all files that are named after an exercise, best places first.

    Where several folders hold some and none lies at the top, all of them are elsewhere.
    """
    names = list(names)
    clones = clones_in(names)
    found = []  # [(base, number of the place, path, exercise)]
    for name in names:
        exercise = named_after(name)
        if exercise is None or name.count("/") > MAX_DEPTH or is_ours(name, clones):
            continue
        folder = name[: name.rfind("/") + 1]
        number = next(
            number
            for number in (2, 0, 1)
            if folder.endswith(place := _PLACES[number].format(exercise.folder))
            and (folder == place or not place or folder[: -len(place)].endswith("/"))
        )
        base = folder.removesuffix(_PLACES[number].format(exercise.folder))
        found.append((base, number, name, exercise))
    bases = {base for base, *_ in found}
    main = "" if "" in bases else next(iter(bases)) if len(bases) == 1 else None
    found.sort(key=lambda each: (each[0] != main, each[1], not is_exact(each[2]), kind_of(each[2]) != "py", each[2]))
    return [(name, exercise, NAMED if base == main else ELSEWHERE) for base, _, name, exercise in found]


def clones_in(names: Iterable[str]) -> set[str]:
    """Return the folders, with "/" at their end, that are clones of the kata; "" for the top."""
    parted = [f"/{name}".partition("/exercises/") for name in names]
    return {f"{before}/"[1:] for before, found, _ in parted if found}


def is_ours(name: str, clones: set[str]) -> bool:
    """Whether a file is one of the kata's own in a clone, and not in its exercises."""
    return any(name.startswith(clone) and name[len(clone) :].partition("/")[0] in OURS for clone in clones)
