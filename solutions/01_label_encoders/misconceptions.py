"""Plausible wrong answers to exercise 01. Each docstring is the sentence that its author reads."""

import numpy as np

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from label_encoders import _collection, _position, _positions
from label_encoders import integer_encode as right_integer_encode
from label_encoders import multi_hot_decode as right_multi_hot_decode
from label_encoders import multi_hot_encode as right_multi_hot_encode
from label_encoders import one_hot_encode as right_one_hot_encode

from kata.judge import misconception

# integer_encode


@misconception("integer_encode")
def integers_of_sorted_classes(labels, classes):
    """You sorted the classes before you numbered them: the index of a label is its position in `classes`, in
    the order that is given."""
    return right_integer_encode(labels, sorted(classes))


@misconception("integer_encode")
def integers_counted_from_the_end(labels, classes):
    """You numbered the classes from the last to the first: the first name in `classes` has index 0."""
    return len(classes) - 1 - right_integer_encode(labels, classes)


@misconception("integer_encode")
def integers_in_order_of_first_appearance(labels, classes):
    """You numbered the labels in the order in which they appear in the data: the index of a label is its
    position in `classes`, whatever the samples are."""
    right_integer_encode(labels, classes)
    return right_integer_encode(labels, list(dict.fromkeys(labels)))


@misconception("integer_encode")
def integers_of_the_sorted_labels_seen(labels, classes):
    """You numbered the sorted labels of the data, as np.unique and scikit-learn's LabelEncoder do: the index of
    a label is its position in `classes`."""
    right_integer_encode(labels, classes)
    return right_integer_encode(labels, sorted(set(labels)))


@misconception("integer_encode")
def integers_counted_from_one(labels, classes):
    """You counted the classes from 1: the first class has index 0, as in a Python list."""
    return right_integer_encode(labels, classes) + 1


@misconception("integer_encode")
def integers_with_key_error_for_an_unknown_label(labels, classes):
    """You let the dictionary raise a KeyError for an unknown label: the contract wants a ValueError that names
    the label."""
    positions = _positions(classes)
    return np.array([positions[label] for label in _collection(labels, "labels")], dtype=np.int64)


@misconception("integer_encode")
def integers_with_an_error_that_names_no_label(labels, classes):
    """Your ValueError does not say which label is unknown: somebody with 2,000 labels to search needs the
    name."""
    positions = _positions(classes)
    if any(label not in positions for label in _collection(labels, "labels")):
        raise ValueError("unknown label")
    return right_integer_encode(labels, classes)


@misconception("integer_encode")
def integers_without_the_unknown_labels(labels, classes):
    """You left out unknown labels, so every later sample gets the index of its neighbour. Raise a ValueError
    for an unknown label."""
    positions = _positions(classes)
    return right_integer_encode([label for label in _collection(labels, "labels") if label in positions], classes)


@misconception("integer_encode")
def integers_with_minus_one_for_unknown(labels, classes):
    """You gave unknown labels the index -1, which NumPy reads as the last class. Raise a ValueError for an
    unknown label."""
    return _integers_with_default(labels, classes, -1)


@misconception("integer_encode")
def integers_with_the_last_class_for_unknown(labels, classes):
    """You counted unknown labels as the last class, so nobody would notice a typing error. Raise a ValueError
    for an unknown label."""
    return _integers_with_default(labels, classes, len(classes) - 1)


@misconception("integer_encode")
def integers_with_the_first_class_for_unknown(labels, classes):
    """You gave unknown labels the index 0, which is the first class. Raise a ValueError for an unknown
    label."""
    return _integers_with_default(labels, classes, 0)


@misconception("integer_encode")
def integers_with_a_further_class_for_unknown(labels, classes):
    """You gave unknown labels a new index behind the last class, but the network has no output for it. Raise a
    ValueError for an unknown label."""
    return _integers_with_default(labels, classes, len(classes))


