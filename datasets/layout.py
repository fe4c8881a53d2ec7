"""The layout that the generated and the real images share, and the check that a folder has it.

miml_dataset/
    images/1.jpg ... images/2000.jpg
    miml_labels_1.csv   Filenames,desert,mountains,sea,sunset,trees: 0 or 1 for each label
    miml_labels_2.csv   Filenames,labels: the labels as words, "sea,sunset"
"""

import csv
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "miml_dataset"
TABLE = "miml_labels_1.csv"
WORDS = "miml_labels_2.csv"
IMAGES = "images"
LABELS = ("desert", "mountains", "sea", "sunset", "trees")
COUNT = 2000
JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


class DatasetError(ValueError):
    """A data set that is missing, broken or not what it should be; the message names the file and says what to do."""


def cache_folder():
    """Where data sets are kept: the environment variable KATA_DATA, else a folder of the user's.

    Raises:
        DatasetError: it is inside this checkout.
    """
    named = os.environ.get("KATA_DATA")
    if named:
        return outside_checkout(Path(named).expanduser())
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        base = Path(os.environ["LOCALAPPDATA"])
    else:
        # The specification of XDG says that a relative path is to be ignored.
        named = Path(os.environ.get("XDG_CACHE_HOME") or "")
        base = named if named.is_absolute() else Path.home() / ".cache"
    return outside_checkout(base / "multilabel-kata")


def outside_checkout(folder):
    """Return the folder as an absolute Path; images must never be committed, so none is kept in the checkout.

    Raises:
        DatasetError: the folder is inside this checkout.
    """
    folder = Path(folder).resolve()
    if folder.is_relative_to(ROOT):
        raise DatasetError(
            f"{folder} is inside the repository {ROOT}: choose another folder, or set KATA_DATA to one"
        )
    return folder


def write_whole(path, data, folder=None):
    """Write a file whole or not at all: bytes, by way of a file in a folder (default: beside it) that is renamed.

    A process that is killed leaves its partial file behind, never a partial `path`.
    """
    partial = (folder or path.parent) / f".{path.name}.{os.getpid()}"
    partial.write_bytes(data)
    os.replace(partial, path)


def read_table(folder):
    """Read the table of labels: the rule is that of exercise 06, whose lesson has it as a table.

    Args:
        folder: the miml_dataset folder.

    Returns:
        A dict from file name to a tuple of five 0s and 1s in the order of LABELS, in the order of the table.

    Raises:
        DatasetError: no table, other columns, a row that is too long or too short, a name twice or with a folder in
            it, a value that is neither 0 nor 1.
    """
    path = Path(folder) / TABLE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except FileNotFoundError:
        raise DatasetError(f"{folder} holds no {TABLE}: it is not the folder {NAME}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from None
    columns = ["Filenames", *LABELS]
    if not rows or rows[0] != columns:
        found = ",".join(rows[0]) if rows else "nothing"
        raise DatasetError(f"{path} has the columns {found}; they should be {','.join(columns)}")
    table = {}
    for line, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(columns):
            raise DatasetError(f"{path}, line {line}: {row[0]} has {len(row)} values; there should be {len(columns)}")
        name, *values = row
        if name in ("", ".", "..") or "/" in name or "\\" in name:
            raise DatasetError(f"{path}, line {line}: {name!r} is not the name of a file")
        if name in table:
            raise DatasetError(f"{path}, line {line}: {name} is there twice")
        for label, value in zip(LABELS, values, strict=True):
            if value not in ("0", "1"):
                raise DatasetError(f"{path}, line {line}: {name} has {value!r} for {label}; it should be 0 or 1")
        table[name] = tuple(map(int, values))
    return table


def check(folder, progress=None):
    """Check that a folder holds the data set: the table, all 2,000 images, each of which can be decoded.

    The images are the files that end in .jpg, in small letters or capitals. Hidden files are the operating system's
    (.DS_Store, ._1.jpg) and do not count.

    Args:
        folder: the miml_dataset folder.
        progress: called after each image, if given.

    Returns:
        What read_table returns.

    Raises:
        DatasetError: what is wrong, and where; the first of them, in the order of the table.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder")
    table = read_table(folder)
    if len(table) != COUNT:
        raise DatasetError(f"{folder / TABLE} names {len(table)} images; there should be {COUNT}")
    try:
        entries = os.scandir(folder / IMAGES)
        found = {entry.name for entry in entries if entry.is_file() and not entry.name.startswith(".")}
    except OSError as error:
        raise DatasetError(f"{folder / IMAGES} cannot be read: {error.strerror}") from None
    for name in table:
        if name not in found:
            raise DatasetError(f"{folder / IMAGES / name} is missing, but {TABLE} has its labels")
    for name in sorted(name for name in found - set(table) if name.lower().endswith(".jpg")):
        raise DatasetError(f"{folder / IMAGES / name} is not in {TABLE}: nobody knows its labels")

    def check_one(name):
        problem = _problem(folder / IMAGES / name)
        if progress:
            progress()
        return problem

    import tensorflow  # noqa: F401  here, not by several threads at once

    with ThreadPoolExecutor(processors()) as pool:
        for name, problem in zip(table, pool.map(check_one, table), strict=True):
            if problem:
                pool.shutdown(cancel_futures=True)
                raise DatasetError(f"{folder / IMAGES / name} {problem}")
    return table


def _problem(path):
    """What is wrong with an image; None for a JPEG file and that alone, which can be decoded to its last line."""
    import tensorflow as tf

    try:
        whole = path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    # TensorFlow's JPEG decoder reads PNG and GIF too.
    if not whole.startswith(JPEG_START):
        return "is not a JPEG file"
    try:
        with tf.device("CPU"):
            tf.io.decode_jpeg(whole, channels=3)
    except tf.errors.InvalidArgumentError:
        return "is a truncated or broken JPEG file: it cannot be decoded"
    # Nobody can see cheaply that a file is whole if anything may follow its end.
    if not whole.endswith(JPEG_END):
        return "goes on after the end of its picture (the bytes FF D9): open it and save it again"
    return None


def processors():
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
