"""Notebooks as answers: what counts of them, and what a run says of those that are broken."""

import json
import re

import pytest

from kata.answers.answer import Answer
from kata.answers.cells import read_cells
from kata.answers.conversion import convert, plain
from kata.answers.reading import read_source
from kata.syllabus import BY_TOPIC, EXERCISES
from tests.support import copy_numpy_solutions, needs_sandbox, notebook_of, solution, solved_notebook

LINEAR = "def linear(x):\n    return np.asarray(x)"


@pytest.fixture
def notebook(tmp_path):
    """Read a notebook with these cells as the answer to 03."""

    def make(*cells, name="losses.ipynb", **metadata):
        path = tmp_path / name
        path.write_text(notebook_of(*cells, **metadata), encoding="utf-8")
        return read_source(path)

    return make


def run_cells(source):
    namespace = {"__name__": "losses"}
    source.execute(namespace)
    return namespace


def test_functions_classes_imports_and_plain_assignments_count_and_nothing_else(notebook):
    source = notebook(
        ["# A lesson", "def in_a_lesson(): pass"],
        "import math\nfrom math import pi as circle\nEPS = 1e-7\nlimits: tuple = (EPS, 1 - EPS)\nlimits += (2,)",
        "class Clip:\n    low = EPS\n\n\ndef area(r):\n    print('never seen')\n    return circle * r**2",
        "square = lambda x: math.pow(x, 2)\nnames = {**{'a': 1}, 'b': [i for i in (1, 2)]}",
        "raise SystemExit\ninput()\nmade = float(3)\nfor i in range(3):\n    looped = i\nassert False",
        "late = await_me = [await something]\nEPS = float(2)\ndel EPS",
        "if __name__ == '__main__':\n    program = 1\ntry:\n    tried = 1\nexcept ValueError:\n    pass",
    )
    namespace = run_cells(source)
    assert namespace.keys() - {"__name__", "__builtins__", "__annotations__"} == {
        *("math", "circle", "EPS", "limits", "Clip", "area", "square", "names"),
    }
    assert namespace["EPS"] == namespace["Clip"].low == 1e-7
    assert namespace["limits"] == (1e-7, 1 - 1e-7, 2)
    assert namespace["square"](3) == 9


def test_an_import_that_a_notebook_guards_counts_with_what_takes_its_place(notebook):
    source = notebook(
        "try:\n    from numba_that_is_not_there import njit\nexcept ImportError:\n    def njit(f):\n        return f",
        "try:\n    import math as m\nexcept ImportError:\n    m = None\nelse:\n    HAS = True",
        "try:\n    import math as never\n    print('never seen')\nexcept ImportError:\n    pass",
        "@njit\ndef area(r):\n    return m.pi * r**2",
    )
    namespace = run_cells(source)
    assert namespace["area"](0) == 0
    assert namespace["HAS"]
    assert "never" not in namespace


def test_cells_count_from_top_to_bottom_whatever_the_order_was_they_ran_in(tmp_path):
    text = json.loads(notebook_of("def f():\n    return 1", "def f():\n    return 2"))
    for cell, count in zip(text["cells"], (7, 3), strict=True):
        cell["execution_count"] = count
    assert run_cells(read_cells(tmp_path, convert(json.dumps(text).encode())))["f"]() == 2


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install a \\\n  b\nx = 1", "\npass\nx = 1"),
        ("files = !ls\nt = %time f()\nx.y = %who\nx = 1", "pass\npass\npass\nx = 1"),
        ("np.sum?\n?np\nf??", "pass\npass\npass"),
        ("if a:\n    !echo it's (\n    b = 1", "if a:\n    pass\n    b = 1"),
        ("!echo '''\n!echo )\nx = 1", "pass\npass\nx = 1"),
        ("%%time\ndef f():\n    pass", "\ndef f():\n    pass"),
        ("\n%%capture out\nx = 1", "\n\nx = 1"),
        ("%%writefile losses.py\nx = 1", ""),
        ("%%bash\nrm -rf /", ""),
        ("%%timeit\nx = 1", ""),
        # as IPython does, which takes away what all lines begin with
        ("    def f():\n        return 1\n\n    x = 1", "def f():\n    return 1\n\nx = 1"),
        ("  %matplotlib inline\n  x = 1", "pass\nx = 1"),
        ("    x = 1\ny = 2\n  z", "x = 1\ny = 2\n  z"),
        # Python that looks like IPython's lines stays as it is
        ("def f(a):\n    '''\n    %timeit\n    !no\n    '''\n    return (a\n    % 3)", None),
        ("text = 'what?'\nx = '\u2028' # why?", None),
        # and so does what is no Python at all
        ("def f(:\n%x", None),
        ("x = (\n!ls", None),
    ],
)
def test_ipythons_own_lines_are_made_blank_and_all_others_keep_their_numbers(cell, python):
    assert plain(cell) == (cell if python is None else python)


