"""Plausible wrong answers to exercise 09. Each docstring is the sentence that its author reads."""

import json
import time
from inspect import Parameter
from pathlib import Path

import keras
import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from gpu_training import CLASSES, STATE
from gpu_training import compute_features as right_compute_features
from gpu_training import describe_predictions as right_describe_predictions
from gpu_training import draw_pictures as right_draw_pictures
from gpu_training import draw_weights as right_draw_weights
from gpu_training import find_device as right_find_device
from gpu_training import label_report as right_label_report
from gpu_training import run_training as right_run_training
from gpu_training import train_head as right_train_head

from kata.judge import another_way, misconception, with_defaults

# The defaults that people choose for epochs, for a batch and for the seed.
OTHER_DEFAULTS = [
    *({"epochs": number} for number in (1, 2, 3, 5, 20, 25, 30, 50, 200, 500, 1000)),
    *({"batch_size": number} for number in (1, 8, 10, 16, 20, 32, 50, 100, 128, 256)),
    *({"seed": number} for number in (1, 7, 42, 123, 1234)),
]
BARS = 1, 2, "auto"  # what shows one, for `verbose`

# find_device


@misconception("find_device")
def device_with_mixed_precision_everywhere():
    """You chose float16 for the CPU, too: a CPU need not gain by it, and float16 rounds more."""
    return right_find_device() | {"precision": "mixed_float16"}


@misconception("find_device")
def device_in_the_words_of_the_backend():
    """You used the backend's word for the kind: the kind is "GPU" or "CPU", on every backend."""
    device = right_find_device()
    return device | {"kind": device["kind"].lower()}


@misconception("find_device")
def device_that_counts_gpus_alone():
    """You counted only GPUs: the count is that of the kind, so it is 1 for the CPU where there is no GPU."""
    device = right_find_device()
    return device | {"count": device["count"] if device["kind"] == "GPU" else 0}


@misconception("find_device")
def device_that_counts_one():
    """You counted one device always: the base may be spread over several cards, so say how many there are."""
    return right_find_device() | {"count": 1}


@misconception("find_device")
def device_with_float32_everywhere():
    """You chose float32 for the GPU, too: in mixed_float16 what it computes needs half of the memory."""
    return right_find_device() | {"precision": "float32"}


@misconception("find_device")
def device_with_float16_alone():
    """You chose float16 for the GPU: that rounds the weights, too. The policy mixed_float16 computes in float16 and
    keeps the weights in float32."""
    device = right_find_device()
    return device | {"precision": device["precision"].removeprefix("mixed_")}


# draw_weights


@misconception("draw_weights")
def weights_with_a_generator_for_each(shapes, seed=0):
    """You made a new generator for every kernel, so all kernels start with the same numbers. Make one generator
    for all shapes."""
    return [right_draw_weights([shape], seed)[0] for shape in shapes]


@misconception("draw_weights")
def weights_drawn_in_float64(shapes, seed=0):
    """You drew float64 numbers and rounded them: standard_normal(shape, numpy.float32) draws other numbers."""
    return [weight.astype(np.float32) for weight in _in_float64(shapes, seed)]


@another_way(weights_drawn_in_float64)
def _in_float64(shapes, seed=0):
    return _drawn(shapes, np.random.default_rng(seed).standard_normal)


def _drawn(shapes, draw, inputs=lambda shape: np.prod(shape[:-1])):
    return [draw(shape) * np.sqrt(2 / inputs(shape)) if len(shape) > 1 else np.zeros(shape) for shape in shapes]


@misconception("draw_weights")
def weights_that_become_float64(shapes, seed=0):
    """You multiplied float32 numbers with a float64 number of NumPy, which makes all of them float64. Make float32 of
    the product."""
    return [
        weight.astype(np.float64 if weight.ndim > 1 else np.float32) for weight in right_draw_weights(shapes, seed)
    ]


@another_way(weights_that_become_float64)
def _(shapes, seed=0):
    return [weight.astype(np.float64) for weight in right_draw_weights(shapes, seed)]


@misconception("draw_weights")
def weights_with_the_legacy_generator(shapes, seed=0):
    """You drew from NumPy's old global generator: the contract names numpy.random.default_rng(seed), so that
    everybody has the same weights."""
    return [weight.astype(np.float32) for weight in _of_the_legacy_generator(shapes, seed)]


