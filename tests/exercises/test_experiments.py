"""What the lesson of 08 says of Keras is so, and the features that it is run on are those of the exercises."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"  # the look-through is this backend's

import keras
import numpy as np
import pytest
import tensorflow as tf

from datasets import features as kept
from kata.answers.answer import Reference

pytestmark = pytest.mark.filterwarnings("default")  # what TensorFlow deprecates is none of ours
SOLUTIONS = Reference()
BCE, CCE = "BinaryCrossentropy", "CategoricalCrossentropy"
Y_TRUE = np.float32([[1, 0, 0, 0, 1]])
LOGITS = np.float32([[1, 0.5, -1, 0, 2]])


def level_gradient(forget):
    """The gradient of CCE by the logits, summed over the classes; with or without a Reshape behind the softmax."""
    logits = tf.Variable(LOGITS)
    with tf.GradientTape() as tape:
        outputs = keras.activations.softmax(logits)
        if forget:
            outputs = keras.ops.reshape(outputs, (1, 5))
        loss = keras.losses.categorical_crossentropy(Y_TRUE, outputs)
    gradient = tape.gradient(loss, logits).numpy()
    softmax = SOLUTIONS.softmax(LOGITS)
    expected = 2 * softmax - Y_TRUE if forget else softmax - Y_TRUE
    np.testing.assert_allclose(gradient, expected, atol=1e-5)
    return gradient.sum()


def test_two_labels_lift_all_logits_unless_the_softmax_is_forgotten():
    assert level_gradient(forget=False) == pytest.approx(-1, abs=1e-5)
    assert level_gradient(forget=True) == pytest.approx(0, abs=1e-5)


@pytest.fixture(scope="module")
def grid():
    """The nine pairings on features that are never negative, as those of the tutorial."""
    rng = np.random.default_rng(0)
    features = np.abs(rng.standard_normal((240, 12), np.float32))
    scores = features @ rng.standard_normal((12, 5), np.float32)
    labels = (scores > np.quantile(scores, 0.7, axis=0)).astype(np.float32)
    kernel = rng.normal(0, 0.1, (12, 5)).astype(np.float32)
    return SOLUTIONS.run_grid(features[:200], labels[:200], features[200:], labels[200:], kernel, 80, 25)


@pytest.mark.proof
def test_the_grid_shows_what_the_lesson_says(grid):
    rows = {(row["activation"], row["loss"]): row for row in grid}
    assert [row["error"] is None for row in grid] == [True, True, False] * 3
    assert SOLUTIONS.same_training(grid) == [
        [f"{activation} + {loss}" for activation in ("sigmoid", "softmax", "None")] for loss in (BCE, CCE)
    ]
    # Read at 0.5, softmax names one label at most and None fewer than sigmoid, with the same weights.
    labels = {pair: row["labels"] for pair, row in rows.items()}
    assert labels["softmax", BCE] <= 1
    assert labels["softmax", CCE] <= 1
    assert labels["None", BCE] < labels["sigmoid", BCE]
    # Where sigmoid is cut at t, None is cut at its logit: the same labels.
    sigmoid, none = rows["sigmoid", BCE], rows["None", BCE]
    assert none["threshold"] == pytest.approx(SOLUTIONS.logit_threshold(sigmoid["threshold"]), abs=1e-4)
    assert none["labels_at_threshold"] == sigmoid["labels_at_threshold"]
    # The tutorial's "all labels": the level of CCE has drifted upwards, for all images alike.
    assert labels["sigmoid", CCE] > 3
    assert rows["sigmoid", CCE]["accuracy"] < rows["sigmoid", CCE]["all_zeros"] < rows["sigmoid", BCE]["accuracy"]


def test_table_and_picture_are_written_and_valid(grid, tmp_path):
    table = SOLUTIONS.write_table(grid, str(tmp_path / "grid.md"))
    lines = Path(table).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 11
    assert {line.replace("\\|", "").count("|") for line in lines} == {13}
    assert all("tensorflow" in line for line in lines[2:])
    picture = SOLUTIONS.plot_grid(grid, str(tmp_path / "grid.png"))
    assert tf.io.decode_png(tf.io.read_file(picture)).shape[1] >= 600


def test_the_features_are_those_that_the_exercises_compute(tmp_path, monkeypatch):
    monkeypatch.setenv("KATA_DATA", str(tmp_path / "cache"))
    folder = tmp_path / "miml_dataset"
    (folder / "images").mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows = ["Filenames,desert,mountains,sea,sunset,trees"]
    for number in range(10):
        jpeg = tf.io.encode_jpeg(rng.integers(0, 256, (40, 50, 3)).astype(np.uint8)).numpy()
        (folder / "images" / f"{number}.jpg").write_bytes(jpeg)
        rows.append(f"{number}.jpg,{','.join(map(str, rng.integers(0, 2, 5)))}")
    (folder / "miml_labels_1.csv").write_text("\n".join([*rows, ""]))

    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3))
    weights = SOLUTIONS.draw_weights([tuple(weight.shape) for weight in base.weights])
    images = np.array([SOLUTIONS.load_image(str(folder / "images" / f"{number}.jpg"), 32) for number in range(10)])
    expected = SOLUTIONS.compute_features(images, weights)
    raw, labels = kept.raw_features(folder, size=32)
    np.testing.assert_allclose(raw, expected, rtol=1e-4, atol=1e-5)
    assert labels.shape == (10, 5)

    (features, _, test_features, _), kernel = kept.standard_features(folder, size=32)
    train, test = SOLUTIONS.split_indices(10)
    for mine, theirs in zip((features, test_features), SOLUTIONS.standardize(raw[train], raw[test]), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(kernel, SOLUTIONS.draw_weights([(512, 5)])[0])

    # The second time they are only read; an image that changed is seen.
    (kept_file,) = (tmp_path / "cache" / "features").glob("*.npy")
    np.save(kept_file, raw + 1)
    np.testing.assert_array_equal(kept.raw_features(folder, size=32)[0], raw + 1)
    (folder / "images" / "3.jpg").write_bytes((folder / "images" / "4.jpg").read_bytes())
    again = kept.raw_features(folder, size=32)[0]
    np.testing.assert_allclose(again[3], again[4], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(again[5], raw[5], rtol=1e-5, atol=1e-6)
