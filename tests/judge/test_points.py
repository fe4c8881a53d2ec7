"""Points and who waits for whom, without a pytest run."""

from itertools import permutations

import numpy as np
import pytest

from kata.answers.answer import Answer
from kata.checks.calls import copy_data, same_data
from kata.judge.outcomes import BLOCKED, FAILED, PASSED, TODO, Result, Results, blocked_by
from kata.syllabus import BY_TOPIC
from tests.support import replace_function, solution


def test_data_is_the_same_by_type_dtype_and_every_bit():
    nan = float("nan")
    same = [1, 1.0, nan, "a", None, [1, [2.0]], (1,), {"a"}, np.float32([1, nan]), np.zeros((0, 5)), [np.zeros(2)]]
    for index, one in enumerate(same):
        assert same_data(one, copy_data(one))
        assert not any(same_data(one, other) for other in same[:index])
    for one, other in [
        (np.zeros(2), np.zeros(2, np.float32)),
        (np.zeros(2), np.zeros((2, 1))),
        (np.float32([0.0]), np.float32([-0.0])),
        ([1, 2], [1]),
        (nan, 1.0),
        ([["a"]], [["b"]]),
    ]:
        assert not same_data(one, other)
        assert not same_data(other, one)


def result(*outcomes, checks=None):
    made = Result(checks=len(outcomes) if checks is None else checks)
    for outcome in outcomes:
        made.add(outcome, f"because {outcome}")
    return made


def test_a_function_is_solved_when_all_of_its_checks_passed():
    assert result(PASSED).solved
    assert result(PASSED, PASSED, PASSED).solved


@pytest.mark.parametrize("bad", [TODO, BLOCKED, FAILED, "skipped", "error", "xpassed", ""])
def test_one_check_that_did_not_pass_is_enough(bad):
    for outcomes in permutations((PASSED, PASSED, bad)):
        assert not result(*outcomes).solved
        assert result(*outcomes).passed == 2


def test_a_part_of_the_checks_or_none_of_them_solves_nothing():
    assert not result(PASSED, PASSED, checks=3).solved
    assert not result(PASSED, PASSED, PASSED, PASSED, checks=3).solved
    assert not result(checks=3).solved
    assert not result(checks=0).solved
    assert not result(PASSED, checks=0).solved
    assert not Result().complete
    assert not result(PASSED, PASSED, PASSED, PASSED, checks=3).complete
    assert Result().checks == 0


def test_equal_is_enough_where_things_are_not_the_same_object():
    passed, failed = "".join(["pas", "sed"]), "".join(["fai", "led"])
    many = result(*[passed] * 300, checks=int("300"))
    assert many.solved
    assert Results(a=many).all_right()
    assert not result(passed, checks=2).tells
    results = Results()
    results["integer_encode"].outcome, results["integer_encode"].seen = failed, 1

    class Uses:
        imports = staticmethod(lambda function: [])
        rests_on = staticmethod(lambda function: ["integer_encode"])
        todo = staticmethod(lambda function: False)

    assert blocked_by(Uses, "one_hot_encode", results) == "waiting for integer_encode, which is not right yet"
    kept = Result(checks=2, seen=1, passed=1, outcome=passed)
    assert not kept.tells


def test_the_worst_outcome_and_its_reason_stay():
    order = (PASSED, TODO, BLOCKED, FAILED)
    for outcomes in permutations(order):
        assert result(*outcomes).outcome == FAILED
        assert result(*outcomes).reason == "because failed"
    assert result(PASSED, PASSED).outcome == PASSED
    assert result(PASSED, PASSED).reason is None
    assert result(TODO, PASSED).outcome == TODO
    assert result(TODO, BLOCKED, TODO).outcome == BLOCKED
    assert result(BLOCKED, PASSED, TODO).reason == "because blocked"
    assert result("skipped").outcome == FAILED
    first_of_two = result(PASSED, checks=3)
    first_of_two.add(BLOCKED, "the first reason")
    first_of_two.add(BLOCKED, "another reason")
    assert first_of_two.reason == "the first reason"
    first_of_two.add(FAILED, failure="the first failure")
    first_of_two.add(FAILED, failure="another failure")
    assert first_of_two.failure == "the first failure"


def test_a_part_that_passed_tells_nothing_new():
    assert result(PASSED).tells
    assert result(FAILED, TODO).tells
    assert result(FAILED, checks=2).tells
    assert result(BLOCKED, checks=5).tells
    assert result(TODO, checks=5).tells
    assert not result(PASSED, checks=2).tells
    assert not result(checks=2).tells
    assert not Result().tells


