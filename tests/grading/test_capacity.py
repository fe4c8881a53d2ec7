"""How many are judged at once, where memory is short, and how long it takes."""

import heapq
import random
import statistics
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from kata.grading import capacity
from kata.grading import run as run_module
from kata.grading.capacity import Estimate, free_memory, jobs
from tests.support import needs_sandbox, solution

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
    ("memory", "light", "heavy"),
    [(GIGABYTE // 8, 1, 1), (2 * GIGABYTE, 4, 1), (4 * GIGABYTE, 4, 1), (5 * GIGABYTE, 4, 2), (2**63, 4, 4)],
)
def test_as_many_as_there_are_cores_and_memory_for_and_at_least_one(monkeypatch, memory, light, heavy):
    monkeypatch.setattr(capacity.os, "sched_getaffinity", lambda process: {0, 1, 2, 3})
    monkeypatch.setattr(capacity, "free_memory", lambda: memory)
    assert (jobs(heavy=False), jobs(heavy=True)) == (light, heavy)


MIDNIGHT = datetime(2026, 3, 1)


def judged(seconds, outcome="passed", **more):
    """Marks of a submission that took so long."""
    return {"functions": {"sigmoid": {"outcome": outcome}}, "seconds": seconds, **more}


def told(durations, at_once=2, start=8.0):
    """Play a run without waiting: its lines, and how many seconds it took in all.

    Args:
        durations: seconds of each submission, 0 of one in which nothing was handed in.
        start: seconds until the workers are ready.
    """
    estimate, lines, running, waiting, now = Estimate(), [], [], list(durations), start
    left = len(waiting)
    while waiting or running:
        while waiting and len(running) < at_once:
            seconds = waiting.pop(0)
            heapq.heappush(running, (now + seconds, seconds))
        now, seconds = heapq.heappop(running)
        left -= 1
        found = judged(seconds, "passed" if seconds else "todo")
        if line := estimate.line(found, left, at_once, now, MIDNIGHT + timedelta(seconds=now)):
            lines.append((line, estimate.said))
    return lines, now


def test_how_long_it_takes_is_said_once():
    lines, took = told([10.0] * 300)
    assert lines == [("300 submissions: about 25 minutes, until about 00:25", pytest.approx(took, rel=0.01))]


def test_of_a_short_run_nothing_is_said():
    assert told([0.2] * 300) == ([], pytest.approx(38))
    assert told([3.0] * 20)[0] == []
    assert told([0] * 299 + [60])[0] == []
    assert told([180] * 4)[0] == []  # long, but nearly over when there is something to say


def test_a_long_run_is_said_in_hours_and_days():
    ((line, _),) = told([60.0] * 300)[0]
    assert line == "300 submissions: about 2.5 hours, until about 02:30"
    ((line, _),) = told([60.0] * 3000)[0]
    assert line == "3000 submissions: about 25.0 hours, until about Monday, 01:00"


def test_what_takes_no_time_counts_and_is_not_waited_for():
    estimate = Estimate()
    for number in range(3):
        assert estimate.line(judged(0.0, refused="a damaged archive"), 99 - number, 1, 20.0, MIDNIGHT) is None
        assert estimate.line(judged(0.0, "todo"), 99 - number, 1, 20.0, MIDNIGHT) is None
    assert estimate.line(judged(60.0), 90, 1, 80.0, MIDNIGHT) is None
    assert estimate.line(judged(60.0), 89, 1, 140.0, MIDNIGHT) is None
    line = estimate.line(judged(60.0), 90, 1, 200.0, MIDNIGHT)
    assert line == "99 submissions: about 33 minutes, until about 00:30"  # a third of them take a minute


def test_where_it_proves_wrong_it_is_said_again():
    lines, took = told([10.0] * 20 + [60.0] * 280)
    assert lines[0][0] == "300 submissions: about 25 minutes, until about 00:25"
    assert all("rather about" in line for line, _ in lines[1:])
    assert 1 < len(lines) <= 4
    assert lines[-1][1] == pytest.approx(took, rel=0.5)


@pytest.mark.parametrize("at_once", [1, 2, 16])
@pytest.mark.parametrize(
    "draw",
    [
        lambda draw: draw.uniform(40, 80),  # all handed in all nine exercises
        lambda draw: 0 if draw.random() < 1 / 3 else draw.uniform(40, 80),  # a third of them nothing
        lambda draw: draw.choice((0.3, 60)),  # half of them only 01 to 05
    ],
)
def test_it_is_honest_under_very_different_submissions(draw, at_once):
    first = []
    for seed in range(40):
        source = random.Random(seed)
        lines, took = told([draw(source) for _ in range(300)], at_once)
        assert took / 2 < lines[-1][1] < took * 2, (seed, lines)
        assert len(lines) <= 5
        first.append(lines[0][1] / took)
    # Each of the two estimates alone says less than that in one of these classes: 0.36 and 0.66 of the truth.
    assert 0.7 < statistics.median(first) < 1.3


@needs_sandbox
def test_the_line_is_printed_where_nobody_watches(tmp_path, monkeypatch, capsys):
    for name in "abcd":
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "activations.py").write_text(solution("activations") + f"# {name}\n")
    asked = {"jobs": 1, "seed": 3, "time_limit": 10.0, "memory_limit": 512, "exercises": "02", "no_sandbox": False}
    asked |= {"scheduler": None, "csv": None, "assignment": "", "handout": None}
    options = SimpleNamespace(submissions=str(tmp_path / "class"), output=str(tmp_path / "output"), **asked)
    monkeypatch.setattr(capacity, "_SOON", 0)
    monkeypatch.setattr(capacity, "_SHORT", 0)
    run_module.grade(options)
    assert capsys.readouterr().err.count("kata: 4 submissions: about 0 minutes, until about ") == 1
    (tmp_path / "class/a/activations.py").write_text(solution("activations") + "# another one\n")
    run_module.grade(options)  # in which one was judged, and three were kept
    assert "submissions: about" not in capsys.readouterr().err
