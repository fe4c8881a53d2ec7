"""What counts of the time of a process: what it and those that it has started compute, and waiting a little."""

import os
import signal
import subprocess
import sys

import pytest

from kata.sandbox import allowance
from kata.sandbox.allowance import Allowance, computed

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="grading is for Linux")


class Machine:
    """A machine whose clocks the test turns."""

    def __init__(self, monkeypatch):
        self.passed = self.computed = 100.0
        self.looks = 0
        monkeypatch.setattr(allowance, "time", self)
        monkeypatch.setattr(allowance, "computed", self.look)

    def monotonic(self):
        return self.passed

    def look(self, process):
        self.looks += 1
        return self.computed

    def go_on(self, passed, computed=0.0):
        self.passed += passed
        self.computed += computed


@pytest.fixture
def machine(monkeypatch):
    return Machine(monkeypatch)


def test_what_is_over_soon_costs_no_look(machine):
    time = Allowance(1, 10)
    assert 0 < time.left() < 1
    machine.go_on(0.01)
    assert time.left()
    assert time.spent() == pytest.approx(0.01)
    assert machine.looks == 0


def test_what_is_computed_counts(machine):
    time = Allowance(1, 10)
    machine.go_on(time.left())
    wait = time.left()
    assert 9 < wait < 10
    machine.go_on(wait, wait)
    assert not time.left()
    assert time.spent() == pytest.approx(10)


def test_four_threads_take_no_more_than_passes(machine):
    time = Allowance(1, 10)
    machine.go_on(time.left())
    time.left()
    machine.go_on(5, 20)
    assert time.left()
    assert time.spent() == pytest.approx(5.05)


def test_a_process_that_waits_is_waited_for_four_times_as_long_and_not_for_ever(machine):
    time, start = Allowance(1, 10), machine.passed
    while left := time.left():
        machine.go_on(left)
    assert 39 < machine.passed - start < 41


def test_what_a_child_of_a_child_computes_counts():
    burn = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ntime.sleep(60)"
    start = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {burn!r}])"
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            assert process.stdout.readline()
            # The system tells the time in programs and in its own calls, each in whole ticks.
            assert computed(process.pid) >= 0.5 - 2 / os.sysconf("SC_CLK_TCK")
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_a_process_that_there_is_not_has_computed_nothing():
    assert computed(2**30) == 0
