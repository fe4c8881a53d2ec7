"""What a right data set is: datasets/ and the solution of exercise 06 read and refuse the same, and name the same."""

import io

import numpy as np
import pytest

from datasets import layout
from datasets.layout import LABELS
from kata.answers.answer import Reference

TABLE, HEADER = layout.TABLE, b"Filenames,desert,mountains,sea,sunset,trees\n"
ROWS = b"1.jpg,1,0,0,0,1\n2.jpg,0,0,1,0,0\n"
READ = [("1.jpg", (1, 0, 0, 0, 1)), ("2.jpg", (0, 0, 1, 0, 0))]


@pytest.fixture(scope="module")
def solution():
    return Reference().answer.runner


@pytest.fixture
def dataset(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "COUNT", 2)
    (tmp_path / "images").mkdir()
    (tmp_path / TABLE).write_bytes(HEADER + ROWS)
    for name in ("1.jpg", "2.jpg"):
        (tmp_path / "images" / name).write_bytes(jpeg())
    return tmp_path


def jpeg(mode="RGB", kind="JPEG", **options):
    from PIL import Image

    file = io.BytesIO()
    Image.effect_noise((24, 16), 90).convert(mode).save(file, kind, **options)
    return file.getvalue()


def both(solution, dataset):
    """What the two make of a data set: pairs of names and labels, or the message of the error."""
    return told(lambda: list(layout.check(dataset).items())), told(lambda: read_by_06(solution, dataset))


def read_by_06(solution, dataset):
    names, labels = solution.load_function("read_table")(str(dataset), list(LABELS))
    for name in names:
        image = solution.load_function("load_image")(str(dataset / "images" / name), 8)
        assert image.shape == (8, 8, 3)
    return [(name, tuple(row)) for name, row in zip(names, labels.astype(int).tolist(), strict=True)]


def told(read):
    import tensorflow as tf

    try:
        return read()
    except (ValueError, FileNotFoundError, tf.errors.InvalidArgumentError) as error:
        return str(error)


@pytest.mark.parametrize(
    "table",
    [
        b"\xef\xbb\xbf" + HEADER + ROWS,
        (HEADER + ROWS).replace(b"\n", b"\r\n"),
        (HEADER + ROWS).replace(b"2.jpg", b'"2.jpg"').replace(b"sea", b'"sea"').replace(b",1\n", b',"1"\n'),
        HEADER + b"\n" + ROWS + b"\r\n\n",
        (HEADER + ROWS).rstrip(b"\n"),
    ],
    ids=["byte order mark", "line ends of Windows", "quotes", "empty lines", "no last end of line"],
)
def test_a_table_as_programs_save_it_is_read(solution, dataset, table):
    (dataset / TABLE).write_bytes(table)
    assert both(solution, dataset) == (READ, READ)


WRONG_TABLES = {
    "semicolons": ((HEADER + ROWS).replace(b",", b";"), "Filenames;desert;"),
    "column missing": ((HEADER + ROWS).replace(b"sea", b"lake"), "sea"),
    "column twice": (HEADER.replace(b"trees", b"trees,sea") + ROWS.replace(b"\n", b",0\n"), "sea"),
    "too long": (HEADER + ROWS.replace(b",0,0\n", b",0,0,0\n"), "2.jpg"),
    "too short": (HEADER + ROWS.replace(b",0,0\n", b",0\n"), "2.jpg"),
    "only a name": (HEADER + ROWS.replace(b",0,0,1,0,0\n", b"\n"), "2.jpg"),
    "2": (HEADER + ROWS.replace(b",1,0,0\n", b",2,0,0\n"), "2.jpg"),
    "1.0": (HEADER + ROWS.replace(b",1,0,0\n", b",1.0,0,0\n"), "2.jpg"),
    "blank before a value": (HEADER + ROWS.replace(b",1,0,0\n", b", 1,0,0\n"), "2.jpg"),
    "no value": (HEADER + ROWS.replace(b",1,0,0\n", b",,0,0\n"), "2.jpg"),
    "name twice": (HEADER + ROWS + b"2.jpg,0,0,1,0,0\n", "2.jpg"),
    "image that is not there": (HEADER + ROWS.replace(b"2.jpg", b"3.jpg"), "3.jpg"),
    "name in other letters": (HEADER + ROWS.replace(b"2.jpg", b"2.JPG"), "2.JPG"),
    "name with a folder": (HEADER + ROWS.replace(b"2.jpg", b"../images/2.jpg"), "../images/2.jpg"),
    "no name": (HEADER + ROWS.replace(b"2.jpg", b""), ""),
    "nothing": (b"", TABLE),
    "not UTF-8": (HEADER + ROWS.replace(b"2.jpg", b"\xff.jpg"), "utf-8"),
}


