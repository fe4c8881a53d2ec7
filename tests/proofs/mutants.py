"""Mutation testing with cosmic-ray: does a check fail for every small change of the code?

    python -m tests.proofs.mutants solutions    the solutions of 01 to 05, judged by the suites through --answers,
                                                so that the reference stays as it is
    python -m tests.proofs.mutants later        those of 06 to 09, in the same way: 50 of each, drawn with a seed
                                                (SAMPLE=20 SEED=2 in the environment: other ones)
    python -m tests.proofs.mutants judge        the comparison and the outcomes, judged by their own tests: a survivor
                                                there could be a wrong answer that passes

Prints the score and every survivor. A survivor that no input can tell from the original is listed, with the reason,
in equivalent_mutants.toml beside this. Exits 1 where a survivor is not listed there, or a listed one is killed.
"""

import ast
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kata.syllabus import EXERCISES, ROOT
from tests.conftest import NOT_COPIED

LISTED = Path(__file__).with_name("equivalent_mutants.toml")

# file in the copy -> the pytest arguments, in the copy, that judge it
SOLUTIONS, LATER = (
    {
        f"solutions/{exercise.folder}/{exercise.topic}.py": [
            f"{ROOT}/exercises/{exercise.folder}",
            "--answers=solutions",
        ]
        for exercise in EXERCISES
        if bool(exercise.needs) == later
    }
    for later in (False, True)
)
JUDGE = {
    "kata/checks/comparison.py": ["tests/checks/test_comparison.py"],
    "kata/judge/outcomes.py": ["tests/judge/test_points.py"],
}


def copied(folder):
    """A copy of the checkout in a folder, to be changed there."""
    return shutil.copytree(ROOT, folder / "copy", ignore=NOT_COPIED)


def command(judged_by):
    """What judges it, to be run there."""
    # -P: import the kata that judges, not the one in this folder.
    # -x: one failed check is enough; -p no:cacheprovider: nothing of one mutant may be left for the next
    return [sys.executable, "-P", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *judged_by]


def run(module, judged_by, own_kata, sample=None):
    """Mutate one file in a copy of the checkout; return [(key, killed)] of its mutants, or of a sample of them."""
    with tempfile.TemporaryDirectory() as folder:
        copy, test = copied(Path(folder)), command(judged_by)
        config = copy / "cosmic-ray.toml"
        config.write_text(
            f'[cosmic-ray]\nmodule-path = "{module}"\ntimeout = 120.0\nexcluded-modules = []\n'
            f'test-command = "{shlex.join(test)}"\n[cosmic-ray.distributor]\nname = "local"\n'
        )
        environment = os.environ | {"KATA_STATE": str(Path(folder) / "state"), "PYTHONDONTWRITEBYTECODE": "1"}
        if own_kata:
            environment["PYTHONPATH"] = str(copy)

        def cosmic_ray(*arguments):
            command = [Path(sys.executable).with_name("cosmic-ray"), *arguments]
            # The solutions are judged from this checkout: its suites and its reference stay as they are.
            return subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True, text=True)

        # The untouched file must pass, else every mutant would look killed. The baseline of cosmic-ray hides why not.
        subprocess.run(test, cwd=copy, env=environment, check=True)
        cosmic_ray("init", config, "session.sqlite")
        if sample:
            draw(copy / "session.sqlite", sample, f"{os.environ.get('SEED', 1)} {module}")
        cosmic_ray("exec", config, "session.sqlite")
        return [_result(*json.loads(line)) for line in cosmic_ray("dump", "session.sqlite").stdout.splitlines()]


def draw(session, sample, seed):
    """Leave so many of the mutants of a session to be run."""
    from cosmic_ray.work_db import WorkDB, use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    def place(item):  # its name is another one each time
        (mutation,) = item.mutations
        return mutation.start_pos, mutation.operator_name, mutation.occurrence

    with use_db(session, WorkDB.Mode.open) as database:
        every = sorted(database.work_items, key=place)
        random.Random(seed).shuffle(every)
        for item in every[sample:]:
            database.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))


def for_types(module):
    """The (start, end) of what type checkers alone read in a module: annotations and blocks for them."""
    places = []
    for node in ast.walk(ast.parse((ROOT / module).read_bytes())):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            places.append(node)
        places += filter(None, (getattr(node, name, None) for name in ("annotation", "returns")))
    return [((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)) for node in places]


def _result(work, result):
    (mutation,) = work["mutations"]
    if result is None or result["worker_outcome"] in ("no-test", "skipped"):
        return None, True
    # Nobody runs that, so no test can tell such a mutant: mypy does.
    if any(start <= tuple(mutation["start_pos"]) < end for start, end in for_types(mutation["module_path"])):
        return None, True
    changed = [line[1:].strip() for line in result["diff"].splitlines() if line.startswith("+") and line[1:2] != "+"]
    key = f"{mutation['module_path']}, {mutation['definition_name']}: {' '.join(changed)}"
    return key, result["test_outcome"] != "survived"


def main(arguments):
    chosen = {"solutions": SOLUTIONS, "later": LATER, "judge": JUDGE}[arguments[0]]
    sample = int(os.environ.get("SAMPLE", 50)) if chosen is LATER else None
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(run, module, judged_by, chosen is JUDGE, sample) for module, judged_by in chosen.items()]
        results = [pair for each in runs for pair in each.result() if pair[0]]
    listed = tomllib.loads(LISTED.read_text(encoding="utf-8")) if LISTED.exists() else {}
    there = {key for key, _ in results}  # all of them, or those that were drawn
    listed = {
        key: why for key, why in listed.items() if key.startswith(tuple(chosen)) and (key in there or not sample)
    }
    survivors = sorted({key for key, killed in results if not killed})
    equivalent = [key for key, killed in results if not killed and key in listed]
    killed = sum(killed for _, killed in results)
    print(f"{len(results)} mutants, {len(equivalent)} equivalent, {killed} killed:", end=" ")
    print(f"{100 * killed / (len(results) - len(equivalent)):.1f} % of those that are not equivalent")
    for key in survivors:
        print(f"{'equivalent' if key in listed else 'SURVIVED'}: {key}")
    for key in sorted(listed.keys() - set(survivors)):
        print(f"LISTED BUT KILLED: {key}")
    return 0 if set(survivors) == set(listed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