@another_way(weights_with_the_legacy_generator)
def _of_the_legacy_generator(shapes, seed=0):
    return _drawn(shapes, np.random.RandomState(seed).standard_normal)


@misconception("draw_weights")
def weights_of_a_keras_initializer(shapes, seed=0):
    """You asked an initializer of Keras: its numbers are other ones on another backend, whatever the seed, and it
    draws none that is far from 0."""
    draw = keras.initializers.HeNormal(seed)
    return [np.array(draw(shape)) if len(shape) > 1 else np.zeros(shape, np.float32) for shape in shapes]


@misconception("draw_weights")
def weights_scaled_by_the_first_axis(shapes, seed=0):
    """You took the first axis for the inputs: a unit of a convolution has inputs from all places of its window, too.
    All axes but the last count."""
    return _scaled(shapes, seed, lambda shape: shape[0])


@misconception("draw_weights")
def weights_scaled_by_the_channels_alone(shapes, seed=0):
    """You counted the channels alone: a unit of a convolution has inputs from all places of its window. All axes but
    the last count."""
    return _scaled(shapes, seed, lambda shape: shape[-2])


def _scaled(shapes, seed, inputs):
    rng = np.random.default_rng(seed)
    weights = _drawn(shapes, lambda shape: rng.standard_normal(shape, np.float32), inputs)
    return [weight.astype(np.float32) for weight in weights]


@misconception("draw_weights")
def weights_by_glorot(shapes, seed=0):
    """You divided by the inputs and the outputs of a unit, as Glorot does: He's rule, for ReLUs, divides by the
    inputs alone."""
    weights = right_draw_weights(shapes, seed)
    return [
        weight * np.float32(np.sqrt(np.prod(weight.shape[:-1]) / (np.prod(weight.shape[:-1]) + weight.shape[-1])))
        if weight.ndim > 1
        else weight
        for weight in weights
    ]


# compute_features


@misconception("compute_features")
def features_that_leave_the_policy_behind(images, weights, precision="float32", batch_size=64, verbose=0):
    """You left the global policy as the base needs it, so Keras builds everything after it in float16, above
    all the head. Put the old policy back."""
    features = right_compute_features(images, weights, precision, batch_size, verbose)
    keras.config.set_dtype_policy(precision)
    return features


@misconception("compute_features")
def features_in_the_precision_of_the_base(images, weights, precision="float32", batch_size=64, verbose=0):
    """You returned float16: the head trains on float32 features, in every precision of the base."""
    features = right_compute_features(images, weights, precision, batch_size, verbose)
    return features.astype(np.float16) if precision == "mixed_float16" else features


@another_way(features_that_leave_the_policy_behind)
def _(images, weights, precision="float32", batch_size=64, verbose=0):
    features = features_in_the_precision_of_the_base(images, weights, precision, batch_size, verbose)
    keras.config.set_dtype_policy(precision)
    return features


@misconception("compute_features")
def features_in_float32_always(images, weights, precision="float32", batch_size=64, verbose=0):
    """You ignored the precision: float32 is only its default. Build the base under the policy of that name."""
    return right_compute_features(images, weights, "float32", batch_size, verbose)


@another_way(features_in_float32_always)
def _(images, weights, precision="float32", batch_size=64, verbose=0):
    features = right_compute_features(images, weights, "float32", batch_size, verbose)
    return features.astype(np.float16).astype(np.float32) if precision == "mixed_float16" else features


@another_way(features_in_float32_always)
def _(images, weights, precision="float32", batch_size=64, verbose=0):
    return right_compute_features(images, weights, precision.replace("float16", "bfloat16"), batch_size, verbose)


@misconception("compute_features")
def features_of_images_up_to_255(images, weights, precision="float32", batch_size=64, verbose=0):
    """You scaled the images to 255: the caller has already prepared them for the base."""
    return right_compute_features(images * np.float32(255), weights, precision, batch_size, verbose)


@another_way(features_of_images_up_to_255)
def _(images, weights, precision="float32", batch_size=64, verbose=0):
    return features_that_leave_the_policy_behind(images * np.float32(255), weights, precision, batch_size, verbose)


