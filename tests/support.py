"""Answers made from the solutions, with something changed."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from datasets.features import draw_weights
from datasets.pretrained import SHAPES
from kata.answers.frameworks import import_quietly
from kata.learn.notebooks import make_notebook
from kata.syllabus import BY_FUNCTION, BY_TOPIC, EXERCISES, ROOT

# Seconds after which a process of a test hangs: a slow machine takes longer than one expects. A test that hangs for
# 1,200 ends the run (see the Makefile).
HANGS = 1100

# How many checks there are, counted in the suites' text and not by the judge that the tests are about.
CHECKS = sum(
    len(re.findall(r"^    def test_", path.read_text(encoding="utf-8"), re.MULTILINE))
    for exercise in EXERCISES
    for path in exercise.stub.parent.glob("test_*.py")
)

TOTAL = sum(exercise.worth for exercise in EXERCISES)
NUMPY_WORTH = sum(exercise.worth for exercise in EXERCISES if not exercise.needs)
# What is judged in a second: most tests are not about what TensorFlow computes.
NUMPY = [f"exercises/{exercise.folder}" for exercise in EXERCISES if not exercise.needs]
_HEAVY = {exercise.folder for exercise in EXERCISES if exercise.needs}
NUMPY_CHECKS = sum(
    len(re.findall(r"^    def test_", suite.read_text(encoding="utf-8"), re.MULTILINE))
    for folder in NUMPY
    for suite in (ROOT / folder).glob("test_*.py")
)


def copy_numpy_solutions(folder):
    """Make an answer of the solutions that TensorFlow is not needed for."""
    shutil.copytree(ROOT / "solutions", folder, ignore=lambda _, names: [n for n in names if n in _HEAVY])


def misconceptions_of(exercise):
    """The code of its misconceptions, for an answer: it imports nothing of the kata, as no answer may."""
    code = exercise.misconceptions.read_text(encoding="utf-8")
    marks = "def misconception(*_, of=None):\n    return lambda wrong: wrong\n\n\nanother_way = misconception\n"
    marks += "\n\ndef with_defaults(right, **_):\n    return right\n"
    without, found = re.subn(r"^from kata\.judge import .*\n", marks, code, flags=re.MULTILINE)
    assert found == 1
    return without


def write_misconception(folder, *wrong):
    """Make an answer of the solutions in which a function is a known misconception, or several are."""
    folder.mkdir(parents=True)
    for exercise in EXERCISES:
        text = solution(exercise.topic)
        for each in wrong:
            if exercise is BY_FUNCTION[each.misunderstands]:
                text += f"\n\n{misconceptions_of(exercise)}\n\n{each.misunderstands} = {each.__name__}\n"
        (folder / f"{exercise.topic}.py").write_text(text, encoding="utf-8")


def judge_many(folder, names, paths, checkout=ROOT, **environment):
    """Judge several answers in one pytest run of its own process: {name: [(function, check, outcome, text)]}.

    Args:
        folder: where the answers lie; names: of the answers; paths: of suites; checkout: whose kata judges.
        environment: variables of the process.
    """
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=no", f"--junitxml={report}"]
    command += [*paths, *(f"--answers={folder / name}" for name in names)]
    environment = os.environ | {"KATA_STATE": str(folder / "state"), "PYTHONPATH": str(checkout)} | environment
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr
    found = defaultdict(list)
    functions = {f"Test{function.title().replace('_', '')}": function for function in BY_FUNCTION}
    for case in ElementTree.parse(report).iter("testcase"):
        check, _, name = case.get("name").rstrip("]").partition("[")
        name = name or names[0]  # one answer alone stands in no name of a check
        outcome, text = "passed", ""
        for child in case:
            if child.tag in ("failure", "error", "skipped"):
                outcome, text = child.tag, child.text or child.get("message") or ""
        found[name].append((functions[case.get("classname").rpartition(".")[2]], check, outcome, text))
    return found


def solution(topic, **replacements):
    """The text of a solution with pieces replaced; each piece must be there."""
    text = BY_TOPIC[topic].solution.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    return text


def replace_function(topic, function, code):
    """The text of a solution with one function's definition replaced by other code."""
    text = BY_TOPIC[topic].solution.read_text(encoding="utf-8")
    pattern = rf"^def {function}\(.*?(?=^def |\Z)"
    assert re.search(pattern, text, re.MULTILINE | re.DOTALL)
    return re.sub(pattern, lambda _: code.rstrip() + "\n\n\n", text, flags=re.MULTILINE | re.DOTALL)


def _sandbox():
    """Why there is no sandbox here; None where there is."""
    if not sys.platform.startswith("linux"):
        return "there are no namespaces here"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed"
    done = subprocess.run(
        ["bwrap", "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"], capture_output=True, text=True
    )
    return f"namespaces are forbidden: {done.stderr.strip()}" if done.returncode else None


def command_lines():
    """The command lines of all processes of this machine."""
    import psutil  # not above: Dask brings it, which not everybody has who runs a few tests

    return [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]


NO_SANDBOX = _sandbox()
needs_sandbox = pytest.mark.skipif(NO_SANDBOX is not None, reason=str(NO_SANDBOX))


def notebook_of(*cells, **metadata):
    """The text of a notebook with these code cells; a cell in a list is a text cell."""
    kinds = {str: {"cell_type": "code", "outputs": [], "execution_count": None}, list: {"cell_type": "markdown"}}
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": metadata,
            "cells": [
                {**kinds[type(cell)], "id": f"cell-{number}", "metadata": {}, "source": cell}
                for number, cell in enumerate(cells)
            ],
        }
    )


_ELSEWHERE = (ast.If, ast.Expr, ast.Import, ast.ImportFrom)  # made by `kata notebook`, or no code


def solved_notebook(exercise):
    """A learner's notebook: made by `kata notebook`, solved in its cells, with the helpers in cells of their own."""
    notebook = make_notebook(exercise)
    lines = exercise.solution.read_text(encoding="utf-8").splitlines()
    body = ast.parse("\n".join(lines)).body
    texts = {node: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in body}
    written = {f"function {node.name}": node for node in body if isinstance(node, ast.FunctionDef)}
    place = next(place for place, cell in enumerate(notebook.cells) if cell.metadata["kata"]["part"] in written)
    for cell in notebook.cells:
        if node := written.pop(cell.metadata["kata"]["part"], None):
            cell.source = texts.pop(node)
    # What is left of the solution: helpers and constants.
    rest = [text for node, text in texts.items() if not isinstance(node, _ELSEWHERE)]
    notebook.cells[place:place] = [new_code_cell(text) for text in rest]
    return nbformat.writes(notebook)


def write_notebooks(folder, exercises):
    """Make an answer of solved notebooks."""
    for exercise in exercises:
        path = folder / exercise.folder / exercise.notebook.name
        path.parent.mkdir(parents=True)
        path.write_text(solved_notebook(exercise), encoding="utf-8")


def write_vgg16(path, seed=7):
    """Write VGG16 without its top, with random weights, to a file as Keras writes it; return the weights."""
    import_quietly(["tensorflow", "keras"])
    import h5py
    import keras
    from keras.src.legacy.saving import legacy_h5_format

    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3))
    base.set_weights(draw_weights(SHAPES, seed))
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, base)
    return base.get_weights()
