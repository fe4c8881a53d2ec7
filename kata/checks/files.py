"""Files that an answer writes, as arguments, and views of them: see kata/checks/objects.py.

A view sees what a function returned; where that is not the path, it is the place that an `Output` was made for.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.objects import Made, TwoSteps, View, other, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack

    from numpy.typing import NDArray

_places: dict[str, Path] = {}  # name of an Output -> its path, the last that was made


@dataclass(frozen=True, eq=False)
class Output(Made):
    """The path of a file, or of a folder, that the function is to write.

    Attributes:
        name: of the file.
        arrays: {name: array}, what is there already as an .npz file; None for nothing.
    """

    name: str
    arrays: dict[str, NDArray[Any]] | None = None

    def make(self, cleanup: ExitStack) -> str:
        path = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="kata-")), self.name)
        if self.arrays is not None:
            np.savez(path, **self.arrays)  # type: ignore[arg-type]  # for NumPy, any name may be its own option's
            # A second name for the same file: who writes into the file changes what is found under it.
            os.link(path, path.with_name("before"))
        _places[self.name] = path
        return str(path)

    def __repr__(self) -> str:
        there = "which is not there yet" if self.arrays is None else f"which holds {', '.join(self.arrays)}"
        return f"<the path of {self.name}, {there}>"


@dataclass(frozen=True)
class Contents(View):
    """What is taken of files whose path, or tuple of paths, is returned: their names and their bytes."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import sys

        paths = value if type(value) is tuple else (value,)
        if not paths or not all(type(path) is str and Path(path).is_file() for path in paths):
            return other(value, "path of a file")
        pyplot = sys.modules.get("matplotlib.pyplot")
        left_open = len(pyplot.get_fignums()) if pyplot else 0
        if pyplot and left_open:
            pyplot.close("all")  # so that only who left it hears of it
        files = [(Path(path).name, Path(path).read_bytes()) for path in paths]
        return "tuple" if type(value) is tuple else "file", files, left_open


@dataclass(frozen=True)
class FilesOf(View):
    """What is taken of a call that writes into an Output: what it returned, {name: bytes} of the files there, and how
    many seconds it took.

    Attributes:
        name: of the Output, a folder, or a file that "before" may lie beside.
    """

    name: str

    def call(self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        begun = time.monotonic()
        value = function(*args, **kwargs)
        return value, time.monotonic() - begun

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        place = _places[self.name]
        paths = sorted(place.iterdir()) if place.is_dir() else [place, place.with_name("before")]
        returned, seconds = value
        return "files", returned, {path.name: path.read_bytes() for path in paths if path.is_file()}, seconds


@dataclass(frozen=True)
class WithArrays(TwoSteps):
    """The returned tuple, and then arrays of the .npz file `name`: those called `keys`, as float32.

    Where the file was there before: whether it was replaced as a whole comes last.
    """

    name: str
    keys: tuple[str, ...]

    def taker(self) -> View:
        return FilesOf(self.name)

    def look(self, taken: Any) -> Any:
        _, value, files, _ = taken
        if type(value) is not tuple:
            return value
        if self.name not in files:
            return (*value, f"no file {self.name}")
        with np.load(io.BytesIO(files[self.name]), allow_pickle=False) as file:
            arrays = [np.asarray(file[key], np.float32) if key in file else f"no array {key}" for key in self.keys]
        if "before" not in files:
            return (*value, *arrays)
        with np.load(io.BytesIO(files["before"]), allow_pickle=False) as file:
            untouched = len(file["history"])
        return (*value, *arrays, {"epochs in the file that was replaced": untouched})

    def __repr__(self) -> str:
        return f"what is returned, then {', '.join(self.keys)} of {self.name}"


@dataclass(frozen=True)
class Arrays(View):
    """A list of arrays, as a tuple of them."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        return tuple(value) if type(value) is list else value

    def __repr__(self) -> str:
        return "its arrays"


@dataclass(frozen=True)
class MarkdownTable(TwoSteps):
    """The returned path's name, and its file's lines, each a list of cells."""

    def taker(self) -> View:
        return Contents()

    def look(self, taken: Any) -> Any:
        if taken[0] != "file":
            return unseen(taken)
        ((name, content),) = taken[1]
        lines = content.decode("utf-8").splitlines()
        cells = [line.replace("\\|", "\0").strip().strip("|").split("|") for line in lines]
        return [name, *([cell.strip().replace("\0", "\\|") for cell in line] for line in cells)]

    def __repr__(self) -> str:
        return "the file's name and its lines, each a list of cells"


@dataclass(frozen=True)
class Grid(View):
    """Rows of results: (keys of the first, texts of each row, numbers, weights); NaN where there is None.

    Attributes:
        texts, numbers, weights: the keys of each kind.
    """

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    weights: tuple[str, ...]

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        keys = {*self.texts, *self.numbers, *self.weights}
        if type(value) is not list or not all(type(row) is dict and keys <= set(row) for row in value):
            return value
        texts = [[row[key] for key in self.texts] for row in value]
        numbers = [[row[key] if row[key] is not None else np.nan for key in self.numbers] for row in value]
        given = [[row[key] for key in self.weights if row[key] is not None] for row in value]
        weights = [np.concatenate([np.ravel(part) for part in parts]) for parts in given if parts]
        return list(value[0]), texts, np.array(numbers, np.float32), np.array(weights, np.float32)

    def __repr__(self) -> str:
        return f"(keys, {' and '.join(self.texts)}, {', '.join(self.numbers)}, weights)"


@dataclass(frozen=True)
class Report(View):
    """A label_report, or the part of a receipt that is one: (keys, classes, figures, figures of each class)."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        try:
            labels = value["labels"]
            figures = [value[key] for key in ("binary_accuracy", "all_zeros", "subset_accuracy", "hamming_loss")]
            of_labels = [[label[key] for key in ("precision", "recall", "f1")] for label in labels.values()]
            whole = np.array(figures, np.float32), np.array(of_labels, np.float32)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError):
            return value
        return list(value), list(labels), *whole

    def __repr__(self) -> str:
        return "(keys, classes, (binary accuracy, all zeros, subset accuracy, Hamming loss), those of the classes)"


