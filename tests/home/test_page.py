"""The page in a real browser: a learner's evening, by mouse and by keyboard, seen and heard."""

import json
from contextlib import contextmanager
from importlib.resources import files

import pytest

from kata import state
from kata.syllabus import BY_FUNCTION, EXERCISES, find_exercise
from tests.browser import CONTRAST, WIDTH, chromium, needs_chromium
from tests.support import solution

pytestmark = needs_chromium
AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SENTENCE = "You lost the minus sign: the formula has exp(-x), so a large logit means a probability near 1."
SCREENS = pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True), (1280, True), (390, False)])


@contextmanager
def opened(served, width=1280, dark=False, path="/"):
    """Playwright's Page that shows the served page, with its `complaints` and the addresses of its `requests`."""
    with chromium() as browser:
        scheme = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(served.whole)
        if path != "/":
            page.goto(served.address + path)
        yield page
        assert page.complaints == []
        assert all(address.startswith(served.address) for address in page.requests)


def check_looks(page, width):
    """Nothing is wider than the screen, everything can be read, and axe-core finds nothing."""
    assert page.evaluate(WIDTH) <= width
    seen, bad = page.evaluate(CONTRAST)
    assert seen > 20
    assert bad == []
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run().then((found) => found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
    )
    assert found == []


@pytest.mark.sample(1)
@SCREENS
def test_an_evening_with_exercise_02(served, width, dark):
    with opened(served, width, dark) as page:
        page.wait_for_selector("#busy:empty", state="attached")
        assert "integer_encode" in page.inner_text("#next")
        check_looks(page, width)

        page.click("#exercises a[href='/02']")
        assert page.inner_text("h1") == "02 · Activations"
        assert page.locator(".lesson img").evaluate("(image) => image.complete && image.naturalWidth > 100")
        assert "todo" in page.inner_text("#sigmoid-state")
        check_looks(page, width)

        served.save_wrong()
        page.wait_for_selector("#sigmoid-state .failed")
        assert page.locator("#question-1").count() == 0  # not before all of it is right
        assert "Next: sigmoid" in page.inner_text("#linear-after")  # of the exercise that one works on
        failure = page.inner_text("#sigmoid .failure")
        assert "should be" in failure
        assert SENTENCE in failure
        for number in (1, 2):
            page.click("#sigmoid-hint")
            page.wait_for_selector(f"#sigmoid-hints .hint:nth-of-type({number})")
        assert page.inner_text("#sigmoid-hint").startswith("Hint 3 of 3")
        assert json.loads((served.state / "hints.json").read_text()) == {"sigmoid": 2}
        check_looks(page, width)

        page.evaluate("window.stayed = true; window.scrollTo(0, 300)")
        served.save_right()
        page.wait_for_selector("#sigmoid-state .passed")
        page.wait_for_selector("#softmax-state .passed")
        assert page.evaluate("[window.stayed, window.scrollY]") == [True, 300]  # no reload, and at its place
        page.click("#sigmoid-compare summary")
        assert "np.exp" in page.inner_text("#sigmoid-compare table")
        page.wait_for_selector("#question-3")
        check_looks(page, width)

        page.click("#sigmoid-after a:has-text('integer_encode')")
        page.wait_for_selector("h1:has-text('01')")
        assert page.inner_text("#points") == f"{find_exercise('02').worth} of 100 points"


def test_three_questions_are_answered_at_a_click(served):
    served.save_right()
    with opened(served, path="/02") as page:
        page.wait_for_selector("#question-1")
        for number in (1, 2, 3):
            question = page.locator(f"#question-{number}")
            question.locator("[data-choice=wrong]").first.click()
            assert question.locator(".why").inner_text().startswith("No.")
            assert question.locator("[aria-pressed=true]").count() == 1
            question.locator("[data-choice=right]").click()
            why = question.locator(".why").inner_text()
            assert why.startswith("Yes.")
            assert len(why) > 40
            assert question.locator("[aria-pressed=true]").get_attribute("data-choice") == "right"


def test_what_was_answered_and_unfolded_stays_when_the_page_takes_over_news(served):
    served.save_right()
    with opened(served, path="/02") as page:
        page.wait_for_selector("#question-1")
        page.locator("#question-1 [data-choice=right]").click()
        page.click("#sigmoid-compare summary")
        served.stub.write_text(solution("activations").replace("    e = np.exp(-", "    # mine\n    e = np.exp(-"))
        page.wait_for_selector("#sigmoid-compare td.yours:has-text('# mine')")
        assert page.locator("#sigmoid-compare").evaluate("(details) => details.open")
        assert page.locator("#question-1 [aria-pressed=true]").count() == 1
        assert page.inner_text("#question-1 .why").startswith("Yes.")


