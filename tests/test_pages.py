"""index.html and feedback.html: what they say, that strangers write no markup in them, how a browser shows them."""

import base64
import hashlib
import json
import os
import re
from contextlib import ExitStack
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import unquote

import pytest

from kata import grading, overview
from kata.feedback import clean, write_feedback
from kata.hints import read_hints
from kata.layouts import Submission
from kata.marking import UNJUDGED
from kata.outcomes import BLOCKED, FAILED, PASSED, TODO
from kata.pages import feedback_page, index_page
from kata.submissions import printable
from kata.syllabus import BY_FUNCTION, BY_TOPIC, EXERCISES
from tests.browser import CONTRAST, WIDTH, Browser, needs_chromium
from tests.classes import HOSTILE_NAMES, MARKUP, RUN, known_mistakes, large_class, marks, write_class

VOID = {"meta", "rect", "path", "wbr"}
SUMMED = next(text for text in known_mistakes()["binary_crossentropy"] if text.startswith("You summed"))


class Page(HTMLParser):
    """A page taken apart.

    Attributes:
        tags: [(tag, attributes), ...]; text: what stands between them, without script and style.
        inline: {"script" and "style": their text}.
    """

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.inline, self.within = [], "", {}, []
        self.feed(html)
        self.close()
        assert not self.within

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.within.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.within.pop() == tag

    def handle_data(self, data):
        if self.within and self.within[-1] in ("script", "style"):
            self.inline[self.within[-1]] = data
        else:
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def result_of(marks, name="Ada", place=None):
    return grading.result_of(Submission(name, place or name, ()), marks, EXERCISES, "key")


def everything(text):
    """Marks with every outcome, in which a text stands wherever a stranger's can."""
    names = list(BY_FUNCTION)
    outcomes = {name: (PASSED, FAILED, BLOCKED, UNJUDGED, TODO)[index % 5] for index, name in enumerate(names)}
    return marks(outcomes, text=text, notes=[text])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """(output, results) of a class in which every name is hostile."""
    folder = tmp_path_factory.mktemp("hostile") / "class"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        results = write_class(folder, large_class(len(HOSTILE_NAMES)))
    return folder / "output", results


def test_every_link_leads_to_a_file_of_the_output(hostile):
    output, results = hostile
    page = Page((output / "index.html").read_text(encoding="utf-8"))
    links = [attributes["href"] for attributes in page.all("a")]
    assert all(re.fullmatch(r"#[a-z]+|[\w.%~/-]+", link, re.ASCII) for link in links)
    files = [output / unquote(link) for link in links if not link.startswith("#")]
    assert len(files) > 3 * len(results)
    assert all(file.is_file() and file.resolve().is_relative_to(output) for file in files)
    assert {link[1:] for link in links if link.startswith("#")} <= {tag.get("id") for _, tag in page.tags}
    for result in results:
        assert output / result["place"] / "feedback.html" in files
        student = Page((output / result["place"] / "feedback.html").read_text(encoding="utf-8"))
        assert not student.all("a")  # a student gets this file alone


def test_all_names_are_on_the_page_as_they_are(hostile):
    output, results = hostile
    text = Page((output / "index.html").read_text(encoding="utf-8")).text
    assert len(results) == len(HOSTILE_NAMES)
    for result in results:
        assert printable(result["submission"]) in text
        student = Page((output / result["place"] / "feedback.html").read_text(encoding="utf-8"))
        assert f"Feedback for {printable(result['submission'])}" in student.text


HOSTILE_TEXTS = {
    "markup": MARKUP,
    "ends of what may be open": "--><!-- <![CDATA[ ]]></script></style></title></textarea>",
    "entities": "&lt;b&gt; &amp; &#60;script&#62;",
    "a template": "{{ 7 * 7 }} {% raw %} {# #}",
    "an attribute": "'\"><svg onload=alert(1)>",
    "characters that steer": "a\x00b\x1b[31m\x07\x08\u202egnp.exe\u2066\u200b\ufeff\ud800",
}


