"""Every known misconception is rejected by its function's checks, by no others, and told its own sentence."""

import functools
import inspect
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from datasets.layout import processors
from kata.answers.answer import Answer, Reference
from kata.answers.reading import read_source
from kata.judge import misconceptions
from kata.syllabus import BY_FUNCTION, EXERCISES, ROOT
from tests.support import NUMPY, judge_many, replace_function, write_misconception

# Pairs that agree on every input of their suite: the learner may read either sentence.
CANNOT_BE_TOLD_APART = {}

REFERENCE = Reference()
CORPUS = {
    f"{function}-{wrong.__name__}": wrong
    for exercise in EXERCISES
    for function, known in misconceptions.load(REFERENCE.answer.runner, exercise).items()
    for wrong in known
    if hasattr(wrong, "misunderstands")  # its other ways are in test_diagnosis.py
}


# `make test` takes the first of each function. Those of the exercises with TensorFlow take minutes.
FIRST = {wrong.misunderstands: name for name, wrong in reversed(CORPUS.items())}
EACH = [
    pytest.param(
        name,
        marks=[pytest.mark.proof, pytest.mark.long]
        if BY_FUNCTION[wrong.misunderstands].needs
        else [pytest.mark.proof] * (name not in FIRST.values()),
    )
    for name, wrong in CORPUS.items()
]


@pytest.fixture(scope="module")
def verdicts(request, tmp_path_factory):
    """Called with an exercise: {misconception: [(function, check, outcome, text)]} of those that tests are run of.

    They are judged by their own exercise and those that import it.
    """
    items = request.session.items
    chosen = {item.callspec.params["name"] for item in items if request.fixturename in item.fixturenames}

    @functools.cache
    def judged(exercise):
        found, groups = {}, []
        for functions in [[name] for name in exercise.points] if exercise.needs else [list(exercise.points)]:
            folder = tmp_path_factory.mktemp(exercise.topic)
            names = [name for name in CORPUS if name in chosen and CORPUS[name].misunderstands in functions]
            for name in names:
                write_misconception(folder / name, CORPUS[name])
            if names:
                groups.append((folder, names, judged_by(exercise, functions)))
        with ThreadPoolExecutor(processors()) as pool:
            for verdicts in pool.map(lambda group: judge_many(*group), groups):
                found |= verdicts
        return found

    return judged


def judged_by(exercise, functions):
    """What a change of functions can reach, as paths for pytest: the whole exercise, and those that import it.

    Where a check costs a tenth of a second or more, instead of a thousandth, only the functions and those of their
    exercise that use them.
    """
    if exercise.needs:
        reached = set(functions).union(*map(users_of, functions))
        suite = exercise.stub.with_name(f"test_{exercise.topic}.py").relative_to(ROOT)
        # In their order: what uses a function is judged after it.
        return [f"{suite}::Test{name.title().replace('_', '')}" for name in exercise.points if name in reached]
    users = [each for each in EXERCISES if not each.needs and exercise.topic in read_source(each.solution).imports()]
    return [f"exercises/{other.folder}" for other in (exercise, *users)]


@functools.cache
def users_of(function):
    """The functions that use a function, directly or through others."""
    users = {function}
    solutions = Answer(ROOT / "solutions")
    while more := {of for of in BY_FUNCTION if of not in users and users & set(solutions.rests_on(of))}:
        users |= more
    return frozenset(users - {function})


def test_there_are_enough_of_them():
    counts = Counter(wrong.misunderstands for wrong in CORPUS.values())
    assert len(CORPUS) >= 75
    assert min(counts[function] for exercise in EXERCISES[:7] for function in exercise.points) >= 3
    assert min(counts[function] for exercise in EXERCISES[7:] for function in exercise.points) >= 1
    assert sum(counts[function] for exercise in EXERCISES[7:] for function in exercise.points) >= 11


