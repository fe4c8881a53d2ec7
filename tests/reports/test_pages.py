"""index.html and feedback.html: what they say, and that strangers write no markup in them."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from kata.grading.marking import UNJUDGED
from kata.judge.hints import read_hints
from kata.judge.outcomes import BLOCKED, FAILED, PASSED, TODO
from kata.reports.feedback import clean, write_feedback
from kata.reports.pages import feedback_page
from kata.submissions.files import printable
from kata.syllabus import BY_FUNCTION, BY_TOPIC, EXERCISES
from tests.classes import HOSTILE_NAMES, MARKUP, RUN, SUMMED, marks, page_of, result_of

VOID = {"meta", "rect", "path", "wbr"}


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


def everything(text):
    """Marks with every outcome, in which a text stands wherever a stranger's can."""
    names = list(BY_FUNCTION)
    outcomes = {name: (PASSED, FAILED, BLOCKED, UNJUDGED, TODO)[index % 5] for index, name in enumerate(names)}
    return marks(outcomes, text=text, notes=[text])


def test_every_link_leads_to_a_file_of_the_output(hostile_class):
    output, results = hostile_class
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


def test_all_names_are_on_the_page_as_they_are(hostile_class):
    output, results = hostile_class
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
    for make in (feedback_page, lambda result: page_of([result, harmless], EXERCISES, RUN)):
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
        (page_of([result], EXERCISES, RUN), {"style", "script"}),
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
    for html in (feedback_page(result), page_of([result], EXERCISES, RUN)):
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
        html = page_of(list(results), EXERCISES, RUN)
        return re.findall(r'<th scope="col">(.*?)</th>', html.partition('id="submissions"')[2]), html

    late, plain = result_of(marks({}, notes=["late: 2 days"]), "late"), result_of(marks({}), "plain")
    assert headers(late, plain)[0] == ["submission", "status", "notes"]
    assert "<li>late: 2 days</li>" in headers(late, plain)[1]
    assert headers(plain)[0] == ["submission", "status"]
    assert "late: 2 days" not in feedback_page(plain) + write_feedback(plain)
    assert "late: 2 days" in feedback_page(late)
    assert "- late: 2 days" in write_feedback(late)


def test_jinja2_is_imported_where_a_page_is_written_and_not_before(run):
    assert run("-c", "import kata.grading.run, sys; assert 'jinja2' not in sys.modules").status == 0
