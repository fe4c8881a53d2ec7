"""`kata grade` as instructors run it: marks, what comes out, and that nothing is lost."""

import contextlib
import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import pytest

from kata.answers.answer import Answer, Reference
from kata.folders import SOLUTIONS
from kata.grading import run as run_module
from kata.grading.judging import Judge
from kata.grading.marking import Marking
from kata.grading.output import Kept
from kata.grading.results import FEEDBACK
from kata.grading.suites import Suites
from kata.reports.feedback import clean
from kata.reports.tables import grades_json, junit_xml
from kata.sandbox.bubblewrap import SandboxError
from kata.sandbox.runtime import find_runtime
from kata.sandbox.seccomp import make_filter
from kata.submissions.layouts import Part, Submission
from kata.syllabus import BY_TOPIC, EXERCISES, ROOT
from tests.support import HANGS, needs_sandbox, replace_function, solution, solved_notebook

COMMAND = [sys.executable, "-m", "kata", "grade"]
NUMPY = "01,02,03,04,05"


def start(*arguments, sigint=signal.SIG_DFL, **environment):
    """Start `kata grade` in a group of its own, so that all of it can be ended; `sigint` is what it inherits."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, sigint),  # ignored where the tests run in the background
    )


def grade(*arguments, status=0, **environment):
    """Run `kata grade`; returns what it printed."""
    process = start(*arguments, **environment)
    out, _ = process.communicate(timeout=HANGS)
    assert process.returncode == status, out
    return out


def marks(output):
    with open(output / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


def results(output):
    found = json.loads((output / "grades.json").read_text(encoding="utf-8"))["submissions"]
    return {
        result["submission"]: {key: result[key] for key in result if key not in ("seconds", "spent")}
        for result in found
    }


def wrong_sigmoid():
    return replace_function("activations", "sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n")


def summed_losses():
    return (
        solution("losses")
        + """

right = binary_crossentropy


def binary_crossentropy(y_true, y_pred, from_logits=False):
    return right(y_true, y_pred, from_logits) * np.float32(np.shape(y_true)[-1])
