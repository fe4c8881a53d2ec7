"""How many submissions are graded in a second: this project, others, and the floor below which no sandbox goes.

    python -m tests.proofs.bench_grading [SUBMISSIONS] [--rounds N]
    python -m tests.proofs.bench_grading --whole SUBMISSIONS

The same answers, right and wrong ones, go through nbgrader, otter-grader and `kata grade`, in turns, as a shared
machine changes its speed. The others (tests/proofs/other_graders.py) get twelve of the checks of exercise 02, one
submission after the other, as their users do it: `nbgrader autograde`, and what `otter run` does, since `otter grade`
needs Docker. Neither has a sandbox then. `kata grade --exercises 02` grades with all of its 20 checks, in a sandbox:
once with `--jobs 1`, which is one submission after the other, too, and once as its users do it, on as many cores as
there are. Nobody counts seconds of a core: who starts a sandbox is not told what was computed in it.

The floor is the sandbox, the interpreter and `import numpy`, and nothing else, in turns with whole submissions.

With --whole, it is a class that handed in everything: all nine exercises, one in four of them right, the others with
three known misconceptions each. That takes about half a minute of a core for each submission.
"""

import argparse
import functools
import gc
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kata.answers.answer import Answer, Reference
from kata.grading.marking import Marking
from kata.grading.suites import Suites
from kata.judge import misconceptions
from kata.sandbox.bubblewrap import Sandbox
from kata.sandbox.runner import Sandboxed
from kata.sandbox.runtime import PACKAGES, find_runtime
from kata.syllabus import EXERCISES, ROOT, choose_exercises
from tests.proofs.other_graders import Missing, nbgrader, otter, spent_by
from tests.support import replace_function, solution, write_misconception

GRADE = [sys.executable, "-m", "kata", "grade"]
REPEAT = 10  # times as many submissions for kata: it grades them that much faster
OTHERS = {"nbgrader": nbgrader, "otter-grader": otter}


def main(number=10, rounds=3):
    """Print the figures."""
    beside_others(number, rounds)
    for numbers, what in (("02", "the checks of 02"), ("01,02,03,04,05", "all checks of 01 to 05")):
        for at_once in (1, 2):
            floor, whole = against_the_floor(at_once, numbers)
            print(
                f"{at_once} at once: the floor {floor * 1000:.0f} ms, {what} {whole * 1000:.0f} ms a submission:",
                end="",
            )
            print(f" {whole / floor:.2f} times the floor")


def beside_others(number, rounds):
    """Print what each grader spends on a submission; where one cannot be measured, why."""
    codes = [
        solution("activations"),
        replace_function("activations", "sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"),
        replace_function(
            "activations", "softmax", "def softmax(x, axis=-1):\n    return np.exp(x) / np.sum(np.exp(x))\n"
        ),
    ]
    submissions = {f"student{place:03}": codes[place % 3] for place in range(number)}
    ours = {"kata --jobs 1": functools.partial(kata, jobs=("--jobs", "1")), "kata": kata}
    graders, missing = OTHERS | ours, {}
    found = {name: [] for name in graders}
    for turn in range(rounds):
        names = list(graders)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            if name in missing:
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    spent = graders[name](Path(folder), submissions)
                except Missing as why:
                    missing[name] = why
                    continue
            found[name].append(spent / (number * (REPEAT if name in ours else 1)))
    for name in graders:
        if name in missing:
            print(f"{name + ':':15}not measured: {missing[name]}")
            continue
        times = [] if name in ours else [against(found[one], found[name], one) for one in ours]
        print(", ".join([f"{name + ':':15}{statistics.median(found[name]):.3f} s a submission", *times]))


def against(ours, theirs, name):
    """How many times as many seconds others take, round by round."""
    times = [other / mine for mine, other in zip(ours, theirs, strict=True)]
    return f"{statistics.median(times):.1f} times {name}'s ({min(times):.1f} to {max(times):.1f})"


def kata(folder, submissions, jobs=()):
    """Seconds of `kata grade` on {name: code}, REPEAT times, its own start included."""
    for name, code in submissions.items():
        for copy in range(REPEAT):
            target = folder / "submissions" / f"{name}-{copy}"
            target.mkdir(parents=True)
            (target / "activations.py").write_text(code)
    command = [*GRADE, folder / "submissions", "--output", folder / "marks", "--exercises", "02", *jobs]
    return spent_by(command, cwd=ROOT)[0]


