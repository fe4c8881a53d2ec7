"""The numbers of the instructor's page, and where they stand on it."""

import re

import pytest

from kata.grading.marking import UNJUDGED
from kata.judge.outcomes import BLOCKED, FAILED, PASSED, TODO
from kata.reports import overview
from kata.reports.pages import index_page
from kata.syllabus import BY_FUNCTION, BY_TOPIC, EXERCISES
from tests.classes import MARKUP, RUN, SUMMED, known_mistakes, large_class, marks, page_of, result_of


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
    html = page_of(small_class, EXERCISES, RUN)
    assert "<strong>2 of 3</strong> <code>binary_crossentropy</code>" in html
    assert html.count("<details>") == 1
    assert re.findall(r"<bdi>(\w+)", html.partition("<details>")[2].partition("</details>")[0]) == ["one", "two"]


def test_the_most_common_mistake_comes_first_and_rare_ones_are_folded(small_class):
    sentences = list(known_mistakes()["sigmoid"])[:11]
    rare = [result_of(marks({"sigmoid": FAILED}, {"sigmoid": text}), f"r{i}") for i, text in enumerate(sentences)]
    found = overview.mistakes(rare + small_class, EXERCISES)
    assert [len(shared.results) for shared in found] == [2] + [1] * len(sentences)
    assert f"<summary>{len(sentences) - 9} more</summary>" in page_of(rare + small_class, EXERCISES, RUN)


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
    assert "None of the submissions could be read." in page_of(small_class[-1:], EXERCISES, RUN)


def test_what_could_not_be_judged_is_told_with_its_reason(small_class):
    found = overview.unjudged(small_class)
    assert [(result["submission"], names) for result, names, _ in found] == [
        ("two", ["categorical_crossentropy"]),
        ("unread", []),
    ]
    assert [reason for _, _, reason in found] == [MARKUP, "damaged"]
    assert '<rect class="unjudged"' in page_of(small_class, EXERCISES, RUN)
    assert "Everything was judged." in page_of(small_class[:1], EXERCISES, RUN)


def test_the_page_of_a_large_class_is_written_in_parts():
    results = [result_of(found, f"s{name}") for name, found in enumerate(large_class(200).values())]
    parts = list(index_page(results, EXERCISES, RUN))
    assert len(parts) > 10
    assert max(map(len, parts)) < sum(map(len, parts)) / 2
