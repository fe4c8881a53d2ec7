"""Machines that are not like this one, as far as this one can play them: see tests/proofs/anywhere.py.

A guise says how a command is run there. What this machine cannot play is `NotHere`, with the reason.
"""

import contextlib
import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kata.syllabus import ROOT
from tests.conftest import NOT_COPIED
from tests.guises import GUISES, environment

LIGHT = ("numpy", "pytest", "pytest-benchmark", "watchdog")  # what the README says of 01 to 05
GRADING = ("jinja2", "pebble", "tqdm", "nbconvert", "psutil")  # what `kata grade` and its tests take besides
PLUGINS = (
    *("pytest-xdist", "execnet", "pytest-randomly", "pytest-cov", "coverage", "pytest-sugar", "termcolor"),
    *("pytest-rerunfailures", "pytest-timeout"),
)
MEMORY = 2 * 1024**3  # bytes
# Forward an hour, back an hour, every half second: in each Python process that reads it at its start.
CLOCK = """\
import time
_time, _time_ns, _start = time.time, time.time_ns, time.monotonic()
def _jump():
    return 3600 * int((time.monotonic() - _start) * 2 % 2)
time.time = lambda: _time() + _jump()
time.time_ns = lambda: _time_ns() + _jump() * 10**9
"""


# What runs there has to start others, as `kata grade` does: by the path of the Python behind an environment.
_PROBE = "import numpy, subprocess, sys; subprocess.run([sys._base_executable, '-c', ''], check=True)"


class NotHere(Exception):
    """This machine cannot play that one; the text says why."""


@dataclass
class Machine:
    """How commands run.

    Attributes:
        checkout: the folder of the kata; python: an interpreter.
        prefixes: commands that run another one, the best first; the first that works here is taken.
        variables: of the environment; None takes one away.
        light: whether only 01 to 05 can be judged, because there is no TensorFlow.
        terminal: its width in columns; None for none.
    """

    checkout: Path = ROOT
    python: str = sys.executable
    prefixes: list[list[str]] = field(default_factory=lambda: [[]])
    variables: dict[str, str | None] = field(default_factory=dict)
    light: bool = False
    terminal: int | None = None

    def choose(self) -> None:
        """Keep the prefix that works; raises NotHere where none does."""
        why = []
        for prefix in self.prefixes:
            probe = [*prefix, self.python, "-c", _PROBE]
            try:
                done = subprocess.run(probe, env=self.environment(), capture_output=True, text=True, timeout=120)
            except OSError as error:
                why.append(f"{prefix[0]}: {error.strerror}")
                continue
            if done.returncode == 0:
                self.prefixes = [prefix]
                return
            why.append((done.stderr.strip().splitlines() or [f"{prefix[0]} ends with {done.returncode}"])[-1])
        raise NotHere("; ".join(why))

    def environment(self) -> dict[str, str]:
        path = f"{self.variables.get('PYTHONPATH') or ''}{os.pathsep}{self.checkout}".strip(os.pathsep)
        found = os.environ | self.variables | {"PYTHONPATH": path}
        return {name: value for name, value in found.items() if value is not None}

    def run(self, command: list[str], folder: Path) -> tuple[int, str]:
        """Run Python with arguments in the checkout, with a folder for its files; returns (exit status, output)."""
        whole = [*self.prefixes[0], self.python, *command]
        variables = self.environment() | {"KATA_STATE": str(folder / "state"), "TMPDIR": str(folder)}
        options = {"cwd": self.checkout, "env": variables, "stdin": subprocess.DEVNULL, "start_new_session": True}
        if self.terminal is None:
            done = subprocess.run(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
            return done.returncode, done.stdout.decode("utf-8", "replace")
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, self.terminal, 0, 0))
        with subprocess.Popen(whole, stdout=slave, stderr=slave, **options) as process:
            os.close(slave)
            said = bytearray()
            with contextlib.suppress(OSError):  # the other end is closed
                while piece := os.read(master, 65536):
                    said += piece
        os.close(master)
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode("utf-8", "replace"))
        return process.returncode, text.replace("\r\n", "\n")


def _shell(script: str) -> list[str]:
    return ["sh", "-c", f'{script}; exec "$@"', "sh"]


def as_it_is(stack: contextlib.ExitStack) -> Machine:
    return Machine()


def processor(guise: str) -> Callable[[contextlib.ExitStack], Machine]:
    def make(stack: contextlib.ExitStack) -> Machine:
        kept = environment(guise)
        gone = dict.fromkeys(name for name in os.environ if name not in kept)
        return Machine(variables=gone | GUISES[guise])

    return make


def one_core(stack: contextlib.ExitStack) -> Machine:
    return Machine(prefixes=[["taskset", "--cpu-list", str(min(os.sched_getaffinity(0)))]])


def busy(stack: contextlib.ExitStack) -> Machine:
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        stack.callback(process.wait)
        stack.callback(process.kill)
    return Machine()


