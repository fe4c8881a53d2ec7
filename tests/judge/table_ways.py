"""Mistakes of exercise 06's `read_table` in the words that people usually write them in: as in ways.py.

Most of them forget what a table may have, such as a byte order mark, along with their mistake.
"""

import csv
from pathlib import Path

import numpy as np

from tests.judge.ways import kept

WAYS, way = kept()


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
    WAYS.append(("read_table", right.replace(old, new), kind, name))
