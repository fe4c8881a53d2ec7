"""Plausible wrong answers to exercise 06. Each docstring is the sentence that its author reads."""

import csv
import math
from pathlib import Path

import numpy as np
import tensorflow as tf

# The right ones under another name, so that a wrong one may take their place in a module that holds both.
from data_pipeline import load_image as right_load_image
from data_pipeline import make_batches as right_make_batches
from data_pipeline import read_table as right_read_table
from data_pipeline import split_indices as right_split_indices

from kata.judge import another_way, misconception

# read_table


def _open(folder):
    return open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig", newline="")


def _rows(folder):
    with _open(folder) as file:
        return list(csv.DictReader(file))


def _labels(rows, classes):
    return np.array([[row[label] for label in classes] for row in rows], dtype=np.float32)


@misconception("read_table")
def table_with_columns_by_position(folder, classes):
    """You took the columns by position: the table may have other columns, in another order. Find them by their
    names."""
    right_read_table(folder, classes)
    return _by_position(folder, 1 + len(classes))


def _by_position(folder, end):
    with _open(folder) as file:
        _, *rows = [row for row in csv.reader(file) if row]
    return [row[0] for row in rows], np.array([row[1:end] for row in rows], dtype=np.float32)


@another_way(table_with_columns_by_position)
def _all_columns_after_the_first(folder, classes):
    right_read_table(folder, classes)
    return _by_position(folder, None)


@misconception("read_table")
def table_with_integer_labels(folder, classes):
    """You returned integers: a loss multiplies labels with logarithms, so Keras wants float32."""
    names, labels = right_read_table(folder, classes)
    return names, labels.astype(np.int64)


@another_way(table_with_integer_labels)
def _labels_of_32_bits(folder, classes):
    names, labels = right_read_table(folder, classes)
    return names, labels.astype(np.int32)


@misconception("read_table")
def table_with_float64_labels(folder, classes):
    """You returned float64, which NumPy makes of Python's numbers: ask for float32."""
    names, labels = right_read_table(folder, classes)
    return names, labels.astype(np.float64)


@misconception("read_table")
def table_with_sorted_names_only(folder, classes):
    """You sorted the names but not the labels: 10.jpg comes before 2.jpg now, with the labels of another
    image."""
    names, labels = right_read_table(folder, classes)
    return sorted(names), labels


@another_way(table_with_sorted_names_only)
def _names_of_the_folder(folder, classes):
    _, labels = right_read_table(folder, classes)
    return sorted(path.name for path in Path(folder, "images").glob("*.jpg")), labels


@misconception("read_table")
def table_in_the_order_of_the_file_names(folder, classes):
    """You sorted the images by name: the contract wants the order of the table."""
    names, labels = right_read_table(folder, classes)
    order = sorted(range(len(names)), key=names.__getitem__)
    return [names[index] for index in order], labels[order]


@another_way(table_in_the_order_of_the_file_names)
def _rows_of_the_folder(folder, classes):
    table = dict(zip(*right_read_table(folder, classes), strict=True))
    names = sorted(path.name for path in Path(folder, "images").glob("*.jpg"))
    return names, np.array([table[name] for name in names])  # KeyError: a hidden file


@misconception("read_table")
def table_with_one_label_an_image(folder, classes):
    """You kept one label of each image, as argmax does: an image may have several labels, or none."""
    names, labels = right_read_table(folder, classes)
    return names, np.eye(len(classes), dtype=np.float32)[labels.argmax(axis=1)]


@another_way(table_with_one_label_an_image)
def _places_of_the_labels(folder, classes):
    names, labels = right_read_table(folder, classes)
    return names, labels.argmax(axis=1)


@another_way(table_with_one_label_an_image)
def _first_labels(folder, classes):
    names, labels = right_read_table(folder, classes)
    return names, labels * (labels.cumsum(axis=1) == 1)


@misconception("read_table")
def table_that_takes_any_text_for_true(folder, classes):
    """You tested whether the text is true: every text that is not empty is true in Python, also "0"."""
    names, _ = right_read_table(folder, classes)
    return names, np.float32([[bool(row[label]) for label in classes] for row in _rows(folder)])


@misconception("read_table")
def table_with_one_row_for_each_class(folder, classes):
    """You returned one row for each class: each image has a row, and each class has a column."""
    names, labels = right_read_table(folder, classes)
    return names, np.ascontiguousarray(labels.T)


@misconception("read_table")
def table_with_folders_in_the_names(folder, classes):
    """You put images/ before the names: return the names as the table has them, since the caller knows the
    folder."""
    names, labels = right_read_table(folder, classes)
    return [f"images/{name}" for name in names], labels


@another_way(table_with_folders_in_the_names)
def _whole_paths(folder, classes):
    names, labels = right_read_table(folder, classes)
    return [str(Path(folder, "images", name)) for name in names], labels


@misconception("read_table")
def table_with_labels_in_lists(folder, classes):
    """You returned the labels as lists: a loss computes with arrays. Make a float32 array of them."""
    names, labels = right_read_table(folder, classes)
    return names, labels.tolist()


@another_way(table_with_labels_in_lists)
def _lists_of_integers(folder, classes):
    names, labels = right_read_table(folder, classes)
    return names, labels.astype(int).tolist()


@another_way(table_with_labels_in_lists)
def _lists_of_texts(folder, classes):
    names, labels = right_read_table(folder, classes)
    return names, labels.astype(int).astype(str).tolist()


@misconception("read_table")
def table_with_labels_as_texts(folder, classes):
    """You kept the labels as texts: all that a CSV file holds is text, and "1" is no number. Ask for float32."""
    names, labels = right_read_table(folder, classes)
    return names, labels.astype(int).astype(str)


