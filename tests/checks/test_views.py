"""Right answers in other styles are seen to be right; what a view cannot look at is told as that."""

import io
import itertools
import json
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from kata.answers.answer import Answer, Reference
from kata.answers.frameworks import import_quietly
from kata.answers.loading import InProcess
from kata.checks.comparison import CheckFailed, check, check_raises, difference
from kata.checks.files import MarkdownTable, Output, TrainingFolder, WithArrays
from kata.checks.models import AfterTraining, LastWeights, Outputs, Parameters, SmallBase
from kata.checks.objects import Folder, Paths
from kata.checks.pictures import Pictures
from kata.checks.tensors import Batches, DatasetGraph, Pipeline
from kata.checks.training import AnotherCall, StepwiseFolder
from tests.support import replace_function

import_quietly(["tensorflow", "keras"])
SOLUTIONS = Reference()
RIGHT = {
    "batches": 2,
    "calls Python": False,
    "decodes in parallel": True,
    "keeps the order": True,
    "cached": True,
    "prefetched": True,
    "prefetch is last": True,
}
PAIRS = "pairs = tf.data.Dataset.from_tensor_slices((paths, labels))\n"
LOAD = "    load = lambda path, label: (load_image(path, size), label)\n"
AUTOTUNE = "num_parallel_calls=tf.data.AUTOTUNE"
LAST = "batch(batch_size).cache().prefetch(tf.data.AUTOTUNE)\n"
PIPELINES = {
    "options set last": f"""
    {PAIRS}{LOAD}
    options = tf.data.Options()
    options.deterministic = True
    return pairs.map(load, {AUTOTUNE}).batch(batch_size).cache().prefetch(1).with_options(options)
""",
    "options in the middle": f"""
    {PAIRS}{LOAD}
    options = tf.data.Options()
    options.threading.private_threadpool_size = 2
    return pairs.with_options(options).map(load, {AUTOTUNE}).{LAST}
""",
    "a parallel, ordered interleave": f"""
    {PAIRS}
    one = lambda path, label: tf.data.Dataset.from_tensors((load_image(path, size), label))
    images = pairs.interleave(one, cycle_length=4, {AUTOTUNE}, deterministic=True)
    return images.apply(tf.data.experimental.assert_cardinality(len(paths))).{LAST}
""",
    "an interleave that maps inside": f"""
    {PAIRS}{LOAD}
    one = lambda path, label: tf.data.Dataset.from_tensors((path, label)).map(load)
    images = pairs.interleave(one, cycle_length=4, {AUTOTUNE})
    return images.{LAST[:-1]}.apply(tf.data.experimental.assert_cardinality(-(-len(paths) // batch_size)))
""",
    "two data sets zipped": """
    images = tf.data.Dataset.from_tensor_slices(paths).map(lambda path: load_image(path, size), num_parallel_calls=2)
    pairs = tf.data.Dataset.zip(images, tf.data.Dataset.from_tensor_slices(labels))
    return pairs.cache().batch(batch_size).prefetch(2)
""",
    "a map for each step": f"""
    {PAIRS}
    pairs = pairs.map(lambda path, label: (tf.io.read_file(path), label))
    pairs = pairs.map(lambda data, label: (tf.io.decode_image(data, 3, expand_animations=False), label), {AUTOTUNE})
    pairs = pairs.map(lambda image, label: (tf.image.resize(image, [size, size]) / 255, label))
    return pairs.{LAST}
""",
    "batches first, and their images then": f"""
    {PAIRS}
    images = lambda paths: tf.map_fn(lambda path: load_image(path, size), paths, fn_output_signature=tf.float32)
    batches = pairs.batch(batch_size).map(lambda paths, labels: (images(paths), labels), {AUTOTUNE})
    return batches.cache().prefetch(tf.data.AUTOTUNE)
""",
}


def answer(answer_folder, topic, function, signature, body):
    code = f"def {function}({signature}):\n    {body.strip()}\n"
    return Answer(answer_folder(**{topic: replace_function(topic, function, code)}))


