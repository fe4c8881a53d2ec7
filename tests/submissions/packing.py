"""Ways to pack hand-ins as other programs do, with names in whatever bytes; and what is read of them."""

import io
import stat
import struct
import tarfile
import tempfile
import zlib
from pathlib import Path

from kata.answers import convert
from kata.checks import wire
from kata.submissions.collecting import collect
from kata.submissions.layouts import find_submissions, parts_of
from kata.submissions.staging import lay_out, read_answer

UNIX, WINDOWS = 3, 0


def raw_zip(members, utf8=False, made=WINDOWS, extra=None, attributes=None):
    """A zip archive as bytes.

    Args:
        members: [(name as bytes, or as text in UTF-8, content), ...].
        utf8: whether it says that its names are UTF-8; made: on which system.
        extra: function of a name that returns its extra fields; attributes: {name: its external attributes}.
    """
    written, directory = io.BytesIO(), b""
    for name, content in members:
        name = name.encode() if isinstance(name, str) else name
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush() if content else b""
        fields = extra(name) if extra else b""
        how = (0x800 if utf8 else 0, 8 if content else 0, 0, 0x5821, zlib.crc32(content), len(packed), len(content))
        place, mode = written.tell(), (attributes or {}).get(name, 0)
        written.write(struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, *how, len(name), 0) + name + packed)
        tail = (len(name), len(fields), 0, 0, 0, mode, place)
        directory += struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", made << 8 | 20, 20, *how, *tail)
        directory += name + fields
    place = written.tell()
    written.write(directory)
    written.write(struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, len(members), len(members), len(directory), place, 0))
    return written.getvalue()


def unicode_field(text):
    """Info-ZIP's extra field with a name in UTF-8, as a function of the name in other bytes."""

    def field(name):
        content = struct.pack("<BL", 1, zlib.crc32(name)) + text(name).encode()
        return struct.pack("<HH", 0x7075, len(content)) + content

    return field


def raw_tar(members, mode="w:gz", encoding="utf-8", how=tarfile.GNU_FORMAT):
    """A tar archive as bytes: {name: content}, a name that ends with / is a folder's."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode, encoding=encoding, format=how) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


DOS_FOLDER, UNIX_FOLDER = 0x10, (stat.S_IFDIR | 0o755) << 16


def lay_out_class(folder, files):
    """Make a folder of {path: content}; a path that ends with / is a folder. Returns it."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.mkdir(exist_ok=True) if path.endswith("/") else target.write_bytes(content)
    return folder


class _Converter:
    """In the place of a Sandbox: notebooks are converted here, the tests' own do no harm."""

    def start(self, folder, packages):
        self.folder = folder
        return self

    def send(self, message, seconds):
        length, _ = wire.lengths(message[: wire.PREFIX])
        self.asked = wire.unpack(message[wire.PREFIX :][:length], message[wire.PREFIX + length :])

    def receive(self, seconds):
        try:
            cells = convert((self.folder / self.asked["convert"]).read_bytes())
            return {"token": self.asked["token"], "cells": cells}
        except ValueError as error:
            return {"token": self.asked["token"], "fault": str(error)}

    def end(self):
        pass


def chosen(parts):
    """({path of an exercise's file: its bytes}, notes) of a submission: what counts of it, and what is said of it."""
    files, notes, unread = collect(parts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        laid = lay_out(files, folder, _Converter())
        handed_in = {(each.candidate.file, each.path.read_bytes()): each.candidate.content for each in laid}
        answer, more = read_answer(folder, laid, unread)
        sources = [source for topic, source in answer.sources.items() if source and topic not in answer.unread]
        left = {path for path in folder.rglob("*") if path.is_file()}
        assert left == {source.path for source in sources}
        counting = {
            source.path.relative_to(folder).as_posix(): handed_in[source.path.name, source.path.read_bytes()]
            for source in sources
        }
    return counting, notes + more


def found(folder):
    """{name of a submission: (its files, its notes)}; the files are named by their topic alone."""
    result = {}
    for one in find_submissions(folder):
        files, notes = chosen(parts_of(one.task()["parts"]))
        assert all(file.split("/")[0].endswith(file.split("/")[1].rpartition(".")[0]) for file in files)
        short = {file.partition("/")[2]: content for file, content in files.items()}
        result[one.name] = short, [*one.notes, *notes]
    return result