@misconception("read_table")
def table_with_names_in_an_array(folder, classes):
    """You returned the names as an array: the contract wants a list of str."""
    names, labels = right_read_table(folder, classes)
    return np.array(names), labels


def _where_values_are_refused(instead, folder, classes):
    """The table; with a value other than 0 and 1 in it, what `instead` makes of its rows: None for the same error."""
    try:
        return right_read_table(folder, classes)
    except ValueError as error:
        found = instead(_rows(folder)) if "other than 0 and 1" in str(error) else None
        if found is None:
            raise
        return found


def _unchecked(rows, classes):
    return [row["Filenames"] for row in rows], _labels(rows, classes)


@misconception("read_table")
def table_with_values_unchecked(folder, classes):
    """You did not check the values: a 2 in a table of labels is a typing error that nobody finds later."""

    def instead(rows):
        whole = all(row[label].strip("-").isdigit() for row in rows for label in classes)
        return _unchecked(rows, classes) if whole else None

    return _where_values_are_refused(instead, folder, classes)


@misconception("read_table")
def table_whose_conversion_names_no_image(folder, classes):
    """You left bad values to the conversion to numbers, whose error does not name the image, and which accepts
    a 2. Check the values first."""
    return _where_values_are_refused(lambda rows: _unchecked(rows, classes), folder, classes)


@another_way(table_whose_conversion_names_no_image)
def _(folder, classes):
    def instead(rows):
        return _unchecked(rows, classes)[0], np.float32([[int(row[label]) for label in classes] for row in rows])

    return _where_values_are_refused(instead, folder, classes)


@misconception("read_table")
def table_that_converts_before_it_checks(folder, classes):
    """You made numbers of the texts before you checked them: int("") and int("1.0") raise an error that does not
    name the image. Compare the texts with "0" and "1"."""
    return _after_a_conversion(int, folder, classes)


def _after_a_conversion(convert, folder, classes):
    def instead(rows):
        for row in rows:
            for label in classes:
                convert(row[label])

    return _where_values_are_refused(instead, folder, classes)


@misconception("read_table")
def table_with_labels_that_are_compared_as_numbers(folder, classes):
    """You compared numbers: 1.0 is as much as 1, but the texts of a label are 0 and 1 alone. Compare those."""

    def instead(rows):
        values = {float(row[label] or "2") for row in rows for label in classes}
        return _unchecked(rows, classes) if values <= {0, 1} else None

    return _where_values_are_refused(instead, folder, classes)


@another_way(table_with_labels_that_are_compared_as_numbers)
def _(folder, classes):
    _after_a_conversion(float, folder, classes) if "" in _labels_of(folder, classes) else None
    return table_with_labels_that_are_compared_as_numbers(folder, classes)


def _labels_of(folder, classes):
    """The texts of all labels; none where the table lacks a column, or there is no table."""
    if not Path(folder, "miml_labels_1.csv").exists():
        return set()
    return {row.get(label) for row in _rows(folder) for label in classes}


@misconception("read_table")
def table_without_a_look_for_missing_images(folder, classes):
    """You did not check that the images exist: if the table names a missing image, training stops in its first
    epoch."""
    try:
        return right_read_table(folder, classes)
    except FileNotFoundError:
        rows = _rows(folder)
        return [row["Filenames"] for row in rows], _labels(rows, classes)


@misconception("read_table")
def table_with_another_error_for_missing_images(folder, classes):
    """You raised a ValueError for an image that is not there: nothing is wrong with the table's values, a file is
    missing. Raise a FileNotFoundError."""
    try:
        return right_read_table(folder, classes)
    except FileNotFoundError as error:
        if "miml_labels_1.csv" in str(error):
            raise
        raise ValueError(str(error)) from None


@misconception("read_table")
def table_that_leaves_missing_images_out(folder, classes):
    """You left out missing images silently: raise an error, so that the user who lost an image learns of it."""
    try:
        return right_read_table(folder, classes)
    except FileNotFoundError:
        there = [row for row in _rows(folder) if Path(folder, "images", row["Filenames"]).is_file()]
        return [row["Filenames"] for row in there], _labels(there, classes)


@misconception("read_table")
def table_without_a_look_for_extra_images(folder, classes):
    """You did not look for images that the table does not name: nobody notices that such an image is never
    trained on."""
    try:
        return right_read_table(folder, classes)
    except ValueError as error:
        if "not in the table" not in str(error):
            raise
        rows = _rows(folder)
        return [row["Filenames"] for row in rows], _labels(rows, classes)


@misconception("read_table")
def table_that_refuses_other_files(folder, classes):
    """You took every file in images/ for an image: the operating system puts its own files there."""
    return _unless_unknown("*", folder, classes)


@another_way(table_that_refuses_other_files)
def _(folder, classes):
    return _unless_unknown("[!.]*", folder, classes)


def _unless_unknown(pattern, folder, classes):
    names, labels = right_read_table(folder, classes)
    for path in Path(folder, "images").glob(pattern):
        if path.name not in names:
            raise ValueError(f"{path.name} is not in the table")
    return names, labels


@misconception("read_table")
def table_that_refuses_hidden_files(folder, classes):
    """You took hidden files for images: macOS leaves a ._1.jpg beside 1.jpg. What begins with a dot is none."""
    return _unless_unknown("*.[jJ][pP][gG]", folder, classes)


@misconception("read_table")
def table_that_overlooks_capital_endings(folder, classes):
    """You looked for .jpg in small letters only: cameras write .JPG, and such an image would lose its labels
    unseen."""
    try:
        return right_read_table(folder, classes)
    except ValueError as error:
        if ".JPG is not in the table" not in str(error):
            raise
        rows = _rows(folder)
        return [row["Filenames"] for row in rows], _labels(rows, classes)


