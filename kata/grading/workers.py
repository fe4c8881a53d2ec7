"""The seam between the grader and those who do its work, here or on other machines: tasks in, outcomes out."""

import queue
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import Any, TypeVar

from kata.grading.judging import Marks, Task, judge

_LOOK = 0.5  # seconds between two looks at the workers
Key = TypeVar("Key", bound=Hashable)


class Workers(Executor):
    """Those who judge: an Executor that says of them what `outcomes` wants to know; to be used in a `with`.

    Attributes:
        tries: how many workers may end at a task; gone: what has happened then, which begins a sentence.
        room: how many tasks they are to have at once; 0 while nobody is ready.
        look: see how they are, which is called twice a second or more often. It raises OSError where they cannot go
            on, and LookupError where they never could.
        deaths: how many tries a task has used up that came to an error; 0 where its worker ended for another reason.
            It raises OSError where they cannot go on.
    """

    tries: int
    gone: str
    room: Callable[[], int]
    look: Callable[[], None]
    deaths: Callable[[BaseException], int]

    def judged(self, tasks: dict[Key, Task]) -> Iterator[tuple[Key, Marks]]:
        """Yield (key, marks) of each submission as its judging ends: see `outcomes`, and `Judge.judge`."""
        return outcomes(self, judge, tasks.items())


def outcomes(
    workers: Workers, function: Callable[[Task], Any], tasks: Iterable[tuple[Key, Task]]
) -> Iterator[tuple[Key, Any]]:
    """Yield (key, what `function` returned) of each task as it ends.

    Args:
        workers: who are given a few tasks at a time, so that the memory stays flat.
        function: of one task, by the name that it has in its module.
        tasks: (key, task); one that is "same" is done already.

    A task whose worker ends is tried once more; then the function is told that it is "refused", and why.

    Raises:
        OSError, LookupError: the workers cannot go on; KeyboardInterrupt: Ctrl-C, while it waited.
    """
    tasks, over = iter(tasks), False
    again, tries, given = deque(), Counter(), {}
    with _ctrl_c(ended := queue.SimpleQueue()):
        while True:
            workers.look()
            while (again or not over) and len(given) < workers.room():
                try:
                    key, task = again.popleft() if again else next(tasks)
                except StopIteration:
                    over = True
                    break
                if "same" in task:
                    yield key, task
                    continue
                future = workers.submit(function, task)
                given[future] = key, task
                future.add_done_callback(ended.put)
            if over and not given and not again:
                return
            try:
                future = ended.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if future is None:
                raise KeyboardInterrupt
            key, task = given.pop(future)
            error = CancelledError() if future.cancelled() else future.exception()
            if error is None:
                yield key, future.result()
                continue
            tries[key] += workers.deaths(error)
            if tries[key] >= 2 * workers.tries:
                raise OSError(0, f"{workers.gone} one after the other")
            if tries[key] >= workers.tries:
                task = {"refused": f"{workers.gone} in the middle of it"}
            again.append((key, task))


@contextmanager
def _ctrl_c(ended: "queue.SimpleQueue[Future | None]") -> Iterator[None]:
    """Let Ctrl-C end the waiting for what has ended, and SIGTERM, but none of them that is ignored.

    As a KeyboardInterrupt right where it comes it may hit the end of a future, where Python ignores it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: Any) -> None:
        signal.signal(number, signal.default_int_handler)  # the next one stops at once
        ended.put(None)
        if callable(before[number]) and before[number] is not signal.default_int_handler:
            before[number](number, frame)  # somebody around this waits, too

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    try:
        for number in before:
            signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
