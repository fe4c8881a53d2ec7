"""Is a training what its receipt says? Predictions are computed again from features and weights, figures from those.

    python -m kata.checks.receipts FOLDER [DATASET]

FOLDER is what `run_training` of exercise 09 left behind, DATASET the miml_dataset folder that it was trained on
(default: the images that MIML_DATASET names, else the generated scenes). Nothing that the folder says of itself is
taken for true: labels come from the data set, and features too, but where the weights are ImageNet's.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSE = 0.005  # of figures
OTHER = 0.01  # the share of predictions that another machine's rounding may turn over
FIGURES = ("binary_accuracy", "all_zeros", "subset_accuracy", "hamming_loss")


def problems(
    folder: Path,
    labels: NDArray[np.float32],
    features: NDArray[Any] | None = None,
    data: str | None = None,
    seed: int | None = None,
) -> list[str]:
    """Say what does not fit.

    Args:
        folder: Path of the training.
        labels: float32 array of shape (n_samples, n_classes), all of them, in the order of the table.
        features: float32 array of shape (n_samples, n_features), the base's own; None to trust those of the folder.
        data: what the hash of the data should be; None where nobody knows.
        seed: that the training was to be done with; None: the receipt's.

    Returns:
        list of str, one for each problem; empty where everything fits.
    """
    try:
        receipt = json.loads((folder / "receipt.json").read_bytes())
        with np.load(folder / "weights.npz", allow_pickle=False) as file:
            kernel, bias = _numbers(file["kernel"]), _numbers(file["bias"])
        predictions = _numbers(np.load(folder / "predictions.npy", allow_pickle=False))
        given = _numbers(np.load(folder / "features.npy", allow_pickle=False))
        claimed = [float(receipt[name]) for name in FIGURES]
        of_labels = [[float(figures[key]) for key in _KEYS] for figures in receipt["labels"].values()]
        seed = int(receipt["seed"]) if seed is None else seed
    except (OSError, KeyError, TypeError, ValueError, AttributeError, EOFError) as error:
        return [f"something is missing or cannot be read: {type(error).__name__}: {error}"]
    found = []
    if data is not None and receipt.get("data") != data:
        found.append("it was trained on other data")
    if features is None:
        features = given
    elif given.shape != features.shape or not np.allclose(given, features, rtol=0.02, atol=0.02 * np.std(features)):
        found.append("features.npy is not what the base makes of the images")
    order = np.random.default_rng(seed).permutation(len(labels))
    train, test = np.split(order, [round(0.8 * len(labels))])
    shapes = (features.shape[1], labels.shape[1]), (labels.shape[1],), (len(test), labels.shape[1])
    if (kernel.shape, bias.shape, predictions.shape) != shapes or len(features) != len(labels):
        return [*found, f"weights and predictions should have the shapes {shapes}"]
    computed = _predictions(features[train], features[test], kernel, bias)
    off = float(np.mean(computed != predictions))
    if off > OTHER:
        found.append(f"{off:.1%} of the predictions do not come from the features and the weights")
    figures, figures_of_labels = _figures(labels[test], computed)
    for name, mine, theirs in zip(FIGURES, figures, claimed, strict=True):
        if not abs(mine - theirs) <= CLOSE:
            found.append(f"{name} is {mine:.4f}, not {theirs:.4f}")
    if np.shape(of_labels) != figures_of_labels.shape:
        found.append("the receipt has figures of other labels")
    elif not np.abs(figures_of_labels - of_labels).max() <= 4 * CLOSE:  # of fewer samples each
        found.append("precision, recall or f1 of a label is not what the predictions give")
    return found


_KEYS = ("precision", "recall", "f1")


def _numbers(array: NDArray[Any]) -> NDArray[np.float64]:
    if array.dtype.kind not in "fiu":
        raise ValueError(f"numbers, not {array.dtype}")
    return array.astype(np.float64)


def _predictions(
    train: NDArray[Any], test: NDArray[Any], kernel: NDArray[np.float64], bias: NDArray[np.float64]
) -> NDArray[np.bool_]:
    mean, deviation = train.mean(axis=0, dtype=np.float64), train.std(axis=0, dtype=np.float64)
    constant = train.max(axis=0) == train.min(axis=0)
    mean, deviation = np.where(constant, train[0], mean), np.where(constant, 1, deviation)
    predicted: NDArray[np.bool_] = ((test - mean) / deviation) @ kernel + bias > 0
    return predicted


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
    """Return `problems` of a training, with the data set's labels and, with random weights, its features."""
    from datasets.features import chosen_folder, raw_features
    from datasets.layout import IMAGES, TABLE, read_table

    dataset = Path(dataset) if dataset else chosen_folder()
    try:
        receipt = json.loads((folder / "receipt.json").read_bytes())
        seed, size, weights = int(receipt["seed"]), int(receipt["image_size"]), receipt["weights"]
    except (OSError, KeyError, TypeError, ValueError) as error:
        return [f"receipt.json cannot be read: {error}"]
    table = read_table(dataset)
    digest = hashlib.sha256((dataset / TABLE).read_bytes())
    for name in table:
        digest.update((dataset / IMAGES / name).read_bytes())
    labels = np.array(list(table.values()), np.float32)
    features = raw_features(dataset, size, seed, verbose=1)[0] if weights == "random" else None
    return problems(folder, labels, features, digest.hexdigest())


def main(arguments: list[str]) -> int:
    found = verify(Path(arguments[0]), *arguments[1:2])
    if not found:
        receipt = json.loads(Path(arguments[0], "receipt.json").read_bytes())
        print(
            f"It fits: binary accuracy {receipt['binary_accuracy']:.4f}, beside {receipt['all_zeros']:.4f}", end=" "
        )
        print("for predicting nothing.")
        if receipt["weights"] != "random":
            print("The features are the folder's own: ImageNet's weights are not at hand to compute them again.")
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
