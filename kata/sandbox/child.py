"""The program that runs a stranger's code: it answers the judge's requests, one at a time, until it is killed.

It imports the standard library, NumPy and the few modules of the kata beside it, and sees nothing of suites and
solutions. The stranger's code runs in this process and can say in its name whatever it likes. So the judge believes
nothing that it did not ask for, and compares by itself whatever arrives.
"""

import builtins
import gc
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # a process for each submission starts here: nothing is imported for the sake of types
    from collections.abc import Mapping

    from kata.answers import InProcess, Source
    from kata.checks import Call

_LONG = 10_000  # characters of one text
_MOMENT = 0.05  # seconds


def main(text: str) -> None:
    """Answer requests on stdin with replies on stdout.

    Args:
        text: JSON of a dict, the settings: "uid", the user to become, None to stay; "limits", {name of a resource
            limit: number}; "needs", packages to import before the first request; "without", packages that these would
            import, if they found them; "answer", the folder of the answer; and "filter" in hex, where nobody else has
            set it: see kata/sandbox/seccomp.py.
    """
    # A Python without site-packages lacks them, and "is not defined" would be told of what others know.
    vars(builtins).update(exit=sys.exit, quit=sys.exit)
    gc.disable()  # imports make many objects and no garbage
    settings = json.loads(text)
    for name, limit in settings["limits"].items():
        _limit(getattr(resource, name), limit)
    if settings["uid"] is not None:
        os.setgroups([])
        os.setresgid(*[settings["uid"]] * 3)
        os.setresuid(*[settings["uid"]] * 3)
    if "filter" in settings:
        _filter_calls(bytes.fromhex(settings["filter"]))
    requests, replies = _take_channels()

    from kata.answers import InProcess, import_quietly, watch_for_ctrl_c

    signal.signal(signal.SIGINT, signal.default_int_handler)  # the worker ignores it, and hands that on
    watch_for_ctrl_c()
    sources = _Sources(Path(settings["answer"]))
    runner = InProcess(sources)
    from kata.checks import wire  # noqa: F401, before the clock of the first call starts

    # TensorFlow imports Keras where there is one. In Python's table, None stands for a module that there is not.
    sys.modules.update(dict.fromkeys(settings.get("without", ())))
    missing = import_quietly(settings["needs"])
    # What is there now stays: collecting garbage need not look at it each time, nor as often as it would.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    _send(replies, {"missing": missing})
    while (request := _receive(requests)) is not None:
        if "convert" in request:
            _send(replies, {"token": request["token"], **_convert(Path(settings["answer"]) / request["convert"])})
        elif "batch" in request:
            more = _receive(requests)
            assert more is not None  # the judge sends both at once
            _batch(runner, request, more["tests"], replies)
        else:
            _send(replies, _reply(runner, request))


