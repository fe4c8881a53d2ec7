"""What the benchmarks (exercises/NN_topic/bench_topic.py) share: somebody's function, the solution and Keras, timed.

Where Keras has nothing of the kind, yours is timed beside the solution alone. In a handout, which has no solutions,
yours is timed beside Keras, once the board says that it is right.

A benchmark names this module as its pytest plugin and takes the fixture `speed`, which runs it once for each size
and each of the three. All are timed in one process, by pytest-benchmark, and only after their result was found right.
The run ends with the ratios of the medians.
"""

import inspect
import os
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from itertools import product
from types import ModuleType
from typing import Any, cast

import numpy as np
import pytest
from pytest_benchmark.utils import DEFAULT_COLUMNS

from kata import state
from kata.answers import Answer, InProcess, Reference
from kata.checks import SOLUTION, Call, CheckFailed, check, difference
from kata.judge import TODO, load_results
from kata.syllabus import HANDOUT

WHO = YOURS, SOLVED, KERAS = "yours", "solution", "Keras"
COLUMNS = ["min", "median", "iqr", "rounds"]  # of the table; all of them need a wide screen
SIZES = [int(size) for size in os.environ.get("KATA_BENCH_SIZES", "64 1000000").split()]  # n_samples
Told = dict[str, dict[str, float | str]]  # {title: {who: seconds, or in words why there are none}}
_told = pytest.StashKey[Told]()


class NotWritten(pytest.skip.Exception):  # type: ignore[misc, name-defined]
    """The function is still the stub: todo, as the judge calls it."""


class Speed:
    """Times one of the three on one size.

    Attributes:
        n_samples: the size that the benchmark makes its arrays for.
    """

    def __init__(
        self, request: pytest.FixtureRequest, answer: Answer, reference: Reference, n_samples: int, who: str
    ) -> None:
        self.request, self.answer, self.reference = request, answer, reference
        self.n_samples, self.who = n_samples, who

    def __call__(
        self,
        title: str,
        function: str,
        args: tuple,
        kwargs: dict[str, Any],
        in_keras: Callable[[ModuleType], Callable] | None = None,
        rtol: float = 1e-5,
        atol: float = 0.0,
    ) -> None:
        """Check that a function's result is right, then time it.

        Args:
            title: what the table and the ratios call it; the three of one title are compared.
            function: name of the kata's function.
            args, kwargs: what it is called with; Keras gets the arrays among them as tensors, made beforehand.
            in_keras: function of the module keras that returns what does the same work there; None where Keras has
                nothing of the kind.
            rtol, atol: how near the results must be, as in `check`.
        """
        if len(self.request.config.option.answers) > 1:
            title = f"{self.answer.name}: {title}"
        told = results_of(self.request, title)
        told[self.who] = "wrong"  # until it is found right
        if HANDOUT and self.who == SOLVED:
            told[self.who] = "not in this copy"
            pytest.skip("this copy of the kata has no solutions")
        if in_keras is None and self.who == KERAS:
            told[self.who] = "has no such function"
            pytest.skip("Keras has no such function")
        expected = None if HANDOUT else getattr(self.reference, function)(*args, **kwargs)
        context: AbstractContextManager[None]
        if in_keras is not None and self.who == KERAS:
            timed, context = self._keras(in_keras, args, kwargs, told), nullcontext()
            call = Call(function, value=timed())
            if expected is not None and (lines := difference(call, expected, rtol, atol, silent=False)):
                pytest.fail("\n".join(["Keras and the solution disagree", *lines]), pytrace=False)
        else:
            answer = self.answer if self.who == YOURS else self.reference.answer
            if answer.todo(function):
                told[self.who] = "not written yet"
                raise NotWritten("not written yet")
            if expected is None:
                results = load_results()
                if function not in results or not results[function].solved:
                    told[self.who] = "not right yet, as far as the board knows"
                    raise NotWritten("pytest exercises/ has not found it right yet")
            else:
                try:
                    check(answer.call(function, args, kwargs), expected, rtol, atol, source=SOLUTION)
                except CheckFailed as error:
                    pytest.fail(str(error), pytrace=False)
            # The function itself: what the judge wraps around it would be timed, too.
            runner = cast(InProcess, answer.runner)
            found = inspect.unwrap(runner.load_function(function))
            timed, context = lambda: found(*args, **kwargs), runner.as_current()
        with context:
            measure(self.request, title, self.who, lambda benchmark: benchmark(timed))

    def _keras(
        self,
        in_keras: Callable[[ModuleType], Callable],
        args: tuple,
        kwargs: dict[str, Any],
        told: dict[str, float | str],
    ) -> Callable[[], np.ndarray]:
        """What calls Keras eagerly, on tensors made here, up to a NumPy array."""
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        try:
            import keras  # not above: it takes seconds, and the other two are timed without it, too
        except ImportError:
            told[self.who] = "not installed"
            pytest.skip("Keras is not installed")
        tensors = [keras.ops.convert_to_tensor(each) if isinstance(each, np.ndarray) else each for each in args]
        compute = in_keras(keras)
        return lambda: np.asarray(compute(*tensors, **kwargs))


