"""What is said of a file before it runs: its encoding, imports that grading lacks, names that it uses of others."""

import ast
import tracemalloc

import pytest

from kata.answers.answer import Answer
from kata.answers.parsing import encoding_fault, failing_imports, names_used
from kata.answers.sources import Source
from kata.syllabus import BY_TOPIC
from tests.support import needs_sandbox, notebook_of, solution

RIGHT = solution("activations")
READ = {
    "a comment that speaks of an encoding": b"import os\n# label encoding: positions in classes\n",
    "the same in line 1": b"'''label encoding: a table'''\n",
    "in line 2 behind code": b"import os  # x\n# coding: no-such-codec\n",
    "Emacs": b"# -*- coding: utf-8 -*-\n",
    "Vim": b"#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\n",
    "a byte order mark": b"\xef\xbb\xbf",
    "Windows' lines": b"# coding: utf-8\r\n",
}
ALPHABETS = {
    **{
        "gbk": "标签",
        "gb18030": "标签",
        "big5": "標籤",
        "shift_jis": "ラベル",
        "euc-jp": "ラベル",
        "cp932": "ラベル",
    },
    **{"cp949": "레이블", "euc-kr": "레이블", "koi8-r": "метки", "cp1251": "метки", "cp866": "метки"},
    **{"latin-1": "étiquette", "cp1252": "étiquette", "iso-8859-15": "étiquette", "mac-roman": "étiquette"},
    **{"cp1253": "ετικέτα", "iso-8859-8": "תווית", "cp1256": "تسمية", "tis-620": "ป้าย"},
}
REFUSED = {
    "UTF-16": (RIGHT.encode("utf-16"), "which is saved as UTF-16: save it as UTF-8"),
    "a notebook": (notebook_of(RIGHT).encode(), "which is a notebook: name it activations.ipynb"),
    "a slow codec": (b"# coding: idna\n" + RIGHT.encode(), "which is written in idna: save it as UTF-8"),
    "behind a lone return": (b"\r# coding: idna\r" + RIGHT.encode(), "which is written in idna: save it as UTF-8"),
    "behind a long line": (b"#" * 9000 + b"\n# coding: punycode\n" + RIGHT.encode(), "which is written in punycode"),
    "UTF-7": (b"# coding: utf-7\n" + RIGHT.encode(), "which is written in utf-7: save it as UTF-8"),
    "UTF-16 without a mark": (RIGHT.encode("utf-16-le"), "which holds null bytes: save it as UTF-8"),
    "a web page": (b"\n<!DOCTYPE html>\n<title>x</title>", "which is a web page: download the file itself"),
    "a text of TextEdit": (
        b"{\\rtf1\\ansi\n" + RIGHT.encode(),
        "which is a formatted text (RTF): save it as plain text",
    ),
    "a document": (b"PK\3\4" + bytes(99), "which is a zip archive, or a document of Office: save it as plain text"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "which is a PDF: save it as plain text"),
    "a fence": (b"```python\n" + RIGHT.encode() + b"\n```\n", "line 1 is a mark of Markdown: remove it"),
    "a shell's line": (
        b"import numpy as np\n!pip install numpy\n" + RIGHT.encode(),
        "line 2 is of a notebook: remove it",
    ),
    "a magic": (b"%matplotlib inline\n" + RIGHT.encode(), "line 1 is of a notebook: remove it"),
    "an unknown codec": (b"# coding: klingon\n" + RIGHT.encode(), "SyntaxError: "),
    "bytes of another codec": ("word = 'é'\n".encode("latin-1") + RIGHT.encode(), "SyntaxError: "),
}


def source_of(tmp_path, content):
    (tmp_path / "activations.py").write_bytes(content if isinstance(content, bytes) else content.encode())
    return Answer(tmp_path).source("activations")


@pytest.mark.parametrize("begin", READ.values(), ids=READ)
def test_what_python_reads_is_read(tmp_path, begin):
    source = source_of(tmp_path, begin + RIGHT.encode())
    assert source.fault is None
    assert not source.todo("sigmoid")


@pytest.mark.parametrize("encoding", ALPHABETS)
def test_an_alphabets_usual_encoding_is_read(tmp_path, encoding):
    text = f"# -*- coding: {encoding} -*-\n# {ALPHABETS[encoding]}\n{RIGHT}"
    assert source_of(tmp_path, text.encode(encoding)).fault is None


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_says_what_to_do(tmp_path, content, words):
    assert words in source_of(tmp_path, content).fault


