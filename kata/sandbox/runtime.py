"""What a stranger's process sees of this machine: Python, its library, NumPy, a few modules of the kata.

Everything else stays out of its sight, so this is found out file by file: a small Python process imports what it can
and lists the shared libraries that this took. They are copied into a small root folder, which has a place for each
folder that is shown in it; that is quicker to show than a hundred single files.
"""

import ast
import functools
import glob
import json
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kata.doors import names_of
from kata.syllabus import ROOT

# Prints where NumPy lies, and what is mapped once it and the standard library are imported.
_PROBE = """
import importlib, json, os, sys
sys.path.extend(json.loads(sys.argv[1]))
found = os.path.dirname(importlib.import_module("numpy").__file__)
for folder in sys.path:
    for file in os.listdir(folder) if folder.endswith("lib-dynload") else ():
        if not file.startswith("_tkinter"):
            try:
                importlib.import_module(file.partition(".")[0])
            except BaseException:
                pass
with open("/proc/self/maps") as maps:
    files = {line.split(None, 5)[5].strip() for line in maps if "/" in line}
print(json.dumps([found, sorted(file for file in files if ".so" in os.path.basename(file))]))
"""
_LOCALE = "/usr/lib/locale/C.utf8"
_C_LIBRARY = ("libdl", "librt", "libutil", "libpthread", "libm", "libmvec", "libresolv", "libanl", "libgomp")
JUDGE, PACKAGES, ANSWER, SCRATCH = "/judge", "/packages", "/answer", "/scratch"  # where a sandbox has them


@dataclass(frozen=True)
class Runtime:
    """What is shown to a stranger's process, read-only.

    Attributes:
        python: the interpreter; library: the folder of its standard library.
        numpy: folders that hold NumPy; site: the folder with all packages.
        folder: our own folder, with the sandboxes' root in root/, the kata's modules in judge/, in packages/ links to
            NumPy alone, and in stat how many processors there are.
    """

    python: str
    library: str
    numpy: tuple[str, ...]
    site: str
    folder: str

    def save(self) -> dict[str, Any]:
        """As plain data, for `Runtime(**data)` elsewhere."""
        return asdict(self)


def find_runtime(folder: Path | str) -> Runtime:
    """Find out what a process needs, and lay it out in an empty folder.

    Raises:
        RuntimeError: Python or NumPy does not start; the message is its own.
    """
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    paths = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    command = [python, "-S", "-s", "-P", "-B", "-c", _PROBE, json.dumps(paths)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise RuntimeError(f"{python} cannot import NumPy: {''.join(last)}")
    found, files = json.loads(done.stdout.splitlines()[-1])
    numpy = (found, *filter(os.path.isdir, [found + ".libs"]))
    folder, site = Path(folder).resolve(), os.path.dirname(found)
    # The rest of the C library, which larger packages want, lies beside it.
    beside = {os.path.dirname(file) for file in files if os.path.basename(file).startswith("libc.")}
    for name in _C_LIBRARY:
        files += [path for place in beside for path in glob.glob(f"{place}/{name}.so.*") if path not in files]
    runtime = Runtime(python, sysconfig.get_path("stdlib"), numpy, site, str(folder))
    _lay_out(runtime, folder, [file for file in files if not file.startswith((runtime.library, *numpy, site + "/"))])
    return runtime


def _lay_out(runtime: Runtime, folder: Path, shared: list[str]) -> None:
    root = folder / "root"
    for place in (
        *map(PACKAGES.__add__, ("", "/numpy", "/numpy.libs")),
        JUDGE,
        ANSWER,
        SCRATCH,
        "/tmp",
        "/dev",
        "/proc",
    ):
        (root / place[1:]).mkdir(parents=True)
    for link in glob.glob("/lib*"):  # such as /lib64 -> usr/lib64
        if os.path.islink(link):
            (root / link[1:]).symlink_to(os.readlink(link))
            (root / os.readlink(link).lstrip("/")).mkdir(parents=True, exist_ok=True)
    (root / runtime.library[1:]).mkdir(parents=True)
    links = functools.cache(_links)  # most of them lie in one folder, which has hundreds
    for file in (runtime.python, *shared):
        _copy(file, root, links)
    for loader in glob.glob("/lib*/ld-*.so*"):  # named in every program, by its own path
        if not (root / loader[1:]).exists():
            _copy(loader, root, links)
    for name in ("null", "random", "urandom"):
        (root / "dev" / name).touch()
    for file in glob.glob(f"{_LOCALE}/**", recursive=True):  # what LANG names; a newer libc has it built in
        if os.path.isfile(file):
            _copy(file, root, links)
    if os.path.exists("/etc/ld.so.cache"):
        _copy("/etc/ld.so.cache", root, links)
    # Which processors there are, for the C library, and not what they have done.
    with open("/proc/stat") as stat:
        lines = [line.partition(" ")[0] + " 0" * 10 + "\n" for line in stat if line.startswith("cpu")]
    (folder / "stat").write_text("".join(lines))
    (folder / "packages").mkdir()
    for package in runtime.numpy:
        (folder / "packages" / os.path.basename(package)).symlink_to(package)
    _copy_judge(folder / "judge" / "kata")
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _copy(file: str, root: Path, links: Callable[[str], dict[str, list[str]]]) -> None:
    """Copy a file to its own path under a root, with the links to it beside it: libraries are asked for by those."""
    target = root / file[1:]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target)
    for name in links(os.path.dirname(file)).get(file, ()):
        link = target.with_name(name)
        if not link.exists():
            link.symlink_to(target.name)


def _links(folder: str) -> dict[str, list[str]]:
    """The links to libraries in a folder: {path of what they lead to: their names}."""
    found: dict[str, list[str]] = {}
    for entry in os.scandir(folder):
        if ".so" in entry.name and entry.is_symlink():
            found.setdefault(os.path.realpath(entry.path), []).append(entry.name)
    return found


def modules() -> list[str]:
    """The kata's modules that a stranger's process may import: the child, what describes objects, what these use."""
    descriptions = [path for path in (ROOT / "kata/checks").glob("*.py") if _describes_objects(path)]
    found, left = set(), {"kata.sandbox.child", *(f"kata.checks.{path.stem}" for path in descriptions)}
    while left:
        found |= left
        left = set().union(*map(_imported, left)) - found
    rooms = {name.rpartition(".")[0] for name in found}
    return sorted(found | rooms | {"kata.doors"})


def path_of(module: str) -> Path:
    """Where a module or a package of the kata lies in this checkout."""
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _imported(module: str) -> Iterator[str]:
    """The modules that a module of the kata imports from when it runs, behind their doors."""
    for node in _at_run_time(ast.parse(path_of(module).read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "kata":
            for alias in node.names:
                if path_of(node.module).name != "__init__.py":
                    yield node.module
                elif node.module == "kata":
                    yield f"kata.{alias.name}"
                else:
                    yield names_of(node.module).get(alias.name, f"{node.module}.{alias.name}")


def _at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a syntax tree without what stands there for type checkers alone: the body of `if TYPE_CHECKING:`."""
    yield node
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        children = node.orelse
    for child in children:
        yield from _at_run_time(child)


def _describes_objects(path: Path) -> bool:
    tree = ast.parse(path.read_bytes())
    bases = {ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases}
    return bool(bases & {"Made", "View", "TwoSteps"})


def _copy_judge(target: Path) -> None:
    for name in modules():
        source = path_of(name)
        path = target / source.relative_to(ROOT / "kata")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
        # Compiled once for all submissions, and not to be compared with the source: it does not change.
        py_compile.compile(str(path), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
