"""The real images: 2,000 photographs of natural scenes, downloaded once, unpacked with care and checked.

    python -m datasets.real

Where they come from, and what they may be used for, is in README.md beside this file.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from datasets.layout import (
    COUNT,
    NAME,
    TABLE,
    DatasetError,
    cache_folder,
    check,
    outside_checkout,
    write_whole,
)
from datasets.progress import progress_bar
from kata.submissions import Member, members_of

ADDRESS = "https://www.dropbox.com/s/0htmeoie69q650p/miml_dataset.zip?dl=1"
VARIABLE = "MIML_DATASET"
RECORD = "sha256.json"
TIMEOUT = 30  # seconds without a byte
STALE = 24 * 3600  # seconds after which a download that has not ended never will
LARGEST = 1 << 30  # bytes unpacked; the real images are 29 MB


def load(source=None, folder=None):
    """Find or fetch the real images, and check them: 2,000 files, their table, every JPEG to its last line.

    Args:
        source: where they are: a folder, a zip file, or an address (http or https); default: the environment
            variable MIML_DATASET, else the address that the tutorial downloads from.
        folder: where downloads and what is unpacked are kept; default: real in the cache folder (see
            layout.cache_folder). A source that is a folder is used where it is.

    Returns:
        The Path of the miml_dataset folder.

    Raises:
        DatasetError: nothing there, no network, a file that is broken or unsafe to unpack, a checksum that is not
            that of the first download, or images or labels that are not as they should be.
    """
    source = os.fspath(source) if source else os.environ.get(VARIABLE) or ADDRESS
    keep = outside_checkout(Path(folder).expanduser()) if folder is not None else cache_folder() / "real"
    try:
        if source.startswith(("http://", "https://")):
            return _from_address(source, keep)
        path = Path(source).expanduser()
        if path.is_dir():
            return _checked(_dataset_in(path))
        if path.is_file():
            return _unpacked(path, _sha256(path), keep)
    except OSError as error:
        raise DatasetError(f"the images of {source} cannot be read or kept in {keep}: {error}") from None
    raise DatasetError(f"{source} does not exist: {VARIABLE} or source should name a folder {NAME} or its zip file")


def _from_address(address, keep):
    """Download once: later calls find the zip, whose checksum must still be the one of the first success."""
    archive, record = keep / f"{NAME}.zip", keep / RECORD
    known = _recorded(record)
    if archive.is_file() and address in known:
        digest = _sha256(archive)
        if digest == known[address]:
            return _unpacked(archive, digest, keep)
        archive.unlink()  # damaged since, or of another address: fetched again
    keep.mkdir(parents=True, exist_ok=True)
    _sweep(keep)
    # In a folder of its own until it is known to be whole: a killed download leaves nothing that could be taken
    # for an archive.
    with tempfile.TemporaryDirectory(prefix=".download-", dir=keep) as temporary:
        fresh = _download(address, Path(temporary))
        digest = _sha256(fresh)
        if known.get(address, digest) != digest:
            raise DatasetError(
                f"{address} gave another file than the first time: its sha256 is {digest}, it was {known[address]}; "
                f"if you trust the new one, delete {record}"
            )
        dataset = _unpacked(fresh, digest, keep)
        os.replace(fresh, archive)
    write_whole(record, json.dumps(known | {address: digest}, indent=1).encode())
    return dataset


def _recorded(record):
    try:
        known = json.loads(record.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        known = None
    if not isinstance(known, dict):
        raise DatasetError(f"{record}, the checksums of earlier downloads, is damaged: delete it to download again")
    return known


def _download(address, folder):
    """Fetch an address into a folder; return the file."""
    # Keras's own: it is here anyway, has a progress bar and notices a connection that ends too early. It does not
    # notice a partial file that a killed process left, so it never gets to see one.
    import keras

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)  # it has no parameter for it, and would wait for ever
    try:
        with contextlib.redirect_stdout(sys.stderr):  # its progress bar; stdout is for the path alone
            fetched = keras.utils.get_file(f"{NAME}.zip", address, cache_dir=folder, cache_subdir="")
        return Path(fetched)
    except Exception as error:  # its own are plain Exceptions
        reason = str(error).removeprefix(f"URL fetch failure on {address}: ").removeprefix("None -- ")
        raise DatasetError(
            f"the images could not be downloaded ({reason}): download {address} with a browser on any machine and "
            f"name the file in {VARIABLE}, or use the generated ones: python -m datasets.scenes"
        ) from None
    finally:
        socket.setdefaulttimeout(before)


def _unpacked(archive, digest, keep):
    """Unpack an archive into a folder that is named for its checksum, unless that has been done."""
    target = keep / digest[:16]
    if target.is_dir():
        try:
            return _checked(_dataset_in(target))
        except DatasetError:
            shutil.rmtree(target)  # damaged since: the archive is still right
    keep.mkdir(parents=True, exist_ok=True)
    _sweep(keep)
    with tempfile.TemporaryDirectory(prefix=".unpack-", dir=keep) as temporary:
        _unpack(archive, Path(temporary, "content"))
        _checked(_dataset_in(Path(temporary, "content")))
        # Only what is whole and right gets the name under which it is found. Another process may have been first.
        try:
            os.rename(Path(temporary, "content"), target)
        except OSError:
            if not target.is_dir():
                raise
    return _dataset_in(target)


def _unpack(archive, folder):
    """Unpack a zip file; nothing of it is written if any of its names leads elsewhere."""
    try:
        with zipfile.ZipFile(archive) as file:
            members = [(member, _safe(archive, member)) for member in members_of(file)]
            if sum(member.info.file_size for member, _ in members) > LARGEST:
                raise DatasetError(
                    f"{archive} would unpack to more than {LARGEST >> 30} GiB: this is not the data set"
                )
            folder.mkdir()
            for member, parts in members:
                path = folder.joinpath(*parts)
                if member.is_folder:
                    path.mkdir(parents=True, exist_ok=True)
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                with file.open(member.info) as packed, path.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError) as error:
        raise DatasetError(f"{archive.name} is not a whole zip file ({error}): download it again") from None


def _safe(archive: Path, member: Member) -> tuple[str, ...]:
    """The parts of a member's path.

    Raises:
        DatasetError: it is absolute, climbs out with .., or is anything but a file or a folder.
    """
    # A backslash parts folders on some systems, whatever the archive means by it.
    path = PurePosixPath(member.name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or any(":" in part for part in path.parts):
        raise DatasetError(f"{archive.name} is refused: {member.name!r} would be written outside its folder")
    if member.is_special:
        raise DatasetError(f"{archive.name} is refused: {member.name!r} is a link or a device, not a file")
    return PurePosixPath(member.name).parts


def _dataset_in(folder):
    """The folder that holds the table: a folder or its miml_dataset."""
    for candidate in (folder, folder / NAME):
        if (candidate / TABLE).is_file():
            return candidate
    raise DatasetError(f"{folder} holds neither {TABLE} nor {NAME}/{TABLE}: it is not the data set")


def _checked(dataset):
    with progress_bar("Checking images", COUNT) as bar:
        check(dataset, bar.update)
    return dataset


def _sweep(keep):
    """Remove what killed downloads left; a younger one may be another process's, going on right now."""
    for pattern in (".download-*", ".unpack-*"):
        for path in keep.glob(pattern):
            if time.time() - path.stat().st_mtime > STALE:
                shutil.rmtree(path, ignore_errors=True)


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m datasets.real", description="Fetch and check the real images.")
    parser.add_argument(
        "--source", help=f"a folder, a zip file or an address (default: {VARIABLE}, or the tutorial's)"
    )
    parser.add_argument("--folder", help="where to keep them (default: the user's cache, or KATA_DATA)")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # who waits for images need not hear that there is no GPU
    try:
        print(load(chosen.source, chosen.folder))
    except DatasetError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("stopped. What was fetched in whole is kept.")


if __name__ == "__main__":
    main()
