"""A page that is served for a test by `kata open`, in a process of its own, and what a browser would ask of it."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.support import HANGS, replace_function, solution


@dataclass
class Served:
    """A page: the process that serves it, its clone and its memory, and its address without and with the token."""

    process: subprocess.Popen
    clone: Path
    state: Path
    lines: list[str]

    @property
    def whole(self):
        return next(line for line in self.lines if "http" in line).split()[-1]

    @property
    def address(self):
        return self.whole.partition("/?")[0]

    @property
    def token(self):
        return self.whole.partition("token=")[2]

    @property
    def stub(self):
        return self.clone / "exercises/02_activations/activations.py"

    def save_wrong(self):
        code = "def sigmoid(x):\n    return 1 / (1 + np.exp(x))\n"
        self.stub.write_text(replace_function("activations", "sigmoid", code), encoding="utf-8")

    def save_right(self):
        self.stub.write_text(solution("activations"), encoding="utf-8")

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        out = self.process.stdout.read()  # until it is over
        self.process.wait(120)
        return out

    def close(self):
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def start(checkout, state, *options, **environment):
    """Start `kata open` in a checkout and wait for its address: returns a Served."""
    command = [sys.executable, "-m", "kata", "open", *options]
    # Where benchmarks see that they run beside other tests, they time nothing.
    here = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    settings = here | {"PYTHONPATH": str(checkout), "KATA_STATE": str(state), "PYTHONUTF8": "1"} | environment
    process = subprocess.Popen(
        command, cwd=checkout, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if re.search(r"Ctrl-C ends it|open already", line):
            break
    served = Served(process, checkout, state, lines)
    assert any("http" in line for line in lines), served.end(signal.SIGKILL)
    return served


def ask(served, path, method="GET", body=None, **headers):
    """(status, headers, text) of a request; without a token but for what the headers give."""
    request = urllib.request.Request(served.address + path, method=method, data=body, headers=headers)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        with direct.open(request, timeout=HANGS) as reply:
            return reply.status, reply.headers, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None
