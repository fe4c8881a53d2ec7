"""The rooms of kata/ as CONTRIBUTING.md and pyproject.toml order them: a room imports only what is below it."""

import shutil
import subprocess
import sys
from collections import Counter

import pytest

from kata.syllabus import ROOT
from tests.conftest import NOT_COPIED

MODULES = sorted((ROOT / "kata").rglob("*.py"))


def lint(folder):
    """Run import-linter over the kata/ of a folder; skips where it is not installed."""
    pytest.importorskip("importlinter")
    # The folder of a process with -c comes first on its path: it is this kata/ that is looked at.
    program = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache', '--no-logo'])"
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path):
    """A copy of kata/ and of its contract, to change at will."""
    shutil.copytree(ROOT / "kata", tmp_path / "kata", ignore=NOT_COPIED)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_rooms_are_layers():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("importer", "line", "told"),
    [
        ("checks/show.py", "from kata.answers import short\n", "kata.checks is not allowed to import kata.answers"),
        (
            "judge/hints.py",
            "def lazily():\n    from kata.grading import grade\n    return grade\n",
            "kata.judge is not allowed to import kata.grading",
        ),
        ("learn/stubs.py", "from kata.reports import clean\n", "kata.learn is not allowed to import kata.reports"),
        ("syllabus.py", "import kata.state\n", "kata.syllabus is not allowed to import kata.state"),
        ("attic.py", "", "attic"),  # a room that the contract does not know
    ],
    ids=["a higher room", "a higher room, in a function", "the room beside it", "a module below the rooms", "new"],
)
def test_an_import_of_a_room_that_is_not_below_fails(copy, importer, line, told):
    with (copy / "kata" / importer).open("a", encoding="utf-8") as file:
        file.write(line)
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert told in done.stdout


def test_no_module_is_too_long_to_be_read():
    assert len(MODULES) > 50
    lengths = {path.relative_to(ROOT): len(path.read_bytes().splitlines()) for path in MODULES}
    assert not {path: length for path, length in lengths.items() if length > 300}


def test_no_folder_holds_too_many_modules():
    # The door of a room is no module of it.
    counts = Counter(path.parent.relative_to(ROOT) for path in MODULES if path.name != "__init__.py")
    assert not {folder: count for folder, count in counts.items() if count > 12}