@misconception("integer_encode")
def integers_of_a_strings_characters(labels, classes):
    """You took a bare string for a list of labels, so Python goes through its characters. Raise a TypeError
    before anything else."""
    return right_integer_encode(list(labels), classes)


@misconception("integer_encode")
def integers_of_a_string_as_one_label(labels, classes):
    """You took a bare string for a list with one label, which hides forgotten brackets. Raise a TypeError."""
    return right_integer_encode([labels] if isinstance(labels, str) else labels, classes)


@misconception("integer_encode")
def integers_with_value_error_for_a_string(labels, classes):
    """You raised a ValueError for a bare string: the type is wrong, so the contract wants a TypeError."""
    if isinstance(labels, str):
        raise ValueError("labels must be a list")
    return right_integer_encode(labels, classes)


@misconception("integer_encode")
def integers_of_repeated_classes(labels, classes):
    """You accepted a name that occurs twice in `classes`, so its label would have two indices. Raise a
    ValueError."""
    positions = {name: index for index, name in enumerate(classes)}
    return np.array([_position(label, positions) for label in _collection(labels, "labels")], dtype=np.int64)


@misconception("integer_encode")
def integers_of_the_different_classes(labels, classes):
    """You dropped the second of two equal classes, so all later classes have another index. Raise a ValueError
    for a repeated class."""
    return right_integer_encode(labels, list(dict.fromkeys(classes)))


@misconception("integer_encode")
def integers_in_any_spelling(labels, classes):
    """You ignored upper and lower case: if the class is "sea", then "Sea" is an unknown label."""
    lower = [label.lower() for label in _collection(labels, "labels")]
    return right_integer_encode(lower, [name.lower() for name in classes])


@misconception("integer_encode")
def integers_of_float64_where_there_are_no_samples(labels, classes):
    """You left the dtype to NumPy, which makes float64 of an empty list. Ask for int64."""
    integers = right_integer_encode(labels, classes)
    return np.array(integers.tolist())


@misconception("integer_encode")
def integers_of_int32(labels, classes):
    """You returned int32: the contract promises int64."""
    return right_integer_encode(labels, classes).astype(np.int32)


@misconception("integer_encode")
def integers_of_float32(labels, classes):
    """You returned the indices as float32: an index is an integer, here int64."""
    return right_integer_encode(labels, classes).astype(np.float32)


@misconception("integer_encode")
def integers_in_a_list(labels, classes):
    """You returned a Python list: the contract wants an int64 NumPy array of shape (n_samples,)."""
    return right_integer_encode(labels, classes).tolist()


@misconception("integer_encode")
def integers_in_a_column(labels, classes):
    """You returned a column of shape (n_samples, 1): the indices have a single axis, shape (n_samples,)."""
    return right_integer_encode(labels, classes)[:, np.newaxis]


@misconception("integer_encode")
def rows_in_place_of_integers(labels, classes):
    """You returned one-hot rows: here each sample gets a single number, the index of its label."""
    return np.eye(len(classes), dtype=np.float32)[right_integer_encode(labels, classes)]


def _integers_with_default(labels, classes, default):
    positions = _positions(classes)
    return np.array([positions.get(label, default) for label in _collection(labels, "labels")], dtype=np.int64)


# one_hot_encode


@misconception("one_hot_encode")
def one_hot_columns_sorted(labels, classes):
    """You sorted the columns: the columns follow the order of `classes`, which need not be alphabetical."""
    return right_one_hot_encode(labels, sorted(classes))


@misconception("one_hot_encode")
def one_hot_columns_reversed(labels, classes):
    """You filled the columns from the right: the first column belongs to the first name in `classes`."""
    return right_one_hot_encode(labels, classes)[:, ::-1].copy()


@misconception("one_hot_encode")
def one_hot_columns_of_the_sorted_labels_seen(labels, classes):
    """You made columns only for labels that occur, as pandas.get_dummies does: the network has an output for
    each of `classes`, also for classes without a sample."""
    right_integer_encode(labels, classes)
    return right_one_hot_encode(labels, sorted(set(labels)))


