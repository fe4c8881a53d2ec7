"""Where people start without installing: the dev container, Binder, and the links that `make buttons` prints."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from kata import elsewhere
from kata.syllabus import EXERCISES, ROOT
from tests.documents.test_readme import README, commands

NOTEBOOK = "exercises/01_label_encoders/label_encoders.ipynb"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
BINDER = ROOT / ".binder"
LIGHT = {"numpy", "pytest", "pytest-benchmark", "watchdog"}


@pytest.fixture(scope="module")
def container():
    # Strict JSON: the format allows comments, but not every tool does.
    return json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))


def test_the_container_is_set_up_by_the_readmes_first_command(container):
    assert container["postCreateCommand"] == commands(README)[0]
    assert (
        container["waitFor"] == "postCreateCommand"
    )  # an editor that comes earlier finds no .venv, and takes another


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_containers_command_makes_the_environment_that_its_settings_name(container, clone):
    done = subprocess.run(
        ["sh", "-c", f"{container['postCreateCommand']} -n PYTHON={sys.executable}"],
        cwd=clone,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert " -m venv --clear .venv\n" in done.stdout
    folder = "${containerWorkspaceFolder}/.venv"
    assert container["remoteEnv"]["PATH"].split(":", 1) == [f"{folder}/bin", "${containerEnv:PATH}"]
    assert container["remoteEnv"]["VIRTUAL_ENV"] == folder
    settings = container["customizations"]["vscode"]["settings"]
    assert settings["python.defaultInterpreterPath"] == f"{folder}/bin/python"


def test_the_editor_has_the_same_settings_with_the_container_and_without(container):
    inside = container["customizations"]["vscode"]
    outside = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    assert inside["extensions"] == ["ms-python.python"]
    for name, value in inside["settings"].items():
        assert json.loads(json.dumps(value).replace("containerWorkspaceFolder", "workspaceFolder")) == outside[name]


def test_the_container_and_binder_have_a_python_that_the_kata_supports(container):
    in_container = re.fullmatch(r"mcr\.microsoft\.com/devcontainers/python:(3\.\d+)-\w+", container["image"])[1]
    on_binder = re.fullmatch(r"python-(3\.\d+)\n", (BINDER / "runtime.txt").read_text())[1]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["requires-python"] == ">=3.11,<3.14"
    assert {in_container, on_binder} <= {"3.11", "3.12", "3.13"}


def test_binder_installs_what_the_first_exercises_need_in_the_versions_of_the_kata():
    lines = [line for line in (BINDER / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert set(lines) == {"-c ../constraints.txt", *LIGHT}
    assert (BINDER / "../constraints.txt").is_file()
    assert set(re.search(r"call INSTALL,(numpy .*)\)", MAKEFILE)[1].split()) == LIGHT
    # What is installed beside them is the kata itself, without what it asks for.
    assert "pip install --quiet --no-deps --editable .\n" in (BINDER / "postBuild").read_text()


def test_binder_can_run_what_makes_its_notebooks():
    assert (BINDER / "postBuild").read_text().startswith("#!/bin/bash\n")
    if os.name != "nt":
        assert os.access(BINDER / "postBuild", os.X_OK)
    assert b"\r" not in (BINDER / "postBuild").read_bytes()


def test_binders_last_step_makes_every_notebook(clone, tmp_path):
    # pip, which would install into this very environment, only says what it is asked for.
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python").write_text('#!/bin/sh\necho "python $*"\n')
    (programs / "kata").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kata "$@"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(clone)}
    done = subprocess.run(
        [clone / ".binder/postBuild"], cwd=clone, env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("python -m pip install --quiet --no-deps --editable .\n")
    assert all((clone / exercise.notebook.relative_to(ROOT)).is_file() for exercise in EXERCISES)


@pytest.fixture
def checkout(clone, monkeypatch):
    """`checkout(origin, branch)` makes a clone of the kata a checkout that came from there."""

    def git(*words):
        names = ("-c", "user.name=a", "-c", "user.email=a@b")
        return subprocess.run(["git", *names, *words], cwd=clone, check=True, capture_output=True, text=True).stdout

    def make(origin, branch="main"):
        git("init", "-q", "-b", branch)
        if origin:
            git("remote", "add", "origin", origin)
        git("commit", "-q", "--allow-empty", "-m", "first")
        return git

    monkeypatch.setattr(elsewhere, "ROOT", clone)
    return make


@pytest.mark.parametrize(
    "origin",
    [
        "https://github.com/you/my.kata",
        "https://github.com/you/my.kata.git",
        "https://github.com/you/my.kata/",
        "https://you:secret@github.com/you/my.kata.git",
        "https://GitHub.com/you/my.kata",
        "ssh://git@github.com/you/my.kata.git",
        "ssh://git@github.com/you/my.kata",
        "git@github.com:you/my.kata.git",
        "git@github.com:you/my.kata",
    ],
)
def test_each_button_opens_the_repository_that_the_checkout_came_from(checkout, origin):
    checkout(origin)
    assert elsewhere.buttons() == {
        "Codespaces": "https://codespaces.new/you/my.kata/tree/main",
        "VS Code, in a container": (
            "https://vscode.dev/redirect?url=vscode://ms-vscode-remote.remote-containers/cloneInVolume"
            "?url=https://github.com/you/my.kata"
        ),
        "Binder": f"https://mybinder.org/v2/gh/you/my.kata/main?urlpath=lab/tree/{NOTEBOOK}",
        "Colab": f"https://colab.research.google.com/github/you/my.kata/blob/main/{NOTEBOOK}",
    }


def test_a_branch_is_one_part_of_an_address_whatever_its_name_is(checkout):
    checkout("git@github.com:you/kata.git", "week/3 #1".replace(" ", "-"))
    addresses = elsewhere.buttons()
    assert addresses["Codespaces"].endswith("/tree/week%2F3-%231")
    assert "/you/kata/week%2F3-%231?" in addresses["Binder"]
    assert "/blob/week%2F3-%231/exercises/" in addresses["Colab"]


@pytest.mark.parametrize(
    ("origin", "where"),
    [
        ("https://gitlab.com/you/kata.git", "https://gitlab.com/you/kata"),
        ("git@github.example.org:you/kata.git", "https://github.example.org/you/kata"),
        ("https://github.com.example.org/you/kata", "https://github.com.example.org/you/kata"),
        ("https://github.com/kata", "https://github.com/kata"),
        ("/home/you/kata", "no repository that has an address"),
        (None, "no repository that has an address"),
    ],
)
def test_a_checkout_from_elsewhere_is_told_so(checkout, origin, where):
    checkout(origin)
    with pytest.raises(LookupError) as told:
        elsewhere.buttons()
    assert told.value.args[0].endswith(f"for a repository on GitHub, and this checkout came from {where}")


def test_a_checkout_without_a_branch_is_told_so(checkout):
    git = checkout("https://github.com/you/kata")
    git("switch", "-q", "--detach")
    with pytest.raises(LookupError, match="on no branch"):
        elsewhere.buttons()


def test_a_folder_of_another_repository_has_not_its_address(checkout, clone, monkeypatch):
    # Such as a handout that was made in the instructor's clone: its notebooks would fetch the solutions.
    checkout("https://github.com/you/kata")
    monkeypatch.setattr(elsewhere, "ROOT", clone / "exercises")
    assert elsewhere.repository() == ""


def test_what_is_printed_is_one_line_for_the_readme_and_what_is_still_to_do(checkout, clone, run):
    git = checkout("https://github.com/you/kata")

    def printed(*module):
        done = run("-m", *module, cwd=clone, PYTHONPATH=str(clone))
        assert done.status == 0, done.err
        return done

    def pushed():
        git("update-ref", "refs/remotes/origin/main", "HEAD")

    first = printed("kata.elsewhere")
    assert first.out.count("\n") == 1
    links = re.findall(r"\[([^\]]+)\]\((https://[^\s)]+)\)", first.out)
    assert dict(links) == elsewhere.buttons()
    assert "the branch main is not yet: push it" in first.err
    printed("kata", "notebook", "01")
    pushed()
    assert f"Colab opens {NOTEBOOK} as it is on GitHub, and there is none yet" in printed("kata.elsewhere").err
    git("add", NOTEBOOK)
    git("commit", "-q", "-m", "notebook")
    pushed()
    assert printed("kata.elsewhere").err == ""
    git("remote", "set-url", "origin", "https://github.com/ann/fork")  # whose notebook would fetch what it came from
    assert "none yet that fetches this repository" in printed("kata.elsewhere").err
    printed("kata", "notebook", "01")
    git("commit", "-q", "-a", "-m", "mine")
    pushed()
    assert printed("kata.elsewhere").err == ""


def test_without_an_address_there_is_a_sentence_and_no_traceback(checkout, clone, run):
    checkout(None)
    done = run("-m", "kata.elsewhere", cwd=clone, PYTHONPATH=str(clone))
    assert done.status == 1
    assert done.out == ""
    assert done.err.startswith("kata: the buttons are for a repository on GitHub")
    assert done.err.count("\n") == 1


def test_the_readme_has_room_for_the_buttons():
    assert len(README.splitlines()) < 150
