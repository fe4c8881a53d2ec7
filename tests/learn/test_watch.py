"""`kata watch` in a real terminal: tmux types, saves happen as editors do them, the screen is read."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from kata import state
from kata.learn import watch
from kata.learn.saves import touches
from kata.learn.watch import KEYS
from kata.syllabus import BY_TOPIC, ROOT
from tests.support import HANGS, TOTAL, replace_function, solution

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """A tmux window of 150 x 50 that runs a command in a clone."""

    def __init__(self, clone, state, *command, pager="cat"):
        self.socket, self.asked = f"kata-{os.getpid()}", 0
        environment = f"PYTHONPATH={clone} KATA_STATE={state} PYTHONUTF8=1 PAGER={shlex.quote(pager)}"
        line = f"env {environment} {sys.executable} {shlex.join(command)}; echo ended; sleep 60"
        if not command:
            line = f"env {environment} PS1='$ ' ENV= sh -i"
        self.tmux("new-session", "-d", "-x", "150", "-y", "50", "-c", str(clone), line)

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def press_until(self, key, text):
        """Press a key again until a text is there."""
        end = time.monotonic() + 60
        while text not in self.screen():
            assert time.monotonic() < end, f"{text} never came up:\n{self.screen()}"
            self.press(key)
            time.sleep(0.2)

    def type(self, line):
        self.tmux("send-keys", "-l", line)
        self.tmux("send-keys", "Enter")

    def settings(self):
        """What a shell that waits for a command says of its terminal."""
        self.asked += 1
        self.type(f"clear; stty -a; echo so {self.asked}")
        screen = self.wait_for("speed ", f"\nso {self.asked}\n")
        return screen[screen.index("speed ") : screen.index("\nso ")]

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-u", "-L", self.socket, *arguments], capture_output=True, check=True)
        return done.stdout.decode()

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait_for(self, *texts):
        """The screen, once all texts stand on it; how long that took is nobody's verdict."""
        return self.wait_until(lambda screen: all(text in screen for text in texts), texts)

    def wait_until(self, holds, what="it"):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            screen = self.screen()
            if holds(screen):
                return screen
            time.sleep(0.02)
        raise AssertionError(f"{what} never came up:\n{screen}")


def wait_for_file(*places):
    end = time.monotonic() + 60
    while not any(place.exists() for place in places):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def terminal(clone, tmp_path):
    opened = []

    def start(*command, **options):
        opened.append(Terminal(clone, tmp_path / "state", *command, **options))
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
@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_a_debugger_opens_in_a_function_that_pytest_judges(terminal, clone, stop):
    code = f"def linear(x):\n    {stop}\n    return x\n"
    target = clone / "exercises/02_activations/activations.py"
    target.write_text(replace_function("activations", "linear", code), encoding="utf-8")
    window = terminal("-m", "pytest", "exercises/02_activations", "-k", "test_the_logits_stay_as_they_are")
    window.wait_for("(Pdb)", "\n-> ")  # the next line, or from Python 3.13 on the one that stopped
    window.tmux("send-keys", "p x.shape", "Enter")
    window.wait_for("(1, 5)")
    window.tmux("send-keys", "c", "Enter")
    window.wait_for("1 passed", "ended")


@needs_tmux
def test_input_is_refused_at_a_terminal_as_anywhere(terminal, clone):
    code = "def linear(x):\n    input('shape? ')\n    return x\n"
    target = clone / "exercises/02_activations/activations.py"
    target.write_text(replace_function("activations", "linear", code), encoding="utf-8")
    window = terminal("-m", "pytest", "exercises/02_activations", "-k", "test_the_logits_stay_as_they_are")
    window.wait_for("the code waits for input()", "1 failed", "ended")


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
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    lines = iter(process.stdout.readline, "")
    assert any("Watching exercises/" in line for line in lines)
    process.send_signal(number)
    out, _ = process.communicate(timeout=HANGS)
    assert process.returncode == 0, out
    assert "Traceback" not in out


STUB = "exercises/02_activations/activations.py"
READY = ("Watching exercises/: save a file to judge it.\n", KEYS)


def line_of(path, name):
    return [line.startswith(f"def {name}(") for line in path.read_text(encoding="utf-8").splitlines()].index(True) + 1


def write(clone, written):
    """Write the functions of 02 that are named as they are solved; the others stay stubs."""
    text = (clone / STUB).read_text(encoding="utf-8")
    for name in written:
        code = solution("activations").partition(f"def {name}(")[2].partition("\n\n\n")[0]
        pattern = re.compile(rf"def {name}\(.*?(?=\n\n\n|\n?\Z)", re.DOTALL)
        text = pattern.sub(lambda _, code=code, name=name: f"def {name}({code.rstrip()}", text)
    (clone / STUB).write_text(text, encoding="utf-8")


