"""The seam between the grader and those who do its work, here or on other machines: tasks in, outcomes out."""

import queue
import re
import signal
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from pebble import ProcessExpired

from kata.grading.judging import Task, judge
from kata.reports import Marks

_LOOK = 0.5  # seconds between two looks at the workers
_TRIES = 2  # workers that may end at a task
Key = TypeVar("Key", bound=Hashable)
Ended = queue.SimpleQueue["Future[Any] | None"]  # futures that have ended; None for Ctrl-C


class GradingError(LookupError):
    """Why nothing can be graded, for the person at the command line."""


class Workers(Executor):
    """Those who judge: an Executor that says of them what `outcomes` wants to know; to be used in a `with`.

    Attributes:
        room: how many tasks they are to have at once; 0 while nobody is ready.
        died: exceptions of a future whose worker ended at the task, or was ended as it took too long. (A future that
            ended for a reason that has nothing to do with the task has a BrokenProcessPool.)
        look: see how they are, twice a second or more often. It raises OSError where they cannot go on, and
            GradingError where they never could.
    """

    room = 0
    died: tuple[type[BaseException], ...] = (ProcessExpired, TimeoutError, CancelledError)
    look: Callable[[], None]

    def read(self, tasks: dict[Key, Task]) -> Iterable[tuple[Key, Task | None]]:
        """(key, what is to be submitted) of some tasks; None where there is nothing to do."""
        return tasks.items()

    def judged(self, tasks: dict[Key, Task]) -> Iterator[tuple[Key, Marks | None]]:
        """Yield (key, marks) of each submission as its judging ends: see `outcomes`, and `Judge.judge`.

        Raises:
            OSError, GradingError: from `look`; KeyboardInterrupt: Ctrl-C, while it waited.
        """
        with _ctrl_c() as ended:
            yield from outcomes(self, judge, self.read(tasks), ended)


def outcomes(
    workers: Workers,
    function: Callable[[Task], Any],
    tasks: Iterable[tuple[Key, Task | None]],
    ended: Ended | None = None,
) -> Iterator[tuple[Key, Any]]:
    """Yield (key, what `function` returned) of each task as it ends; None for a task that is None.

    The workers have a few tasks at a time, so that the memory stays flat. A task whose worker ends or fails is tried
    once more; then the function is told that it is "refused", and why.
    """
    again, given = deque[tuple[Key, Task | None, int]](), dict[Future[Any], tuple[Key, Task, int]]()
    waiting, over, ended = ((key, task, 0) for key, task in tasks), False, ended or Ended()
    while True:
        workers.look()
        while (again or not over) and len(given) < workers.room:
            one = again.popleft() if again else next(waiting, None)
            if one is None:
                over = True
                break
            key, task, tries = one
            if task is None:
                yield key, None
                continue
            future = workers.submit(function, task)
            given[future] = key, task, tries
            future.add_done_callback(ended.put)
        if over and not given and not again:
            return
        try:
            done = ended.get(timeout=_LOOK)
        except queue.Empty:
            continue
        if done is None:
            raise KeyboardInterrupt
        key, task, tries = given.pop(done)
        error = CancelledError() if done.cancelled() else done.exception()
        if error is None:
            yield key, done.result()
            continue
        if not isinstance(error, BrokenProcessPool):
            tries += 1
            why = "the judge's own process ended twice in the middle of it"
            if not isinstance(error, workers.died):
                why = f"the judge failed twice: {type(error).__name__}: {error}{_place(error)}"
            if tries == 2 * _TRIES:
                raise OSError(0, f"{why}, and again without it")
            if tries == _TRIES:
                task = {"refused": why}
        again.append((key, task, tries))


def _place(error: BaseException) -> str:
    """Where in the kata it was raised, for whoever has to mend it: the last such line of its traceback."""
    text = "".join(traceback.format_exception(error))
    # At most one room deep: the checkout may have the package's name.
    found = re.findall(r'File ".*/(kata/(?:\w+/)?\w+\.py)", line (\d+)', text)
    return f" ({found[-1][0]}:{found[-1][1]})" if found else ""


@contextmanager
def _ctrl_c() -> Iterator[Ended]:
    """A queue in which Ctrl-C and SIGTERM put None, but where they are ignored.

    As a KeyboardInterrupt right where it comes it may hit the end of a future, where Python ignores it.
    """
    ended = Ended()
    with ExitStack() as before:

        def stop(number: int, frame: Any) -> None:
            before.close()  # the next one stops at once
            ended.put(None)

        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before.callback(signal.signal, number, signal.signal(number, stop))
        yield ended