@pytest.mark.parametrize("kind", HOSTILE_TEXTS)
def test_nothing_of_a_stranger_becomes_markup(kind):
    text = HOSTILE_TEXTS[kind]
    harmless = result_of(everything("harmless"))
    taken = result_of(everything(text), name=text, place="place")
    for make in (feedback_page, lambda result: index_page([result, harmless], EXERCISES, RUN)):
        page, other = Page(make(taken)), Page(make(harmless))
        assert [tag for tag, _ in page.tags] == [tag for tag, _ in other.tags]
        assert [sorted(attributes) for _, attributes in page.tags] == [sorted(known) for _, known in other.tags]
        assert clean(text) in page.text
        assert clean(make(taken)) == make(taken)
    refused = [result_of(marks({}, refused=refusal)) for refusal in (text, "harmless")]
    assert Page(feedback_page(refused[0])).tags == Page(feedback_page(refused[1])).tags


def test_a_page_may_run_our_script_and_load_nothing():
    result = result_of(everything(MARKUP))
    for html, inline in (
        (feedback_page(result), {"style"}),
        (index_page([result], EXERCISES, RUN), {"style", "script"}),
    ):
        page = Page(html)
        assert set(page.inline) == inline
        policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for kind, text in page.inline.items():
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy
        assert not re.search(r"url\(|@import", page.inline["style"])
        names = {name for _, attributes in page.tags for name in attributes}
        assert not {name for name in names if name.startswith("on")} | names & {"src", "srcset", "style", "action"}
        assert not page.all("link")


def test_tables_can_be_read_aloud():
    result = result_of(everything("x"))
    for html in (feedback_page(result), index_page([result], EXERCISES, RUN)):
        page = Page(html)
        assert page.all("html") == [{"lang": "en"}]
        assert {header.get("scope") for header in page.all("th")} == {"col", "row"}
        assert len(page.all("caption")) == len(page.all("table")) > 0


def test_the_page_says_what_the_markdown_says():
    known = {"binary_crossentropy": SUMMED}
    outcomes = {"binary_crossentropy": FAILED, "keras_loss": BLOCKED, "sigmoid": UNJUDGED, "linear": PASSED}
    result = result_of(marks(outcomes, known, text="told by the check", notes=["late"]))
    text, markdown = Page(feedback_page(result)).text, write_feedback(result)
    for said in (
        "Feedback for Ada",
        "1 of 100 points: could not be judged.",
        "late",
        "told by the check",
        "check 0 of five",
        "These failed, too:",
        SUMMED,
        read_hints(BY_TOPIC["losses"])["binary_crossentropy"][0].splitlines()[0],
        "It could not be judged:",
        "It says nothing yet about this function:",
        "Not written yet.",
        "Not handed in.",
    ):
        assert said in text
        assert said in markdown
    refused = result_of(marks({}, refused="a damaged archive"))
    for said in ("Nothing of it was judged:", "a damaged archive"):
        assert said in Page(feedback_page(refused)).text
        assert said in write_feedback(refused)
    assert "Not handed in." not in feedback_page(refused)


def test_notes_have_a_column_where_there_are_any():
    def headers(*results):
        html = index_page(list(results), EXERCISES, RUN)
        return re.findall(r'<th scope="col">(.*?)</th>', html.partition('id="submissions"')[2]), html

    late, plain = result_of(marks({}, notes=["late: 2 days"]), "late"), result_of(marks({}), "plain")
    assert headers(late, plain)[0] == ["submission", "status", "notes"]
    assert "<li>late: 2 days</li>" in headers(late, plain)[1]
    assert headers(plain)[0] == ["submission", "status"]
    assert "late: 2 days" not in feedback_page(plain) + write_feedback(plain)
    assert "late: 2 days" in feedback_page(late)
    assert "- late: 2 days" in write_feedback(late)


@pytest.fixture
def small_class():
    """Four of whom one could not be read, and one handed in exercise 02 only."""
    losses = dict.fromkeys(BY_TOPIC["losses"].points, PASSED)
    known = {"binary_crossentropy": SUMMED}
    return [
        result_of(marks(losses), "right"),
        result_of(marks(losses | {"binary_crossentropy": FAILED}, known), "one"),
        result_of(marks({"binary_crossentropy": FAILED, "categorical_crossentropy": UNJUDGED}, known), "two"),
        result_of(marks({"linear": PASSED}), "other"),
        result_of(marks(dict.fromkeys(BY_FUNCTION, UNJUDGED), refused="damaged"), "unread"),
    ]


