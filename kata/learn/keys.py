"""What somebody does at a terminal: presses keys, one by one, answers a question with a line, reads page by page."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

_KEY = re.compile(r"\x1b[\[O][0-9;]*[A-Za-z~]|.", re.DOTALL)  # an arrow is several characters, and one key
_STOPS = ("SIGTSTP", "SIGQUIT", "SIGHUP")  # what stops or ends a process: not on Windows
_STANDARD_INPUT = 0


class Keys:
    """The keys that are pressed while this is open: `with Keys() as keys: keys.next()`.

    On a terminal each key counts at once and is not shown. However this ends, the terminal is as it was before: also
    while Ctrl-Z has stopped this process. In the background it is left alone.

    Attributes:
        work: whether there are keys at all: False where standard input is no terminal.
    """

    def __init__(self) -> None:
        self.work = sys.stdin is not None and sys.stdin.isatty()
        self._pressed: deque[str] = deque()
        self._before: list[Any] | None = None  # the terminal's settings, while ours are in force
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Keys:
        if self.work and sys.platform != "win32":
            for number in (getattr(signal, name) for name in _STOPS):
                if signal.getsignal(number) is signal.SIG_DFL:
                    self._handlers[number] = signal.signal(number, self._stop)
            self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def next(self) -> str | None:
        """Return the key that was pressed first; None, at once, where none was."""
        if self.work and not self._pressed:
            self._pressed.extend(_KEY.findall(self._read()))
        return self._pressed.popleft() if self._pressed else None

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Let somebody else read from the terminal, which is as it was before; keys that were pressed stay."""
        self._pressed.extend(_KEY.findall(self._read()) if self.work else "")
        works, self.work = self.work, False
        self._give_back()
        try:
            yield
        finally:
            self.work = works
            self._take()

    if sys.platform == "win32":

        def _read(self) -> str:
            import msvcrt

            found = ""
            while msvcrt.kbhit():
                key = msvcrt.getwch()
                if key == "\x03":
                    raise KeyboardInterrupt
                if key in "\x00\xe0":  # an arrow, say: a second character follows
                    msvcrt.getwch()
                    key = "\x1b"
                found += key
            return found

        def _take(self) -> None:
            pass

        def _give_back(self) -> None:
            pass

    else:

        def _read(self) -> str:
            import select

            self._take()
            if not _in_front() or not select.select([_STANDARD_INPUT], [], [], 0)[0]:
                return ""
            try:
                found = os.read(_STANDARD_INPUT, 1024)
            except OSError:  # the terminal is gone
                found = b""
            self.work = bool(found)
            return found.decode(errors="replace")

        def _take(self) -> None:
            """Have keys sent at once and unseen. Done anew where a shell, or what ran meanwhile, has undone it."""
            try:
                import termios
            except ImportError:
                self.work = False
            if not self.work or not _in_front():
                return
            with contextlib.suppress(termios.error):
                found = termios.tcgetattr(_STANDARD_INPUT)
                if found[3] & (termios.ICANON | termios.ECHO):
                    ours = [*found[:6], [*found[6]]]
                    ours[3] &= ~(termios.ICANON | termios.ECHO)
                    ours[6][termios.VMIN], ours[6][termios.VTIME] = 1, 0
                    self._before = found
                    termios.tcsetattr(_STANDARD_INPUT, termios.TCSANOW, ours)  # what was typed already stays

        def _give_back(self) -> None:
            if self._before is None:
                return
            import termios

            before, self._before = self._before, None
            if _in_front():
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(_STANDARD_INPUT, termios.TCSADRAIN, before)

        def _stop(self, number: int, frame: FrameType | None) -> None:
            """Stop or end as without us, with the terminal as it was; go on where somebody lets us."""
            self._give_back()
            ours = signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
            signal.signal(number, ours)
            self._take()


def _in_front() -> bool:
    """Whether this process may use its terminal: in the background the system stops who does."""
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(_STANDARD_INPUT) == os.getpgrp()
    except OSError:  # a terminal without jobs
        return True


def confirmed(question: str) -> bool:
    """Ask a question on the terminal, and return whether the line that comes says yes."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def page_through(path: Path) -> bool:
    """Show a file page by page; returns whether the screen is to be wiped: not where a page may still be read."""
    for command in (os.environ.get("PAGER", ""), "less -R", "more"):
        program, *options = shlex.split(command, posix=os.name != "nt") or [""]
        if found := shutil.which(program):
            break
    else:
        print(path.read_text(encoding="utf-8"))
        return False
    usual = signal.signal(
        signal.SIGINT, lambda number, frame: None
    )  # Ctrl-C is the pager's; SIG_IGN it would inherit
    # The file is UTF-8, also where less is told of another encoding, such as that of LANG=C.
    environment = {"LESSCHARSET": "utf-8"} | os.environ
    process = subprocess.Popen([found, *options, str(path)], env=environment)
    try:
        process.wait()
    finally:
        signal.signal(signal.SIGINT, usual)
        process.terminate()  # where this ends: the pager leaves the terminal as it was
        process.wait()
    return Path(found).stem not in ("cat", "more")
