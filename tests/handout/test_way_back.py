"""What students made of a handout, graded here, and on GitHub."""

import json
import os
import re
import shutil
import subprocess
import sys

from tests.handout.handouts import FIRST, kata, solve
from tests.support import NUMPY_WORTH, needs_sandbox, solution


@needs_sandbox
def test_the_way_back_a_handout_is_graded_and_another_version_is_noted(made, tmp_path):
    folder = made.folder
    version = json.loads((folder / "record/handout.json").read_text())["version"]
    for name in ("ann", "bo"):
        shutil.copytree(folder, tmp_path / "class" / name)
        solve(tmp_path / "class" / name)
        for path in (tmp_path / "class" / name).glob("exercises/*/*.ipynb"):
            path.unlink()
    (tmp_path / "class/cy.py").write_text(f"# kata-version 0123abcd\n{solution('activations')}")
    stub = folder / "exercises/02_activations/activations.py"
    shutil.copy(stub, tmp_path / "class/dee_activations.py")
    done = kata(
        *("grade", tmp_path / "class", "--output", tmp_path / "marks", "--exercises", FIRST, "--handout", folder)
    )
    assert done.returncode == 0, done.stderr
    marks = {
        name: json.loads((tmp_path / "marks" / name / "result.json").read_text())
        for name in ("ann", "bo", "cy", "dee")
    }
    assert [marks[name]["points"] for name in marks] == [NUMPY_WORTH, NUMPY_WORTH, 8, 0]
    noted = [note for note in marks["cy"]["notes"] if "made from version 0123abcd" in note]
    assert len(noted) == 1
    assert version in noted[0]
    assert not [name for name in ("ann", "bo", "dee") for note in marks[name]["notes"] if "version" in note]
    assert "other stubs or checks" not in done.stderr
    assert not [note for name in marks for note in marks[name]["notes"] if "record/" in note]
    wrong = kata("grade", tmp_path / "class", "--output", tmp_path / "other", "--handout", tmp_path)
    assert wrong.returncode == 2
    assert "is no handout" in wrong.stderr


def test_a_workflow_judges_with_a_handout_as_it_lies_on_github(made, tmp_path):
    folder = made.folder
    shutil.copytree(folder, tmp_path / "judge")
    done = kata("classroom", "you/week3", "--ref", "main", "--handout", folder, "--output", tmp_path / "c.yml")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "c.yml").read_text()
    assert 'repository: "you/week3"' in text
    assert "@" not in re.sub(r"actions/checkout@", "", text)
    scripts = {
        name: re.sub(r"^          ", "", script, flags=re.MULTILINE)
        for name, script in re.findall(r"- name: (\w+)\n        run: \|\n((?:          .*\n)+)", text)
    }
    assert list(scripts) == ["Install", "Judge", "Report"]
    command = tmp_path / "judge/.venv/bin"
    command.mkdir(parents=True)
    (command / "pytest").write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path}/judge exec {sys.executable} -m pytest "$@"\n')
    (command / "pytest").chmod(0o755)
    student = tmp_path / "submission/exercises/02_activations"
    student.mkdir(parents=True)
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "PYTHONUTF8": "1"}

    def push(text):
        (student / "activations.py").write_text(text)
        for name in ("Judge", "Report"):
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", scripts[name]],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
            )
        return done

    reported = push(solution("activations").replace("def softmax", "def soft_max"))
    assert reported.returncode == 1, reported.stderr
    assert f'::notice title=Autograding report::{{"totalPoints": 4, "maxPoints": {NUMPY_WORTH}}}' in reported.stdout
    assert "activations.py has no function named softmax" in (tmp_path / "summary.md").read_text()
    reported = push(solution("activations"))
    assert f"Points 8/{NUMPY_WORTH}" in reported.stdout


@needs_sandbox
def test_a_handout_of_other_checks_than_those_that_judge_is_told(made, tmp_path):
    path = tmp_path / "week/record/handout.json"
    path.parent.mkdir(parents=True)
    known = json.loads((made.folder / "record/handout.json").read_text())
    path.write_text(json.dumps(known | {"version": "0123abcd"}))
    (tmp_path / "class").mkdir()
    (tmp_path / "class/ann_activations.py").write_text(solution("activations"))
    options = ("grade", tmp_path / "class", "--output", tmp_path / "marks", "--exercises", "02")
    done = kata(*options, "--handout", tmp_path / "week")
    assert done.returncode == 0, done.stderr
    assert f"{tmp_path / 'week'} has other stubs or checks than this checkout, which judges" in done.stderr
    path.write_text("[]")
    done = kata(*options, "--handout", tmp_path / "week")
    assert done.returncode == 2
    assert "is damaged: name the handout as you gave it to your students" in done.stderr


def test_a_workflow_needs_a_handouts_own_commit_and_all_of_its_exercises(made, tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    options = ("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "--allow-empty", "-m", "around")
    subprocess.run(["git", *options], cwd=tmp_path, check=True)
    shutil.copytree(made.folder, tmp_path / "week")
    command = ("classroom", "you/week", "--handout", tmp_path / "week", "--output", tmp_path / "c.yml")
    done = kata(*command)
    assert done.returncode == 2
    assert "week is no git checkout: name the commit to judge with" in done.stderr
    done = kata(*command, "--ref", "main", "--exercises", "01")
    assert done.returncode == 2
    assert "all of its exercises are judged" in done.stderr
    subprocess.run(["git", "init", "-q", tmp_path / "week"], check=True)
    subprocess.run(["git", *options], cwd=tmp_path / "week", check=True)
    assert kata(*command).returncode == 0
