"""The time limit in this process: where there is a timer signal, where there is none, and under a debugger."""

import subprocess
import sys
import textwrap

import pytest

WITHOUT_TIMER = "import signal; del signal.setitimer\n"  # what the signal module of Windows looks like


def python(code, *arguments):
    imports = "import time, sys\nfrom kata.answers.timelimit import *\nfrom kata.answers import timelimit\n"
    code = imports + textwrap.dedent(code)
    return subprocess.run([sys.executable, *arguments, "-c", code], capture_output=True, text=True, timeout=60)


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
    assert python(WITHOUT_TIMER + textwrap.dedent(code)).stdout == "stopped\n"


def test_ctrl_c_ends_the_run_where_there_is_no_timer():
    # A user's Ctrl-C inside an answer is told from an answer that raises KeyboardInterrupt itself.
    code = """
    import _thread
    from kata.answers import loading
    loading.watch_for_ctrl_c()
    def call(function):
        try:
            with time_limit(5):
                function()
        except KeyboardInterrupt as error:
            loading._pass_on_ctrl_c(error)
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
        assert python(prefix + textwrap.dedent(code)).stdout == "the answer raised it\nstopped\n"


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
