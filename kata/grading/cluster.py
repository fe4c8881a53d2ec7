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
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any

import dask
import distributed

from kata.grading import remote
from kata.grading.judging import Task, read
from kata.grading.pool import Pool
from kata.grading.workers import GradingError, Key, Workers, outcomes

# Dask keeps what it has sent, a thousand messages, and warns of tasks that are long, as all submissions may be.
_SETTINGS = {"distributed.admin.low-level-log-length": 10, "distributed.admin.large-graph-warning-threshold": "1GB"}
_ANSWER = 10.0  # seconds for the scheduler to answer
_LOOK = 1.0  # seconds between two looks at who is there
_PATIENCE = 60.0  # seconds without a worker that can be used


class Cluster(Workers):
    """The workers of a Dask cluster, which may come and go at any time; to be used in a `with`.

    Args:
        address: of its scheduler.
        settings: as a Pool's, but for the runtime, of which each machine has its own.
        wanted: {name: version} of all that decides the marks, with the fingerprint of the "judge".

    Raises:
        GradingError: no scheduler answers.
    """

    died = *Workers.died, distributed.KilledWorker

    def __init__(self, address: str, settings: dict[str, Any], wanted: dict[str, str]):
        dask.config.set(_SETTINGS)
        self.address, self.settings, self.run = address, settings, secrets.token_hex(8)
        self.there: dict[str, int] = {}  # addresses of all workers, and how many tasks each may have at once
        self.refused: set[str] = set()  # and of those who cannot be used
        self.begun, self.looked, self.since = False, 0.0, time.monotonic()
        self.client = self._connect()
        self.executor = self._executor()
        try:
            self.client.register_plugin(remote.Ending(self.run, self.client.id), name=self.run)
        except Exception:  # whatever it is that it cannot read
            self.client.close()
            raise GradingError(f"there is no multilabel-kata at the scheduler, {address}: install it there") from None
        with suppress(OSError):  # of a worker that ends just now
            self.client.register_plugin(remote.Judging(self.run, settings, wanted), name=self.run)

    def _connect(self) -> Any:
        security = distributed.Security().get_connection_args("client")
        calling = distributed.comm.connect(self.address, timeout=_ANSWER, **security)
        try:
            # Where something else listens, such as Dask's dashboard, the Client itself waits for ever.
            asyncio.run(asyncio.wait_for(calling, 1.5 * _ANSWER)).abort()
            return distributed.Client(self.address, timeout=_ANSWER, set_as_default=False, name="kata-grade")
        except (OSError, ValueError) as error:
            why = str(error) or "what listens there is something else"
            raise GradingError(f"no Dask scheduler answers at {self.address}: {why}") from None

    def _executor(self) -> Executor:
        executor: Executor = self.client.get_executor(resources={self.run: 1}, pure=False)
        return executor

    def read(self, tasks: dict[Key, Task]) -> Iterator[tuple[Key, Task | None]]:
        """What is in the submissions."""
        with Pool(self.settings, 1, dict) as readers:
            yield from outcomes(readers, read, tasks.items())

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a fit worker call a function; its Future."""
        if self.client.status != "running":
            raise OSError(0, f"the scheduler at {self.address} is gone")
        return self.executor.submit(remote.do, self.run, function, *args, **kwargs)

    def look(self) -> None:
        """See who is there, and say what has changed."""
        now = time.monotonic()
        if self.room and now - self.looked < _LOOK:
            return
        self.looked = now
        try:
            known = self.client.sync(self.client.scheduler.identity, n_workers=-1)["workers"]
        except Exception:  # Dask raises what it likes
            raise OSError(0, f"the scheduler at {self.address} is gone") from None
        told = {address: worker["resources"] for address, worker in known.items()}
        before, self.there = self.there, {address: int(told[address].get(self.run, 0)) for address in told}
        for address in before.keys() - self.there.keys() - self.refused:
            print(f"kata: {address} is gone: what it was doing is done again", file=sys.stderr)
        whys = {address: name for address in told for name in told[address] if name.startswith(f"{self.run} ")}
        for address in whys.keys() - self.refused:
            print(f"kata: {address} is not used: {whys[address].removeprefix(self.run).strip()}", file=sys.stderr)
        self.refused = set(whys)
        self.room = 2 * sum(self.there.values())  # for each thread one that it does, and one that waits there
        fit = [address for address in before if before[address]]
        if fit and not any(self.there.get(address) for address in fit):
            self.executor.shutdown(wait=False)  # Dask does not see that a worker gets fit for what already waits
            self.executor = self._executor()
        if self.room:
            self.since, self.begun = now, True
        elif self.there and self.refused == self.there.keys() and not self.begun:
            raise GradingError(f"none of the {len(self.there)} workers of {self.address} can be used: see above")
        elif now - self.since > _PATIENCE:
            raise OSError(0, f"{self.address} has had no worker that can be used for {_PATIENCE:.0f} s")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, where kata/grading/remote.py ends what is left of the run."""
        self.looked = 0.0
        with suppress(OSError, GradingError):
            self.look()  # a worker may be gone without having been missed
        self.client.close()
