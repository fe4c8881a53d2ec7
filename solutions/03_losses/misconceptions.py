"""Plausible wrong answers to exercise 03. Each docstring is the sentence that its author reads."""

import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from losses import _clip, _log_softmax, _pair
from losses import binary_crossentropy as right_binary
from losses import categorical_crossentropy as right_categorical
from losses import sparse_categorical_crossentropy as right_sparse

from kata.judge import misconception

# binary_crossentropy


@misconception("binary_crossentropy")
def binary_summed_over_the_labels(y_true, y_pred, from_logits=False):
    """You summed over the labels: Keras averages over them, so that a loss does not grow with their
    number."""
    return right_binary(y_true, y_pred, from_logits) * np.float32(np.shape(y_true)[-1])


@misconception("binary_crossentropy")
def binary_averaged_over_the_batch(y_true, y_pred, from_logits=False):
    """You averaged over the samples, too: each sample has its own loss, and Keras averages over the batch
    later."""
    return np.mean(right_binary(y_true, y_pred, from_logits))


@misconception("binary_crossentropy")
def binary_averaged_over_the_samples(y_true, y_pred, from_logits=False):
    """You averaged over the first axis, which gives a loss for each label: average over the last axis, which
    gives a loss for each sample."""
    return np.mean(_binary_elementwise(y_true, y_pred, from_logits), axis=0)


@misconception("binary_crossentropy")
def binary_of_each_label(y_true, y_pred, from_logits=False):
    """You returned a loss for each label: a sample's loss is the mean over its labels."""
    return _binary_elementwise(y_true, y_pred, from_logits)


@misconception("binary_crossentropy")
def binary_without_the_minus_sign(y_true, y_pred, from_logits=False):
    """You left out the minus sign: the logarithm of a probability is negative, but a loss is not."""
    return -right_binary(y_true, y_pred, from_logits)


@misconception("binary_crossentropy")
def binary_of_true_labels_only(y_true, y_pred, from_logits=False):
    """You counted only the true labels: a false label with a high probability costs -ln(1 - p), or else "every
    label" would be the best prediction."""
    y_true, y_pred = _pair(y_true, y_pred)
    log_p = -np.logaddexp(0, -y_pred) if from_logits else np.log(_clip(y_pred))
    return -np.mean(y_true * log_p, axis=-1)


@misconception("binary_crossentropy")
def binary_in_bits(y_true, y_pred, from_logits=False):
    """You took the logarithm to base 2: Keras uses the natural logarithm."""
    return right_binary(y_true, y_pred, from_logits) / np.float32(np.log(2))


@misconception("binary_crossentropy")
def binary_with_log10(y_true, y_pred, from_logits=False):
    """You took the logarithm to base 10: Keras uses the natural logarithm."""
    return right_binary(y_true, y_pred, from_logits) / np.float32(np.log(10))


@misconception("binary_crossentropy")
def binary_without_a_clip(y_true, y_pred, from_logits=False):
    """You did not clip the probabilities: ln 0 is minus infinity, and 0 times that is NaN. Keras moves them
    into 1e-7 ... 1 - 1e-7 first."""
    return _binary_of_probabilities(y_true, y_pred, from_logits, lambda p: p)


@misconception("binary_crossentropy")
def binary_clipped_at_1e_15(y_true, y_pred, from_logits=False):
    """You clipped at 1e-15: Keras clips at 1e-7. In float32, 1 - 1e-15 is 1, and there the loss is infinite or
    NaN."""
    return _binary_of_probabilities(
        y_true, y_pred, from_logits, lambda p: np.clip(p, np.float32(1e-15), np.float32(1 - 1e-15))
    )


@misconception("binary_crossentropy")
def binary_clipped_at_1e_8(y_true, y_pred, from_logits=False):
    """You clipped at 1e-8: Keras clips at 1e-7. In float32, 1 - 1e-8 is 1, and there the loss is infinite or
    NaN."""
    return _binary_of_probabilities(
        y_true, y_pred, from_logits, lambda p: np.clip(p, np.float32(1e-8), np.float32(1 - 1e-8))
    )


@misconception("binary_crossentropy")
def binary_clipped_at_the_step_of_float32(y_true, y_pred, from_logits=False):
    """You clipped at 1.19e-7, the eps of np.finfo(np.float32): Keras clips at 1e-7."""
    eps = np.finfo(np.float32).eps
    return _binary_of_probabilities(y_true, y_pred, from_logits, lambda p: np.clip(p, eps, 1 - eps))


