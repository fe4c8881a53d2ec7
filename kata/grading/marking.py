"""From one answer to its marks: every check of the suites, in an order that gives nothing away.

First come the checks with literal inputs, whose failures are shown and diagnosed, then those with random inputs. Of
these a student is told whether they were passed, and nothing that the answer can choose: not how one failed, nor
which misconception it looks like. What the instructor may know besides is a check's `detail`.
"""

import contextlib
import os
import traceback
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from kata.answers import Answer, Reference
from kata.checks import CheckFailed
from kata.grading.suites import SHOWN, Drawn, Suites, Test
from kata.judge import BLOCKED, FAILED, PASSED, TODO, UNJUDGED, Diagnosis, Known, Results, blocked_by
from kata.reports import CheckOutcome, FunctionMarks, Marks
from kata.sandbox import Sandboxed, SandboxError
from kata.syllabus import BY_FUNCTION

_LONG = 2000  # characters of one failure
DRAWS = 4  # of random inputs for each attempt where TensorFlow is needed; with what is right for them, 80 MB each
_NOT_PASSED = (
    "for random inputs {function} does not do what the solution does. To see such ones: "
    "pytest exercises/{folder} --seed {seed}"
)


@dataclass
class Check:
    """What came of one test.

    Attributes:
        function: whose; test: its name; outcome: one of the five; text: what there is to say of it.
        kinds: what failed, such as a value, for the diagnosis.
        detail: what happened, where the text does not say it: for the instructor.
    """

    function: str
    test: str
    outcome: str
    text: str = ""
    kinds: list[str] = field(default_factory=list)
    detail: str = ""


class Marking:
    """Judges answers, one after the other."""

    def __init__(self, suites: Suites, reference: Reference) -> None:
        self.suites, self.known = suites, Known(reference, suites.inputs)
        self.draws: dict[int, Drawn] = {}

    def judge(
        self,
        answer: Answer,
        seeds: tuple[int, int],
        functions: Collection[str] | None = None,
        outcomes: Mapping[str, str] | None = None,
    ) -> Marks:
        """Return an answer's marks: of its functions, and of all their checks.

        Args:
            answer: its `runner` is a Sandboxed.
            seeds: of the random inputs of functions that need NumPy alone, and of the others. What is right for the
                others takes seconds to compute, and is kept for the next answer.
            functions: which; None: all; outcomes: {function: outcome} of others, which these may rest on.
        """
        runner = cast(Sandboxed, answer.runner)
        found: dict[Test, Check] = {}
        written = []
        for function, tests in self.suites.tests.items():
            if functions is not None and function not in functions:
                continue
            if answer.todo(function):
                found |= {test: Check(function, test.name, TODO, "not written yet") for test in tests}
            else:
                written.append(function)
        for function in written:
            found |= self._checks(function, self.suites.literal, answer, runner)
        diagnoses = _Diagnoses(answer, runner, self.known)
        for function in written:
            checks = (found[test] for test in self.suites.literal.tests(function))
            diagnoses.find(function, [kind for check in checks for kind in check.kinds])
        # From here on the answer knows random inputs, and can choose what becomes of it and its processes: only
        # whether it passed is taken from that.
        computed = self.suites.reference.known.copy()
        with runner.unnoticed():
            own, kept = Drawn(self.suites, seeds[0]), self._kept(seeds[1])
            for function in written:
                found |= self._checks(function, kept if BY_FUNCTION[function].needs else own, answer, runner)
        self.suites.reference.known = computed  # nobody is asked this again
        results = Results()
        for function, outcome in (outcomes or {}).items():
            results[function].add(outcome)
        return self._marks(found, results, answer, diagnoses)

    def _kept(self, seed: int) -> Drawn:
        drawn = self.draws.pop(seed, None) or Drawn(self.suites, seed)
        self.draws[seed] = drawn
        if len(self.draws) > DRAWS:  # the one that was asked for longest ago: a later attempt has others
            del self.draws[next(iter(self.draws))]
        return drawn

    def unread(self, reason: str) -> Marks:
        """Return the marks of what is not judged."""
        tests = (test for tests in self.suites.tests.values() for test in tests)
        found = {test: Check(test.function, test.name, UNJUDGED, reason) for test in tests}
        return {"refused": reason, **self._marks(found, Results())}

    def _marks(
        self,
        found: dict[Test, Check],
        results: Results,
        answer: Answer | None = None,
        diagnoses: "_Diagnoses | None" = None,
    ) -> Marks:
        functions, told = {}, []
        for function, tests in self.suites.tests.items():
            checks = [found[test] for test in tests if test in found]
            if not checks:
                continue  # it is not asked for
            functions[function] = self._mark(function, checks, answer, results)
            if answer and diagnoses and functions[function]["outcome"] == FAILED:
                kinds = [kind for check in checks for kind in check.kinds]
                functions[function]["diagnoses"] = diagnoses.find(function, kinds, afresh=True)
            for check in checks:
                outcome = CheckOutcome(function=function, test=check.test, outcome=check.outcome, text=check.text)
                if check.detail:
                    outcome["detail"] = check.detail
                told.append(outcome)
        return {"functions": functions, "checks": told}

    def _checks(self, function: str, drawn: Drawn, answer: Answer, runner: Sandboxed) -> dict[Test, Check]:
        if not BY_FUNCTION[function].needs and function not in answer.endless:
            self._send_ahead(function, drawn, runner)
        found = {}
        for test in drawn.tests(function):
            runner.begin(test.name)
            found[test] = self._run(test, drawn, answer, runner)
        return found

    def _send_ahead(self, function: str, drawn: Drawn, runner: Sandboxed) -> None:
        try:
            runner.expect(drawn.plan(function))
        except SandboxError:
            raise
        except Exception:  # the tests are going to fail in the same way, and to say so
            return

    def _run(self, test: Test, drawn: Drawn, answer: Answer, runner: Sandboxed) -> Check:
        check = self._try(test, drawn, answer, runner)
        if test.seeded and check.outcome != PASSED:
            check.outcome, check.detail, check.kinds = FAILED, check.text, self._kinds(test)
            folder = BY_FUNCTION[test.function].folder
            check.text = _NOT_PASSED.format(function=test.function, folder=folder, seed=SHOWN)
        return check

    def _kinds(self, test: Test) -> list[str]:
        """What a test asks for: what of it failed is not to be known."""
        try:
            return list(dict.fromkeys(given.kind for given in self.suites.shown(test)))
        except Exception:  # as in `_send_ahead`
            return []

    def _try(self, test: Test, drawn: Drawn, answer: Answer, runner: Sandboxed) -> Check:
        function = test.function
        kinds: list[str] = []

        def no_diagnosis(function: str, kind: str) -> None:
            kinds.append(kind)

        answer.diagnose = no_diagnosis
        try:
            drawn.run(test, answer)
            return Check(function, test.name, PASSED)
        except CheckFailed as failed:
            if reason := runner.unjudged.get(function):
                return Check(function, test.name, UNJUDGED, reason)
            return Check(function, test.name, FAILED, _cut(str(failed)), kinds)
        except SandboxError:
            raise
        except Exception as error:  # the kata's own, perhaps by what it was sent: it costs this check, and no other
            text = _cut(f"the judge itself failed: {type(error).__name__}: {error}")
            return Check(function, test.name, UNJUDGED, text, detail=traceback.format_exc()[-_LONG:])

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
        worth = BY_FUNCTION[function].points[function]
        return {
            "points": worth if result.solved else 0,
            "worth": worth,
            "outcome": outcome,
            "reason": reasons[0] if reasons and outcome in (UNJUDGED, BLOCKED) else "",
            "passed": result.passed,
            "checks": result.checks,
            "diagnoses": [],
        }


