"""Figures in the lessons are what the solutions, or Keras, or float32 give today; in 01 to 05 all of them."""

import functools
import itertools
import re

import numpy as np
import pytest

from datasets.scenes import label_sets
from kata.answers.answer import Reference
from kata.syllabus import EXERCISES, ROOT

# A number with a decimal point or an exponent. Whole numbers are inputs, shapes and counts.
FIGURE = re.compile(r"(?<![\w.,])-?\d[\d,]*(?:\.\d+(?:e-?\d+)?|e-?\d+)(?![\w]|\.\d)")
CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]
Z, Y = np.float32([[-20, -10, -44.5, -12.5, -74]]), np.float32([[1, 0, 0, 0, 1]])
F32 = np.finfo(np.float32)


@functools.cache
def reference():
    return Reference()


def rows(*values):
    return np.float32([values])


def softmax_of(*logits):
    return reference().softmax(rows(*logits))[0]


def sigmoids(*logits):
    return reference().sigmoid(rows(*logits))[0]


def bce(y, p, **options):
    return float(reference().binary_crossentropy(np.float32(y), np.float32(p), **options)[0])


def cce(y, p, **options):
    return float(reference().categorical_crossentropy(np.float32(y), np.float32(p), **options)[0])


def sparse(p):
    return float(reference().sparse_categorical_crossentropy(np.array([0]), np.float32(p))[0])


def of_labels(from_logits):
    """What each label of the example costs."""
    p = Z if from_logits else reference().sigmoid(Z)
    return [bce(Y[:, [place]], p[:, [place]], from_logits=from_logits) for place in range(5)]


def moved(shift):
    return bce(Y, Z + np.float32(shift), from_logits=True)


def silence():
    return reference().all_zeros_accuracy(reference().multi_hot_encode(label_sets(), CLASSES))


def cuts(*probabilities):
    return [reference().logit_threshold(probability) for probability in probabilities]