def without_ctrl_c(stack: contextlib.ExitStack) -> Machine:
    """As a shell without job control starts what it starts in the background."""
    return Machine(prefixes=[_shell("trap '' INT")])


def nobody(stack: contextlib.ExitStack) -> Machine:
    """Not root, and without a home; a user that the kernel makes up where others may not read this Python."""
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    made_up = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    prefixes = [user, made_up] if os.getuid() == 0 else [[]]
    return Machine(prefixes=prefixes, variables={"HOME": "/nonexistent", "USER": None, "LOGNAME": None})


def _copy(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT, folder, ignore=NOT_COPIED, symlinks=True))


def odd_path(stack: contextlib.ExitStack) -> Machine:
    return Machine(checkout=_copy(_temporary(stack) / "Jürgens Übungen/kata"))


def read_only(stack: contextlib.ExitStack) -> Machine:
    """A checkout of somebody else's: root, who may write everywhere, is nobody here."""
    folder = _copy(_temporary(stack) / "kata")
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    stack.callback(lambda: [path.chmod(0o755) for path in (folder, *folder.rglob("*")) if path.is_dir()])
    machine = nobody(stack)
    machine.checkout = folder
    return machine


def plain_c(stack: contextlib.ExitStack) -> Machine:
    names = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": None}
    return Machine(variables=names)


def narrow(stack: contextlib.ExitStack) -> Machine:
    return Machine(terminal=60, variables={"TERM": "xterm", "COLUMNS": None, "LINES": None})


def no_terminal(stack: contextlib.ExitStack) -> Machine:
    return Machine(variables=dict.fromkeys(("TERM", "COLUMNS", "LINES")))


def no_shared_memory(stack: contextlib.ExitStack) -> Machine:
    """An empty folder that nobody can write to in the place of /dev/shm."""
    empty = _temporary(stack) / "empty"
    empty.mkdir()
    return Machine(prefixes=[["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(empty), "/dev/shm"]])


def little_memory(stack: contextlib.ExitStack) -> Machine:
    """A group of processes that has 2 GB together, as a small container has."""
    prefixes = [["systemd-run", "--scope", "--quiet", f"--property=MemoryMax={MEMORY}"]]
    for parent, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        group = Path(parent, f"kata-{os.getpid()}")
        if os.access(parent, os.W_OK) and Path(parent, "cgroup.procs").exists():
            group.mkdir()
            stack.callback(group.rmdir)
            if (group / limit).exists():  # not where memory is left to another hierarchy
                (group / limit).write_text(str(MEMORY))
                prefixes.insert(0, _shell(f"echo $$ > {group}/cgroup.procs"))
    return Machine(prefixes=prefixes)


def jumping_clock(stack: contextlib.ExitStack) -> Machine:
    """What asks Python for the time; the kernel's own clock, such as the times of files, stays."""
    folder = _temporary(stack)
    (folder / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    return Machine(variables={"PYTHONPATH": str(folder)})


def version(number: str) -> Callable[[contextlib.ExitStack], Machine]:
    """Another Python, with what 01 to 05 and their grading need."""

    def make(stack: contextlib.ExitStack) -> Machine:
        found = [shutil.which(f"python{number}"), *Path.home().glob(f".pyenv/versions/{number}.*/bin/python")]
        for python in filter(None, found):
            environment = _temporary(stack) / "environment"
            if subprocess.run([python, "-m", "venv", environment], capture_output=True).returncode == 0:
                break
        else:
            raise NotHere(f"there is no Python {number}")
        python = str(environment / "bin/python")
        _install(python, *LIGHT, *GRADING)
        _install(python, "--no-deps", "--editable", str(ROOT))
        return Machine(python=python, light=True)

    return make


def plugins(stack: contextlib.ExitStack) -> Machine:
    """pytest plugins that people have, in a folder of their own beside what is installed."""
    folder = _temporary(stack)
    _install(sys.executable, "--no-deps", "--target", str(folder), *PLUGINS)
    return Machine(variables={"PYTHONPATH": str(folder)})


def _install(python: str, *what: str) -> None:
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "--constraint", str(ROOT / "constraints.txt"), *what], capture_output=True, text=True
    )
    if done.returncode:
        raise NotHere(f"pip: {done.stderr.strip().splitlines()[-1]}")


def _temporary(stack: contextlib.ExitStack) -> Path:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kata-")))
    folder.chmod(0o755)
    return folder


MACHINES: dict[str, Callable[[contextlib.ExitStack], Machine]] = {
    "as it is": as_it_is,
    **{name: processor(name) for name in GUISES},
    "one core": one_core,
    "four busy": busy,
    "no Ctrl-C": without_ctrl_c,
    "nobody": nobody,
    "odd path": odd_path,
    "read-only": read_only,
    "LANG=C": plain_c,
    "60 columns": narrow,
    "no terminal": no_terminal,
    "no shm": no_shared_memory,
    "2 GB": little_memory,
    "clock": jumping_clock,
    **{f"Python {number}": version(number) for number in ("3.11", "3.12", "3.13")},
    "plugins": plugins,
}
