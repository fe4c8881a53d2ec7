"""Exercise 06: from a folder of images and a table of labels to batches, with tf.data.

The folder holds the images as JPEG files in `images/`, and the table `miml_labels_1.csv`. In the table, the
column `Filenames` names the images, and each class has a column of 0 and 1.
"""

import csv
from pathlib import Path

import numpy as np
import tensorflow as tf


def read_table(folder, classes):
    """Return the names of the images in a folder, and their labels.

    The table is a CSV file in UTF-8: values between commas, with or without quotes, any ends of lines, with or
    without a byte order mark; empty lines do not count. The images are the files in `images/` itself whose names
    end in .jpg, in small letters or capitals. Hidden files, whose names begin with a dot, do not count.

    Args:
        folder: str, the folder that holds `miml_labels_1.csv` and `images/`.
        classes: list of str, the names of the classes. The function finds columns by name, in any order.

    Returns:
        (names, labels): a list of str in the order of the table, and a float32 array of shape
        (n_samples, n_classes), multi-hot, its columns in the order of `classes`.

    Raises:
        FileNotFoundError: there is no table, or an image of the table is not in `images/`; the message names it.
        ValueError: the table lacks `Filenames` or a class, or has a column of that name twice; the table names no
            image, or an image twice; a row has more or fewer values than there are columns; a label is another text
            than 0 and 1; or an image in `images/` is not in the table. The message names the column or the image.
    """
    raise NotImplementedError("todo, see: kata hint 06 read_table")


def split_indices(n_samples, train_share=0.8, seed=0):
    """Split samples into a training and a test part, at random but always the same for a seed.

    The order is numpy.random.default_rng(seed).permutation(n_samples), so that everybody's test set is the same.

    Args:
        n_samples: int.
        train_share: float in (0, 1); round(n_samples * train_share) samples are for training.
        seed: int.

    Returns:
        (train, test): two int64 arrays of indices, in the order of the permutation, training first.

    Raises:
        ValueError: `train_share` is not in (0, 1).
    """
    raise NotImplementedError("todo, see: kata hint 06 split_indices")


def load_image(path, size=64):
    """Read a JPEG file as a picture of one size, with colours in [0, 1].

    It uses TensorFlow operations only, so it also runs inside tf.data's graph, where `path` is a tensor.

    Args:
        path: str or scalar string tensor.
        size: int, width and height of the result in pixels.

    Returns:
        float32 tensor of shape (size, size, 3): the file decoded to three channels (a grey picture has three equal
        ones, one for printing, in CMYK, becomes RGB), scaled from 0 ... 255 to [0, 1], resized with tf.image.resize
        (bilinear). The picture is taken as it is stored: a note in the file that it should be turned is not
        followed.

    Raises:
        An error whose message names the file: the file is missing, empty, cut off, or no JPEG, whatever its name;
            or something follows its end. A whole JPEG begins with the bytes FF D8 FF and ends with FF D9.
    """
    raise NotImplementedError("todo, see: kata hint 06 load_image")


def make_batches(paths, labels, size=64, batch_size=64):
    """Return a data set of batches, in the order of `paths`, read once and kept in memory.

    TensorFlow decodes in its graph on all cores, without Python. The last batch may be smaller. The data set
    prepares the next batch while the model uses this one.

    Args:
        paths: list of str, JPEG files.
        labels: float32 array of shape (n_samples, n_classes).
        size: int, width and height of the images.
        batch_size: int.

    Returns:
        tf.data.Dataset of (images, labels): float32 of shape (batch, size, size, 3) and (batch, n_classes).

    Raises:
        ValueError: there are not as many labels as paths.
        An error that names the file, when the data set is iterated: see `load_image`.
    """
    raise NotImplementedError("todo, see: kata hint 06 make_batches")
