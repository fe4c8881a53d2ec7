"""The grader's side of a Dask cluster: it hands out the tasks of kata/grading/pool.py, and takes what comes of them.

Submissions are read here, in a process of their own, and travel as the bytes of the exercises' files: the workers
share no disk. What comes back is plain data, too. Dask itself pickles what it sends, so scheduler and workers must be
trusted; strangers' code runs in the workers' sandboxes only (kata/grading/remote.py).
"""

import asyncio
import json
import queue
import secrets
import signal
import time
from collections import deque
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass

from kata.grading import remote
from kata.grading.pool import Pool, refused
from kata.grading.workers import ClusterError, Workers

# Dask keeps what it has sent, a thousand messages, and warns of tasks that are long, as all submissions may be.
_SETTINGS = {"distributed.admin.low-level-log-length": 10, "distributed.admin.large-graph-warning-threshold": "1GB"}
_ANSWER = 10.0  # seconds for the scheduler to answer
_LOOK = 2.0  # seconds between two looks at who is there
_FETCH = 60.0  # seconds for a result to arrive that a worker has
_TRIES = 3  # of a task, where all workers end that have it
_AHEAD = 2  # tasks that are handed out for each thread of the workers: one is worked on, one waits there


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
        self.handed_out = {}  # key of a future -> its _Task
        self.lost = {}  # key of a submission -> how often its workers ended
        self.waiting = deque()  # (key, text) of tasks that are read, and not handed out
        self.finished = queue.SimpleQueue()  # futures; None to stop

    def map(self, tasks):
        """Yield (key, result) of each task as it ends, as `Pool.map` does.

        Where a worker is lost, its tasks are done again by others.

        Raises:
            ClusterError: no worker can be used.
            OSError: the scheduler, or the last worker, is gone.
        """
        self._connect()
        before = signal.signal(signal.SIGINT, self._stop)
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
            signal.signal(signal.SIGINT, before)

    def _stop(self, number, frame):
        # Raised right here, a KeyboardInterrupt may hit the end of a future, and Python would ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)  # the next one stops at once
        self.finished.put(None)

    def _connect(self):
        try:
            # Where something else listens, such as Dask's dashboard, the Client itself waits for ever.
            asyncio.run(asyncio.wait_for(self._call(), 1.5 * _ANSWER))
            self.client = self.dask.Client(self.address, timeout=_ANSWER, set_as_default=False, name="kata-grade")
        except (OSError, ValueError) as error:
            why = str(error) or "what listens there is something else"
            raise ClusterError(f"no Dask scheduler answers at {self.address}: {why}") from None
        self.workers = Workers(self.client, self.address, self._prepare)

    async def _call(self):
        security = self.dask.Security().get_connection_args("client")
        connection = await self.dask.comm.connect(self.address, timeout=_ANSWER, **security)
        await connection.close()

    def _hand_out(self):
        places = self.workers.places()
        while self.waiting and len(self.handed_out) < _AHEAD * sum(self.workers.threads.values()):
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

    def _look(self):
        """Look who is there, and give the tasks of those who are gone to others."""
        self.looked = time.monotonic()
        self.workers.look()
        places = self.workers.places()
        for key, task in list(self.handed_out.items()):
            if not task.places & places:  # Dask would wait for one of these to come back
                del self.handed_out[key]
                self._again(task, 1)

    def _prepare(self, address):
        return self._submit([address], remote.prepare, self.run, self.settings, self.wanted)

    def _submit(self, places, function, *args):
        future = self.client.submit(function, *args, workers=sorted(places), pure=False)
        future.add_done_callback(self.finished.put)
        return future

    def _take(self, future):
        if future is None:
            raise KeyboardInterrupt
        if self.workers.answered(future):
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
                self.workers.refuse(address, why)
            else:  # the process at this address is another one now
                self.workers.forget(address)
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

    def _leave(self):
        if self.client.status == "running":
            with suppress(Exception):  # what is left there ends by itself
                self.client.run(remote.dismiss, self.run, workers=sorted(self.workers.places()), on_error="ignore")
        self.client.close()
