"""The judge inside pytest: whose answers are judged, by which suites, and what came of every check.

A check is one test of a suite under exercises/. It belongs to the function that its class is marked with:
`@pytest.mark.function("sigmoid")`. Two outcomes are the kata's own: todo (an untouched stub, found without
importing it) and blocked (nothing can be said until something else is mended).
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from kata.answers import Answer, allow_breakpoints, disarm, watch_for_ctrl_c
from kata.checks import CheckFailed
from kata.folders import EXERCISES, SOLUTIONS, short
from kata.judge import history
from kata.judge.arguments import add_options, read_answers
from kata.judge.board import Board, as_printed
from kata.judge.outcomes import BLOCKED, TODO, Result, blocked_by
from kata.judge.plugin import AT_TERMINAL
from kata.judge.run import Run
from kata.syllabus import BY_FUNCTION, HANDOUT

if TYPE_CHECKING:
    from collections.abc import Generator

    from kata.answers import Reference
    from kata.judge.record import Recorded

MANY_CHARACTERS = 2000  # of what an answer printed; the rest is cut from a failure's report
_run = pytest.StashKey[Run]()


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser.getgroup("kata"))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "function(name): the checks of this class decide the points of the exercise's function"
    )
    watch_for_ctrl_c()
    if AT_TERMINAL:
        allow_breakpoints()
    if config.option.first_failure:
        config.option.no_summary = True
    config.stash[_run] = Run(read_answers(config), config.option.seed)


def pytest_report_header(config: pytest.Config) -> list[str]:
    run = config.stash[_run]
    if not any((config.invocation_params.dir / path).resolve().is_relative_to(EXERCISES) for path in config.args):
        return []
    strangers = [answer for answer in run.answers if answer.folder not in (EXERCISES, SOLUTIONS)]
    lines = [f"kata: judging {', '.join(short(answer.folder) for answer in run.answers)}, seed {run.seed}"]
    if strangers:
        lines.append("kata: this code runs in this process, with your rights; for strangers there is: kata grade")
    return lines


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    run = metafunc.config.stash[_run]
    if "answer" in metafunc.fixturenames and len(run.answers) > 1:
        names = [answer.name for answer in run.answers]
        ids = [
            name if names.count(name) == 1 else short(answer.folder)
            for name, answer in zip(names, run.answers, strict=True)
        ]
        metafunc.parametrize("answer", run.answers, ids=ids, indirect=True, scope="session")


@pytest.fixture(scope="session")
def answer(request: pytest.FixtureRequest) -> Answer:
    """The answer under judgement: `answer.sigmoid(x)` calls its sigmoid and returns a Call for `check`."""
    return getattr(request, "param", None) or request.config.stash[_run].answers[0]


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Reference | Recorded:
    """The solutions: `reference.sigmoid(x)` returns the expected array. Proven equal to Keras under tests/.

    In a handout: what the solutions returned where it was made.
    """
    return request.config.stash[_run].reference


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """A random generator that starts at the run's seed."""
    return np.random.default_rng(request.config.stash[_run].seed)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        is_check = item.path.is_relative_to(EXERCISES) and not item.path.name.startswith("bench_")
        if is_check and isinstance(item, pytest.Function) and "answer" in item.fixturenames:
            check = _check_of(item)
            if check is None or check[1] not in BY_FUNCTION or item.cls is None:
                raise pytest.UsageError(f"{item.nodeid} is not marked with a function of kata/syllabus.py")
            checks = [name for name in dir(item.cls) if name.startswith("test")]
            config.stash[_run].results[check[0]][check[1]].checks = len(checks)
            config.stash[_run].suites[check[1]] = item.cls


