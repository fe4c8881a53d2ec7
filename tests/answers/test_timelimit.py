"""The time limit in this process: where there is a timer signal, where there is none, and under a debugger."""

import re
import subprocess
import sys
import textwrap

import pytest

from kata.answers.answer import Answer
from kata.answers.loading import InProcess
from kata.answers.timelimit import counted
from tests.support import HANGS, replace_function

pytestmark = pytest.mark.everywhere
# Where SIGINT is ignored, as in what a shell starts in the background, Python has no Ctrl-C unless it asks for it.
CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
WITHOUT_TIMER = "import signal; vars(signal).pop('setitimer', None)\n"  # what the signal module of Windows looks like


def python(code, *arguments):
    imports = "import time, sys\nfrom kata.answers.timelimit import *\nfrom kata.answers import timelimit\n"
    code = imports + textwrap.dedent(code)
    return subprocess.run([sys.executable, *arguments, "-c", code], capture_output=True, text=True, timeout=HANGS)


@pytest.mark.parametrize("prefix", ["", WITHOUT_TIMER], ids=["timer", "no timer"])
@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "while True:\n    try:\n        x = 1\n    except Exception:\n        pass",
        "while True:\n    try:\n        x = 1\n    except BaseException:\n        pass",
    ],
    ids=["plain", "except Exception", "except BaseException"],
)
def test_a_loop_ends(prefix, body):
    code = f"""
def endless():
{textwrap.indent(body, "    ")}
try:
    with time_limit(0.3):
        endless()
except TimeLimitReached:
    print("ended")
time.sleep(0.3)
assert sys.gettrace() is None
print("and nothing comes after")
"""
    done = python(prefix + code)
    assert done.stdout == "ended\nand nothing comes after\n", done.stderr


@pytest.mark.parametrize("prefix", ["", WITHOUT_TIMER], ids=["timer", "no timer"])
def test_what_ends_in_time_is_left_alone(prefix):
    done = python(prefix + "\nwith time_limit(0.2):\n    x = 1\ntime.sleep(0.5)\nprint('fine')")
    assert done.stdout == "fine\n", done.stderr


BUSY = """
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""


@pytest.mark.parametrize("prefix", ["", WITHOUT_TIMER], ids=["timer", "no timer"])
def test_what_puts_settings_back_is_not_left_half_done(prefix):
    code = """
try:
    with time_limit(0.2):
        with uninterrupted():
            compute(0.6)
            print("whole")
        compute(60)
except TimeLimitReached:
    print("then ended")
"""
    done = python(prefix + BUSY + code)
    assert done.stdout == "whole\nthen ended\n", done.stderr


@pytest.mark.parametrize("prefix", ["", WITHOUT_TIMER], ids=["timer", "no timer"])
def test_a_limit_that_is_reached_while_it_ends_raises_nothing(prefix):
    # The end of the limit takes long here: compute is made a function of the module itself.
    code = """
exec(compile(BUSY, "busy", "exec"), vars(timelimit))
whole = timelimit.time_limit.disarm
timelimit.time_limit.disarm = lambda limit: (timelimit.compute(0.5), whole(limit))
with time_limit(0.2):
    x = 1
time.sleep(0.3)
print("fine")
"""
    done = python(f"{prefix}BUSY = {BUSY!r}\n" + code)
    assert done.stdout == "fine\n", done.stderr


def test_no_limit_is_no_limit():
    assert (
        python("for none in (None, 0):\n    with time_limit(none):\n        time.sleep(0.1)\nprint('fine')").stdout
        == "fine\n"
    )


def test_no_limit_under_a_debugger():
    code = "sys.settrace(lambda *a: None)\nassert under_debugger()\n"
    code += "with time_limit(0.1):\n    time.sleep(0.3)\nprint('fine')"
    assert python(code).stdout == "fine\n"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with Python 3.12")
def test_no_limit_under_a_debugger_that_monitors():
    code = "sys.monitoring.use_tool_id(sys.monitoring.DEBUGGER_ID, 'debugger')\nassert under_debugger()\n"
    assert python(code + "with time_limit(0.1):\n    time.sleep(0.3)\nprint('fine')").stdout == "fine\n"


def test_opening_a_debugger_inside_an_answer_ends_the_limit():
    done = python("with time_limit(0.2):\n    timelimit.disarm()\n    time.sleep(0.5)\nprint('fine')")
    assert done.stdout == "fine\n", done.stderr


def test_ctrl_c_is_still_ctrl_c_where_there_is_no_timer():
    code = """
    import _thread
    try:
        with time_limit(5):
            _thread.interrupt_main()
            time.sleep(0.1)
    except KeyboardInterrupt:
        print('stopped')
    """
    assert python(CTRL_C + WITHOUT_TIMER + textwrap.dedent(code)).stdout == "stopped\n"


def test_a_loop_ends_and_ctrl_c_does_nothing_where_ctrl_c_is_ignored():
    code = """
    import _thread, signal
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with time_limit(0.3):
            _thread.interrupt_main()
            print('goes on')
            while True: pass
    except TimeLimitReached:
        print('ended', signal.getsignal(signal.SIGINT).name)
    """
    for prefix in ("", WITHOUT_TIMER):
        assert python(prefix + textwrap.dedent(code)).stdout == "goes on\nended SIG_IGN\n"


def test_an_answer_that_raises_keyboard_interrupt_is_told_where_ctrl_c_is_ignored():
    code = """
    import signal
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    timelimit.watch_for_ctrl_c()
    timelimit.pass_on_ctrl_c(KeyboardInterrupt())
    print(signal.getsignal(signal.SIGINT).name)
    """
    assert python(code).stdout == "SIG_IGN\n"


def test_ctrl_c_ends_the_run_where_there_is_no_timer():
    # A user's Ctrl-C inside an answer is told from an answer that raises KeyboardInterrupt itself.
    code = """
    import _thread
    timelimit.watch_for_ctrl_c()
    def call(function):
        try:
            with time_limit(5):
                function()
        except KeyboardInterrupt as error:
            timelimit.pass_on_ctrl_c(error)
            print('the answer raised it')
    def raise_it():
        raise KeyboardInterrupt
    call(raise_it)
    try:
        call(lambda: (_thread.interrupt_main(), time.sleep(0.1)))
    except KeyboardInterrupt:
        print('stopped')
    """
    for prefix in ("", WITHOUT_TIMER):
        assert python(CTRL_C + prefix + textwrap.dedent(code)).stdout == "the answer raised it\nstopped\n"


def test_off_the_main_thread_there_is_no_limit_and_no_error():
    code = """
    import threading
    def work():
        with time_limit(0.1):
            time.sleep(0.3)
        print("fine")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    """
    assert python(code).stdout == "fine\n"


# A machine whose clocks the test turns: nothing is computed unless it says so, and one second passes at each look.
MACHINE = """
class Machine:
    passed = computed = 0.0
    def monotonic(self):
        self.passed += 1
        return self.passed
    def process_time(self):
        return self.computed
