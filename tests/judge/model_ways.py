"""Mistakes of exercise 07 in the words that people usually write them in: as in ways.py."""

import keras
import numpy as np

from tests.judge.ways import kept

WAYS, way = kept()


@way("compiled_with_a_threshold_of_one_half")
def compile_model(model, activation):
    if activation not in ("sigmoid", "softmax", None):
        raise ValueError("sigmoid, softmax or None")
    model.compile(
        optimizer="adam",
        loss=keras.losses.BinaryCrossentropy(from_logits=activation is None),
        metrics=["binary_accuracy"],
    )
    return model


@way("compiled_with_a_threshold_of_one_half")
def compile_model(model, activation):
    loss = keras.losses.BinaryCrossentropy(from_logits=activation is None)
    model.compile(optimizer="adam", loss=loss, metrics=[keras.metrics.BinaryAccuracy()])
    return model


@way("compiled_for_probabilities_always")
def compile_model(model, activation):
    threshold = 0.0 if activation is None else 0.5
    model.compile(
        optimizer="adam", loss="binary_crossentropy", metrics=[keras.metrics.BinaryAccuracy(threshold=threshold)]
    )
    return model


@way("compiled_as_if_all_were_probabilities")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["binary_accuracy"])
    return model


@way("compiled_as_if_all_were_probabilities")
def compile_model(model, activation):
    model.compile(
        keras.optimizers.Adam(), keras.losses.BinaryCrossentropy(), metrics=[keras.metrics.BinaryAccuracy()]
    )
    return model


@way("compiled_with_accuracy")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


@way("compiled_with_accuracy")
def compile_model(model, activation):
    loss = keras.losses.BinaryCrossentropy(from_logits=activation is None)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model


@way("compiled_with_categorical_crossentropy")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


@way("compiled_with_categorical_crossentropy")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["binary_accuracy"])
    return model


@way("compiled_with_categorical_crossentropy")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["categorical_accuracy"])
    return model


@way("compiled_with_categorical_crossentropy_after_softmax")
def compile_model(model, activation):
    loss = "categorical_crossentropy" if activation == "softmax" else "binary_crossentropy"
    model.compile(optimizer="adam", loss=loss, metrics=["binary_accuracy"])
    return model


@way("compiled_with_categorical_crossentropy_after_softmax")
def compile_model(model, activation):
    if activation == "softmax":
        model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    else:
        loss = keras.losses.BinaryCrossentropy(from_logits=activation is None)
        metric = keras.metrics.BinaryAccuracy(threshold=0.5 if activation else 0.0)
        model.compile(optimizer="adam", loss=loss, metrics=[metric])
    return model


@way("compiled_with_squared_errors")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss="mse", metrics=["binary_accuracy"])
    return model


@way("compiled_without_a_metric")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


@way("compiled_without_a_metric")
def compile_model(model, activation):
    model.compile(optimizer="adam", loss=keras.losses.BinaryCrossentropy(from_logits=activation is None))
    return model


@way("compiled_with_gradient_descent")
def compile_model(model, activation):
    logits = activation is None
    metric = keras.metrics.BinaryAccuracy(threshold=0.0 if logits else 0.5)
    model.compile("sgd", keras.losses.BinaryCrossentropy(from_logits=logits), metrics=[metric])
    return model


@way("compiled_with_rmsprop")
def compile_model(model, activation):
    logits = activation is None
    model.compile(
        loss=keras.losses.BinaryCrossentropy(from_logits=logits),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0 if logits else 0.5)],
    )
    return model


@way("prepared_as_rgb")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return images * 255.0 - np.array([123.68, 116.779, 103.939], dtype=np.float32)
    return images


@way("prepared_as_rgb")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "tutorial":
        return images
    return images * 255 - [123.68, 116.779, 103.939]


@way("prepared_without_255")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return keras.applications.vgg16.preprocess_input(np.copy(images))
    return images


@way("prepared_without_255")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return images[..., ::-1] - np.array([103.939, 116.779, 123.68], dtype="float32")
    elif preprocessing == "tutorial":
        return images
    raise ValueError("tutorial or imagenet")


@way("prepared_with_the_means_in_the_wrong_order")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return images[..., ::-1] * 255 - np.array([123.68, 116.779, 103.939])
    return images


@way("prepared_without_255")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return images[..., ::-1] - [103.939, 116.779, 123.68]
    return images