@misconception("one_hot_encode")
def one_hot_columns_of_the_classes_seen(labels, classes):
    """You left out the columns of classes without a sample: each of `classes` has a column, so that training
    and test data have the same shape."""
    right_integer_encode(labels, classes)
    return right_one_hot_encode(labels, [name for name in classes if name in labels])


@misconception("one_hot_encode")
def one_hot_as_wide_as_the_largest_index(labels, classes):
    """You took the number of columns from the largest index, as to_categorical does without num_classes: use
    the number of classes."""
    integers = right_integer_encode(labels, classes)
    return np.eye(np.max(integers) + 1, dtype=np.float32)[integers]


@misconception("one_hot_encode")
def one_hot_with_a_first_column_for_unknown(labels, classes):
    """You put a column for unknown words first, as StringLookup does unless num_oov_indices is 0: every label
    is then one column too far to the right."""
    return np.pad(right_one_hot_encode(labels, classes), ((0, 0), (1, 0)))


@misconception("one_hot_encode")
def one_hot_without_the_first_column(labels, classes):
    """You dropped the first column because the others determine it. This helps a linear regression, but a
    network has an output for each class."""
    return right_one_hot_encode(labels, classes)[:, 1:].copy()


@misconception("one_hot_encode")
def one_hot_transposed(labels, classes):
    """You made a row for each class: each sample has a row, and each class has a column."""
    return right_one_hot_encode(labels, classes).T.copy()


@misconception("one_hot_encode")
def one_hot_rows_that_are_one(labels, classes):
    """You set each label in all rows: [[0] * 5] * 3 is the same row three times, and [:, 2] is a column in
    every row."""
    encoded = right_one_hot_encode(labels, classes)
    encoded[:] = encoded.max(axis=0, initial=0)
    return encoded


@misconception("one_hot_encode")
def one_hot_with_the_index_in_place_of_one(labels, classes):
    """You wrote the index of the label into its column: the column of the label holds a 1, whichever column it
    is."""
    return right_one_hot_encode(labels, classes) * np.arange(len(classes), dtype=np.float32)


@misconception("one_hot_encode")
def one_hot_of_int64(labels, classes):
    """You returned integers: networks and losses calculate in float32, so the rows are float32."""
    return right_one_hot_encode(labels, classes).astype(np.int64)


@misconception("one_hot_encode")
def one_hot_of_float64(labels, classes):
    """You returned float64, which is NumPy's default for zeros and eye: ask for float32."""
    return right_one_hot_encode(labels, classes).astype(np.float64)


@misconception("one_hot_encode")
def one_hot_of_bool(labels, classes):
    """You returned True and False: the rows hold the float32 numbers 1 and 0."""
    return right_one_hot_encode(labels, classes).astype(bool)


@misconception("one_hot_encode")
def one_hot_without_width_where_there_are_no_samples(labels, classes):
    """You built the array from a list of rows, but an empty list has no width: without samples the shape is (0,
    n_classes)."""
    return np.array(right_one_hot_encode(labels, classes).tolist(), dtype=np.float32)


@misconception("one_hot_encode")
def one_hot_with_key_error_for_an_unknown_label(labels, classes):
    """You let the dictionary raise a KeyError for an unknown label: the contract wants a ValueError that names
    the label."""
    positions = _positions(classes)
    for label in _collection(labels, "labels"):
        positions[label]
    return right_one_hot_encode(labels, classes)


@misconception("one_hot_encode")
def one_hot_with_an_error_that_names_no_label(labels, classes):
    """Your ValueError does not say which label is unknown: somebody with 2,000 labels to search needs the
    name."""
    positions = _positions(classes)
    if any(label not in positions for label in _collection(labels, "labels")):
        raise ValueError("unknown label")
    return right_one_hot_encode(labels, classes)


