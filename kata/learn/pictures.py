"""The pictures of the lessons, drawn from what the solutions compute.

    python -m kata.learn.pictures

writes them anew into exercises/pictures/; a test compares. An SVG holds its text as text, its colours as names that
mean others where the reader's screen is dark, and the numbers that it shows in its description.
"""

import io
import json
import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.answers import Reference
from kata.folders import EXERCISES
from kata.learn.rendering import TEMPLATE
from kata.state import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

FOLDER = EXERCISES / "pictures"
CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]
Z = np.array([[-20, -10, -44.5, -12.5, -74]], np.float32)  # the example of all exercises
Y = np.array([[1, 0, 0, 0, 1]], np.float32)
VERSION = "matplotlib "  # with its number: another one draws a little differently
# Names in nbtemplate/colours.css, and what stands for them until matplotlib, which takes no names, has drawn.
COLOURS = ("ink", "quiet", "paper", "first", "second", "third")
INK, QUIET, PAPER, FIRST, SECOND, THIRD = STAND_INS = [f"#00000{number}" for number in range(1, 7)]
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",  # comes with matplotlib: the layout is the same everywhere
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
}


def to_svg(draw: "Callable[[Figure], Any]", alt: str, size: tuple[float, float] = (5.4, 3.0)) -> str:
    """Return a picture as the text of an SVG.

    Args:
        draw: draws on a figure and returns the numbers that it shows, as plain data.
        alt: what the picture says, for who does not see it.
        size: width and height in inches.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({**STYLE, "svg.hashsalt": alt}):
        figure = Figure(figsize=size, layout="constrained")
        shown = draw(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    colours = (TEMPLATE / "colours.css").read_text(encoding="utf-8")
    for stand_in, name in zip(STAND_INS, COLOURS, strict=True):
        (light, *_) = re.findall(rf"--{name}: (#\w+);", colours)  # for a viewer that knows no names
        svg = re.sub(rf"([\w-]+): {stand_in}", rf"\1: {light}; \1: var(--{name})", svg)
    svg = svg.replace("'DejaVu Sans'", "'DejaVu Sans', system-ui, sans-serif")
    parts = [
        f"<!-- {VERSION}{matplotlib.__version__} -->",
        f"<title>{escape(alt, quote=False)}</title>",
        f"<desc>{escape(json.dumps(shown), quote=False)}</desc>",
        f"<style>{colours}</style>",
    ]
    return re.sub(r"(<svg[^>]*>\s*)", lambda found: "\n ".join([found[1].strip(), *parts, ""]), svg, count=1)


def loss(figure: "Figure") -> dict[str, Any]:
    """Exercise 03: what a true label costs, over the probability that it got."""
    reference, axes = Reference(), figure.subplots()
    z = np.linspace(-27.7, 6, 60, dtype=np.float32)[:, np.newaxis]
    p, y = reference.sigmoid(z), np.ones_like(z)
    curves = {
        "from the logit: -ln p": reference.binary_crossentropy(y, z, from_logits=True),
        "from the probability: clipped at 1e-7": reference.binary_crossentropy(y, p),
    }
    for (label, curve), colour, dashes in zip(curves.items(), (SECOND, FIRST), ("--", "-"), strict=True):
        axes.plot(p[:, 0], curve, dashes, color=colour, label=label, linewidth=2)
    axes.plot([1e-7, 1e-7], [0, 16.118], ":", color=QUIET, linewidth=1)
    desert = reference.sigmoid(Z)[0, :1], reference.binary_crossentropy(Y[:, :1], reference.sigmoid(Z[:, :1]))
    axes.plot(*desert, "o", color=FIRST)
    axes.annotate(f"desert: {desert[1][0]:.3f}", (desert[0][0], desert[1][0]), (4e-11, 13), color=FIRST)
    axes.set(xscale="log", xlabel="probability of a label that is there", ylabel="its loss", ylim=(0, 29))
    axes.legend(loc="upper right")
    return {"p": rounded(p[:, 0]), **{label: rounded(curve) for label, curve in curves.items()}}


def logits(figure: "Figure") -> dict[str, Any]:
    """Exercise 02: the example's logits through both activations."""
    reference = Reference()
    shown = {"logits": Z[0], "sigmoid": reference.sigmoid(Z)[0], "softmax": reference.softmax(Z)[0]}
    panels = figure.subplots(1, 3)
    for axes, (name, values), colour in zip(panels, shown.items(), (THIRD, FIRST, SECOND), strict=True):
        places = np.arange(len(CLASSES))
        axes.barh(places, values, color=colour)
        axes.set_yticks(places, CLASSES if axes is panels[0] else [""] * len(CLASSES))
        axes.set(title=name)
        axes.invert_yaxis()
        for place, value in enumerate(values):
            if name == "logits":
                axes.text(value - 3, place, f"{value:g}", ha="right", va="center", fontsize=9)
            else:
                text = f"{value:.3f}" if value > 0.01 else f"{value:.0e}"
                axes.text(1.9, place, text, ha="right", va="center", fontsize=9)
        if name == "logits":
            axes.set(xlim=(-125, 0), xticks=[-100, -50])
        else:
            axes.set(xlim=(0, 1.9), xticks=[0, 0.5, 1])
            axes.axvline(0.5, color=QUIET, linewidth=1, linestyle=":")
    return {name: rounded(values) for name, values in shown.items()}


