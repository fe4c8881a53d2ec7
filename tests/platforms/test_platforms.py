"""Marks on their way back: to Moodle, to Canvas, and to the author of a push on GitHub."""

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest

from kata.reports.gradebooks import canvas_csv, moodle_csv
from kata.reports.tables import defused
from kata.syllabus import EXERCISES, ROOT
from tests.classes import marks, result_of
from tests.submissions.test_layouts import lay_out, zipped
from tests.support import needs_sandbox, replace_function, solution

COMMAND = [sys.executable, "-m", "kata"]
RIGHT = solution("activations").encode()
WRONG = replace_function("activations", "sigmoid", "def sigmoid(x):\n    return x\n").encode()


def kata(*arguments, **options):
    return subprocess.run([*COMMAND, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, **options)


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Ann; Bo", "Ann; Bo"),
        ("=1+1", "'=1+1"),
        ("Ann;=1+1;", "Ann;'=1+1;"),  # half of Europe's spreadsheets part cells at semicolons
        ("Ann; @SUM(1)", "Ann; '@SUM(1)"),
        (" +1", " '+1"),
        ("'=1", "''=1"),
        ("\uff1d1+1", "'\uff1d1+1"),  # wide signs, which some take for the plain ones
    ],
)
def test_no_name_is_a_formula_whatever_parts_the_cells(name, cell):
    assert defused(name) == cell


@pytest.mark.parametrize("write", [moodle_csv, lambda *class_: canvas_csv(*class_, "Kata")], ids=["moodle", "canvas"])
def test_no_gradebook_has_a_formula(write):
    class_ = [result_of(marks({}, notes=["=1+1"]), "=1+1"), result_of(marks({}, notes=["@1"], refused="no"), "+1")]
    cells = [cell for row in csv.reader(io.StringIO(write(class_, EXERCISES))) for cell in row]
    assert "'=1+1" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_what_nobody_can_import_is_in_no_gradebook():
    stray = result_of(marks({}, refused="notes.docx is neither a folder, nor ..."), "notes.docx")
    missing = result_of(marks({}, refused="a damaged archive"), "Bo") | {"platform": "moodle", "number": "125"}
    class_ = [stray, missing, result_of(marks({}), "Ann")]
    assert [row[1] for row in csv.reader(io.StringIO(moodle_csv(class_, EXERCISES)))] == ["Full name", "Bo", "Ann"]
    assert "notes" not in canvas_csv(class_, EXERCISES, "Kata")


@needs_sandbox
def test_from_moodle_and_back(tmp_path):
    (tmp_path / "week 3.zip").write_bytes(
        zipped(
            {
                "Ann Lee_123_assignsubmission_file_/activations.py": RIGHT,
                "=1+1_124_assignsubmission_file_/kata.zip": zipped({"activations.py": WRONG}),
                "Bo_125_assignsubmission_file_/kata.zip": b"no archive",
                "Cy_126_assignsubmission_file_/<i>.py": WRONG,
            }
        )
    )
    done = kata("grade", tmp_path / "week 3.zip", "--output", tmp_path / "o", "--exercises", "02", "--csv", "moodle")
    assert done.returncode == 0, done.stderr
    header, *rows = table(tmp_path / "o/grades-moodle.csv")
    assert header == [
        *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"),
        *("Last modified (submission)", "Last modified (grade)", "Feedback comments"),
    ]
    shown = [[row[0], row[1], row[4], row[5], row[9]] for row in rows]
    assert shown == [
        ["Participant 124", "'=1+1", "5", "8", "02_activations: 5 of 8 (sigmoid not right)"],
        ["Participant 123", "Ann Lee", "8", "8", "02_activations: 8 of 8"],
        ["Participant 125", "Bo", "", "8", "nothing of it was judged"],
        [
            *("Participant 126", "Cy", "5", "8"),
            "&lt;i&gt;.py is taken for activations.py; 02_activations: 5 of 8 (sigmoid not right)",
        ],
    ]
    assert table(tmp_path / "o/grades.csv")[0] == ["submission", "points", "max_points", "02_activations", "status"]
    (cy,) = (tmp_path / "o/Cy").glob("feedback.md")
    assert r"- \<i\>.py is taken for activations.py" in cy.read_text()


