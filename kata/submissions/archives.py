"""Reading zip and tar archives of strangers: nothing is unpacked, and what could do harm is refused by name."""

import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO

from kata.submissions.files import (
    MAX_NAME,
    Refused,
    TooMany,
    is_archive,
    is_looked_at,
    is_loose,
    is_visible,
    is_wanted,
    limit_of,
    printable,
    too_long,
)
from kata.submissions.names import members_of, split_paths
from kata.submissions.packing import is_zip, unpacked

MAX_ARCHIVE = 2**26  # bytes on disk
MAX_UNPACKED = 2**27  # bytes that are unpacked of a submission, archives in archives included
MAX_MEMBERS = 20_000  # of all its archives
MAX_WANTED = 300  # of one archive that may be an exercise's file, or hold some
MAX_TOLD = 2**20  # bytes of what a tar archive says of a file beside its header, such as a long name
_ENCRYPTED = 1
MAX_LOOSE = 100  # of one archive that may be an exercise's file by what is in it; more are not looked at


# Parts of a tar archive that only say something of the next one, or of all.
_TELLING = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)


class Budget:
    """How much of a submission's archives is looked through. An archive may unpack to a thousand times its size."""

    def __init__(self) -> None:
        self.bytes, self.members, self.told = MAX_UNPACKED, MAX_MEMBERS, 16 * MAX_TOLD

    def spend(self, number: int) -> None:
        self.bytes -= number
        if self.bytes < 0:
            raise Refused(f"an archive that unpacks to more than {MAX_UNPACKED:,} bytes")

    def expect(self, number: int) -> None:
        """Refuse a file of so many bytes before it is read, where that is no number of bytes, or too many."""
        if not 0 <= number <= self.bytes:
            raise Refused(f"an archive that unpacks to more than {MAX_UNPACKED:,} bytes, or to less than none")

    def count(self, members: int) -> None:
        self.members -= members
        if self.members < 0:
            raise Refused(f"an archive with more than {MAX_MEMBERS:,} files")

    def hear(self, number: int) -> None:
        self.told -= number
        if self.told < 0 or number > MAX_TOLD:
            raise Refused(f"an archive whose names and notes have more than {MAX_TOLD:,} bytes")


class Archive:
    """The files in an archive.

    Args:
        file: it, opened in binary mode; it stays open as long as something is read.
        name: what it is called.
        budget: the Budget, which archives in archives share.

    Attributes:
        names: the paths of all its files, with "/", without what is left behind.

    Raises:
        Refused: a link, a device, an absolute path or `..` in it; it is too large, damaged, encrypted.
    """

    def __init__(self, file: BinaryIO, name: str, budget: Budget) -> None:
        self.budget, self.names, self._named = budget, list[str](), 0
        self._loose = {True: 0, False: 0}  # True: those that `is_wanted`
        self._members: dict[str, Callable[[int], bytes] | bytes | None] = {}
        if file.seek(0, os.SEEK_END) > MAX_ARCHIVE:
            raise Refused(f"an archive of more than {MAX_ARCHIVE:,} bytes")
        file.seek(0)
        with damage_is_refused():
            self._zip(file) if is_zip(file, name) else self._tar(file)

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return the bytes of a file.

        Raises:
            Refused: they are more than `limit`, or than a file with this name may have; or damaged.
        """
        limit = limit or limit_of(name)
        if name not in self._members:
            raise TooMany(f"{printable(name)} is one of too many to be looked at")
        member = self._members[name]
        with damage_is_refused():
            content = member(limit) if callable(member) else member
        if content is None or len(content) > limit:
            raise Refused(too_long(name, limit))
        return content

    def _add(self, name: str, member: Callable[[int], bytes] | bytes | None) -> None:
        if not is_visible(name):
            return
        self.names.append(name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}...")
        wanted = is_wanted(name)
        if not wanted and not is_looked_at(name):
            return
        if is_loose(name) or not wanted:
            self._loose[wanted] += 1
            if self._loose[wanted] > MAX_LOOSE:
                return
        else:
            self._named += 1
        if name in self._members and wanted:
            raise Refused(f"{printable(name)} is in it twice")
        self._members[name] = member
        if self._named > MAX_WANTED:
            raise Refused(f"more than {MAX_WANTED} files that are named as an exercise's")

    def _zip(self, file: BinaryIO) -> None:
        told, packed = _number_of_members(file), _Zipped(file)
        self.budget.count(told)
        archive = zipfile.ZipFile(packed)
        packed.most = None
        self.budget.count(max(0, len(archive.infolist()) - told))
        for member in members_of(archive):
            name = safe_name(member.name, member.is_special)
            if not member.is_folder:
                self._add(name, partial(self._unzip, archive, member.info))

    def _unzip(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(f"{printable(member.filename)} is compressed in a way that is not read")
        if member.flag_bits & _ENCRYPTED:
            raise Refused(f"{printable(member.filename)} is encrypted: pack it without a password")
        with archive.open(member) as file:
            content = file.read(limit + 1)
        self.budget.spend(len(content))
        return content

    def _tar(self, file: BinaryIO) -> None:
        found = dict[str, bytes | None]()  # by names of which some bytes may still be no characters
        packed: Any = _Limited(unpacked(file), self.budget)
        how: dict[str, Any] = {
            "encoding": "utf-8",
            "errors": "surrogateescape",
            "tarinfo": _heard_by(self.budget),
        }
        archive = tarfile.open(fileobj=packed, mode="r|", **how)  # noqa: SIM115, it is the caller's file
        for member in archive:
            self.budget.count(1)
            self.budget.expect(member.size)  # again: a note before it may have said another one
            plain = safe_name(member.name, not (member.isreg() or member.isdir()) or member.issparse())
            if member.isdir() or (plain.endswith("\\") and not member.size):
                continue
            if plain in found:
                if is_wanted(plain):
                    raise Refused(f"{printable(plain)} is in it twice")
                continue
            found[plain] = None
            parted = plain.replace("\\", "/")  # which it may yet
            if not is_wanted(parted) and not is_looked_at(parted):
                continue
            if member.size <= (MAX_ARCHIVE if is_archive(plain) else limit_of(plain)):
                file_in_it = archive.extractfile(member)
                found[plain] = file_in_it.read() if file_in_it else None
        paths = split_paths([plain.encode("utf-8", "surrogateescape") for plain in found])
        for path, content in zip(paths, found.values(), strict=True):
            self._add(safe_name(path, False), content)


class _Zipped:
    """The file of a zip archive, of which nobody reads more than `most` bytes at once; None for any number.

    What it says of its own length is there twice, and zipfile believes the one that larger archives have.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.most: int | None = 300 * MAX_MEMBERS
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, length: int = -1) -> bytes:
        if self.most is not None and length > self.most:
            raise Refused(f"an archive with more than {MAX_MEMBERS:,} files")
        return self.file.read(length)


