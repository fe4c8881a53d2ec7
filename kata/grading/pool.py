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
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from pebble import ProcessPool

from kata.grading import judging
from kata.grading.workers import Workers
from kata.sandbox import Runtime
from kata.syllabus import ROOT

# No GPU: the reference computes where the answers do, and a sandbox has none.
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1", "CUDA_VISIBLE_DEVICES": "-1"}
_PR_SET_PDEATHSIG = 1
_STARTS = 4  # of a pool, one after the other
_starting = threading.Lock()


class Pool(Workers):
    """Some processes, for one thread that submits and looks; to be used in a `with`, which ends them.

    Args:
        settings: those of a Judge; size: how many processes; ready: called with the settings at the start of each.
    """

    def __init__(self, settings: dict[str, Any], size: int, ready: Callable[[dict[str, Any]], Any] = judging.ready):
        context = _Context()
        _see_that_there_are_locks(context)
        self.told = {"max_workers": size, "context": context, "initializer": _begin, "initargs": (ready, settings)}
        self.room = 2 * size  # one that a process does, and one that waits there
        # Seconds that no submission takes, even if it hangs wherever it can: then the judge itself does.
        self.patience = 600 + 100 * settings["seconds"]
        self.pending: set[Future[Any]] = set()
        self.pool, self.broken = ProcessPool(**self.told), 0

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a process call a function; its Future, a BrokenProcessPool where the pool is over."""
        try:
            future = self.pool.schedule(function, args, kwargs, self.patience)
        except RuntimeError as error:
            future = Future()
            future.set_exception(BrokenProcessPool(str(error)))
        self.pending.add(future)
        future.add_done_callback(self._done)
        return future

    def _done(self, future: Future[Any]) -> None:
        self.pending.discard(future)
        if not future.cancelled() and not future.exception():
            self.broken = 0

    def look(self) -> None:
        """Begin another pool where this one is over."""
        if self.pool.active:
            return
        self.shutdown()
        self.broken += 1
        if self.broken > _STARTS:
            raise OSError(0, "the grader's workers do not start: see what they printed")
        self.pool = ProcessPool(**self.told)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """End the processes at once, whatever they do."""
        self.pool.stop()
        self.pool.join()
        for future in self.pending.copy():  # pebble forgets those
            with suppress(InvalidStateError):
                future.set_exception(BrokenProcessPool("the pool is over"))


def judges(settings: dict[str, Any], runtime: Runtime, size: int) -> Pool:
    """Return a Pool that judges, once it is seen that a sandbox starts here.

    Args:
        settings: those of a Judge, but for the runtime.

    Raises:
        SandboxError: it does not.
    """
    settings = settings | {"runtime": runtime.save()}
    judging.sandbox_of(settings).try_out()
    return Pool(settings, size)


def _see_that_there_are_locks(context: SpawnContext) -> None:
    try:
        context.Lock()
    except OSError as error:
        why = "Python keeps the locks of its processes in /dev/shm, which is not there, or cannot be written to"
        raise OSError(error.errno, f"{why}: {error.strerror}") from None


class _Process(SpawnProcess):
    def start(self) -> None:
        """Start it with its environment, and deaf to Ctrl-C from the first moment: the grader ends it."""
        with _starting:
            before = {name: os.environ.get(name) for name in _ENVIRONMENT}
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            os.environ.update(_ENVIRONMENT)
            try:
                super().start()
            finally:
                for name, value in before.items():
                    os.environ.pop(name) if value is None else os.environ.update({name: value})
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class _Context(SpawnContext):
    Process = _Process


def _begin(ready: Callable[[dict[str, Any]], Any], settings: dict[str, Any]) -> None:
    if sys.platform == "linux":  # nobody is left who would want what comes of it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # pebble ignores it
    os.chdir(ROOT)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)  # what suites and packages print
    ready(settings)
