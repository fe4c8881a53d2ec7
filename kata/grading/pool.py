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
from concurrent import futures
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from kata.grading import judging
from kata.grading.workers import Workers
from kata.syllabus import ROOT

_PR_SET_PDEATHSIG = 1
_STARTS = 4  # of a pool, one after the other
_environment = threading.Lock()


class Pool(Workers):
    """Some processes; to be used in a `with`, which ends them.

    Args:
        settings: what each is told at its start: those of a Judge.
        size: how many.
        ready: function that is called with the settings at the start of each.
    """

    tries = 2
    gone = "the judge's own process ended twice"

    def __init__(self, settings: dict[str, Any], size: int, ready: Callable[[dict[str, Any]], None] = judging.ready):
        self.size, self.told = size, {"initializer": _begin, "initargs": (ready, settings)}
        self.context = _Context()
        self.context.environment = {
            "PYTHONHASHSEED": str(settings["seed"] % 2**32),
            "PYTHONSAFEPATH": "1",
            # The reference computes where the answers do: a sandbox has no GPU.
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        # Seconds that no submission takes, even if it hangs wherever it can: then the judge itself does.
        self.patience = 600 + 100 * settings["seconds"]
        self.lock, self.pending, self.broken, self.closed = threading.RLock(), set(), 0, False
        self.pool = ProcessPool(size, context=self.context, **self.told)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> ProcessFuture:
        """Have a process call a function; its Future."""
        with self.lock:
            while True:
                with suppress(RuntimeError):  # it is broken
                    future = self.pool.schedule(function, args, kwargs, self.patience)
                    break
                self._renew()
            self.pending.add(future)
        future.add_done_callback(self._done)
        return future

    def _done(self, future: futures.Future) -> None:
        self.pending.discard(future)
        if not future.cancelled() and not future.exception():
            self.broken = 0

    def _renew(self) -> None:
        if self.closed:
            raise RuntimeError("the pool is closed")
        self._end()
        self.broken += 1
        if self.broken > _STARTS:
            raise OSError(0, "the grader's workers do not start; see above")
        self.pool = ProcessPool(self.size, context=self.context, **self.told)

    def _end(self) -> None:
        self.pool.stop()
        self.pool.join()
        for future in list(self.pending):  # pebble forgets those
            future.cancel()

    def look(self) -> None:
        """Make a new pool where this one is over."""
        with self.lock:
            if self.closed or (self.pending and not self.pool.active):
                self._renew()

    def room(self) -> int:
        """Two tasks for each process: one that it does, and one that waits there."""
        return 2 * self.size

    def deaths(self, error: BaseException) -> int:
        """One where the process ended in the middle, or took too long."""
        if isinstance(error, (ProcessExpired, TimeoutError)):
            return 1
        if isinstance(error, (BrokenProcessPool, futures.CancelledError)):
            return 0
        raise error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, without `cancel_futures` after they have done what they were given."""
        if wait and not cancel_futures:
            futures.wait(self.pending.copy())
        with self.lock:
            if not self.closed:
                self.closed = True
                self._end()

    def __exit__(self, *raised: object) -> None:
        self.shutdown(cancel_futures=True)


class _Context(SpawnContext):
    environment: dict[str, str]

    def Process(self, **options: Any) -> "_Process":
        process = _Process(**options)
        process.environment = self.environment
        return process


class _Process(SpawnProcess):
    environment: dict[str, str]

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


def _begin(ready: Callable[[dict[str, Any]], None], settings: dict[str, Any]) -> None:
    if sys.platform == "linux":  # nobody is left who would want what comes of it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # pebble ignores it
    os.chdir(ROOT)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what suites and packages print
    ready(settings)
