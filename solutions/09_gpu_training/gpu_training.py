"""Exercise 09: the whole training, on a GPU where there is one.

The base is frozen, so its features of an image never change. You compute them once, and train only the head on
them. The exercise uses your exercises 01 and 05 to 07. Import 06, which needs TensorFlow, inside `run_training`:
then training on arrays runs on every backend of Keras.
"""

import contextlib
import hashlib
import io
import json
import os
import platform
import time
from pathlib import Path

import keras
import numpy as np
from binary_accuracy import all_zeros_accuracy, binary_accuracy, hamming_loss, subset_accuracy
from label_encoders import multi_hot_decode
from transfer_model import build_base, extract_features, standardize

CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]
STATE = ("kernel", "bias", "kernel_momentum", "kernel_velocity", "bias_momentum", "bias_velocity")


def find_device():
    """Name the device that Keras computes on.

    On TensorFlow, let every GPU take memory as it needs it, not all at once.

    Returns:
        dict with the keys, in this order:
            backend: "tensorflow", "jax" or "torch", from keras.backend.backend();
            kind: "GPU" where the backend has one, else "CPU"; name: of the first device of that kind, not empty;
            count: int, how many of the kind there are (1 for the CPU);
            precision: of the base, "mixed_float16" on a GPU (half of the memory, and many have units for it), else
                "float32" (a CPU need not gain by float16).
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        names = _tensorflow_gpus()
    elif backend == "jax":
        import jax

        names = [device.device_kind for device in jax.devices() if device.platform in ("gpu", "cuda", "rocm")]
    else:
        import torch

        names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    kind, name = ("GPU", names[0]) if names else ("CPU", platform.processor() or platform.machine() or "CPU")
    precision = "mixed_float16" if names else "float32"
    return {"backend": backend, "kind": kind, "name": name, "count": len(names) or 1, "precision": precision}


def draw_weights(shapes, seed=0):
    """Draw weights that are the same on every backend: Keras's own seeded initializers are not.

    One numpy.random.default_rng(seed) draws the kernels one after the other, with
    standard_normal(shape, numpy.float32), times sqrt(2 / inputs of a unit) as float32 (He et al. 2015).
    A shape with more than one axis is a kernel; its last axis is that of the units. Every other shape gives zeros.

    Args:
        shapes: list of tuples of int.
        seed: int.

    Returns:
        list of float32 arrays of these shapes.
    """
    rng = np.random.default_rng(seed)
    weights = []
    for shape in shapes:
        if len(shape) > 1:
            weights.append(rng.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / np.prod(shape[:-1]))))
        else:
            weights.append(np.zeros(shape, np.float32))
    return weights


def compute_features(images, weights, precision="float32", batch_size=64, verbose=0):
    """Compute the features of images with VGG16 and given weights, once: the head is trained on them.

    Args:
        images: float32 array of shape (n_samples, size, size, 3), prepared for the base.
        weights: list of float32 arrays for `set_weights` of exercise 07's base.
        precision: name of the dtype policy that the base is built and run under. The global policy is afterwards
            what it was before, so that it does not reach the head.
        batch_size: int; verbose: 1 shows a progress bar.

    Returns:
        float32 array of shape (n_samples, 512), in every precision.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        base = build_base(weights=None, image_size=images.shape[1])
    finally:
        keras.config.set_dtype_policy(before)
    base.set_weights(weights)
    bar = keras.utils.Progbar(len(images), unit_name="image", verbose=verbose)
    parts = []
    for start in range(0, len(images), batch_size):
        parts.append(extract_features(base, images[start : start + batch_size], batch_size).astype(np.float32))
        bar.add(len(parts[-1]))
    return np.concatenate(parts)


