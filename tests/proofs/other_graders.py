"""Graders to measure `kata grade` beside: nbgrader and otter-grader, each in an environment of its own.

Both get twelve of the checks of exercise 02 and the same answers, as notebooks of the kind that their users write.
"""

import json
import os
import subprocess
import sys
import time

from kata.syllabus import ROOT

NBGRADER = "nbgrader==0.9.6"
OTTER = "otter-grader==7.0.0"
# What `otter run` does, without its start for each submission. `otter grade`, which takes a class, needs Docker.
OTTER_RUN = """import json, sys
from otter.api import grade_submission
archive, *paths = sys.argv[1:]
print(json.dumps([grade_submission(path, archive, quiet=True).total for path in paths]))
"""
CHECKS = {
    "the logits stay": "assert_allclose(linear(LOGITS), LOGITS, rtol=0)",
    "nothing is cut off": "assert_allclose(linear(EDGES), EDGES, rtol=0)",
    "the shape stays, linear": "assert [linear(np.full(s, -2.5, np.float32)).shape for s in SHAPES] == SHAPES",
    "tutorial": "assert_allclose(sigmoid(LOGITS), [[2.0611537e-09, 4.5397868e-05, 4.7194951e-20, 3.7266393e-06, "
    "7.2812905e-33]], rtol=1e-5)",
    "zero": "assert_allclose(sigmoid(np.float32([0, 0.5, -0.5])), [0.5, 0.62245935, 0.37754068], rtol=1e-5)",
    "huge": "assert_allclose(sigmoid(np.float32([[1e4, -1e4]])), [[1, 0]], rtol=1e-5)",
    "negative": "assert_allclose(sigmoid(np.float32([-17, -80])), [4.139937e-08, 1.804851e-35], rtol=1e-5)",
    "the shape stays, sigmoid": "assert [sigmoid(np.full(s, 2, np.float32)).shape for s in SHAPES] == SHAPES",
    "random": "x = np.random.default_rng().normal(0, 10, (8, 5)).astype(np.float32)\n"
    "assert_allclose(sigmoid(x), 1 / (1 + np.exp(-x.astype(float))), rtol=1e-5)",
    "softmax tutorial": "assert_allclose(softmax(LOGITS), [[4.1954216e-05, 0.92410302, 9.6064018e-16, 0.075855002, "
    "1.4820867e-28]], rtol=1e-5)",
    "softmax equal": "assert_allclose(softmax(np.full((2, 4), 3, np.float32)), np.full((2, 4), 0.25), rtol=1e-5)",
    "softmax axis": "assert_allclose(softmax(np.float32([[0, 1], [1, 1]]), axis=0).sum(axis=0), [1, 1], rtol=1e-5)",
}
SETUP = """from numpy.testing import assert_allclose
LOGITS = np.float32([[-20, -10, -44.5, -12.5, -74]])
EDGES = np.float32([-1e4, -1, -1e-30, 0, 0.5, 1, 1e4])
SHAPES = [(), (3,), (0, 5), (1, 1), (2, 3, 4)]
"""


class Missing(Exception):
    """Why a grader cannot be measured here."""


def spent_by(command, **options):
    """Run a command; return the seconds that it took, and what it printed.

    Raises:
        SystemExit: it failed; the text is what it printed.
    """
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **options)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return seconds, done.stdout


def installed(environment, package):
    """Install a package into an environment of its own, if it is not there yet; return the environment.

    Raises:
        Missing: it cannot be installed.
    """
    if not (environment / "made").exists():
        print(f"Installing {package} into {environment.name} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        install = [environment / "bin/python", "-m", "pip", "install", "--quiet", package, "numpy", "ipykernel"]
        done = subprocess.run(install, capture_output=True, text=True)
        if done.returncode:
            whys = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
            raise Missing(f"{package} cannot be installed: {[*whys, 'pip failed'][0].removeprefix('ERROR: ')}")
        (environment / "made").touch()
    return environment


def within(environment, home):
    """What a process is told that is to run in an environment, and to find nothing of its user's."""
    path = f"{environment}/bin{os.pathsep}{os.environ['PATH']}"
    return {"cwd": home, "env": os.environ | {"PATH": path, "HOME": str(home)}}


def nbgrader(folder, submissions):
    """Seconds of `nbgrader autograde`, on {name: code} together."""
    environment, course = installed(ROOT / ".venv-nbgrader", NBGRADER), folder / "course"
    (course / "source/ps1").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'kata'\nc.CourseDirectory.root = '.'\n"
    )
    (course / "source/ps1/p1.ipynb").write_text(json.dumps(notebook("### BEGIN SOLUTION\n### END SOLUTION")))
    spent_by(["nbgrader", "generate_assignment", "ps1"], **within(environment, course))
    for name, code in submissions.items():
        target = course / "submitted" / name / "ps1"
        target.mkdir(parents=True)
        released = json.loads((course / "release/ps1/p1.ipynb").read_text())
        for cell in released["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = code
        (target / "p1.ipynb").write_text(json.dumps(released))
    spent, _ = spent_by(["nbgrader", "autograde", "ps1"], **within(environment, course))
    graded = list((course / "autograded").glob("*/ps1/p1.ipynb"))
    assert len(graded) == len(submissions), graded
    return spent


def otter(folder, submissions):
    """Seconds of otter-grader's way without Docker, on {name: code} together."""
    environment, course = installed(ROOT / ".venv-otter", OTTER), folder / "otter"
    (course / "tests").mkdir(parents=True)
    (course / "tests/activations.py").write_text(otter_test())
    spent_by(["otter", "generate", "-t", "tests", "-o", "autograder.zip"], **within(environment, course))
    for name, code in submissions.items():
        answer = cell("answer", code, solution=True, grade=False) | {"metadata": {}}
        (course / f"{name}.ipynb").write_text(json.dumps(notebook(code) | {"cells": [answer]}))
    names = [f"{name}.ipynb" for name in submissions]
    command = ["python", "-c", OTTER_RUN, "autograder.zip", *names]
    spent, told = spent_by(command, **within(environment, course))
    points = json.loads(told.splitlines()[-1])
    assert len(points) == len(submissions)
    assert points[0] == len(CHECKS), points  # the solution's
    return spent


def otter_test():
    """The checks as a file of otter's tests."""
    lines = ["from otter.test_files import test_case", "import numpy as np", SETUP]
    lines += ["OK_FORMAT, name, points = False, 'activations', None"]
    for number, (name, code) in enumerate(CHECKS.items()):
        lines += [f"@test_case(name={name!r}, points=1)", f"def test_{number}(linear, sigmoid, softmax):"]
        lines += [f"    {line}" for line in code.splitlines()]
    return "\n".join(lines) + "\n"


def notebook(answer):
    """The assignment as nbgrader wants it."""
    cells = [cell("answer", answer, solution=True, grade=False)]
    cells += [cell(f"c{n}", SETUP * (n == 0) + code, solution=False) for n, code in enumerate(CHECKS.values())]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def cell(name, code, solution, grade=True):
    marks = {"grade": grade, "solution": solution, "locked": grade, "grade_id": name, "schema_version": 3}
    marks |= {"task": False, "cell_type": "code"} | ({"points": 1} if grade else {})
    kind = {"cell_type": "code", "execution_count": None, "outputs": [], "id": name}
    return kind | {"source": code, "metadata": {"nbgrader": marks}}
