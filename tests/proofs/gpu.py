"""All of exercise 09 on the GPU that is here, with Keras on TensorFlow, JAX or torch, as a table.

    make gpu                        on a GPU; without one it says so
    make gpu ON=cpu                 the same on the CPU, with smaller numbers
    make gpu WITH=/path/to/python   in an environment of your own, which has Keras and JAX or torch

KERAS_BACKEND chooses one of several. Exercise 06 reads images with TensorFlow, which such an environment may lack:
here the scenes are drawn by NumPy, and Pillow writes and reads them. All else is what the solutions do.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from datasets.drawing import draw
from datasets.layout import IMAGES, LABELS, TABLE, read_table
from datasets.pretrained import SHAPES
from datasets.scenes import label_sets
from kata.answers.frameworks import import_quietly
from kata.checks import receipts
from kata.syllabus import ROOT

BACKENDS = ("tensorflow", "jax", "torch")
NEEDED = ("keras", "h5py", "matplotlib", "PIL")  # matplotlib brings Pillow, whose module is PIL
PRECISIONS = ("float32", "mixed_float16")
SIZES = {"gpu": (2000, 64), "cpu": (160, 32)}  # images, and their width in pixels
EPOCHS, BATCH, COMPARED = 100, 64, 64  # COMPARED: of how many images the CPU computes the features, too
# What keeps each backend from the GPU, in a process of its own.
HIDDEN = {"CUDA_VISIBLE_DEVICES": "-1", "HIP_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}


def import_solutions():
    """Let `from gpu_training import ...` find the solution, whatever else has that name."""
    sys.path[:0] = [str(folder) for folder in sorted((ROOT / "solutions").iterdir()) if folder.is_dir()]


def child(code, *arguments, **environment):
    """Run code in a process of its own, in which no backend has begun yet: what it printed, or None if it failed."""
    begin = "import sys; from tests.proofs import gpu; gpu.import_solutions()"
    command = [sys.executable, "-c", f"{begin}; {code}", *map(str, arguments)]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return None
    return done.stdout


def tell_device():
    """Print what find_device says, on the last line."""
    from gpu_training import find_device

    print(f"\n{json.dumps(find_device())}")


def choose(on):
    """Choose the backend.

    Args:
        on: "gpu" for the first one that sees a GPU, "cpu" for the first one that works.

    Returns:
        (backend, environment): the name for KERAS_BACKEND, and what else must be in the environment.

    Raises:
        SystemExit: there is none; its message is a sentence for people.
    """
    named = os.environ.get("KERAS_BACKEND")
    here = [name for name in ([named] if named else BACKENDS) if importlib.util.find_spec(name)]
    lacking = [name for name in NEEDED if not importlib.util.find_spec(name)]
    if lacking or not here:
        missing = ", ".join([*lacking, *([] if here else [named or "TensorFlow, JAX or torch"])])
        raise SystemExit(f"{sys.executable} lacks {missing}: install it, or name another Python with make gpu WITH=")
    environment = HIDDEN if on == "cpu" else {}
    for backend in here:
        told = child("gpu.tell_device()", KERAS_BACKEND=backend, **environment)
        if told and (on == "cpu" or json.loads(told.splitlines()[-1])["kind"] == "GPU"):
            return backend, environment
    if on == "cpu":
        raise SystemExit(f"Keras does not start on {' or '.join(here)}: what it said stands above.")
    raise SystemExit(
        f"No GPU: Keras on {' or '.join(here)} sees none here; make gpu ON=cpu does the same on the CPU, with "
        "smaller numbers."
    )


def draw_scenes(folder, images, size):
    """Draw scenes into a folder in the layout of the data sets: JPEG files of size x size pixels, and the table."""
    from PIL import Image

    (folder / IMAGES).mkdir(parents=True)
    sets, rows = label_sets(), [",".join(["Filenames", *LABELS])]
    # The scenes are in the order of their classes: some of all of them are wanted.
    for number in np.random.default_rng(0).permutation(len(sets))[:images]:
        pixels = draw(set(sets[number]), np.random.default_rng([0, number + 1]), size, size)
        Image.fromarray(pixels).save(folder / IMAGES / f"{number + 1}.jpg", quality=90)
        rows.append(",".join([f"{number + 1}.jpg", *("1" if label in sets[number] else "0" for label in LABELS)]))
    (folder / TABLE).write_text("\n".join([*rows, ""]), encoding="utf-8")


def pillows_pipeline():
    """What run_training takes from exercise 06, without TensorFlow."""

    def table(folder, classes):
        rows = read_table(folder)
        return list(rows), np.array(list(rows.values()), np.float32)

    def split_indices(n_samples, train_share=0.8, seed=0):
        return np.split(np.random.default_rng(seed).permutation(n_samples), [round(n_samples * train_share)])

    def load_image(path, size):
        from PIL import Image

        with Image.open(path) as image:  # it was drawn in this size
            return np.asarray(image, np.float32) / 255

    return SimpleNamespace(read_table=table, split_indices=split_indices, load_image=load_image)


def features_a_second(images, weights, precision):
    """How many images a base computes in a second, once it is built and its first batch is through."""
    import keras
    from transfer_model import build_base, extract_features

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        base = build_base(None, images.shape[1])
    finally:
        keras.config.set_dtype_policy(before)
    base.set_weights(weights)
    whole = images[: max(BATCH, len(images) // BATCH * BATCH)]  # a smaller batch at the end would be a start again
    extract_features(base, whole[:BATCH], BATCH)
    begun = time.perf_counter()
    extract_features(base, whole, BATCH)
    return len(whole) / (time.perf_counter() - begun)


def write_features(images_file, features_file):
    """Compute what the CPU makes of images, in float32; the GPU has been hidden from this process."""
    from gpu_training import compute_features, draw_weights, find_device

    assert find_device()["kind"] == "CPU", "the GPU could not be hidden"
    np.save(features_file, compute_features(np.load(images_file), draw_weights(SHAPES, 0), "float32", BATCH))


def apart(features, others):
    """How far features are from others: of their size and their spread together, as a receipt's check has it."""
    return float(np.max(np.abs(features - others) / (np.abs(others) + np.std(others))))