@misconception("read_table")
def table_without_the_encoding_of_excel(folder, classes):
    """You opened the table as utf-8: Excel begins a file with a byte order mark, which you then take for a part of
    the first column's name. The encoding utf-8-sig leaves it out."""
    if Path(folder, "miml_labels_1.csv").read_bytes().startswith(b"\xef\xbb\xbf"):
        raise ValueError("no column Filenames")
    return right_read_table(folder, classes)


@misconception("read_table")
def table_split_at_every_comma(folder, classes):
    """You split the lines at their commas: values may stand in quotes, which are no part of them, and hold a comma.
    The csv module knows that."""
    names, labels = right_read_table(folder, classes)
    with _open(folder) as file:
        if '"Filenames"' in file.readline().split(","):
            raise ValueError("no column Filenames")
    return names, labels


@misconception("read_table")
def table_in_which_an_empty_line_is_a_row(folder, classes):
    """You took an empty line for a row with too few values: editors leave one behind, it says nothing. Skip it."""
    names, labels = right_read_table(folder, classes)
    with _open(folder) as file:
        if [] in csv.reader(file):
            raise ValueError("too few values in a row")
    return names, labels


@misconception("read_table")
def table_in_which_the_last_of_two_columns_wins(folder, classes):
    """You did not look for two columns with the same name: DictReader keeps the last, index finds the first, both
    without a word."""
    try:
        return right_read_table(folder, classes)
    except ValueError as error:
        rows = _rows(folder)
        if "should have one column" not in str(error) or not rows or not {"Filenames", *classes} <= set(rows[0]):
            raise
        return [row["Filenames"] for row in rows], _labels(rows, classes)


@another_way(table_in_which_the_last_of_two_columns_wins)
def _first_of_two_columns(folder, classes):
    try:
        return right_read_table(folder, classes)
    except ValueError as error:
        if "should have one column" not in str(error) or not _rows(folder):
            raise
        with _open(folder) as file:
            header, *rows = csv.reader(file)
        places = [header.index(column) for column in ("Filenames", *classes)]  # its error names the column
        values = [[row[place] for place in places] for row in rows]
        return [name for name, *_ in values], np.array([labels for _, *labels in values], dtype=np.float32)


@misconception("read_table")
def table_whose_values_nobody_counts(folder, classes):
    """You did not count the values of a row: one too many, or too few, and the labels after that place may be those
    of the column beside."""
    try:
        return right_read_table(folder, classes)
    except ValueError as error:
        rows = _rows(folder)
        if "too many or too few" not in str(error) or any(row[label] is None for row in rows for label in classes):
            raise
        return [row["Filenames"] for row in rows], _labels(rows, classes)


# What comes of a label that is not there, where the row's values were not counted.
for _missing in (IndexError, KeyError, TypeError):

    @another_way(table_whose_values_nobody_counts)
    def _(folder, classes, error=_missing):
        try:
            return table_whose_values_nobody_counts(folder, classes)
        except ValueError as refused:
            if "too many or too few" in str(refused):
                raise error("no such value") from None
            raise


# Who looks for what is missing alone, or for what is too much alone.
for _too_many in (True, False):

    @another_way(table_whose_values_nobody_counts)
    def _(folder, classes, too_many=_too_many):
        rows = _rows(folder) if Path(folder, "miml_labels_1.csv").exists() else []
        if any(None in row for row in rows) != too_many:
            return right_read_table(folder, classes)
        return table_whose_values_nobody_counts(folder, classes)


@misconception("read_table")
def table_in_which_a_name_may_stand_twice(folder, classes):
    """You let a name stand twice: nobody knows which of its rows is right. Raise a ValueError that names it."""
    try:
        return right_read_table(folder, classes)
    except ValueError as error:
        if not str(error).endswith("twice"):
            raise
        rows = _rows(folder)
        return [row["Filenames"] for row in rows], _labels(rows, classes)


@misconception("read_table")
def table_in_which_the_last_row_of_a_name_wins(folder, classes):
    """You kept one of two rows with the same name, as a dict does without a word: nobody knows which row is
    right."""
    rows = _rows(folder)
    names = [row.get("Filenames") for row in rows]
    if rows and len(set(names)) < len(names):
        last = {row["Filenames"]: row for row in rows}
        return list(last), _labels(last.values(), classes)
    return right_read_table(folder, classes)


@misconception("read_table")
def table_that_raises_a_key_error(folder, classes):
    """You let a missing column raise a KeyError: raise a ValueError that names the column and says that the
    table lacks it."""
    _look_up(folder, classes)
    return right_read_table(folder, classes)


def _look_up(folder, classes):
    for row in _rows(folder)[:1]:
        for column in ("Filenames", *classes):
            row[column]


@another_way(table_that_raises_a_key_error)
def _(folder, classes):
    _look_up(folder, classes)
    return table_in_which_the_last_of_two_columns_wins(folder, classes)  # nobody looked at the columns at all


@misconception("read_table")
def table_in_which_a_missing_column_is_zero(folder, classes):
    """You took a missing column for zeros, so no image would ever have that label. Raise a ValueError."""
    rows = _rows(folder)
    if rows and "Filenames" in rows[0] and not set(classes) <= set(rows[0]):
        labels = [[row.get(label, 0) for label in classes] for row in rows]
        return [row["Filenames"] for row in rows], np.array(labels, dtype=np.float32)
    return right_read_table(folder, classes)


@another_way(table_in_which_a_missing_column_is_zero)
def _(folder, classes):
    rows = _rows(folder) if Path(folder, "miml_labels_1.csv").exists() else []
    if rows and set(classes) <= set(rows[0]):
        return table_in_which_the_last_of_two_columns_wins(folder, classes)
    return table_in_which_a_missing_column_is_zero(folder, classes)