def test_mistakes_are_counted_with_the_names_behind_them(small_class):
    (shared,) = overview.mistakes(small_class, EXERCISES)
    assert (shared.function, shared.sentence, shared.of) == ("binary_crossentropy", SUMMED, 3)
    assert [result["submission"] for result in shared.results] == ["one", "two"]
    html = index_page(small_class, EXERCISES, RUN)
    assert "<strong>2 of 3</strong> <code>binary_crossentropy</code>" in html
    assert html.count("<details>") == 1
    assert re.findall(r"<bdi>(\w+)", html.partition("<details>")[2].partition("</details>")[0]) == ["one", "two"]


def test_the_most_common_mistake_comes_first_and_rare_ones_are_folded(small_class):
    sentences = list(known_mistakes()["sigmoid"])[:11]
    rare = [result_of(marks({"sigmoid": FAILED}, {"sigmoid": text}), f"r{i}") for i, text in enumerate(sentences)]
    found = overview.mistakes(rare + small_class, EXERCISES)
    assert [len(shared.results) for shared in found] == [2] + [1] * len(sentences)
    assert f"<summary>{len(sentences) - 9} more</summary>" in index_page(rare + small_class, EXERCISES, RUN)


def test_the_hardest_functions_come_first(small_class):
    found = overview.functions(small_class, EXERCISES)
    order = [solved.function for solved in found if solved.of]
    assert order == [
        "sigmoid",
        "softmax",
        "binary_crossentropy",
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
        "linear",
    ]
    loss = found[2]
    assert (loss.of, loss.outcomes) == (3, {PASSED: 1, FAILED: 2, BLOCKED: 0, TODO: 0, UNJUDGED: 0})
    assert loss.share == pytest.approx(1 / 3)
    assert {solved.of for solved in found[6:]} == {0}
    assert len(found) == len(BY_FUNCTION)


def test_points_are_distributed_without_what_could_not_be_read(small_class):
    found = overview.points(small_class)
    assert (found.count, found.median) == (4, 5)  # 16, 9, 0 and 1
    assert [one for one in found.bins if one[2]] == [(0, 4, 2), (5, 9, 1), (15, 19, 1)]
    assert (found.bins[-1], len(found.bins)) == ((100, 100, 0), 21)
    for top, bins in ((8, 9), (12, 13), (20, 21), (60, 13), (100, 21)):
        full = [{"points": top, "max_points": top}, {"points": 0, "max_points": top}]
        found = overview.points(full).bins
        assert len(found) == bins
        assert found[-1][1:] == (top, 1)
        assert [high + 1 for _, high, _ in found[:-1]] == [low for low, _, _ in found[1:]]
    assert overview.points(small_class[-1:]).median is None
    assert "None of the submissions could be read." in index_page(small_class[-1:], EXERCISES, RUN)


def test_what_could_not_be_judged_is_told_with_its_reason(small_class):
    found = overview.unjudged(small_class)
    assert [(result["submission"], names) for result, names, _ in found] == [
        ("two", ["categorical_crossentropy"]),
        ("unread", []),
    ]
    assert [reason for _, _, reason in found] == [MARKUP, "damaged"]
    assert '<rect class="unjudged"' in index_page(small_class, EXERCISES, RUN)
    assert "Everything was judged." in index_page(small_class[:1], EXERCISES, RUN)


def test_a_result_without_its_page_is_judged_again(tmp_path):
    one = Submission("ada", "ada", ())
    grading._keep(tmp_path / "ada", result_of(marks({}), "ada"))
    path = tmp_path / "ada" / "result.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"digest": "of its files"}))
    assert grading._known(path, "key", one) == "of its files"
    assert grading._known(path, "another judge's", one) is None
    (tmp_path / "ada" / "feedback.html").unlink()  # as an older version left it
    assert grading._known(path, "key", one) is None


def test_a_submission_that_an_older_version_kept_in_the_place_of_the_page_makes_room(tmp_path):
    grading._keep(tmp_path / "index.html", result_of(marks({}), "index.html"))
    with ExitStack() as cleanup:
        grading._lock(tmp_path, cleanup)
        assert not (tmp_path / "index.html").exists()
        (tmp_path / "index.html").write_text("a page", encoding="utf-8")
        cleanup.close()
        grading._lock(tmp_path, cleanup)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "a page"


def test_without_jinja2_it_says_what_to_install(tmp_path, monkeypatch):
    installed = grading.installed
    monkeypatch.setattr(grading, "installed", lambda name: name != "jinja2" and installed(name))
    asked = {"jobs": 1, "seed": 3, "time_limit": 10.0, "memory_limit": 512, "exercises": "02", "no_sandbox": False}
    with pytest.raises(grading.GradingError, match="pip install jinja2"):
        grading.grade(SimpleNamespace(submissions=str(tmp_path), output=str(tmp_path / "o"), **asked))
    assert not (tmp_path / "o").exists()


