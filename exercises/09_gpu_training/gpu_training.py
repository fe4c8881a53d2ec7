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
    raise NotImplementedError("todo, see: kata hint 09 find_device")


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
    raise NotImplementedError("todo, see: kata hint 09 draw_weights")


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
    raise NotImplementedError("todo, see: kata hint 09 compute_features")


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
    raise NotImplementedError("todo, see: kata hint 09 train_head")


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
    raise NotImplementedError("todo, see: kata hint 09 label_report")


def describe_predictions(y_true, y_pred, classes):
    """Say in words what is true and what is predicted.

    Args:
        y_true, y_pred: float32 arrays of shape (n_samples, n_classes), multi-hot.
        classes: list of str.

    Returns:
        list of (true, predicted), one tuple of two str for each sample: the labels in the order of `classes`, joined
        by ", " ("sea, sunset"); "NONE" where there is none.
    """
    raise NotImplementedError("todo, see: kata hint 09 describe_predictions")


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
    raise NotImplementedError("todo, see: kata hint 09 draw_pictures")


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
    raise NotImplementedError("todo, see: kata hint 09 run_training")


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
