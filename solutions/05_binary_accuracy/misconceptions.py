"""Plausible wrong answers to exercise 05. Each docstring is the sentence that its author reads."""

import math

import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from binary_accuracy import _matches, _some
from binary_accuracy import all_zeros_accuracy as right_all_zeros_accuracy
from binary_accuracy import binary_accuracy as right_binary_accuracy
from binary_accuracy import hamming_loss as right_hamming_loss
from binary_accuracy import logit_threshold as right_logit_threshold
from binary_accuracy import subset_accuracy as right_subset_accuracy

from kata.judge import misconception

# binary_accuracy


@misconception("binary_accuracy")
def accuracy_predicted_at_the_threshold_too(y_true, y_pred, threshold=0.5):
    """You predicted a label for a value equal to the threshold: Keras wants strictly more, so exactly 0.5 is no
    label."""
    return np.mean(_matches_from(y_true, y_pred, threshold), axis=-1, dtype=np.float32)


@misconception("binary_accuracy")
def accuracy_of_rounded_predictions(y_true, y_pred, threshold=0.5):
    """You rounded the predictions, which fixes the threshold at 0.5, and logits round to 2 or -1, which match
    nothing. Compare with the threshold."""
    return np.mean(_matches_rounded(y_true, y_pred, threshold), axis=-1, dtype=np.float32)


@misconception("binary_accuracy")
def accuracy_compared_in_float64(y_true, y_pred, threshold=0.5):
    """You compared in float64, where float32's 0.3 is 0.30000001, which is above a threshold of 0.3. Compare in
    the precision of y_pred."""
    return right_binary_accuracy(y_true, np.asarray(y_pred, dtype=np.float64), threshold)


@misconception("binary_accuracy")
def accuracy_at_one_half_in_the_place_of_zero(y_true, y_pred, threshold=0.5):
    """You took a threshold of 0 for a missing threshold, as `threshold or 0.5` does: 0 counts as false in
    Python, but it is where logits are cut."""
    return right_binary_accuracy(y_true, y_pred, threshold or 0.5)


@misconception("binary_accuracy")
def accuracy_at_one_half_always(y_true, y_pred, threshold=0.5):
    """You ignored the threshold: 0.5 is only its default."""
    return right_binary_accuracy(y_true, y_pred)


@misconception("binary_accuracy")
def accuracy_with_the_threshold_guessed(y_true, y_pred, threshold=0.5):
    """You guessed from the values that they are logits, and cut at 0. Use the caller's threshold: nobody can
    tell logits between 0 and 1 from probabilities."""
    logits = np.any((np.asarray(y_pred) < 0) | (np.asarray(y_pred) > 1))
    return right_binary_accuracy(y_true, y_pred, 0 if logits else threshold)


@misconception("binary_accuracy")
def accuracy_after_a_sigmoid(y_true, y_pred, threshold=0.5):
    """You applied a sigmoid first: compare y_pred as it is. For logits, the caller gives a threshold for
    logits."""
    return right_binary_accuracy(y_true, 0.5 * (1 + np.tanh(0.5 * np.asarray(y_pred))), threshold)


@misconception("binary_accuracy")
def accuracy_without_a_threshold(y_true, y_pred, threshold=0.5):
    """You tested whether the probabilities equal the labels: first apply the threshold, then compare."""
    _matches(y_true, y_pred, threshold)
    return np.mean(np.asarray(y_true) == np.asarray(y_pred), axis=-1, dtype=np.float32)


@misconception("binary_accuracy")
def accuracy_averaged_over_everything(y_true, y_pred, threshold=0.5):
    """You averaged over the samples, too: each sample has its own share, [0.6] and not 0.6."""
    return np.mean(_matches(y_true, y_pred, threshold), dtype=np.float32)


@misconception("binary_accuracy")
def accuracy_averaged_over_the_samples(y_true, y_pred, threshold=0.5):
    """You averaged over the first axis, which gives a share for each label: average over the last axis, which
    gives a share for each sample."""
    return np.mean(_matches(y_true, y_pred, threshold), axis=0, dtype=np.float32)


@misconception("binary_accuracy")
def accuracy_of_each_label(y_true, y_pred, threshold=0.5):
    """You returned 0 or 1 for each label, as the function of Keras 3 does: return the mean over a sample's
    labels."""
    return _matches(y_true, y_pred, threshold).astype(np.float32)


