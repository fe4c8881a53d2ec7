"""What the page is made of, without a server: lessons, hints, comparisons, the curve, what a click does."""

import json
import sys
import time
from types import SimpleNamespace

import pytest

from kata import state
from kata.answers import read_source
from kata.home import actions, comparing, following, lessons, opening, pages, views
from kata.syllabus import EXERCISES, find_exercise
from tests.support import solution


@pytest.fixture(autouse=True)
def memory(tmp_path, monkeypatch):
    monkeypatch.setenv("KATA_STATE", str(tmp_path / "state"))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.folder)
def test_every_lesson_is_html_that_the_policy_of_the_page_allows(exercise):
    html = lessons.lesson_of(exercise)
    assert html.startswith("<h1")
    for what in ("<script", "style=", "<iframe", "onerror", "javascript:"):
        assert what not in html
    assert "README.md)" not in html  # no link that leads nowhere
    assert html.count("<table>") == html.count('<div class="scroll" tabindex="0">')


def test_links_and_pictures_are_those_that_are_served(tmp_path, monkeypatch):
    exercise = find_exercise("02")
    text = (
        "[next](../03_losses/README.md#the-contract) [here](#run-it) [data](../../datasets/README.md) "
        "[Keras](https://keras.io/) [bad](javascript:alert(1)) ![logits](../pictures/logits.svg) "
        "![other](../../other.png) <b>raw</b>\n\n| a |\n|--:|\n| 1 |\n"
    )
    monkeypatch.setattr(type(exercise.stub), "read_text", lambda path, encoding: text)
    html = lessons.lesson_of(exercise)
    assert '<a href="/03#the-contract">next</a>' in html
    assert '<a href="#run-it">here</a>' in html
    assert '<a href="https://keras.io/" rel="noreferrer">Keras</a>' in html
    assert html.count("<a ") == 3
    assert '<img src="/pictures/logits.svg" alt="logits">' in html
    assert html.count("<img") == 1
    assert "&lt;b&gt;raw" in html
    assert "style" not in html


def test_a_hint_fits_any_screen_and_keeps_its_formulas():
    html = lessons.hint_of("Two forms\nof `exp`:\n    1 < a      fine\n    2 / b      not\n\nThe < end.")
    assert html == (
        "<p>Two forms of <code>exp</code>:</p>\n<pre>1 &lt; a      fine\n2 / b      not</pre>\n<p>The &lt; end.</p>"
    )


def test_a_comparison_shows_both_sides_without_docstrings(tmp_path):
    path = tmp_path / "activations.py"
    path.write_text('import numpy as np\n\n\ndef linear(x):\n    """Mine."""\n    # <mine>\n    return x * 1\n')
    rows = comparing.compare("linear", read_source(path))
    assert "linear" in rows[0].yours
    assert rows[0].yours == rows[0].theirs
    assert not rows[0].differs
    assert rows[1].differs
    mine = "".join(row.yours or "" for row in rows)
    assert "&lt;mine&gt;" in mine
    assert "Mine" not in mine
    theirs = "".join(row.theirs or "" for row in rows)
    assert "Args" not in theirs
    assert "return" in theirs


def test_a_comparison_takes_the_last_cell_of_a_notebook(tmp_path):
    path = tmp_path / "activations.ipynb"
    cells = ["def linear(x):\n    return None", "def linear(x):\n    return x  # the last"]
    made = [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
        for text in cells
    ]
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    rows = comparing.compare("linear", read_source(path))
    assert "the last" in "".join(row.yours or "" for row in rows)


def test_a_comparison_of_what_is_no_function_is_empty(tmp_path):
    path = tmp_path / "activations.py"
    path.write_text("linear = lambda x: x\n")
    assert comparing.compare("linear", read_source(path)) == []


def test_the_curve_begins_left_and_ends_at_the_points_of_now():
    assert views.curve() == ([], "")
    for at, solved in ((1000, []), (1500, ["linear"]), (2000, ["linear", "sigmoid", "softmax"])):
        state.append("runs", json.dumps({"at": at, "solved": solved, "told": {}}))
    places, words = views.curve()
    assert places == [(0, 120), (300, 118.8), (600, 110.4)]
    assert words.startswith("Points over time: 0 on ")
    assert ", 8 on " in words


