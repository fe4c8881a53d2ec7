"""`kata handout`: writes the repository that students get, and sees that it judges as this one does."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from datasets.progress import progress_bar
from kata.answers import Answer
from kata.folders import SOLUTIONS, short
from kata.grading.versions import versions
from kata.handout.copying import copy_files, write_stubs
from kata.handout.documents import Documents
from kata.handout.recording import Recording
from kata.judge.record import digest
from kata.learn import suite_of, version_of
from kata.syllabus import EXERCISES, HANDOUT, ROOT, Exercise, choose_exercises


def write_handout(options: Namespace) -> None:
    """Write the handout.

    Args:
        options: what was asked for on the command line: see kata/arguments.py.

    Raises:
        LookupError: it cannot be done; the message says why. Nothing is left of it then.
    """
    exercises = choose_exercises(options.exercises)
    _see_that_all_is_there(exercises)
    output = Path(options.output).resolve()
    archive = output.with_name(f"{output.name}.zip")
    for path in (output, *([archive] if options.archive else [])):
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise LookupError(f"{short(path)} is there already: name another folder with --output, or remove it")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kata-", dir=output.parent) as place:
        folder = Path(place, output.name)
        version = _write(exercises, folder, options)
        total = _check(exercises, folder)
        if options.archive:
            shutil.make_archive(str(Path(place, archive.name).with_suffix("")), "zip", place, output.name)
            Path(place, archive.name).replace(archive)
        if output.is_dir():
            output.rmdir()
        folder.chmod(0o755)
        folder.replace(output)
    names = ", ".join(exercise.number for exercise in exercises)
    print(f"{options.output}: a repository for students, exercises {names}")
    print(f"There the solutions, which are not in it, get {total} of {total} points, with --seed {options.seed}.")
    print(f"Its version is {version}: kata grade --handout {options.output} notes who worked on another one.")
    if options.archive:
        print(f"{options.output.rstrip('/')}.zip: the same as an archive")


def _write(exercises: list[Exercise], folder: Path, options: Namespace) -> str:
    version = version_of(exercises)
    copy_files(exercises, folder)
    write_stubs(exercises, folder, version)
    recording = Recording(exercises, options.seed)
    with _quiet(), progress_bar("Recording", sum(len(exercise.points) for exercise in exercises)) as bar:
        recording.write(folder / "record", bar.update)
    handout = {
        "title": options.title,
        "exercises": [exercise.number for exercise in exercises],
        "seed": options.seed,
        "version": version,
        "versions": versions(exercises),
        "seconds": recording.seconds,
        "suites": {path.relative_to(ROOT).as_posix(): digest(path) for path in map(suite_of, exercises)},
        "files": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.glob("record/*/*.bin"))
        },
    }
    path = folder / "record" / "handout.json"
    path.write_text(json.dumps(handout, indent=1) + "\n", encoding="utf-8")
    Documents(exercises, folder).write(options.title, recording.mistakes)
    if options.notebooks:
        _run(folder, "-m", "kata", "notebook", "--all").check_returncode()
    return version


@contextmanager
def _quiet() -> Iterator[None]:
    """Within this, nothing is seen of what misconceptions and frameworks print; what writes to sys.stderr is."""
    before = sys.stderr
    with open(os.dup(2), "w", encoding="utf-8", errors="replace") as shown, open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 2)
        sys.stderr = shown
        try:
            with redirect_stdout(nothing), warnings.catch_warnings(action="ignore"):
                yield
        finally:
            sys.stderr = before
            os.dup2(shown.fileno(), 2)


def _see_that_all_is_there(exercises: list[Exercise]) -> None:
    """See that the exercises import from each other alone.

    Raises:
        LookupError: one of them imports from another that is not handed out.
    """
    if HANDOUT or not SOLUTIONS.is_dir():
        raise LookupError("a handout is made from the whole repository, which has solutions/")
    solutions = Answer(SOLUTIONS)
    for exercise in exercises:
        topics = set().union(*map(solutions.imports, exercise.points))
        if lacking := [other for other in EXERCISES if other.topic in topics and other not in exercises]:
            all_of_them = ",".join(other.number for other in EXERCISES if other in (*lacking, *exercises))
            names = " and ".join(other.folder for other in lacking)
            raise LookupError(f"{exercise.folder} imports from {names}: hand out --exercises {all_of_them}")


def _check(exercises: list[Exercise], folder: Path) -> int:
    """Judge the solutions as the handout does it, and return their points.

    Raises:
        LookupError: they do not get all points there.
    """
    done = _run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "exercises/", f"--answers={SOLUTIONS}")
    if done.returncode:
        raise LookupError(
            f"there the solutions lose points, so nothing was written:\n{(done.stdout + done.stderr)[-2000:]}"
        )
    return sum(exercise.worth for exercise in exercises)


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the handout, with the handout's kata and this environment's packages."""
    with tempfile.TemporaryDirectory() as state:
        settings = {"PYTHONPATH": str(folder), "KATA_STATE": state, "PYTHONDONTWRITEBYTECODE": "1"}
        environment = os.environ | settings | {"PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [sys.executable, *command], cwd=folder, env=environment, capture_output=True, encoding="utf-8"
        )