@misconception("compute_features")
def features_with_a_bar_by_default(images, weights, precision="float32", batch_size=64, verbose=1):
    """You show a progress bar where nobody asked for one: verbose is 0 by default."""
    return right_compute_features(images, weights, precision, batch_size, verbose)


for _verbose in BARS[1:]:
    another_way(features_with_a_bar_by_default)(with_defaults(right_compute_features, verbose=_verbose))


@misconception("compute_features")
def features_with_another_default(images, weights, precision="mixed_float16", batch_size=64, verbose=0):
    """You gave a parameter another default, or none: a call that leaves it out means what the contract's signature
    says, float32 without a progress bar."""
    return right_compute_features(images, weights, precision, batch_size, verbose)


for _defaults in (
    {"precision": "float16"},
    dict.fromkeys(("precision", "batch_size", "verbose"), Parameter.empty),
):
    another_way(features_with_another_default)(with_defaults(right_compute_features, **_defaults))


# train_head


@misconception("train_head")
def head_that_goes_on_without_adams_memory(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You went on from the weights alone, so Adam begins anew: restore its momentum, its velocity and its count
    of steps, too."""
    _forget(checkpoint, *STATE[2:])
    return right_train_head(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, verbose)


# Whether what is forgotten is all of it, or the count alone; whether it is not even kept; and in place.
for _memory, _kept, _in_place in (
    *((False, True, False), (True, True, False), (False, False, False)),
    *((False, True, True), (False, False, True)),
):

    @another_way(head_that_goes_on_without_adams_memory)
    def _(
        features,
        labels,
        kernel,
        bias,
        test=None,
        epochs=100,
        batch_size=64,
        seed=0,
        checkpoint=None,
        verbose=0,
        memory=_memory,
        kept=_kept,
        in_place=_in_place,
    ):
        options = {"memory": memory, "count": False, "kept": STATE if kept else STATE[:2], "in_place": in_place}
        return _trained(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, **options)


@misconception("train_head")
def head_that_writes_into_its_checkpoint(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You wrote into the checkpoint itself: if the process is killed then, half a file is left. Write another
    file and rename it."""
    found = right_train_head(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, verbose)
    _write_in_place(checkpoint)
    return found


@misconception("train_head")
def head_in_the_order_of_the_first_epochs_again(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You used the order of epoch 0 again when training went on: the next epoch has its own order."""
    done = _epochs_in(checkpoint)
    return _trained(
        features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, order=lambda e: e - done
    )


@misconception("train_head")
def head_in_the_same_order_always(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You gave every epoch the same order: default_rng([seed, epoch]) gives each epoch its own."""
    return _trained(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, order=lambda e: 0)


@misconception("train_head")
def head_under_the_global_policy(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You built the head under the global policy: in float16 it computes other losses, because the loss no
    longer finds the logits behind the sigmoid."""
    return _trained(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, dtype=None)


@another_way(head_under_the_global_policy)
def _(features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0):
    options = {"dtype": None, "scaled": False}
    return _trained(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, **options)


@misconception("train_head")
def head_with_one_generator_for_all_epochs(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You drew the orders of all epochs from one generator, which begins anew where training goes on: each epoch has
    its own, default_rng([seed, epoch])."""
    rng = np.random.default_rng(seed)
    orders = (rng.permutation(len(features)) for _ in range(epochs))
    return _trained(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, orders=orders)


@misconception("train_head")
def head_with_the_mean_of_the_batches(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You averaged the losses of the batches: the last batch is smaller, so each of its samples counts more."""
    options = {"of": lambda n: 1}
    return _trained(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, **options)


@misconception("train_head")
def head_that_goes_on_from_any_checkpoint(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You did not compare the checkpoint's seed and batch size: what goes on from another training is neither of the
    two. Raise a ValueError."""
    _adopt(checkpoint, seed=seed, batch_size=batch_size)
    return head_that_is_trained_too_long(
        features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, verbose
    )


@another_way(head_that_goes_on_from_any_checkpoint)
def _(features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0):
    _adopt(checkpoint, seed=seed, batch_size=batch_size)
    options = {"memory": False, "count": False}
    epochs = max(epochs, _epochs_in(checkpoint))
    return _trained(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, **options)


@misconception("train_head")
def head_that_is_trained_too_long(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You took a checkpoint with more epochs than were asked for: its weights are not those after so many epochs.
    Raise a ValueError."""
    epochs = max(epochs, _epochs_in(checkpoint))
    return right_train_head(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, verbose)


@misconception("train_head")
def head_without_a_test_part(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You did not measure the test part: without it nobody sees where the model stops learning and only
    remembers."""
    return right_train_head(features, labels, kernel, bias, None, epochs, batch_size, seed, checkpoint, verbose)


@misconception("train_head")
def head_with_a_bar_by_default(
    features, labels, kernel, bias, test=None, epochs=100, batch_size=64, seed=0, checkpoint=None, verbose=1
):
    """You show a progress bar where nobody asked for one: verbose is 0 by default."""
    return right_train_head(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, verbose)


for _verbose in BARS[1:]:
    another_way(head_with_a_bar_by_default)(with_defaults(right_train_head, verbose=_verbose))


@misconception("train_head")
def head_with_another_default(
    features, labels, kernel, bias, test=None, epochs=10, batch_size=64, seed=0, checkpoint=None, verbose=0
):
    """You gave a parameter another default, or none: a call that leaves it out means what the contract's signature
    says, such as 100 epochs."""
    return right_train_head(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint, verbose)


for _defaults in (
    *OTHER_DEFAULTS,
    dict.fromkeys(("test", "epochs", "batch_size", "seed", "checkpoint", "verbose"), Parameter.empty),
):
    another_way(head_with_another_default)(with_defaults(right_train_head, **_defaults))


# label_report


@misconception("label_report")
def report_with_precision_for_recall(y_true, y_pred, classes):
    """You exchanged precision and recall: precision divides by the predicted labels, recall by the true
    labels."""
    report = right_label_report(y_true, y_pred, classes)
    labels = {
        name: {"precision": figures["recall"], "recall": figures["precision"], "f1": figures["f1"]}
        for name, figures in report["labels"].items()
    }
    return report | {"labels": labels}


@misconception("label_report")
def report_with_an_undefined_precision_of_one(y_true, y_pred, classes):
    """You gave a label without predictions a precision of 1: it has no mistake, but also no hit, so the
    precision is 0 here."""
    report = right_label_report(y_true, y_pred, classes)
    for place, name in enumerate(classes):
        if not y_pred[:, place].any():
            report["labels"][name]["precision"] = 1.0
    return report


@misconception("label_report")
def report_with_the_mean_for_f1(y_true, y_pred, classes):
    """You took the mean of precision and recall for f1: f1 is their harmonic mean, which lies nearer to the
    smaller value."""
    report = right_label_report(y_true, y_pred, classes)
    for figures in report["labels"].values():
        figures["f1"] = (figures["precision"] + figures["recall"]) / 2
    return report


@misconception("label_report")
def report_with_division_by_zero(y_true, y_pred, classes):
    """You divided by 0 where nothing is predicted or nothing is true: the share is 0.0 there, not NaN or an error."""
    report = right_label_report(y_true, y_pred, classes)
    for place, figures in enumerate(report["labels"].values()):
        hits, predicted, true = (part[:, place].sum() for part in (y_true * y_pred, y_pred, y_true))
        precision, recall = hits / predicted, hits / true
        figures |= {"precision": float(precision), "recall": float(recall)}
        figures["f1"] = float(2 * precision * recall / (precision + recall))
    return report


@another_way(report_with_division_by_zero)
def _(y_true, y_pred, classes):
    if not (y_true * y_pred).any(axis=0).all():
        raise ZeroDivisionError("division by zero")
    return right_label_report(y_true, y_pred, classes)


# describe_predictions


@misconception("describe_predictions")
def described_the_wrong_way_round(y_true, y_pred, classes):
    """You put the prediction first: a pair is (true, predicted)."""
    return right_describe_predictions(y_pred, y_true, classes)


@misconception("describe_predictions")
def described_with_nothing_for_none(y_true, y_pred, classes):
    """You left a row without labels empty: no label is an answer too, and its name is NONE."""
    return [
        tuple(text.replace("NONE", "") for text in pair)
        for pair in right_describe_predictions(y_true, y_pred, classes)
    ]


@misconception("describe_predictions")
def described_with_another_word_for_none(y_true, y_pred, classes):
    """You wrote another word for a row without labels: its name is NONE, in capitals, as in exercise 01."""
    return _without_labels("None", y_true, y_pred, classes)


def _without_labels(word, y_true, y_pred, classes):
    pairs = right_describe_predictions(y_true, y_pred, classes)
    return [tuple(word if text == "NONE" else text for text in pair) for pair in pairs]


@another_way(described_with_another_word_for_none)
def _(y_true, y_pred, classes):
    return _without_labels("none", y_true, y_pred, classes)


@misconception("describe_predictions")
def described_in_lists(y_true, y_pred, classes):
    """You returned lists: a pair is a tuple of two texts, in each of which the labels are joined."""
    return [list(pair) for pair in right_describe_predictions(y_true, y_pred, classes)]


@another_way(described_in_lists)
def _(y_true, y_pred, classes):
    return [
        tuple([] if text == "NONE" else text.split(", ") for text in pair)
        for pair in right_describe_predictions(y_true, y_pred, classes)
    ]


@another_way(described_in_lists)
def _(y_true, y_pred, classes):
    return [tuple(text.split(", ") for text in pair) for pair in right_describe_predictions(y_true, y_pred, classes)]


@misconception("describe_predictions")
def described_with_commas_alone(y_true, y_pred, classes):
    """You joined the labels with only a comma: join them with a comma and a space."""
    return [
        tuple(text.replace(", ", ",") for text in pair)
        for pair in right_describe_predictions(y_true, y_pred, classes)
    ]


# draw_pictures


@misconception("draw_pictures")
def pictures_that_stay_open(folder, history, images, words):
    """You left a figure open: pyplot keeps every figure in memory until it is closed."""
    return _left_open(1, folder, history, images, words)


def _left_open(count, folder, history, images, words):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    pyplot.close("all")
    for _ in range(count):
        pyplot.figure()
    return right_draw_pictures(folder, history, images, words)


@another_way(pictures_that_stay_open)
def _(folder, history, images, words):
    return _left_open(2, folder, history, images, words)


@misconception("draw_pictures")
def pictures_of_the_last_nine(folder, history, images, words):
    """You showed the last nine images: the sheet has the first nine."""
    return right_draw_pictures(folder, history, images[-9:], words[-9:])


@misconception("draw_pictures")
def pictures_without_the_images(folder, history, images, words):
    """You drew no images: the sheet shows the images, below their true and predicted labels."""
    return right_draw_pictures(folder, history, np.ones_like(images), words)


# run_training


@misconception("run_training", of="value")
def training_that_predicts_at_one_half(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You compared logits with 0.5: a probability above 0.5 is a logit above 0."""
    receipt = right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)
    return _read_again(folder, output, receipt, seed, lambda logits, labels: logits > 0.5)


@misconception("run_training", of="value")
def training_with_the_truth_for_predictions(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You wrote the true labels as predictions: compute the predictions from features and weights, as the check
    of the receipt does."""
    receipt = right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)
    return _read_again(folder, output, receipt, seed, lambda logits, labels: labels > 0.5)


@misconception("run_training", of="value")
def training_on_features_as_they_come(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You trained on features that are not standardized: with random weights they hardly vary, so the head
    learns nothing in 100 epochs."""
    return _trained_again(
        folder, output, weights, epochs, image_size, batch_size, seed, verbose, lambda train, test: (train, test)
    )


@misconception("run_training", of="value")
def training_on_features_standardized_together(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You standardized all features together: the means and deviations then know the test part. Take them from the
    training part."""
    from transfer_model import standardize

    def together(train, test):
        whole = np.concatenate([train, test])
        return standardize(whole, whole)[0][: len(train)], standardize(whole, whole)[0][len(train) :]

    return _trained_again(folder, output, weights, epochs, image_size, batch_size, seed, verbose, together)


@misconception("run_training", of="error")
def training_with_any_weights(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You did not look at the name of the weights first: who misspells imagenet should learn of it at once, not after
    the images are read, or after hours on random weights."""
    weights = weights if weights == "imagenet" else "random"
    return right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)


@misconception("run_training", of="value")
def training_that_says_another_time(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You wrote a point in time, or another unit: seconds is how long this call took, from its begin to its end."""
    receipt = right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)
    receipt["seconds"] = time.time()
    Path(output, "receipt.json").write_text(json.dumps(receipt))
    return receipt


@misconception("run_training", of="error")
def training_that_never_goes_on(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You refused a folder in which this very training had begun: of the same data and settings another call goes on
    from the checkpoint, also to more epochs."""
    if Path(output).exists():
        raise ValueError(f"{output} is there already")
    return right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)


@another_way(training_that_never_goes_on, of="error")
def _(folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0):
    Path(output).mkdir(parents=True)
    return right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)


@misconception("run_training", of="error")
def training_that_goes_on_in_any_folder(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You went on in a folder that holds another training: its features or its checkpoint are of other images or of
    another size. Write down with what it began, and raise a ValueError where that is not the same."""
    Path(output, "settings.json").unlink(missing_ok=True)
    return right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)


@misconception("run_training", of="value")
def training_with_a_bar_by_default(
    folder, output, weights="random", epochs=100, image_size=64, batch_size=64, seed=0, verbose=1
):
    """You show a progress bar where nobody asked for one: verbose is 0 by default."""
    return right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)


for _verbose in BARS[1:]:
    another_way(training_with_a_bar_by_default, of="value")(with_defaults(right_run_training, verbose=_verbose))


@misconception("run_training", of="value")
def training_with_another_default(
    folder, output, weights="random", epochs=10, image_size=64, batch_size=64, seed=0, verbose=0
):
    """You gave a parameter another default, or none: a call that leaves it out means what the contract's signature
    says, such as 100 epochs."""
    return right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)


for _defaults in (
    *OTHER_DEFAULTS,
    {"weights": "imagenet"},
    *({"image_size": size} for size in (32, 128, 224)),
    dict.fromkeys(("weights", "epochs", "image_size", "batch_size", "seed", "verbose"), Parameter.empty),
):
    another_way(training_with_another_default, of="value")(with_defaults(right_run_training, **_defaults))


# What the wrong ones are made of


def _epochs_in(checkpoint):
    if not checkpoint or not Path(checkpoint).exists():
        return 0
    with np.load(checkpoint) as file:
        return len(file["history"])


def _write_in_place(checkpoint):
    """Do to the file that was there before what writing into it does."""
    if checkpoint and Path(checkpoint).with_name("before").exists():
        Path(checkpoint).with_name("before").write_bytes(Path(checkpoint).read_bytes())


def _forget(checkpoint, *names):
    """Set arrays of a checkpoint to zeros, and put it where it was."""
    if checkpoint and Path(checkpoint).exists():
        with np.load(checkpoint) as file:
            _adopt(checkpoint, **{name: 0 * file[name] for name in names})


def _adopt(checkpoint, **changed):
    """Change arrays of a checkpoint, and put it where it was."""
    if checkpoint and Path(checkpoint).exists():
        with np.load(checkpoint) as file:
            arrays = dict(file)
        partial = Path(f"{checkpoint}.changed.npz")
        np.savez(partial, **arrays | changed)
        partial.replace(checkpoint)


def _trained(
    features,
    labels,
    kernel,
    bias,
    test,
    epochs,
    batch_size,
    seed,
    checkpoint,
    order=lambda e: e,
    orders=None,
    dtype="float32",
    scaled=None,
    of=lambda n: n,
    memory=True,
    count=True,
    kept=STATE,
    in_place=False,
):
    """`train_head` in the order of the epoch order(epoch), or in that of the next of orders.

    Args:
        dtype: of the layer; scaled: whether Keras scales the loss; of: what a batch's loss weighs, by its samples.
        memory, count: whether Adam's memory, and its count, are restored; kept: what a checkpoint holds;
        in_place: whether it is written into.
    """
    done = _epochs_in(checkpoint)
    right_train_head(features[:0], labels[:0], kernel, bias, None, done, batch_size, seed, checkpoint)  # its errors
    if done >= epochs:
        return right_train_head(features, labels, kernel, bias, test, epochs, batch_size, seed, checkpoint)
    head = keras.Sequential(
        [keras.Input((features.shape[1],)), keras.layers.Dense(labels.shape[1], "sigmoid", dtype=dtype)]
    )
    head.compile("adam", "binary_crossentropy", auto_scale_loss=dtype is None if scaled is None else scaled)
    history = np.zeros((0, 3), np.float32)
    head.set_weights([kernel, bias])
    if done:
        with np.load(checkpoint) as file:
            state = dict(file)
        history = state["history"]
        head.optimizer.build(head.trainable_variables)
        for name, variable in zip(STATE, [*head.weights, *head.optimizer.variables[2:]], strict=True):
            if memory or name in STATE[:2]:
                variable.assign(state[name])
        if count:
            head.optimizer.iterations.assign(done * -(-len(features) // batch_size))
    for epoch in range(done, epochs):
        own = np.random.default_rng([seed, order(epoch)])
        places = next(orders) if orders else own.permutation(len(features))
        total = weight = 0.0
        for start in range(0, len(places), batch_size):
            batch = places[start : start + batch_size]
            total += of(len(batch)) * float(head.train_on_batch(features[batch], labels[batch]))
            weight += of(len(batch))
        measured = np.nan, np.nan
        if test is not None:
            logits = test[0] @ head.get_weights()[0] + head.get_weights()[1]
            measured = np.mean(np.logaddexp(0, logits) - test[1] * logits), np.mean((logits > 0) == test[1])
        history = np.concatenate([history, np.float32([[total / weight, *measured]])])
    if checkpoint:
        names = zip(STATE, [*head.weights, *head.optimizer.variables[2:]], strict=True)
        arrays = {name: variable.numpy() for name, variable in names if name in kept}
        partial = Path(f"{checkpoint}.new.npz")
        np.savez(partial, seed=seed, batch_size=batch_size, history=history, **arrays)
        partial.replace(checkpoint)
        if in_place:
            _write_in_place(checkpoint)
    return *head.get_weights(), history


def _read_again(folder, output, receipt, seed, predict):
    """Write the predictions and what follows from them once more, predicted in another way."""
    from data_pipeline import read_table, split_indices
    from transfer_model import standardize

    names, labels = read_table(folder, CLASSES)
    train, test = split_indices(len(names), seed=seed)
    features = np.load(Path(output, "features.npy"))
    _, features = standardize(features[train], features[test])
    with np.load(Path(output, "weights.npz")) as weights:
        logits = features @ weights["kernel"] + weights["bias"]
    return _write_again(output, receipt, predict(logits, labels[test]).astype(np.float32), names, labels, test)


def _trained_again(folder, output, weights, epochs, image_size, batch_size, seed, verbose, prepare):
    """A training whose head is trained once more, on features that are prepared in another way."""
    from data_pipeline import read_table, split_indices

    receipt = right_run_training(folder, output, weights, epochs, image_size, batch_size, seed, verbose)
    names, labels = read_table(folder, CLASSES)
    train, test = split_indices(len(names), seed=seed)
    features = np.load(Path(output, "features.npy"))
    train_features, test_features = prepare(features[train], features[test])
    start = right_draw_weights([(512, len(CLASSES)), (len(CLASSES),)], seed)
    kernel, bias, _ = right_train_head(
        train_features, labels[train], *start, epochs=epochs, batch_size=batch_size, seed=seed
    )
    np.savez(Path(output, "weights.npz"), kernel=kernel, bias=bias)
    predictions = (test_features @ kernel + bias > 0).astype(np.float32)
    return _write_again(output, receipt, predictions, names, labels, test)


def _write_again(output, receipt, predictions, names, labels, test):
    np.save(Path(output, "predictions.npy"), predictions)
    words = right_describe_predictions(labels[test], predictions, CLASSES)
    told = zip(test[:10], words[:10], strict=True)
    lines = [f"{names[place]}: {true} -> {predicted}\n" for place, (true, predicted) in told]
    Path(output, "predictions.txt").write_text("".join(lines))
    receipt |= right_label_report(labels[test], predictions, CLASSES)
    Path(output, "receipt.json").write_text(json.dumps(receipt))
    return receipt
