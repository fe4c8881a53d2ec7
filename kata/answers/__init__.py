"""An answer: the folder with somebody's files, what these say without being run, and running them in this process.

Come here to change where an exercise's file is looked for, what counts of a notebook, what "todo" means, how a module
is imported, or how a call that does not end is stopped.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.answers.answer import Answer, Reference
    from kata.answers.cells import read_cells
    from kata.answers.conversion import convert
    from kata.answers.folders import EXERCISES, SOLUTIONS, answer_of, find_files, is_answer, short
    from kata.answers.frameworks import import_quietly
    from kata.answers.loading import Finder, InProcess
    from kata.answers.reading import Ambiguous, choose_source, is_written, read_source, same_code
    from kata.answers.sources import Source
    from kata.answers.timelimit import counted, disarm, watch_for_ctrl_c
else:
    __getattr__ = door(__name__)
