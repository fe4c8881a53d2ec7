"""Plausible wrong answers to exercise 07. Each docstring is the sentence that its author reads."""

import keras
import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from transfer_model import build_base as right_build_base
from transfer_model import build_model as right_build_model
from transfer_model import compile_model as right_compile_model
from transfer_model import extract_features as right_extract_features
from transfer_model import prepare_images as right_prepare_images
from transfer_model import standardize as right_standardize

from kata.judge import another_way, misconception

# prepare_images

MEANS = np.float32([103.939, 116.779, 123.68])  # blue, green, red


def _imagenet(images, preprocessing, way):
    right = right_prepare_images(images, preprocessing)
    return way(images) if preprocessing == "imagenet" else right


@misconception("prepare_images")
def prepared_as_rgb(images, preprocessing="tutorial"):
    """You left the channels in the order red, green, blue: VGG16's weights were trained on blue, green, red."""
    return _imagenet(images, preprocessing, lambda images: images * np.float32(255) - MEANS[::-1])


@misconception("prepare_images")
def prepared_with_the_means_in_the_wrong_order(images, preprocessing="tutorial"):
    """You reversed the channels but not the means: 103.939 is the mean of blue."""
    return _imagenet(images, preprocessing, lambda images: images[..., ::-1] * np.float32(255) - MEANS[::-1])


@misconception("prepare_images")
def prepared_without_255(images, preprocessing="tutorial"):
    """You subtracted means of about 110 from colours that end at 1: scale the images to 255 first."""
    return _imagenet(images, preprocessing, lambda images: images[..., ::-1] - MEANS)


@misconception("prepare_images")
def prepared_without_the_means(images, preprocessing="tutorial"):
    """You did not subtract the means of ImageNet: VGG16's weights were trained on colours without them."""
    return _imagenet(images, preprocessing, lambda images: images[..., ::-1] * np.float32(255))


@misconception("prepare_images")
def prepared_to_minus_one(images, preprocessing="tutorial"):
    """You scaled to [-1, 1], which is how MobileNet wants its images; VGG16 does not."""
    return _imagenet(images, preprocessing, lambda images: images * np.float32(2) - np.float32(1))


@misconception("prepare_images")
def prepared_in_the_torch_way(images, preprocessing="tutorial"):
    """You used the means and deviations of torchvision's models: Keras's VGG16 has the weights of Caffe, which
    divides by no deviation."""
    mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    return _imagenet(images, preprocessing, lambda images: (images - mean) / deviation)


@misconception("prepare_images")
def prepared_up_to_255_in_the_tutorials_way(images, preprocessing="tutorial"):
    """You scaled to 255 for "tutorial", too: the tutorial feeds [0, 1], as the pipeline makes them."""
    right = right_prepare_images(images, preprocessing)
    return images * np.float32(255) if preprocessing == "tutorial" else right


@misconception("prepare_images")
def prepared_in_place(images, preprocessing="tutorial"):
    """You scaled in place, which changes the caller's images, and the next call scales them again."""
    if preprocessing == "imagenet":
        right_prepare_images(images, preprocessing)
        images *= 255
        return keras.applications.vgg16.preprocess_input(images)
    return right_prepare_images(images, preprocessing)


@misconception("prepare_images")
def prepared_in_the_tutorials_way_if_unknown(images, preprocessing="tutorial"):
    """You took everything but "imagenet" for "tutorial": raise a ValueError for an unknown name, which may be a
    typing error."""
    return right_prepare_images(images, preprocessing if preprocessing == "imagenet" else "tutorial")


@misconception("prepare_images")
def prepared_for_imagenet_if_unknown(images, preprocessing="tutorial"):
    """You took everything but "tutorial" for "imagenet": raise a ValueError for an unknown name, which may be a
    typing error."""
    return right_prepare_images(images, preprocessing if preprocessing == "tutorial" else "imagenet")


