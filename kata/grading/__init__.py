"""Marking a class: who is judged, by whom (this machine or a cluster), and what is kept for the next run.

Come here to change how a run begins, goes on after a crash and ends, how one answer becomes marks, or where the work
is done. What is read of a submission, and what is written about it, have rooms of their own.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.grading.pool import Pool
    from kata.grading.results import result_of
    from kata.grading.run import grade
else:
    __getattr__ = door(__name__)