@pytest.mark.proof
@needs_sandbox
def test_encodings_come_to_the_same_in_grading(run, tmp_path):
    told = {}
    for number, (content, words) in enumerate(REFUSED.values()):
        folder = tmp_path / f"class/s{number}"
        folder.mkdir(parents=True)
        (folder / "activations.py").write_bytes(content)
        (folder / "label_encoders.py").write_text(solution("label_encoders"), encoding="utf-8")
        told[folder.name] = words
    for encoding, word in ALPHABETS.items():
        folder = tmp_path / f"class/{encoding}"
        folder.mkdir()
        (folder / "activations.py").write_bytes(f"# coding: {encoding}\n# {word}\n{RIGHT}".encode(encoding))
        (folder / "label_encoders.py").write_text(solution("label_encoders"), encoding="utf-8")
    done = run("-m", "kata", "grade", tmp_path / "class", "--output", tmp_path / "marks", "--exercises", "01,02")
    assert done.status == 0, done.err
    rows = (tmp_path / "marks/grades.csv").read_text(encoding="utf-8").splitlines()[1:]
    points = {row.split(",")[0]: row.split(",")[3:5] for row in rows}
    assert points == {name: ["12", "0" if name in told else "8"] for name in [*told, *ALPHABETS]}
    for name, words in told.items():
        assert words in (tmp_path / f"marks/{name}/feedback.md").read_text(encoding="utf-8")


LACKING = ("import matplotlib.pyplot as plt", "from scipy import special", "import typing_extensions, numpy")
# What an editor adds by itself, and is there on some systems only.
ELSEWHERE = ("from tkinter import N", "from turtle import *", "import msvcrt", "import winsound, math")
THERE = (
    "import numpy.typing as npt",
    "from __future__ import annotations\nimport functools, math",
    "try:\n    import pandas\nexcept ImportError:\n    pandas = None",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas",
    "from label_encoders import one_hot_encode",
    "import contextlib\nwith contextlib.suppress(ImportError):\n    import pandas",
    "from contextlib import suppress\nwith suppress(ModuleNotFoundError):\n    import pandas",
    "try:\n    import pandas\nexcept (builtins.ImportError, OSError):\n    pandas = None",
    # A formula as deep as its author likes in the place of an error's name.
    f"a = Exception\ntry:\n    import os\nexcept a{'.b' * 900}:\n    pass",
    f"a = Exception\ntry:\n    import os\nexcept {'a + ' * 900}a:\n    pass",
)


@pytest.mark.parametrize("line", LACKING)
def test_an_import_that_grading_has_not_is_said(tmp_path, line):
    package = ast.parse(line).body[0].names[0].name.partition(".")[0] if line.startswith("import") else "scipy"
    says = (
        f"which imports {package} in line 1: exercises 01 to 05 are graded with NumPy and the standard library alone"
    )
    assert source_of(tmp_path, f"{line}\n{RIGHT}").fault.startswith(says)
    inside = RIGHT.replace("    return np.asarray(x)", f"    {line}\n    return np.asarray(x)")
    assert f"imports {package}" in source_of(tmp_path, inside).fault
    assert not failing_imports(ast.parse(line), BY_TOPIC["data_pipeline"])


DOTTED = {
    "from .label_encoders import one_hot_encode": "write: from label_encoders import one_hot_encode",
    "from . import label_encoders": "write: import label_encoders",
    "from ..label_encoders import one_hot_encode as o": "write: from label_encoders import one_hot_encode as o",
    "from exercises.label_encoders import *": "write: from label_encoders import *",
    "import kata01.label_encoders as le": "write: import label_encoders as le",
}


@pytest.mark.parametrize("line", DOTTED)
def test_an_import_from_a_package_of_exercises_says_how_to_write_it(tmp_path, line):
    fault = source_of(tmp_path, f"{line}\n{RIGHT}").fault
    assert fault == f"which says in line 1: {line}\n    The exercises are no package: {DOTTED[line]}"
    guarded = f"try:\n    {line}\nexcept ImportError:\n    pass\n{RIGHT}"
    assert source_of(tmp_path, guarded).fault is None


@pytest.mark.parametrize("line", ELSEWHERE)
def test_an_import_that_only_some_systems_have_is_said(tmp_path, line):
    package = ast.parse(line).body[0]
    name = package.names[0].name if isinstance(package, ast.Import) else package.module
    fault = source_of(tmp_path, f"{line}\n{RIGHT}").fault
    assert fault.startswith(f"which imports {name} in line 1: that is not there on every system")
    assert (
        f"imports {name}"
        in source_of(tmp_path, RIGHT.replace("    return np.asarray(x)", f"    import {name}")).fault
    )


@pytest.mark.parametrize("line", THERE)
def test_an_import_that_grading_has_is_fine(tmp_path, line):
    assert source_of(tmp_path, f"{line}\n{RIGHT}").fault is None


def test_a_program_at_the_end_may_import_what_it_likes(tmp_path):
    assert source_of(tmp_path, f"{RIGHT}\nif __name__ == '__main__':\n    import matplotlib\n").fault is None


def test_in_a_notebook_an_import_costs_the_functions_that_use_it(tmp_path):
    cells = "import matplotlib.pyplot as plt", RIGHT, "def linear(x):\n    plt.plot(x)\n    return x"
    (tmp_path / "activations.ipynb").write_text(notebook_of(*cells), encoding="utf-8")
    source = Answer(tmp_path).source("activations")
    assert source.fault is None
    assert list(source.faults) == ["linear"]
    assert "activations.ipynb, which imports matplotlib in line 1" in source.faults["linear"]


