"""Judging one submission: a function of plain data, which runs in a process of kata/grading/pool.py.

It is apart from the grader so that several can work at once, and so that nothing that a stranger hands in can end the
grading: not a file that crashes the parser, nor an archive that eats the memory.
"""

import functools
import gc
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kata.answers import Reference
from kata.grading.marking import Marking
from kata.grading.suites import Suites
from kata.judge import UNJUDGED
from kata.sandbox import Runtime, Sandbox, Sandboxed, SandboxError
from kata.submissions import Refused, collecting, lay_out, layouts, read_answer
from kata.syllabus import BY_FUNCTION, EXERCISES

Task = dict[str, Any]  # what is to be judged, as plain data
Marks = dict[str, Any]  # what came of it
_READING = 30  # seconds to unpack and to parse a submission
_judge: "Judge | None" = None  # this process's


def ready(settings: dict[str, Any]) -> None:
    """Get this process ready to judge; `settings` are those of a Judge."""
    global _judge
    _judge = Judge(settings)


def _costing_nobody_else(function: Callable[[Task], Marks]) -> Callable[[Task], Marks]:
    @functools.wraps(function)
    def call(task: Task) -> Marks:
        try:
            return function(task)
        except Exception:  # of the kata's own
            signal.alarm(0)
            traceback.print_exc()
            last = traceback.format_exc().strip().splitlines()[-1]
            return function({"refused": f"the judge failed: {last}"})

    return call


@_costing_nobody_else
def judge(task: Task) -> Marks:
    """Return the marks of a submission: see `Judge.judge`."""
    return _judge.judge(task)


@_costing_nobody_else
def read(task: Task) -> Task:
    """Read a submission: where there is a judge, or for judges on other machines, which do not have it.

    Args:
        task: see `Judge.judge`.

    Returns:
        {"same": True} where it is what is known already; or {"digest", "files", "notes"}. files: {name: bytes}, None
        where the digest says why. What is refused already stays so.
    """
    if "refused" in task:
        return task
    # Ends this process, in C code too: nothing that is handed in may stop it for long.
    signal.alarm(_READING)
    notes = task["notes"]
    try:
        files, more = collecting.collect(layouts.parts_of(task["parts"]))
        notes += more
        digest = collecting.digest(files, notes)
    except Refused as refused:
        files, digest = None, f"refused: {refused}"
    finally:
        signal.alarm(0)
    return {"same": True} if digest == task["known"] else {"digest": digest, "files": files, "notes": notes}


class Judge:
    """Judges submissions.

    Args:
        settings: dict of seed, exercises (their numbers), seconds, megabytes, bare, apart (see
            kata/sandbox/bubblewrap.py) and runtime (a Runtime's `save`).
    """

    def __init__(self, settings: dict[str, Any]):
        self.seconds = settings["seconds"]
        self.exercises = [exercise for exercise in EXERCISES if exercise.number in settings["exercises"]]
        runtime, seed = Runtime(**settings["runtime"]), settings["seed"]
        self.sandbox = Sandbox(
            runtime, self.seconds, settings["megabytes"], seed, settings["bare"], settings.get("apart", False)
        )
        reference = Reference()
        self.suites = Suites(self.exercises, reference, seed)
        self.marking = Marking(self.suites, reference)
        gc.freeze()  # what is there now stays: collecting garbage need not look at it each time
        gc.set_threshold(20_000, 20, 20)

    def judge(self, task: Task) -> Marks:
        """Return the marks of a submission as plain data.

        Args:
            task: dict of parts (a Submission's, as its `task` returns them), of notes on them, and of known, the
                digest of what was judged already; or what `read` made of that; where it is not to be tried at all,
                of refused, the reason.

        Returns:
            {"same": True} where it is what is known; or {"digest", "notes", "functions", "checks", "seconds"}, see
            kata/grading/marking.py, with "refused", the reason why it was not read.
        """
        start = time.monotonic()
        if "refused" in task:
            return {"digest": "", "notes": [], **self._unread(task["refused"]), "seconds": 0}
        found = task if "files" in task else read(task)
        if "same" in found:
            return found
        marks = self._unread(found["digest"]) if found["files"] is None else self._judge_twice(found["files"])
        notes = found["notes"] + marks.pop("notes", [])
        return {"digest": found["digest"], "notes": notes, **marks, "seconds": round(time.monotonic() - start, 3)}

    def _judge_twice(self, files: dict[str, bytes]) -> Marks:
        try:
            return self._judge(files)
        except SandboxError:  # it is this machine that fails: once is bad luck
            time.sleep(0.5)
        try:
            return self._judge(files)
        except SandboxError as error:  # without a digest: the next run tries again
            return {**self._unread(f"no process could be started: {error}"), "digest": ""}

    def _judge(self, files: dict[str, bytes]) -> Marks:
        folder = Path(tempfile.mkdtemp(prefix="answer-", dir=self.sandbox.runtime.folder))
        try:
            laid = lay_out(files, folder, self.sandbox)
            signal.alarm(_READING)
            answer, notes = read_answer(folder, laid)
            for exercise in self.exercises:
                for function in exercise.points:
                    answer.rests_on(function)
            signal.alarm(0)
            answer.runner = runner = Sandboxed(self.sandbox, answer, self.seconds)
            try:
                return {**self.marking.judge(answer), "notes": notes}
            finally:
                runner.close()
        except Refused as refused:
            signal.alarm(0)
            return self._unread(f"refused: {refused}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _unread(self, reason: str) -> Marks:
        functions, checks = {}, []
        for function, tests in self.suites.tests.items():
            worth = BY_FUNCTION[function].points[function]
            marks = {"points": 0, "worth": worth, "outcome": UNJUDGED, "reason": reason, "passed": 0}
            functions[function] = {**marks, "checks": len(tests), "diagnoses": []}
            checks += [
                {"function": function, "test": test.name, "outcome": UNJUDGED, "text": reason} for test in tests
            ]
        return {"refused": reason, "functions": functions, "checks": checks}
