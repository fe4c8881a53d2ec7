"""How many submissions are graded in a second: this project, nbgrader, and the floor below which no sandbox goes.

    python -m tests.proofs.bench_grading [SUBMISSIONS]

The same submissions, right and wrong ones, go through both. nbgrader's assignment holds twelve of the checks of
exercise 02, as a notebook of the kind that its users write, and is graded as they do it, `nbgrader autograde`, one
after the other. Ours are graded by `kata grade --exercises 02 --jobs 2`, with all of its 20 checks. nbgrader is
installed into an environment of its own, .venv-nbgrader.

The floor is the sandbox, the interpreter and `import numpy`, and nothing else. It is measured in turns with whole
submissions, as a shared machine changes its speed.
"""

import gc
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kata.answers.answer import Answer, Reference
from kata.grading.marking import Marking
from kata.grading.suites import Suites
from kata.sandbox.bubblewrap import Sandbox
from kata.sandbox.runner import Sandboxed
from kata.sandbox.runtime import PACKAGES, find_runtime
from kata.syllabus import EXERCISES, ROOT
from tests.support import replace_function, solution

ENVIRONMENT = ROOT / ".venv-nbgrader"
NBGRADER = "nbgrader==0.9.6"
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


def main(number=10):
    """Print the figures."""
    codes = [
        solution("activations"),
        replace_function("activations", "sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"),
        replace_function(
            "activations", "softmax", "def softmax(x, axis=-1):\n    return np.exp(x) / np.sum(np.exp(x))\n"
        ),
    ]
    submissions = {f"student{place:03}": codes[place % 3] for place in range(number)}
    with tempfile.TemporaryDirectory() as folder:
        theirs = nbgrader(Path(folder), submissions)
        ours = kata(Path(folder), submissions, repeat=10)
    print(f"nbgrader: {theirs:.2f} s a submission ({1 / theirs:.2f} in a second, {number} submissions)")
    print(f"kata:     {ours:.3f} s a submission ({1 / ours:.1f} in a second, {10 * number} submissions, --jobs 2)")
    print(f"          {theirs / ours:.1f} times as many")
    for numbers, what in (("02", "the checks of 02"), ("01,02,03,04,05", "all checks of 01 to 05")):
        for at_once in (1, 2):
            floor, whole = against_the_floor(at_once, numbers)
            print(
                f"{at_once} at once: the floor {floor * 1000:.0f} ms, {what} {whole * 1000:.0f} ms a submission:",
                end="",
            )
            print(f" {whole / floor:.2f} times the floor")


def nbgrader(folder, submissions):
    """Seconds that nbgrader takes for a submission."""
    if not (ENVIRONMENT / "made").exists():
        print(f"Installing {NBGRADER} into {ENVIRONMENT.name} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        install = [ENVIRONMENT / "bin/python", "-m", "pip", "install", "--quiet", NBGRADER, "numpy", "ipykernel"]
        subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
        (ENVIRONMENT / "made").touch()
    course = folder / "course"
    (course / "source/ps1").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'kata'\nc.CourseDirectory.root = '.'\n"
    )
    (course / "source/ps1/p1.ipynb").write_text(json.dumps(notebook("### BEGIN SOLUTION\n### END SOLUTION")))
    run(course, "generate_assignment", "ps1")
    for name, code in submissions.items():
        target = course / "submitted" / name / "ps1"
        target.mkdir(parents=True)
        released = json.loads((course / "release/ps1/p1.ipynb").read_text())
        for cell in released["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = code
        (target / "p1.ipynb").write_text(json.dumps(released))
    start = time.perf_counter()
    run(course, "autograde", "ps1")
    taken = time.perf_counter() - start
    graded = list((course / "autograded").glob("*/ps1/p1.ipynb"))
    assert len(graded) == len(submissions), graded
    return taken / len(submissions)


def run(course, *command):
    environment = os.environ | {"PATH": f"{ENVIRONMENT}/bin{os.pathsep}{os.environ['PATH']}", "HOME": str(course)}
    done = subprocess.run(["nbgrader", *command], cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


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


def kata(folder, submissions, repeat):
    """Seconds that `kata grade` takes for a submission, its own start included."""
    for name, code in submissions.items():
        for copy in range(repeat):
            target = folder / "submissions" / f"{name}-{copy}"
            target.mkdir(parents=True)
            (target / "activations.py").write_text(code)
    command = [sys.executable, "-m", "kata", "grade", folder / "submissions", "--output", folder / "marks"]
    start = time.perf_counter()
    done = subprocess.run([*command, "--exercises", "02", "--jobs", "2"], cwd=ROOT, capture_output=True, text=True)
    taken = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return taken / (repeat * len(submissions))


def against_the_floor(at_once, numbers, pairs=15):
    """(floor, whole): seconds for a submission, where so many are worked on at once, in processes of their own."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        command = [sys.executable, "-m", "tests.proofs.bench_grading", "measure", folder, numbers, str(pairs)]
        runs = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(at_once)]
        found = [json.loads(out) for out in pool.map(lambda one: one.communicate()[0], runs)]
    return tuple(statistics.mean(one[place] for one in found) / at_once for place in (0, 1))


def measure(folder, numbers, pairs):
    """Print [floor, whole]: the medians of this process, which measures both in turns."""
    sandbox = Sandbox(find_runtime(Path(folder) / f"runtime{os.getpid()}"), 10, 1024)
    judge = judge_in(sandbox, [exercise for exercise in EXERCISES if exercise.number in numbers.split(",")])
    found = [(floor(sandbox), judge()) for _ in range(pairs)]
    print(json.dumps([statistics.median(times) for times in zip(*found, strict=True)]))


def judge_in(sandbox, exercises):
    """A function that judges the solutions in a sandbox once, as a worker does, and returns the seconds."""
    reference = Reference()
    marking = Marking(Suites(exercises, reference), reference)
    seeds = itertools.count()  # as in a grading: each submission has random inputs of its own

    def judge():
        start = time.perf_counter()
        answer = Answer(ROOT / "solutions")
        answer.runner = Sandboxed(sandbox, answer, 10)
        marks = marking.judge(answer, next(seeds))
        answer.runner.close()
        taken = time.perf_counter() - start
        assert all(mark["outcome"] == "passed" for mark in marks["functions"].values())
        return taken

    judge()
    gc.freeze()  # as a worker does
    gc.set_threshold(20_000, 20, 20)
    return judge


def floor(sandbox):
    """Seconds for the sandbox, the interpreter and `import numpy`."""
    command, descriptors = sandbox._command(ROOT / "solutions", (), None, second=False)
    place = command.index("-c")
    command = [*command[: place + 1], f"import sys; sys.path.append({PACKAGES!r}); import numpy"]
    start = time.perf_counter()
    subprocess.run(command, pass_fds=descriptors, check=True)
    taken = time.perf_counter() - start
    for descriptor in descriptors:
        os.close(descriptor)
    return taken


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(*map(int, sys.argv[1:]))