def batches_of(answer_folder, body):
    return answer(answer_folder, "data_pipeline", "make_batches", "paths, labels, size=64, batch_size=64", body)


@pytest.fixture(scope="module")
def paths():
    import tensorflow as tf

    colours = np.random.default_rng(0).integers(0, 256, (5, 1, 1, 3))
    pictures = [tf.io.encode_jpeg(np.broadcast_to(colour, (9, 9, 3)).astype(np.uint8)).numpy() for colour in colours]
    files = {f"{number}.jpg": picture for number, picture in enumerate(pictures)}
    return Paths(files, tuple(files))


LABELS = np.arange(10, dtype=np.float32).reshape(5, 2)


@pytest.mark.parametrize("style", PIPELINES)
def test_a_right_pipeline_in_another_style_is_right(answer_folder, paths, style):
    judged = batches_of(answer_folder, PIPELINES[style])
    check(judged.seen_as(Pipeline()).make_batches(paths, LABELS, 8, 4), RIGHT)
    expected = SOLUTIONS.seen_as(Batches()).make_batches(paths, LABELS, 8, 4)
    check(judged.seen_as(Batches()).make_batches(paths, LABELS, 8, 4), expected, atol=1e-6)


WRONG_PIPELINES = {
    "decodes in turn, beside a parallel map": (
        f"{PAIRS}{LOAD}    return pairs.map(load).map(lambda *pair: pair, {AUTOTUNE}).{LAST}",
        {"decodes in parallel"},
    ),
    "one image at a time, in a parallel map": (
        f"{PAIRS}{LOAD}    return pairs.map(load, num_parallel_calls=1).{LAST}",
        {"decodes in parallel"},
    ),
    "decodes in turn, in a graph that stands in a text": (
        f"{PAIRS}{LOAD}    inner = pairs.map(load)\n"
        "    text = tf.raw_ops.DatasetToGraphV2(input_dataset=inner._variant_tensor)\n"
        "    one = lambda text: tf.data.experimental.from_variant(\n"
        "        tf.raw_ops.DatasetFromGraph(graph_def=text), inner.element_spec)\n"
        "    some = tf.io.encode_png(np.zeros((8, 8, 3), np.uint8))\n"
        "    nothing = lambda: 0 * tf.reduce_sum(tf.cast(tf.io.decode_png(some), tf.float32))\n"
        "    shown = lambda image, label: (image + nothing(), label)\n"
        f"    images = tf.data.Dataset.from_tensors(text).flat_map(one).map(shown, {AUTOTUNE})\n"
        f"    return images.apply(tf.data.experimental.assert_cardinality(len(paths))).{LAST}",
        {"decodes in parallel"},
    ),
    "an interleave that is not parallel": (
        f"{PAIRS}    one = lambda path, label: tf.data.Dataset.from_tensors((load_image(path, size), label))\n"
        f"    return pairs.interleave(one).{LAST}",
        {"batches", "decodes in parallel"},
    ),
    **{
        f"decodes in turn as {kind}, beside a picture that is decoded in parallel for show": (
            f"{PAIRS}    picture = lambda path: tf.raw_ops.{op}\n"
            "    one = lambda path, label: (tf.image.resize(picture(path), [size, size]) / 255, label)\n"
            "    dot = tf.io.encode_jpeg(np.zeros((1, 1, 3), np.uint8))\n"
            "    show = lambda image, label: (image + 0 * tf.cast(tf.io.decode_jpeg(dot, 3), tf.float32), label)\n"
            f"    return pairs.map(one).map(show, {AUTOTUNE}).{LAST}",
            {"decodes in parallel"},
        )
        for kind, op in {
            "GIF": "DecodeGif(contents=tf.io.read_file(path))[0]",
            "WebP": "DecodeWebP(contents=tf.io.read_file(path), channels=3)",
        }.items()
    },
    "a parallel map of one thread": (
        f"{PAIRS}{LOAD}    options = tf.data.Options()\n    options.threading.private_threadpool_size = 1\n"
        f"    return pairs.map(load, {AUTOTUNE}).{LAST[:-1]}.with_options(options)\n",
        {"decodes in parallel"},
    ),
    "an order that is lost inside": (
        f"{PAIRS}    one = lambda path, label: tf.data.Dataset.from_tensors((load_image(path, size), label))\n"
        f"    return pairs.interleave(one, {AUTOTUNE}, deterministic=False).{LAST}",
        {"batches", "keeps the order"},
    ),
    "an order that options give up": (
        f"{PAIRS}{LOAD}    options = tf.data.Options()\n    options.deterministic = False\n"
        f"    return pairs.map(load, {AUTOTUNE}).{LAST[:-1]}.with_options(options)\n",
        {"keeps the order"},
    ),
    "a stage after prefetch, then options": (
        f"{PAIRS}{LOAD}    return pairs.map(load, {AUTOTUNE}).prefetch(1).batch(batch_size).cache()"
        ".with_options(tf.data.Options())\n",
        {"prefetch is last"},
    ),
}


