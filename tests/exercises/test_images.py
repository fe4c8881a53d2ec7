"""Exercises 06 and 07 on all images: the generated scenes, and the real ones where MIML_DATASET names a copy."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

from datasets import real
from datasets.layout import LABELS
from kata.answers.answer import Reference
from kata.checks.models import SmallBase

SOLUTIONS = Reference()
extract_features = SOLUTIONS.answer.runner.load_function(
    "extract_features"
)  # of a model, not of one that is described
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
OWN = os.environ.get("MIML_DATASET")


@pytest.fixture(params=[pytest.param("generated", marks=pytest.mark.proof), "real"])
def images(request):
    if request.param == "generated":
        return request.getfixturevalue("generated")
    if not OWN:
        pytest.skip("MIML_DATASET names no copy of the real images")
    return real.load()


def test_the_whole_pipeline(images):
    names, labels = SOLUTIONS.read_table(str(images), list(LABELS))
    parts = SOLUTIONS.split_indices(len(names))
    assert len(set(parts[0]) | set(parts[1])) == 2000
    kept = {}
    for part, batches in zip(parts, (25, 7), strict=True):
        paths = [str(images / "images" / names[index]) for index in part]
        dataset = SOLUTIONS.make_batches(paths, labels[part])
        assert len(dataset) == batches
        for number, (pictures, rows) in enumerate(dataset):
            assert pictures.shape[1:] == (64, 64, 3)
            # Every image keeps its own labels.
            index = part[64 * number]
            np.testing.assert_array_equal(rows[0], labels[index])
            np.testing.assert_allclose(
                pictures[0], SOLUTIONS.load_image(str(images / "images" / names[index])), atol=1e-6
            )
            kept.setdefault(batches, []).append(rows)
    # Shuffled: every label is in the test part about as often as in the other.
    train, test = (np.concatenate(kept[batches]).mean(axis=0) for batches in (25, 7))
    assert np.abs(train - test).max() < 0.08
    # The naive split is what exercise 06 says of it: 400 files, nearly all of them trees.
    assert labels[1600:, LABELS.index("trees")].mean() > 0.95
    assert labels[1600:, LABELS.index("desert")].mean() < 0.05


def test_random_features_have_to_be_standardized(images):
    names, labels = SOLUTIONS.read_table(str(images), list(LABELS))
    some = SOLUTIONS.split_indices(len(names), 0.05)[0]
    paths = [str(images / "images" / names[index]) for index in some]
    pictures = np.concatenate([batch for batch, _ in SOLUTIONS.make_batches(paths, labels[some])])
    keras.utils.set_random_seed(0)
    features = extract_features(SOLUTIONS.build_base(None), pictures)
    assert features.shape == (100, 512)
    assert features.std(axis=0).mean() < 0.002
    train, test = SOLUTIONS.standardize(features[:80], features[80:])
    live = train.std(axis=0) > 0
    np.testing.assert_allclose(train[:, live].std(axis=0), 1, rtol=1e-4)
    assert 0.5 < test[:, live].std() < 2


def test_without_a_network_the_error_offers_random_weights(run, tmp_path):
    code = """
from kata.answers import Reference
try:
    Reference().build_base()
except ConnectionError as error:
    print(error)
Reference().build_base(None)
"""
    done = run("-c", code, KERAS_HOME=str(tmp_path), **NO_NETWORK)
    assert done.status == 0, done.err
    assert "the ImageNet weights cannot be downloaded" in done.out
    assert "weights=None builds the same base with random weights" in done.out


def test_another_error_of_the_download_is_not_taken_for_a_missing_network(monkeypatch):
    def broken(**options):
        raise ValueError("A file of weights is damaged")

    monkeypatch.setattr(keras.applications, "VGG16", broken)
    with pytest.raises(ValueError, match="damaged"):
        SOLUTIONS.build_base()


def test_training_false_in_a_functional_model_does_not_stop_dropout_today():
    # What lesson 07 says of Keras 3.15: the value is overridden in fit.
    dropout = keras.layers.Dropout(0.5)
    inputs = keras.Input((1000,))
    model = keras.Model(inputs, dropout(inputs, training=False))
    ones = np.ones((1, 1000), np.float32)
    assert np.asarray(model(ones)).min() == 1
    assert np.asarray(model(ones, training=True)).min() == 0
    dropout.trainable = False
    assert np.asarray(model(ones, training=True)).min() == 0


def test_frozen_batch_normalization_stays_as_in_prediction_today():
    base = SmallBase().make(None)
    inputs = keras.Input((16, 16, 3))
    model = keras.Model(inputs, base(inputs))
    pictures = np.random.default_rng(0).random((4, 16, 16, 3), np.float32)
    before = base.get_weights()
    np.testing.assert_array_equal(model(pictures, training=True), model(pictures, training=False))
    assert all(map(np.array_equal, before, base.get_weights()))
    base.trainable = True
    assert (
        np.abs(np.asarray(model(pictures, training=True)) - np.asarray(model(pictures, training=False))).max() > 0.1
    )


def test_features_of_a_frozen_base_are_those_of_the_whole_model():
    pictures = np.random.default_rng(0).random((5, 16, 16, 3), np.float32)
    model = SOLUTIONS.build_model(SmallBase(), None)
    kernel, bias = model.get_weights()[-2:]
    features = extract_features(SmallBase(), pictures)
    np.testing.assert_allclose(features @ kernel + bias, model(pictures), rtol=1e-4, atol=1e-5)