@misconception("binary_crossentropy")
def binary_clipped_below_only(y_true, y_pred, from_logits=False):
    """You clipped only from below, at 1e-7: where p is 1, ln(1 - p) is ln 0. Clip at 1 - 1e-7, too."""
    return _binary_of_probabilities(y_true, y_pred, from_logits, lambda p: np.maximum(p, np.float32(1e-7)))


@misconception("binary_crossentropy")
def binary_clipped_after_the_logarithm(y_true, y_pred, from_logits=False):
    """You cut the logarithm off at -100, as PyTorch does: Keras clips the probability at 1e-7 before the
    logarithm, so no label costs more than 16.118."""
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        return right_binary(y_true, y_pred, True)
    log_p, log_q = np.maximum(np.log(y_pred), -100), np.maximum(np.log(1 - y_pred), -100)
    return -np.mean(y_true * log_p + (1 - y_true) * log_q, axis=-1)


@misconception("binary_crossentropy")
def binary_with_epsilon_added_to_the_probability(y_true, y_pred, from_logits=False):
    """You added 1e-7 inside the logarithm: Keras clips instead, so a probability of 1e-6 does not change."""
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        return right_binary(y_true, y_pred, True)
    eps = np.float32(1e-7)
    return -np.mean(y_true * np.log(y_pred + eps) + (1 - y_true) * np.log(1 - y_pred + eps), axis=-1)


@misconception("binary_crossentropy")
def binary_of_rows_divided_by_their_sum(y_true, y_pred, from_logits=False):
    """You divided each row by its sum, which belongs to categorical_crossentropy. Here each label is a separate
    question."""
    return _binary_of_probabilities(
        y_true, y_pred, from_logits, lambda p: _clip(p / np.sum(p, axis=-1, keepdims=True))
    )


@misconception("binary_crossentropy")
def binary_that_ignores_from_logits(y_true, y_pred, from_logits=False):
    """You ignored from_logits, so the loss takes logits for probabilities, and the clip hides the mistake. With
    from_logits=True the loss includes a sigmoid."""
    return right_binary(y_true, y_pred)


@misconception("binary_crossentropy")
def binary_that_takes_everything_for_logits(y_true, y_pred, from_logits=False):
    """You always applied a sigmoid: without from_logits the values are already probabilities."""
    return right_binary(y_true, y_pred, True)


@misconception("binary_crossentropy")
def binary_with_two_sigmoids(y_true, y_pred, from_logits=False):
    """You applied the sigmoid twice: turn logits into probabilities, or use the formula for logits, but not
    both."""
    y_true, y_pred = _pair(y_true, y_pred)
    return right_binary(y_true, _sigmoid(y_pred) if from_logits else y_pred, from_logits)


@misconception("binary_crossentropy")
def binary_with_softmax_for_logits(y_true, y_pred, from_logits=False):
    """You turned the logits into probabilities with a softmax: in this loss each label is a separate question,
    so use a sigmoid."""
    y_true, y_pred = _pair(y_true, y_pred)
    return right_binary(y_true, np.exp(_log_softmax(y_pred)) if from_logits else y_pred)


@misconception("binary_crossentropy")
def binary_of_logits_with_the_clip(y_true, y_pred, from_logits=False):
    """You turned the logits into probabilities and clipped them, so no label can cost more than 16.118. From
    logits Keras computes the exact loss, without a clip."""
    y_true, y_pred = _pair(y_true, y_pred)
    return right_binary(y_true, _sigmoid(y_pred) if from_logits else y_pred)


@misconception("binary_crossentropy")
def binary_of_logits_through_a_bare_sigmoid(y_true, y_pred, from_logits=False):
    """You took the logarithm of the sigmoid, which is exactly 0 or 1 for large logits, so the loss is infinite
    or NaN. Rewrite the formula so that no logarithm sees 0."""
    y_true, y_pred = _pair(y_true, y_pred)
    if not from_logits:
        return right_binary(y_true, y_pred)
    p = _sigmoid(y_pred)
    return np.mean(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)), axis=-1)


@misconception("binary_crossentropy")
def binary_of_logits_that_overflows(y_true, y_pred, from_logits=False):
    """You computed ln(1 + exp(z)) as it stands: exp is infinite for z above 88.7. Rewrite the formula so that
    exp sees only -|z|."""
    y_true, y_pred = _pair(y_true, y_pred)
    if not from_logits:
        return right_binary(y_true, y_pred)
    return np.mean(np.log1p(np.exp(y_pred)) - y_true * y_pred, axis=-1)


