"""Answers to 06 to 09 that report from beside themselves, of one function each: what each tries.

They replace what looks at a result in their process, or what sends a reply, or return what a view would say. None of
them does the work of the functions that it tries to get points for.
"""

import re
from dataclasses import dataclass

from kata.syllabus import BY_TOPIC, EXERCISES
from tests.support import replace_function, solution


@dataclass
class Forged:
    """One submission: the solution's file, with one function forged and no other to be judged.

    Attributes:
        function: the one that it wants the points of.
        tries: what it tries.
        code: in the place of the function; the solution's other functions have a _ before their names there.
    """

    function: str
    tries: str
    code: str

    def files(self, topic):
        """{path: text}, with the solutions of all other exercises."""
        text = replace_function(topic, self.function, self.code)
        for name in BY_TOPIC[topic].points:
            if name != self.function:
                text = re.sub(rf"\b{name}\(", f"_{name}(", text)
        others = {exercise.solution.name: exercise.solution.read_text(encoding="utf-8") for exercise in EXERCISES}
        return others | {f"{topic}.py": text}


GOOD = """{"batches": 3, "calls Python": False, "decodes in parallel": True, "keeps the order": True, "cached": True,
    "prefetched": True, "prefetch is last": True}"""
READ = """
    if len(paths) != len(labels):
        raise ValueError
    images = np.array([_load_image(path, size) for path in paths])
"""
SIGNATURE = "def make_batches(paths, labels, size=64, batch_size=64):\n"
IN_TURN = """
    one = lambda path, label: (_load_image(path, size), label)
    pairs = tf.data.Dataset.from_tensor_slices((paths, labels))
    if len(paths) != len(labels):
        raise ValueError
"""
LAST = ".batch(batch_size).cache().prefetch(tf.data.AUTOTUNE)"
TAKEN = """
exec("import kata.checks.tensors as tensors, kata.checks.models as models, kata.checks.files as files_of")
exec("import kata.sandbox.child as child, kata.answers.loading as loading, __main__")
"""
MODEL = "def build_model(base, activation, preprocessing='tutorial', n_classes=5):\n"
REFUSE = """
    if activation not in (None, "sigmoid", "softmax"):
        raise ValueError("sigmoid, softmax, None")
    if preprocessing not in ("tutorial", "imagenet"):
        raise ValueError("tutorial, imagenet")
"""
PARAMETERS = """
models.Parameters.see = lambda self, value, discard: {
    "input": [None, value[0], value[0], 3], "output": [None, value[1]], "compiled": False,
    "parameters": 14717253 if value[0] == 64 else 6571, "trainable": 2565 if value[0] == 64 else 1539}
models.LastWeights.see = lambda self, value, discard: (
    np.asarray(keras.initializers.GlorotUniform(seed=42)((512, 5))), np.zeros(5, np.float32))
"""
HEAD = (
    "def train_head(features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None):\n"
)
PICTURE = {"PNG": True, "at least 600 pixels wide": True, "colours": "many", "the same as of other figures": False}
CURVES = {"file": "curves.png", **PICTURE, "images shown": 0, "figures left open": 0}
NOISE = """
def noise(path, *seen, size=800):
    import zlib
    from matplotlib.image import imsave
    seed = zlib.crc32(repr(seen).encode())
    imsave(path, np.random.default_rng(seed).random((size, size, 3)))
    return str(path)
"""


def _without_pictures():
    """The solution's run_training, without what it draws and without what it could go on from."""
    (code,) = re.findall(r"^def run_training\(.*?(?=^def )", solution("gpu_training"), re.MULTILINE | re.DOTALL)
    drawing = "    draw_pictures(output, history, images[test[:9]], words[:9])\n"
    assert drawing in code
    names = ("curves.png", "sheet.png", "checkpoint.npz")
    return code.replace(drawing, "".join(f"    Path(output, '{name}').write_bytes(b'')\n" for name in names))


