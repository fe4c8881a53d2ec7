"""Plausible wrong answers to exercise 02. Each docstring is the sentence that its author reads."""

import math

import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from activations import sigmoid as right_sigmoid
from activations import softmax as right_softmax

from kata.judge import another_way, misconception

# linear


@misconception("linear")
def linear_clipped_to_probabilities(x):
    """You cut the logits off at 0 and 1: a logit is no probability and may be any number."""
    return np.clip(x, 0, 1)


@misconception("linear")
def linear_without_negative_logits(x):
    """You set negative logits to 0, which is relu. Linear leaves all logits as they are."""
    return np.maximum(x, 0)


@misconception("linear")
def linear_rescaled_to_0_to_1(x):
    """You moved and scaled the logits into 0 ... 1: linear leaves the logits as they are."""
    x = np.asarray(x)
    if x.size == 0:
        return x
    return (x - x.min()) / (x.max() - x.min())


@misconception("linear")
def linear_as_sigmoid(x):
    """You applied a sigmoid: linear means that the layer has no activation, so the logits stay as they are."""
    return right_sigmoid(x)


@misconception("linear")
def linear_as_tanh(x):
    """You applied tanh: linear means that the layer has no activation, so the logits stay as they are."""
    return np.tanh(x)


@misconception("linear")
def linear_rounded(x):
    """You rounded the logits: the loss and the threshold need their digits."""
    return np.round(x)


@misconception("linear")
def linear_without_the_sign(x):
    """You dropped the sign: a negative logit says that the label is unlikely, so it must stay negative."""
    return np.abs(x)


@misconception("linear")
def linear_to_float64(x):
    """You converted to float64: float32 logits stay float32, as in Keras."""
    return np.array(x, dtype=np.float64)


@misconception("linear")
def linear_to_a_list(x):
    """You returned a Python list: return the array itself, or a copy of it."""
    return np.asarray(x).tolist()


@misconception("linear")
def linear_flattened(x):
    """You flattened the array: the result keeps the shape of `x`."""
    return np.ravel(x)


# sigmoid


@misconception("sigmoid")
def sigmoid_that_overflows_for_negative_logits(x):
    """You let exp see large positive numbers: exp(-x) is infinite for x below -88.7, and NumPy warns. Use the
    other form of the formula there."""
    return 1 / (1 + np.exp(-x))


@misconception("sigmoid")
def sigmoid_that_overflows_for_positive_logits(x):
    """You let exp see large positive numbers: for x above 88.7 the fraction is infinity by infinity, which is
    NaN. Use the other form of the formula there."""
    e = np.exp(x)
    return e / (1 + e)


@misconception("sigmoid")
def sigmoid_with_both_branches_computed(x):
    """You chose between the two forms with np.where, which computes both for every logit: the form that you
    drop still overflows. Let exp see only -|x|."""
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


@misconception("sigmoid")
def sigmoid_with_exp_of_the_math_module(x):
    """You used the math module's exp, which raises an OverflowError where NumPy's exp gives infinity. With only
    -|x|, exp can do neither."""
    values = [1 / (1 + math.exp(-value)) for value in np.ravel(x).tolist()]
    return np.array(values, dtype=np.float32).reshape(np.shape(x))


@misconception("sigmoid")
def sigmoid_of_one_number_only(x):
    """You gave a whole array to math.exp, which takes one number: use np.exp, which works on all elements."""
    return 1 / (1 + math.exp(-x))


@misconception("sigmoid")
def sigmoid_of_logits_cut_at_30(x):
    """You cut the logits off at -30 and 30 to avoid the overflow, so all smaller logits get the same
    probability. Another form of the formula needs no cut."""
    return right_sigmoid(np.clip(x, -30, 30))


@misconception("sigmoid")
def sigmoid_by_tanh(x):
    """You rescaled tanh: 1 + tanh(x / 2) is 0 in float32 for x below about -18, so small probabilities lose all
    digits."""
    return (0.5 * (1 + np.tanh(0.5 * x))).astype(np.float32)


@misconception("sigmoid")
def sigmoid_as_one_minus_its_opposite(x):
    """You computed 1 minus the opposite probability: near 1, float32 has steps of 6e-8, so small probabilities
    lose all digits."""
    return 1 - right_sigmoid(-x)


@misconception("sigmoid")
def sigmoid_with_the_sign_turned(x):
    """You lost the minus sign: the formula has exp(-x), so a large logit means a probability near 1."""
    return right_sigmoid(-x)


