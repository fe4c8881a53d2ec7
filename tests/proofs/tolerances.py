"""How exact the suites are: the solution's own float32 error, the tolerance, the nearest misconception.

    python -m tests.proofs.tolerances
    python -m tests.proofs.tolerances --guises

prints for every function, in units of the tolerance of the check: the largest error of the solution, measured
against the same solution in float64, and the distance of the misconception that comes nearest to passing, at the
input that tells it apart best. A tolerance is right where error < 1 < distance, with room on both sides.
With --guises it prints the errors alone, in this process and in each guise of tests/guises.py.
There compute_features is inf where oneDNN is held back and the processor has float16: see tests/guises.py.
"""

import importlib.util
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from kata.answers.answer import Answer, Reference
from kata.checks.comparison import ERROR, VALUE, plain
from kata.judge import misconceptions
from kata.judge.diagnosis import agree, suite_inputs
from kata.syllabus import BY_FUNCTION, EXERCISES, ROOT
from tests.guises import GUISES, environment

# Their result depends on a comparison with a threshold, where a float64 copy of the input would decide otherwise.
KEEP_FLOAT32_INPUTS = {"predict_multi_hot", *EXERCISES[4].points}


def measure(exercises=EXERCISES, seed=0, with_distances=True):
    """Yield (function, error, nearest misconception, its distance) for every function of some exercises.

    Without distances, which take a call of every misconception with every input, the last two are None and infinity.
    """
    np.seterr(all="ignore")  # some misconceptions warn
    reference = Reference()
    runner = reference.answer.runner
    with tempfile.TemporaryDirectory() as folder:
        float64 = _float64_solutions(Path(folder))
        for exercise in exercises:
            # TensorFlow has no float64 of its own to compare with: the second answer stands in.
            exact = Answer(ROOT / "tests" / "keras_answer") if exercise.needs else float64
            known = misconceptions.load(runner, exercise)
            for function in exercise.points:
                every = suite_inputs(_suite(function), function, _fixtures(reference, seed))
                # Where float32 and float64 part at the clip, and both are right, there is no one distance.
                two = [given for given in every if given.accepts_two and function == "binary_crossentropy"]
                inputs = [given for given in every if given.kind == VALUE and not any(given is each for each in two)]
                errors = [given for given in every if given.kind == ERROR]
                rights = [runner.call(function, given.args, given.kwargs, given.view) for given in inputs]
                error = max(
                    _deviation(_exact_call(exact, function, given), right, given, types=False)
                    for given, right in zip(inputs, rights, strict=True)
                )
                distances = {None: math.inf}
                for wrong in known.get(function, ()) if with_distances else ():
                    if any(_told_apart(runner, wrong, function, given) for given in errors):
                        continue  # a misconception about errors, which no value has to tell
                    distances[wrong.__name__] = max(
                        _deviation(
                            runner.call_other(wrong, function, given.args, given.kwargs, given.view), right, given
                        )
                        for given, right in zip(inputs, rights, strict=True)
                    )
                nearest = min(distances, key=distances.get)
                yield function, error, nearest, distances[nearest]


def _suite(function):
    exercise = BY_FUNCTION[function]
    path = exercise.stub.with_name(f"test_{exercise.topic}.py")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (suite,) = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and any(mark.args == (function,) for mark in getattr(value, "pytestmark", ()))
    ]
    return suite


def _fixtures(reference, seed):
    return {"rng": lambda: np.random.default_rng(seed), "reference": lambda: reference}


def _told_apart(runner, wrong, function, given):
    right = runner.call(function, given.args, given.kwargs, given.view)
    return not agree(runner.call_other(wrong, function, given.args, given.kwargs, given.view), right, given)


def _float64_solutions(folder):
    for exercise in EXERCISES[:5]:
        text = exercise.solution.read_text(encoding="utf-8").replace("np.float32", "np.float64")
        (folder / f"{exercise.topic}.py").write_text(text, encoding="utf-8")
    return Answer(folder)


def _exact_call(exact, function, given):
    def wide(value):
        keep = function in KEEP_FLOAT32_INPUTS or getattr(value, "dtype", None) != np.float32
        return value if keep or BY_FUNCTION[function].needs else value.astype(np.float64)

    return exact.call(function, tuple(map(wide, given.args)), given.kwargs, given.view)


def _deviation(call, right, given, types=True):
    """The largest deviation of a call's value from the right one, in units of the check's tolerance."""
    if call.raised or call.changed or (given.silent and call.warnings):
        return math.inf
    return _value_deviation(call.value, right.value, given, types)


def _value_deviation(value, expected, given, types):
    if isinstance(expected, tuple):
        if not isinstance(value, tuple) or len(value) != len(expected):
            return math.inf
        pairs = zip(value, expected, strict=True)
        return max(_value_deviation(one, other, given, types) for one, other in pairs)
    if isinstance(expected, np.generic):  # of an array without axes
        value, expected = np.asarray(value), np.asarray(expected)
    if isinstance(expected, np.ndarray):
        if type(value) is not np.ndarray or value.shape != expected.shape:
            return math.inf
        if types and value.dtype != expected.dtype:
            return math.inf
    elif not isinstance(expected, float) or not isinstance(value, float | int | np.floating | np.integer):
        return 0.0 if plain(value) == plain(expected) else math.inf
    one, other = np.asarray(value, np.float64), np.asarray(expected, np.float64)
    with np.errstate(all="ignore"):
        off = np.where((one == other) | (np.isnan(one) & np.isnan(other)), 0, np.abs(one - other))
        units = np.where(off == 0, 0, off / (given.atol + given.rtol * np.abs(other)))
    return float(np.max(np.where(np.isnan(units), np.inf, units), initial=0))


def errors(exercises=EXERCISES):
    """{function: error of the solution in units of its tolerance} in this process."""
    return {function: error for function, error, *_ in measure(exercises, with_distances=False)}


def errors_in(guise, exercises=EXERCISES):
    """The same in a process in a guise."""
    code = "import json, sys; from tests.proofs.tolerances import *; "
    code += "print(json.dumps(errors([EXERCISES[int(number)] for number in sys.argv[1:]])))"
    numbers = [str(EXERCISES.index(exercise)) for exercise in exercises]
    done = subprocess.run(
        [sys.executable, "-c", code, *numbers], cwd=ROOT, env=environment(guise), stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def main(arguments):
    if arguments == ["--guises"]:
        print(f"{'error, in units of the tolerance':34} {'as it is':>14}", *(f"{name:>14}" for name in GUISES))
        for exercise in EXERCISES:
            columns = [errors([exercise]), *(errors_in(guise, [exercise]) for guise in GUISES)]
            for function in exercise.points:
                print(f"{function:34}", *(f"{column[function]:14.2g}" for column in columns), flush=True)
        return
    print(f"{'function':34} {'error':>9}  tolerance  {'distance':>9}  nearest misconception")
    for function, error, nearest, distance in measure():
        print(f"{function:34} {error:9.2g} <    1    < {distance:9.3g}  {nearest}")


if __name__ == "__main__":
    main(sys.argv[1:])