def within(distance, bound):
    return f"{distance:.1g} apart (bound {bound:g}){'' if distance <= bound else ': TOO FAR'}"


def measure(folder, environment, images, size, epochs):
    """Do all of exercise 09, and measure it.

    Args:
        folder: Path for what is drawn and trained.
        environment: what `choose` said; images: how many, at least 10; size: in pixels, at least 32; epochs: int.

    Returns:
        (rows, right): list of (what, value), two str each; and whether receipt and comparisons are as they should be.
    """
    import_solutions()
    sys.modules["data_pipeline"] = pipeline = pillows_pipeline()
    import keras
    from gpu_training import compute_features, draw_weights, find_device, run_training, train_head

    dataset, output, device = folder / "miml_dataset", folder / "output", find_device()
    draw_scenes(dataset, images, size)
    names, labels = pipeline.read_table(dataset, LABELS)
    pictures = np.array([pipeline.load_image(dataset / IMAGES / name, size) for name in names])
    weights, start = draw_weights(SHAPES, 0), draw_weights([(512, len(LABELS)), (len(LABELS),)], 0)
    speeds = {precision: features_a_second(pictures, weights, precision) for precision in PRECISIONS}
    features = {precision: compute_features(pictures, weights, precision, BATCH) for precision in PRECISIONS}
    train, test = pipeline.split_indices(images)
    begun = time.perf_counter()
    train_head(features["float32"][train], labels[train], *start, None, epochs, BATCH)
    seconds = time.perf_counter() - begun
    receipt = run_training(str(dataset), str(output), "random", epochs, size, BATCH)

    files = [dataset / TABLE, *(dataset / IMAGES / name for name in names)]
    data = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    found = receipts.problems(output, labels, features["float32"], data, 0, receipts._start)
    fits = f"fits: binary accuracy {receipt['binary_accuracy']:.3f}, predicting nothing {receipt['all_zeros']:.3f}"
    distances = compare(folder, environment, pictures, features, labels, (train, test), epochs)
    kind = f"{device['count']} {device['kind']}, Keras {keras.__version__} on {device['backend']}"
    rows = [
        ("device", f"{device['name']} ({kind})"),
        ("images", f"{images} of {size} x {size} pixels, batches of {BATCH}"),
        *((f"features a second, {precision}", f"{speed:.0f}") for precision, speed in speeds.items()),
        (f"{epochs} epochs of the head", f"{seconds:.1f} s"),
        (f"the whole run, base in {device['precision']}", f"{receipt['seconds']:.1f} s"),
        ("receipt", "; ".join(found) or fits),
        *((f"{what} beside the CPU's", within(*distance)) for what, distance in distances.items()),
    ]
    return rows, not found and all(distance <= bound for distance, bound in distances.values())


def compare(folder, environment, pictures, features, labels, parts, epochs):
    """Compare with the CPU: features with Keras in float32 on it, the head with NumPy in float64.

    Returns:
        {what: (distance, bound)}, floats: the bounds are those of receipts.
    """
    files = folder / "pictures.npy", folder / "features.npy"
    np.save(files[0], pictures[:COMPARED])
    if child("gpu.write_features(*sys.argv[1:])", *files, **{**environment, **HIDDEN}) is None:
        raise SystemExit("The CPU could not be asked for the same features: what it said stands above.")
    cpu, output = np.load(files[1]), folder / "output"
    distances = {
        f"features in {precision}": (apart(of_device[:COMPARED], cpu), receipts.FEATURES)
        for precision, of_device in features.items()
    }
    with np.load(output / "weights.npz") as trained, np.load(output / "checkpoint.npz") as checkpoint:
        mine = trained["kernel"], trained["bias"], checkpoint["history"][:, :2]
    trained_on = np.load(output / "features.npy").astype(np.float64)
    kernel, bias, history = receipts._again(trained_on, labels, *parts, epochs, BATCH, 0)
    off = [np.max(np.abs(one - other)) for one, other in zip(mine, (kernel, bias, history[:, :2]), strict=True)]
    distances["the head's weights"] = max(off[:2]), receipts.NEAR["other weights"]
    distances["the head's losses"] = off[2], receipts.NEAR["another history"]
    return distances


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.gpu", description=__doc__.partition("\n")[0])
    parser.add_argument("--on", choices=["gpu", "cpu"], default="gpu")
    parser.add_argument("--images", type=int, help="how many (default: 2000, on the CPU 160)")
    parser.add_argument("--size", type=int, help="of an image in pixels (default: 64, on the CPU 32)")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    chosen = parser.parse_args(arguments)
    backend, environment = choose(chosen.on)
    os.environ.update(environment | {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"})
    import_quietly([backend, "keras"])
    images, size = SIZES[chosen.on]
    with tempfile.TemporaryDirectory() as folder:
        sizes = chosen.images or images, chosen.size or size, chosen.epochs
        rows, right = measure(Path(folder), environment, *sizes)
    width = max(len(what) for what, _ in rows)
    for what, value in rows:
        print(f"{what:<{width}}  {value}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