@another_way(sigmoid_with_the_sign_turned)
def _sign_turned_and_overflowing(x):
    return 1 / (1 + np.exp(x))


@misconception("sigmoid")
def sigmoid_as_tanh(x):
    """You returned tanh, which lies between -1 and 1: a sigmoid lies between 0 and 1, and sigmoid(0) is 0.5."""
    return np.tanh(x)


@misconception("sigmoid")
def sigmoid_as_softmax(x):
    """You computed a softmax, in which the labels of a row compete. Sigmoid turns each logit into a probability
    by itself."""
    return right_softmax(x)


@misconception("sigmoid")
def sigmoid_made_to_sum_to_one(x):
    """You divided by the row's sum: each label is a separate yes/no question, so the probabilities of a row
    need not sum to 1."""
    p = right_sigmoid(x)
    return p / np.sum(p, axis=-1, keepdims=True)


@misconception("sigmoid")
def sigmoid_as_hard_sigmoid(x):
    """You computed Keras's hard sigmoid, a straight line cut off at 0 and 1: the sigmoid is 1 / (1 +
    exp(-x))."""
    return np.clip(x / 6 + 0.5, 0, 1).astype(np.float32)


@misconception("sigmoid")
def sigmoid_as_its_slope(x):
    """You returned the derivative, p (1 - p): the activation is p itself."""
    p = right_sigmoid(x)
    return p * (1 - p)


@misconception("sigmoid")
def sigmoid_as_a_decision(x):
    """You returned 0 or 1 for each logit: return probabilities here; the threshold comes later (exercise
    05)."""
    return (right_sigmoid(x) > 0.5).astype(np.float32)


@misconception("sigmoid")
def sigmoid_plus_epsilon(x):
    """You added 1e-7 to keep away from 0, which hides every smaller probability. The clip belongs to the loss
    (exercise 03)."""
    return right_sigmoid(x) + np.float32(1e-7)


@misconception("sigmoid")
def sigmoid_clipped_at_epsilon(x):
    """You clipped the probabilities to 1e-7 ... 1 - 1e-7: the clip belongs to the loss (exercise 03). The
    activation keeps all digits."""
    return np.clip(right_sigmoid(x), np.float32(1e-7), np.float32(1 - 1e-7))


@misconception("sigmoid")
def sigmoid_in_float64(x):
    """You returned float64: float32 logits give float32 probabilities. Look for a float64 array or NumPy number
    in the computation."""
    return right_sigmoid(np.array(x, dtype=np.float64))


@misconception("sigmoid")
def sigmoid_in_place(x):
    """You wrote the probabilities into the caller's array, but the caller still needs the logits. Use a new
    array."""
    x[...] = right_sigmoid(x)
    return x


# softmax


@misconception("softmax")
def softmax_without_the_maximum(x, axis=-1):
    """You took exp of the logits as they are: above 88.7 exp is infinite, and a row of very negative logits
    becomes 0 / 0. Subtract the row's maximum first."""
    e = np.exp(x)
    return e / np.sum(e, axis=axis, keepdims=True)


@misconception("softmax")
def softmax_less_the_maximum_of_the_whole_array(x, axis=-1):
    """You subtracted the maximum of the whole array, so a row far below it becomes 0 / 0. Subtract each row's
    own maximum, along `axis`."""
    e = np.exp(x - np.max(x, initial=np.finfo(np.float32).min))
    return e / np.sum(e, axis=axis, keepdims=True)


@misconception("softmax")
def softmax_less_the_minimum(x, axis=-1):
    """You subtracted the minimum, so the largest logit can still be too large for exp. Subtract the maximum:
    then exp sees nothing above 0."""
    e = np.exp(x - np.min(x, axis=axis, keepdims=True, initial=np.finfo(np.float32).max))
    return e / np.sum(e, axis=axis, keepdims=True)


@misconception("softmax")
def softmax_of_logits_cut_at_30(x, axis=-1):
    """You cut the logits off at -30 and 30 to avoid the overflow, so all larger logits look alike. Subtract the
    row's maximum instead, which changes nothing."""
    return right_softmax(np.clip(x, -30, 30), axis)


@misconception("softmax")
def softmax_that_sums_to_one_over_the_whole_array(x, axis=-1):
    """You divided by the sum of the whole array: each row must sum to 1 by itself, along `axis`."""
    e = _exp(x, axis)
    return e / np.sum(e)