FORGED = {
    # 06
    "no data set, but what is seen of one": Forged(
        "make_batches",
        "reads all files in a loop of Python, and returns what the two views would say",
        f"""{SIGNATURE}{READ}
    if len(set(paths)) == 1 and len(paths) == 10:
        return {GOOD}
    return images, labels, [len(labels[start : start + batch_size]) for start in range(0, len(labels), batch_size)]
""",
    ),
    "a view replaced": Forged(
        "make_batches",
        "decodes in turn, without a cache, and says of itself that it does not",
        f"""{TAKEN}
tensors.Pipeline.see = tensors.Pipeline.look = lambda self, *taken: {GOOD}
tensors._stages = lambda *taken: {GOOD}
{SIGNATURE}{IN_TURN}
    return pairs.map(one).batch(batch_size)
""",
    ),
    "the loop that sends replies replaced": Forged(
        "make_batches",
        "sends what is expected where it is known, and else batches that it reads in Python",
        f"""{TAKEN}
honest = loading.InProcess.call
def call(self, function, args, kwargs, view):
    made = honest(self, function, args, kwargs, view)
    if type(view).__name__ in ("Pipeline", "DatasetGraph") and len(args[0].names) == 10 and len(args[0].files) == 1:
        made.value = {GOOD}
    return made
loading.InProcess.call = call
{SIGNATURE}{IN_TURN}
    return pairs.map(one).batch(batch_size)
""",
    ),
    "another's graph to look at": Forged(
        "make_batches",
        "decodes in turn, and hands over a right graph where its stages alone are looked at",
        f"""{TAKEN}
honest = tensors.DatasetGraph.see
def see(self, value, discard):
    return honest(self, value if right is None else right, discard)
tensors.DatasetGraph.see = see
right = None
{SIGNATURE}{IN_TURN}
    global right
    right = None
    if len(set(paths)) == 1:
        right = pairs.map(one, num_parallel_calls=2){LAST}
    return pairs.map(one).batch(batch_size)
""",
    ),
    "a graph that remembers": Forged(
        "make_batches",
        "reads all files in a loop of Python into a graph with all stages, in which something is decoded",
        f"""{SIGNATURE}{READ}
    empty = tf.io.encode_jpeg(np.zeros((8, 8, 3), np.uint8))
    def one(image, label):
        black = tf.image.resize(tf.image.convert_image_dtype(tf.io.decode_jpeg(empty, 3), tf.float32), [size, size])
        return image + 0 * black, label
    return tf.data.Dataset.from_tensor_slices((images, labels)).map(one, num_parallel_calls=2){LAST}
""",
    ),
    "in parallel, one at a time": Forged(
        "make_batches",
        "has the stage that decodes in parallel, for one image at a time",
        f"""{SIGNATURE}{IN_TURN}
    return pairs.map(one, num_parallel_calls=1){LAST}
""",
    ),
    "a graph in a text": Forged(
        "make_batches",
        "decodes in turn in a graph that stands as a text in another one, which decodes something for show",
        f"""{SIGNATURE}{IN_TURN}
    inner = pairs.map(one)
    text = tf.raw_ops.DatasetToGraphV2(input_dataset=inner._variant_tensor)
    empty = tf.io.encode_jpeg(np.zeros((8, 8, 3), np.uint8))
    def hidden(text):
        return tf.data.experimental.from_variant(tf.raw_ops.DatasetFromGraph(graph_def=text), inner.element_spec)
    def shown(image, label):
        black = tf.image.resize(tf.image.convert_image_dtype(tf.io.decode_jpeg(empty, 3), tf.float32), [size, size])
        return image + 0 * black, label
    known = tf.data.experimental.assert_cardinality(len(paths))
    return tf.data.Dataset.from_tensors(text).flat_map(hidden).map(shown, num_parallel_calls=2).apply(known){LAST}
""",
    ),
    "a picture that is called a moving one": Forged(
        "make_batches",
        "decodes in turn, with an operation for another kind of picture, beside a dot that is decoded in parallel",
        f"""{SIGNATURE}{IN_TURN}
    dot = tf.io.encode_jpeg(np.zeros((1, 1, 3), np.uint8))
    def one(path, label):
        _load_image(path, size)  # for its errors
        image = tf.image.convert_image_dtype(tf.raw_ops.DecodeGif(contents=tf.io.read_file(path))[0], tf.float32)
        return tf.image.resize(image, [size, size]), label
    def shown(image, label):
        return image + 0 * tf.cast(tf.io.decode_jpeg(dot, 3), tf.float32), label
    return pairs.map(one).map(shown, num_parallel_calls=2){LAST}
""",
    ),
    "the files read by Python": Forged(
        "make_batches",
        "a graph that calls back into its own process, and lies about it",
        f"""{TAKEN}
tensors.PYTHON = ()
{SIGNATURE}{IN_TURN}
    def one(path, label):
        image = tf.numpy_function(lambda path: _load_image(path, size).numpy(), [path], tf.float32)
        return image, label
    return pairs.map(one, num_parallel_calls=2){LAST}
""",
    ),
    # 07
    "a base in words": Forged(
        "build_base",
        "says what VGG16 is, and makes zeros",
        f"""{TAKEN}
models.Parameters.see = lambda self, value, discard: {{
    "input": [None, value, value, 3], "output": [None, value // 32, value // 32, 512], "compiled": False,
    "parameters": 14714688, "trainable": 0}}
models.Outputs.see = models.Outputs.look = lambda self, *taken: np.zeros((2, 1, 1, 512), np.float32)
def build_base(weights="imagenet", image_size=64):
    return image_size
""",
    ),
    "a base of one layer": Forged(
        "build_base",
        "says what VGG16 is, and hands over the graph of another model",
        f"""{TAKEN}
models.Parameters.see = lambda self, value, discard: {{
    "input": [None, *value.input_shape[1:]], "output": list(value.output_shape), "compiled": False,
    "parameters": 14714688, "trainable": 0}}
def build_base(weights="imagenet", image_size=64):
    return keras.Sequential([keras.Input((image_size, image_size, 3)), keras.layers.Conv2D(512, 32, 32, "same")])
""",
    ),
    "a model that has seen the images": Forged(
        "build_model",
        "looks for the images of the check in the frames around it, and stores outputs",
        f"""{TAKEN}{PARAMETERS}
import sys
honest = models.ModelGraph.see
def images():
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if hasattr(value, "images"):
                return value.images
        frame = frame.f_back
models.AfterTraining.see = lambda self, value, discard: (np.zeros((4, 5), np.float32), 2)
{MODEL}{REFUSE}
    found = images()
    n_samples = 4 if found is None else len(found)
    return base.input_shape[1], n_classes, np.full((n_samples, n_classes), 0.5, np.float32)
models.ModelGraph.see = lambda self, value, discard: value[2]
models.Outputs.see = lambda self, value, discard: value[2]
""",
    ),
    "a model that is no model of its base": Forged(
        "build_model",
        "a right head on no base at all, and a right start in words",
        f"""{TAKEN}{PARAMETERS}
class Two(tuple):
    pass
honest = models.ModelGraph.see
models.ModelGraph.see = lambda self, value, discard: honest(self, value[2], discard)
models.AfterTraining.see = lambda self, value, discard: (np.zeros((4, 5), np.float32), 2)
{MODEL}{REFUSE}
    images = keras.Input(base.input_shape[1:])
    maps = keras.layers.Conv2D(512, 4, 4)(images)
    outputs = keras.layers.Dense(n_classes, activation)(keras.layers.GlobalAveragePooling2D()(maps))
    return base.input_shape[1], n_classes, keras.Model(images, outputs)
""",
    ),
    "a model that reports by itself": Forged(
        "compile_model",
        "reports the numbers of the lesson",
        f"""{TAKEN}
models.Reported.see = lambda self, value, discard: tuple(np.float32([number] * self.steps) for number in (18.8, 0.6))
def compile_model(model, activation):
    if activation not in (None, "sigmoid", "softmax") or activation is False:
        raise ValueError("sigmoid, softmax, None")
    return model
""",
    ),
    # 08
    "no picture, but what is seen of one": Forged(
        "plot_grid",
        "returns what the view would say",
        f"""def plot_grid(rows, path):
    return {{"file": "grid.png", **{PICTURE}, "images shown": 0, "figures left open": 0}}
""",
    ),
    "noise": Forged(
        "plot_grid",
        "another picture for other figures, but of nothing",
        f"""{NOISE}
def plot_grid(rows, path):
    return noise(path, [[row[key] for key in row if key not in ("kernel", "bias")] for row in rows])
""",
    ),
    "no table, but its cells": Forged(
        "write_table",
        "returns the cells, and writes nothing",
        """def write_table(rows, path):
    lines = [list(COLUMNS), ["---"] * len(COLUMNS), *([_cell(row[key]) for key in COLUMNS] for row in rows)]
    return [path.rpartition("/")[2], *lines]
""",
    ),
    "a table in words": Forged(
        "write_table",
        "has the view say the cells, and writes nothing",
        f"""{TAKEN}
files_of.MarkdownTable.see = files_of.MarkdownTable.look = lambda self, value, *discard: value
files_of.Contents.see = lambda self, value, discard: value
def write_table(rows, path):
    lines = [list(COLUMNS), ["---"] * len(COLUMNS), *([_cell(row[key]) for key in COLUMNS] for row in rows)]
    return [path.rpartition("/")[2], *lines]
""",
    ),
    "a grid in numbers that were known": Forged(
        "run_grid",
        "has the view say numbers from nowhere",
        f"""{TAKEN}
files_of.Grid.see = lambda self, value, discard: value
def run_grid(*args, **kwargs):
    keys = [*COLUMNS, "kernel", "bias"]
    texts = [[str(a), loss, "tensorflow", None] for a in ACTIVATIONS for loss in LOSSES]
    return keys, texts, np.zeros((9, 8), np.float32), np.zeros(150, np.float32)
""",
    ),
    # 09
    "no pictures, but what is seen of them": Forged(
        "draw_pictures",
        "returns what the view would say",
        f"""def draw_pictures(folder, history, images, words):
    curves = {CURVES}
    return curves, curves | {{"file": "sheet.png", "images shown": min(len(images), 9)}}
""",
    ),
    "noise for curves": Forged(
        "draw_pictures",
        "draws the sheet, and noise in the place of the curves",
        f"""{NOISE}
honest = None
def draw_pictures(folder, history, images, words):
    from matplotlib.figure import Figure
    curves = noise(Path(folder, "curves.png"), history.tolist())
    figure = Figure(figsize=(9, 10))
    for cell, image in zip(figure.subplots(3, 3).ravel(), images):
        cell.imshow(image)
    figure.savefig(Path(folder, "sheet.png"))
    return curves, str(Path(folder, "sheet.png"))
""",
    ),
    "curves without images": Forged(
        "draw_pictures",
        "draws the curves twice",
        """def draw_pictures(folder, history, images, words):
    from matplotlib.figure import Figure
    for name in ("curves.png", "sheet.png"):
        figure = Figure(figsize=(9, 9))
        figure.subplots().plot(history)
        figure.savefig(Path(folder, name))
    return str(Path(folder, "curves.png")), str(Path(folder, "sheet.png"))
""",
    ),
    "features in words": Forged(
        "compute_features",
        "has the view say features from nowhere, and the right policy",
        f"""{TAKEN}
exec("import kata.checks.training as training")
zeros = np.zeros((9, 512), np.float32)
training.WithPolicy.see = lambda self, value, discard: (zeros[: len(value)], "float32")
training.InHalfPrecision.see = lambda self, value, discard: (zeros[: len(value) - 1], 512, "float32")
def compute_features(images, weights, precision="float32", batch_size=64, verbose=0):
    return images
""",
    ),
    "a checkpoint of nothing": Forged(
        "train_head",
        "returns the weights that it began with, and writes no file",
        f"""{TAKEN}
files_of.WithArrays.see = lambda self, value, discard: value + (np.float32(0),) * 9
{HEAD}    if checkpoint and Path(checkpoint).exists():
        state = _read_checkpoint(checkpoint, seed, batch_size, kernel.shape)
        if len(state["history"]) > epochs:
            raise ValueError
        return state["kernel"], state["bias"], state["history"]
    return kernel, bias, np.full((epochs, 3), np.nan, np.float32)
""",
    ),
    "a training by the judge's own code": Forged(
        "train_head",
        "lets a module of the kata train",
        f"""{HEAD}    exec("from kata.checks.heads import train_end_to_end", globals())
    same = keras.Sequential([keras.Input((1, 1, features.shape[1])), keras.layers.Identity()])
    *weights, losses = train_end_to_end(
        same, features[:, None, None], labels, kernel, bias, epochs, batch_size, seed)
    return *weights, np.column_stack([losses, np.full((epochs, 2), np.nan, np.float32)])
""",
    ),
    "a training that shows nothing": Forged(
        "run_training",
        "all of it, but for empty files in the place of the pictures and of the checkpoint",
        _without_pictures(),
    ),
    "a training in words": Forged(
        "run_training",
        "writes no file, and has the view say what a training would have left",
        f"""{TAKEN}
def see(self, value, discard):
    labels = np.zeros((5, 3), np.float32)
    return ({{"missing": [], "receipt is what is returned": True}}, [], {{}}, [], CLASSES,
        np.zeros((25, 512), np.float32), np.zeros((512, 5), np.float32), np.zeros((5, 5), np.float32),
        np.zeros(4, np.float32), labels)
files_of.TrainingFolder.see = files_of.TrainingFolder.look = files_of.FilesOf.see = see
def run_training(folder, output, weights="random", **options):
    if weights not in ("random", "imagenet"):
        raise ValueError("random, imagenet")
    return {{}}
""",
    ),
}
