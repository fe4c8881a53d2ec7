"""The real images: downloads from a web server on this machine, unsafe and broken archives, bad data.

The data sets here are made of one small JPEG, 2,000 times. What needs the photographs themselves runs where the
environment variable MIML_DATASET names them.
"""

import csv
import hashlib
import http.server
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import zipfile

import numpy as np
import pytest

from datasets import layout, real
from datasets.layout import DatasetError
from kata.syllabus import ROOT
from tests.datasets.test_scenes import COUNTS
from tests.submissions.packing import raw_zip

HEADER = ["Filenames", "desert", "mountains", "sea", "sunset", "trees"]


@pytest.fixture(scope="module")
def jpeg():
    import tensorflow as tf

    return tf.io.encode_jpeg(np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)).numpy()


@pytest.fixture(scope="module")
def sound(tmp_path_factory, jpeg):
    """A sound data set; tests that break one change a copy."""
    folder = tmp_path_factory.mktemp("sound") / "miml_dataset"
    (folder / "images").mkdir(parents=True)
    names = [f"{number}.jpg" for number in range(1, 2001)]
    for name in names:
        (folder / "images" / name).write_bytes(jpeg)
    write_table(folder, [HEADER, *([name, 1, 0, 0, 0, 1] for name in names)])
    return folder


@pytest.fixture
def dataset(tmp_path, sound):
    """A copy of the sound data set, to be broken; its images are links, so replace them, don't write into them."""
    folder = tmp_path / "miml_dataset"
    (folder / "images").mkdir(parents=True)
    for path in (sound / "images").iterdir():
        os.link(path, folder / "images" / path.name)
    (folder / "miml_labels_1.csv").write_bytes((sound / "miml_labels_1.csv").read_bytes())
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory, sound):
    path = tmp_path_factory.mktemp("archive") / "miml_dataset.zip"
    with zipfile.ZipFile(path, "w") as file:
        for found in sorted(sound.rglob("*")):
            file.write(found, found.relative_to(sound.parent))
    return path


@pytest.fixture
def server():
    """A web server: `server.files[path]` is what it sends, `server.sent` what it was asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.sent.append(self.path)
            data = self.server.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.server.send(self.wfile, data)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.files, server.sent = {}, []
    server.send = lambda file, data: file.write(data)
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    """No test may touch the user's cache, or use the images that the user has."""
    monkeypatch.delenv("MIML_DATASET", raising=False)
    monkeypatch.setenv("KATA_DATA", str(tmp_path / "cache"))


