"""What is particular to this checkout. The judge itself is the pytest plugin in kata/.

It must come from this checkout: an environment that was made for another clone would judge that one's files.
"""

from pathlib import Path

import pytest

try:
    from kata.syllabus import ROOT
except ModuleNotFoundError:
    ROOT = None

if Path(__file__).resolve().parent != ROOT:
    raise pytest.UsageError(
        f"the kata is {'not installed' if ROOT is None else f'installed from {ROOT}'}: "
        "run `make exercises`, or `pip install -e .` in this folder"
    )