def test_news_that_come_while_older_ones_are_on_their_way_are_asked_for(served):
    with opened(served, path="/02") as page:
        page.wait_for_selector("#busy:empty", state="attached")
        held = []

        def hold(route):
            if route.request.resource_type == "fetch" and not held:
                held.append((route, route.fetch()))
            else:
                route.continue_()

        page.route("**/02", hold)
        served.save_wrong()
        board = served.state / "board.json"
        while not held or json.loads(board.read_text())["sigmoid"]["outcome"] != "failed":
            page.wait_for_timeout(50)
        page.wait_for_timeout(1000)  # for the last event
        assert "todo" in page.inner_text("#sigmoid-state")
        route, reply = held[0]
        route.fulfill(response=reply)
        page.wait_for_selector("#sigmoid-state .failed")


# The reply to an action arrives only when the page has shown what came of it.
LATE = """
const real = fetch;
window.fetch = async (where, ...rest) => {
  const hints = () => document.querySelectorAll("#sigmoid-hints .hint").length;
  const before = hints();
  const reply = await real(where, ...rest);
  while (String(where).startsWith("/do/") && hints() === before) await new Promise((go) => setTimeout(go, 20));
  return reply;
};
"""


def test_the_focus_stays_where_the_page_is_new_before_the_reply(served):
    served.save_wrong()
    with opened(served) as page:
        page.add_init_script(LATE)
        page.set_default_timeout(20_000)
        page.goto(f"{served.address}/02")
        page.wait_for_selector("#sigmoid-state .failed")
        page.wait_for_selector("#busy:empty", state="attached")
        page.focus("#sigmoid-hint")
        for number in (1, 2):
            page.keyboard.press("Enter")
            page.wait_for_selector(f"#sigmoid-hints .hint:nth-of-type({number})")
            page.wait_for_selector("#sigmoid-hint:focus")
        page.keyboard.press("Enter")
        page.wait_for_selector("#sigmoid-hints .hint:nth-of-type(3)")
        page.wait_for_selector("#sigmoid:focus-within")


def test_with_the_keyboard_alone(served):
    served.save_wrong()
    with opened(served, path="/02") as page:
        page.wait_for_selector("#sigmoid-state .failed")
        page.wait_for_selector("#busy:empty", state="attached")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        reached = []
        while "sigmoid-hint" not in reached:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
            assert len(reached) < 100, reached
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", reached[-1]
        page.keyboard.press("Enter")
        page.wait_for_selector("#sigmoid-hints .hint")
        page.wait_for_selector("#sigmoid-hint:focus")
        page.keyboard.press("Enter")
        page.wait_for_selector("#sigmoid-hints .hint:nth-of-type(2)")
        page.keyboard.press("Enter")  # the last one: its button is gone, and the focus stays near
        page.wait_for_selector("#sigmoid-hints .hint:nth-of-type(3)")
        assert page.locator("#sigmoid-hint").count() == 0
        page.wait_for_selector("#sigmoid:focus-within")


def test_what_a_screen_reader_is_told(served):
    served.save_wrong()
    with opened(served, path="/02") as page:
        page.wait_for_selector("#sigmoid-state .failed")
        tree = page.locator("body").aria_snapshot()
        for words in (
            'navigation "Exercises"',
            'link "02 activations"',
            'article "Lesson"',
            'region "Your functions"',
            'region "sigmoid failed"',
            'button "Hint 1 of 3 for sigmoid"',
            'button "Open in your editor (sigmoid)"',
            'navigation "Exercises before and after"',
        ):
            assert words in tree, tree
        assert page.locator("#busy[role=status], #told[role=status]").count() == 2


def test_reset_asks_first_and_keeps_what_is_there(served):
    served.save_wrong()
    written = served.stub.read_text()
    with opened(served, path="/02") as page:
        page.wait_for_selector("#sigmoid-state .failed")
        assert not page.is_visible("#reset-now")
        page.click("#reset summary")
        assert "kept in a backup" in page.inner_text("#reset")
        assert served.stub.read_text() == written
        page.click("#reset-now")
        page.wait_for_selector("#sigmoid-state .todo")
        assert "What was there: " in page.inner_text("#told")
    assert "NotImplementedError" in served.stub.read_text()
    (backup,) = (served.state / "backups").iterdir()
    assert backup.read_text() == written