@misconception("binary_accuracy")
def accuracy_counted(y_true, y_pred, threshold=0.5):
    """You counted the labels that match: return their share, between 0 and 1."""
    return np.sum(_matches(y_true, y_pred, threshold), axis=-1, dtype=np.float32)


@misconception("binary_accuracy")
def accuracy_of_wrong_labels(y_true, y_pred, threshold=0.5):
    """You returned the share of wrong labels: an accuracy is the share of right labels."""
    return np.mean(~_matches(y_true, y_pred, threshold), axis=-1, dtype=np.float32)


@misconception("binary_accuracy")
def accuracy_of_all_labels_or_nothing(y_true, y_pred, threshold=0.5):
    """You asked for all labels of a sample to be right, which is the subset accuracy. Here each label counts by
    itself."""
    return np.all(_matches(y_true, y_pred, threshold), axis=-1).astype(np.float32)


@misconception("binary_accuracy")
def accuracy_by_argmax(y_true, y_pred, threshold=0.5):
    """You compared the positions of the largest values, which is Keras's categorical accuracy. Here, compare
    each label with the threshold."""
    _matches(y_true, y_pred, threshold)
    return (np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1)).astype(np.float32)


@misconception("binary_accuracy")
def accuracy_of_true_labels_only(y_true, y_pred, threshold=0.5):
    """You looked only at the true labels, which is the recall: a false label that is not predicted counts as
    right, too."""
    hits = _matches(y_true, y_pred, threshold) & (np.asarray(y_true) > 0.5)
    return (np.sum(hits, axis=-1) / np.sum(y_true, axis=-1)).astype(np.float32)


@misconception("binary_accuracy")
def accuracy_as_jaccard_index(y_true, y_pred, threshold=0.5):
    """You divided the labels found by the labels that are true or predicted, which is the Jaccard index: zeros
    that match count, too."""
    matches, hot = _matches(y_true, y_pred, threshold), np.asarray(y_true) > 0.5
    found, either = np.sum(matches & hot, axis=-1), np.sum(~matches | hot, axis=-1)
    return (found / either).astype(np.float32)


@misconception("binary_accuracy")
def accuracy_in_float64(y_true, y_pred, threshold=0.5):
    """You returned float64, which NumPy's mean gives for True and False: ask for float32."""
    return np.mean(_matches(y_true, y_pred, threshold), axis=-1)


@misconception("binary_accuracy")
def accuracy_of_different_shapes(y_true, y_pred, threshold=0.5):
    """You accepted different shapes: NumPy silently stretches one column over all labels. Compare the shapes
    first and raise a ValueError."""
    return right_binary_accuracy(*np.broadcast_arrays(y_true, y_pred), threshold)


@misconception("binary_accuracy")
def accuracy_with_an_assertion_for_shapes(y_true, y_pred, threshold=0.5):
    """You used assert to compare the shapes: it raises an AssertionError, and python -O skips it. Raise a
    ValueError."""
    assert np.shape(y_true) == np.shape(y_pred), "y_true and y_pred must have the same shape"
    return right_binary_accuracy(y_true, y_pred, threshold)


# subset_accuracy


@misconception("subset_accuracy")
def subset_of_labels(y_true, y_pred, threshold=0.5):
    """You averaged over the labels, which is the binary accuracy. A sample counts only if all of its labels are
    right."""
    return float(np.mean(_some(_matches(y_true, y_pred, threshold))))


@misconception("subset_accuracy")
def subset_with_any_label_right(y_true, y_pred, threshold=0.5):
    """You counted samples with any label right: a sample counts only if all of its labels are right."""
    return float(np.mean(np.any(_some(_matches(y_true, y_pred, threshold)), axis=-1)))


@misconception("subset_accuracy")
def subset_of_each_sample(y_true, y_pred, threshold=0.5):
    """You returned 0 or 1 for each sample: return one number, their mean."""
    return np.all(_some(_matches(y_true, y_pred, threshold)), axis=-1).astype(np.float32)


@misconception("subset_accuracy")
def subset_counted(y_true, y_pred, threshold=0.5):
    """You counted the samples: return their share, between 0 and 1."""
    return int(np.sum(np.all(_some(_matches(y_true, y_pred, threshold)), axis=-1)))


