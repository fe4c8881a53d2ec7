"""The command `kata`: the board, hints, a fresh start."""

import ast
import json
import re

import pytest

from kata.learn import source_of
from kata.syllabus import EXERCISES
from tests.support import CHECKS, TOTAL, solution

pytestmark = pytest.mark.everywhere


@pytest.fixture
def kata(run, clone):
    return lambda *arguments: run("-m", "kata", *arguments, cwd=clone, PYTHONPATH=str(clone))


@pytest.fixture
def pytest_in_clone(run, clone):
    return lambda *arguments: run(
        "-m", "pytest", "-p", "no:cacheprovider", *arguments, cwd=clone, PYTHONPATH=str(clone)
    )


def test_without_a_run_it_says_how_to_begin(kata):
    run = kata()
    assert run.status == 0
    assert "pytest exercises/" in run.out


def test_the_board_of_the_last_run(kata, pytest_in_clone, clone):
    (clone / "exercises/02_activations/activations.py").write_text(solution("activations"), encoding="utf-8")
    board = pytest_in_clone("exercises/").out.partition("board of exercises")[2].splitlines()
    shown = kata()
    assert shown.status == 0
    assert shown.out.splitlines() == [line for line in board[1:] if line and not line.startswith("=")]
    assert "02 activations       ██████████   8/8" in shown.out
    assert "Next: integer_encode in exercises/01_label_encoders/label_encoders.py:10" in shown.out


def test_three_hints_one_more_at_each_call(kata):
    texts = [kata("hint", "03", "binary_crossentropy").out for _ in range(4)]
    # Those that were given before stand above the new one, which may refer to them.
    numbers = [re.findall(r"^binary_crossentropy, hint (\d) of 3$", text, re.MULTILINE) for text in texts]
    assert numbers == [["1"], ["1", "2"], ["1", "2", "3"], ["1", "2", "3"]]
    assert len(set(texts)) == 3
    assert "That was the last one" in texts[2]
    assert kata("hint", "3", "categorical_crossentropy").out.startswith("categorical_crossentropy, hint 1 of 3")


def test_a_hint_without_a_function_is_for_the_next_one(kata, pytest_in_clone, clone):
    assert kata("hint", "02").out.startswith("linear, hint 1")
    text = solution("activations").replace("    x = np.asarray(x)\n    # exp", "    return None\n    # exp")
    (clone / "exercises/02_activations/activations.py").write_text(text, encoding="utf-8")
    pytest_in_clone("exercises/")
    assert kata("hint", "activations").out.startswith("sigmoid, hint 1")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["hint", "42"], "there is no exercise '42'"),
        (["hint", "03", "sigmoid"], "choose one of binary_crossentropy"),
        (["reset", "nothing"], "choose one of 01_label_encoders"),
        (["solution", "42"], "there is no exercise '42'"),
        (["solution", "03", "sigmoid"], "choose one of binary_crossentropy"),
    ],
)
def test_wrong_calls_are_told_what_to_call(kata, arguments, says):
    run = kata(*arguments)
    assert run.status == 2
    assert says in run.err
    assert "Traceback" not in run.err


def test_reset_puts_the_stub_back_and_keeps_every_version(kata, clone, tmp_path):
    target = clone / "exercises/02_activations/activations.py"
    stub = target.read_bytes()
    assert "What was there" not in kata("reset", "02").out  # nothing to lose, nothing kept
    for content in (b"# mine\n", b"# mine again, \xfc\n"):
        target.write_bytes(content)
        out = kata("reset", "02").out
        assert target.read_bytes() == stub
        backup = out.rpartition("What was there: ")[2].strip()
        assert (clone / backup).read_bytes() == content
    assert len(list((tmp_path / "state/backups").iterdir())) == 2
    target.unlink()
    kata("reset", "activations")
    assert target.read_bytes() == stub


def test_reset_takes_the_results_of_the_exercise_along(kata, pytest_in_clone, clone):
    for topic in ("01_label_encoders/label_encoders", "02_activations/activations"):
        (clone / f"exercises/{topic}.py").write_bytes((clone / f"solutions/{topic}.py").read_bytes())
    pytest_in_clone("exercises/")
    assert f"20/{TOTAL}" in kata().out
    kata("reset", "02")
    assert f"12/{TOTAL}" in kata().out
    assert "02 activations       ░░░░░░░░░░   0/8    todo" in kata().out


def test_a_part_of_the_checks_takes_no_points_away(kata, pytest_in_clone, clone):
    target = clone / "exercises/02_activations/activations.py"
    target.write_text(solution("activations"), encoding="utf-8")
    pytest_in_clone("exercises/")
    for part in ("huge", "nothing_is_called_so"):
        assert pytest_in_clone("exercises/02_activations", "-k", part).points() == 8
    target.write_text(solution("activations").replace("(1 + e)", "(2 + e)"), encoding="utf-8")
    assert pytest_in_clone("exercises/02_activations", "-k", "huge").points() == 5  # but a failure does


