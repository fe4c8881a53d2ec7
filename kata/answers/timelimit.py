"""What interrupts an answer's code that runs in this process: a time limit, and a user's Ctrl-C.

What counts is the time in which this process computes, so that a busy machine does not end what is right; see
`counted` for code that waits.

On Linux and macOS a timer signal ends Python code, sleeping and waiting, also where the code catches every
exception. On Windows, which has no such signal, Python code is ended the same way, but a sleep or another
call that waits only when it returns. Nowhere can a single long call inside C code be ended in its own
process: that takes a process of its own.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from types import FrameType

    from _typeshed import TraceFunction

# Without signal.signal's detour through enums, which takes longer than the rest of a limit.
_set_handler = _signal.signal
_AGAIN = 0.1  # seconds until the next attempt, where code swallows the exception
_WAITING = 4  # how many times its limit code may take that waits, or that a busy machine makes wait


class TimeLimitReached(BaseException):
    """Raised inside an answer's code. Not an Exception: `except Exception` must not stop it."""


def counted(computed: float, passed: float) -> float:
    """Of the seconds that passed return those that count: the computed ones, or a quarter where those are fewer.

    Several threads compute more seconds than pass. No more count than pass.
    """
    return max(min(computed, passed), passed / _WAITING)


class time_limit:
    """Raise TimeLimitReached inside the block once `seconds` have been `counted`; no limit where that is None.

    No limit under a debugger, or outside of the main thread (only that one receives signals).
    """

    _current: ClassVar[time_limit | None] = None

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        self.armed = False
        if not self.seconds or under_debugger() or threading.get_ident() != threading.main_thread().ident:
            return
        self.armed, self.fired = True, 0
        time_limit._current = self
        self.start = time.process_time(), time.monotonic()
        if hasattr(signal, "setitimer"):
            self.signal = signal.SIGALRM
            self.handler = _set_handler(self.signal, self._reached)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, _AGAIN)
        else:
            self.signal = signal.SIGINT  # the only one that _thread.interrupt_main reaches Python code with
            self.lock = threading.Lock()
            self.handler = _set_handler(self.signal, self._reached)
            self._start_thread(self.seconds)

    def __exit__(self, *exception: object) -> None:
        if self.armed:
            self.disarm()

    def disarm(self) -> None:
        self.armed = False
        time_limit._current = None
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            with self.lock:  # an interruption that is on its way arrives here, not as a Ctrl-C that nobody typed
                self.thread.cancel()
        if self.fired > 1:
            sys.settrace(None)
        _set_handler(self.signal, self.handler)

    def _start_thread(self, seconds: float) -> None:
        self.thread = threading.Timer(seconds, self._interrupt)
        self.thread.daemon = True
        self.thread.start()

    def _interrupt(self) -> None:
        with self.lock:
            if self.armed:
                self.interrupting = True
                _thread.interrupt_main(self.signal)
                self._start_thread(max(self._left(), _AGAIN))

    def _left(self) -> float:
        computed, now = self.start
        return self.seconds - counted(time.process_time() - computed, time.monotonic() - now) if self.seconds else 0.0

    def _reached(self, signum: int, frame: FrameType | None) -> None:
        if not self.armed:
            return
        if signum == signal.SIGINT and not self.__dict__.pop("interrupting", False):
            if callable(self.handler):  # not where Ctrl-C is ignored
                self.handler(signum, frame)  # the user's own Ctrl-C
            return
        if uninterrupted.depth or (frame is not None and frame.f_globals is globals()):
            return  # this is the judge's own code: the timer comes again
        if (left := self._left()) > 0:
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, max(left, _AGAIN), _AGAIN)
            return
        self.fired += 1
        if self.fired > 1:
            # The code caught it: `while True: try: ... except: pass`. Raise once more on the next line that
            # it runs, which is in its handler, where the same `try` does not catch.
            sys.settrace(_raise_on_next_line)
            while frame is not None and frame.f_globals is not globals():
                frame.f_trace = _raise_on_next_line
                frame = frame.f_back
        raise TimeLimitReached


class uninterrupted:
    """Inside of this block no limit ends anything: what puts settings back must not be left half done."""

    depth: ClassVar[int] = 0

    def __enter__(self) -> None:
        uninterrupted.depth += 1

    def __exit__(self, *exception: object) -> None:
        uninterrupted.depth -= 1


def disarm() -> None:
    """End the limit that runs now, if any: somebody has opened a debugger inside an answer."""
    if time_limit._current is not None:
        time_limit._current.disarm()


def under_debugger() -> bool:
    """Whether a debugger traces this process: then a person is thinking, and no clock should run."""
    trace = sys.gettrace()
    if trace is not None and trace is not _raise_on_next_line:
        return True
    # From Python 3.12 debuggers may use sys.monitoring, where tool 0 is the debugger.
    monitoring = getattr(sys, "monitoring", None)
    return monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID) is not None


def _raise_on_next_line(frame: FrameType, event: str, argument: Any) -> TraceFunction | None:
    if frame.f_globals is globals():
        return None
    if event == "line":
        raise TimeLimitReached
    return _raise_on_next_line


# A user's Ctrl-C ends the run. An answer that raises KeyboardInterrupt itself does not.
_noted: list[int] = []  # one entry for each real Ctrl-C


def _note(signum: int, frame: FrameType | None) -> None:
    _noted.append(signum)
    signal.default_int_handler(signum, frame)


def watch_for_ctrl_c() -> None:
    """Note each Ctrl-C from now on.

    Where SIGINT is ignored, as in what a shell starts in the background, it stays so: no Ctrl-C comes.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _note)


def pass_on_ctrl_c(error: BaseException) -> None:
    """Raise an error again that is a user's Ctrl-C, or that may be one where nobody has noted those."""
    told_apart = signal.getsignal(signal.SIGINT) in (_note, signal.SIG_IGN)
    if isinstance(error, KeyboardInterrupt) and (_noted or not told_apart):
        raise error
