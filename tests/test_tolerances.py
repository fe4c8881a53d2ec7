"""Every tolerance lies between the solution's own error and the nearest misconception, with room on both sides."""

import pytest

from kata.syllabus import EXERCISES
from tests.tolerances import measure

MARGIN = 4  # how much larger than the solution's error a tolerance is at least: other machines round differently


# Misconceptions may warn. Where TensorFlow computes, one seed: a minute instead of a second.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("exercise", "seed"),
    [(exercise, seed) for exercise in EXERCISES for seed in ((0,) if exercise.needs else (0, 1, 2))],
    ids=lambda value: getattr(value, "topic", value),
)
def test_the_error_is_below_and_every_misconception_above_the_tolerance(exercise, seed):
    measured = {function: numbers for function, *numbers in measure([exercise], seed)}
    assert list(measured) == list(exercise.points)
    for function, (error, nearest, distance) in measured.items():
        assert error * MARGIN < 1, f"{function}: the solution itself comes too near to the tolerance"
        assert distance > 1, f"{function}: {nearest} is within the tolerance on every input"
