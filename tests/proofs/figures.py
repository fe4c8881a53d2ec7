"""Are the figures that the lessons measured still what is measured? Minutes, so it is no test.

    make figures

Trains the nine pairings on the generated scenes, and on the photographs where MIML_DATASET names them,
and compares with what lessons 07 to 09 say. Features are computed once and kept. Those of the photographs in
224 x 224 pixels, for the last table of lesson 09, take an hour of one core.
"""

import os
import re
import sys

import numpy as np

from datasets import real, scenes
from datasets.features import draw_weights, raw_features, standard_features
from kata.answers.answer import Reference
from kata.answers.frameworks import import_quietly
from kata.syllabus import BY_TOPIC
from tests.proofs import beyond

CLOSE = 0.02  # what another processor's rounding moves after a hundred epochs
COLUMNS = ("first_loss", "last_loss", "accuracy", "labels", "threshold", "accuracy_at_threshold")


def lesson(topic):
    return (BY_TOPIC[topic].stub.parent / "README.md").read_text(encoding="utf-8")


def train(folder):
    """The accuracies and losses of the pairings that Keras takes: {(activation, "BCE" or "CCE"): row}."""
    parts, kernel = standard_features(folder, verbose=1)
    grid = Reference().answer.runner.load_function("run_grid")(*parts, kernel)
    short = {"BinaryCrossentropy": "BCE", "CategoricalCrossentropy": "CCE"}
    return {(row["activation"], short[row["loss"]]): row for row in grid if row["error"] is None}


def train_as_they_come(folder):
    """The binary accuracy of a head on features that are not standardized."""
    features, labels = raw_features(folder, verbose=1)
    n_samples, n_labels = labels.shape
    train, test = np.split(np.random.default_rng(0).permutation(n_samples), [round(0.8 * n_samples)])
    start = draw_weights([(features.shape[1], n_labels), (n_labels,)])
    *_, history = Reference().train_head(features[train], labels[train], *start, (features[test], labels[test]))
    return float(history[-1, 2])


def of_scenes(rows):
    """What lesson 08 says of the generated scenes, beside what was measured."""
    told = re.search(r"same\s+nine\s+pairings\s+give (.*?)\.\s", lesson("experiments"), re.DOTALL)[1]
    figures = [float(figure) for figure in re.findall(r"\d\.\d+", told)]
    measured = [
        rows[activation, loss]["accuracy"] for loss in ("BCE", "CCE") for activation in ("sigmoid", "softmax", "None")
    ]
    yield from zip(["scenes"] * 7, figures, [*measured, rows["None", "BCE"]["all_zeros"]], strict=True)


def of_photographs(rows, as_they_come):
    """What lessons 07 to 09 say of the photographs, beside what was measured.

    Args:
        rows: as `train` returns them; as_they_come: float, as `train_as_they_come` returns it.
    """
    for (activation, loss), row in rows.items():
        line = re.search(rf"^\| {activation} \| {loss} \| (.*) \|$", lesson("experiments"), re.MULTILINE)[1]
        for column, figure in zip(COLUMNS, line.split(" | "), strict=True):
            if column != "threshold" or abs(float(figure)) < 100:  # a logit's level is arbitrary
                yield f"{activation} + {loss}, {column}", float(figure), row[column]
    silence, standard = rows["sigmoid", "BCE"]["all_zeros"], rows["sigmoid", "BCE"]["accuracy"]
    for topic, words, measured in (
        ("transfer_model", "its accuracy stays at", silence),
        ("transfer_model", "and they give", standard),
        ("gpu_training", "| predicting nothing |", silence),
        ("gpu_training", "| random weights, features as they come |", as_they_come),
        ("gpu_training", "| random weights, standardized features |", standard),
    ):
        told = re.search(rf"{re.escape(words)} (\d\.\d+)", " ".join(lesson(topic).split()))[1]
        yield f"{BY_TOPIC[topic].number}, {words.strip('| ')}", float(told), measured


def of_beyond(rows):
    """What the last table of lesson 09 says, beside what was measured: means of several splits.

    Args:
        rows: {what: array of shape (splits, 3)}, as `beyond.measured` returns it.
    """
    for what, measured in rows.items():
        line = re.search(rf"^\| {re.escape(what)} \| (.*) \|$", lesson("gpu_training"), re.MULTILINE)[1]
        for column, told, mean in zip(beyond.COLUMNS, line.split(" | "), measured.mean(axis=0), strict=True):
            yield f"{what}, {column}", float(told), float(mean)


def main():
    import_quietly(["tensorflow", "keras"])
    compared = list(of_scenes(train(scenes.generate())))
    if os.environ.get(real.VARIABLE):
        photographs = real.load()
        compared += of_photographs(train(photographs), train_as_they_come(photographs))
        compared += of_beyond(beyond.measured(photographs))
    else:
        print(f"The photographs are left out: {real.VARIABLE} names none.")
    off = 0
    for what, told, measured in compared:
        differs = abs(told - measured) > CLOSE
        off += differs
        print(f"{what:<60} {told:8.3f} {measured:8.3f} {'DIFFERS' if differs else ''}".rstrip())
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
