"""Work that is there and is not read is never "not handed in": somebody has to look at it, or it counts."""

import csv
import json

import pytest

from kata.syllabus import BY_TOPIC
from tests.submissions.packing import found, lay_out_class
from tests.submissions.test_layouts import zipped
from tests.support import needs_sandbox, notebook_of, solution

A, L = solution("activations").encode(), solution("label_encoders").encode()
STUB = BY_TOPIC["activations"].stub.read_bytes()
LAMBDAS = b"import numpy as np\nlinear = lambda x: x\nsigmoid = lambda x: x\nsoftmax: object = lambda x, axis=-1: x\n"
# {how 02 is handed in beside a right 01: files}. It counts, under a name or in a folder that its owner chose.
COUNTS = {
    "a name of its own in the exercise's folder": {"02_activations/my_solution.py": A},
    "the same beside the stub": {"02_activations/activations.py": STUB, "02_activations/AnnLee.py": A},
    "the same in a clone": {
        "exercises/02_activations/activations.py": STUB,
        "exercises/02_activations/solution.py": A,
        "kata/cli.py": b"def sigmoid(): ...",
        "exercises/03_losses/losses.py": BY_TOPIC["losses"].stub.read_bytes(),
    },
    "a folder for each exercise": {"ex2/main.py": A},
    "deep in folders": {"work/week 2/ex2/main.py": A},
    "the owner's name in the file's": {"02_activations/activations_AnnLee.py": A},
    "a notebook of its own name": {"nb/Untitled1.ipynb": notebook_of(A.decode()).encode()},
    "old Mac's ends of lines": {"mine.py": A.replace(b"\n", b"\r")},
    "ends of Windows' lines": {"mine.py": A.replace(b"\n", b"\r\n")},
    "many blanks": {"mine.py": A.replace(b"def sigmoid", b"def  sigmoid").replace(b"def linear", b"def\tlinear")},
    "nothing but lambdas": {"mine.py": LAMBDAS},
    "UTF-16": {"mine.py": A.decode().encode("utf-16")},  # which is refused later, in words
}
# {how 02 is handed in beside a right 01: (files, the words)}. It is not read, and could not be judged.
UNREAD = {
    "text": ({"activations.txt": A}, "activations.txt is not read"),
    "no end": ({"activations": A}, "activations is not read"),
    "a dot": ({"activations.py.": A}, "activations.py. is not read"),
    "a comma": ({"activations,py": A}, "activations,py is not read"),
    "a line": ({"activations_py": A}, "activations_py is not read"),
    "a backup": ({"activations.py.bak": A}, "activations.py.bak is not read"),
    "an editor's backup": ({"activations.py~": A}, "activations.py~ is not read"),
    "half a download": ({"activations.py.crdownload": A[:99]}, "activations.py.crdownload is not read"),
    "without a console": ({"activations.pyw": A}, "activations.pyw is not read"),
    "a document": ({"02_activations/activations.docx": b"PK"}, "activations.docx is not read"),
    "beside the stub": ({"activations.py": STUB, "activations.txt": A}, "activations.txt is not read"),
    "a page": ({"activations.html": b"<html>"}, "activations.html is not read"),
    "compressed": ({"activations.py.gz": b"\x1f\x8b"}, "activations.py.gz is not read"),
    "another archive": ({"rest.rar": b"Rar!"}, "rest.rar is not read"),
    "a broken archive": ({"rest.zip": b"PK"}, "rest.zip: a damaged archive"),
    "all in one": ({"all.py": A + solution("losses").encode()}, "all.py is not read: it has functions of 02_activ"),
    "two far away that differ": (
        {"old/a/try.py": A, "old/b/try.py": A.replace(b"np.where", b"np.choose")},
        "activations.py is there twice, and differs: in old/a/try.py and in old/b/try.py",
    ),
    "an end without a dot": ({"activationspy.txt": A}, "activationspy.txt is not read"),
    "all in one, deep": ({"a/b/all.py": A + solution("losses").encode()}, "all.py is not read: it has functions of"),
}
# Beside a right 01, and 02 was not handed in.
NOTHING = {
    "a plot": {"activations.png": b"\x89PNG"},
    "numbers": {"activations.csv": b"1,2"},
    "the stub": {"activations.py": STUB},
    "the stub and its backup": {"activations.py": STUB, "activations.py~": STUB, "activations.py.bak": STUB},
    "an essay": {"essay.pdf": b"%PDF", "notes.md": b"# Notes"},
    "a plan": {"plan.py": b"import activations\nsigmoid = 3\n"},
}


def everybody(folder):
    """Make a class of them all, by turns in folders and in archives; returns {name: the way}."""
    people = {}
    ways = {
        **COUNTS,
        **{name: files for name, (files, _) in UNREAD.items()},
        **NOTHING,
    }
    for name, files in ways.items():
        files = {"label_encoders.py": L, **files}
        number = len(people)
        if number % 2:
            lay_out_class(folder, {f"s{number}/{path}": content for path, content in files.items()})
        else:
            lay_out_class(folder, {f"s{number}.zip": zipped(files)})
        people[f"s{number}"] = name
    return people


@pytest.mark.parametrize("name", COUNTS)
def test_a_file_with_an_exercises_functions_counts_wherever_it_lies(tmp_path, name):
    lay_out_class(tmp_path / "ann", {"label_encoders.py": L, **COUNTS[name]})
    (tmp_path / "bo.zip").write_bytes(zipped({"label_encoders.py": L, **COUNTS[name]}))
    for files, notes in found(tmp_path).values():
        work = next(path for path, content in COUNTS[name].items() if content != STUB)
        kind = work.rpartition(".")[2]
        assert files[f"activations.{kind}"] == COUNTS[name][work]
        assert f"{work} is taken for activations.{kind}" in notes


def test_what_lies_deeper_never_counts_before_what_is_written_in_its_place(tmp_path):
    scratch = {f"tries/{number}/try.py": A + b"# %d\n" % number for number in range(30)}
    (tmp_path / "ann.zip").write_bytes(zipped({"activations.py": A, **scratch}))
    assert found(tmp_path)["ann"] == ({"activations.py": A}, [])


@needs_sandbox
def test_nobody_loses_points_that_nobody_has_looked_at(tmp_path, run):
    people = everybody(tmp_path / "class")
    done = run("-m", "kata", "grade", tmp_path / "class", "--output", tmp_path / "marks", "--exercises", "01,02")
    assert done.status == 0, done.err
    with open(tmp_path / "marks/grades.csv", encoding="utf-8") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    for name, row in rows.items():
        way = people[name]
        told = (tmp_path / "marks" / name / "feedback.md").read_text(encoding="utf-8").replace("\\", "")
        assert row["01_label_encoders"] == "12", way
        if way in UNREAD:
            assert row["status"] == "could not be judged", way
            assert "Not handed in" not in told, way
            result = json.loads((tmp_path / "marks" / name / "result.json").read_text(encoding="utf-8"))
            assert UNREAD[way][1] in result["functions"]["sigmoid"]["reason"], (way, result["functions"]["sigmoid"])
        elif way in NOTHING:
            assert row["status"] == "failed", way
            assert "Not handed in" in told, way
        elif way not in ("nothing but lambdas", "UTF-16"):
            assert row["points"] == "20", way