"""
    )


@pytest.fixture
def class_of(answer_folder, tmp_path):
    """Make a folder of submissions: {name: topics as `answer_folder` takes them}."""

    def make(**students):
        for name, topics in students.items():
            answer_folder(f"submissions/{name}", **topics)
        return tmp_path / "submissions"

    return make


STUDENTS = {
    "right": {},
    "warns": {"activations": wrong_sigmoid()},
    "summed": {"losses": summed_losses()},
    "part": {"losses": None, "label_encoders": solution("label_encoders").partition("def multi_hot_decode")[0]},
    "broken": {"binary_accuracy": "def binary_accuracy(:\n"},
    "stubs": {
        exercise.topic: exercise.stub.read_text(encoding="utf-8") for exercise in EXERCISES if not exercise.needs
    },
}


@needs_sandbox
def test_marks_are_those_of_pytest(class_of, tmp_path, judge):
    folder = class_of(**STUDENTS)
    grade(folder, "--output", tmp_path / "output", "--exercises", NUMPY, "--seed", "7")
    found = marks(tmp_path / "output")
    assert list(found) == sorted(STUDENTS)
    for name in STUDENTS:
        run = judge(
            *(f"exercises/{exercise.folder}" for exercise in EXERCISES if not exercise.needs),
            f"--answers={folder / name}",
            "--seed=7",
        )
        for exercise in EXERCISES[:5]:
            points = run.points(f"{exercise.number} {exercise.topic}")
            assert found[name][exercise.folder] == str(points), f"{name} {exercise.folder}\n{run.out}"
        assert found[name]["points"] == str(run.points())
        assert found[name]["max_points"] == "60"
        assert found[name]["status"] == ("passed" if name == "right" else "failed")
    feedback = {name: (tmp_path / f"output/{name}/feedback.md").read_text(encoding="utf-8") for name in STUDENTS}
    assert "60 of 60 points" in feedback["right"]
    assert "NumPy warned: overflow encountered" in feedback["warns"]
    assert "You summed over the labels" in feedback["summed"]
    assert "waiting for binary_crossentropy, which is not right yet" in feedback["summed"]
    assert "has no function named multi_hot_decode" in feedback["part"]
    assert "waiting for losses.py, which is not there" in feedback["part"]
    assert "binary_accuracy.py, line 1: SyntaxError" in feedback["broken"]
    assert "Not handed in." in feedback["stubs"]
    pages = {name: (tmp_path / f"output/{name}/feedback.html").read_text(encoding="utf-8") for name in STUDENTS}
    assert all(f"{found[name]['points']} of 60 points" in pages[name] for name in STUDENTS)
    assert "You summed over the labels" in pages["summed"]
    index = (tmp_path / "output/index.html").read_text(encoding="utf-8")
    assert "<strong>1 of 4</strong> <code>binary_crossentropy</code>" in index  # of those with a losses.py
    assert index.count("You summed over the labels") == 1


@needs_sandbox
def test_notebooks_are_graded_as_modules_are(tmp_path):
    folder = tmp_path / "submissions"
    for exercise in EXERCISES[:5]:
        path = folder / "solved" / exercise.folder / exercise.notebook.name
        path.parent.mkdir(parents=True)
        path.write_text(solved_notebook(exercise), encoding="utf-8")
    shutil.make_archive(str(folder / "packed"), "zip", folder / "solved")
    broken = solved_notebook(BY_TOPIC["activations"]).replace("return e / np.sum(", "return undefined / np.sum(")
    broken = broken.replace("def sigmoid(x):", "%time y = sigmoid(x)\\n\\ndef sigmoid(x:")
    (folder / "broken").mkdir()
    (folder / "broken/activations.ipynb").write_text(broken, encoding="utf-8")
    (folder / "broken/losses.ipynb").write_text("{")
    out = grade(folder, "--output", tmp_path / "output", "--exercises", NUMPY)
    assert "3 submissions graded: 1 failed, 2 passed" in out
    found = marks(tmp_path / "output")
    assert found["solved"]["points"] == found["packed"]["points"] == "60"
    assert found["broken"]["points"] == "1"
    feedback = (tmp_path / "output/broken/feedback.md").read_text(encoding="utf-8")
    assert re.search(r"activations\.ipynb, cell \d+, line 3: SyntaxError: ", feedback)
    assert re.search(r"activations\.ipynb, cell \d+, line \d+: return undefined / np\.sum", feedback)
    assert "losses.ipynb, which is no notebook that can be read: JSONDecodeError" in feedback
    assert str(tmp_path) not in feedback


@pytest.mark.proof
@needs_sandbox
def test_the_same_marks_with_any_number_of_jobs_and_in_any_order(class_of, tmp_path):
    folder = class_of(**STUDENTS)
    found = []
    for number, jobs in enumerate((1, 2, 3)):
        if number == 1:
            for path in list(folder.iterdir()):
                path.rename(path.with_name(f"{'zyxwvu'[len(path.name) % 6]}-{path.name}"))
        output = tmp_path / f"output{number}"
        grade(folder, "--output", output, "--exercises", NUMPY, "--seed", "7", "--jobs", jobs)
        found.append({name.partition("-")[2] or name: r["checks"] for name, r in results(output).items()})
    assert found[0] == found[1] == found[2]


@needs_sandbox
def test_a_second_run_judges_what_is_new_and_nothing_else(class_of, tmp_path):
    folder, output = class_of(right={}, warns=STUDENTS["warns"]), tmp_path / "output"
    arguments = (folder, "--output", output, "--exercises", "02")
    assert re.search(r"2/2 .*\d(it/s|s/it)", grade(*arguments))
    seed = json.loads((output / "run.json").read_text())["seed"]
    before = {path: path.stat().st_mtime_ns for path in output.glob("*/*")}
    assert re.search(r"2/2 .*\?it/s", grade(*arguments))  # what was known before says nothing of the time left
    assert json.loads((output / "run.json").read_text())["seed"] == seed
    assert {path: path.stat().st_mtime_ns for path in output.glob("*/*")} == before
    shutil.copytree(folder / "right", folder / "new")
    shutil.copy(folder / "right/02_activations/activations.py", folder / "warns/02_activations/activations.py")
    grade(*arguments)
    assert {name: row["points"] for name, row in marks(output).items()} == {"new": "8", "right": "8", "warns": "8"}
    assert (output / "right/result.json").stat().st_mtime_ns == before[output / "right/result.json"]
    out = grade(*arguments, "--seed", seed + 1, status=2)
    assert f"was begun with seed {seed}, not {seed + 1}" in out


def judgings(output, name):
    """{an exercise's folder: the attempt with which it was judged} of all that is kept of a submission."""
    return json.loads((output / name / "result.json").read_text(encoding="utf-8"))["attempts"]


def given_out(output):
    """{path: bytes} of what an instructor publishes and students get."""
    paths = [output / "grades.csv", *(path for name in FEEDBACK for path in output.glob(f"*/{name}"))]
    return {path.relative_to(output): path.read_bytes() for path in paths}


@pytest.mark.proof
@needs_sandbox
def test_what_was_judged_of_other_exercises_is_kept(class_of, tmp_path):
    students = {name: STUDENTS[name] for name in ("right", "warns", "summed", "stubs")}
    folder, output = class_of(**students), tmp_path / "output"
    (folder / "cy.txt").write_text("I was ill")

    def run(numbers, output=output):
        grade(folder, "--output", output, "--exercises", numbers, "--seed", "7")
        return given_out(output)

    both = run("02,03")
    before = results(output)
    alone = run("02", tmp_path / "alone")
    assert run("02") == alone  # as if nobody had ever asked for 03
    assert list(marks(output)["right"]) == ["submission", "points", "max_points", "02_activations", "status"]
    assert judgings(output, "right") == {"02_activations": 1, "03_losses": 1}
    assert not [text for path, text in given_out(output).items() if b"03_losses" in text]
    assert run("02,03") == both
    assert results(output) == before  # its checks, too: random inputs were drawn once
    run("02,03,04")
    # What is judged at another time still waits for what it rests on.
    text = (output / "summed/feedback.md").read_text(encoding="utf-8")
    assert "waiting for binary_crossentropy, which is not right yet" in text
    names = ["02_activations", "03_losses", "04_pairings"]
    assert judgings(output, "right") == judgings(output, "stubs") == dict(zip(names, [1, 1, 2], strict=True))


def test_a_test_of_our_own_that_breaks_costs_its_function_alone():
    reference = Reference()

    def broken(x):
        raise RuntimeError("ours")

    reference.sigmoid = broken
    marking = Marking(Suites([BY_TOPIC["activations"]], reference), Reference())
    answer = Answer(SOLUTIONS)
    answer.runner.unjudged, answer.runner.expect, answer.runner.begin = {}, lambda plan: None, lambda test: None
    answer.runner.unnoticed, answer.runner.close = contextlib.nullcontext, lambda: None
    marks = marking.judge(answer, (0, 0))
    functions = marks["functions"]
    assert [functions[name]["points"] for name in ("linear", "sigmoid", "softmax")] == [1, 0, 4]
    assert functions["sigmoid"]["outcome"] == "failed"
    assert functions["sigmoid"]["passed"] == 6
    (check,) = (check for check in marks["checks"] if check["function"] == "sigmoid" and check["outcome"] != "passed")
    assert check["detail"] == "the judge itself failed: RuntimeError: ours"


def test_what_no_process_could_be_started_for_is_judged_by_the_next_run(tmp_path, monkeypatch):
    def no_process(answer, needs=()):
        raise SandboxError("no memory")

    runtime = find_runtime(tmp_path / "runtime").save()
    limits = {"seconds": 1, "megabytes": 1024, "bare": True}
    judge = Judge({"seed": 0, "exercises": ["02"], "runtime": runtime, **limits})
    (tmp_path / "activations.py").write_text(solution("activations"))
    task = Submission("ann", "ann", (Part(tmp_path / "activations.py", "activations.py"),)).task()
    with monkeypatch.context() as patched:
        patched.setattr(judge.sandbox, "start", no_process)
        with pytest.raises(SandboxError, match="no memory"):  # which workers.py tries once more, and then refuses
            judge.judge(task | {"known": None, "attempt": 1})
    marks = judge.judge({"refused": "the judge failed twice: SandboxError: no memory"})
    assert marks["refused"] == "the judge failed twice: SandboxError: no memory"
    assert {mark["outcome"] for mark in marks["functions"].values()} == {"could not be judged"}
    again = judge.judge(task | {"known": marks["digest"], "attempt": 2})
    assert again["functions"]["sigmoid"]["outcome"] == "passed"
    assert judge.judge(task | {"known": again["digest"], "attempt": 3}) is None


def many(folder, number):
    """A class with right, wrong, hanging and leaving submissions."""
    kinds = [
        solution("activations"),
        wrong_sigmoid(),
        "import os\nos._exit(0)\n",
        "def sigmoid(x):\n    return x\n",
        "def softmax(x, axis=-1):\n    while True: pass\n",
    ]
    for n in range(number):
        (folder / f"s{n:03}").mkdir(parents=True)
        (folder / f"s{n:03}" / "activations.py").write_text(kinds[n % 5 if n % 20 == 4 or n % 5 < 4 else 0])
    return folder


@pytest.mark.proof
@needs_sandbox
def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path):
    folder, output = many(tmp_path / "submissions", 24), tmp_path / "output"
    options = ("--exercises", "02", "--time-limit", "1", "--seed", "3", "--jobs", "2")
    grade(folder, "--output", tmp_path / "undisturbed", *options)
    moments, done = random.Random(0), set()
    for _ in range(4):
        process = start(folder, "--output", output, *options)
        # Somewhere between its start and some results more than there were.
        until = len(done) + moments.choice((0, 1, 3))
        while len(list(output.glob("*/result.json"))) < until:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)  # the grader alone: its workers must not be in the way
        process.wait()
        process.stdout.close()
        now = {path: path.read_bytes() for path in output.glob("*/result.json")}
        assert all(json.loads(content) for content in now.values())
        assert done <= set(now.items())  # nothing is judged twice
        done = set(now.items())
    assert done
    grade(folder, "--output", output, *options)
    assert (output / "grades.csv").read_bytes() == (tmp_path / "undisturbed/grades.csv").read_bytes()
    assert results(output) == results(tmp_path / "undisturbed")
    assert not list(output.glob("**/.kata-*"))


