"""`kata grade`: which submissions are judged, on this machine or a cluster, and what is kept for the next run.

Come here to change how a run begins, how it goes on after a crash, how it ends, how a submission becomes marks, or
which machine does the work. To change what is read of a submission, go to `kata/submissions/`; to change what is
written about it, such as a column of grades.csv, go to `kata/reports/`.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.grading.pool import judges
    from kata.grading.results import result_of
    from kata.grading.run import grade
    from kata.grading.suites import Suites
else:
    __getattr__ = door(__name__)