def write_table(folder, rows):
    with (folder / "miml_labels_1.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def rows_of(folder):
    with (folder / "miml_labels_1.csv").open(newline="") as file:
        return list(csv.reader(file))


def replace(path, data):
    path.unlink()
    path.write_bytes(data)


def left_in(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# Downloads


def test_the_tutorials_address_is_the_default(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(real, "_from_address", lambda address, keep: asked.append((address, keep)))
    real.load()
    assert asked == [("https://www.dropbox.com/s/0htmeoie69q650p/miml_dataset.zip?dl=1", tmp_path / "cache" / "real")]


def test_a_download_is_checked_kept_and_not_repeated(server, archive, tmp_path, capfd):
    server.files["/miml_dataset.zip"] = archive.read_bytes()
    address = f"{server.url}/miml_dataset.zip"
    folder = real.load(address)
    out, err = capfd.readouterr()
    assert out == ""
    assert f"Downloading data from {address}" in err
    assert "2000/2000" in err
    assert folder.is_relative_to(tmp_path / "cache" / "real")
    assert len(layout.check(folder)) == 2000
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert json.loads((tmp_path / "cache" / "real" / "sha256.json").read_text()) == {address: digest}
    assert left_in(tmp_path / "cache" / "real") == sorted([digest[:16], "miml_dataset.zip", "sha256.json"])

    server.shutdown()
    assert real.load(address) == folder
    assert server.sent == ["/miml_dataset.zip"]


def test_a_connection_that_ends_too_early_leaves_nothing_behind(server, archive, tmp_path):
    server.files["/miml_dataset.zip"] = archive.read_bytes()
    whole, server.send = server.send, lambda file, data: file.write(data[: len(data) // 2])
    address = f"{server.url}/miml_dataset.zip"
    with pytest.raises(DatasetError, match=r"could not be downloaded \(retrieval incomplete: .*MIML_DATASET"):
        real.load(address)
    assert left_in(tmp_path / "cache" / "real") == []
    server.send = whole
    assert real.load(address).is_dir()


def test_a_server_that_falls_silent_is_not_waited_for(server, archive, tmp_path, monkeypatch):
    monkeypatch.setattr(real, "TIMEOUT", 0.5)
    server.files["/miml_dataset.zip"] = archive.read_bytes()
    go_on = threading.Event()
    server.send = lambda file, data: go_on.wait(60)
    try:
        with pytest.raises(DatasetError, match=r"could not be downloaded \(timed out\)"):
            real.load(f"{server.url}/miml_dataset.zip")
    finally:
        go_on.set()
    assert socket.getdefaulttimeout() is None
    assert left_in(tmp_path / "cache" / "real") == []


def test_a_truncated_zip_that_is_sent_as_if_whole_is_refused(server, archive, tmp_path):
    server.files["/miml_dataset.zip"] = archive.read_bytes()[:-1000]
    with pytest.raises(DatasetError, match=r"miml_dataset.zip is not a whole zip file .*: download it again"):
        real.load(f"{server.url}/miml_dataset.zip")
    server.files["/miml_dataset.zip"] = b"<html>This link has expired</html>"
    with pytest.raises(DatasetError, match="is not a whole zip file"):
        real.load(f"{server.url}/miml_dataset.zip")
    assert left_in(tmp_path / "cache" / "real") == []


@pytest.mark.proof
def test_a_killed_download_is_not_taken_for_a_whole_one(server, archive, tmp_path):
    server.files["/miml_dataset.zip"] = archive.read_bytes()
    whole, waiting, go_on = server.send, threading.Event(), threading.Event()

    def stall(file, data):
        file.write(data[: len(data) // 2])
        file.flush()
        waiting.set()
        go_on.wait(60)

    server.send = stall
    address = f"{server.url}/miml_dataset.zip"
    process = subprocess.Popen(
        [sys.executable, "-m", "datasets.real", "--source", address],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert waiting.wait(60)
        end = time.monotonic() + 30
        while not list((tmp_path / "cache" / "real").glob(".download-*/miml_dataset.zip")):
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        os.kill(process.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait()
        go_on.set()
    assert not (tmp_path / "cache" / "real" / "miml_dataset.zip").exists()
    # What it left is swept up when it can no longer be a download that goes on.
    (left,) = (tmp_path / "cache" / "real").glob(".download-*")
    os.utime(left, (0, 0))
    server.send = whole
    assert len(layout.check(real.load(address))) == 2000
    assert not left.exists()
    assert server.sent == ["/miml_dataset.zip"] * 2


def test_another_file_at_the_same_address_is_refused(server, archive, tmp_path, jpeg):
    address = f"{server.url}/miml_dataset.zip"
    server.files["/miml_dataset.zip"] = archive.read_bytes()
    real.load(address)
    keep = tmp_path / "cache" / "real"
    # The kept file is damaged: it is fetched again, and is the same.
    replace(keep / "miml_dataset.zip", b"damaged")
    real.load(address)
    assert (keep / "miml_dataset.zip").read_bytes() == archive.read_bytes()
    # It is fetched again, and is another one, though it is sound.
    (keep / "miml_dataset.zip").unlink()
    other = tmp_path / "other.zip"
    other.write_bytes(archive.read_bytes())
    with zipfile.ZipFile(other, "a") as file:
        file.writestr("miml_dataset/readme.txt", "more")
    server.files["/miml_dataset.zip"] = other.read_bytes()
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (other, archive)]
    with pytest.raises(DatasetError, match=f"its sha256 is {digests[0]}, it was {digests[1]}"):
        real.load(address)
    (keep / "sha256.json").unlink()
    real.load(address)
    (keep / "sha256.json").write_text("[")
    with pytest.raises(DatasetError, match=r"sha256.json, the checksums of earlier downloads, is damaged"):
        real.load(address)


def test_without_a_network_one_sentence_says_what_to_do(run, server, tmp_path):
    address = f"{server.url}/miml_dataset.zip"
    server.shutdown()
    server.server_close()
    done = run("-m", "datasets.real", "--source", address, KATA_DATA=str(tmp_path / "cache"))
    assert done.status == 1
    assert "Traceback" not in done.err
    message = done.err.splitlines()[-1]
    assert message.startswith("the images could not be downloaded (")
    assert f"download {address} with a browser on any machine and name the file in MIML_DATASET" in message
    assert "python -m datasets.scenes" in message
    assert done.out == ""


def test_a_file_that_is_not_there_says_so(server):
    with pytest.raises(DatasetError, match=r"could not be downloaded \(.*404"):
        real.load(f"{server.url}/gone.zip")


# What is there already


def test_a_folder_or_a_zip_is_found_by_argument_and_by_variable(dataset, archive, monkeypatch, tmp_path):
    assert real.load(dataset) == dataset
    assert real.load(str(dataset.parent)) == dataset
    unpacked = real.load(archive, folder=tmp_path / "kept")
    assert unpacked.is_relative_to(tmp_path / "kept")
    assert len(layout.check(unpacked)) == 2000
    monkeypatch.setenv("MIML_DATASET", str(dataset))
    assert real.load() == dataset
    monkeypatch.setenv("MIML_DATASET", str(archive))
    assert real.load().is_relative_to(tmp_path / "cache" / "real")


def test_an_unpacked_copy_that_was_damaged_is_unpacked_again(archive, jpeg):
    folder = real.load(archive)
    (folder / "images" / "3.jpg").unlink()
    assert real.load(archive) == folder
    assert (folder / "images" / "3.jpg").read_bytes() == jpeg


def test_nothing_is_unpacked_into_the_repository(archive):
    with pytest.raises(DatasetError, match="is inside the repository"):
        real.load(archive, folder=ROOT / "datasets" / "real")


def test_a_source_that_does_not_exist_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MIML_DATASET", str(tmp_path / "nowhere"))
    with pytest.raises(DatasetError, match="nowhere does not exist: MIML_DATASET or source should name a folder"):
        real.load()


@pytest.mark.parametrize("folder", ["miml_dataset", "ソフト/miml_dataset"])
def test_a_zip_of_windows_is_unpacked_whatever_it_is_made_with(sound, tmp_path, folder):
    files = {path.relative_to(sound).as_posix(): path.read_bytes() for path in sound.rglob("*") if path.is_file()}
    explorer = raw_zip([(f"{folder}/{name}".encode("cp932"), content) for name, content in files.items()])
    parted = {f"{folder}/{name}".replace("/", "\\"): content for name, content in files.items()}
    powershell = raw_zip([(f"{folder}\\images\\".replace("/", "\\"), b""), *parted.items()], utf8=True)
    for program, content in (("explorer", explorer), ("powershell", powershell)):
        (tmp_path / f"{program}.zip").write_bytes(content)
        real._unpack(tmp_path / f"{program}.zip", tmp_path / program)
        unpacked = tmp_path / program / folder
        assert {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()} == set(files)
    if "/" not in folder:
        assert len(layout.check(real.load(tmp_path / "powershell.zip"))) == 2000


def test_a_zip_whose_names_are_not_what_it_says_is_refused(tmp_path):
    (tmp_path / "bad.zip").write_bytes(raw_zip([(b"\xff.jpg", b"x")], utf8=True))
    with pytest.raises(DatasetError, match=r"bad\.zip is not a whole zip file"):
        real.load(tmp_path / "bad.zip")


# Archives that would do harm


def zip_with(path, *members):
    with zipfile.ZipFile(path, "w") as file:
        for name, content, mode in members:
            info = zipfile.ZipInfo(name)
            info.filename = name  # ZipInfo itself mends some names
            info.create_system = 3
            info.external_attr = mode << 16
            file.writestr(info, content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../evil.jpg",
        "miml_dataset/../../evil.jpg",
        "/tmp/evil.jpg",
        "..\\evil.jpg",
        "\\\\host\\evil.jpg",
        "C:\\evil.jpg",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(name, tmp_path):
    regular = stat.S_IFREG | 0o644
    path = zip_with(tmp_path / "evil.zip", ("miml_dataset/good.jpg", b"", regular), (name, b"evil", regular))
    with pytest.raises(DatasetError, match=r"evil.zip is refused: .* would be written outside its folder"):
        real.load(path)
    assert left_in(tmp_path / "cache" / "real") == []
    assert left_in(tmp_path) == ["cache", "evil.zip"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(kind, tmp_path):
    path = zip_with(tmp_path / "evil.zip", ("miml_dataset/images", b"/etc", kind | 0o777))
    with pytest.raises(DatasetError, match=r"evil.zip is refused: 'miml_dataset/images' is a link or a device"):
        real.load(path)
    assert left_in(tmp_path / "cache" / "real") == []


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(real, "LARGEST", 1000)
    path = zip_with(tmp_path / "bomb.zip", ("miml_dataset/1.jpg", b"0" * 1001, stat.S_IFREG | 0o644))
    with pytest.raises(DatasetError, match="this is not the data set"):
        real.load(path)


def test_a_damaged_zip_is_refused(archive, tmp_path):
    data = bytearray(archive.read_bytes())
    data[5000] ^= 255  # in the middle of an image: its checksum does not hold any more
    (tmp_path / "damaged.zip").write_bytes(data)
    with pytest.raises(DatasetError, match=r"damaged.zip is not a whole zip file \(Bad CRC-32"):
        real.load(tmp_path / "damaged.zip")
    assert left_in(tmp_path / "cache" / "real") == []


def test_a_zip_of_something_else_is_refused(tmp_path):
    path = zip_with(tmp_path / "holiday.zip", ("beach.jpg", b"", stat.S_IFREG | 0o644))
    with pytest.raises(DatasetError, match=r"holds neither miml_labels_1.csv nor miml_dataset/miml_labels_1.csv"):
        real.load(path)


# Bad data


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match=r"empty holds neither miml_labels_1.csv"):
        real.load(tmp_path / "empty")


def test_a_table_without_images_is_told(dataset):
    os.rename(dataset / "images", dataset / "pictures")
    with pytest.raises(DatasetError, match="images cannot be read: No such file"):
        real.load(dataset)


def test_wrong_columns_are_named(dataset):
    rows = rows_of(dataset)
    write_table(dataset, [["Filenames", "mountains", "desert", "sea", "sunset", "trees"], *rows[1:]])
    with pytest.raises(
        DatasetError, match="has the columns Filenames,mountains,desert,sea,sunset,trees; they should"
    ):
        real.load(dataset)
    (dataset / "miml_labels_1.csv").write_text("")
    with pytest.raises(DatasetError, match="has the columns nothing"):
        real.load(dataset)
    (dataset / "miml_labels_1.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match=r"miml_labels_1.csv cannot be read"):
        real.load(dataset)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["5.jpg", 1, 0, 2, 0, 0], "line 6: 5.jpg has '2' for sea; it should be 0 or 1"),
        (["5.jpg", 1, 0, "", 0, 0], "line 6: 5.jpg has '' for sea"),
        (["5.jpg", 1, 0, 0, 0], "line 6: 5.jpg has 5 values; there should be 6"),
        (["4.jpg", 1, 0, 0, 0, 0], "line 6: 4.jpg is there twice"),
        (["../5.jpg", 1, 0, 0, 0, 0], "line 6: '../5.jpg' is not the name of a file"),
    ],
)
def test_a_bad_row_is_named(dataset, row, problem):
    rows = rows_of(dataset)
    write_table(dataset, [*rows[:5], row, *rows[6:]])
    with pytest.raises(DatasetError) as told:
        real.load(dataset)
    assert problem in str(told.value)


def test_too_few_rows_are_counted(dataset):
    write_table(dataset, rows_of(dataset)[:-1])
    with pytest.raises(DatasetError, match=r"names 1999 images; there should be 2000"):
        real.load(dataset)


def test_a_missing_image_is_named(dataset):
    (dataset / "images" / "1234.jpg").unlink()
    with pytest.raises(DatasetError, match=r"1234.jpg is missing, but miml_labels_1.csv has its labels"):
        real.load(dataset)


def test_an_image_without_labels_is_named(dataset, jpeg):
    (dataset / "images" / "2001.jpg").write_bytes(jpeg)
    with pytest.raises(DatasetError, match=r"2001.jpg is not in miml_labels_1.csv"):
        real.load(dataset)


def test_images_that_cannot_be_decoded_are_named(dataset, jpeg):
    import tensorflow as tf

    png = tf.io.encode_png(np.zeros((4, 4, 3), np.uint8)).numpy()
    for data, problem in (
        (jpeg[: len(jpeg) // 2], "is a truncated or broken JPEG file"),
        (jpeg[:-2], "is a truncated or broken JPEG file"),
        (b"", "is not a JPEG file"),
        (png, "is not a JPEG file"),
    ):
        replace(dataset / "images" / "77.jpg", data)
        with pytest.raises(DatasetError, match=f"77.jpg {problem}"):
            real.load(dataset)


def test_a_greyscale_image_and_one_of_a_single_pixel_are_sound(dataset):
    import tensorflow as tf

    replace(dataset / "images" / "1.jpg", tf.io.encode_jpeg(np.zeros((16, 16, 1), np.uint8)).numpy())
    replace(dataset / "images" / "2.jpg", tf.io.encode_jpeg(np.zeros((1, 1, 3), np.uint8)).numpy())
    (dataset / "images" / ".DS_Store").write_bytes(b"")
    assert real.load(dataset) == dataset


# The photographs themselves

OWN = os.environ.get("MIML_DATASET")


@pytest.mark.skipif(not OWN, reason="MIML_DATASET names no copy of the real images")
def test_the_real_images_are_what_they_should_be(tmp_path):
    table = layout.read_table(real.load(OWN, folder=tmp_path / "real"))
    assert list(table) == [f"{number}.jpg" for number in range(1, 2001)]
    sets = [
        "+".join(label for label, is_on in zip(layout.LABELS, row, strict=True) if is_on) for row in table.values()
    ]
    counts = {labels: sets.count(labels) for labels in set(sets)}
    assert counts == COUNTS
    for block, label in enumerate(layout.LABELS):
        assert all(row[block] for row in list(table.values())[400 * block : 400 * (block + 1)]), label


@pytest.mark.skipif(not OWN or not os.path.isfile(OWN), reason="MIML_DATASET names no zip file of the real images")
def test_the_real_archive_can_be_downloaded(server, tmp_path):
    with open(OWN, "rb") as file:
        server.files["/miml_dataset.zip"] = file.read()
    assert len(layout.check(real.load(f"{server.url}/miml_dataset.zip"))) == 2000
