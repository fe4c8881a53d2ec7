"""Views of tensors and tf.data data sets: see checks/objects.py. TensorFlow is imported where something is seen."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.objects import TwoSteps, View, last_folder, other, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# What tf.data calls Python for, one element at a time: under the interpreter's lock, in this process only.
PYTHON = ("PyFunc", "PyFuncStateless", "EagerPyFunc")
# All of TensorFlow's operations that decode a picture read a JPEG, whatever they are called; these decode none. The
# last one runs a whole data set that stands in a text: nobody sees what that decodes, and how.
DECODERS = re.compile("Decode(?!Base64|CSV|Compressed|JSONExample|PaddedRaw|ProtoV2|Raw|Wav).*|DatasetFromGraph")
# What stands in a graph like a stage and does nothing to what flows through it.
NO_STAGES = ("OptionsDataset", "AssertCardinalityDataset")
PAIR = "a tuple of 2"


@dataclass(frozen=True)
class Tensor(View):
    """The numbers of a tensor, as an array."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import tensorflow as tf

        return value.numpy() if isinstance(value, tf.Tensor) else value

    def __repr__(self) -> str:
        return "its numbers"


@dataclass(frozen=True)
class DatasetGraph(View):
    """What is taken of a data set: its graph, what a batch is, and the folder of the paths that it was made of."""

    def see(self, value: Any, discard: Callable[[], object]) -> Any:
        import tensorflow as tf

        if not isinstance(value, tf.data.Dataset):
            return other(value, "data set")
        # The graph has no public door for reading; this is the operation behind tf.data's own saving.
        serialized = tf.raw_ops.DatasetToGraphV2(input_dataset=value._variant_tensor).numpy()
        return "graph", serialized, _kind(value.element_spec), last_folder()


@dataclass(frozen=True)
class Batches(TwoSteps):
    """All batches of a data set of (images, labels): (all images, all labels, [samples of each batch]).

    Attributes:
        passes: how many times to iterate; what is returned is the last one.
        files_removed: whether the files are removed after the first pass.
        files: {name: content}, what the files are when it is iterated; None for what they were when it was made.
        stages: whether how it is made, see `Pipeline`, comes last.
    """

    passes: int = 1
    files_removed: bool = False
    files: dict[str, bytes] | None = None
    stages: bool = False

    def taker(self) -> View:
        return DatasetGraph()

    def look(self, taken: Any) -> Any:
        if taken[0] != "graph":
            return unseen(taken)
        graph, kind = _graph(taken), taken[2]
        for name, content in (self.files or {}).items():
            Path(last_folder(), name).write_bytes(content)
        dataset, types = _dataset(graph)
        if kind != PAIR or len(types) != 2:
            return f"batches that are no pair of images and labels: {kind}"
        batches = []
        for number in range(self.passes):
            if number and self.files_removed:
                shutil.rmtree(last_folder())
            try:
                batches = [(images.numpy(), labels.numpy()) for images, labels in dataset]
            except Exception as error:
                if "callback pyfunc" in str(error):  # it is of another process
                    return "a data set that calls Python"
                raise
        if not batches or any(np.ndim(images) == 0 for images, _ in batches):
            return batches
        images, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        seen = images, labels, [len(images) for images, _ in batches]
        return (*seen, _stages(graph, dataset)) if self.stages else seen

    def __repr__(self) -> str:
        gone = ", the files removed after the first" if self.files_removed else ""
        passes = f", in pass {self.passes}{gone}" if self.passes > 1 else ""
        changed = ", of files that were replaced before it was iterated" if self.files else ""
        return f"(images, labels, samples of each batch{', how it is made' * self.stages}){passes}{changed}"


@dataclass(frozen=True)
class Pipeline(TwoSteps):
    """How a data set is made, from its graph, without running it."""

    def taker(self) -> View:
        return DatasetGraph()

    def look(self, taken: Any) -> Any:
        if taken[0] != "graph":
            return unseen(taken)
        graph = _graph(taken)
        return _stages(graph, _dataset(graph)[0])

    def __repr__(self) -> str:
        return "how the data set is made"