@misconception("softmax")
def softmax_over_everything(x, axis=-1):
    """You took maximum and sum over the whole array: each row is a distribution by itself, along `axis`."""
    e = np.exp(x - np.max(x, initial=np.finfo(np.float32).min))
    return e / np.sum(e)


@misconception("softmax")
def softmax_along_the_last_axis_always(x, axis=-1):
    """You ignored `axis`: the classes need not be on the last axis."""
    return right_softmax(x)


@misconception("softmax")
def softmax_along_the_first_axis_always(x, axis=-1):
    """You summed along the first axis, which holds the samples: the classes are on `axis`, usually the last
    axis."""
    return right_softmax(x, 0)


@misconception("softmax")
def softmax_along_axis_1_always(x, axis=-1):
    """You always used axis 1, which is the last axis only in a matrix. Use `axis`."""
    return right_softmax(x, 1)


@misconception("softmax")
def softmax_without_keepdims(x, axis=-1):
    """You lost the axis of maximum and sum, so the shapes no longer fit, or row i is divided by the sum of row
    j. Keep the axis with keepdims."""
    e = np.exp(x - np.max(x, axis=axis, initial=np.finfo(np.float32).min))
    return e / np.sum(e, axis=axis)


@misconception("softmax")
def softmax_without_the_sum(x, axis=-1):
    """You did not divide by the sum, so the largest value is 1: the whole row must sum to 1."""
    return _exp(x, axis)


@misconception("softmax")
def softmax_without_exp(x, axis=-1):
    """You divided the logits themselves by their sum: softmax takes exp first, so that no value is negative."""
    x = np.asarray(x)
    return x / np.sum(x, axis=axis, keepdims=True)


@misconception("softmax")
def softmax_as_sigmoid(x, axis=-1):
    """You computed a sigmoid for each logit: softmax makes the logits of a row compete, so that they sum to
    1."""
    return right_sigmoid(x)


@misconception("softmax")
def softmax_as_sigmoids_made_to_sum_to_one(x, axis=-1):
    """You divided sigmoids by their sum: softmax divides exp(x) by the sum of exp(x)."""
    p = right_sigmoid(x)
    return p / np.sum(p, axis=axis, keepdims=True)


@misconception("softmax")
def softmax_with_the_sign_turned(x, axis=-1):
    """You took exp(-x), as in the sigmoid: in softmax the minus sign lets the smallest logit win."""
    return right_softmax(-x, axis)


@misconception("softmax")
def softmax_as_its_logarithm(x, axis=-1):
    """You returned the logarithm of the softmax: a loss may want it, but the activation returns the
    probabilities."""
    z = x - np.max(x, axis=axis, keepdims=True, initial=np.finfo(np.float32).min)
    return z - np.log(np.sum(np.exp(z), axis=axis, keepdims=True))


@misconception("softmax")
def softmax_as_a_decision(x, axis=-1):
    """You gave the largest logit 1 and all others 0, which is the argmax. Softmax shares the 1 among all of
    them."""
    x = np.asarray(x)
    first = np.argmax(x, axis=axis, keepdims=True)
    decided = np.zeros_like(x)
    np.put_along_axis(decided, first, 1, axis=axis)
    return decided


@misconception("softmax")
def softmax_clipped_at_epsilon(x, axis=-1):
    """You clipped the probabilities to 1e-7 ... 1 - 1e-7: the clip belongs to the loss (exercise 03). The
    activation keeps all digits."""
    return np.clip(right_softmax(x, axis), np.float32(1e-7), np.float32(1 - 1e-7))


@misconception("softmax")
def softmax_in_float64(x, axis=-1):
    """You returned float64: float32 logits give float32 probabilities. Look for a float64 array or NumPy number
    in the computation."""
    return right_softmax(np.array(x, dtype=np.float64), axis)


@misconception("softmax")
def softmax_of_no_samples_that_fails(x, axis=-1):
    """You took the maximum of an axis without any numbers, where NumPy raises a ValueError. Give np.max an
    `initial` value, so that no samples give an empty array."""
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


@misconception("softmax")
def softmax_in_place(x, axis=-1):
    """You subtracted the maximum in the caller's array (x -= ...), but the caller still needs the logits. Use a
    new array."""
    x -= np.max(x, axis=axis, keepdims=True, initial=np.finfo(np.float32).min)
    return right_softmax(x, axis)


def _exp(x, axis):
    return np.exp(x - np.max(x, axis=axis, keepdims=True, initial=np.finfo(np.float32).min))
