"""What a handout has in the place of the solutions and the misconceptions: what they returned when it was made.

A value is found by the call that asks for it. Another processor or another NumPy may draw the same inputs with other
last digits. So where no call of the record is the same, the nearest one counts of those that differ from it in such
digits alone.

Of an exercise, record/NN_topic/ holds its stub, what the solution returned (values), and for each function what the
solution and each misconception came to for each input of the suite: all as the bytes of kata/checks/wire.py,
compressed. kata/handout/ writes them. `record/handout.json` has their digests.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.answers import Calls
from kata.checks import Call, Raised, WireError, copy_data, pack, unpack_whole
from kata.judge.diagnosis import Inputs
from kata.syllabus import BY_FUNCTION, HANDOUT, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kata.checks import View
    from kata.judge.diagnosis import Input
    from kata.judge.misconceptions import Wrong

VALUES, HINTS, LEARNED = "values", "hints", "learned"  # files of an exercise; all others are named after functions
_FETCH = "fetch this copy of the kata again, or with git: git checkout -- record exercises"
_NEAR = 1e-5  # how far a sum may be from the recorded one, as a part of the sum of what has been added


class RecordError(LookupError):
    """The record cannot say what is right; its text says why, and what to do."""


def path_of(topic_record: Path, name: str) -> Path:
    """Where a part of an exercise's record lies."""
    return topic_record / f"{name}.bin"


def write_part(path: Path, message: dict[str, Any]) -> None:
    """Write a part of a record: a dict of plain data, with text for keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zlib.compress(pack(message), 9))


def read_part(path: Path) -> dict[str, Any]:
    """Read a part of this handout's record.

    Raises:
        RecordError: it is not what was handed out.
    """
    name = path.relative_to(ROOT).as_posix()
    try:
        content = path.read_bytes()
        if HANDOUT is None or hashlib.sha256(content).hexdigest() != HANDOUT["files"].get(name):
            raise RecordError(f"{name} is not the file that was handed out: {_FETCH}")
        return unpack_whole(zlib.decompress(content))
    except (OSError, zlib.error, WireError) as error:
        raise RecordError(f"{name} cannot be read ({error}): {_FETCH}") from None


def digest(path: Path) -> str:
    """The digest of a text file, whichever line ends an editor or git has given it."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def check_suites() -> None:
    """See that the suites are those that the record was made for.

    Raises:
        RecordError: one of them is another.
    """
    for name, expected in (HANDOUT or {}).get("suites", {}).items():
        path = ROOT / name
        if not path.is_file() or digest(path) != expected:
            raise RecordError(f"{name} is not the suite that this copy's record was made for: {_FETCH}")


@dataclasses.dataclass(frozen=True)
class Asked:
    """A call, as it is looked up.

    Attributes:
        exact: a digest of all of it; alike: of all but its floating point numbers.
        sums: of each array of such numbers: two weighted sums, then the sum of the absolute values.
    """

    exact: str
    alike: str
    sums: tuple[tuple[float, float, float], ...]


def asked(function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None) -> Asked:
    """Return how a call is looked up."""
    call = {"function": function, "args": args, "kwargs": kwargs, "view": view}
    sums: list[tuple[float, float, float]] = []
    alike = _without_floats(call, sums)
    return Asked(_digest(call), _digest(alike), tuple(sums))


def _digest(message: dict[str, Any]) -> str:
    return hashlib.sha256(pack(message)).hexdigest()[:32]