@misconception("one_hot_encode")
def one_hot_with_zeros_for_unknown(labels, classes):
    """You gave an unknown label a row of zeros: a one-hot row always holds a 1. Raise a ValueError for an
    unknown label."""
    positions, labels = _positions(classes), list(_collection(labels, "labels"))
    encoded = np.zeros((len(labels), len(classes)), dtype=np.float32)
    for row, label in zip(encoded, labels, strict=True):
        if label in positions:
            row[positions[label]] = 1
    return encoded


@misconception("one_hot_encode")
def one_hot_with_the_last_class_for_unknown(labels, classes):
    """You set the last column for an unknown label, as happens with the index -1 for "not found". Raise a
    ValueError."""
    positions = _positions(classes)
    known = [label if label in positions else classes[-1] for label in _collection(labels, "labels")]
    return right_one_hot_encode(known, classes)


@misconception("one_hot_encode")
def one_hot_of_a_strings_characters(labels, classes):
    """You took a bare string for a list of labels, so Python goes through its characters. Raise a TypeError
    before anything else."""
    return right_one_hot_encode(list(labels), classes)


@misconception("one_hot_encode")
def one_hot_of_a_string_as_one_label(labels, classes):
    """You took a bare string for a list with one label, which hides forgotten brackets. Raise a TypeError."""
    return right_one_hot_encode([labels] if isinstance(labels, str) else labels, classes)


@misconception("one_hot_encode")
def one_hot_of_repeated_classes(labels, classes):
    """You accepted a name that occurs twice in `classes`, so one of the two columns would always be 0. Raise a
    ValueError."""
    positions = {name: index for index, name in enumerate(classes)}
    integers = [_position(label, positions) for label in _collection(labels, "labels")]
    return np.eye(len(classes), dtype=np.float32)[np.array(integers, dtype=np.int64)]


@misconception("one_hot_encode")
def one_hot_of_the_different_classes(labels, classes):
    """You dropped the second of two equal classes, so the rows are narrower than `classes`. Raise a ValueError
    for a repeated class."""
    return right_one_hot_encode(labels, list(dict.fromkeys(classes)))


# multi_hot_encode


@misconception("multi_hot_encode")
def multi_hot_columns_sorted(label_sets, classes):
    """You sorted the columns: the columns follow the order of `classes`, which need not be alphabetical."""
    return right_multi_hot_encode(label_sets, sorted(classes))


@misconception("multi_hot_encode")
def multi_hot_columns_reversed(label_sets, classes):
    """You filled the columns from the right: the first column belongs to the first name in `classes`."""
    return right_multi_hot_encode(label_sets, classes)[:, ::-1].copy()


@misconception("multi_hot_encode")
def multi_hot_columns_of_the_sorted_labels_seen(label_sets, classes):
    """You made sorted columns only for labels that occur, as scikit-learn's MultiLabelBinarizer does without
    its argument classes: each of `classes` has a column."""
    right_multi_hot_encode(label_sets, classes)
    return right_multi_hot_encode(label_sets, sorted({label for labels in label_sets for label in labels}))


@misconception("multi_hot_encode")
def multi_hot_columns_in_order_of_first_appearance(label_sets, classes):
    """You gave out columns in the order in which labels appear in the data: the columns follow the order of
    `classes`, whatever the samples are."""
    right_multi_hot_encode(label_sets, classes)
    return right_multi_hot_encode(label_sets, list(dict.fromkeys(label for labels in label_sets for label in labels)))


@misconception("multi_hot_encode")
def multi_hot_with_a_first_column_for_unknown(label_sets, classes):
    """You put a column for unknown words first, as StringLookup does unless num_oov_indices is 0: every label
    is then one column too far to the right."""
    return np.pad(right_multi_hot_encode(label_sets, classes), ((0, 0), (1, 0)))


@misconception("multi_hot_encode")
def multi_hot_with_a_column_for_none(label_sets, classes):
    """You added a column for "no label": a multi-hot row says this with zeros everywhere."""
    encoded = right_multi_hot_encode(label_sets, classes)
    return np.hstack([encoded, 1 - encoded.max(axis=1, keepdims=True, initial=0)])


