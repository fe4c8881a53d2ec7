"""`kata grade`: a folder of submissions in, marks out. Results are kept as they come, so that nothing is lost.

The output holds a folder for each submission with result.json, and feedback.md, feedback.html and results.json, which
are made of it; and for all of them grades.csv, grades.json, junit.xml and index.html. A run that was ended, however
that was, is begun again with the same command, and judges what has no result yet. A run for other exercises judges of
each submission those that were not judged before.

Students may get FEEDBACK of kata/grading/results.py and nothing else. The secret that random inputs come from stands
in run.json and grades.json, which nobody else on this machine may read.
"""

import json
import os
import secrets
import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stderr
from datetime import datetime
from pathlib import Path
from typing import Any

from datasets.progress import progress_bar
from kata.folders import find_files, is_answer
from kata.grading.capacity import Estimate, jobs
from kata.grading.output import Kept, lock, write, write_gradebook, write_reports
from kata.grading.pool import judges
from kata.grading.results import known, update
from kata.grading.versions import fingerprint, installed, keys_of, versions
from kata.grading.workers import GradingError, Workers
from kata.learn import version_of
from kata.reports import clean
from kata.sandbox import HOW_TO_GET_IT, WITHOUT, SandboxError, find_runtime
from kata.submissions import Refused, Submission, find_submissions, is_class, unpack
from kata.syllabus import EXERCISES, Exercise, choose_exercises


def grade(options: Namespace) -> None:
    """Grade a folder of submissions.

    Args:
        options: what was asked for on the command line: see kata/arguments.py.

    Raises:
        GradingError: it cannot be done; the message says why, and nothing is lost.
    """
    exercises = _choose(options)
    folder, output = Path(options.submissions).resolve(), Path(options.output).resolve()
    _look_at(options, folder, output)
    with ExitStack() as cleanup:
        try:
            output.mkdir(parents=True, exist_ok=True)
            work = lock(output, cleanup)
            submissions = _find(options, folder, work)
            run = _run(options, exercises, output)
            _grade(options, exercises, submissions, output, work, run)
        except KeyboardInterrupt:
            raise GradingError("stopped. What was judged is kept: the same command goes on") from None
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise GradingError(
                f"{error.strerror or error}{where}. What was judged is kept: the same command goes on"
            ) from None


