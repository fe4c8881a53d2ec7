"""A user's Ctrl-C, which ends the run, told from an answer that raises KeyboardInterrupt itself."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

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
