"""The autograder for Gradescope, unpacked into an empty folder and run with its own commands, as Gradescope does."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kata.platforms import container as inside
from kata.sandbox import bubblewrap
from kata.sandbox.bubblewrap import SandboxError
from kata.syllabus import ROOT
from tests.support import HANGS, NO_SANDBOX, command_lines, replace_function, solution

COMMAND = [sys.executable, "-m", "kata"]
WRONG = replace_function("activations", "sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n")
# Tells, in the text of an exception, what it got hold of.
PRYING = """
import os, socket, time

def look():
    found = []
    for name, action in {
        "solutions": lambda: open("@root@/source/solutions/02_activations/activations.py").read(),
        "suites": lambda: os.listdir("@root@/source/exercises"),
        "results": lambda: open("@root@/results/results.json", "w"),
        "metadata": lambda: open("@root@/submission_metadata.json").read(),
        "submission": lambda: os.listdir("@root@/submission"),
        "judge": lambda: open(f"/proc/{os.getppid()}/environ").read(),
        "killing": lambda: os.kill(os.getppid(), 9),
        "rights": lambda: os.setuid(0),
        "network": lambda: socket.create_connection(("127.0.0.1", @port@), 2),
    }.items():
        try:
            action()
            found.append(name)
        except OSError:
            pass
    return f"FOUND {found}"

def linear(x):
    try:
        if os.fork() == 0:
            os.setsid()
            os.execv("/bin/sleep", ["sleep", "@port@.5"])
    except OSError:
        pass
    raise ValueError(look())
"""


def open_to_all(path):
    return all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


def readable_python(folder):
    """A Python that everybody may read, as in Gradescope's images: this one, or a copy of what it takes."""
    base, packages = Path(os.path.realpath(sys._base_executable)), Path(np.__file__).parent.parent
    if open_to_all(base) and open_to_all(packages):
        return Path(sys.executable)

    def link(source, target):
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    library = Path(os.__file__).parent
    target = folder / "python" / library.parent.name / library.name
    left = shutil.ignore_patterns("test", "site-packages", "config-*", "idlelib", "ensurepip", "tkinter")
    shutil.copytree(library, target, ignore=left, copy_function=link, symlinks=True)
    for name in ("numpy", "numpy.libs"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, target / "site-packages" / name, copy_function=link)
    for entry in packages.iterdir():  # what only the judge needs, which is root
        if not (target / "site-packages" / entry.name).exists() and entry.suffix != ".pth":
            (target / "site-packages" / entry.name).symlink_to(entry)
    python = folder / "python" / "bin" / base.name
    python.parent.mkdir()
    shutil.copy2(base, python)
    return python


