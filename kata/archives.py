"""Reading zip and tar archives of strangers: nothing is unpacked, and what could do harm is refused by name."""

import bz2
import gzip
import stat
import struct
import tarfile
import zipfile
import zlib

from kata.submissions import MAX_FILE, Refused, limited, printable
from kata.syllabus import BY_TOPIC

MAX_ARCHIVE = 2**26  # bytes on disk
MAX_UNPACKED = 2**27  # bytes of a tar archive that are looked through
MAX_MEMBERS = 20_000
MAX_WANTED = 300  # of them that have the name of an exercise's file
_FILES = {f"{topic}.py" for topic in BY_TOPIC}


def read_archive(path):
    """Return (names, read): the paths of the files in an archive, and a function that reads one of them.

    Raises:
        Refused: a link, a device, an absolute path or `..` in it; it is too large, damaged, encrypted.
    """
    if path.stat().st_size > MAX_ARCHIVE:
        raise Refused(f"an archive of more than {MAX_ARCHIVE:,} bytes")
    try:
        files = _zip(path) if path.name.lower().endswith(".zip") else _tar(path)
    except Refused:
        raise
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, OSError, ValueError, struct.error) as error:
        raise Refused(f"a damaged archive: {printable(str(error))[:200]}") from None
    except (NotImplementedError, RuntimeError, UnicodeError, MemoryError, RecursionError) as error:
        raise Refused(f"an archive that cannot be read: {printable(str(error))[:200]}") from None
    return list(files), files.__getitem__


def _zip(path):
    _look_at_directory(path)
    with zipfile.ZipFile(path) as archive:
        members = {}
        for member in archive.infolist():
            mode = member.external_attr >> 16
            special = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
            name = _safe(member.orig_filename, special)
            if _wanted(name):
                if name in members:
                    raise Refused(f"{printable(name)} is in it twice")
                members[name] = member
                _count(members)
        return {name: _unzip(archive, member) for name, member in members.items()}


def _unzip(archive, member):
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(f"{printable(member.filename)} is compressed in a way that is not read")
    with archive.open(member) as file:
        return limited(file, member.filename)


def _look_at_directory(path):
    # Before zipfile reads it whole: the end of the archive says how long its directory is.
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - 2**16 - 22))
        end = file.read()
    place = end.rfind(b"PK\5\6")
    if place < 0 or len(end) < place + 22:
        raise Refused("a damaged archive: it has no end")
    members, size = struct.unpack("<HL", end[place + 10 : place + 16])
    if members > MAX_MEMBERS or size > 300 * MAX_MEMBERS:
        raise Refused(f"an archive with more than {MAX_MEMBERS:,} files")


def _tar(path):
    opened = {".gz": gzip.open, "tgz": gzip.open, "bz2": bz2.open, "bz": bz2.open}.get(path.name.lower()[-3:], open)
    files = {}
    with opened(path, "rb") as packed, tarfile.open(fileobj=_Limited(packed), mode="r|") as archive:
        for number, member in enumerate(archive):
            if number >= MAX_MEMBERS:
                raise Refused(f"an archive with more than {MAX_MEMBERS:,} files")
            name = _safe(member.name, not (member.isreg() or member.isdir()) or member.issparse())
            if _wanted(name):
                if name in files:
                    raise Refused(f"{printable(name)} is in it twice")
                if member.size > MAX_FILE:
                    raise Refused(f"{printable(name)} has more than {MAX_FILE:,} bytes")
                files[name] = limited(archive.extractfile(member), name)
                _count(files)
    return files


class _Limited:
    """A file that is not read without end: a small archive may unpack to a thousand times its size."""

    def __init__(self, file):
        self.file, self.left = file, MAX_UNPACKED

    def read(self, length):
        content = self.file.read(min(length, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise Refused(f"an archive that unpacks to more than {MAX_UNPACKED:,} bytes")
        return content


def _safe(name, special):
    plain = name.replace("\\", "/")
    if special:
        raise Refused(f"{printable(name)[:300]} in it is a link or a device")
    if plain.startswith("/") or plain[1:2] == ":":
        raise Refused(f"{printable(name)[:300]} in it is an absolute path")
    if ".." in plain.split("/"):
        raise Refused(f"{printable(name)[:300]} in it leads outside")
    return "/".join(part for part in plain.split("/") if part != ".")


def _wanted(name):
    """Whether a file may be an exercise's, at most as deep as `clone/exercises/03_losses/losses.py`."""
    *folders, file = name.split("/")
    return file in _FILES and len(folders) <= 3


def _count(files):
    if len(files) > MAX_WANTED:
        raise Refused(f"more than {MAX_WANTED} files that are named as an exercise's")
