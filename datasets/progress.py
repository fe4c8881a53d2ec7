"""A progress bar for a terminal, one line at the end for a log."""

import sys
import threading
import time

WIDTH = 30
INTERVAL = 0.1  # seconds between two drawings of the bar


class Progress:
    """Count steps, from several threads, on stderr: `with Progress("Drawing", 2000) as step: step()`."""

    def __init__(self, what, total, done=0, show=True):
        self.what, self.total, self.done, self.show = what, total, done, show
        self.lock = threading.Lock()
        self.start = self.drawn = time.monotonic()

    def __enter__(self):
        return self

    def __call__(self):
        with self.lock:
            self.done += 1
            if time.monotonic() - self.drawn >= INTERVAL:
                self._draw()

    def __exit__(self, kind, *_):
        if not self.show:
            return
        if sys.stderr.isatty():
            self._draw()
            print(file=sys.stderr)
        elif kind is None:
            seconds = time.monotonic() - self.start
            print(f"{self.what}: {self.done} of {self.total} in {seconds:.1f} s", file=sys.stderr)

    def _draw(self):
        self.drawn = time.monotonic()
        if self.show and sys.stderr.isatty():
            bar = "█" * (WIDTH * self.done // self.total)
            seconds = self.drawn - self.start
            text = f"{self.what} {bar:░<{WIDTH}} {self.done}/{self.total} {seconds:.0f} s"
            print(f"\r{text}", end="", file=sys.stderr, flush=True)
