"""What is known of one graded submission, as the plain data of its result.json: grading makes it, reports show it."""

from typing import NotRequired, TypedDict


class CheckOutcome(TypedDict):
    """What came of one check of the suites.

    function: whose; test: its name; outcome: such as kata.judge's PASSED; text: what there is to say of it.
    detail: what only the instructor may know, such as how a check with random inputs failed; only then.
    """

    function: str
    test: str
    outcome: str
    text: str
    detail: NotRequired[str]


class FunctionMarks(TypedDict):
    """The marks of one function.

    points, worth: what it got, of how much; outcome: such as kata.judge's PASSED.
    reason: what it waits for, or why it could not be judged; "" otherwise.
    passed, checks: how many of its checks passed, of how many.
    diagnoses: what was misunderstood, as sentences.
    """

    points: int
    worth: int
    outcome: str
    reason: str
    passed: int
    checks: int
    diagnoses: list[str]


class Marks(TypedDict):
    """What judging a submission came to.

    functions: {function: its marks}; checks: in the order of the suites, left out where many results are in memory.
    digest: of what was judged; attempt: how often its owner's work was judged with this one, which decides the random
        inputs of what was judged then, together with digest and the run's seed.
    notes: what there is to say of it, as sentences; seconds: how long it took.
    spent: what it cost the judge's own process, cpu in seconds, and megabytes that this has had at most so far.
    refused: why it was not judged at all; only then.
    """

    functions: dict[str, FunctionMarks]
    checks: NotRequired[list[CheckOutcome]]
    digest: NotRequired[str]
    attempt: NotRequired[int | str]
    notes: NotRequired[list[str]]
    seconds: NotRequired[float]
    spent: NotRequired[dict[str, float]]
    refused: NotRequired[str]


class Judged(TypedDict):
    """The marks of some exercises: functions and checks as in Marks."""

    functions: dict[str, FunctionMarks]
    checks: list[CheckOutcome]


class SubmissionResult(Marks):
    """The marks of a submission, and whose they are.

    submission: its name; place: its folder in the output.
    status: "passed", "failed" or "could not be judged"; handed_in: whether there was anything to judge.
    points, max_points: what it got, of how much; exercises: {an exercise's folder: points}.
    platform: "moodle", "canvas" or ""; number: what the platform calls its owner.
    keys: {an exercise's folder: a digest of what decided its marks besides the submission}; attempts: {an exercise's
        folder: the attempt with which it was judged}; both also of what is aside.
    aside: what is kept of other exercises, for a run that asks for them; in result.json alone.
    """

    submission: str
    place: str
    status: str
    points: int
    max_points: int
    handed_in: bool
    platform: str
    number: str
    exercises: dict[str, int]
    keys: dict[str, str]
    attempts: dict[str, int | str]
    aside: NotRequired[Judged]
