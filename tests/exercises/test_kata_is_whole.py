"""Solutions pass, stubs are todo, and no exercise lacks a part."""

import ast
import inspect

import pytest

from kata.answers.answer import Answer
from kata.answers.reading import read_source
from kata.folders import EXERCISES as OWN
from kata.folders import SOLUTIONS
from kata.judge.hints import RUNGS, read_hints
from kata.learn.stubs import make_stub
from kata.syllabus import BY_FUNCTION, BY_TOPIC, EXERCISES, ROOT, find_exercise
from tests.support import CHECKS, NUMPY, write_notebooks

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.folder)


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}


@pytest.mark.proof
def test_solutions_pass_everything_as_notebooks(judge, tmp_path):
    # The same functions in cells. As modules, with seed 0, `pytest solutions/` has them in .ci/run.
    write_notebooks(tmp_path / "notebooks", EXERCISES)
    run = judge("exercises/", "--answers", tmp_path / "notebooks", "--seed", "1")
    assert run.status == 0, run.out
    assert run.counts() == {"passed": CHECKS}
    assert run.points() == sum(exercise.worth for exercise in EXERCISES)


def test_solutions_pass_with_other_seeds(judge):
    for seed in (0, 2, 3):
        assert judge(*NUMPY, "--answers", "solutions", "--seed", seed).status == 0


def test_an_untouched_clone_is_all_todo_and_nothing_else(run, clone):
    # In a process that would fail on an import of TensorFlow or Keras, or of an exercise's module.
    refused = ["tensorflow", "keras", "pandas", "nbconvert", "nbformat", "matplotlib", *BY_TOPIC]
    code = f"""
import sys, pytest
class Refuse:
    def find_spec(self, name, path=None, target=None):
        assert name.partition(".")[0] not in {refused}, name
sys.meta_path.insert(0, Refuse())
status = pytest.main(["exercises/", "-p", "no:cacheprovider"])
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
sys.exit(status)
"""
    done = run("-c", code, cwd=clone, PYTHONPATH=str(clone))
    assert done.status == 1, done.out + done.err
    assert done.counts() == {"todo": CHECKS}
    assert done.points() == 0
    assert "Traceback" not in done.out + done.err
    assert "Error" not in done.out + done.err
    assert "exercises/01_label_encoders/label_encoders.py:10" in done.out


@each_exercise
def test_stub_is_what_its_solution_makes(exercise, clone):
    stub = clone / exercise.stub.relative_to(ROOT)
    if any(not read_source(stub).todo(name) for name in exercise.points):
        pytest.skip("somebody has begun this exercise here")
    assert stub.read_text(encoding="utf-8") == make_stub(exercise)


@each_exercise
def test_stub_and_solution_agree(exercise):
    # Independent of kata/learn/stubs.py: names, parameters with their defaults, docstrings.
    stub, solution = functions(exercise.stub), functions(exercise.solution)
    assert list(stub) == list(exercise.points)
    for name, node in stub.items():
        assert ast.dump(node.args) == ast.dump(solution[name].args)
        assert ast.get_docstring(node) == ast.get_docstring(solution[name])