def test_a_thousand_magics_in_a_cell_are_no_python():
    assert plain("%a\n" * 1000).endswith("%a\n")


def test_a_cell_that_cannot_be_read_costs_what_is_in_it(notebook):
    exercise = BY_TOPIC["losses"]
    source = notebook(
        ["text"],
        "import numpy as np\nEPS = 1e-7",
        "def binary_crossentropy(y_true, y_pred):\n    return EPS",
        "SCALE = 2\n\ndef categorical_crossentropy(a):\n    return (",
        "def binary_crossentropy(y_true):\n  return :",
        "def sparse_categorical_crossentropy(:\n    pass",
        "def sparse_categorical_crossentropy(a):\n    return SCALE",
    )
    fault = source.faults["categorical_crossentropy"]
    assert fault.startswith("losses.ipynb, cell 4, line 4: SyntaxError: ")
    assert "cell 5, line 2" in source.faults["binary_crossentropy"]  # the last word on it, though it was right before
    assert "sparse_categorical_crossentropy" not in source.faults  # written again, rightly
    assert not any(source.todo(name) for name in exercise.points)
    namespace = run_cells(source)
    assert "cell 4, line 4: SyntaxError" in source.notes["SCALE"]
    assert namespace["EPS"] == 1e-7


def test_a_line_that_cannot_be_run_costs_what_it_defines(notebook):
    source = notebook(
        "import matplotlib_that_is_not_installed.pyplot as plt",
        "history = model.fit(x)\nlosses = history.history['loss']\nfirst, second = [1, 2][7], 3",
        "@undefined\ndef f():\n    pass\n\n\ndef g():\n    nonlocal nothing",
        "from __future__ import annotations",
        "def h(x: undefined):\n    return 1",
    )
    assert run_cells(source)["h"](0) == 1
    assert source.notes["plt"].startswith("cell 1, line 1: ModuleNotFoundError: No module named")
    assert source.notes["losses"] == "cell 2, line 2: NameError: name 'history' is not defined"
    assert "IndexError" in source.notes["second"]
    assert "cell 3, line 2: NameError" in source.notes["f"]
    assert "SyntaxError" in source.notes["g"]


def test_a_formula_of_any_depth_is_no_trouble(notebook):
    deep = "+".join("1" * 30_000)
    source = notebook(f"x = {deep}\n", "y = " + "-" * 3000 + "1", "def f():\n    return 1")
    assert run_cells(source)["f"]() == 1


