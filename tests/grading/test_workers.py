"""The seam between the grader and those who judge: retries, how much is given out, and processes that end."""

import errno
import multiprocessing.synchronize
import os
import re
import signal
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from kata.grading import pool as pool_module
from kata.grading import workers
from kata.grading.pool import Pool
from kata.grading.workers import Workers, outcomes
from kata.syllabus import find_exercise

SETTINGS = {"seed": 7, "seconds": 1}
ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1", "CUDA_VISIBLE_DEVICES": "-1"}


class Threads(Workers):
    """Workers of this process, two tasks at a time."""

    room, died = 2, (OSError,)

    def __init__(self):
        self.executor = ThreadPoolExecutor(1)

    def look(self):
        pass

    def submit(self, function, /, *args):
        return self.executor.submit(function, *args)


# What the processes of a Pool are told to do is found by its name in its module.
def told(task):
    """Return a task, unless it says what else is to happen."""
    if "refused" not in task and (action := task.get("action")):
        {"die": lambda: os.kill(os.getpid(), signal.SIGKILL), "alarm": alarm, "hang": lambda: time.sleep(600)}[
            action
        ]()
    return task


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def hang():
    time.sleep(600)


def alarm():
    signal.alarm(1)
    while True:
        pass


def facts(_):
    """What a process of a Pool is like."""
    return {
        "environment": {
            name: os.environ[name] for name in ("PYTHONHASHSEED", "PYTHONSAFEPATH", "CUDA_VISIBLE_DEVICES")
        },
        "ctrl_c": signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
        "blocked": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        "stdin": os.path.samestat(os.fstat(0), os.stat(os.devnull)),
        "stdout": os.path.samestat(os.fstat(1), os.fstat(2)),
    }


def never_ready(settings):
    raise RuntimeError("no, never")


def test_no_more_is_taken_than_can_be_given():
    taken, done = 0, 0

    def tasks():
        nonlocal taken
        for number in range(30):
            taken += 1
            yield number, {"number": number}

    for number, task in outcomes(Threads(), told, tasks()):
        assert task == {"number": number}
        done += 1
        assert taken - done <= 2
    assert done == taken == 30


def test_what_is_done_already_is_not_given():
    assert list(outcomes(Threads(), None, [("ann", None), ("bob", None)])) == [("ann", None), ("bob", None)]


def test_a_task_that_fails_once_is_tried_again_and_twice_is_refused():
    failed = {"twice": 2, "once": 1, "never": 0}

    def fail(task):
        if "refused" not in task and failed[task["name"]]:
            failed[task["name"]] -= 1
            raise OSError("it died")
        return task

    found = dict(outcomes(Threads(), fail, [(name, {"name": name}) for name in failed]))
    assert found["once"] == {"name": "once"}
    assert found["twice"] == {"refused": "the judge's own process ended twice in the middle of it"}
    assert not any(failed.values())


def test_a_fault_of_the_judge_is_told_with_its_place_and_nothing_is_printed(capsys):
    def fail(task):
        return task if "refused" in task else find_exercise("99")

    ((_, found),) = outcomes(Threads(), fail, [("ann", {})])
    assert re.fullmatch(r"the judge failed twice: \w+: .* \(kata/syllabus\.py:\d+\)", found["refused"])
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/home/ann/kata/kata/grading/pool.py", " (kata/grading/pool.py:1)"),
        ("/home/ann/my kata/kata/state.py", " (kata/state.py:1)"),
        ("/home/ann/kata/tests/grading/test_workers.py", ""),
        ("/home/ann/kata/solutions/02_activations/activations.py", ""),
    ],
)
def test_the_place_of_a_fault_is_in_the_package_also_where_the_checkout_has_its_name(path, place):
    with pytest.raises(ZeroDivisionError) as fault:
        exec(compile("1 / 0", path, "exec"))
    assert workers._place(fault.value) == place


def test_a_task_at_which_the_judge_fails_twice_costs_nobody_else(capsys):
    def fail(task):
        if task.get("number") == 3:
            raise RuntimeError("ours")
        return task

    found = dict(outcomes(Threads(), fail, ((number, {"number": number}) for number in range(6))))
    assert found.pop(3) == {"refused": "the judge failed twice: RuntimeError: ours"}
    assert found == {number: {"number": number} for number in (0, 1, 2, 4, 5)}
    assert capsys.readouterr().err == "", "a fault is told where its submission is, not in between"


def test_what_was_lost_for_another_reason_is_tried_until_it_is_done():
    lost = [BrokenProcessPool()] * 7

    def fail(task):
        if lost:
            raise lost.pop()
        return task

    assert list(outcomes(Threads(), fail, [(1, {"n": 1})])) == [(1, {"n": 1})]