@misconception("subset_accuracy")
def subset_of_the_whole_batch(y_true, y_pred, threshold=0.5):
    """You asked for all labels of all samples to be right: check each sample by itself, along the last axis,
    and average."""
    return float(np.all(_some(_matches(y_true, y_pred, threshold))))


@misconception("subset_accuracy")
def subset_of_wrong_samples(y_true, y_pred, threshold=0.5):
    """You returned the share of samples with a mistake: an accuracy is the share of samples without a
    mistake."""
    return 1 - right_subset_accuracy(y_true, y_pred, threshold)


@misconception("subset_accuracy")
def subset_with_all_true_labels_found(y_true, y_pred, threshold=0.5):
    """You accepted labels that are predicted but not true: all labels must be right, also the zeros."""
    matches = _some(_matches(y_true, y_pred, threshold))
    return float(np.mean(np.all(matches | (np.asarray(y_true) < 0.5), axis=-1)))


@misconception("subset_accuracy")
def subset_without_samples_that_have_no_label(y_true, y_pred, threshold=0.5):
    """You left out samples without a label: such a sample counts, and predicting nothing is right for it."""
    matches = _some(_matches(y_true, y_pred, threshold))
    labelled = np.any(np.asarray(y_true) > 0.5, axis=-1)
    return float(np.mean(np.all(matches, axis=-1)[labelled]))


@misconception("subset_accuracy")
def subset_by_the_number_of_labels(y_true, y_pred, threshold=0.5):
    """You compared how many labels are predicted: compare which labels are predicted."""
    _some(_matches(y_true, y_pred, threshold))
    predicted = np.asarray(y_pred) > threshold
    return float(np.mean(np.sum(predicted, axis=-1) == np.sum(y_true, axis=-1)))


@misconception("subset_accuracy")
def subset_by_argmax(y_true, y_pred, threshold=0.5):
    """You compared the positions of the largest values, which is Keras's categorical accuracy: it sees one
    label of each sample. Compare all labels."""
    _some(_matches(y_true, y_pred, threshold))
    return float(np.mean(np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1)))


@misconception("subset_accuracy")
def subset_predicted_at_the_threshold_too(y_true, y_pred, threshold=0.5):
    """You predicted a label for a value equal to the threshold: Keras wants strictly more, so exactly 0.5 is no
    label."""
    return float(np.mean(np.all(_some(_matches_from(y_true, y_pred, threshold)), axis=-1)))


@misconception("subset_accuracy")
def subset_compared_in_float64(y_true, y_pred, threshold=0.5):
    """You compared in float64, where float32's 0.6 is 0.60000002, which is above a threshold of 0.6. Compare in
    the precision of y_pred."""
    return right_subset_accuracy(y_true, np.asarray(y_pred, dtype=np.float64), threshold)


@misconception("subset_accuracy")
def subset_at_one_half_in_the_place_of_zero(y_true, y_pred, threshold=0.5):
    """You took a threshold of 0 for a missing threshold, as `threshold or 0.5` does: 0 counts as false in
    Python, but it is where logits are cut."""
    return right_subset_accuracy(y_true, y_pred, threshold or 0.5)


@misconception("subset_accuracy")
def subset_at_one_half_always(y_true, y_pred, threshold=0.5):
    """You ignored the threshold: 0.5 is only its default."""
    return right_subset_accuracy(y_true, y_pred)


@misconception("subset_accuracy")
def subset_of_nothing_is_nan(y_true, y_pred, threshold=0.5):
    """You averaged over no samples, which gives NaN. Raise a ValueError where there is no sample."""
    return float(np.mean(np.all(_matches(y_true, y_pred, threshold), axis=-1)))


@misconception("subset_accuracy")
def subset_of_nothing_is_zero(y_true, y_pred, threshold=0.5):
    """You returned 0 where there is no sample, which says that all samples are wrong. Raise a ValueError."""
    return right_subset_accuracy(y_true, y_pred, threshold) if len(_matches(y_true, y_pred, threshold)) else 0.0


@misconception("subset_accuracy")
def subset_of_different_shapes(y_true, y_pred, threshold=0.5):
    """You accepted different shapes: NumPy silently stretches one column over all labels. Compare the shapes
    first and raise a ValueError."""
    return right_subset_accuracy(*np.broadcast_arrays(y_true, y_pred), threshold)


