"""A process of the grader: it judges one submission after the other, as they are told on its input.

It is apart from the grader so that several can work at once, and so that nothing that a stranger hands in can end the
grading: not a file that crashes the parser, nor an archive that eats the memory.
"""

import ctypes
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from base64 import b64decode, b64encode
from pathlib import Path

from kata.answers import Reference
from kata.grading.marking import Marking
from kata.grading.suites import Suites
from kata.judge import UNJUDGED
from kata.sandbox import Runtime, Sandbox, Sandboxed, SandboxError
from kata.submissions import Refused, collecting, lay_out, layouts, read_answer
from kata.syllabus import BY_FUNCTION, EXERCISES

_PR_SET_PDEATHSIG = 1
_READING = 30  # seconds to unpack and to parse a submission


class Worker:
    """Judges submissions.

    Args:
        settings: dict of seed, exercises (their numbers), seconds, megabytes, bare, apart (see
            kata/sandbox/bubblewrap.py) and runtime (a Runtime's `save`).
    """

    def __init__(self, settings):
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

    def judge(self, task):
        """Return the marks of a submission as plain data.

        Args:
            task: dict of parts (a Submission's, as its `task` returns them), of notes on them, and of known, the
                digest of what was judged already; or what a Reader made of that; where it is not to be tried at all,
                of refused, the reason.

        Returns:
            {"same": True} where it is what is known; or {"digest", "notes", "functions", "checks", "seconds"}, see
            kata/grading/marking.py, with "refused", the reason why it was not read.
        """
        start = time.monotonic()
        if "refused" in task:
            return {"digest": "", "notes": [], **self._unread(task["refused"]), "seconds": 0}
        found = unpack(task) if "files" in task else read(task)
        if "same" in found:
            return found
        marks = self._unread(found["digest"]) if found["files"] is None else self._judge_twice(found["files"])
        notes = found["notes"] + marks.pop("notes", [])
        return {"digest": found["digest"], "notes": notes, **marks, "seconds": round(time.monotonic() - start, 3)}

    def _judge_twice(self, files):
        # Where no process starts, it is this machine that fails: once is bad luck.
        for last in (False, True):
            try:
                return self._judge(files)
            except SandboxError as error:
                if last:  # without a digest: the next run tries again
                    return {**self._unread(f"no process could be started: {error}"), "digest": ""}
                time.sleep(0.5)
        return None

    def _judge(self, files):
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

    def _unread(self, reason):
        functions, checks = {}, []
        for function, tests in self.suites.tests.items():
            worth = BY_FUNCTION[function].points[function]
            marks = {"points": 0, "worth": worth, "outcome": UNJUDGED, "reason": reason, "passed": 0}
            functions[function] = {**marks, "checks": len(tests), "diagnoses": []}
            checks += [
                {"function": function, "test": test.name, "outcome": UNJUDGED, "text": reason} for test in tests
            ]
        return {"refused": reason, "functions": functions, "checks": checks}


class Reader:
    """Reads submissions for workers that do not have them, on other machines.

    Args:
        settings: as a Worker's; they are not used.
    """

    def __init__(self, settings):
        pass

    def judge(self, task):
        """Return what a Worker is to be told of a submission; {"same": True} where it is what is known."""
        if "refused" in task:
            return {"refused": task["refused"]}
        found = read(task)
        if found.get("files") is not None:
            found["files"] = {name: b64encode(content).decode() for name, content in found["files"].items()}
        return found


def read(task):
    """Return {"digest", "files", "notes"} of a submission. files: {name: bytes}, None where the digest says why."""
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


def unpack(task):
    """What `read` returned, of what a Reader made of it."""
    files = task["files"]
    return task | {"files": files and {name: b64decode(content) for name, content in files.items()}}


def main():
    """Read settings, then tasks, one JSON text in a line each; write what came of each task as a line.

    Two settings are for this alone: reads, to be a Reader; and idle, the seconds without a task after which it ends.
    """
    if sys.platform == "linux":  # nobody is left who would read what comes of it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C: the grader ends this
    # What suites and packages print is not part of the talk.
    tasks, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", 0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    settings = json.loads(tasks.readline())
    worker = Reader(settings) if settings.get("reads") else Worker(settings)
    results.write(b"ready\n")
    signal.alarm(settings.get("idle", 0))
    for line in tasks:
        signal.alarm(0)
        try:
            result = worker.judge(json.loads(line))
        except Exception:  # of the kata's own: it must cost nobody else's marks
            traceback.print_exc()
            last = traceback.format_exc().strip().splitlines()[-1]
            result = worker.judge({"refused": f"the judge failed: {last}"})
        text = json.dumps(result).encode() + b"\n"
        view = memoryview(text)
        while view:
            view = view[results.write(view) :]
        signal.alarm(settings.get("idle", 0))


if __name__ == "__main__":
    main()