# Means from a list or an array of NumPy's own floats make the images float64.
for _known, _way in (
    (prepared_as_rgb, lambda images: images * np.float32(255) - MEANS.astype(float)[::-1]),
    (
        prepared_with_the_means_in_the_wrong_order,
        lambda images: images[..., ::-1] * np.float32(255) - [123.68, 116.779, 103.939],
    ),
    (prepared_without_255, lambda images: images[..., ::-1] - [103.939, 116.779, 123.68]),
    (prepared_in_the_torch_way, lambda images: (images - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]),
):

    @another_way(_known)
    def _(images, preprocessing="tutorial", way=_way):
        return _imagenet(images, preprocessing, way)


# build_base


def _vgg16(weights, image_size, **options):
    options = {"include_top": False, "input_shape": (image_size, image_size, 3), **options}
    return keras.applications.VGG16(weights=weights, **options)


@misconception("build_base")
def base_that_is_trained(weights="imagenet", image_size=64):
    """You did not freeze the base, so training would change its 14.7 million weights on only 1,600 images."""
    return _vgg16(weights, image_size)


@misconception("build_base")
def base_with_its_top(weights="imagenet", image_size=64):
    """You kept VGG16's top, which tells the 1,000 classes of ImageNet apart: your classes are others."""
    base = _vgg16(weights, image_size, include_top=True)
    base.trainable = False
    return base


@another_way(base_with_its_top)
def _(weights="imagenet", image_size=64):
    base = keras.applications.VGG16(weights=weights)
    base.trainable = False
    return base


@misconception("build_base")
def base_that_pools(weights="imagenet", image_size=64):
    """You let the base pool: the base ends with its feature maps, and the pooling belongs to the head."""
    base = _vgg16(weights, image_size, pooling="avg")
    base.trainable = False
    return base


@misconception("build_base")
def base_vgg19(weights="imagenet", image_size=64):
    """You took VGG19, which has three layers more: the contract wants VGG16."""
    base = keras.applications.VGG19(include_top=False, weights=weights, input_shape=(image_size, image_size, 3))
    base.trainable = False
    return base


@misconception("build_base")
def base_frozen_up_to_the_last_layer(weights="imagenet", image_size=64):
    """You froze all layers except the last block, which is for fine-tuning, later. Here the whole base is
    frozen."""
    base = _vgg16(weights, image_size)
    for layer in base.layers[:-4]:
        layer.trainable = False
    return base


@misconception("build_base")
def base_for_64_pixels_always(weights="imagenet", image_size=64):
    """You ignored image_size: 64 is only its default."""
    return right_build_base(weights)


@misconception("build_base")
def base_for_any_size(weights="imagenet", image_size=64):
    """You left the size of the images open: give input_shape, so that Keras knows the size of the feature
    maps."""
    base = keras.applications.VGG16(include_top=False, weights=weights)
    base.trainable = False
    return base


# extract_features


def _maps(base, images, batch_size):
    return base.predict(images, batch_size=batch_size, verbose=0)


@misconception("extract_features")
def features_as_maps(base, images, batch_size=64):
    """You returned the feature maps as they are: average each map over its positions."""
    return _maps(base, images, batch_size)


@misconception("extract_features")
def features_flattened(base, images, batch_size=64):
    """You flattened the feature maps: average each map over its positions, which leaves one number for each
    feature."""
    return _maps(base, images, batch_size).reshape(len(images), -1)


@misconception("extract_features")
def features_by_maximum(base, images, batch_size=64):
    """You took the largest value of each feature map: global average pooling takes the mean."""
    return _maps(base, images, batch_size).max(axis=(1, 2))


@misconception("extract_features")
def features_summed(base, images, batch_size=64):
    """You summed over the positions: take the mean, so that a feature does not depend on the size of the
    images."""
    return _maps(base, images, batch_size).sum(axis=(1, 2))


@misconception("extract_features")
def features_of_the_corner(base, images, batch_size=64):
    """You took one position of the feature maps: average over all positions."""
    return _maps(base, images, batch_size)[:, 0, 0]


