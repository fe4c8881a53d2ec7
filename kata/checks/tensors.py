"""Views of tensors and tf.data data sets: see checks/objects.py. TensorFlow is imported where something is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.objects import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# What tf.data calls Python for, one element at a time: under the interpreter's lock, in this process only.
PYTHON = ("PyFunc", "PyFuncStateless", "EagerPyFunc")
DECODERS = ("DecodeJpeg", "DecodeImage", "DecodePng", "DecodeAndCropJpeg")
# What stands in a graph like a stage and does nothing to what flows through it.
NO_STAGES = ("OptionsDataset", "AssertCardinalityDataset")


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
            batches = list(value)
            if odd := [batch for batch in batches if not isinstance(batch, tuple | list) or len(batch) != 2]:
                return f"batches that are no pair of images and labels: {_kind(odd[0])}"
            batches = [(images.numpy(), labels.numpy()) for images, labels in batches]
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
        functions = {function.signature.name: function.node_def for function in graph.library.function}
        stages = [node.op for node in graph.node if "Dataset" in node.op and node.op not in NO_STAGES]
        nodes = _with_functions(graph.node, functions)
        decoding = [node.op for node in graph.node if _decodes(_with_functions([node], functions))]
        return {
            "batches": known if (known := int(value.cardinality())) >= 0 else "nobody knows how many",
            "calls Python": any(node.op in PYTHON for node in nodes),
            "decodes in parallel": bool(decoding) and all(stage.startswith("Parallel") for stage in decoding),
            "keeps the order": value.options().deterministic is not False
            and not any(node.attr["deterministic"].s == b"false" for node in nodes),
            "cached": any(stage.startswith("Cache") for stage in stages),
            "prefetched": any(stage.startswith("Prefetch") for stage in stages),
            "prefetch is last": bool(stages) and stages[-1].startswith("Prefetch"),
        }

    def __repr__(self) -> str:
        return "how the data set is made"


def _with_functions(nodes: Iterable[Any], functions: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Return nodes of a graph, and those of the functions that they call, and so on; functions: {name: nodes}."""
    found, left, called = [], list(nodes), set[str]()
    while left:
        node = left.pop()
        found.append(node)
        names = {node.op}
        for attribute in node.attr.values():
            names |= {attribute.func.name, *(function.name for function in attribute.list.func)}
        for name in names & functions.keys() - called:
            called.add(name)
            left += functions[name]
    return found


def _decodes(nodes: Iterable[Any]) -> bool:
    return any(node.op in DECODERS for node in nodes)


def _kind(batch: object) -> str:
    return f"a tuple of {len(batch)}" if isinstance(batch, tuple | list) else type(batch).__name__
