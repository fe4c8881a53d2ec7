"""What runs in a Dask worker: processes of grading/worker.py, one for each thread, and a sandbox of this machine.

A Dask task runs in a thread, where no alarm can end what hangs; so it only talks to a process of its own, which may
end without harm.
"""

import json
import shutil
import tempfile
import threading

from kata.grading.pool import TRIES, WorkerProcess, patience, refused
from kata.grading.versions import fingerprint, versions
from kata.sandbox import Runtime, Sandbox, SandboxError, find_runtime
from kata.syllabus import EXERCISES

_IDLE = 600  # seconds without a task, after which a process ends: its grader may have been killed
_runs = {}  # run -> its _Judges, in this process
_lock = threading.Lock()


class Unfit(Exception):
    """A worker cannot judge: its address, and why; "" where another process was prepared at that address."""


def prepare(run, settings, wanted):
    """Get a worker ready for a run; returns why it is not to be used, None where it is ready.

    Args:
        run: a name for it.
        settings, wanted: see kata/grading/cluster.py.
    """
    if why := _differs(settings, wanted):
        return why
    folder = tempfile.mkdtemp(prefix="kata-", dir=_worker().local_directory)
    try:
        judges = _Judges(settings, folder)
        why = judges.try_out()
    except SandboxError as error:
        why = f"no sandbox is to be had there: {str(error) or 'bwrap does not start'}"
    except (RuntimeError, OSError) as error:
        why = str(error)
    if why:
        shutil.rmtree(folder, ignore_errors=True)
        return why
    _runs[run] = judges
    return None


def _differs(settings, wanted):
    if fingerprint() != wanted["judge"]:
        return "another judge is there: its checkout has other files in kata/, exercises/ or solutions/ than this one"
    found = versions([exercise for exercise in EXERCISES if exercise.number in settings["exercises"]])
    for name in wanted.keys() - {"judge"}:
        if found.get(name) != wanted[name]:
            return f"it has {name} {found.get(name)}, and the grader {wanted[name]}"
    return None


def judge(run, text):
    """Return the result of a task; both are JSON.

    Raises:
        Unfit: this worker cannot.
    """
    if run not in _runs:
        raise Unfit(_worker().address, "")
    return _runs[run].judge(json.loads(text))


def dismiss(run):
    """The run is over."""
    if judges := _runs.pop(run, None):
        judges.close()


def _worker():
    from distributed import get_worker  # the grader imports this module before it knows that there is Dask

    return get_worker()


class _Judges:
    def __init__(self, settings, folder):
        self.folder, self.patience = folder, patience(settings)
        runtime = find_runtime(f"{folder}/runtime").save()
        self.settings = settings | {"runtime": runtime, "idle": _IDLE}
        self.free, self.all, self.closed = [], set(), False

    def try_out(self):
        settings = self.settings
        limits = settings["seconds"], settings["megabytes"], settings["seed"], settings["bare"]
        Sandbox(Runtime(**settings["runtime"]), *limits).try_out()

    def judge(self, task):
        for attempt in (*[task] * TRIES, refused(task)):
            line = self._ask(attempt)
            if line is not None:
                return line.decode()
        raise Unfit(_worker().address, "the judge's own processes end there")

    def _ask(self, task):
        process = self._process()
        line = process.ask(task, self.patience)
        if line is not None:
            self.free.append(process)
            return line
        ready = process.ready
        self.all.discard(process)
        process.end()
        if self.closed:
            raise Unfit(_worker().address, "")
        if not ready:
            raise Unfit(_worker().address, "the judge does not start there: see the worker's log")
        return None

    def _process(self):
        while self.free:
            process = self.free.pop()
            if process.process.poll() is None:
                return process
            self.all.discard(process)
            process.end()
        with _lock:
            if self.closed:
                raise Unfit(_worker().address, "")
            process = WorkerProcess(self.settings)
            self.all.add(process)
        return process

    def close(self):
        with _lock:
            self.closed = True
        for process in self.all:  # those that judge are buried by their threads
            process.process.kill()
        for process in self.free:
            process.end()
        shutil.rmtree(self.folder, ignore_errors=True)
