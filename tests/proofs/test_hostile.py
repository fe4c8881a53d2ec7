"""Hostile submissions, graded in one run with honest ones: nothing unearned, no harm, and a report that says why."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kata.grading.results import FEEDBACK
from kata.syllabus import ROOT
from tests.proofs.hostile import HOSTILE, KINDS, SAME, UNSEEN, known
from tests.support import command_lines, needs_sandbox
from tests.told import tell

pytestmark = needs_sandbox
MEGABYTES = 509  # a limit that no other run has, by which our processes are known


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """{name: its result}, and what there is beside."""
    folder = tmp_path_factory.mktemp("hostile")
    submissions, output = folder / "submissions", folder / "output"
    for name in ("honest", "zhonest"):  # judged before and after the others
        for topic in ("01_label_encoders", "02_activations", "05_binary_accuracy"):
            target = submissions / name / topic
            target.mkdir(parents=True)
            for path in (ROOT / "solutions" / topic).glob("[abl]*.py"):
                (target / path.name).write_bytes(path.read_bytes())
    with socket.create_server(("127.0.0.1", 0)) as server:
        places = known(submissions, server.getsockname()[1])
        for name, hostile in HOSTILE.items():
            for path, text in hostile.all_files(places).items():
                target = submissions / name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "kata", "grade", str(submissions), "--output", str(output)]
        command += ["--exercises", "01,02,05", "--time-limit", "1", "--jobs", "2", "--memory-limit", str(MEGABYTES)]
        environment = os.environ | {"KATA_TEST_SECRET": "secret"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((output / "grades.json").read_text(encoding="utf-8"))["submissions"]
    assert len(results) == len(HOSTILE) + 2
    return {result["submission"]: result for result in results}, submissions, output, done.stdout + done.stderr


@pytest.fixture(scope="module", autouse=True)
def told(request, graded):
    """Tells at the end what was tried of each kind, and how much of it held: tests/conftest.py prints it."""
    yield
    lines = ["kind                                attempts  held"]
    for kind in KINDS:
        names = [name for name, hostile in HOSTILE.items() if hostile.kind == kind]
        held = [name for name in names if holds(graded, name)]
        lines.append(f"{kind:36}{len(names):8}{len(held):6}")
    tell(request.config, lines)


def holds(graded, name):
    """Whether a hostile submission got what it earned, said what it should, and cost what it may."""
    results, _, output, _ = graded
    hostile, result = HOSTILE[name], results[printed(name)]
    feedback = (output / result["place"] / "feedback.md").read_text(encoding="utf-8")
    right = hostile.least <= result["points"] <= hostile.points and hostile.says in feedback
    return (
        right and hostile.never not in feedback and result["spent"]["cpu"] < 5 and result["spent"]["megabytes"] < 300
    )


def printed(name):
    """A name as it comes out."""
    for char in f"\n\N{RIGHT-TO-LEFT OVERRIDE}\N{HANGUL FILLER}{UNSEEN}":
        name = name.replace(char, char.encode("unicode_escape").decode())
    return name


def test_replies_are_bounded_together_too(graded):
    """Ten megabytes may be sent, and not each time."""
    texts = [
        check["text"] for check in graded[0]["ten megabytes each time"]["checks"] if check["function"] == "sigmoid"
    ]
    assert "returned more than can be sent" not in texts[0]
    assert sum("returned more than can be sent" in text for text in texts) >= 3, texts


@pytest.mark.parametrize("name", HOSTILE)
def test_it_gets_what_it_earned_and_its_report_says_what_happened(graded, name):
    results, _, output, _ = graded
    hostile, result = HOSTILE[name], results[printed(name)]
    assert hostile.least <= result["points"] <= hostile.points, result["checks"]
    feedback = (output / result["place"] / "feedback.md").read_text(encoding="utf-8")
    assert hostile.says in feedback, feedback
    assert hostile.never not in feedback
    assert len(feedback) < 40_000


def test_how_it_failed_at_random_inputs_cannot_be_seen(graded):
    results, _, output, _ = graded
    told = set()
    for name in SAME:
        folder = output / results[name]["place"]
        whole = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        told.add((folder / "feedback.md").read_text(encoding="utf-8").replace(name, "") + json.dumps(whole))
        assert "detail" in (folder / "result.json").read_text(encoding="utf-8")
    assert len(told) == 1


def test_students_get_nothing_of_the_secret(graded):
    results, _, output, _ = graded
    secret = json.loads((output / "run.json").read_text())["seed"]
    assert (output / "run.json").stat().st_mode & 0o077 == 0
    assert (output / "grades.json").stat().st_mode & 0o077 == 0
    for result in results.values():
        for name in FEEDBACK:
            text = (output / result["place"] / name).read_text(encoding="utf-8")
            assert str(secret) not in text
            assert f"{secret:x}" not in text
            assert not [key for key in result["keys"].values() if key in text]


@pytest.mark.parametrize("name", HOSTILE)
def test_it_costs_the_judge_little(graded, name):
    spent = graded[0][printed(name)]["spent"]
    assert spent["cpu"] < 5
    assert spent["megabytes"] < 300


def test_nobody_else_is_harmed(graded):
    results = graded[0]
    for name in ("honest", "zhonest"):
        assert results[name]["points"] == 32, results[name]["checks"]
        assert results[name]["status"] == "passed"


def test_nothing_is_left_behind(graded):
    _, submissions, output, _ = graded
    mine = f'"RLIMIT_AS": {MEGABYTES * 2**20}'  # in the command lines of all processes of a sandbox
    for _ in range(50):  # the kernel may need a moment
        left = [line for line in command_lines() if mine in line]
        if not left:
            break
        time.sleep(0.1)
    assert not left
    assert not Path("/tmp/pwned").exists()
    assert not list(submissions.rglob("written"))
    work = (output / ".lock").read_text()
    assert not Path(work).exists()


def test_the_reports_are_whole(graded):
    import csv
    from xml.etree import ElementTree

    results, _, output, told = graded
    with open(output / "grades.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["submission"].lstrip("'") for row in rows] == list(results)
    assert "'=1+1" in [row["submission"] for row in rows]
    assert (output / "grades.csv").read_text(encoding="utf-8").count("\n") == len(rows) + 1
    suites = ElementTree.parse(output / "junit.xml").getroot()
    assert len(suites) == len(rows)
    lines = [line for line in re.split(r"[\r\n]+", told) if line.strip()]
    ours = ("Grading:", "  ", "marks: ", "the class at a glance: ", f"{len(rows)} submissions graded: ")
    ours += (f"kata: {len(rows)} submissions: ",)  # how long it takes, where that is long
    assert not [line for line in lines if not line.startswith(ours)], "nothing but the grader's own lines"
    for result in results.values():
        folder = output / result["place"]
        assert folder.parent == output
        assert result["status"] in ("passed", "failed", "could not be judged")
        feedback = (folder / "feedback.md").read_text(encoding="utf-8")
        assert "\x1b" not in feedback


def test_markup_stays_in_its_block(graded):
    results, _, output, _ = graded
    feedback = (output / results["markup"]["place"] / "feedback.md").read_text(encoding="utf-8")
    outside, inside = [], None
    for line in feedback.splitlines():
        if inside is None and line.startswith("```"):
            inside = line.removesuffix("text")
        elif line == inside:
            inside = None
        elif inside is None:
            outside.append(line)
    assert "script" not in "".join(outside)
    assert "100 of 100" not in "".join(outside)
    name = results["<img src=x onerror=alert(1)>"]["place"]
    assert "\n# Feedback for \\<img" in "\n" + (output / name / "feedback.md").read_text(encoding="utf-8")


MODELS = {
    # name: (body of build_model, what its report must say)
    "dense": (
        "inputs = keras.Input((4,))\n    return keras.Model(inputs, keras.layers.Dense(10**10)(inputs))",
        "build_model",
    ),
    "lambda": (
        "open('/answer/written', 'w')\n    return keras.Sequential([keras.layers.Lambda(lambda x: x)])",
        "Read-only file system",
    ),
}


def test_models_that_are_too_large_or_hold_code_do_no_harm(tmp_path):
    from kata.answers.frameworks import import_quietly
    from tests.support import replace_function

    if missing := import_quietly(["tensorflow", "keras"]):
        pytest.skip(f"{missing} is not installed")
    for name, (body, _) in MODELS.items():
        code = f"def build_model(base, activation, preprocessing='tutorial', n_classes=5):\n    {body}\n"
        text = replace_function("transfer_model", "build_model", code)
        for other in ("build_base", "extract_features"):  # which take long, and are right
            text = text.replace(f"def {other}(", f"def _{other}(")
        (tmp_path / "submissions" / name).mkdir(parents=True)
        (tmp_path / "submissions" / name / "transfer_model.py").write_text(text)
    command = [sys.executable, "-m", "kata", "grade", str(tmp_path / "submissions"), "--output", str(tmp_path / "o")]
    done = subprocess.run(
        [*command, "--exercises", "07", "--jobs", "1"], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for result in json.loads((tmp_path / "o/grades.json").read_text(encoding="utf-8"))["submissions"]:
        assert result["functions"]["build_model"]["points"] == 0
        assert result["points"] == 5, result  # prepare_images, standardize, compile_model
        feedback = (tmp_path / "o" / result["place"] / "feedback.md").read_text(encoding="utf-8")
        assert MODELS[result["submission"]][1] in feedback
