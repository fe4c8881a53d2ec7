"""ImageNet's weights from a file: tried on small numbers, in the file format that Keras itself writes and reads."""

import hashlib
import importlib
import inspect
import subprocess
import sys

import numpy as np
import pytest

from datasets import pretrained
from kata.answers.answer import Reference
from kata.answers.frameworks import import_quietly
from kata.syllabus import ROOT
from tests.support import write_vgg16

pytestmark = pytest.mark.filterwarnings("default")  # what TensorFlow deprecates is none of ours


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """(path, weights): a file of VGG16 with random weights, as Keras writes it."""
    path = tmp_path_factory.mktemp("weights") / "mine.h5"
    return path, write_vgg16(path)


def test_keras_reads_the_same_from_the_file_that_the_tests_write(written):
    import keras

    base = keras.applications.VGG16(include_top=False, weights=str(written[0]), input_shape=(32, 32, 3))
    for mine, theirs in zip(written[1], base.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_base_has_the_weights_of_the_file_and_says_whose_checksum_they_have(written, monkeypatch, capfd):
    monkeypatch.setenv(pretrained.VARIABLE, str(written[0]))
    base = Reference().answer.runner.load_function("build_base")("imagenet", 32)
    for mine, theirs in zip(base.get_weights(), written[1], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert base.trainable_weights == []
    digest = hashlib.md5(written[0].read_bytes(), usedforsecurity=False).hexdigest()
    said = pretrained.describe()
    other = f"NOT the file that keras.applications expects, whose md5 is {pretrained.MD5}"
    assert said == f"mine.h5, md5 {digest}: {other}"
    assert capfd.readouterr().err.splitlines()[-1] == f"ImageNet weights: {said}"
    monkeypatch.setattr(pretrained, "MD5", digest)
    assert pretrained.describe() == f"mine.h5, md5 {digest}, as keras.applications expects"


def test_random_weights_do_not_come_from_the_file(written, monkeypatch, capfd):
    monkeypatch.setenv(pretrained.VARIABLE, str(written[0]))
    base = Reference().answer.runner.load_function("build_base")(None, 32)
    assert not np.array_equal(base.get_weights()[0], written[1][0])
    assert "ImageNet weights" not in capfd.readouterr().err


def test_the_expected_file_is_the_one_that_the_installed_keras_downloads(monkeypatch):
    import_quietly(["tensorflow", "keras"])
    source = inspect.getsource(importlib.import_module("keras.src.applications.vgg16"))
    without_top = source.partition("WEIGHTS_PATH_NO_TOP,")[2]
    assert f'file_hash="{pretrained.MD5}"' in without_top
    assert f'"{pretrained.NAME}"' in source
    monkeypatch.delenv(pretrained.VARIABLE, raising=False)
    assert pretrained.read() is None
    assert pretrained.MD5 in pretrained.describe()


def test_a_file_that_is_missing_or_does_not_fit_is_an_error_that_says_what_to_do(tmp_path, monkeypatch):
    import h5py

    path = tmp_path / "weights.h5"
    monkeypatch.setenv(pretrained.VARIABLE, str(path))
    for call in (pretrained.read, pretrained.describe):
        with pytest.raises(FileNotFoundError) as missing:
            call()
        assert str(path) in str(missing.value)
        assert pretrained.NAME in str(missing.value)

    def refused():
        with pytest.raises(ValueError, match="download") as error:
            pretrained.read()
        assert str(path) in str(error.value)
        return str(error.value)

    path.write_bytes(b"no HDF5")
    assert "no weights as Keras writes them" in refused()
    with h5py.File(path, "w") as file:
        file["weights"] = np.zeros(3)
    assert "no weights as Keras writes them" in refused()
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"block1_conv1"]
        layer = file.create_group("block1_conv1")
        layer.attrs["weight_names"] = [b"kernel:0"]
        layer["kernel:0"] = np.zeros((3, 3, 3, 64), np.float32)
    assert "another model" in refused()
    layer_without_its_array = tmp_path / "other.h5"
    with h5py.File(layer_without_its_array, "w") as file:
        file.attrs["layer_names"] = [b"block1_conv1"]
    path.write_bytes(layer_without_its_array.read_bytes())
    assert "no weights as Keras writes them" in refused()


def test_to_look_at_the_file_needs_no_tensorflow(written):
    code = "import sys; from datasets import pretrained; assert len(pretrained.read()) == 26; print(*sys.modules)"
    environment = {pretrained.VARIABLE: str(written[0]), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not {"tensorflow", "keras"} & set(done.stdout.split())
