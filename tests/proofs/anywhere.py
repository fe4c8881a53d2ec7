"""Is a right answer right on every machine? The kata on slow, busy, old and foreign ones.

    python -m tests.proofs.anywhere
    python -m tests.proofs.anywhere --light --only "2 GB" --only nobody

On each machine of tests/proofs/machines.py it judges the untouched stubs and the solutions with `pytest exercises/`,
grades three submissions, and runs the tests that such a machine may touch, each in a process of its own. It prints a
line for each: ok, red, or why it cannot be played here. What was red is shown at the end, and the exit status is 1.

"hurried" judges 06 with a time limit that no machine keeps: a limit that knows how long the solution takes on this
machine lets a right answer pass.
"""

import argparse
import contextlib
import csv
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kata.syllabus import EXERCISES
from tests.proofs.machines import MACHINES, Machine, NotHere
from tests.support import NUMPY, replace_function

TESTS = [
    "tests/answers/test_timelimit.py",  # limits and Ctrl-C
    "tests/learn/test_command.py",
    "tests/learn/test_watch.py",
    "tests/sandbox/test_allowance.py",
    # Those play a slow machine themselves, for half a minute each.
    *(
        "--deselect",
        "tests/answers/test_timelimit.py::test_a_right_answer_on_a_slow_machine_is_right_and_a_loop_is_none",
    ),
    *("--deselect", "tests/answers/test_timelimit.py::test_code_that_a_busy_machine_makes_wait_may_take_longer"),
]
ARITHMETIC = "tests/exercises/test_gpu_training.py::test_features_once_are_end_to_end_training_but_for_rounding"
HURRY = "0.05"  # seconds: a call of 06 with 1,600 files takes longer everywhere
# Nothing else of the solutions rests on it.
WRONG = "binary_accuracy", "logit_threshold", "def logit_threshold(probability):\n    return probability\n"
SANDBOX = "from tests.support import NO_SANDBOX; print(f'sandbox: {NO_SANDBOX}')"


class Red(Exception):
    """It is not as it should be; the text is what came out."""


def chosen(machine: Machine):
    return [exercise for exercise in EXERCISES if not (machine.light and exercise.needs)]


def stubs(machine: Machine, folder: Path) -> None:
    """All of them todo, and exit 1: what somebody sees who has just cloned the kata."""
    status, said = machine.run(["-m", "pytest", *(NUMPY if machine.light else ["exercises/"])], folder)
    rows = re.findall(r"^\d\d \w+ .* 0/\d+ +todo$", said, re.MULTILINE)
    if status != 1 or points(said) != 0 or len(rows) != len(EXERCISES) or "Traceback" in said:
        raise Red(f"exit {status}\n{said}")


def solutions(machine: Machine, folder: Path) -> None:
    """All of them right, and exit 0."""
    what = NUMPY if machine.light else ["exercises/"]
    _right(machine, folder, *what, exercises=chosen(machine))


def hurried(machine: Machine, folder: Path) -> None:
    """Right also where nothing ends within the stated seconds."""
    if machine.light:
        raise NotHere("what takes time needs TensorFlow")
    _right(machine, folder, "exercises/06_data_pipeline", "--time-limit", HURRY, exercises=[EXERCISES[5]])


def _right(machine, folder, *arguments, exercises):
    status, said = machine.run(["-m", "pytest", *arguments, "--answers", "solutions"], folder)
    if status or points(said) != sum(exercise.worth for exercise in exercises) or "Traceback" in said:
        raise Red(f"exit {status}\n{said}")


def points(said: str) -> int | None:
    """The points of the board's last line."""
    found = re.search(r"^total .*? (\d+)/", said, re.MULTILINE)
    return int(found[1]) if found else None