def test_next_is_where_somebody_works(pytest_in_clone, clone):
    target = clone / "exercises/02_activations/activations.py"
    text = solution("activations")
    target.write_text(text.replace("return e / np.sum(e, axis=axis, keepdims=True)", "return e"), encoding="utf-8")
    line = text.splitlines().index("def softmax(x, axis=-1):") + 1
    assert f"Next: softmax in exercises/02_activations/activations.py:{line}" in pytest_in_clone("exercises/").out
    target.write_text(text, encoding="utf-8")
    assert "Next: integer_encode in" in pytest_in_clone("exercises/").out
    assert "Next: binary_crossentropy in" in pytest_in_clone("exercises/03_losses").out


def test_reset_starts_the_hints_again(kata):
    kata("hint", "02", "sigmoid")
    kata("hint", "03", "binary_crossentropy")
    kata("reset", "02")
    assert "hint 1 of 3" in kata("hint", "02", "sigmoid").out
    assert "hint 2 of 3" in kata("hint", "03", "binary_crossentropy").out


def test_a_solution_is_shown_once_ones_own_is_right(kata, pytest_in_clone, clone):
    for _ in range(2):
        refused = kata("solution", "02", "sigmoid")
        assert refused.status == 2
        assert refused.err == (
            "kata: sigmoid is not right yet: solve it first, or run this in a terminal, where it asks\n"
        )
        assert refused.out == ""
        pytest_in_clone("exercises/")  # todo
    text = solution("activations")
    (clone / "exercises/02_activations/activations.py").write_text(
        text.replace("e / np.sum(e, axis=axis, keepdims=True)", "e"), encoding="utf-8"
    )
    pytest_in_clone("exercises/02_activations")
    shown = kata("solution", "02", "sigmoid")
    assert shown.status == 0
    place, empty, *code = shown.out.splitlines()
    line = text.splitlines().index("def sigmoid(x):") + 1
    assert place == f"solutions/02_activations/activations.py:{line}"
    assert (empty, code[0]) == ("", "def sigmoid(x):")
    assert code[1].strip() == "x = np.asarray(x)"  # the docstring is the stub's, too
    assert code[-1].strip() == "return np.where(x >= 0, np.ones_like(e), e) / (1 + e)"
    assert kata("solution", "02", "softmax").status == 2


def test_without_a_function_the_solutions_are_listed(kata, pytest_in_clone, clone):
    stub = (clone / "exercises/02_activations/activations.py").read_text(encoding="utf-8")
    head, _, tail = stub.partition("    raise NotImplementedError")
    written = f"{head}    return np.asarray(x)\n{tail.partition(chr(10))[2]}"
    (clone / "exercises/02_activations/activations.py").write_text(written, encoding="utf-8")
    pytest_in_clone("exercises/02_activations")
    lines = solution("activations").splitlines()
    places = {
        name: f"solutions/02_activations/activations.py:{1 + lines.index(head)}"
        for name, head in (("linear", "def linear(x):"), ("softmax", "def softmax(x, axis=-1):"))
    }
    shown = kata("solution", "02").out.splitlines()
    assert shown[0].split() == ["linear", "solved", places["linear"]]
    assert shown[2].split() == ["softmax", "not", "yet", places["softmax"]]
    assert len(shown) == 3
    assert not any("np." in line for line in shown)


def test_every_solution_can_be_shown():
    for exercise in EXERCISES:
        lines = exercise.solution.read_text(encoding="utf-8").splitlines()
        for function in exercise.points:
            text, number = source_of(exercise, function)
            assert lines[number - 1].startswith(f"def {function}(")
            whole = [node for node in ast.parse("\n".join(lines)).body if getattr(node, "name", "") == function]
            (shown,) = ast.parse(text).body
            assert ast.dump(shown.args) == ast.dump(whole[0].args)
            assert [*map(ast.dump, shown.body)] == [*map(ast.dump, whole[0].body[1:])]
            assert not set(text.splitlines()) - set(lines)


@pytest.mark.sample(2)
@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"sigmoid": 3}', '{"sigmoid": {"passed": "x", "unknown": 1}}'])
def test_a_damaged_memory_is_no_memory(kata, pytest_in_clone, tmp_path, damaged):
    state = tmp_path / "state"
    state.mkdir()
    (state / "board.json").write_text(damaged, encoding="utf-8")
    (state / "hints.json").write_text(damaged.replace("3}", '"x"}'), encoding="utf-8")
    assert kata().status == 0
    assert "hint 1 of 3" in kata("hint", "02", "sigmoid").out
    assert pytest_in_clone("exercises/").counts() == {"todo": CHECKS}
    assert json.loads((state / "board.json").read_text(encoding="utf-8"))["sigmoid"]["outcome"] == "todo"


def test_a_checkout_that_cannot_be_written_to_is_judged(run, clone, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    run = run("-m", "pytest", "exercises/", cwd=clone, PYTHONPATH=str(clone), KATA_STATE=str(tmp_path / "file/state"))
    assert run.counts() == {"todo": CHECKS}
    assert "Traceback" not in run.out + run.err


def test_nothing_here_imports_tensorflow(run):
    code = "import sys; from kata.cli import main; main([]); main(['hint', '01']); "
    code += "assert 'tensorflow' not in sys.modules"
    assert run("-c", code).status == 0
