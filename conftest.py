"""What is particular to this checkout. The judge itself is the pytest plugin in kata/.

It must be there, and come from this checkout: an environment that was made for another clone would judge that
one's files.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def pytest_collect_file(file_path, parent):
    if file_path.is_relative_to(HERE / "exercises") and not parent.config.pluginmanager.has_plugin("kata.judge"):
        raise pytest.UsageError(
            f"the kata of {HERE} is not installed in this Python. With `make exercises` done, run "
            "`source .venv/bin/activate` first; without make, run `pip install -e .` in this folder"
        )
