"""The generated stand-in: 2,000 drawn scenes in the layout, with the label counts and in the order of the real ones.

    python -m datasets.scenes

For where there is no network, and for tests. How a scene is drawn is in drawing.py; here is which, where and when.
"""

import argparse
import csv
import io
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from datasets.drawing import draw
from datasets.layout import (
    COUNT,
    IMAGES,
    JPEG_END,
    JPEG_START,
    LABELS,
    NAME,
    TABLE,
    WORDS,
    DatasetError,
    cache_folder,
    outside_checkout,
    processors,
    write_whole,
)
from datasets.progress import progress_bar

VERSION = 1  # of the drawing: raise it when a seed gives other pixels than before
MANIFEST = "scenes.json"
QUALITY = 90

# How often each set of labels occurs among the real images, in each of their blocks of 400: images 1 to 400 were
# collected as deserts, the next 400 as mountains, and so on.
BLOCKS = {
    "desert": {
        "desert": 340,
        "desert,mountains": 16,
        "desert,mountains,sunset": 1,
        "desert,sea": 5,
        "desert,sunset": 19,
        "desert,sunset,trees": 1,
        "desert,trees": 18,
    },
    "mountains": {
        "desert,mountains": 3,
        "mountains": 268,
        "mountains,sea": 32,
        "mountains,sea,trees": 6,
        "mountains,sunset": 3,
        "mountains,trees": 88,
    },
    "sea": {"mountains,sea": 6, "sea": 341, "sea,sunset": 41, "sea,trees": 12},
    "sunset": {
        "desert,sunset": 2,
        "desert,sunset,trees": 2,
        "mountains,sunset": 16,
        "mountains,sunset,trees": 1,
        "sea,sunset": 131,
        "sea,sunset,trees": 4,
        "sunset": 216,
        "sunset,trees": 28,
    },
    "trees": {"desert,trees": 2, "mountains,trees": 18, "sea,trees": 2, "trees": 378},
}

# Height, width and share: most of the real images are of the first two sizes, the others are small.
SIZES = {(256, 384): 0.55, (384, 256): 0.2, (85, 128): 0.1, (101, 128): 0.07, (90, 120): 0.05, (128, 85): 0.03}


def label_sets(seed=0):
    """Say which labels each scene has.

    Args:
        seed: how the sets are shuffled within their blocks of 400.

    Returns:
        A list of 2,000 tuples of str, each in the order of LABELS; the first is that of 1.jpg.
    """
    rng = np.random.default_rng([seed, 0])
    sets = []
    for block in BLOCKS.values():
        words = [words for words, count in block.items() for _ in range(count)]
        sets += [tuple(words[place].split(",")) for place in rng.permutation(len(words))]
    return sets


def scene(number, seed=0, dtype=np.float32):
    """Draw one scene, independently of the others.

    Args:
        number: 1 to 2,000.
        seed: which of the data sets.
        dtype: see drawing.draw.

    Returns:
        The pixels before compression, uint8 of shape (height, width, 3).
    """
    rng = np.random.default_rng([seed, number])
    height, width = list(SIZES)[rng.choice(len(SIZES), p=list(SIZES.values()))]
    return draw(set(label_sets(seed)[number - 1]), rng, height, width, dtype)


