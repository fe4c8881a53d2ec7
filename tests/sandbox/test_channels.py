"""What two sandboxes could see of each other: numbers that the whole machine counts, and what /proc tells of it."""

import platform

import numpy as np
import pytest

from kata.checks import pack
from kata.sandbox.bubblewrap import Sandbox
from kata.sandbox.runtime import find_runtime
from tests.support import needs_sandbox

pytestmark = needs_sandbox
LOOK = """
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def proc():
    told = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            try:
                path = f"/proc/{name}"
                told[name] = os.listdir(path) if os.path.isdir(path) else open(path, errors="replace").read(2000)
            except OSError:
                pass
    return sorted(name for name, text in told.items() if text), told.get("stat", "")
def linear(x):
    raise ValueError(repr({look}))
"""


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runtime")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    return find_runtime(folder)


@pytest.fixture
def found(runtime, tmp_path):
    """A function of an expression that returns what a stranger's process finds with it, or why it does not."""

    def find(expression, needs=()):
        folder = tmp_path / "02_activations"
        folder.mkdir()
        (folder / "activations.py").write_text(LOOK.replace("{look}", expression))
        for path in (tmp_path, folder, *tmp_path.parents[:2]):
            path.chmod(0o755)
        process = Sandbox(runtime, 5, 512).start(tmp_path, needs)
        try:
            request = {"function": "linear", "args": (np.zeros(1),), "kwargs": {}, "view": None, "seconds": 5}
            process.send(pack(request | {"token": ""}), 30)
            kind, _, message, _ = process.receive(30)["reply"][2]
            return message if kind == "ValueError" else kind
        finally:
            process.end()

    return find


def test_how_many_processes_the_machine_had_is_not_told(found):
    assert found("os.fstat(os.pidfd_open(os.getpid())).st_ino") == "PermissionError"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only this machine has such a call")
def test_how_full_a_disk_is_is_not_told(found):
    ustat = 136
    assert found(f"libc.syscall({ustat}, os.stat('/judge').st_dev, bytes(64))") == "-1"


def test_a_program_that_is_not_there_is_not_found(found):
    # Who asks for one that need not be there, such as nvidia-smi, catches this error.
    run = "__import__('subprocess').run(['nvidia-smi'], capture_output=True)"
    assert found(run) == "FileNotFoundError"


def test_proc_tells_of_this_sandbox_alone(found):
    shown, stat = eval(found("proc()", ("numpy",)))  # numpy: as with TensorFlow, which asks /proc for its own program
    assert set(shown) <= {"cpuinfo", "filesystems", "version", "self", "thread-self", "mounts", "net", "stat"}
    assert {line.partition(" ")[2] for line in stat.splitlines()} <= {" ".join("0" * 10)}
