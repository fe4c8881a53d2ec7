"""Exercise 09 answered with Keras's own layers, metrics and fit; files are written the plain way."""

import hashlib
import json
import os
import sys
import time

import keras
import numpy as np
import tensorflow as tf
from numpy.lib.format import write_array

CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]


def find_device():
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    kind = gpus or tf.config.list_physical_devices("CPU")
    return {
        "backend": keras.config.backend(),
        "kind": kind[0].device_type,
        "name": kind[0].name,
        "count": len(kind),
        "precision": "mixed_float16" if gpus else "float32",
    }


def draw_weights(shapes, seed=0):
    generator = np.random.default_rng(seed)

    def draw(shape):
        if len(shape) < 2:
            return np.zeros(shape, "float32")
        return generator.standard_normal(shape, "float32") * np.float32((2 / np.prod(shape[:-1])) ** 0.5)

    return [draw(shape) for shape in shapes]


def compute_features(images, weights, precision="float32", batch_size=64, verbose=0):
    with _policy(precision):
        base = keras.applications.VGG16(
            include_top=False, weights=None, input_shape=images.shape[1:], pooling=None, name="base"
        )
    base.set_weights(weights)
    maps = base.predict(images, batch_size=batch_size, verbose=verbose)
    return maps.mean(axis=(1, 2)).astype("float32")


def train_head(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    with _policy("float32"):
        inputs = keras.Input(features.shape[1:])
        dense = keras.layers.Dense(labels.shape[1], activation="sigmoid")
        model = keras.Model(inputs, dense(inputs))
        model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.BinaryAccuracy()])
    dense.set_weights([kernel, bias])
    history = []
    model.optimizer.build(model.trainable_variables)
    adam = {variable.path.split("/")[-1]: variable for variable in model.optimizer.variables}
    variables = {"kernel": dense.kernel, "bias": dense.bias}
    for name, variable in adam.items():
        for part in ("kernel", "bias"):
            for kind in ("momentum", "velocity"):
                if name.endswith(f"{part}_{kind}"):
                    variables[f"{part}_{kind}"] = variable
    if checkpoint and os.path.exists(checkpoint):
        found = np.load(checkpoint)
        if found["seed"] != seed or found["batch_size"] != batch_size or found["kernel"].shape != kernel.shape:
            raise ValueError("another training")
        history = found["history"].tolist()
        if len(history) > epochs:
            raise ValueError("a longer training")
        for name, variable in variables.items():
            variable.assign(found[name])
        model.optimizer.iterations.assign(len(history) * int(np.ceil(len(features) / batch_size)))
    for epoch in range(len(history), epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(features))
        fitted = model.fit(features[order], labels[order], batch_size=batch_size, shuffle=False, verbose=verbose)
        tested = model.evaluate(*test, verbose=0) if test is not None else (np.nan, np.nan)
        history.append([fitted.history["loss"][0], *tested])
        if checkpoint:
            with open(f"{checkpoint}.new", "wb") as file:
                arrays = {name: np.asarray(variable.value.numpy()) for name, variable in variables.items()}
                np.savez(file, seed=seed, batch_size=batch_size, history=np.float32(history), **arrays)
            os.replace(f"{checkpoint}.new", checkpoint)
    return *dense.get_weights(), np.float32(history)


def label_report(y_true, y_pred, classes):
    mean = keras.metrics.BinaryAccuracy()(y_true, y_pred)
    labels = {}
    for place, name in enumerate(classes):
        columns = y_true[:, place], y_pred[:, place]
        precision = float(keras.metrics.Precision()(*columns))
        recall = float(keras.metrics.Recall()(*columns))
        f1 = float(keras.metrics.F1Score(threshold=0.5)(columns[0][:, None], columns[1][:, None])[0])
        labels[name] = {"precision": precision, "recall": recall, "f1": f1}
    matches = keras.metrics.binary_accuracy(y_true, y_pred).numpy()
    return {
        "binary_accuracy": float(mean),
        "all_zeros": float(keras.metrics.BinaryAccuracy()(y_true, np.zeros_like(y_true))),
        "subset_accuracy": float(matches.all(axis=1).mean()),
        "hamming_loss": 1 - float(mean),
        "labels": labels,
    }


