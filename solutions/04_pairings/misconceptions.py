"""Plausible wrong answers to exercise 04. Each docstring is the sentence that its author reads."""

import numpy as np
from activations import linear, sigmoid, softmax

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from pairings import ACTIVATIONS, LOSSES, _choose
from pairings import keras_loss as right_keras_loss
from pairings import predict_multi_hot as right_predict_multi_hot
from pairings import recommended_setup as right_recommended_setup
from pairings import textbook_loss as right_textbook_loss

from kata.judge import misconception

# textbook_loss


@misconception("textbook_loss")
def textbook_without_from_logits(y_true, logits, activation, loss):
    """You never set from_logits: without an activation the loss gets logits, and from_logits=True must say
    so."""
    activate, loss = _activation_and_loss(activation, loss)
    return loss(y_true, activate(logits))


@misconception("textbook_loss")
def textbook_with_from_logits_always(y_true, logits, activation, loss):
    """You always set from_logits: after a sigmoid or softmax the loss gets probabilities, and must not apply
    its own activation again."""
    activate, loss = _activation_and_loss(activation, loss)
    return loss(y_true, activate(logits), from_logits=True)


@misconception("textbook_loss")
def textbook_with_from_logits_the_wrong_way_round(y_true, logits, activation, loss):
    """You set from_logits where there is an activation: the outputs are logits exactly where the activation is
    None."""
    activate, loss = _activation_and_loss(activation, loss)
    return loss(y_true, activate(logits), from_logits=activation is not None)


@misconception("textbook_loss")
def textbook_as_keras(y_true, logits, activation, loss):
    """You gave the logits to the loss, as Keras on TensorFlow does: the textbook applies the activation first,
    whichever it is."""
    return right_keras_loss(y_true, logits, activation, loss)


@misconception("textbook_loss")
def textbook_with_the_losss_own_activation_for_none(y_true, logits, activation, loss):
    """You applied the loss's usual activation where the activation is None, so the loss clips the
    probabilities. Give it the logits with from_logits=True, which is exact."""
    _, function = _activation_and_loss(activation, loss)
    if activation is None:
        return function(y_true, (sigmoid if loss == "binary_crossentropy" else softmax)(logits))
    return right_textbook_loss(y_true, logits, activation, loss)


@misconception("textbook_loss")
def textbook_with_the_losss_own_activation_always(y_true, logits, activation, loss):
    """You chose the activation by the loss: use the argument `activation`; the unusual pairs are the point of
    this exercise."""
    _activation_and_loss(activation, loss)
    fitting = "sigmoid" if loss == "binary_crossentropy" else "softmax"
    return right_textbook_loss(y_true, logits, activation and fitting, loss)


@misconception("textbook_loss")
def textbook_with_sigmoid_for_softmax(y_true, logits, activation, loss):
    """You applied a sigmoid for softmax: in a softmax the labels of a row compete."""
    _activation_and_loss(activation, loss)
    return right_textbook_loss(y_true, logits, activation and "sigmoid", loss)


@misconception("textbook_loss")
def textbook_with_softmax_over_the_samples(y_true, logits, activation, loss):
    """You took the softmax along the first axis, which holds the samples: the classes are on the last axis."""
    activate, function = _activation_and_loss(activation, loss)
    outputs = softmax(logits, axis=0) if activation == "softmax" else activate(logits)
    return function(y_true, outputs, from_logits=activation is None)


@misconception("textbook_loss")
def textbook_averaged_over_the_batch(y_true, logits, activation, loss):
    """You averaged over the samples: each sample has its own loss, as in exercise 03."""
    return np.mean(right_textbook_loss(y_true, logits, activation, loss))


@misconception("textbook_loss")
def textbook_with_sparse_by_argmax(y_true, logits, activation, loss):
    """You turned multi-hot rows into indices with argmax, which forgets all labels except the first. Let the
    sparse loss refuse them."""
    return right_textbook_loss(_indices(y_true, loss), logits, activation, loss)


@misconception("textbook_loss")
def textbook_with_unknown_activation_as_none(y_true, logits, activation, loss):
    """You took every other activation for None: for an unknown name, raise a ValueError that names the
    choices."""
    known = activation if activation in ACTIVATIONS else None
    return right_textbook_loss(y_true, logits, known, loss)


