"""What a click does. Each action says in a sentence what was done, or raises a LookupError that says why not."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING

from kata.answers import Answer
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.home import comparing
from kata.judge import next_hints
from kata.learn import begin_again, is_solved, write_report
from kata.syllabus import BY_FUNCTION, find_exercise

if TYPE_CHECKING:
    from collections.abc import Callable

    from kata.syllabus import Exercise

_IN_TERMINALS = ("vi", "vim", "nvim", "nano", "emacs", "ed", "micro", "helix", "hx", "joe", "pico", "mcedit")
_WITH_LINES = {"code": "--goto", "codium": "--goto", "cursor": "--goto"}  # these take path:line behind an option


def hint(function: str) -> str:
    """One more hint for a function."""
    exercise = _exercise_of(function)
    return f"Hint {len(next_hints(exercise, function))} for {function}."


def reset(exercise: str) -> str:
    """Put an exercise's stub back, as `kata reset` does."""
    return " ".join(begin_again(find_exercise(exercise)))


def measure(function: str) -> str:
    """Time a function beside the solution and Keras, once it is right."""
    _exercise_of(function)
    if not is_solved(function):
        raise LookupError(f"{function} is timed once it is right")
    if problem := comparing.measure(function):
        raise LookupError(problem)
    return f"{function} is timed."


def edit(function: str) -> str:
    """Open a function in $VISUAL or $EDITOR, where that has a window of its own."""
    exercise = _exercise_of(function)
    source = Answer(OWN).source(exercise.topic)
    path, line = (source.path, source.line(function)) if source else (exercise.stub, 1)
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "code")
    program = os.path.basename(command[0]) if command else ""
    if program in _IN_TERMINALS or not command or shutil.which(command[0]) is None:
        raise LookupError(
            f"{function} is in {short(path)}:{line}. To open it with a click, set VISUAL to an editor with a window"
        )
    option = _WITH_LINES.get(program)
    target = [option, f"{path}:{line}"] if option and path.suffix == ".py" else [str(path)]
    quiet = subprocess.DEVNULL
    opened = subprocess.Popen([*command, *target], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    threading.Thread(target=opened.wait, daemon=True).start()  # somebody has to, or a dead process stays
    return f"{short(path)}:{line} is opened in {program}."


def report() -> str:
    """Write the report."""
    return f"The report is written: {short(write_report())}"


ACTIONS: dict[str, Callable[..., str]] = {
    "hint": hint,
    "reset": reset,
    "measure": measure,
    "edit": edit,
    "report": report,
}


def _exercise_of(function: str) -> Exercise:
    if function not in BY_FUNCTION:
        raise LookupError(f"there is no function {function!r}")
    return BY_FUNCTION[function]
