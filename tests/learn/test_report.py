"""`kata report` tells a learner's way as it was: the log of runs, the page that is made of it."""

import json
import os
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure

from kata import state
from kata.judge import history
from kata.judge.outcomes import Result
from kata.syllabus import BY_FUNCTION, ROOT
from tests.browser import chromium, needs_chromium, screens
from tests.support import TOTAL, solution

pytestmark = pytest.mark.everywhere
TIMED = {"at": 1.7e9, "results": {"yours": 1.5e-5, "solution": 0.0123, "Keras": 1.5}}
HIDDEN = """[...document.querySelectorAll("body *:not(svg *)")]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
  .map((element) => `${element.tagName} ${element.className}`)"""
SUMMED = "_row_sums(losses) / losses.shape[1]"


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """The folder of what the kata remembers."""
    monkeypatch.setenv("KATA_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def report(run, memory):
    """`report(...)`: the page that `kata report` writes, as text."""

    def report(*arguments):
        done = run("-m", "kata", "report", *arguments)
        assert done.status == 0, done.err
        assert done.out.startswith("Open it in a browser: ")
        page = (memory / "report.html").read_text(encoding="utf-8")
        assert not re.search(r"<script|@import|<link|src=\"(?!data:)|href=\"(?!#)", page)
        return page

    return report


def shown(page):
    """The text of a page without its marks, spaces made one."""
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def test_without_any_run_it_says_how_to_begin(report):
    text = shown(report())
    for sentence in ("No run yet.", "Start with: pytest exercises/", "kata report --benchmark", "None yet: python"):
        assert sentence in text
    assert "nan" not in text.lower().split()


def test_what_is_not_installed_is_named(kata_without):
    done = kata_without("nbconvert", "report")
    assert done.status == 2
    assert done.err == "kata: a report needs the package nbconvert: pip install -e .\n"


def test_the_way_of_a_learner(report, run, clone, memory):
    def judge(losses):
        (clone / "exercises/03_losses/losses.py").write_text(losses, encoding="utf-8")
        done = run("-m", "pytest", "-p", "no:cacheprovider", "exercises/03_losses", cwd=clone, PYTHONPATH=str(clone))
        return done.points()

    summed = solution("losses").replace(SUMMED, "_row_sums(losses)")
    points = [judge(summed), judge(summed + "# again\n"), judge(solution("losses"))]
    assert [one.points for one in history.runs()] == points == [points[0], points[0], 16]
    told = history.misunderstandings(history.runs())
    assert [(one.function, one.first, one.last, one.understood) for one in told] == [("binary_crossentropy", 0, 1, 2)]
    text = shown(report())
    assert "3 runs from" in text
    assert "03 losses ██████████ 16/16 04 pairings ░░░░░░░░░░ 0/12 todo" in text
    assert re.search(r"binary_crossentropy You summed over the labels: .* \d\d:\d\d, 2 runs later", text)
    assert re.search(rf"Points over time: {points[0]} on \S+ \S+, 16 on ", text)
    assert re.search(r"02_activations - 03_losses \d{4}-\d\d-\d\d", text)


def test_only_runs_of_the_own_exercises_that_checked_something_are_logged(run, clone, memory):
    for arguments in (
        ["solutions/02_activations"],
        ["exercises/02_activations", "--collect-only"],
        ["exercises/02_activations", "-k", "no_such_check"],
    ):
        run("-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments, cwd=clone, PYTHONPATH=str(clone))
    assert history.runs() == []
    run("-m", "pytest", "-p", "no:cacheprovider", "-q", "exercises/", cwd=clone, PYTHONPATH=str(clone))
    assert [(one.points, one.told) for one in history.runs()] == [(0, {})]


def test_a_function_that_breaks_again_is_not_understood():
    def at(*solved, **told):
        return history.Run(0.0, solved, {name: [sentence] for name, sentence in told.items()})

    runs = [at(sigmoid="one"), at("sigmoid"), at(sigmoid="one"), at(sigmoid="two"), at("sigmoid", softmax="three")]
    found = history.misunderstandings(runs)
    assert [(one.sentence, one.first, one.understood) for one in found] == [
        ("one", 0, 4),
        ("two", 3, 4),
        ("three", 4, None),
    ]
    assert [one.understood for one in history.misunderstandings(runs[:4])] == [None, None]


def test_words_in_the_log_are_words_on_the_page(report, memory):
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">| a | b'
    entry = {"at": 1.7e9, "solved": ["sigmoid", "<b>"], "told": {"sigmoid": [evil], "<i>": ["x"]}}
    state.append("runs", json.dumps(entry))
    state.save(
        "benchmark",
        {evil: {"at": 1.7e9, "results": {"yours": evil, evil: 0.5}}, "other": 3, "far": {"at": 1e300, "results": {}}},
    )
    folder = memory / "training-<b>"
    folder.mkdir()
    (folder / "receipt.json").write_text(
        json.dumps(dict.fromkeys(RECEIPT, evil) | {"device": {"kind": evil}}), encoding="utf-8"
    )
    page = report()
    assert "<script" not in page
    assert "<img" not in page
    assert shown(page).count(evil) == 1 + 3 + len(RECEIPT) + 1
    assert f"points of {TOTAL}" in page


@needs_chromium
def test_the_page_is_readable_on_any_screen(report, memory):
    for number in range(20):
        told = {"binary_crossentropy": ["You summed over the labels: `a_long_name_that_cannot_be_broken` " * 3]}
        entry = {"at": 1.7e9 + 5e4 * number, "solved": list(BY_FUNCTION)[: 2 * number], "told": told}
        state.append("runs", json.dumps(entry))
    alone = {"at": 1.7e9, "results": TIMED["results"] | {"Keras": "has no such function"}}
    longest = "textbook_loss of sigmoid and binary_crossentropy 1,000,000 x 5"
    state.save("benchmark", {longest: TIMED, "subset_accuracy 1,000,000 x 5": alone})
    report()
    path = memory / "report.html"
    with chromium() as browser:
        for page in screens(browser, path, texts=50):
            # Nothing has to be moved sideways to be seen.
            assert page.evaluate(HIDDEN) == []
            assert page.requests == [path.as_uri()]


def test_a_damaged_line_costs_itself_alone(memory):
    good = json.dumps({"at": 2.0, "solved": ["sigmoid"], "told": {}})
    state.append("runs", good)
    with (memory / "runs.jsonl").open("ab") as file:
        file.write(b'{"at": 3.0, "sol\xff')  # the disk was full
    for line in (
        good.replace("2.0", "1e300"),
        good.replace("2.0", "NaN"),
        good.replace("2.0", "1.0"),
        "[]",
        "3",
        '{"at": "x", "solved": [], "told": {}}',
        '{"at": 1, "told": 2}',
    ):
        state.append("runs", line)
    assert [run.at for run in history.runs()] == [1.0, 2.0]
    assert history.runs()[0].points == BY_FUNCTION["sigmoid"].points["sigmoid"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows looks for the end of a file, then writes there")
def test_runs_at_the_same_time_do_not_damage_the_log(memory, monkeypatch):
    # Five writers, and a log that is put aside many times while they write.
    code = """
import sys
from kata import state
state.LONG = 20_000
for number in range(400):
    state.append("runs", f"{sys.argv[1]}-{number}-" + "x" * 90)
"""
    writers = [subprocess.Popen([sys.executable, "-c", code, str(name)], cwd=ROOT) for name in range(5)]
    assert [writer.wait() for writer in writers] == [0] * 5
    lines = state.lines("runs")
    assert all(re.fullmatch(r"[0-4]-\d+-x{90}", line) for line in lines)
    assert len(set(lines)) == len(lines)
    assert any(line.split("-")[1] == "399" for line in lines)  # the newest are there,
    assert 20_000 < sum(map(len, lines)) < 5 * 400 * 90  # and not all of the others
    monkeypatch.setattr(state, "LONG", 20_000)
    for _ in range(2):
        state.append("runs", "the last")
    assert {path.name for path in memory.iterdir()} == {"runs.jsonl", "runs.old"}
    assert (memory / "runs.jsonl").stat().st_size <= 20_000
    assert state.lines("runs")[-1] == "the last"


def test_a_lock_that_a_killed_run_left_is_broken(memory, monkeypatch):
    monkeypatch.setattr(state, "LONG", 50)
    memory.mkdir()
    lock = memory / "runs.lock"
    lock.touch()
    state.append("runs", "a" * 60)
    assert not (memory / "runs.old").exists()  # somebody else may be about to do it
    os.utime(lock, (1, 1))
    state.append("runs", "b" * 60)
    assert (memory / "runs.old").exists()
    assert state.lines("runs") == ["a" * 60, "b" * 60]


def test_a_place_that_cannot_be_written_to_is_named(run, memory, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    history.record({"sigmoid": Result(checks=1, seen=1)}, {})
    done = run("-m", "kata", "report", "--output", tmp_path / "file/page.html")
    assert done.status == 2
    assert "page.html cannot be written" in done.err
    assert "Traceback" not in done.err


def test_benchmarks_of_the_own_functions_are_on_the_page(report, run, clone):
    (clone / "exercises/05_binary_accuracy/binary_accuracy.py").write_text(
        solution("binary_accuracy"), encoding="utf-8"
    )
    bench = ["exercises/05_binary_accuracy/bench_binary_accuracy.py", "--benchmark-max-time=0.001", "-k", "yours"]
    for size, more in (("4", []), ("9", ["--answers", "solutions"]), ("7", ["--benchmark-disable"])):
        environment = {"PYTHONPATH": str(clone), "KATA_BENCH_SIZES": size}
        assert run("-m", "pytest", "-p", "no:cacheprovider", *bench, *more, cwd=clone, **environment).status == 0
    text = shown(report())
    assert re.search(r"binary_accuracy 4 x 5 \d+(\.\d+)? µs - - \d{4}-", text)
    assert "9 x 5" not in text
    assert "7 x 5" not in text


def test_what_is_right_is_timed_first_and_nothing_else(memory, run, clone):
    topics = {"activations": "02_activations", "binary_accuracy": "05_binary_accuracy"}
    for topic, folder in topics.items():
        (clone / f"exercises/{folder}/{topic}.py").write_text(solution(topic), encoding="utf-8")
    options = "-p no:cacheprovider --benchmark-min-rounds=1 --benchmark-min-time=0.000001"
    environment = {"PYTHONPATH": str(clone), "KATA_BENCH_SIZES": "4", "PYTEST_ADDOPTS": options}
    assert run("-m", "kata", "report", "--benchmark", cwd=clone, **environment).status == 0
    assert state.load("benchmark") == {}  # nothing is judged yet
    right = Result(checks=1, passed=1, seen=1, outcome="passed")
    judged = {name: vars(right) for name in ("hamming_loss", "subset_accuracy", "logit_threshold")}
    judged["all_zeros_accuracy"] = vars(Result(checks=1, passed=0, seen=1, outcome="failed"))
    state.save("board", judged)
    assert run("-m", "kata", "report", "--benchmark", cwd=clone, **environment).status == 0
    assert state.load("benchmark").keys() == {"hamming_loss 4 x 5", "subset_accuracy 4 x 5"}
    assert "hamming_loss 4 x 5" in shown((memory / "report.html").read_text(encoding="utf-8"))


RECEIPT = ("binary_accuracy", "all_zeros", "subset_accuracy", "epochs", "weights", "seconds")


def test_trainings_with_their_pictures_and_receipts(report, memory):
    right, broken = memory / "training-scenes-random", memory / "training-x"
    for folder in (right, broken):
        folder.mkdir(parents=True)
    receipt = dict.fromkeys(RECEIPT, 0.8714) | {"epochs": 100, "weights": "random", "device": {"kind": "GPU"}}
    (right / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    (broken / "receipt.json").write_text("{", encoding="utf-8")
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([0, 1])
    figure.savefig(right / "curves.png")
    (right / "sheet.png").write_bytes(b"no picture")
    page = report()
    text = shown(page)
    assert "binary accuracy 0.8714" in text
    assert "weights random" in text
    assert "device GPU" in text
    assert f"python -m kata.checks.receipts {right}" in text
    assert "training-x: its receipt cannot be read (JSONDecodeError)" in text
    assert re.findall(r'alt="(.*?)"', page) == ["The learning curves of training-scenes-random"]
