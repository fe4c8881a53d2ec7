"""Of several files of an exercise the one that is written counts, and equal ones are one: kata/answers/reading.py."""

import re

import pytest

from kata.answers.answer import Answer
from kata.answers.loading import InProcess
from kata.answers.reading import Ambiguous
from kata.syllabus import BY_TOPIC
from tests.support import notebook_of, solution

pytestmark = pytest.mark.everywhere

EXERCISE = BY_TOPIC["label_encoders"]
STUB, WRITTEN = EXERCISE.stub.read_text(encoding="utf-8"), solution("label_encoders")
SCALED = "import numpy as np\n\nSCALE = np.int64({})\n\n\ndef integer_encode(labels):\n    return labels * SCALE\n"


def source_of(folder, **files):
    """The Source that counts of {a file's ending, or a place: its text}."""
    for place, text in files.items():
        path = folder / {"py": "label_encoders.py", "ipynb": "label_encoders.ipynb"}.get(place, place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Answer(folder).source("label_encoders")


@pytest.mark.parametrize(
    "module",
    [
        WRITTEN,
        f"#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n{WRITTEN}\n\n# In[2]:\n\nprint(one_hot_encode)\n",
        WRITTEN.replace("\n\n\n", "\n\n\n\n") + "\n\ndef helper():\n    return 1\n",
        re.sub(r'(?<=^    """)(?=\w)', "Another text. ", WRITTEN, flags=re.MULTILINE),
    ],
)
def test_a_module_and_the_notebook_that_it_comes_from_are_one(tmp_path, module):
    chosen = source_of(tmp_path, py=module, ipynb=notebook_of(WRITTEN))
    assert chosen.path.suffix == ".py"
    assert not isinstance(chosen, Ambiguous)


def test_a_line_that_only_the_module_runs_is_compared_too(tmp_path):
    assert source_of(tmp_path / "same", py=SCALED.format(2), ipynb=notebook_of(SCALED.format(2))).path.suffix == ".py"
    differs = source_of(tmp_path / "other", py=SCALED.format(2), ipynb=notebook_of(SCALED.format(3)))
    assert isinstance(differs, Ambiguous)
    assert [path.name for path in differs.others] == ["label_encoders.ipynb"]


@pytest.mark.parametrize(
    "other",
    [
        WRITTEN.replace("def multi_hot_decode", "def multi_hot_decode_", 1),
        WRITTEN + "\n\ndef integer_encode(*labels):\n    return 0\n",
        WRITTEN + "\n\none_hot_encode = multi_hot_encode\n",
        "from my_work import *\n",
        "def integer_encode(:",
    ],
)
def test_what_differs_is_nobodys_choice(tmp_path, other):
    for files in ({"py": WRITTEN, "ipynb": notebook_of(other)}, {"py": other, "ipynb": notebook_of(WRITTEN)}):
        assert isinstance(source_of(tmp_path, **files), Ambiguous)


@pytest.mark.parametrize(
    "written",
    [
        "from losses import binary_crossentropy as one_hot_encode\n",
        "if True:\n    def one_hot_encode(labels):\n        return labels\n",
        "one_hot_encode, x = (lambda labels: labels), 1\n",
        f"{STUB}\n\none_hot_encode = integer_encode\n",
    ],
)
def test_what_differs_from_the_stub_in_whatever_way_is_written(tmp_path, written):
    stubs = {"01_label_encoders/label_encoders.py": STUB, "ipynb": notebook_of(STUB)}
    chosen = source_of(tmp_path, **stubs, **{"exercises/01_label_encoders/label_encoders.py": written})
    assert chosen.path.parent == tmp_path / "exercises/01_label_encoders"
    assert chosen.fault is None


def test_code_that_is_too_deep_to_be_compared_is_no_crash(tmp_path):
    deep = "def integer_encode(labels):\n    return " + "+".join(["1"] * 20_000)
    assert source_of(tmp_path, py=deep, ipynb=notebook_of(deep)).path.suffix == ".py"


def test_an_error_makes_nobody_read_files_that_did_not_run(answer_folder):
    answer, asked = Answer(answer_folder()), []
    runner = InProcess(lambda topic: asked.append(topic) or answer.source(topic))
    call = runner.call("integer_encode", (["cloud"], ["sea"]), {})
    assert "ValueError" in call.raised.kinds
    assert "label_encoders.py:" in call.raised.where
    assert asked == ["label_encoders"]
