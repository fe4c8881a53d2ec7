"""The heavy packages that some exercises need: imported only when an answer is judged that has begun them."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def import_quietly(packages: Iterable[str]) -> str | None:
    """Import packages without their start-up messages.

    Args:
        packages: names; before the clock of an answer starts, so that seconds of imports are not its seconds.

    Returns:
        The name of the first package that is not installed, None where all are.
    """
    for name in packages:
        if name not in sys.modules:
            # TensorFlow is what the exercises are judged with, whatever the user's own ~/.keras says.
            os.environ.setdefault("KERAS_BACKEND", "tensorflow")
            os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
            # Advice about speed, which is printed from inside of suites that build many small models.
            logging.getLogger(name).setLevel(logging.ERROR)
            try:
                with _silent_stderr():
                    importlib.import_module(name)
            except ModuleNotFoundError:
                return name
    return None


@contextmanager
def _silent_stderr() -> Iterator[None]:
    # The file descriptor, not sys.stderr: what TensorFlow says comes from C++, before its log level is known.
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
