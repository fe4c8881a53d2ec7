"""What `make figures` looks for stands in the lessons: found here without a training, which takes minutes."""

import numpy as np

from tests.proofs import beyond, figures


def of_pairings():
    """What a training returns, with numbers that no lesson tells."""
    row = dict.fromkeys((*figures.COLUMNS, "all_zeros"), 9.0)
    return {(activation, loss): row for activation in ("sigmoid", "softmax", "None") for loss in ("BCE", "CCE")}


def test_every_row_and_sentence_that_is_compared_is_found():
    told = list(figures.of_scenes(of_pairings()))
    assert len(told) == 7
    told += figures.of_photographs(of_pairings(), 9.0)
    told += figures.of_beyond(dict.fromkeys(beyond.ROWS, np.full((beyond.SPLITS, 3), 9.0)))
    # Of the 36 figures of the pairings one is not compared: the threshold of a logit whose level is arbitrary.
    assert len(told) == 7 + 35 + 5 + 3 * len(beyond.ROWS)
    for what, lesson, measured in told:
        assert -1 < lesson < 3, what
        assert measured == 9.0, what


def test_the_rows_of_the_last_table_are_those_that_are_measured(monkeypatch):
    monkeypatch.setattr(beyond, "train", lambda *_, **__: lambda inputs: inputs[:, :5])
    rng = np.random.default_rng(0)
    features = {size: rng.standard_normal((50, 512), np.float32) for size in beyond.SIZES}
    rows = beyond.rows_of(features, rng.integers(0, 2, (50, 5)).astype(np.float32), seed=0)
    assert list(rows) == list(beyond.ROWS)
    assert rows[beyond.ALL_ZEROS][1:] == (0, 0)


def test_thresholds_are_those_with_the_best_f1_of_the_validation_part():
    labels = np.array([[1, 0, 1, 1, 0, 0], [1, 0, 0, 0, 0, 0]], np.float32).T
    logits = np.array([[3, -4, -1, -2, -3, -5], [9, 8, 1, 2, 3, 4]], np.float32).T
    assert beyond.best_thresholds(labels, logits).tolist() == [-2.5, 8.5]
    assert beyond.figures(labels, (logits > [-2.5, 8.5]).astype(np.float32)) == (1, 1, 1)


def test_figures_are_those_of_exercises_05_and_09():
    from kata.answers.answer import Reference

    rng = np.random.default_rng(0)
    labels, predictions = rng.integers(0, 2, (2, 30, 5)).astype(np.float32)
    predictions[:, 2] = 0
    classes = ["desert", "mountains", "sea", "sunset", "trees"]
    report = Reference().label_report(labels, predictions, classes)
    macro = np.mean([report["labels"][name]["f1"] for name in classes])
    expected = report["binary_accuracy"], macro, report["subset_accuracy"]
    np.testing.assert_allclose(beyond.figures(labels, predictions), expected, rtol=1e-6)


def test_no_sample_of_the_test_part_is_trained_on_or_chosen_with():
    labels = np.zeros((50, 5), np.float32)
    features = np.arange(50, dtype=np.float32)[:, None] * np.ones(3, np.float32)
    parts = beyond.split(features, labels, seed=1, validation=8)
    assert [len(part) for part, _ in parts] == [32, 8, 10]
    seen = np.concatenate([part[:, 0] for part, _ in parts])
    assert len(np.unique(seen)) == 50  # no sample is in two parts
    np.testing.assert_allclose(parts[0][0].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_array_equal(beyond.split(features, labels, seed=1)[2][1], parts[2][1])


def test_keras_class_weight_looks_at_the_first_label_of_an_image_alone():
    from kata.answers.frameworks import import_quietly

    import_quietly(["tensorflow", "keras"])
    from keras.src.trainers.data_adapters.data_adapter_utils import class_weight_to_sample_weights

    labels = np.array([[0, 1, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0]], np.float32)
    weights = class_weight_to_sample_weights(labels, {0: 2.0, 1: 3.0, 2: 5.0})
    assert weights.tolist() == [3, 2, 5, 2]  # without any label it is taken for the first class


def test_class_weights_weigh_the_labels_that_are_there(monkeypatch):
    from kata.answers.frameworks import import_quietly

    import_quietly(["tensorflow", "keras"])
    import keras

    seen = []
    monkeypatch.setattr(keras.Sequential, "compile", lambda self, optimizer, loss, **_: seen.append(loss))
    monkeypatch.setattr(keras.Sequential, "fit", lambda *_, **__: None)
    beyond.train(np.zeros((1, 4), np.float32), np.zeros((1, 2), np.float32), seed=0, positive=[3, 1])
    labels, logits = np.float32([[1, 0]]), np.float32([[0.5, -2]])
    each = np.array([3 * np.log1p(np.exp(-0.5)), np.log1p(np.exp(-2))])
    np.testing.assert_allclose(seen[0](labels, logits), each.mean(), rtol=1e-6)