class _Sources(dict[str, "Source | _Unparsed | None"]):
    """{topic: its Source}, read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, topic: str) -> "Source | _Unparsed | None":
        if topic not in self:
            from kata.folders import find_files
            from kata.syllabus import BY_TOPIC

            paths = find_files(self.folder, BY_TOPIC[topic])  # one at most: see kata/submissions/staging.py
            self[topic] = _read(paths[0]) if paths else None
        return self[topic]


def _read(path: Path) -> "Source | _Unparsed":
    if path.suffix == ".py":
        return _Unparsed(path)
    from kata.answers import read_cells

    return read_cells(path, json.loads(path.read_text(encoding="utf-8")))


class _Unparsed:
    """What InProcess wants to know of a file. The judge has parsed it, and knows its faults; here it only runs."""

    fault = None
    faults: "Mapping[str, str]" = MappingProxyType({})
    notes = faults

    def __init__(self, path: Path) -> None:
        self.path, self.text = path, path.read_bytes()

    def execute(self, namespace: dict[str, Any]) -> None:
        exec(compile(self.text, str(self.path), "exec", dont_inherit=True), namespace)

    def locate(self, filename: str, line: int) -> str | None:
        return f"{self.path.name}:{line}" if filename == str(self.path) else None

    def empty(self) -> bool:
        import ast

        return not ast.parse(self.text).body


def _convert(path: Path) -> dict[str, Any]:
    """Of a notebook that is to be converted, in a process that runs nothing of it."""
    from kata.answers import convert

    try:
        return {"cells": convert(path.read_bytes())}
    except (OSError, ValueError) as error:
        return {"fault": str(error)}


def _reply(runner: "InProcess", request: dict[str, Any]) -> dict[str, Any]:
    runner.seconds = request["seconds"]
    if "load" in request:
        return {"token": request["token"], "fault": runner.load(request["load"])}
    if "look" in request:
        call = runner.look(request["function"], request["look"], request["taken"], request["args"])
    else:
        call = runner.call(request["function"], request["args"], request["kwargs"], request["view"])
    return {"token": request["token"], "reply": _plain(call)}


def _batch(runner: "InProcess", request: dict[str, Any], tests: list[Any], replies: int) -> None:
    """Answer all calls of some tests. Replies are sent when a test is over, or when they took a moment."""
    runner.seconds = request["seconds"]
    for calls in tests:
        done, since = [], time.monotonic()
        for number, (args, kwargs, view) in enumerate(calls, 1):
            call = runner.call(request["batch"], args, kwargs, view)
            done.append(_plain(call))
            endless = call.fault is not None and "did not end" in call.fault
            if endless or number == len(calls) or time.monotonic() - since > _MOMENT:
                _send(replies, {"token": request["token"], "replies": done})
                done, since = [], time.monotonic()
            if endless:
                return


def _plain(call: "Call") -> list[Any]:
    raised = None
    if call.raised is not None:
        kinds = call.raised.kinds[:50]
        raised = [call.raised.kind, list(kinds), call.raised.message[:_LONG], call.raised.where[:_LONG]]
    # It is sent with others, later: what it is then is another call's, where a function has one array for all.
    value = call.value.copy() if type(call.value) is np.ndarray else call.value
    return [call.fault, value, raised, list(call.changed), list(call.warnings)]


def _take_channels() -> tuple[int, int]:
    # What the answer prints goes nowhere, and its input is empty: the judge's pipes are out of print's way.
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    return requests, replies


def _receive(requests: int) -> dict[str, Any] | None:
    from kata.checks import PREFIX, unpack

    prefix = _read_bytes(requests, PREFIX)
    if not prefix:
        return None
    header, body = (int.from_bytes(prefix[place : place + 4], "big") for place in (0, 4))
    return unpack(_read_bytes(requests, header), _read_bytes(requests, body), objects=True)


def _read_bytes(descriptor: int, length: int) -> bytes:
    parts = []
    while length and (part := os.read(descriptor, length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _send(replies: int, message: dict[str, Any]) -> None:
    from kata.checks import MAX_HEADER, MAX_MESSAGE, PREFIX, pack

    try:
        packed = pack(message)
        large = len(packed) > MAX_MESSAGE or int.from_bytes(packed[:4], "big") > MAX_HEADER
    except (MemoryError, RecursionError, RuntimeError):
        large = True
    if large:
        packed = pack({"token": message["token"], "large": True})
    assert len(packed) > PREFIX
    view = memoryview(packed)
    while view:
        view = view[os.write(replies, view) :]


def _filter_calls(code: bytes) -> None:
    """Give up system calls for good, as bwrap does it with --seccomp."""
    import ctypes

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, mode_filter = 38, 22, 2
    libc.prctl(no_new_privileges, 1, 0, 0, 0)
    if libc.prctl(seccomp, mode_filter, ctypes.byref(Program(len(code) // 8, code)), 0, 0):
        raise OSError(ctypes.get_errno(), "the filter for system calls was not taken")


def _limit(which: int, limit: int) -> None:
    # Never more than what holds already.
    hard = resource.getrlimit(which)[1]
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(which, (limit, limit))


if __name__ == "__main__":
    main(sys.argv[1])
