"""Models as arguments, and views of models: see checks/objects.py. Keras is imported where something is made or seen.

Weights come from NumPy's seeded generator: Keras's own seeded initialisers differ between its backends.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.objects import Made, TwoSteps, View, other, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack

    import keras
    from numpy.typing import NDArray


def draw_weights(shapes: Sequence[tuple[int, ...]], seed: int) -> list[NDArray[np.float32]]:
    """Return float32 arrays of these shapes, normal with He's deviation for kernels, small and positive for the rest.

    He et al. 2015, "Delving Deep into Rectifiers": sqrt(2 / inputs of a unit) keeps signals alive through ReLUs.
    """
    shapes = [tuple(shape) for shape in shapes]
    # Each shape has numbers of its own: in a model whose head was made before its base is found, nothing changes.
    rngs = {shape: np.random.default_rng([seed, *shape]) for shape in shapes}
    spreads = [np.sqrt(2 / np.prod(shape[:-1])) if len(shape) > 1 else None for shape in shapes]
    return [
        rngs[shape].uniform(0.05, 0.15, shape).astype(np.float32)
        if spread is None
        else rngs[shape].standard_normal(shape, np.float32) * np.float32(spread)
        for shape, spread in zip(shapes, spreads, strict=True)
    ]


@functools.lru_cache(maxsize=1)
def drawn_before(shapes: tuple[tuple[int, ...], ...], seed: int) -> list[NDArray[np.float32]]:
    """As `draw_weights`, for those who change nothing of it: a large base runs sooner than its weights are drawn."""
    return draw_weights(shapes, seed)


def _set_drawn_weights(model: keras.Model, seed: int) -> None:
    model.set_weights(drawn_before(tuple(tuple(weight.shape) for weight in model.weights), seed))


@dataclass(frozen=True)
class SmallBase(Made):
    """A frozen base that is quick to run, with batch normalization, whose statistics must not move in training.

    From (n_samples, size, width, 3) to (n_samples, size // 4, width // 4, 512).

    Attributes:
        width: None for as much as the size.
        dropout: whether it drops half of the values where it is called with training=True.
    """

    size: int = 16
    seed: int = 0
    width: int | None = None
    dropout: bool = False

    def make(self, cleanup: ExitStack) -> keras.Model:
        import keras

        # Functional, as VGG16 is: an answer may ask for base.output, which a Sequential model has not.
        inputs = keras.Input((self.size, self.width or self.size, 3))
        maps = keras.layers.Conv2D(8, 4, strides=4, activation="relu")(inputs)
        maps = keras.layers.BatchNormalization()(maps)
        if self.dropout:
            maps = keras.layers.Dropout(0.5)(maps)
        base = keras.Model(inputs, keras.layers.Conv2D(512, 1, activation="relu")(maps))
        _set_drawn_weights(base, self.seed)
        base.trainable = False
        return base

    def __repr__(self) -> str:
        dropout = ", with dropout" if self.dropout else ""
        return f"<a small frozen base for images of {self.size} x {self.width or self.size}{dropout}>"


@dataclass(frozen=True)
class VGG16(Made):
    """The real base with random weights, frozen."""

    size: int = 32
    seed: int = 0

    def make(self, cleanup: ExitStack) -> keras.Model:
        import keras

        base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(self.size, self.size, 3))
        _set_drawn_weights(base, self.seed)
        base.trainable = False
        return base

    def __repr__(self) -> str:
        return f"<a frozen VGG16 for images of {self.size} x {self.size}>"


@dataclass(frozen=True)
class Head(Made):
    """One Dense layer whose logits are its inputs: the identity, then the activation."""

    activation: str | None
    n_classes: int = 5

    def make(self, cleanup: ExitStack) -> keras.Model:
        import keras

        model = keras.Sequential(
            [keras.Input((self.n_classes,)), keras.layers.Dense(self.n_classes, self.activation)]
        )
        model.set_weights([np.eye(self.n_classes), np.zeros(self.n_classes)])  # a copy of the model starts otherwise
        return model

    def __repr__(self) -> str:
        return f"<a model that ends with {self.activation or 'no activation'}>"


def _built(model: keras.Model, images: NDArray[Any]) -> None:
    if not model.built:
        model(images)  # a subclassed model has its weights from its first call on


class _ModelView(View):
    def look(self, model: keras.Model) -> Any:
        """What is to be known of a model, as plain data."""
        raise NotImplementedError

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import keras

        return self.look(value) if isinstance(value, keras.Model) else value


@dataclass(frozen=True)
class Parameters(_ModelView):
    """Shapes of input and output, whether it is compiled, how many parameters there are and are trained."""

    def look(self, model: keras.Model) -> dict[str, Any]:
        count = {"parameters": model.weights, "trainable": model.trainable_weights}
        shapes: dict[str, Any]
        try:
            shapes = {"input": list(model.input_shape), "output": list(model.output_shape)}
        except AttributeError:  # of a subclassed model, and of a Sequential one without an Input
            unknown = "nobody knows before it is called: let it begin with a keras.Input"
            shapes = {"input": unknown, "output": unknown}
        return {
            **shapes,
            "compiled": bool(model.compiled),
            **{name: sum(int(np.prod(weight.shape)) for weight in weights) for name, weights in count.items()},
        }

    def __repr__(self) -> str:
        return "shapes, and numbers of parameters"


@dataclass(frozen=True)
class LastWeights(_ModelView):
    """The kernel and the bias of the last Dense layer, as they are before training."""

    def look(self, model: keras.Model) -> tuple[NDArray[Any], ...] | str:
        # A model may name its head before its base. Bases have kernels for images, with four axes.
        kernels = [place for place, weight in enumerate(model.weights) if len(weight.shape) == 2]
        if not kernels:
            return "no kernel of a Dense layer, or none before the model is called"
        return tuple(np.asarray(weight) for weight in model.weights[kernels[-1] :][:2])

    def __repr__(self) -> str:
        return "the last layer's (kernel, bias)"


@dataclass(frozen=True)
class ModelGraph(View):
    """What is taken of a model: its graph from images and weights to outputs, and the shapes of the weights.

    Attributes:
        shape: of one image.
    """

    shape: tuple[int, ...]

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import keras
        import tensorflow as tf

        if not isinstance(value, keras.Model):
            return other(value, "model of Keras")
        _built(value, np.zeros((1, *self.shape), np.float32))

        def run(images: Any, weights: Any) -> Any:
            with keras.StatelessScope(state_mapping=[*zip(value.weights, weights, strict=True)]):
                return value(images)

        shapes = [tuple(weight.shape) for weight in value.weights]
        given = [tf.TensorSpec(shape, weight.dtype) for shape, weight in zip(shapes, value.weights, strict=True)]
        traced = tf.function(run, autograph=False)
        traced = traced.get_concrete_function(tf.TensorSpec((None, *self.shape), tf.float32), given)
        captured = traced.captured_inputs
        if len(traced.outputs) != 1 or any(tensor.dtype == tf.resource for tensor in captured):
            return other("a model with more than one output, or with variables that are none of its weights", "")
        names = [tensor.name for tensor in traced.inputs]
        constants = [tensor.numpy() for tensor in captured]
        return (
            "graph",
            traced.graph.as_graph_def().SerializeToString(),
            names,
            traced.outputs[0].name,
            shapes,
            constants,
        )


@dataclass(frozen=True)
class Outputs(TwoSteps):
    """What a model makes of images, after all its weights were drawn with a seed."""

    images: NDArray[Any]
    seed: int = 0

    def taker(self) -> View:
        return ModelGraph(self.images.shape[1:])

    def look(self, taken: Any) -> Any:
        if taken[0] != "graph":
            return unseen(taken)
        import tensorflow as tf

        _, serialized, names, output, shapes, constants = taken
        graph = tf.compat.v1.GraphDef.FromString(serialized)
        given = [self.images, *draw_weights(shapes, self.seed), *constants]
        with tf.Graph().as_default() as built:
            tf.graph_util.import_graph_def(graph, name="")
        with tf.compat.v1.Session(graph=built) as session:
            return session.run(output, dict(zip(names, given, strict=True)))

    def __repr__(self) -> str:
        return f"its outputs for {len(self.images)} images"


@dataclass(frozen=True)
class AfterTraining(_ModelView):
    """(outputs, how many weights are no longer what they were), after some steps of plain gradient descent."""

    images: NDArray[Any]
    labels: NDArray[Any]
    steps: int = 3

    def look(self, model: keras.Model) -> tuple[NDArray[Any], int]:
        import keras

        _built(model, self.images)
        before = model.get_weights()
        # A loss that makes sense after any activation. run_eagerly: a few steps are done before a graph is built.
        model.compile(keras.optimizers.SGD(0.1), "mean_squared_error", run_eagerly=True)
        for _ in range(self.steps):
            model.train_on_batch(self.images, self.labels)
        moved = sum(not np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
        return np.asarray(model(self.images, training=False)), moved

    def __repr__(self) -> str:
        return f"(outputs, number of weights that moved) after {self.steps} steps of training"


@dataclass(frozen=True)
class Reported(_ModelView):
    """What a compiled model reports while it trains: (losses, metrics), one value for each step."""

    inputs: NDArray[Any]
    labels: NDArray[Any]
    steps: int = 1

    def look(self, model: keras.Model) -> tuple[NDArray[np.float32], ...] | str:
        if not model.compiled:
            return "a model that is not compiled"
        model.run_eagerly = True
        reported = []
        for _ in range(self.steps):
            model.reset_metrics()
            reported.append([float(value) for value in np.atleast_1d(model.train_on_batch(self.inputs, self.labels))])
        losses, *metrics = np.array(reported, np.float32).T
        return losses, *metrics

    def __repr__(self) -> str:
        return f"(losses, accuracies) of {self.steps} step{'s' if self.steps > 1 else ''} of training"
