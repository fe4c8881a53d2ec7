"""Calls that are sent to a process all at once: what the suites are going to ask is known, and a reply takes time."""

from typing import Any

from kata.checks import Call, View, pack, same_data

Needs = tuple[str, ...]  # the packages of a process besides NumPy
Arguments = tuple[tuple, dict[str, Any], View | None]  # of one call: args, kwargs and the view of its result


class Plan:
    """The calls that a function's tests make.

    Attributes:
        function: whose; calls: {name of a test: what it calls the function with}; packed: the calls as a message.
    """

    def __init__(self, function: str, calls: dict[str, list[Arguments]]) -> None:
        self.function, self.calls = function, calls
        self.packed = pack({"tests": list(calls.values())})


class Batch:
    """A Plan that was sent, and the replies to it as far as they have arrived.

    Args:
        plan: the Plan.
        needs: the packages of the process that it was sent to.

    Attributes:
        token: of the request; fault: why no more replies come, in words.
        stopped: whether a call did not end, after which the process calls the rest no more.
    """

    def __init__(self, plan: Plan, needs: Needs) -> None:
        self.plan, self.needs = plan, needs
        self.token: str | None = None
        self.fault: str | None = None
        self.starts: dict[str | None, int] = {}
        self.calls: list[Arguments] = []
        for test, calls in plan.calls.items():
            self.starts[test] = len(self.calls)
            self.calls += calls
        self.replies: list[Any] = []
        self.place, self.stopped = 0, False

    def begin(self, test: str | None) -> None:
        """The test with this name is about to run; None: no further one of this batch is."""
        self.place = self.starts.get(test, len(self.calls))

    def knows(self, call: Call) -> bool:
        """Whether the next of its calls is this one."""
        if self.place >= len(self.calls) or call.function != self.plan.function:
            return False
        args, kwargs, view = self.calls[self.place]
        return same_data((call.args, list(call.kwargs.items()), call.view), (args, list(kwargs.items()), view))

    def over(self) -> bool:
        """Whether no further reply comes."""
        return self.stopped or len(self.replies) >= len(self.calls)

    def has_next(self) -> bool:
        """Whether the reply to the next call has arrived."""
        return self.place < len(self.replies)

    def next(self) -> Any:
        """The reply to the next call, as the process sent it."""
        self.place += 1
        return self.replies[self.place - 1]

    def take(self, replies: Any) -> bool:
        """Take what a message holds; False where that is not what was asked for."""
        if type(replies) is not list or not 0 < len(replies) <= len(self.calls) - len(self.replies) or self.stopped:
            return False
        self.replies += replies
        last = replies[-1]
        fault = last[0] if type(last) is list and last else None
        self.stopped = type(fault) is str and "did not end" in fault
        return True
