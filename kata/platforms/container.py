"""Judging one submission in a container of Gradescope's, with what kata/platforms/autograder.py has packed.

Gradescope gives each submission a container of its own, in which run_autograder is root and bubblewrap may make no
namespaces. So the judged process becomes a user who is nobody else, without network and most system calls, and
suites, solutions, results and the submission itself are closed to everybody but root. That keeps it from reading the
solutions and writing its own marks. It still sees the rest of the container, whose files everybody may read.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kata.grading import judges, result_of
from kata.reports import SubmissionResult, results_json
from kata.sandbox import SandboxError, find_runtime
from kata.submissions import Part, Submission, printable
from kata.syllabus import choose_exercises


def judge(
    root: Path, answer: Path, name: str = "submission", notes: Sequence[str] = (), attempt: str = ""
) -> SubmissionResult:
    """Judge one answer in the container; returns its result.

    Args:
        root: what Gradescope calls /autograder.
        answer: the folder to judge; name: whose it is; notes: what there is to say of it, as sentences.
        attempt: which of the random inputs it gets, as an earlier result had them; "": those of nobody before.

    Raises:
        SandboxError: no process can be started as another user.
    """
    settings = _settings(root)
    if os.getuid() != 0:
        raise SandboxError("only root can start a process as another user, and as you it would read the solutions")
    exercises = choose_exercises(",".join(settings["exercises"]))
    submission = Submission(name, "", (Part(answer, ""),), tuple(notes))
    with tempfile.TemporaryDirectory(prefix="kata-grade-") as work:
        os.chmod(work, 0o711)  # the judged process reads in it what it may see
        runtime = find_runtime(Path(work) / "runtime")
        if closed := [path for path in (runtime.python, runtime.library, runtime.site) if not _open_to_all(path)]:
            raise SandboxError(f"{closed[0]} is closed to other users: it takes a Python that everybody may read")
        told = {name: settings[name] for name in ("seed", "exercises", "seconds", "megabytes")}
        # The container remembers nothing, and all submissions have one secret: only a draw makes the inputs new.
        task = submission.task() | {"known": None, "attempt": attempt or secrets.token_hex(16)}
        with judges(told | {"bare": True, "apart": True}, runtime, 1) as pool:
            ((_, marks),) = pool.judged({submission: task})
    assert marks is not None  # of which nothing is known
    return result_of(submission, marks, exercises, {})


def _settings(root: Path) -> dict[str, Any]:
    return json.loads((root / "source/settings.json").read_text(encoding="utf-8"))


def _close(root: Path) -> None:
    """See that nobody but root reads what the judged process must not."""
    for name, mode in (
        ("source", 0o700),
        ("results", 0o700),
        ("submission", 0o700),
        ("submission_metadata.json", 0o600),
    ):
        if (root / name).exists():
            (root / name).chmod(mode)


def _open_to_all(path: Path | str) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (Path(path), *Path(path).parents))


def _metadata(root: Path) -> tuple[str, list[str]]:
    """(name, notes): what Gradescope says of the submission."""
    try:
        told = json.loads((root / "submission_metadata.json").read_text(encoding="utf-8"))
        names = ", ".join(printable(user["name"]) for user in told["users"])
        due = told["assignment"]["due_date"]
        late = due and datetime.fromisoformat(told["created_at"]) > datetime.fromisoformat(due)
    except (OSError, ValueError, KeyError, TypeError):  # it says less than it used to: the marks do not rest on it
        return "submission", []
    return names or "submission", ["handed in late"] if late else []


def main(arguments: list[str] | None = None) -> int:
    """Judge the submission in the container; with --check, the solutions, which must be right."""
    parser = argparse.ArgumentParser(prog="python -m kata.platforms.container")
    parser.add_argument("root", type=lambda path: Path(path).resolve())
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--attempt", default="", help="judge with the random inputs of an earlier result")
    options = parser.parse_args(arguments)
    root = options.root
    try:
        _close(root)
        if options.check:
            result = judge(root, root / "source/solutions")
            print(f"kata: the solutions get {result['points']} of {result['max_points']} points")
            return 0 if result["status"] == "passed" else 1
        result = judge(root, root / "submission", *_metadata(root), attempt=options.attempt)
    except (SandboxError, RuntimeError, OSError) as error:
        print(f"kata: nothing can be judged here: {error}", file=sys.stderr)
        return 1
    results = root / "results"
    results.mkdir(exist_ok=True)
    (results / "results.json").write_text(results_json(result, _settings(root)["visibility"]), encoding="utf-8")
    print(f"kata: {result['points']} of {result['max_points']} points: {result['status']}")
    print(f"kata: attempt {result.get('attempt', '')}")  # only instructors see what is printed
    return 0


if __name__ == "__main__":
    sys.exit(main())
