"""`kata report`: the learner's own way through the kata as one page. Nothing of it is sent anywhere."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence, Sized
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kata import state
from kata.answers import Answer
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.judge import Board, Run, load_results, misunderstandings, runs
from kata.learn import rendering
from kata.syllabus import BY_FUNCTION, EXERCISES, ROOT, Exercise

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from nbformat import NotebookNode

COMPARED = ("yours", "solution", "Keras")
RECEIPT = ("binary_accuracy", "all_zeros", "subset_accuracy", "epochs", "weights", "seconds")


def write_report(path: str | None = None, benchmark: bool = False) -> Path:
    """Write the page.

    Args:
        path: where to; default: report.html among the things that the kata remembers.
        benchmark: time first those of the learner's functions that are right.

    Returns:
        The Path of the page.

    Raises:
        LookupError: nbconvert or matplotlib is not installed, or the file cannot be written; in words.
    """
    try:
        import matplotlib  # noqa: F401
        import nbconvert  # noqa: F401
    except ModuleNotFoundError as error:
        raise LookupError(f"a report needs the package {error.name}: pip install -e .") from None

    if benchmark:
        _time()
    page = Path(path) if path else state.folder() / "report.html"
    try:
        state.write_whole(page, rendering.to_html(_notebook(), "multilabel-kata: your way"))
    except OSError as error:
        raise LookupError(f"{page} cannot be written: {error.strerror}") from None
    return page.resolve()


def _time() -> None:
    """Run the benchmarks of 01 to 05 whose functions are right; benchmarks.py keeps what they find."""
    names = [name for name, result in load_results().items() if result.solved and not BY_FUNCTION[name].needs]
    if not names:
        return  # the page says that nothing is timed
    files = [str(path) for exercise in EXERCISES if not exercise.needs for path in _benchmarks(exercise)]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "--benchmark-max-time=0.3", *files]
    subprocess.run([*command, "-k", " or ".join(f"test_{name}" for name in names)], cwd=ROOT)


def _benchmarks(exercise: Exercise) -> Iterator[Path]:
    return exercise.stub.parent.glob("bench_*.py")


def _notebook() -> "NotebookNode":
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    logged = runs()
    sections = {
        "# Your way through the kata": [_intro(logged), _board()],
        "## Points over time": _points(logged),
        "## Misunderstood on the way": [_misunderstood(logged)],
        "## How fast your functions are": [_speed()],
        "## Your trainings": list(_trainings()),
    }
    cells = []
    for heading, shown in sections.items():
        cells += [
            new_markdown_cell(heading),
            new_code_cell(metadata={"transient": {"remove_source": True}}, outputs=shown),
        ]
    return new_notebook(cells=cells)


def _date(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def _intro(logged: Sequence[Any]) -> "NotebookNode":
    told = (
        f"{_count(logged, 'run')} from {_date(logged[0].at)} to {_date(logged[-1].at)}." if logged else "No run yet."
    )
    return rendering.text(
        f"Written on {_date(time.time())}, from what your runs left in {short(state.folder())}. {told}"
    )


def _board() -> "NotebookNode":
    results = load_results()
    if not results:
        return rendering.text("Start with: pytest exercises/")
    return rendering.lines("\n".join(Board(Answer(OWN), results).lines()))


def _points(logged: Sequence[Any]) -> list["NotebookNode"]:
    from kata.learn.pictures import to_svg

    if not logged:
        return [rendering.text("Each run of pytest exercises/ adds a point to a curve here.")]
    alt = points_in_words(logged)
    svg = to_svg(lambda figure: _curve(figure, logged), alt)
    rows = []
    for exercise in EXERCISES:
        whole = [run for run in logged if exercise.points.keys() <= set(run.solved)]
        rows.append([exercise.folder, _date(whole[0].at) if whole else "-"])
    return [rendering.drawing(svg, alt), rendering.table(["exercise", "complete on"], rows)]


def points_in_words(logged: Sequence[Run]) -> str:
    """What a curve of the points over time shows: its beginning and its end. There is at least one run."""
    first, last = logged[0], logged[-1]
    return f"Points over time: {first.points} on {_date(first.at)}, {last.points} on {_date(last.at)}"


def _curve(figure: "Figure", logged: Sequence[Any]) -> list[int]:
    from datetime import datetime

    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    from kata.learn.pictures import FIRST, QUIET

    axes = figure.subplots()
    times: list[Any] = [datetime.fromtimestamp(run.at) for run in logged]
    points = [run.points for run in logged]
    axes.step(times, points, where="post", color=FIRST, linewidth=2)
    axes.plot(times, points, "o", color=FIRST, markersize=4)
    best = sum(exercise.worth for exercise in EXERCISES)
    axes.axhline(best, color=QUIET, linewidth=1, linestyle=":")
    locator = AutoDateLocator(maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set(ylim=(-2, best + 5), ylabel=f"points of {best}")
    return points


def _misunderstood(logged: Sequence[Any]) -> "NotebookNode":
    found = misunderstandings(logged)
    if not found:
        return rendering.text("Nothing so far that is one of the known mistakes.")
    rows = []
    for one in found:
        since = "not yet"
        if one.understood is not None:
            since = f"{_date(logged[one.understood].at)}, {_count(range(one.first, one.understood), 'run')} later"
        rows.append([one.function, one.sentence, _date(logged[one.first].at), since])
    return rendering.table(["function", "what was misunderstood", "first seen", "right since"], rows)


def _speed() -> "NotebookNode":
    timed = state.load("benchmark")
    rows = []
    for title, entry in timed.items():
        try:
            results, measured = dict(entry["results"]), _date(entry["at"])
        except (TypeError, KeyError, ValueError, OverflowError, OSError):
            continue  # written by another version, or damaged
        others = [f"{who} {duration(results[who])}" for who in results if who not in COMPARED]
        title = ", ".join([title, *others])
        rows.append([title, *(duration(results.get(who, "-")) for who in COMPARED), measured])
    if not rows:
        return rendering.text(
            "Nothing is timed yet: kata report --benchmark does it, once a function of 01 to 05 is right."
        )
    return rendering.table(["median time of", *COMPARED, "measured on"], rows)


def duration(value: Any) -> str:
    """Seconds in words; what is no float is said as it is."""
    if not isinstance(value, float):
        return str(value)
    if value >= 1:
        return f"{value:.3g} s"
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def _trainings() -> Iterator["NotebookNode"]:
    folders = sorted(path.parent for path in state.folder().glob("*/receipt.json"))
    if not folders:
        yield rendering.text(
            "None yet: python exercises/09_gpu_training/gpu_training.py leaves one, once exercise 09 is right."
        )
    for folder in folders:
        try:
            receipt = json.loads((folder / "receipt.json").read_bytes())
            rows = [[name.replace("_", " "), _figure(receipt[name])] for name in RECEIPT]
            rows.append(["device", receipt["device"]["kind"]])
        except (OSError, ValueError, KeyError, TypeError) as error:
            yield rendering.text(f"{folder.name}: its receipt cannot be read ({type(error).__name__}).")
            continue
        yield rendering.text(f"{folder.name}; check it with: python -m kata.checks.receipts {short(folder)}")
        yield rendering.table(["of the receipt", ""], rows)
        for name, alt in (("curves", "The learning curves"), ("sheet", "Pictures with true and predicted labels")):
            if picture := rendering.picture(folder / f"{name}.png", f"{alt} of {folder.name}"):
                yield picture


def _figure(value: Any) -> Any:
    return f"{value:.4g}" if isinstance(value, float) else value


def _count(things: Sized, name: str) -> str:
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"