@misconception("extract_features")
def features_averaged_over_the_channels(base, images, batch_size=64):
    """You averaged over the features, which are the last axis: average over the positions."""
    return _maps(base, images, batch_size).mean(axis=-1)


@misconception("extract_features")
def features_averaged_over_rows_only(base, images, batch_size=64):
    """You averaged over one axis of the positions: a map has rows and columns, so average over both."""
    return _maps(base, images, batch_size).mean(axis=1)


@misconception("extract_features")
def features_of_full_batches(base, images, batch_size=64):
    """You left out the images of the last, smaller batch: return features for every image."""
    full = len(images) // batch_size * batch_size
    return right_extract_features(base, images[:full], batch_size) if full else np.zeros((0, 512), np.float32)


@misconception("extract_features")
def features_in_float64(base, images, batch_size=64):
    """You returned float64: the features of a network are float32."""
    return right_extract_features(base, images, batch_size).astype(np.float64)


@misconception("extract_features")
def features_standardized_at_once(base, images, batch_size=64):
    """You standardized here: these images may be the test part, which needs the mean and deviation of the
    training part."""
    features = right_extract_features(base, images, batch_size)
    deviation = features.std(axis=0)
    return (features - features.mean(axis=0)) / np.where(deviation == 0, 1, deviation)


@misconception("extract_features")
def features_of_images_prepared_again(base, images, batch_size=64):
    """You prepared the images: the caller has already prepared them for the base."""
    return right_extract_features(base, right_prepare_images(images, "imagenet"), batch_size)


# standardize


def _with(mean, deviation, *parts):
    return tuple(((part - mean) / deviation).astype(np.float32) for part in parts)


def _deviation(part, **options):
    deviation = part.std(axis=0, dtype=np.float64, **options)
    return np.where(part.max(axis=0) == part.min(axis=0), 1, deviation)


@misconception("standardize")
def standardized_each_by_itself(train, test):
    """You measured the test part by its own mean and deviation: a model in use has no test set to measure, so
    use those of the training part."""
    return right_standardize(train, train)[0], right_standardize(test, test)[0]


@misconception("standardize")
def standardized_by_both_parts(train, test):
    """You measured mean and deviation over both parts: the test part must not influence training."""
    return right_standardize(np.concatenate([train, test]), train)[1], right_standardize(
        np.concatenate([train, test]), test
    )[1]


@misconception("standardize")
def standardized_with_n_minus_one(train, test):
    """You divided by the deviation with n - 1: the contract wants NumPy's default, with n."""
    return _with(train.mean(axis=0, dtype=np.float64), _deviation(train, ddof=1), train, test)


@misconception("standardize")
def standardized_by_the_variance(train, test):
    """You divided by the variance: divide by the deviation, which is its square root."""
    return _with(train.mean(axis=0, dtype=np.float64), _deviation(train) ** 2, train, test)


@misconception("standardize")
def standardized_without_the_mean(train, test):
    """You only divided: subtract the mean first."""
    return _with(0, _deviation(train), train, test)


@misconception("standardize")
def standardized_without_the_deviation(train, test):
    """You only subtracted the mean: then divide by the deviation."""
    return _with(train.mean(axis=0, dtype=np.float64), 1, train, test)


@misconception("standardize")
def standardized_as_one(train, test):
    """You took one mean and one deviation for all features: each feature has its own."""
    return _with(train.mean(dtype=np.float64), train.std(dtype=np.float64), train, test)


@misconception("standardize")
def standardized_along_the_sample(train, test):
    """You standardized each sample: each feature gets mean 0 and deviation 1, over the samples."""

    def rows(part):
        deviation = part.std(axis=1, keepdims=True)
        return ((part - part.mean(axis=1, keepdims=True)) / np.where(deviation == 0, 1, deviation)).astype(np.float32)

    return rows(train), rows(test)


@misconception("standardize")
def standardized_to_the_range(train, test):
    """You scaled by the smallest and the largest value, so one outlier presses all other values together. Use
    mean and deviation."""
    low, high = train.min(axis=0), train.max(axis=0)
    return _with(low, np.where(high == low, 1, high - low), train, test)


