"""The exercises' files of a submission, from all the folders, archives and files that it consists of.

Files that are named after an exercise count first. Where an exercise has none, a file beside them does that is named
nearly so (`losses (1).py`) or defines the exercise's functions, and what is in an archive beside them. What is
ambiguous is refused by name; what was decided stands in the notes.
"""

import hashlib
import io
import re
from collections import Counter

from kata.submissions.archives import MAX_ARCHIVE, Archive, Budget
from kata.submissions.files import (
    FILES,
    Folder,
    Refused,
    check_encoding,
    choose,
    is_archive,
    is_loose,
    limited,
    opened,
    printable,
)
from kata.submissions.layouts import is_download
from kata.syllabus import BY_FUNCTION, BY_TOPIC

MAX_DEPTH = 2  # an archive in an archive
MAX_INNER = 20  # archives in a folder or an archive
_UNREAD = (".rar", ".7z", ".gz", ".xz", ".zst")
_FUNCTIONS = re.compile(rb'(?:^|\\n|")def (\w+)', re.M)  # of a module, or of a notebook's cells
_AGAIN = re.compile(r"(-\d+|[ _]?\(\d+\))+$")  # what Canvas and browsers put behind a name that is taken


class _Unlike(Refused):
    """A file that is nothing that could be judged: it does no harm beside others."""


def collect(parts):
    """Return (files, notes) of a submission.

    Args:
        parts: its Parts, of kata/submissions/layouts.py.

    Returns:
        {path of an exercise's file, as in `03_losses/losses.py`: its bytes}, without what was not handed in; and what
        there is to say of them, as sentences.

    Raises:
        Refused: a link, a path that leads outside, too much of something, nothing that can be read, or files of which
            nobody knows which one counts.
    """
    collector = _Collector()
    found, unlike = [], []  # [(order of a part, its name, its files)], what is no hand-in
    for part in sorted(parts, key=lambda part: part.order):
        try:
            found.append((part.order, part.name or part.path.name, collector.read(part)))
        except _Unlike as error:
            unlike.append(error)
        except OSError as error:
            raise Refused(f"it cannot be read: {error.strerror or error}") from None
    if unlike and not found:
        raise unlike[0]
    notes = [f"not read: {error}" for error in unlike] + collector.notes
    files, times = {}, Counter()
    for file in sorted({file for _, _, files in found for file in files}):
        hand_ins = [(order, name, files[file]) for order, name, files in found if file in files]
        newest = [hand_in for hand_in in hand_ins if hand_in[0] == hand_ins[-1][0]]
        files[file] = _same(file, {name: content for _, name, content in newest})
        times[file] = len({order for order, _, _ in hand_ins})
    for number in sorted({number for number in times.values() if number > 1}):
        again = ", ".join(file.rpartition("/")[2] for file in files if times[file] == number)
        notes.append(f"the newest of {number} hand-ins of {again}")
    return files, notes


def digest(files, notes):
    """A fingerprint of what `collect` returned."""
    hashed = hashlib.sha256("\n".join(notes).encode(errors="surrogatepass"))
    for name, content in sorted(files.items()):
        hashed.update(f"{name} {len(content)} ".encode() + content)
    return hashed.hexdigest()


