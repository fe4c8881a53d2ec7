"""The benchmarks still run, on as little as there is to measure. What they measure is not asserted here."""

import json

from tests.proofs import bench_grading
from tests.support import needs_sandbox


@needs_sandbox
def test_a_submission_is_measured_beside_the_floor(tmp_path, capsys):
    bench_grading.measure(tmp_path, "02", pairs=1)
    floor, whole = json.loads(capsys.readouterr().out)
    assert floor > 0
    assert whole > 0