def train_head(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """Train a Dense layer with sigmoid on features: Adam with its defaults, binary cross-entropy.

    In every epoch the samples come in the order of numpy.random.default_rng([seed, epoch]).permutation(n_samples),
    epochs counted from 0; a batch takes the next `batch_size` of them, and the last batch may be smaller. End-to-end
    training with a frozen base, in the same order, gives the same weights, but for how float32 rounds. The layer
    computes in float32, whatever the global dtype policy is.

    Args:
        features: float32 array of shape (n_samples, n_features).
        labels: float32 array of shape (n_samples, n_classes), multi-hot.
        kernel, bias: float32 arrays, where training begins.
        test: (features, labels) to measure after every epoch, or None.
        epochs, batch_size, seed: int.
        checkpoint: str, a file (.npz), or None. After every epoch it holds these arrays: `seed`, `batch_size`,
            `history` (of the epochs that are done), and kernel, bias, kernel_momentum, kernel_velocity,
            bias_momentum, bias_velocity: the layer and Adam's memory of it. Every epoch replaces it as a whole: it
            is written under another name in the same folder, then renamed. If it is there at the start, training
            goes on from it as if it had never stopped; a checkpoint that already has all epochs is only read.
        verbose: 1 shows a progress bar.

    Returns:
        (kernel, bias, history): float32 arrays; history has shape (epochs, 3): the training loss (the mean over the
        samples of the epoch, each taken before the step of its batch), the loss and the binary accuracy (at 0.5) of
        the test part after the epoch, NaN where `test` is None.

    Raises:
        ValueError: the checkpoint is of another seed, batch size or shape of the kernel, or has more epochs.
    """
    head = keras.Sequential(
        [keras.Input((features.shape[1],)), keras.layers.Dense(labels.shape[1], "sigmoid", dtype="float32")]
    )
    # auto_scale_loss: under a mixed policy Keras would wrap Adam into one that scales losses for float16.
    head.compile(keras.optimizers.Adam(), keras.losses.BinaryCrossentropy(), auto_scale_loss=False)
    head.optimizer.build(head.trainable_variables)
    variables = dict(zip(STATE, [*head.trainable_variables, *head.optimizer.variables[2:]], strict=True))
    head.set_weights([kernel, bias])
    history = np.zeros((0, 3), np.float32)
    batches = -(-len(features) // batch_size)
    if checkpoint and Path(checkpoint).exists():
        state = _read_checkpoint(checkpoint, seed, batch_size, kernel.shape)
        history = state["history"]
        if len(history) > epochs:
            raise ValueError(f"{checkpoint} has {len(history)} epochs already, more than {epochs}")
        for name, variable in variables.items():
            variable.assign(state[name])
        head.optimizer.iterations.assign(len(history) * batches)
    bar = keras.utils.Progbar(epochs, unit_name="epoch", verbose=verbose)
    for epoch in range(len(history), epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(features))
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            head.reset_metrics()  # some versions of Keras report the mean since the last reset
            total += len(batch) * float(head.train_on_batch(features[batch], labels[batch]))
        row = [total / len(order), *_measure(test, *head.get_weights())]
        history = np.concatenate([history, np.array([row], np.float32)])
        if checkpoint:
            arrays = {name: variable.numpy() for name, variable in variables.items()}
            _write_arrays(checkpoint, seed=seed, batch_size=batch_size, history=history, **arrays)
        bar.update(epoch + 1, [("loss", row[0])])
    return *head.get_weights(), history


def label_report(y_true, y_pred, classes):
    """Measure predictions, label by label and as a whole.

    Args:
        y_true, y_pred: float32 arrays of shape (n_samples, n_classes), multi-hot.
        classes: list of str.

    Returns:
        dict with the keys "binary_accuracy", "all_zeros", "subset_accuracy", "hamming_loss" (exercise 05, each one
        float) and "labels": {class: {"precision": ..., "recall": ..., "f1": ...}}, floats, in the order of `classes`.
        precision: the share of the predicted labels that are true; recall: the share of the true labels that
        are predicted; f1: 2 * precision * recall / (precision + recall). Each is 0.0 where it would be 0 / 0.
    """
    hits, predicted, true = ((part > 0.5).sum(axis=0) for part in (y_true * y_pred, y_pred, y_true))
    labels = {}
    for place, name in enumerate(classes):
        precision, recall = _share(hits[place], predicted[place]), _share(hits[place], true[place])
        f1 = _share(2 * precision * recall, precision + recall)
        labels[name] = {"precision": precision, "recall": recall, "f1": f1}
    return {
        "binary_accuracy": float(np.mean(binary_accuracy(y_true, y_pred))),
        "all_zeros": float(all_zeros_accuracy(y_true)),
        "subset_accuracy": float(subset_accuracy(y_true, y_pred)),
        "hamming_loss": float(hamming_loss(y_true, y_pred)),
        "labels": labels,
    }


def describe_predictions(y_true, y_pred, classes):
    """Say in words what is true and what is predicted.

    Args:
        y_true, y_pred: float32 arrays of shape (n_samples, n_classes), multi-hot.
        classes: list of str.

    Returns:
        list of (true, predicted), one tuple of two str for each sample: the labels in the order of `classes`, joined
        by ", " ("sea, sunset"); "NONE" where there is none.
    """
    true, predicted = multi_hot_decode(y_true, classes), multi_hot_decode(y_pred, classes)
    return [(", ".join(one), ", ".join(other)) for one, other in zip(true, predicted, strict=True)]


def draw_pictures(folder, history, images, words):
    """Draw the learning curves and a sheet of images with their labels, as PNG files at least 600 pixels wide.

    Args:
        folder: str, where curves.png and sheet.png are written.
        history: float32 array of shape (epochs, 3), what `train_head` returns: drawn over the epochs.
        images: float32 array of shape (n_samples, size, size, 3) in [0, 1]. The first nine, or all where there are
            fewer, are shown in three rows of three, in the order of reading.
        words: list of (true, predicted) for these images, what `describe_predictions` returns: written above each.

    Returns:
        (curves, sheet): the paths of the two files, str. No figure of matplotlib.pyplot stays open.
    """
    from matplotlib.figure import Figure  # here: it takes a moment, and only a picture needs it

    figure = Figure(figsize=(10, 4))
    left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.3, "bottom": 0.15})
    epochs = np.arange(1, len(history) + 1)
    left.plot(epochs, history[:, 0], label="training")
    left.plot(epochs, history[:, 1], label="test")
    left.set(xlabel="epoch", ylabel="binary cross-entropy")
    left.legend()
    right.plot(epochs, history[:, 2], color="tab:orange")
    right.set(xlabel="epoch", ylabel="binary accuracy of the test part")
    curves = str(Path(folder, "curves.png"))
    figure.savefig(curves, dpi=100)

    figure = Figure(figsize=(9, 10))
    bare = {"xticks": [], "yticks": [], "frame_on": False}
    edges = {"left": 0.03, "right": 0.97, "bottom": 0.03, "top": 0.94}
    cells = figure.subplots(3, 3, subplot_kw=bare, gridspec_kw=edges)
    for cell, image, (true, predicted) in zip(cells.ravel(), images, words, strict=False):
        cell.imshow(np.clip(image, 0, 1))
        cell.set_title(f"true: {true}\npredicted: {predicted}", fontsize=9)
    sheet = str(Path(folder, "sheet.png"))
    figure.savefig(sheet, dpi=100)
    return curves, sheet


