"""What runs in a Dask worker, and in its scheduler, for one run of `kata grade`."""

import asyncio
import multiprocessing
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from distributed import Scheduler, SchedulerPlugin, Worker, WorkerPlugin, get_worker

from kata.grading.judging import Task, judge
from kata.grading.pool import judges
from kata.grading.versions import fingerprint, versions
from kata.grading.workers import outcomes
from kata.sandbox import SandboxError, find_runtime
from kata.syllabus import EXERCISES

_LOOK = 0.5  # seconds between two looks at the processes
# How a worker makes the plugin, where it can: a worker without the kata could not even read it, and would end at it.
_MADE_THERE = """(__import__("pydoc").locate("kata.grading.remote.Judging") or type("Nothing", (WorkerPlugin,), {
    "__init__": lambda self, run, *_: setattr(self, "told", {
        f"{run} there is no multilabel-kata there: install this checkout": 1}),
    "setup": lambda self, worker: worker.set_resources(**self.told),
}))(*told)"""


class Judging(WorkerPlugin):  # type: ignore[misc]  # mypy does not read distributed
    """Gets a worker ready for a run, also one that joins later, and ends with the run.

    The scheduler, and so the grader, know it by the worker's resources: one with the run's name is how many tasks it
    may have at once; the name of another one is the run's, and why it is not fit.

    Args:
        run: a name for it; settings, wanted: see kata/grading/cluster.py.
    """

    def __init__(self, run: str, settings: dict[str, Any], wanted: dict[str, str]):
        self.run, self.settings, self.wanted = run, settings, wanted

    def __reduce__(self) -> tuple[Any, ...]:
        return eval, (_MADE_THERE, {"WorkerPlugin": WorkerPlugin, "told": (self.run, self.settings, self.wanted)})

    def setup(self, worker: Worker) -> None:
        """Begin to get ready: the worker need not wait for that."""
        self.over = False
        self.life = asyncio.ensure_future(self._live(worker))

    async def _live(self, worker: Worker) -> None:
        cleanup = ExitStack()
        try:
            await asyncio.to_thread(self._start, worker, cleanup)
            await worker.set_resources(**{self.run: worker.state.nthreads})
            while not self.over:
                await asyncio.sleep(_LOOK)
                self.pool.look()
        except Exception as error:
            why = getattr(error, "strerror", "") or str(error) or type(error).__name__
            # To the scheduler alone: what it has sent here meanwhile still runs, fails, and is done by others.
            told = worker.state.total_resources | {self.run: 0, f"{self.run} {why}": 1}
            await worker.scheduler.set_resources(resources=told, worker=worker.contact_address)
        finally:
            await asyncio.to_thread(cleanup.close)

    def _start(self, worker: Worker, cleanup: ExitStack) -> None:
        if why := differs(self.settings, self.wanted):
            raise LookupError(why)
        folder = cleanup.enter_context(
            tempfile.TemporaryDirectory(dir=worker.local_directory, ignore_cleanup_errors=True)
        )
        runtime = find_runtime(Path(folder) / "runtime")
        multiprocessing.current_process().daemon = False  # a nanny says that it is, and as one it may start none
        try:
            self.pool = cleanup.enter_context(judges(self.settings, runtime, worker.state.nthreads))
        except SandboxError as error:
            raise SandboxError(f"no sandbox is to be had there: {error}") from None
        list(outcomes(self.pool, judge, [("", {"refused": "to see whether a process starts"})]))

    async def teardown(self, worker: Worker) -> None:
        """The run is over."""
        self.over = True
        await asyncio.wait([self.life])


class Ending(SchedulerPlugin):  # type: ignore[misc]  # mypy does not read distributed
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


async def do(run: str, function: Callable[[Task], Any], task: Task) -> Any:
    """What a Dask task does: it waits for a process of its worker's machine."""
    return await asyncio.wrap_future(get_worker().plugins[run].pool.submit(function, task))
