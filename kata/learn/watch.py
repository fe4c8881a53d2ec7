"""`kata watch`: judge again whatever a saved file touches, as soon as it is saved; on a terminal keys do the rest."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kata import state
from kata.answers import Answer
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.judge import Board, as_printed, load_results, told_hints
from kata.learn.keys import Keys, confirmed, page_through
from kata.learn.learned import told_learned
from kata.learn.saves import Saves, touches
from kata.learn.solution import told_solution, told_solutions
from kata.learn.stubs import begin_again, first_sentence
from kata.syllabus import BY_FUNCTION, EXERCISES, HANDOUT, ROOT, Exercise

WAKE = 0.5  # seconds of a wait: on Windows no Ctrl-C interrupts a wait without an end
BLINK = 0.1  # of one after which keys are looked for
QUICKLY = 3.0  # seconds in which a command that cannot do its work says so
CLEAR = "\x1b[2J\x1b[3J\x1b[H"
WATCHING = "watching"  # what is held while a terminal judges: a page follows, and does not judge a second time
KEYS = "h hint  n next  l lesson  s solution  r reset  b board  o open the page  q quit"


def watch_for_saves(chosen: Exercise | None = None) -> None:
    """Judge the learner's exercises at every save, until the key q, Ctrl-C or SIGTERM.

    Args:
        chosen: judge this exercise alone; without it, those that a saved file touches.

    Raises:
        LookupError: watchdog is not installed; the message says how to get it.
    """
    saves = Saves()
    # Without a terminal nothing else ends it, so Ctrl-C does also where a script started it in the background, which
    # ignores SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with state.held(WATCHING), saves, Keys() as keys:
            watch = _Watch(chosen, keys)
            try:
                watch.follow(saves)
            finally:
                watch.page.close()
    except KeyboardInterrupt:
        print()


def judging(exercises: Sequence[Exercise]) -> list[str]:
    """The command that judges some of the learner's exercises and shows the first failure in full, and the board."""
    folders = [str(OWN / exercise.folder) for exercise in exercises]
    return [sys.executable, "-m", "pytest", "--first-failure", "-q", "--no-header", *folders]


