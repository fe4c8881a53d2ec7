"""`kata watch`: judge again whatever a saved file touches, as soon as it is saved."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from kata import state
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.learn.saves import Saves, touches
from kata.syllabus import EXERCISES, ROOT, Exercise

WAKE = 0.5  # seconds of a wait: on Windows no Ctrl-C interrupts a wait without an end
CLEAR = "\x1b[2J\x1b[3J\x1b[H"
WATCHING = "watching"  # what is held while a terminal judges: a page follows, and does not judge a second time


def watch_for_saves(chosen: Exercise | None = None) -> None:
    """Judge the learner's exercises at every save, until Ctrl-C or SIGTERM.

    Args:
        chosen: judge this exercise alone; without it, those that a saved file touches.

    Raises:
        LookupError: watchdog is not installed; the message says how to get it.
    """
    saves = Saves()
    # Nothing else ends it, so Ctrl-C does also where a script started it in the background, which ignores SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with state.held(WATCHING), saves:
            _judge([chosen] if chosen else EXERCISES, "everything" if not chosen else chosen.folder)
            while True:
                paths = saves.next(WAKE)
                touched = [exercise for exercise in touches(paths) if chosen in (None, exercise)]
                if touched:
                    _judge(touched, ", ".join(short(path) for path in paths if path.suffix in (".py", ".ipynb")))
    except KeyboardInterrupt:
        print()


def judging(exercises: Sequence[Exercise]) -> list[str]:
    """The command that judges some of the learner's exercises and shows the first failure in full, and the board."""
    folders = [str(OWN / exercise.folder) for exercise in exercises]
    return [sys.executable, "-m", "pytest", "--first-failure", "-q", "--no-header", *folders]


def _judge(exercises: Sequence[Exercise], because: str) -> None:
    # Flushed first: pytest writes into the same terminal from a process of its own.
    if sys.platform == "win32":
        os.system("cls")  # older consoles print CLEAR as it stands
    print(f"{'' if sys.platform == 'win32' else CLEAR}{because}\n", flush=True)
    subprocess.run(judging(exercises), cwd=ROOT)
    print("\nWatching exercises/: save a file to judge it, Ctrl-C to end.", flush=True)
