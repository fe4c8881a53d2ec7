"""A process that answers requests: sending, receiving, and ending it with all that it has started."""

import fcntl
import os
import re
import select
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from typing import Any

from kata.sandbox.allowance import Allowance

_MEGABYTE = 2**20
MAX_FILES = 5000  # in the folder that it may write to
_LOOK = 0.05  # seconds between two looks at what it does there
_PARTS, _BREAK = 64, 0.001  # of one message, without and with a break of so many seconds


class Ended(Exception):
    """The process is over. The text says how."""


class TooLate(Exception):
    """The process did not answer in time."""


class Process:
    """A process that answers requests. It is over, with all that it has started, after `end`.

    Seconds that it may take are those of an Allowance: what it computes counts, and waiting a little.

    Args:
        command: what to run; descriptors: what it inherits, besides pipes; environment: its variables.
        home: its own folder, where it is no bubblewrap, None where it is.
        user: the number of the user that it becomes, if it does and nobody else is that user.

    Attributes:
        allowance: that of the last `send` or `receive`.
        length: of the last reply, (bytes of its header, bytes of its arrays).
        scratch: where it may write, None as long as that is not watched.
    """

    def __init__(
        self,
        command: list[str],
        descriptors: list[int],
        environment: dict[str, str],
        home: str | None,
        user: int | None = None,
    ) -> None:
        self.home, self.user, self.pidfd = home, user, None
        self.scratch: str | None = None
        self.length = 0, 0
        info, self.first = None, 0
        if home is None:
            info, told = os.pipe()
            command = [command[0], "--info-fd", str(told), *command[1:]]
            descriptors = [*descriptors, told]
        pipe = subprocess.PIPE
        options = {"start_new_session": True} if home else {"pass_fds": descriptors}
        self.popen = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, cwd=home or "/", bufsize=0, **options
        )
        if info is not None:
            os.close(told)
            self.first, self.pidfd = _first_process(info)
        self.first = self.first or self.popen.pid
        self.allowance = Allowance(self.first, 0)
        self.pipes = [pipe for pipe in (self.popen.stdin, self.popen.stdout, self.popen.stderr) if pipe]
        self.requests, self.replies, self.errors = (pipe.fileno() for pipe in self.pipes)
        for descriptor in (self.requests, self.replies, self.errors):
            os.set_blocking(descriptor, False)
        for descriptor in (self.requests, self.replies):
            with suppress(OSError):  # no more than a user may have
                fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _MEGABYTE)

    def send(self, packed: bytes, seconds: float) -> None:
        """Send the bytes of a request.

        Raises:
            Ended, TooLate.
        """
        view, self.allowance = memoryview(packed), Allowance(self.first, seconds)
        while view:
            try:
                view = view[os.write(self.requests, view) :]
            except BlockingIOError:
                self._wait(self.requests, select.POLLOUT)
            except OSError:
                raise Ended(self._how()) from None

    def receive(self, seconds: float) -> dict[str, Any]:
        """Return the next reply.

        Raises:
            Ended, TooLate; WireError: what came is no message, or too long.
        """
        from kata.checks import PREFIX, lengths, unpack

        self.allowance = Allowance(self.first, seconds)
        self.length = 0, 0
        header, body = lengths(self._read(PREFIX))
        packed = self._read(header), self._read(body)
        self._look_at_files()
        self.length = header, body
        return unpack(*packed)

    def silent(self) -> bool:
        """Whether nothing came that nobody asked for."""
        poll = select.poll()
        poll.register(self.replies, select.POLLIN)
        return not any(event & select.POLLIN for _, event in poll.poll(0))

    def _read(self, length: int) -> bytes:
        parts: list[bytes] = []
        while length:
            if len(parts) > _PARTS:
                time.sleep(_BREAK)  # what comes drop by drop costs whoever waits for it more than who sends it
            try:
                part = os.read(self.replies, min(length, _MEGABYTE))
            except BlockingIOError:
                self._wait(self.replies, select.POLLIN)
                continue
            if not part:
                raise Ended(self._how())
            parts.append(part)
            length -= len(part)
            if not self.allowance.left():
                raise TooLate
        return b"".join(parts)

    def _wait(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        while left := self.allowance.left():
            if poll.poll(min(left, _LOOK) * 1000):
                return
            self._look_at_files()
        raise TooLate

    def _look_at_files(self) -> None:
        """End it where it has made very many files: an empty one takes no room, but memory that nobody counts."""
        if self.scratch is None:
            return
        try:
            found = os.statvfs(f"/proc/{self.first}/root{self.scratch}")
        except OSError:  # it is over, or not ours to look at
            return
        if found.f_files - found.f_ffree > MAX_FILES:
            raise Ended(f"it made more than {MAX_FILES:,} files")

    def said(self) -> str:
        """What was written to stderr, before anything of the stranger's ran."""
        with suppress(OSError, subprocess.TimeoutExpired):
            self.popen.wait(1)
            return os.read(self.errors, 4000).decode(errors="replace").strip()
        return ""

    def _how(self) -> str:
        try:
            status = self.popen.wait(1)
        except subprocess.TimeoutExpired:
            return "it closed its pipes"
        number = -status if status < 0 else status - 128
        try:
            return (
                f"it was ended by {signal.Signals(number).name}" if number > 0 else f"it ended with status {status}"
            )
        except ValueError:
            return f"it ended with status {status}"

    def end(self) -> None:
        """End the process and all others in its sandbox, and wait until they are gone."""
        if self.pidfd is not None:
            # The first process of the namespace: no other outlives it, and it is over when the last one is.
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            poll = select.poll()
            poll.register(self.pidfd, select.POLLIN)
            poll.poll(10_000)
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(1)  # for bwrap to bury it; killed now, it would leave a zombie to others
            os.close(self.pidfd)
            self.pidfd = None
        elif self.home is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            self.popen.kill()
        if self.user is not None:  # whatever session its processes have fled to
            every = ["/bin/sh", "-c", "kill -9 -1"]
            subprocess.run(
                every, user=self.user, group=self.user, extra_groups=[], cwd="/", stderr=subprocess.DEVNULL
            )
        self.popen.wait()
        for pipe in self.pipes:
            with suppress(OSError):
                pipe.close()
        if self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)


def _first_process(info: int) -> tuple[int, int | None]:
    """The number of the namespace's first process, 0 where there is none; and a descriptor of it while it lives."""
    # bwrap writes {"child-pid": 123, ...} as soon as it has made the namespaces, and nothing where it cannot.
    text = b""
    with os.fdopen(info, "rb") as told:
        text = told.read(4096)
    found = re.search(rb'"child-pid":\s*(\d+)', text)
    with suppress(ProcessLookupError):
        return (int(found[1]), os.pidfd_open(int(found[1]))) if found else (0, None)
    return 0, None
