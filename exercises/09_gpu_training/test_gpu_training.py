"""What your training must do. Run it with: pytest exercises/09_gpu_training

Few images and few epochs, on whatever this machine has. The whole training is
`python exercises/09_gpu_training/gpu_training.py`.
"""

import functools
import hashlib
import itertools

import numpy as np
import pytest

from kata.checks import (
    SOLUTION,
    AnotherCall,
    Arrays,
    Defaults,
    Device,
    Folder,
    InHalfPrecision,
    Output,
    Pictures,
    Report,
    SmallBase,
    Stepwise,
    StepwiseFolder,
    TrainingFolder,
    UnderPolicy,
    Weights,
    WithArrays,
    WithPolicy,
    check,
    check_raises,
    train_end_to_end,
)

UNITS = (3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)  # of the images, and of VGG16's layers
VGG16 = tuple(shape for pair in itertools.pairwise(UNITS) for shape in ((3, 3, *pair), pair[1:]))
CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]
STATE = ("kernel", "bias", "kernel_momentum", "kernel_velocity", "bias_momentum", "bias_velocity")
SAVED = WithArrays("state.npz", ("seed", "batch_size", "history", *STATE))
WEIGHTS = {"rtol": 1e-4, "atol": 1e-5}
WORDS = ("data", "weights", "start", "seed", "epochs", "image_size", "batch_size")


def samples(rng, n_samples=23, n_features=4):
    """Features, labels that can be learned from them, and weights to begin with."""
    features = rng.standard_normal((n_samples, n_features), np.float32)
    labels = (features @ rng.standard_normal((n_features, 5), np.float32) > 0.7).astype(np.float32)
    kernel = rng.normal(0, 0.3, (n_features, 5)).astype(np.float32)
    return Stepwise(features), labels, kernel, np.float32([0.1] * 5)


def multi_hot(rng, n_samples, share=0.3):
    return (rng.random((n_samples, 5)) < share).astype(np.float32)


def scenes(rng, n_images):
    """A folder of pictures that are brighter the more labels they have, and its table."""
    import tensorflow as tf

    rows, files = ["Filenames," + ",".join(CLASSES)], {}
    for number in range(n_images):
        labels = rng.integers(0, 2, 5)
        rows.append(f"{number}.jpg,{','.join(map(str, labels))}")
        pixels = rng.integers(0, 60 + 39 * labels.sum(), (40, 48, 3)).astype(np.uint8)
        files[f"images/{number}.jpg"] = tf.io.encode_jpeg(pixels, quality=95).numpy()
    return StepwiseFolder({"miml_labels_1.csv": "\n".join([*rows, ""]).encode(), **files})


def resumed(reference, given, options, epochs):
    """What a checkpoint holds after some epochs, as an argument for the call that goes on."""
    state = reference.seen_as(SAVED).train_head(*given, epochs=epochs, checkpoint=Output("state.npz"), **options)
    arrays = dict(zip(SAVED.keys, state[3:], strict=True))
    whole = {"seed": np.int64(arrays["seed"]), "batch_size": np.int64(arrays["batch_size"])}
    return Output("state.npz", arrays | whole)


@pytest.mark.function("find_device")
class TestFindDevice:
    def test_what_there_is_and_the_precision_that_pays(self, answer, reference):
        # Where the judge has a GPU, the answer may run in a sandbox that shows it none.
        names = {"backend": "tensorflow", "kind": "CPU", "name": "a text"}
        expected = names | {"count": 1, "precision": "float32"}
        there = reference.find_device()
        on_gpu = names | {"kind": "GPU", "count": there["count"], "precision": "mixed_float16"}
        also = on_gpu if there["kind"] == "GPU" else None
        check(answer.seen_as(Device()).find_device(), expected, source="the contract", also=also)

    def test_any_number_of_gpus_that_tensorflow_lists(self, answer, rng):
        for _ in range(2):
            count = int(rng.integers(1, 1000))
            common = {"backend": "tensorflow", "kind": "GPU", "name": "a text", "count": count}
            view = Device(tuple(f"card {number}" for number in range(count)))
            check(answer.seen_as(view).find_device(), common | {"precision": "mixed_float16"}, source="the contract")