def test_old_and_odd_notebooks_are_read(tmp_path):
    code = {"cell_type": "code", "language": "python", "outputs": [], "metadata": {}}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    old["worksheets"] = [{"metadata": {}, "cells": [{**code, "input": ["x = 1\n", "y = 2"], "prompt_number": 1}]}]
    assert convert(json.dumps(old).encode()) == ["x = 1\ny = 2"]
    metadata = {"kernelspec": {"name": "ir"}, "widgets": float("nan"), "nbconvert_exporter": "os.system"}
    odd = json.loads(notebook_of("a = 1", "b = 2", "c = 3", **metadata))
    odd["cells"][0]["id"] = odd["cells"][1]["id"]
    odd["cells"][2]["source"] = ["c = '\ud800'\n", "\n", "d = '\U0001f40d'"]
    odd["cells"].append({"cell_type": "raw", "id": "raw", "metadata": {"format": "text/x-python"}, "source": "e = 1"})
    for text in (json.dumps(odd), "\N{BOM}" + json.dumps(odd)):
        assert convert(text.encode()) == ["a = 1", "b = 2", "c = '?'\n\nd = '\U0001f40d'", None]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"{}", b"null", b'{"a":' * 10**5, b'{"nbformat": 99, "cells": []}', b'{"nbformat": 4}']
    + [notebook_of("x").replace('"x"', source).encode() for source in ("[1, 2]", '{"a": 1}', "null", "7")]
    + [notebook_of("x").replace('"cells": [', f'"cells": [{cell}, ').encode() for cell in ("7", "[]", "{}")],
)
def test_what_is_no_notebook_is_told_so(tmp_path, content):
    path = tmp_path / "losses.ipynb"
    path.write_bytes(content)
    source = read_source(path)
    assert source.fault.startswith("which is no notebook that can be read: ")
    assert "\n" not in source.fault
    assert source.begun(BY_TOPIC["losses"])
    assert not source.todo("binary_crossentropy")


SIGMOID = "def sigmoid(x):\n    e = np.exp(-np.abs(x))\n    return np.where(x >= 0, np.ones_like(e), e) / (1 + e)"


@pytest.fixture
def activations(tmp_path, judge):
    """Judge 02, handed in as a notebook with these cells."""

    def run(*cells, **files):
        folder = tmp_path / "answer"
        folder.mkdir()
        (folder / "activations.ipynb").write_text(notebook_of(*cells), encoding="utf-8")
        for name, text in files.items():
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
        return judge("exercises/02_activations", "--answers", folder)

    return run


def test_failures_name_cell_and_line(activations):
    run = activations(
        ["# My answer"],
        "%matplotlib inline\nimport numpy as np\nSCALE = np.float32(2)",
        "def linear(x):\n    return x * SCALE",
        f"# {'-' * 70}\n{SIGMOID.replace('e) / (1 + e)', 'e) / undefined')}",
        "x = input()\ndef softmax(x, axis=-1):\n    return x ++",
    )
    assert "NameError: name 'SCALE' is not defined (cell 2, line 3, is not run: it calls something" in run.out
    assert "activations.ipynb, cell 3, line 2: return x * SCALE" in run.out
    assert "activations.ipynb, cell 4, line 4: return np.where" in run.out
    assert run.out.count("activations.ipynb, cell 5, line 3: SyntaxError: invalid syntax\n") == 1
    assert run.counts().keys() == {"failed", "blocked"}  # the one that cannot be read is told once
    assert "Traceback" not in run.out


def test_of_a_notebook_and_a_module_the_one_that_is_begun_counts(tmp_path):
    exercise = BY_TOPIC["activations"]
    stub, written = exercise.stub.read_text(encoding="utf-8"), solution("activations")
    folder = tmp_path / exercise.folder
    folder.mkdir()

    def chosen(module, notebook):
        (folder / "activations.py").write_text(module, encoding="utf-8")
        (folder / "activations.ipynb").write_text(notebook, encoding="utf-8")
        return Answer(tmp_path).source("activations")

    unwritten = notebook_of("import numpy as np", *re.findall(r"^def .*?raise.*?$", stub, re.MULTILINE | re.DOTALL))
    assert chosen(stub, solved_notebook(exercise)).path.suffix == ".ipynb"
    assert chosen(written, unwritten).path.suffix == ".py"
    assert chosen("def sigmoid(:", unwritten).path.suffix == ".py"
    assert chosen(written, notebook_of("# tried something", "def helper(:")).path.suffix == ".py"
    assert chosen(written, notebook_of("def sigmoid(:")).fault.startswith("and activations.ipynb beside it")
    assert chosen(stub, unwritten).path.suffix == ".ipynb"  # somebody has made it
    assert chosen(stub, "{").path.suffix == ".ipynb"
    assert chosen(written, solved_notebook(exercise)).fault is None  # they say the same
    assert chosen(written, solved_notebook(exercise)).path.suffix == ".py"
    both = chosen(written.replace("np.where", "np.choose"), solved_notebook(exercise))
    assert both.fault.startswith("and activations.ipynb beside it: both are written, and only one can count")
    named = Answer(tmp_path, named={"activations": folder / "activations.ipynb"})
    assert named.source("activations").fault is None


