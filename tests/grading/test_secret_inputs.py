"""What was asked once is worth nothing later, and nothing in the sandbox tells what will be asked."""

import contextlib
import json

import numpy as np
import pytest

from kata.answers.answer import SOLUTIONS, Answer, Reference
from kata.checks.comparison import ERROR
from kata.grading.judging import seeds_of
from kata.grading.marking import DRAWS, Marking
from kata.grading.results import FEEDBACK
from kata.grading.suites import SHOWN, Drawn, Suites, derived
from kata.syllabus import BY_TOPIC, EXERCISES
from tests.grading.test_grading import grade
from tests.support import needs_sandbox, solution

SPIES = """
import os, sys, time
def linear(x):
    seen = [dict(os.environ), sys.argv, sys.orig_argv, os.getcwd(), os.uname(), hash("a"), os.listdir("/tmp")]
    raise ValueError(repr(seen)[:9000])
def sigmoid(x):
    raise ValueError(repr(os.environ.get("PYTHONHASHSEED")))
def softmax(x, axis=-1):
    raise ValueError(repr(os.environ.get("PYTHONHASHSEED")))
"""
TABLE = """
import numpy as np
KNOWN = {known!r}
def _look_up(name, args):
    kind, shape, values = KNOWN[name, repr([(str(a.dtype), a.tolist()) if hasattr(a, "tolist") else a for a in args])]
    return np.array(values, kind).reshape(shape)
def linear(x): return _look_up("linear", [x])
def sigmoid(x): return _look_up("sigmoid", [x])
def softmax(x, axis=-1): return _look_up("softmax", [x, axis])
"""


def table(seeds):
    """An activations.py that knows by heart what the public suites ask with some seeds, and computes nothing."""
    reference, known = Reference(), {}
    suites = Suites([BY_TOPIC["activations"]], reference)
    draws = [suites.literal, *(Drawn(suites, seed) for seed in seeds)]
    for function in suites.tests:
        asked = [calls for draw in draws for calls in draw.plan(function).calls.values()]
        asked.append([(given.args, given.kwargs, given.view) for given in suites.inputs(function)])
        for args, kwargs, _ in (call for calls in asked for call in calls):
            value = np.asarray(getattr(reference, function)(*args, **kwargs))
            given = [*args, *kwargs.values()] + ([-1] if function == "softmax" and len([*args, *kwargs]) == 1 else [])
            key = repr([(str(a.dtype), a.tolist()) if hasattr(a, "tolist") else a for a in given])
            known[function, key] = str(value.dtype), value.shape, value.ravel().tolist()
    return TABLE.format(known=known).replace(" inf", " np.inf").replace("[inf", "[np.inf").replace("nan", "np.nan")


@needs_sandbox
def test_a_table_of_stored_values_earns_nothing_where_inputs_are_random(tmp_path):
    folder, output = tmp_path / "submissions", tmp_path / "output"
    (folder / "eve").mkdir(parents=True)
    (folder / "eve" / "activations.py").write_text(SPIES)
    options = ("--exercises", "02", "--seed", str(2**90 + 3_123_456_789))
    grade(folder, "--output", output, *options)
    secret = json.loads((output / "run.json").read_text())["seed"]
    for name in ("feedback.md", "feedback.html", "results.json"):
        text = (output / "eve" / name).read_text(encoding="utf-8")
        assert "PYTHONHASHSEED" in text or name == "feedback.html"
        assert not [form for form in (str(secret), hex(secret)[2:], str(secret % 2**32)) if form in text]
    (folder / "eve" / "activations.py").write_text(table([0, SHOWN, secret, secret % 2**32]))
    grade(folder, "--output", output, *options)
    result = json.loads((output / "eve" / "result.json").read_text(encoding="utf-8"))
    assert result["attempt"] == 2
    literal = [check for check in result["checks"] if "random" not in check["test"]]
    assert {check["outcome"] for check in literal} == {"passed"}, "the table knows what is literal"
    points = {name: marks["points"] for name, marks in result["functions"].items()}
    assert points["sigmoid"] == points["softmax"] == 0, points


def details(output, name):
    """What the instructor is told of a submission's checks with random inputs: the inputs among it."""
    result = json.loads((output / name / "result.json").read_text(encoding="utf-8"))
    return {check["test"]: check["detail"] for check in result["checks"] if check.get("detail")}


@needs_sandbox
def test_what_is_judged_again_and_what_others_hand_in_get_other_inputs(tmp_path):
    folder = tmp_path / "submissions"
    wrong = solution("activations") + "\n\ndef softmax(x, axis=-1):\n    return np.asarray(x, np.float32) * 0.5\n"
    for name, code in {"ann": wrong, "bob": wrong + "# mine\n"}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "activations.py").write_text(code)
    options = ("--exercises", "02", "--seed", "5")
    first, second = tmp_path / "first", tmp_path / "second"
    for output in (first, second):
        grade(folder, "--output", output, *options)
    found = details(first, "ann")
    assert found
    assert details(second, "ann") == found, "with the secret, a run can be repeated"
    assert details(first, "bob") != found
    path = first / "ann" / "result.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"keys"', '"was keys"'))  # then it is judged again
    grade(folder, "--output", first, *options)
    assert details(first, "ann").keys() == found.keys()
    assert details(first, "ann") != found