@pytest.mark.function("draw_weights")
class TestDrawWeights:
    def test_kernels_by_he_and_everything_else_zeros(self, answer):
        # numpy.random.default_rng(0).standard_normal((2, 3), numpy.float32), times sqrt(2 / 2)
        kernel = np.float32([[1.117622, -1.3871249, -0.4265716], [-0.80358726, 0.60142773, -0.074993245]])
        call = answer.seen_as(Arrays()).draw_weights([(2, 3), (3,)])
        check(call, (kernel, np.zeros(3, np.float32)), source="the contract")

    def test_the_shapes_of_a_convolution_as_the_solution_has_them(self, answer, reference):
        shapes = [(3, 3, 3, 64), (64,), (3, 3, 64, 8), (8,), (512, 5), (5,), (7,)]
        for seed in (0, 42):
            expected = tuple(reference.draw_weights(shapes, seed))
            check(answer.seen_as(Arrays()).draw_weights(shapes, seed), expected, source=SOLUTION)

    def test_random_shapes_and_seeds_as_the_solution_has_them(self, answer, reference, rng):
        for _ in range(2):
            shapes = [tuple(map(int, rng.integers(1, 9, n_axes))) for n_axes in rng.permutation([1, 2, 3, 4])]
            seed = int(rng.integers(1 << 30))
            expected = tuple(reference.draw_weights(shapes, seed))
            check(answer.seen_as(Arrays()).draw_weights(shapes, seed), expected, source=SOLUTION)

    def test_the_same_again_and_whatever_was_drawn_before(self, answer, reference):
        for seed in (5, 6, 5):
            expected = tuple(reference.draw_weights([(4, 4)], seed=seed))
            check(answer.seen_as(Arrays()).draw_weights([(4, 4)], seed=seed), expected, source=SOLUTION)


@pytest.mark.function("compute_features")
class TestComputeFeatures:
    def test_float32_with_any_batch_size(self, answer, reference, rng):
        images, weights = Stepwise(rng.random((5, 32, 32, 3), np.float32)), Weights(VGG16)
        expected = reference.compute_features(images, weights)
        call = answer.seen_as(WithPolicy()).compute_features(images, weights, batch_size=2)
        check(call, (expected, "float32"), rtol=1e-3, atol=1e-4, source=SOLUTION)

    def test_mixed_precision_is_the_bases_alone(self, answer, reference, rng):
        # The result is float32 again, and layers that are built afterwards compute as before. The last image is too
        # dark for float16, which has no number between 0 and 6e-8: all of its features are 0. In float32, and in
        # bfloat16, the large kernel at the end makes 1e-4 of them, which float16 could hold.
        bright = rng.random((3, 32, 32, 3), np.float32)
        images = Stepwise(bright * np.float32([1, 1, 2e-8])[:, None, None, None])
        weights = Weights(VGG16, scale=1e4)
        expected = reference.compute_features(images, weights, "mixed_float16")
        call = answer.seen_as(InHalfPrecision()).compute_features(images, weights, precision="mixed_float16")
        check(call, (expected[:-1], 512, "float32"), rtol=5e-3, atol=50.0, source=SOLUTION)

    def test_the_defaults_are_those_of_the_contract(self, answer):
        expected = {"precision": "float32", "verbose": 0}
        check(answer.seen_as(Defaults(expected)).compute_features(), expected, source="the contract")


def one_colour_each(colours):
    return np.float32(colours)[:, None, None] / 255 * np.ones((1, 16, 16, 1), np.float32)


def pictures(shown, more):
    """What the two pictures are, with so many images on the second."""
    common = {
        "PNG": True,
        "at least 600 pixels wide": True,
        "colours": "many",
        "the same as of other figures": False,
    }
    return tuple(
        {"file": name, **common, "images shown": number, "figures left open": 0, **more}
        for name, number in (("curves.png", 0), ("sheet.png", shown))
    )