@misconception("textbook_loss")
def textbook_with_an_empty_name_as_none(y_true, logits, activation, loss):
    """You tested whether the activation is false, but "" is false, too. Test whether it is None, and raise a
    ValueError for every unknown name."""
    return right_textbook_loss(y_true, logits, activation or None, loss)


@misconception("textbook_loss")
def textbook_with_linear_as_a_name(y_true, logits, activation, loss):
    """You accepted "linear" for None, as Keras does: here the choices are "sigmoid", "softmax" and None. Raise
    a ValueError for other names."""
    return right_textbook_loss(y_true, logits, None if activation == "linear" else activation, loss)


@misconception("textbook_loss")
def textbook_with_any_other_loss_as_binary(y_true, logits, activation, loss):
    """You took every other loss for the binary loss: for an unknown name, raise a ValueError that names the
    choices."""
    known = loss if loss in LOSSES else "binary_crossentropy"
    return right_textbook_loss(y_true, logits, activation, known)


@misconception("textbook_loss")
def textbook_with_any_other_loss_as_sparse(y_true, logits, activation, loss):
    """You took every other loss for the sparse loss: for an unknown name, raise a ValueError that names the
    choices."""
    known = loss if loss in LOSSES else "sparse_categorical_crossentropy"
    return right_textbook_loss(y_true, logits, activation, known)


@misconception("textbook_loss")
def textbook_with_key_error_for_unknown_names(y_true, logits, activation, loss):
    """You let the dictionary raise a KeyError: for an unknown activation or loss, the contract wants a
    ValueError that names the choices."""
    return LOSSES[loss](y_true, ACTIVATIONS[activation](logits), from_logits=activation is None)


@misconception("textbook_loss")
def textbook_with_an_error_that_names_no_choices(y_true, logits, activation, loss):
    """Your ValueError names no choices: somebody who wrote "relu" wants to read what to write instead."""
    _check_without_choices(activation, loss)
    return right_textbook_loss(y_true, logits, activation, loss)


# keras_loss


@misconception("keras_loss")
def keras_as_the_textbook(y_true, logits, activation, loss):
    """You applied the activation and then the loss, as the formulas say: Keras on TensorFlow ignores the
    activation and gives its logits to the loss."""
    return right_textbook_loss(y_true, logits, activation, loss)


@misconception("keras_loss")
def keras_with_the_activations_own_loss(y_true, logits, activation, loss):
    """You let the activation choose the loss: in Keras the loss drops the activation and applies its own,
    sigmoid for binary and softmax for categorical."""
    _activation_and_loss(activation, loss)
    if activation is not None and loss != "sparse_categorical_crossentropy":
        loss = "binary_crossentropy" if activation == "sigmoid" else "categorical_crossentropy"
    return right_keras_loss(y_true, logits, activation, loss)


@misconception("keras_loss")
def keras_that_looks_through_fitting_pairs_only(y_true, logits, activation, loss):
    """You used the logits only where the activation fits the loss: Keras uses them after a sigmoid and a
    softmax, whichever cross-entropy follows."""
    _activation_and_loss(activation, loss)
    fitting = "sigmoid" if loss == "binary_crossentropy" else "softmax"
    return (right_keras_loss if activation == fitting else right_textbook_loss)(y_true, logits, activation, loss)


@misconception("keras_loss")
def keras_that_looks_through_sigmoid_only(y_true, logits, activation, loss):
    """You used the logits only after a sigmoid: a softmax keeps its logits as well, and BCE takes them."""
    return (right_textbook_loss if activation == "softmax" else right_keras_loss)(y_true, logits, activation, loss)


@misconception("keras_loss")
def keras_that_looks_through_softmax_only(y_true, logits, activation, loss):
    """You used the logits only after a softmax: a sigmoid keeps its logits as well, and CCE takes them."""
    return (right_textbook_loss if activation == "sigmoid" else right_keras_loss)(y_true, logits, activation, loss)


@misconception("keras_loss")
def keras_with_logits_taken_for_probabilities(y_true, logits, activation, loss):
    """You gave the logits to the loss as probabilities: set from_logits, or the clip turns 18.8 into 6.447."""
    _, function = _activation_and_loss(activation, loss)
    return function(y_true, linear(logits))


@misconception("keras_loss")
def keras_without_from_logits_for_none(y_true, logits, activation, loss):
    """You left from_logits out where the activation is None: the loss gets logits there as well, so set
    from_logits."""
    _, function = _activation_and_loss(activation, loss)
    return function(y_true, logits, from_logits=activation is not None)


