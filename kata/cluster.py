"""The grader's side of a Dask cluster: it hands out the tasks of kata/pool.py, and takes what comes of them.

Submissions are read here, in a process of their own, and travel as the bytes of the exercises' files: the workers
share no disk. What comes back is plain data, too. Dask itself pickles what it sends, so scheduler and workers must be
trusted; strangers' code runs in the workers' sandboxes only (kata/remote.py).
"""

import asyncio
import json
import queue
import secrets
import sys
import time
from collections import deque
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass

from kata import remote
from kata.pool import Pool, refused

_PACKAGE = "multilabel-kata"
_HOW_TO_GET_IT = "this checkout has to be installed on all machines of the cluster"
# Dask keeps what it has sent, a thousand messages, and warns of tasks that are long, as all submissions may be.
_SETTINGS = {"distributed.admin.low-level-log-length": 10, "distributed.admin.large-graph-warning-threshold": "1GB"}
_ANSWER = 10.0  # seconds for the scheduler to answer
_LOOK = 2.0  # seconds between two looks at who is there
_PATIENCE = 60.0  # seconds without a worker that can be used
_FETCH = 60.0  # seconds for a result to arrive that a worker has
_TRIES = 3  # of a task, where all workers end that have it
_AHEAD = 2  # tasks that are handed out for each thread of the workers: one is worked on, one waits there


class ClusterError(LookupError):
    """Why a cluster cannot grade, for the person at the command line."""


@dataclass
class _Task:
    """A task that is handed out.

    Attributes:
        key: of the submission; text: the task as JSON.
        future: Dask's; places: the addresses of the workers that may do it.
    """

    key: object
    text: str
    future: object
    places: frozenset


