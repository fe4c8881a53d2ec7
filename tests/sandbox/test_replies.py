"""A reply is to the request whose token it repeats, whatever else it may hold."""

import numpy as np
import pytest

from kata.sandbox.replies import repeats


@pytest.mark.parametrize("found", [None, "y", 1, ["x"], np.array(["x"]), np.array(["x", "x"]), np.zeros(0)])
def test_only_the_same_text_repeats_a_token(found):
    assert repeats({"token": "x"}, "x") is True
    assert repeats({"token": found}, "x") is False
    assert repeats({}, "x") is False