def _grade(
    options: Namespace,
    exercises: Sequence[Exercise],
    submissions: Sequence[Submission],
    output: Path,
    work: Path,
    run: dict[str, Any],
) -> None:
    files = {one: output / one.place / "result.json" for one in submissions}
    version = {"version": run["handout"]}
    keys = keys_of(exercises, run)
    tasks = {one: {**one.task(), **known(files[one], keys, one), **version} for one in submissions}
    # First what is most likely kept: then the time that is left is that of what is judged.
    tasks = dict(sorted(tasks.items(), key=lambda each: bool(each[1].get("lacking", True))))
    with (
        _judges(options, run, work) as workers,
        progress_bar("Grading", len(submissions)) as bar,
        redirect_stderr(_above(sys.stderr)),
    ):
        start, estimate = time.monotonic(), Estimate()
        for one, marks in workers.judged(tasks):
            update(output / one.place, one, tasks[one], marks, exercises, keys)
            bar.initial += not marks  # known before: it took no time, and says nothing about the others
            bar.update()
            at_once, elapsed = max(1, workers.room // 2), time.monotonic() - start
            if marks and (line := estimate.line(marks, bar.total - bar.n, at_once, elapsed, datetime.now())):
                print(f"kata: {line}", file=sys.stderr)
    results = Kept(files.values())
    write_reports(output, results, exercises, run)
    write_gradebook(output, results, exercises, options)
    _tell(results, options)


def _above(stream: Any) -> Any:
    """A stream whose lines appear above a bar that is drawn on `stream`."""
    from tqdm.contrib import DummyTqdmFile  # not above: `make exercises` installs it late

    return DummyTqdmFile(stream)


def _judges(options: Namespace, run: dict[str, Any], work: Path) -> Workers:
    """What judges: processes of this machine, or a cluster."""
    bare = bool(options.no_sandbox)
    if bare:
        print(WITHOUT, file=sys.stderr)
    settings = {
        "seed": run["seed"],
        "exercises": run["exercises"],
        "seconds": run["time_limit"],
        "megabytes": run["memory_limit"],
        "bare": bare,
    }
    if options.scheduler:
        from kata.grading.cluster import Cluster

        return Cluster(options.scheduler, settings, {"judge": run["judge"], **run["versions"]})
    heavy = any(exercise.needs for exercise in EXERCISES if exercise.number in run["exercises"])
    try:
        return judges(settings, find_runtime(work / "runtime"), options.jobs or jobs(heavy))
    except RuntimeError as error:
        raise GradingError(str(error)) from None
    except SandboxError as error:
        why = f"no process can be started: {error}" if bare else HOW_TO_GET_IT.format(why=error)
        raise GradingError(why) from None


def _choose(options: Namespace) -> list[Exercise]:
    exercises = choose_exercises(options.exercises)
    lacking = {name for exercise in exercises for name in exercise.needs if not installed(name)}
    if lacking and options.exercises:
        raise GradingError(f"these exercises need {', '.join(sorted(lacking))}: pip install -e .")
    if lacking:
        print(f"kata: {', '.join(sorted(lacking))} is not installed: only 01 to 05 are graded", file=sys.stderr)
    return [exercise for exercise in exercises if not lacking & set(exercise.needs)]


def _look_at(options: Namespace, folder: Path, output: Path) -> None:
    if lacking := [name for name in ("jinja2", "tqdm") if not installed(name)]:
        raise GradingError(f"grading needs more than the exercises do: pip install {' '.join(lacking)}")
    if options.scheduler and not installed("distributed"):
        raise GradingError("--scheduler needs Dask: pip install -e '.[cluster]' -c constraints.txt")
    if not folder.is_dir() and not is_class(folder):
        raise GradingError(f"{options.submissions}: there is no such folder, nor such a zip archive")
    if output.is_relative_to(folder) or folder.is_relative_to(output):
        raise GradingError("the output must lie apart from the submissions")
    if options.scheduler and options.jobs:
        raise GradingError(
            "--jobs is for this machine alone: a cluster's workers have as many at once as they have threads"
        )
    if options.jobs < 0:
        raise GradingError("--jobs is from 0 on")


def _find(options: Namespace, folder: Path, work: Path) -> list[Submission]:
    if is_class(folder):
        try:
            folder = unpack(folder, work / "class")
        except Refused as refused:
            raise GradingError(f"{options.submissions}: {refused}") from None
    if is_answer(folder):
        file = next(path.name for exercise in EXERCISES for path in find_files(folder, exercise))
        raise GradingError(
            f"{options.submissions} is one submission: name the folder that holds all of them. "
            f"If it does, put {file} into a folder that has its owner's name"
        )
    submissions = find_submissions(folder)
    if not submissions:
        raise GradingError(f"{options.submissions} holds no submissions")
    return submissions


def _run(options: Namespace, exercises: Sequence[Exercise], output: Path) -> dict[str, Any]:
    """What decides the marks, as it was when the output was begun, but for the exercises, which may be others."""
    try:
        before = json.loads((output / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        before = {}
    except ValueError:
        raise GradingError(f"{output / 'run.json'} is damaged: choose another output, or remove it") from None
    seed = options.seed if options.seed is not None else before.get("seed", secrets.randbits(128))
    run: dict[str, Any] = {
        "seed": seed,
        "exercises": [exercise.number for exercise in exercises],
        "time_limit": options.time_limit,
        "memory_limit": options.memory_limit,
        "sandbox": not options.no_sandbox,
        "handout": _version_of(options.handout),
        "versions": versions(exercises),
        "judge": fingerprint(),
    }
    for name in ("seed", "time_limit", "memory_limit", "sandbox", "handout"):
        if before and before.get(name) != run[name]:
            raise GradingError(
                f"{output} was begun with {name} {before.get(name)}, not {run[name]}: choose another output"
            )
    write(output / "run.json", json.dumps(run, indent=1) + "\n", private=True)
    return run


def _version_of(handout: str | None) -> str | None:
    """The version of a handout: see kata/handout/."""
    if handout is None:
        return None
    path = Path(handout) / "record" / "handout.json"
    try:
        told = json.loads(path.read_bytes())
        version, exercises = str(told["version"]), choose_exercises(",".join(told["exercises"]))
    except FileNotFoundError:
        raise GradingError(f"{handout} is no handout: it has no record/handout.json") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise GradingError(f"{path} is damaged: name the handout as you gave it to your students") from None
    if version != version_of(exercises):
        print(f"kata: {handout} has other stubs or checks than this checkout, which judges", file=sys.stderr)
    return version


def _tell(results: Kept, options: Namespace) -> None:
    counts = Counter(result["status"] for result in results)
    told = ", ".join(f"{counts[status]} {status}" for status in sorted(counts))
    print(f"{len(results)} submissions graded: {told}")
    for result in results:
        if result["status"] == "could not be judged":
            reasons = {mark["reason"] for mark in result["functions"].values() if mark["outcome"] == result["status"]}
            print(f"  {result['submission']}: {clean(sorted(reasons)[0][:200])}")
    print(f"marks: {os.path.join(options.output, 'grades.csv')}")
    print(f"the class at a glance: {os.path.join(options.output, 'index.html')}")
