"""The console command `kata`: where you stand, hints, a fresh start."""

import argparse
import sys

from kata.answers import EXERCISES as OWN
from kata.answers import Answer, read_source, short
from kata.judge import RUNGS, Board, forget_hints, forget_results, load_results, next_hints
from kata.learn import put_stub_back
from kata.syllabus import EXERCISES, find_exercise


def main(arguments=None):
    """Run one command; returns the exit status: 0 done, 2 wrongly called."""
    parser = argparse.ArgumentParser(
        prog="kata", description="Without a command: the board of your last run, and what comes next."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    hint = commands.add_parser("hint", help="a hint for a function, one more at each call")
    hint.add_argument("exercise", help='such as "03"')
    hint.add_argument("function", nargs="?", help="such as binary_crossentropy; without it: the next to write")
    fresh = commands.add_parser("reset", help="put an exercise's stub back; what was there is kept in a backup")
    fresh.add_argument("exercise", help='such as "03"')
    book = commands.add_parser("notebook", help="an exercise as a notebook; one that is there keeps what you wrote")
    book.add_argument("exercise", nargs="?", help='such as "03"')
    book.add_argument("--all", action="store_true", help="all of them")
    look = commands.add_parser("watch", help="judge again at every save, until Ctrl-C")
    look.add_argument("exercise", nargs="?", help='such as "03"; without it: all that a saved file touches')
    page = commands.add_parser("report", help="write a page: how you got where you are, how fast your functions are")
    page.add_argument(
        "--benchmark", action="store_true", help="time the functions of 03 and 05 first (half a minute)"
    )
    page.add_argument("--output", metavar="FILE", help="where the page goes (default: .kata/report.html)")
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
    options = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # the bars, on a terminal without Unicode
    try:
        if not OWN.is_dir():
            raise LookupError("there are no exercises here: clone the repository, and in it run pip install -e .")
        run = {
            "hint": _hint,
            "reset": _reset,
            "notebook": _notebook,
            "watch": _watch,
            "report": _report,
            "grade": _grade,
            "gradescope": _gradescope,
            "classroom": _classroom,
            None: _board,
        }
        run[options.command](options)
    except LookupError as error:
        print(f"kata: {error.args[0]}", file=sys.stderr)
        return 2
    return 0


def _board(options):
    results = load_results()
    if not results:
        print("No run yet. Start with: pytest exercises/")
        return
    print("\n".join(Board(Answer(OWN), results).lines()))


def _hint(options):
    exercise = find_exercise(options.exercise)
    function = options.function or _unsolved(exercise)
    if function not in exercise.points:
        choices = ", ".join(exercise.points)
        raise LookupError(f"exercise {exercise.number} has no function {function!r}: choose one of {choices}")
    hints = next_hints(exercise, function)
    number = len(hints)
    for rung, text in enumerate(hints, 1):
        print(f"{function}, hint {rung} of {RUNGS}\n\n{text}\n")
    if number < RUNGS:
        print(f"One more: kata hint {exercise.number} {function}")
    else:
        print(f"That was the last one. The lesson: {short(exercise.stub.parent / 'README.md')}")


def _unsolved(exercise):
    results = load_results()
    left = [name for name in exercise.points if name not in results or not results[name].solved]
    return (left or list(exercise.points))[0]


def _reset(options):
    exercise = find_exercise(options.exercise)
    backups = put_stub_back(exercise)
    forget_hints(exercise)
    forget_results(exercise)
    for path, backup in backups.items():
        print(f"{short(path)} is the stub again.")
        if backup:
            print(f"What was there: {short(backup)}")


def _notebook(options):
    if (options.exercise is None) != options.all:
        raise LookupError('name one exercise, such as "03", or say --all')
    try:
        from kata.learn import write_notebook
    except ModuleNotFoundError as error:
        raise LookupError(f"notebooks need the package {error.name}: pip install -e .") from None

    for exercise in EXERCISES if options.all else [find_exercise(options.exercise)]:
        made, added, refreshed, backup = write_notebook(exercise)
        name = short(exercise.notebook)
        if made:
            print(f"{name} is made. Open it in JupyterLab, VS Code or Colab.")
        elif not backup:
            print(f"{name} is up to date: nothing was changed.")
        else:
            print(f"{name} is up to date again, what you wrote is kept.")
            for word, parts in (("added", added), ("brought up to date", refreshed)):
                if parts:
                    print(f"  {word}: {', '.join(parts)}")
            print(f"  what was there: {short(backup)}")
        source = read_source(exercise.stub) if exercise.stub.exists() else None
        if made and source and source.begun(exercise):
            print(f"  {short(exercise.stub)} is begun, too. Once both are, one has to go: rename or remove it.")


def _limits():
    """What decides the marks, wherever strangers are judged."""
    limits = argparse.ArgumentParser(add_help=False)
    limits.add_argument("--exercises", metavar="01,03", help="which (default: all)")
    limits.add_argument("--seed", type=int, metavar="N", help="of the random inputs (default: one that nobody knows)")
    limits.add_argument("--time-limit", type=float, default=10.0, metavar="S", help="seconds for a call (default 10)")
    memory = "of a process (default 1024; four times that where TensorFlow is needed)"
    limits.add_argument("--memory-limit", type=int, default=1024, metavar="MB", help=memory)
    return limits


def _check_limits(options):
    if not 0 < options.time_limit < float("inf") or options.memory_limit < 256 or (options.seed or 0) < 0:
        raise LookupError("--seed is from 0 on, --time-limit is above 0, --memory-limit is 256 or more")


def _describe_grade(marks):
    marks.add_argument("submissions", help="a folder or a zip with a folder, archive or file for each submission")
    marks.add_argument("--output", required=True, metavar="DIR", help="where the marks go; a run that ended goes on")
    marks.add_argument(
        "--jobs", type=int, default=0, metavar="N", help="how many at once (default: one for each core)"
    )
    cluster = "such as tcp://host:8786: a Dask cluster judges, not this machine"
    marks.add_argument("--scheduler", metavar="ADDRESS", help=cluster)
    marks.add_argument(
        "--csv", choices=("moodle", "canvas"), help="write grades-moodle.csv or grades-canvas.csv, too"
    )
    title = 'of the column in grades-canvas.csv, such as "Week 3 (4711)" (default multilabel-kata)'
    marks.add_argument("--assignment", default="multilabel-kata", metavar="TITLE", help=title)
    marks.add_argument("--no-sandbox", action="store_true", help="for people whom you trust: plain processes")


def _describe_gradescope(archive):
    archive.add_argument("--output", default="autograder.zip", metavar="FILE", help="(default autograder.zip)")
    when = ("visible", "after_due_date", "after_published", "hidden")
    archive.add_argument(
        "--visibility", choices=when, default="visible", help="when students see it (default visible)"
    )


def _gradescope(options):
    from kata.platforms import write_autograder

    _check_limits(options)
    write_autograder(options)


def _describe_classroom(workflow):
    workflow.add_argument(
        "repository", metavar="OWNER/NAME", help="on GitHub, whose suites judge: your copy of this one"
    )
    workflow.add_argument("--ref", metavar="COMMIT", help="of it (default: the one that is checked out here)")
    workflow.add_argument("--exercises", metavar="01,03", help="which (default: all)")
    workflow.add_argument("--output", default="classroom.yml", metavar="FILE", help="(default classroom.yml)")


def _classroom(options):
    from kata.platforms import write_workflow

    write_workflow(options)


def _grade(options):
    if not sys.platform.startswith("linux"):
        raise LookupError("grading needs Linux, whose namespaces make the sandbox (on Windows: in WSL)")
    from kata.grading import grade

    _check_limits(options)
    grade(options)


def _report(options):
    from kata.learn import write_report

    path = write_report(options.output, options.benchmark)
    print(f"Open it in a browser: {short(path)}")


def _watch(options):
    from kata.learn import watch_for_saves

    watch_for_saves(find_exercise(options.exercise) if options.exercise else None)