@pytest.mark.sample(1)
@needs_sandbox
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_says_so_and_keeps_what_was_judged(tmp_path, number):
    folder, output = many(tmp_path / "submissions", 24), tmp_path / "output"
    options = ("--output", output, "--exercises", "02", "--time-limit", "1", "--seed", "3", "--jobs", "2")
    process = start(folder, *options)
    while len(list(output.glob("*/result.json"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    out, _ = process.communicate(timeout=HANGS)
    assert process.returncode == 2, out
    assert "stopped. What was judged is kept: the same command goes on" in out
    assert "Traceback" not in out
    work = Path((output / ".lock").read_text())
    assert not work.exists()
    kept = {path: path.read_bytes() for path in output.glob("*/result.json")}
    assert len(kept) >= 2
    grade(folder, *options)
    assert len(marks(output)) == 24
    assert all(path.read_bytes() == content for path, content in kept.items())


@needs_sandbox
def test_ctrl_c_does_not_end_a_run_in_the_background(tmp_path):
    folder, output = many(tmp_path / "submissions", 8), tmp_path / "output"
    options = ("--exercises", "02", "--time-limit", "1", "--jobs", "2")
    process = start(folder, "--output", output, *options, sigint=signal.SIG_IGN)
    while not list(output.glob("*/result.json")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=HANGS)
    assert process.returncode == 0, out
    assert len(marks(output)) == 8


@needs_sandbox
def test_a_call_that_a_busy_machine_makes_wait_is_right(class_of, tmp_path):
    # As a call on a machine that does something else: longer than its limit, with little that is computed.
    waits = (
        "import time\n\nwaited = []\n\n\ndef linear(x):\n    if not waited:\n        waited.append(time.sleep(3))\n"
    )
    folder = class_of(waits={"activations": waits + "    return x\n" + replace_function("activations", "linear", "")})
    grade(folder, "--output", tmp_path / "output", "--exercises", "02", "--time-limit", "2")
    assert marks(tmp_path / "output")["waits"]["points"] == "8"


@needs_sandbox
def test_a_worker_that_is_killed_costs_nobody_a_mark(tmp_path):
    folder, output = many(tmp_path / "submissions", 12), tmp_path / "output"
    process = start(folder, "--output", output, "--exercises", "02", "--time-limit", "1", "--jobs", "2")
    # The second one only when all that was given at the first kill is over: a task may end one worker, and not two.
    killed, judged, given = 0, 0, 4
    while process.poll() is None and killed < 2:
        time.sleep(0.05)
        found = len(list(output.glob("*/result.json")))
        if found > judged and (running := workers(process.pid)):
            os.kill(running[0], signal.SIGKILL)
            killed, judged = killed + 1, found + given
    out = process.stdout.read()
    process.stdout.close()
    assert process.wait() == 0, out
    assert killed == 2
    assert {row["points"] for name, row in marks(output).items() if int(name[1:]) % 5 == 0} == {"8"}
    assert len(marks(output)) == 12


def workers(pid):
    """The grader's worker processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(parts[1]) == pid and b"spawn_main" in path.with_name("cmdline").read_bytes():
            found.append(int(path.parent.name))
    return found


@needs_sandbox
def test_two_runs_on_one_output_are_refused(class_of, tmp_path):
    folder, output = class_of(right={}), tmp_path / "output"
    first = start(folder, "--output", output, "--exercises", "02")
    while not (output / "run.json").exists():
        time.sleep(0.05)
    assert "another run is grading into" in grade(folder, "--output", output, "--exercises", "02", status=2)
    assert first.communicate()[0]
    assert first.returncode == 0
    assert marks(output)["right"]["points"] == "8"


@needs_sandbox
def test_a_full_disk_loses_nothing(class_of, tmp_path, monkeypatch):
    folder, output = class_of(**{f"s{number}": {} for number in range(4)}), tmp_path / "output"
    asked = {"jobs": 1, "seed": 3, "time_limit": 10.0, "memory_limit": 512, "exercises": "02", "no_sandbox": False}
    asked |= {"scheduler": None, "csv": None, "assignment": "", "handout": None}
    options = SimpleNamespace(submissions=str(folder), output=str(output), **asked)
    fsync, left = os.fsync, [6]

    def full(descriptor):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(run_module.GradingError, match=r"No space left on device.*the same command goes on"):
        run_module.grade(options)
    kept = {path: path.read_bytes() for path in output.glob("*/result.json")}
    assert kept
    assert not list(output.glob("**/.kata-*"))
    monkeypatch.undo()
    run_module.grade(options)
    assert all(path.read_bytes() == content for path, content in kept.items())
    assert [row["points"] for row in marks(output).values()] == ["8"] * 4


def test_without_bubblewrap_it_says_how_to_get_it(class_of, tmp_path):
    folder, programs = class_of(right={}), tmp_path / "bin"
    programs.mkdir()
    out = grade(folder, "--output", tmp_path / "output", "--exercises", "02", status=2, PATH=str(programs))
    assert "there is no program bwrap on the PATH" in out
    assert "apt-get install bubblewrap" in out
    assert "--no-sandbox" in out
    assert not (tmp_path / "output/grades.csv").exists()
    fake = programs / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    out = grade(folder, "--output", tmp_path / "output", "--exercises", "02", status=2, PATH=path)
    assert "No permissions to create new namespace" in out
    assert "kernel.unprivileged_userns_clone" in out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="grading is for Linux")
def test_without_a_sandbox_it_says_what_that_means(class_of, tmp_path):
    folder = class_of(
        right={}, loops={"activations": "while True: pass\n"}, leaves={"activations": "import os\nos._exit(3)"}
    )
    out = grade(folder, "--output", tmp_path / "o", "--exercises", "02", "--no-sandbox", "--time-limit", "1")
    assert "runs with your rights" in out
    found = marks(tmp_path / "o")
    assert [found[name]["points"] for name in ("right", "loops", "leaves")] == ["8", "0", "0"]
    assert found["leaves"]["status"] == "could not be judged"


def test_what_cannot_be_graded_is_said(class_of, tmp_path):
    folder = class_of(right={})
    for arguments, says in (
        ((tmp_path / "nowhere", "--output", tmp_path / "o"), "there is no such folder"),
        (
            (folder / "right", "--output", tmp_path / "o"),
            "into a folder that has its owner's name",
        ),
        ((folder, "--output", folder / "marks"), "must lie apart"),
        ((folder, "--output", tmp_path / "o", "--exercises", "77"), "there is no exercise '77'"),
        ((folder, "--output", tmp_path / "o", "--time-limit", "0"), "--time-limit is above 0"),
        ((folder, "--output", tmp_path / "o", "--time-limit", "nan"), "--time-limit is above 0"),
        ((folder, "--output", tmp_path / "o", "--memory-limit", "100"), "--memory-limit is 256 or more"),
        ((folder, "--output", tmp_path / "o", "--seed", "-1"), "--seed is from 0 on"),
        ((folder, "--output", tmp_path / "o", "--jobs", "-1"), "--jobs is from 0 on"),
    ):
        out = grade(*arguments, status=2)
        assert says in out
        assert "Traceback" not in out
    (tmp_path / "empty").mkdir()
    assert "holds no submissions" in grade(tmp_path / "empty", "--output", tmp_path / "o", status=2)


def test_reports_that_are_written_in_parts_are_whole(tmp_path):
    text = "first\n  second\u2028third\n\n<b>"
    mark = {"points": 0, "outcome": "failed", "diagnoses": []}
    checks = [{"function": "sigmoid", "test": "test_zero", "outcome": "failed", "text": text}]
    marks = {"seconds": 1, "functions": {"sigmoid": mark}, "checks": checks}
    told = {"exercises": {"02_activations": 0}, "keys": {"02_activations": "k"}, "attempts": {"02_activations": 1}}
    every = [{"submission": name, **marks, **told} for name in "abc"]
    for result in every:
        (tmp_path / result["submission"]).write_text(json.dumps(result), encoding="utf-8")
    results = Kept(sorted(tmp_path.iterdir()))
    assert list(results) == every
    whole = json.dumps({"run": {"seed": 7}, "submissions": every}, indent=1, ensure_ascii=False) + "\n"
    assert "".join(grades_json(results, {"seed": 7})) == whole
    suites = ElementTree.fromstring("".join(junit_xml(results)).encode())
    assert [suite.get("name") for suite in suites] == ["a", "b", "c"]
    assert {case.find("failure").text for case in suites.iter("testcase")} == {clean(text)}
    light = results.light()
    assert light == [{key: result[key] for key in ("submission", "functions", "exercises")} for result in every]
    for name in ("functions", "exercises"):
        assert light[0][name] is light[2][name]


def test_the_filter_of_system_calls_is_whole():
    for machine in ("x86_64", "aarch64"):
        code = make_filter(machine)
        assert len(code) % 8 == 0
        assert len(code) // 8 < 4096
    assert make_filter("sparc") is None


@pytest.mark.parametrize(
    ("lacking", "says"), [("jinja2", "jinja2"), ("tqdm", "tqdm"), ("distributed", r"-e '\.\[cluster\]'")]
)
def test_without_what_it_needs_it_says_what_to_install(tmp_path, monkeypatch, lacking, says):
    installed = run_module.installed
    monkeypatch.setattr(run_module, "installed", lambda name: name != lacking and installed(name))
    asked = {"exercises": "02", "scheduler": "tcp://127.0.0.1:8786"}
    with pytest.raises(run_module.GradingError, match=f"pip install {says}"):
        run_module.grade(SimpleNamespace(submissions=str(tmp_path), output=str(tmp_path / "o"), **asked))
    assert not (tmp_path / "o").exists()