def _graph(taken: Any) -> Any:
    """The graph that was taken, with the paths of the folder that was made last in this process."""
    import tensorflow as tf

    _, serialized, _, folder = taken
    graph = tf.compat.v1.GraphDef.FromString(serialized)
    old, new = folder.encode(), last_folder().encode()
    if old and old != new:
        for nodes in (graph.node, *(function.node_def for function in graph.library.function)):
            for node in nodes:
                if node.op == "Const" and node.attr["dtype"].type == tf.string.as_datatype_enum:
                    texts = tf.io.parse_tensor(node.attr["value"].tensor.SerializeToString(), tf.string).numpy()
                    moved = np.array([text.replace(old, new) for text in np.ravel(texts)], object)
                    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(moved.reshape(np.shape(texts))))
    return graph


def _dataset(graph: Any) -> tuple[Any, Any]:
    """A data set of a graph, and the types of what it gives, one after the other."""
    import tensorflow as tf

    (end,) = (node for node in graph.node if node.op == "_Retval")
    (last,) = (node for node in graph.node if node.name == end.input[0].partition(":")[0])
    types = last.attr["output_types"].list.type
    specs = tuple(tf.TensorSpec(None, tf.dtypes.as_dtype(kind)) for kind in types)
    variant = tf.raw_ops.DatasetFromGraph(graph_def=graph.SerializeToString())
    return tf.data.experimental.from_variant(variant, specs), types


def _stages(graph: Any, dataset: Any) -> dict[str, Any]:
    import tensorflow as tf
    from tensorflow.core.framework import dataset_options_pb2

    functions = {function.signature.name: function.node_def for function in graph.library.function}
    used = _used(graph)
    stages = [node.op for node in used if "Dataset" in node.op and node.op not in NO_STAGES]
    nodes = _with_functions(used, functions)
    decoding = [node for node in used if _decodes(_with_functions([node], functions))]
    set_options = tf.raw_ops.GetOptions(input_dataset=dataset._variant_tensor).numpy()
    options = dataset_options_pb2.Options.FromString(set_options)
    alone = options.threading_options.private_threadpool_size == 1
    in_order = not options.HasField("deterministic") or options.deterministic
    return {
        "batches": known if (known := int(dataset.cardinality())) >= 0 else "nobody knows how many",
        "calls Python": any(node.op in PYTHON for node in nodes),
        "decodes in parallel": bool(decoding) and not alone and all(_is_parallel(node, used) for node in decoding),
        "keeps the order": in_order and not any(node.attr["deterministic"].s == b"false" for node in nodes),
        "cached": any(stage.startswith("Cache") for stage in stages),
        "prefetched": any(stage.startswith("Prefetch") for stage in stages),
        "prefetch is last": bool(stages) and stages[-1].startswith("Prefetch"),
    }


def _used(graph: Any) -> list[Any]:
    """The nodes that a graph's result comes from, in their order: others could stand there for show."""
    nodes = {node.name: node for node in graph.node}
    found, left = set[str](), [node.name for node in graph.node if node.op == "_Retval"]
    while left:
        if (name := left.pop()) in nodes and name not in found:
            found.add(name)
            left += [given.removeprefix("^").partition(":")[0] for given in nodes[name].input]
    return [node for node in graph.node if node.name in found]


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


def _is_parallel(stage: Any, nodes: Iterable[Any]) -> bool:
    """Whether a stage does several elements at once: how many, is the last of what goes into it."""
    import tensorflow as tf

    if not stage.op.startswith("Parallel"):
        return False
    number = {node.name: node for node in nodes}[stage.input[-1].partition(":")[0]]
    # TensorFlow writes a number as it is: one that is computed was put there by hand. How many data sets an
    # interleave reads at once says nothing: on few cores that is one, where nobody has chosen it.
    return bool(number.op == "Const" and tf.make_ndarray(number.attr["value"].tensor).tolist() != 1)


def _decodes(nodes: Iterable[Any]) -> bool:
    return any(DECODERS.fullmatch(node.op) for node in nodes)


def _kind(spec: object) -> str:
    """What a batch is, from the description that a data set gives of it."""
    if isinstance(spec, tuple | list):
        return f"a tuple of {len(spec)}"
    return "EagerTensor" if type(spec).__name__ == "TensorSpec" else type(spec).__name__