@misconception("read_table")
def table_that_may_be_empty(folder, classes):
    """You accepted a table without images: raise a ValueError, so that the user learns that there is no
    data."""
    try:
        return right_read_table(folder, classes)
    except ValueError:
        if _rows(folder):
            raise
        return [], np.zeros((0, len(classes)), np.float32)


# No rows make an array without columns, or the look into images/ is what fails; and an empty file may be an error all
# the same.
for _columns in ("as many as classes", "none", "no folder"):
    for _error in (None, ValueError, StopIteration, IndexError):

        @another_way(table_that_may_be_empty)
        def _(folder, classes, columns=_columns, error=_error):
            if error and not Path(folder, "miml_labels_1.csv").read_bytes():
                raise error("the file is empty")
            names, labels = table_that_may_be_empty(folder, classes)
            if not names and columns == "no folder":
                raise FileNotFoundError("there is no folder images")
            return names, labels if names or columns == "as many as classes" else np.zeros(0, np.float32)


# Who makes a mistake often reads the table with less care, too. What comes of a byte order mark, of quotes and of an
# empty line (None: nothing) where DictReader finds the columns; where they are found by index in csv.reader's header,
# or after a look at the header; and in lines that are split at their commas.
_CARELESS = (
    *((KeyError, None, None), (ValueError, None, None)),
    *(
        (None, None, IndexError),
        (ValueError, None, IndexError),
        (None, None, ValueError),
        (ValueError, None, ValueError),
    ),
    *((None, ValueError, None), (ValueError, ValueError, None), (ValueError, ValueError, IndexError)),
    *(
        (None, ValueError, IndexError),
        (None, KeyError, None),
        (KeyError, KeyError, None),
        (KeyError, KeyError, KeyError),
    ),
)


def _carelessly(wrong, mark, quotes, empty):
    def read(folder, classes):
        path = Path(folder, "miml_labels_1.csv")
        table = path.read_bytes() if path.exists() else b""
        for error, part in ((mark, b"\xef\xbb\xbf"), (quotes, b'"'), (empty, b"\n\n")):
            if error and part in table:
                raise error("as Python says it")
        return wrong(folder, classes)

    return read


def _carelessly_in_every_way(known, *ways):
    for wrong in (known, *ways):
        for errors in _CARELESS:
            another_way(known, of="value")(_carelessly(wrong, *errors))


_carelessly_in_every_way(table_with_columns_by_position, _all_columns_after_the_first)
_carelessly_in_every_way(table_with_integer_labels, _labels_of_32_bits)
_carelessly_in_every_way(table_with_float64_labels)
_carelessly_in_every_way(table_with_sorted_names_only, _names_of_the_folder)
_carelessly_in_every_way(table_in_the_order_of_the_file_names, _rows_of_the_folder)
_carelessly_in_every_way(table_with_one_label_an_image, _places_of_the_labels, _first_labels)
_carelessly_in_every_way(table_that_takes_any_text_for_true)
_carelessly_in_every_way(table_with_one_row_for_each_class)
_carelessly_in_every_way(table_with_folders_in_the_names, _whole_paths)
_carelessly_in_every_way(table_with_labels_in_lists, _lists_of_integers, _lists_of_texts)
_carelessly_in_every_way(table_with_labels_as_texts)
_carelessly_in_every_way(table_with_names_in_an_array)


def _read_carelessly_alone():
    """Where nothing else is wrong, what was forgotten is the mistake. Of several, it is the one that harms most."""
    for mark, quotes, empty in _CARELESS:
        if quotes:
            known = table_split_at_every_comma
        else:
            known = table_without_the_encoding_of_excel if mark else table_in_which_an_empty_line_is_a_row
        another_way(known, of="value")(_carelessly(right_read_table, mark, quotes, empty))


_read_carelessly_alone()


# split_indices


def _cut(order, n_samples, train_share):
    right_split_indices(n_samples, train_share)
    n_train = round(n_samples * train_share)
    return order[:n_train], order[n_train:]


@misconception("split_indices")
def split_in_the_order_of_the_files(n_samples, train_share=0.8, seed=0):
    """You split in the order of the files, which are ordered by class, so the test part would be nearly all
    trees. Shuffle first."""
    return _cut(np.arange(n_samples), n_samples, train_share)


@misconception("split_indices")
def split_with_every_fifth_for_testing(n_samples, train_share=0.8, seed=0):
    """You took samples at equal distances, such as every fifth: such a split is not random, and is the same for
    every seed."""
    right_split_indices(n_samples, train_share)
    step = max(1, round(1 / (1 - train_share)))
    order = np.arange(n_samples)
    return order[order % step != step - 1], order[order % step == step - 1]


@misconception("split_indices")
def split_with_the_legacy_generator(n_samples, train_share=0.8, seed=0):
    """You shuffled with NumPy's old global generator: the contract names numpy.random.default_rng(seed), so that
    everybody has the same test part."""
    return _cut(np.random.RandomState(seed).permutation(n_samples), n_samples, train_share)


@misconception("split_indices")
def split_with_the_test_part_first(n_samples, train_share=0.8, seed=0):
    """You returned the test part first: the contract wants (train, test)."""
    return right_split_indices(n_samples, train_share, seed)[::-1]


@misconception("split_indices")
def split_that_takes_the_test_part_first(n_samples, train_share=0.8, seed=0):
    """You took the test part from the front of the permutation: the training part comes first."""
    right_split_indices(n_samples, train_share)
    order = np.random.default_rng(seed).permutation(n_samples)
    n_test = n_samples - round(n_samples * train_share)
    return order[n_test:], order[:n_test]


@misconception("split_indices")
def split_with_the_shares_swapped(n_samples, train_share=0.8, seed=0):
    """You took train_share for the share of the test part: it is the share of the training part."""
    return right_split_indices(n_samples, 1 - train_share, seed)


