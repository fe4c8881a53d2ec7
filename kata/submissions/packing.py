"""How an archive is packed: its first bytes say it, and its name may be wrong."""

import bz2
import gzip
from typing import Any, BinaryIO

from kata.submissions.files import Refused, printable

_ZIP, _GZIP, _BZIP2, _XZ = b"PK\3\4", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
_TAR, _PLACE = b"ustar", 257
_OTHERS = {
    b"Rar!\x1a\x07": "RAR archive",
    b"7z\xbc\xaf\x27\x1c": "7-Zip archive",
    b"\x28\xb5\x2f\xfd": "Zstandard file",
    b"%PDF-": "PDF",
    b"<!doctype html": "web page",
    b"<html": "web page",
}
_MEMORY = 2**27  # bytes that reading xz may take; its most thorough setting takes half of it


def is_zip(file: BinaryIO, name: str) -> bool:
    """Whether an archive is a zip; else it is a tar archive.

    Args:
        name: what it is called, which counts where it does not begin as any: a program that unpacks itself.

    Raises:
        Refused: it is something else, which is named.
    """
    head = _head(file)
    for begin, kind in _OTHERS.items():
        if head.lstrip().lower().startswith(begin.lower()):
            raise Refused(f"{printable(name)} is a {kind}, whatever its name says: pack the files as a zip")
    is_tar = head.startswith((_GZIP, _BZIP2, _XZ)) or head[_PLACE:].startswith(_TAR)
    return head.startswith(_ZIP) or (name.lower().endswith(".zip") and not is_tar)


def unpacked(file: BinaryIO) -> Any:
    """Return a tar archive's file, as it is before it was compressed."""
    head = _head(file)
    if head.startswith(_GZIP):
        return gzip.open(file)
    if head.startswith(_BZIP2):
        return bz2.open(file)
    return _Xz(file) if head.startswith(_XZ) else file


def _head(file: BinaryIO) -> bytes:
    head = file.read(512)
    file.seek(0)
    return head


class _Xz:
    """A file that is compressed with xz, and takes no more memory than it may."""

    def __init__(self, file: BinaryIO) -> None:
        import lzma  # not every Python has it

        self.file, self.error = file, lzma.LZMAError
        self.packed = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)

    def read(self, length: int) -> bytes:
        """Return the next bytes, no more than a length; none at the end."""
        while not self.packed.eof:
            more = self.file.read(2**16) if self.packed.needs_input else b""
            if self.packed.needs_input and not more:
                raise EOFError("it is cut off")
            try:
                content = self.packed.decompress(more, length)
            except self.error as error:
                raise ValueError(str(error)) from None
            if content:
                return content
        return b""