class _Watch:
    """What is judged last, and what the keys mean there."""

    def __init__(self, chosen: Exercise | None, keys: Keys) -> None:
        self.chosen, self.keys = chosen, keys
        self.judged: Sequence[Exercise] = [chosen] if chosen else EXERCISES
        self.solved_last: str | None = None
        self.page = _Page()
        self.to_say: list[str] = []  # below the next judging, which wipes the screen
        self.deeds: dict[str, Callable[[], list[str]]]
        self.deeds = {"h": self._hint, "n": self._next, "l": self._lesson, "s": self._solution, "r": self._reset}
        self.deeds |= {"b": self._show_board, "o": self.page.open}

    def follow(self, saves: Saves) -> None:
        """Judge everything, then what is saved, and do what keys say, until q."""
        self._judge(self.judged, "everything" if not self.chosen else self.chosen.folder)
        while True:
            paths = saves.next(BLINK if self.keys.work else WAKE)
            touched = [exercise for exercise in touches(paths) if self.chosen in (None, exercise)]
            if touched:
                self._judge(touched, ", ".join(short(path) for path in paths if path.suffix in (".py", ".ipynb")))
            if not self._press_all():
                return

    def _judge(self, exercises: Sequence[Exercise], because: str) -> None:
        before = _solved()
        self.judged = exercises
        _clear()
        _say(because, "")  # flushed: pytest writes into the same terminal from a process of its own
        subprocess.run(judging(exercises), cwd=ROOT)
        new = [name for name in _solved() if name not in before]
        self.solved_last = new[-1] if new else self.solved_last
        _say("", *told_learned(new), *self.to_say, *self._last_lines())
        self.to_say = []

    def _last_lines(self) -> list[str]:
        if not self.keys.work:
            return ["Watching exercises/: save a file to judge it, Ctrl-C to end."]
        return [self._where(), "Watching exercises/: save a file to judge it.", KEYS]

    def _press_all(self) -> bool:
        """Do what the keys say that were pressed meanwhile; returns whether to go on."""
        unknown = False
        while (key := self.keys.next()) is not None:
            if key == "q":
                return False
            if key in self.deeds:
                self._press(key)
            unknown = key not in self.deeds
        if unknown:  # once, where somebody has pasted a whole text
            _say(KEYS)
        return True

    def _press(self, key: str) -> None:
        try:
            told = self.deeds[key]()
        except (LookupError, OSError) as error:  # a damaged record, a file that is held: no reason to end
            told = [str(error.args[0] if isinstance(error, LookupError) else error)]
        _say("", *told, KEYS)

    def _board(self) -> Board:
        return Board(Answer(OWN), load_results(), [name for exercise in self.judged for name in exercise.points])

    def _name(self) -> str | None:
        """The next function."""
        return self._board().next_function(self.chosen)

    def _exercise(self) -> Exercise:
        """The exercise one works on."""
        name = self._name()
        return self.chosen or (BY_FUNCTION[name] if name else self.judged[0])

    def _where(self) -> str:
        board, name = self._board(), self._name()
        if name is None:
            names = self.chosen.points if self.chosen else BY_FUNCTION
            whole = self.chosen.folder if self.chosen else "it"
            return f"All of {whole} is right." if names.keys() <= set(_solved()) else "What is left waits for others."
        exercise, place = BY_FUNCTION[name], board.place(name)
        if place is None:
            return f"{exercise.folder} has no {exercise.topic}.py: r puts the stub back."
        return f"Go on with {name}: {place}"

    def _hint(self) -> list[str]:
        name = self._name()
        return told_hints(BY_FUNCTION[name], name) if name else [self._where()]

    def _next(self) -> list[str]:
        name = self._name()
        return [self._where(), *([first_sentence(BY_FUNCTION[name], name)] if name else [])]

    def _lesson(self) -> list[str]:
        with self.keys.away():
            wiped = page_through(self._exercise().stub.with_name("README.md"))
        if wiped:
            _clear()
        return [*self._show_board(), "", *self._last_lines()[:-1]]

    def _solution(self) -> list[str]:
        last = self.solved_last if self.solved_last in _solved() else None
        name = last or self._name()
        if name is None:
            return told_solutions(self._exercise())
        if not HANDOUT and name not in _solved():
            return [f"The solution of {name} is shown once your {name} is right."]
        return told_solution(BY_FUNCTION[name], name)

    def _reset(self) -> list[str]:
        exercise = self._exercise()
        with self.keys.away():
            if not confirmed(f"\nPut the stub of {exercise.folder} back? What is there is kept in a backup."):
                return ["Nothing was changed."]
        self.to_say = begin_again(exercise)
        return self.to_say

    def _show_board(self) -> list[str]:
        return as_printed(self._board().lines())


class _Page:
    """The page of `kata open`, which a key opens beside this, and which ends with it."""

    def __init__(self) -> None:
        # Where there is a page already, a later process ends by itself, but not at once.
        self.processes: list[subprocess.Popen[bytes]] = []

    def open(self) -> list[str]:
        """Start it; returns what it says first: its address, or why there is none."""
        alone: dict[str, Any] = {"start_new_session": True}  # keys of this terminal are not for it
        if sys.platform == "win32":
            alone = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        # On Windows the folder stays, as long as the process has the file.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            said, command = Path(folder, "said"), [sys.executable, "-m", "kata", "open"]
            with said.open("wb") as file:
                process = subprocess.Popen(
                    command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, **alone
                )
            end, lines = time.monotonic() + QUICKLY, list[str]()
            while "http://" not in "".join(lines) and process.poll() is None and time.monotonic() < end:
                time.sleep(BLINK)
                lines = _lines(said)
            lines = _lines(said)
        self.processes.append(process)
        told = lines[-1:] if process.returncode else lines[:1]
        return told or ["The page opens in your browser."]

    def close(self) -> None:
        """End it, where it is there."""
        for process in self.processes:
            process.terminate()
            process.wait()


def _lines(path: Path) -> list[str]:
    # Opened anew: who reads a file that a process was given moves the place where that process writes.
    return [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]


def _solved() -> list[str]:
    """The functions that are right, in their order."""
    results = load_results()
    return [name for name in BY_FUNCTION if name in results and results[name].solved]


def _clear() -> None:
    if sys.platform == "win32":
        os.system("cls")  # older consoles print CLEAR as it stands
    else:
        print(CLEAR, end="")


def _say(*lines: str) -> None:
    print("\n".join(lines), flush=True)