def test_jinja2_is_imported_where_a_page_is_written_and_not_before(run):
    assert run("-c", "import kata.grading, sys; assert 'jinja2' not in sys.modules").status == 0


# In a browser

TABLE = "[...document.querySelectorAll('table')].at(-1)"
COLUMN = f"[...{TABLE}.tBodies[0].rows].map((row) => row.cells[%d].textContent)"
SORTED = f"[...{TABLE}.querySelectorAll('thead th')].map((header) => header.getAttribute('aria-sort'))"


@pytest.fixture(scope="module")
def browser():
    with Browser() as browser:
        yield browser


@pytest.fixture(scope="module", params=[3, 500])
def index(request, tmp_path_factory):
    """index.html of a class."""
    students = large_class(request.param) if request.param > 3 else dict.fromkeys("abc", marks({"linear": PASSED}))
    results = [result_of(made, printable(name), f"s{index}") for index, (name, made) in enumerate(students.items())]
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text(index_page(results, EXERCISES, RUN), encoding="utf-8", errors="replace")
    return path


@needs_chromium
def test_the_class_is_readable_on_any_screen_and_on_paper(browser, index):
    for width, dark in ((1280, False), (390, True)):
        browser.open(index, width, dark=dark)
        assert browser.evaluate(WIDTH) <= width
        seen, bad = browser.evaluate(CONTRAST)
        assert seen > 200
        assert bad == []
        assert browser.complaints == []
        assert browser.requests == [index.as_uri()]
    browser.open(index, 680, dark=True, media="print")  # A4 between its margins
    assert browser.evaluate(WIDTH) <= 680
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.evaluate("document.querySelector('nav').offsetHeight") == 0


@needs_chromium
def test_the_class_is_sorted_by_mouse_and_by_key(browser, index):
    browser.open(index, script=False)
    unsorted = browser.evaluate(COLUMN % 0)
    assert browser.evaluate("document.querySelectorAll('button').length") == 0
    browser.open(index)
    assert browser.evaluate(COLUMN % 0) == unsorted
    points = [int(text) for text in browser.evaluate(COLUMN % 1)]
    browser.click(f"{TABLE}.querySelectorAll('thead button')[1]")
    assert [int(text) for text in browser.evaluate(COLUMN % 1)] == sorted(points)
    assert browser.evaluate(SORTED)[:2] == [None, "ascending"]
    browser.press("Enter", 13)  # the button that was clicked has the focus
    assert [int(text) for text in browser.evaluate(COLUMN % 1)] == sorted(points, reverse=True)
    assert browser.evaluate(SORTED)[:2] == [None, "descending"]
    browser.click(f"{TABLE}.querySelectorAll('thead button')[0]")
    assert browser.evaluate(SORTED)[:2] == ["ascending", None]
    assert sorted(browser.evaluate(COLUMN % 0)) == sorted(unsorted)
    assert browser.complaints == []


@needs_chromium
def test_a_student_reads_it_on_any_screen_and_no_stranger_takes_it_over(browser, hostile):
    output, results = hostile
    for number, result in enumerate(results):
        path = output / result["place"] / "feedback.html"
        width = (390, 1280)[number % 2]
        browser.open(path, width, dark=number % 4 > 1)
        assert browser.evaluate(WIDTH) <= width, result["submission"]
        assert browser.evaluate("document.title").startswith("Feedback for ")
        assert browser.evaluate(CONTRAST)[1] == []
        assert browser.complaints == []
        assert browser.requests == [path.as_uri()]


@needs_chromium
def test_the_policy_would_stop_what_escaping_let_through(browser, hostile):
    browser.open(hostile[0] / "index.html")
    browser.evaluate(
        "{ const script = document.createElement('script'); script.textContent = 'document.title = 1';"
        " document.body.append(script); document.body.insertAdjacentHTML('beforeend',"
        " '<img src=https://127.0.0.1:9/x onerror=\"document.title = 2\">'); }"
    )
    assert browser.evaluate("new Promise((done) => setTimeout(() => done(document.title), 50))").startswith("Marks")
    told = json.dumps(browser.complaints)
    for what in ("script-src", "img-src"):
        assert what in told