def _without_floats(value: Any, sums: list[tuple[float, float, float]]) -> Any:
    """A value with 0 for each finite floating point number, whose sums are added to `sums`."""
    if isinstance(value, np.ndarray | np.floating | float) and np.asarray(value).dtype.kind == "f":
        numbers = np.asarray(value, np.float64).ravel()
        finite = np.isfinite(numbers)
        counted = np.where(finite, numbers, 0.0)
        weights = np.linspace(1, 2, len(counted))
        sums.append((float(counted.sum()), float((counted * weights).sum()), float(np.abs(counted).sum())))
        return [type(value).__name__, str(np.asarray(value).dtype), np.shape(value), np.where(finite, 0.0, numbers)]
    if isinstance(value, list | tuple):
        return [type(value).__name__, *(_without_floats(item, sums) for item in value)]
    if isinstance(value, dict):
        return {key: _without_floats(item, sums) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return [type(value).__name__, _without_floats(fields, sums)]
    return value


class Recorded:
    """What the solutions returned, as a Reference does it: `recorded.sigmoid(x)` returns the array itself."""

    def __init__(self) -> None:
        self.calls: dict[str, dict[str, Any]] = {}  # topic -> what is recorded of it

    def seen_as(self, view: View | None) -> Calls:
        """`recorded.seen_as(Batches()).make_batches(...)` returns what the view saw."""
        return Calls(self.value, view)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self.seen_as(None), name)
        return found

    def value(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None) -> Any:
        """What the solution returned for a call.

        Raises:
            RecordError: nobody has recorded such a call.
        """
        exercise = BY_FUNCTION[function]
        if exercise.topic not in self.calls:
            self.calls[exercise.topic] = read_part(path_of(exercise.record, VALUES))
        recorded, call = self.calls[exercise.topic], asked(function, args, kwargs, view)
        place = recorded["exact"].get(call.exact)
        if place is None:
            place = _nearest(np.array(call.sums).reshape(-1, 3), recorded["alike"].get(call.alike, []))
        if place is None:
            made = ", ".join(f"{name} {version}" for name, version in (HANDOUT or {})["versions"].items())
            why = f"this copy of the kata does not know what is right here: {function} is called in another way than"
            raise RecordError(f"{why} on the machine where it was made, with {made}. Tell who gave it to you.")
        return copy_data(recorded["values"][place])


def _nearest(sums: np.ndarray, candidates: list[Any]) -> int | None:
    """The place of the nearest of some recorded calls; None where none is near."""
    best, found = np.inf, None
    for recorded, place in candidates:
        # Of numbers that cancel out, only what has been added says what is a rounding error.
        recorded = recorded.reshape(-1, 3)
        distance = np.abs(recorded[:, :2] - sums[:, :2]).sum(axis=1)
        if (distance <= _NEAR * recorded[:, 2]).all() and distance.sum() < best:
            best, found = float(distance.sum()), place
    return found


def as_plain(call: Call, mentions: tuple[object, ...] = ()) -> dict[str, Any]:
    """What came of a Call, as plain data.

    Args:
        mentions: what a check looks for in an error's message. Nothing else is kept of it: it may quote code.
    """
    words = [str(word) for word in mentions if call.raised and str(word) in call.raised.message]
    raised = call.raised and [call.raised.kind, list(call.raised.kinds), " ".join(words)]
    found = {"value": call.value, "raised": raised, "fault": call.fault}
    return found | {"changed": list(call.changed), "warnings": list(call.warnings)}


def as_call(found: dict[str, Any], function: str, given: Input) -> Call:
    """The Call whose `as_plain` was recorded of a function's input."""
    raised = found["raised"] and Raised(found["raised"][0], tuple(found["raised"][1]), found["raised"][2])
    return Call(
        function,
        given.args,
        given.kwargs,
        given.view,
        value=found["value"],
        raised=raised,
        fault=found["fault"],
        changed=tuple(found["changed"]),
        warnings=tuple(found["warnings"]),
    )


class RecordedKnown(Inputs):
    """A Known of what solutions and misconceptions returned where a handout was made, for each input."""

    def __init__(self, inputs: Callable[[str], list[Input]]) -> None:
        super().__init__(inputs)
        self.recorded = functools.cache(self._read)

    def misconceptions(self, function: str) -> list[Wrong]:
        return list(self.recorded(function)[1])

    def call(self, function: str, index: int, wrong: Wrong | None = None) -> Call:
        record, wrongs = self.recorded(function)
        place = wrongs[wrong][index] if wrong else record["right"][index]
        return as_call(record["calls"][place], function, self.inputs(function)[index])

    def can_tell(self, given: Input, mine: Call, theirs: Call) -> bool:
        # The order of a set was another one where the record was made.
        return bool(mine.raised or theirs.raised) or not _holds_set([*given.args, *given.kwargs.values()])

    @staticmethod
    def _read(function: str) -> tuple[dict[str, Any], dict[Wrong, list[int]]]:
        record = read_part(path_of(BY_FUNCTION[function].record, function))
        return record, {_Mistake(wrong["sentence"], wrong["of"]): wrong["places"] for wrong in record["wrong"]}


class _Mistake:
    """A misconception of a record: only what its author should read, and the kind of checks that can show it."""

    misunderstands = ""

    def __init__(self, sentence: str, of: str | None) -> None:
        self.__doc__, self.of = sentence, of

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("a record holds what a misconception returned, and not its code")


def _holds_set(value: Any) -> bool:
    return isinstance(value, set) or (isinstance(value, list | tuple) and any(map(_holds_set, value)))
