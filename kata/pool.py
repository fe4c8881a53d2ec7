"""Worker processes (kata/worker.py) and the tasks that they share."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress

from kata.syllabus import ROOT

_TRIES = 2  # of a task, where a worker ends in the middle of it


class Pool:
    """Some workers.

    Args:
        settings: what each of them is told at its start.
        size: how many.
    """

    def __init__(self, settings, size):
        self.settings, self.size = settings, size
        # Longer than any submission takes that hangs wherever it can: then the judge itself does.
        self.patience = 600 + 100 * settings["seconds"]

    def map(self, tasks):
        """Yield (key, result) of each task as it ends.

        Args:
            tasks: {key: a task as plain data}.

        A worker that ends is replaced and its task is tried once more; then it is told that it cannot be judged.
        """
        waiting = deque(tasks)
        tries = dict.fromkeys(tasks, 0)
        selector = selectors.DefaultSelector()
        idle, workers = [], []
        try:
            for _ in range(min(self.size, len(tasks))):
                workers.append(self._start(selector))
            done = failed = 0
            while done < len(tasks):
                while idle and waiting:
                    worker = idle.pop()
                    worker.begin(waiting.popleft(), tasks)
                for worker in workers:
                    worker.end_if_stuck(self.patience)
                for ready, _ in selector.select(timeout=5):
                    worker = ready.data
                    for line in worker.lines():
                        if line is None:  # it has ended
                            selector.unregister(worker.output)
                            workers.remove(worker)
                            idle = [other for other in idle if other is not worker]
                            key = worker.end()
                            failed = 0 if worker.ready else failed + 1
                            if failed > _TRIES * self.size:
                                raise OSError(0, "the grader's workers do not start; see above")
                            workers.append(self._start(selector))
                            if key is None:
                                continue
                            tries[key] += 1
                            if tries[key] < _TRIES:
                                waiting.appendleft(key)
                            else:
                                workers[-1].begin_refused(key, tasks)
                        elif not worker.ready:
                            worker.ready = True
                            if worker.task is None:
                                idle.append(worker)
                        else:
                            key, worker.task = worker.task, None
                            idle.append(worker)
                            done += 1
                            yield key, json.loads(line)
        finally:
            for worker in workers:
                worker.end()
            selector.close()

    def _start(self, selector):
        worker = _Worker(self.settings)
        selector.register(worker.output, selectors.EVENT_READ, worker)
        return worker


class _Worker:
    def __init__(self, settings):
        environment = os.environ | {
            "PYTHONHASHSEED": str(settings["seed"] % 2**32),
            "PYTHONSAFEPATH": "1",
            # The reference computes where the answers do: a sandbox has no GPU.
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        command = [sys.executable, "-m", "kata.worker"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, env=environment, bufsize=0)
        self.output, self.buffer = self.process.stdout, b""
        self.task, self.ready = None, False
        self._send(settings)

    def end_if_stuck(self, seconds):
        if self.task is not None and time.monotonic() - self.since > seconds:
            self.process.kill()

    def begin(self, key, tasks):
        self.task, self.since = key, time.monotonic()
        self._send(tasks[key])

    def begin_refused(self, key, tasks):
        self.task, self.since = key, time.monotonic()
        self._send(tasks[key] | {"refused": "the judge's own process ended twice in the middle of it"})

    def lines(self):
        """The lines that have arrived whole; None at the end."""
        part = os.read(self.output.fileno(), 2**20)
        if not part:
            return [None]
        *whole, self.buffer = (self.buffer + part).split(b"\n")
        return whole

    def end(self):
        """End the process; returns the key of its task, where it had one."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.output.close()
        key, self.task = self.task, None
        return key

    def _send(self, message):
        with suppress(BrokenPipeError):  # its end arrives on its output
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
