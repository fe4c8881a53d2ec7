"""Judging on other platforms: in Gradescope's containers and in a workflow on GitHub.

Come here to change what `kata gradescope` and `kata classroom` write, and what runs on these platforms. To read
downloads of Moodle and Canvas, go to `kata/submissions/`; to write files for them, go to `kata/reports/`.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.platforms.autograder import write_autograder
    from kata.platforms.classroom import write_workflow
else:
    __getattr__ = door(__name__)
