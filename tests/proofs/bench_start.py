"""What the judge costs: whole pytest runs, in pairs, beside a run of one test that imports NumPy.

    python -m tests.proofs.bench_start [PAIRS]

Prints the median of the ratios of CPU time. The bare run has the kata's plugin switched off. Each ratio comes from a
pair of runs, so that a machine whose speed drifts moves both of them.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from kata.syllabus import EXERCISES, ROOT

NUMPY = [f"exercises/{exercise.folder}" for exercise in EXERCISES if not exercise.needs]
JUDGED = {
    "an untouched clone": (["exercises/"], 1),
    "the solutions of 01 to 05": ([*NUMPY, "--answers", "solutions"], 0),
}


def seconds(arguments, status, state):
    """CPU seconds of one pytest run, which must end with a status."""
    environment = os.environ | {"KATA_STATE": state}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    if done.returncode != status:
        sys.exit(done.stdout + done.stderr)
    return taken


def main(pairs=15):
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder) / "test_bare.py"
        test.write_text("import numpy\n\n\ndef test_bare():\n    assert numpy.zeros(1)[0] == 0\n")
        bare = ["-p", "no:kata", "-p", "no:kata_guard", str(test)]
        for name, (arguments, status) in JUDGED.items():
            runs = [(seconds(arguments, status, folder), seconds(bare, 0, folder)) for _ in range(pairs + 1)][1:]
            ratio = statistics.median(judged / alone for judged, alone in runs)
            print(f"{name}: {ratio:.2f} times a bare run", end=" ")
            print(f"({statistics.median(judged for judged, _ in runs):.2f} s of CPU, {pairs} pairs)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
