"""Answers made from the solutions, with something changed."""

import re
import shutil
import subprocess
import sys

import pytest

from kata.syllabus import BY_TOPIC, EXERCISES, ROOT

# How many checks there are, counted in the suites' text and not by the judge that the tests are about.
CHECKS = sum(
    len(re.findall(r"^    def test_", path.read_text(encoding="utf-8"), re.MULTILINE))
    for exercise in EXERCISES
    for path in exercise.stub.parent.glob("test_*.py")
)

TOTAL = sum(exercise.worth for exercise in EXERCISES)
NUMPY_WORTH = sum(exercise.worth for exercise in EXERCISES if not exercise.needs)
# What is judged in a second: most tests are not about what TensorFlow computes.
NUMPY = [f"exercises/{exercise.folder}" for exercise in EXERCISES if not exercise.needs]
_HEAVY = {exercise.folder for exercise in EXERCISES if exercise.needs}
NUMPY_CHECKS = sum(
    len(re.findall(r"^    def test_", suite.read_text(encoding="utf-8"), re.MULTILINE))
    for folder in NUMPY
    for suite in (ROOT / folder).glob("test_*.py")
)


def copy_numpy_solutions(folder):
    """Make an answer of the solutions that TensorFlow is not needed for."""
    shutil.copytree(ROOT / "solutions", folder, ignore=lambda _, names: [n for n in names if n in _HEAVY])


def solution(topic, **replacements):
    """The text of a solution with pieces replaced; each piece must be there."""
    text = BY_TOPIC[topic].solution.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    return text


def replace_function(topic, function, code):
    """The text of a solution with one function's definition replaced by other code."""
    text = BY_TOPIC[topic].solution.read_text(encoding="utf-8")
    pattern = rf"^def {function}\(.*?(?=^def |\Z)"
    assert re.search(pattern, text, re.MULTILINE | re.DOTALL)
    return re.sub(pattern, lambda _: code.rstrip() + "\n\n\n", text, flags=re.MULTILINE | re.DOTALL)


def _sandbox():
    """Why there is no sandbox here; None where there is."""
    if not sys.platform.startswith("linux"):
        return "there are no namespaces here"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed"
    done = subprocess.run(
        ["bwrap", "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"], capture_output=True, text=True
    )
    return f"namespaces are forbidden: {done.stderr.strip()}" if done.returncode else None


NO_SANDBOX = _sandbox()
needs_sandbox = pytest.mark.skipif(NO_SANDBOX is not None, reason=str(NO_SANDBOX))
