"""What students need runs on Windows and macOS, too: here with what these lack taken away from Python.

On those systems themselves the workflow runs what is marked `everywhere`.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest

from kata import state
from kata.answers import timelimit
from kata.learn import Saves
from tests.support import NUMPY, NUMPY_WORTH, replace_function, solution

pytestmark = pytest.mark.everywhere

# As Python is on Windows, as far as its standard library still loads: no signals but those of C, no fork, no users.
# In the kata's own modules, a text file whose encoding is not said is an error: there it is not UTF-8.
WINDOWS = """\
import os, signal, sys, warnings
for name in ("resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "syslog"):
    sys.modules[name] = None
KEPT = {"SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM", "SIG_DFL", "SIG_IGN"}
for name in dir(signal):
    if name.startswith(("SIG", "ITIMER")) and name not in KEPT and name.isupper():
        delattr(signal, name)
for name in ("setitimer", "getitimer", "alarm", "pause", "pthread_sigmask", "pthread_kill", "sigwait"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("fork", "forkpty", "getgid", "chown", "sched_getaffinity", "mkfifo", "nice"):
    if hasattr(os, name):
        delattr(os, name)
warnings.filterwarnings("error", category=EncodingWarning, module=r"kata\\b")
"""
CODE_PAGES = ["cp1252", "cp932", "ascii", "utf-8"]  # of consoles and of files that output goes into


@pytest.fixture
def windows(run, clone, tmp_path):
    """Run Python with arguments in the clone, as if it were on Windows; a traceback is an error."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(WINDOWS, encoding="utf-8")

    def run_there(*arguments, encoding="cp1252", status=(0,)):
        done = run(
            *("-X", "warn_default_encoding", *arguments),
            cwd=clone,
            PYTHONPATH=f"{site}{os.pathsep}{clone}",
            PYTHONIOENCODING=f"{encoding}",
            PYTHONUTF8="0",
            LC_ALL="C",
            PYTHONCOERCECLOCALE="0",
        )
        assert "Traceback" not in done.out + done.err
        assert done.status in status, done.out + done.err
        return done

    return run_there


@pytest.fixture
def written(clone):
    """Write a topic's file in the clone, as an editor of Windows does."""

    def write(topic, text):
        (path,) = clone.glob(f"exercises/*/{topic}.py")
        path.write_bytes(text.replace("\n", "\r\n").encode())
        return path

    return write


@pytest.mark.proof
def test_the_suites_and_every_command_for_students(windows, written, clone):
    assert windows("-m", "pytest", *NUMPY, status=[1]).points() == 0
    for topic in ("label_encoders", "activations", "losses", "pairings", "binary_accuracy"):
        written(topic, solution(topic))
    assert windows("-m", "pytest", *NUMPY).points() == NUMPY_WORTH
    assert f" {NUMPY_WORTH}/" in windows("-m", "kata").out
    assert "hint 1 of 3" in windows("-m", "kata", "hint", "03").out
    assert "losses.ipynb is made" in windows("-m", "kata", "notebook", "03").out
    assert "What was there" in windows("-m", "kata", "reset", "02").out
    assert windows("-m", "pytest", "exercises/03_losses", "-s").points() == NUMPY_WORTH - 8
    assert "report.html" in windows("-m", "kata", "report", encoding="utf-8").out


@pytest.mark.sample(1)
@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_bars_are_bars_on_every_console(windows, written, encoding):
    written("activations", solution("activations").replace("(1 + e)", "(2 + e)"))
    for command in (("-m", "pytest", "exercises/02_activations"), ("-m", "kata")):
        said = windows(*command, encoding=encoding, status=[0, 1]).out
        (line,) = [line for line in said.splitlines() if line.startswith("02 activations")]
        bar = line.split()[2]
        assert bar == ("██████░░░░" if encoding == "utf-8" else "######....")


@pytest.mark.parametrize("options", [[], ["-s"]])
def test_what_an_answer_prints_is_no_mistake_on_any_console(windows, written, options):
    printing = "def linear(x):\n    print('✓ Größe')\n    return np.array(x)\n"
    written("activations", replace_function("activations", "linear", printing))
    assert windows("-m", "pytest", "exercises/02_activations", *options, encoding="ascii").points() == 8


def test_the_misconception_of_somebody_who_prints_is_told(windows, written):
    printing = "def linear(x):\n    print('✓')\n    return np.clip(np.array(x), 0, None)\n"
    silent = printing.replace("    print('✓')\n", "")
    said = []
    for code in (silent, printing):
        written("activations", replace_function("activations", "linear", code))
        done = windows("-m", "pytest", "exercises/02_activations", "-k", "Linear", status=[1])
        said.append([line for line in done.out.splitlines() if line.startswith("You ")])
    assert said[0] == said[1] != []


def test_what_a_notebook_shows_of_a_run_is_readable(windows):
    windows("-m", "kata", "notebook", "02")
    code = "import os; os.environ['PYTHONIOENCODING'] = 'cp1252'; from kata.learn.kernel import judge; judge('02')"
    assert "02 activations       ░░░░░░░░░░   0/8    todo" in windows("-c", code, encoding="utf-8").out


def test_line_ends_of_windows_are_nothing_to_lose(windows, written, clone):
    (path,) = clone.glob("exercises/*/activations.py")
    stub = path.read_bytes()
    written("activations", stub.decode())
    assert "What was there" not in windows("-m", "kata", "reset", "02").out
    assert path.read_bytes() == stub


def held(times):
    """os.replace of a system where somebody has the file open for a while."""
    real, left = os.replace, [times]

    def replace(source, target, **options):
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "Access is denied", str(source), None, str(target))
        return real(source, target, **options)

    return replace


def test_a_file_that_is_open_elsewhere_for_a_moment_is_written(monkeypatch, tmp_path):
    monkeypatch.setattr(state.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(os, "replace", held(3))
    state.write_whole(tmp_path / "losses.py", "text")
    assert (tmp_path / "losses.py").read_text(encoding="utf-8") == "text"


def test_a_file_that_stays_open_is_said_and_nothing_is_left_behind(run, clone):
    code = "import os, sys, time\nfrom tests.learn.test_elsewhere import held\nfrom kata.cli import main\n"
    code += "os.replace = held(10**6)\ntime.sleep = lambda seconds: None\nsys.exit(main(['reset', '02']))"
    before = sorted(clone.glob("exercises/*/*"))
    (clone / "exercises/02_activations/activations.py").write_text("# mine", encoding="utf-8")
    done = run("-c", code, cwd=clone, PYTHONPATH=str(clone))
    assert done.status == 2
    assert "activations.py: Access is denied" in done.err
    assert "Traceback" not in done.err
    assert [path for path in sorted(clone.glob("exercises/*/*")) if "__pycache__" not in str(path)] == before


def test_what_waits_for_a_save_is_open_to_ctrl_c_where_a_lock_is_not():
    class Queue:
        """On Windows nothing interrupts a wait without an end."""

        def __init__(self):
            self.found = iter([None, None, "a.py"])

        def get(self, timeout=None):
            assert timeout is not None
            if (path := next(self.found, None)) is None:
                raise queue.Empty
            return path

    saves = Saves()
    saves.saved = Queue()
    assert [saves.next(0.1) for _ in range(3)] == [[], [], ["a.py"]]


def test_an_interruption_that_comes_late_is_none(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    entered, real = threading.Event(), timelimit._thread.interrupt_main

    def slow(number):
        entered.set()
        time.sleep(0.2)
        real(number)

    monkeypatch.setattr(timelimit._thread, "interrupt_main", slow)
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with timelimit.time_limit(0.05):
            entered.wait(60)
        time.sleep(0.5)  # a Ctrl-C that nobody typed would come here
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_checkout_behind_a_link_is_the_same_checkout(run, clone, tmp_path):
    """As behind a drive letter of Windows that stands for a folder."""
    link = tmp_path / "link"
    try:
        link.symlink_to(clone, target_is_directory=True)
    except OSError:
        pytest.skip("links are forbidden here")
    done = run("-m", "pytest", "-q", f"{link}/exercises/02_activations", cwd=tmp_path, PYTHONPATH=str(clone))
    assert done.status == 1, done.out + done.err
    assert "02 activations       ░░░░░░░░░░   0/8    todo" in done.out


def test_who_reads_only_the_beginning_ends_nothing(clone, tmp_path):
    code = "import sys\nfrom kata.cli import main\nsys.stdin.read()\nsys.exit(main(['hint', '01']))"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=clone,
        env=os.environ | {"PYTHONPATH": str(clone), "KATA_STATE": str(tmp_path)},
        **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE),
    )
    with process:
        process.stdout.close()
        process.stdin.close()
        assert process.stderr.read() == b""


def test_a_save_is_judged_without_any_terminal(clone, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "kata", "watch", "02"],
        cwd=clone,
        env=os.environ
        | {"PYTHONPATH": str(clone), "KATA_STATE": str(tmp_path / "state"), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    with process:
        lines = iter(process.stdout.readline, "")
        assert any("Watching exercises/" in line for line in lines)
        path = clone / "exercises/02_activations/activations.py"
        path.write_text(solution("activations"), encoding="utf-8")
        assert any(line.startswith("02 activations") and " 8/8" in line for line in lines)
        process.terminate()
