"""Lines that a test prints at the end of the run, where the run has several processes, too."""

import pytest

_TOLD = pytest.StashKey()


def tell(config, lines):
    """Have lines printed at the end."""
    told = getattr(config, "workeroutput", None)  # in a process of pytest-xdist, what its parent gets
    if told is None:
        told = config.stash.setdefault(_TOLD, {})
    told.setdefault("told", []).extend(lines)


def told(config):
    """The lines that are to be printed."""
    return config.stash.get(_TOLD, {}).get("told", [])
