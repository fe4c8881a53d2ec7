"""Processes of this machine that do a task each, one after the other: pebble's, as an Executor.

pebble ends a task that takes too long, and where a process ends, only its task fails. Where that process had no task,
all of pebble's pool is over: then there is a new one.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from pebble import ProcessExpired, ProcessPool

from kata.grading import judging
from kata.grading.workers import Workers
from kata.syllabus import ROOT

_PR_SET_PDEATHSIG = 1
_STARTS = 4  # of a pool, one after the other
_environment = threading.Lock()


class NotStarting(OSError, BrokenProcessPool):
    """The processes end before they have done anything: here that ends the run, on a cluster others do the task."""


class Pool(Workers):
    """Some processes, for one thread that submits and looks; to be used in a `with`, which ends them.

    Args:
        settings: those of a Judge; size: how many processes; ready: called with the settings at the start of each.
    """

    died = ProcessExpired, TimeoutError
    lost = (BrokenProcessPool,)

    def __init__(self, settings: dict[str, Any], size: int, ready: Callable[[dict[str, Any]], Any] = judging.ready):
        # No GPU: the reference computes where the answers do, and a sandbox has none.
        environment = {"PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1"}
        environment["CUDA_VISIBLE_DEVICES"] = "-1"
        context = SpawnContext()
        _see_that_there_are_locks(context)
        context.Process = partial(_Process, environment)  # type: ignore[assignment,misc]  # pebble only calls it
        self.told = {"max_workers": size, "context": context, "initializer": _begin, "initargs": (ready, settings)}
        self.room = 2 * size  # one that a process does, and one that waits there
        # Seconds that no submission takes, even if it hangs wherever it can: then the judge itself does.
        self.patience = 600 + 100 * settings["seconds"]
        self.pending: set[Future[Any]] = set()
        self.pool, self.broken, self.closed = ProcessPool(**self.told), 0, False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a process call a function; its Future."""
        try:
            future = self.pool.schedule(function, args, kwargs, self.patience)
        except RuntimeError:  # it is over
            self._renew()
            return self.submit(function, *args, **kwargs)
        self.pending.add(future)
        future.add_done_callback(self._done)
        return future

    def _done(self, future: Future[Any]) -> None:
        self.pending.discard(future)
        if not future.cancelled() and not future.exception():
            self.broken = 0

    def look(self) -> None:
        if not self.pool.active:
            self._renew()

    def _renew(self) -> None:
        if self.closed:
            raise BrokenProcessPool("the pool is closed")
        self._end()
        self.broken += 1
        if self.broken > _STARTS:
            raise NotStarting(0, "the grader's workers do not start: see what they printed")
        self.pool = ProcessPool(**self.told)

    def _end(self) -> None:
        self.pool.stop()
        self.pool.join()
        for future in self.pending.copy():  # pebble forgets those
            with suppress(InvalidStateError):
                future.set_exception(BrokenProcessPool("the pool is over"))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """End the processes at once, whatever they do."""
        self.closed = True
        self._end()


def _see_that_there_are_locks(context: SpawnContext) -> None:
    try:
        context.Lock()
    except OSError as error:
        why = "Python keeps the locks of its processes in /dev/shm, which is not there, or cannot be written to"
        raise OSError(error.errno, f"{why}: {error.strerror}") from None


class _Process(SpawnProcess):
    def __init__(self, environment: dict[str, str], **options: Any):
        super().__init__(**options)
        self.environment = environment

    def start(self) -> None:
        """Start it with its environment, and deaf to Ctrl-C from the first moment: the grader ends it."""
        with _environment:
            before = {name: os.environ.get(name) for name in self.environment}
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            os.environ.update(self.environment)
            try:
                super().start()
            finally:
                for name, value in before.items():
                    os.environ.pop(name) if value is None else os.environ.update({name: value})
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _begin(ready: Callable[[dict[str, Any]], Any], settings: dict[str, Any]) -> None:
    if sys.platform == "linux":  # nobody is left who would want what comes of it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # pebble ignores it
    os.chdir(ROOT)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)  # what suites and packages print
    ready(settings)