@misconception("standardize")
def standardized_with_an_epsilon(train, test):
    """You added a small number to the deviation: some features have a deviation of only 0.0002, so the sum is
    wrong and they stay flat."""
    return _with(train.mean(axis=0, dtype=np.float64), train.std(axis=0, dtype=np.float64) + 1e-3, train, test)


@misconception("standardize")
def standardized_with_division_by_zero(train, test):
    """You divided by a deviation of 0, or by the rounding error in its place: divide a feature that never
    varies by 1."""
    return _with(train.mean(axis=0), train.std(axis=0), train, test)


@misconception("standardize")
def standardized_with_zeros_for_what_never_varied(train, test):
    """You set a feature that never varies in training to 0 in the test part, too: there, only subtract the
    training value."""
    right = right_standardize(train, test)
    varies = train.max(axis=0) != train.min(axis=0)
    return right[0], np.where(varies, right[1], np.float32(0))


@misconception("standardize")
def standardized_in_float64(train, test):
    """You returned float64: the features stay float32."""
    return tuple(part.astype(np.float64) for part in right_standardize(train, test))


@misconception("standardize")
def standardized_training_alone(train, test):
    """You left the test part as it was: the model knows only standardized features."""
    return right_standardize(train, test)[0], test


# Most people think of the mean and the deviation first, and of features that never vary later or never: in float32,
# dividing by 0, by 1 in its place, or by a little more than the deviation.
for _guard in (
    lambda deviation: deviation,
    lambda deviation: np.where(deviation == 0, 1, deviation),
    lambda deviation: deviation + 1e-7,
    lambda deviation: deviation + 1e-8,
):

    def _usual(center, spread, *parts, guard=_guard):
        return tuple(((part - center) / guard(spread)).astype(np.float32) for part in parts)

    @another_way(standardized_each_by_itself)
    def _(train, test, usual=_usual):
        return *usual(train.mean(axis=0), train.std(axis=0), train), *usual(test.mean(axis=0), test.std(axis=0), test)

    @another_way(standardized_by_both_parts)
    def _(train, test, usual=_usual):
        both = np.concatenate([train, test])
        return usual(both.mean(axis=0), both.std(axis=0), train, test)

    @another_way(standardized_with_n_minus_one)
    def _(train, test, usual=_usual):
        return usual(train.mean(axis=0), train.std(axis=0, ddof=1), train, test)

    @another_way(standardized_by_the_variance)
    def _(train, test, usual=_usual):
        return usual(train.mean(axis=0), train.var(axis=0), train, test)

    @another_way(standardized_without_the_mean)
    def _(train, test, usual=_usual):
        return usual(np.float32(0), train.std(axis=0), train, test)

    @another_way(standardized_along_the_sample)
    def _(train, test, usual=_usual):
        rows = [(part.mean(axis=1, keepdims=True), part.std(axis=1, keepdims=True), part) for part in (train, test)]
        return *usual(*rows[0]), *usual(*rows[1])

    @another_way(standardized_to_the_range)
    def _(train, test, usual=_usual):
        low, high = train.min(axis=0), train.max(axis=0)
        return usual(low, high - low, train, test)

    @another_way(standardized_training_alone)
    def _(train, test, usual=_usual):
        return *usual(train.mean(axis=0), train.std(axis=0), train), test


for _epsilon in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9):

    @another_way(standardized_with_an_epsilon)
    def _(train, test, epsilon=_epsilon):
        mean, deviation = train.mean(axis=0), train.std(axis=0) + epsilon
        return (train - mean) / deviation, (test - mean) / deviation