@pytest.mark.parametrize("style", WRONG_PIPELINES)
def test_of_a_wrong_pipeline_only_what_is_wrong_differs(answer_folder, paths, style):
    body, wrong = WRONG_PIPELINES[style]
    seen = batches_of(answer_folder, body).seen_as(Pipeline()).make_batches(paths, LABELS, 8, 4).value
    assert {key for key in RIGHT if seen[key] != RIGHT[key]} == wrong


def test_batches_that_are_no_pairs_are_described(answer_folder, paths):
    judged = batches_of(answer_folder, f"{PAIRS}{LOAD}    return pairs.map(lambda path, label: path).{LAST}")
    call = judged.seen_as(Batches()).make_batches(paths, LABELS)
    assert call.raised is None
    assert call.value == "batches that are no pair of images and labels: EagerTensor"


# Models

GLOROT = "kernel_initializer=keras.initializers.GlorotUniform(seed=42)"
INPUT = "keras.Input(base.input_shape[1:]{})"
MODELS = {
    "Sequential": f"""
    pool = keras.layers.GlobalAveragePooling2D()
    return keras.Sequential([{INPUT.format("")}, base, pool, keras.layers.Dense(n_classes, activation, {GLOROT})])
""",
    "a head that is a model": f"""
    dense = keras.layers.Dense(n_classes, activation, {GLOROT})
    head = keras.Sequential([keras.layers.GlobalAveragePooling2D(), dense])
    images = {INPUT.format("")}
    return keras.Model(images, head(base(images, training=False)), name="my_model")
""",
    "other names, keras.ops and an activation of its own": f"""
    pixels = {INPUT.format(", name='pixels'")}
    logits = keras.layers.Dense(n_classes, {GLOROT}, name="head")(
        keras.ops.mean(base(pixels * 1.0, training=False), axis=(1, 2)))
    return keras.Model(pixels, keras.layers.Activation(activation)(logits), name="other")
""",
    "the outputs of the base": f"""
    features = keras.layers.GlobalAveragePooling2D()(base.output)
    return keras.Model(base.input, keras.layers.Dense(n_classes, activation, {GLOROT})(features))
""",
    "a layer that is a class": f"""
    class Top(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(n_classes, activation, {GLOROT})
        def call(self, maps):
            return self.dense(keras.ops.mean(maps, axis=(1, 2)))
    images = {INPUT.format("")}
    return keras.Model(images, Top()(base(images, training=False)))
""",
}
SUBCLASSED = f"""
    class Classifier(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = keras.layers.Dense(n_classes, activation, {GLOROT})
            self.eyes = base
        def call(self, images, training=None):
            return self.head(keras.ops.mean(self.eyes(images, training=False), axis=(1, 2)))
    return Classifier()
"""


def model_of(answer_folder, body):
    signature = 'base, activation, preprocessing="tutorial", n_classes=5'
    return answer(answer_folder, "transfer_model", "build_model", signature, body)