USES = {
    "def f(x): return sigmoid(x)": {"sigmoid"},
    "def f(x):\n    sigmoid = 1 / x\n    return sigmoid": set(),
    "def f(sigmoid): return sigmoid": set(),
    "def f(x, *, sigmoid=1, **softmax): return sigmoid, softmax": set(),
    "def f(x):\n    for sigmoid in x: pass\n    return sigmoid": set(),
    "def f(x):\n    with x as sigmoid: return sigmoid": set(),
    "def f(x):\n    try: x\n    except E as sigmoid: return sigmoid": {"E"},
    "def f(x):\n    global sigmoid\n    sigmoid = 1\n    return sigmoid": {"sigmoid"},
    "def f(x):\n    def sigmoid(x): return softmax(x)\n    return sigmoid(x)": {"softmax"},
    "def f(x):\n    sigmoid = 1\n    return lambda: sigmoid": set(),
    "def f(x):\n    from activations import sigmoid\n    return sigmoid(x)": {"sigmoid"},
    "def f(x, y=sigmoid): return y": {"sigmoid"},
    "@sigmoid\ndef f(x): pass": {"sigmoid"},
    "def f(x): return losses.sigmoid(x)": {"losses.sigmoid", "losses"},
    "def f(losses): return losses.sigmoid": set(),
    "f = lambda sigmoid: sigmoid": set(),
    "def f(x): return [sigmoid(y) for y in x]": {"sigmoid", "y"},
    "def f(x):\n    if (sigmoid := x): return sigmoid": set(),
    "class f:\n    def g(self): return sigmoid": {"sigmoid"},
    "def f(x):\n    y = sigmoid(x)\n    return (lambda sigmoid: sigmoid)(y)": {"sigmoid"},
    "def f(x):\n    y = (lambda sigmoid: sigmoid)(x)\n    return sigmoid(y)": {"sigmoid"},
}


@pytest.mark.parametrize("code", USES)
def test_a_name_of_ones_own_is_no_use_of_anothers(code):
    assert names_used(ast.parse(code).body[0]) == USES[code]


def test_what_a_function_rests_on_is_looked_up_once(answer_folder, monkeypatch):
    answer = Answer(answer_folder())
    found = answer.rests_on("predict_multi_hot")
    assert "sigmoid" in found
    monkeypatch.setattr(Source, "rests_on", None)
    assert answer.rests_on("predict_multi_hot") == found


def test_many_names_in_many_functions_take_little_memory():
    parameters = ", ".join(f"a{number}" for number in range(5000))
    tree = ast.parse(f"def f({parameters}):\n    return {'lambda x: a1 if b else ' * 300}x\n")
    tracemalloc.start()
    try:
        assert names_used(tree) == {"b"}
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000  # a set of all names for each function: 80 MB


def test_a_local_name_makes_nobody_wait(judge, answer_folder):
    wrong = "def sigmoid(x):\n    return None\ndef softmax(x, axis=-1):\n    sigmoid = x\n    return sigmoid\n"
    done = judge("exercises/02_activations", "--answers", answer_folder(activations=wrong))
    assert "blocked" not in done.counts()


def test_utf8_is_no_fault():
    assert encoding_fault(RIGHT.encode(), "activations.py") is None


def test_a_stub_behind_a_written_function_is_named(tmp_path):
    stub = BY_TOPIC["activations"].stub.read_text(encoding="utf-8")
    source = source_of(tmp_path, RIGHT + stub)
    assert not source.todo("sigmoid")
    line = source.line("sigmoid")
    assert source.faults["sigmoid"] == (
        f"activations.py:{line} defines sigmoid twice, and the last one, which counts, is the stub: remove it"
    )
    assert not source_of(tmp_path, stub + RIGHT).faults
    assert source_of(tmp_path, stub + stub).todo("sigmoid")


@needs_sandbox
def test_what_concerns_one_function_is_said_in_grading_too(judge, run, tmp_path):
    stub = BY_TOPIC["activations"].stub.read_text(encoding="utf-8")
    behind = stub[stub.index("def softmax(") :]
    plots = "def softmax(x, axis=-1):\n    plt.plot(x)\n    return x"
    files = {
        "stub/activations.py": RIGHT + "\n\n" + behind,
        "plot/activations.ipynb": notebook_of("import matplotlib.pyplot as plt", RIGHT, plots),
    }
    for name, text in files.items():
        (tmp_path / "class" / name).parent.mkdir(parents=True)
        (tmp_path / "class" / name).write_text(text, encoding="utf-8")
    done = run("-m", "kata", "grade", tmp_path / "class", "--output", tmp_path / "marks", "--exercises", "02")
    assert done.status == 0, done.err
    for name, words in (
        ("stub", "which counts, is the stub: remove it"),
        ("plot", "which imports matplotlib in line 1"),
    ):
        here = judge("exercises/02_activations", "--answers", tmp_path / "class" / name)
        there = (tmp_path / "marks" / name / "feedback.md").read_text(encoding="utf-8")
        assert words in here.out
        assert words in there
        assert here.points("02 activations") == 4  # linear and sigmoid
        assert "**4 of 8 points" in there