def run_training(folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0):
    """Train on a folder of images and write down all results.

    If something kills it at any moment, another call goes on and comes to the same end.

    The table is read with the classes CLASSES, the split is `split_indices(n_samples, seed=seed)`, the base computes
    in the precision of `find_device`. Its weights are `draw_weights` of their shapes, or ImageNet's; the head begins
    with `draw_weights([(512, 5), (5,)], seed)`. The features are standardized (exercise 07) and the head is trained
    with the test part measured. A label is predicted where its logit, features @ kernel + bias, is above 0.

    Args:
        folder: str, holds `miml_labels_1.csv` and `images/` (exercise 06).
        output: str, a folder that is made where it is missing. Afterwards it holds
            features.npy: float32 of shape (n_samples, 512), of all images in the order of the table, as the base
                makes them (not standardized);
            checkpoint.npz: of `train_head`; weights.npz: `kernel` and `bias` after training;
            predictions.npy: float32, multi-hot, of the test part in the order of the split;
            predictions.txt: the first ten of them, a line "name: true -> predicted" each;
            curves.png, sheet.png: of `draw_pictures`, with the first nine of the test part;
            receipt.json: what is returned, as JSON, the last file to be written.
        weights: "random" or "imagenet", of the base.
        epochs, image_size, batch_size, seed: int. verbose: 1 shows progress bars.

    Returns:
        dict with the keys, in this order: data (sha256, in hex, of the bytes of the table and then of every image in
        its order), weights ("random" or "imagenet"), start (sha256, in hex, of the bytes of all weights: the base's,
        then kernel and bias of the head, before training), seed, epochs, image_size, batch_size, versions ({"python",
        "numpy", "keras"}: str), device (what `find_device` returns), seconds (float, of this call), and those of
        `label_report` for the test part. With "imagenet" there is one more, last of all: weights_file, which is what
        `datasets.pretrained.describe()` says.

    Raises:
        ValueError: `weights` is another name, or `output` holds a training of other data or settings (another
            number of epochs goes on from the checkpoint).
    """
    if weights not in ("random", "imagenet"):
        raise ValueError(f"weights={weights!r}: choose 'random' or 'imagenet'")
    from data_pipeline import load_image, read_table, split_indices  # TensorFlow's: training on arrays can do without

    begun, device = time.monotonic(), find_device()
    names, labels = read_table(folder, CLASSES)
    files = [Path(folder, "miml_labels_1.csv"), *(Path(folder, "images", name) for name in names)]
    settings = {"data": _digest(path.read_bytes() for path in files), "weights": weights}
    base = build_base("imagenet" if weights == "imagenet" else None, image_size)
    base_weights = base.get_weights()
    if weights == "random":
        base_weights = draw_weights([part.shape for part in base_weights], seed)
    head = draw_weights([(512, len(CLASSES)), (len(CLASSES),)], seed)
    settings["start"] = _digest(np.ascontiguousarray(part, "<f4").tobytes() for part in [*base_weights, *head])
    settings |= {"seed": seed, "epochs": epochs, "image_size": image_size, "batch_size": batch_size}
    _claim(Path(output), {**settings, "epochs": None, "precision": device["precision"]})

    images = np.array([load_image(str(path), image_size) for path in files[1:]])
    if not Path(output, "features.npy").exists():
        features = compute_features(images, base_weights, device["precision"], batch_size, verbose)
        _write_whole(Path(output, "features.npy"), _npy(features))
    features = np.load(Path(output, "features.npy"))
    train, test = split_indices(len(names), seed=seed)
    train_features, test_features = standardize(features[train], features[test])
    kernel, bias, history = train_head(
        *(train_features, labels[train], *head, (test_features, labels[test]), epochs, batch_size, seed),
        *(str(Path(output, "checkpoint.npz")), verbose),
    )

    predictions = (test_features @ kernel + bias > 0).astype(np.float32)
    words = describe_predictions(labels[test], predictions, CLASSES)
    _write_arrays(Path(output, "weights.npz"), kernel=kernel, bias=bias)
    _write_whole(Path(output, "predictions.npy"), _npy(predictions))
    told = zip(test[:10], words[:10], strict=True)
    lines = [f"{names[place]}: {true} -> {predicted}\n" for place, (true, predicted) in told]
    _write_whole(Path(output, "predictions.txt"), "".join(lines).encode())
    draw_pictures(output, history, images[test[:9]], words[:9])
    versions = {"python": platform.python_version(), "numpy": np.__version__, "keras": keras.__version__}
    receipt = {**settings, "versions": versions, "device": device, "seconds": time.monotonic() - begun}
    receipt |= label_report(labels[test], predictions, CLASSES)
    if weights == "imagenet":
        from datasets import pretrained

        receipt["weights_file"] = pretrained.describe()
    _write_whole(Path(output, "receipt.json"), json.dumps(receipt, indent=1).encode())
    return receipt