def whole(number, numbers=None):
    """Print how long a class takes that handed in everything; numbers: of the exercises, None for all."""
    exercises, draw = choose_exercises(numbers), random.Random(0)
    runner = Reference().answer.runner
    known = {one: itertools.chain(*misconceptions.load(runner, one).values()) for one in exercises}
    # Not the other ways to make the same mistakes, which do not say in which function.
    known = {one: [wrong for wrong in those if hasattr(wrong, "misunderstands")] for one, those in known.items()}
    with tempfile.TemporaryDirectory() as name:
        folder, mistakes = Path(name), {}
        for place in range(number):
            chosen = draw.sample(exercises, min(3, len(exercises))) if place % 4 else []
            mistakes[f"student{place:03}"] = [draw.choice(known[one]) for one in chosen]
        for student, wrong in mistakes.items():
            write_misconception(folder / "submissions" / student, *wrong)
        command = [*GRADE, folder / "submissions", "--output", folder / "marks"]
        spent, _ = spent_by([*command, *(["--exercises", numbers] if numbers else [])], cwd=ROOT)
        for student, wrong in mistakes.items():
            result = json.loads((folder / "marks" / student / "result.json").read_text(encoding="utf-8"))
            without = [function for function, mark in result["functions"].items() if not mark["points"]]
            assert {each.misunderstands for each in wrong} <= set(without), (student, without)
            assert wrong or not without, (student, without)
    print(f"{len(exercises)} exercises, {number} submissions: {3600 * number / spent:.0f} in an hour", end="")
    print(f", {spent:.0f} s in all")


def against_the_floor(at_once, numbers, pairs=15):
    """(floor, whole): seconds for a submission, where so many are worked on at once, in processes of their own."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        command = [sys.executable, "-m", "tests.proofs.bench_grading", "measure", folder, numbers, str(pairs)]
        runs = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(at_once)]
        found = [json.loads(out) for out in pool.map(lambda one: one.communicate()[0], runs)]
    return tuple(statistics.mean(one[place] for one in found) / at_once for place in (0, 1))


def measure(folder, numbers, pairs):
    """Print [floor, whole]: the medians of this process, which measures both in turns."""
    sandbox = Sandbox(find_runtime(Path(folder) / f"runtime{os.getpid()}"), 10, 1024)
    judge = judge_in(sandbox, [exercise for exercise in EXERCISES if exercise.number in numbers.split(",")])
    found = [(floor(sandbox), judge()) for _ in range(pairs)]
    print(json.dumps([statistics.median(times) for times in zip(*found, strict=True)]))


def judge_in(sandbox, exercises):
    """A function that judges the solutions in a sandbox once, as a worker does, and returns the seconds."""
    reference = Reference()
    marking = Marking(Suites(exercises, reference), reference)
    seeds = itertools.count()  # as in a grading: each submission has random inputs of its own

    def judge():
        start = time.perf_counter()
        answer = Answer(ROOT / "solutions")
        answer.runner = Sandboxed(sandbox, answer, 10)
        marks = marking.judge(answer, (next(seeds), 0))
        answer.runner.close()
        taken = time.perf_counter() - start
        assert all(mark["outcome"] == "passed" for mark in marks["functions"].values())
        return taken

    judge()
    gc.freeze()  # as a worker does
    gc.set_threshold(20_000, 20, 20)
    return judge


def floor(sandbox):
    """Seconds for the sandbox, the interpreter and `import numpy`."""
    command, descriptors = sandbox._command(ROOT / "solutions", (), None, second=False)
    place = command.index("-c")
    command = [*command[: place + 1], f"import sys; sys.path.append({PACKAGES!r}); import numpy"]
    start = time.perf_counter()
    subprocess.run(command, pass_fds=descriptors, check=True)
    taken = time.perf_counter() - start
    for descriptor in descriptors:
        os.close(descriptor)
    return taken


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
        sys.exit()
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.bench_grading")
    parser.add_argument("submissions", type=int, nargs="?", default=10, help="of each round for the others")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", type=int, metavar="SUBMISSIONS", help="a class that handed in everything, instead")
    options = parser.parse_args()
    whole(options.whole) if options.whole else main(options.submissions, options.rounds)
