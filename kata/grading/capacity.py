"""How many submissions this machine judges at once: one for each core, fewer where memory is short.

Where memory runs out, the kernel ends a process, and what a right answer was about to return is lost.
"""

import os
from collections.abc import Iterator
from pathlib import Path

_GIGABYTE = 2**30
# Of one that is judged: the reference in the judge's process, and the answer in its sandbox. With TensorFlow each
# takes 0.7 GB.
_LIGHT, _HEAVY = _GIGABYTE // 4, _GIGABYTE * 7 // 4


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