def _tensorflow_gpus():
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        with contextlib.suppress(RuntimeError):  # it is in use already, and can no longer be told
            tf.config.experimental.set_memory_growth(gpu, True)
    return [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus]


def _measure(test, kernel, bias):
    """The loss and the binary accuracy of a head."""
    if test is None:
        return np.nan, np.nan
    features, labels = test
    logits = features @ kernel + bias
    loss = np.mean(np.logaddexp(0, logits) - labels * logits)  # binary cross-entropy from logits
    return loss, np.mean(binary_accuracy(labels, logits, 0.0))  # a logit above 0: a probability above 0.5


def _share(part, whole):
    return float(part / whole) if whole else 0.0


def _read_checkpoint(path, seed, batch_size, shape):
    with np.load(path, allow_pickle=False) as file:
        state = dict(file)
    found = int(state["seed"]), int(state["batch_size"]), state["kernel"].shape
    if found != (seed, batch_size, shape):
        raise ValueError(f"{path} is of another training: (seed, batch size, shape) are {found}")
    return state


def _claim(output, settings):
    """Make the output folder this training's; refuse one that is another's."""
    output.mkdir(parents=True, exist_ok=True)
    path = output / "settings.json"
    if path.exists() and json.loads(path.read_bytes()) != settings:
        raise ValueError(f"{output} holds a training of other data or settings: choose another folder")
    _write_whole(path, json.dumps(settings).encode())


def _digest(parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _write_arrays(path, **arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    _write_whole(path, buffer.getvalue())


def _write_whole(path, data):
    """Write a file whole or not at all, whenever this process is killed, or the power goes."""
    partial = Path(f"{path}.partial")
    with open(partial, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


if __name__ == "__main__":
    # python exercises/09_gpu_training/gpu_training.py [imagenet]
    # On scenes, or on the real images where MIML_DATASET names them. What comes of it lies in .kata/training-...
    import sys

    from datasets.features import chosen_folder

    kind = "imagenet" if "imagenet" in sys.argv[1:] else "random"
    source = "real" if os.environ.get("MIML_DATASET") else "scenes"
    print(
        json.dumps(run_training(str(chosen_folder()), f".kata/training-{source}-{kind}", kind, verbose=1), indent=1)
    )
