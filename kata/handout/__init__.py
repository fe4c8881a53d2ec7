"""`kata handout`: from the instructor's repository, one for students, which judges as it does and holds no answer.

Come here to change which files students get and how these are changed for them (`copying`, `documents`), or what the
copy knows in the place of solutions and misconceptions (`recording`). It is read there by kata/judge/record.py.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.handout.handout import write_handout
else:
    __getattr__ = door(__name__)