def write_learned(clone):
    sentences = "".join(
        f"## {name}\n\nWhat {name} teaches\nis this.\n\nA mistake.\n\n" for name in ("linear", "sigmoid", "softmax")
    )
    text = f"# Learned\n\n{sentences}## Questions\n\n### Why?\n\n- [x] So.\n- [ ] Not so.\n\nBecause.\n"
    (clone / "solutions/02_activations/learned.md").write_text(text, encoding="utf-8")


@needs_tmux
def test_the_last_lines_are_the_next_function_and_the_keys(terminal, clone):
    window = terminal("-m", "kata", "watch", "02")
    lines = window.wait_for(*READY).rstrip().splitlines()
    line = line_of(clone / STUB, "linear")
    assert lines[-3:] == [f"Go on with linear: {STUB}:{line}", READY[0].strip(), KEYS]
    assert "Ctrl-C to end" not in "\n".join(lines)
    for key in ("?", "x", "Up"):  # which is several characters
        before = window.screen().count(KEYS)
        window.press(key)
        window.wait_until(lambda screen, before=before: screen.count(KEYS) == before + 1)
    window.press("q")
    assert "Traceback" not in window.wait_for("ended")


@needs_tmux
def test_next_and_hint_are_of_the_function_that_the_board_names(terminal, clone):
    write(clone, ["linear"])
    window = terminal("-m", "kata", "watch")
    window.wait_for("Go on with integer_encode: exercises/01_label_encoders/label_encoders.py:10", *READY)
    write(clone, ["linear"])
    line = line_of(clone / STUB, "sigmoid")
    window.wait_for(f"Next: sigmoid in {STUB}:{line}", f"Go on with sigmoid: {STUB}:{line}", *READY)
    window.press("n")
    screen = window.wait_for("Turn each logit into a probability of its own: 1 / (1 + exp(-x)).\nh hint")
    assert screen.count(f"Go on with sigmoid: {STUB}:{line}") == 2
    window.press("h")
    window.wait_for("sigmoid, hint 1 of 3", "One more: kata hint 02 sigmoid")
    window.press("h")
    window.wait_for("sigmoid, hint 2 of 3")


@needs_tmux
def test_one_exercise_alone_has_its_own_next_function(terminal, clone):
    write(clone, ["linear", "sigmoid", "softmax"])
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for("Next: integer_encode in", "All of 02_activations is right.\nWatching", *READY)
    window.press("n")
    window.wait_until(lambda screen: screen.count("All of 02_activations is right.") == 2)
    window.press("b")
    window.wait_until(lambda screen: screen.count("02 activations       ██████████   8/8") == 2)


@needs_tmux
def test_what_becomes_right_is_told_with_its_solution_which_is_shown_then(terminal, clone):
    write_learned(clone)
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for(*READY)
    window.press("s")
    screen = window.wait_for("The solution of linear is shown once your linear is right.")
    assert "np.asarray" not in screen
    for name in ("linear", "sigmoid"):
        write(clone, [name])
        place = (
            f"solutions/02_activations/activations.py:{line_of(clone / 'solutions' / STUB.partition('/')[2], name)}"
        )
        screen = window.wait_for(f"{name} is right. What {name} teaches is this. The solution: {place}", *READY)
        assert screen.count(" is right.") == 1  # what was right before is not told again
        window.press("s")
        screen = window.wait_for(f"{place}\n\ndef {name}(x):\n    ")
        assert "Args:" not in screen.rpartition(place)[2]
    with (clone / STUB).open("a", encoding="utf-8") as file:
        file.write("\n# a save that changes nothing\n")
    window.wait_until(lambda screen: "def sigmoid" not in screen and screen.count(KEYS) == 1)
    assert " is right." not in window.screen()


@needs_tmux
def test_without_a_sentence_nothing_is_said_of_it(terminal, clone):
    (clone / "solutions/02_activations/learned.md").unlink(missing_ok=True)
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for(*READY)
    write(clone, ["linear"])
    screen = window.wait_for("Go on with sigmoid", *READY)
    assert "linear is right" not in screen
    assert "Traceback" not in screen


