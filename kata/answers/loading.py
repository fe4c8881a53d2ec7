"""Running an answer's code in this process: import its modules, call its functions.

Answers build on each other: `from losses import binary_crossentropy` in pairings.py means the same answer's
losses.py, never another answer's and never one that happens to be on sys.path. So while an answer's code
runs, the topics' names in sys.modules are this answer's, and a finder before all others knows its files.
"""

import functools
import importlib
import importlib.machinery
import linecache
import os
import signal
import sys
import types
from contextlib import ExitStack, contextmanager

import numpy as np

from kata.answers.folders import EXERCISES
from kata.answers.packages import import_quietly
from kata.answers.timelimit import TimeLimitReached, time_limit
from kata.checks import Call, Raised, copy_data, make, same_data
from kata.syllabus import BY_FUNCTION, BY_TOPIC


class InProcess:
    """Runs one answer's code in this process, so that a debugger works.

    Args:
        source: function of a topic that returns its `Source`, or None where the answer has no such file.
        seconds: the time limit of each import and call; None for none.
    """

    def __init__(self, source, seconds=None):
        self.source, self.seconds = source, seconds
        self.modules = {}  # topic -> module, this answer's part of sys.modules
        self.faults = {}  # topic -> why its import failed

    def call(self, function, args, kwargs, view=None):
        """Call a function of the answer with copies of the arguments; every outcome is in the returned Call."""
        call = Call(function, args, kwargs, view)
        topic = BY_FUNCTION[function].topic
        with self.as_current():
            call.fault = self._load(topic)
            if call.fault is None:
                call.fault = self._missing(topic, function)
            if call.fault is None:
                self._run(call, getattr(self.modules[topic], function))
        return call

    def call_other(self, function, name, args, kwargs, view=None):
        """Call a function from outside of the answer as if it were the answer's function called `name`."""
        call = Call(name, args, kwargs, view)
        with self.as_current():
            self._run(call, function)
        return call

    def load_other(self, path):
        """Run a file beside the answer's own, which may import the answer's modules; returns its names."""
        module = types.ModuleType(f"{path.stem}_of_{path.parent.name}")
        module.__file__ = str(path)
        sys.modules[module.__name__] = module  # TensorFlow looks a function's source up by its module
        with self.as_current():
            exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
        return module.__dict__

    def load(self, topic):
        """Import a topic's file where nobody has yet; returns why it cannot be used, None where it can."""
        with self.as_current():
            return self._load(topic)

    def load_function(self, name):
        """Return the answer's function itself: a solution, or what was judged and is timed now."""
        topic = BY_FUNCTION[name].topic
        with self.as_current():
            fault = self._load(topic)
            if fault:
                raise ImportError(fault)
            function = getattr(self.modules[topic], name)

        @functools.wraps(function)
        def call(*args, **kwargs):
            with self.as_current(), ExitStack() as made:
                given = [make(value, made) for value in args]
                return function(*given, **{key: make(value, made) for key, value in kwargs.items()})

        return call

    def _load(self, topic):
        if topic not in self.modules and topic not in self.faults:
            source = self.source(topic)
            name = source.path.name if source else f"{topic}.py"
            if source and source.fault:
                self.faults[topic] = f"{name}, {source.fault}"
                return self.faults[topic]
            if missing := import_quietly(BY_TOPIC[topic].needs):
                self.faults[topic] = f"{name} needs {missing}, which is not installed: pip install -e ."
                return self.faults[topic]
            try:
                with time_limit(self.seconds):
                    self.modules[topic] = importlib.import_module(topic)
            except TimeLimitReached as error:
                self.faults[topic] = f"{name} did not end within {self.seconds:g} s of being imported"
                self.faults[topic] += self._at(error)
            except BaseException as error:  # SystemExit and pytest's own included
                _pass_on_ctrl_c(error)
                raised = self._raised(error)
                self.faults[topic] = f"{name} cannot be imported: {raised.kind}: {raised.message}"
                self.faults[topic] += self._at(error)
        return self.faults.get(topic)

    def _missing(self, topic, function):
        source = self.source(topic)
        if function in source.faults:
            return source.faults[function]
        if callable(getattr(self.modules[topic], function, None)):
            return None
        if function in source.notes:
            return f"{source.path.name} has no function named {function}: {source.notes[function]}"
        problem = "is empty" if source.empty() else f"has no function named {function}"
        command = "notebook" if source.path.suffix == ".ipynb" else "reset"
        return f"{source.path.name} {problem} (kata {command} {BY_TOPIC[topic].number} puts the stub back)"

    def _run(self, call, function):
        args, kwargs = copy_data(call.args), {name: copy_data(value) for name, value in call.kwargs.items()}
        warnings, seconds = [], self.seconds and self.seconds * BY_FUNCTION[call.function].patience
        made = ExitStack()  # what has to be cleaned up of arguments that were made for this call
        try:
            with (
                made,
                np.errstate(
                    divide="call", over="call", invalid="call", call=lambda kind, flag: warnings.append(kind)
                ),
                time_limit(seconds),
            ):
                given = [make(value, made) for value in args]
                call.value = function(*given, **{name: make(value, made) for name, value in kwargs.items()})
                if call.view is not None:
                    call.value = self._seen(call.view, call.value, made.close)
        except TimeLimitReached as error:
            call.fault = f"{call.function} did not end within {seconds:g} s: does a loop never end?"
            call.fault += self._at(error)
        except BaseException as error:
            _pass_on_ctrl_c(error)
            call.raised = self._raised(error)
        call.warnings = tuple(dict.fromkeys(warnings))
        before, after = [*enumerate(call.args), *call.kwargs.items()], [*args, *kwargs.values()]
        call.changed = tuple(
            name for (name, value), now in zip(before, after, strict=True) if not same_data(value, now)
        )

    def _seen(self, view, value, discard):
        try:
            return view.see(value, discard)
        except Exception as error:
            # What is run while it is looked at may be the answer's: its own lines, or operations of its graph.
            if self._where(error)[0] or type(error).__module__.startswith("tensorflow."):
                raise
            reason = str(error).partition("\n")[0]
            return f"something that the judge cannot look at ({type(error).__name__}: {reason})"

    def _raised(self, error):
        try:
            message = str(error)
        except BaseException:
            message = "(its message cannot be printed)"
        kinds = tuple(kind.__name__ for kind in type(error).__mro__)
        where, source = self._where(error)
        if source and type(error) is NameError and error.name in source.notes:
            message = f"{message} ({source.notes[error.name]})"
        return Raised(kinds[0], kinds, message, where)

    def _at(self, error):
        where, _ = self._where(error)
        return f"\n    {where}" if where else ""

    def _where(self, error):
        """The last of the answer's own lines that an error went through, and the file that it stands in."""
        sources = [source for source in map(self.source, BY_TOPIC) if source is not None]
        trace, found = error.__traceback__, ("", None)
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            for source in sources:
                if where := source.locate(filename, trace.tb_lineno):
                    found = f"{where}: {linecache.getline(filename, trace.tb_lineno).strip()}", source
            trace = trace.tb_next
        return found

    @contextmanager
    def as_current(self):
        """Within this, a topic's name means this answer's module."""
        outer = {topic: sys.modules.pop(topic) for topic in BY_TOPIC if topic in sys.modules}
        sys.modules.update(self.modules)
        finder = Finder(self)
        sys.meta_path.insert(0, finder)
        try:
            with np.errstate():  # an answer's np.seterr ends with it
                yield
        finally:
            sys.meta_path.remove(finder)
            self.modules.update({topic: sys.modules.pop(topic) for topic in BY_TOPIC if topic in sys.modules})
            sys.modules.update(outer)


