"""What runs in a Dask worker, and in its scheduler, for one run of `kata grade`.

A Dask task runs in a thread, where no alarm can end what hangs; so it only waits for a Pool of this machine.
"""

import asyncio
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from distributed import Reschedule, Scheduler, SchedulerPlugin, Worker, WorkerPlugin, get_worker

from kata.grading.judging import Marks, Task, judge
from kata.grading.pool import Pool
from kata.grading.versions import fingerprint, versions
from kata.grading.workers import outcomes
from kata.sandbox import Runtime, Sandbox, SandboxError, find_runtime
from kata.syllabus import EXERCISES

NOT_FIT, WITHOUT_THE_KATA = 0, -1  # of the resource that has the run's name; above 0: tasks at once
# How a worker makes the plugin, where it can: a worker without the kata could not even read it, and would end at it.
_MADE_THERE = """(__import__("pydoc").locate("kata.grading.remote.Judging") or type("Nothing", (WorkerPlugin,), {
    "__init__": lambda self, run, *_: setattr(self, "run", run),
    "setup": lambda self, worker: worker.set_resources(**{self.run: -1}),
}))(*told)"""


class Judging(WorkerPlugin):
    """Gets a worker ready for a run, also one that joins later, and ends with the run.

    It tells the scheduler by a resource with the run's name, so that only those who are fit get tasks.

    Args:
        run: a name for it; settings, wanted: see kata/grading/cluster.py.

    Attributes:
        why: the worker cannot judge; "" where it can.
    """

    def __init__(self, run: str, settings: dict[str, Any], wanted: dict[str, str]):
        self.run, self.settings, self.wanted = run, settings, wanted
        self.why = ""

    def __reduce__(self) -> tuple:
        return eval, (_MADE_THERE, {"WorkerPlugin": WorkerPlugin, "told": (self.run, self.settings, self.wanted)})

    def setup(self, worker: Worker) -> None:
        """Begin to get ready: the worker need not wait for that."""
        self.worker = worker
        self.folder = tempfile.mkdtemp(prefix="kata-", dir=worker.local_directory)
        self.beginning = asyncio.ensure_future(self._begin())

    async def _begin(self) -> None:
        try:
            self.why = differs(self.settings, self.wanted) or await asyncio.to_thread(self._get_ready)
        except SandboxError as error:
            self.why = f"no sandbox is to be had there: {str(error) or 'bwrap does not start'}"
        except Exception as error:
            self.why = str(error) or type(error).__name__
        await self._tell()

    def _get_ready(self) -> None:
        runtime = find_runtime(Path(self.folder) / "runtime")
        settings = self.settings | {"runtime": runtime.save()}
        limits = settings["seconds"], settings["megabytes"], settings["seed"], settings["bare"]
        Sandbox(Runtime(**settings["runtime"]), *limits).try_out()
        multiprocessing.current_process().daemon = False  # a nanny says that it is, and as one it may start none
        self.pool = Pool(settings, self.worker.state.nthreads)
        self.judge(judge, {"refused": "to see whether a process starts"})

    async def _tell(self) -> None:
        await self.worker.set_resources(**{self.run: NOT_FIT if self.why else self.worker.state.nthreads})

    def judge(self, function: Callable[[Task], Marks], task: Task) -> Marks:
        """Do a task in a process of this machine; an OSError where these do not start."""
        ((_, marks),) = outcomes(self.pool, function, [(None, task)])
        return marks

    def give_up(self, why: str) -> None:
        """Have no more tasks sent here."""
        self.why = why
        asyncio.run_coroutine_threadsafe(self._tell(), self.worker.loop.asyncio_loop).result()

    async def teardown(self, worker: Worker) -> None:
        """The run is over."""
        await asyncio.wait([self.beginning])
        if hasattr(self, "pool"):
            await asyncio.to_thread(self.pool.shutdown, cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Ending(SchedulerPlugin):
    """Ends a run on all workers when its grader is gone, however that went.

    Args:
        run: its name; client: the name of the grader's Client.
    """

    def __init__(self, run: str, client: str):
        self.name, self.client = run, client

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """A client has gone."""
        if client == self.client:
            scheduler.remove_plugin(self.name)
            scheduler.loop.add_callback(scheduler.unregister_worker_plugin, comm=None, name=self.name)


def differs(settings: dict[str, Any], wanted: dict[str, str]) -> str:
    """In what this machine is not what the grader wants; "" where it is."""
    if fingerprint() != wanted["judge"]:
        return "another judge is there: its checkout has other files in kata/, exercises/ or solutions/ than this one"
    found = versions([exercise for exercise in EXERCISES if exercise.number in settings["exercises"]])
    for name in wanted.keys() - {"judge"}:
        if found.get(name) != wanted[name]:
            return f"it has {name} {found.get(name)}, and the grader {wanted[name]}"
    return ""


def do(run: str, function: Callable[[Task], Marks], task: Task) -> Marks:
    """What a Dask task does."""
    judging = get_worker().plugins[run]
    try:
        return judging.judge(function, task)
    except OSError:
        judging.give_up("the judge does not start there: see the worker's log")
        raise Reschedule from None


def why(run: str, dask_worker: Worker) -> str:
    """Why this worker is not fit."""
    return dask_worker.plugins[run].why
