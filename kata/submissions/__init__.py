"""What students handed in: from downloads, folders, archives and single files to one student's exercise files.

Come here to change which names of platforms are understood, which archives are read (`archives`, and their
endings in `files`), which file counts if there are several, and what is refused, with which words. This room does not
run the code of a submission.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.submissions.downloads import is_class, unpack
    from kata.submissions.files import Refused, printable
    from kata.submissions.layouts import Submission, find_submissions
    from kata.submissions.names import Member, members_of
    from kata.submissions.prefixes import Part
    from kata.submissions.staging import lay_out, read_answer
else:
    __getattr__ = door(__name__)
