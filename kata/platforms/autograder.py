"""The autograder for Gradescope: an archive with two scripts, and what is needed of the kata to judge with it.

kata/platforms/container.py is what runs in it.
"""

import json
import secrets
import zipfile
from argparse import Namespace
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kata.syllabus import ROOT, Exercise, choose_exercises

_TEMPLATES = ("setup.sh", "run_autograder")
_TAKEN = ("kata/**/*.py", "datasets/*.py", "exercises/*/*.py", "solutions/*/*.py", "constraints.txt", "LICENSE")
_NEEDED = ("numpy", "pytest", "nbconvert", "pebble")
_BESIDE = {"keras": ("matplotlib",)}  # what the solutions of its exercises import, too


def write_autograder(options: Namespace) -> None:
    """Write the archive for Gradescope.

    Args:
        options: what was asked for on the command line: see kata/arguments.py.

    Raises:
        LookupError: it cannot be done; the message says why.
    """
    exercises = choose_exercises(options.exercises)
    settings = {
        "seed": secrets.randbits(128) if options.seed is None else options.seed,
        "exercises": [exercise.number for exercise in exercises],
        "seconds": options.time_limit,
        "megabytes": options.memory_limit,
        "visibility": options.visibility,
    }
    path = Path(options.output)
    partial = path.with_name(f".kata-{path.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in _TEMPLATES:
                member = zipfile.ZipInfo(name)
                member.external_attr, member.compress_type = 0o100755 << 16, zipfile.ZIP_DEFLATED
                archive.writestr(member, (Path(__file__).with_name("templates") / name).read_text(encoding="utf-8"))
            archive.writestr("settings.json", json.dumps(settings, indent=1) + "\n")
            archive.writestr("requirements.txt", "\n".join(packages_of(exercises)) + "\n")
            for file in sorted(file for pattern in _TAKEN for file in ROOT.glob(pattern)):
                archive.write(file, file.relative_to(ROOT))
        partial.replace(path)
    except OSError as error:
        raise LookupError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            partial.unlink()
    worth = sum(exercise.worth for exercise in exercises)
    print(f"{path}: upload it to Gradescope as the autograder of an assignment of {worth} points")


def packages_of(exercises: Iterable[Exercise]) -> list[str]:
    """The names of the packages that judging some exercises takes."""
    needs = [name for exercise in exercises for name in exercise.needs]
    return list(dict.fromkeys([*_NEEDED, *needs, *(name for need in needs for name in _BESIDE.get(need, ()))]))
