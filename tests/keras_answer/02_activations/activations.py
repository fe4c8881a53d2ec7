"""Exercise 02 answered with keras.activations."""

import keras
import numpy as np


def linear(x):
    return np.asarray(keras.activations.linear(x))


def sigmoid(x):
    return np.asarray(keras.activations.sigmoid(x))


def softmax(x, axis=-1):
    if x.ndim == 1:  # Keras wants a batch
        return np.asarray(keras.activations.softmax(x[None], axis=-1))[0]
    return np.asarray(keras.activations.softmax(x, axis=axis))
