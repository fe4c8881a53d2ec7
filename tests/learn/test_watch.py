"""`kata watch` in a real terminal: tmux types, saves happen as editors do them, the screen is read."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from kata.learn.saves import touches
from kata.syllabus import BY_TOPIC, ROOT
from tests.support import TOTAL, replace_function, solution

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """A tmux window of 150 x 50 that runs a command in a clone."""

    def __init__(self, clone, state, *command):
        self.socket = f"kata-{os.getpid()}"
        environment = f"PYTHONPATH={clone} KATA_STATE={state} PYTHONUTF8=1"
        line = f"env {environment} {sys.executable} {' '.join(command)}"
        self.tmux("new-session", "-d", "-x", "150", "-y", "50", "-c", str(clone), line + "; echo ended; sleep 60")

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-u", "-L", self.socket, *arguments], capture_output=True, check=True)
        return done.stdout.decode()

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait_for(self, *texts):
        """The screen, once all texts stand on it; how long that took is nobody's verdict."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            screen = self.screen()
            if all(text in screen for text in texts):
                return screen
            time.sleep(0.02)
        raise AssertionError(f"{texts} never came up:\n{screen}")


@pytest.fixture
def terminal(clone, tmp_path):
    opened = []

    def start(*command):
        opened.append(Terminal(clone, tmp_path / "state", *command))
        return opened[-1]

    yield start
    for each in opened:
        subprocess.run(["tmux", "-L", each.socket, "kill-server"], capture_output=True)


@needs_tmux
def test_every_save_is_judged_and_shown_on_a_clean_screen(terminal, clone):
    target = clone / "exercises/02_activations/activations.py"
    window = terminal("-m", "kata", "watch")
    window.wait_for(f"0/{TOTAL}", "Watching exercises/")

    target.write_text(
        replace_function("activations", "sigmoid", "def sigmoid(x):\n    return x * 0\n"), encoding="utf-8"
    )
    screen = window.wait_for("returned  [[-0, -0, -0, -0, -0]]", "sigmoid: 0/7 checks", "Watching")
    assert screen.startswith("exercises/02_activations/activations.py\n")
    assert screen.count("Hint: kata hint") == 1  # the first failure alone, in full
    assert "Traceback" not in screen
    assert screen.index("should be") < screen.index("02 activations")  # the board is below

    # As vim and others save: into another file, then renamed.
    temporary = target.with_suffix(".tmp")
    temporary.write_text(solution("activations"), encoding="utf-8")
    temporary.replace(target)
    screen = window.wait_for(f"8/{TOTAL}", "Watching")
    assert "returned" not in screen

    window.tmux("send-keys", "C-c")
    screen = window.wait_for("ended")
    assert "Traceback" not in screen


@needs_tmux
def test_one_exercise_alone(terminal, clone):
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for(f"0/{TOTAL}", "20 todo", "Watching exercises/")
    (clone / "exercises/03_losses/losses.py").write_text(solution("losses"), encoding="utf-8")
    (clone / "exercises/02_activations/activations.py").write_text(solution("activations"), encoding="utf-8")
    screen = window.wait_for(f"8/{TOTAL}", "20 passed")
    assert "16/16" not in screen


@needs_tmux
def test_a_wrong_number_is_told(terminal):
    terminal("-m", "kata", "watch", "77").wait_for("there is no exercise '77'", "ended")


@pytest.mark.everywhere
@pytest.mark.skipif(sys.platform == "win32", reason="only a console sends Ctrl-C there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_by_ctrl_c_and_sigterm_also_where_it_was_started_in_the_background(clone, tmp_path, number):
    environment = os.environ | {"PYTHONPATH": str(clone), "KATA_STATE": str(tmp_path / "state")}
    process = subprocess.Popen(
        [sys.executable, "-m", "kata", "watch", "02"],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    lines = iter(process.stdout.readline, "")
    assert any("Watching exercises/" in line for line in lines)
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert "Traceback" not in out


@pytest.mark.everywhere
def test_a_saved_file_touches_its_exercise_and_those_that_use_it():
    def folders(*names):
        return [exercise.folder for exercise in touches([ROOT / "exercises" / name for name in names])]

    assert folders("01_label_encoders/label_encoders.py") == ["01_label_encoders", "09_gpu_training"]
    assert folders("03_losses/losses.py") == ["03_losses", "04_pairings"]
    assert folders("03_losses/losses.ipynb") == ["03_losses", "04_pairings"]
    assert folders("02_activations/test_activations.py", "05_binary_accuracy/binary_accuracy.py") == [
        "02_activations",
        "04_pairings",
        "05_binary_accuracy",
        "08_experiments",
        "09_gpu_training",
    ]
    assert folders("03_losses/README.md", "03_losses/.losses.py.swp", "03_losses/__pycache__/losses.pyc") == []
    assert folders("03_losses/.ipynb_checkpoints/losses-checkpoint.ipynb", "03_losses/.~losses.ipynb") == []
    assert BY_TOPIC["losses"].folder == "03_losses"


@pytest.mark.everywhere
def test_without_watchdog_it_says_what_to_install(run):
    code = "import sys; sys.modules['watchdog.events'] = None; from kata.cli import main; sys.exit(main(['watch']))"
    done = run("-c", code)
    assert done.status == 2
    assert "pip install watchdog" in done.err
