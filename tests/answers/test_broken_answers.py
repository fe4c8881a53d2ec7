"""Answers that are broken in every way: no traceback of ours, a clear word, and no harm to other exercises."""

import re
import sys

import pytest

from kata.answers import finder, loading
from kata.answers.answer import Answer
from tests.support import NUMPY, replace_function, solution


def sigmoid(*lines):
    return replace_function(
        "activations", "sigmoid", "def sigmoid(x):\n" + "".join(f"    {line}\n" for line in lines)
    )


# name -> (text of activations.py, what the report must say)
FILES = {
    "syntax error": ("def sigmoid(x:\n    return x\n", "activations.py, line 1: SyntaxError"),
    "return outside a function": ("return 1\n", "SyntaxError: 'return' outside function"),
    "null bytes": (b"x = 1\x00\n", "activations.py"),
    "not UTF-8": ("# Gr\xfc\xdfe\nx = 1\n".encode("latin-1"), "activations.py"),
    "empty": ("", "activations.py is empty (kata reset 02"),
    "only a comment": ("# later\n", "activations.py is empty (kata reset 02"),
    "exception on import": (
        "import numpy as np\n1 / 0\n",
        "ZeroDivisionError: division by zero\n    activations.py:2: 1 / 0",
    ),
    "exit on import": ("import sys\nsys.exit(0)\n", "ends the program when it is imported (SystemExit)"),
    "missing package": ("import torchvisionx\n", "activations.py, which imports torchvisionx in line 1"),
    "endless import": ("while True:\n    pass\n", "did not end within 1 s"),
    "not a function": ("sigmoid = softmax = linear = 3\n", "has no function named linear"),
}


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", FILES)
def test_a_broken_file(judge, answer_folder, name):
    text, says = FILES[name]
    run = judge(*NUMPY, "--answers", answer_folder(activations=text), "--time-limit", "1")
    assert run.status == 1
    assert says in run.out
    assert "Traceback" not in run.out + run.err
    assert "kata/" not in run.out.replace("multilabel-kata", "").partition("board of")[0]
    assert run.points("01 label_encoders") == 12
    assert run.points("02 activations") == 0
    assert run.points("03 losses") == 16
    assert run.points("05 binary_accuracy") == 12


def test_a_broken_file_is_told_once(judge, answer_folder):
    run = judge(*NUMPY, "--answers", answer_folder(activations="def sigmoid(x:\n"))
    assert run.counts()["failed"] == 1
    assert run.out.count("SyntaxError") < 12  # one failure, then the board's rows


def test_the_broken_line_is_shown(judge, answer_folder):
    run = judge("exercises/02_activations", "--answers", answer_folder(activations="x = 1\ndef sigmoid(x:\n"))
    assert "activations.py, line 2: SyntaxError" in run.out
    assert "\n    def sigmoid(x:\n" in run.out
    loop = answer_folder("loop", activations=sigmoid("while True:", "    x = x"))
    run = judge("exercises/02_activations", "--answers", loop, "--time-limit", "0.3")
    assert re.search(
        r"did not end within 0.3 s: does a loop never end\?\n    activations.py:\d+: (x = x|while)", run.out
    )


def test_numpys_error_settings_of_an_answer_end_with_it(judge, answer_folder):
    text = "import numpy as np\nnp.seterr(all='raise')\n" + solution("activations")
    run = judge(*NUMPY, "--answers", answer_folder(activations=text))
    assert run.points() == 60, run.out