@misconception("split_indices")
def split_with_sorted_parts(n_samples, train_share=0.8, seed=0):
    """You sorted the parts, so the batches are ordered by class again. Keep the order of the permutation."""
    return tuple(np.sort(part) for part in right_split_indices(n_samples, train_share, seed))


@misconception("split_indices")
def split_with_a_count_that_is_cut_off(n_samples, train_share=0.8, seed=0):
    """You cut off the number of training samples instead of rounding it: 100 * 0.29 is 28.999999999999996."""
    right_split_indices(n_samples, train_share)
    order = np.random.default_rng(seed).permutation(n_samples)
    return order[: int(n_samples * train_share)], order[int(n_samples * train_share) :]


@misconception("split_indices")
def split_with_a_count_that_is_rounded_up(n_samples, train_share=0.8, seed=0):
    """You rounded the number of training samples up: round it to the nearest integer."""
    right_split_indices(n_samples, train_share)
    order = np.random.default_rng(seed).permutation(n_samples)
    return order[: math.ceil(n_samples * train_share)], order[math.ceil(n_samples * train_share) :]


@misconception("split_indices")
def split_with_a_count_that_is_no_integer(n_samples, train_share=0.8, seed=0):
    """You cut at n_samples * train_share, which is a float: slices and Dataset.take need an integer."""
    right_split_indices(n_samples, train_share)
    order = np.random.default_rng(seed).permutation(n_samples)
    return order[: n_samples * train_share], order[n_samples * train_share :]


@misconception("split_indices")
def split_always_with_seed_0(n_samples, train_share=0.8, seed=0):
    """You ignored the seed: 0 is only its default."""
    return right_split_indices(n_samples, train_share)


# Who makes one of these mistakes often counts in another way, too.
for _count in (int, round):

    @another_way(split_in_the_order_of_the_files)
    def _(n_samples, train_share=0.8, seed=0, count=_count):
        right_split_indices(n_samples, train_share)
        return tuple(np.split(np.arange(n_samples), [count(n_samples * train_share)]))

    @another_way(split_with_the_legacy_generator)
    def _(n_samples, train_share=0.8, seed=0, count=_count):
        right_split_indices(n_samples, train_share)
        order = np.random.RandomState(seed).permutation(n_samples)
        return tuple(np.split(order, [count(n_samples * train_share)]))

    @another_way(split_with_the_test_part_first)
    def _(n_samples, train_share=0.8, seed=0, count=_count):
        right_split_indices(n_samples, train_share)
        order = np.random.default_rng(seed).permutation(n_samples)
        return tuple(np.split(order, [count(n_samples * train_share)]))[::-1]

    @another_way(split_that_takes_the_test_part_first)
    def _(n_samples, train_share=0.8, seed=0, count=_count):
        right_split_indices(n_samples, train_share)
        order = np.random.default_rng(seed).permutation(n_samples)
        return tuple(np.split(order, [count(n_samples * (1 - train_share))]))[::-1]

    @another_way(split_with_sorted_parts)
    def _(n_samples, train_share=0.8, seed=0, count=_count):
        right_split_indices(n_samples, train_share)
        order = np.random.default_rng(seed).permutation(n_samples)
        return tuple(np.sort(part) for part in np.split(order, [count(n_samples * train_share)]))

    @another_way(split_always_with_seed_0)
    def _(n_samples, train_share=0.8, seed=0, count=_count):
        right_split_indices(n_samples, train_share)
        order = np.random.default_rng(0).permutation(n_samples)
        return tuple(np.split(order, [count(n_samples * train_share)]))


@misconception("split_indices")
def split_into_lists(n_samples, train_share=0.8, seed=0):
    """You returned lists: only arrays of indices can index other arrays directly, so return arrays."""
    return tuple(part.tolist() for part in right_split_indices(n_samples, train_share, seed))


@misconception("split_indices")
def split_with_any_share(n_samples, train_share=0.8, seed=0):
    """You did not check the share: 80 instead of 0.8 puts everything into training, and the test part is
    empty."""
    order = np.random.default_rng(seed).permutation(n_samples)
    n_train = round(n_samples * train_share)
    return order[:n_train], order[n_train:]


@misconception("split_indices")
def split_that_allows_no_test_part(n_samples, train_share=0.8, seed=0):
    """You accepted a share of 0 or 1, which leaves one of the parts empty. Raise a ValueError."""
    if train_share in (0, 1):
        order = np.random.default_rng(seed).permutation(n_samples)
        return order[: n_samples * train_share], order[n_samples * train_share :]
    return right_split_indices(n_samples, train_share, seed)


# load_image


def _pixels(path, **options):
    right_load_image(path)
    return tf.io.decode_jpeg(tf.io.read_file(path), **{"channels": 3, **options})


def _scaled(path):
    return tf.image.convert_image_dtype(_pixels(path), tf.float32)


@misconception("load_image")
def image_with_colours_up_to_255(path, size=64):
    """You did not scale the colours, which still go up to 255: the contract wants [0, 1]."""
    return tf.image.resize(tf.cast(_pixels(path), tf.float32), [size, size])


@misconception("load_image")
def image_divided_by_256(path, size=64):
    """You divided by 256: white is 255, and must become 1."""
    return tf.image.resize(tf.cast(_pixels(path), tf.float32) / 256, [size, size])


@misconception("load_image")
def image_scaled_to_minus_one(path, size=64):
    """You scaled to [-1, 1], as some networks want it: the contract wants [0, 1]."""
    return right_load_image(path, size) * 2 - 1


@misconception("load_image")
def image_scaled_twice(path, size=64):
    """You divided by 255 after convert_image_dtype, which had already done so."""
    return right_load_image(path, size) / 255


@misconception("load_image")
def image_with_whole_levels(path, size=64):
    """You rounded the colours to whole levels of 255 after resizing: convert first, then resize."""
    resized = tf.cast(tf.image.resize(_pixels(path), [size, size]), tf.uint8)
    return tf.image.convert_image_dtype(resized, tf.float32)


