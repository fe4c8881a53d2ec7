"""Exercise 07: a frozen VGG16 makes features of images, one Dense layer makes labels of features.

Images are float32 of shape (n_samples, height, width, 3), RGB, with values in [0, 1], as exercise 06 makes them.
"""

import keras
import numpy as np


def prepare_images(images, preprocessing="tutorial"):
    """Prepare images for the base.

    Source: keras.applications.vgg16.preprocess_input, which is what VGG16's ImageNet weights were trained with.

    Args:
        images: float32 array, or tensor of Keras (a model's input, too), of shape (n_samples, height, width, 3).
        preprocessing: "tutorial" leaves them in [0, 1]; "imagenet" makes them what the weights expect: values up to
            255, the channels in the order BGR, each less its mean over ImageNet (103.939, 116.779, 123.68).

    Returns:
        float32 array or tensor of the same shape.

    Raises:
        ValueError: `preprocessing` is another name; the message names the choices.
    """
    raise NotImplementedError("todo, see: kata hint 07 prepare_images")


def build_base(weights="imagenet", image_size=64):
    """Return VGG16 without its top, frozen.

    Args:
        weights: "imagenet" (from the file that the environment variable VGG16_WEIGHTS names, which
            `datasets.pretrained.read` reads; else downloaded once, 58 MB) or None for random ones.
        image_size: int, width and height of the images, at least 32.

    Returns:
        keras.Model from (n_samples, image_size, image_size, 3) to (n_samples, image_size // 32, image_size // 32,
        512), none of whose weights is trainable.

    Raises:
        ConnectionError: the ImageNet weights cannot be downloaded; the message offers weights=None.
        FileNotFoundError, ValueError: the file of VGG16_WEIGHTS does not exist, or holds other weights.
    """
    raise NotImplementedError("todo, see: kata hint 07 build_base")


def extract_features(base, images, batch_size=64):
    """Return the features of images: the base's feature maps, averaged over their positions.

    Args:
        base: keras.Model from images to feature maps of shape (n_samples, rows, columns, n_features).
        images: float32 array of shape (n_samples, height, width, 3), prepared for the base.
        batch_size: int, how many images the base computes at a time. It changes the time, and no feature.

    Returns:
        float32 array of shape (n_samples, n_features). The base is used as in prediction: no dropout, and no
        statistics of the batch.
    """
    raise NotImplementedError("todo, see: kata hint 07 extract_features")


def standardize(train, test):
    """Give every feature mean 0 and standard deviation 1, as measured on the training part alone.

    Args:
        train, test: float32 arrays of shape (n_train, n_features) and (n_test, n_features).

    Returns:
        (train, test): float32 arrays of the same shapes: less the training mean, divided by the training deviation
        (that of the n_train samples, not n_train - 1). A feature with one value in all training samples is divided
        by 1: it becomes 0 there.
    """
    raise NotImplementedError("todo, see: kata hint 07 standardize")


def build_model(base, activation, preprocessing="tutorial", n_classes=5):
    """Put the tutorial's head on a base: global average pooling and one Dense layer.

    The model calls the base with training=False. The base, also batch normalization in it, stays as it is while
    the head is trained. Kernel of the head: GlorotUniform(seed=42); bias: zeros.

    Args:
        base: keras.Model from images to feature maps.
        activation: "sigmoid", "softmax" or None, of the last layer.
        preprocessing: how the model prepares its images, as in `prepare_images`.
        n_classes: int.

    Returns:
        keras.Model, not compiled, from images in [0, 1] of the size that the base takes to shape
        (n_samples, n_classes).

    Raises:
        ValueError: `activation` or `preprocessing` is none of the choices; the message names them.
    """
    raise NotImplementedError("todo, see: kata hint 07 build_model")


def compile_model(model, activation):
    """Compile a multi-label model for the activation that it ends with.

    Args:
        model: keras.Model whose last activation is `activation`.
        activation: "sigmoid", "softmax" or None.

    Returns:
        The same model, compiled with Adam (its defaults), the binary cross-entropy that fits the activation, and
        BinaryAccuracy with the threshold that means a probability of 0.5.

    Raises:
        ValueError: `activation` is none of the choices; the message names them.
    """
    raise NotImplementedError("todo, see: kata hint 07 compile_model")