@functools.cache
def end_to_end(seed):
    """A training that sends the images through the base at every step, and the features of the same images."""
    rng = np.random.default_rng(seed)
    base, images = SmallBase().make(None), rng.random((23, 16, 16, 3), np.float32)
    features = base.predict(images, verbose=0).mean(axis=(1, 2))
    labels, kernel = multi_hot(rng, 23), rng.normal(0, 0.05, (512, 5)).astype(np.float32)
    start = kernel, np.float32([0.3, 0, 0, -0.2, 0])
    *weights, losses = train_end_to_end(base, images, labels, *start, epochs=3, batch_size=10, seed=5)
    return features, labels, start, (*weights, np.column_stack([losses, np.full((3, 2), np.nan, np.float32)]))


@pytest.mark.function("train_head")
class TestTrainHead:
    def test_it_equals_end_to_end_training_on_a_frozen_base(self, answer, rng):
        features, labels, start, expected = end_to_end(int(rng.integers(1 << 30)))
        call = answer.train_head(Stepwise(features), labels, *start, epochs=3, batch_size=10, seed=5)
        check(call, expected, **WEIGHTS, source="Keras, end to end")

    def test_the_test_part_is_measured_after_every_epoch(self, answer, reference, rng):
        given, test = samples(rng), (rng.standard_normal((9, 4), np.float32), multi_hot(rng, 9))
        expected = reference.train_head(*given, test, 3, 8)
        check(answer.train_head(*given, test, 3, 8), expected, **WEIGHTS, source=SOLUTION)

    def test_logits_of_thousands_do_no_harm(self, answer, reference, rng):
        features, labels, kernel, bias = samples(rng, 8)
        large = features.array * np.float32(1e4)
        given, test = (Stepwise(large), labels, kernel, bias), (large[:3], labels[:3])
        expected = reference.train_head(*given, test, epochs=1, batch_size=8)
        check(answer.train_head(*given, test, epochs=1, batch_size=8), expected, **WEIGHTS, source=SOLUTION)

    def test_the_head_computes_in_float32_under_every_policy(self, answer, reference, rng):
        # Logits of 100: a loss that has lost its logits clips the probabilities, and gives another value.
        features, *given = samples(rng, 16)
        features = features.array * np.float32(100)
        expected = reference.train_head(Stepwise(features), *given, epochs=2, batch_size=8)
        call = answer.train_head(UnderPolicy(features), *given, epochs=2, batch_size=8)
        check(call, expected, **WEIGHTS, source=SOLUTION)

    def test_the_checkpoint_holds_all_that_is_needed_to_go_on(self, answer, reference, rng):
        given, options = samples(rng), {"epochs": 2, "batch_size": 8, "seed": 3}
        expected = reference.seen_as(SAVED).train_head(*given, checkpoint=Output("state.npz"), **options)
        call = answer.seen_as(SAVED).train_head(*given, checkpoint=Output("state.npz"), **options)
        check(call, expected, **WEIGHTS, source=SOLUTION)

    def test_it_goes_on_as_if_it_had_never_stopped(self, answer, reference, rng):
        given, options = samples(rng), {"batch_size": 8, "seed": 3}
        state = resumed(reference, given, options, epochs=2)
        whole = reference.seen_as(SAVED).train_head(*given, epochs=4, checkpoint=Output("state.npz"), **options)
        # If the process is killed while it writes a file in place, half a file is left.
        expected = (*whole, {"epochs in the file that was replaced": 2})
        call = answer.seen_as(SAVED).train_head(*given, epochs=4, checkpoint=state, **options)
        check(call, expected, **WEIGHTS, source="the undisturbed training")

    def test_a_training_that_is_done_is_only_read(self, answer, reference, rng):
        given, options = samples(rng), {"batch_size": 8, "seed": 3}
        state = resumed(reference, given, options, epochs=2)
        expected = reference.train_head(*given, epochs=2, **options)
        call = answer.train_head(*given, epochs=2, checkpoint=state, **options)
        check(call, expected, **WEIGHTS, source="the undisturbed training")

    def test_the_checkpoint_of_another_training_is_a_value_error(self, answer, reference, rng):
        given, options = samples(rng), {"batch_size": 8, "seed": 3}
        state = resumed(reference, given, options, epochs=2)
        for changed in ({"seed": 4}, {"batch_size": 4}, {"epochs": 1}):
            call = answer.train_head(*given, checkpoint=state, **{"epochs": 3, **options, **changed})
            check_raises(call, ValueError)
        check_raises(answer.train_head(*samples(rng, 23, 6), epochs=3, checkpoint=state, **options), ValueError)

    def test_the_defaults_are_those_of_the_contract(self, answer):
        expected = {"epochs": 100, "batch_size": 64, "seed": 0, "verbose": 0}
        check(answer.seen_as(Defaults(expected)).train_head(), expected, source="the contract")