@misconception("keras_loss")
def keras_with_two_activations(y_true, logits, activation, loss):
    """You applied the activation and set from_logits, so two activations follow each other: Keras drops the
    first and takes its logits."""
    activate, function = _activation_and_loss(activation, loss)
    return function(y_true, activate(logits), from_logits=True)


@misconception("keras_loss")
def keras_with_the_clip(y_true, logits, activation, loss):
    """You applied the loss's own activation and gave it probabilities, which the loss clips. From logits Keras
    does not clip, so a label can cost 74."""
    _, function = _activation_and_loss(activation, loss)
    return function(y_true, (sigmoid if loss == "binary_crossentropy" else softmax)(logits))


@misconception("keras_loss")
def keras_averaged_over_the_batch(y_true, logits, activation, loss):
    """You averaged over the samples, as the number that fit prints: here each sample has its own loss."""
    return np.mean(right_keras_loss(y_true, logits, activation, loss))


@misconception("keras_loss")
def keras_with_sparse_by_argmax(y_true, logits, activation, loss):
    """You turned multi-hot rows into indices with argmax, which forgets all labels except the first. Let the
    sparse loss refuse them, as in Keras."""
    return right_keras_loss(_indices(y_true, loss), logits, activation, loss)


@misconception("keras_loss")
def keras_with_any_activation(y_true, logits, activation, loss):
    """You did not check the activation because the loss does not use it: raise a ValueError for an unknown
    activation, or a typing error passes unseen."""
    return _choose(loss, LOSSES, "loss")(y_true, logits, from_logits=True)


@misconception("keras_loss")
def keras_with_an_empty_name_as_none(y_true, logits, activation, loss):
    """You tested whether the activation is false, but "" is false, too. Test whether it is None, and raise a
    ValueError for every unknown name."""
    return right_keras_loss(y_true, logits, activation or None, loss)


@misconception("keras_loss")
def keras_with_any_other_loss_as_binary(y_true, logits, activation, loss):
    """You took every other loss for the binary loss: for an unknown name, raise a ValueError that names the
    choices."""
    known = loss if loss in LOSSES else "binary_crossentropy"
    return right_keras_loss(y_true, logits, activation, known)


@misconception("keras_loss")
def keras_with_any_other_loss_as_sparse(y_true, logits, activation, loss):
    """You took every other loss for the sparse loss: for an unknown name, raise a ValueError that names the
    choices."""
    known = loss if loss in LOSSES else "sparse_categorical_crossentropy"
    return right_keras_loss(y_true, logits, activation, known)


@misconception("keras_loss")
def keras_with_an_error_that_names_no_choices(y_true, logits, activation, loss):
    """Your ValueError names no choices: somebody who wrote "relu" wants to read what to write instead."""
    _check_without_choices(activation, loss)
    return right_keras_loss(y_true, logits, activation, loss)


@misconception("keras_loss")
def keras_with_key_error_for_unknown_names(y_true, logits, activation, loss):
    """You let the dictionary raise a KeyError: for an unknown activation or loss, the contract wants a
    ValueError that names the choices."""
    ACTIVATIONS[activation]
    return LOSSES[loss](y_true, logits, from_logits=True)


def _activation_and_loss(activation, loss):
    return _choose(activation, ACTIVATIONS, "activation"), _choose(loss, LOSSES, "loss")


def _check_without_choices(activation, loss):
    if activation not in ACTIVATIONS:
        raise ValueError(f"unknown activation {activation!r}")
    if loss not in LOSSES:
        raise ValueError(f"unknown loss {loss!r}")


def _indices(y_true, loss):
    y_true = np.asarray(y_true)
    return np.argmax(y_true, axis=-1) if loss.startswith("sparse") and y_true.ndim == 2 else y_true


# predict_multi_hot


@misconception("predict_multi_hot")
def predicted_at_the_threshold_too(logits, activation, threshold=0.5):
    """You predicted a label for a value equal to the threshold: Keras wants strictly more, so exactly 0.5 is no
    label."""
    return (_outputs(logits, activation) >= threshold).astype(np.float32)


@misconception("predict_multi_hot")
def predicted_from_the_logits(logits, activation, threshold=0.5):
    """You compared the logits themselves with the threshold: the threshold is for the output, after the
    activation."""
    _outputs(logits, activation)
    return right_predict_multi_hot(logits, None, threshold)


