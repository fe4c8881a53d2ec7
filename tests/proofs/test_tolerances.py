"""Every tolerance lies between the solution's own error and the nearest misconception, with room on both sides."""

import pytest

from kata.syllabus import EXERCISES
from tests.proofs.tolerances import measure

MARGIN = 4  # how much larger than the solution's error a tolerance is at least: other machines round differently

# Misconceptions may warn.
pytestmark = pytest.mark.filterwarnings("ignore")


def by_topic(exercise):
    return exercise.topic


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("exercise", [one for one in EXERCISES if not one.needs], ids=by_topic)
def test_the_error_is_below_and_every_misconception_above_the_tolerance(exercise, seed):
    for function, (error, nearest, distance) in measured(exercise, seed).items():
        assert error * MARGIN < 1, f"{function}: the solution itself comes too near to the tolerance"
        assert distance > 1, f"{function}: {nearest} is within the tolerance on every input"


# Distances take minutes here: `make tolerances` prints them. That each misconception is beyond the tolerance for some
# input is what tests/judge/test_misconceptions.py asserts.
@pytest.mark.parametrize("exercise", [one for one in EXERCISES if one.needs], ids=by_topic)
def test_the_error_is_below_the_tolerance_where_tensorflow_computes(exercise):
    for function, (error, _, _) in measured(exercise, with_distances=False).items():
        assert error * MARGIN < 1, f"{function}: the solution itself comes too near to the tolerance"


def measured(exercise, *arguments, **options):
    found = {function: numbers for function, *numbers in measure([exercise], *arguments, **options)}
    assert list(found) == list(exercise.points)
    return found