def test_signatures_are_the_contract():
    # Others rely on these names: graded hand-ins, notebooks, lessons elsewhere.
    answer = Answer(SOLUTIONS)
    contract = {
        "integer_encode": "(labels, classes)",
        "one_hot_encode": "(labels, classes)",
        "multi_hot_encode": "(label_sets, classes)",
        "multi_hot_decode": "(encoded, classes)",
        "linear": "(x)",
        "sigmoid": "(x)",
        "softmax": "(x, axis=-1)",
        "binary_crossentropy": "(y_true, y_pred, from_logits=False)",
        "categorical_crossentropy": "(y_true, y_pred, from_logits=False)",
        "sparse_categorical_crossentropy": "(y_true, y_pred, from_logits=False)",
        "textbook_loss": "(y_true, logits, activation, loss)",
        "keras_loss": "(y_true, logits, activation, loss)",
        "predict_multi_hot": "(logits, activation, threshold=0.5)",
        "recommended_setup": "(task)",
        "binary_accuracy": "(y_true, y_pred, threshold=0.5)",
        "subset_accuracy": "(y_true, y_pred, threshold=0.5)",
        "hamming_loss": "(y_true, y_pred, threshold=0.5)",
        "logit_threshold": "(probability)",
        "all_zeros_accuracy": "(y_true)",
        "read_table": "(folder, classes)",
        "split_indices": "(n_samples, train_share=0.8, seed=0)",
        "load_image": "(path, size=64)",
        "make_batches": "(paths, labels, size=64, batch_size=64)",
        "prepare_images": "(images, preprocessing='tutorial')",
        "build_base": "(weights='imagenet', image_size=64)",
        "extract_features": "(base, images, batch_size=64)",
        "standardize": "(train, test)",
        "build_model": "(base, activation, preprocessing='tutorial', n_classes=5)",
        "compile_model": "(model, activation)",
        "train_pairing": "(features, labels, kernel, activation, loss, epochs=100, batch_size=64, seed=0, "
        "learning_rate=0.001, reshape=False)",
        "best_threshold": "(labels, outputs)",
        "run_grid": "(features, labels, test_features, test_labels, kernel, epochs=100, batch_size=64, seed=0)",
        "same_training": "(rows, tolerance=1e-05)",
        "explain": "(question)",
        "write_table": "(rows, path)",
        "plot_grid": "(rows, path)",
        "find_device": "()",
        "draw_weights": "(shapes, seed=0)",
        "compute_features": "(images, weights, precision='float32', batch_size=64, verbose=0)",
        "train_head": "(features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, "
        "checkpoint=None, verbose=0)",
        "label_report": "(y_true, y_pred, classes)",
        "describe_predictions": "(y_true, y_pred, classes)",
        "draw_pictures": "(folder, history, images, words)",
        "run_training": "(folder, output, weights='random', epochs=100, image_size=64, batch_size=64, seed=0, "
        "verbose=0)",
    }
    assert contract.keys() == BY_FUNCTION.keys()
    for name, signature in contract.items():
        assert str(inspect.signature(answer.runner.load_function(name))) == signature


@each_exercise
def test_every_function_has_points_a_suite_a_lesson_and_hints(exercise):
    lesson = (exercise.stub.parent / "README.md").read_text(encoding="utf-8")
    suite = exercise.stub.with_name(f"test_{exercise.topic}.py").read_text(encoding="utf-8")
    hints = read_hints(exercise)
    assert list(hints) == list(exercise.points)
    for function, points in exercise.points.items():
        assert points >= 1
        assert f"{function}(" in lesson
        assert suite.count(f'@pytest.mark.function("{function}")') == 1
        assert len(hints[function]) == RUNGS
        assert all(hints[function])


@each_exercise
def test_no_hint_is_the_solution(exercise):
    # A rung that contains every statement of the solution's body would be a solution.
    for function, rungs in read_hints(exercise).items():
        body = functions(exercise.solution)[function].body[1:]
        for rung in rungs:
            flat = "".join(rung.split())
            assert not all("".join(ast.unparse(node).split()) in flat for node in body)
            assert "return " not in rung or f"def {function}" not in rung


def test_at_most_100_points_and_60_for_the_numpy_exercises():
    assert sum(exercise.worth for exercise in EXERCISES) <= 100
    assert sum(exercise.worth for exercise in EXERCISES[:5]) == 60


def test_folders_are_mirrored_and_hold_no_stray_file():
    for exercise in EXERCISES:
        kept = {path.name for path in exercise.stub.parent.iterdir() if path.name != "__pycache__"}
        topic = exercise.topic
        assert {"README.md", f"{topic}.py", f"test_{topic}.py"} <= kept
        assert kept <= {"README.md", f"{topic}.py", f"test_{topic}.py", f"bench_{topic}.py", f"{topic}.ipynb"}
    for folder in (OWN, SOLUTIONS):
        numbered = {path.name for path in folder.iterdir() if path.is_dir() and path.name[0].isdigit()}
        assert numbered == {exercise.folder for exercise in EXERCISES}


def test_exercises_are_found_by_any_of_their_names():
    paths = "exercises/03_losses/", "exercises/03_losses/losses.py", "exercises/03_losses/losses.ipynb"
    for name in ("3", "03", "losses", "03_losses", *paths):
        assert find_exercise(name).folder == "03_losses"
    with pytest.raises(LookupError, match="01_label_encoders, 02_activations"):
        find_exercise("99")
