"""Views of tensors and tf.data data sets: see checks/objects.py. TensorFlow is imported where something is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.objects import View

if TYPE_CHECKING:
    from collections.abc import Callable

# What tf.data calls Python for, one element at a time: under the interpreter's lock, in this process only.
PYTHON = ("PyFunc", "PyFuncStateless", "EagerPyFunc")


@dataclass(frozen=True)
class Tensor(View):
    """The numbers of a tensor, as an array."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import tensorflow as tf

        return value.numpy() if isinstance(value, tf.Tensor) else value

    def __repr__(self) -> str:
        return "its numbers"


@dataclass(frozen=True)
class Batches(View):
    """All batches of a data set of (images, labels): (all images, all labels, [samples of each batch]).

    Attributes:
        passes: how many times to iterate; what is returned is the last one.
        files_removed: whether the files are removed after the first pass.
    """

    passes: int = 1
    files_removed: bool = False

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import tensorflow as tf

        if not isinstance(value, tf.data.Dataset):
            return value
        for number in range(self.passes):
            if number and self.files_removed:
                discard()
            batches = [(images.numpy(), labels.numpy()) for images, labels in value]
        if not batches or any(np.ndim(images) == 0 for images, _ in batches):
            return batches
        images, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        return images, labels, [len(images) for images, _ in batches]

    def __repr__(self) -> str:
        gone = ", the files removed after the first" if self.files_removed else ""
        passes = f", in pass {self.passes}{gone}" if self.passes > 1 else ""
        return f"(images, labels, samples of each batch){passes}"


@dataclass(frozen=True)
class Pipeline(View):
    """How a data set is made, from its graph, without running it."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import tensorflow as tf

        if not isinstance(value, tf.data.Dataset):
            return value
        # The graph has no public door for reading; this is the operation behind tf.data's own saving.
        serialized = tf.raw_ops.DatasetToGraphV2(input_dataset=value._variant_tensor).numpy()
        graph = tf.compat.v1.GraphDef.FromString(serialized)
        stages = [node.op for node in graph.node if "Dataset" in node.op]
        inner = [node.op for function in graph.library.function for node in function.node_def]
        return {
            "batches": known if (known := int(value.cardinality())) >= 0 else "nobody knows how many",
            "calls Python": any(operation in PYTHON for operation in inner),
            "decodes in parallel": any(stage.startswith("ParallelMap") for stage in stages),
            "keeps the order": value.options().deterministic is not False
            and not any(node.attr["deterministic"].s == b"false" for node in graph.node),
            "cached": any(stage.startswith("Cache") for stage in stages),
            "prefetched": any(stage.startswith("Prefetch") for stage in stages),
            "prefetch is last": bool(stages) and stages[-1].startswith("Prefetch"),
        }

    def __repr__(self) -> str:
        return "how the data set is made"
