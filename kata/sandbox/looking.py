"""The second step of a view: what was taken of an answer's results is looked at where none of its code has run.

The first step, in the answer's own process, may be forged. So the process here is started for one submission, behind
the same sandbox, without the answer's files; it gets what was taken, as data, and only now the files, images and
weights that it is looked at with.
"""

import os
import secrets
import shutil
import tempfile

from kata.checks import Call, TwoSteps, WireError, pack
from kata.sandbox.batches import Needs
from kata.sandbox.bubblewrap import Sandbox
from kata.sandbox.process import Ended, Process, TooLate
from kata.sandbox.replies import fill, line, repeats


class Looker:
    """Looks at what was taken of one answer's results.

    Args:
        sandbox: the Sandbox that starts the process, when it is needed first.

    Attributes:
        spent: seconds of the last look, as they count.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.process: Process | None = None
        self.spent = 0.0
        self.folder: str | None = None  # an answer's, with nothing in it

    def look(self, call: Call, needs: Needs, seconds: float, limit: float) -> str | None:
        """Replace what was taken, the value of a Call whose view is a TwoSteps, by what is seen of it.

        Args:
            needs: packages besides NumPy; seconds: how long a call may take, as the process counts it; limit: after
                how many the process is ended.

        Returns:
            Why nothing could be seen, in words; None where something was, or an exception was raised.

        Raises:
            SandboxError: no process can be started.
        """
        assert isinstance(call.view, TwoSteps)
        self.spent = 0.0
        process = self._start(needs)
        token = secrets.token_hex(16)
        request = {"function": call.function, "look": call.view, "taken": call.value, "args": call.args}
        looked = Call(call.function, call.args)
        try:
            process.send(pack(request | {"token": token, "seconds": seconds}), limit)
            reply = process.receive(limit)
            if not repeats(reply, token) or "reply" not in reply:
                raise WireError("it showed more than can be sent")
            fill(looked, reply["reply"])
        except (Ended, TooLate, WireError) as error:
            self.close()
            reason = line(str(error)) or "that did not end"
            return f"what {call.function} returned could not be looked at: {reason}"
        self.spent = process.allowance.spent()
        call.value, call.raised, call.fault = looked.value, looked.raised, looked.fault
        return None

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.end()
            self.process = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def _start(self, needs: Needs) -> Process:
        if self.process is None:
            self.folder = tempfile.mkdtemp(dir=self.sandbox.runtime.folder)
            os.chmod(self.folder, 0o755)  # the process becomes another user
            self.process = self.sandbox.start(self.folder, needs, second=True)
        return self.process