class Cluster:
    """The workers of a Dask cluster; the same to the grader as a Pool.

    Args:
        address: of its scheduler.
        settings: as a Pool's, but for the runtime, of which each machine has its own.
        wanted: {name: version} of all that decides the marks: a worker with another one would come to other marks.

    Raises:
        ClusterError: Dask is not installed.
    """

    def __init__(self, address, settings, wanted):
        try:
            import dask
            import distributed
        except ImportError:
            raise ClusterError("--scheduler needs Dask: pip install -e '.[cluster]' -c constraints.txt") from None
        dask.config.set(_SETTINGS)
        self.dask = distributed
        self.address, self.settings, self.wanted = address, settings, wanted
        self.run = secrets.token_hex(8)
        self.threads = {}  # address of a worker -> its threads; 0 while it is asked, or where it is not used
        self.asked = {}  # key of the future that prepares a worker -> (its address, its threads, the future)
        self.handed_out = {}  # key of a future -> its _Task
        self.lost = {}  # key of a submission -> how often its workers ended
        self.waiting = deque()  # (key, text) of tasks that are read, and not handed out
        self.finished = queue.SimpleQueue()  # futures

    def map(self, tasks):
        """Yield (key, result) of each task as it ends, as `Pool.map` does.

        Where a worker is lost, its tasks are done again by others.

        Raises:
            ClusterError: no worker can be used.
            OSError: the scheduler, or the last worker, is gone.
        """
        self._connect()
        try:
            self._look()
            for key, read in Pool(self.settings | {"reads": True}, 1).map(tasks):
                if "same" in read:
                    yield key, read
                    continue
                self.waiting.append((key, json.dumps(read)))
                self._hand_out()
                while self.waiting:  # no more is read than can be handed out: the memory stays flat
                    yield from self._next()
            while self.waiting or self.handed_out:
                yield from self._next()
        finally:
            self._leave()

    def _connect(self):
        try:
            # Where something else listens, such as Dask's dashboard, the Client itself waits for ever.
            asyncio.run(asyncio.wait_for(self._call(), 1.5 * _ANSWER))
            self.client = self.dask.Client(self.address, timeout=_ANSWER, set_as_default=False, name="kata-grade")
        except (OSError, ValueError) as error:
            why = str(error) or "what listens there is something else"
            raise ClusterError(f"no Dask scheduler answers at {self.address}: {why}") from None
        self.since, self.begun = time.monotonic(), False  # when a worker could be used; whether one ever could

    async def _call(self):
        security = self.dask.Security().get_connection_args("client")
        connection = await self.dask.comm.connect(self.address, timeout=_ANSWER, **security)
        await connection.close()

    def _hand_out(self):
        places = self._places()
        while self.waiting and len(self.handed_out) < _AHEAD * sum(self.threads.values()):
            key, text = self.waiting.popleft()
            future = self._submit(places, remote.judge, self.run, text)
            self.handed_out[future.key] = _Task(key, text, future, places)

    def _next(self):
        """Wait until something happens; what it is may make room."""
        with suppress(queue.Empty):
            yield from self._take(self.finished.get(timeout=_LOOK))
        if time.monotonic() - self.looked > _LOOK:
            self._look()
        self._hand_out()

    def _places(self):
        return frozenset(address for address, threads in self.threads.items() if threads)

    def _submit(self, places, function, *args):
        future = self.client.submit(function, *args, workers=sorted(places), pure=False)
        future.add_done_callback(self.finished.put)
        return future

    def _take(self, future):
        if future.key in self.asked:
            self._admit(*self.asked.pop(future.key))
            return
        task = self.handed_out.pop(future.key, None)
        if task is None:  # it was given to others in the meantime
            return
        try:
            result = json.loads(future.result(timeout=_FETCH))
        except self.dask.KilledWorker:  # Dask has given it to others, and they ended, too
            self._again(task, _TRIES)
        except remote.Unfit as unfit:
            address, why = unfit.args
            if why:
                self._refuse(address, why)
            else:  # the process at this address is another one now
                self.threads.pop(address, None)
            self._again(task)
        except (CancelledError, TimeoutError):  # lost on the way
            self._again(task)
        except Exception as error:
            raise OSError(0, f"the cluster failed: {type(error).__name__}: {error}") from None
        else:
            self.lost.pop(task.key, None)
            yield task.key, result

    def _again(self, task, lost=0):
        """Do a task again, unless it has ended too many workers; `lost`: how many more."""
        text, self.lost[task.key] = task.text, self.lost.get(task.key, 0) + lost
        if self.lost[task.key] >= 2 * _TRIES:
            raise OSError(0, "the cluster's workers end one after the other")
        if self.lost[task.key] >= _TRIES:
            text = json.dumps(refused(json.loads(text), "the cluster's workers ended, one after the other,"))
        self.waiting.append((task.key, text))

    def _look(self):
        """Look who is there: ask those who are new, and give the tasks of those who are gone to others."""
        self.looked = time.monotonic()
        try:
            there = self.client.nthreads()
        except Exception:  # Dask raises what it likes
            raise OSError(0, f"the scheduler at {self.address} is gone") from None
        for address in set(self.threads) - set(there):
            if self.threads.pop(address):
                _say(f"{address} is gone: what it was doing is done again")
        new = set(there) - set(self.threads)
        without = self._without_the_kata() if new else ()
        for address in new:
            self.threads[address] = 0
            if address in without:
                self._refuse(address, f"there is no {_PACKAGE} there: {_HOW_TO_GET_IT}")
                continue
            future = self._submit([address], remote.prepare, self.run, self.settings, self.wanted)
            self.asked[future.key] = (address, there[address], future)
        self.asked = {key: asked for key, asked in self.asked.items() if asked[0] in there}
        places = self._places()
        for key, task in list(self.handed_out.items()):
            if not task.places & places:  # Dask would wait for one of these to come back
                del self.handed_out[key]
                self._again(task, 1)
        self._complain(bool(places), there)

    def _without_the_kata(self):
        """The addresses of workers that could not even read a task, and would end at it."""
        found = self.client.get_versions(packages=[_PACKAGE])
        if not found["scheduler"]["packages"][_PACKAGE]:
            raise ClusterError(f"the scheduler at {self.address} has no {_PACKAGE}: {_HOW_TO_GET_IT}")
        return {address for address, one in found["workers"].items() if not one["packages"][_PACKAGE]}

    def _admit(self, address, threads, future):
        error = future.exception()
        why = f"{type(error).__name__}: {error}" if error else future.result()
        if why:
            self._refuse(address, why)
        elif address in self.threads:
            self.threads[address] = threads

    def _refuse(self, address, why):
        self.threads[address] = 0
        _say(f"{address} is not used: {why}")

    def _complain(self, served, there):
        """Say so where nobody can be used, not now and not soon."""
        now = time.monotonic()
        if served:
            self.since, self.begun = now, True
        elif there and not self.asked and not self.begun:
            raise ClusterError(f"none of the {len(there)} workers of {self.address} can be used: see above")
        elif now - self.since > _PATIENCE:
            raise OSError(0, f"{self.address} has had no worker that can be used for {_PATIENCE:.0f} s")

    def _leave(self):
        if self.client.status == "running":
            with suppress(Exception):  # what is left there ends by itself
                self.client.run(remote.dismiss, self.run, workers=sorted(self._places()), on_error="ignore")
        self.client.close()


def _say(text):
    start = "\r\x1b[K" if sys.stderr.isatty() else ""  # over the progress
    print(f"{start}kata: {text}", file=sys.stderr)