def _id(param: tuple[int, str]) -> str:
    return f"{param[0]}-{param[1]}"


def at_most(n_samples: int) -> pytest.MarkDecorator:
    """Mark a benchmark of which more than `n_samples` would take too long or too much memory."""
    sizes = dict.fromkeys(min(size, n_samples) for size in SIZES)
    return pytest.mark.parametrize("speed", list(product(sizes, WHO)), indirect=True, ids=_id)


@pytest.fixture(params=product(SIZES, WHO), ids=_id)
def speed(request: pytest.FixtureRequest, answer: Answer, reference: Reference) -> Speed:
    """Checks and times: `speed(title, function, args, kwargs, in_keras)`."""
    return Speed(request, answer, reference, *request.param)


def results_of(request: pytest.FixtureRequest, title: str) -> dict[str, float | str]:
    """What is known of those that are compared under a title: {who: seconds, or in words why there are none}."""
    return request.config.stash.setdefault(_told, {}).setdefault(title, {})


def measure(request: pytest.FixtureRequest, title: str, who: str, run: Callable[[Any], object]) -> None:
    """Time one of those that are compared under a title: `run(benchmark)` calls pytest-benchmark's fixture."""
    told = results_of(request, title)
    told[who] = "not timed"
    benchmark = request.getfixturevalue("benchmark")
    benchmark.group = title
    run(benchmark)
    if benchmark.stats:  # none with --benchmark-disable
        told[who] = benchmark.stats.stats.median


def ratios(told: Told) -> list[str]:
    """Return a line for each title: how many times the solution's time the others took."""
    lines = []
    for title, results in told.items():
        solution = results.get(SOLVED)
        if not isinstance(solution, float):
            continue
        parts, unit = [], " times the solution's time"
        for who, result in results.items():
            if who == SOLVED:
                continue
            if isinstance(result, float):
                ratio = result / solution
                parts.append(f"{who} {ratio:.{2 if ratio < 10 else 0}f}{unit}")
                unit = " times"
            else:
                parts.append(f"{who} {result}")
        lines.append(f"{title}: {', '.join(parts)}")
    return lines


def pytest_configure(config: pytest.Config) -> None:
    session = config._benchmarksession  # type: ignore[attr-defined]  # it has no public name for this
    if session.columns == DEFAULT_COLUMNS:
        session.columns = COLUMNS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Generator[None, Any, Any]:
    report = yield
    if call.excinfo and isinstance(call.excinfo.value, NotWritten):
        report.kata = TODO
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    # As in the judge: todo is no failure to read, but not solved either.
    everything = [result for results in session.config.stash.get(_told, {}).values() for result in results.values()]
    if exitstatus == pytest.ExitCode.OK and "not written yet" in everything:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter", config: pytest.Config) -> None:
    told = config.stash.get(_told, {})
    if lines := ratios(told):
        terminalreporter.section("ratios of the medians", sep="-")
        for line in lines:
            terminalreporter.write_line(line)
    if told and not config.option.answers:
        keep(told)


def keep(told: Told) -> None:
    """Keep what was timed of the learner's own functions for `kata report`; a run of a part updates its part."""
    timed = {title: results for title, results in told.items() if any(isinstance(s, float) for s in results.values())}
    now = {title: {"at": time.time(), "results": results} for title, results in timed.items()}
    state.save("benchmark", state.load("benchmark") | now)
