"""Plain data as bytes: what crosses between the judge and a stranger's process, and what a record of calls holds.

A message is a JSON header and the raw bytes of its arrays. No pickle, no object arrays, nothing that runs code when
it is read. Towards the answer, a Made or View of the suites (checks/objects.py) crosses as its class's name and its
fields; on the way back there are no objects: what is no plain data arrives as a `Foreign`, its type's name and text.
"""

import dataclasses
import importlib
import json
import re
import struct
import sys
from typing import Any

import numpy as np

from kata.checks import LARGEST, SMALLEST, Made, View, show

MAX_HEADER = 2**21  # bytes of JSON
MAX_MESSAGE = 2**24  # bytes of a reply in all
MANY_CHARACTERS = 10_000  # of one text about a value; the rest is cut
_CLASSES = 100  # of things in one message that are no plain data
_DEPTH = 40  # of collections in collections
_COMPARED = 2**20  # parts of keys, where all keys of a dict, and members of a set, are compared with each other
_PREFIX = struct.Struct("!II")  # length of the header, length of the arrays
_AS_THEY_ARE = frozenset((bool, int, str))
_COLLECTIONS = {"list": list, "tuple": tuple, "set": set}
_DTYPES = re.compile(r"[<>|=]?[biufcSU]\d{1,9}", re.ASCII)


class WireError(ValueError):
    """Bytes that are no message, or a message that is none of those that are allowed."""