SEEN = """
import os
calls = []
def sigmoid(x):
    calls.append(1)
    if len(calls) > {literal}:
        open({place!r}, "w").close()
    if os.path.exists({place!r}):
        return 1 / (1 + np.exp(-x))
    return _right(x) if len(calls) <= {literal} else x
"""


def test_without_a_sandbox_that_forgets_no_misconception_is_chosen_by_what_was_seen(tmp_path):
    # A file that one process leaves is there for the next: so nobody is asked what was misunderstood, once random
    # inputs are known.
    place, function = str(tmp_path / "seen"), "sigmoid"
    suites = Suites([BY_TOPIC["activations"]], Reference())
    literal = sum(map(len, suites.literal.plan(function).calls.values()))
    right = solution("activations").replace("def sigmoid(", "def _right(")
    (tmp_path / "submissions/eve").mkdir(parents=True)
    (tmp_path / "submissions/eve/activations.py").write_text(right + SEEN.format(literal=literal, place=place))
    output = tmp_path / "output"
    grade(tmp_path / "submissions", "--output", output, "--exercises", "02", "--no-sandbox")
    assert (tmp_path / "seen").exists(), "it has seen some"
    feedback = (output / "eve/feedback.md").read_text(encoding="utf-8")
    assert "for random inputs sigmoid does not do what the solution does" in feedback
    assert "You let exp see large positive numbers" not in feedback


@needs_sandbox
def test_what_holds_the_secret_is_for_the_instructor_alone(tmp_path):
    (tmp_path / "submissions" / "ann").mkdir(parents=True)
    (tmp_path / "submissions" / "ann" / "activations.py").write_text(solution("activations"))
    output = tmp_path / "output"
    grade(tmp_path / "submissions", "--output", output, "--exercises", "02")
    secret = str(json.loads((output / "run.json").read_text())["seed"])
    open_to_others = [path for path in output.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert {output / "run.json", output / "grades.json"}.isdisjoint(open_to_others)
    assert {output / "ann" / name for name in FEEDBACK} <= set(open_to_others)
    assert not [path.name for path in open_to_others if secret in path.read_text(encoding="utf-8")]


@pytest.mark.proof
def test_no_two_judgings_share_a_random_input():
    suites = Suites([exercise for exercise in EXERCISES if not exercise.needs], Reference())
    found = {}
    for submission in range(10):
        for attempt in range(1, 11):
            drawn = Drawn(suites, derived(7, f"digest {submission}", attempt))
            for function in suites.tests:
                for test, calls in drawn.plan(function).calls.items():
                    for place, (args, _, _) in enumerate(calls):
                        found.setdefault((function, test, place), []).append(
                            repr(args) + str(list(map(_bytes, args)))
                        )
    together = {}
    for (function, test, _), texts in found.items():
        assert len(texts) == 100
        together.setdefault((function, test), []).append(texts)
    for name, places in together.items():
        wholes = set(zip(*places, strict=True))
        assert len(wholes) == 100, f"{name} asked two judgings the same"
    large = [texts for texts in found.values() if len(set(texts)) > 1 and min(map(len, texts)) > 1000]
    assert large
    assert all(len(set(texts)) == 100 for texts in large)


def _bytes(value):
    return value.tobytes() if isinstance(value, np.ndarray) else b""


def test_where_tensorflow_is_needed_an_attempt_has_a_few_draws_and_the_next_one_others():
    def shared(secret, attempt):
        return {seeds_of(secret, f"digest {submission}", attempt)[1] for submission in range(100)}

    found = [shared(7, 1), shared(7, 2), shared(7, "an attempt"), shared(8, 1)]
    assert list(map(len, found)) == [DRAWS] * 4
    assert len(set.union(*found)) == 4 * DRAWS
    own = {seeds_of(7, f"digest {submission}", attempt)[0] for submission in range(100) for attempt in (1, 2)}
    assert len(own) == 200


def test_what_is_right_is_computed_once_for_each_of_the_last_draws():
    reference, asked = Reference(), []
    marking, compute = Marking(Suites([BY_TOPIC["transfer_model"]], reference), reference), reference._once
    reference._once = lambda *call: asked.append(call) or compute(*call)
    answer = Answer(SOLUTIONS)
    answer.runner.unjudged, answer.runner.begin = {}, lambda test: None
    answer.runner.unnoticed = contextlib.nullcontext
    computed = []
    for seeds in ((0, 5), (1, 5), (1, 6), (0, 5), *((0, seed) for seed in range(10, 10 + DRAWS)), (0, 5)):
        marks = marking.judge(answer, seeds, {"standardize"})
        assert marks["functions"]["standardize"]["outcome"] == "passed"
        computed.append(len(asked))
    assert computed[0] == computed[1] < computed[2] == computed[3] < computed[-2]
    assert computed[-2] < computed[-1], "the draw was forgotten: memory has an end"


def test_explain_is_asked_no_question_whose_answer_a_random_training_would_decide():
    # A training on few random samples may come out otherwise than it does as a rule, and a right answer be wrong.
    suites = Suites([BY_TOPIC["experiments"]], Reference())
    random = [given for test in suites.tests["explain"] if test.seeded for given in suites.shown(test)]
    assert {given.kind for given in random} == {ERROR}


@pytest.mark.parametrize("changed", [(8, "digest", 1), (7, "digest2", 1), (7, "digest", 2)])
def test_the_inputs_rest_on_secret_digest_and_attempt(changed):
    assert derived(7, "digest", 1) == derived(7, "digest", 1)
    assert derived(*changed) != derived(7, "digest", 1)