def generate(folder=None, seed=0, jobs=None, progress=True):
    """Draw the 2,000 scenes, or what is missing of them, in parallel.

    A scene that is there is kept: a run that was killed is taken up again, and a finished one costs milliseconds.

    Args:
        folder: where to put the folder miml_dataset; default: scenes-SEED in the cache folder (see
            layout.cache_folder).
        seed: an int, at least 0; the same seed draws the same images.
        jobs: how many threads draw; default: as many as there are processors. NumPy and the JPEG encoder compute
            without Python's lock, so that threads draw as fast as processes would, and none has to be started anew.
        progress: show a progress bar on stderr.

    Returns:
        The Path of the miml_dataset folder.

    Raises:
        DatasetError: the folder is in the repository or holds something else, or cannot be written to.
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise DatasetError(f"seed={seed!r}: it should be an integer of at least 0")
    folder = cache_folder() / f"scenes-{seed}" if folder is None else outside_checkout(Path(folder).expanduser())
    try:
        return _generate(folder, int(seed), jobs or processors(), progress)
    except OSError as error:
        raise DatasetError(f"the scenes cannot be written to {folder}: {error}") from None


def _generate(folder, seed, jobs, progress):
    target = folder / NAME
    recipe = {"version": VERSION, "seed": seed}
    sizes = _begun(folder, recipe)
    missing = [number for number in range(1, COUNT + 1) if not _is_there(target / IMAGES / f"{number}.jpg", sizes)]
    tables = _tables(label_sets(seed))
    # The tables are read again: who changed a label by hand gets the right one back.
    if not missing and sizes and all(_content(target / name) == data for name, data in tables.items()):
        return target

    partial = folder / "partial"
    for made in (target / IMAGES, partial):
        made.mkdir(parents=True, exist_ok=True)
    write_whole(folder / MANIFEST, json.dumps(recipe).encode())
    if missing:
        _draw_all(missing, seed, jobs, target / IMAGES, partial, progress)
    for name, data in tables.items():
        write_whole(target / name, data, partial)
    # Last of all, since it says that everything else is there.
    sizes = {path.name: path.stat().st_size for path in (target / IMAGES).glob("*.jpg")}
    write_whole(folder / MANIFEST, json.dumps(recipe | {"bytes": sizes}).encode())
    _sweep(partial)
    return target


def _begun(folder, recipe):
    """Look at what is in the folder: return the sizes of the finished images, or {} where they are not finished."""
    images = folder / NAME / IMAGES
    content = _content(folder / MANIFEST)
    try:
        manifest = json.loads(content) if content is not None else None
        found = {key: manifest[key] for key in recipe} if manifest else None
        sizes = manifest.get("bytes", {}) if manifest else {}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DatasetError(f"{folder / MANIFEST} is damaged: delete {folder} and begin again") from None
    if found is None:
        if folder.exists() and any(entry.name != "partial" for entry in folder.iterdir()):
            raise DatasetError(f"{folder} holds something else than generated scenes: choose another folder")
        return {}
    if found["seed"] != recipe["seed"]:
        raise DatasetError(f"{folder} holds the scenes of seed {found['seed']}: choose another folder or delete it")
    if found["version"] != recipe["version"]:
        for path in images.glob("*.jpg"):
            path.unlink()
        return {}
    return sizes


def _is_there(path, sizes):
    """Whether an image is there whole. Files are renamed when they are, but a machine may have lost its power."""
    try:
        if sizes:
            return path.stat().st_size == sizes.get(path.name)
        data = path.read_bytes()
    except OSError:
        return False
    return data.startswith(JPEG_START) and data.endswith(JPEG_END)


def _content(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _draw_all(numbers, seed, jobs, images, partial, progress):
    import tensorflow as tf  # not above: it takes seconds, and who finds the scenes finished need not wait

    def draw_one(number):
        # TensorFlow's encoder, since TensorFlow is needed anyway: Pillow would be a dependency for this line alone.
        with tf.device("CPU"):
            data = tf.io.encode_jpeg(scene(number, seed), quality=QUALITY).numpy()
        write_whole(images / f"{number}.jpg", data, partial)

    with (
        progress_bar("Drawing scenes", COUNT, done=COUNT - len(numbers), show=progress) as bar,
        ThreadPoolExecutor(jobs) as pool,
    ):
        try:
            for _ in pool.map(draw_one, numbers):
                bar.update()
        except BaseException:  # Ctrl-C too: it should not take until the last image is drawn
            pool.shutdown(cancel_futures=True)
            raise


def _tables(sets):
    """The two tables, as the bytes of their files."""
    files = [f"{number}.jpg" for number in range(1, len(sets) + 1)]
    numbers = [[name, *(int(label in labels) for label in LABELS)] for name, labels in zip(files, sets, strict=True)]
    words = [[name, ",".join(labels)] for name, labels in zip(files, sets, strict=True)]
    return {TABLE: _csv([["Filenames", *LABELS], *numbers]), WORDS: _csv([["Filenames", "labels"], *words])}


def _csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _sweep(partial):
    """Remove what killed runs left; another process may be writing its own right now."""
    for path in partial.iterdir():
        if time.time() - path.stat().st_mtime > 60:
            path.unlink(missing_ok=True)
    if not any(partial.iterdir()):
        partial.rmdir()


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m datasets.scenes", description="Draw the stand-in's 2,000 scenes."
    )
    parser.add_argument("--folder", help="where to put miml_dataset (default: the user's cache, or KATA_DATA)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, help="threads (default: one for each processor)")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # who waits for images need not hear that there is no GPU
    try:
        print(generate(chosen.folder, chosen.seed, chosen.jobs))
    except DatasetError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("stopped. What was drawn is kept: the same command goes on.")


if __name__ == "__main__":
    main()
