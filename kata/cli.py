"""The console command `kata`: where you stand, hints, a fresh start."""

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable

from kata.answers import Answer, read_source
from kata.arguments import make_parser
from kata.folders import EXERCISES as OWN
from kata.folders import short
from kata.judge import Board, as_printed, load_results, told_hints
from kata.learn import begin_again
from kata.syllabus import EXERCISES, HANDOUT, Exercise, find_exercise


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 2 wrongly called."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # formulas in hints, on a terminal without Unicode
    options = make_parser().parse_args(arguments)
    try:
        if not OWN.is_dir():
            raise LookupError("there are no exercises here: clone the repository, and in it run pip install -e .")
        run: dict[str | None, Callable[[Namespace], None]] = {
            "hint": _hint,
            "reset": _reset,
            "solution": _solution,
            "notebook": _notebook,
            "watch": _watch,
            "report": _report,
            "open": _open,
            "grade": _grade,
            "gradescope": _gradescope,
            "classroom": _classroom,
            "handout": _handout,
            None: _board,
        }
        run[options.command](options)
        sys.stdout.flush()
    except LookupError as error:
        print(f"kata: {error.args[0]}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # who reads this has read enough: kata hint 03 | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        name = error.filename2 or error.filename
        print(f"kata: {f'{short(name)}: ' if name else ''}{error.strerror or error}", file=sys.stderr)
        return 2
    return 0


def _board(options: Namespace) -> None:
    results = load_results()
    if not results:
        print("No run yet. Start with: pytest exercises/")
        return
    print("\n".join(as_printed(Board(Answer(OWN), results).lines())))


def _hint(options: Namespace) -> None:
    exercise = find_exercise(options.exercise)
    function = options.function or _unsolved(exercise)
    _check_function(exercise, function)
    print("\n".join(told_hints(exercise, function)))


def _check_function(exercise: Exercise, function: str) -> None:
    if function not in exercise.points:
        choices = ", ".join(exercise.points)
        raise LookupError(f"exercise {exercise.number} has no function {function!r}: choose one of {choices}")


def _unsolved(exercise: Exercise) -> str:
    results = load_results()
    left = [name for name in exercise.points if name not in results or not results[name].solved]
    return (left or list(exercise.points))[0]


def _reset(options: Namespace) -> None:
    print("\n".join(begin_again(find_exercise(options.exercise))))


def _solution(options: Namespace) -> None:
    from kata.learn import confirmed, is_solved, told_solution, told_solutions

    exercise, function = find_exercise(options.exercise), options.function
    if HANDOUT:
        raise LookupError("this copy of the kata has no solutions")
    if not function:
        print("\n".join(told_solutions(exercise)))
        return
    _check_function(exercise, function)
    if not is_solved(function):
        if not sys.stdin or not sys.stdin.isatty():
            raise LookupError(
                f"{function} is not right yet: solve it first, or run this in a terminal, where it asks"
            )
        try:
            if not confirmed(f"{function} is not right yet. Show its solution all the same?"):
                return
        except KeyboardInterrupt:  # is a no, too
            print(file=sys.stderr)
            return
    print("\n".join(told_solution(exercise, function)))


def _notebook(options: Namespace) -> None:
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


def _check_limits(options: Namespace) -> None:
    if not 0 < options.time_limit < float("inf") or options.memory_limit < 256 or (options.seed or 0) < 0:
        raise LookupError("--seed is from 0 on, --time-limit is above 0, --memory-limit is 256 or more")


def _gradescope(options: Namespace) -> None:
    from kata.platforms import write_autograder

    _check_limits(options)
    write_autograder(options)


def _classroom(options: Namespace) -> None:
    from kata.platforms import write_workflow

    write_workflow(options)


def _handout(options: Namespace) -> None:
    from kata.handout import write_handout

    if options.seed < 0:
        raise LookupError("--seed is from 0 on")
    write_handout(options)


def _grade(options: Namespace) -> None:
    if not sys.platform.startswith("linux"):
        raise LookupError("grading needs Linux, whose namespaces make the sandbox (on Windows: in WSL)")
    from kata.grading import grade

    _check_limits(options)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # it stops as Ctrl-C does, and keeps what there is
    grade(options)


def _report(options: Namespace) -> None:
    from kata.learn import write_report

    path = write_report(options.output, options.benchmark)
    print(f"Open it in a browser: {short(path)}")


def _open(options: Namespace) -> None:
    from kata.home import open_page

    open_page(options.port, not options.no_browser)


def _watch(options: Namespace) -> None:
    from kata.learn import watch_for_saves

    watch_for_saves(find_exercise(options.exercise) if options.exercise else None)