@misconception("binary_crossentropy")
def binary_with_the_arguments_swapped(y_true, y_pred, from_logits=False):
    """You swapped truth and prediction: y_true comes first, y_pred second, and the logarithm is that of
    y_pred."""
    return right_binary(y_pred, y_true, from_logits)


@misconception("binary_crossentropy")
def binary_of_different_shapes(y_true, y_pred, from_logits=False):
    """You accepted different shapes: NumPy silently stretches one column over all labels. Compare the shapes
    first and raise a ValueError."""
    return right_binary(*_broadcast(y_true, y_pred), from_logits)


@misconception("binary_crossentropy")
def binary_that_compares_the_number_of_samples_only(y_true, y_pred, from_logits=False):
    """You compared only the number of samples: (2, 1) and (2, 2) have the same number, and NumPy stretches the
    column. Compare the whole shapes."""
    if len(y_true) != len(y_pred):
        raise ValueError("y_true and y_pred differ in length")
    return right_binary(*_broadcast(y_true, y_pred), from_logits)


@misconception("binary_crossentropy")
def binary_with_an_assertion_for_shapes(y_true, y_pred, from_logits=False):
    """You used assert to compare the shapes: it raises an AssertionError, and python -O skips it. Raise a
    ValueError."""
    assert np.shape(y_true) == np.shape(y_pred), "y_true and y_pred must have the same shape"
    return right_binary(y_true, y_pred, from_logits)


@misconception("binary_crossentropy")
def binary_in_float64(y_true, y_pred, from_logits=False):
    """You returned float64: float32 arrays give float32 losses. Look for a float64 array or NumPy number in the
    computation."""
    return right_binary(y_true, y_pred, from_logits).astype(np.float64)


def _binary_elementwise(y_true, y_pred, from_logits):
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        return np.maximum(y_pred, 0) - y_true * y_pred + np.log1p(np.exp(-np.abs(y_pred)))
    p = _clip(y_pred)
    return -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def _binary_of_probabilities(y_true, y_pred, from_logits, prepare):
    """The right loss, but for what is done to probabilities before the logarithm."""
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        return right_binary(y_true, y_pred, True)
    p = prepare(y_pred)
    return np.mean(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)), axis=-1)


# categorical_crossentropy


@misconception("categorical_crossentropy")
def categorical_not_divided_by_the_sum(y_true, y_pred, from_logits=False):
    """You did not divide the row by its sum: Keras divides before it clips, so that the row is a
    distribution."""
    return _categorical_of_probabilities(y_true, y_pred, from_logits, _clip)


@misconception("categorical_crossentropy")
def categorical_clipped_before_it_is_divided(y_true, y_pred, from_logits=False):
    """You clipped first and then divided by the row's sum, which is the order of the sparse loss. Here Keras
    divides first."""

    def prepare(p):
        p = _clip(p)
        return p / np.sum(p, axis=-1, keepdims=True)

    return _categorical_of_probabilities(y_true, y_pred, from_logits, prepare)


@misconception("categorical_crossentropy")
def categorical_divided_by_the_sum_of_the_batch(y_true, y_pred, from_logits=False):
    """You divided by the sum of the whole array: Keras divides each row by its own sum."""
    return _categorical_of_probabilities(y_true, y_pred, from_logits, lambda p: _clip(p / np.sum(p)))


@misconception("categorical_crossentropy")
def categorical_with_epsilon_added_to_the_sum(y_true, y_pred, from_logits=False):
    """You added 1e-7 to the row's sum, which changes all small probabilities. Keras divides by the sum as it
    is."""
    return _categorical_of_probabilities(
        y_true, y_pred, from_logits, lambda p: _clip(p / (np.sum(p, axis=-1, keepdims=True) + np.float32(1e-7)))
    )


@misconception("categorical_crossentropy")
def categorical_with_epsilon_added_to_the_probability(y_true, y_pred, from_logits=False):
    """You added 1e-7 inside the logarithm: Keras clips instead, so a probability of 1e-6 does not change."""
    return _categorical_of_probabilities(
        y_true, y_pred, from_logits, lambda p: p / np.sum(p, axis=-1, keepdims=True) + np.float32(1e-7)
    )


@misconception("categorical_crossentropy")
def categorical_of_zeros_not_divided(y_true, y_pred, from_logits=False):
    """You protected a row of zeros from the division by 0: such a row is no distribution, and Keras returns
    NaN."""

    def prepare(p):
        total = np.sum(p, axis=-1, keepdims=True)
        return _clip(p / np.where(total == 0, np.float32(1), total))

    return _categorical_of_probabilities(y_true, y_pred, from_logits, prepare)


