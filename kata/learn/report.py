"""`kata report`: the learner's own way through the kata as one page. Nothing of it is sent anywhere."""

import base64
import html
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from kata import state
from kata.answers import EXERCISES as OWN
from kata.answers import Answer, short
from kata.judge import Board, load_results, misunderstandings, runs
from kata.syllabus import EXERCISES, ROOT

COMPARED = ("yours", "solution", "Keras")
PNG, LARGE = b"\x89PNG", 5_000_000  # how a picture begins; bytes above which it is not put into the page
RECEIPT = ("binary_accuracy", "all_zeros", "subset_accuracy", "epochs", "weights", "seconds")


def write_report(path=None, benchmark=False):
    """Write the page.

    Args:
        path: str, where to; default: report.html among the things that the kata remembers.
        benchmark: time the learner's functions first.

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
    from kata.learn.rendering import to_html

    if benchmark:
        _time()
    path = Path(path) if path else state.folder() / "report.html"
    try:
        state.write_whole(path, to_html(_notebook(), "multilabel-kata: your way"))
    except OSError as error:
        raise LookupError(f"{path} cannot be written: {error.strerror}") from None
    return path.resolve()


def _time():
    """Run the benchmarks that compare with Keras; benchmarks.py keeps what they find."""
    files = [str(path) for exercise in EXERCISES if not exercise.needs for path in _benchmarks(exercise)]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "--benchmark-max-time=0.3", *files]
    subprocess.run(command, cwd=ROOT)


def _benchmarks(exercise):
    return exercise.stub.parent.glob("bench_*.py")


def _notebook():
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
    for heading, outputs in sections.items():
        cells += [
            new_markdown_cell(heading),
            new_code_cell(metadata={"transient": {"remove_source": True}}, outputs=outputs),
        ]
    return new_notebook(cells=cells)


def _output(data, **alt):
    from nbformat.v4 import new_output

    kind = next(iter(data))
    return new_output("display_data", data, metadata={kind: alt})


def _text(*paragraphs):
    return _output({"text/html": "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)})


def _table(header, rows):
    """A table; each cell knows its column's name, which stands beside it where a screen is narrow."""
    lines = ["".join(f"<th>{html.escape(name)}</th>" for name in header)]
    for row in rows:
        cells = zip(map(html.escape, header), row, strict=True)
        lines.append("".join(f'<td data-name="{name}">{_words(value)}</td>' for name, value in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return _output({"text/html": f'<table class="cards">{body}</table>'})


def _words(value):
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(str(value)))


def _date(at):
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def _intro(logged):
    told = (
        f"{_count(logged, 'run')} from {_date(logged[0].at)} to {_date(logged[-1].at)}." if logged else "No run yet."
    )
    return _text(f"Written on {_date(time.time())}, from what your runs left in {short(state.folder())}. {told}")


def _board():
    results = load_results()
    if not results:
        return _text("Start with: pytest exercises/")
    lines = "\n".join(Board(Answer(OWN), results).lines())
    return _output({"text/html": f'<pre class="board">{html.escape(lines)}</pre>'})


def _points(logged):
    from kata.learn.pictures import to_svg

    if not logged:
        return [_text("Each run of pytest exercises/ adds a point to a curve here.")]
    last = logged[-1]
    alt = f"Points over time: {logged[0].points} on {_date(logged[0].at)}, {last.points} on {_date(last.at)}"
    svg = to_svg(lambda figure: _curve(figure, logged), alt)
    rows = []
    for exercise in EXERCISES:
        whole = [run for run in logged if exercise.points.keys() <= set(run.solved)]
        rows.append([exercise.folder, _date(whole[0].at) if whole else "-"])
    return [_output({"image/svg+xml": svg}, alt=alt), _table(["exercise", "complete on"], rows)]


def _curve(figure, logged):
    from datetime import datetime

    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    from kata.learn.pictures import FIRST, QUIET

    axes = figure.subplots()
    times, points = [datetime.fromtimestamp(run.at) for run in logged], [run.points for run in logged]
    axes.step(times, points, where="post", color=FIRST, linewidth=2)
    axes.plot(times, points, "o", color=FIRST, markersize=4)
    best = sum(exercise.worth for exercise in EXERCISES)
    axes.axhline(best, color=QUIET, linewidth=1, linestyle=":")
    locator = AutoDateLocator(maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set(ylim=(-2, best + 5), ylabel=f"points of {best}")
    return points


def _misunderstood(logged):
    found = misunderstandings(logged)
    if not found:
        return _text("Nothing so far that is one of the known mistakes.")
    rows = []
    for one in found:
        since = "not yet"
        if one.understood is not None:
            since = f"{_date(logged[one.understood].at)}, {_count(range(one.first, one.understood), 'run')} later"
        rows.append([one.function, one.sentence, _date(logged[one.first].at), since])
    return _table(["function", "what was misunderstood", "first seen", "right since"], rows)


def _speed():
    timed = state.load("benchmark")
    rows = []
    for title, entry in timed.items():
        try:
            results, measured = dict(entry["results"]), _date(entry["at"])
        except (TypeError, KeyError, ValueError, OverflowError, OSError):
            continue  # written by another version, or damaged
        others = [f"{who} {_seconds(results[who])}" for who in results if who not in COMPARED]
        title = ", ".join([title, *others])
        rows.append([title, *(_seconds(results.get(who, "-")) for who in COMPARED), measured])
    if not rows:
        return _text("Nothing is timed yet: kata report --benchmark does it, once losses and accuracies are right.")
    return _table(["median time of", *COMPARED, "measured on"], rows)


def _seconds(value):
    if not isinstance(value, float):
        return str(value)
    if value >= 1:
        return f"{value:.3g} s"
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def _trainings():
    folders = sorted(path.parent for path in state.folder().glob("*/receipt.json"))
    if not folders:
        yield _text(
            "None yet: python exercises/09_gpu_training/gpu_training.py leaves one, once exercise 09 is right."
        )
    for folder in folders:
        try:
            receipt = json.loads((folder / "receipt.json").read_bytes())
            rows = [[name.replace("_", " "), _figure(receipt[name])] for name in RECEIPT]
            rows.append(["device", receipt["device"]["kind"]])
        except (OSError, ValueError, KeyError, TypeError) as error:
            yield _text(f"{folder.name}: its receipt cannot be read ({type(error).__name__}).")
            continue
        yield _text(f"{folder.name}; check it with: python -m kata.checks.receipts {short(folder)}")
        yield _table(["of the receipt", ""], rows)
        for name, alt in (("curves", "The learning curves"), ("sheet", "Pictures with true and predicted labels")):
            picture = _png(folder / f"{name}.png")
            if picture:
                yield _output({"image/png": picture}, alt=f"{alt} of {folder.name}")


def _figure(value):
    return f"{value:.4g}" if isinstance(value, float) else value


def _png(path):
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return base64.b64encode(content).decode() if content.startswith(PNG) and len(content) < LARGE else None


def _count(things, name):
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"