def test_a_run_is_all_right_when_all_that_ran_passed():
    def run(*results):
        return Results(enumerate(results))

    assert run().all_right()
    assert run(result(PASSED), result(checks=4), result(PASSED, checks=2)).all_right()
    for bad in (TODO, BLOCKED, FAILED, "error"):
        assert not run(result(PASSED), result(PASSED, bad)).all_right()
        assert not run(result(bad), result(PASSED)).all_right()


def test_the_outcome_of_what_did_not_run_is_none():
    results = Results()
    results["sigmoid"].checks = 7
    assert results.outcome("sigmoid") is None
    assert results.outcome("softmax") is None
    assert "softmax" not in results
    results["sigmoid"].add(PASSED)
    assert results.outcome("sigmoid") == PASSED
    results["sigmoid"].add(FAILED)
    assert results.outcome("sigmoid") == FAILED


@pytest.fixture
def answer(tmp_path):
    def make(**texts):
        for topic in BY_TOPIC:
            text = texts.get(topic, solution(topic))
            if text is not None:
                (tmp_path / f"{topic}.py").write_text(text, encoding="utf-8")
        return Answer(tmp_path)

    return make


def test_nothing_is_blocked_where_all_is_right(answer):
    results = Results()
    for function in ("binary_crossentropy", "sigmoid", "categorical_crossentropy"):
        results[function].add(PASSED)
    assert blocked_by(answer(), "textbook_loss", results) is None
    assert blocked_by(answer(), "textbook_loss", Results()) is None


def test_a_failure_blocks_what_uses_it_and_nothing_else(answer):
    results = Results()
    results["binary_crossentropy"].add(FAILED)
    whole = answer()
    for user in ("textbook_loss", "keras_loss"):
        assert blocked_by(whole, user, results) == "waiting for binary_crossentropy, which is not right yet"
    for other in ("predict_multi_hot", "recommended_setup", "binary_crossentropy", "hamming_loss"):
        assert blocked_by(whole, other, results) is None
    # What is blocked or todo itself is no failure of its own.
    results = Results()
    results["binary_crossentropy"].add(BLOCKED)
    assert blocked_by(whole, "keras_loss", results) is None


def test_a_todo_blocks_what_uses_it(answer):
    todo = "def integer_encode(labels, classes):\n    raise NotImplementedError\n"
    partly = answer(label_encoders=replace_function("label_encoders", "integer_encode", todo))
    assert blocked_by(partly, "one_hot_encode", Results()) == "waiting for integer_encode, which is todo"
    assert blocked_by(partly, "multi_hot_encode", Results()) is None


def test_a_file_that_cannot_be_used_blocks_what_imports_it(answer):
    broken = answer(losses="def x(:\n")
    assert blocked_by(broken, "recommended_setup", Results()).startswith("waiting for losses.py, line 1: SyntaxError")
    assert "\n" not in blocked_by(broken, "recommended_setup", Results())
    assert blocked_by(broken, "hamming_loss", Results()) is None


def test_a_file_that_is_not_there_blocks_what_imports_it(answer):
    assert blocked_by(answer(losses=None), "keras_loss", Results()) == "waiting for losses.py, which is not there"


def test_use_is_seen_through_helpers_aliases_and_modules(answer):
    text = (
        "import activations as act\nfrom losses import binary_crossentropy as bce, categorical_crossentropy\n"
        "TABLE = {'bce': bce}\n\n\ndef _help(x):\n    return act.softmax(x)\n\n\n"
        "def textbook_loss(y_true, logits, activation, loss):\n    return TABLE[loss](y_true, _help(logits))\n\n\n"
        "def keras_loss(y_true, logits, activation, loss):\n    return act.sigmoid(logits)\n\n\n"
        "def predict_multi_hot(logits, activation, threshold=0.5):\n    return keras_loss(0, logits, 0, 0)\n\n\n"
        "def recommended_setup(task):\n    sigmoid = {}\n    return sigmoid\n"
    )
    made = answer(pairings=text)
    assert set(made.rests_on("textbook_loss")) == {"softmax", "binary_crossentropy"}
    assert set(made.rests_on("keras_loss")) == {"sigmoid"}
    assert set(made.rests_on("predict_multi_hot")) == {"keras_loss", "sigmoid"}
    assert made.rests_on("recommended_setup") == []


@pytest.mark.parametrize(
    "later",
    [
        "sigmoid = mine",
        "if True:\n    sigmoid = mine",
        "from mine import sigmoid",
        "try:\n    def sigmoid(x): return x\nfinally: pass",
    ],
)
def test_a_stub_whose_name_is_given_to_something_else_is_not_todo(answer, later):
    text = "def sigmoid(x):\n    raise NotImplementedError\n\n\n"
    assert answer(activations=text + "def other():\n    sigmoid = 1\n").todo("sigmoid")
    assert answer(activations=f"{later}\n{text}").todo("sigmoid")
    assert not answer(activations=f"{text}{later}\n").todo("sigmoid")