class _Collector:
    def __init__(self):
        self.budget, self.notes = Budget(), []

    def read(self, part):
        """Return {an exercise's file: its bytes} of a Part."""
        if part.path.is_symlink():
            raise Refused("it is a link")
        if part.path.is_dir():
            return self._search(Folder(part.path), 0)
        if is_archive(part.name):
            with opened(part.path) as file:
                return self._search(Archive(file, part.name, self.budget), 1)
        if part.name.endswith((".py", ".ipynb")):
            with opened(part.path) as file:
                content = limited(file, part.name)
            exercises, named = _exercises(part.name, content)
            if len(exercises) == 1:
                check_encoding(content, part.name)
                self._taken(part.name, exercises[0], named)
                return {_path(exercises[0], part.name): content}
            self._cannot_be(part.name, exercises)
        raise _Unlike(f"{printable(part.name)} is neither a folder, nor a zip or tar archive, nor an exercise's file")

    def _search(self, container, depth):
        """The exercises' files in a Folder or an Archive of this depth."""
        if is_download(container.names):
            raise Refused("it is the download of a whole class: name it itself, not the folder that it lies in")
        named = [name for name in container.names if name.rpartition("/")[2] in FILES]
        files = choose(named, container.read)
        for file, content in files.items():
            check_encoding(content, file)
        beside = _beside(container.names)
        for name in beside:
            if name in named:
                folder, (exercise,) = name[: name.rfind("/") + 1], _exercises(name, b"")[0]
                if any(folder + path in named for path in _paths(exercise)):
                    self._not_read(name, f"beside it lies the file of {exercise.folder}")
        files |= self._loose(container, [name for name in beside if is_loose(name)], files)
        inner = [name for name in beside if is_archive(name)][:MAX_INNER]
        packed = {name: self._inner(container, name, depth + 1, bool(files)) for name in inner}
        where = {file: {"the files beside it": content} for file, content in files.items()}
        for name, contents in packed.items():
            for file, content in contents.items():
                where.setdefault(file, {})[name] = content
        if not where:
            self._nothing(container.names, container.everything())
        return {file: _same(file, contents) for file, contents in where.items()}

    def _loose(self, container, names, known):
        found = {}
        for name in names:
            try:
                content = container.read(name)
            except Refused:  # too long, say: it is no exercise's file
                continue
            all_of_it, _ = _exercises(name, content)
            exercises = [exercise for exercise in all_of_it if not known.keys() & _paths(exercise)]
            if len(exercises) > 1 and not known:
                self._cannot_be(name, exercises)
            if len(exercises) > 1:
                self._not_read(name, f"it has functions of {_several(exercises)}")
            elif all_of_it and not exercises:
                self._not_read(name, f"beside it lies the file of {_several(all_of_it)}")
            if len(exercises) == 1:
                check_encoding(content, name)
                found.setdefault(_path(exercises[0], name), {})[name] = content
                self._taken(name, exercises[0], False)
        return {file: _same(file, contents) for file, contents in found.items()}

    def _inner(self, container, name, depth, optional):
        try:
            if depth > MAX_DEPTH:
                raise Refused("an archive in an archive in an archive")
            content = container.read(name, MAX_ARCHIVE)
            return self._search(Archive(io.BytesIO(content), name, self.budget), depth)
        except Refused as refused:
            if not optional:
                raise Refused(f"{printable(name)}: {refused}") from None
            self.notes.append(f"not read: {printable(name)}: {refused}")
            return {}

    def _not_read(self, name, why):
        self.notes.append(f"{printable(name)} is not read: {why}")

    def _taken(self, name, exercise, named):
        if not named:
            self.notes.append(f"{printable(name)} is taken for {_path(exercise, name).rpartition('/')[2]}")

    def _cannot_be(self, name, exercises):
        if exercises:
            several = _several(exercises)
            raise Refused(f"{printable(name)} has functions of {several}: one file for each exercise, named after it")
        raise _Unlike(f"{printable(name)} is not named after an exercise, and has none of its functions")

    def _nothing(self, names, everything):
        # There may be a whole answer in what is not read: no mark without a person's look.
        unread = next((name for name in sorted(names) if name.lower().endswith(_UNREAD)), None)
        if unread:
            raise Refused(
                f"{printable(unread)} is not read: an answer is .py or .ipynb files, or a zip or tar archive of them"
            )
        lost = next((name for name in sorted(everything) if _is_lost(name)), None)
        if lost:
            raise Refused(
                f"{printable(lost)[:300]} is not read: it is not where an exercise's file is looked for, such as"
                " 03_losses/losses.py or losses.py"
            )
        if names:
            shown = ", ".join(sorted(names)[:5])
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            self.notes.append(f"no exercise's file is in it, only {printable(shown)[:300]}{more}")


def _several(exercises):
    return " and ".join(sorted(exercise.folder for exercise in exercises))


def _is_lost(name):
    hidden = name.startswith((".", "__MACOSX/")) or "/." in name
    return name.rpartition("/")[2].lower() in FILES and not hidden


def _beside(names):
    """Of all paths, those that lie at the top, or in the one folder that there is."""
    names = [name for name in names if not name.startswith((".", "__MACOSX/"))]
    names = [name for name in names if not name.rpartition("/")[2].startswith("._")]  # of macOS, beside each file
    tops = {name.partition("/")[0] for name in names}
    prefix = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
    return sorted(name for name in names if name.startswith(prefix) and "/" not in name.removeprefix(prefix))


def _exercises(name, content):
    """Whose file it is: (its exercises, by its name if there is one, and whether that is how it is named)."""
    stem = name.rpartition("/")[2].removesuffix(".py").removesuffix(".ipynb")
    named = BY_TOPIC.get(_AGAIN.sub("", stem))
    if named:
        return [named], True
    functions = {name.decode() for name in _FUNCTIONS.findall(content)}
    return list(dict.fromkeys(BY_FUNCTION[name] for name in sorted(functions & set(BY_FUNCTION)))), False


def _path(exercise, name):
    """What a file with this name is taken for: the exercise's module or its notebook."""
    return f"{exercise.folder}/{exercise.topic}{'.ipynb' if name.endswith('.ipynb') else '.py'}"


def _paths(exercise):
    return {f"{exercise.folder}/{file}" for file in exercise.files}


def _same(file, contents):
    """The content of a file that lies in several places: {place: content}."""
    if len(set(contents.values())) > 1:
        first, second = sorted(printable(place) for place in contents)[:2]
        raise Refused(f"{file.rpartition('/')[2]} is there twice, and differs: in {first} and in {second}")
    return next(iter(contents.values()))