@another_way(standardized_with_division_by_zero)
def _(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (train - mean) / deviation, (test - mean) / deviation


# build_model


def _model(base, asked, preprocessing, n_classes, pooling=None, before=(), **dense):
    right_build_model(base, asked, preprocessing, n_classes)
    images = keras.Input(base.input_shape[1:])
    outputs = base(right_prepare_images(images, preprocessing), training=False)
    dense = {"activation": asked, "kernel_initializer": keras.initializers.GlorotUniform(seed=42), **dense}
    pooling = pooling or keras.layers.GlobalAveragePooling2D()
    for layer in (pooling, *before, keras.layers.Dense(n_classes, **dense)):
        outputs = layer(outputs)
    return keras.Model(images, outputs)


@misconception("build_model")
def model_that_flattens(base, activation, preprocessing="tutorial", n_classes=5):
    """You flattened the feature maps: global average pooling leaves 512 features, and a head of 2,565
    parameters."""
    return _model(base, activation, preprocessing, n_classes, pooling=keras.layers.Flatten())


@misconception("build_model")
def model_with_maximum_pooling(base, activation, preprocessing="tutorial", n_classes=5):
    """You pooled with the maximum: the contract wants global average pooling."""
    return _model(base, activation, preprocessing, n_classes, pooling=keras.layers.GlobalMaxPooling2D())


@misconception("build_model")
def model_with_a_hidden_layer(base, activation, preprocessing="tutorial", n_classes=5):
    """You added another Dense layer: the head is a single Dense layer of 2,565 parameters."""
    hidden = keras.layers.Dense(64, "relu", kernel_initializer=keras.initializers.GlorotUniform(seed=42))
    return _model(base, activation, preprocessing, n_classes, before=[hidden])


@misconception("build_model")
def model_with_a_trained_base(base, activation, preprocessing="tutorial", n_classes=5):
    """You made the base trainable again: the base comes frozen, and stays frozen."""
    model = _model(base, activation, preprocessing, n_classes)
    base.trainable = True
    return model


@misconception("build_model")
def model_that_is_frozen_altogether(base, activation, preprocessing="tutorial", n_classes=5):
    """You froze the whole model, so the head does not learn either."""
    model = _model(base, activation, preprocessing, n_classes)
    model.trainable = False
    return model


@misconception("build_model")
def model_with_he_uniform(base, activation, preprocessing="tutorial", n_classes=5):
    """You initialized the kernel with He's rule, which is for layers before a ReLU: the contract wants
    GlorotUniform(seed=42)."""
    initializer = keras.initializers.HeUniform(seed=42)
    return _model(base, activation, preprocessing, n_classes, kernel_initializer=initializer)


@misconception("build_model")
def model_with_glorot_normal(base, activation, preprocessing="tutorial", n_classes=5):
    """You drew the kernel from Glorot's normal distribution: the contract wants the uniform distribution."""
    initializer = keras.initializers.GlorotNormal(seed=42)
    return _model(base, activation, preprocessing, n_classes, kernel_initializer=initializer)


@misconception("build_model")
def model_with_another_seed(base, activation, preprocessing="tutorial", n_classes=5):
    """You gave the initializer another seed: the tutorial's is 42."""
    initializer = keras.initializers.GlorotUniform(seed=0)
    return _model(base, activation, preprocessing, n_classes, kernel_initializer=initializer)


@misconception("build_model")
def model_with_a_kernel_of_zeros(base, activation, preprocessing="tutorial", n_classes=5):
    """You started the kernel with zeros: only the bias starts with zeros; the kernel starts with
    GlorotUniform(seed=42)."""
    return _model(base, activation, preprocessing, n_classes, kernel_initializer="zeros")


@misconception("build_model")
def model_without_a_bias(base, activation, preprocessing="tutorial", n_classes=5):
    """You left the bias out: 512 x 5 weights and 5 biases make 2,565."""
    return _model(base, activation, preprocessing, n_classes, use_bias=False)


@misconception("build_model")
def model_with_a_sigmoid_always(base, activation, preprocessing="tutorial", n_classes=5):
    """You ignored the activation: the last layer ends with the activation that the caller gives."""
    return _model(base, activation, preprocessing, n_classes, activation="sigmoid")


@misconception("build_model")
def model_without_an_activation(base, activation, preprocessing="tutorial", n_classes=5):
    """You left the activation out, so the model always returns logits: use the activation that the caller
    gives."""
    return _model(base, activation, preprocessing, n_classes, activation=None)


@misconception("build_model")
def model_with_a_sigmoid_for_none(base, activation, preprocessing="tutorial", n_classes=5):
    """You took an activation of None for the default: None means no activation, so the model returns logits."""
    return _model(base, activation, preprocessing, n_classes, activation=activation or "sigmoid")


@misconception("build_model")
def model_that_does_not_prepare(base, activation, preprocessing="tutorial", n_classes=5):
    """You ignored the preprocessing: with "imagenet" the model itself prepares its images."""
    right_build_model(base, activation, preprocessing, n_classes)
    return right_build_model(base, activation, "tutorial", n_classes)


@misconception("build_model")
def model_that_always_prepares_for_imagenet(base, activation, preprocessing="tutorial", n_classes=5):
    """You always prepared the images for ImageNet's weights: by default they stay in [0, 1], as in the
    tutorial."""
    right_build_model(base, activation, preprocessing, n_classes)
    return right_build_model(base, activation, "imagenet", n_classes)


@misconception("build_model")
def model_with_five_classes_always(base, activation, preprocessing="tutorial", n_classes=5):
    """You ignored n_classes: 5 is only its default."""
    return right_build_model(base, activation, preprocessing)


@misconception("build_model")
def model_with_any_activation_of_keras(base, activation, preprocessing="tutorial", n_classes=5):
    """You left the check of the activation to Keras: Keras also accepts relu, after which no loss of this kata
    fits. Raise a ValueError."""
    keras.activations.get(activation)
    return _model(base, None, preprocessing, n_classes, activation=activation)


@misconception("build_model")
def model_with_logits_if_unknown(base, activation, preprocessing="tutorial", n_classes=5):
    """You took an unknown activation for None: raise a ValueError for an unknown name, which may be a typing
    error."""
    known = activation if activation in ("sigmoid", "softmax") else None
    return right_build_model(base, known, preprocessing, n_classes)


# compile_model


def _compiled(model, activation, **options):
    if activation not in ("sigmoid", "softmax", None):
        return right_compile_model(model, activation)  # which refuses it
    logits = activation is None
    options = {
        "optimizer": keras.optimizers.Adam(),
        "loss": keras.losses.BinaryCrossentropy(from_logits=logits),
        "metrics": [keras.metrics.BinaryAccuracy(threshold=0.0 if logits else 0.5)],
        **options,
    }
    model.compile(**options)
    return model


@misconception("compile_model")
def compiled_with_a_threshold_of_one_half(model, activation):
    """You left the metric's threshold at 0.5. Without an activation, this cuts logits and demands a probability
    of 0.622: a probability of 0.5 is a logit of 0."""
    return _compiled(model, activation, metrics=[keras.metrics.BinaryAccuracy()])


@misconception("compile_model")
def compiled_with_a_threshold_of_zero(model, activation):
    """You always cut at 0, but every probability is above 0. Cut only logits there."""
    return _compiled(model, activation, metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)])