def test_a_module_beside_the_exercises_files_is_not_found_here_as_it_is_not_when_graded(tmp_path, monkeypatch):
    folder = tmp_path / "02_activations"
    folder.mkdir()
    (folder / "mytools.py").write_text("TWO = 2\n", encoding="utf-8")
    (folder / "colorsys.py").write_text(
        "1 / 0\n", encoding="utf-8"
    )  # as one of Python's own is called, which is found first
    (folder / "activations.py").write_text("import colorsys\nimport mytools\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])  # as the editable install has them
    monkeypatch.setattr(finder, "EXERCISES", tmp_path)
    fault = loading.InProcess(Answer(tmp_path).source).load("activations")
    assert fault.startswith(
        "activations.py, which imports mytools in line 2: exercises 01 to 05 are graded with NumPy"
    )


def test_a_missing_file_is_todo(judge, answer_folder):
    run = judge(*NUMPY, "--answers", answer_folder(activations=None))
    assert run.status == 1
    assert run.counts()["todo"] == 20
    assert "failed" not in run.counts()
    assert "waiting for activations.py, which is not there" in run.out


def test_a_missing_function_fails_its_own_checks_only(judge, answer_folder):
    run = judge(
        "exercises/02_activations",
        "--answers",
        answer_folder(activations=replace_function("activations", "sigmoid", "")),
    )
    assert run.counts() == {"failed": 7, "passed": 13}
    assert "activations.py has no function named sigmoid" in run.out


# name -> (body of sigmoid, what the report must say)
BODIES = {
    "None": (["x = 1"], "returned  None: is a return missing?"),
    "a list": (["return x.tolist()"], "a list"),
    "a scalar": (["return 0.5"], "returned  0.5, a float"),
    "a wrong shape that would broadcast": (
        ["return (1 / (1 + np.exp(-np.minimum(-x, 80))))[..., :1] * 0"],
        "shape (1, 1)",
    ),
    "int": (["return (x > 0).astype(np.int64)"], "dtype int64"),
    "float64": (["return 1 / (1 + np.exp(-x.astype(np.float64)))"], "dtype float64"),
    "bool": (["return x > 0"], "dtype bool"),
    "NaN": (["return x * np.float32(np.nan)"], "returned  [[nan, nan, nan, nan, nan]]"),
    "object array": (["return x.astype(object)"], ", an object array"),
    "strings": (["return x.astype(str)"], "dtype <U"),
    "an array subclass": (["return np.ma.masked_array(x)"], "a MaskedArray"),
    "sys.exit": (["import sys; sys.exit(0)"], "raised    SystemExit: 0"),
    "KeyboardInterrupt": (["raise KeyboardInterrupt"], "raised    KeyboardInterrupt"),
    "pytest.skip": (["__import__('pytest').skip('nothing to see')"], "raised    Skipped: nothing to see"),
    "pytest.exit": (["__import__('pytest').exit('over')"], "raised    Exit: over"),
    "an exception": (
        ["return x / undefined"],
        "raised    NameError: name 'undefined' is not defined\n            activations.py:",
    ),
    "an exception without words": (
        ["class Sly(Exception):", "    def __str__(self): raise ValueError", "raise Sly"],
        "raised    Sly: (its message cannot be printed)",
    ),
    "endless recursion": (["return sigmoid(x)"], "raised    RecursionError"),
    "equal to everything": (
        ["class Yes:", "    def __eq__(self, other): return True", "    def __abs__(self): return 0", "return Yes()"],
        "a Yes",
    ),
    "changed argument": (["x *= 1; x[...] = 0", "return x"], "returned  "),
}


@pytest.mark.sample(6)
@pytest.mark.parametrize("name", BODIES)
def test_a_broken_function(judge, answer_folder, name):
    lines, says = BODIES[name]
    run = judge(*NUMPY, "--answers", answer_folder(activations=sigmoid(*lines)))
    assert run.status == 1
    assert says in run.out
    assert "Traceback" not in run.out + run.err
    assert "sigmoid: 0/7 checks" in run.out or "sigmoid: 1/7 checks" in run.out
    assert run.points("02 activations") == 5  # linear and softmax
    assert run.points("03 losses") == 16


@pytest.mark.parametrize("signature", ["x, y", "", "*, x", "z, /, *, y"])
def test_wrong_parameters(judge, answer_folder, signature):
    text = replace_function("losses", "binary_crossentropy", f"def binary_crossentropy({signature}):\n    return x\n")
    run = judge("exercises/03_losses", "--answers", answer_folder(losses=text))
    assert "raised    TypeError: binary_crossentropy()" in run.out
    assert "its parameters should be (y_true, y_pred, from_logits=False)" in run.out
    assert run.points("03 losses") == 9


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    "loop",
    [
        ["while True: pass"],
        ["while True:", "    try:", "        x = x + 1", "    except Exception:", "        pass"],
        ["while True:", "    try:", "        x = x + 1", "    except:", "        pass"],
        ["while True:", "    try:", "        while True: x = x + 1", "    except BaseException: continue"],
        ["while True:", "    try:", "        x = x + 1", "    finally:", "        continue"],
        ["import time; time.sleep(1000)"],
        ["import threading; threading.Event().wait()"],
    ],
    ids=["plain", "except Exception", "bare except", "nested", "finally", "sleep", "wait"],
)
def test_an_endless_loop_is_named_and_the_run_goes_on(judge, answer_folder, loop):
    run = judge(*NUMPY, "--answers", answer_folder(activations=sigmoid(*loop)), "--time-limit", "0.5")
    assert run.status == 1
    assert "sigmoid did not end within 0.5 s" in run.out
    assert run.out.count("sigmoid is not called again") == 6  # once is enough
    assert run.points("02 activations") == 5
    assert run.points("05 binary_accuracy") == 12


