"""What an answer's training is called with, and views of it: see kata/checks/objects.py."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.models import drawn_before
from kata.checks.objects import Folder, Made, View
from kata.checks.texts import show

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Stepwise(Made):
    """An array, in a process where TensorFlow builds no graphs for as long as the call lasts.

    The few steps of a check are done before a graph is built: a tenth of the time. The numbers are the same.
    """

    array: NDArray[Any]

    def make(self, cleanup: ExitStack) -> NDArray[Any]:
        _build_no_graphs(cleanup)
        return self.array.copy()

    def __repr__(self) -> str:
        return show(self.array)


@dataclass(frozen=True)
class StepwiseFolder(Folder):
    """A folder with files, in such a process."""

    def make(self, cleanup: ExitStack) -> str:
        _build_no_graphs(cleanup)
        return super().make(cleanup)

    __repr__ = Folder.__repr__


def _build_no_graphs(cleanup: ExitStack) -> None:
    import tensorflow as tf

    cleanup.callback(tf.config.run_functions_eagerly, tf.config.functions_run_eagerly())
    tf.config.run_functions_eagerly(True)
    # What `fit` reads its batches with is a graph all the same, and TensorFlow says so each time.
    cleanup.enter_context(warnings.catch_warnings())
    warnings.filterwarnings("ignore", message="Even though the `tf.config")


@dataclass(frozen=True, eq=False)
class UnderPolicy(Made):
    """An array, in a process whose global dtype policy is another one for as long as the call lasts."""

    array: NDArray[Any]
    policy: str = "mixed_float16"

    def make(self, cleanup: ExitStack) -> NDArray[Any]:
        import keras

        cleanup.callback(keras.config.set_dtype_policy, keras.config.dtype_policy())
        keras.config.set_dtype_policy(self.policy)
        return self.array.copy()

    def __repr__(self) -> str:
        return f"<a {self.array.dtype} array of shape {self.array.shape}, under the policy {self.policy}>"


@dataclass(frozen=True)
class Weights(Made):
    """Random weights for a base: kernels as `draw_weights` of this room draws them, and zeros.

    Attributes:
        shapes: of the weights; seed: of the kernels; scale: the last kernel is so many times as large.
    """

    shapes: tuple[tuple[int, ...], ...]
    seed: int = 0
    scale: float = 1.0

    def make(self, cleanup: ExitStack) -> list[NDArray[np.float32]]:
        drawn = drawn_before(self.shapes, self.seed)
        weights = [part.copy() if part.ndim > 1 else np.zeros_like(part) for part in drawn]
        kernels = [part for part in weights if part.ndim > 1]
        kernels[-1] *= np.float32(self.scale)
        return weights

    def __repr__(self) -> str:
        return f"<{len(self.shapes)} arrays of random weights>"


@dataclass(frozen=True)
class WithPolicy(View):
    """(what is returned, the name of the global dtype policy after the call)."""

    looks_inside = True

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import keras

        return value, keras.config.dtype_policy().name

    def __repr__(self) -> str:
        return "(what is returned, the global dtype policy after the call)"


@dataclass(frozen=True)
class InHalfPrecision(View):
    """(features of all images but the last, how many of the last one's are 0, the name of the policy after the call).

    Right answers in float16 differ by several of its last digits, by threads and by how the images are divided: as
    much as float32 differs from them. What tells float16 apart is its range: numbers below 3e-8 are 0.
    """

    looks_inside = True

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        value, policy = WithPolicy().see(value, discard)
        if len(getattr(value, "shape", ())) != 2 or len(value) < 2:
            return value, policy
        return value[:-1], int(np.count_nonzero(np.asarray(value[-1]) == 0)), policy

    def __repr__(self) -> str:
        return (
            "(features of the first images, how many of the last one's are 0, the global dtype policy after the call)"
        )


@dataclass(frozen=True)
class Device(View):
    """What find_device says, without what differs from machine to machine.

    Attributes:
        gpus: names of cards that TensorFlow lists while it is called, though there are none; () for what there is.
    """

    gpus: tuple[str, ...] = ()

    def prepare(self, cleanup: ExitStack) -> None:
        if not self.gpus:
            return
        import tensorflow as tf

        physical = [tf.config.PhysicalDevice(f"/physical_device:GPU:{n}", "GPU") for n in range(len(self.gpus))]
        logical = [tf.config.LogicalDevice(f"/device:GPU:{n}", "GPU") for n in range(len(self.gpus))]
        details = dict(zip(physical, self.gpus, strict=True))
        fakes: dict[str, Callable[..., Any]] = {
            "list_physical_devices": _listing(tf.config.list_physical_devices, physical),
            "get_visible_devices": _listing(tf.config.get_visible_devices, physical),
            "list_logical_devices": _listing(tf.config.list_logical_devices, logical),
            "get_device_details": lambda device: {"device_name": details[device]} if device in details else {},
            "set_memory_growth": lambda device, enable: None,
        }
        for name, fake in fakes.items():
            for module in (tf.config, tf.config.experimental):
                if hasattr(module, name):
                    cleanup.callback(setattr, module, name, getattr(module, name))
                    setattr(module, name, fake)

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        name = value.get("name") if type(value) is dict else None
        return {**value, "name": "a text"} if type(name) is str and name.strip() else value

    def __repr__(self) -> str:
        if self.gpus:
            return f"what it says, whatever the name, where TensorFlow lists {len(self.gpus)} GPUs"
        return "what it says, whatever the name"


@dataclass(frozen=True)
class AnotherCall(View):
    """What comes of a third call: the first began a training, the second went on, and this one is to be refused.

    Attributes:
        begun: other keyword arguments of the first call; changed: those of the last one.
    """

    begun: dict[str, Any]
    changed: dict[str, Any]

    def call(self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        for what, options in (("begins", kwargs | self.begun), ("goes on", kwargs)):
            try:
                function(*args, **options)
            except Exception as error:  # only the last call is to raise what the check waits for
                raise RuntimeError(f"the call that {what} raised {type(error).__name__}: {error}") from error
        return function(*args, **kwargs | self.changed)

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        return "a receipt" if type(value) is dict else value

    def __repr__(self) -> str:
        return (
            f"a third call into the same folder, with {self.changed}; the first had {self.begun}, this is the second"
        )


def _listing(honest: Callable[..., Any], gpus: list[Any]) -> Callable[..., Any]:
    def listed(device_type: str | None = None) -> list[Any]:
        found = [] if device_type == "GPU" else list(honest(device_type))
        return found + (gpus if device_type in (None, "GPU") else [])

    return listed