@misconception("multi_hot_encode")
def multi_hot_that_counts_repeated_labels(label_sets, classes):
    """You counted the labels: a repeated label gives a 1, too. Mark the column, do not add to it."""
    encoded = right_multi_hot_encode(label_sets, classes)
    for row, columns in zip(encoded, _columns(label_sets, classes), strict=True):
        row[:] = np.bincount(columns, minlength=len(classes))
    return encoded


@misconception("multi_hot_encode")
def multi_hot_of_names_inside_of_names(label_sets, classes):
    """You looked for the name of a class inside the labels, which finds "sea" in "seaside". A label must be
    equal to the class."""
    encoded = right_multi_hot_encode(label_sets, classes)
    for row, labels in zip(encoded, label_sets, strict=True):
        row[:] = [any(name in label for label in labels) for name in classes]
    return encoded


@misconception("multi_hot_encode")
def multi_hot_rows_that_sum_to_one(label_sets, classes):
    """You divided each row by its number of labels: a multi-hot row is no distribution, it holds a 1 for every
    label."""
    encoded = right_multi_hot_encode(label_sets, classes)
    return encoded / np.maximum(encoded.sum(axis=1, keepdims=True), 1)


@misconception("multi_hot_encode")
def multi_hot_of_the_first_label_only(label_sets, classes):
    """You encoded only the first label of each sample: a multi-hot row has a 1 for every label."""
    right_multi_hot_encode(label_sets, classes)
    return right_multi_hot_encode([list(labels)[:1] for labels in label_sets], classes)


@misconception("multi_hot_encode")
def multi_hot_of_the_last_label_only(label_sets, classes):
    """You kept only the last label of each sample: start a new row for each sample, not for each label."""
    right_multi_hot_encode(label_sets, classes)
    return right_multi_hot_encode([list(labels)[-1:] for labels in label_sets], classes)


@misconception("multi_hot_encode")
def multi_hot_rows_that_are_one(label_sets, classes):
    """You set each label in all rows: [[0] * 5] * 3 is the same row three times. Each sample needs its own
    row."""
    encoded = right_multi_hot_encode(label_sets, classes)
    encoded[:] = encoded.max(axis=0, initial=0)
    return encoded


@misconception("multi_hot_encode")
def multi_hot_with_a_row_for_each_label(label_sets, classes):
    """You made a row for each label: each sample has one row, with all of its labels."""
    columns = [column for labels in _columns(label_sets, classes) for column in labels]
    return np.eye(len(classes), dtype=np.float32)[np.array(columns, dtype=np.int64)]


@misconception("multi_hot_encode")
def multi_hot_without_the_samples_that_have_no_label(label_sets, classes):
    """You left out samples without a label: they need rows of zeros, or the rows no longer fit the images."""
    encoded = right_multi_hot_encode(label_sets, classes)
    return encoded[encoded.any(axis=1)]


@misconception("multi_hot_encode")
def multi_hot_that_refuses_samples_without_a_label(label_sets, classes):
    """You refused a sample without a label: an image may show none of the classes. Its row is all zeros."""
    encoded = right_multi_hot_encode(label_sets, classes)
    if not encoded.any(axis=1).all():
        raise ValueError("a sample has no label")
    return encoded


@misconception("multi_hot_encode")
def multi_hot_of_lists_only(label_sets, classes):
    """You accepted only lists of labels: the contract also allows a tuple or a set."""
    for labels in _collection(label_sets, "label_sets"):
        if not isinstance(labels, list):
            raise TypeError("the labels of one sample must be a list")
    return right_multi_hot_encode(label_sets, classes)


@misconception("multi_hot_encode")
def multi_hot_of_int64(label_sets, classes):
    """You returned integers: networks and losses calculate in float32, so the rows are float32."""
    return right_multi_hot_encode(label_sets, classes).astype(np.int64)