# What a lesson says, in words that stand in it only there, beside what is computed: a number, or several in a row.
# The words of a table's row lead to the numbers that follow them.
COMPUTED = {
    "02_activations": [
        ("sigmoid(z)", lambda: [*sigmoids(*Z[0]), np.sum(sigmoids(*Z[0]))]),
        ("softmax(z)", lambda: softmax_of(*Z[0])),
        ("its sigmoid becomes", lambda: sigmoids(3)),
        ("trees gets", lambda: softmax_of(-20, -10, -44.5, -12.5, 3)[4]),
        ("mountains falls from", lambda: [softmax_of(*Z[0])[1], softmax_of(-20, -10, -44.5, -12.5, 3)[1]]),
        ("`[1, 2, 3]` |", lambda: [*sigmoids(1, 2, 3), *softmax_of(1, 2, 3)]),
        ("`[101, 102, 103]` | 1, 1, 1 |", lambda: softmax_of(101, 102, 103)),
        ("numbers up to", lambda: F32.max),
        ("`exp(88.72)` is", lambda: np.exp(np.float32(88.72))),
        ("1 / (1 + exp(-x)) | 1 | 0, with an overflow warning |", lambda: sigmoids(-20)),
        ("is at least", lambda: F32.tiny),
        ("at x of about", lambda: np.log(F32.tiny)),
        ("axis=-1:", lambda: [*softmax_of(1, 2), *softmax_of(3, 4)]),
        ("axis=0: ", lambda: reference().softmax(np.float32([[1, 2], [3, 4]]), axis=0)),
    ],
    "03_losses": [
        ("p                  ", lambda: sigmoids(*Z[0])),
        ("p, clipped         ", lambda: np.maximum(sigmoids(*Z[0]), 1e-7)),
        ("loss of the label  ", lambda: of_labels(False)),
        ("the same from z     20", lambda: of_labels(True)[1:4]),
        ("16.118       mean", lambda: bce(Y, reference().sigmoid(Z))),
        ("74           mean", lambda: bce(Y, Z, from_logits=True)),
        ("*mean* over the labels:", lambda: np.sum(of_labels(False))),
        ("32.236 / 5 =", lambda: bce(Y, reference().sigmoid(Z))),
        ("caps the loss of one label at -ln(1e-7) =", lambda: -np.log(np.float32(1e-7))),
        ("whether trees had", lambda: sigmoids(-74)),
        ("p = 1 where y = 0 gives", lambda: bce([[0]], [[1]])),
        ("the nearest is", lambda: np.float32(1 - 1e-7)),
        ("its distance from 1 is", lambda: 1 - float(np.float32(1 - 1e-7))),
        ("float64 the same formula gives", lambda: -np.log(1e-7)),
        ("(20 + 74) / 5 =", lambda: bce(Y, Z, from_logits=True)),
        ("The difference between", lambda: [bce(Y, reference().sigmoid(Z)), bce(Y, Z, from_logits=True)]),
        ("Here the sum is", lambda: [np.sum(sigmoids(*Z[0])), sigmoids(-20)[0] / np.sum(sigmoids(*Z[0]))]),
        ("and costs", lambda: cce([[1, 0, 0, 0, 0]], reference().sigmoid(Z))),
        ("together", lambda: cce(Y, reference().sigmoid(Z))),
        (
            "summed, unclipped:",
            lambda: [
                cce([[1, 0, 0, 0, 0]], Z, from_logits=True),
                cce([[0, 0, 0, 0, 1]], Z, from_logits=True),
                cce(Y, Z, from_logits=True),
            ],
        ),
        ("softmax(z), sums to 1 |", lambda: [sparse(reference().softmax(Z))] * 2),
        ("sigmoid(z), sums to", lambda: [np.sum(sigmoids(*Z[0]))]),
        ("4.9e-05 |", lambda: [sparse(reference().sigmoid(Z)), cce([[1, 0, 0, 0, 0]], reference().sigmoid(Z))]),
        ("mistaken for probabilities |", lambda: sparse(Z)),
        ("1.609 = ln 5 |", lambda: cce([[1, 0, 0, 0, 0]], Z)),
        ("- 32.236 instead of", lambda: bce(Y, reference().sigmoid(Z))),
        ("6.447, or", lambda: [cce(Y, reference().sigmoid(Z)) / 5, cce(Y, reference().sigmoid(Z))]),
    ],
    "04_pairings": [
        ("| sigmoid |", lambda: [*grid("sigmoid", "binary"), *grid("sigmoid", "categorical")]),
        ("| softmax |", lambda: [*grid("softmax", "binary"), *grid("softmax", "categorical")]),
        ("| None, from_logits=True |", lambda: [*grid(None, "binary"), *grid(None, "categorical")]),
        ("| TensorFlow |", lambda: on_backends("keras_loss")),
        ("| JAX |", lambda: on_backends("textbook_loss")),  # tests/proofs/test_backends.py asks them
        ("| PyTorch |", lambda: on_backends("textbook_loss")),
        ("softmax + BCE is", lambda: grid("softmax", "binary")[0]),
        ("gives each", lambda: sigmoids(10)),
        ("| z |", lambda: [cce(Y, Z, from_logits=True), moved(0)]),
        ("| z + 15 |", lambda: [cce(Y, Z + 15, from_logits=True), moved(15)]),
        ("| z + 60 |", lambda: [cce(Y, Z + 60, from_logits=True), moved(60)]),
        ("| z + 80 |", lambda: [cce(Y, Z + 80, from_logits=True), moved(80)]),
        ("after a sigmoid is", lambda: sparse(reference().sigmoid(Z))),
        ("in the textbook and", lambda: sparse(reference().softmax(Z))),
        ("`None` scores", lambda: bce(Y, Z)),
        ("with BCE and", lambda: cce(Y, Z)),
        ("`keras_loss` gives", lambda: bce(Y, reference().sigmoid(Z), from_logits=True)),
    ],
    "05_binary_accuracy": [
        ("3 of 5 =", lambda: reference().binary_accuracy(Y, reference().sigmoid(Z))),
        ("the binary accuracy is", lambda: reference().binary_accuracy(Y, reference().sigmoid(Z))),
        ("which is wrong, and scores", lambda: reference().binary_accuracy(Y, reference().softmax(Z))),
        ("scene images of the tutorial have", lambda: np.mean([len(labels) for labels in label_sets()])),
        ("1.236 / 5 = **", silence),
        ("wrong in every sample |", lambda: three_metrics("A")),
        ("wrong in all five slots |", lambda: three_metrics("B")),
        ("2, 1, 2, 1, 1 labels |", lambda: three_metrics("C")),
        ("the same cut on the logit |", lambda: cuts(0.1, 0.5, 0.622, 0.9)),
        ("| cut on the probability | 0.1 | 0.5 |", lambda: sigmoids(0.5)),
        ("probability of", lambda: sigmoids(0.5)),
        ("whose sigmoids are [", lambda: sigmoids(0.3, -0.2, 1.2, 0.45, -3)),
        ("where float32's 0.3 is", lambda: np.float64(np.float32(0.3))),
    ],
}