_ctrl_c = []  # one entry for each real Ctrl-C


def _note_ctrl_c(signum, frame):
    _ctrl_c.append(signum)
    signal.default_int_handler(signum, frame)


def watch_for_ctrl_c():
    """Tell a user's Ctrl-C, which ends the run, from an answer that raises KeyboardInterrupt itself."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _note_ctrl_c)


def _pass_on_ctrl_c(error):
    if isinstance(error, KeyboardInterrupt) and (_ctrl_c or signal.getsignal(signal.SIGINT) is not _note_ctrl_c):
        raise error


def _see_that_it_counts(name):
    # An editable install has the exercises' folders on its path: what works here would fail where it is graded.
    files = [str(EXERCISES / exercise.folder / f"{name}.py") for exercise in BY_TOPIC.values()]
    if any(map(os.path.exists, files)) and name not in sys.builtin_module_names:
        spec = importlib.machinery.PathFinder.find_spec(name)
        if spec and spec.origin in files:
            why = f"{name}.py is not handed in with it: put what it holds into the exercise's own file"
            raise ModuleNotFoundError(why, name=name)


class Finder:
    """Finds the topics' modules in one answer, and nowhere else: as sources of a runner, or of the Answer itself.

    A finder and loader by its methods: importlib.abc, their base classes, takes longer to import than all of this.
    """

    def __init__(self, runner):
        self.runner = runner

    def find_spec(self, name, path=None, target=None):
        if name not in BY_TOPIC:
            _see_that_it_counts(name)
            return None
        source = self.runner.source(name)
        if source is None:
            raise ModuleNotFoundError(f"this answer has no {name}.py", name=name)
        return importlib.machinery.ModuleSpec(name, self, origin=str(source.path))

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        source = self.runner.source(module.__name__)
        if source.fault:
            raise ImportError(f"{source.path.name}, {source.fault}", name=module.__name__)
        module.__file__ = str(source.path)
        # From the tree that was read once, never from a __pycache__: bytecode is told apart by the second and
        # the size of its file, which is too coarse for somebody who saves twice in a second.
        source.execute(module.__dict__)
