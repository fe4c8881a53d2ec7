"""The benchmarks still run, on as little as there is to measure. What they measure is not asserted here."""

import json
import re
import sys
from types import ModuleType

import numpy as np
import pytest

from kata.answers.answer import Reference
from tests.proofs import bench_grading, other_graders
from tests.proofs.other_graders import CHECKS, Missing
from tests.support import needs_sandbox


@needs_sandbox
def test_a_submission_is_measured_beside_the_floor(tmp_path, capsys):
    bench_grading.measure(tmp_path, "02", pairs=1)
    floor, whole = json.loads(capsys.readouterr().out)
    assert floor > 0
    assert whole > 0


@needs_sandbox
def test_a_whole_class_is_graded_and_counted(capsys):
    bench_grading.whole(2, "01,02")
    told = capsys.readouterr().out
    assert re.fullmatch(r"2 exercises, 2 submissions: \d+ in an hour, \d+ s in all\n", told)


@needs_sandbox
def test_others_that_cannot_be_measured_say_why_and_the_rest_is_measured(monkeypatch, capsys):
    def cannot(folder, submissions):
        raise Missing("otter-grader cannot be installed: no network")

    others = {"nbgrader": lambda folder, submissions: 8.0, "otter-grader": cannot}
    monkeypatch.setattr(bench_grading, "OTHERS", others)
    monkeypatch.setattr(bench_grading, "REPEAT", 1)
    bench_grading.beside_others(number=2, rounds=1)
    theirs, missing, alone, ours = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"nbgrader: +4\.000 s a submission, .* times kata --jobs 1's .*, .* times kata's .*", theirs)
    assert missing == "otter-grader:  not measured: otter-grader cannot be installed: no network"
    assert re.fullmatch(r"kata --jobs 1: +[\d.]+ s a submission", alone)
    assert re.fullmatch(r"kata: +[\d.]+ s a submission", ours)


def test_rounds_are_compared_one_by_one():
    assert bench_grading.against([1, 10], [3, 50], "kata") == "4.0 times kata's (3.0 to 5.0)"


def test_what_cannot_be_installed_is_said_and_not_taken_for_installed(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Missing, match=r"^there-is-none==1 cannot be installed: .*there-is-none==1"):
        other_graders.installed(tmp_path / "environment", "there-is-none==1")
    assert not (tmp_path / "environment/made").exists()


def test_each_of_the_checks_that_others_get_is_passed_by_the_solution_and_by_no_stub(monkeypatch):
    checks = {}

    def test_case(name, points):
        return lambda test: checks.setdefault(name, test)

    module = ModuleType("otter.test_files")
    module.test_case = test_case
    monkeypatch.setitem(sys.modules, "otter", ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", module)
    exec(compile(other_graders.otter_test(), "activations.py", "exec"), {})
    assert list(checks) == list(CHECKS)
    reference = Reference()
    for test in checks.values():
        test(reference.linear, reference.sigmoid, reference.softmax)
        with pytest.raises(AssertionError):
            test(*[lambda x, axis=-1: np.full(3, np.nan)] * 3)
    cells = other_graders.notebook("")["cells"][1:]
    assert all(cell["source"].endswith(code) for cell, code in zip(cells, CHECKS.values(), strict=True))