class Container:
    """What Gradescope makes of an archive."""

    def __init__(self, folder, archive):
        self.root = folder / "autograder"
        for name in ("source", "submission", "results"):
            (self.root / name).mkdir(parents=True)
        with zipfile.ZipFile(archive) as packed:
            for member in packed.infolist():
                (self.root / "source" / member.filename).parent.mkdir(parents=True, exist_ok=True)
                os.chmod(packed.extract(member, self.root / "source"), member.external_attr >> 16 & 0o777 or 0o644)
        shutil.copy2(self.root / "source/run_autograder", self.root)
        self.python = str(readable_python(folder))
        self.built = self.command(self.root / "source/setup.sh")

    def command(self, path):
        environment = {
            "PATH": os.environ["PATH"],
            "AUTOGRADER_ROOT": str(self.root),
            "AUTOGRADER_PYTHON": self.python,
        }
        return subprocess.run([path], cwd=self.root, env=environment, capture_output=True, text=True, timeout=HANGS)

    def judge(self, text):
        """What results.json holds for an activations.py."""
        shutil.rmtree(self.root / "submission")
        (self.root / "submission").mkdir()
        (self.root / "submission/activations.py").write_text(text)
        (self.root / "results/results.json").unlink(missing_ok=True)
        done = self.command(self.root / "run_autograder")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads((self.root / "results/results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("gradescope") / "autograder.zip"
    command = [*COMMAND, "gradescope", "--exercises", "02", "--seed", "7", "--output", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "an assignment of 8 points" in done.stdout
    return path


@pytest.fixture(scope="module")
def container(archive):
    if os.getuid() != 0:
        pytest.skip("Gradescope runs an autograder as root")
    folder = Path(tempfile.mkdtemp(prefix="kata-test-"))  # pytest's own folders are closed to other users
    folder.chmod(0o755)
    yield Container(folder, archive)
    shutil.rmtree(folder)


def test_the_archive_is_what_gradescope_takes(archive):
    with zipfile.ZipFile(archive) as packed:
        modes = {member.filename: member.external_attr >> 16 & 0o777 for member in packed.infolist()}
        assert modes["setup.sh"] == modes["run_autograder"] == 0o755
        assert packed.read("requirements.txt").decode().split() == ["numpy", "pytest", "nbconvert", "pebble"]
        assert json.loads(packed.read("settings.json"))["exercises"] == ["02"]
    assert not [name for name in modes if name.startswith(("tests/", ".git", "kata/platforms/templates"))]


def test_setting_up_tries_the_solutions(container):
    assert container.built.returncode == 0, container.built.stderr
    assert "the solutions get 8 of 8 points" in container.built.stdout
    assert (container.root / "source").stat().st_mode & 0o077 == 0


@pytest.mark.sample(1)
@pytest.mark.parametrize(("text", "points"), [(solution("activations"), 8), (WRONG, 5)], ids=["right", "wrong"])
def test_marks_are_those_of_kata_grade(container, tmp_path, text, points):
    found = container.judge(text)
    assert found["score"] == points == sum(test["score"] for test in found["tests"])
    assert sum(test["max_score"] for test in found["tests"]) == 8
    if NO_SANDBOX:
        pytest.skip(NO_SANDBOX)
    (tmp_path / "class/ann").mkdir(parents=True)
    (tmp_path / "class/ann/activations.py").write_text(text)
    command = [
        *COMMAND,
        "grade",
        tmp_path / "class",
        "--output",
        tmp_path / "marks",
        "--exercises",
        "02",
        "--seed",
        "7",
    ]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    graded = json.loads((tmp_path / "marks/ann/results.json").read_text(encoding="utf-8"))
    assert graded == found


def test_the_judged_process_reads_and_changes_nothing_of_the_judge(container):
    (container.root / "submission_metadata.json").write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        text = PRYING.replace("@root@", str(container.root)).replace("@port@", port)
        found = container.judge(f"import numpy as np\n{text}")
    assert found["score"] == 0
    assert "FOUND []" in found["tests"][0]["output"]
    assert not [line for line in command_lines() if f"{port}.5" in line]


def test_random_inputs_are_not_told_and_a_late_hand_in_is(container):
    times = {"created_at": "2026-02-01T10:00:00-07:00", "assignment": {"due_date": "2026-01-31T23:00:00-07:00"}}
    told = container.root / "submission_metadata.json"
    told.write_text(json.dumps(times | {"users": [{"name": "Ann"}, {"name": "Bo"}]}))
    found = container.judge(
        replace_function(
            "activations", "softmax", "def softmax(x, axis=-1):\n    raise ValueError(x.tobytes().hex())"
        )
    )
    assert inside._metadata(container.root)[0] == "Ann, Bo"
    assert "handed in late" in found["output"]
    outputs = {test["name"]: test["output"] for test in found["tests"]}
    random = outputs["02_activations: softmax"].rpartition("These failed, too:")[2]
    assert "random logits" in random
    assert "ValueError" not in random


def test_without_root_nothing_is_judged(tmp_path, monkeypatch):
    (tmp_path / "source").mkdir()
    settings = {"seed": 1, "exercises": ["02"], "seconds": 1, "megabytes": 512, "visibility": "visible"}
    (tmp_path / "source/settings.json").write_text(json.dumps(settings))
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with pytest.raises(SandboxError, match="only root can start a process as another user"):
        inside.judge(tmp_path, tmp_path / "submission")
    assert inside.main([str(tmp_path)]) == 1
    assert not (tmp_path / "results").exists()  # Gradescope says that the autograder failed, and nobody has 0 points


def test_a_machine_whose_system_calls_are_not_known_starts_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(bubblewrap, "make_filter", lambda: None)
    runtime = SimpleNamespace(python=sys.executable, folder=str(tmp_path), site="")
    with pytest.raises(SandboxError, match="the network would stay open"):
        bubblewrap.Sandbox(runtime, 1, 512, bare=True, apart=True).start(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--exercises", "77"), "there is no exercise '77'"),
        (("--time-limit", "0"), "--time-limit is above 0"),
        (("--output", "/nowhere/a.zip"), "/nowhere/a.zip cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(arguments, says, tmp_path):
    done = subprocess.run([*COMMAND, "gradescope", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert says in done.stderr