class Foreign:
    """Something that an answer returned and that is no plain data. Its class has the name of the real one."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def pack(message: dict[str, Any]) -> bytes:
    """Return the bytes of a message: a dict of plain data, with text for keys."""
    buffers: list[bytes] = []
    header = json.dumps(_encode(message, buffers, 0)).encode()
    body = b"".join(buffers)
    return _PREFIX.pack(len(header), len(body)) + header + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """The lengths of header and arrays, from a message's first PREFIX bytes.

    Raises:
        WireError: they are longer than a message may be.
    """
    header, body = _PREFIX.unpack(prefix)
    if header > MAX_HEADER or header + body > MAX_MESSAGE:
        raise WireError(f"a message of {header + body:,} bytes: at most {MAX_MESSAGE:,} are read")
    return header, body


PREFIX = _PREFIX.size


def unpack(header: bytes, body: bytes, objects: bool = False) -> dict[str, Any]:
    """Return the message of a header and the arrays' bytes.

    Args:
        objects: whether Mades and Views are made; only what the judge sends may hold them.

    Raises:
        WireError: it is no message.
    """
    try:
        reader = _Reader(memoryview(body), objects)
        message = reader.decode(json.loads(header), 0)
        if reader.place != len(body):
            raise WireError("bytes that belong to no array")
    except WireError:
        raise
    except Exception as error:  # whatever a stranger's bytes may lead to
        raise WireError(f"no message: {type(error).__name__}") from None
    if type(message) is not dict:
        raise WireError("no message: no dict")
    return message


def unpack_whole(packed: bytes) -> dict[str, Any]:
    """Return the message whose bytes `pack` returned.

    Raises:
        WireError: it is no message.
    """
    if len(packed) < PREFIX:
        raise WireError("no message: too short")
    end = PREFIX + _PREFIX.unpack(packed[:PREFIX])[0]
    return unpack(packed[PREFIX:end], packed[end:])


def _encode(value: Any, buffers: list[bytes], depth: int) -> Any:
    # By type(), and with the base classes' own methods: an answer's object may lie about everything else.
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if SMALLEST <= value <= LARGEST else ["foreign", "int", show(value)]
    if kind is float:
        return ["float", value.hex()]
    if depth > _DEPTH:
        return _foreign(value)
    if kind is np.ndarray or issubclass(kind, np.generic):
        return _encode_array(value, kind, buffers)
    if kind is bytes:
        buffers.append(value)
        return ["bytes", len(value)]
    for base in (list, tuple, set, dict, str, float, int):
        if issubclass(kind, base):
            return _encode_base(base, value, buffers, depth)
    if issubclass(kind, Made | View) and dataclasses.is_dataclass(kind):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(kind)}
        return ["object", kind.__module__, kind.__name__, _encode(fields, buffers, depth + 1)]
    return _foreign(value)


def _encode_base(base: Any, value: Any, buffers: list[bytes], depth: int) -> Any:
    if base is dict:
        pairs = [[key, dict.__getitem__(value, key)] for key in dict.__iter__(value)]
        return ["dict", [[_encode(part, buffers, depth + 1) for part in pair] for pair in pairs]]
    if base in (str, float, int):
        return _encode({str: str.__str__, float: float.__float__, int: int.__int__}[base](value), buffers, depth)
    return [base.__name__, [_encode(item, buffers, depth + 1) for item in base.__iter__(value)]]


def _encode_array(value: Any, kind: type, buffers: list[bytes]) -> list[Any]:
    array = np.asarray(value)
    if not _DTYPES.fullmatch(array.dtype.str):
        return _foreign(value, f"{array.dtype} array" if kind is np.ndarray else None)
    buffers.append(array.tobytes())
    return ["array" if kind is np.ndarray else "number", array.dtype.str, list(array.shape)]


def _foreign(value: Any, name: str | None = None) -> list[str]:
    try:
        text = repr(value)
        text = str.__str__(text)[:MANY_CHARACTERS]
    except BaseException:
        text = f"<{type(value).__name__}, which cannot be shown>"
    return ["foreign", name or type(value).__name__, text]


def _parts(key: Any) -> int:
    return 1 + sum(map(_parts, key)) if type(key) is tuple else 1


def _are_characters(array: np.ndarray) -> bool:
    codes = array.reshape(-1).view(array.dtype.byteorder.replace("|", "=") + "u4")
    return not codes.size or int(codes.max()) <= sys.maxunicode


class _Reader:
    def __init__(self, body: memoryview, objects: bool) -> None:
        self.body, self.objects, self.place, self.compared = body, objects, 0, 0
        self.foreign: dict[str, type[Foreign]] = {}  # a class takes a kilobyte

    def decode(self, value: Any, depth: int) -> Any:
        if depth > _DEPTH + 2:
            raise WireError("collections too deep")
        if value is None or type(value) in _AS_THEY_ARE:
            if type(value) is int and not SMALLEST <= value <= LARGEST:
                raise WireError("an int that is too large")
            return value
        tag, *rest = value  # anything else is no message
        if tag in _COLLECTIONS:
            (items,) = rest
            found = [self.decode(item, depth + 1) for item in items]
            return set(self._keys(found)) if tag == "set" else _COLLECTIONS[tag](found)
        if tag == "dict":
            (pairs,) = rest
            found = [(self.decode(key, depth + 1), self.decode(item, depth + 1)) for key, item in pairs]
            self._keys([key for key, _ in found])
            return dict(found)
        if tag == "float":
            return float.fromhex(*rest)
        if tag == "bytes":
            return bytes(self._take(*rest))
        if tag in ("array", "number"):
            return self._array(tag, *rest)
        if tag == "foreign":
            name, text = rest
            return self._foreign(name)(text[:MANY_CHARACTERS])
        if tag == "object" and self.objects:
            module, name, fields = rest
            return self._object(module, name, fields, depth)
        raise WireError("no message: an unknown kind of value")

    def _keys(self, keys: list[Any]) -> list[Any]:
        """Keys of a dict or members of a set, where there are not too many.

        Who knows how Python hashes can choose keys that all have one hash. Then each is compared with each.
        """
        self.compared += len(keys) * sum(map(_parts, keys))
        if self.compared > _COMPARED:
            raise WireError("too many keys of dicts, or members of sets")
        return keys

    def _foreign(self, name: str) -> type[Foreign]:
        name = name[:100] if name and name.isprintable() else "thing"
        if name not in self.foreign:
            if len(self.foreign) == _CLASSES:
                raise WireError(f"things of more than {_CLASSES} classes")
            self.foreign[name] = type(name, (Foreign,), {})
        return self.foreign[name]

    def _array(self, tag: str, dtype: str, shape: list[int]) -> np.ndarray | np.generic:
        if not _DTYPES.fullmatch(dtype) or len(shape) > 32 or any(type(n) is not int or n < 0 for n in shape):
            raise WireError("no array")
        kind, size = np.dtype(dtype), 1
        for length in shape:
            size *= length
        # copy: NumPy takes the reader's bytes for read-only
        array = np.frombuffer(self._take(size * kind.itemsize), kind).reshape(shape).copy()
        if kind.kind == "U" and not _are_characters(array):
            raise WireError("a text with what is no character")
        return array if tag == "array" else array[()]

    def _take(self, length: int) -> memoryview:
        if type(length) is not int or not 0 <= length <= len(self.body) - self.place:
            raise WireError("fewer bytes than its arrays have")
        self.place += length
        return self.body[self.place - length : self.place]

    def _object(self, module: str, name: str, fields: Any, depth: int) -> Made | View:
        if not re.fullmatch(r"kata\.checks\.\w+", module):
            raise WireError(f"no module of the kata: {module}")
        kind: type[Any] = getattr(importlib.import_module(module), name)
        if not (dataclasses.is_dataclass(kind) and issubclass(kind, Made | View)):
            raise WireError(f"no description of an object: {name}")
        return kind(**self.decode(fields, depth + 1))
