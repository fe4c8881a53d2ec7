"""An answer: a folder that holds somebody's implementation of the exercises."""

import functools
import hashlib
import pickle

from kata.answers.folders import SOLUTIONS, find_files
from kata.answers.loading import InProcess
from kata.answers.reading import choose_source
from kata.checks import Call
from kata.syllabus import BY_FUNCTION, BY_TOPIC


class Answer:
    """What the suites get as `answer`: `answer.sigmoid(x)` calls the answer's sigmoid and returns a `Call`.

    A topic's file, a module or a notebook, lies in the exercise's folder, flat, or in the `exercises` folder of a
    whole clone.

    Args:
        folder: Path of the answer.
        seconds: the time limit of each call; None for none.
        named: {topic: its file}, where somebody said which file counts.
    """

    def __init__(self, folder, seconds=None, named=None):
        self.folder, self.named = folder, named or {}
        self.name = folder.name
        self.runner = InProcess(self.source, seconds)
        self.sources = {}
        self.diagnose = None  # set by the judge: which misconception is it?
        self.endless = set()  # functions of which a call did not end

    def __getattr__(self, name):
        return getattr(self.seen_as(None), name)

    def seen_as(self, view):
        """`answer.seen_as(Batches()).make_batches(...)`: a view of what a function returns, see checks/objects.py."""
        return _Calls(self._judged, view)

    def _judged(self, function, args, kwargs, view):
        call = self.call(function, args, kwargs, view)
        call.diagnose = self.diagnose
        return call

    def call(self, function, args, kwargs, view=None):
        """Call a function of the answer; nothing that it does is raised here."""
        if function in self.endless:
            return Call(function, args, kwargs, view, fault=f"{function} is not called again: see above")
        call = self.runner.call(function, args, kwargs, view)
        if call.fault and "did not end" in call.fault:
            self.endless.add(function)
        return call

    def source(self, topic):
        """Return the `Source` of a topic's file; None where the answer has none."""
        if topic not in self.sources:
            exercise = BY_TOPIC[topic]
            paths = [self.named[topic]] if topic in self.named else find_files(self.folder, exercise)
            self.sources[topic] = choose_source(paths, exercise)
        return self.sources[topic]

    def todo(self, function):
        """Whether there is nothing to judge yet: an untouched stub, or a file that was not handed in."""
        source = self.source(BY_FUNCTION[function].topic)
        return source is None or source.todo(function)

    def topic_fault(self, topic):
        """Why a topic's file cannot be used at all, in words; None where it can, or where nobody tried yet."""
        source = self.source(topic)
        if source is None:
            return f"{topic}.py, which is not there"
        return f"{source.path.name}, {source.fault}" if source.fault else self.runner.faults.get(topic)

    def file_fault(self, function):
        """Why the file of a function, or its part of it, cannot be used at all."""
        topic = BY_FUNCTION[function].topic
        source = self.source(topic)
        return self.topic_fault(topic) or (source.faults.get(function) if source else None)

    def imports(self, function):
        """Return the topics whose files the function's file imports."""
        source = self.source(BY_FUNCTION[function].topic)
        return source.imports() if source else set()

    def rests_on(self, function):
        """Return the names of the kata's functions that the answer's function uses."""
        source = self.source(BY_FUNCTION[function].topic)
        used = source.rests_on(function) if source else ()
        return [name for topic, name in used if name in BY_TOPIC[topic].points]


class _Calls:
    """Makes a call of each function that is asked of it."""

    def __init__(self, call, view):
        self.call, self.view = call, view

    def __getattr__(self, name):
        if name not in BY_FUNCTION:
            raise AttributeError(f"no exercise has a function named {name}")
        return lambda *args, **kwargs: self.call(name, args, kwargs, self.view)


class Reference:
    """The solutions, for expected values: `reference.sigmoid(x)` returns the array itself."""

    def __init__(self):
        self.answer = Answer(SOLUTIONS)
        self.known = {}  # of the slow exercises: what a call came to, for the next answer that is asked the same

    def seen_as(self, view):
        """`reference.seen_as(Batches()).make_batches(...)` returns what the view sees."""
        return _Calls(self._value, view)

    def _value(self, function, args, kwargs, view):
        return self._once(function, (args, kwargs, view), lambda: self._call(function, args, kwargs, view))

    def _once(self, function, given, compute):
        if not BY_FUNCTION[function].needs:
            return compute()
        key = hashlib.sha256(pickle.dumps((function, given))).digest()  # the suites' own data, never an answer's
        if key not in self.known:
            self.known[key] = compute()
        return self.known[key]

    def _call(self, function, args, kwargs, view):
        call = self.answer.call(function, args, kwargs, view)
        if call.raised or call.fault:
            raise RuntimeError(f"the solution of {function} failed: {call.fault or call.raised}")
        return call.value

    def __getattr__(self, name):
        function = self.answer.runner.load_function(name)
        if BY_FUNCTION[name].needs:

            def remembered(*args, **kwargs):
                return self._once(name, (args, kwargs, "itself"), lambda: function(*args, **kwargs))

            setattr(self, name, functools.wraps(function)(remembered))
        else:
            setattr(self, name, function)
        return getattr(self, name)
