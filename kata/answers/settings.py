"""Settings that belong to the whole process, and how each is read and put back: see kata/answers/isolation.py."""

from __future__ import annotations

import _locale
import _signal  # type: ignore[import-not-found]
import builtins
import os
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any

import numpy as np

# Without signal.signal's detour through enums, which takes longer than all the rest.
_SIGNALS = [getattr(_signal, name) for name in ("SIGINT", "SIGTERM", "SIGALRM", "SIGUSR1") if hasattr(_signal, name)]
_GONE = object()
_RAW: dict[Any, Any] = os.environ._data  # type: ignore[attr-defined]  # to decode it takes a hundred times as long


class Setting:
    """Something of the process that code may change.

    Every setting is read before and after an answer's code. So `read` takes microseconds.
    """

    def read(self) -> Any:
        """Return it as it is now."""
        raise NotImplementedError

    def change(self, one: Any, other: Any) -> Any:
        """What has to be written to get from one value that was read to another; None where they are the same."""
        return None if one == other else other

    def write(self, change: Any) -> None:
        """Make a change."""
        raise NotImplementedError

    def kept(self, before: Any, change: Any) -> Any:
        """The part of a change that holds again when the file's next function runs; None for nothing."""
        return change


class _Hooks(Setting):
    """Streams and hooks."""

    names = ("stdin", "stdout", "stderr", "excepthook", "displayhook", "unraisablehook", "breakpointhook")

    def read(self) -> tuple[Any, ...]:
        debugger = sys.modules.get("pdb")
        return *[getattr(sys, name, None) for name in self.names], getattr(debugger, "set_trace", None)

    def write(self, change: tuple[Any, ...]) -> None:
        *hooks, set_trace = change
        for name, one in zip(self.names, hooks, strict=True):
            setattr(sys, name, one)
        if set_trace is not None:
            sys.modules["pdb"].set_trace = set_trace  # type: ignore[attr-defined]


class _Tracers(Setting):
    def read(self) -> tuple[Any, Any]:
        return sys.gettrace(), sys.getprofile()

    def write(self, change: tuple[Any, Any]) -> None:
        sys.settrace(change[0])
        sys.setprofile(change[1])


class _Limits(Setting):
    """How deep calls may go, and how long a text of digits may be."""

    def read(self) -> tuple[int, int]:
        return sys.getrecursionlimit(), sys.get_int_max_str_digits()

    def write(self, change: tuple[int, int]) -> None:
        with suppress(RecursionError):  # it is deeper than that right now
            sys.setrecursionlimit(change[0])
        sys.set_int_max_str_digits(change[1])


class _Place(Setting):
    """The current folder."""

    def read(self) -> str | None:
        try:
            return os.getcwd()
        except OSError:  # it was removed
            return None

    def write(self, change: str | None) -> None:
        if change is not None:
            with suppress(OSError):
                os.chdir(change)


class _Environment(Setting):
    def read(self) -> dict[Any, Any]:
        return dict(_RAW)

    def write(self, change: dict[Any, Any]) -> None:
        now, decode = dict(_RAW), os.environ.decodevalue
        for name in now.keys() - change.keys():
            del os.environ[decode(name)]
        for name, text in change.items():
            if now.get(name) != text:
                os.environ[decode(name)] = decode(text)


class _Path(Setting):
    """Where modules are looked for."""

    def read(self) -> list[str]:
        return sys.path[:]

    def write(self, change: list[str]) -> None:
        sys.path[:] = change


class _Warnings(Setting):
    def read(self) -> tuple[list[Any], Any]:
        return list(warnings.filters), warnings.showwarning

    def write(self, change: tuple[list[Any], Any]) -> None:
        warnings.filters[:] = change[0]  # type: ignore[index]
        warnings.showwarning = change[1]
        warnings._filters_mutated()  # type: ignore[attr-defined]  # it has no public name


class _Signals(Setting):
    def read(self) -> list[Any]:
        return [_signal.getsignal(number) for number in _SIGNALS]

    def write(self, change: list[Any]) -> None:
        with suppress(ValueError):  # not in the main thread, where nobody can change them either
            for number, handler in zip(_SIGNALS, change, strict=True):
                if handler is not None:
                    _signal.signal(number, handler)


class _Locale(Setting):
    def read(self) -> str:
        return _locale.setlocale(_locale.LC_ALL)

    def write(self, change: str) -> None:
        with suppress(_locale.Error):  # type: ignore[attr-defined]
            _locale.setlocale(_locale.LC_ALL, change)


class Names(Setting):
    """The names of a module or a class: `np.int = int`, `print = nothing`."""

    def __init__(self, owner: Any, only: tuple[str, ...] = ()):
        self.owner, self.only = owner, only
        self.last: Mapping[str, Any] = {}
        self.values: list[Any] = []

    def read(self) -> Mapping[str, Any]:
        names = vars(self.owner)
        if self.only:
            return {name: names[name] for name in self.only if name in names}
        values = list(names.values())
        if not _same(values, self.values):
            self.last, self.values = dict(names), values  # a copy takes ten times as long as a look
        return self.last

    def change(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> Any:
        if one is other:
            return None
        changes = {}
        for name in one.keys() | other.keys():
            before, after = one.get(name, _GONE), other.get(name, _GONE)
            # A submodule is there once somebody has imported it, and then it stays: numpy.ma.
            if before is not after and not isinstance(before, ModuleType) and not isinstance(after, ModuleType):
                changes[name] = after
        return changes or None

    def write(self, change: Mapping[str, Any]) -> None:
        for name, value in change.items():
            if value is _GONE:
                delattr(self.owner, name)
            else:
                setattr(self.owner, name, value)

    def kept(self, before: Mapping[str, Any], change: Mapping[str, Any]) -> Any:
        # What a file adds, as `np.int = int`, it wants to use. What it replaces, others rest on: NumPy on np.bool.
        return {name: value for name, value in change.items() if name not in before} or None


def _same(one: list[Any], other: list[Any]) -> bool:
    try:
        return one == other  # what is identical is not asked
    except Exception:  # what is not may be anything
        return False


class _NumPy(Setting):
    """How NumPy prints. Its error settings are the judge's own while an answer runs: see kata/answers/loading.py."""

    def read(self) -> dict[str, Any]:
        return dict(np.get_printoptions())

    def write(self, change: dict[str, Any]) -> None:
        np.set_printoptions(**change)


class _Random(Setting):
    """Python's random numbers. (NumPy's are exchanged as a whole.)"""

    def read(self) -> Any:
        random = sys.modules.get("random")
        return random.getstate() if random else None

    def write(self, change: Any) -> None:
        if change is not None:
            sys.modules["random"].setstate(change)


HOOKS = _Hooks()
ALWAYS: list[Setting] = [
    *(HOOKS, _Tracers(), _Limits(), _Place(), _Environment(), _Path(), _Warnings(), _Signals(), _Locale()),
    *(Names(builtins), Names(np), _NumPy()),
]
# Slow to read. So they are looked after where a file is imported, and around calls that are slow themselves.
SLOW: list[Setting] = [_Random()]
