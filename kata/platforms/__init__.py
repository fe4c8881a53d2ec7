"""Judging where classes live: in Gradescope's containers and in a workflow of GitHub's.

Come here to change what `kata gradescope` and `kata classroom` write, and what runs there. To read or write files for
Moodle and Canvas is the work of the rooms `submissions` and `reports`.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.platforms.autograder import write_autograder
    from kata.platforms.classroom import write_workflow
else:
    __getattr__ = door(__name__)