@misconception("multi_hot_encode")
def multi_hot_of_float64(label_sets, classes):
    """You returned float64, which is NumPy's default for zeros: ask for float32."""
    return right_multi_hot_encode(label_sets, classes).astype(np.float64)


@misconception("multi_hot_encode")
def multi_hot_of_bool(label_sets, classes):
    """You returned True and False: the rows hold the float32 numbers 1 and 0."""
    return right_multi_hot_encode(label_sets, classes).astype(bool)


@misconception("multi_hot_encode")
def multi_hot_without_width_where_there_are_no_samples(label_sets, classes):
    """You built the array from a list of rows, but an empty list has no width: without samples the shape is (0,
    n_classes)."""
    return np.array(right_multi_hot_encode(label_sets, classes).tolist(), dtype=np.float32)


@misconception("multi_hot_encode")
def multi_hot_with_key_error_for_an_unknown_label(label_sets, classes):
    """You let the dictionary raise a KeyError for an unknown label: the contract wants a ValueError that names
    the label."""
    positions = _positions(classes)
    for labels in _collection(label_sets, "label_sets"):
        for label in _collection(labels, "the labels of one sample"):
            positions[label]
    return right_multi_hot_encode(label_sets, classes)


@misconception("multi_hot_encode")
def multi_hot_with_an_error_that_names_no_label(label_sets, classes):
    """Your ValueError does not say which label is unknown: somebody with 2,000 samples to search needs the
    name."""
    known = set(classes)
    for labels in _collection(label_sets, "label_sets"):
        if not known.issuperset(_collection(labels, "the labels of one sample")):
            raise ValueError("unknown label")
    return right_multi_hot_encode(label_sets, classes)


@misconception("multi_hot_encode")
def multi_hot_without_the_unknown_labels(label_sets, classes):
    """You left out unknown labels, as scikit-learn's MultiLabelBinarizer does with a warning, so the sample
    silently loses a label. Raise a ValueError."""
    known = set(classes)
    kept = [
        [label for label in _collection(labels, "the labels of one sample") if label in known]
        for labels in _collection(label_sets, "label_sets")
    ]
    return right_multi_hot_encode(kept, classes)


@misconception("multi_hot_encode")
def multi_hot_with_the_last_class_for_unknown(label_sets, classes):
    """You set the last column for an unknown label, as happens with the index -1 for "not found". Raise a
    ValueError."""
    known = set(classes)
    kept = [
        [label if label in known else classes[-1] for label in _collection(labels, "the labels of one sample")]
        for labels in _collection(label_sets, "label_sets")
    ]
    return right_multi_hot_encode(kept, classes)


@misconception("multi_hot_encode")
def multi_hot_of_a_strings_characters(label_sets, classes):
    """You took bare strings for collections of labels, so Python goes through their characters. Raise a
    TypeError for a string outside and inside the list."""
    return right_multi_hot_encode([list(labels) for labels in label_sets], classes)


@misconception("multi_hot_encode")
def multi_hot_of_a_string_as_one_label(label_sets, classes):
    """You took a bare string for a set with one label, which is written ["sea"]. Raise a TypeError for a bare
    string."""
    return right_multi_hot_encode(
        [[labels] if isinstance(labels, str) else labels for labels in label_sets],
        classes,
    )


@misconception("multi_hot_encode")
def multi_hot_that_looks_for_a_string_outside_only(label_sets, classes):
    """You refused a bare string for all label sets, but not for one of them. Python would read its characters
    there, too: raise a TypeError."""
    return right_multi_hot_encode([list(labels) for labels in _collection(label_sets, "label_sets")], classes)


@misconception("multi_hot_encode")
def multi_hot_of_repeated_classes(label_sets, classes):
    """You accepted a name that occurs twice in `classes`, so one of the two columns would always be 0. Raise a
    ValueError."""
    positions = {name: index for index, name in enumerate(classes)}
    label_sets = list(_collection(label_sets, "label_sets"))
    encoded = np.zeros((len(label_sets), len(classes)), dtype=np.float32)
    for row, labels in zip(encoded, label_sets, strict=True):
        for label in _collection(labels, "the labels of one sample"):
            row[_position(label, positions)] = 1
    return encoded


