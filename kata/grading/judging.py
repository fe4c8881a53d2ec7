"""Judging one submission: a function of plain data, which runs in a process of kata/grading/pool.py.

It is apart from the grader so that several can work at once, and so that nothing that a stranger hands in can end the
grading: not a file that crashes the parser, nor an archive that eats the memory.
"""

import gc
import resource
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from kata.answers import Reference
from kata.grading.marking import DRAWS, Marking
from kata.grading.suites import Suites, derived
from kata.reports import Marks
from kata.sandbox import Runtime, Sandbox, Sandboxed
from kata.submissions import Refused, collecting, lay_out, layouts, read_answer, topics
from kata.syllabus import EXERCISES

Task = dict[str, Any]  # what is to be judged, as plain data: see `Judge.judge`
_READING = 30  # seconds to unpack and to parse a submission
_COMPUTING = 2.0  # seconds that this process may compute at it
_judge: "Judge"  # this process's


def sandbox_of(settings: dict[str, Any]) -> Sandbox:
    """Return the Sandbox in which a Judge of these settings runs answers."""
    limits = settings["seconds"], settings["megabytes"], settings["bare"]
    return Sandbox(Runtime(**settings["runtime"]), *limits, settings.get("apart", False))


def ready(settings: dict[str, Any]) -> None:
    """Get this process ready to judge; `settings` are those of a Judge."""
    global _judge
    _judge = Judge(settings)


def judge(task: Task) -> Marks | None:
    """Return the marks of a submission: see `Judge.judge`."""
    return _judge.judge(task)


def read(task: Task) -> Task | None:
    """Read a submission, also for judges on machines that do not have it: see `Judge.judge` for what is a task.

    Returns:
        dict of digest, attempt, notes, unread, and of files, {name: bytes}, or of refused, the reason; where it is
        what is known, also of lacking and outcomes, and None where nothing is lacking.
    """
    if task.keys() & {"refused", "files"}:  # it was read already
        return task
    found = {"notes": task["notes"], "attempt": task["attempt"]}
    try:
        with _in_time():
            found["files"], notes, found["unread"] = collecting.collect(layouts.parts_of(task["parts"]))
            found["notes"] += notes + _of_other_versions(found["files"].values(), task.get("version"))
            told = found["notes"] + list(found["unread"].values())
            found["digest"] = collecting.digest(found["files"], told)
    except Refused as refused:
        found["digest"] = found["refused"] = f"refused: {refused}"
    if found["digest"] != task["known"]:
        return found
    return {**found, **{name: task[name] for name in ("lacking", "outcomes")}} if task.get("lacking") else None


def _of_other_versions(contents: Iterable[bytes], version: str | None) -> list[str]:
    """What there is to say of files that were made from another handout than the one that is graded."""
    others = {topics.version_in(content) for content in contents} - {None, version} if version else set()
    return [
        f"made from version {other} of what was handed out: the stubs or the checks of version {version} are others"
        for other in sorted(filter(None, others))
    ]


@contextmanager
def _in_time() -> Iterator[None]:
    """Ends what takes long, and in C code, where nothing can be raised, this process; what is too deep is refused."""

    def stop(number: int, frame: Any) -> None:
        raise Refused("it takes too long to be read: hand in the exercises' functions alone")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.alarm(_READING)
    signal.setitimer(signal.ITIMER_VIRTUAL, _COMPUTING)
    signal.setitimer(signal.ITIMER_PROF, 2 * _COMPUTING)
    try:
        yield
    except RecursionError:
        raise Refused("it is nested too deeply to be read: hand in the exercises' functions alone") from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        signal.signal(signal.SIGVTALRM, before)


def seeds_of(secret: int, digest: str, attempt: int | str) -> tuple[int, int]:
    """The seeds of a submission's random inputs: of functions that need NumPy alone, and of the others.

    The first is its own: what was asked once is worth nothing later, neither to another submission, nor to this one's
    next hand-in. What is right for the others takes a grader longer than an answer, and is kept: each attempt has a
    few draws for all, and which one a submission gets is decided by what nobody else knows.
    """
    own = derived(secret, digest, attempt)
    return own, derived(secret, "shared", attempt, own % DRAWS)


class Judge:
    """Judges submissions.

    Args:
        settings: dict of seed, the secret of the run, exercises (their numbers), seconds, megabytes, bare, apart (see
            kata/sandbox/bubblewrap.py) and runtime (a Runtime's `save`).
    """

    def __init__(self, settings: dict[str, Any]):
        self.secret, self.seconds = settings["seed"], settings["seconds"]
        self.exercises = [exercise for exercise in EXERCISES if exercise.number in settings["exercises"]]
        self.sandbox = sandbox_of(settings)
        reference = Reference()
        self.marking = Marking(Suites(self.exercises, reference), reference)
        gc.freeze()  # what is there now stays: collecting garbage need not look at it each time
        gc.set_threshold(20_000, 20, 20)

    def judge(self, task: Task) -> Marks | None:
        """Return the marks of a submission.

        Args:
            task: dict of parts (a Submission's, as its `task` returns them), of notes on them, of known, the digest
                of what was judged already, of attempt, a number or a text that is another one each time, and of
                version, that of the handout or None; and, where not all of it was judged, of lacking, the folders of
                exercises that were not, and outcomes, {function: outcome} of the others; or what `read` made of
                that; or of refused alone, why not to try.

        Returns:
            Marks, with refused where it was not read: of all exercises, or where it is what is known, of those that
            are lacking. None where nothing is.

        Raises:
            SandboxError: no process could be started.
        """
        start, computed = time.monotonic(), time.process_time()
        found = read(task)
        if found is None:
            return None
        try:
            marks = self.marking.unread(found["refused"]) if "refused" in found else self._judge(found)
        except Refused as refused:
            marks = self.marking.unread(f"refused: {refused}")
        marks["digest"] = found.get("digest", "")  # without one, the next run tries again
        if "attempt" in found:
            marks["attempt"] = found["attempt"]
        marks["notes"] = found.get("notes", []) + marks.get("notes", [])
        marks["seconds"] = round(time.monotonic() - start, 3)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        marks["spent"] = {"cpu": round(time.process_time() - computed, 3), "megabytes": peak}
        return marks

    def _judge(self, found: Task) -> Marks:
        seeds = seeds_of(self.secret, found["digest"], found["attempt"])
        with tempfile.TemporaryDirectory(dir=self.sandbox.runtime.folder, ignore_cleanup_errors=True) as folder:
            laid = lay_out(found["files"], Path(folder), self.sandbox)
            with _in_time():
                answer, notes = read_answer(Path(folder), laid, found["unread"])
                for exercise in self.exercises:
                    for function in exercise.points:
                        answer.rests_on(function)
            with closing(Sandboxed(self.sandbox, answer, self.seconds)) as answer.runner:
                wanted = [one for one in self.exercises if one.folder in found.get("lacking", (one.folder,))]
                functions = {function for exercise in wanted for function in exercise.points}
                marks = self.marking.judge(answer, seeds, functions, found.get("outcomes", {}))
                return {**marks, "notes": notes}
