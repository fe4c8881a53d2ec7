"""What decides the marks besides the submissions: the judge itself, and what it runs on."""

import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterable
from typing import Any

from kata.syllabus import ROOT, Exercise


def installed(name: str) -> str | None:
    """Return the version of a package; None where there is none."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def versions(exercises: Iterable[Exercise]) -> dict[str, str]:
    """Return {name: version} of Python and of what the Exercises need."""
    names = {"multilabel-kata", "numpy", "nbconvert", *(name for exercise in exercises for name in exercise.needs)}
    found = {name: installed(name) for name in sorted(names)}
    return {"python": sys.version.split()[0], **{name: version for name, version in found.items() if version}}


def fingerprint() -> str:
    """A digest of all that judges: another judge may come to other marks."""
    hashed = hashlib.sha256()
    paths = [
        *ROOT.glob("kata/**/*.py"),
        *ROOT.glob("kata/reports/templates/*"),
        *ROOT.glob("exercises/*/test_*.py"),
        *ROOT.glob("solutions/*/*.py"),
    ]
    for path in sorted(paths):
        hashed.update(str(path.relative_to(ROOT)).encode() + hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def keys_of(exercises: Iterable[Exercise], run: dict[str, Any]) -> dict[str, str]:
    """Return {an exercise's folder: a digest of what decides its marks}, whichever others are graded beside it.

    Args:
        run: what run.json holds.
    """
    decides = {name: run[name] for name in run.keys() - {"exercises", "versions"}}
    texts = {one.folder: json.dumps(decides | {"versions": versions([one])}, sort_keys=True) for one in exercises}
    return {folder: hashlib.sha256(text.encode()).hexdigest() for folder, text in texts.items()}