class _Diagnoses:
    """The misconceptions behind an answer's failures. Nothing that it is called with here ever gives points.

    Args:
        answer: the Answer; runner: its Sandboxed; known: the Known of the suites.
    """

    def __init__(self, answer: Answer, runner: Sandboxed, known: Known) -> None:
        self.answer, self.runner = answer, runner
        self.diagnosis = Diagnosis(answer, known)
        self.endless = answer.endless.copy()  # before there were random inputs
        self.fresh = False

    def find(self, function: str, kinds: Iterable[str], afresh: bool = False) -> list[str]:
        """Return the sentences on a function that failed checks of some kinds.

        Args:
            afresh: whether what was not asked before is asked in processes that have seen no random inputs, and where
                they could find what such a process has left behind, not at all.
        """
        kinds = list(dict.fromkeys(kinds))
        asked = [kind for kind in kinds if (function, kind) not in self.diagnosis.found]
        if asked and function not in self.endless and (self.runner.sandbox.forgets or not afresh):
            if afresh and not self.fresh:
                self.runner.close()
                self.fresh = True
            self.answer.endless, self.answer.diagnose = self.endless.copy(), None
            with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), self.runner.unnoticed():
                for kind in asked:
                    self._ask(function, kind)
            self.answer.endless = self.endless.copy()
        found = [self.diagnosis.found.get((function, kind)) for kind in kinds]
        return [sentence for sentence in dict.fromkeys(found) if sentence]

    def _ask(self, function: str, kind: str) -> None:
        try:
            self.diagnosis(function, kind)
        except SandboxError:
            raise
        except Exception:  # it is only a kindness
            self.diagnosis.found[function, kind] = None


def outcome_of(functions: dict[str, FunctionMarks]) -> str:
    """The outcome of a whole submission: passed, failed, or could not be judged."""
    outcomes = {marks["outcome"] for marks in functions.values()}
    if UNJUDGED in outcomes:
        return UNJUDGED
    return "passed" if outcomes == {"passed"} else "failed"


def handed_in(functions: dict[str, FunctionMarks]) -> bool:
    """Whether there was anything to judge."""
    return any(marks["outcome"] != TODO for marks in functions.values())


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]} ..."