# What is given to a function, quoted from elsewhere, or measured once: it stands there and is not computed.
GIVEN = {
    "01_label_encoders": {"0.7"},
    "02_activations": {"-44.5", "-12.5", "88.72", "88.73", "1e4", "-1e4", "1e-5", "1.2e-38"},
    "03_losses": {"-44.5", "-12.5", "1e-07", "1e-7", "1e-8", "1e4", "-1e4", "1e-5", "1e-6"},
    "04_pairings": {"-44.5", "-12.5", "0.5"},
    "05_binary_accuracy": {
        "0.1",
        "0.2",
        "0.3",
        "0.4",
        "0.45",
        "0.5",
        "0.6",
        "0.76",
        "0.87",
        "0.9",
        "1.2",
        "-0.2",
        "0.0",
    },
}


def grid(activation, loss):
    """What a cell of the grid says: by the formulas, and in Keras."""
    loss = f"{loss}_crossentropy"
    return [
        float(function(Y, Z, activation, loss)[0]) for function in (reference().textbook_loss, reference().keras_loss)
    ]


def on_backends(function):
    """A row of the table of backends."""
    return [
        float(getattr(reference(), function)(Y, Z, activation, f"{loss}_crossentropy")[0])
        for loss in ("binary", "categorical")
        for activation in ("sigmoid", "softmax", None)
    ]


def three_metrics(model):
    truth = np.zeros((5, 5), np.float32)
    for row, count in enumerate([2, 1, 2, 1, 1]):
        truth[row, :count] = 1
    predicted = truth.copy()
    if model == "A":
        predicted[:, 0] = 1 - predicted[:, 0]
    elif model == "B":
        predicted[0] = 1 - predicted[0]
    else:
        predicted[:] = 0
    metrics = reference().binary_accuracy, reference().subset_accuracy, reference().hamming_loss
    return [np.mean(metric(truth, predicted)) for metric in metrics]


def lesson(exercise):
    return (exercise.stub.parent / "README.md").read_text(encoding="utf-8")


def said_after(text, words, count):
    """The first numbers behind some words."""
    assert text.count(words) >= 1, words
    found = re.findall(r"(?<![\w.,])-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w]|\.\d)", text.partition(words)[2])
    return found[:count]


def unit(figure):
    """One in the last digit of a written number."""
    digits, _, exponent = figure.replace(",", "").partition("e")
    return 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


@pytest.mark.parametrize("exercise", EXERCISES[:5], ids=lambda exercise: exercise.folder)
def test_every_figure_of_a_lesson_is_computed(exercise):
    text = re.sub(r"\n *", " ", lesson(exercise))  # so that it does not matter where a line ends
    computed = set()
    for words, compute in COMPUTED.get(exercise.folder, ()):
        values = np.ravel(compute()).astype(float)
        figures = said_after(text, words, len(values))
        for figure, value in zip(figures, values, strict=True):
            apart = abs(float(figure.replace(",", "")) - value)
            assert apart <= 0.5 * unit(figure) + F32.eps * abs(value), (words, figure, value)
        computed |= set(figures)
    assert set(FIGURE.findall(text)) <= computed | GIVEN[exercise.folder]
    assert set(FIGURE.findall(text)) >= GIVEN[exercise.folder]


def test_figures_that_several_documents_quote_are_the_same_ones():
    documents = {exercise.number: lesson(exercise) for exercise in EXERCISES}
    documents["datasets"] = (ROOT / "datasets/README.md").read_text(encoding="utf-8")
    quoted = {
        f"{np.mean([len(labels) for labels in label_sets()]):.3f}": ("05", "08", "datasets"),
        f"{silence():.4f}": ("05", "datasets"),
        f"{sigmoids(0.5)[0]:.3f}": ("05", "07", "08"),
        "0.871": ("07", "09"),  # the tutorial's
        "0.752": ("07", "08", "09"),  # predicting nothing on the photographs of the test part
        "0.830": ("07", "08", "09"),  # standardised features of random weights: make figures
    }
    for figure, places in quoted.items():
        assert all(figure in FIGURE.findall(documents[place]) for place in places), figure


def test_lesson_07_counts_what_vgg16_has():
    channels = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    frozen = sum(9 * before * after + after for before, after in itertools.pairwise(channels))
    text = lesson(EXERCISES[6])
    for what in (
        f"{frozen:,} stay, {512 * 5 + 5:,} learn",
        f"512 x 5 weights + 5 biases = {512 * 5 + 5:,} parameters",
        f"`Flatten` for pooling: {2 * 2 * 512:,} features and {2 * 2 * 512 * 5 + 5:,} parameters",
        f"{', '.join(f'{255 - mean:.1f}' for mean in (103.939, 116.779, 123.68))} |",
        f"demands a probability of {sigmoids(0.5)[0]:.3f}",
    ):
        assert what in " ".join(text.split()), what
