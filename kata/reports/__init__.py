"""What comes out of grading: feedback for students, tables and pages for instructors, files for platforms.

Come here to add a column to grades.csv (`tables`) or to the files for Moodle and Canvas (`gradebooks`), to change a
page or its words, or to write for another gradebook. A report is made from results in plain data; this room does not
know how a result came about.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.reports.feedback import clean, write_feedback
    from kata.reports.gradebooks import canvas_csv, moodle_csv
    from kata.reports.gradescope import results_json
    from kata.reports.pages import feedback_page, index_page
    from kata.reports.result import CheckOutcome, FunctionMarks, Judged, Marks, SubmissionResult
    from kata.reports.tables import grades_csv, grades_json, junit_xml
else:
    __getattr__ = door(__name__)
