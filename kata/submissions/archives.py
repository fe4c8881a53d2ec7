"""Reading zip and tar archives of strangers: nothing is unpacked, and what could do harm is refused by name."""

import bz2
import gzip
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from contextlib import contextmanager, nullcontext

from kata.submissions.files import MAX_NAME, Refused, is_archive, is_loose, limit_of, printable, too_long, wanted

MAX_ARCHIVE = 2**26  # bytes on disk
MAX_UNPACKED = 2**27  # bytes that are unpacked of a submission, archives in archives included
MAX_MEMBERS = 20_000  # of all its archives
MAX_WANTED = 300  # of one archive that may be an exercise's file, or hold some
MAX_LOOSE = 100  # of one archive that may be an exercise's file by what is in it; more are not looked at


class Budget:
    """How much of a submission's archives is looked through. An archive may unpack to a thousand times its size."""

    def __init__(self):
        self.bytes, self.members = MAX_UNPACKED, MAX_MEMBERS

    def spend(self, number):
        self.bytes -= number
        if self.bytes < 0:
            raise Refused(f"an archive that unpacks to more than {MAX_UNPACKED:,} bytes")

    def count(self, members):
        self.members -= members
        if self.members < 0:
            raise Refused(f"an archive with more than {MAX_MEMBERS:,} files")


class Archive:
    """The files in an archive.

    Args:
        file: it, opened in binary mode; it stays open as long as something is read.
        name: what it is called, which says how it is packed.
        budget: the Budget, which archives in archives share.

    Attributes:
        names: the paths of all its files, with "/".

    Raises:
        Refused: a link, a device, an absolute path or `..` in it; it is too large, damaged, encrypted.
    """

    def __init__(self, file, name, budget):
        self.budget, self.names, self._members, self._loose = budget, [], {}, 0
        if file.seek(0, os.SEEK_END) > MAX_ARCHIVE:
            raise Refused(f"an archive of more than {MAX_ARCHIVE:,} bytes")
        file.seek(0)
        with damage_is_refused():
            self._zip(file) if name.lower().endswith(".zip") else self._tar(file, name)

    def read(self, name, limit=None):
        """Return the bytes of a file.

        Raises:
            Refused: they are more than `limit`, or than a file with this name may have; or damaged.
        """
        limit = limit or limit_of(name)
        if name not in self._members:
            raise Refused(f"{printable(name)} is one of too many to be looked at")
        member = self._members[name]
        with damage_is_refused():
            content = member(limit) if callable(member) else member
        if content is None or len(content) > limit:
            raise Refused(too_long(name, limit))
        return content

    def everything(self):
        """The paths of all files in it."""
        return self.names

    def _list(self, name):
        self.names.append(name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}...")

    def _add(self, name, member):
        if is_loose(name):
            self._loose += 1
            if self._loose > MAX_LOOSE:
                return
        if name in self._members:
            raise Refused(f"{printable(name)} is in it twice")
        self._members[name] = member
        if len(self._members) - min(self._loose, MAX_LOOSE) > MAX_WANTED:
            raise Refused(f"more than {MAX_WANTED} files that are named as an exercise's")

    def _zip(self, file):
        self.budget.count(_members_of(file))
        archive = zipfile.ZipFile(file)
        for member in archive.infolist():
            name = safe_name(member.orig_filename, is_special(member))
            if not member.is_dir():
                self._list(name)
                if wanted(name):
                    self._add(name, lambda limit, member=member: self._unzip(archive, member, limit))

    def _unzip(self, archive, member, limit):
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(f"{printable(member.filename)} is compressed in a way that is not read")
        with archive.open(member) as file:
            content = file.read(limit + 1)
        self.budget.spend(len(content))
        return content

    def _tar(self, file, name):
        opened = {".gz": gzip.open, "tgz": gzip.open, "bz2": bz2.open}.get(name.lower()[-3:], nullcontext)
        with opened(file) as packed, tarfile.open(fileobj=_Limited(packed, self.budget), mode="r|") as archive:
            for member in archive:
                self.budget.count(1)
                name = safe_name(member.name, not (member.isreg() or member.isdir()) or member.issparse())
                if member.isdir():
                    continue
                self._list(name)
                if wanted(name):
                    limit = MAX_ARCHIVE if is_archive(name) else limit_of(name)
                    self._add(name, archive.extractfile(member).read() if member.size <= limit else None)


class _Limited:
    """A file whose reader has a Budget."""

    def __init__(self, file, budget):
        self.file, self.budget = file, budget

    def read(self, length):
        content = self.file.read(min(length, self.budget.bytes + 1))
        self.budget.spend(len(content))
        return content


@contextmanager
def damage_is_refused():
    """Turn what the readers of damaged archives raise into Refused."""
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, OSError, ValueError, struct.error) as error:
        raise Refused(f"a damaged archive: {printable(str(error))[:200]}") from None
    except (NotImplementedError, RuntimeError, UnicodeError, MemoryError, RecursionError) as error:
        raise Refused(f"an archive that cannot be read: {printable(str(error))[:200]}") from None


def is_special(member):
    """Whether a zip archive's member is neither a file nor a folder: a link, say."""
    return stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR)


def _members_of(file):
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


def safe_name(name, special):
    """The path of an archive's member, with "/"; `special`: it is neither a file nor a folder.

    Raises:
        Refused: it leads outside.
    """
    plain = name.replace("\\", "/")
    if special:
        raise Refused(f"{printable(name)[:300]} in it is a link or a device")
    if plain.startswith("/") or plain[1:2] == ":":
        raise Refused(f"{printable(name)[:300]} in it is an absolute path")
    if ".." in plain.split("/"):
        raise Refused(f"{printable(name)[:300]} in it leads outside")
    return "/".join(part for part in plain.split("/") if part != ".")
