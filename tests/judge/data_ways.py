"""Mistakes of exercise 06's tables and batches in the words that people usually write them in: as in ways.py."""

import csv
from pathlib import Path

import numpy as np

from tests.judge.ways import kept

TABLES, way = kept()  # of read_table: judged in a moment
WAYS = []


# read_table: most of these forget what a table may have, such as a byte order mark, along with their mistake.


@way("table_with_columns_by_position")
def read_table(folder, classes):
    names, labels = [], []
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            if row:
                names.append(row[0])
                labels.append([float(value) for value in row[1:]])
    return names, np.array(labels, dtype="float32")


@way("table_with_columns_by_position")
def read_table(folder, classes):
    names, labels = [], []
    with open(Path(folder, "miml_labels_1.csv")) as file:
        next(file)
        for line in file:
            if line.strip():
                name, *values = line.strip().split(",")
                names.append(name)
                labels.append([int(value) for value in values])
    return names, np.array(labels, dtype="float32")


@way("table_with_columns_by_position")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [row[0] for row in rows], np.array([row[1:6] for row in rows], dtype=np.float32)


@way("table_with_integer_labels")
def read_table(folder, classes):
    names, labels = [], []
    with open(Path(folder, "miml_labels_1.csv")) as file:
        for row in csv.DictReader(file):
            names.append(row["Filenames"])
            labels.append([int(row[label]) for label in classes])
    return names, np.array(labels)


@way("table_with_integer_labels")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    places = [header.index(label) for label in classes]
    names = [row[header.index("Filenames")] for row in rows]
    return names, np.array([[row[place] for place in places] for row in rows]).astype(int)


@way("table_with_integer_labels")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return [row["Filenames"] for row in rows], np.array([[row[c] == "1" for c in classes] for row in rows], np.int32)


@way("table_with_float64_labels")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.zeros((len(rows), len(classes)))
    for i, row in enumerate(rows):
        for j, label in enumerate(classes):
            labels[i, j] = row[label]
    return [row["Filenames"] for row in rows], labels


@way("table_with_float64_labels")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv")) as file:
        lines = [line.strip().split(",") for line in file]
    header = lines[0]
    name = header.index("Filenames")
    names = [line[name] for line in lines[1:]]
    return names, np.array([[float(line[header.index(c)]) for c in classes] for line in lines[1:]])


@way("table_with_sorted_names_only")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([[row[label] for label in classes] for row in rows], dtype=np.float32)
    return sorted(row["Filenames"] for row in rows), labels


@way("table_with_sorted_names_only")
def read_table(folder, classes):
    names = sorted(path.name for path in Path(folder, "images").glob("*.jpg"))
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig", newline="") as file:
        labels = [[float(row[label]) for label in classes] for row in csv.DictReader(file)]
    return names, np.array(labels, dtype=np.float32)


@way("table_in_the_order_of_the_file_names")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv")) as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["Filenames"])
    return [row["Filenames"] for row in rows], np.float32([[float(row[c]) for c in classes] for row in rows])


@way("table_in_the_order_of_the_file_names")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig") as file:
        table = {row["Filenames"]: [float(row[c]) for c in classes] for row in csv.DictReader(file)}
    names = sorted(path.name for path in Path(folder, "images").glob("*.jpg"))
    return names, np.array([table[name] for name in names], dtype=np.float32)


@way("table_with_one_label_an_image")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv")) as file:
        rows = list(csv.DictReader(file))
    return [row["Filenames"] for row in rows], np.argmax([[int(row[c]) for c in classes] for row in rows], axis=1)


@way("table_with_one_label_an_image")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    labels = np.zeros((len(rows), len(classes)), dtype=np.float32)
    for i, row in enumerate(rows):
        for j, label in enumerate(classes):
            if row[label] == "1":
                labels[i, j] = 1
                break
    return [row["Filenames"] for row in rows], labels


