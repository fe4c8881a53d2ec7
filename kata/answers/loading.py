"""Running an answer's code in this process: import its modules, call its functions.

Answers build on each other: `from losses import binary_crossentropy` in pairings.py means the same answer's
losses.py, never another answer's and never one that happens to be on sys.path. So while an answer's code
runs, the topics' names in sys.modules are this answer's, and a finder before all others knows its files.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import importlib.machinery
import linecache
import math
import re
import sys
import types
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.answers.finder import JUPYTERS_OWN, Finder, missing
from kata.answers.frameworks import import_quietly
from kata.answers.isolation import Isolation, draws
from kata.answers.timelimit import TimeLimitReached, pass_on_ctrl_c, time_limit
from kata.checks import Call, File, Folder, Paths, Raised, View, copy_data, make, same_data
from kata.syllabus import BY_FUNCTION, BY_TOPIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kata.answers.sources import Runnable

# As they are before an answer's code runs. Python asks the same when it looks for the `except` that catches one:
# a class that is merely called ValueError is caught by none.
_is_subclass, _name_of = issubclass, type.__dict__["__name__"].__get__
_BUILTIN = {
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}
_BELOW = "put this line below if __name__ == '__main__':"
_TIMES = 20  # as long as the solution a call may take, however slow the machine is


class InProcess:
    """Runs one answer's code in this process, so that a debugger works.

    Args:
        source: function of a topic that returns its `Source`, or None where the answer has no such file.
        seconds: the time limit of each import and call; None for none.
        takes: function that makes the solution do what a Call asks for, and returns the seconds that it took; None
            where there are no solutions. It is called for a call that reached its limit, and for no other.
    """

    def __init__(
        self,
        source: Callable[[str], Runnable | None],
        seconds: float | None = None,
        takes: Callable[[Call], float] | None = None,
    ) -> None:
        self.find_source, self.seconds, self.takes = source, seconds, takes
        self.sources: dict[str, Runnable | None] = {}  # topic -> its file, of those that something here has asked for
        self.modules: dict[str, types.ModuleType] = {}  # topic -> module, this answer's part of sys.modules
        self.faults: dict[str, str] = {}  # topic -> why its import failed
        self.isolation = Isolation()
        self.imported: dict[str, list[str]] = {}  # topic -> the topics that its file imports from

    def source(self, topic: str) -> Runnable | None:
        """Return a topic's `Source`, None where the answer has no such file. It is read when it is asked for."""
        if topic not in self.sources:
            self.sources[topic] = self.find_source(topic)
        return self.sources[topic]

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], view: View | None = None) -> Call:
        """Call a function of the answer with copies of the arguments; every outcome is in the returned Call."""
        seconds = self._limit(function)
        call, ended = self._call(Call(function, args, kwargs, view), seconds)
        if ended and seconds and self.takes:
            # The solution does not run inside of what was interrupted: that may be anywhere, TensorFlow included.
            enough = math.ceil(10 * _TIMES * self.takes(call)) / 10
            if enough > seconds:
                call, _ = self._call(Call(function, args, kwargs, view), enough)
        return call

    def _call(self, call: Call, seconds: float | None) -> tuple[Call, bool]:
        topic = BY_FUNCTION[call.function].topic
        with self.as_current():
            call.fault = self._load(topic) or missing(self.source(topic), self.modules[topic], call.function)
            return call, call.fault is None and self._run(call, getattr(self.modules[topic], call.function), seconds)

    def _limit(self, function: str) -> float | None:
        return self.seconds and self.seconds * BY_FUNCTION[function].patience

    def call_other(
        self,
        function: Callable[..., Any],
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        view: View | None = None,
    ) -> Call:
        """Call a function from outside of the answer as if it were the answer's function called `name`."""
        call = Call(name, args, kwargs, view)
        with self.as_current():
            self._run(call, function, self._limit(name), [f"{name} of {function.__module__}.{function.__qualname__}"])
        return call

    def load_other(self, path: Path) -> dict[str, Any]:
        """Run a file beside the answer's own, which may import the answer's modules; returns its names."""
        module = types.ModuleType(f"{path.stem}_of_{path.parent.name}")
        module.__file__ = str(path)
        sys.modules[module.__name__] = module  # TensorFlow looks a function's source up by its module
        with self.as_current():
            exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
        return module.__dict__

    def load(self, topic: str) -> str | None:
        """Import a topic's file where nobody has yet; returns why it cannot be used, None where it can."""
        with self.as_current():
            return self._load(topic)

    def load_function(self, name: str) -> Callable[..., Any]:
        """Return the answer's function itself: a solution, or what was judged and is timed now."""
        topic = BY_FUNCTION[name].topic
        with self.as_current():
            fault = self._load(topic)
            if fault:
                raise ImportError(fault)
            function = getattr(self.modules[topic], name)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.as_current(), ExitStack() as made:
                given = [make(value, made) for value in args]
                return function(*given, **{key: make(value, made) for key, value in kwargs.items()})

        return call

    def _load(self, topic: str) -> str | None:
        if topic not in self.modules and topic not in self.faults:
            source = self.source(topic)
            name = source.path.name if source else f"{topic}.py"
            if source and source.fault:
                self.faults[topic] = f"{name}, {source.fault}"
                return self.faults[topic]
            if package := import_quietly(BY_TOPIC[topic].needs):
                self.faults[topic] = f"{name} needs {package}, which is not installed: pip install -e ."
                return self.faults[topic]
            try:
                with self.isolation.of([topic]), time_limit(self.seconds):
                    self.modules[topic] = importlib.import_module(topic)
            except TimeLimitReached as error:
                self.faults[topic] = f"{name} did not end within {self.seconds:g} s of being imported"
                self.faults[topic] += self._at(error)
            except BaseException as error:  # SystemExit and pytest's own included
                pass_on_ctrl_c(error)
                raised = self._raised(error)
                why = f"cannot be imported: {raised.kind}: {raised.message}"
                if "SystemExit" in raised.kinds:
                    why = f"ends the program when it is imported (SystemExit): {_BELOW}"
                self.faults[topic] = f"{name} {why}{self._at(error)}"
        return self.faults.get(topic)

    def look(self, function: str, view: View, taken: Any, args: tuple[Any, ...]) -> Call:
        """Look at what another process took of a result of a function; what comes of it is in the returned Call.

        Args:
            view: a TwoSteps; taken: what its taker returned there, which may be forged.
            args: what the function was called with; of it, files are made.
        """
        folders = tuple(value for value in args if isinstance(value, Folder | Paths | File))
        call = Call(function, folders, view=_Looks(view))
        self._run(call, lambda *folders: taken, self._limit(function))
        return call

    def _run(self, call: Call, function: Callable[..., Any], seconds: float | None, own: Sequence[str] = ()) -> bool:
        """Call a function, and put into its Call what came of it; returns whether the limit of `seconds` ended it.

        `own` is what keeps the settings that it changes, where that is not its topic.
        """
        args, kwargs = copy_data(call.args), {name: copy_data(value) for name, value in call.kwargs.items()}
        warnings: list[str] = []
        ended = False
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
                named = {name: make(value, made) for name, value in kwargs.items()}
                if call.view is not None:
                    call.view.prepare(made)
                exercise = BY_FUNCTION[call.function]
                slow = bool(exercise.needs) or draws(self.modules.get(exercise.topic))
                with self.isolation.of([*self._topics(exercise.topic), *own], slow):
                    call.value = call.view.call(function, given, named) if call.view else function(*given, **named)
                    if call.view is not None and call.view.looks_inside:
                        call.value = self._seen(call.view, call.value, made.close)
                if call.view is not None and not call.view.looks_inside:
                    call.value = self._seen(call.view, call.value, made.close)
        except TimeLimitReached as error:
            ended = True
            call.fault = f"{call.function} did not end within {seconds:g} s: does a loop never end?"
            call.fault += self._at(error)
        except BaseException as error:
            pass_on_ctrl_c(error)
            call.raised = self._raised(error)
        call.warnings = tuple(dict.fromkeys(warnings))
        before: list[tuple[int | str, Any]] = [*enumerate(call.args), *call.kwargs.items()]
        pairs = zip(before, [*args, *kwargs.values()], strict=True)
        call.changed = tuple(name for (name, value), now in pairs if not same_data(value, now))
        return ended

    def _topics(self, topic: str) -> list[str]:
        """The topics that a topic's file imports from, then itself: the settings of all of them hold for its code."""
        if topic not in self.modules:
            return [topic]
        if topic not in self.imported:  # looked up once: a call of a millisecond would notice
            values = vars(self.modules[topic]).values()
            modules = {value.__name__ for value in values if type(value) is types.ModuleType}
            modules |= {value.__module__ for value in values if type(value) is types.FunctionType}
            self.imported[topic] = [other for other in BY_TOPIC if other in modules and other != topic]
        return [*self.imported[topic], topic]

    def _seen(self, view: View, value: Any, discard: Callable[[], object]) -> Any:
        try:
            return view.see(value, discard)
        except Exception as error:
            # What is run while it is looked at may be the answer's: its own lines, or operations of its graph.
            if self._where(error)[0] or type(error).__module__.startswith("tensorflow."):
                raise
            # Keras numbers layers as they are built: the same model is another one's name the next time.
            reason = re.sub(r"(?<=[a-z])_\d+(?=')", "", str(error).partition("\n")[0])
            return f"something that the judge cannot look at ({type(error).__name__}: {reason})"

    def _raised(self, error: BaseException) -> Raised:
        # First of all: its text is code of the answer's, which may give it another class.
        kinds = tuple(name for name, kind in _BUILTIN.items() if _is_subclass(type(error), kind))
        try:
            message = str(error)
        except BaseException:
            message = "(its message cannot be printed)"
        where, source = self._where(error)
        notes = JUPYTERS_OWN | dict(source.notes) if source and type(error) is NameError else {}
        if note := notes.get(getattr(error, "name", "")):
            message = f"{message} ({note})"
        return Raised(_name_of(type(error)), kinds, message, where)

    def _at(self, error: BaseException) -> str:
        where, _ = self._where(error)
        return f"\n    {where}" if where else ""

    def _where(self, error: BaseException) -> tuple[str, Runnable | None]:
        """The last of the answer's own lines that an error went through, and the file that it stands in."""
        sources = [source for source in self.sources.values() if source is not None]
        trace = error.__traceback__
        found: tuple[str, Runnable | None] = "", None
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            for source in sources:
                if where := source.locate(filename, trace.tb_lineno):
                    found = f"{where}: {linecache.getline(filename, trace.tb_lineno).strip()}", source
            trace = trace.tb_next
        return found

    @contextmanager
    def as_current(self) -> Iterator[None]:
        """Within this, a topic's name means this answer's module. Within another one of it, it does so already."""
        if isinstance(first := sys.meta_path[0], Finder) and first.runner is self:
            yield
            return
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


class _Looks(View):
    """The second step of a TwoSteps."""

    def __init__(self, view: Any) -> None:
        self.view = view

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        return self.view.look(value)
