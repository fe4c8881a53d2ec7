"""The workers of a Dask cluster: who is there, who can judge, and who is refused."""

import sys
import time
from concurrent.futures import CancelledError

_PACKAGE = "multilabel-kata"
_HOW_TO_GET_IT = "this checkout has to be installed on all machines of the cluster"
_FETCH = 30.0  # seconds for an answer to arrive that a worker has given
_PATIENCE = 60.0  # seconds without a worker that can be used


class ClusterError(LookupError):
    """Why a cluster cannot grade, for the person at the command line."""


class Workers:
    """Knows the workers; they may come and go at any time.

    Args:
        client: Dask's, which is connected.
        address: of the scheduler, as it was given.
        prepare: function of a worker's address that returns a future of `remote.prepare` there.

    Attributes:
        threads: {address: threads}; 0 while a worker is asked, or where it is not used.
    """

    def __init__(self, client, address, prepare):
        self.client, self.address, self.prepare = client, address, prepare
        self.threads = {}
        self.asked = {}  # key of the future that prepares a worker -> (its address, its threads, the future)
        self.since, self.begun = time.monotonic(), False  # when a worker could be used; whether one ever could

    def places(self):
        """Return the addresses of those who judge."""
        return frozenset(address for address, threads in self.threads.items() if threads)

    def look(self):
        """Look who is there, and ask those who are new.

        Raises:
            ClusterError: nobody can be used.
            OSError: the scheduler is gone, or has been without a worker for long.
        """
        try:
            there = self.client.nthreads()
        except Exception:  # Dask raises what it likes
            raise OSError(0, f"the scheduler at {self.address} is gone") from None
        for address in set(self.threads) - set(there):
            if self.threads.pop(address):
                _say(f"{address} is gone: what it was doing is done again")
        self.asked = {key: asked for key, asked in self.asked.items() if asked[0] in there}
        new = set(there) - set(self.threads)
        without = self._without_the_kata() if new else ()
        for address in new:
            if address in without:
                self.refuse(address, f"there is no {_PACKAGE} there: {_HOW_TO_GET_IT}")
                continue
            self.threads[address] = 0
            future = self.prepare(address)
            self.asked[future.key] = (address, there[address], future)
        self._complain(there)

    def _without_the_kata(self):
        """The addresses of workers that could not even read a task, and would end at it."""
        found = self.client.get_versions(packages=[_PACKAGE])
        if not found["scheduler"]["packages"][_PACKAGE]:
            raise ClusterError(f"the scheduler at {self.address} has no {_PACKAGE}: {_HOW_TO_GET_IT}")
        return {address for address, one in found["workers"].items() if not one["packages"][_PACKAGE]}

    def answered(self, future):
        """Whether a future that is done was about a worker: then it is used from now on, or refused."""
        if future.key not in self.asked:
            return False
        address, threads, _ = self.asked.pop(future.key)
        try:
            why = future.result(timeout=_FETCH)
        except (CancelledError, TimeoutError):  # it ended right after its answer
            self.forget(address)
            return True
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
        if why:
            self.refuse(address, why)
        elif address in self.threads:
            self.threads[address] = threads
        return True

    def refuse(self, address, why):
        """Use a worker no longer, and say so."""
        self.threads[address] = 0
        _say(f"{address} is not used: {why}")

    def forget(self, address):
        """Ask a worker again."""
        self.threads.pop(address, None)

    def _complain(self, there):
        """Say so where nobody can be used, not now and not soon."""
        now = time.monotonic()
        if self.places():
            self.since, self.begun = now, True
        elif there and not self.asked and not self.begun:
            raise ClusterError(f"none of the {len(there)} workers of {self.address} can be used: see above")
        elif now - self.since > _PATIENCE:
            raise OSError(0, f"{self.address} has had no worker that can be used for {_PATIENCE:.0f} s")


def _say(text):
    start = "\r\x1b[K" if sys.stderr.isatty() else ""  # over the progress
    print(f"{start}kata: {text}", file=sys.stderr)