@needs_tmux
def test_the_lesson_goes_through_a_pager_and_the_watch_goes_on(terminal, clone):
    window = terminal("-m", "kata", "watch", "02", pager="less -R")
    window.wait_for(*READY)
    lesson = (clone / STUB).with_name("README.md").read_text(encoding="utf-8").splitlines()[0]
    window.press("l")
    screen = window.wait_for(lesson)
    assert KEYS not in screen
    window.press("C-c")  # is the pager's, which forgets what was typed before it has seen to it
    window.press_until("G", "(END)")
    window.press("q")
    screen = window.wait_for("02 activations", "Go on with linear:", *READY)
    assert lesson not in screen
    write(clone, ["linear"])
    window.wait_for("Go on with sigmoid:", *READY)
    window.press("q")
    window.wait_for("ended")


@needs_tmux
def test_a_pager_that_ends_at_once_leaves_the_lesson_on_the_screen(terminal, clone):
    window = terminal("-m", "kata", "watch", "02", pager="cat")
    window.wait_for(*READY)
    lesson = (clone / STUB).with_name("README.md").read_text(encoding="utf-8").splitlines()
    window.press("l")
    window.wait_until(lambda screen: lesson[-1][:100] in screen and screen.rstrip().endswith(KEYS))


@pytest.mark.sample(1)
@needs_tmux
@pytest.mark.parametrize("answer", ["y", "", "n"])
def test_reset_asks(terminal, clone, tmp_path, answer):
    stub = (clone / STUB).read_bytes()
    write(clone, ["linear"])
    mine = (clone / STUB).read_bytes()
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for("Go on with sigmoid:", *READY)
    window.press("r")
    window.wait_for("Put the stub of 02_activations back? What is there is kept in a backup. [y/N]")
    assert (clone / STUB).read_bytes() == mine
    window.type(answer)
    if answer != "y":
        window.wait_for("Nothing was changed.")
        assert (clone / STUB).read_bytes() == mine
        return
    screen = window.wait_for("activations.py is the stub again.", "What was there:", "Go on with linear:", *READY)
    assert "[y/N]" not in screen  # it is judged already, and what was said stands below
    assert (clone / STUB).read_bytes() == stub
    assert [path.read_bytes() for path in (tmp_path / "state/backups").iterdir()] == [mine]


@pytest.mark.sample(1)
@needs_tmux
@pytest.mark.parametrize("end", ["q", "C-c"])
def test_a_key_opens_the_page_which_ends_with_the_watch(terminal, clone, end):
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for(*READY)
    window.press("o")
    screen = window.wait_for("The page: http://127.0.0.1:")
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)/\?token=", screen)[1])

    def is_served():
        with socket.create_connection(("127.0.0.1", port)):
            return True

    assert is_served()
    again = "The page is open already: http://127.0.0.1:"
    for times in (1, 2, 3):
        window.press("o")
        window.wait_until(lambda screen, times=times: screen.count(again) == times)
        assert is_served()  # a second one that was not needed has ended nothing
    window.press(end)
    window.wait_for("ended")
    with pytest.raises(ConnectionRefusedError):
        is_served()


def test_what_the_page_says_is_whole_however_often_it_is_read_meanwhile(tmp_path, monkeypatch):
    says = "import os\nfor letter in 3000 * 'a': os.write(1, b'a')\nos.write(1, b' http://127.0.0.1:1/\\n')\n"
    (tmp_path / "kata").mkdir()
    (tmp_path / "kata/__init__.py").touch()
    (tmp_path / "kata/__main__.py").write_text(says)
    monkeypatch.setattr(watch, "ROOT", tmp_path)
    monkeypatch.setattr(watch, "BLINK", 0)
    monkeypatch.setattr(watch, "QUICKLY", HANGS)
    page = watch._Page()
    try:
        assert page.open() == [3000 * "a" + " http://127.0.0.1:1/"]
    finally:
        page.close()


@needs_tmux
def test_a_page_can_see_that_this_terminal_judges(terminal, clone, tmp_path, monkeypatch):
    monkeypatch.setenv("KATA_STATE", str(tmp_path / "state"))
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for(*READY)
    with state.held("watching") as free:
        assert not free  # so the page shows this one's results, and nothing is judged twice
    window.press("q")
    window.wait_for("ended")
    with state.held("watching") as free:
        assert free


@needs_tmux
def test_why_the_page_cannot_be_opened_is_said(terminal, clone):
    main = clone / "kata/__main__.py"
    usual = main.read_text(encoding="utf-8")
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for(*READY)
    fails = "print('usage'); sys.exit('kata: no page here')"
    main.write_text(f"import sys\nif sys.argv[1:] == ['open']:\n    {fails}\n{usual}", encoding="utf-8")
    window.press("o")
    window.wait_for("kata: no page here")


