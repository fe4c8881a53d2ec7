"""How many are judged at once, where memory is short."""

import pytest

from kata.grading import capacity
from kata.grading.capacity import free_memory, jobs

GIGABYTE = 2**30


def machine(root, group, **files):
    """A file system in which the kernel says this, and what it says of free memory."""
    files = {"proc/meminfo": "MemTotal: 9 kB\nMemAvailable:   8388608 kB\n", "proc/self/cgroup": group, **files}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return free_memory(root)


def test_without_groups_it_is_what_the_machine_has_left(tmp_path):
    assert machine(tmp_path, "") == 8 * GIGABYTE
    assert free_memory(tmp_path / "nothing is told here") > 2**60


@pytest.mark.parametrize(
    ("group", "file"),
    [
        ("3:cpu:/\n4:memory:/box\n", "sys/fs/cgroup/memory/box/memory.limit_in_bytes"),
        ("4:memory:/box/inside\n", "sys/fs/cgroup/memory/box/memory.limit_in_bytes"),
        ("0::/box\n", "sys/fs/cgroup/box/memory.max"),
        ("0::/\n", "sys/fs/cgroup/memory.max"),
        ("0::/../elsewhere\n", "sys/fs/cgroup/memory.max"),
    ],
)
def test_a_container_may_have_less(tmp_path, group, file):
    assert machine(tmp_path, group, **{file: f"{2 * GIGABYTE}\n"}) == 2 * GIGABYTE
    assert machine(tmp_path, group, **{file: "max\n"}) == 8 * GIGABYTE


@pytest.mark.parametrize(
    ("memory", "light", "heavy"), [(GIGABYTE // 8, 1, 1), (2 * GIGABYTE, 4, 1), (4 * GIGABYTE, 4, 2), (2**63, 4, 4)]
)
def test_as_many_as_there_are_cores_and_memory_for_and_at_least_one(monkeypatch, memory, light, heavy):
    monkeypatch.setattr(capacity.os, "sched_getaffinity", lambda process: {0, 1, 2, 3})
    monkeypatch.setattr(capacity, "free_memory", lambda: memory)
    assert (jobs(heavy=False), jobs(heavy=True)) == (light, heavy)
