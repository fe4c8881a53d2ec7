"""The judge inside pytest: from checks to outcomes, points and the board; from a failure to its misconception.

Come here for the pytest plugin, for the rule that turns checks into points, for the words of the board, and for hints
and their count. Grading uses the same rules without pytest.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.judge.board import Board, forget_results, load_results
    from kata.judge.diagnosis import Diagnosis, Known, Recorder, suite_inputs
    from kata.judge.hints import RUNGS, forget_hints, next_hints, read_hints
    from kata.judge.history import misunderstandings, runs
    from kata.judge.misconceptions import misconception
    from kata.judge.outcomes import BLOCKED, FAILED, PASSED, TODO, UNJUDGED, Results, blocked_by
else:
    __getattr__ = door(__name__)