def _heard_by(budget: Budget) -> type[tarfile.TarInfo]:
    """What tarfile makes of a header, whose names and notes somebody hears before they are read: all at once."""

    class Heard(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, *header: Any) -> Any:
            found = super().frombuf(*header)
            budget.expect(found.size)
            if found.type in _TELLING:
                budget.hear(found.size)
            if found.type == tarfile.GNUTYPE_SPARSE:  # refused in any case, and here before its map is read
                safe_name(found.name, True)
            return found

    return Heard


class _Limited:
    """A file whose reader has a Budget."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self.file, self.budget = file, budget

    def read(self, length: int) -> bytes:
        content = self.file.read(min(length, self.budget.bytes + 1))
        self.budget.spend(len(content))
        return content


@contextmanager
def damage_is_refused() -> Iterator[None]:
    """Turn what the readers of damaged archives raise into Refused."""
    try:
        yield
    except Refused:
        raise
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, OSError, ValueError, struct.error) as error:
        raise Refused(f"a damaged archive: {printable(str(error))[:200]}") from None
    except Exception as error:  # their readers foresee some of it: a size that fits into no number of C's they do not
        raise Refused(f"an archive that cannot be read: {printable(str(error))[:200]}") from None


def _number_of_members(file: BinaryIO) -> int:
    """How many files a zip archive has, before zipfile reads its directory whole: its end says it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2**16 - 22))
    end = file.read()
    file.seek(0)
    place = end.rfind(b"PK\5\6")
    if place < 0 or len(end) < place + 22:
        raise Refused("a damaged archive: it has no end")
    members, size = struct.unpack("<HL", end[place + 10 : place + 16])
    return max(members, size // 300)


def safe_name(name: str, special: bool) -> str:
    """The path of an archive's member, with "/"; `special`: it is neither a file nor a folder.

    Raises:
        Refused: it leads outside, on this system or on one where a backslash parts folders.
    """
    plain = name.replace("\\", "/")
    if special:
        raise Refused(f"{printable(name)[:300]} in it is a link or a device")
    if plain.startswith("/") or plain[1:2] == ":":
        raise Refused(f"{printable(name)[:300]} in it is an absolute path")
    if ".." in plain.split("/"):
        raise Refused(f"{printable(name)[:300]} in it leads outside")
    return "/".join(part for part in name.split("/") if part not in (".", ""))