@pytest.mark.function("label_report")
class TestLabelReport:
    def test_by_hand(self, answer):
        y_true = np.float32([[1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 0, 0]])
        y_pred = np.float32([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]])
        expected = (
            ["binary_accuracy", "all_zeros", "subset_accuracy", "hamming_loss", "labels"],
            ["sea", "trees", "sunset"],
            np.float32([8 / 12, 7 / 12, 1 / 4, 4 / 12]),
            # One of two predicted labels is true, one of three true labels is predicted: f1 = 2/6 / (5/6).
            np.float32([[1 / 2, 1 / 3, 2 / 5], [1, 1, 1], [0, 0, 0]]),
        )
        call = answer.seen_as(Report()).label_report(y_true, y_pred, ["sea", "trees", "sunset"])
        check(call, expected, source="the contract", silent=True)

    def test_a_label_without_predictions_or_without_truth_is_0(self, answer):
        y_true, y_pred = np.float32([[1, 0, 0]] * 3), np.float32([[0, 1, 0]] * 3)
        expected = np.float32([1 / 3, 2 / 3, 0, 2 / 3]), np.zeros((3, 3), np.float32)
        keys = ["binary_accuracy", "all_zeros", "subset_accuracy", "hamming_loss", "labels"]
        call = answer.seen_as(Report()).label_report(y_true, y_pred, CLASSES[:3])
        check(call, (keys, CLASSES[:3], *expected), source="the contract", silent=True)

    def test_random_predictions_as_the_solution_has_them(self, answer, reference, rng):
        for n_samples in (1, 10, 400):
            given = multi_hot(rng, n_samples), multi_hot(rng, n_samples, 0.4), CLASSES
            expected = reference.seen_as(Report()).label_report(*given)
            check(answer.seen_as(Report()).label_report(*given), expected, source=SOLUTION, silent=True)


@pytest.mark.function("describe_predictions")
class TestDescribePredictions:
    def test_true_and_predicted_in_words(self, answer):
        y_true = np.float32([[1, 0, 0, 0, 1], [0, 0, 1, 1, 0], [0, 0, 0, 0, 0]])
        y_pred = np.float32([[0, 0, 0, 0, 0], [0, 0, 0, 1, 0], [1, 1, 1, 1, 1]])
        expected = [("desert, trees", "NONE"), ("sea, sunset", "sunset"), ("NONE", ", ".join(CLASSES))]
        check(answer.describe_predictions(y_true, y_pred, CLASSES), expected, source="the contract")

    def test_the_order_is_that_of_the_classes(self, answer):
        given = np.float32([[1, 1, 0]]), np.float32([[0, 1, 1]]), ["trees", "sea", "desert"]
        check(answer.describe_predictions(*given), [("trees, sea", "sea, desert")], source="the contract")
        none = np.zeros((0, 5), np.float32)
        check(answer.describe_predictions(none, none, CLASSES), [], source="the contract")

    def test_random_labels_as_the_solution_describes_them(self, answer, reference, rng):
        for n_samples in (1, 30):
            classes = rng.permutation(CLASSES).tolist()
            given = multi_hot(rng, n_samples), multi_hot(rng, n_samples), classes
            expected = reference.describe_predictions(*given)
            check(answer.describe_predictions(*given), expected, source=SOLUTION)