@misconception("multi_hot_encode")
def multi_hot_of_the_different_classes(label_sets, classes):
    """You dropped the second of two equal classes, so the rows are narrower than `classes`. Raise a ValueError
    for a repeated class."""
    return right_multi_hot_encode(label_sets, list(dict.fromkeys(classes)))


def _columns(label_sets, classes):
    """The column of each label of each sample, repeated labels included."""
    positions = _positions(classes)
    return [
        np.array([_position(label, positions) for label in _collection(labels, "the labels")], dtype=np.int64)
        for labels in _collection(label_sets, "label_sets")
    ]


# multi_hot_decode


@misconception("multi_hot_decode")
def decoded_to_an_empty_list(encoded, classes):
    """You returned an empty list for a row without a label: return ["NONE"], which a reader can see and
    count."""
    return [[] if names == ["NONE"] else names for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_to_none_in_other_letters(encoded, classes):
    """You spelled it "None": a row without a label becomes ["NONE"], in capitals."""
    return [["None"] if names == ["NONE"] else names for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_to_pythons_none(encoded, classes):
    """You returned Python's None for a row without a label: return a list with the string "NONE"."""
    return [None if names == ["NONE"] else names for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_to_none_outside_a_list(encoded, classes):
    """You returned the bare string "NONE" for a row without a label: every row becomes a list, here
    ["NONE"]."""
    return ["NONE" if names == ["NONE"] else names for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_without_the_rows_that_have_no_label(encoded, classes):
    """You left out rows without a label: each sample keeps its place, here as ["NONE"]."""
    return [names for names in right_multi_hot_decode(encoded, classes) if names != ["NONE"]]


@misconception("multi_hot_decode")
def decoded_by_argmax(encoded, classes):
    """You took the argmax, which names one label in every row, also in a row with several labels or none. Read
    every column."""
    right_multi_hot_decode(encoded, classes)
    return [[classes[column]] for column in np.argmax(encoded, axis=1)]


@misconception("multi_hot_decode")
def decoded_to_the_first_label_only(encoded, classes):
    """You stopped at the first label of a row: a multi-hot row may have several labels, so return all of
    them."""
    return [names[:1] for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_with_sorted_classes(encoded, classes):
    """You sorted the classes: the columns follow the order of `classes`, so each column now has the name of
    another."""
    return right_multi_hot_decode(encoded, sorted(classes))


@misconception("multi_hot_decode")
def decoded_to_sorted_names(encoded, classes):
    """You sorted the names of a row: the names follow the order of `classes`."""
    return [sorted(names) for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_from_the_right(encoded, classes):
    """You read the columns from the right: the first column belongs to the first name in `classes`."""
    return right_multi_hot_decode(encoded, classes[::-1])


@misconception("multi_hot_decode")
def decoded_to_columns(encoded, classes):
    """You returned the numbers of the columns: return the names at these positions in `classes`."""
    return [
        [classes.index(name) for name in names] if names != ["NONE"] else names
        for names in right_multi_hot_decode(encoded, classes)
    ]


@misconception("multi_hot_decode")
def decoded_to_joined_strings(encoded, classes):
    """You joined the names of a row into one string: each row becomes a list of names."""
    return [", ".join(names) for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_to_tuples(encoded, classes):
    """You returned tuples, as scikit-learn's inverse_transform does: each row becomes a list of names."""
    return [tuple(names) for names in right_multi_hot_decode(encoded, classes)]


@misconception("multi_hot_decode")
def decoded_to_one_flat_list(encoded, classes):
    """You put the names of all rows into one list, so nobody can tell to which row a name belongs. Each row
    needs its own list."""
    return [name for names in right_multi_hot_decode(encoded, classes) for name in names]


@misconception("multi_hot_decode")
def decoded_whatever_is_not_zero(encoded, classes):
    """You took every value that is not 0 for a label: Python treats 0.4 as true, and even NaN. Raise a
    ValueError for values other than 0 and 1."""
    return _decoded(np.asarray(encoded) != 0, classes)


@misconception("multi_hot_decode")
def decoded_at_a_threshold_of_one_half(encoded, classes):
    """You cut probabilities at 0.5: a decoder must not choose the threshold. Raise a ValueError for values
    other than 0 and 1."""
    return _decoded(np.asarray(encoded) > 0.5, classes)


@misconception("multi_hot_decode")
def decoded_only_where_it_is_one(encoded, classes):
    """You took everything except 1 for "no label", so a row of probabilities becomes ["NONE"]. Raise a
    ValueError for values other than 0 and 1."""
    return _decoded(np.asarray(encoded) == 1, classes)


@misconception("multi_hot_decode")
def decoded_between_zero_and_one(encoded, classes):
    """You refused only values outside 0 ... 1: a probability lies inside, and NaN passes such a comparison.
    Accept only 0 and 1 themselves."""
    encoded = np.asarray(encoded)
    if ((encoded < 0) | (encoded > 1)).any():
        raise ValueError("values must lie between 0 and 1")
    return _decoded(encoded != 0, classes)


@misconception("multi_hot_decode")
def decoded_as_far_as_the_classes_go(encoded, classes):
    """You did not check the shape, and zip stops silently at the shorter side. Raise a ValueError for rows of
    another width than `classes`."""
    _classes_and_values(encoded, classes)
    return [[name for name, hot in zip(classes, row, strict=False) if hot] or ["NONE"] for row in encoded]


@misconception("multi_hot_decode")
def decoded_with_index_error_for_wide_rows(encoded, classes):
    """You looked up a column that has no class: first compare the width of the rows with `classes`, and raise a
    ValueError for another width."""
    _classes_and_values(encoded, classes)
    return [[classes[column] for column in np.flatnonzero(row)] or ["NONE"] for row in encoded]


@misconception("multi_hot_decode")
def decoded_from_a_single_vector(encoded, classes):
    """You took a vector for a matrix with one row, which hides a forgotten axis. Encoded labels have two axes;
    raise a ValueError for anything else."""
    return right_multi_hot_decode(np.atleast_2d(encoded), classes)


@misconception("multi_hot_decode")
def decoded_with_the_last_axis_only_compared(encoded, classes):
    """You compared the last axis with `classes`, but did not count the axes: a single vector has no rows. Raise
    a ValueError for it."""
    encoded = np.asarray(encoded)
    if encoded.shape[-1] != len(classes):
        raise ValueError("rows of another width than classes")
    _classes_and_values(encoded, classes)
    return [[name for name, hot in zip(classes, row, strict=True) if hot] or ["NONE"] for row in encoded]


@misconception("multi_hot_decode")
def decoded_with_the_width_of_each_row(encoded, classes):
    """You checked only the rows themselves: without any row, you must still compare the width of the array with
    the classes, and check the classes."""
    return [] if len(encoded) == 0 else right_multi_hot_decode(encoded, classes)


@misconception("multi_hot_decode")
def decoded_with_repeated_classes(encoded, classes):
    """You accepted a name that occurs twice in `classes`, so the name no longer tells which column it was.
    Raise a ValueError."""
    unique = [f"{index} {name}" for index, name in enumerate(classes)]
    names = {**dict(zip(unique, classes, strict=True)), "NONE": "NONE"}
    return [[names[name] for name in row] for row in right_multi_hot_decode(encoded, unique)]


def _classes_and_values(encoded, classes):
    """Check all but the shape."""
    _positions(classes)
    values = np.reshape(encoded, (-1, 1))
    right_multi_hot_decode(values, ["any"])


def _decoded(hot, classes):
    return right_multi_hot_decode(hot.astype(np.float32), classes)
