"""The expected values are what the installed Keras computes: the suites' literals, and the solutions at large.

KERAS is a whole answer made of Keras calls (tests/keras_answer): if the suites pass it, their literals are Keras's.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"  # the look-through of exercise 04 is this backend's

import keras
import numpy as np
import pytest

from kata.answers.answer import Reference
from kata.syllabus import ROOT
from tests.support import CHECKS, NUMPY, NUMPY_CHECKS

KERAS = ROOT / "tests" / "keras_answer"
SOLUTIONS = Reference()
LOGITS = np.float32([[-20, -10, -44.5, -12.5, -74]])
Y_TRUE = np.float32([[1, 0, 0, 0, 1]])


@pytest.mark.parametrize(
    ("paths", "checks", "seed"),
    [pytest.param(["exercises/"], CHECKS, 0, marks=pytest.mark.proof), (NUMPY, NUMPY_CHECKS, 1)],
)
def test_the_suites_pass_keras_itself(judge, paths, checks, seed):
    run = judge(*paths, "--answers", KERAS, "--seed", seed, "--time-limit", "60", KERAS_BACKEND="tensorflow")
    assert run.status == 0, run.out
    assert run.counts()["passed"] == checks


def inputs(seed, huge):
    """300 batches of up to 64 x 8: labels, probabilities that reach 0 and 1, logits up to +-1e4."""
    rng = np.random.default_rng(seed)
    for _ in range(300):
        shape = int(rng.integers(1, 65)), int(rng.integers(1, 9))
        y_true = rng.integers(0, 2, shape).astype(np.float32)
        p = rng.random(shape)
        extreme = rng.random(shape)
        p = np.where(extreme < 0.1, 0, np.where(extreme < 0.2, 10.0 ** rng.uniform(-12, -1, shape), p))
        # y = 0 with p of nearly 1 is where float32 and float64 differ at the clip: Keras uses float32, as we do.
        p = np.where((extreme > 0.9) & (y_true == 1), 1, p)
        z = rng.normal(0, 10.0 ** rng.uniform(-1, 4 if huge else 1.5), shape)
        yield y_true, p.astype(np.float32), np.clip(z, -1e4, 1e4).astype(np.float32)


def assert_equal(ours, keras_value, rtol=1e-5, atol=1e-6):
    keras_value = np.asarray(keras_value)
    assert ours.dtype == keras_value.dtype == np.float32
    np.testing.assert_allclose(ours, keras_value, rtol=rtol, atol=atol)


@pytest.mark.filterwarnings("ignore:.*axis.* has size 1:UserWarning")
def test_activations_equal_keras_on_thousands_of_inputs():
    for _, _, z in inputs(1, huge=True):
        assert_equal(SOLUTIONS.linear(z), keras.activations.linear(z), rtol=0, atol=0)
        assert_equal(SOLUTIONS.sigmoid(z), keras.activations.sigmoid(z), atol=1.2e-38)
        # Measured: Keras's softmax is 0 below 2.35e-38, twice float32's smallest normal number.
        assert_equal(SOLUTIONS.softmax(z), keras.activations.softmax(z), atol=2.4e-38)
        assert_equal(SOLUTIONS.softmax(z, axis=0), keras.activations.softmax(z, axis=0), atol=2.4e-38)


@pytest.mark.filterwarnings("ignore:.*axis has size 1:UserWarning")
def test_a_softmax_of_one_class_is_one_in_keras_too():
    assert_equal(SOLUTIONS.softmax(np.float32([[3]])), keras.activations.softmax(np.float32([[3]])))


@pytest.mark.filterwarnings("ignore:In loss categorical_crossentropy:SyntaxWarning")  # for one class alone
@pytest.mark.parametrize("loss", ["binary_crossentropy", "categorical_crossentropy"])
def test_losses_equal_keras_on_thousands_of_inputs(loss):
    ours, theirs = getattr(SOLUTIONS, loss), getattr(keras.losses, loss)
    for y_true, p, z in inputs(2, huge=True):
        assert_equal(ours(y_true, p), theirs(y_true, p))  # a row of zeros is NaN in both
        assert_equal(ours(y_true, z, from_logits=True), theirs(y_true, z, from_logits=True))


def test_sparse_loss_equals_keras_on_thousands_of_inputs():
    ours, theirs = SOLUTIONS.sparse_categorical_crossentropy, keras.losses.sparse_categorical_crossentropy
    rng = np.random.default_rng(3)
    for y_true, p, z in inputs(3, huge=True):
        labels = rng.integers(0, y_true.shape[1], len(y_true))
        assert_equal(ours(labels, p), theirs(labels, p))
        assert_equal(ours(labels, z, from_logits=True), theirs(labels, z, from_logits=True))


def test_the_false_label_with_probability_one_costs_what_it_does_in_float32():
    p = np.float32([[1.0], [1 - 1e-7], [1 - 2e-7], [1 - 3e-7]])
    ours = SOLUTIONS.binary_crossentropy(np.zeros_like(p), p)
    assert_equal(ours, keras.losses.binary_crossentropy(np.zeros_like(p), p))
    assert ours[0] == pytest.approx(15.942385)


def test_binary_accuracy_equals_keras_on_thousands_of_inputs():
    for y_true, p, _ in inputs(4, huge=False):
        for threshold in (0.5, 0.1):
            elementwise = np.asarray(keras.metrics.binary_accuracy(y_true, p, threshold=threshold))
            assert_equal(SOLUTIONS.binary_accuracy(y_true, p, threshold), elementwise.mean(-1, dtype=np.float32))


ACTIVATIONS = ("sigmoid", "softmax", None)
LOSSES = ("BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy")
FUNCTIONS = {name: getattr(keras.losses, name)().name for name in LOSSES}


def head(activation, reshape=False):
    """A model that hands its input through one Dense layer of weight 1 to the activation, as a last layer does."""
    layers = [
        keras.Input((5,)),
        keras.layers.Dense(5, kernel_initializer=keras.initializers.Identity(), activation=activation),
    ]
    return keras.Sequential([*layers, keras.layers.Reshape((5,))] if reshape else layers)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_keras_loss_is_what_model_fit_reports(activation, loss):
    model = head(activation)
    # A learning rate of 0: fit's first loss is that of the weights as they are.
    model.compile(keras.optimizers.SGD(0.0), getattr(keras.losses, loss)(from_logits=activation is None))
    if loss == "SparseCategoricalCrossentropy":
        with pytest.raises(ValueError, match="rank"):
            model.fit(LOGITS, Y_TRUE.astype(np.int64), verbose=0)
        with pytest.raises(ValueError, match="one index for each"):
            SOLUTIONS.keras_loss(Y_TRUE.astype(np.int64), LOGITS, activation, FUNCTIONS[loss])
        y_true = np.array([4])
    else:
        y_true = Y_TRUE
    reported = model.fit(LOGITS, y_true, verbose=0).history["loss"][0]
    ours = SOLUTIONS.keras_loss(y_true, LOGITS, activation, FUNCTIONS[loss])
    assert ours == pytest.approx([reported], rel=1e-5)


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
@pytest.mark.parametrize("loss", LOSSES[:2])
def test_textbook_loss_is_what_model_fit_reports_after_a_reshape(activation, loss):
    # The reshaped tensor has forgotten its logits.
    model = head(activation, reshape=True)
    model.compile(keras.optimizers.SGD(0.0), getattr(keras.losses, loss)())
    reported = model.fit(LOGITS, Y_TRUE, verbose=0).history["loss"][0]
    ours = SOLUTIONS.textbook_loss(Y_TRUE, LOGITS, activation, FUNCTIONS[loss])
    assert ours == pytest.approx([reported], rel=1e-5)
