"""What comes out of grading: feedback for students, tables and pages for instructors, files for platforms.

Come here to add a column, to change a page or its words, or to write another gradebook. A report is made of a result
as plain data; how the result came about is not known here.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.reports.feedback import clean, write_feedback
    from kata.reports.gradebooks import canvas_csv, moodle_csv
    from kata.reports.gradescope import results_json
    from kata.reports.pages import feedback_page, index_page
    from kata.reports.result import CheckOutcome, FunctionMarks, Marks, SubmissionResult
    from kata.reports.tables import grades_csv, grades_json, junit_xml
else:
    __getattr__ = door(__name__)
