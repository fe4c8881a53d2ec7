"""What is held against a stranger's process is its own."""

import os
from types import SimpleNamespace

import pytest

from kata.sandbox.process import MAX_FILES, Ended, Process


def test_the_files_of_this_machine_are_nobodys(monkeypatch):
    """Before a sandbox is ready, what can be seen of its files are those of the machine: a slow start is no crime."""
    many = SimpleNamespace(f_files=10 * MAX_FILES, f_ffree=0)
    monkeypatch.setattr(os, "statvfs", lambda path: many)
    process = Process.__new__(Process)
    process.scratch, process.first, process.greeted = "/tmp", os.getpid(), False
    process._look_at_files()
    process.greeted = True
    with pytest.raises(Ended, match="it made more than 5,000 files"):
        process._look_at_files()
