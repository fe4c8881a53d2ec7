"""The streams that an answer's code gets: it may wrap, detach or close them, and the judge's own stay as they are."""

from __future__ import annotations

import io
import sys
from typing import Any, NoReturn

_WAITS = "the code waits for input(), and nobody types anything while it is judged: remove the input()"
_STOPPED = "the code stopped at breakpoint(), and there is no terminal to debug it in: remove the breakpoint()"


class _Through(io.RawIOBase):
    """Hands bytes on to the judge's stream of that name, as it is when they are written."""

    def __init__(self, name: str) -> None:
        self.name = name

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        stream = judges.get(self.name)
        if stream is not None:
            stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def flush(self) -> None:
        stream = judges.get(self.name)
        if stream is not None and not self.closed:
            stream.flush()

    def fileno(self) -> int:
        return int(judges[self.name].fileno())

    def isatty(self) -> bool:
        stream = judges.get(self.name)
        return bool(stream is not None and stream.isatty())


class _NoInput(io.TextIOBase):
    """In the place of stdin: there is nobody who could type."""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> NoReturn:
        raise EOFError(_WAITS)

    def readline(self, size: int = -1) -> NoReturn:  # type: ignore[override]
        raise EOFError(_WAITS)

    def isatty(self) -> bool:
        return False


judges: dict[str, Any] = {}  # {"stdout" and "stderr": the judge's own stream}
_streams: dict[str, io.TextIOWrapper] = {}  # those that answers get instead


def give_own_streams() -> None:
    """Put streams of its own into the place of the judge's, for code that is about to run."""
    judges["stdout"], judges["stderr"] = sys.stdout, sys.stderr
    for name in ("stdout", "stderr"):
        if judges[name] is not None:
            setattr(sys, name, _stream(name))
    if not _somebody_types():
        sys.stdin = _NoInput()  # type: ignore[assignment]
        sys.breakpointhook = _stopped
        if "pdb" in sys.modules:
            sys.modules["pdb"].set_trace = _stopped  # type: ignore[attr-defined]


def _stream(name: str) -> Any:
    try:
        _streams[name].flush()
    except (KeyError, ValueError):  # there is none yet, or an answer has closed or detached it
        raw: Any = _Through(name)
        _streams[name] = io.TextIOWrapper(raw, "utf-8", errors="replace", write_through=True)
    return _streams[name]


def _somebody_types() -> bool:
    try:
        return sys.__stdin__ is not None and sys.__stdin__.isatty()
    except ValueError:  # it is closed
        return False


def _stopped(*args: Any, **kwargs: Any) -> NoReturn:
    raise RuntimeError(_STOPPED)