def describe_predictions(y_true, y_pred, classes):
    def words(row):
        return ", ".join(name for name, value in zip(classes, row, strict=True) if value) or "NONE"

    return [(words(true), words(predicted)) for true, predicted in zip(y_true, y_pred, strict=True)]


def draw_pictures(folder, history, images, words):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    paths = os.path.join(folder, "curves.png"), os.path.join(folder, "sheet.png")
    pyplot.figure(figsize=(8, 5))
    pyplot.plot(history)
    pyplot.savefig(paths[0])
    pyplot.close()
    pyplot.figure(figsize=(9, 9))
    for place in range(min(9, len(images))):
        pyplot.subplot(3, 3, place + 1)
        pyplot.imshow(images[place])
        pyplot.title(" | ".join(words[place]))
    pyplot.savefig(paths[1])
    pyplot.close()
    return paths


def run_training(folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0):
    if weights not in ("random", "imagenet"):
        raise ValueError("random or imagenet")
    begun, device = time.time(), find_device()
    os.makedirs(output, exist_ok=True)
    claim, claimed = os.path.join(output, "claim.json"), json.dumps([folder, weights, image_size, batch_size, seed])
    if os.path.exists(claim) and open(claim).read() != claimed:  # noqa: SIM115
        raise ValueError("the training there is another one")
    with open(claim, "w") as file:
        file.write(claimed)
    with open(os.path.join(folder, "miml_labels_1.csv"), "rb") as file:
        table = file.read()
    names, *columns = np.array([line.split(",") for line in table.decode().splitlines()[1:]]).T
    labels = np.float32(columns).T
    contents = [open(os.path.join(folder, "images", name), "rb").read() for name in names]  # noqa: SIM115
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(image_size, image_size, 3))
    start = draw_weights([weight.shape for weight in base.get_weights()], seed)
    kernel, bias = draw_weights([(512, 5), (5,)], seed)
    images = np.array(
        [
            tf.image.resize(tf.io.decode_jpeg(content, channels=3) / np.uint8(255), (image_size, image_size))
            for content in contents
        ],
        "float32",
    )
    features = compute_features(images, start, device["precision"])
    order = np.random.default_rng(seed).permutation(len(names))
    train, test = np.split(order, [round(0.8 * len(names))])
    normal = keras.layers.Normalization()
    normal.adapt(features[train])
    constant = np.ptp(features[train], axis=0) == 0  # Keras divides by 1e-7 there
    scaled = np.where(constant, features - features[train[0]], normal(features).numpy())
    checkpoint = os.path.join(output, "checkpoint.npz")
    part = scaled[test], labels[test]
    last, last_bias, history = train_head(
        scaled[train], labels[train], kernel, bias, part, epochs, batch_size, seed, checkpoint
    )
    predictions = np.float32(tf.sigmoid(scaled[test] @ last + last_bias) > 0.5)
    words = describe_predictions(labels[test], predictions, CLASSES)
    np.savez(os.path.join(output, "weights.npz"), kernel=last, bias=last_bias)
    for name, array in (("features", features), ("predictions", predictions)):
        with open(os.path.join(output, f"{name}.npy"), "wb") as file:
            write_array(file, array)
    with open(os.path.join(output, "predictions.txt"), "w") as file:
        for place, pair in list(zip(test, words, strict=True))[:10]:
            print(f"{names[place]}: {' -> '.join(pair)}", file=file)
    draw_pictures(output, history, images[test], words)
    receipt = {
        "data": hashlib.sha256(table + b"".join(contents)).hexdigest(),
        "weights": weights,
        "start": hashlib.sha256(b"".join(array.tobytes() for array in (*start, kernel, bias))).hexdigest(),
        "seed": seed,
        "epochs": epochs,
        "image_size": image_size,
        "batch_size": batch_size,
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "keras": keras.version()},
        "device": device,
        "seconds": time.time() - begun,
        **label_report(labels[test], predictions, CLASSES),
    }
    with open(os.path.join(output, "receipt.json"), "w") as file:
        json.dump(receipt, file)
    return receipt


class _policy:
    """The global dtype policy, for a while."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.before = keras.mixed_precision.dtype_policy()
        keras.mixed_precision.set_dtype_policy(self.name)

    def __exit__(self, *_):
        keras.mixed_precision.set_dtype_policy(self.before)
