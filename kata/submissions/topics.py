"""Which exercise a file belongs to: by its name, as people, browsers and systems change it, or by its functions."""

import re
import unicodedata

from kata.syllabus import BY_FUNCTION, EXERCISES, VERSION_MARK, Exercise

# `losses.py`, and what hides behind it: Windows adds .txt and does not show it, browsers add .json and numbers.
# Possessive: a name made to be slow is not tried in all ways.
_END = re.compile(
    r"(?P<stem>.*)\.(?P<kind>py|ipynb)\s*+(\(\d++\))?+\s*+(\.(txt|text|json))?+\s*+(\(\d++\))?+\s*+",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]+")
# In a line of a module, or of a notebook's cells: what a function is called.
_FUNCTION = re.compile(
    rb'(?:^|[\r"]|\\[nr])(?:def[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\r\n"]{0,99})?=[ \t]*lambda\b)', re.MULTILINE
)
# What a run leaves that is called as its exercise is: losses.png, losses.csv.
_RESULTS = re.compile(
    r"\.(png|jpe?g|gif|svg|webp|bmp|tiff?|ico|mp4|csv|tsv|xlsx?|ods|npy|npz|h5|keras|pkl|pickle|log|db|css|js|pyc"
    r"|yml|yaml|toml|cfg|ini)$",
    re.IGNORECASE,
)
# What is put before or behind a name for a copy or a version, by systems in their language and by people.
_ADDED = """
    copy of copie de kopie von copia cópia di da kopia kopi kopio av af kopya kopija másolat αντίγραφο από копия
    копія копие نسخة من עותק של コピー のコピー 副本 複製 复制 拷贝 的副本 복사본 사본 の final finished finish
    finale finalversion last latest new newest fixed updated update corrected done ready complete completed
    version ver v rev draft edited mine my submission submit submitted solution solved answer answers homework
    hw assignment exercise ex task aufgabe übung abgabe lösung loesung fertig neu korrigiert endversion
    définitif rendu devoir exercice corrigé entrega tarea ejercicio definitivo nuevo esercizio consegna zadanie
    итог финал готово дз 最終版 提出 课 作业 最终版 功課 作業 과제 최종 py ipynb
"""
_WORDS_ADDED = frozenset(_ADDED.split())
_VERSION = re.compile(VERSION_MARK.encode() + rb"([0-9a-f]{8})\b")
_BEHIND = re.compile(
    r"[\d _-]*(?:{})[ _-]+(?P<rest>[^ _-].*)".format(
        "|".join(exercise.topic.replace("_", "[ _-]?") for exercise in EXERCISES)
    ),
    re.IGNORECASE | re.DOTALL,
)
_BY_JOINED = {exercise.topic.replace("_", ""): exercise for exercise in EXERCISES}


def kind_of(name: str) -> str | None:
    """Return "py" or "ipynb" of a module's or a notebook's name; None of anything else's."""
    found = _END.fullmatch(name.rpartition("/")[2])
    return found["kind"].lower() if found else None


def named_after(name: str) -> Exercise | None:
    """Return the exercise that a module or a notebook is named after: `losses.py`, `Losses.PY`, `losses (1).py`.

    None of `test_losses.py` or `plot_losses.py`, which may be anything.
    """
    found = _END.fullmatch(name.rpartition("/")[2])
    return _exercise_of(found["stem"]) if found else None


def begins_with_topic(name: str) -> bool:
    """Whether a file is named after an exercise first of all: `losses (1).py`, and not `copy of losses.py`."""
    exercise = named_after(name)
    return exercise is not None and _plain(name).startswith(exercise.topic.replace("_", ""))


def owner_behind_topic(stem: str) -> str | None:
    """Return whose name stands behind an exercise's in a file's, without its end: `losses_AnnLee`, `losses-471104`.

    None where there are only a number and marks of copies and versions: `losses_2_final`, `losses (1)`.
    """
    found = _BEHIND.fullmatch(stem)
    if not found:
        return None
    parts = re.split(r"([ _-]+)", found["rest"])
    while parts and set(_words(parts[-1])) <= _WORDS_ADDED and not re.fullmatch(r"\d{4,}", parts[-1]):
        parts.pop()
    owner = "".join(parts)
    if "(" in owner:  # (Ann's conflicted copy), as Dropbox has it
        return None
    return owner if _WORD.search(owner) or re.fullmatch(r"\d{4,}", owner) else None


def stem_of(name: str) -> str:
    """Return a module's or a notebook's name without its end; anything else's as it is."""
    found = _END.fullmatch(name)
    return found["stem"] if found else name


def hints_at(name: str) -> Exercise | None:
    """Return the exercise that a file of any kind is named after, such as `losses.docx`."""
    file = name.rpartition("/")[2]
    return named_after(file) or _exercise_of(file.partition(".")[0])


def may_hold_code(name: str) -> Exercise | None:
    """Return the exercise whose code a file may hold that is no module: `losses.txt`, `losses.py.bak`."""
    return None if _RESULTS.search(name) or kind_of(name) else hints_at(name)


def is_exact(name: str) -> bool:
    """Whether a file is named as its exercise says: `losses.py` or `losses.ipynb`."""
    return name.rpartition("/")[2] in {file for exercise in EXERCISES for file in exercise.files}


def exercises_in(content: bytes) -> list[Exercise]:
    """Return the exercises of which a module or a notebook has functions, in their order; nothing is parsed."""
    # One at a time: a file may be nothing but names.
    functions = ((match[1] or match[2]).decode() for match in _FUNCTION.finditer(_plain_bytes(content)))
    found = {BY_FUNCTION[name] for name in functions if name in BY_FUNCTION}
    return [exercise for exercise in EXERCISES if exercise in found]


def looks_unwritten(content: bytes, exercise: Exercise) -> bool:
    """Whether a file seems to be an exercise's stub, or empty; nothing is parsed."""
    return _plain_bytes(content).count(b"raise NotImplementedError") >= len(exercise.points) or not content.strip()


def version_in(content: bytes) -> str | None:
    """Return the version of the handout that a module or a notebook was made from; None where it does not say."""
    found = _VERSION.search(content)
    return found[1].decode() if found else None


def _plain_bytes(content: bytes) -> bytes:
    return content.replace(b"\0", b"") if b"\0" in content else content  # as UTF-16 has it beside each plain sign


def _exercise_of(stem: str) -> Exercise | None:
    words = _words(stem.casefold().removesuffix(".py").removesuffix(".ipynb"))
    plain = "".join(word for word in words if word not in _WORDS_ADDED)
    return _BY_JOINED.get(plain) or _BY_JOINED.get("".join(words)) or _BY_JOINED.get(plain.removesuffix("py"))


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _plain(name: str) -> str:
    return "".join(_words(name)) if _WORD.match(name) else ""
