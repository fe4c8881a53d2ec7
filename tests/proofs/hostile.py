"""Hostile submissions: what each tries, and what must come of it.

Most are an activations.py in which linear and softmax are right (5 of 8 points) and sigmoid is not; what stands in
`before` runs when the file is imported, `sigmoid` is the function's body. Texts between @ and @ are replaced by what
`known` returns: @solutions@ and @submissions@ are folders, @port@ a port on which somebody listens.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kata.answers.answer import Reference
from kata.grading.suites import Suites
from kata.syllabus import BY_FUNCTION, ROOT
from tests.support import notebook_of, solution

RIGHT = """
def linear(x):
    return x


def softmax(x, axis=-1):
    z = x - np.max(x, axis=axis, keepdims=True, initial=np.finfo(np.float32).min)
    e = np.exp(z)
    return e / np.sum(e, axis=axis, keepdims=True)
"""
SIGMOID = """
def right_sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, np.ones_like(e), e) / (1 + e)
"""


KNOWS, TELLS = "what it knows of the run", "what comes out of random inputs"
UNEARNED, COSTS = "points for what was not computed", "what it costs the judge"
KINDS = (KNOWS, TELLS, UNEARNED, COSTS, "harm, forgery, odd files")


@dataclass
class Hostile:
    """One submission.

    Attributes:
        tries: what it tries.
        points: what it gets, at most: what it earned.
        says: what its report must say; never: what it must not say.
        before, sigmoid: of its activations.py, as above.
        files: {path: text} in the place of that, or beside it.
        least: what it gets at least, where others of its functions are right.
        kind: one of KINDS.
    """

    tries: str
    says: str = ""
    points: int = 5
    before: str = ""
    sigmoid: str = "return x"
    files: dict = field(default_factory=dict)
    least: int = 5
    never: str = "LEAKED"
    kind: str = "harm, forgery, odd files"

    def all_files(self, known):
        """{path: text}, with what is known in the places of the texts between @ and @."""
        files = {}
        for path, text in self._files().items():
            for word, value in known.items():
                text = text.replace(word, value)
            files[path] = text
        return files

    def _files(self):
        body = "".join(f"    {line}\n" for line in self.sigmoid.splitlines())
        text = f"import numpy as np\n{self.before}\n{RIGHT}\n{SIGMOID}\ndef sigmoid(x):\n{body}"
        if "activations.ipynb" in self.files:
            return self.files
        return {"activations.py": text, **self.files}


def known(submissions, port):
    """{a text between @ and @: what stands in its place}."""
    return {
        "@solutions@": str(ROOT / "solutions"),
        "@submissions@": str(submissions),
        "@packages@": str(Path(np.__file__).parent.parent),
        "@literal@": str(literal_calls("sigmoid")),
        "@port@": str(port),
    }


def literal_calls(function):
    """How often a function is called before its random inputs."""
    suites = Suites([BY_FUNCTION[function]], Reference())
    return sum(map(len, suites.literal.plan(function).calls.values()))


def notebook(*cells, sigmoid="return x", **metadata):
    """The files of a submission that is a notebook with these cells between those that earn 5 of 8 points."""
    wrong = f"def sigmoid(x):\n    {sigmoid}"
    return {"activations.ipynb": notebook_of("import numpy as np", RIGHT, *cells, wrong, **metadata)}


# Characters that are signs, and of which nobody sees anything.
UNSEEN = (
    "\N{VARIATION SELECTOR-16}\N{MONGOLIAN FREE VARIATION SELECTOR ONE}\N{VARIATION SELECTOR-17}"
    "\N{KHITAN SMALL SCRIPT FILLER}\N{MUSICAL SYMBOL NULL NOTEHEAD}"
)
UNJUDGED = "sigmoid could not be judged: "
# Looks for something, and reports in an exception's text what it found.
SEARCH = """
def look(search):
    try:
        found = search()
    except BaseException as error:
        found = None
    return f"LEAKED {str(found)[:200]}" if found else "nothing found"
"""
REPLIES = """
import os, sys, struct, json
def channel():
    # The highest descriptor that can be written to and is no file of ours: the judge's pipe.
    import stat
    found = []
    for number in range(3, 64):
        try:
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                found.append(number)
        except OSError:
            pass
    return found[-1]
def token():
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if isinstance(value, dict) and "token" in value:
                return value["token"]
        frame = frame.f_back