def test_where_both_are_written_the_run_asks_which_and_takes_no_for_an_answer(tmp_path, judge):
    copy_numpy_solutions(tmp_path / "answer")
    folder = tmp_path / "answer/02_activations"
    (folder / "activations.py").write_text(
        f"{solution('activations')}\n\ndef linear(x):\n    return +x\n", encoding="utf-8"
    )
    (folder / "activations.ipynb").write_text(solved_notebook(BY_TOPIC["activations"]), encoding="utf-8")
    run = judge("exercises/02_activations", "exercises/04_pairings", "--answers", tmp_path / "answer")
    assert "activations.py, and activations.ipynb beside it: both are written" in run.out
    assert "name the one: pytest exercises/02_activations/activations.ipynb" in run.out
    assert "waiting for activations.py, and activations.ipynb beside it" in run.out
    for name in ("activations.ipynb", "activations.py"):
        run = judge("exercises/02_activations", "--answers", folder / name)
        assert run.status == 0
        assert run.points() == 8
    (folder / "activations.py").rename(folder / "activations_old.py")
    assert judge("exercises/02_activations", "--answers", tmp_path / "answer").points() == 8


def test_exercises_build_on_notebooks_and_modules_alike(tmp_path, judge):
    copy_numpy_solutions(tmp_path / "answer")
    for topic in ("activations", "pairings"):
        exercise = BY_TOPIC[topic]
        (tmp_path / "answer" / exercise.folder / f"{topic}.py").unlink()
        path = tmp_path / "answer" / exercise.folder / f"{topic}.ipynb"
        path.write_text(solved_notebook(exercise), encoding="utf-8")
    run = judge("exercises/04_pairings", "--answers", tmp_path / "answer")
    assert run.status == 0
    source = Answer(tmp_path / "answer").source("pairings")
    assert ("activations", "sigmoid") in source.rests_on("textbook_loss")
    assert source.imports() == {"activations", "losses"}


def test_nbconvert_is_imported_only_where_a_notebook_is_judged(run, tmp_path):
    code = "import sys, pytest; pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]]); "
    code += "print([name for name in ('nbconvert', 'nbformat', 'kata.answers.cells') if name in sys.modules])"
    assert "\n[]\n" in run("-c", code, "exercises/").out
    (tmp_path / "activations.ipynb").write_text(notebook_of("def linear(x):\n    return x"), encoding="utf-8")
    judged = run("-c", code, "exercises/02_activations", f"--answers={tmp_path}")
    assert "\n['nbconvert', 'nbformat', 'kata.answers.cells']\n" in judged.out


@pytest.mark.parametrize("lacking", ["metadata", "outputs", "execution_count", "id"])
def test_a_notebook_may_lack_what_nobody_reads(judge, tmp_path, lacking):
    notebook = json.loads(notebook_of(solution("activations"), ["# A text"]))
    for part in (notebook, *notebook["cells"]):
        part.pop(lacking, None)
    (tmp_path / "activations.ipynb").write_text(json.dumps(notebook))
    assert judge("exercises/02_activations", "--answers", tmp_path).points("02 activations") == 8


def test_a_notebook_whose_cells_cannot_be_read_is_not_called_empty(activations):
    run = activations(">>> def linear(x):\n...     return x", "broken = (")
    assert "activations.ipynb, cell 1, line 1: SyntaxError: invalid syntax\n    >>> def linear(x):" in run.out
    assert "activations.ipynb has no function named sigmoid (kata notebook 02 puts the stub back)" in run.out


LOST = {
    "raw": ("raw", LINEAR, "is a raw cell, and only code cells count"),
    "markdown": ("markdown", LINEAR, "is a markdown cell, and only code cells count"),
    "file": ("code", "%%writefile activations.py\n" + LINEAR, "begins with %%writefile: its text is not run"),
    "shell": ("code", "\n%%bash\n" + LINEAR, "begins with %%bash: its text is not run"),
    "timed": ("code", "%%timeit -n 1\n" + LINEAR, "begins with %%timeit: its text is not run"),
}