@misconception("categorical_crossentropy")
def categorical_without_a_clip(y_true, y_pred, from_logits=False):
    """You did not clip the probabilities: ln 0 is minus infinity, and 0 times that is NaN. Keras moves them
    into 1e-7 ... 1 - 1e-7 after the division."""
    return _categorical_of_probabilities(y_true, y_pred, from_logits, lambda p: p / np.sum(p, axis=-1, keepdims=True))


@misconception("categorical_crossentropy")
def categorical_clipped_at_1e_15(y_true, y_pred, from_logits=False):
    """You clipped at 1e-15: Keras clips at 1e-7, so that no label costs more than 16.118."""
    return _categorical_of_probabilities(
        y_true,
        y_pred,
        from_logits,
        lambda p: np.clip(p / np.sum(p, axis=-1, keepdims=True), np.float32(1e-15), np.float32(1 - 1e-15)),
    )


@misconception("categorical_crossentropy")
def categorical_averaged_over_the_classes(y_true, y_pred, from_logits=False):
    """You averaged over the classes, as the binary loss does. Here the row is one question, and Keras sums the
    terms."""
    return right_categorical(y_true, y_pred, from_logits) / np.float32(np.shape(y_true)[-1])


@misconception("categorical_crossentropy")
def categorical_divided_by_the_number_of_labels(y_true, y_pred, from_logits=False):
    """You divided by the number of true labels: Keras sums over all of them, and a row without a label costs
    0, not 0 / 0."""
    return right_categorical(y_true, y_pred, from_logits) / np.sum(y_true, axis=-1)


@misconception("categorical_crossentropy")
def categorical_of_the_first_label_only(y_true, y_pred, from_logits=False):
    """You took the argmax of y_true, which finds only the first label, and finds a label even where there is
    none. Keras sums over the whole row."""
    y_true, y_pred = _pair(y_true, y_pred)
    first = np.eye(y_true.shape[-1], dtype=np.float32)[np.argmax(y_true, axis=-1)]
    return right_categorical(first, y_pred, from_logits)


@misconception("categorical_crossentropy")
def categorical_with_a_term_for_false_labels(y_true, y_pred, from_logits=False):
    """You added -ln(1 - p) for the false labels, as the binary loss does: here false labels cost something only
    through the row's sum."""
    y_true, y_pred = _pair(y_true, y_pred)
    p = np.exp(_log_softmax(y_pred)) if from_logits else y_pred / np.sum(y_pred, axis=-1, keepdims=True)
    false_labels = -np.sum((1 - y_true) * np.log(1 - _clip(p)), axis=-1)
    return right_categorical(y_true, y_pred, from_logits) + false_labels


@misconception("categorical_crossentropy")
def categorical_without_the_minus_sign(y_true, y_pred, from_logits=False):
    """You left out the minus sign: the logarithm of a probability is negative, but a loss is not."""
    return -right_categorical(y_true, y_pred, from_logits)


@misconception("categorical_crossentropy")
def categorical_in_bits(y_true, y_pred, from_logits=False):
    """You took the logarithm to base 2: Keras uses the natural logarithm."""
    return right_categorical(y_true, y_pred, from_logits) / np.float32(np.log(2))


@misconception("categorical_crossentropy")
def categorical_with_log10(y_true, y_pred, from_logits=False):
    """You took the logarithm to base 10: Keras uses the natural logarithm."""
    return right_categorical(y_true, y_pred, from_logits) / np.float32(np.log(10))


@misconception("categorical_crossentropy")
def categorical_averaged_over_the_batch(y_true, y_pred, from_logits=False):
    """You averaged over the samples: each sample has its own loss, and Keras averages over the batch later."""
    return np.mean(right_categorical(y_true, y_pred, from_logits))


@misconception("categorical_crossentropy")
def categorical_of_each_label(y_true, y_pred, from_logits=False):
    """You returned a loss for each class: a sample's loss is the sum over its classes."""
    return _categorical_elementwise(y_true, y_pred, from_logits)


@misconception("categorical_crossentropy")
def categorical_summed_over_the_samples(y_true, y_pred, from_logits=False):
    """You summed over the first axis, which gives a loss for each class: sum over the last axis, which gives a
    loss for each sample."""
    return np.sum(_categorical_elementwise(y_true, y_pred, from_logits), axis=0)


