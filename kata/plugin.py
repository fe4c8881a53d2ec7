"""The pytest plugin's door: every pytest run of this environment passes here, so it does nothing elsewhere."""

import pytest

from kata.syllabus import ROOT


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    if early_config.inipath == ROOT / "pyproject.toml":
        from kata import judge  # NumPy comes with it: only inside this checkout

        early_config.pluginmanager.register(judge, "kata.judge")
