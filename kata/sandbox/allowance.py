"""How much of its time a process has used up: what it computes counts, and waiting a little."""

import os
import time
from contextlib import suppress

from kata.answers import counted

_MOMENT = (
    0.05  # seconds until somebody looks what was computed: most replies are there before, and looking takes time
)
_TICKS = os.sysconf("SC_CLK_TCK")


class Allowance:
    """The time that a process may take from now on.

    Args:
        process: the number of the process: it, and all that it has started, count.
        seconds: how many may count: see kata/answers/timelimit.py, `counted`.
    """

    def __init__(self, process: int, seconds: float) -> None:
        self.process, self.seconds, self.start = process, seconds, time.monotonic()
        self.ask = self.start + min(seconds, _MOMENT)
        self.looked: tuple[float, float] | None = None  # what had passed and was computed at the first look

    def spent(self) -> float:
        """Return the seconds that count. The first moment does as it passes."""
        passed = time.monotonic() - self.start
        if self.looked is None:
            return min(passed, _MOMENT)
        since, before = self.looked
        return _MOMENT + counted(computed(self.process) - before, passed - since)

    def left(self) -> float:
        """Return the seconds until somebody should ask again; 0 where the time is over."""
        now = time.monotonic()
        if now >= self.ask:
            if self.looked is None:
                self.looked = now - self.start, computed(self.process)
            left = self.seconds - self.spent()
            if left <= 0:
                return 0.0
            self.ask = time.monotonic() + max(left, _MOMENT)
        return self.ask - now


def computed(first: int) -> float:
    """Return the seconds that a process and all that it has started have computed."""
    parents, seconds = {}, {}
    for number in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError, ValueError, IndexError), open(f"/proc/{number}/stat", "rb") as stat:  # it may be over
            # Behind the name, which may hold anything: see proc(5). 11 to 14 are its times and its dead children's.
            fields = stat.read().rpartition(b")")[2].split()
            parents[int(number)] = int(fields[1])
            seconds[int(number)] = sum(map(int, fields[11:15])) / _TICKS
    found, grown = {first}, True
    while grown:
        more = {number for number, parent in parents.items() if parent in found} - found
        grown, found = bool(more), found | more
    return sum(seconds.get(number, 0.0) for number in found)