@misconception("predict_multi_hot")
def predicted_with_sigmoid_for_none(logits, activation, threshold=0.5):
    """You turned logits into probabilities, or the threshold into a logit, where the activation is None:
    compare the logits themselves with the threshold as it is."""
    return right_predict_multi_hot(logits, "sigmoid" if activation is None else activation, threshold)


@misconception("predict_multi_hot")
def predicted_at_zero_for_none(logits, activation, threshold=0.5):
    """You cut logits at 0, whatever the threshold. A probability of 0.5 is a logit of 0, but the caller chooses
    the threshold, on the scale of logits."""
    return right_predict_multi_hot(logits, activation, 0.0 if activation is None else threshold)


@misconception("predict_multi_hot")
def predicted_with_sigmoid_for_softmax(logits, activation, threshold=0.5):
    """You applied a sigmoid for softmax: the values of a softmax sum to 1, so at most one label is above
    0.5."""
    _outputs(logits, activation)
    return right_predict_multi_hot(logits, activation and "sigmoid", threshold)


@misconception("predict_multi_hot")
def predicted_with_softmax_for_sigmoid(logits, activation, threshold=0.5):
    """You applied a softmax for sigmoid: with a sigmoid several labels can be above 0.5."""
    _outputs(logits, activation)
    return right_predict_multi_hot(logits, activation and "softmax", threshold)


@misconception("predict_multi_hot")
def predicted_with_softmax_over_the_samples(logits, activation, threshold=0.5):
    """You took the softmax along the first axis, which holds the samples: the classes are on the last axis."""
    outputs = _outputs(logits, activation)
    if activation == "softmax" and np.size(logits):
        outputs = softmax(logits, axis=0)
    return (outputs > threshold).astype(np.float32)


@misconception("predict_multi_hot")
def predicted_by_argmax(logits, activation, threshold=0.5):
    """You took the argmax, which names one label in every row. Compare each label with the threshold: none or
    several may pass."""
    outputs = _outputs(logits, activation)
    return np.eye(outputs.shape[-1], dtype=np.float32)[np.argmax(outputs, axis=-1)]


@misconception("predict_multi_hot")
def predicted_by_argmax_after_softmax(logits, activation, threshold=0.5):
    """You took the argmax after a softmax: compare its outputs with the threshold, too. Often none of them
    passes."""
    outputs = _outputs(logits, activation)
    if activation == "softmax":
        return np.eye(outputs.shape[-1], dtype=np.float32)[np.argmax(outputs, axis=-1)]
    return right_predict_multi_hot(logits, activation, threshold)


@misconception("predict_multi_hot")
def predicted_with_one_label_at_least(logits, activation, threshold=0.5):
    """You predicted the largest output where no output passes the threshold: an image may show none of the
    classes."""
    outputs = _outputs(logits, activation)
    largest = np.eye(outputs.shape[-1], dtype=np.float32)[np.argmax(outputs, axis=-1)]
    return np.maximum(right_predict_multi_hot(logits, activation, threshold), largest)


@misconception("predict_multi_hot")
def predicted_by_rounding(logits, activation, threshold=0.5):
    """You rounded the outputs, which fixes the threshold at 0.5, and logits round to 2 or -1. Compare with the
    threshold."""
    return np.round(_outputs(logits, activation))


@misconception("predict_multi_hot")
def predicted_at_one_half_always(logits, activation, threshold=0.5):
    """You ignored the threshold: 0.5 is only its default."""
    return right_predict_multi_hot(logits, activation)


@misconception("predict_multi_hot")
def predicted_at_one_half_in_the_place_of_zero(logits, activation, threshold=0.5):
    """You took a threshold of 0 for a missing threshold, as `threshold or 0.5` does: 0 counts as false in
    Python, but it is where logits are cut."""
    return right_predict_multi_hot(logits, activation, threshold or 0.5)


@misconception("predict_multi_hot")
def predicted_outputs_left_as_they_are(logits, activation, threshold=0.5):
    """You kept the outputs above the threshold: a prediction is 0 or 1."""
    outputs = _outputs(logits, activation)
    return np.where(outputs > threshold, outputs, np.zeros_like(outputs))


@misconception("predict_multi_hot")
def predicted_as_bool(logits, activation, threshold=0.5):
    """You returned the comparison itself, True and False: multi-hot rows hold the float32 numbers 1 and 0."""
    return _outputs(logits, activation) > threshold