@misconception("subset_accuracy")
def subset_with_an_assertion_for_shapes(y_true, y_pred, threshold=0.5):
    """You used assert to compare the shapes: it raises an AssertionError, and python -O skips it. Raise a
    ValueError."""
    assert np.shape(y_true) == np.shape(y_pred), "y_true and y_pred must have the same shape"
    return right_subset_accuracy(y_true, y_pred, threshold)


# hamming_loss


@misconception("hamming_loss")
def hamming_counted(y_true, y_pred, threshold=0.5):
    """You counted the wrong labels: return their share, between 0 and 1."""
    return int(np.sum(~_some(_matches(y_true, y_pred, threshold))))


@misconception("hamming_loss")
def hamming_for_each_sample(y_true, y_pred, threshold=0.5):
    """You returned a share for each sample: return one number over all samples."""
    return np.mean(~_some(_matches(y_true, y_pred, threshold)), axis=-1, dtype=np.float32)


@misconception("hamming_loss")
def hamming_of_right_labels(y_true, y_pred, threshold=0.5):
    """You returned the share of right labels: a loss is the share of wrong labels."""
    return 1 - right_hamming_loss(y_true, y_pred, threshold)


@misconception("hamming_loss")
def hamming_of_whole_samples(y_true, y_pred, threshold=0.5):
    """You returned the share of samples with a mistake, 1 minus the subset accuracy: here each label counts by
    itself."""
    return 1 - right_subset_accuracy(y_true, y_pred, threshold)


@misconception("hamming_loss")
def hamming_divided_by_the_samples_only(y_true, y_pred, threshold=0.5):
    """You divided the wrong labels by the number of samples: each sample has as many slots as there are
    classes, so divide by all slots."""
    matches = _some(_matches(y_true, y_pred, threshold))
    return float(np.sum(~matches) / len(matches))


@misconception("hamming_loss")
def hamming_divided_by_the_true_labels(y_true, y_pred, threshold=0.5):
    """You divided the wrong labels by the number of true labels: zeros are slots, too. Divide by all slots."""
    return float(np.sum(~_some(_matches(y_true, y_pred, threshold))) / np.sum(y_true))


@misconception("hamming_loss")
def hamming_of_missed_labels_only(y_true, y_pred, threshold=0.5):
    """You counted only missed labels: a label that is predicted but not true is wrong as well."""
    matches = _some(_matches(y_true, y_pred, threshold))
    return float(np.mean(~matches & (np.asarray(y_true) > 0.5)))


@misconception("hamming_loss")
def hamming_of_wrongly_predicted_labels_only(y_true, y_pred, threshold=0.5):
    """You counted only labels that are predicted but not true: a missed label is wrong as well."""
    matches = _some(_matches(y_true, y_pred, threshold))
    return float(np.mean(~matches & (np.asarray(y_true) < 0.5)))


@misconception("hamming_loss")
def hamming_of_probabilities(y_true, y_pred, threshold=0.5):
    """You averaged the distances between probabilities and labels: first apply the threshold, then count the
    wrong labels."""
    _some(_matches(y_true, y_pred, threshold))
    return float(np.mean(np.abs(np.asarray(y_true) - np.asarray(y_pred))))


@misconception("hamming_loss")
def hamming_predicted_at_the_threshold_too(y_true, y_pred, threshold=0.5):
    """You predicted a label for a value equal to the threshold: Keras wants strictly more, so exactly 0.5 is no
    label."""
    return float(np.mean(~_some(_matches_from(y_true, y_pred, threshold))))


@misconception("hamming_loss")
def hamming_compared_in_float64(y_true, y_pred, threshold=0.5):
    """You compared in float64, where float32's 0.6 is 0.60000002, which is above a threshold of 0.6. Compare in
    the precision of y_pred."""
    return right_hamming_loss(y_true, np.asarray(y_pred, dtype=np.float64), threshold)


@misconception("hamming_loss")
def hamming_at_one_half_in_the_place_of_zero(y_true, y_pred, threshold=0.5):
    """You took a threshold of 0 for a missing threshold, as `threshold or 0.5` does: 0 counts as false in
    Python, but it is where logits are cut."""
    return right_hamming_loss(y_true, y_pred, threshold or 0.5)