@needs_tmux
def test_keys_that_are_pressed_while_it_judges_count_afterwards(terminal, clone):
    target = clone / STUB
    window = terminal("-m", "kata", "watch", "02")
    window.wait_for(*READY)
    slow = "def sigmoid(x):\n    import time\n    open('runs', 'w').close()\n    time.sleep(0.5)\n    return x\n"
    target.write_text(replace_function("activations", "sigmoid", slow), encoding="utf-8")
    wait_for_file(clone / "runs", target.parent / "runs")
    assert KEYS not in window.screen()
    window.press("q", "q", "b")
    screen = window.wait_for("ended")
    assert "sigmoid: 0/7 checks" in screen  # the run went to its end
    assert READY[0] in screen


@pytest.mark.sample(2)
@needs_tmux
@pytest.mark.parametrize("how", ["q", "C-c", signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, "an exception"], ids=str)
def test_the_terminal_is_as_it_was_however_it_ends(terminal, tmp_path, how):
    window = terminal()
    program = "from kata.learn import Keys; import time\nwith Keys():\n    time.sleep(1)\n    raise ValueError"
    command = f"-c {shlex.quote(program)}" if how == "an exception" else "-m kata watch 02"
    (tmp_path / "start").write_text(f'echo $$ > "{tmp_path}/pid"\nexec {sys.executable} {command}\n')
    usual = window.settings()
    window.type(f"clear; sh {tmp_path}/start; echo over")
    if how == "an exception":
        window.wait_for("ValueError")
    else:
        window.wait_for(*READY)
        if isinstance(how, str):
            window.press(how)
        else:
            os.kill(int((tmp_path / "pid").read_text()), how)
    window.wait_for("\nover")
    assert window.settings() == usual


@needs_tmux
def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(terminal):
    window = terminal()
    usual = window.settings()
    window.type(f"clear; {sys.executable} -m kata watch 02")
    window.wait_for(*READY)
    window.press("C-z")
    window.wait_for("Stopped")
    assert window.settings() == usual
    window.type("bg")
    assert window.settings() == usual  # in the background it leaves the terminal alone
    window.type("clear; fg")
    for _ in range(60):
        window.press("?")  # the first may be the shell's, which has the terminal until the watch takes it again
        time.sleep(0.5)
        if KEYS in window.screen():
            break
    window.press("b")
    screen = window.wait_for("total", KEYS)
    assert "b\n" not in screen  # what is typed is not shown
    window.press("q")
    window.wait_for(f"{KEYS}\n$")
    assert window.settings() == usual


@needs_tmux
@pytest.mark.parametrize("answer", ["", "y", "C-c"])
def test_kata_solution_asks_before_it_shows_what_is_not_solved(terminal, answer):
    window = terminal("-m", "kata", "solution", "02", "sigmoid")
    screen = window.wait_for("sigmoid is not right yet. Show its solution all the same? [y/N]")
    assert "np." not in screen
    if answer == "C-c":
        window.press(answer)
    else:
        window.type(answer)
    screen = window.wait_for("ended")
    assert ("def sigmoid(x):\n    x = np.asarray(x)" in screen) == (answer == "y")
    assert "Traceback" not in screen


@pytest.mark.everywhere
def test_without_a_terminal_there_are_no_keys(clone, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "kata", "watch", "02"],
        cwd=clone,
        env=os.environ
        | {"PYTHONPATH": str(clone), "KATA_STATE": str(tmp_path / "state"), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    with process:
        process.stdin.write("q\n")
        process.stdin.flush()
        lines = iter(process.stdout.readline, "")
        assert "Watching exercises/: save a file to judge it, Ctrl-C to end.\n" in lines
        (clone / STUB).write_text(solution("activations"), encoding="utf-8")  # q was no key: it is judged
        assert any(line.startswith("02 activations") and " 8/8" in line for line in lines)
        process.terminate()


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
def test_what_watchdog_says_while_it_ends_is_not_shown(run):
    message = "InotifyEmitter.queue_events() called when the thread is inactive"  # as `q` was pressed
    code = "import logging; from kata.learn.saves import Saves; Saves()\n"
    done = run("-c", f"{code}logging.getLogger('watchdog.observers.inotify').error({message!r})")
    assert (done.status, done.out, done.err) == (0, "", "")


@pytest.mark.everywhere
def test_without_watchdog_it_says_what_to_install(kata_without):
    done = kata_without("watchdog.events", "watch")
    assert done.status == 2
    assert "pip install watchdog" in done.err