"""

HOSTILE = {
    # Patching what a comparison may use
    "patched numpy": Hostile(
        "numpy's comparisons always agree",
        "returned  ",
        before="np.testing.assert_allclose = lambda *a, **k: None\n"
        "np.allclose = np.array_equal = lambda *a, **k: True\nnp.isclose = lambda a, *r, **k: np.ones_like(a, bool)",
    ),
    "patched pytest": Hostile(
        "pytest's approx agrees", "No module named 'pytest'", 0, "exec('import pytest')", least=0
    ),
    "patched builtins": Hostile(
        "abs and all agree", before="import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.all = lambda x: True"
    ),
    "patched sys.modules": Hostile(
        "puts a check of its own in the place of the kata's",
        before="import sys, types\nfake = types.ModuleType('kata.checks.comparison')\nfake.check = lambda *a, **k: None\n"
        "sys.modules['kata.checks.comparison'] = sys.modules['kata.judge.outcomes'] = sys.modules['pytest'] = fake",
    ),
    "patched child": Hostile(
        "the code that reports of it reports what it likes",
        "returned  ",
        before="exec('import kata.sandbox.child, kata.answers.loading, kata.checks.calls')\nkata.answers.loading.same_data = lambda *a: True\n"
        "kata.checks.calls.same_data = lambda *a: True",
    ),
    "patched wire": Hostile(
        "what is sent is made by it",
        "could not be judged: a message of",
        0,
        before="exec('import kata.checks.wire')\nkata.checks.wire.pack = lambda message: b'x' * 40",
        least=0,
    ),
    # Looking for expected values
    "frame peeking": Hostile(
        "finds the expected value in the caller's frame",
        "nothing found",
        before="import sys" + SEARCH + "def search():\n    frame = sys._getframe()\n    while frame:\n"
        "        if 'expected' in frame.f_locals:\n            return frame.f_locals['expected']\n"
        "        frame = frame.f_back\n",
        sigmoid="raise ValueError(look(search))",
    ),
    "gc peeking": Hostile(
        "finds the expected value among all objects",
        "nothing found",
        before="import gc"
        + SEARCH
        + "def search():\n    return [o for o in gc.get_objects() if isinstance(o, dict)\n"
        "            and ('expected' in o or 'reference' in o)]\n",
        sigmoid="raise ValueError(look(search))",
    ),
    "traceback peeking": Hostile(
        "finds the expected value in a traceback's frames",
        "nothing found",
        before="import sys"
        + SEARCH
        + "def search():\n    try:\n        1 / 0\n    except ZeroDivisionError as error:\n"
        "        frame = error.__traceback__.tb_frame\n    while frame:\n"
        "        if any(name in frame.f_code.co_filename for name in ('test_', 'check.py')):\n            return frame\n"
        "        frame = frame.f_back\n",
        sigmoid="raise ValueError(look(search))",
    ),
    # Values that lie
    "equal to everything": Hostile(
        "an object that equals everything",
        "returned  a Yes, a Yes",
        sigmoid="class Yes:\n    __eq__ = __ge__ = __le__ = lambda *a: True\n    __abs__ = lambda s: 0\n"
        "    __repr__ = lambda s: 'a Yes'\n    __sub__ = __rsub__ = lambda *a: 0\nreturn Yes()",
    ),
    "array subclass": Hostile(
        "an array whose comparisons agree",
        "a Sly",
        sigmoid="class Sly(np.ndarray):\n    __eq__ = lambda *a: True\n    __array_ufunc__ = lambda *a, **k: True\n"
        "return np.asarray(x).view(Sly)",
    ),
    "array on request": Hostile(
        "an object that becomes an array when asked",
        "a Sly",
        sigmoid="class Sly:\n    def __array__(self, *a, **k):\n        return right_sigmoid(x)\nreturn Sly()",
    ),
    "class that lies": Hostile(
        "an object that says it is an array",
        "a Sly",
        sigmoid="class Sly:\n    __class__ = np.ndarray\n    shape, dtype, size, ndim = x.shape, x.dtype, x.size, x.ndim\n"
        "    def tobytes(self):\n        return right_sigmoid(x).tobytes()\nreturn Sly()",
    ),
    "reduce bomb": Hostile(
        "runs a command where it is unpickled",
        "a Bomb",
        sigmoid="import os\nclass Bomb:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/pwned',)\n"
        "return Bomb()",
    ),
    "object array": Hostile("an array of objects", "object array", sigmoid="return x.astype(object)"),
    "endless repr": Hostile(
        "an object whose text never ends",
        "did not end",
        sigmoid="class Long:\n    def __repr__(self):\n        while True: pass\nreturn Long()",
    ),
    "huge repr": Hostile(
        "an object whose text is huge", "xxx", sigmoid="class L:\n    __repr__ = lambda s: 'x' * 10**7\nreturn L()"
    ),
    "list in itself": Hostile("a list that holds itself", "a list", sigmoid="a = []\na.append(a)\nreturn a"),
    "deep list": Hostile(
        "a list in a list in a list ...", "a list", sigmoid="a = []\nfor _ in range(10**4): a = [a]\nreturn a"
    ),
    "long list": Hostile("a list with a million entries", sigmoid="return [0.5] * 10**6"),
    "gigabyte of zeros": Hostile("a reply of a gigabyte", "raised    ", sigmoid="return np.zeros(2**28)"),
    "many megabytes": Hostile(
        "a reply of 200 megabytes", "returned more than can be sent", sigmoid="return np.zeros(25 * 2**20)"
    ),
    "huge message": Hostile("an exception with a long text", sigmoid="raise ValueError('x' * 10**7)"),
    "endless message": Hostile(
        "an exception whose text never ends",
        "did not end",
        sigmoid="class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
    ),
    "markup": Hostile(
        "its text is taken for a part of the report",
        sigmoid="raise ValueError('```\\n# 100 of 100 points: passed\\n<script>alert(1)</script>\\x1b[2J]]>\\x00')",
    ),
    # The pipe
    "forged reply": Hostile(
        "answers in the place of the real reply",
        UNJUDGED,
        before=REPLIES,
        sigmoid="exec('from kata.checks.wire import pack', globals())\nreply = [None, right_sigmoid(x), None, [], []]\n"
        "os.write(channel(), pack({'token': token(), 'replies': [reply] * 500}))\nreturn x",
    ),
    "extra replies": Hostile(
        "replies that nobody asked for",
        "could not be judged: it ",
        0,
        before=REPLIES + "exec('from kata.checks.wire import pack')\n"
        "os.write(channel(), pack({'token': 'x' * 32, 'fault': None}))\n",
        least=0,
    ),
    "half reply": Hostile(
        "half a reply, then nothing",
        "did not end",
        before=REPLIES,
        sigmoid="os.write(channel(), b'\\0\\0\\1\\0')\nimport time\ntime.sleep(99)",
    ),
    "half reply and exit": Hostile(
        "half a reply, then the end",
        UNJUDGED,
        before=REPLIES,
        sigmoid="os.write(channel(), b'\\0\\0\\1\\0')\nos._exit(0)",
    ),
    "announced gigabyte": Hostile(
        "announces four gigabytes",
        UNJUDGED + "a message of",
        before=REPLIES,
        sigmoid="os.write(channel(), b'\\xff' * 8)\nos._exit(0)",
    ),
    "flooded pipe": Hostile(
        "writes without end", "sigmoid ", before=REPLIES, sigmoid="while True: os.write(channel(), b'\\0' * 65536)"
    ),
    "closed pipe": Hostile(
        "closes all pipes", UNJUDGED, before=REPLIES, sigmoid="os.closerange(0, 64)\nimport time\ntime.sleep(99)"
    ),
    # Ends
    "exit": Hostile(
        "ends the process in success", UNJUDGED + "it ended with status 0", sigmoid="import os\nos._exit(0)"
    ),
    "exit on import": Hostile(
        "ends the process when it is imported",
        "importing activations.py could not be judged: it ended with status 0",
        0,
        "import os\nos._exit(0)",
        least=0,
    ),
    "sys.exit": Hostile("leaves", "raised    SystemExit: 0", sigmoid="import sys\nsys.exit(0)"),
    "kills itself": Hostile(
        "SIGKILL to itself", UNJUDGED + "it was ended by SIGKILL", sigmoid="import os\nos.kill(os.getpid(), 9)"
    ),
    "kills its parent": Hostile(
        "SIGKILL to its parent, and to everybody",
        sigmoid="import os\nos.kill(os.getppid(), 9)\ntry:\n    os.kill(-1, 9)\nexcept OSError:\n    pass\nreturn x",
    ),
    "KeyboardInterrupt": Hostile(
        "stops the grader", "raised    KeyboardInterrupt", sigmoid="raise KeyboardInterrupt"
    ),
    "SIGINT": Hostile("a Ctrl-C of its own", UNJUDGED, sigmoid="import os\nos.kill(os.getpid(), 2)"),
    "segmentation fault": Hostile(
        "reads address 0", UNJUDGED + "it was ended by SIGSEGV", sigmoid="import ctypes\nctypes.string_at(0)"
    ),
    "recursion": Hostile("calls itself without end", "raised    RecursionError", sigmoid="return sigmoid(x)"),
    "stack overflow": Hostile(
        "overflows C's stack",
        "sigmoid: 0 of 3 points",  # 3.13 raises RecursionError in time, earlier ones end the process
        before="import sys\nsys.setrecursionlimit(10**9)\nclass Deep:\n    def __getattr__(self, name):\n"
        "        return getattr(self, name + 'x')\n",
        sigmoid="return Deep().x",
    ),
    # No end
    "endless loop": Hostile("a loop in Python", "did not end within 1 s", sigmoid="while True: pass"),
    "endless loop in C": Hostile(
        "a loop in C", "did not end within 1 s", sigmoid="import itertools\nsum(itertools.repeat(0))"
    ),
    "loop without alarm": Hostile(
        "takes the alarm away first",
        "did not end within 1 s",
        sigmoid="import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    try:\n        pass\n"
        "    except BaseException:\n        pass",
    ),
    "slow": Hostile(
        "takes nearly as long as it may, each time",
        "did not end within 2 s for all checks together",
        sigmoid="import time\nend = time.process_time() + 0.8\nwhile time.process_time() < end: pass\n"
        "return right_sigmoid(x)",
    ),
    "sleepy": Hostile(
        "sleeps nearly as long as it may, each time",
        "did not end within 2 s for all checks together",
        sigmoid="import time\ntime.sleep(3.2)\nreturn right_sigmoid(x)",
    ),
    "computes elsewhere": Hostile(
        "waits for a process that computes",
        "No such file or directory",  # as where there is no program to start
        sigmoid="import os\nif os.fork() == 0:\n    while True: pass\nos.wait()",
    ),
    "sleep": Hostile("sleeps", "did not end within 1 s", sigmoid="import time\ntime.sleep(10**6)"),
    "endless import": Hostile("is imported without end", "did not end within 1 s", 0, "while True: pass", least=0),
    "three endless": Hostile(
        "every function loops",
        "did not end within",
        0,
        files={
            "activations.py": "".join(
                f"def {name}(*a, **k):\n    while True: pass\n" for name in ("linear", "sigmoid", "softmax")
            )
        },
        least=0,
    ),
    # Too much
    "fork bomb": Hostile(
        "processes without number",
        sigmoid="import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        least=0,
    ),
    "threads": Hostile(
        "threads without number",
        "can't start new thread",
        sigmoid="import threading, time\nfor _ in range(1000): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    ),
    "memory bomb": Hostile("all memory", "sigmoid", sigmoid="a = [bytearray(2**26) for _ in range(1000)]\nreturn x"),
    "shared memory": Hostile(
        "memory that belongs to no process",
        "nothing found",
        before="import ctypes" + SEARCH + "def search():\n    libc = ctypes.CDLL(None)\n"
        "    return [i for i in range(9) if libc.shmget(0, 2**28, 0o1600) >= 0]\n",
        sigmoid="raise ValueError(look(search))",
    ),
    "full disk": Hostile(
        "fills the disk",
        "No space left on device",
        sigmoid="for n in range(100):\n    with open(f'/tmp/{n}', 'wb') as f:\n        f.write(b'0' * 2**20)\nreturn x",
    ),
    "large file": Hostile(
        "one large file",
        "File too large",
        sigmoid="with open('/tmp/large', 'wb') as f:\n    f.truncate(2**40)\nreturn x",
    ),
    "open files": Hostile(
        "all file descriptors",
        "Too many open files",
        sigmoid="a = [open('/dev/null') for _ in range(10**5)]\nreturn x",
    ),
    "output flood": Hostile(
        "prints a gigabyte, and '100 passed'",
        sigmoid="import sys\nfor _ in range(10**2): print('100 passed' * 10**5)\nsys.stderr.write('100 passed')\nreturn x",
        never="100 passed",
    ),
    "daemon": Hostile(
        "a process that survives",
        sigmoid="import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(98765)\n"
        "    os._exit(0)\nreturn x",
        least=0,  # where a fork fails, its copy answers for it
    ),
    "raises its limits": Hostile(
        "raises its limits",
        "nothing found",
        before="import resource" + SEARCH + "def search():\n"
        "    resource.setrlimit(resource.RLIMIT_NPROC, (99999, 99999))\n    return 'raised'\n",
        sigmoid="raise ValueError(look(search))",
    ),
    # Looking around
    "reads the solutions": Hostile(
        "reads the solutions",
        "nothing found",
        before=SEARCH,
        sigmoid="raise ValueError(look(lambda: open('@solutions@/02_activations/activations.py').read()))",
    ),
    "imports the solutions": Hostile(
        "imports the solutions",
        "No module named",
        0,
        "import sys\nsys.path[:0] = ['@solutions@', '@solutions@/02_activations']\nexec('import hints, solutions')",
        least=0,
    ),
    "reads another submission": Hostile(
        "reads another submission, and itself through its own path",
        "nothing found",
        before="import os" + SEARCH,
        sigmoid="raise ValueError(look(lambda: os.listdir('@submissions@')))",
    ),
    "reads the environment": Hostile(
        "reads the grader's environment",
        "nothing found",
        before="import os" + SEARCH,
        sigmoid="raise ValueError(look(lambda: os.environ.get('KATA_TEST_SECRET')\n"
        "    or [n for n in os.environ if 'KEY' in n or 'TOKEN' in n]))",
    ),
    "reads proc": Hostile(
        "reads other processes",
        "nothing found",
        before="import os" + SEARCH,
        sigmoid="raise ValueError(look(lambda: os.listdir('/proc')))",
    ),
    "looks around": Hostile(
        "finds a folder of somebody's",
        "nothing found",
        before="import os" + SEARCH,
        sigmoid="raise ValueError(look(lambda: [n for n in ('/home', '/etc/passwd', '/var', '/media', '/mnt', '/srv')\n"
        "    if os.path.exists(n)] + [n for p in ('/judge', '/answer', '/packages') for n in os.listdir(p)\n"
        "    if n not in ('kata', 'numpy', 'numpy.libs', '02_activations')]))",
    ),
    "writes outside": Hostile(
        "writes somewhere else",
        "nothing found",
        before="import os" + SEARCH + "def search():\n    found = []\n"
        "    for folder in ('/', '/judge/kata', '/answer/02_activations', '/packages/numpy', '/dev', '/usr', '@submissions@'):\n"
        "        try:\n            open(f'{folder}/written', 'w').close()\n            found.append(folder)\n"
        "        except OSError:\n            pass\n    return found\n",
        sigmoid="raise ValueError(look(search))",
    ),
    "the network": Hostile(
        "connects to a port of this machine, and elsewhere",
        "nothing found",
        before="import socket" + SEARCH,
        sigmoid="raise ValueError(look(lambda: socket.create_connection(('127.0.0.1', @port@), 1)))",
    ),
    "a namespace of its own": Hostile(
        "becomes root in a namespace of its own",
        "nothing found",
        before="import ctypes" + SEARCH,
        sigmoid="raise ValueError(look(lambda: ctypes.CDLL(None).unshare(0x10000000) == 0))",
    ),
    # Others' work
    "imports keras": Hostile("lets Keras do the work", "No module named 'keras'", 0, "exec('import keras')", least=0),
    "imports tensorflow": Hostile(
        "lets TensorFlow do the work", "No module named 'tensorflow'", 0, "exec('import tensorflow as tf')", least=0
    ),
    "imports scikit-learn": Hostile(
        "lets scikit-learn do the work", "No module named 'sklearn'", 0, "exec('import sklearn')", least=0
    ),
    "imports from elsewhere": Hostile(
        "adds this machine's packages to its path",
        "No module named 'keras'",
        0,
        "import sys\nsys.path += ['@packages@', '/usr/lib/python3/dist-packages']\nexec('import keras')",
        least=0,
    ),
    "imports the judge": Hostile(
        "takes the reference",
        "No module named 'kata.answers.answer'",
        0,
        "exec('import kata.answers.answer')",
        least=0,
    ),
    "stored answers": Hostile(
        "the tutorial's example by heart",
        "random logits as the solution has them",
        sigmoid="known = np.float32([[2.0611537e-09, 4.539787e-05, 4.719495e-20, 3.7266393e-06, 7.2812905e-33]])\n"
        "return known if x.shape == (1, 5) else np.full_like(x, 0.8807971)",
    ),
    "tells what it has seen": Hostile(
        "shows the random inputs in a later failure",
        before="seen = []",
        sigmoid="seen.append(x)\nif len(seen) > 25: raise ValueError('LEAKED', seen[20:])\nreturn right_sigmoid(x) * 1.5",
    ),
    # Files
    "configuration": Hostile(
        "configuration of pytest and Python that agrees with everything",
        "returned  ",
        files={
            "conftest.py": "import os\nos._exit(0)\n",
            "pytest.ini": "[pytest]\naddopts = -p no:kata\n",
            "sitecustomize.py": "import os\nos._exit(0)\n",
            "usercustomize.py": "import os\nos._exit(0)\n",
            "evil.pth": "import os; os._exit(0)\n",
            "numpy.py": "raise SystemExit\n",
            "kata/checks/comparison.py": "def check(*a, **k): pass\n",
            "02_activations/test_activations.py": "",
        },
    ),
    "huge file": Hostile(
        "a source of many megabytes", "has more than", 0, files={"activations.py": "x = 1\n" * 10**6}, least=0
    ),
    "deep source": Hostile(
        "a source that the parser chokes on",
        points=0,
        files={"activations.py": "x = " + "-" * 10**5 + "1\n"},
        least=0,
    ),
    "nested source": Hostile(
        "a source with a hundred thousand brackets",
        points=0,
        files={"activations.py": "x = " + "(" * 50_000 + ")" * 50_000 + "\n"},
        least=0,
    ),
    # Notebooks
    "deep notebook": Hostile(
        "JSON in JSON in JSON ...",
        "activations.ipynb, which is no notebook that can be read: RecursionError",
        0,
        files={"activations.ipynb": '{"a":' * 10**5},
        least=0,
    ),
    "notebook with a huge output": Hostile(
        "an output of many megabytes",
        "has more than 33,554,432 bytes: clear its outputs",
        0,
        files={"activations.ipynb": '{"a": "' + "x" * 2**25 + '"}'},
        least=0,
    ),
    "notebook with too much code": Hostile(
        "code of two megabytes in strings",
        "whose code has more than",
        0,
        files=notebook("x = 1\n" * 350_000),
        least=0,
    ),
    "notebook of the future": Hostile(
        "a format that there is not",
        "Unsupported nbformat version 99",
        0,
        files={"activations.ipynb": '{"nbformat": 99, "nbformat_minor": 5, "cells": []}'},
        least=0,
    ),
    "notebook that is none": Hostile(
        "cells that are no cells",
        "which is no notebook that can be read",
        0,
        files={"activations.ipynb": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7, null, []]}'},
        least=0,
    ),
    "odd notebook": Hostile(
        "metadata that choose a kernel, an exporter and a template, cells with one id, half of a character",
        "returned  ",
        files={
            "activations.ipynb": notebook(
                ["{{ 1 / 0 }}{% include '/etc/passwd' %}"],
                "x = '@half@'",
                kernelspec={"name": "bash", "language": "bash"},
                language_info={"name": "R", "nbconvert_exporter": "asciidoc", "version": float("nan")},
                nbconvert={"template": "/tmp/evil", "exporter": "os.system"},
                template_file="/tmp/evil.tpl",
            )["activations.ipynb"]
            .replace("cell-1", "cell-0")
            .replace("@half@", "\\ud800")
        },
    ),
    "notebook with commands": Hostile(
        "magics and calls that write a file",
        "returned  ",
        files=notebook(
            "!touch /tmp/pwned",
            "x = !touch /tmp/pwned",
            "%%writefile /tmp/pwned\nLEAKED",
            "%%bash\ntouch /tmp/pwned",
            "%system touch /tmp/pwned\n%run -i evil.py\n%load_ext evil",
            "get_ipython().system('touch /tmp/pwned')",
            "import os\nos.system('touch /tmp/pwned')\nos._exit(0)",
            "raise SystemExit\ninput()",
        ),
    ),
    "notebook with ten thousand commands": Hostile(
        "magics without end", "returned  ", files=notebook("%a\n" * 10**4, *["%a\n" * 150] * 20)
    ),
    "notebook that the parser chokes on": Hostile(
        "formulas of any depth",
        "returned  ",
        files=notebook("x = " + "-" * 40_000 + "1", "y = " + "(" * 40_000 + ")" * 40_000),
    ),
    "notebook that looks for nbconvert": Hostile(
        "uses what its conversion takes",
        "nothing found",
        files=notebook(SEARCH, sigmoid="raise ValueError(look(lambda: __import__('nbconvert')))"),
    ),
    "endless notebook": Hostile(
        "an assignment that calls nothing and does not end",
        "activations.ipynb did not end within 1 s of being imported",
        0,
        files=notebook("x = 0 in (1 for a in '1' * 9**6 for b in '1' * 9**6)"),
        least=0,
    ),
    "notebook that exits": Hostile(
        "a class that ends the process",
        "importing activations.ipynb could not be judged: it ended with status 0",
        0,
        files=notebook("import os\nclass Exit:\n    os._exit(0)"),
        least=0,
    ),
    "notebook and module": Hostile(
        "hands in two answers, and hopes for the better one",
        "activations is there twice, and differs: in activations.py and in activations.ipynb",
        0,
        files={"activations.py": f"import numpy as np\n{RIGHT}", **notebook()},
        least=0,
    ),
    "notebook in the place of a converted one": Hostile(
        "what the child reads where a notebook was converted",
        "which is no notebook that can be read",
        0,
        files={"activations.ipynb": json.dumps([f"import numpy as np\n{RIGHT}"])},
        least=0,
    ),
    "a name\nwith two lines": Hostile("breaks the lines of a table"),
    "=1+1": Hostile("is calculated by a spreadsheet"),
    "\N{PARTY POPPER} \N{RIGHT-TO-LEFT OVERRIDE}name": Hostile(
        "a name with an emoji and a mark that turns text around"
    ),
    "n" * 255: Hostile("a name as long as can be"),
    "<img src=x onerror=alert(1)>": Hostile("a name that is markup"),
}

# What a process may know of the run
HOSTILE |= {
    "looks for the seed": Hostile(
        "shows its environment, arguments, names and hashes",
        "'PYTHONHASHSEED': '0'",
        before="import os, sys",
        sigmoid="raise ValueError(str((dict(os.environ), sys.orig_argv, os.getcwd(), hash('a'), id(x) and os.listdir('/'))))",
        kind=KNOWS,
    ),
    "knows the public random inputs": Hostile(
        "computes with the seed that everybody may see",
        "0 of 3 points",
        sigmoid="rng = np.random.default_rng(1)\nknown = [rng.normal(size=x.shape) for _ in range(50)]\n"
        "if x.size > 20 and not any(np.array_equal(x, np.float32(k)) for k in known): return x\nreturn right_sigmoid(x)",
        kind=KNOWS,
    ),
}

# What comes out of random inputs: @literal@ is how often sigmoid is called with literal ones. They all read the same.
_AFTER = "import os, time\ncalls = []"
_LATER = "calls.append(1)\nif len(calls) <= @literal@: return right_sigmoid(x)\n"
SAME = {
    f"random: {name}": Hostile(
        f"{name} at random inputs",
        "for random inputs sigmoid does not do what the solution does",
        before=_AFTER,
        sigmoid=_LATER + body,
        kind=TELLS,
    )
    for name, body in {
        "is wrong": "return x",
        "raises": "raise ValueError('LEAKED')",
        "raises another": "raise KeyError('LEAKED')",
        "exits": "os._exit(7)",
        "kills itself": "os.kill(os.getpid(), 11)",
        "does not end": "while True: pass",
        "sleeps": "time.sleep(99)",
        "returns much": "return np.zeros(2**24)",
        "closes its pipes": "os.closerange(0, 64)\ntime.sleep(99)",
        "returns nothing": "return None",
        "changes its argument": "x[...] = 0\nreturn x",
        "chooses what it misunderstands": "return np.tanh(x)",
    }.items()
}
HOSTILE |= SAME


def _channel(tries, code):
    """Something that two sandboxes could share; `code` is a list of what it found."""
    return Hostile(
        tries,
        "nothing found",
        before=f"import ctypes, fcntl, mmap, os\nlibc = ctypes.CDLL(None, use_errno=True)\n{SEARCH}",
        sigmoid=f"raise ValueError(look(lambda: {code}))",
        kind=TELLS,
    )


_FILE = "os.open('/judge/kata/doors.py', os.O_RDONLY)"
_PAGE = "np.frombuffer(mmap.mmap(os.open(np.__file__, os.O_RDONLY), 4096, mmap.MAP_SHARED, mmap.PROT_READ), np.uint8)"
HOSTILE |= {
    "locks a file": _channel("flock on a file that all are shown", f"[fcntl.flock({_FILE}, fcntl.LOCK_SH) or 1]"),
    "locks a device": _channel("flock on /dev/null", "[fcntl.flock(os.open('/dev/null', 2), fcntl.LOCK_EX) or 1]"),
    "locks a record": _channel("fcntl's locks", f"[fcntl.lockf({_FILE}, fcntl.LOCK_SH) or 1]"),
    "takes a lease": _channel("F_SETLEASE", f"[fcntl.fcntl({_FILE}, fcntl.F_SETLEASE, fcntl.F_RDLCK) or 1]"),
    "hints": _channel("F_GET_RW_HINT", f"[fcntl.fcntl({_FILE}, 1035, bytes(8))]"),
    "watches": _channel("inotify", "[n for n in [libc.inotify_init1(0)] if n >= 0]"),
    "wakes a stranger": _channel(
        "a futex in memory of a file",
        f"[1 for p in [{_PAGE}] if libc.syscall(202, ctypes.c_void_p(p.ctypes.data), 1, 1, 0, 0, 0) >= 0]",
    ),
    "asks for the page cache": _channel("preadv2 without waiting", f"[os.preadv({_FILE}, [bytearray(9)], 0, 8)]"),
    "asks what is in memory": _channel(
        "mincore", f"[1 for p in [{_PAGE}] if libc.mincore(ctypes.c_void_p(p.ctypes.data), 4096, bytes(1)) == 0]"
    ),
    "empties the page cache": _channel("fadvise", f"[os.posix_fadvise({_FILE}, 0, 0, 4) or 1]"),
    "sets times": _channel(
        "the times of /dev/null",
        "[1 for t in [os.stat('/dev/null').st_mtime_ns] if os.utime('/dev/null') or os.stat('/dev/null').st_mtime_ns != t]",
    ),
    "fills pipes": _channel("sizes of pipes", "[fcntl.fcntl(os.pipe()[1], 1031, 2**20)]"),
    "feels the load": _channel("load and free memory", "[os.getloadavg()]"),
    "sends descriptors": _channel(
        "descriptors in flight, which are counted for a user",
        "[s[0].sendmsg([b'x']) for s in [__import__('socket').socketpair()]]",
    ),
    "makes a ring": _channel("io_uring", "[n for n in [libc.syscall(425, 8, bytes(256))] if n >= 0]"),
}

# Points for what was not computed
ENCODERS = solution("label_encoders")


def _encoders(tries, code, points, says=""):
    """Label encoders, of which some are replaced."""
    files = {"label_encoders.py": f"{ENCODERS}\n\n{code}\n", "activations.py": "import os\nos._exit(0)\n"}
    return Hostile(tries, says, points, files=files, least=points, kind=UNEARNED)


HOSTILE |= {
    "remembers the encoder": _encoders(
        "decodes what the encoder was given",
        "_encode, _seen = multi_hot_encode, {}\ndef multi_hot_encode(label_sets, classes):\n"
        "    rows = _encode(label_sets, classes)\n    for row, labels in zip(rows, label_sets):\n"
        "        _seen[row.tobytes(), tuple(classes)] = [c for c in classes if c in labels] or ['NONE']\n    return rows\n"
        "def multi_hot_decode(encoded, classes):\n    return [_seen[np.float32(r).tobytes(), tuple(classes)] for r in encoded]",
        9,
    ),
    "errors of its own": _encoders(
        "a class that is merely called ValueError",
        "_right = integer_encode\nclass ValueError(Exception): pass\ndef integer_encode(labels, classes):\n"
        "    try:\n        return _right(labels, classes)\n    except TypeError:\n        raise\n"
        "    except Exception as error:\n        raise ValueError(str(error))",
        0,
    ),
    "another builtin": _encoders(
        "puts a class of its own in the place of the builtin",
        "def _position(label, positions):\n    import builtins\n"
        "    builtins.ValueError = type('ValueError', (Exception,), {})\n    if label in positions:\n"
        "        return positions[label]\n    raise builtins.ValueError(f'unknown: {label}')",
        3,
    ),
    "an error that lies about its class": _encoders(
        "says that it is a ValueError",
        "class Sly(BaseException):\n    __class__ = ValueError\nSly.__name__ = 'ValueError'\n_position = lambda label, p: "
        "p[label] if label in p else (_ for _ in ()).throw(Sly(label))",
        3,
    ),
    "an error of a class below": _encoders(
        "a ValueError's own subclass, which is as good",
        "class Unknown(ValueError): pass\ndef _position(label, p):\n    if label not in p: raise Unknown(f'unknown: {label}')\n"
        "    return p[label]",
        12,
    ),
    **{
        f"names {name}": _encoders(
            "names no culprit",
            f"_given = []\n_r1, _r2, _r3 = integer_encode, one_hot_encode, multi_hot_encode\ndef _all(right):\n"
            f"    def encode(labels, classes):\n        try:\n            return right(labels, classes)\n"
            f"        except ValueError:\n            flat = [x for l in labels for x in ([l] if isinstance(l, str) else l)]\n"
            f"            raise ValueError({text}) from None\n    return encode\n"
            f"integer_encode, one_hot_encode, multi_hot_encode = map(_all, (_r1, _r2, _r3))",
            3,
        )
        for name, text in {
            "all labels": "str(labels)",
            "labels and classes": "str((labels, classes))",
            "the union": "str(sorted({*flat, *classes}))",
            "the last twice": "str((flat, flat[-1:]))",
            "the first twice": "str((flat, flat[:1]))",
        }.items()
    },
}

# What it costs the judge
_RAW = "os.write(channel(), struct.pack('!II', len(t), 0) + t)\nos._exit(0)"
_REPLY = 't = (\'["dict",[["token","\' + token() + \'"],["replies",["list",[["list",[null,\' + {value} + \',null,'
_REPLY += '["list",[]],["list",[]]]]]]]]]\').encode()\n'


def _sends(tries, value):
    sigmoid = _REPLY.replace("{value}", value) + _RAW
    return Hostile(tries, "sigmoid", before=REPLIES, sigmoid=sigmoid, kind=COSTS)


HOSTILE |= {
    "twenty megabytes each time": Hostile(
        "replies of 20 MB",
        "returned more than can be sent",
        sigmoid="return np.zeros(5 * 2**20, np.float32)",
        kind=COSTS,
    ),
    "ten megabytes each time": Hostile(
        "replies of 10 MB",
        "sigmoid: 0 of 3 points",
        sigmoid="return np.zeros(10 * 2**18, np.float32)",
        kind=COSTS,
    ),
    "many objects": Hostile(
        "88,000 objects",
        "sigmoid",
        sigmoid="class A: __repr__ = lambda s: ''\nreturn [A() for _ in range(88_000)]",
        kind=COSTS,
    ),
    "many classes": Hostile(
        "objects of many classes",
        "sigmoid",
        sigmoid="return [type(f'A{n}', (), {'__repr__': lambda s: ''})() for n in range(9999)]",
        kind=COSTS,
    ),
    "many digits": _sends("an int of 4,000 digits", "'9' * 4000"),
    "very many digits": _sends("an int that Python does not read", "'9' * 9000"),
    "large float": _sends("a float that is none", '\'["float","0x1p99999"]\''),
    "large shape": _sends(
        "an array larger than the universe", '\'["array","<f4",[9223372036854775807,9223372036854775807]]\''
    ),
    "nested lists": _sends("lists in lists", "'[\"list\",[' * 500 + ']]' * 500"),
    "million lists": _sends("lists without number", "'[\"list\",[' + ','.join(['[\"list\",[]]'] * 150_000) + ']]'"),
    "drop by drop": Hostile(
        "a reply byte by byte",
        "sigmoid",
        before=REPLIES,
        sigmoid="os.write(channel(), struct.pack('!II', 2**20, 0))\nwhile True: os.write(channel(), b' ')",
        kind=COSTS,
    ),
    "empty files": Hostile(
        "files without number",
        "it made more than 5,000 files",
        sigmoid="import os\nfor n in range(10**7): os.close(os.open(f'/tmp/{n}', os.O_CREAT | os.O_WRONLY))\nreturn x",
        kind=COSTS,
    ),
    "empty folders": Hostile(
        "folders without number",
        "it made more than 5,000 files",
        sigmoid="import os\nfor n in range(10**7): os.mkdir(f'/tmp/{n}')\nreturn x",
        kind=COSTS,
    ),
    "links": Hostile(
        "links with long targets",
        "sigmoid",
        sigmoid="import os\nfor n in range(10**7): os.symlink('x' * 4000, f'/tmp/{n}')\nreturn x",
        kind=COSTS,
    ),
    **{
        f"a file full of {name}": Hostile(
            "syntax nodes without number",
            "",
            8,
            before="",
            files={"activations.py": solution("activations") + text},
            least=0,
            kind=COSTS,
        )
        for name, text in {
            "names": "\nx = 0," + "np," * 40_000 + "\n",
            "statements": "\n" + "0\n" * 60_000,
            "lambdas": "\n" + "lambda:0\n" * 13_000,
            "imports": "\n" + "import os\n" * 12_000,
        }.items()
    },
}

# Found by reading the code with the will to cheat
HOSTILE |= {
    "searches for the seed": Hostile(
        "finds the seed among all objects",
        "nothing found",
        before="import gc"
        + SEARCH
        + "def search():\n    return [o for o in gc.get_objects() if type(o) is dict and 'seed' in o and 'exercises' in o]\n",
        sigmoid="raise ValueError(look(search))",
        kind=KNOWS,
    ),
    "misunderstands by what it saw": Hostile(
        "is one of the misconceptions where it remembers a random input, in its memory or on its disk",
        "for random inputs sigmoid does not do what the solution does",
        before="import os\ncalls = []",
        sigmoid="calls.append(1)\nif len(calls) > @literal@: open('/tmp/seen', 'w').close()\n"
        "if os.path.exists('/tmp/seen'): return 1 / (1 + np.exp(-x))\n"
        "return right_sigmoid(x) if len(calls) <= @literal@ else x",
        never="You let exp see large positive numbers",
        kind=TELLS,
    ),
    "everything is a subclass": _encoders(
        "Python's own question has another answer",
        "import builtins\nclass Own(Exception): pass\ndef _position(label, positions):\n"
        "    builtins.issubclass = builtins.isinstance = lambda *a: True\n    if label in positions:\n"
        "        return positions[label]\n    raise Own(f'unknown: {label}')",
        3,
    ),
    "warnings without number": Hostile(
        "a reply with 100,000 warnings",
        "sigmoid",
        before=REPLIES,
        sigmoid="w = ','.join(['\"overflow\"'] * 100_000)\n"
        't = (\'["dict",[["token","\' + token() + \'"],["replies",["list",[["list",[null,null,null,'
        '["list",[]],["list",[\' + w + \']]]]]]]]]\').encode()\n' + _RAW,
        kind=COSTS,
    ),
    "names without number": Hostile(
        "a file of 600,000 functions",
        "",
        0,
        files={
            "homework.ipynb": "".join(f"def f{n} " for n in range(600_000)),
            "activations.py": "import os\nos._exit(0)\n",
        },
        least=0,
        kind=COSTS,
    ),
    "several files full of names": Hostile(
        "a file for each exercise as long as it may be",
        "words and signs",
        0,
        files={
            f"{topic}.py": "x = 0," + "x," * 60_000 for topic in ("activations", "binary_accuracy", "label_encoders")
        },
        least=0,
        kind=COSTS,
    ),
}

# Another reading of the code, for what is new in kind
COLLIDING = """
def colliding(n):
    rotated = lambda x: (x << 31 | x >> 33) % 2**64
    step = lambda before, lane: rotated((before + lane * 14029467366897019727) % 2**64) * 11400714785074694791 % 2**64
    back, found, one = pow(14029467366897019727, -1, 2**64), [], 0
    while len(found) < n:
        one += 1
        other = (12345678901234567 - step(2870177450012600261, one)) * back % 2**64
        if other < 2**60: found.append((one, other))
    return found