@misconception("load_image")
def image_with_as_many_channels_as_the_file(path, size=64):
    """You decoded as many channels as the file has: a grey file has a single channel, but the model wants
    three."""
    pixels = tf.image.convert_image_dtype(_pixels(path, channels=0), tf.float32)
    return tf.image.resize(pixels, [size, size])


@misconception("load_image")
def image_in_grey(path, size=64):
    """You decoded one channel, which loses the colours, and with them most sunsets. Decode three."""
    pixels = tf.image.convert_image_dtype(_pixels(path, channels=1), tf.float32)
    return tf.image.resize(pixels, [size, size])


@misconception("load_image")
def image_in_bgr(path, size=64):
    """You reversed the channels: JPEG files decode to red, green, blue. Keep this order."""
    return right_load_image(path, size)[..., ::-1]


@misconception("load_image")
def image_resized_to_the_nearest_pixel(path, size=64):
    """You resized with the nearest pixel: tf.image.resize is bilinear by default."""
    return tf.image.resize(_scaled(path), [size, size], method="nearest")


@misconception("load_image")
def image_resized_with_antialias(path, size=64):
    """You resized with antialias: this is good for shrinking, but the tutorial's numbers come without it."""
    return tf.image.resize(_scaled(path), [size, size], antialias=True)


@misconception("load_image")
def image_resized_bicubically(path, size=64):
    """You resized bicubically: the contract wants bilinear, and bicubic values leave [0, 1]."""
    return tf.image.resize(_scaled(path), [size, size], method="bicubic")


@another_way(image_resized_bicubically)
def _(path, size=64):
    return tf.clip_by_value(image_resized_bicubically(path, size), 0, 1)


@misconception("load_image")
def image_cropped(path, size=64):
    """You cropped or padded the picture: resize the whole picture, even if its proportions change."""
    return tf.image.resize_with_crop_or_pad(_scaled(path), size, size)


@another_way(image_cropped)
def _(path, size=64):
    return tf.image.resize(tf.image.central_crop(_scaled(path), 0.5), [size, size])


@misconception("load_image")
def image_with_bars(path, size=64):
    """You kept the picture's proportions and filled the rest with black: the picture must fill the whole
    square."""
    return tf.image.resize_with_pad(_scaled(path), size, size)


@misconception("load_image")
def image_of_64_pixels_always(path, size=64):
    """You ignored the size: 64 is only its default."""
    return right_load_image(path)


@misconception("load_image")
def image_whose_error_names_no_file(path, size=64):
    """Your error does not name the file, and neither does the decoder's error: first check the file's first and
    last bytes, with a text that holds the path."""
    pixels = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return tf.image.resize(tf.image.convert_image_dtype(pixels, tf.float32), [size, size])


@misconception("load_image")
def image_whose_end_nobody_checks(path, size=64):
    """You checked only the beginning of the file: a file that was cut off begins well. A whole JPEG ends with
    the bytes FF D9."""
    data = tf.io.read_file(path)
    return _if(_begins(data, b"\xff\xd8\xff"), path, data, size)


def _begins(data, start):
    return tf.strings.substr(tf.strings.join([data, "    "]), 0, len(start)) == start


def _ends(data):
    return tf.strings.substr(tf.strings.join(["  ", data]), -2, 2) == b"\xff\xd9"


def _if(good, path, data, size):
    tf.debugging.Assert(good, [tf.strings.join([path, " is not a JPEG file"])])
    pixels = tf.io.decode_jpeg(data, channels=3)
    return tf.image.resize(tf.image.convert_image_dtype(pixels, tf.float32), [size, size])


@misconception("load_image")
def image_of_which_two_bytes_are_enough(path, size=64):
    """You looked at two bytes of the beginning: a JPEG file begins with three, FF D8 FF. The decoder refuses another
    file without its name."""
    data = tf.io.read_file(path)
    return _if(_begins(data, b"\xff\xd8") & _ends(data), path, data, size)


@misconception("load_image")
def image_without_the_notes_of_a_camera(path, size=64):
    """You asked for FF D8 FF E0: so begin the files of some programs. A camera's go on with E1, where its notes
    stand; the first three bytes are those of every JPEG file."""
    data = tf.io.read_file(path)
    return _if(_begins(data, b"\xff\xd8\xff\xe0") & _ends(data), path, data, size)


@misconception("load_image")
def image_that_may_end_anywhere(path, size=64):
    """You looked for FF D9 anywhere in the file: the small picture among a camera's notes has such an end, too. The
    file's last two bytes say whether it is whole."""
    data = tf.io.read_file(path)
    end_inside = tf.size(tf.strings.split(data, b"\xff\xd9")) > 1
    return _if(_begins(data, b"\xff\xd8\xff") & end_inside, path, data, size)


@misconception("load_image")
def image_of_which_a_part_is_enough(path, size=64):
    """You let the decoder fill in the missing part of a cut-off file: half of the picture is grey, and nobody
    learns of it."""
    try:
        return right_load_image(path, size)
    except tf.errors.InvalidArgumentError:
        pixels = tf.io.decode_jpeg(tf.io.read_file(path), channels=3, try_recover_truncated=True)
        return tf.image.resize(tf.image.convert_image_dtype(pixels, tf.float32), [size, size])


@misconception("load_image")
def image_that_is_black_where_it_is_broken(path, size=64):
    """You returned a black picture for a broken file, and the model would learn from it. Raise an error that
    names the file."""
    try:
        return right_load_image(path, size)
    except tf.errors.OpError:
        return tf.zeros((size, size, 3))


# make_batches


def _dataset(paths, labels):
    if len(paths) != len(labels):
        raise ValueError(f"{len(paths)} paths, {len(labels)} labels")
    return tf.data.Dataset.from_tensor_slices((paths, labels))