@misconception("categorical_crossentropy")
def categorical_that_ignores_from_logits(y_true, y_pred, from_logits=False):
    """You ignored from_logits, so the loss takes logits for probabilities and divides them by their sum. With
    from_logits=True the loss includes a softmax."""
    return right_categorical(y_true, y_pred)


@misconception("categorical_crossentropy")
def categorical_that_takes_everything_for_logits(y_true, y_pred, from_logits=False):
    """You always applied a softmax: without from_logits the values are already probabilities, and Keras only
    divides them by their sum."""
    return right_categorical(y_true, y_pred, True)


@misconception("categorical_crossentropy")
def categorical_with_sigmoid_for_logits(y_true, y_pred, from_logits=False):
    """You turned the logits into probabilities with a sigmoid: in this loss the row is one distribution, so use
    a softmax."""
    y_true, y_pred = _pair(y_true, y_pred)
    return right_categorical(y_true, _sigmoid(y_pred) if from_logits else y_pred)


@misconception("categorical_crossentropy")
def categorical_of_logits_with_the_clip(y_true, y_pred, from_logits=False):
    """You turned the logits into probabilities and clipped them, so no label can cost more than 16.118. From
    logits Keras computes the exact loss, without a clip."""
    y_true, y_pred = _pair(y_true, y_pred)
    return right_categorical(y_true, np.exp(_log_softmax(y_pred)) if from_logits else y_pred)


@misconception("categorical_crossentropy")
def categorical_of_logits_through_a_bare_softmax(y_true, y_pred, from_logits=False):
    """You took the logarithm of the softmax, which can be exactly 0, so the loss is infinite or NaN. Take the
    logarithm on paper first: then no value becomes 0."""
    y_true, y_pred = _pair(y_true, y_pred)
    if not from_logits:
        return right_categorical(y_true, y_pred)
    return -np.sum(y_true * np.log(np.exp(_log_softmax(y_pred))), axis=-1)


@misconception("categorical_crossentropy")
def categorical_of_logits_that_overflows(y_true, y_pred, from_logits=False):
    """You took exp of the logits as they are: above 88.7 exp is infinite, and a row of very negative logits
    becomes all 0. Subtract the row's maximum first."""
    y_true, y_pred = _pair(y_true, y_pred)
    if not from_logits:
        return right_categorical(y_true, y_pred)
    log_p = y_pred - np.log(np.sum(np.exp(y_pred), axis=-1, keepdims=True))
    return -np.sum(y_true * log_p, axis=-1)


@misconception("categorical_crossentropy")
def categorical_of_logits_less_the_maximum_of_the_batch(y_true, y_pred, from_logits=False):
    """You subtracted the maximum of the whole batch, so exp is 0 in a row far below it. Subtract each row's own
    maximum."""
    y_true, y_pred = _pair(y_true, y_pred)
    if not from_logits:
        return right_categorical(y_true, y_pred)
    return -np.sum(y_true * _log_softmax_of_the_batch(y_pred), axis=-1)


@misconception("categorical_crossentropy")
def categorical_of_different_shapes(y_true, y_pred, from_logits=False):
    """You accepted different shapes: NumPy silently stretches one column over all classes. Compare the shapes
    first and raise a ValueError."""
    return right_categorical(*_broadcast(y_true, y_pred), from_logits)


@misconception("categorical_crossentropy")
def categorical_with_an_assertion_for_shapes(y_true, y_pred, from_logits=False):
    """You used assert to compare the shapes: it raises an AssertionError, and python -O skips it. Raise a
    ValueError."""
    assert np.shape(y_true) == np.shape(y_pred), "y_true and y_pred must have the same shape"
    return right_categorical(y_true, y_pred, from_logits)


@misconception("categorical_crossentropy")
def categorical_in_float64(y_true, y_pred, from_logits=False):
    """You returned float64: float32 arrays give float32 losses. Look for a float64 array or NumPy number in the
    computation."""
    return right_categorical(y_true, y_pred, from_logits).astype(np.float64)


def _categorical_elementwise(y_true, y_pred, from_logits):
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        return -y_true * _log_softmax(y_pred)
    return -y_true * np.log(_clip(y_pred / np.sum(y_pred, axis=-1, keepdims=True)))


def _categorical_of_probabilities(y_true, y_pred, from_logits, prepare):
    """The right loss, but for what is done to probabilities before the logarithm."""
    y_true, y_pred = _pair(y_true, y_pred)
    if from_logits:
        return right_categorical(y_true, y_pred, True)
    return -np.sum(y_true * np.log(prepare(y_pred)), axis=-1)