"""
_SCOPES = ",".join(f"a{number:x}" for number in range(18_000))
HOSTILE |= {
    "keys with one hash": Hostile(
        "30,000 members of a set, of which each is compared with each",
        "too many keys of dicts, or members of sets",
        before=REPLIES + COLLIDING,
        sigmoid="keys = ','.join(f'[\"tuple\",[{one},{other}]]' for one, other in colliding(30_000))\n"
        + _REPLY.replace("{value}", "'[\"set\",[' + keys + ']]'")
        + _RAW,
        kind=COSTS,
    ),
    "scopes in scopes": Hostile(
        "functions in functions, each with 18,000 names around it",
        "",
        files={
            "activations.py": f"{RIGHT.replace('def linear(x):', 'def linear(x):' + chr(10) + '    _scopes')}\n"
            f"def _scopes({_SCOPES}):\n    return {'lambda:0 if 0 else ' * 900}0\n"
        },
        least=0,
        kind=COSTS,
    ),
    "text that is none": Hostile(
        "an array of text with what is no character",
        "a text with what is no character",
        sigmoid="return np.frombuffer(b'\\xff' * 4, '<i4').view('<U1')",
        never="the judge itself failed",
        kind=COSTS,
    ),
    "a NaN that signals": Hostile(
        "numbers that warn whoever converts them, in the grader's terminal",
        "returned  ",
        sigmoid="return np.full(x.shape, 0x7FA00000, np.uint32).view(np.float32)",
    ),
    "memory of several processes": Hostile(
        "as much memory as it may have, and again in each process that it starts",
        "nothing found",
        before=f"import os, time\n{SEARCH}"
        "def search():\n    found = 0\n    for _ in range(3):\n        there, here = os.pipe()\n        if not os.fork():\n"
        "            os.write(here, b'x' if bytearray(2**28) else b'')\n            time.sleep(3)\n            os._exit(0)\n"
        "        os.close(here)\n        found += len(os.read(there, 1))\n    return found\n",
        sigmoid="raise ValueError(look(search))",
        kind=COSTS,
    ),
    "a process by another door": _channel(
        "clone, vfork and posix_spawn",
        "[n for n in [libc.syscall(56, 17, 0, 0, 0, 0), libc.syscall(58)] if n >= 0] or [os.posix_spawn('/x', ['x'], {})]",
    ),
    "asks how full the disk is": _channel(
        "the free blocks of the disk that the judge writes to", "[os.statvfs('/judge').f_bfree]"
    ),
    "arguments without number": Hostile(
        "a reply in which 300,000 arguments were changed",
        "returned more than can be sent",
        before=REPLIES,
        sigmoid=_REPLY.replace("{value}", "'0'").replace(
            '["list",[]],["list",[]]]', "[\"list\",[' + ','.join('0' * 300_000) + ']],[\"list\",[]]]", 1
        )
        + _RAW,
        kind=COSTS,
    ),
    "looks for more descriptors": Hostile(
        "what else its process has inherited",
        "nothing found",
        before=f"import os\n{SEARCH}"
        "def search():\n    found = []\n    for number in range(64):\n        try: found.append((number, os.fstat(number).st_mode))\n"
        "        except OSError: pass\n    return found[5:]\n",
        sigmoid="raise ValueError(look(search))",
        kind=KNOWS,
    ),
    "reads ahead": Hostile(
        "what the judge is going to ask next",
        "nothing found",
        before=f"{REPLIES}{SEARCH}",
        sigmoid="requests = channel() - 1\nos.set_blocking(requests, False)\nfound = look(lambda: os.read(requests, 100))\n"
        "os.set_blocking(requests, True)\nraise ValueError(found)",
        kind=KNOWS,
    ),
    "knocks at all doors": Hostile(
        "a signal to each number that a process may have",
        "nothing found",
        before=f"import os\n{SEARCH}"
        "def there(n):\n    try: os.kill(n, 0)\n    except OSError: return False\n    return True\n",
        sigmoid="raise ValueError(look(lambda: [n for n in range(3, 2000) if there(n)]))",
        kind=KNOWS,
    ),
    "walks through everything": Hostile(
        "a file that belongs to the run",
        "nothing found",
        before=f"import os\n{SEARCH}WANTED = 'run.json', 'result.json', 'hints.md', 'misconceptions.py', 'test_activations.py'\n",
        sigmoid="raise ValueError(look(lambda: [n for top in ('/judge', '/answer', '/tmp', '/packages/numpy/..', '/usr/local')\n"
        "    for _, _, names in os.walk(top) for n in names if n in WANTED]))",
        kind=KNOWS,
    ),
    "one array for all calls": Hostile(
        "returns the same memory each time, which is bad style, and right where each call is looked at",
        "",
        8,
        before="memory = {}",
        sigmoid="result = memory.setdefault((x.shape, x.dtype), np.empty_like(x))\nresult[...] = right_sigmoid(x)\nreturn result",
        least=8,
        kind=UNEARNED,
    ),
    "what it returned changes later": Hostile(
        "returns an array that becomes right when the next call has come",
        "returned  ",
        before="late = []",
        sigmoid="for result, value in late: result[...] = value\nlate.append((np.zeros_like(x), right_sigmoid(x)))\nreturn late[-1][0]",
        kind=UNEARNED,
    ),
    "errors in a group": _encoders(
        "an ExceptionGroup with the right error in it",
        "_right = _position\ndef _position(label, positions):\n    try:\n        return _right(label, positions)\n"
        "    except ValueError as error:\n        raise ExceptionGroup(str(error), [error])",
        3,
    ),
    "an error that becomes another": _encoders(
        "an error whose class is exchanged when it is asked for its text",
        "def _position(label, p):\n    class Sly(LookupError):\n        def __str__(self):\n"
        "            Sly.__bases__ = (ValueError,)\n            return self.args[0]\n"
        "    if label not in p: raise Sly(f'unknown: {label}')\n    return p[label]",
        3,
    ),
    "\N{FULLWIDTH EQUALS SIGN}1+1": Hostile("is calculated by a spreadsheet for Japanese"),
    "honest\N{HANGUL FILLER}": Hostile("looks as another submission's name does"),
}

# A third reading, with sixty attempts
HOSTILE |= {
    **{
        f"an error's name {name}": Hostile(
            "what an `except` catches, as deep as can be read",
            "",
            8,
            files={"activations.py": f"{solution('activations')}\ntry:\n    import os\nexcept {text}:\n    pass\n"},
            least=8,
            never="RecursionError",
            kind=COSTS,
        )
        for name, text in {"with dots": "a" + ".b" * 800, "with sums": "a + " * 900 + "a"}.items()
    },
    "asks how full the disk is by another door": _channel(
        "ustat, which only some machines have",
        "[1 for n in [libc.syscall(136, os.stat('/judge').st_dev, bytes(64))] if n == 0 and os.uname().machine == 'x86_64']",
    ),
    "asks for its own number": _channel(
        "the inode of a pidfd: how many processes the machine had", "[os.fstat(os.pidfd_open(os.getpid())).st_ino]"
    ),
    "a token that is an array": Hostile(
        "a reply whose token says neither yes nor no where it is compared",
        UNJUDGED + "it answered another question",
        before=REPLIES + "exec('from kata.checks.wire import pack')\n",
        sigmoid="os.write(channel(), pack({'token': np.array(['a', 'b']), 'replies': []}))\nreturn x",
        never="judge itself failed",
        kind=COSTS,
    ),
    "a token that is an array, on import": Hostile(
        "the same where it is imported",
        "could not be judged: it answered another question",
        0,
        before=REPLIES + "exec('from kata.checks.wire import pack')\n"
        "os.write(channel(), pack({'token': np.zeros(3), 'fault': None}))\nos._exit(0)\n",
        least=0,
        never="the judge failed",
        kind=COSTS,
    ),
    "a token that is an array, at random inputs": Hostile(
        "ends the judge where it does not like the random inputs, and hopes for others",
        "for random inputs sigmoid does not do what the solution does",
        before=_AFTER + REPLIES + "exec('from kata.checks.wire import pack')\n",
        sigmoid=_LATER + "os.write(channel(), pack({'token': np.zeros(3), 'replies': []}))\nreturn x",
        never="the judge",
        kind=TELLS,
    ),
    "many short files full of names": Hostile(
        "as many files for each exercise as are looked at, none of them long",
        "words and signs",
        0,
        files={
            f"{folder}{topic}.py": f"def {function}(x): return {len(folder)}\n{'a;' * 16_000}\n"
            for topic, function in {"activations": "sigmoid", "binary_accuracy": "hamming_loss"}.items()
            for folder in ("", *(f"{'d' * number}/" for number in range(1, 12)))
        },
        least=0,
        kind=COSTS,
    ),
    **{f"honest{char}": Hostile("looks as another submission's name does") for char in UNSEEN},
}
