"""How long the page of `kata open` takes from a save to the new state: twenty saves of each of two exercises.

    python -m tests.proofs.bench_page

In a real browser and a clone of this checkout. The run of pytest that judges the same exercise is timed beside it.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kata.learn import judging
from kata.syllabus import BY_TOPIC, ROOT
from tests.browser import chromium
from tests.conftest import NOT_COPIED
from tests.support import solution

SAVES = 20
WATCHED = {"activations": "sigmoid", "losses": "binary_crossentropy"}


def main():
    """Print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        shutil.copytree(ROOT, clone, ignore=NOT_COPIED)
        environment = os.environ | {"PYTHONPATH": str(clone), "KATA_STATE": str(Path(folder, "state"))}
        command = [sys.executable, "-m", "kata", "open", "--no-browser"]
        with subprocess.Popen(command, cwd=clone, env=environment, stdout=subprocess.PIPE, text=True) as process:
            address = process.stdout.readline().split()[-1]
            try:
                with chromium() as browser:
                    for topic, function in WATCHED.items():
                        measure(browser, address, clone, environment, topic, function)
            finally:
                process.terminate()


def measure(browser, address, clone, environment, topic, function):
    exercise = BY_TOPIC[topic]
    path = clone / "exercises" / exercise.folder / f"{topic}.py"
    texts = [solution(topic), f"{solution(topic)}\n\n{function} = None\n"]
    page = browser.new_page()
    page.goto(address)
    page.goto(f"{address.partition('?')[0]}{exercise.number}")
    taken, judged = [], []
    for number in range(SAVES):
        page.wait_for_selector("#busy:empty", state="attached")
        wrong = number % 2 == 0
        start = time.perf_counter()
        path.write_text(texts[wrong], encoding="utf-8")
        page.wait_for_selector(f"#{function}-state .{'failed' if wrong else 'passed'}")
        taken.append(time.perf_counter() - start)
        start = time.perf_counter()
        subprocess.run(judging([exercise]), cwd=clone, env=environment, capture_output=True)
        judged.append(time.perf_counter() - start)
    page.close()
    both = f"{statistics.median(taken):.2f} s, pytest alone {statistics.median(judged):.2f} s"
    print(f"{exercise.folder}: from a save to its state on the page {both} (medians of {SAVES})")


if __name__ == "__main__":
    main()