@pytest.mark.proof
def test_a_metric_is_timed_when_that_is_asked_for(served):
    (served.clone / "exercises/05_binary_accuracy/binary_accuracy.py").write_text(solution("binary_accuracy"))
    with opened(served, path="/05") as page:
        page.wait_for_selector("#binary_accuracy-state .passed")
        assert page.locator("#logit_threshold-measure").count() == 0  # there is no benchmark of it
        for name in ("binary_accuracy", "subset_accuracy"):
            page.click(f"#{name}-measure")
            page.wait_for_selector(f"#told:text-is('{name} is timed.')")
            page.wait_for_selector(f"#{name}-after table th:has-text('1,000,000 x 5')")
            assert page.locator(f"#{name}-after tbody tr:has-text(' x 5')").count() == 2
        assert page.locator("#subset_accuracy-after tbody td:text-is('has no such function')").count() == 2
        check_looks(page, 1280)


@pytest.mark.proof
def test_what_takes_long_is_judged_too_when_the_page_is_opened(serve):
    with_tensorflow = find_exercise("06")
    code = solution("data_pipeline")
    (served := serve("--no-browser")).end()
    (served.clone / "exercises" / with_tensorflow.folder / "data_pipeline.py").write_text(code, encoding="utf-8")
    served = serve("--no-browser")
    with opened(served, path="/06") as page:
        page.wait_for_selector("#questions h2")
        assert page.inner_text("#points") == f"{with_tensorflow.worth} of 100 points"


def test_code_that_python_cannot_read_is_said(served):
    served.stub.write_text("def sigmoid(x:\n")
    with opened(served, path="/02") as page:
        page.wait_for_selector("#linear-state .failed")
        assert "SyntaxError" in page.inner_text("#linear .failure")
        assert "<script>" not in page.content()


def test_nothing_of_a_learners_code_becomes_markup(served):
    served.stub.write_text(
        "def sigmoid(x):\n    '''Mine.'''\n    raise ValueError('<img src=x onerror=alert(1)><script>1</script>')\n"
    )
    with opened(served, path="/02") as page:
        page.wait_for_selector("#sigmoid-state .failed")
        assert "<img src=x onerror=alert(1)>" in page.inner_text("#sigmoid .failure")
        assert page.locator("#sigmoid img, #sigmoid script").count() == 0


def test_what_happens_before_the_page_listens_is_seen(served):
    with opened(served) as page:
        page.wait_for_selector("#busy:empty", state="attached")
        held = []
        page.route("**/events", lambda route: held.append(route))
        page.goto(f"{served.address}/02")
        served.save_right()
        while json.loads((served.state / "board.json").read_text())["softmax"]["outcome"] != "passed":
            page.wait_for_timeout(50)
        page.wait_for_timeout(500)
        assert "todo" in page.inner_text("#softmax-state")
        held[0].continue_()
        page.wait_for_selector("#softmax-state .passed")


def test_a_server_that_ended_is_told_and_found_again(serve):
    served = serve("--no-browser")
    with opened(served, path="/02") as page:
        page.wait_for_selector("#busy:empty", state="attached")
        served.end()
        page.wait_for_selector("#told:has-text('kata open')")
        served = serve("--no-browser")
        served.save_right()
        page.wait_for_selector("#sigmoid-state .passed")
        page.wait_for_selector("#told:empty", state="attached")
        page.click("#sigmoid-compare summary")
        page.complaints.clear()  # the browser's own, if any, of a server that it did not reach


def test_after_the_whole_it_is_glad_and_makes_the_report(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("KATA_STATE", str(tmp_path / "state"))
    with state.held("watching"):  # as kata watch holds it: what is shown are its results
        served = serve("--no-browser")
        result = {"checks": 1, "passed": 1, "seen": 1, "outcome": "passed", "reason": None}
        with opened(served) as page:
            page.wait_for_selector("#next:has-text('integer_encode')")
            state.save("board", dict.fromkeys(BY_FUNCTION, result))
            page.wait_for_selector("h2:has-text('All of it is right')")
            assert page.inner_text("#points") == "100 of 100 points"
            assert page.locator("#exercises a.passed").count() == len(EXERCISES)
            check_looks(page, 1280)
            page.click("#make-report")
            page.wait_for_url("**/report")
            assert "Your way through the kata" in page.inner_text("h1")