@way("prepared_in_the_torch_way")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return (images - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
    return images


@way("prepared_in_place")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        images *= 255.0
        return keras.applications.vgg16.preprocess_input(images)
    return images


@way("prepared_without_255")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return keras.applications.vgg16.preprocess_input(images)
    return images


@way("prepared_without_the_means")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return images[:, :, :, ::-1] * 255.0
    return images


@way("prepared_to_minus_one")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return keras.applications.imagenet_utils.preprocess_input(images * 255.0, mode="tf")
    return images


@way("prepared_in_the_torch_way")
def prepare_images(images, preprocessing="tutorial"):
    if preprocessing == "imagenet":
        return keras.applications.imagenet_utils.preprocess_input(images * 255.0, mode="torch")
    return images


@way("prepared_up_to_255_in_the_tutorials_way")
def prepare_images(images, preprocessing="tutorial"):
    images = images * 255.0
    if preprocessing == "imagenet":
        return keras.applications.vgg16.preprocess_input(images)
    return images


@way("base_that_is_trained")
def build_base(weights="imagenet", image_size=64):
    return keras.applications.VGG16(weights=weights, include_top=False, input_shape=(image_size, image_size, 3))


@way("base_with_its_top")
def build_base(weights="imagenet", image_size=64):
    base = keras.applications.VGG16(weights=weights, input_shape=(image_size, image_size, 3))
    base.trainable = False
    return base


@way("base_with_its_top")
def build_base(weights="imagenet", image_size=64):
    base = keras.applications.VGG16(weights=weights)
    base.trainable = False
    return base


@way("base_that_pools")
def build_base(weights="imagenet", image_size=64):
    base = keras.applications.VGG16(
        weights=weights, include_top=False, input_shape=(image_size, image_size, 3), pooling="avg"
    )
    for layer in base.layers:
        layer.trainable = False
    return base


@way("base_for_64_pixels_always")
def build_base(weights="imagenet", image_size=64):
    base = keras.applications.VGG16(weights=weights, include_top=False, input_shape=(64, 64, 3))
    base.trainable = False
    return base


@way("base_for_any_size")
def build_base(weights="imagenet", image_size=64):
    base = keras.applications.VGG16(weights=weights, include_top=False, input_shape=(None, None, 3))
    base.trainable = False
    return base


@way("features_as_maps")
def extract_features(base, images, batch_size=64):
    return base.predict(images, batch_size)


@way("features_as_maps")
def extract_features(base, images, batch_size=64):
    return np.concatenate(
        [np.asarray(base(images[i : i + batch_size], training=False)) for i in range(0, len(images), batch_size)]
    )


@way("features_flattened")
def extract_features(base, images, batch_size=64):
    maps = base.predict(images, batch_size=batch_size, verbose=0)
    return maps.reshape(maps.shape[0], -1)


@way("features_by_maximum")
def extract_features(base, images, batch_size=64):
    return keras.layers.GlobalMaxPooling2D()(base.predict(images, batch_size=batch_size, verbose=0)).numpy()


@way("features_averaged_over_the_channels")
def extract_features(base, images, batch_size=64):
    return np.mean(base.predict(images, batch_size=batch_size, verbose=0), axis=-1)


@way("features_averaged_over_rows_only")
def extract_features(base, images, batch_size=64):
    return np.mean(base.predict(images, batch_size=batch_size, verbose=0), axis=1)


@way("model_that_flattens")
def build_model(base, activation, preprocessing="tutorial", n_classes=5):
    inputs = keras.Input(base.input_shape[1:])
    x = prepare_images(inputs, preprocessing)
    x = base(x, training=False)
    x = keras.layers.Flatten()(x)
    outputs = keras.layers.Dense(
        n_classes, activation=activation, kernel_initializer=keras.initializers.GlorotUniform(seed=42)
    )(x)
    return keras.Model(inputs, outputs)


@way("model_with_a_sigmoid_always")
def build_model(base, activation, preprocessing="tutorial", n_classes=5):
    inputs = keras.Input(base.input_shape[1:])
    x = base(prepare_images(inputs, preprocessing), training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(
        inputs,
        keras.layers.Dense(n_classes, "sigmoid", kernel_initializer=keras.initializers.GlorotUniform(seed=42))(x),
    )


@way("model_without_an_activation")
def build_model(base, activation, preprocessing="tutorial", n_classes=5):
    inputs = keras.Input(base.input_shape[1:])
    x = base(prepare_images(inputs, preprocessing), training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(
        inputs, keras.layers.Dense(n_classes, kernel_initializer=keras.initializers.GlorotUniform(seed=42))(x)
    )


@way("model_that_does_not_prepare")
def build_model(base, activation, preprocessing="tutorial", n_classes=5):
    inputs = keras.Input(base.input_shape[1:])
    x = base(inputs, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(
        inputs,
        keras.layers.Dense(n_classes, activation, kernel_initializer=keras.initializers.GlorotUniform(seed=42))(x),
    )


@way("model_with_five_classes_always")
def build_model(base, activation, preprocessing="tutorial", n_classes=5):
    inputs = keras.Input(base.input_shape[1:])
    x = base(prepare_images(inputs, preprocessing), training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(
        inputs, keras.layers.Dense(5, activation, kernel_initializer=keras.initializers.GlorotUniform(seed=42))(x)
    )


@way("model_that_is_frozen_altogether")
def build_model(base, activation, preprocessing="tutorial", n_classes=5):
    inputs = keras.Input(base.input_shape[1:])
    x = base(prepare_images(inputs, preprocessing), training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(
        inputs,
        keras.layers.Dense(n_classes, activation, kernel_initializer=keras.initializers.GlorotUniform(seed=42))(x),
    )
    for layer in model.layers:
        layer.trainable = False
    return model
