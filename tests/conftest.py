"""What the kata's own tests share: real pytest runs in processes of their own, and broken answers to judge."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

import pytest

from kata.syllabus import BY_TOPIC, ROOT
from tests.support import HANGS
from tests.told import tell, told

# Without these Windows starts nothing, or knows no folder for temporary files and none of the user's own.
OF_WINDOWS = ("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA")
OF_WINDOWS += ("LOCALAPPDATA", "PROGRAMDATA")
# Grading, and what 06 to 09 compute, is for Linux: elsewhere nobody looks into these folders.
LINUX = (
    "datasets",
    "documents",
    "exercises",
    "grading",
    "handout",
    "platforms",
    "proofs",
    "reports",
    "sandbox",
    "submissions",
)
collect_ignore = [] if sys.platform.startswith("linux") else list(LINUX)
NOT_COPIED = shutil.ignore_patterns(".git", ".venv*", ".kata", "__pycache__", ".*_cache", ".benchmarks")


@dataclass
class Run:
    """A finished process: its exit status and what it printed."""

    status: int
    out: str
    err: str

    def counts(self):
        """{"passed": 3, "todo": 2} from pytest's last line."""
        last = [line for line in self.out.splitlines() if re.search(r" in \d+\.\d+s", line)][-1]
        return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last.partition(" in ")[0])}

    def points(self, heading="total"):
        """The points that the board shows in a row."""
        return int(re.search(rf"^{heading} .*? (\d+)/", self.out, re.MULTILINE)[1])


@pytest.fixture
def run(tmp_path):
    """Run a command of this checkout in a process of its own, with a memory of its own."""

    def run(*command, cwd=ROOT, **environment):
        environment = {"KATA_STATE": str(tmp_path / "state"), "PATH": os.environ["PATH"], **environment}
        environment.setdefault("PYTHONIOENCODING", "utf-8")  # as it is read below
        for name in ("HOME", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", *OF_WINDOWS):
            if name in os.environ:
                environment.setdefault(name, os.environ[name])
        done = subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=HANGS,
            stdin=subprocess.DEVNULL,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def kata_without(run):
    """`kata_without("nbconvert", "report")`: a command of the kata where a package is not installed."""

    def run_without(package, command):
        code = "import sys; sys.modules[sys.argv[1]] = None; from kata.cli import main; sys.exit(main(sys.argv[2:]))"
        return run("-c", code, package, command)

    return run_without


@pytest.fixture
def judge(run):
    """`judge("exercises/", "--answers", folder)`: one pytest run of this checkout."""
    return lambda *arguments, **options: run("-m", "pytest", "-p", "no:cacheprovider", *arguments, **options)


@pytest.fixture
def answer_folder(tmp_path):
    """Make an answer: the solutions, but for the topics that are given as text, bytes or None (no such file)."""

    def make(name="answer", **topics):
        folder = tmp_path / name
        for topic, exercise in BY_TOPIC.items():
            content = topics.get(topic, exercise.solution.read_text(encoding="utf-8"))
            if content is not None:
                path = folder / exercise.folder / f"{topic}.py"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return make


@pytest.fixture
def clone(tmp_path):
    """A copy of this checkout to change at will; run it with PYTHONPATH=clone, so that its own kata judges."""
    target = tmp_path / "clone"
    shutil.copytree(ROOT, target, ignore=NOT_COPIED)
    for path in target.glob("exercises/*/*.ipynb"):  # which an owner may have pushed for Colab
        path.unlink()
    for path in (target, *target.rglob("*")):  # also where the checkout is somebody else's, and read-only
        path.chmod(path.stat().st_mode | 0o200)
    return target


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """All 2,000 scenes of seed 0, drawn once for all workers; tests only read it."""
    from datasets import scenes

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    (folder / "data").mkdir(exist_ok=True)
    with (folder / "data/lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        return scenes.generate(folder / "data/scenes-0", progress=False)


@pytest.fixture(scope="session")
def hostile_class(tmp_path_factory):
    """(output, results) of a class in which every name is hostile; tests only read it."""
    from tests.classes import HOSTILE_NAMES, large_class, write_class

    folder = tmp_path_factory.mktemp("hostile") / "class"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        results = write_class(folder, large_class(len(HOSTILE_NAMES)))
    return folder / "output", results


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    tell(node.config, getattr(node, "workeroutput", {}).get("told", []))


def pytest_terminal_summary(terminalreporter, config):
    for line in told(config):
        terminalreporter.write_line(line)


@pytest.hookimpl(tryfirst=True)  # before the option -m is looked at
def pytest_collection_modifyitems(items):
    cases = Counter()
    for item in items:
        if sample := item.get_closest_marker("sample"):
            cases[item.parent, item.originalname] += 1
            if cases[item.parent, item.originalname] > sample.args[0] and not item.get_closest_marker("everywhere"):
                item.add_marker(pytest.mark.proof)
        if item.path.is_relative_to(ROOT / "tests"):
            # first, so that a test's own filter overrides it
            item.add_marker(pytest.mark.filterwarnings("error"), append=False)
        if item.path.is_relative_to(ROOT / "tests" / "proofs"):
            item.add_marker(pytest.mark.proof)
