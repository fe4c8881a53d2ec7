"""The names in archives, as their owners wrote them: which bytes are which characters, and what parts folders.

A zip archive need not say in which alphabet its names are written. Programs of today write UTF-8, and often forget to
say so; older ones, and Windows to this day, use the code page of the machine. Here UTF-8 is tried first, and then the
code pages, of which the one counts that makes the most plausible text of all the archive's names together.

This module stands alone: the data sets' archives are read with it, too.
"""

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from kata.submissions.plausibility import plausibility

# Of two that are as plausible, the first one counts.
_PAGES = (
    *("gbk", "cp932", "big5", "cp949", "gb18030", "cp950", "cp866", "cp1251", "cp850", "cp1252", "cp1250", "cp852"),
    *("cp737", "cp1253", "cp1256", "cp720", "cp1255", "cp862", "cp1254", "cp857", "koi8_r", "mac_roman", "cp437"),
)
_ENOUGH = 4000  # bytes of names after which their alphabet is known
_UTF8_FLAG = 0x800
_UTF8_FIELD = 0x7075  # Info-ZIP's own place for a name in UTF-8
_WINDOWS = (0, 10, 14)  # what "made by" says of archives from MS-DOS, Windows NT, and of PowerShell's
_IS_FOLDER = 0x10  # MS-DOS's mark


@dataclass(frozen=True)
class Member:
    """What a zip archive holds under one name.

    Attributes:
        info: zipfile's own; name: its path, with "/", and without one at its end.
        is_folder: whether it is a folder; is_special: whether it is neither a folder nor a file: a link, say.
    """

    info: zipfile.ZipInfo
    name: str
    is_folder: bool
    is_special: bool


def members_of(archive: zipfile.ZipFile) -> list[Member]:
    """Return all Members of a zip archive, in its order."""
    infos = archive.infolist()
    raw = [_raw(info) for info in infos]
    texts = decode(raw)
    parts = _parts_at_backslashes(raw, [info.create_system in _WINDOWS for info in infos])
    found = []
    for info, name, text in zip(infos, raw, texts, strict=True):
        path = text.replace("\\", "/") if parts and _is_utf8(name) else text
        is_folder = _is_folder(info, path)
        kind = stat.S_IFMT(info.external_attr >> 16)
        is_special = kind not in (0, stat.S_IFREG, stat.S_IFDIR)
        found.append(Member(info, path.rstrip("/\\" if is_folder else "/") or path, is_folder, is_special))
    return found


def split_paths(raw: Sequence[bytes]) -> list[str]:
    """Return the paths, with "/", of which an archive's names as bytes speak; such as a tar archive's."""
    parts = _parts_at_backslashes(raw, [False] * len(raw))
    pairs = zip(raw, decode(raw), strict=True)
    return [text.replace("\\", "/") if parts and _is_utf8(name) else text for name, text in pairs]


def decode(names: Sequence[bytes]) -> list[str]:
    """Return the text of names that come from one machine, composed as most programs write it (NFC).

    All that are not UTF-8 are read with one code page.
    """
    strange = [name for name in dict.fromkeys(names) if not name.isascii()]
    legacy = [name for name in strange if not _is_utf8(name)]
    page = "utf-8"
    if legacy:
        # A name by chance may be UTF-8, too, that was written with the others' code page.
        by_chance = [name for name in strange if _is_utf8(name)]
        page = _page(legacy)
        if by_chance and _score(by_chance, page) > _score(by_chance, "utf-8"):
            return [_text(name, page) for name in names]
    return [_text(name, "utf-8" if _is_utf8(name) else page) for name in names]


def _text(name: bytes, page: str) -> str:
    try:
        text = name.decode(page)
    except UnicodeDecodeError:
        text = name.decode("cp437")
    return unicodedata.normalize("NFC", text)


def _page(names: Sequence[bytes]) -> str:
    known, size = [], 0
    for name in names:
        known.append(name)
        size += len(name)
        if size > _ENOUGH:
            break
    possible = [page for page in _PAGES if all(_can(name, page) for name in names)]
    return max(possible, key=lambda page: _score(known, page))


def _score(names: Sequence[bytes], page: str) -> float:
    if not all(_can(name, page) for name in names):
        return -1e9
    return sum(plausibility(name.decode(page), page, name) for name in names)


def _can(name: bytes, page: str) -> bool:
    try:
        name.decode(page)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(name: bytes) -> bool:
    return _can(name, "utf-8")


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The bytes of a member's name; Info-ZIP's UTF-8 where there is one, and it is this name's."""
    name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_FLAG else "cp437", "surrogateescape")
    name = name.partition(b"\0")[0]
    extra = info.extra
    while len(extra) >= 4:
        field, length = struct.unpack("<HH", extra[:4])
        content, extra = extra[4 : 4 + length], extra[4 + length :]
        if field == _UTF8_FIELD and len(content) > 5 and content[0] == 1:
            (checksum,) = struct.unpack("<L", content[1:5])
            if checksum == zlib.crc32(name) and _is_utf8(content[5:]):
                return content[5:].partition(b"\0")[0]
    return name


def _parts_at_backslashes(names: Sequence[bytes], windows: Sequence[bool]) -> bool:
    """Whether a backslash in an archive's names parts folders: it was made on Windows, or nothing else does."""
    return any(windows) or not any(b"/" in name for name in names)


def _is_folder(info: zipfile.ZipInfo, path: str) -> bool:
    if path.endswith("/"):
        return True
    if info.file_size:
        return False
    is_marked = info.external_attr & _IS_FOLDER or stat.S_ISDIR(info.external_attr >> 16)
    return bool(is_marked) or path.endswith("\\")
