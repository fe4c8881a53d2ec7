"""Is a training what its receipt says? The head is trained again, which takes seconds, and measured.

    python -m kata.checks.receipts FOLDER [DATASET]

FOLDER is what `run_training` of exercise 09 left behind, DATASET the miml_dataset folder that it was trained on
(default: the images that MIML_DATASET names, else the generated scenes). Nothing that the folder says of itself is
taken for true: labels come from the data set, and features too, but where the weights are ImageNet's and
VGG16_WEIGHTS names no file that holds them (datasets/pretrained.py). The head is
trained again on the folder's features, from the start that the contract gives for the seed: weights and history are
compared with that. Predictions and figures are those of a training on the data set's own features, so weights and
features that are merely near gain nothing.

What a receipt cannot show: whether its seed, its epochs and its batch size are the first that were tried.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import numpy as np

from kata.checks.heads import train_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CLOSE = 0.005  # of figures
OTHER = 0.01  # the share of predictions that another machine's rounding may turn over
FEATURES = 0.02  # of a feature and of the spread of all: half precision rounds so
# How far a training in float32 may end from one in float64. On CPUs (AVX2, SSE4.1, without oneDNN, on one core) 100
# epochs of 1600 scenes ended 0.000005 apart in their weights and 0.0000007 in their losses. Products that are rounded
# to the 10 bits of TF32, as TensorFlow lets GPUs do, made that 0.0003 and 0.00002 (300 epochs: 0.0008 and 0.00002).
NEAR = {"other weights": 0.005, "another history": 0.0005}
LARGEST = 512  # pixels of an image that features are computed of again
MOST = 200_000  # steps that are done again: a minute
MOST_NUMBERS, MOST_BYTES = 2**26, 2**23  # of features, those of 130,000 images; of every other file
UNREADABLE = (
    *(OSError, KeyError, TypeError, ValueError, AttributeError, EOFError),
    *(ArithmeticError, MemoryError, RecursionError, zipfile.BadZipFile),
)
FIGURES = ("binary_accuracy", "all_zeros", "subset_accuracy", "hamming_loss")


def problems(
    folder: Path,
    labels: NDArray[np.float32],
    features: NDArray[Any] | None = None,
    data: str | None = None,
    seed: int | None = None,
    start: Callable[[int], str] | None = None,
) -> list[str]:
    """Say what does not fit.

    Args:
        folder: Path of the training.
        labels: float32 array of shape (n_samples, n_classes), all of them, in the order of the table.
        features: float32 array of shape (n_samples, n_features), the base's own; None to trust those of the folder.
        data: what the hash of the data should be; None where nobody knows.
        seed: that the training was to be done with; None: the receipt's.
        start: function of a seed that returns what the hash of all weights before training should be; None where
            nobody knows.

    Returns:
        list of str, one for each problem; empty where everything fits.
    """
    try:
        receipt = _receipt(folder)
        kernel, bias = _arrays(folder / "weights.npz", "kernel", "bias")
        (predictions,) = _arrays(folder / "predictions.npy")
        (given,) = _arrays(folder / "features.npy", most=MOST_NUMBERS)
        (history,) = _arrays(folder / "checkpoint.npz", "history")
        claimed = [_number(receipt[name]) for name in FIGURES]
        of_labels = [[_number(figures[key]) for key in _KEYS] for figures in receipt["labels"].values()]
        seed = _whole(receipt["seed"]) if seed is None else seed
        epochs, batch_size = _whole(receipt["epochs"]), _whole(receipt["batch_size"])
        n_samples = len(labels)
        places = np.random.default_rng(seed).permutation(n_samples)
    except UNREADABLE as error:
        return [f"something is missing or cannot be read: {type(error).__name__}: {error}"]
    found = []
    if data is not None and receipt.get("data") != data:
        found.append("it was trained on other data")
    if start is not None and receipt.get("start") != start(seed):
        found.append("it began with other weights than those of its seed")
    if features is None:
        features = given
    if given.shape != features.shape or len(given) != len(labels):
        return [*found, f"features.npy has the shape {given.shape}, for {len(labels)} images"]
    if not np.allclose(given, features, rtol=FEATURES, atol=FEATURES * np.std(features)):
        found.append("features.npy is not what the base makes of the images")
    train, test = np.split(places, [round(0.8 * len(labels))])
    n_labels = labels.shape[1]
    shapes = (*features.shape[1:], n_labels), (n_labels,), (len(test), n_labels), (epochs, 3)
    if (kernel.shape, bias.shape, predictions.shape, history.shape) != shapes:
        return [*found, f"weights, predictions and history should have the shapes {shapes}"]
    if batch_size < 1 or not 0 <= epochs * -(-len(train) // batch_size) <= MOST:
        return [*found, f"{epochs} epochs in batches of {batch_size} are not trained again"]
    again, own = (_again(part, labels, train, test, epochs, batch_size, seed) for part in (given, features))
    pairs = {"other weights": [(kernel, again[0]), (bias, again[1])], "another history": [(history, again[2])]}
    for what, compared in pairs.items():
        if not all(np.all(np.abs(one - other) <= _bounds(what)) for one, other in compared):
            found.append(f"the same training, done again, has {what}")
    # Features may differ a little, as half precision rounds: enough to lean a training to what somebody wants.
    from datasets.features import standardized
    from datasets.layout import LABELS

    computed = standardized(features, train)[test] @ own[0] + own[1] > 0
    off = float(np.mean(computed != predictions))
    if off > OTHER:
        found.append(f"{off:.1%} of the predictions do not come from the features and the training")
    figures, figures_of_labels = _figures(labels[test], computed)
    for name, mine, theirs in zip(FIGURES, figures, claimed, strict=True):
        if not abs(mine - theirs) <= CLOSE:
            found.append(f"{name} is {mine:.4f}, not {theirs:.4f}")
    if np.shape(of_labels) != figures_of_labels.shape or tuple(receipt["labels"]) != LABELS:
        found.append("the receipt has figures of other labels")
    elif not np.abs(figures_of_labels - of_labels).max() <= 4 * CLOSE:  # of fewer samples each
        found.append("precision, recall or f1 of a label is not what the predictions give")
    return found


def _bounds(what: str) -> Any:
    # The last column of a history is an accuracy: a few samples may lie on the other side.
    return np.array([NEAR[what], NEAR[what], CLOSE]) if what == "another history" else NEAR[what]


def _again(
    features: NDArray[np.float64],
    labels: NDArray[np.float32],
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    epochs: int,
    batch_size: int,
    seed: int,
) -> tuple[NDArray[np.float64], ...]:
    """The training of a receipt: (kernel, bias, history)."""
    from datasets.features import draw_weights, standardized

    n_labels, standard = labels.shape[1], standardized(features, train).astype(np.float32)
    parts = standard[train], standard[test]
    kernel, bias = draw_weights([(features.shape[1], n_labels), (n_labels,)], seed)
    return train_again(parts[0], labels[train], kernel, bias, (parts[1], labels[test]), epochs, batch_size, seed)


_KEYS = ("precision", "recall", "f1")
_WEIGHTS = "random", "imagenet"


def _receipt(folder: Path) -> Any:
    with _opened(folder / "receipt.json", MOST_BYTES) as file:
        return json.loads(file.read())


def _number(value: Any) -> float:
    if type(value) not in (int, float):  # a text, say, that reads as one
        raise TypeError(f"no number: {value!r:.50}")
    return float(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"no whole number: {value!r:.50}")
    return value


def _arrays(path: Path, *names: str, most: int = MOST_BYTES // 8) -> list[NDArray[np.float64]]:
    """The array of an .npy file, or those with these names of an .npz file, of at most so many numbers each.

    Raises:
        ValueError: they are larger, or no numbers; and whatever else UNREADABLE holds.
    """
    if not names:
        with _opened(path, 8 * most + MOST_BYTES) as file:
            return [_array(file, most)]
    with _opened(path, MOST_BYTES) as file, zipfile.ZipFile(file) as archive:
        found = []
        for name in names:
            with archive.open(f"{name}.npy") as member:
                found.append(_array(member, most))
        return found


def _opened(path: Path, most: int) -> BinaryIO:
    if not path.is_file():  # a pipe, say, which whoever opens it waits for
        raise ValueError(f"{path.name} is no file")
    if path.stat().st_size > most:
        raise ValueError(f"{path.name} has more than {most:,} bytes")
    return open(path, "rb")


def _array(file: IO[bytes], most: int) -> NDArray[np.float64]:
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("another version of NumPy's files than that of plain numbers")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
    size = math.prod(shape)
    if dtype.kind not in "fiu" or size > most or min(shape, default=0) < 0:
        raise ValueError(f"{size:,} of {dtype}: at most {most:,} numbers are read")
    numbers = np.frombuffer(file.read(size * dtype.itemsize), dtype)
    return numbers.reshape(shape, order="F" if by_columns else "C").astype(np.float64)


def _figures(
    labels: NDArray[np.float32], predictions: NDArray[np.bool_]
) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    true, matches = labels > 0.5, (labels > 0.5) == predictions
    hits, predicted, there = ((part).sum(axis=0) for part in (true & predictions, predictions, true))
    with np.errstate(all="ignore"):
        columns = np.nan_to_num([hits / predicted, hits / there, 2 * hits / (predicted + there)])
    whole = matches.mean(), 1 - true.mean(), matches.all(axis=1).mean(), 1 - matches.mean()
    return whole, columns.T


def verify(folder: Path, dataset: str | Path | None = None) -> list[str]:
    """Return `problems` of a training, with the data set's labels and, if the weights are at hand, its features."""
    from datasets import pretrained
    from datasets.features import chosen_folder, raw_features
    from datasets.layout import IMAGES, TABLE, read_table

    dataset = Path(dataset) if dataset else chosen_folder()
    try:
        receipt = _receipt(folder)
        seed, size, weights = _whole(receipt["seed"]), _whole(receipt["image_size"]), receipt["weights"]
    except UNREADABLE as error:
        return [f"receipt.json cannot be read: {error}"]
    if weights not in _WEIGHTS:
        return [f"the weights {weights!r}, which are neither random nor imagenet: no such training"]
    table = read_table(dataset)
    digest = hashlib.sha256((dataset / TABLE).read_bytes())
    for name in table:
        digest.update((dataset / IMAGES / name).read_bytes())
    labels = np.array(list(table.values()), np.float32)
    try:
        given = None if weights == "random" else pretrained.read()
    except (OSError, ValueError) as error:
        return [str(error)]
    if weights != "random" and given is None:
        return problems(folder, labels, None, digest.hexdigest())
    if not 32 <= size <= LARGEST or seed < 0:
        return [f"images of {size} pixels, the seed {seed}: no training that is computed again"]
    features = raw_features(dataset, size, seed, verbose=1, weights=given)[0]
    return problems(folder, labels, features, digest.hexdigest(), start=lambda seed: _start(seed, given))


def _start(seed: int, base: list[NDArray[np.float32]] | None = None) -> str:
    """The hash of all weights before training: VGG16's (default: drawn from the seed), then the head's."""
    from datasets.features import draw_weights
    from datasets.pretrained import SHAPES

    digest = hashlib.sha256()
    for part in [*(base or draw_weights(SHAPES, seed)), *draw_weights([(512, 5), (5,)], seed)]:
        digest.update(part.astype("<f4").tobytes())
    return digest.hexdigest()


def main(arguments: list[str]) -> int:
    from datasets.pretrained import VARIABLE

    found = verify(Path(arguments[0]), *arguments[1:2])
    if not found:
        receipt = _receipt(Path(arguments[0]))
        print(
            f"It fits: binary accuracy {receipt['binary_accuracy']:.4f}, beside {receipt['all_zeros']:.4f}", end=" "
        )
        print("for predicting nothing.")
        if receipt["weights"] != "random" and not os.environ.get(VARIABLE):
            print(
                "Not checked: where the features come from. They are the folder's own, since ImageNet's weights are"
            )
            print(f"not at hand to compute them again: {VARIABLE} may name a file that holds them. Who makes up")
            print("features can make up what is trained on them.")
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
