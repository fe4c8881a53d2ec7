"""How a browser shows index.html and feedback.html, and that it lets nobody take them over."""

import pytest

from kata.judge.outcomes import PASSED
from kata.submissions.files import printable
from kata.syllabus import EXERCISES
from tests.browser import CONTRAST, WIDTH, chromium, needs_chromium, opened, screens
from tests.classes import RUN, large_class, marks, page_of, result_of

pytestmark = needs_chromium
TABLE = "[...document.querySelectorAll('table')].at(-1)"
COLUMN = f"[...{TABLE}.tBodies[0].rows].map((row) => row.cells[%d].textContent)"
SORTED = f"[...{TABLE}.querySelectorAll('thead th')].map((header) => header.getAttribute('aria-sort'))"


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module", params=[3, 500])
def index(request, tmp_path_factory):
    """index.html of a class."""
    students = large_class(request.param) if request.param > 3 else dict.fromkeys("abc", marks({"linear": PASSED}))
    results = [result_of(made, printable(name), f"s{index}") for index, (name, made) in enumerate(students.items())]
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text(page_of(results, EXERCISES, RUN), encoding="utf-8", errors="replace")
    return path


def test_the_class_is_readable_on_any_screen_and_on_paper(browser, index):
    for page in screens(browser, index, texts=200):
        assert page.requests == [index.as_uri()]
    with opened(browser, index, 680, dark=True, media="print") as page:  # A4 between its margins
        assert page.evaluate(WIDTH) <= 680
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.locator("nav").is_visible()


def test_the_class_is_sorted_by_mouse_and_by_key(browser, index):
    with opened(browser, index, script=False) as page:
        unsorted = page.evaluate(COLUMN % 0)
        assert page.locator("button").count() == 0
    with opened(browser, index) as page:
        buttons = page.locator("table").last.locator("thead button")
        assert page.evaluate(COLUMN % 0) == unsorted
        points = [int(text) for text in page.evaluate(COLUMN % 1)]
        buttons.nth(1).click()
        assert [int(text) for text in page.evaluate(COLUMN % 1)] == sorted(points)
        assert page.evaluate(SORTED)[:2] == [None, "ascending"]
        page.keyboard.press("Enter")  # the button that was clicked has the focus
        assert [int(text) for text in page.evaluate(COLUMN % 1)] == sorted(points, reverse=True)
        assert page.evaluate(SORTED)[:2] == [None, "descending"]
        buttons.nth(0).click()
        assert page.evaluate(SORTED)[:2] == ["ascending", None]
        assert sorted(page.evaluate(COLUMN % 0)) == sorted(unsorted)
        assert page.complaints == []


def test_a_student_reads_it_on_any_screen_and_no_stranger_takes_it_over(browser, hostile_class):
    output, results = hostile_class
    for number, result in enumerate(results):
        path = output / result["place"] / "feedback.html"
        width = (390, 1280)[number % 2]
        with opened(browser, path, width, dark=number % 4 > 1) as page:
            assert page.evaluate(WIDTH) <= width, result["submission"]
            assert page.title().startswith("Feedback for ")
            assert page.evaluate(CONTRAST)[1] == []
            assert page.complaints == []
            assert page.requests == [path.as_uri()]


def test_the_policy_would_stop_what_escaping_let_through(browser, hostile_class):
    with opened(browser, hostile_class[0] / "index.html") as page:
        page.evaluate(
            "{ const script = document.createElement('script'); script.textContent = 'document.title = 1';"
            " document.body.append(script); document.body.insertAdjacentHTML('beforeend',"
            " '<img src=https://127.0.0.1:9/x onerror=\"document.title = 2\">'); }"
        )
        assert page.evaluate("new Promise((done) => setTimeout(() => done(document.title), 50))").startswith("Marks")
        told = " ".join(page.complaints)
        for what in ("script-src", "img-src"):
            assert what in told