@misconception("predict_multi_hot")
def predicted_as_int64(logits, activation, threshold=0.5):
    """You returned integers: multi-hot rows are float32, like those of exercise 01."""
    return right_predict_multi_hot(logits, activation, threshold).astype(np.int64)


@misconception("predict_multi_hot")
def predicted_as_float64(logits, activation, threshold=0.5):
    """You returned float64, NumPy's dtype for Python's float: multi-hot rows are float32."""
    return right_predict_multi_hot(logits, activation, threshold).astype(float)


@misconception("predict_multi_hot")
def predicted_with_unknown_activation_as_none(logits, activation, threshold=0.5):
    """You took every other activation for None: for an unknown name, raise a ValueError that names the
    choices."""
    return right_predict_multi_hot(logits, activation if activation in ACTIVATIONS else None, threshold)


@misconception("predict_multi_hot")
def predicted_with_an_empty_name_as_none(logits, activation, threshold=0.5):
    """You tested whether the activation is false, but "" is false, too. Test whether it is None, and raise a
    ValueError for every unknown name."""
    return right_predict_multi_hot(logits, activation or None, threshold)


@misconception("predict_multi_hot")
def predicted_with_key_error_for_unknown_names(logits, activation, threshold=0.5):
    """You let the dictionary raise a KeyError: for an unknown activation, the contract wants a ValueError that
    names the choices."""
    return (ACTIVATIONS[activation](logits) > threshold).astype(np.float32)


@misconception("predict_multi_hot")
def predicted_with_an_error_that_names_no_choices(logits, activation, threshold=0.5):
    """Your ValueError names no choices: somebody who wrote "relu" wants to read what to write instead."""
    if activation not in ACTIVATIONS:
        raise ValueError(f"unknown activation {activation!r}")
    return right_predict_multi_hot(logits, activation, threshold)


def _outputs(logits, activation):
    return _choose(activation, ACTIVATIONS, "activation")(logits)


# recommended_setup


@misconception("recommended_setup")
def setup_with_softmax_for_multi_label(task):
    """You chose softmax for multi-label: its outputs sum to 1, so two labels cannot both be likely. Sigmoid
    asks about each label by itself."""
    return _changed(task, "multi-label", activation="softmax")


@misconception("recommended_setup")
def setup_with_categorical_loss_for_multi_label(task):
    """You chose CategoricalCrossentropy for multi-label, which takes a row for one distribution and has no
    level to cut at. BinaryCrossentropy judges each label by itself."""
    return _changed(task, "multi-label", loss="CategoricalCrossentropy")


@misconception("recommended_setup")
def setup_of_multi_class_for_multi_label(task):
    """You gave multi-label the row of multi-class: several labels can be true at once, so each label is a
    separate yes/no question."""
    return _changed(
        task, "multi-label", activation="softmax", loss="CategoricalCrossentropy", metric="CategoricalAccuracy"
    )


@misconception("recommended_setup")
def setup_with_categorical_accuracy_for_multi_label(task):
    """You chose CategoricalAccuracy for multi-label, which compares only the positions of the largest values.
    BinaryAccuracy compares every label."""
    return _changed(task, "multi-label", metric="CategoricalAccuracy")


@misconception("recommended_setup")
def setup_with_accuracy_for_everything(task):
    """You chose Accuracy: this Keras class asks whether a prediction equals the label exactly, which a
    probability never does. Name the metric of the task."""
    return {**right_recommended_setup(task), "metric": "Accuracy"}


@misconception("recommended_setup")
def setup_with_accuracy_for_multi_label(task):
    """You chose Accuracy for multi-label, which asks whether a probability equals the label exactly.
    BinaryAccuracy compares each label after the threshold."""
    return _changed(task, "multi-label", metric="Accuracy")


@misconception("recommended_setup")
def setup_with_one_hot_for_multi_label(task):
    """You chose one-hot for multi-label: a one-hot row names exactly one label. A multi-hot row names none to
    all labels."""
    return _changed(task, "multi-label", encoding="one-hot")


@misconception("recommended_setup")
def setup_with_one_hot_for_binary(task):
    """You chose one-hot for a single yes/no label: the integer 0 or 1 is enough for one output."""
    return _changed(task, "binary", encoding="one-hot")