@pytest.mark.function("draw_pictures")
class TestDrawPictures:
    def test_two_pictures_and_nine_images_on_one_of_them(self, answer, rng):
        # Eleven images of one colour each: the first nine are shown.
        colours = np.column_stack([30 + 20 * rng.permutation(11), 30 + 20 * rng.permutation(11), 20 * np.arange(11)])
        images = one_colour_each(colours)
        history = rng.random((6, 3), np.float32)
        words = [("sea", "NONE")] * 11
        for number, other in ((11, ""), (4, "11")):
            expected = pictures(min(number, 9), {})
            view = Pictures(colours[: min(number, 9)].tolist(), called=str(number), unlike=other)
            # The curves of another training are other curves.
            call = answer.seen_as(view).draw_pictures(Folder({}), history[:number], images[:number], words[:number])
            check(call, expected, source="the contract")

    def test_of_one_more_figure_and_image_another_part_of_the_pictures_is_drawn(self, answer, rng):
        colours = np.column_stack([30 + 20 * rng.permutation(9), 30 + 20 * rng.permutation(9), 20 * np.arange(9)])
        history = np.column_stack([rng.permutation(np.linspace(0.1, 0.9, 11)) for _ in range(3)]).astype(np.float32)
        words = [("sea", "NONE")] * 9
        view = Pictures(colours.tolist(), called="random")
        call = answer.seen_as(view).draw_pictures(Folder({}), history, one_colour_each(colours), words)
        check(call, pictures(9, {}), source="the contract")
        changed, others = history.copy(), colours.copy()
        # Neither the lowest nor the highest: the axes stay as they are.
        column = int(rng.integers(3))
        changed[np.argsort(history[:, column])[5], column] += 0.04
        others[rng.integers(9)] = [240, 20, 240]
        for given, shown, differs in (
            ((history, colours), colours, "nowhere"),
            ((changed, others), others, "in a part"),
        ):
            view = Pictures(shown.tolist(), called="again", unlike="random", a_part=True)
            call = answer.seen_as(view).draw_pictures(Folder({}), given[0], one_colour_each(given[1]), words)
            same = {"the same as of other figures": differs == "nowhere", "differs from it": differs}
            check(call, pictures(9, same), source="the contract")


@pytest.mark.function("run_training")
class TestRunTraining:
    def test_all_of_it_on_a_few_pictures(self, answer, reference, rng):
        # Predictions and figures are the judge's, computed from the features and the weights of its own training.
        folder, view = scenes(rng, 25), TrainingFolder("training", WORDS)
        options = {"epochs": 3, "image_size": 32, "batch_size": 10, "seed": 1}
        expected = reference.seen_as(view).run_training(folder, Output("training"), **options)
        data = hashlib.sha256(b"".join(folder.files.values())).hexdigest()
        assert expected[2]["data"] == data
        call = answer.seen_as(view).run_training(folder, Output("training"), **options)
        check(call, expected, rtol=1e-3, atol=1e-4, source=SOLUTION)

    def test_another_call_goes_on_but_not_in_the_folder_of_another_training(self, answer, rng):
        view, options = AnotherCall({"epochs": 1}, {"image_size": 48}), {"epochs": 2, "image_size": 32}
        check_raises(answer.seen_as(view).run_training(scenes(rng, 6), Output("training"), **options), ValueError)

    def test_the_defaults_are_those_of_the_contract(self, answer):
        expected = {"weights": "random", "epochs": 100, "image_size": 64, "batch_size": 64, "seed": 0, "verbose": 0}
        check(answer.seen_as(Defaults(expected)).run_training(), expected, source="the contract")

    def test_other_weights_than_these_two_are_a_value_error(self, answer, rng):
        for name in ("none", "ImageNet", ""):
            call = answer.run_training(Folder({}), Output("training"), weights=name)
            check_raises(call, ValueError, "random", "imagenet")
