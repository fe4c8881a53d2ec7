"""From one answer to its marks: every check of the suites, in an order that gives nothing away.

First come the checks with literal inputs, whose failures are shown, then those with random inputs, of which nothing
is shown: what an answer has seen of them cannot come out in the report of the others.
"""

import contextlib
import os
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from kata.answers import Answer, Reference
from kata.checks import CheckFailed
from kata.grading.suites import Suites, Test
from kata.judge import BLOCKED, FAILED, PASSED, TODO, UNJUDGED, Diagnosis, Known, Results, blocked_by
from kata.reports import CheckOutcome, FunctionMarks, Marks
from kata.sandbox import Sandboxed, SandboxError
from kata.syllabus import BY_FUNCTION

_LONG = 2000  # characters of one failure
# An exit status or the length of a message could tell what the inputs were.
_WITHOUT_DETAILS = "it ended its process, or said what it was not asked, at random inputs"


@dataclass
class Check:
    """What came of one test.

    Attributes:
        function: whose; test: its name; outcome: one of the five; text: what there is to say of it.
        kind: what kind of check failed, for the diagnosis.
    """

    function: str
    test: str
    outcome: str
    text: str = ""
    kind: str | None = None


class Marking:
    """Judges answers, one after the other."""

    def __init__(self, suites: Suites, reference: Reference) -> None:
        self.suites, self.known = suites, Known(reference, suites.inputs)

    def judge(self, answer: Answer) -> Marks:
        """Return an answer's marks: of its functions, and of all checks.

        Args:
            answer: its `runner` is a Sandboxed.
        """
        runner = cast(Sandboxed, answer.runner)
        found: dict[Test, Check] = {}
        for seeded in (False, True):
            for function, tests in self.suites.tests.items():
                if answer.todo(function):
                    found |= {test: Check(function, test.name, TODO, "not written yet") for test in tests}
                    continue
                if not BY_FUNCTION[function].needs and function not in answer.endless:
                    self._send_ahead(function, seeded, runner)
                for test in tests:
                    if test.seeded == seeded:
                        runner.begin(test.name)
                        found[test] = self._run(test, answer, runner)
        return self._marks(found, answer)

    def unread(self, reason: str) -> Marks:
        """Return the marks of what is not judged."""
        tests = (test for tests in self.suites.tests.values() for test in tests)
        found = {test: Check(test.function, test.name, UNJUDGED, reason) for test in tests}
        return {"refused": reason, **self._marks(found, None)}

    def _marks(self, found: dict[Test, Check], answer: Answer | None) -> Marks:
        results, functions, told = Results(), {}, []
        for function, tests in self.suites.tests.items():
            checks = [found[test] for test in tests]
            functions[function] = self._mark(function, checks, answer, results)
            told += [CheckOutcome(function=function, test=c.test, outcome=c.outcome, text=c.text) for c in checks]
        return {"functions": functions, "checks": told}

    def _send_ahead(self, function: str, seeded: bool, runner: Sandboxed) -> None:
        try:
            plan = self.suites.plan(function, seeded)
        except Exception:  # the tests are going to fail in the same way, and to say so
            return
        runner.expect(plan)

    def _run(self, test: Test, answer: Answer, runner: Sandboxed) -> Check:
        function = test.function
        kinds: list[str] = []

        def no_diagnosis(function: str, kind: str) -> None:
            kinds.append(kind)

        answer.diagnose = no_diagnosis
        try:
            self.suites.run(test, answer)
            return Check(function, test.name, PASSED)
        except CheckFailed as failed:
            reason = runner.unjudged.get(function)
            if reason:
                return Check(function, test.name, UNJUDGED, _WITHOUT_DETAILS if test.seeded else reason)
            text = _hidden(failed) if test.seeded else _cut(str(failed))
            return Check(function, test.name, FAILED, text, *kinds)
        except SandboxError:
            raise
        except Exception as error:  # the kata's own: it costs this check, and not the others
            traceback.print_exc()
            told = type(error).__name__ if test.seeded else f"{type(error).__name__}: {error}"
            return Check(function, test.name, UNJUDGED, _cut(f"the judge itself failed: {told}"))

    def _mark(self, function: str, checks: list[Check], answer: Answer | None, results: Results) -> FunctionMarks:
        result = results[function]
        result.checks = len(checks)
        for check in checks:
            if check.outcome == FAILED and answer and (reason := blocked_by(answer, function, results)):
                check.outcome, check.text = BLOCKED, _cut(reason)
            result.add(check.outcome)
        outcomes = {check.outcome for check in checks}
        outcome = next(each for each in (UNJUDGED, FAILED, BLOCKED, TODO, PASSED) if each in outcomes)
        reasons = [check.text for check in checks if check.outcome == outcome and outcome != PASSED]
        kinds = dict.fromkeys(check.kind for check in checks if check.outcome == FAILED and check.kind)
        worth = BY_FUNCTION[function].points[function]
        return {
            "points": worth if result.solved else 0,
            "worth": worth,
            "outcome": outcome,
            "reason": reasons[0] if reasons and outcome in (UNJUDGED, BLOCKED) else "",
            "passed": result.passed,
            "checks": result.checks,
            "diagnoses": self._diagnose(answer, function, kinds) if answer and outcome == FAILED else [],
        }

    def _diagnose(self, answer: Answer, function: str, kinds: Iterable[str]) -> list[str]:
        answer.diagnose = None
        diagnosis = Diagnosis(answer, self.known)
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
            try:
                found = [diagnosis(function, kind) for kind in kinds if function not in answer.endless]
            except SandboxError:
                raise
            except Exception:  # it is only a kindness
                traceback.print_exc()
                found = []
        return [sentence for sentence in dict.fromkeys(found) if sentence]


def outcome_of(functions: dict[str, FunctionMarks]) -> str:
    """The outcome of a whole submission: passed, failed, or could not be judged."""
    outcomes = {marks["outcome"] for marks in functions.values()}
    if UNJUDGED in outcomes:
        return UNJUDGED
    return "passed" if outcomes == {"passed"} else "failed"


def handed_in(functions: dict[str, FunctionMarks]) -> bool:
    """Whether there was anything to judge."""
    return any(marks["outcome"] != TODO for marks in functions.values())


def _hidden(failed: CheckFailed) -> str:
    """What is said of a failure with random inputs: nothing that the answer itself could have written."""
    if failed.call.fault:
        return f"{failed.call.function} did not end, or could not be called"
    what = "raised an exception" if failed.call.raised else "returned something else than the solution"
    number = BY_FUNCTION[failed.call.function].folder
    return f"{failed.call.function} {what} for random inputs. To see such ones: pytest exercises/{number} --seed 1"


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]} ..."
