"""How many submissions this machine judges at once, and how long a class takes.

One for each core, fewer where memory is short: where it runs out, the kernel ends a process, and what a right answer
was about to return is lost.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from kata.grading.marking import handed_in
from kata.reports import Marks

_GIGABYTE = 2**30
# Of one that is judged: the reference in the judge's process, and the answer in its sandbox. With TensorFlow each
# takes 0.7 GB, and what is right for a few draws of random inputs (kata/grading/marking.py) half a GB more.
_LIGHT, _HEAVY = _GIGABYTE // 4, _GIGABYTE * 9 // 4

_SOON = 10.0  # seconds in which nothing is said: the first ones may not be like the others
_SHORT = 120.0  # seconds: where fewer are left nothing is said
_FEW = 3  # submissions with something to judge, or as many as are judged at once


def jobs(heavy: bool) -> int:
    """Return how many at once, from 1 on; heavy: whether TensorFlow is needed."""
    return max(1, min(len(os.sched_getaffinity(0)), free_memory() // (_HEAVY if heavy else _LIGHT)))


def free_memory(root: Path = Path("/")) -> int:
    """Return the bytes that this process and those that it starts may take, as far as the kernel says.

    Args:
        root: of the file system in which /proc and /sys lie.
    """
    return min([*_of_machine(root), *_of_groups(root)], default=2**63)


def _of_machine(root: Path) -> Iterator[int]:
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _of_groups(root: Path) -> Iterator[int]:
    """The limits of the groups of processes that this one is in; a container is such a group."""
    for line in _lines(root / "proc/self/cgroup"):
        _, kinds, name = line.split(":", 2)
        if kinds not in ("", "memory"):
            continue
        top, limit = root / "sys/fs/cgroup" / kinds, "memory.limit_in_bytes" if kinds else "memory.max"
        for folder in (top / name.strip("/"), *(top / name.strip("/")).parents):
            yield from (int(text) for text in _lines(folder / limit) if text.isdigit())
            if folder == top:
                break


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


class Estimate:
    """How long a run takes, as a line: once, and again only where that proves wrong by more than half."""

    def __init__(self) -> None:
        self.judged, self.real, self.spent, self.begun = 0, 0, 0.0, 0.0
        self.said, self.after = 0.0, 0  # seconds for all, and how many real ones that was derived from

    def line(self, marks: Marks, left: int, at_once: int, elapsed: float, now: datetime) -> str | None:
        """Return what there is to say after one more submission was judged; mostly None.

        Args:
            marks: its marks; left: how many are still to be judged; at_once: how many at the same time.
            elapsed: seconds since the workers were started; now: the time of day.
        """
        self.begun = self.begun if self.judged else elapsed - marks["seconds"]  # until then the workers got ready
        self.judged += 1
        self.spent += marks["seconds"]
        # What was not handed in, or is refused, takes no time: that says nothing of those that do.
        self.real += "refused" not in marks and handed_in(marks["functions"])
        rest = self._rest(left, at_once, elapsed - self.begun)
        whole = elapsed + rest
        if elapsed < _SOON or rest < _SHORT or self.real < max(at_once, _FEW, 2 * self.after):
            return None
        if self.said and abs(whole - self.said) <= self.said / 2:
            return None
        again, self.said, self.after = "rather " if self.said else "", whole, self.real
        minutes = round(whole / 60)
        long = f"{minutes} minutes" if minutes < 100 else f"{whole / 3600:.1f} hours"
        end = now + timedelta(seconds=rest)
        until = f"{end:%H:%M}" if rest < 12 * 3600 else f"{end:%A, %H:%M}"
        return f"{self.judged + left} submissions: {again}about {long}, until about {until}"

    def _rest(self, left: int, at_once: int, busy: float) -> float:
        """Seconds for those that are left, from what those that are judged took.

        Quick ones are judged first. Whoever looks at those alone expects too little, and so does who takes what is
        being judged for judged: it is the larger of the two.
        """
        running = min(at_once - 1, left)
        return max(self.spent / self.judged * left / at_once, busy / (self.judged + running) * (left - running))
