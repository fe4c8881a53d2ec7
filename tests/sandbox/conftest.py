"""What the tests of the sandbox share."""

import pytest

from kata.sandbox.runtime import find_runtime


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    """A Runtime, in a folder that another user can read, too."""
    folder = tmp_path_factory.mktemp("runtime")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    return find_runtime(folder)
