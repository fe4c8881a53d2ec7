"""`make mutants` takes half an hour: can it begin?"""

import os
import subprocess

from tests.proofs import mutants


def test_what_is_mutated_is_judged_in_a_copy_that_is_whole(tmp_path):
    copy = mutants.copied(tmp_path)
    for judged_by in mutants.JUDGE.values():
        environment = os.environ | {"PYTHONPATH": str(copy)}
        done = subprocess.run(mutants.command(judged_by), cwd=copy, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