@pytest.fixture(scope="module")
def views():
    rng = np.random.default_rng(0)
    images, labels = rng.random((4, 16, 16, 3), np.float32), rng.integers(0, 2, (4, 5)).astype(np.float32)
    return {
        "parameters": Parameters(),
        "weights": LastWeights(),
        "outputs": Outputs(images, seed=3),
        "training": AfterTraining(images, labels),
    }


def differing(judged, views):
    """The views in which a model differs from the solution's."""
    found = set()
    for name, view in views.items():
        expected = SOLUTIONS.seen_as(view).build_model(SmallBase(), "sigmoid")
        if difference(judged.seen_as(view).build_model(SmallBase(), "sigmoid"), expected, 1e-3, 1e-4, False):
            found.add(name)
    return found


@pytest.mark.parametrize("style", MODELS)
def test_a_right_model_in_another_style_is_right(answer_folder, views, style):
    assert differing(model_of(answer_folder, MODELS[style]), views) == set()


def test_a_subclassed_model_does_the_same_but_has_no_input_before_it_is_called(answer_folder, views):
    judged = model_of(answer_folder, SUBCLASSED)
    assert differing(judged, views) == {"parameters", "weights"}
    seen = judged.seen_as(Parameters()).build_model(SmallBase(), "sigmoid").value
    assert seen["input"] == "nobody knows before it is called: let it begin with a keras.Input"


def test_weights_are_drawn_the_same_whatever_was_made_first(answer_folder, views):
    # The head is named before the base; only the order of the weights differs.
    judged = model_of(answer_folder, SUBCLASSED)
    expected = SOLUTIONS.seen_as(views["outputs"]).build_model(SmallBase(), "sigmoid")
    check(judged.seen_as(views["outputs"]).build_model(SmallBase(), "sigmoid"), expected, 1e-3, 1e-5)


def test_nothing_is_a_graph_while_a_call_with_a_stepwise_folder_lasts():
    import tensorflow as tf

    with ExitStack() as made:
        folder = StepwiseFolder({"1.txt": b"one"}).make(made)
        assert Path(folder, "1.txt").read_bytes() == b"one"
        assert tf.config.functions_run_eagerly()
    assert not tf.config.functions_run_eagerly()
    assert not Path(folder).exists()
    assert repr(StepwiseFolder({"1.txt": b"one"})) == repr(Folder({"1.txt": b"one"}))


# What cannot be looked at

UNSEEN = "something that the judge cannot look at (ValueError: "


def test_an_error_of_the_view_is_not_told_as_the_answers(answer_folder, paths):
    # Images of different shapes: nothing in the answer raises, but batches of them cannot be put together.
    body = f"{PAIRS}    image = lambda label: tf.zeros([tf.cast(label[0], tf.int32)])\n"
    body += "    return pairs.map(lambda path, label: (image(label), label)).batch(1)\n"
    call = batches_of(answer_folder, body).seen_as(Batches()).make_batches(paths, LABELS)
    assert call.raised is None
    assert call.value.startswith(UNSEEN)
    with pytest.raises(CheckFailed) as failure:
        check(call, (LABELS, LABELS, [4]))
    assert "raised" not in str(failure.value)
    with pytest.raises(CheckFailed, match="returned  'something that the judge cannot look at"):
        check_raises(call, ValueError)


def test_an_error_in_the_answers_own_lines_is_the_answers_while_it_is_looked_at(answer_folder, views):
    body = SUBCLASSED.replace(
        "            return self.head", "            raise ValueError('mine')\n            return self.head"
    )
    call = model_of(answer_folder, body).seen_as(views["outputs"]).build_model(SmallBase(), None)
    assert call.raised.kind == "ValueError"
    assert "mine" in call.raised.message


# Forged on the way