def test_a_flood_of_output_is_cut(judge, answer_folder):
    lines = ["for _ in range(20000): print('flood', 'x' * 100)", "return x"]
    run = judge("exercises/02_activations", "--answers", answer_folder(activations=sigmoid(*lines)))
    assert run.status == 1
    assert "characters more" in run.out
    assert len(run.out) < 60_000
    assert run.points("02 activations") == 5


def test_a_changed_argument_is_named(judge, answer_folder):
    lines = ["y = np.array(x)", "x[...] = 0", "e = np.exp(-np.abs(y))"]
    lines.append("return np.where(y >= 0, np.ones_like(e), e) / (1 + e)")
    run = judge("exercises/02_activations", "--answers", answer_folder(activations=sigmoid(*lines)))
    assert "changed its argument x" in run.out
    assert run.points("02 activations") == 5


def test_a_numpy_warning_is_named(judge, answer_folder):
    run = judge(
        "exercises/02_activations", "--answers", answer_folder(activations=sigmoid("return 1 / (1 + np.exp(-x))"))
    )
    assert "NumPy warned: overflow encountered" in run.out
    assert run.points("02 activations") == 5


def test_answers_find_their_own_earlier_exercises_only(judge, answer_folder):
    # pairings.py of the second answer must not get the first one's losses, nor the stubs of exercises/.
    broken = answer_folder("broken", losses=None)
    run = judge("exercises/04_pairings", "--answers", answer_folder("whole"), "--answers", broken)
    assert "waiting for losses.py, which is not there" in run.out
    assert run.counts() == {"passed": 27, "blocked": 27}


def test_a_late_import_finds_the_same_answers_module(judge, answer_folder):
    text = solution("pairings").replace("from activations import linear, sigmoid, softmax\n", "")
    text = text.replace('ACTIVATIONS = {"sigmoid": sigmoid, "softmax": softmax, None: linear}\n', "")
    late = (
        "\n\ndef __getattr__(name):\n    raise AttributeError(name)\n\n\n"
        "class _Late(dict):\n    def __missing__(self, key):\n        import activations\n"
        "        return getattr(activations, key or 'linear')\n"
        "    def __contains__(self, key):\n        return key in ('sigmoid', 'softmax', None)\n"
        "    def __iter__(self):\n        return iter(('sigmoid', 'softmax', None))\n\n\n"
        "ACTIVATIONS = _Late()\n"
    )
    run = judge("exercises/04_pairings", "--answers", answer_folder(pairings=text + late))
    assert run.status == 0, run.out


ENDS = (
    "exit()",
    "quit()",
    "import sys\nsys.exit(0)",
    "import unittest\nunittest.main(argv=['x'])",
    "raise SystemExit",
)


@pytest.mark.parametrize("end", ENDS)
def test_a_file_that_ends_the_program_is_told_what_to_do(judge, answer_folder, end):
    run = judge(
        "exercises/02_activations", "--answers", answer_folder(activations=f"{solution('activations')}\n{end}\n")
    )
    assert "activations.py ends the program when it is imported (SystemExit" in run.out
    assert "put this line below if __name__ == '__main__':" in run.out
    assert "activations.py:" in run.out


def test_what_only_jupyter_has_is_named_in_a_module_too(judge, answer_folder):
    text = f"get_ipython().run_line_magic('matplotlib', 'inline')\n{solution('activations')}"
    run = judge("exercises/02_activations", "--answers", answer_folder(activations=text))
    assert "name 'get_ipython' is not defined (which only Jupyter has, and no judge)" in run.out
