"""Handouts of exercises, and what is done with them."""

import os
import shutil
import subprocess
import sys

from kata.answers.answer import Reference
from kata.judge import misconceptions
from kata.syllabus import EXERCISES, ROOT
from tests.support import HANGS

FIRST = "01,02,03,04,05"
NUMPY_EXERCISES = [exercise for exercise in EXERCISES if not exercise.needs]


def kata(*arguments, checkout=ROOT, **environment):
    """Run the kata of a checkout; returns the finished process."""
    return python("-m", "kata", *arguments, checkout=checkout, **environment)


def python(*arguments, checkout=ROOT, **environment):
    """Run Python with the kata of a checkout; returns the finished process."""
    # Where benchmarks see that they run beside other tests, they time nothing.
    here = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = here | {"PYTHONPATH": str(checkout), "PYTHONUTF8": "1", **environment}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=HANGS)


def solve(folder, exercises=NUMPY_EXERCISES):
    """Write the solutions into a handout."""
    for exercise in exercises:
        shutil.copy(exercise.solution, folder / "exercises" / exercise.folder)


def corpus_of(exercise):
    """{name: misconception} of an exercise, without other ways to make them."""
    known = misconceptions.load(Reference().answer.runner, exercise)
    return {
        f"{function}-{wrong.__name__}": wrong
        for function, wrongs in known.items()
        for wrong in wrongs
        if hasattr(wrong, "misunderstands")
    }
