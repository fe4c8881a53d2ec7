"""How fast is your pipeline? Run it with: pytest exercises/06_data_pipeline/bench_data_pipeline.py

One pass over the drawn scenes, or over the images of MIML_DATASET: your make_batches, the solution's, a bare loop
over the same TensorFlow operations on as many threads, and the tutorial's way, which calls Python for each image.
"""

import csv
import functools
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from datasets import layout, real, scenes
from kata.answers import import_quietly
from kata.checks import CheckFailed, check
from kata.learn import SOLVED, YOURS, NotWritten, measure, results_of

pytest_plugins = "kata.learn.benchmarks"

SIZE, BATCH = 64, 64
BARE, NUMPY, TUTORIAL = "a bare loop", "py_function with NumPy", "the tutorial's py_function"


@functools.cache
def samples():
    """(the folder, paths, labels) of all images."""
    named = Path(os.environ.get("MIML_DATASET") or "")
    if (named / layout.TABLE).is_file():
        folder = named  # of any number of images, unchecked
    else:
        folder = real.load() if os.environ.get("MIML_DATASET") else scenes.generate()
    table = layout.read_table(folder)
    return folder, [str(folder / layout.IMAGES / name) for name in table], np.float32(list(table.values()))


def batches_of(dataset):
    """One pass: the number of images, and the sums of images and labels, which say that it is the same work."""
    images = [(len(images), float(np.sum(images)), float(np.sum(labels))) for images, labels in dataset]
    return np.sum(images, axis=0)


def bare(paths, labels):
    """Read, decode, convert and resize in a loop, on as many threads as there are processors."""
    import tensorflow as tf

    def load(path):
        pixels = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
        return tf.image.resize(tf.image.convert_image_dtype(pixels, tf.float32), [SIZE, SIZE])

    with ThreadPoolExecutor(layout.processors()) as pool:
        images = list(pool.map(load, paths))
    for start in range(0, len(paths), BATCH):
        yield tf.stack(images[start : start + BATCH]), labels[start : start + BATCH]


def through_python(paths, look_up):
    """A data set that goes back to Python for each image, where `look_up(path)` finds its labels in the table."""
    import tensorflow as tf

    def load(path):
        pixels = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
        image = tf.image.resize(tf.image.convert_image_dtype(pixels, tf.float32), [SIZE, SIZE])
        return image, tf.convert_to_tensor(look_up(path), tf.int64)

    def wrapped(path):
        return tf.py_function(load, [path], (tf.float32, tf.int64))

    dataset = tf.data.Dataset.from_tensor_slices(paths)
    dataset = dataset.map(wrapped, num_parallel_calls=tf.data.AUTOTUNE, deterministic=False)
    return dataset.batch(BATCH).cache().prefetch(tf.data.AUTOTUNE)


def with_numpy(folder):
    names, *columns = zip(*list(csv.reader((folder / layout.TABLE).open()))[1:], strict=True)
    names, labels = np.array(names), np.array(columns, dtype=np.int64).T
    return lambda path: labels[names == path.numpy().decode().rpartition("/")[2]].squeeze()


def with_pandas(folder):
    """As in the tutorial: the name stays a tensor, and a column of texts is compared with it."""
    import tensorflow as tf

    pandas = pytest.importorskip("pandas", reason="the tutorial's way needs pandas: pip install pandas")
    table = pandas.read_csv(folder / layout.TABLE)
    columns = list(layout.LABELS)
    return lambda path: table[table["Filenames"] == tf.strings.split(path, "/")[-1]][columns].to_numpy().squeeze()


@pytest.mark.parametrize("who", [YOURS, SOLVED, BARE, NUMPY, TUTORIAL])
def test_one_pass(request, answer, reference, who):
    import_quietly(["tensorflow"])
    folder, paths, labels = samples()
    title = f"{len(paths):,} images"
    told = results_of(request, title)
    told[who] = "wrong"  # until it is found right
    if who in (YOURS, SOLVED):
        judged = answer if who == YOURS else reference.answer
        if judged.todo("make_batches"):
            told[who] = "not written yet"
            raise NotWritten("not written yet")
        if who == YOURS:
            found_right(answer, reference, paths, labels)
        function = judged.runner.load_function("make_batches")
        once = lambda: batches_of(function(paths, labels, SIZE, BATCH))  # noqa: E731
    elif who == BARE:
        once = lambda: batches_of(bare(paths, labels))  # noqa: E731
    else:
        told[who] = "needs pandas"
        look_up = (with_numpy if who == NUMPY else with_pandas)(folder)
        once = lambda: batches_of(through_python(paths, look_up))  # noqa: E731
    expected = batches_of(reference.make_batches(paths, labels, SIZE, BATCH))
    # Warm, and right: sums of some millions of numbers, in another order where Python is asked.
    np.testing.assert_allclose(once(), expected, rtol=1e-4)
    rounds = 1 if who in (NUMPY, TUTORIAL) and len(paths) > 100 else 5
    measure(request, title, who, lambda benchmark: benchmark.pedantic(once, rounds=rounds, iterations=1))


def found_right(answer, reference, paths, labels):
    from kata.checks import Batches

    some = paths[:: max(1, len(paths) // 50)], labels[:: max(1, len(paths) // 50)]
    expected = reference.seen_as(Batches()).make_batches(*some, SIZE, 8)
    try:
        check(answer.seen_as(Batches()).make_batches(*some, SIZE, 8), expected, atol=1e-6, source="the solution")
    except CheckFailed as error:
        pytest.fail(str(error), pytrace=False)