@dataclass(frozen=True)
class TrainingFolder(TwoSteps):
    """A whole training, from its folder and its receipt; no number of it is taken from what is returned.

    (names of the files, the receipt's plain words, features, kernel, predictions, lines of predictions.txt, figures,
    figures of the classes), and whether the returned dict is what receipt.json holds.
    """

    name: str
    words: tuple[str, ...]

    def taker(self) -> View:
        return FilesOf(self.name)

    def look(self, taken: Any) -> Any:
        _, value, files, took = taken
        try:
            receipt = json.loads(files["receipt.json"])
            with np.load(io.BytesIO(files["weights.npz"]), allow_pickle=False) as file:
                kernel = file["kernel"]
            features, predictions = (
                np.load(io.BytesIO(files[name]), allow_pickle=False) for name in ("features.npy", "predictions.npy")
            )
            lines = files["predictions.txt"].decode("utf-8").splitlines()
            words = {key: receipt[key] for key in self.words}
            _, classes, figures, of_labels = Report().see(receipt, list)
            # The call was timed from outside. What its function does not time is little: an import, a look at names.
            timed = 0.1 * took <= receipt["seconds"] <= took + 0.1
        except (KeyError, TypeError, ValueError) as error:
            return f"a folder that lacks something: {type(error).__name__}: {error}"
        same = json.loads(json.dumps(value)) == receipt
        missing = [name for name in FILES if name not in files]
        missing += [f"{name}, which shows nothing" for name in PICTURES if name in files and not _shows(files[name])]
        if "checkpoint.npz" in files and _epochs(files["checkpoint.npz"]) != receipt["epochs"]:
            missing.append("checkpoint.npz of all epochs")
        if not timed:
            missing.append("seconds that the call took")
        return (
            *({"missing": missing, "receipt is what is returned": same}, list(receipt), words, lines, classes),
            *(features, kernel, predictions, figures, of_labels),
        )

    def __repr__(self) -> str:
        return (
            "(files, keys and words of the receipt, predictions.txt, classes, features, kernel, predictions, figures)"
        )


def _shows(picture: bytes) -> bool:
    """Whether it is a picture, and of more than one colour."""
    from matplotlib.image import imread

    try:
        return bool(np.ptp(imread(io.BytesIO(picture), "png")[..., :3]) > 0)
    except (SyntaxError, ValueError, OSError, IndexError):
        return False


def _epochs(checkpoint: bytes) -> int | None:
    try:
        with np.load(io.BytesIO(checkpoint), allow_pickle=False) as file:
            return len(file["history"])
    except (KeyError, TypeError, ValueError, OSError, EOFError, zipfile.BadZipFile):
        return None


PICTURES = ("curves.png", "sheet.png")
FILES = (
    *("features.npy", "checkpoint.npz", "weights.npz", "predictions.npy", "predictions.txt"),
    *(*PICTURES, "receipt.json"),
)