@misconception("compile_model")
def compiled_for_probabilities_always(model, activation):
    """You left from_logits at False: a model without an activation returns logits, and the loss would take them
    for probabilities."""
    return _compiled(model, activation, loss=keras.losses.BinaryCrossentropy())


@misconception("compile_model")
def compiled_as_if_all_were_probabilities(model, activation):
    """You compiled every model alike. A model without an activation returns logits: there, the loss needs
    from_logits=True and the metric a threshold of 0."""
    return _compiled(model, activation, loss="binary_crossentropy", metrics=["binary_accuracy"])


@misconception("compile_model")
def compiled_with_categorical_crossentropy(model, activation):
    """You took the categorical loss, which asks for a single class. Five labels are five separate questions, so
    use the binary loss."""
    loss = keras.losses.CategoricalCrossentropy(from_logits=activation is None)
    return _compiled(model, activation, loss=loss)


@misconception("compile_model")
def compiled_with_categorical_crossentropy_after_softmax(model, activation):
    """You paired softmax with the categorical loss, which is the pair for exactly one label of several. For
    multi-label data the loss is binary, whatever the activation."""
    if activation == "softmax":
        return _compiled(model, activation, loss=keras.losses.CategoricalCrossentropy())
    return right_compile_model(model, activation)


@misconception("compile_model")
def compiled_with_squared_errors(model, activation):
    """You took the mean squared error: the loss for yes/no probabilities is the binary cross-entropy."""
    return _compiled(model, activation, loss="mean_squared_error")


