"""Unpacking what a platform hands out for a whole class: one zip archive with everybody's submission in it.

What is in it comes from strangers. So nothing of it may lead out of the folder that it goes to; what cannot hold an
answer is named there and left empty; and what is too large is cut, so that only its owner's submission is refused.
"""

import hashlib
import zipfile
from pathlib import Path

from kata.folders import is_answer
from kata.submissions.archives import MAX_ARCHIVE, damage_is_refused, safe_name
from kata.submissions.files import Refused, is_archive, is_leaving, is_visible, printable
from kata.submissions.names import Member, members_of
from kata.submissions.packing import is_zip
from kata.submissions.prefixes import is_download
from kata.submissions.topics import kind_of

MAX_CLASS = 2**33  # bytes that are unpacked of a whole class
MAX_MEMBERS = 500_000
MAX_PARTS = 8  # of a path; no answer lies as deep, and a file system has its limit


def is_class(path: Path) -> bool:
    """Whether it is a zip archive: the submissions of a whole class."""
    return path.is_file() and path.name.lower().endswith(".zip")


def unpack(path: Path, folder: Path) -> Path:
    """Unpack a class's zip archive; returns the folder with the submissions.

    Args:
        path: of the archive; folder: where to, it is made.

    Raises:
        Refused: it is damaged, too large, or a path in it leads outside.
    """
    folder.mkdir()
    left = MAX_CLASS
    with open(path, "rb") as file:
        is_zip(file, path.name)
    with damage_is_refused():
        archive = zipfile.ZipFile(path)
    with archive:
        if len(archive.infolist()) > MAX_MEMBERS:
            raise Refused(f"an archive with more than {MAX_MEMBERS:,} files")
        for member in members_of(archive):
            name = safe_name(member.name, member.is_special)
            if not is_visible(name):
                continue
            parts = [_fitting(part) for part in name.split("/")]
            try:
                if len(parts) > MAX_PARTS:
                    folder.joinpath(*parts[:2]).mkdir(parents=True, exist_ok=True)
                else:
                    left -= _unpack(archive, member, folder.joinpath(*parts))
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                raise Refused(f"{printable(name)} is in it twice") from None
            if left < 0:
                raise Refused(f"an archive that unpacks to more than {MAX_CLASS:,} bytes")
    inner = [entry for entry in folder.iterdir() if not is_leaving(entry.name)]
    # Packed with the folder that it was in, as people do.
    wrapped = len(inner) == 1 and inner[0].is_dir() and not is_answer(inner[0]) and not is_download([inner[0].name])
    return inner[0] if wrapped else folder


def _unpack(archive: zipfile.ZipFile, member: Member, target: Path) -> int:
    """Unpack a member, up to one byte more than is ever read; returns how many bytes it is."""
    if member.is_folder:
        target.mkdir(parents=True, exist_ok=True)
        return 0
    content = b""
    if kind_of(target.name) or is_archive(target.name):
        with damage_is_refused(), archive.open(member.info) as packed:
            content = packed.read(MAX_ARCHIVE + 1)
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "xb") as file:
        file.write(content)
    return len(content)


def _fitting(name: str) -> str:
    """A name as long as a file system takes it: a platform's prefix and a student's own name may be more together."""
    whole = name.encode(errors="surrogateescape")
    if len(whole) <= 240:
        return name
    unlike = hashlib.sha256(whole).hexdigest()[:12]
    return f"{whole[:150].decode(errors='ignore')}...{unlike}...{whole[-50:].decode(errors='ignore')}"
