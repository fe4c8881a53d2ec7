"""Pages that are served from a clone of this checkout."""

import pytest

from tests.served import start


@pytest.fixture
def serve(clone, tmp_path):
    """`serve(*options, **environment)`: start `kata open` and wait for its address."""
    started = []

    def begin(*options, **environment):
        started.append(start(clone, tmp_path / "state", *options, **environment))
        return started[-1]

    yield begin
    for served in started:
        served.close()


@pytest.fixture
def served(serve):
    """A page that judges what is saved."""
    return serve("--no-browser")
