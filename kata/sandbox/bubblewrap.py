"""Starting a process for a stranger's code, in a sandbox of its own, and ending it with all that it has started.

bubblewrap gives it namespaces of its own: no network, no other processes, and a file system that holds Python, NumPy,
the answer, and a small private /tmp. It runs as a user who is nobody else, since limits don't bind root.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kata.sandbox.process import Ended, Process, TooLate
from kata.sandbox.runtime import ANSWER, JUDGE, PACKAGES, SCRATCH, Runtime
from kata.sandbox.seccomp import make_filter

HOW_TO_GET_IT = """grading runs strangers' code in a sandbox, and the sandbox is not to be had: {why}
It takes Linux, the program bwrap and namespaces that it may make:
  bubblewrap:  sudo apt-get install bubblewrap   (or: dnf, pacman or apk with the same name)
  namespaces:  sudo sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0
               (whichever of the two there is); in a container: docker run --privileged
To grade people whom you trust without one: --no-sandbox"""
WITHOUT = """kata: --no-sandbox: the submissions' code runs with your rights. Time, memory and file sizes are limited,
kata: nothing else: it can read and write your files, other submissions and the marks, use the network, and leave
kata: processes behind."""

_START = (
    "import sys; sys.path.insert(0, sys.argv[2]); sys.path.append(sys.argv[3]); from kata.sandbox.child import main; "
)
_START += "main(sys.argv[1])"
_PATIENCE = 60.0  # seconds for a process to start, in which nothing of the stranger's runs
_MEGABYTE = 2**20
_ADDRESSES = 2**17  # megabytes of addresses that TensorFlow may reserve: on two cores it took 2,700 for a training
# What /proc has besides processes, and TensorFlow or Python asks for. The rest is that of the whole machine: any of
# its sandboxes can change it, and read it.
_OF_PROC = ("cpuinfo", "filesystems", "version", "self", "thread-self", "mounts", "net")


class SandboxError(Exception):
    """No process could be started. The text says why."""


class Sandbox:
    """Starts processes.

    Args:
        runtime: the Runtime.
        seconds: how long a call may take, as they count; megabytes: memory of a process.
        bare: whether to do without bubblewrap.
        apart: without it, to become a user who is nobody else, and to do without most system calls: for a container
            that holds nothing else and forbids namespaces. It takes root. See kata/platforms/container.py.

    Attributes:
        forgets: whether nothing that a process writes somewhere is there for the next one.
    """

    def __init__(
        self,
        runtime: Runtime,
        seconds: float,
        megabytes: int,
        bare: bool = False,
        apart: bool = False,
    ) -> None:
        self.runtime, self.seconds, self.megabytes = runtime, seconds, megabytes
        self.bare, self.apart = bare, apart
        self.forgets = not bare
        # Where it may write. Not /tmp where that holds this very Python.
        self.scratch = SCRATCH if runtime.python.startswith("/tmp/") else "/tmp"
        self.environment = {
            "HOME": self.scratch,
            "TMPDIR": self.scratch,
            "LANG": "C.UTF-8",
            **dict.fromkeys(("USER", "LOGNAME"), "student"),
            # A constant: the same order of sets each time, and nothing that tells of the run or its random inputs.
            "PYTHONHASHSEED": "0",
            # One thread: NumPy's own would count as processes, and gain nothing on arrays of this size.
            **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        }

    def start(self, answer: Path | str, needs: Sequence[str] = (), second: bool = False) -> Process:
        """Start a process for the answer in a folder, and wait until it has imported what it needs.

        Args:
            needs: packages besides NumPy; () for a process that has NumPy alone in sight.
            second: whether it looks at what was taken of an answer's results (looking.py). It becomes another user
                than the answer's own process, which could harm it, and imports no Keras, which no look needs.

        Raises:
            SandboxError: it does not start.
        """
        user = free_user(second) if self.apart else None
        command, descriptors = self._command(answer, needs, user, second)
        home = tempfile.mkdtemp(prefix="kata-") if self.bare else None
        if home is not None and user is not None:
            os.chown(home, user, user)
        process = None
        try:
            process = Process(command, descriptors, self._environment(home), home, user)
            hello = process.receive(_PATIENCE * (3 if needs else 1))
            # Not before: until bubblewrap has changed its root, that folder is the machine's own.
            process.scratch = None if self.bare else self.scratch
        except (Ended, TooLate, ValueError, OSError) as error:
            said = process.said() if process else ""
            if process:
                process.end()
            raise SandboxError(said or str(error) or f"{'Python' if self.bare else 'bwrap'} does not start") from None
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        if hello.get("missing"):
            process.end()
            raise SandboxError(f"{hello['missing']} is not installed: pip install -e .")
        return process

    def try_out(self) -> None:
        """Start a process without an answer.

        Raises:
            SandboxError: it does not start.
        """
        empty = tempfile.mkdtemp(dir=self.runtime.folder)
        try:
            self.start(empty).end()
        finally:
            shutil.rmtree(empty)

    def _environment(self, home: str | None) -> dict[str, str]:
        if home is None:
            return {}
        return self.environment | {"HOME": home, "TMPDIR": home}

    def _command(
        self, answer: Path | str, needs: Sequence[str], user: int | None, second: bool
    ) -> tuple[list[str], list[int]]:
        limits = self._limits(bool(needs))
        runtime, folder = self.runtime, self.runtime.folder
        # -S -s: no site-packages, and none of the files there that run at the start of every Python.
        python = [runtime.python, "-S", "-s", "-P", "-B", "-c", _START]
        settings: dict[str, Any] = {"limits": limits, "needs": list(needs), "uid": None, "answer": ANSWER}
        if second:
            settings |= {"needs": [name for name in needs if name != "keras"], "without": ["keras"]}
        if self.bare:
            packages = runtime.site if needs else f"{folder}/packages"
            settings |= {"answer": str(answer), "uid": user}
            if user is not None:
                if not (code := make_filter()):
                    raise SandboxError("this machine's system calls are not known: the network would stay open")
                settings["filter"] = code.hex()
            return [*python, json.dumps(settings), f"{folder}/judge", packages], []
        settings["uid"] = free_user(second) if os.getuid() == 0 else None
        command = [find_bwrap(), "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        command += [
            "--unshare-cgroup-try",
            "--hostname",
            "sandbox",
            "--die-with-parent",
            "--new-session",
            "--clearenv",
        ]
        if settings["uid"] is None:
            command += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
        else:  # root needs no namespace of users to make the others; the child leaves these rights at once
            command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        for name, value in self.environment.items():
            command += ["--setenv", name, value]
        size = str((256 if needs else 16) * _MEGABYTE)
        command += ["--ro-bind", f"{folder}/root", "/", "--ro-bind", runtime.library, runtime.library]
        for hidden in ("site-packages", "dist-packages"):
            if os.path.isdir(f"{runtime.library}/{hidden}"):
                command += _empty(f"{runtime.library}/{hidden}")
        if needs:
            # TensorFlow asks /proc for its own program. It shows the processes of this sandbox only.
            command += ["--ro-bind", runtime.site, PACKAGES, "--proc", "/proc"]
            for name in os.listdir("/proc"):
                if not name.isdigit() and name not in _OF_PROC:
                    shown = f"{folder}/stat" if name == "stat" else "/dev/null"
                    place = f"/proc/{name}"
                    command += _empty(place) if os.path.isdir(place) else ["--ro-bind", shown, place]
        else:
            for path in runtime.numpy:
                command += ["--ro-bind", path, f"{PACKAGES}/{os.path.basename(path)}"]
        command += ["--ro-bind", f"{folder}/judge", JUDGE, "--ro-bind", str(answer), ANSWER]
        command += ["--size", size, "--perms", "1777", "--tmpfs", self.scratch, "--chdir", self.scratch]
        for name in ("null", "random", "urandom"):  # not zero: what is mapped of it counts as nobody's memory
            command += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
        descriptors = []
        if code := make_filter():
            descriptors.append(_file_of(code))
            command += ["--seccomp", str(descriptors[-1])]
        return [*command, "--", *python, json.dumps(settings), JUDGE, PACKAGES], descriptors

    def _limits(self, heavy: bool) -> dict[str, int]:
        # TensorFlow reserves far more addresses than it uses, so its limit counts what it asks to write to. Addresses
        # cost memory, too, a page for 2 MB of them, which nobody counts.
        data = {"RLIMIT_DATA": 4 * self.megabytes, "RLIMIT_AS": 4 * self.megabytes + _ADDRESSES}
        memory = data if heavy else {"RLIMIT_AS": self.megabytes}
        return {
            **{name: megabytes * _MEGABYTE for name, megabytes in memory.items()},
            "RLIMIT_NPROC": 512 if heavy else 6,
            "RLIMIT_NOFILE": 1024 if heavy else 64,
            "RLIMIT_FSIZE": (256 if heavy else 16) * _MEGABYTE,
            "RLIMIT_CPU": int(60 + 20 * self.seconds) * ((os.cpu_count() or 1) if heavy else 1),
            "RLIMIT_CORE": 0,
            "RLIMIT_MSGQUEUE": 0,
        }


def find_bwrap() -> str:
    """Return the path of bubblewrap's program.

    Raises:
        SandboxError: there is none.
    """
    if path := shutil.which("bwrap"):
        return path
    raise SandboxError("there is no program bwrap on the PATH")


def free_user(second: bool = False) -> int:
    """A user id that nobody has, another one for each process of the judge, from those that exist here.

    So the number of one sandbox's processes is counted apart from all others.

    Args:
        second: the other one of the two that each process of the judge has.
    """
    ranges = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    first, _, count = max(ranges, key=lambda numbers: numbers[2])
    return min(first + count, 2**31) - 2 - 2 * (os.getpid() % max(1, min(count // 4, 2**22))) - second


def _empty(folder: str) -> list[str]:
    # Read-only: whoever is its owner could else make files in it, which nobody counts.
    return ["--size", "4096", "--perms", "0555", "--tmpfs", folder, "--remount-ro", folder]


def _file_of(content: bytes) -> int:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        descriptor = os.dup(file.fileno())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