@misconception("hamming_loss")
def hamming_at_one_half_always(y_true, y_pred, threshold=0.5):
    """You ignored the threshold: 0.5 is only its default."""
    return right_hamming_loss(y_true, y_pred)


@misconception("hamming_loss")
def hamming_of_nothing_is_nan(y_true, y_pred, threshold=0.5):
    """You averaged over no samples, which gives NaN. Raise a ValueError where there is no sample."""
    return float(np.mean(~_matches(y_true, y_pred, threshold)))


@misconception("hamming_loss")
def hamming_of_nothing_is_zero(y_true, y_pred, threshold=0.5):
    """You returned 0 where there is no sample, which says that nothing is wrong. Raise a ValueError."""
    return right_hamming_loss(y_true, y_pred, threshold) if len(_matches(y_true, y_pred, threshold)) else 0.0


@misconception("hamming_loss")
def hamming_of_different_shapes(y_true, y_pred, threshold=0.5):
    """You accepted different shapes: NumPy silently stretches one column over all labels. Compare the shapes
    first and raise a ValueError."""
    return right_hamming_loss(*np.broadcast_arrays(y_true, y_pred), threshold)


@misconception("hamming_loss")
def hamming_with_an_assertion_for_shapes(y_true, y_pred, threshold=0.5):
    """You used assert to compare the shapes: it raises an AssertionError, and python -O skips it. Raise a
    ValueError."""
    assert np.shape(y_true) == np.shape(y_pred), "y_true and y_pred must have the same shape"
    return right_hamming_loss(y_true, y_pred, threshold)


# logit_threshold


@misconception("logit_threshold")
def logit_as_its_sigmoid(probability):
    """You took the sigmoid of the probability: take the inverse, the logit whose sigmoid is the probability."""
    right_logit_threshold(probability)
    return 1 / (1 + math.exp(-probability))


@misconception("logit_threshold")
def logit_as_the_logarithm_of_p(probability):
    """You took the logarithm of p alone: the logit compares p with 1 - p, so a probability of 0.5 becomes 0."""
    right_logit_threshold(probability)
    return math.log(probability)


@misconception("logit_threshold")
def logit_as_the_odds(probability):
    """You left out the logarithm: p / (1 - p) is the odds, which are 1 at p = 0.5. The logit at 0.5 is 0."""
    right_logit_threshold(probability)
    return probability / (1 - probability)


@misconception("logit_threshold")
def logit_with_the_fraction_inverted(probability):
    """You inverted the fraction: the odds are p / (1 - p), so a high probability has a positive logit."""
    return -right_logit_threshold(probability)


@misconception("logit_threshold")
def logit_with_log10(probability):
    """You took the logarithm to base 10: the sigmoid uses e, so its inverse needs the natural logarithm."""
    return right_logit_threshold(probability) / math.log(10)


@misconception("logit_threshold")
def logit_with_log2(probability):
    """You took the logarithm to base 2: the sigmoid uses e, so its inverse needs the natural logarithm."""
    return right_logit_threshold(probability) / math.log(2)


@misconception("logit_threshold")
def logit_as_the_distance_from_a_half(probability):
    """You subtracted 0.5, which is right only at 0.5, because the sigmoid is no straight line. The logit is
    ln(p / (1 - p))."""
    right_logit_threshold(probability)
    return probability - 0.5


@misconception("logit_threshold")
def logit_without_a_look_at_the_range(probability):
    """You did not check the range, so p = 1 gives a ZeroDivisionError. First check that 0 < p < 1, or raise a
    ValueError."""
    return math.log(probability / (1 - probability))


@misconception("logit_threshold")
def logit_with_numpy_and_no_look_at_the_range(probability):
    """You did not check the range: np.log gives minus infinity at 0 and NaN below, with only a warning. First
    check that 0 < p < 1, or raise a ValueError."""
    return float(np.log(probability / (1 - probability)))


@misconception("logit_threshold")
def logit_as_a_difference_with_numpy_and_no_look_at_the_range(probability):
    """You did not check the range: ln p - ln(1 - p) is infinite at 0 and 1 and NaN outside, with only a
    warning. First check that 0 < p < 1."""
    return float(np.log(probability) - np.log(1 - probability))


@misconception("logit_threshold")
def logit_infinite_at_0_and_1(probability):
    """You returned infinity at 0 and 1, as scipy's logit does: no finite logit has such a probability. Raise a
    ValueError."""
    if probability in (0, 1):
        return math.inf if probability else -math.inf
    return right_logit_threshold(probability)


