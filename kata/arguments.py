"""What can be said on the command line: the commands of `kata`, their arguments and what these mean."""

import argparse
from typing import Any

from kata.syllabus import HANDOUT


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of `kata`. What it returns has the name of the command in `command`, None without one."""
    parser = argparse.ArgumentParser(
        prog="kata", description="Without a command: the board of your last run, and what comes next."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    hint = commands.add_parser("hint", help="a hint for a function, one more at each call")
    hint.add_argument("exercise", help='such as "03"')
    hint.add_argument("function", nargs="?", help="such as binary_crossentropy; without it: the next to write")
    fresh = commands.add_parser("reset", help="put an exercise's stub back; what was there is kept in a backup")
    fresh.add_argument("exercise", help='such as "03"')
    answer = commands.add_parser("solution", help="the solution of a function, once yours is right")
    answer.add_argument("exercise", help='such as "03"')
    answer.add_argument("function", nargs="?", help="such as binary_crossentropy; without it: where all of them are")
    book = commands.add_parser("notebook", help="an exercise as a notebook; one that is there keeps what you wrote")
    book.add_argument("exercise", nargs="?", help='such as "03"')
    book.add_argument("--all", action="store_true", help="all of them")
    look = commands.add_parser("watch", help="judge again at every save, until Ctrl-C")
    look.add_argument("exercise", nargs="?", help='such as "03"; without it: all that a saved file touches')
    home = commands.add_parser(
        "open", help="the kata as a page in the browser, which follows your saves, until Ctrl-C"
    )
    home.add_argument("--port", type=int, metavar="N", help="where (default: where it was, or any that is free)")
    home.add_argument("--no-browser", action="store_true", help="only print the address")
    page = commands.add_parser("report", help="write a page: how you got where you are, how fast your functions are")
    page.add_argument(
        "--benchmark", action="store_true", help="first time your functions of 01 to 05 that are right (a minute)"
    )
    page.add_argument("--output", metavar="FILE", help="where the page goes (default: .kata/report.html)")
    if not HANDOUT:  # which has no rooms for what instructors do
        _describe_instructors(commands)
    return parser


def _describe_instructors(commands: Any) -> None:
    limits = _limits()
    marks = commands.add_parser(
        "grade", parents=[limits], help="mark a folder of submissions by strangers, each in a sandbox"
    )
    _describe_grade(marks)
    archive = commands.add_parser("gradescope", parents=[limits], help="write an autograder for Gradescope")
    _describe_gradescope(archive)
    workflow = commands.add_parser(
        "classroom", help="write a workflow that judges every push to a student's repository"
    )
    _describe_classroom(workflow)
    copy = commands.add_parser("handout", help="write a repository for students, without the solutions")
    _describe_handout(copy)


def _limits() -> argparse.ArgumentParser:
    """What decides the marks, wherever strangers are judged."""
    limits = argparse.ArgumentParser(add_help=False)
    limits.add_argument("--exercises", metavar="01,03", help="which (default: all)")
    limits.add_argument("--seed", type=int, metavar="N", help="of the random inputs (default: one that nobody knows)")
    limits.add_argument("--time-limit", type=float, default=10.0, metavar="S", help="seconds of a call (default 10)")
    memory = "of a process (default 1024; four times that where TensorFlow is needed)"
    limits.add_argument("--memory-limit", type=int, default=1024, metavar="MB", help=memory)
    return limits


def _describe_grade(marks: argparse.ArgumentParser) -> None:
    marks.add_argument("submissions", help="a folder or a zip with a folder, archive or file for each submission")
    marks.add_argument("--output", required=True, metavar="DIR", help="where the marks go; a run that ended goes on")
    marks.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="how many at once (default: one for each core, as far as there is memory)",
    )
    cluster = "such as tcp://host:8786: a Dask cluster judges, not this machine"
    marks.add_argument("--scheduler", metavar="ADDRESS", help=cluster)
    marks.add_argument(
        "--csv", choices=("moodle", "canvas"), help="write grades-moodle.csv or grades-canvas.csv, too"
    )
    title = 'of the column in grades-canvas.csv, such as "Week 3 (4711)" (default multilabel-kata)'
    marks.add_argument("--assignment", default="multilabel-kata", metavar="TITLE", help=title)
    marks.add_argument("--handout", metavar="DIR", help="say who worked on another one than the handout in DIR")
    marks.add_argument("--no-sandbox", action="store_true", help="for people whom you trust: plain processes")


def _describe_gradescope(archive: argparse.ArgumentParser) -> None:
    archive.add_argument("--output", default="autograder.zip", metavar="FILE", help="(default autograder.zip)")
    when = ("visible", "after_due_date", "after_published", "hidden")
    archive.add_argument(
        "--visibility", choices=when, default="visible", help="when students see it (default visible)"
    )


def _describe_classroom(workflow: argparse.ArgumentParser) -> None:
    workflow.add_argument(
        "repository", metavar="OWNER/NAME", help="on GitHub, whose suites judge: your copy of this one"
    )
    workflow.add_argument("--ref", metavar="COMMIT", help="of it (default: the one that is checked out here)")
    workflow.add_argument("--exercises", metavar="01,03", help="which (default: all)")
    handout = "the repository is the handout in DIR, without solutions: judge with its checks"
    workflow.add_argument("--handout", metavar="DIR", help=handout)
    workflow.add_argument("--output", default="classroom.yml", metavar="FILE", help="(default classroom.yml)")


def _describe_handout(copy: argparse.ArgumentParser) -> None:
    copy.add_argument("--exercises", metavar="01,03", help="which (default: all)")
    copy.add_argument("--output", required=True, metavar="DIR", help="the folder to write; it must not be there yet")
    copy.add_argument("--seed", type=int, default=0, metavar="N", help="of the random inputs there (default 0)")
    copy.add_argument(
        "--title",
        default="multilabel-kata",
        metavar="TITLE",
        help='of its README, such as "Week 3" (default multilabel-kata)',
    )
    copy.add_argument("--notebooks", action="store_true", help="with each exercise as a notebook, too")
    copy.add_argument("--archive", action="store_true", help="write DIR.zip, too")