def threshold(figure: "Figure") -> dict[str, Any]:
    """Exercise 05: one cut on two scales."""
    reference, axes = Reference(), figure.subplots()
    z = np.linspace(-4, 4, 81, dtype=np.float32)
    points = np.array([0.3, -0.2, 1.2, 0.45, -3], np.float32)
    axes.plot(z, reference.sigmoid(z), color=FIRST, linewidth=2)
    axes.plot(points, reference.sigmoid(points), "o", color=FIRST)
    cuts = {}
    for probability, colour in ((0.5, THIRD), (float(reference.sigmoid(np.float32(0.5))), SECOND)):
        cut = reference.logit_threshold(probability)
        named = int(np.sum(points > cut))
        cuts[f"{probability:.3f}"] = [round(cut, 4), named]
        axes.plot([-4, cut, cut], [probability, probability, 0], "--", color=colour, linewidth=1.5)
        text = f"probability {probability:.3g}, logit {abs(cut):.3g}: {named} label{'s' * (named != 1)}"
        axes.text(-3.9, probability + 0.02, text, color=colour)
    axes.set(xlabel="logit", ylabel="probability", xlim=(-4, 4), ylim=(0, 1.03))
    return {"z": rounded(z), "sigmoid": rounded(reference.sigmoid(z)), "cuts": cuts, "points": rounded(points)}


def silence(figure: "Figure") -> dict[str, Any]:
    """Exercise 05: what is right without having looked at a picture."""
    from datasets.scenes import label_sets

    reference, axes = Reference(), figure.subplots()
    labels = reference.multi_hot_encode(label_sets(), CLASSES)
    nothing = reference.all_zeros_accuracy(labels)
    shown = {"every label": 1 - nothing, "a coin for each": 0.5, "no label": nothing, "the tutorial's model": 0.871}
    places = np.arange(len(shown))
    axes.barh(places, list(shown.values()), color=[QUIET, QUIET, SECOND, FIRST])
    axes.set_yticks(places, list(shown))
    axes.invert_yaxis()
    for place, value in enumerate(shown.values()):
        axes.text(value + 0.015, place, f"{value:.4g}", va="center")
    axes.set(xlim=(0, 1.05), xlabel="binary accuracy on the 2,000 scenes", ylabel="predicting")
    return {name: round(value, 4) for name, value in shown.items()}


PICTURES: "dict[str, tuple[Callable[[Figure], Any], str, tuple[float, float]]]" = {
    "logits": (
        logits,
        "The five logits of the example, all of them negative, as bars; their sigmoids, all next to zero; and their "
        "softmax, where mountains alone has a long bar",
        (5.4, 2.4),
    ),
    "loss": (
        loss,
        "The loss of a true label over its probability: a line that rises to the left; with probabilities it stays "
        "level below 1e-7, from logits it rises on",
        (5.4, 3.0),
    ),
    "threshold": (
        threshold,
        "The sigmoid with five logits on it: a cut at probability 0.5 is the logit 0 and leaves three labels, a cut "
        "at logit 0.5 is the probability 0.622 and leaves one",
        (5.4, 3.0),
    ),
    "silence": (
        silence,
        "Binary accuracies as bars: predicting every label is worst, then a coin; predicting no label comes near to "
        "the tutorial's trained model",
        (5.4, 2.2),
    ),
}


def rounded(values: "ArrayLike") -> list[float]:
    """Numbers as a picture's description holds them: four digits, which every machine computes alike."""
    return [float(f"{value:.4g}") for value in np.asarray(values, np.float64).tolist()]


def main() -> None:
    for name, (draw, alt, size) in PICTURES.items():
        write_whole(FOLDER / f"{name}.svg", to_svg(draw, alt, size))


if __name__ == "__main__":
    main()
