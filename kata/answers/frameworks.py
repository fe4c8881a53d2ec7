"""Keras, TensorFlow and matplotlib: imported when an answer needs them, and their global settings."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from kata.answers.settings import Names, Setting


def import_quietly(packages: Iterable[str]) -> str | None:
    """Import packages without their start-up messages.

    Args:
        packages: names; before the clock of an answer starts, so that seconds of imports are not its seconds.

    Returns:
        The name of the first package that is not installed, None where all are.
    """
    for name in packages:
        if name not in sys.modules:
            import logging  # here: a process that needs NumPy alone starts sooner without it

            # TensorFlow is what the exercises are judged with, whatever the user's own ~/.keras says.
            os.environ.setdefault("KERAS_BACKEND", "tensorflow")
            os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
            # Advice about speed, which is printed from inside of suites that build many small models.
            logging.getLogger(name).setLevel(logging.ERROR)
            try:
                with _silent_stderr(), _uncollected():
                    importlib.import_module(name)
            except ModuleNotFoundError:
                return name
    return None


@contextmanager
def _uncollected() -> Iterator[None]:
    # Imports make a million objects and hardly any garbage: to look for it is a fifth of TensorFlow's import. What is
    # there afterwards stays, and is not looked at again.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()


@contextmanager
def _silent_stderr() -> Iterator[None]:
    # The file descriptor, not sys.stderr: what TensorFlow says comes from C++, before its log level is known.
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


class _Keras(Setting):
    """What keras.config holds."""

    names = ("floatx", "epsilon", "image_data_format", "dtype_policy")

    def read(self) -> tuple[Any, ...]:
        config = sys.modules["keras"].config
        verbose, short = config.is_interactive_logging_enabled(), config.is_traceback_filtering_enabled()
        return *[getattr(config, name)() for name in self.names], verbose, short

    def write(self, change: tuple[Any, ...]) -> None:
        config = sys.modules["keras"].config
        *values, verbose, short = change
        for name, one in zip(self.names, values, strict=True):
            getattr(config, f"set_{name}")(one)
        config.enable_interactive_logging() if verbose else config.disable_interactive_logging()
        config.enable_traceback_filtering() if short else config.disable_traceback_filtering()


class _TensorFlow(Setting):
    """Whether functions run eagerly, where operations go, and TensorFloat-32."""

    def read(self) -> tuple[bool, ...]:
        config = sys.modules["tensorflow"].config
        return (
            config.functions_run_eagerly(),
            config.get_soft_device_placement(),
            config.experimental.tensor_float_32_execution_enabled(),
            sys.modules["tensorflow"].executing_eagerly(),
        )

    def write(self, change: tuple[bool, ...]) -> None:
        config = sys.modules["tensorflow"].config
        config.run_functions_eagerly(change[0])
        config.set_soft_device_placement(change[1])
        config.experimental.enable_tensor_float_32_execution(change[2])
        if change[3] and not sys.modules["tensorflow"].executing_eagerly():
            with suppress(ValueError):
                sys.modules["tensorflow"].compat.v1.enable_eager_execution()


class _Matplotlib(Setting):
    """rcParams; the backend is one of them."""

    def read(self) -> dict[str, Any]:
        return dict.copy(sys.modules["matplotlib"].rcParams)

    def write(self, change: dict[str, Any]) -> None:
        matplotlib = sys.modules["matplotlib"]
        backend = change.get("backend")
        dict.update(matplotlib.rcParams, change)
        if isinstance(backend, str) and "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].switch_backend(backend)


_KERAS, _TENSORFLOW, _MATPLOTLIB = _Keras(), _TensorFlow(), _Matplotlib()
_names: dict[str, list[Setting]] = {}


def settings() -> list[Setting]:
    """Return the settings of those that are imported now."""
    found: list[Setting] = []
    if hasattr(sys.modules.get("keras"), "config"):
        found.append(_KERAS)
    if hasattr(sys.modules.get("tensorflow"), "config"):
        found += [_TENSORFLOW, *_numpy_behaviour()]
    if hasattr(sys.modules.get("matplotlib"), "rcParams"):
        found.append(_MATPLOTLIB)
    return found


def _numpy_behaviour() -> list[Setting]:
    # What tf.experimental.numpy.experimental_enable_numpy_behavior() changes. There is no public way back.
    if "tensorflow" not in _names:
        operations = sys.modules.get("tensorflow.python.framework.ops")
        switches = "_dtype_conversion_mode", "_numpy_style_slicing", "_numpy_style_type_promotion"
        tensor = Names(sys.modules["tensorflow"].Tensor)
        _names["tensorflow"] = [tensor, Names(operations, switches)] if operations else [tensor]
    return _names["tensorflow"]
