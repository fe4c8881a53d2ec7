"""`kata watch`: judge again whatever a saved file touches, as soon as it is saved."""

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from kata.answers import Answer
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.syllabus import EXERCISES, ROOT, Exercise

SETTLE = 0.05  # seconds without a further event: an editor saves in several steps
WAKE = 0.5  # seconds of a wait: on Windows no Ctrl-C interrupts a wait without an end
CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch_for_saves(chosen: Exercise | None = None) -> None:
    """Judge the learner's exercises at every save, until Ctrl-C or SIGTERM.

    Args:
        chosen: judge this exercise alone; without it, those that a saved file touches.

    Raises:
        LookupError: watchdog is not installed; the message says how to get it.
    """
    try:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer
    except ModuleNotFoundError:
        raise LookupError("watching needs the package watchdog: pip install watchdog") from None

    saved: queue.SimpleQueue[Path] = queue.SimpleQueue()

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            # A read opens and closes files, too: only these change what is judged. Editors that save into a
            # temporary file and rename it cause a move, whose target is the file.
            if event.event_type in ("created", "modified", "moved", "closed"):
                saved.put(Path(os.fsdecode(event.dest_path or event.src_path)))

    observer = Observer()
    observer.schedule(Handler(), str(OWN), recursive=True)
    # Nothing else ends it, so Ctrl-C does also where a script started it in the background, which ignores SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    observer.start()
    try:
        _judge([chosen] if chosen else EXERCISES, "everything" if not chosen else chosen.folder)
        while True:
            paths = _next(saved)
            touched = [exercise for exercise in touches(paths) if chosen in (None, exercise)]
            if touched:
                _judge(touched, ", ".join(short(path) for path in paths if path.suffix in (".py", ".ipynb")))
    except KeyboardInterrupt:
        print()
    finally:
        observer.stop()
        observer.join()


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


def _next(saved: "queue.SimpleQueue[Path]") -> list[Path]:
    paths: set[Path] = set()
    while not paths:
        with suppress(queue.Empty):
            paths.add(saved.get(timeout=WAKE))
    end = time.monotonic() + SETTLE
    while (left := end - time.monotonic()) > 0:
        try:
            paths.add(saved.get(timeout=left))
        except queue.Empty:
            break
    return sorted(paths)


def _judge(exercises: Sequence[Exercise], because: str) -> None:
    folders = [str(OWN / exercise.folder) for exercise in exercises]
    command = [sys.executable, "-m", "pytest", "--first-failure", "-q", "--no-header", *folders]
    # Flushed first: pytest writes into the same terminal from a process of its own.
    if sys.platform == "win32":
        os.system("cls")  # older consoles print CLEAR as it stands
    print(f"{'' if sys.platform == 'win32' else CLEAR}{because}\n", flush=True)
    subprocess.run(command, cwd=ROOT)
    print("\nWatching exercises/: save a file to judge it, Ctrl-C to end.", flush=True)