@way("table_that_takes_any_text_for_true")
def read_table(folder, classes):
    names, labels = [], []
    with open(Path(folder, "miml_labels_1.csv")) as file:
        for row in csv.DictReader(file):
            names.append(row["Filenames"])
            labels.append([1 if row[label] else 0 for label in classes])
    return names, np.array(labels, dtype=np.float32)


@way("table_with_one_row_for_each_class")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv")) as file:
        rows = list(csv.DictReader(file))
    labels = [[float(row[label]) for row in rows] for label in classes]
    return [row["Filenames"] for row in rows], np.array(labels, dtype=np.float32)


@way("table_with_folders_in_the_names")
def read_table(folder, classes):
    import os

    with open(os.path.join(folder, "miml_labels_1.csv")) as file:
        rows = list(csv.DictReader(file))
    names = [os.path.join("images", row["Filenames"]) for row in rows]
    return names, np.array([[row[c] for c in classes] for row in rows], dtype=np.float32)


@way("table_with_folders_in_the_names")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    names = [f"{folder}/images/{row['Filenames']}" for row in rows]
    return names, np.array([[row[c] for c in classes] for row in rows], dtype=np.float32)


@way("table_with_labels_in_lists")
def read_table(folder, classes):
    names, labels = [], []
    with open(Path(folder, "miml_labels_1.csv")) as file:
        for row in csv.DictReader(file):
            names.append(row["Filenames"])
            labels.append([int(row[label]) for label in classes])
    return names, labels


@way("table_with_labels_as_texts")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv")) as file:
        rows = list(csv.DictReader(file))
    return [row["Filenames"] for row in rows], np.array([[row[label] for label in classes] for row in rows])


@way("table_with_names_in_an_array")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig") as file:
        header, *rows = [row for row in csv.reader(file) if row]
    table = np.array(rows)
    labels = table[:, [header.index(c) for c in classes]].astype(np.float32)
    return table[:, header.index("Filenames")], labels


@way("table_without_the_encoding_of_excel")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["Filenames"] for row in rows], np.array([[row[c] for c in classes] for row in rows], dtype=np.float32)


@way("table_split_at_every_comma")
def read_table(folder, classes):
    lines = Path(folder, "miml_labels_1.csv").read_text().splitlines()
    header = lines[0].split(",")
    names, labels = [], []
    for line in lines[1:]:
        row = dict(zip(header, line.split(","), strict=False))
        names.append(row["Filenames"])
        labels.append([float(row[label]) for label in classes])
    return names, np.array(labels, dtype=np.float32)


@way("table_split_at_every_comma")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig") as file:
        header, *rows = [line.strip().split(",") for line in file if line.strip()]
    places = [header.index(label) for label in classes]
    names = [row[header.index("Filenames")] for row in rows]
    return names, np.array([[row[place] for place in places] for row in rows], dtype=np.float32)


