"""What is saved under exercises/, as soon as the operating system says so, and which exercises that touches."""

from __future__ import annotations

import logging
import os
import queue
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kata.answers import Answer
from kata.folders import EXERCISES as OWN
from kata.syllabus import EXERCISES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from kata.syllabus import Exercise

SETTLE = 0.05  # seconds without a further event: an editor saves in several steps


class Saves:
    """The files that are saved while this is open: `with Saves() as saves: saves.next(0.5)`.

    Args:
        folder: the folder that is watched.

    Raises:
        LookupError: watchdog is not installed; the message says how to get it.
    """

    def __init__(self, folder: Path = OWN) -> None:
        try:
            from watchdog.events import FileSystemEvent, FileSystemEventHandler
            from watchdog.observers import Observer
        except ModuleNotFoundError:
            raise LookupError("watching needs the package watchdog: pip install watchdog") from None

        logging.getLogger("watchdog").setLevel(logging.CRITICAL)  # it may call it an error that it ends
        # No SimpleQueue: where Ctrl-Z stops its wait for longer than the wait's seconds, that has no end any more.
        saved: queue.Queue[Path] = queue.Queue()

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                # A read opens and closes files, too: only these change what is judged. Editors that save into a
                # temporary file and rename it cause a move, whose target is the file.
                if event.event_type in ("created", "modified", "moved", "closed"):
                    saved.put(Path(os.fsdecode(event.dest_path or event.src_path)))

        self.saved, self.observer = saved, Observer()
        self.observer.schedule(Handler(), str(folder), recursive=True)

    def __enter__(self) -> Saves:
        self.observer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.observer.stop()
        self.observer.join()

    def next(self, seconds: float) -> list[Path]:
        """Return the files of the next save, sorted; [] where nothing is saved within so many seconds."""
        paths: set[Path] = set()
        with suppress(queue.Empty):
            paths.add(self.saved.get(timeout=seconds))
            end = time.monotonic() + SETTLE
            while (left := end - time.monotonic()) > 0:
                paths.add(self.saved.get(timeout=left))
        return sorted(paths)


def touches(paths: Iterable[Path]) -> list[Exercise]:
    """Return the exercises that saved files can change: their own, and those that import them."""
    changed = {
        exercise
        for exercise in EXERCISES
        for path in paths
        if path.parent.name == exercise.folder and path.stem in (exercise.topic, f"test_{exercise.topic}")
    }
    growing = True
    while growing:
        users = {exercise for exercise in EXERCISES if _imports(exercise) & {known.topic for known in changed}}
        growing = not users <= changed
        changed |= users
    return [exercise for exercise in EXERCISES if exercise in changed]


def _imports(exercise: Exercise) -> set[str]:
    source = Answer(OWN).source(exercise.topic)
    return source.imports() if source else set()
