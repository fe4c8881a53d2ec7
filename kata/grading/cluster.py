"""A Dask cluster as Workers of the grader: its tasks are Dask's, and run in those workers that are fit for them.

Submissions are read here, in a process of their own, and travel as the bytes of the exercises' files: the workers
share no disk. Dask pickles what it sends, so scheduler and workers must be trusted; strangers' code runs in the
workers' sandboxes only (kata/grading/remote.py).
"""

import asyncio
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any

from kata.grading.judging import Marks, Task, judge, read
from kata.grading.pool import Pool
from kata.grading.workers import Key, Workers, outcomes

# Dask keeps what it has sent, a thousand messages, and warns of tasks that are long, as all submissions may be.
_SETTINGS = {"distributed.admin.low-level-log-length": 10, "distributed.admin.large-graph-warning-threshold": "1GB"}
_HOW_TO_GET_IT = "this checkout has to be installed on all machines of the cluster"
_ANSWER = 10.0  # seconds for the scheduler to answer
_LOOK = 2.0  # seconds between two looks at who is there
_PATIENCE = 60.0  # seconds without a worker that can be used
_AHEAD = 2  # tasks that are handed out for each thread of the workers: one is worked on, one waits there


class ClusterError(LookupError):
    """Why a cluster cannot grade, for the person at the command line."""


class Cluster(Workers):
    """The workers of a Dask cluster, which may come and go at any time; to be used in a `with`.

    Args:
        address: of its scheduler.
        settings: as a Pool's, but for the runtime, of which each machine has its own.
        wanted: {name: version} of all that decides the marks: a worker with another one would come to other marks.

    Raises:
        ClusterError: Dask is not installed, or no scheduler answers.
    """

    tries = 3
    gone = "the cluster's workers ended, one after the other,"

    def __init__(self, address: str, settings: dict[str, Any], wanted: dict[str, str]):
        try:
            import dask
            import distributed
        except ImportError:
            raise ClusterError("--scheduler needs Dask: pip install -e '.[cluster]' -c constraints.txt") from None
        from kata.grading import remote

        dask.config.set(_SETTINGS)
        self.address, self.settings, self.run, self.remote = address, settings, secrets.token_hex(8), remote
        self.threads, self.refused = {}, set()  # {address: threads} of those who judge; addresses of the others
        self.given = set()  # futures
        self.begun, self.looked, self.since = False, 0.0, time.monotonic()
        self.killed = distributed.KilledWorker
        self.client = self._connect(distributed)
        self.executor = self.client.get_executor(resources={self.run: 1}, pure=False)
        try:
            self.client.register_plugin(remote.Ending(self.run, self.client.id), name=self.run)
        except Exception:  # whatever it is that it cannot read
            self.client.close()
            raise ClusterError(f"the scheduler at {address} has not this multilabel-kata: {_HOW_TO_GET_IT}") from None
        with suppress(OSError):  # of a worker that ends just now
            self.client.register_plugin(remote.Judging(self.run, settings, wanted), name=self.run)

    def _connect(self, dask: Any) -> Any:
        async def call() -> None:
            security = dask.Security().get_connection_args("client")
            connection = await dask.comm.connect(self.address, timeout=_ANSWER, **security)
            await connection.close()

        try:
            # Where something else listens, such as Dask's dashboard, the Client itself waits for ever.
            asyncio.run(asyncio.wait_for(call(), 1.5 * _ANSWER))
            return dask.Client(self.address, timeout=_ANSWER, set_as_default=False, name="kata-grade")
        except (OSError, ValueError) as error:
            why = str(error) or "what listens there is something else"
            raise ClusterError(f"no Dask scheduler answers at {self.address}: {why}") from None

    def judged(self, tasks: dict[Key, Task]) -> Iterator[tuple[Key, Marks]]:
        """Yield (key, marks) of each submission as its judging ends."""
        with Pool(self.settings, 1, dict) as readers:
            yield from outcomes(self, judge, outcomes(readers, read, tasks.items()))
        self.looked = 0.0
        with suppress(OSError, ClusterError):  # all is judged: only say who has gone meanwhile
            self.look()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """Have a fit worker call a function; its Future."""
        if self.client.status != "running":
            raise OSError(0, f"the scheduler at {self.address} is gone")
        future = self.executor.submit(self.remote.do, self.run, function, *args, **kwargs)
        self.given.add(future)
        future.add_done_callback(self.given.discard)
        return future

    def room(self) -> int:
        """Two tasks for each thread of the workers."""
        return _AHEAD * sum(self.threads.values())

    def deaths(self, error: BaseException) -> int:
        """All tries where Dask has given a task to several workers that ended; one where all workers were gone."""
        if isinstance(error, self.killed):
            return self.tries
        if isinstance(error, CancelledError):
            return 1
        raise OSError(0, f"the cluster failed: {type(error).__name__}: {error}")

    def look(self) -> None:
        """See who is there, who is fit, and say what has changed.

        Raises:
            ClusterError: nobody can be used.
            OSError: the scheduler is gone, or has been without a worker for long.
        """
        now = time.monotonic()
        if self.threads and now - self.looked < _LOOK:
            return
        self.looked = now
        try:
            known = self.client.sync(self.client.scheduler.identity, n_workers=-1)["workers"]
        except Exception:  # Dask raises what it likes
            raise OSError(0, f"the scheduler at {self.address} is gone") from None
        there = {address: worker["resources"].get(self.run) for address, worker in known.items()}
        for address in self.threads.keys() - there.keys():
            _say(f"{address} is gone: what it was doing is done again")
        self.refused &= there.keys()
        for address, threads in there.items():
            if threads is not None and threads <= 0 and address not in self.refused:
                self.refused.add(address)
                _say(f"{address} is not used: {self._why(address, threads)}")
        before, self.threads = (
            self.threads,
            {one: int(threads) for one, threads in there.items() if (threads or 0) > 0},
        )
        if not before.keys() & self.threads.keys():
            for future in list(self.given):  # Dask does not see that a worker gets fit for what already waits
                future.cancel()
        if self.threads:
            self.since, self.begun = now, True
            return
        if there and len(self.refused) == len(there) and not self.begun:
            raise ClusterError(f"none of the {len(there)} workers of {self.address} can be used: see above")
        if now - self.since > _PATIENCE:
            raise OSError(0, f"{self.address} has had no worker that can be used for {_PATIENCE:.0f} s")

    def _why(self, address: str, threads: float) -> str:
        if threads == self.remote.WITHOUT_THE_KATA:
            return f"there is no multilabel-kata there: {_HOW_TO_GET_IT}"
        with suppress(Exception):  # it has gone in the meantime
            return self.client.run(self.remote.why, self.run, workers=[address])[address]
        return "it does not answer"

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, where kata/grading/remote.py ends what is left of the run."""
        self.client.close()


def _say(text: str) -> None:
    start = "\r\x1b[K" if sys.stderr.isatty() else ""  # over the progress
    print(f"{start}kata: {text}", file=sys.stderr)