@pytest.mark.parametrize("name", CORPUS)
def test_each_has_a_sentence_and_its_functions_signature(name):
    wrong = CORPUS[name]
    right = REFERENCE.answer.runner.load_function(wrong.misunderstands)
    found, due = (inspect.signature(function).parameters.values() for function in (wrong, right))
    assert [(each.name, each.kind) for each in found] == [(each.name, each.kind) for each in due]
    # A default is another one only where that is the mistake, and all of it.
    changed = {one.name for one, other in zip(found, due, strict=True) if one.default != other.default}
    assert bool(changed) == name.endswith("default")
    sentence = misconceptions.sentence(wrong)
    assert sentence.startswith(("You ", "Your "))
    assert sentence.endswith(".")
    assert 30 <= len(sentence) <= 220


@pytest.mark.parametrize("name", EACH)
def test_each_is_rejected_by_its_own_function_and_by_what_uses_it(verdicts, name):
    function = CORPUS[name].misunderstands
    outcomes = verdicts(BY_FUNCTION[function])[name]
    assert any(outcome == "failure" for of, _, outcome, _ in outcomes if of == function)
    reached = {function, *users_of(function)}
    assert {of for of, _, _, _ in outcomes} >= reached & BY_FUNCTION[function].points.keys()
    assert {of for of, _, outcome, _ in outcomes if outcome != "passed"} <= reached
    # What uses it only waits for it.
    assert all(outcome in ("passed", "skipped") for of, _, outcome, _ in outcomes if of != function)


@pytest.mark.parametrize("name", EACH)
def test_each_is_told_its_own_sentence(verdicts, name):
    wrong = CORPUS[name]
    outcomes = verdicts(BY_FUNCTION[wrong.misunderstands])[name]
    texts = [text for of, _, outcome, text in outcomes if of == wrong.misunderstands and outcome == "failure"]
    assert texts
    twin = CANNOT_BE_TOLD_APART.get(name)
    sentences = [misconceptions.sentence(each) for each in (wrong, CORPUS.get(twin)) if each]
    assert all(any(sentence in text.splitlines() for sentence in sentences) for text in texts), texts[0]


def test_no_two_of_a_function_say_the_same():
    sentences = Counter((wrong.misunderstands, misconceptions.sentence(wrong)) for wrong in CORPUS.values())
    assert [pair for pair, count in sentences.items() if count > 1] == []


KNOWN = {misconceptions.sentence(wrong) for wrong in CORPUS.values()}


def sentences_in(text):
    return [line for line in text.splitlines() if line in KNOWN]


