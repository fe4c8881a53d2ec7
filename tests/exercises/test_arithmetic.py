"""What the lessons promise of numbers is so on every processor: the checks of numbers pass in all of its guises."""

import subprocess
import sys

import pytest

from kata.syllabus import EXERCISES, ROOT
from tests.guises import GUISES, environment
from tests.support import HANGS

# Trainings that take the same sums in other shapes, batches or models.
CHECKS = [
    "tests/exercises/test_gpu_training.py::test_features_once_are_end_to_end_training_but_for_rounding",
    "exercises/09_gpu_training/test_gpu_training.py::TestTrainHead::test_it_equals_end_to_end_training_on_a_frozen_base",
    "exercises/08_experiments/test_experiments.py::TestTrainPairing",
    # Formulas beside written numbers, and beside Keras.
    *(f"exercises/{exercise.folder}" for exercise in EXERCISES if not exercise.needs),
    "tests/exercises/test_keras.py::test_activations_equal_keras_on_thousands_of_inputs",
]


@pytest.mark.proof
@pytest.mark.parametrize("guise", GUISES)
def test_the_checks_of_numbers_pass_on_other_processors(guise, tmp_path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--answers", "solutions", *CHECKS]
    state = {"KATA_STATE": str(tmp_path)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment(guise) | state, capture_output=True, text=True, timeout=HANGS
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
