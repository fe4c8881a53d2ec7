"""The judge inside pytest: outcomes, points, the board, hints, and the misconception behind a failure.

Come here to change the pytest plugin and its options, the rule that turns outcomes into points, the words of the
board, or when a hint is shown. The texts of hints and misconceptions are in solutions/NN_topic/. Grading uses the
same rules without pytest.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.judge.board import Board, as_printed, forget_results, load_results
    from kata.judge.diagnosis import Diagnosis, Input, Known, Recorder, check_inputs, fixtures_of, suite_inputs
    from kata.judge.hints import RUNGS, forget_hints, next_hints, read_hints, told_hints
    from kata.judge.history import Run, misunderstandings, runs
    from kata.judge.misconceptions import another_way, misconception, sentence, with_defaults
    from kata.judge.outcomes import BLOCKED, FAILED, PASSED, TODO, UNJUDGED, Results, blocked_by
else:
    __getattr__ = door(__name__)