@pytest.mark.parametrize("kind", WRONG_TABLES)
def test_a_wrong_table_is_refused_and_what_is_wrong_is_named(solution, dataset, kind):
    table, named = WRONG_TABLES[kind]
    (dataset / TABLE).write_bytes(table)
    for message in both(solution, dataset):
        assert isinstance(message, str)
        assert named in message


@pytest.mark.parametrize("name", [".DS_Store", "._1.jpg", "._1.JPG", "notes.txt", "scan.jpeg"])
def test_hidden_files_and_those_that_are_no_images_are_passed_over(solution, dataset, name):
    (dataset / "images" / name).write_bytes(b"anything")
    assert both(solution, dataset) == (READ, READ)


@pytest.mark.parametrize("name", ["3.jpg", "3.JPG", "3.Jpg"])
def test_an_image_without_a_row_is_refused(solution, dataset, name):
    (dataset / "images" / name).write_bytes(jpeg())
    for message in both(solution, dataset):
        assert f"{name} is not in" in message


def test_a_hidden_file_in_the_table_is_no_image(solution, dataset):
    (dataset / TABLE).write_bytes(HEADER + ROWS.replace(b"2.jpg", b"._2.jpg"))
    (dataset / "images" / "._2.jpg").write_bytes(jpeg())
    for message in both(solution, dataset):
        assert "._2.jpg is missing" in message


@pytest.mark.parametrize(
    "options", [{"mode": "CMYK"}, {"mode": "L"}, {"progressive": True}, {"comment": b"\xff\xd9"}], ids=str
)
def test_pictures_of_other_kinds_are_read(solution, dataset, options):
    (dataset / "images" / "2.jpg").write_bytes(jpeg(**options))
    assert both(solution, dataset) == (READ, READ)


def test_a_picture_in_cmyk_keeps_its_colours(solution, tmp_path):
    from PIL import Image

    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "red.jpg")
    image = solution.load_function("load_image")(str(tmp_path / "red.jpg"), 1)
    np.testing.assert_allclose(image[0, 0], [1, 0, 0], atol=0.02)


def test_a_picture_that_should_be_turned_is_read_as_it_is_stored(solution, dataset):
    from PIL import Image

    picture, note = Image.effect_noise((24, 16), 90), Image.Exif()
    note[0x0112] = 6  # turn me by 90 degrees
    picture.save(dataset / "images" / "1.jpg")
    picture.save(dataset / "images" / "2.jpg", exif=note)
    assert both(solution, dataset) == (READ, READ)
    stored, with_note = (
        solution.load_function("load_image")(str(dataset / "images" / name), 16) for name in ("1.jpg", "2.jpg")
    )
    np.testing.assert_array_equal(stored, with_note)


@pytest.mark.parametrize(
    "content",
    {
        "PNG": lambda: jpeg(kind="PNG"),
        "empty": lambda: b"",
        "cut off": lambda: jpeg()[:-100],
        "without its end": lambda: jpeg()[:-2],
        "zeros after the end": lambda: jpeg() + bytes(16),
        "two pictures, cut off": lambda: jpeg() + jpeg()[:-2],
    }.items(),
    ids=lambda item: item[0],
)
def test_a_file_that_is_no_whole_jpeg_and_that_alone_is_refused(solution, dataset, content):
    (dataset / "images" / "2.jpg").write_bytes(content[1]())
    for message in both(solution, dataset):
        assert isinstance(message, str)
        assert "2.jpg" in message
