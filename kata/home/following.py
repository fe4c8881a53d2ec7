"""What the page follows: saved files, which it has judged, and results, wherever they come from."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING

from kata import state
from kata.answers import Answer
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.learn import WATCHING, Saves, judging, touches
from kata.syllabus import EXERCISES, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kata.syllabus import Exercise

_WAKE = 0.2  # seconds between two looks at what others have changed
_SEEN = ("board.json", "hints.json", "benchmark.json")
_ENDS = (0, 1, 5)  # of pytest: all right, something is not, nothing to run


class Following(threading.Thread):
    """Has saved files judged, and says when there is something new to show.

    Args:
        changed: called when there is, in this thread.

    Attributes:
        busy: what is being judged, in words; "" where nothing is.
        problem: what pytest said instead of judging; "" where it judged.
    """

    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.changed, self.busy, self.problem = changed, "", ""
        self.saves = Saves()
        self.ended = threading.Event()
        self.process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        seen, left = None, _parts()
        with self.saves:
            while not self.ended.is_set():
                paths = self.saves.next(0 if left else _WAKE)
                if touched := touches(paths):
                    self._judge(touched, ", ".join(short(path) for path in paths if path.suffix in (".py", ".ipynb")))
                elif left:
                    exercises = left.pop(0)
                    self._judge(exercises, ", ".join(exercise.folder for exercise in exercises))
                if paths or seen != (now := _marks()):
                    seen = _marks() if paths else now
                    self.changed()

    def end(self) -> None:
        """Stop, and whatever is being judged with it."""
        self.ended.set()
        if self.process is not None:
            self.process.kill()

    def _judge(self, exercises: Sequence[Exercise], because: str) -> None:
        with state.held(WATCHING) as nobody_else:
            pass
        if not nobody_else:  # kata watch judges the same save: its results are shown
            return
        self.busy = because
        self.changed()
        self.process = subprocess.Popen(
            judging(exercises),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        said, _ = self.process.communicate()
        self.problem = "" if self.process.returncode in _ENDS or self.ended.is_set() else said[-4000:]
        self.process, self.busy = None, ""
        self.changed()


def _parts() -> list[list[Exercise]]:
    """Everything, in parts: what is begun with TensorFlow may take long, and between two parts a save is judged."""
    answer = Answer(OWN)
    long = [each for each in EXERCISES if each.needs and not all(map(answer.todo, each.points))]
    parts = [[each for each in EXERCISES if each not in long], *([each] for each in long)]
    return [part for part in parts if part]


def _marks() -> list[int]:
    """When each file of the judge's memory was written last."""
    return [path.stat().st_mtime_ns if (path := state.folder() / name).exists() else 0 for name in _SEEN]
