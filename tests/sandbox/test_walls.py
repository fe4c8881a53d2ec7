"""What a stranger's process sees and takes of the machine, beside what tests/proofs/hostile.py tries in whole runs.

Here is what only a process with TensorFlow could do, tried without it: that takes a second.
"""

import platform

import numpy as np
import pytest

from kata.checks import pack
from kata.sandbox import process
from kata.sandbox.bubblewrap import Sandbox
from tests.support import needs_sandbox

pytestmark = needs_sandbox
LOOK = """
import ctypes, mmap, os
import numpy as np
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
def file(size):
    found = os.open("/tmp/file", os.O_RDWR | os.O_CREAT)
    os.ftruncate(found, size)
    return found
def set_up_at_once():
    # As two threads of TensorFlow do that need the same constant of a C++ library: one makes it, the other waits.
    import threading, time
    library = ctypes.CDLL("libstdc++.so.6")
    acquire, release = library.__cxa_guard_acquire, library.__cxa_guard_release
    guard, told = (ctypes.c_int64 * 1)(), []
    told.append(acquire(guard))
    second = threading.Thread(target=lambda: told.append(acquire(guard)), daemon=True)
    second.start()
    time.sleep(0.2)
    release(guard)
    second.join(20)
    return told
def linear(x):
    raise ValueError(repr({look}))
"""


@pytest.fixture
def found(runtime, tmp_path):
    """A function of an expression that returns what a stranger's process finds with it, or why it does not."""

    def find(expression, needs=(), megabytes=512):
        folder = tmp_path / "02_activations"
        folder.mkdir()
        (folder / "activations.py").write_text(LOOK.replace("{look}", expression))
        for path in (tmp_path, folder, *tmp_path.parents[:2]):
            path.chmod(0o755)
        started = Sandbox(runtime, 5, megabytes).start(tmp_path, needs)
        try:
            request = {"function": "linear", "args": (np.zeros(1),), "kwargs": {}, "view": None, "seconds": 5}
            started.send(pack(request | {"token": ""}), 30)
            kind, _, message, _ = started.receive(30)["reply"][2]
            return message if kind == "ValueError" else kind
        finally:
            started.end()

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


def test_a_thread_that_waits_for_a_constant_of_another_one_goes_on(found):
    assert found("set_up_at_once()", ("numpy",)) == "[1, 0]"


def test_proc_tells_of_this_sandbox_alone(found):
    shown, stat = eval(found("proc()", ("numpy",)))  # numpy: as with TensorFlow, which asks /proc for its own program
    assert set(shown) <= {"cpuinfo", "filesystems", "version", "self", "thread-self", "mounts", "net", "stat"}
    assert {line.partition(" ")[2] for line in stat.splitlines()} <= {" ".join("0" * 10)}


MEMORY = {
    "private": "len(mmap.mmap(-1, SIZE, mmap.MAP_PRIVATE))",
    "shared": "len(mmap.mmap(-1, SIZE))",
    "shared zeros": "len(mmap.mmap(os.open('/dev/zero', os.O_RDWR), SIZE))",
    "a file's": "len(mmap.mmap(file(SIZE), SIZE))",
    "addresses alone": "len(mmap.mmap(-1, 2**40, mmap.MAP_PRIVATE, mmap.PROT_READ))",
}


@pytest.mark.parametrize("how", MEMORY)
def test_no_memory_is_beside_the_limit(found, how):
    # 64 MB for a process is 256 MB with TensorFlow, which is all that is written to.
    code = MEMORY[how].replace("SIZE", str(2**29))
    assert found(code, ("numpy",), 64) in ("OSError", "FileNotFoundError", "PermissionError", "ValueError")


def test_a_file_in_memory_is_fine(found):
    assert (
        found("np.memmap('/tmp/a', np.float32, 'w+', shape=(9,)).sum() + len(mmap.mmap(file(9), 9))", ("numpy",))
        == "np.float32(9.0)"
    )


def test_files_of_the_machine_are_nobodys_while_a_process_starts(found, monkeypatch):
    # Until bubblewrap has changed its root, the folder that it may write to is the machine's own, with files without
    # end: on a busy machine somebody looks before.
    monkeypatch.setattr(process, "_LOOK", 0.001)
    monkeypatch.setattr(process, "MAX_FILES", -1)
    with pytest.raises(process.Ended, match="files"):  # it has started, and has answered
        found("1")
