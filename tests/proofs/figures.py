"""Are the figures that the lessons measured still what is measured? Minutes, so it is no test.

    make figures

Trains the nine pairings on the generated scenes, and on the photographs where MIML_DATASET names them,
and compares with what lessons 08 and 09 say. Features are computed once and kept.
"""

import os
import re
import sys

from datasets import real, scenes
from datasets.features import standard_features
from kata.answers.answer import Reference
from kata.answers.frameworks import import_quietly
from kata.syllabus import BY_TOPIC

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


def of_scenes(rows):
    """What lesson 08 says of the generated scenes, beside what was measured."""
    told = re.search(r"same\s+nine give (.*?)\.\s", lesson("experiments"), re.DOTALL)[1]
    figures = [float(figure) for figure in re.findall(r"\d\.\d+", told)]
    measured = [
        rows[activation, loss]["accuracy"] for loss in ("BCE", "CCE") for activation in ("sigmoid", "softmax", "None")
    ]
    yield from zip(["scenes"] * 7, figures, [*measured, rows["None", "BCE"]["all_zeros"]], strict=True)


def of_photographs(rows):
    """What the tables of lessons 08 and 09 say of the photographs, beside what was measured."""
    for (activation, loss), row in rows.items():
        line = re.search(rf"^\| {activation} \| {loss} \| (.*) \|$", lesson("experiments"), re.MULTILINE)[1]
        for column, figure in zip(COLUMNS, line.split(" | "), strict=True):
            if column != "threshold" or abs(float(figure)) < 100:  # a logit's level is arbitrary
                yield f"{activation} + {loss}, {column}", float(figure), row[column]
    for words, measured in (
        ("predicting nothing", rows["sigmoid", "BCE"]["all_zeros"]),
        ("random weights, standardised features", rows["sigmoid", "BCE"]["accuracy"]),
    ):
        yield f"09, {words}", float(re.search(rf"\| {words} \| (\S+) \|", lesson("gpu_training"))[1]), measured


def main():
    import_quietly(["tensorflow", "keras"])
    compared = list(of_scenes(train(scenes.generate())))
    if os.environ.get(real.VARIABLE):
        compared += of_photographs(train(real.load()))
    else:
        print(f"The photographs are left out: {real.VARIABLE} names none.")
    off = 0
    for what, told, measured in compared:
        differs = abs(told - measured) > CLOSE
        off += differs
        print(f"{what:<45} {told:8.3f} {measured:8.3f} {'DIFFERS' if differs else ''}".rstrip())
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
