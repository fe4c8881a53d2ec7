"""The doors of the rooms: `from kata.checks import check` imports the module that has it when it is asked for.

A room's `__init__.py` lists what others may use of it under `if TYPE_CHECKING:`, where type checkers and editors
read it. The same lines are read here. So a door costs nothing until somebody uses it: every pytest run of this Python
passes through one, and a sandbox has only a few modules of a room.
"""

from __future__ import annotations

import ast
import functools
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def door(room: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a room (PEP 562).

    Args:
        room: str, the package's name, such as "kata.checks".
    """

    def __getattr__(name: str) -> Any:
        if name.startswith("_") or name not in (names := names_of(room)):
            raise AttributeError(f"{room} has no {name} for others")
        return getattr(importlib.import_module(names[name]), name)

    return __getattr__


@functools.cache
def names_of(room: str) -> dict[str, str]:
    """Return {name: the module that has it} of what others may use of a room."""
    path = Path(__file__).parent.joinpath(*room.split(".")[1:], "__init__.py")
    listed = [node for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.If)]
    imports = [node for block in listed for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module for node in imports if node.module for alias in node.names}