# sparse_categorical_crossentropy


@misconception("sparse_categorical_crossentropy")
def sparse_divided_before_it_is_clipped(y_true, y_pred, from_logits=False):
    """You divided by the row's sum first and then clipped, as categorical_crossentropy does: here Keras clips
    first."""
    right_sparse(y_true, y_pred, from_logits)
    return right_categorical(np.eye(np.shape(y_pred)[-1])[y_true], y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_not_divided_by_the_sum(y_true, y_pred, from_logits=False):
    """You did not divide the row by its sum: Keras divides after the clip, so that the row is a
    distribution."""
    return _sparse_of_probabilities(y_true, y_pred, from_logits, _clip)


@misconception("sparse_categorical_crossentropy")
def sparse_without_a_clip(y_true, y_pred, from_logits=False):
    """You did not clip the probabilities: ln 0 is minus infinity. Keras moves them into 1e-7 ... 1 - 1e-7
    before it divides by the row's sum."""
    return _sparse_of_probabilities(y_true, y_pred, from_logits, lambda p: p / np.sum(p, axis=-1, keepdims=True))


@misconception("sparse_categorical_crossentropy")
def sparse_neither_clipped_nor_divided(y_true, y_pred, from_logits=False):
    """You took the logarithm of the probabilities as they are: Keras first clips them to 1e-7 ... 1 - 1e-7
    and divides them by the row's sum."""
    return _sparse_of_probabilities(y_true, y_pred, from_logits, lambda p: p)


@misconception("sparse_categorical_crossentropy")
def sparse_clipped_at_1e_15(y_true, y_pred, from_logits=False):
    """You clipped at 1e-15: Keras clips at 1e-7."""

    def prepare(p):
        p = np.clip(p, np.float32(1e-15), np.float32(1 - 1e-15))
        return p / np.sum(p, axis=-1, keepdims=True)

    return _sparse_of_probabilities(y_true, y_pred, from_logits, prepare)


@misconception("sparse_categorical_crossentropy")
def sparse_with_labels_counted_from_one(y_true, y_pred, from_logits=False):
    """You subtracted 1 from the labels: labels already count from 0, and index -1 is the last class."""
    right_sparse(y_true, y_pred, from_logits)
    return right_sparse((np.asarray(y_true) - 1) % np.shape(y_pred)[-1], y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_without_any_check(y_true, y_pred, from_logits=False):
    """You did not check the labels: NumPy reads -1 as the last class, the 0 and 1 of a row as indices, and one
    label as that of all samples. Raise a ValueError for each."""
    return _sparse_looked_up(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_with_labels_not_compared_with_the_classes(y_true, y_pred, from_logits=False):
    """You did not check whether the labels are classes: label 5 of 5 classes gives an IndexError, and -1 passes
    as the last class. Raise a ValueError for both."""
    _sparse_shapes(y_true, y_pred)
    return _sparse_looked_up(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_with_negative_labels_from_the_end(y_true, y_pred, from_logits=False):
    """You refused labels that are too large, but not labels below 0: NumPy reads -1 as the last class. Raise a
    ValueError."""
    _sparse_shapes(y_true, y_pred)
    if np.any(np.asarray(y_true) >= np.shape(y_pred)[-1]):
        raise ValueError("a label is too large")
    return _sparse_looked_up(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_with_large_labels_left_to_numpy(y_true, y_pred, from_logits=False):
    """You refused labels below 0, but not labels that are too large, for which NumPy raises an IndexError.
    Raise a ValueError."""
    _sparse_shapes(y_true, y_pred)
    if np.any(np.asarray(y_true) < 0):
        raise ValueError("a label is negative")
    return _sparse_looked_up(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_with_one_label_for_all_samples(y_true, y_pred, from_logits=False):
    """You did not compare the numbers of labels and samples: NumPy uses a single label for all samples. Raise a
    ValueError for different numbers."""
    y_true = np.asarray(y_true)
    if y_true.ndim == 1 and len(y_true) != len(y_pred):
        return _sparse_looked_up(y_true, y_pred, from_logits)
    return right_sparse(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_with_labels_outside_for_free(y_true, y_pred, from_logits=False):
    """You gave labels outside the classes a row of zeros, as tf.one_hot does, and so a loss of 0. Raise a
    ValueError for them."""
    y_true, n_classes = np.asarray(y_true), np.shape(y_pred)[-1]
    inside = (y_true >= 0) & (y_true < n_classes)
    return right_sparse(np.where(inside, y_true, 0), y_pred, from_logits) * inside.astype(np.float32)


@misconception("sparse_categorical_crossentropy")
def sparse_by_argmax_of_rows(y_true, y_pred, from_logits=False):
    """You took the argmax of rows, which forgets all labels except the first. Several labels do not fit into
    one index: raise a ValueError for rows."""
    y_true = np.asarray(y_true)
    return right_sparse(np.argmax(y_true, axis=-1) if y_true.ndim == 2 else y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_of_one_hot_rows(y_true, y_pred, from_logits=False):
    """You accepted rows that hold a single 1: this loss takes the index itself, shape (n_samples,). One-hot
    rows are for categorical_crossentropy."""
    y_true = np.asarray(y_true)
    if y_true.ndim == 2 and np.all(np.sum(y_true, axis=-1) == 1):
        y_true = np.argmax(y_true, axis=-1)
    return right_sparse(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_of_a_column(y_true, y_pred, from_logits=False):
    """You accepted a column of indices, shape (n_samples, 1), as Keras does: here indices have a single axis.
    Raise a ValueError for any other shape."""
    y_true = np.asarray(y_true)
    return right_sparse(y_true[:, 0] if y_true.shape[1:] == (1,) else y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_of_the_ones_in_a_row(y_true, y_pred, from_logits=False):
    """You read the zeros and ones of a row as indices of classes: raise a ValueError for rows, one-hot or
    multi-hot."""
    y_true = np.asarray(y_true)
    if y_true.ndim == 1:
        return right_sparse(y_true, y_pred, from_logits)
    return -_sparse_log_p(y_pred, from_logits)[np.arange(len(y_true)), y_true]


@misconception("sparse_categorical_crossentropy")
def sparse_as_far_as_the_shorter_goes(y_true, y_pred, from_logits=False):
    """You paired labels and samples with zip, which stops silently at the shorter side: raise a ValueError for
    different numbers."""
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.ndim != 1:
        return right_sparse(y_true, y_pred, from_logits)
    both = min(len(y_true), len(y_pred))
    return right_sparse(y_true[:both], y_pred[:both], from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_of_all_samples_and_all_labels(y_true, y_pred, from_logits=False):
    """You took each label's column for all samples: each sample has one label, so index rows and columns
    together, one pair for each sample."""
    right_sparse(y_true, y_pred, from_logits)
    return -_sparse_log_p(y_pred, from_logits)[:, np.asarray(y_true)]


@misconception("sparse_categorical_crossentropy")
def sparse_of_each_class(y_true, y_pred, from_logits=False):
    """You returned a loss for each class: the loss of a sample is that of its label, shape (n_samples,)."""
    right_sparse(y_true, y_pred, from_logits)
    return -np.eye(np.shape(y_pred)[-1], dtype=np.float32)[y_true] * _sparse_log_p(y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_averaged_over_the_classes(y_true, y_pred, from_logits=False):
    """You divided by the number of classes: the loss of a sample is that of its label alone, without an
    average."""
    return right_sparse(y_true, y_pred, from_logits) / np.float32(np.shape(y_pred)[-1])


@misconception("sparse_categorical_crossentropy")
def sparse_averaged_over_the_batch(y_true, y_pred, from_logits=False):
    """You averaged over the samples: each sample has its own loss, and Keras averages over the batch later."""
    return np.mean(right_sparse(y_true, y_pred, from_logits))


@misconception("sparse_categorical_crossentropy")
def sparse_without_the_minus_sign(y_true, y_pred, from_logits=False):
    """You left out the minus sign: the logarithm of a probability is negative, but a loss is not."""
    return -right_sparse(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_in_bits(y_true, y_pred, from_logits=False):
    """You took the logarithm to base 2: Keras uses the natural logarithm."""
    return right_sparse(y_true, y_pred, from_logits) / np.float32(np.log(2))


@misconception("sparse_categorical_crossentropy")
def sparse_that_ignores_from_logits(y_true, y_pred, from_logits=False):
    """You ignored from_logits, so the loss takes logits for probabilities and clips them. With from_logits=True
    the loss includes a softmax."""
    return right_sparse(y_true, y_pred)


@misconception("sparse_categorical_crossentropy")
def sparse_that_takes_everything_for_logits(y_true, y_pred, from_logits=False):
    """You always applied a softmax: without from_logits the values are already probabilities, and Keras only
    clips and divides them by their sum."""
    return right_sparse(y_true, y_pred, True)


@misconception("sparse_categorical_crossentropy")
def sparse_with_sigmoid_for_logits(y_true, y_pred, from_logits=False):
    """You turned the logits into probabilities with a sigmoid: here a sample has exactly one label, so the
    labels compete. Use a softmax."""
    y_pred = np.asarray(y_pred, dtype=np.float32)
    return right_sparse(y_true, _sigmoid(y_pred) if from_logits else y_pred)


@misconception("sparse_categorical_crossentropy")
def sparse_of_logits_with_the_clip(y_true, y_pred, from_logits=False):
    """You turned the logits into probabilities and clipped them, so no label can cost more than 16.118. From
    logits Keras computes the exact loss, without a clip."""
    y_pred = np.asarray(y_pred, dtype=np.float32)
    return right_sparse(y_true, np.exp(_log_softmax(y_pred)) if from_logits else y_pred)


@misconception("sparse_categorical_crossentropy")
def sparse_of_logits_through_a_bare_softmax(y_true, y_pred, from_logits=False):
    """You took the logarithm of the softmax, which can be exactly 0, so the loss is infinite. Take the
    logarithm on paper first: then no value becomes 0."""
    right_sparse(y_true, y_pred, from_logits)
    if not from_logits:
        return right_sparse(y_true, y_pred)
    log_p = np.log(np.exp(_log_softmax(np.asarray(y_pred))))
    return -log_p[np.arange(len(y_true)), y_true]


@misconception("sparse_categorical_crossentropy")
def sparse_of_logits_that_overflows(y_true, y_pred, from_logits=False):
    """You took exp of the logits as they are: above 88.7 exp is infinite, and a row of very negative logits
    becomes all 0. Subtract the row's maximum first."""
    right_sparse(y_true, y_pred, from_logits)
    if not from_logits:
        return right_sparse(y_true, y_pred)
    log_p = y_pred - np.log(np.sum(np.exp(y_pred), axis=-1, keepdims=True))
    return -log_p[np.arange(len(y_true)), y_true]


@misconception("sparse_categorical_crossentropy")
def sparse_of_logits_less_the_maximum_of_the_batch(y_true, y_pred, from_logits=False):
    """You subtracted the maximum of the whole batch, so exp is 0 in a row far below it. Subtract each row's own
    maximum."""
    losses = right_sparse(y_true, y_pred, from_logits)
    if not from_logits:
        return losses
    return -_log_softmax_of_the_batch(np.asarray(y_pred))[np.arange(len(y_pred)), y_true]


@misconception("sparse_categorical_crossentropy")
def sparse_of_int64_only(y_true, y_pred, from_logits=False):
    """You accepted only int64 labels: an index may also be int32 or uint8."""
    if np.asarray(y_true).dtype != np.int64:
        raise ValueError("labels must be int64")
    return right_sparse(y_true, y_pred, from_logits)


@misconception("sparse_categorical_crossentropy")
def sparse_in_float64(y_true, y_pred, from_logits=False):
    """You returned float64: float32 arrays give float32 losses. Look for a float64 array or NumPy number in the
    computation."""
    return right_sparse(y_true, y_pred, from_logits).astype(np.float64)


def _sparse_log_p(y_pred, from_logits):
    y_pred = np.asarray(y_pred, dtype=np.float32)
    return _log_softmax(y_pred if from_logits else np.log(_clip(y_pred)))


def _sparse_shapes(y_true, y_pred):
    right_sparse(np.zeros_like(y_true), y_pred)


def _sparse_looked_up(y_true, y_pred, from_logits):
    """The right loss, but without a look at the labels."""
    return -_sparse_log_p(y_pred, from_logits)[np.arange(len(y_pred)), np.asarray(y_true)]


def _sparse_of_probabilities(y_true, y_pred, from_logits, prepare):
    """The right loss, but for what is done to probabilities before the logarithm."""
    losses = right_sparse(y_true, y_pred, from_logits)
    if from_logits:
        return losses
    y_pred = np.asarray(y_pred, dtype=np.float32)
    return -np.log(prepare(y_pred))[np.arange(len(y_pred)), y_true]


def _log_softmax_of_the_batch(z):
    z = z - np.max(z, initial=np.finfo(np.float32).min)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


def _broadcast(y_true, y_pred):
    return np.broadcast_arrays(np.asarray(y_true, dtype=np.float32), np.asarray(y_pred, dtype=np.float32))


def _sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, np.ones_like(e), e) / (1 + e)
