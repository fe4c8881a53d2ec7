"""A workflow that judges every push to a student's repository on GitHub, and its report.

It takes no action from elsewhere but GitHub's own checkout, pinned to a commit. Its points go where GitHub Classroom
reads them: an annotation with the title "Autograding report".
"""

import json
import os
import re
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from kata.platforms.autograder import packages_of
from kata.syllabus import ROOT, choose_exercises


def write_workflow(options: Namespace) -> None:
    """Write the workflow.

    Args:
        options: what was asked for on the command line: see kata/arguments.py.

    Raises:
        LookupError: it cannot be done; the message says why.
    """
    exercises = choose_exercises(options.exercises)
    folder = Path(options.handout) if options.handout else ROOT
    if options.handout and (options.exercises or not (folder / "record" / "handout.json").is_file()):
        raise LookupError("--handout names a folder that `kata handout` wrote; all of its exercises are judged")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", options.repository):
        raise LookupError(f"{options.repository} is no repository on GitHub: OWNER/NAME")
    ref = options.ref or _commit(folder)
    if not re.fullmatch(r"[\w./-]+", ref):
        raise LookupError(f"{ref} is no commit, tag or branch")
    name = "classroom-handout.yml" if options.handout else "classroom.yml"
    text = Path(__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8")
    for word, value in {
        "@repository@": options.repository,
        "@ref@": ref,
        "@packages@": " ".join(["jinja2", "tqdm", *packages_of(exercises)]),  # the two are for `kata grade`
        "@exercises@": ",".join(exercise.number for exercise in exercises),
    }.items():
        text = text.replace(word, value)
    path = Path(options.output)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LookupError(f"{path} cannot be written: {error.strerror or error}") from None
    print(f"{path}: judges with {options.repository} at {ref}, which must be pushed there")


def _commit(folder: Path) -> str:
    # Its own: a handout may lie in a folder of another repository.
    own = [] if folder == ROOT else ["--git-dir", str(folder.resolve() / ".git")]
    command = ["git", *own, "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise LookupError(f"{folder} is no git checkout: name the commit to judge with, --ref COMMIT") from None
    return done.stdout.strip()


def main(marks: Path | str) -> int:
    """Report the one submission in a folder of marks; returns the exit status: 0 where everything is right."""
    (path,) = Path(marks).glob("*/results.json")
    results = json.loads(path.read_text(encoding="utf-8"))
    total, most = results["score"], sum(test["max_score"] for test in results["tests"])
    print(f"::notice title=Autograding complete::Points {total}/{most}")
    report = json.dumps({"totalPoints": total, "maxPoints": most})
    print(f"::notice title=Autograding report::{report}")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(summary, "a", encoding="utf-8") as file:
            file.write(path.with_name("feedback.md").read_text(encoding="utf-8"))
    return 0 if all(test["status"] == "passed" for test in results["tests"]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
