"""The progress of a long run: a bar with the time left on a terminal, a line now and then elsewhere."""

import sys
import time

WIDTH = 30
_EVERY = 30.0  # seconds between two lines where there is no terminal


class Progress:
    """Shows how far a run is.

    Args:
        total: how many steps it has.
        stream: where to; clock: function that returns seconds.
    """

    def __init__(self, total, stream=None, clock=time.monotonic):
        self.total, self.stream, self.clock = total, stream or sys.stderr, clock
        self.done = self.skipped = 0
        self.start = self.shown = clock()
        self.terminal = self.stream.isatty()

    def step(self, skipped=False):
        """One more is done; `skipped` took no time, and says nothing about the others."""
        self.done += 1
        self.skipped += skipped
        if self.terminal:
            self.stream.write(f"\r{self.text()}\x1b[K")
        elif self.clock() - self.shown >= _EVERY:
            self.shown = self.clock()
            self.stream.write(f"{self.text()}\n")
        self.stream.flush()

    def text(self):
        """`██████░░░░ 120/500, 3 min left`."""
        full = WIDTH * self.done // max(self.total, 1)
        return f"{'█' * full}{'░' * (WIDTH - full)} {self.done}/{self.total}{self._left()}"

    def _left(self):
        counted, left = self.done - self.skipped, self.total - self.done
        if not counted or not left:
            return ""
        seconds = (self.clock() - self.start) / counted * left
        if seconds < 90:
            return f", {seconds:.0f} s left"
        return f", {seconds / 60:.0f} min left" if seconds < 5400 else f", {seconds / 3600:.1f} h left"

    def close(self):
        """End the line."""
        if self.terminal and self.done:
            self.stream.write("\n")
            self.stream.flush()