def test_workers_that_end_at_a_refused_task_too_end_the_run():
    def fail(task):
        raise OSError("it died")

    with pytest.raises(OSError, match="ended twice in the middle of it, and again without it"):
        list(outcomes(Threads(), fail, [(1, {})]))


@pytest.fixture
def hear_ctrl_c():
    """Let Ctrl-C come, which is ignored where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_the_waiting_and_also_that_of_what_is_read_in_it(hear_ctrl_c, monkeypatch):
    def wait(task):
        if task["number"] == 0:
            threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,)).start()
            time.sleep(1)
        return task

    class Reading(Threads):
        def read(self, tasks):
            return outcomes(Threads(), wait, tasks.items())

    before = signal.getsignal(signal.SIGINT)
    for judges, judge in ((Threads(), wait), (Reading(), told)):
        monkeypatch.setattr(workers, "judge", judge)
        with pytest.raises(KeyboardInterrupt):
            list(judges.judged({number: {"number": number} for number in range(9)}))
        assert signal.getsignal(signal.SIGINT) is before


def test_the_second_ctrl_c_stops_at_once_whatever_is_going_on(hear_ctrl_c):
    reached = []

    class Reading(Threads):
        def read(self, tasks):
            for number in range(3):
                reached.append(number)
                signal.raise_signal(signal.SIGINT)
            yield from tasks.items()

    with pytest.raises(KeyboardInterrupt):
        list(Reading().judged({1: {}}))
    assert reached == [0, 1]


def test_ctrl_c_stays_ignored_where_it_is(hear_ctrl_c, monkeypatch):
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def interrupted(task):
        signal.raise_signal(signal.SIGINT)
        return task

    monkeypatch.setattr(workers, "judge", interrupted)
    assert dict(Threads().judged({1: {}})) == {1: {}}
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_pool_is_an_executor_and_its_processes_are_what_they_should_be():
    with Pool(SETTINGS, 1, dict) as pool:
        assert isinstance(pool, Executor)
        found = pool.submit(facts, None).result(60)
    assert found == {"environment": ENVIRONMENT, "ctrl_c": True, "blocked": set(), "stdin": True, "stdout": True}
    assert os.environ.get("PYTHONHASHSEED") != "7"
    with pytest.raises(BrokenProcessPool, match="not active"):  # and is not begun again
        pool.submit(facts, None).result(60)


def test_a_process_that_dies_costs_its_own_task_alone():
    tasks = [("killed", {"action": "die"}), ("alarm", {"action": "alarm"}), *((n, {"n": n}) for n in range(6))]
    with Pool(SETTINGS, 2, dict) as pool:
        found = dict(outcomes(pool, told, tasks))
    refused = {"refused": "the judge's own process ended twice in the middle of it"}
    assert found == {"killed": refused, "alarm": refused, **{n: {"n": n} for n in range(6)}}


def test_a_task_that_hangs_is_ended():
    with Pool(SETTINGS, 1, dict) as pool:
        pool.patience = 0.5
        found = dict(outcomes(pool, told, [("hangs", {"action": "hang"})]))
        pool.patience = 60
        assert dict(outcomes(pool, told, [(1, {})])) == {1: {}}
    assert found["hangs"]["refused"].startswith("the judge's own process ended twice")


def test_a_process_that_dies_with_nothing_to_do_costs_nothing():
    with Pool(SETTINGS, 1, dict) as pool:
        for number in range(pool_module._STARTS + 2):  # more often than it may fail to start
            assert dict(outcomes(pool, told, [(number, {})])) == {number: {}}
            (process,) = pool.pool._pool_manager.worker_manager.workers
            os.kill(process, signal.SIGKILL)


def test_a_pool_that_ends_right_before_a_task_is_given_costs_nothing():
    with Pool(SETTINGS, 1, dict) as pool:
        look, over = pool.look, [True]

        def look_and_end():
            look()
            if over and over.pop():
                pool.pool.stop()

        pool.look = look_and_end
        assert dict(outcomes(pool, told, [(1, {})])) == {1: {}}
        assert not over


def test_processes_that_do_not_start_end_the_run(capfd):
    with Pool(SETTINGS, 2, never_ready) as pool, pytest.raises(OSError, match="the grader's workers do not start"):
        list(outcomes(pool, told, [(1, {})]))
    assert "RuntimeError: no, never" in capfd.readouterr().err


def test_without_shared_memory_it_says_what_is_missing(monkeypatch):
    def refuse(*arguments):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(multiprocessing.synchronize._multiprocessing, "SemLock", refuse)
    with pytest.raises(OSError, match="in /dev/shm, which is not there, or cannot be written to: Read-only"):
        Pool(SETTINGS, 1)
