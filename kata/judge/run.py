"""What one pytest session judges: the answers, what came of their checks, and why a check failed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from kata.answers import Reference
from kata.judge.outcomes import Results, blocked_by
from kata.syllabus import HANDOUT

if TYPE_CHECKING:
    from kata.answers import Answer
    from kata.judge.diagnosis import Diagnosis, Input, Known
    from kata.judge.record import Recorded, RecordedKnown


class Run:
    """What one pytest session judges.

    Args:
        answers: the Answers.
        seed: of the random inputs.
    """

    def __init__(self, answers: list[Answer], seed: int) -> None:
        self.answers, self.seed = answers, seed
        self.results = {answer: Results() for answer in answers}
        self.told: set[tuple[Answer, str]] = set()  # (answer, fault) pairs that stand in the report in full
        self.reference = _reference()
        self.suites: dict[str, type] = {}  # function -> the test class that checks it
        self.diagnoses: dict[Answer, Diagnosis] = {}
        for answer in answers:
            answer.diagnose = functools.partial(self.diagnose, answer)

    @functools.cached_property
    def known(self) -> Known | RecordedKnown:
        # Only for a failure.
        if isinstance(self.reference, Reference):
            from kata.judge.diagnosis import Known

            return Known(self.reference, self.inputs)
        from kata.judge.record import RecordedKnown

        return RecordedKnown(self.inputs)

    def diagnose(self, answer: Answer, function: str, kind: str) -> str | None:
        """Which misconception a failed check of an answer comes from: its sentence, or None."""
        if blocked_by(answer, function, self.results[answer]):
            return None  # it will be told what it waits for; to find out more may take seconds
        from kata.judge.diagnosis import Diagnosis
        from kata.judge.record import RecordError

        if answer not in self.diagnoses:
            self.diagnoses[answer] = Diagnosis(answer, self.known)
        try:
            return self.diagnoses[answer](function, kind)
        except RecordError as error:  # the failure is told all the same
            return str(error)

    def inputs(self, function: str) -> list[Input]:
        """The inputs of all checks of a function, whichever of them were selected for this run."""
        from kata.judge.diagnosis import fixtures_of, suite_inputs

        return suite_inputs(self.suites[function], function, fixtures_of(self.seed, self.reference))


def _reference() -> Reference | Recorded:
    if HANDOUT is None:
        return Reference()
    from kata.judge.record import Recorded

    return Recorded()