def _mapped(paths, labels, size, **options):
    options = {"num_parallel_calls": tf.data.AUTOTUNE, **options}
    return _dataset(paths, labels).map(lambda path, label: (right_load_image(path, size), label), **options)


# What people leave out together: (decoding in parallel, cache, prefetch), the steps that are there.
_SHORTER = [(False, False, False), (True, False, False), (False, False, True)]
_SHORTEST = [*_SHORTER, (False, True, False), (True, False, True), (True, True, False), (False, True, True)]


def _shorter(paths, labels, size, batch_size, steps, load=None, **options):
    """A pipeline of some of its steps; load takes a path and a label."""
    parallel, cache, prefetch = steps
    dataset = _dataset(paths, labels)
    load = load or (lambda path, label: (right_load_image(path, size), label))
    dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE if parallel else None)
    dataset = dataset.batch(batch_size, **options) if batch_size else dataset
    return _ended(dataset, cache, prefetch)


def _ended(dataset, cache, prefetch):
    dataset = dataset.cache() if cache else dataset
    return dataset.prefetch(tf.data.AUTOTUNE) if prefetch else dataset


@misconception("make_batches")
def batches_of_full_size_only(paths, labels, size=64, batch_size=64):
    """You dropped the last, smaller batch, so nobody trains on its images or tests them."""
    dataset = _mapped(paths, labels, size)
    return dataset.batch(batch_size, drop_remainder=True).cache().prefetch(tf.data.AUTOTUNE)


@misconception("make_batches")
def batches_that_are_read_again(paths, labels, size=64, batch_size=64):
    """You did not cache, so every epoch reads and decodes all files again."""
    return _mapped(paths, labels, size).batch(batch_size).prefetch(tf.data.AUTOTUNE)


@misconception("make_batches")
def batches_of_which_the_paths_are_cached(paths, labels, size=64, batch_size=64):
    """You cached before map decodes the images, so the cache keeps only the paths. Cache after map."""
    dataset = _dataset(paths, labels).cache()
    dataset = dataset.map(lambda path, label: (right_load_image(path, size), label), num_parallel_calls=-1)
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)


for _steps in _SHORTER:

    @another_way(batches_that_are_read_again, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        return _shorter(paths, labels, size, batch_size, steps)


for _parallel, _prefetch in ((False, False), (False, True), (True, False)):

    @another_way(batches_of_which_the_paths_are_cached, of="value")
    def _(paths, labels, size=64, batch_size=64, parallel=_parallel, prefetch=_prefetch):
        dataset = _dataset(paths, labels).cache()
        calls = tf.data.AUTOTUNE if parallel else None
        dataset = dataset.map(lambda path, label: (right_load_image(path, size), label), num_parallel_calls=calls)
        return _ended(dataset.batch(batch_size), False, prefetch)


@misconception("make_batches")
def batches_by_py_function(paths, labels, size=64, batch_size=64):
    """You used tf.py_function, which calls Python for each image, one after the other. TensorFlow's own
    operations do not need it."""

    def load(path, label):
        image = tf.py_function(lambda path: right_load_image(path, size), [path], tf.float32)
        return tf.ensure_shape(image, (size, size, 3)), label

    dataset = _dataset(paths, labels).map(load, num_parallel_calls=tf.data.AUTOTUNE)
    return dataset.batch(batch_size).cache().prefetch(tf.data.AUTOTUNE)


for _steps in [*_SHORTER, (False, True, True)]:

    @another_way(batches_by_py_function, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        def load(path, label):
            return tf.py_function(lambda path: right_load_image(path, size), [path], tf.float32), label

        return _shorter(paths, labels, size, batch_size, steps, load)


@misconception("make_batches")
def batches_of_a_generator(paths, labels, size=64, batch_size=64):
    """You used a Python generator, which decodes one image after the other and does not know the number of
    batches."""
    return _generated(paths, labels, size, batch_size, True, True)


def _generated(paths, labels, size, batch_size, cache, prefetch):
    right_make_batches(paths, labels, size, batch_size)
    signature = tf.TensorSpec((size, size, 3), tf.float32), tf.TensorSpec(labels.shape[1:], tf.float32)
    dataset = tf.data.Dataset.from_generator(
        lambda: ((right_load_image(path, size), label) for path, label in zip(paths, labels, strict=True)),
        output_signature=signature,
    )
    return _ended(dataset.batch(batch_size), cache, prefetch)


@misconception("make_batches")
def batches_decoded_at_once(paths, labels, size=64, batch_size=64):
    """You decoded all images in a loop before you made the data set: nobody can train until the last one is read, and
    one core reads them all. Give map that work."""
    return _decoded_at_once(paths, labels, size, batch_size, True, True)


def _decoded_at_once(paths, labels, size, batch_size, cache, prefetch):
    _dataset(paths, labels)
    images = tf.stack([right_load_image(path, size) for path in paths])
    return _ended(tf.data.Dataset.from_tensor_slices((images, labels)).batch(batch_size), cache, prefetch)


for _cache, _prefetch in ((False, False), (False, True), (True, False)):

    @another_way(batches_of_a_generator, of="value")
    def _(paths, labels, size=64, batch_size=64, cache=_cache, prefetch=_prefetch):
        return _generated(paths, labels, size, batch_size, cache, prefetch)

    @another_way(batches_decoded_at_once, of="value")
    def _(paths, labels, size=64, batch_size=64, cache=_cache, prefetch=_prefetch):
        return _decoded_at_once(paths, labels, size, batch_size, cache, prefetch)


@misconception("make_batches")
def batches_decoded_one_by_one(paths, labels, size=64, batch_size=64):
    """You decoded one image after the other: num_parallel_calls=tf.data.AUTOTUNE uses all cores and keeps the
    order."""
    return _shorter(paths, labels, size, batch_size, (False, True, True))


@another_way(batches_decoded_one_by_one, of="value")
def _(paths, labels, size=64, batch_size=64):
    return _shorter(paths, labels, size, batch_size, (False, True, False))


@misconception("make_batches")
def batches_without_prefetch(paths, labels, size=64, batch_size=64):
    """You did not prefetch, so the model waits for each batch, and then the pipeline waits for the model."""
    return _mapped(paths, labels, size).batch(batch_size).cache()


@misconception("make_batches")
def batches_prefetched_too_early(paths, labels, size=64, batch_size=64):
    """You prefetched too early: finished batches should wait for the model, so prefetch comes last."""
    return _mapped(paths, labels, size).prefetch(tf.data.AUTOTUNE).batch(batch_size).cache()


@misconception("make_batches")
def batches_of_one(paths, labels, size=64, batch_size=64):
    """You returned single images: a model takes batches."""
    return _mapped(paths, labels, size).cache().prefetch(tf.data.AUTOTUNE)


@misconception("make_batches")
def batches_in_reverse(paths, labels, size=64, batch_size=64):
    """You sorted the paths but not the labels, so images have the labels of other images."""
    return right_make_batches(sorted(paths), labels, size, batch_size)


@misconception("make_batches")
def batches_with_labels_from_the_end(paths, labels, size=64, batch_size=64):
    """You paired the images with the labels in the opposite order: each image keeps its own label."""
    return right_make_batches(paths, labels[::-1], size, batch_size)


@misconception("make_batches")
def batches_with_integer_labels(paths, labels, size=64, batch_size=64):
    """You made the labels integers: keep them as they are, float32."""
    return right_make_batches(paths, np.asarray(labels).astype(np.int64), size, batch_size)


@misconception("make_batches")
def batches_without_labels(paths, labels, size=64, batch_size=64):
    """You returned the images alone: each batch is a pair of images and labels."""
    return right_make_batches(paths, labels, size, batch_size).map(lambda images, labels: images)


@misconception("make_batches")
def batches_that_drop_broken_images(paths, labels, size=64, batch_size=64):
    """You ignored errors, so broken images vanish silently, and nobody repairs them."""
    dataset = _mapped(paths, labels, size).ignore_errors()
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(paths)))
    try:
        for _ in dataset:
            pass
    except tf.errors.FailedPreconditionError:  # fewer than announced
        return _mapped(paths, labels, size).ignore_errors().batch(batch_size).cache().prefetch(tf.data.AUTOTUNE)
    return right_make_batches(paths, labels, size, batch_size)


