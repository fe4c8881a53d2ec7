"""Which files of this repository students get."""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from kata.learn import make_stub, suite_of
from kata.syllabus import ROOT, VERSION_MARK, Exercise

_ALWAYS = (".devcontainer/*", ".gitattributes", ".gitignore", "LICENSE", "conftest.py", "constraints.txt")
_KATA = (
    "kata/*.py",
    *(f"kata/{room}/*.py" for room in ("answers", "checks", "home", "judge", "learn")),
    "kata/home/templates/*",
    "kata/learn/nbtemplate/*",
)
_WITH_NUMPY = (".binder/*",)  # where there is no TensorFlow
# The data sets read archives with the code that reads hand-ins.
_OF_SUBMISSIONS = [f"kata/submissions/{name}.py" for name in ("__init__", "names", "plausibility")]
_WITH_DATA = ("datasets/*.py", "datasets/README.md", *_OF_SUBMISSIONS)
# What the judge trains itself, to compare: for exercise 09 alone.
_TRAINS = ("kata/checks/heads.py", "kata/checks/receipts.py")
_NEEDS_SOLUTIONS = ("bench_data_pipeline.py",)
_PICTURE = re.compile(r"[\w./-]+\.(?:svg|png)")


def needs_data(exercises: Iterable[Exercise]) -> bool:
    """Whether some of the exercises work on images."""
    return any(exercise.needs for exercise in exercises)


def needs_only_numpy(exercises: Iterable[Exercise]) -> bool:
    """Whether some of the exercises do without TensorFlow."""
    return any(not exercise.needs for exercise in exercises)


def copy_files(exercises: list[Exercise], folder: Path) -> None:
    """Copy what a handout has as it is here."""
    for path in sorted(set(_files(exercises))):
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _files(exercises: list[Exercise]) -> Iterator[Path]:
    trains = any(exercise.topic == "gpu_training" for exercise in exercises)
    with_numpy = _WITH_NUMPY if needs_only_numpy(exercises) else ()
    for pattern in (*_ALWAYS, *_KATA, *with_numpy, *(_WITH_DATA if needs_data(exercises) else ())):
        for path in ROOT.glob(pattern):
            if trains or path.relative_to(ROOT).as_posix() not in _TRAINS:
                yield path
    for exercise in exercises:
        lesson = exercise.stub.with_name("README.md")
        yield lesson
        yield suite_of(exercise)
        yield from (path for path in lesson.parent.glob("bench_*.py") if path.name not in _NEEDS_SOLUTIONS)
        pictures = (lesson.parent / name for name in _PICTURE.findall(lesson.read_text(encoding="utf-8")))
        yield from (picture.resolve() for picture in pictures if picture.is_file())


def write_stubs(exercises: Iterable[Exercise], folder: Path, version: str) -> None:
    """Write the stubs, each with the version in its first line: for the learner, and as `kata reset` puts it back."""
    for exercise in exercises:
        text = f"# {VERSION_MARK}{version}\n{make_stub(exercise)}"
        for place in ("exercises", "record"):
            path = folder / place / exercise.folder / f"{exercise.topic}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