@misconception("recommended_setup")
def setup_with_two_classes_for_binary(task):
    """You took binary for a choice between two classes, with softmax: one sigmoid output answers one yes/no
    question."""
    return _changed(
        task,
        "binary",
        encoding="one-hot",
        activation="softmax",
        loss="CategoricalCrossentropy",
        metric="CategoricalAccuracy",
    )


@misconception("recommended_setup")
def setup_with_softmax_for_binary(task):
    """You chose softmax for a single output, which must then sum to 1 by itself, so it is always 1. Use
    sigmoid."""
    return _changed(task, "binary", activation="softmax")


@misconception("recommended_setup")
def setup_with_sigmoid_for_multi_class(task):
    """You chose sigmoid for multi-class: exactly one of the classes is right, so they compete. Use softmax."""
    return _changed(task, "multi-class", activation="sigmoid")


@misconception("recommended_setup")
def setup_of_multi_label_for_multi_class(task):
    """You asked a yes/no question for each class in multi-class: exactly one class is right, so softmax and the
    categorical loss let them compete."""
    return _changed(task, "multi-class", activation="sigmoid", loss="BinaryCrossentropy", metric="BinaryAccuracy")


@misconception("recommended_setup")
def setup_with_one_hot_and_a_sparse_loss(task):
    """You joined one-hot rows with the sparse loss, which takes integers: both rows of multi-class are right,
    but a mixture is not."""
    return _changed(task, "multi-class", loss="SparseCategoricalCrossentropy", metric="SparseCategoricalAccuracy")


@misconception("recommended_setup")
def setup_with_integers_and_a_categorical_loss(task):
    """You joined integers with CategoricalCrossentropy, which takes one-hot rows: both rows of multi-class are
    right, but a mixture is not."""
    return _changed(task, "multi-class", encoding="integer")


@misconception("recommended_setup")
def setup_with_names_of_functions(task):
    """You wrote names of functions, such as binary_crossentropy: the table has the names of classes, such as
    BinaryCrossentropy."""
    return {key: _snake_case(value) for key, value in right_recommended_setup(task).items()}


@misconception("recommended_setup")
def setup_in_another_order(task):
    """You put the keys in another order: the contract wants encoding, activation, loss, metric."""
    setup = right_recommended_setup(task)
    return {key: setup[key] for key in ("activation", "loss", "metric", "encoding")}


@misconception("recommended_setup")
def setup_without_a_metric(task):
    """You left out the metric: a row has four entries, encoding, activation, loss and metric."""
    setup = right_recommended_setup(task)
    return {key: setup[key] for key in ("encoding", "activation", "loss")}


@misconception("recommended_setup")
def setup_as_a_tuple(task):
    """You returned the four values without their names: return a dict with the keys encoding, activation, loss
    and metric."""
    return tuple(right_recommended_setup(task).values())


@misconception("recommended_setup")
def setup_with_an_error_that_names_no_choices(task):
    """Your ValueError names no choices: somebody who wrote "multilabel" wants to read how to spell the task."""
    if task not in ("binary", "multi-class", "multi-label"):
        raise ValueError(f"unknown task {task!r}")
    return right_recommended_setup(task)


@misconception("recommended_setup")
def setup_with_key_error_for_unknown_tasks(task):
    """You let the dictionary raise a KeyError: for an unknown task, the contract wants a ValueError that names
    the choices."""
    return {name: right_recommended_setup(name) for name in ("binary", "multi-class", "multi-label")}[task]


@misconception("recommended_setup")
def setup_of_none_for_unknown_tasks(task):
    """You returned None for an unknown task, as dict.get does: raise a ValueError that names the choices."""
    return {name: right_recommended_setup(name) for name in ("binary", "multi-class", "multi-label")}.get(task)


@misconception("recommended_setup")
def setup_of_multi_label_for_unknown_tasks(task):
    """You took every other task for multi-label: for an unknown name, raise a ValueError that names the
    choices."""
    return right_recommended_setup(task if task in ("binary", "multi-class") else "multi-label")


@misconception("recommended_setup")
def setup_in_any_spelling(task):
    """You accepted "Binary" and "multilabel": a task is spelled as in the table. Raise a ValueError for other
    names."""
    forgiven = str(task).lower().replace("multi", "multi-").replace("--", "-")
    return right_recommended_setup(forgiven)


def _changed(task, wrong_task, **entries):
    setup = right_recommended_setup(task)
    return {**setup, **entries} if task == wrong_task else setup


def _snake_case(name):
    if name.islower():
        return name
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")