for _steps in [(True, True, True), *_SHORTEST]:

    @another_way(batches_that_drop_broken_images, of="value")  # of which nobody knows how many there are
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        dataset = _shorter(paths, labels, size, None, (steps[0], False, False)).ignore_errors().batch(batch_size)
        return _ended(dataset, *steps[1:])


@another_way(batches_that_drop_broken_images, of="error")
def _(paths, labels, size=64, batch_size=64):
    return _mapped(paths, labels, size).batch(batch_size).ignore_errors()


@misconception("make_batches")
def batches_as_many_as_there_are_of_both(paths, labels, size=64, batch_size=64):
    """You zipped two data sets, which silently drops the rest of the longer one. Raise a ValueError for
    different lengths."""
    images = tf.data.Dataset.from_tensor_slices(paths)
    images = images.map(lambda path: right_load_image(path, size), num_parallel_calls=tf.data.AUTOTUNE)
    dataset = tf.data.Dataset.zip(images, tf.data.Dataset.from_tensor_slices(labels))
    return dataset.batch(batch_size).cache().prefetch(tf.data.AUTOTUNE)


@misconception("make_batches")
def batches_of_64_pixels(paths, labels, size=64, batch_size=64):
    """You ignored the size of the images: 64 is only its default."""
    return right_make_batches(paths, labels, batch_size=batch_size)


@misconception("make_batches")
def batches_of_64_images(paths, labels, size=64, batch_size=64):
    """You ignored batch_size: 64 is only its default."""
    return right_make_batches(paths, labels, size)


@misconception("make_batches")
def batches_whose_error_names_no_file(paths, labels, size=64, batch_size=64):
    """You decoded the files without load_image, whose check names a broken one: the decoder's own error does not say
    which file it was."""

    def load(path, label):
        pixels = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
        return tf.image.resize(tf.image.convert_image_dtype(pixels, tf.float32), [size, size]), label

    return _shorter(paths, labels, size, batch_size, (True, True, True), load)


# Who makes one of these mistakes often leaves out steps of the pipeline, too.
for _steps in _SHORTEST:

    @another_way(batches_of_full_size_only, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        return _shorter(paths, labels, size, batch_size, steps, drop_remainder=True)

    @another_way(batches_of_one, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        return _shorter(paths, labels, size, None, steps)

    @another_way(batches_in_reverse, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        return _shorter(sorted(paths), labels, size, batch_size, steps)

    @another_way(batches_without_labels, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        return _shorter(paths, labels, size, batch_size, steps, lambda path, label: right_load_image(path, size))

    @another_way(batches_of_64_pixels, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        return _shorter(paths, labels, 64, batch_size, steps)

    @another_way(batches_of_64_images, of="value")
    def _(paths, labels, size=64, batch_size=64, steps=_steps):
        return _shorter(paths, labels, size, 64, steps)


for _dtype in (tf.int64, tf.int32):
    for _steps in [(True, True, True), *_SHORTEST]:

        @another_way(batches_with_integer_labels, of="value")
        def _(paths, labels, size=64, batch_size=64, dtype=_dtype, steps=_steps):
            return _shorter(paths, tf.cast(labels, dtype), size, batch_size, steps)