@misconception("logit_threshold")
def logit_of_clipped_probabilities(probability):
    """You clipped the probability to 1e-7 ... 1 - 1e-7, as a loss does: a threshold outside (0, 1) is the
    caller's mistake. Raise a ValueError."""
    return right_logit_threshold(min(max(probability, 1e-7), 1 - 1e-7))


@misconception("logit_threshold")
def logit_with_an_assertion_for_the_range(probability):
    """You used assert to check that 0 < p < 1: it raises an AssertionError, and python -O skips it. Raise a
    ValueError."""
    assert 0 < probability < 1, "a probability lies between 0 and 1"
    return right_logit_threshold(probability)


@misconception("logit_threshold")
def logit_in_an_array(probability):
    """You returned an array: return one number."""
    return np.array([right_logit_threshold(probability)])


# all_zeros_accuracy


@misconception("all_zeros_accuracy")
def all_zeros_as_the_share_of_ones(y_true):
    """You returned the share of ones: predicting nothing is right where the label is 0."""
    return 1 - right_all_zeros_accuracy(y_true)


@misconception("all_zeros_accuracy")
def all_zeros_for_samples_without_a_label(y_true):
    """You counted samples without any label, which is a subset accuracy: in the binary accuracy each 0 counts
    by itself."""
    return float(np.mean(~np.any(_some(np.asarray(y_true)), axis=-1)))


@misconception("all_zeros_accuracy")
def all_zeros_for_each_sample(y_true):
    """You returned a share for each sample: return one number over all samples."""
    return np.mean(_some(np.asarray(y_true)) == 0, axis=-1, dtype=np.float32)


@misconception("all_zeros_accuracy")
def all_zeros_for_each_class(y_true):
    """You returned a share for each class: return one number over all classes."""
    return np.mean(_some(np.asarray(y_true)) == 0, axis=0, dtype=np.float32)


@misconception("all_zeros_accuracy")
def all_zeros_counted(y_true):
    """You counted the zeros: return their share, between 0 and 1."""
    return int(np.sum(_some(np.asarray(y_true)) == 0))


@misconception("all_zeros_accuracy")
def all_zeros_divided_by_the_samples_only(y_true):
    """You divided the zeros by the number of samples: each sample has as many slots as there are classes, so
    divide by all slots."""
    return float(np.sum(_some(np.asarray(y_true)) == 0) / len(y_true))


@misconception("all_zeros_accuracy")
def all_zeros_less_the_labels_of_a_sample(y_true):
    """You subtracted the mean number of labels from 1: first divide it by the number of classes, as in 1 -
    1.236 / 5."""
    return float(1 - np.sum(_some(np.asarray(y_true))) / len(y_true))


@misconception("all_zeros_accuracy")
def all_zeros_or_all_ones(y_true):
    """You took the more frequent value, 0 or 1: return the score of predicting nothing, also where nearly all
    labels are true."""
    zeros = right_all_zeros_accuracy(y_true)
    return max(zeros, 1 - zeros)


@misconception("all_zeros_accuracy")
def all_zeros_at_one_half(y_true):
    """You returned 0.5, the score of a coin: labels are rare, so predicting none is right far more often."""
    right_all_zeros_accuracy(y_true)
    return 0.5


@misconception("all_zeros_accuracy")
def all_zeros_of_nothing_is_nan(y_true):
    """You averaged over no samples, which gives NaN. Raise a ValueError where there is no sample."""
    return float(np.mean(np.asarray(y_true) == 0))


@misconception("all_zeros_accuracy")
def all_zeros_of_nothing_is_zero(y_true):
    """You returned 0 where there is no sample, which says that all labels are 1. Raise a ValueError."""
    return right_all_zeros_accuracy(y_true) if len(y_true) else 0.0


def _matches_from(y_true, y_pred, threshold):
    """Like _matches, but a value at the threshold is predicted, too."""
    _matches(y_true, y_pred, threshold)
    return (np.asarray(y_true) > 0.5) == (np.asarray(y_pred) >= threshold)


def _matches_rounded(y_true, y_pred, threshold):
    _matches(y_true, y_pred, threshold)
    return np.asarray(y_true) == np.round(np.asarray(y_pred))
