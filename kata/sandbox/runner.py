"""Running an answer's code in processes of its own: the calls of answers/loading.py's InProcess, at a safe distance.

What a process says of itself may be forged. So each request has a token that its one reply must repeat, every part of
a reply is checked for its type, and whoever ends its process, says more than it was asked or nothing that can be read
is not judged: that never earns a point. A value that was forged is a value like any other: right or wrong.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kata.answers import Answer
from kata.checks import Call, TwoSteps, View, WireError, pack
from kata.sandbox.batches import Batch, Needs, Plan
from kata.sandbox.bubblewrap import Sandbox
from kata.sandbox.looking import Looker
from kata.sandbox.process import Ended, Process, TooLate
from kata.sandbox.replies import fill, line, optional_text, repeats
from kata.syllabus import BY_FUNCTION, BY_TOPIC, EXERCISES

_GRACE = 1.0  # seconds for the process to end a call by itself, and say in which line
_PATIENCE = 3  # functions that may take all of their time; after that many that did not end, calls have a tenth of it
_HEADER = 128  # times as much as a byte of an array a byte of what else is in a reply takes to read
_MOST = {False: 2**25, True: 2**29}  # bytes of arrays, or as much else, of all replies for a function
# TensorFlow's error. From then on its allocator takes all that is left for itself, and other functions find nothing.
_EXHAUSTED = "ResourceExhaustedError"
_IN_ALL = {False: 2, True: 6}  # how many calls' time all calls of a function may take; True: TensorFlow's exercises


Answered = tuple[dict[str, Any] | None, str | None]  # a reply, or why there is none that counts


class Sandboxed:
    """Runs one answer's code.

    Args:
        sandbox: the Sandbox that starts the processes: one for the exercises with NumPy alone, one for the others.
        answer: the Answer: its folder, and what its files say without being run.
        seconds: how long a call may take: what is computed counts, see kata/answers/timelimit.py.

    Attributes:
        faults: {topic: why its file cannot be used}.
        unjudged: {function: why nothing can be said of it}.
        broken: {function: why it is not called any more}.
    """

    def __init__(self, sandbox: Sandbox, answer: Answer, seconds: float) -> None:
        self.sandbox, self.answer, self.seconds = sandbox, answer, seconds
        self.faults: dict[str, str] = {}
        self.unjudged = {name: why for topic, why in answer.unread.items() for name in BY_TOPIC[topic].points}
        self.broken: dict[str, str] = {}
        self.spent: dict[str, float] = {}  # what was asked for -> seconds that it took, as they count
        self.taken: dict[str, int] = {}  # what was asked for -> how much was to be read of its replies
        self.processes: dict[Needs, Process] = {}
        self.loaded: dict[Needs, set[str]] = {}  # the topics
        self.batches: dict[Needs, Batch] = {}  # what was sent ahead
        self.exhausted: dict[Needs, str] = {}  # the function that was told that there is no memory left
        self.endless = 0
        self.looker = Looker(sandbox)

    def call(self, function: str, args: tuple, kwargs: dict[str, Any], view: View | None = None) -> Call:
        """Call a function of the answer; every outcome is in the returned Call.

        Raises:
            SandboxError: no process can be started.
        """
        call = Call(function, args, kwargs, view)
        needs = _needs(BY_FUNCTION[function].topic)
        if self.exhausted.get(needs, function) != function:
            self._end(needs)
        call.fault = self._obstacle(function, needs)
        if call.fault is not None:
            return call
        batch = self.batches.get(needs)
        if batch is not None and batch.knows(call):
            reply, call.fault = self._from(batch)
        else:
            self._finish(needs)
            taker = view.taker() if isinstance(view, TwoSteps) else view
            request = {"function": function, "args": args, "kwargs": kwargs, "view": taker}
            message, call.fault = self._ask(needs, function, request, [function])
            reply = message and message.get("reply")
        if call.fault is None:
            self._read(reply, call, needs)
        if needs and call.raised is not None and call.raised.kind == _EXHAUSTED:
            self.exhausted[needs] = function
        if isinstance(view, TwoSteps) and call.fault is None and call.raised is None:
            self._look(call, needs)
        return call

    def _look(self, call: Call, needs: Needs) -> None:
        function, limit = call.function, self._limit([call.function])
        left = _IN_ALL[bool(needs)] * limit - self.spent.get(function, 0)
        if left <= 0:
            call.fault = self._too_late(needs, function, [function], in_all=True)
            return
        reason = self.looker.look(call, needs, self._limit(), min(limit, left) + _GRACE)
        self.spent[function] = self.spent.get(function, 0) + self.looker.spent
        if reason is not None:
            self.broken[function] = call.fault = reason  # and no further process is started for it

    def expect(self, plan: Plan) -> None:
        """Send all calls of a Plan now: the suites will make them, one after the other."""
        needs = _needs(BY_FUNCTION[plan.function].topic)
        self._finish(needs)
        if plan.calls and self._obstacle(plan.function, needs) is None:
            self.batches[needs] = batch = Batch(plan, needs)
            request = {"batch": plan.function}
            batch.token, batch.fault = self._send(needs, plan.function, request, [plan.function], plan.packed)

    def begin(self, test: str) -> None:
        """The test with this name is about to run."""
        for batch in self.batches.values():
            batch.begin(test)

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """What is called within this leaves no trace in what is known of the answer but that its processes go on."""
        known = [each.copy() for each in self._known()], self.endless
        try:
            yield
        finally:
            (self.faults, self.unjudged, self.broken, self.spent, self.taken), self.endless = known

    def _known(self) -> tuple[dict[str, Any], ...]:
        return self.faults, self.unjudged, self.broken, self.spent, self.taken

    def close(self) -> None:
        """End all processes."""
        for needs in list(self.processes):
            self._end(needs)
        self.looker.close()

    def _obstacle(self, function: str, needs: Needs) -> str | None:
        """Why a function cannot be called at all; None where its file is loaded."""
        topic = BY_FUNCTION[function].topic
        source = self.answer.source(topic)
        own = source.faults.get(function) if source is not None else None
        if topic in self.loaded.get(needs, ()) and function not in self.unjudged and function not in self.broken:
            return self.faults.get(topic) or own
        if source is not None and source.fault:
            self.faults.setdefault(topic, f"{source.path.name}, {source.fault}")
        fault = self.unjudged.get(function) or self.broken.get(function) or self.faults.get(topic)
        fault = fault or own
        if fault is None and topic not in self.loaded.get(needs, ()):
            self._finish(needs)
            fault = self._load(topic, needs)
        return fault

    def _load(self, topic: str, needs: Needs) -> str | None:
        functions, source = list(BY_TOPIC[topic].points), self.answer.source(topic)
        what = f"importing {source.path.name if source else topic}"
        message, fault = self._ask(needs, what, {"load": topic}, functions)
        if message is not None:
            try:
                fault = optional_text(message["fault"])
                self.loaded.setdefault(needs, set()).add(topic)
            except (WireError, KeyError):
                fault = self._give_up(needs, what, functions, "it sent what is no reply")
            self.endless += bool(fault and "did not end" in fault)
        if fault is not None:
            self.faults[topic] = fault
        return fault

    def _ask(self, needs: Needs, what: str, request: dict[str, Any], functions: Sequence[str]) -> Answered:
        """Return (reply, None), or (None, fault) where there is none that counts."""
        token, fault = self._send(needs, what, request, functions)
        return self._receive(needs, what, token, functions) if fault is None else (None, fault)

    def _send(
        self, needs: Needs, what: str, request: dict[str, Any], functions: Sequence[str], more: bytes = b""
    ) -> tuple[str | None, str | None]:
        """Return (token of the request, None), or (None, fault)."""
        token = secrets.token_hex(16)
        if needs not in self.processes:
            self.processes[needs] = self.sandbox.start(self.answer.folder, needs)
        process = self.processes[needs]
        try:
            if not process.silent():
                raise WireError("it spoke before it was asked")
            process.send(pack(request | {"token": token, "seconds": self._limit()}) + more, self._limit() + _GRACE)
        except TooLate:
            return None, self._too_late(needs, what, functions)
        except (Ended, WireError) as error:
            return None, self._give_up(needs, what, functions, str(error))
        return token, None

    def _receive(self, needs: Needs, what: str, token: str | None, functions: Sequence[str]) -> Answered:
        process, limit = self.processes[needs], self._limit(functions)
        left = _IN_ALL[bool(needs)] * limit - self.spent.get(what, 0)
        try:
            if left <= 0:
                raise TooLate
            reply = process.receive(min(limit, left) + _GRACE)
            if not repeats(reply, token):
                raise WireError("it answered another question")
        except TooLate:
            return None, self._too_late(needs, what, functions, in_all=left < limit)
        except (Ended, WireError) as error:
            return None, self._give_up(needs, what, functions, str(error))
        finally:
            self.spent[what] = self.spent.get(what, 0) + process.allowance.spent()
        header, body = process.length
        self.taken[what] = self.taken.get(what, 0) + _HEADER * header + body
        if "large" in reply or self.taken[what] > _MOST[bool(needs)]:
            self._end(needs)
            self.broken |= dict.fromkeys(functions, f"{what} returned more than can be sent")
            return None, self.broken[functions[0]]
        return reply, None

    def _from(self, batch: Batch) -> tuple[Any, str | None]:
        """The next reply to a batch: (reply, None) or (None, fault)."""
        function = batch.plan.function
        while batch.fault is None and not batch.has_next() and not batch.stopped:
            message, batch.fault = self._receive(batch.needs, function, batch.token, [function])
            if message is not None and not batch.take(message.get("replies")):
                batch.fault = self._give_up(batch.needs, function, [function], "it sent more than it was asked")
        return (batch.next(), None) if batch.has_next() else (None, batch.fault or f"{function} is not called again")

    def _finish(self, needs: Needs) -> None:
        """Read the rest of what was asked for, so that the next reply is to the next request."""
        batch = self.batches.pop(needs, None)
        if batch is not None:
            batch.begin(None)
            while batch.fault is None and not batch.over():
                self._from(batch)

    def _limit(self, functions: Sequence[str] = ()) -> float:
        """Seconds for a call; for one of the functions, whose calls may train models, as the child counts them."""
        seconds = self.seconds if self.endless < _PATIENCE else self.seconds / 10
        return seconds * max((BY_FUNCTION[name].patience for name in functions), default=1)

    def _too_late(self, needs: Needs, what: str, functions: Sequence[str], in_all: bool = False) -> str:
        limit = self._limit(functions)
        self._end(needs)
        self.endless += 1
        if in_all:
            limit *= _IN_ALL[bool(needs)]
            return f"{what} did not end within {limit:g} s for all checks together: does a loop never end?"
        return f"{what} did not end within {limit:g} s: does a loop never end?"

    def _give_up(self, needs: Needs, what: str, functions: Sequence[str], reason: str) -> str:
        self._end(needs)
        fault = f"{what} could not be judged: {line(reason)}"
        self.unjudged |= dict.fromkeys(functions, fault)
        return fault

    def _end(self, needs: Needs) -> None:
        self.loaded.pop(needs, None)
        self.batches.pop(needs, None)
        self.exhausted.pop(needs, None)
        if process := self.processes.pop(needs, None):
            process.end()

    def _read(self, reply: Any, call: Call, needs: Needs) -> None:
        try:
            fill(call, reply)
        except WireError as error:
            call.fault = self._give_up(needs, call.function, [call.function], str(error))
            return
        self.endless += bool(call.fault and "did not end" in call.fault)


def _needs(topic: str) -> Needs:
    if not BY_TOPIC[topic].needs:
        return ()
    # One process for all exercises that need more than NumPy: TensorFlow takes seconds to import.
    return tuple(dict.fromkeys(name for exercise in EXERCISES for name in exercise.needs))
