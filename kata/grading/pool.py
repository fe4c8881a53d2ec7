"""Worker processes (kata/grading/worker.py) and the tasks that they share."""

import json
import os
import select
import selectors
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress

from kata.syllabus import ROOT

TRIES = 2  # of a task, where a worker ends in the middle of it


class Pool:
    """Some workers.

    Args:
        settings: what each of them is told at its start.
        size: how many.
    """

    def __init__(self, settings, size):
        self.settings, self.size = settings, size
        self.patience = patience(settings)

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
                            if failed > TRIES * self.size:
                                raise OSError(0, "the grader's workers do not start; see above")
                            workers.append(self._start(selector))
                            if key is None:
                                continue
                            tries[key] += 1
                            if tries[key] < TRIES:
                                waiting.appendleft(key)
                            else:
                                workers[-1].begin(key, {key: refused(tasks[key])})
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
        worker = WorkerProcess(self.settings)
        selector.register(worker.output, selectors.EVENT_READ, worker)
        return worker


def patience(settings):
    """Seconds that no submission takes, even if it hangs wherever it can: then the judge itself does."""
    return 600 + 100 * settings["seconds"]


def refused(task, whose="the judge's own process ended twice"):
    """The task of saying that a submission cannot be judged, as it has ended too many workers."""
    return task | {"refused": f"{whose} in the middle of it"}


class WorkerProcess:
    """A process that judges: it is told a task, and says what came of it, one at a time."""

    def __init__(self, settings):
        environment = os.environ | {
            "PYTHONHASHSEED": str(settings["seed"] % 2**32),
            "PYTHONSAFEPATH": "1",
            # The reference computes where the answers do: a sandbox has no GPU.
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        command = [sys.executable, "-m", "kata.grading.worker"]
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

    def ask(self, task, seconds):
        """Give it a task and wait; returns the line that comes of it, None where it ends or takes longer."""
        self._send(task)
        end = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self.output, select.POLLIN)
        while poll.poll(max(0, end - time.monotonic()) * 1000):
            for line in self.lines():
                if line is None or self.ready:
                    return line
                self.ready = True
        return None

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