@needs_sandbox
def test_from_canvas_and_back(tmp_path):
    folder = lay_out(
        tmp_path / "class",
        {
            "leeann_12_99_activations.py": RIGHT,
            "leeann_LATE_12_100_activations-1.py": WRONG,
            "anon_x1_101_activations.py": RIGHT,
            "bo_13_102_kata.zip": b"no archive",
        },
    )
    arguments = ("grade", folder, "--output", tmp_path / "o", "--exercises", "02", "--csv", "canvas")
    assert kata(*arguments, "--assignment", "Week 3 (4711)").returncode == 0
    assert table(tmp_path / "o/grades-canvas.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week 3 (4711)"],
        ["    Points Possible", "", "", "", "", "8"],
        ["anon_x1", "", "", "", "", "8"],
        ["leeann", "12", "", "", "", "5"],
    ]
    results = json.loads((tmp_path / "o/grades.json").read_text())["submissions"]
    notes = ["handed in late", "the newest of 2 hand-ins of activations.py"]
    assert [result["notes"] for result in results] == [[], [], notes]
    feedback = (tmp_path / "o/leeann/feedback.md").read_text()
    assert "- handed in late\n- the newest of 2 hand-ins of activations.py\n" in feedback
    # Another late note, the same files: it is told, too.
    (folder / "anon_x1_101_activations.py").rename(folder / "LATE_anon_x1_101_activations.py")
    assert kata(*arguments).returncode == 0
    assert "handed in late" in (tmp_path / "o/anon_x1/feedback.md").read_text()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            zipped({"02_activations/activations.py": RIGHT}),
            "is one submission: name the folder that holds all of them",
        ),
        (zipped({"../ann/activations.py": RIGHT}), "../ann/activations.py in it leads outside"),
        (b"no archive", "a damaged archive: File is not a zip file"),
        (zipped({}), "holds no submissions"),
    ],
)
def test_a_zip_that_is_no_class_is_told(tmp_path, content, says):
    (tmp_path / "class.zip").write_bytes(content)
    done = kata("grade", tmp_path / "class.zip", "--output", tmp_path / "o", "--exercises", "02")
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def steps(workflow):
    """{name of a step: its script}."""
    found = re.findall(r"- name: (\w+)\n +run: (?:\|\n)?((?:.+\n)+?)(?= +- |\Z)", workflow)
    return {name: "\n".join(line.strip() for line in script.splitlines()) for name, script in found}


def test_the_workflow_takes_nothing_that_may_change(tmp_path):
    path = tmp_path / "template/.github/workflows/classroom.yml"
    done = kata("classroom", "ann/kata", "--ref", "0123abc", "--exercises", "02,06", "--output", path)
    assert done.returncode == 0, done.stderr
    text = path.read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert len(used) == 2
    assert all(re.fullmatch(r"actions/checkout@[0-9a-f]{40}", action) for action in used)
    assert 'repository: "ann/kata"\n          ref: "0123abc"' in text
    assert "contents: read" in text
    assert list(steps(text)) == ["Install", "Judge", "Report"]
    assert "constraints.txt jinja2 tqdm numpy pytest nbconvert pebble tensorflow" in steps(text)["Install"]
    assert "@repository@" not in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("kata",), "kata is no repository on GitHub: OWNER/NAME"),
        (("ann/kata", "--ref", 'x"; run'), "is no commit, tag or branch"),
        (("ann/kata", "--ref", "main", "--exercises", "77"), "there is no exercise '77'"),
        (("ann/kata", "--ref", "main", "--output", "/dev/null/classroom.yml"), "cannot be written"),
    ],
)
def test_what_cannot_be_a_workflow_is_said(arguments, says):
    done = kata("classroom", *arguments)
    assert done.returncode == 2
    assert says in done.stderr


@needs_sandbox
def test_the_workflow_judges_a_push(tmp_path):
    assert (
        kata("classroom", "a/b", "--ref", "main", "--exercises", "02", "--output", tmp_path / "c.yml").returncode == 0
    )
    scripts = steps((tmp_path / "c.yml").read_text())
    # A whole clone, whose own suite and kata say that everything is right.
    clone = lay_out(
        tmp_path / "class/submission",
        {
            "exercises/02_activations/activations.py": WRONG,
            "exercises/02_activations/test_activations.py": b"def test(): pass\n",
            "conftest.py": b"import os\nos._exit(0)\n",
            "kata/__init__.py": b"raise SystemExit(0)\n",
        },
    )
    command = tmp_path / "judge/.venv/bin"
    command.mkdir(parents=True)
    for name, module in (("kata", "-m kata"), ("python", "")):
        (command / name).write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -P {module} "$@"\n')
        (command / name).chmod(0o755)
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    options = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}

    def push():
        judged = subprocess.run(["bash", "-ec", scripts["Judge"]], **options)
        assert judged.returncode == 0, judged.stdout + judged.stderr
        assert re.match(r"::stop-commands::[0-9a-f]{32}\n", judged.stdout)
        return subprocess.run(["bash", "-ec", scripts["Report"]], **options)

    reported = push()
    assert reported.returncode == 1
    assert '::notice title=Autograding report::{"totalPoints": 5, "maxPoints": 8}' in reported.stdout
    assert "5 of 8 points: failed" in (tmp_path / "summary.md").read_text()
    (clone / "exercises/02_activations/activations.py").write_bytes(RIGHT)
    reported = push()
    assert reported.returncode == 0
    assert '{"totalPoints": 8, "maxPoints": 8}' in reported.stdout
