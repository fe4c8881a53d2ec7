"""Arguments and results that are no plain data, such as folders of images, data sets and models.

They never cross from an answer to the judge. A suite describes an argument in plain data (`Made`), which is made
into the object where the answer's code runs; and it says in plain data what it wants to know of a result (`View`).
So a data set is known by its batches, and a model by what it makes of given weights and images.

A `View` looks at a result in the answer's own process, whose code could make it say anything. So what it says is
worth no more than a value that was computed: it has to come of numbers that nobody could know before. What can only
be said by the process itself, such as that a layer is frozen, is worth nothing alone: each function has another check
that such words do not pass.

A `TwoSteps` is a view that such words do not reach. In the answer's process something is taken of the result: the
graph of a data set or of a model, the bytes of files. This is looked at in another process, in which none of the
answer's code has run, with files, images and weights that the first process has never seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import ExitStack


class Made:
    """An argument, described in plain data."""

    def make(self, cleanup: ExitStack) -> Any:
        """Return the object; what it leaves behind is handed to `cleanup`, an ExitStack."""
        raise NotImplementedError


class View:
    """What is to be known of a result, described in plain data; its text completes "seen: ".

    Attributes:
        looks_inside: whether it looks while the process is as the answer's code has left it. As a rule it does not:
            what the code has set, such as a dtype policy, reaches no view.
        remembers: whether what it sees depends on what it has seen in the same check.
    """

    looks_inside = False
    remembers = False

    def prepare(self, cleanup: ExitStack) -> None:
        """Change what the call is going to find, and have `cleanup` put it back."""

    def call(self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Call the answer's function, as a rule once; what is returned here is the `value` that `see` gets."""
        return function(*args, **kwargs)

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        """Return plain data: arrays, numbers, strings, and lists, tuples and dicts of them.

        Args:
            value: what the answer returned. What is not of the expected type is returned as it is.
            discard: removes what was made for the call's arguments.
        """
        raise NotImplementedError


class TwoSteps(View):
    """A view of what was taken of a result: see above."""

    def taker(self) -> View:
        """What runs in the answer's process. It holds nothing of what is going to be looked at."""
        raise NotImplementedError

    def look(self, taken: Any) -> Any:
        """Return plain data as `see` does, of what the taker returned, which may be forged."""
        raise NotImplementedError

    def call(self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        return self.taker().call(function, args, kwargs)

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        return self.look(self.taker().see(value, discard))


def other(value: Any, wanted: str) -> tuple[str, Any]:
    """What a taker returns of a value that is not of the expected type, and what is seen of it: see `unseen`."""
    return "other", value if _is_short(value) else f"no {wanted}, but {_article(type(value).__name__)}"


def unseen(taken: Any) -> Any:
    """What is seen where nothing could be taken: no collection or array, which could be what a check waits for."""
    value = taken[1]
    return value if _is_short(value) else "something else"


def _is_short(value: Any) -> bool:
    return value is None or type(value) in (str, bool, int, float)


def make(value: Any, cleanup: ExitStack) -> Any:
    """Return the object that a Made describes, and anything else as it is."""
    return value.make(cleanup) if isinstance(value, Made) else value


@dataclass(frozen=True)
class Defaults(View):
    """The defaults of a function's parameters, where its signature tells them: {name: default}.

    A training with all of its epochs costs more than a check may. Right answers differ in what a signature tells: a
    wrapper may hide the parameters, and None or an object of the answer's may stand for the default. What nobody can
    read from outside is seen as the contract has it.

    Attributes:
        contract: {name: default}, bools, numbers and texts.
    """

    contract: dict[str, Any]

    def call(self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        return function

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import inspect  # which few checks need

        try:
            parameters = inspect.signature(value).parameters
        except (TypeError, ValueError):  # of some callables there is none
            return dict(self.contract)
        return {name: _default(parameters.get(name), due) for name, due in self.contract.items()}

    def __repr__(self) -> str:
        return "the defaults of its parameters, without a call"


def _default(parameter: inspect.Parameter | None, due: Any) -> Any:
    if parameter is None:
        return due
    if parameter.default is parameter.empty:
        return "no default"
    readable = type(parameter.default) in (bool, int, float, str)
    return parameter.default if readable and parameter.default != due else due


_last: list[str] = []  # the path of the folder that was made last


def last_folder() -> str:
    """The path of the Folder, or that of the Paths or the File, that was made last in this process."""
    return _last[-1] if _last else ""


@dataclass(frozen=True)
class Folder(Made):
    """A folder with files: {"images/1.jpg": bytes}. The function gets its path, a str."""

    files: dict[str, bytes]

    def make(self, cleanup: ExitStack) -> str:
        import tempfile  # which few checks need

        folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="kata-"))
        for name, content in self.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _last[:] = [folder]
        return folder

    def __repr__(self) -> str:
        return f"<a folder with {_some(self.files)}>" if self.files else "<an empty folder>"


@dataclass(frozen=True)
class Paths(Made):
    """The paths of files in a folder that is made for them: a list of str, in the order of `names`."""

    files: dict[str, bytes]
    names: tuple[str, ...]

    def make(self, cleanup: ExitStack) -> list[str]:
        folder = Folder(self.files).make(cleanup)
        return [str(Path(folder, name)) for name in self.names]

    def __repr__(self) -> str:
        return f"<the paths of {_some(self.names)}>"


@dataclass(frozen=True)
class File(Made):
    """The path of a file that is made for the call, a str."""

    name: str
    content: bytes | None  # None: there is no such file

    def make(self, cleanup: ExitStack) -> str:
        files = {} if self.content is None else {self.name: self.content}
        return str(Path(Folder(files).make(cleanup), self.name))

    def __repr__(self) -> str:
        return f"<the path of {self.name}>"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:4])} ... {names[-1]} ({len(names)} files)"
