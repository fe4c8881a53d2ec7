"""A grading run of 200 submissions, killed at ten random moments and begun again each time: is anything lost?

    python -m tests.proofs.torture [SUBMISSIONS] [KILLS]

Ends with an error where the grades are not those of a run that nobody disturbed, or something was judged twice.
"""

import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.grading.test_grading import grade, many, start


def main(number=200, kills=10):
    """Print what happened at each kill, and what came out in the end."""
    with tempfile.TemporaryDirectory() as name:
        folder, output, undisturbed = (Path(name) / part for part in ("submissions", "output", "undisturbed"))
        many(folder, number)
        options = ("--exercises", "02", "--time-limit", "1", "--seed", "3", "--jobs", "2")
        start_time = time.perf_counter()
        grade(folder, "--output", undisturbed, *options)
        whole = time.perf_counter() - start_time
        print(f"undisturbed: {whole:.0f} s")
        moments, done = random.Random(), {}
        for kill in range(1, kills + 1):
            process = start(folder, "--output", output, *options)
            seconds = moments.uniform(0.2, 2 * whole / kills)
            time.sleep(seconds)
            over = process.poll() is not None
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
            now = {path: path.stat().st_mtime_ns for path in output.glob("*/result.json")}
            changed = [path for path in done if now.get(path) != done[path]]
            if changed:
                sys.exit(f"judged twice, or lost: {changed}")
            done = now
            print(f"kill {kill} after {seconds:.1f} s: {len(done)} of {number} are judged{' (it was over)' * over}")
        grade(folder, "--output", output, *options)
        if (output / "grades.csv").read_bytes() != (undisturbed / "grades.csv").read_bytes():
            sys.exit("grades.csv is another one")
        if len(list(output.glob("*/result.json"))) != number:
            sys.exit("results are missing")
        print("grades.csv is that of the undisturbed run")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
