"""Files that an answer writes, as arguments, and views of them: see kata/checks/objects.py.

A view sees what a function returned; where that is not the path, it is the place that an `Output` was made for.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.objects import Made, View

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from numpy.typing import NDArray

_places: dict[str, Path] = {}  # name of an Output -> its path, the last that was made
# (what it is called, name of its file) -> the pixels of a picture, the last that was seen
_pictures: dict[tuple[str, str], NDArray[np.int64]] = {}


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
class WithArrays(View):
    """The returned tuple, and then arrays of the .npz file `name`: those called `keys`, as float32.

    Where the file was there before: whether it was replaced as a whole comes last.
    """

    name: str
    keys: tuple[str, ...]

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        path = _places[self.name]
        if type(value) is not tuple:
            return value
        if not path.is_file():
            return (*value, f"no file {self.name}")
        before = path.with_name("before")
        content = before.read_bytes() if before.exists() else None
        with np.load(path, allow_pickle=False) as file:
            arrays = [np.asarray(file[key], np.float32) if key in file else f"no array {key}" for key in self.keys]
        if content is None:
            return (*value, *arrays)
        with np.load(before, allow_pickle=False) as file:
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
class MarkdownTable(View):
    """The returned path's name, and its file's lines, each a list of cells."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        if type(value) is not str or not Path(value).is_file():
            return value
        lines = Path(value).read_text(encoding="utf-8").splitlines()
        cells = [line.replace("\\|", "\0").strip().strip("|").split("|") for line in lines]
        return [Path(value).name, *([cell.strip().replace("\0", "\\|") for cell in line] for line in cells)]

    def __repr__(self) -> str:
        return "the file's name and its lines, each a list of cells"


@dataclass(frozen=True)
class Pictures(View):
    """What the pictures are, whose path, or tuple of paths, is returned.

    Attributes:
        colours: colours from 0 to 255; how many of them cover at least half a percent of the last picture?
        called: under which name the pictures are kept; unlike: which ones they are compared with, so that a suite can
            ask whether other figures make another picture.
    """

    colours: list[list[int]] = field(default_factory=list)
    called: str = "first"
    unlike: str = ""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        paths = list(value) if type(value) is tuple else [value]
        if not all(type(path) is str and Path(path).is_file() for path in paths):
            return value
        seen = [self._look(Path(path), self.colours if path is paths[-1] else []) for path in paths]
        return tuple(seen) if type(value) is tuple else seen[0]

    def _look(self, path: Path, colours: list[list[int]]) -> dict[str, Any]:
        import sys

        if path.read_bytes()[:8] != b"\x89PNG\r\n\x1a\n":
            return {"file": path.name, "PNG": False}
        from matplotlib.image import imread

        image = np.round(imread(path)[..., :3] * 255).astype(np.int64)
        pixels, width = image.reshape(-1, 3), image.shape[1]
        _pictures[self.called, path.name] = image
        other = _pictures.get((self.unlike, path.name))
        different, counts = np.unique(pixels @ [1 << 16, 1 << 8, 1], return_counts=True)
        values = different[:, None] >> [16, 8, 0] & 255
        near = [np.all(np.abs(values - colour) < 6, axis=1) for colour in colours]
        shares = [counts[those].sum() / len(pixels) for those in near]
        pyplot = sys.modules.get("matplotlib.pyplot")
        left_open = len(pyplot.get_fignums()) if pyplot else 0
        if pyplot and left_open:
            pyplot.close("all")  # so that only who left it hears of it
        return {
            "file": path.name,
            "PNG": True,
            "at least 600 pixels wide": width >= 600,
            "colours": "many" if len(different) > 8 else "few",
            "the same as of other figures": other is not None and np.array_equal(other, image),
            "images shown": int(sum(share > 0.005 for share in shares)),
            "figures left open": left_open,
        }

    def __repr__(self) -> str:
        return "what the picture is"


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
        numbers = [[np.nan if row[key] is None else row[key] for key in self.numbers] for row in value]
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
class TrainingFolder(View):
    """A whole training, from its folder and its receipt; no number of it is taken from what is returned.

    (names of the files, the receipt's plain words, features, kernel, predictions, lines of predictions.txt, figures,
    figures of the classes), and whether the returned dict is what receipt.json holds.
    """

    name: str
    words: tuple[str, ...]

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        folder = _places[self.name]
        try:
            receipt = json.loads((folder / "receipt.json").read_bytes())
            with np.load(folder / "weights.npz", allow_pickle=False) as file:
                kernel = file["kernel"]
            features = np.load(folder / "features.npy", allow_pickle=False)
            predictions = np.load(folder / "predictions.npy", allow_pickle=False)
            lines = (folder / "predictions.txt").read_text(encoding="utf-8").splitlines()
            words = {key: receipt[key] for key in self.words}
            _, classes, figures, of_labels = Report().see(receipt, discard)
        except (OSError, KeyError, TypeError, ValueError) as error:
            return f"a folder that lacks something: {type(error).__name__}: {error}".replace(str(folder), self.name)
        same = json.loads(json.dumps(value)) == receipt
        there = sorted(path.name for path in folder.iterdir())
        missing = [name for name in FILES if name not in there]
        return (
            *({"missing": missing, "receipt is what is returned": same}, list(receipt), words, lines, classes),
            *(features, kernel, predictions, figures, of_labels),
        )

    def __repr__(self) -> str:
        return (
            "(files, keys and words of the receipt, predictions.txt, classes, features, kernel, predictions, figures)"
        )


FILES = (
    *("features.npy", "checkpoint.npz", "weights.npz", "predictions.npy", "predictions.txt"),
    *("curves.png", "sheet.png", "receipt.json"),
)