def test_a_place_in_a_notebook_is_a_cell_and_its_link_is_the_file(monkeypatch, tmp_path):
    path = tmp_path / "02_activations" / "activations.ipynb"
    path.parent.mkdir()
    cell = {"cell_type": "code", "source": "def linear(x):\n    return x", "metadata": {}, "outputs": []}
    cell |= {"execution_count": None}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    monkeypatch.setattr(views, "OWN", tmp_path)
    linear = views.Now().functions(find_exercise("02"))[0]
    assert linear.place.endswith("activations.ipynb, cell 1")
    assert linear.editor == f"vscode://file{path.as_posix()}"


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Make a program of some name that writes down what it is called with, and make it the learner's editor."""

    def make(name):
        program, called = tmp_path / name, tmp_path / "called"
        program.write_text(f'#!/bin/sh\necho "$@" > {called}.part\nmv {called}.part {called}\n')
        program.chmod(0o755)
        monkeypatch.setenv("VISUAL", str(program))
        return called

    return make


@pytest.mark.parametrize(("name", "option"), [("code", "--goto "), ("gedit", "")])
def test_a_click_opens_the_file_in_the_learners_editor(editor, name, option):
    called = editor(name)
    told = actions.edit("sigmoid")
    while not called.exists():
        time.sleep(0.02)
    stub = find_exercise("02").stub
    line = read_source(stub).line("sigmoid")
    assert called.read_text().strip() == f"{option}{stub}" + (f":{line}" if option else "")
    assert told == f"exercises/02_activations/activations.py:{line} is opened in {name}."


@pytest.mark.parametrize("name", ["vim", "nano", "emacs"])
def test_an_editor_for_terminals_is_not_started_behind_the_page(editor, name):
    called = editor(name)
    with pytest.raises(LookupError, match=r"activations.py:\d+\. To open it with a click, set VISUAL"):
        actions.edit("sigmoid")
    assert not called.exists()


def test_what_is_not_right_yet_is_not_timed():
    with pytest.raises(LookupError, match="binary_accuracy is timed once it is right"):
        actions.measure("binary_accuracy")


def test_what_has_no_benchmark_says_so_in_words():
    for name in ("recommended_setup", "logit_threshold", "make_batches"):
        assert comparing.benchmark_of(name) is None
        assert comparing.measure(name) == f"{name} has no benchmark"


def test_where_there_is_no_editor_the_place_is_said(monkeypatch):
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    with pytest.raises(LookupError, match=r"sigmoid is in exercises/02_activations/activations\.py:"):
        actions.edit("sigmoid")


def test_what_pytest_says_instead_of_judging_is_kept_and_what_it_judges_is_not(monkeypatch, tmp_path):
    found = following.Following(lambda: None)
    (tmp_path / "test_x.py").write_text("def test_x():\n    assert False\n")
    failing, broken = ["-m", "pytest", "-q", str(tmp_path)], ["-m", "pytest", "--no-such-option"]
    for arguments, says in ((broken, "--no-such-option"), (failing, "")):
        monkeypatch.setattr(following, "judging", lambda exercises, them=arguments: [sys.executable, *them])
        monkeypatch.setattr(following, "ROOT", tmp_path)
        found._judge([], "this")
        assert says in found.problem
        assert bool(found.problem) == bool(says)
    assert found.busy == ""


def test_where_a_terminal_judges_nothing_is_judged_a_second_time(monkeypatch):
    asked = []
    monkeypatch.setattr(following, "judging", lambda exercises: asked.append(exercises) or [sys.executable, "-c", ""])
    found = following.Following(lambda: None)
    with state.held("watching"):
        found._judge([], "a save")
        assert asked == []
    found._judge([], "the next save")
    assert asked == [[]]


def test_the_page_shows_what_pytest_said():
    page = pages.board_page(SimpleNamespace(busy="", problem="<no such option>"), "key")
    assert "The judge did not run" in page
    assert "&lt;no such option&gt;" in page
    assert "The judge did not run" not in pages.board_page(SimpleNamespace(busy="", problem=""), "key")


def test_what_takes_long_is_judged_in_parts_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(following, "OWN", tmp_path)
    assert following._parts() == [list(EXERCISES)]  # stubs, or nothing: all of it is quick
    for topic in ("data_pipeline", "experiments"):
        (tmp_path / f"{topic}.py").write_text(solution(topic))
    first, *others = following._parts()
    assert [[each.number for each in part] for part in others] == [["06"], ["08"]]
    assert {each.number for each in first} == {"01", "02", "03", "04", "05", "07", "09"}


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ("COLAB_RELEASE_TAG", "google.colab.output.serve_kernel_port_as_window(8123, path='/?token=abc')"),
        ("REMOTE_CONTAINERS", "reached where port 8123 is forwarded"),
    ],
)
def test_where_the_machine_is_another_one_it_says_how_the_page_is_reached(monkeypatch, capsys, variable, says):
    monkeypatch.setenv(variable, "1")
    opening._tell("http://127.0.0.1:8123/?token=abc", 8123, browser=False)
    assert says in capsys.readouterr().out