UNKNOWN = {
    "a constant": ("activations", "sigmoid", "def sigmoid(x):\n    return np.full_like(x, 0.25)\n"),
    "nearly the sum": (
        "losses",
        "binary_crossentropy",
        "def binary_crossentropy(y_true, y_pred, from_logits=False):\n"
        "    y_true, y_pred = _pair(y_true, y_pred)\n"
        "    p = y_pred if not from_logits else 1 / (1 + np.exp(-np.maximum(y_pred, -80)))\n"
        "    return np.sum(-(y_true * np.log(_clip(p))), axis=-1) * np.float32(1.01)\n",
    ),
    # Agrees with a sum wherever there are five labels, and with nothing known elsewhere.
    "the sum of five labels, the mean of others": (
        "losses",
        "binary_crossentropy",
        "def binary_crossentropy(y_true, y_pred, from_logits=False):\n"
        "    y_true, y_pred = _pair(y_true, y_pred)\n"
        "    if from_logits:\n"
        "        losses = np.maximum(y_pred, 0) - y_true * y_pred + np.log1p(np.exp(-np.abs(y_pred)))\n"
        "    else:\n"
        "        p = _clip(y_pred)\n"
        "        losses = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))\n"
        "    return np.sum(losses, axis=-1) if y_pred.shape[1] == 5 else np.mean(losses, axis=-1)\n",
    ),
    "random": ("activations", "softmax", "def softmax(x, axis=-1):\n    return np.random.rand(*x.shape)\n"),
    "raises": ("activations", "softmax", "def softmax(x, axis=-1):\n    raise OSError('disk full')\n"),
    "None": ("binary_accuracy", "hamming_loss", "def hamming_loss(y_true, y_pred, threshold=0.5):\n    pass\n"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_mistake_gets_none(judge, answer_folder, name):
    topic, function, code = UNKNOWN[name]
    folder = answer_folder(**{topic: replace_function(topic, function, code)})
    run = judge(f"exercises/{BY_FUNCTION[function].folder}", "--answers", folder)
    assert run.counts()["failed"] >= 1
    assert sentences_in(run.out) == []


SUM = """
def binary_crossentropy(y_true, y_pred, from_logits=False):
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        losses = np.logaddexp(0, y_pred) - y_true * y_pred
    else:
        p = np.minimum(np.maximum(y_pred, np.float32(1e-7)), np.float32(1 - 1e-7))
        losses = -np.where(y_true == 1, np.log(p), np.log(1 - p))
    return losses.sum(axis=1)
"""


def sentence_of(function, name):
    return misconceptions.sentence(CORPUS[f"{function}-{name}"])


def test_it_is_found_in_code_that_looks_different(judge, answer_folder):
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", SUM))
    run = judge("exercises/03_losses", "--answers", folder)
    assert set(sentences_in(run.out)) == {sentence_of("binary_crossentropy", "binary_summed_over_the_labels")}
    assert len(sentences_in(run.out)) == run.counts()["failed"]


def test_one_check_alone_is_enough_to_find_it(judge, answer_folder):
    # The other inputs come from the suite, not from what was selected.
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", SUM))
    run = judge("exercises/03_losses", "--answers", folder, "-k", "test_one_loss_for_each_sample_from_logits")
    assert sentences_in(run.out) == [sentence_of("binary_crossentropy", "binary_summed_over_the_labels")]


def test_two_mistakes_in_two_functions_are_told_apart(judge, answer_folder):
    wrong = replace_function("losses", "binary_crossentropy", SUM)
    second = "\n\n_right = categorical_crossentropy\n\n\n"
    second += "def categorical_crossentropy(y_true, y_pred, from_logits=False):\n"
    second += "    return _right(y_true, y_pred, from_logits) / np.float32(np.log(2))\n"
    run = judge("exercises/03_losses", "--answers", answer_folder(losses=wrong + second))
    assert len(set(sentences_in(run.out))) == 2


def test_two_mistakes_in_one_function_one_of_value_one_of_errors(judge, answer_folder):
    # Sums, and does not look at the shapes: what is known of the values is said where a value is wrong.
    code = SUM.replace("    y_true, y_pred = _pair(y_true, y_pred)\n", "")
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", code))
    run = judge("exercises/03_losses", "--answers", folder)
    assert set(sentences_in(run.out)) == {sentence_of("binary_crossentropy", "binary_summed_over_the_labels")}
    assert len(sentences_in(run.out)) == run.counts()["failed"] - 1


def test_what_an_answer_prints_is_not_printed_once_more_for_every_input(judge, answer_folder):
    code = SUM.replace("    y_true, y_pred = _pair", "    print('hello')\n    y_true, y_pred = _pair")
    folder = answer_folder(losses=replace_function("losses", "binary_crossentropy", code))
    run = judge("exercises/03_losses", "--answers", folder, "-k", "example_as_probabilities")
    assert run.out.count("hello") == 1


def test_a_right_answer_gets_none_and_loads_none(run):
    code = f"""
import sys, pytest
real_open = open
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
status = pytest.main([*{NUMPY}, "--answers", "solutions", "-q", "-p", "no:cacheprovider"])
assert not [path for path in opened if "misconceptions" in path or "diagnosis" in path], opened
sys.exit(status)
"""
    done = run("-c", code)
    assert done.status == 0, done.out + done.err
    assert sentences_in(done.out) == []