timelimit.time = machine = Machine()
def endless():
    while True: pass
"""


@pytest.mark.proof
@pytest.mark.parametrize("prefix", ["", WITHOUT_TIMER], ids=["timer", "no timer"])
def test_code_that_a_busy_machine_makes_wait_may_take_longer_but_not_for_ever(prefix):
    code = """
try:
    with time_limit(3):
        endless()
except TimeLimitReached:
    print('waited', machine.passed - 1)
machine.passed = 0
try:
    with time_limit(3):
        machine.computed = 3
        endless()
except TimeLimitReached:
    print('computed', 3 <= machine.passed - 1 < 12)
"""
    done = python(prefix + MACHINE + code)
    assert done.stdout == "waited 12.0\ncomputed True\n", done.stderr


def test_no_more_counts_than_passes():
    assert counted(5, 2) == 2
    assert counted(1, 2) == 1
    assert counted(0, 2) == 0.5


COMPUTES = "import time\n\n\ndef linear(x):\n    end = time.process_time() + 0.3\n"
COMPUTES += "    while time.process_time() < end:\n        pass\n    return x\n"


@pytest.mark.parametrize(("solution", "enough"), [(1.0, 20), (0.06, 1.2)])
def test_a_call_may_take_twenty_times_what_the_solution_takes_on_this_machine(answer_folder, solution, enough):
    asked = []

    def takes(call):
        asked.append((call.function, call.args, call.kwargs))
        return solution

    folder = answer_folder(activations=COMPUTES)
    runner = InProcess(Answer(folder).source, 0.2, takes)
    call = runner.call("linear", (3,), {})
    assert (call.fault, call.value) == (None, 3)
    assert asked == [("linear", (3,), {})]
    (folder / "02_activations/activations.py").write_text("def linear(x):\n    while True: pass\n", encoding="utf-8")
    runner = InProcess(Answer(folder).source, 0.2, takes)
    if enough < 20:  # or it would take that long
        assert f"linear did not end within {enough:g} s: " in runner.call("linear", (3,), {}).fault


def test_the_solution_is_not_asked_where_a_call_ends_and_does_not_help_where_it_is_fast(answer_folder):
    asked = []

    def takes(call):
        asked.append(call)
        return 0.001

    right = InProcess(Answer(answer_folder("right")).source, 30, takes)
    assert right.call("linear", (3,), {}).value == 3
    assert asked == []
    slow = InProcess(Answer(answer_folder("slow", activations=COMPUTES)).source, 0.2, takes)
    assert "linear did not end within 0.2 s: " in slow.call("linear", (3,), {}).fault
    assert len(asked) == 1


def test_a_right_answer_on_a_slow_machine_is_right_and_a_loop_is_none(run, clone, answer_folder):
    # Slow is what the solution computes slowly, too.
    (clone / "solutions/02_activations/activations.py").write_text(
        COMPUTES + replace_function("activations", "linear", ""), encoding="utf-8"
    )
    loop = replace_function("activations", "softmax", "def softmax(x, axis=-1):\n    while True: pass\n")
    answer = answer_folder(activations=COMPUTES + loop.replace("def linear(", "def _linear("))
    command = ("-m", "pytest", "-p", "no:cacheprovider", "exercises/02_activations", f"--answers={answer}")
    judged = run(*command, "--time-limit=0.2", cwd=clone, PYTHONPATH=str(clone))
    assert re.search(r"softmax did not end within \d\S* s: does a loop never end\?", judged.out)
    assert "linear did not end" not in judged.out
    assert judged.points("02 activations") == 4  # linear and sigmoid