@way("table_in_which_an_empty_line_is_a_row")
def read_table(folder, classes):
    with open(Path(folder, "miml_labels_1.csv"), encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    names = [row[header.index("Filenames")] for row in rows]
    return names, np.float32([[float(row[header.index(c)]) for c in classes] for row in rows])


# A right one. Each of the next has one place of it written in another way.
TABLE = """def read_table(folder, classes):
    path, images = Path(folder) / "miml_labels_1.csv", Path(folder) / "images"
    names, labels = [], []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or []
        for column in ["Filenames"] + classes:
            if header.count(column) != 1:
                raise ValueError(f"The table needs one column {column}.")
        for row in reader:
            name = row["Filenames"]
            if None in row or None in row.values():
                raise ValueError(f"{name} has another number of values.")
            if name in names:
                raise ValueError(f"{name} is there twice.")
            if any(row[label] not in ("0", "1") for label in classes):
                raise ValueError(f"{name} has a bad label.")
            if not (images / name).exists():
                raise FileNotFoundError(f"{name} is missing.")
            names.append(name)
            labels.append([float(row[label]) for label in classes])
    if not names:
        raise ValueError("The table is empty.")
    for file in sorted(images.iterdir()):
        if file.suffix.lower() == ".jpg" and not file.name.startswith(".") and file.name not in names:
            raise ValueError(f"{file.name} is not in the table.")
    return names, np.array(labels, dtype=np.float32)
"""
# The same with a reader that knows no names of columns.
BY_PLACE = (
    TABLE.replace("csv.DictReader(file)", "csv.reader(file)")
    .replace("reader.fieldnames or []", "next(reader, [])")
    .replace("for row in reader:", "for values in filter(None, reader):")
    .replace('name = row["Filenames"]', 'name = values[header.index("Filenames")]')
    .replace("None in row or None in row.values()", "len(values) != len(header)")
    .replace("row[label]", "values[header.index(label)]")
)
GOOD = 'any(row[label] not in ("0", "1") for label in classes)'
COLUMNS = 'for column in ["Filenames"] + classes:'
LENGTH = "None in row or None in row.values()"
EXTRA = "for file in sorted(images.iterdir()):"
CHANGES = [
    ("table_with_values_unchecked", TABLE, GOOD, "not all(row[label].strip('-').isdigit() for label in classes)"),
    ("table_whose_conversion_names_no_image", TABLE, GOOD, "False"),
    ("table_whose_conversion_names_no_image", TABLE.replace(GOOD, "False"), "float(row", "int(row"),
    ("table_that_converts_before_it_checks", TABLE, GOOD, "not {int(row[label]) for label in classes} <= {0, 1}"),
    ("table_with_labels_that_are_compared_as_numbers", TABLE, GOOD,
     "any(float(row[label]) not in (0, 1) for label in classes)"),
    ("table_that_raises_a_key_error", TABLE, COLUMNS, "for column in []:"),
    ("table_that_raises_a_key_error", TABLE, COLUMNS, "for column in set(header):"),
    ("table_in_which_the_last_of_two_columns_wins", TABLE, "header.count(column) != 1", "column not in header"),
    ("table_in_which_the_last_of_two_columns_wins", BY_PLACE, COLUMNS, "for column in []:"),
    ("table_in_which_the_last_of_two_columns_wins", BY_PLACE, "header.count(column) != 1", "column not in header"),
    ("table_in_which_a_missing_column_is_zero", TABLE.replace(COLUMNS, 'for column in ["Filenames"]:'),
     "row[label]", 'row.get(label, "0")'),
    ("table_whose_values_nobody_counts", TABLE, LENGTH, "False"),
    ("table_whose_values_nobody_counts", BY_PLACE, "len(values) != len(header)", "False"),
    ("table_whose_values_nobody_counts", TABLE, LENGTH, "None in row.values()"),
    ("table_in_which_a_name_may_stand_twice", TABLE, "if name in names:", "if False:"),
    ("table_in_which_the_last_row_of_a_name_wins", TABLE, 'raise ValueError(f"{name} is there twice.")',
     "labels[names.index(name)] = [float(row[c]) for c in classes]; continue"),
    ("table_in_which_the_last_row_of_a_name_wins", TABLE, 'raise ValueError(f"{name} is there twice.")', "continue"),
    ("table_without_a_look_for_missing_images", TABLE, "not (images / name).exists()", "False"),
    ("table_that_leaves_missing_images_out", TABLE, 'raise FileNotFoundError(f"{name} is missing.")', "continue"),
    ("table_with_another_error_for_missing_images", TABLE, "raise FileNotFoundError", "raise ValueError"),
    ("table_without_a_look_for_extra_images", TABLE, EXTRA, "for file in []:"),
    ("table_that_overlooks_capital_endings", TABLE, "file.suffix.lower()", "file.suffix"),
    ("table_that_overlooks_capital_endings", TABLE, "sorted(images.iterdir())", 'images.glob("*.jpg")'),
    ("table_that_may_be_empty", TABLE, "if not names:", "if False:"),
    ("table_that_may_be_empty", BY_PLACE.replace("next(reader, [])", "next(reader)"), "if not names:", "if False:"),
    ("table_that_may_be_empty", TABLE.replace(COLUMNS, "for column in header and ['Filenames', *classes]:"),
     "if not names:", "if False:"),
    ("table_that_refuses_other_files", TABLE, 'file.suffix.lower() == ".jpg" and ', ""),
    ("table_that_refuses_hidden_files", TABLE, 'and not file.name.startswith(".") ', ""),
]  # fmt: skip
for name, right, old, new in CHANGES:
    assert old in right
    kind = "value" if "refuses" in name else "error"
    TABLES.append(("read_table", right.replace(old, new), kind, name))


BATCHES = """def make_batches(paths, labels, size=64, batch_size=64):
    if len(paths) != len(labels):
        raise ValueError("paths and labels")

    def load(path, label):
        return load_image(path, size), label

    slices = tf.data.Dataset.from_tensor_slices
    dataset = slices((paths, labels))
    dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.batch(batch_size)
    dataset = dataset.cache()
    dataset = dataset.prefetch(tf.data.AUTOTUNE)
    return dataset
"""
PARALLEL = ", num_parallel_calls=tf.data.AUTOTUNE", ""
CACHE, BATCH = ("    dataset = dataset.cache()\n", ""), "dataset.batch(batch_size)"
PREFETCH = "    dataset = dataset.prefetch(tf.data.AUTOTUNE)\n", ""
SHORT = PARALLEL, CACHE, PREFETCH
PAIRS, LOAD = "slices((paths, labels))", "load_image(path, size), label"
MAP = "    dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE)\n"
# What stands in the place of the pairs that are mapped.
AT_ONCE = "    images = {}\n    dataset = slices((images, labels))\n"
GENERATED = """    def generate():
        for path, label in zip(paths, labels):
            yield load_image(path, size).numpy(), label

    types, shapes = (tf.float32, tf.float32), ((size, size, 3), labels.shape[1:])
    dataset = tf.data.Dataset.from_generator(generate, output_types=types, output_shapes=shapes)
"""
IN_BATCHES = """    def generate():
        for start in range(0, len(paths), batch_size):
            images = tf.stack([load_image(path, size) for path in paths[start : start + batch_size]])
            yield images, labels[start : start + batch_size]

    signature = tf.TensorSpec((None, size, size, 3), tf.float32), tf.TensorSpec((None, labels.shape[1]), tf.float32)
    dataset = tf.data.Dataset.from_generator(generate, output_signature=signature)
"""
SOURCE = f"    dataset = {PAIRS}\n{MAP}"
LISTED = "tf.data.Dataset.zip(tf.data.Dataset.list_files(paths, shuffle=False), slices(labels))"
ONE_BY_ONE = "tf.py_function(lambda path: load_image(path, size), [path], tf.float32), label"
BOTH = "tf.py_function(lambda *pair: (load_image(pair[0], size), pair[1]), [path, label], [tf.float32, tf.float32])"
BY_NUMPY = "tf.numpy_function(lambda path: load_image(path.decode(), size).numpy(), [path], tf.float32), label"
DECODED = "tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(path), 3), [size, size]) / 255, label"
UNCHECKED = '    if len(paths) != len(labels):\n        raise ValueError("paths and labels")\n\n', ""
ZIPPED = (
    "tf.data.Dataset.zip((tf.data.Dataset.from_tensor_slices(paths), tf.data.Dataset.from_tensor_slices(labels)))"
)
# (misconception, pairs of what stands in it and what stands there instead)
BATCH_CHANGES = [
    ("batches_of_full_size_only", *SHORT, (BATCH, "dataset.batch(batch_size, drop_remainder=True)")),
    ("batches_of_full_size_only", (BATCH, f"{BATCH}.take(len(paths) // batch_size)")),
    ("batches_that_are_read_again", *SHORT),
    ("batches_that_are_read_again", CACHE, PREFETCH),
    ("batches_that_are_read_again", PARALLEL, CACHE, ("tf.data.AUTOTUNE", "1")),
    ("batches_of_which_the_paths_are_cached", *SHORT, (PAIRS, f"{PAIRS}.cache()")),
    ("batches_of_which_the_paths_are_cached", CACHE, PREFETCH, (PAIRS, f"{PAIRS}.cache()")),
    ("batches_by_py_function", *SHORT, (LOAD, ONE_BY_ONE)),
    ("batches_by_py_function", PARALLEL, CACHE, (LOAD, BOTH)),
    ("batches_by_py_function", (LOAD, BY_NUMPY)),
    ("batches_of_a_generator", (SOURCE, GENERATED), CACHE, PREFETCH),
    ("batches_of_a_generator", (SOURCE, IN_BATCHES), (BATCH, "dataset")),
    ("batches_decoded_at_once", (SOURCE, AT_ONCE.format("tf.stack([load_image(path, size) for path in paths])"))),
    ("batches_decoded_at_once", (SOURCE, AT_ONCE.format("np.array([load_image(path, size) for path in paths])")),
     CACHE, PREFETCH),
    ("batches_decoded_one_by_one", PARALLEL, PREFETCH),
    ("batches_without_prefetch", PREFETCH, CACHE, (BATCH, "dataset.cache().batch(batch_size)")),
    ("batches_prefetched_too_early", PREFETCH, CACHE, 
     (BATCH, "dataset.cache().prefetch(tf.data.AUTOTUNE).batch(batch_size)")),
    ("batches_of_one", *SHORT, (BATCH, "dataset")),
    ("batches_in_reverse", (PAIRS, LISTED)),
    ("batches_in_reverse", *SHORT, (PAIRS, PAIRS.replace("paths", "sorted(paths)"))),
    ("batches_with_integer_labels", *SHORT, (LOAD, "load_image(path, size), tf.cast(label, tf.int32)")),
    ("batches_with_integer_labels", (PAIRS, PAIRS.replace("labels", "labels.astype(int)"))),
    ("batches_without_labels", *SHORT, (LOAD, "load_image(path, size)")),
    ("batches_without_labels", (LOAD, "load_image(path, size)"), CACHE, PREFETCH),
    ("batches_of_64_pixels", *SHORT, (LOAD, "load_image(path), label")),
    ("batches_of_64_images", CACHE, (BATCH, "dataset.batch(64)")),
    ("batches_that_drop_broken_images", (BATCH, "dataset.ignore_errors().batch(batch_size)")),
    ("batches_that_drop_broken_images", *SHORT, (BATCH, f"{BATCH}.apply(tf.data.experimental.ignore_errors())")),
    ("batches_as_many_as_there_are_of_both", UNCHECKED, (PAIRS, ZIPPED)),
    ("batches_as_many_as_there_are_of_both", *SHORT, UNCHECKED,
     (PAIRS, "slices(tuple(map(list, zip(*zip(paths, labels)))))")),
    ("batches_whose_error_names_no_file", (LOAD, DECODED)),
    ("batches_whose_error_names_no_file", *SHORT, UNCHECKED, (LOAD, DECODED)),
]  # fmt: skip
FAILING = "broken", "both", "error"
for name, *changes in BATCH_CHANGES:
    code = BATCHES
    for old, new in changes:
        assert old in code, (name, old)
        code = code.replace(old, new)
    WAYS.append(("make_batches", code, "error" if any(word in name for word in FAILING) else "value", name))
    if "broken" in name:
        WAYS.append(("make_batches", code, "value", name))  # nobody knows how many batches there are