@misconception("compile_model")
def compiled_with_accuracy(model, activation):
    """You asked for "accuracy", and Keras chooses: with five outputs it takes the categorical accuracy. Name
    BinaryAccuracy."""
    return _compiled(model, activation, metrics=["accuracy"])


@misconception("compile_model")
def compiled_without_a_metric(model, activation):
    """You gave no metric: the contract wants BinaryAccuracy."""
    return _compiled(model, activation, metrics=None)


@misconception("compile_model")
def compiled_with_gradient_descent(model, activation):
    """You took plain gradient descent: the contract wants Adam."""
    return _compiled(model, activation, optimizer=keras.optimizers.SGD())


@misconception("compile_model")
def compiled_with_rmsprop(model, activation):
    """You took RMSprop, the default of compile(): the contract wants Adam."""
    return _compiled(model, activation, optimizer=keras.optimizers.RMSprop())


@misconception("compile_model")
def compiled_with_larger_steps(model, activation):
    """You chose a learning rate of 0.01: Adam's default is 0.001."""
    return _compiled(model, activation, optimizer=keras.optimizers.Adam(0.01))


@misconception("compile_model")
def compiled_with_smaller_steps(model, activation):
    """You chose a learning rate of 0.0001: Adam's default is 0.001."""
    return _compiled(model, activation, optimizer=keras.optimizers.Adam(0.0001))


@misconception("compile_model")
def compiled_for_logits_if_unknown(model, activation):
    """You took an unknown activation for None: raise a ValueError for an unknown name, which may be a typing
    error."""
    return right_compile_model(model, activation if activation in ("sigmoid", "softmax") else None)


@misconception("compile_model")
def compiled_for_probabilities_if_unknown(model, activation):
    """You took an unknown activation for an activation with probabilities: raise a ValueError for an unknown
    name, which may be a typing error."""
    return right_compile_model(model, None if activation is None else "sigmoid")


# Who makes one of these mistakes has often not thought of the logits either, in the loss and in the metric.
_UNTHOUGHT = {"loss": "binary_crossentropy", "metrics": ["binary_accuracy"]}
for _known, _options in (
    (compiled_with_squared_errors, {"loss": "mean_squared_error"}),
    (compiled_with_categorical_crossentropy, {"loss": "categorical_crossentropy"}),
    (compiled_with_categorical_crossentropy, {"loss": "categorical_crossentropy", "metrics": ["accuracy"]}),
    (compiled_with_accuracy, {"metrics": ["accuracy"]}),
    (compiled_without_a_metric, {"metrics": None}),
    (compiled_with_gradient_descent, {"optimizer": "sgd"}),
    (compiled_with_rmsprop, {"optimizer": "rmsprop"}),
):

    @another_way(_known)
    def _(model, activation, options=_UNTHOUGHT | _options):
        return _compiled(model, activation, **options)


for _otherwise, _metrics in ((_UNTHOUGHT, ["binary_accuracy"]), ({}, ["accuracy"])):

    @another_way(compiled_with_categorical_crossentropy_after_softmax)
    def _(model, activation, otherwise=_otherwise, metrics=_metrics):
        softmax = {"loss": "categorical_crossentropy", "metrics": metrics}
        return _compiled(model, activation, **(softmax if activation == "softmax" else otherwise))
