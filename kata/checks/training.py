"""Trainings that the judge does itself, and what an answer's training is called with: see kata/checks/objects.py."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.objects import Made, View
from kata.checks.texts import show

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    import keras
    from numpy.typing import NDArray


def train_end_to_end(
    base: keras.Model,
    images: NDArray[np.float32],
    labels: NDArray[np.float32],
    kernel: NDArray[np.float32],
    bias: NDArray[np.float32],
    epochs: int,
    batch_size: int,
    seed: int = 0,
) -> tuple[NDArray[np.float32], ...]:
    """Train a head on a frozen base with the images going through both at every step: the slow way.

    Args:
        base: keras.Model from images to feature maps, frozen.
        images, labels: float32 arrays, one row for each sample.
        kernel, bias: where the head begins.
        epochs, batch_size, seed: int; the order of an epoch is default_rng([seed, epoch]).permutation(n_samples).

    Returns:
        (kernel, bias, losses): float32 arrays.
    """
    import keras

    inputs = keras.Input(base.input_shape[1:])
    features = keras.layers.GlobalAveragePooling2D()(base(inputs, training=False))
    model = keras.Model(inputs, keras.layers.Dense(labels.shape[1], "sigmoid")(features))
    model.compile("adam", "binary_crossentropy")
    model.layers[-1].set_weights([kernel, bias])
    losses = []
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(images))
        fitted = model.fit(images[order], labels[order], batch_size=batch_size, shuffle=False, verbose=0)
        losses.append(fitted.history["loss"][0])
    return *model.layers[-1].get_weights(), np.array(losses, np.float32)


@dataclass(frozen=True, eq=False)
class Stepwise(Made):
    """An array, in a process where TensorFlow builds no graphs for as long as the call lasts.

    The few steps of a check are done before a graph is built: a tenth of the time. The numbers are the same.
    """

    array: NDArray[Any]

    def make(self, cleanup: ExitStack) -> NDArray[Any]:
        import tensorflow as tf

        cleanup.callback(tf.config.run_functions_eagerly, tf.config.functions_run_eagerly())
        tf.config.run_functions_eagerly(True)
        # What `fit` reads its batches with is a graph all the same, and TensorFlow says so each time.
        cleanup.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", message="Even though the `tf.config")
        return self.array.copy()

    def __repr__(self) -> str:
        return show(self.array)


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
class WithPolicy(View):
    """(what is returned, the name of the global dtype policy after the call)."""

    looks_inside = True

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import keras

        return value, keras.config.dtype_policy().name

    def __repr__(self) -> str:
        return "(what is returned, the global dtype policy after the call)"


@dataclass(frozen=True)
class Device(View):
    """What find_device says, without what differs from machine to machine."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        if type(value) is not dict or "name" not in value or "count" not in value:
            return value
        name, count = value["name"], value["count"]
        seen = dict(value)
        seen["name"] = "a text" if type(name) is str and name.strip() else name
        seen["count"] = "a number" if type(count) is int and count >= 1 else count
        return seen

    def __repr__(self) -> str:
        return "what it says, whatever the name and the number"
