"""Exercise 07: a frozen VGG16 makes features of images, one Dense layer makes labels of features.

Images are float32 of shape (n_samples, height, width, 3), RGB, with values in [0, 1], as exercise 06 makes them.
"""

import keras
import numpy as np

PREPROCESSINGS = ("tutorial", "imagenet")
ACTIVATIONS = ("sigmoid", "softmax", None)


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
    if preprocessing not in PREPROCESSINGS:
        raise ValueError(f"no preprocessing is called {preprocessing!r}: choose one of {PREPROCESSINGS}")
    if preprocessing == "tutorial":
        return images
    return keras.applications.vgg16.preprocess_input(images * 255.0)  # a new array: it works in place


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
    given = None
    if weights == "imagenet":
        from datasets import pretrained  # here: nothing that is judged needs it

        given = pretrained.read()
    source = weights if given is None else None
    try:
        base = keras.applications.VGG16(include_top=False, weights=source, input_shape=(image_size, image_size, 3))
    except Exception as error:
        if "URL fetch failure" not in str(error):  # Keras raises a plain Exception
            raise
        raise ConnectionError(
            f"the ImageNet weights cannot be downloaded ({error}); the environment variable VGG16_WEIGHTS may name "
            "the file where you have it; weights=None builds the same base with random weights, whose features have "
            "to be standardized"
        ) from None
    if given is not None:
        base.set_weights(given)
    base.trainable = False
    return base


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
    return base.predict(images, batch_size=batch_size, verbose=0).mean(axis=(1, 2))


def standardize(train, test):
    """Give every feature mean 0 and standard deviation 1, as measured on the training part alone.

    Args:
        train, test: float32 arrays of shape (n_train, n_features) and (n_test, n_features).

    Returns:
        (train, test): float32 arrays of the same shapes: less the training mean, divided by the training deviation
        (that of the n_train samples, not n_train - 1). A feature with one value in all training samples is divided
        by 1: it becomes 0 there.
    """
    mean = train.mean(axis=0, dtype=np.float64)
    # By its extremes: the computed deviation of equal numbers may be a rounding error instead of 0.
    constant = train.max(axis=0) == train.min(axis=0)
    mean = np.where(constant, train[0], mean)
    deviation = np.where(constant, 1, train.std(axis=0, dtype=np.float64))
    return tuple(((part - mean) / deviation).astype(np.float32) for part in (train, test))


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
    _check_activation(activation)
    images = keras.Input(base.input_shape[1:])
    maps = base(prepare_images(images, preprocessing), training=False)
    features = keras.layers.GlobalAveragePooling2D()(maps)
    initializer = keras.initializers.GlorotUniform(seed=42)
    outputs = keras.layers.Dense(n_classes, activation=activation, kernel_initializer=initializer)(features)
    return keras.Model(images, outputs)


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
    _check_activation(activation)
    logits = activation is None
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.BinaryCrossentropy(from_logits=logits),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0 if logits else 0.5)],
    )
    return model


def _check_activation(activation):
    if activation not in ACTIVATIONS:
        raise ValueError(f"no last activation is called {activation!r}: choose one of {ACTIVATIONS}")
