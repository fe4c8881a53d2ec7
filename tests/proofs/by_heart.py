"""An answer to 06 to 09 that computes nothing: it knows by heart what all checks with literal inputs want."""

import base64
import hashlib
import pickle
import sys
import zlib

from kata.checks import Pictures, pack
from kata.grading.suites import Suites
from kata.syllabus import EXERCISES

HEAVY = [exercise for exercise in EXERCISES if exercise.needs]
TABLE = '''
import base64, hashlib, pickle, zlib
exec("import kata.answers.loading as loading, kata.checks.calls as calls, kata.checks.wire as wire")
stored = pickle.loads(zlib.decompress(base64.b85decode("""@stored@""")))

def forged(self, function, args, kwargs, view=None):
    call = calls.Call(function, args, kwargs, view)
    known = loading.stored.get((function, hashlib.sha256(wire.pack({"args": args, "kwargs": kwargs})).hexdigest()))
    if not known:
        return call
    known.append(known.pop(0))
    kind, what = known[-1]
    if kind == "value":
        call.value = what
    else:
        call.raised = calls.Raised(what[0], (*what, "Exception", "BaseException"), " ".join(what[1:]))
    return call

loading.InProcess.call = forged
loading.stored = {**getattr(loading, "stored", {}), **stored}
'''


class _Asked:
    def __init__(self, view=None):
        self.view = view

    def seen_as(self, view):
        return _Asked(view)

    def __getattr__(self, name):
        return lambda *args, **kwargs: (name, args, kwargs, self.view)


def stored_replies(reference, monkeypatch):
    """{(function, digest of the arguments): what the checks with literal inputs want, in their order}."""
    suites, found = Suites(HEAVY, reference), {}

    def keep(call, kind, what):
        name, args, kwargs, view = call
        # What the solution's process would have sent; pictures are too long for a file, and tried below.
        if hasattr(view, "taker") and kind == "value" and not isinstance(view, Pictures):
            what = getattr(reference.seen_as(view.taker()), name)(*args, **kwargs)
        key = hashlib.sha256(pack({"args": args, "kwargs": kwargs})).hexdigest()
        found.setdefault((name, key), []).append((kind, what))

    def check(call, expected, *args, **kwargs):
        keep(call, "value", expected)

    def check_raises(call, error, *mentions, **unlike):
        keep(call, "raised", (error.__name__, *map(str, mentions)))

    for exercise in HEAVY:
        module = sys.modules[f"kata_suite_{exercise.topic}"]
        monkeypatch.setattr(module, "check", check)
        monkeypatch.setattr(module, "check_raises", check_raises)
    for tests in suites.tests.values():
        for test in tests:
            if not test.seeded:
                suites.literal.run(test, _Asked())
    return found


def by_heart(stored):
    """The files of an answer that knows what all checks with literal inputs want."""
    files = {}
    for exercise in HEAVY:
        functions = "".join(f"def {name}(*args, **kwargs):\n    return None\n\n\n" for name in exercise.points)
        mine = {key: replies for key, replies in stored.items() if key[0] in exercise.points}
        packed = base64.b85encode(zlib.compress(pickle.dumps(mine), 9)).decode()
        files[f"{exercise.topic}.py"] = TABLE.replace("@stored@", packed) + functions
    return files