def pytest_collection_finish() -> None:
    # What is there now stays until the end: looking for garbage need not look at it each time.
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    gc.enable()  # where nothing was collected, for whoever runs pytest in a process that goes on


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Literal[True] | None:
    check = _check_of(item)
    if check is None:
        return None
    run, (answer, function) = item.config.stash[_run], check
    if answer.todo(function):
        return _report_unrun(item, nextitem, run.results[answer][function], TODO, "not written yet")
    fault = answer.file_fault(function)
    if fault and (answer, fault) in run.told:
        return _report_unrun(item, nextitem, run.results[answer][function], BLOCKED, fault.partition("\n")[0])
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    check = _check_of(item)
    if check is None:
        return report
    run, (answer, function) = item.config.stash[_run], check
    report.sections = [(title, _cut(text)) for title, text in report.sections]
    reason = None
    if report.when == "call" and report.failed and call.excinfo and isinstance(call.excinfo.value, CheckFailed):
        reason = blocked_by(answer, function, run.results[answer])
        if reason:
            report.outcome = "skipped"
            report.kata = BLOCKED  # type: ignore[attr-defined]
            report.longrepr = _skipped(item, reason)
        else:
            if fault := answer.file_fault(function):
                run.told.add((answer, fault))
            report.longrepr = f"{call.excinfo.value}\n{_place(call.excinfo, item)}"
    elif HANDOUT and report.failed and call.excinfo:
        from kata.judge.record import RecordError

        if isinstance(call.excinfo.value, RecordError):
            report.longrepr = str(call.excinfo.value)
    if report.when == "call" or report.failed:
        failure = _cut(str(report.longrepr)) if report.failed else None
        run.results[answer][function].add(getattr(report, "kata", report.outcome), reason, failure)
    return report


def _report_unrun(
    item: pytest.Item, nextitem: pytest.Item | None, result: Result, outcome: str, reason: str
) -> Literal[True]:
    """Report a check without entering it: neither fixtures nor the answer are touched, which makes it free."""
    # The class and module of the last check that did run may end here; pytest has no public name for this.
    item.session._setupstate.teardown_exact(nextitem)
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    report = pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords={},
        outcome="skipped",
        longrepr=_skipped(item, reason),
        when="call",
        kata=outcome,
    )
    result.add(outcome, reason)
    item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _skipped(item: pytest.Item, reason: str) -> tuple[str, int, str]:
    """What pytest wants to know of a check that says nothing."""
    return str(item.path), item.location[1] or 0, reason


def _place(excinfo: pytest.ExceptionInfo[BaseException], item: pytest.Item) -> str:
    lines = [entry.lineno + 1 for entry in excinfo.traceback if Path(str(entry.path)) == item.path]
    return f"{short(item.path)}:{lines[-1]}"


def _cut(text: str) -> str:
    return text if len(text) <= MANY_CHARACTERS else f"{text[:MANY_CHARACTERS]}\n... and {len(text)} characters more"


def pytest_report_teststatus(report: Any) -> tuple[str, str, str] | None:
    if report.when == "call" and getattr(report, "kata", None):
        return report.kata, {TODO: "t", BLOCKED: "b"}[report.kata], report.kata.upper()
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
    # Todo and blocked are no failures to read, but neither is the exercise solved.
    all_right = all(results.all_right() for results in session.config.stash[_run].results.values())
    if exitstatus == pytest.ExitCode.OK and not all_right:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    failures = terminalreporter.getreports("failed") + terminalreporter.getreports("error")
    if config.option.first_failure and failures:
        terminalreporter.write_sep("_", failures[0].head_line)
        terminalreporter.write_line(str(failures[0].longrepr))
    for answer, results in config.stash[_run].results.items():
        if results:
            board = Board(answer, results)
            terminalreporter.section(f"board of {short(answer.folder)}", sep="-")
            for line in as_printed(board.lines()):
                terminalreporter.write_line(line)
            board.save()
            if answer.folder == EXERCISES:
                diagnosis = config.stash[_run].diagnoses.get(answer)
                history.record(results, diagnosis.found if diagnosis else {})


def pytest_enter_pdb() -> None:
    disarm()


def _check_of(item: pytest.Item) -> tuple[Answer, str] | None:
    """The (answer, function) that an item checks; None where it is no check of an exercise."""
    marker = item.get_closest_marker("function")
    if marker is None:
        return None
    callspec = getattr(item, "callspec", None)
    answer = callspec.params.get("answer") if callspec else None
    return answer or item.config.stash[_run].answers[0], marker.args[0]
