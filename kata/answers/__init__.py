"""An answer is the folder with somebody's exercise files. This room finds, reads and runs these files.

Come here to change where an exercise's file is looked for, which of two files counts, which cells of a notebook
count, when a function is "todo", how a module is imported, or how a call that does not end is stopped.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.answers.answer import Answer, Calls, Reference
    from kata.answers.cells import Notebook, read_cells
    from kata.answers.conversion import Cell, convert, plain
    from kata.answers.finder import Finder
    from kata.answers.frameworks import import_quietly
    from kata.answers.isolation import allow_breakpoints
    from kata.answers.loading import InProcess
    from kata.answers.reading import (
        Ambiguous,
        checked,
        choose_source,
        is_written,
        read_source,
        same_code,
    )
    from kata.answers.sources import Source
    from kata.answers.timelimit import counted, disarm, watch_for_ctrl_c
else:
    __getattr__ = door(__name__)