def grade(machine: Machine, folder: Path) -> str:
    """The points of the solutions, of the stubs, and of somebody who has one function wrong."""
    _, said = machine.run(["-c", SANDBOX], folder)
    if "sandbox: None" not in said:
        raise NotHere(said.strip().splitlines()[-1])
    exercises, (topic, function, code) = chosen(machine), WRONG
    if "ONEDNN_MAX_CPU_ISA" in machine.variables:
        # The sandbox knows nothing of the guise: float16, which cannot be played, comes out as two things.
        exercises = [exercise for exercise in exercises if exercise.number != "09"]
    for exercise in exercises:
        for name, path in (("right", exercise.solution), ("stubs", exercise.stub), ("wrong", exercise.solution)):
            place = folder / "class" / name / exercise.folder
            place.mkdir(parents=True)
            shutil.copy(path, place)
            if name == "wrong" and exercise.topic == topic:
                (place / path.name).write_text(replace_function(topic, function, code), encoding="utf-8")
    names = ",".join(exercise.number for exercise in exercises)
    command = ["-m", "kata", "grade", str(folder / "class"), "--output", str(folder / "marks"), "--exercises", names]
    status, said = machine.run(command, folder)
    if status == 2 and "kata: Python keeps the locks" in said:
        raise NotHere("the locks of Python's processes need /dev/shm; kata grade says so")
    if status:
        raise Red(f"exit {status}\n{said}")
    with (folder / "marks/grades.csv").open(encoding="utf-8", newline="") as file:
        found = {row["submission"]: float(row["points"]) for row in csv.DictReader(file)}
    worth = sum(exercise.worth for exercise in exercises)
    lost = next(exercise.points[function] for exercise in exercises if exercise.topic == topic)
    if found != {"right": worth, "stubs": 0, "wrong": worth - lost}:
        raise Red(f"{found}\n{said}")
    return "" if exercises == chosen(machine) else "without 09: its float16 cannot be played in a sandbox"


def tests(machine: Machine, folder: Path) -> None:
    """What depends on clocks, signals, paths and terminals; and where there is TensorFlow, on its arithmetic."""
    files = TESTS if machine.light else [*TESTS, ARITHMETIC]
    status, said = machine.run(["-m", "pytest", "-q", "-p", "no:cacheprovider", *files], folder)
    if status:
        raise Red(f"exit {status}\n{said}")


WHAT: dict[str, Callable[[Machine, Path], str | None]] = {
    each.__name__: each for each in (stubs, solutions, hurried, grade, tests)
}


def play(name: str, light: bool, what: list[str]) -> list[tuple[str, str, str]]:
    """Do everything on one machine; returns (machine, what, what came out) of what is red."""
    red = []
    with contextlib.ExitStack() as stack:
        try:
            machine = MACHINES[name](stack)
            machine.light |= light
            machine.choose()
        except NotHere as why:
            _say(name, "everything", f"not here: {why}")
            return []
        for each in what:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            folder.chmod(0o777)
            start, verdict = time.monotonic(), "ok"
            try:
                verdict += f", {note}" if (note := WHAT[each](machine, folder)) else ""
            except NotHere as why:
                verdict = f"not here: {why}"
            except Red as error:
                verdict = "red"
                red.append((name, each, str(error)))
            _say(name, each, verdict, time.monotonic() - start)
    return red


def _say(name: str, what: str, verdict: str, seconds: float = 0.0) -> None:
    took = f"{seconds:5.0f} s" if seconds >= 0.5 else " " * 7
    print(f"{name:16} {what:10} {took}  {verdict}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.anywhere")
    parser.add_argument("--only", action="append", choices=list(MACHINES), help="a machine; repeatable")
    parser.add_argument("--what", action="append", choices=list(WHAT), help="what is done there; repeatable")
    parser.add_argument("--light", action="store_true", help="01 to 05 only: a minute for each machine")
    options = parser.parse_args(arguments)
    red = []
    for name in options.only or MACHINES:
        red += play(name, options.light, options.what or list(WHAT))
    for name, what, said in red:
        print(f"\n{name}, {what}: {said[-6000:]}")
    print(f"\n{len(red)} red" if red else "\nNothing is red.")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