def with_lost_cell(kind, text):
    cells = [json.loads(notebook_of(source))["cells"][0] for source in ("import numpy as np", text)]
    cells[1]["cell_type"] = kind
    if kind != "code":
        del cells[1]["outputs"], cells[1]["execution_count"]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


@pytest.mark.parametrize(("kind", "text", "why"), LOST.values(), ids=LOST)
def test_a_cell_that_does_not_count_says_why(tmp_path, judge, kind, text, why):
    (tmp_path / "activations.ipynb").write_text(with_lost_cell(kind, text), encoding="utf-8")
    done = judge("exercises/02_activations", "--answers", tmp_path)
    assert f"activations.ipynb has no function named linear: cell 2, which defines it, {why}" in done.out
    assert "activations.ipynb has no function named sigmoid (kata notebook 02 puts the stub back)" in done.out


@pytest.mark.proof
@needs_sandbox
def test_a_cell_that_does_not_count_says_why_in_grading(tmp_path, run):
    for name, (kind, text, _) in LOST.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "activations.ipynb").write_text(with_lost_cell(kind, text), encoding="utf-8")
    done = run("-m", "kata", "grade", tmp_path / "class", "--output", tmp_path / "marks", "--exercises", "02")
    assert done.status == 0, done.err
    for name, (_, _, why) in LOST.items():
        assert why in (tmp_path / "marks" / name / "feedback.md").read_text(encoding="utf-8")


def test_an_example_in_a_text_is_no_cell_that_was_lost(tmp_path):
    text = f"As in the lesson:\n\n```python\n{LINEAR}\n```\n"
    (tmp_path / "activations.ipynb").write_text(with_lost_cell("markdown", text), encoding="utf-8")
    assert "linear" not in Answer(tmp_path).source("activations").notes


def test_a_function_that_is_in_no_cell_is_missed(activations):
    run = activations("x = 1", "if True:\n    def sigmoid(x):\n        return x")
    assert "activations.ipynb has no function named linear (kata notebook 02 puts the stub back)" in run.out
    assert "activations.ipynb has no function named sigmoid: cell 2, line 1, is not run" in run.out


def test_without_nbconvert_a_notebook_is_told_what_it_takes(run, tmp_path):
    code = "import sys, pytest; sys.modules['nbformat'] = None; pytest.main(['-q', *sys.argv[1:]])"
    (tmp_path / "activations.ipynb").write_text(notebook_of("def linear(x):\n    return x"), encoding="utf-8")
    out = run("-c", code, "exercises/02_activations", f"--answers={tmp_path}", "-p", "no:cacheprovider").out
    assert "activations.ipynb, which takes nbconvert to be read: pip install -e ." in out


def test_debuggers_and_tracebacks_see_the_lines_of_cells(notebook):
    import inspect
    import linecache
    import traceback

    namespace = run_cells(notebook(["text"], "def f():\n    return g()", "def g():\n    return 1 / 0"))
    linecache.checkcache()
    assert inspect.getsource(namespace["g"]) == "def g():\n    return 1 / 0\n"
    try:
        namespace["f"]()
    except ZeroDivisionError:
        assert 'losses.ipynb, cell 3", line 2, in g\n    return 1 / 0' in traceback.format_exc()


def test_every_solution_as_a_notebook_is_whole_and_says_what_the_module_says(tmp_path):
    # That they earn all of the points is seen in tests/exercises/test_kata_is_whole.py.
    for exercise in EXERCISES:
        path = tmp_path / exercise.notebook.name
        path.write_text(solved_notebook(exercise), encoding="utf-8")
        source, module = read_source(path), read_source(exercise.solution)
        assert not source.fault
        assert not source.faults
        for name in exercise.points:
            assert source.rests_on(name) == module.rests_on(name)
            assert re.fullmatch(r", cell \d+", source.place(name))