JUNK = (
    *(None, 3, "graph", [], (), ("graph",), ("graph", b"no graph", "a tuple of 2", "/tmp")),
    *(("graph", b"", [], "x", [(10**9, 10**9)], []), ("files", {}, {}), ("file", [("a.md", b"\xff")], 0)),
    *(("file", [("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 99)], 0), ("tuple", [], 0), {"graph": 1}, np.ones(3)),
)
TWO_STEPS = (
    *(Batches(), Pipeline(), Outputs(np.ones((1, 4, 4, 3), np.float32)), Pictures(), MarkdownTable()),
    *(WithArrays("state.npz", ("history",)), TrainingFolder("training", ("data",))),
)


@pytest.mark.parametrize("view", TWO_STEPS, ids=lambda view: type(view).__name__)
def test_whatever_was_taken_can_be_looked_at_and_is_never_taken_for_a_result(view):
    for junk in JUNK:
        call = InProcess(lambda topic: None).look("make_batches", view, junk, ())
        assert call.fault is None
        assert call.raised is not None or not isinstance(call.value, tuple | np.ndarray)


def test_stages_that_nothing_comes_from_do_not_count(paths):
    import tensorflow as tf

    pairs = tf.data.Dataset.from_tensor_slices((np.ones(4), np.ones(4)))
    taken = DatasetGraph().see(pairs.batch(2).cache().prefetch(1), lambda: None)
    graph = tf.compat.v1.GraphDef.FromString(taken[1])
    (end,), (prefetch,) = ([node for node in graph.node if node.op == op] for op in ("_Retval", "PrefetchDataset"))
    (cache,) = (node for node in graph.node if node.op == "CacheDatasetV2")
    end.input[0] = cache.input[0]  # the batches themselves
    seen = Pipeline().look((taken[0], graph.SerializeToString(), *taken[2:]))
    assert not seen["cached"]
    assert not seen["prefetched"]
    assert prefetch.input[0] == cache.name


def test_a_number_of_calls_that_is_computed_is_not_taken_for_many(answer_folder, paths):
    import tensorflow as tf

    body = f"{PAIRS}{LOAD}    return pairs.map(load, num_parallel_calls=1).{LAST}"
    taken = batches_of(answer_folder, body).seen_as(DatasetGraph()).make_batches(paths, LABELS, 8, 4).value
    graph = tf.compat.v1.GraphDef.FromString(taken[1])
    (stage,) = (node for node in graph.node if node.op.startswith("ParallelMap"))
    copy = graph.node.add(name="copy", op="Identity", input=[stage.input[-1]])
    copy.attr["T"].type = tf.int64.as_datatype_enum
    stage.input[-1] = "copy"
    seen = Pipeline().look((taken[0], graph.SerializeToString(), *taken[2:]))
    assert not seen["decodes in parallel"]


def test_files_of_a_training_are_what_they_are_called():
    from matplotlib.image import imsave

    def whole(save, *args, **arrays):
        save(file := io.BytesIO(), *args, **arrays)
        return file.getvalue()

    figures = dict.fromkeys(("binary_accuracy", "all_zeros", "subset_accuracy", "hamming_loss"), 0.5)
    receipt = {"epochs": 3, "seconds": 1.9, **figures}
    receipt |= {"labels": {"sea": dict.fromkeys(("precision", "recall", "f1"), 0.5)}}
    array, picture = whole(np.save, np.ones(3)), whole(imsave, np.eye(9))
    files = dict.fromkeys(("features.npy", "predictions.npy"), array) | {"predictions.txt": b""}
    files |= {"curves.png": picture, "sheet.png": picture, "receipt.json": json.dumps(receipt).encode()}
    files |= {"weights.npz": whole(np.savez, kernel=np.ones(3))}
    files |= {"checkpoint.npz": whole(np.savez, history=np.ones((3, 3)))}

    def missing(took=2.0, **changed):
        changed = {name.replace("_", "."): content for name, content in changed.items()}
        return TrainingFolder("training", ("epochs",)).look(("files", receipt, files | changed, took))[0]["missing"]

    assert missing() == missing(1.85) == missing(15) == []
    assert missing(1.7) == missing(20) == ["seconds that the call took"]
    for content in (b"", picture[:60], whole(imsave, np.ones((9, 9, 3)))):
        assert missing(curves_png=content) == ["curves.png, which shows nothing"]
        assert missing(sheet_png=content) == ["sheet.png, which shows nothing"]
    for content in (b"", array, whole(np.savez, kernel=np.ones(3)), whole(np.savez, history=np.ones((2, 3)))):
        assert missing(checkpoint_npz=content) == ["checkpoint.npz of all epochs"]


def refuses(*calls):
    """A function that raises a ValueError at the calls with these numbers."""
    numbers = itertools.count(1)

    def function(**options):
        if next(numbers) in calls:
            raise ValueError("another training")
        return {}

    return function


def test_only_the_call_that_is_another_training_may_be_refused():
    view = AnotherCall({"epochs": 1}, {"image_size": 48})
    asked = []
    view.call(lambda **options: asked.append(options), (), {"epochs": 2})
    assert asked == [{"epochs": 1}, {"epochs": 2}, {"epochs": 2, "image_size": 48}]
    assert view.see(view.call(refuses(), (), {}), list) == "a receipt"
    with pytest.raises(ValueError, match=r"^another training"):
        view.call(refuses(3), (), {})
    for number in (1, 2):
        with pytest.raises(RuntimeError, match="raised ValueError: another training"):
            view.call(refuses(number), (), {})


def test_paths_in_a_graph_are_those_of_the_files_that_are_there_now(paths):
    import tensorflow as tf

    with ExitStack() as made:
        given = paths.make(made)
        read = tf.data.Dataset.from_tensor_slices((given, LABELS))
        read = read.map(lambda path, _: (tf.io.read_file(path), path)).batch(2)
        taken = DatasetGraph().see(read, lambda: None)
    # The folder is gone; what was taken is looked at in another one.
    contents, places, sizes = InProcess(lambda topic: None).look("make_batches", Batches(), taken, (paths,)).value
    assert contents.tolist() == list(paths.files.values())
    assert sizes == [2, 2, 1]
    assert not set(places.tolist()) & {path.encode() for path in given}


# Pictures

PLOTS = {
    "lines": "axes.plot(one, 'o-'); axes.plot(two, 'o-')",
    "lying bars with numbers": """
    axes.barh(np.arange(9) - 0.2, one, 0.4); axes.barh(np.arange(9) + 0.2, two, 0.4)
    for place, value in enumerate(one):
        axes.text(0.02, place, f"{value:.3f}")""",
    "a map": "axes.imshow(np.array([one, two])); axes.set_yticks([0, 1], ['at 0.5', 'best'])",
    "points, cut to what is drawn": "axes.scatter(range(9), one); axes.plot(range(9), two); axes.legend(['a', 'b'])",
    "sorted bars": "axes.bar(range(9), one[np.argsort(np.nan_to_num(one))]); axes.step(range(9), two)",
}


@pytest.mark.parametrize("style", PLOTS)
def test_a_plot_in_another_style_differs_in_a_part_where_one_figure_does(answer_folder, style):
    body = f"""
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(figsize=(8, 5))
    one, two = (np.array([np.nan if row[key] is None else row[key] for row in rows])
                for key in ("accuracy", "accuracy_at_threshold"))
    {PLOTS[style].strip()}
    figure.savefig(path, {"bbox_inches='tight', " if "cut" in style else ""}dpi=120)
    plt.close(figure)
    return path
"""
    judged = answer(answer_folder, "experiments", "plot_grid", "rows, path", body)
    rows = [{"accuracy": 0.3 + 0.06 * place, "accuracy_at_threshold": 0.95 - 0.07 * place} for place in range(9)]
    rows[4]["accuracy"] = rows[4]["accuracy_at_threshold"] = None
    for called, differs in (("first", None), ("second", "nowhere"), ("third", "in a part")):
        view = Pictures(called=called, unlike="first" if differs else "", a_part=differs is not None)
        seen = judged.seen_as(view).plot_grid(rows, Output("grid.png")).value
        assert seen["colours"] == "many"
        assert seen.get("differs from it") == differs
        if differs:
            rows[6]["accuracy"] += 0.025
