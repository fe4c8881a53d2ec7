"""`make gpu` runs where there is no GPU: on the CPU with small numbers, and without TensorFlow up to Keras itself."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from kata.syllabus import ROOT
from tests.proofs import gpu

SMALL = ["--on", "cpu", "--images", "20", "--size", "32", "--epochs", "2"]


def run(code, *arguments, **environment):
    """Run code that has imported `gpu` in a process of its own, in which no GPU can be seen."""
    command = [sys.executable, "-c", f"import sys; from tests.proofs import gpu; {code}", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | gpu.HIDDEN | environment
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500)


@pytest.mark.proof
@pytest.mark.parametrize("backend", gpu.BACKENDS)
def test_on_the_cpu_all_rows_are_measured_and_all_of_it_fits(backend):
    if not importlib.util.find_spec(backend):
        pytest.skip(f"{backend} is not installed")
    done = run("sys.exit(gpu.main(sys.argv[1:]))", *SMALL, KERAS_BACKEND=backend)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = dict(line.split("  ", 1) for line in done.stdout.splitlines())
    rows = {what: value.strip() for what, value in rows.items()}
    assert "(1 CPU, Keras " in rows["device"]
    assert rows["device"].endswith(f" on {backend})")
    assert rows["images"].startswith("20 of 32 x 32 pixels")
    for precision in gpu.PRECISIONS:
        assert float(rows[f"features a second, {precision}"]) >= 0
        assert rows[f"features in {precision} beside the CPU's"].endswith("apart (bound 0.02)")
    assert rows["2 epochs of the head"].endswith(" s")
    assert rows["the whole run, base in float32"].endswith(" s")
    assert rows["receipt"].startswith("fits: binary accuracy 0.")
    assert rows["the head's weights beside the CPU's"].endswith("apart (bound 0.005)")
    assert rows["the head's losses beside the CPU's"].endswith("apart (bound 0.0005)")


@pytest.mark.proof
def test_what_is_not_equal_to_the_cpu_is_said_and_ends_with_1():
    # What the CPU computed is halved: as if a GPU had miscounted.
    code = """
def halved(code, *files, **environment):
    told = ask(code, *files, **environment)
    if files:
        gpu.np.save(files[1], 0.5 * gpu.np.load(files[1]))
    return told

ask, gpu.child = gpu.child, halved
sys.exit(gpu.main(sys.argv[1:]))
"""
    done = run(code, *SMALL, KERAS_BACKEND="tensorflow")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "TOO FAR" in done.stdout


def test_without_a_gpu_it_says_so_in_one_sentence():
    done = run("sys.exit(gpu.main([]))", KERAS_BACKEND="tensorflow")
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("No GPU: Keras on tensorflow sees none here;")
    assert "make gpu ON=cpu" in sentence


def test_images_and_the_check_of_a_receipt_need_no_tensorflow(tmp_path):
    code = """
from pathlib import Path
folder = Path(sys.argv[1])
gpu.draw_scenes(folder, 12, 40)
pipeline = gpu.pillows_pipeline()
names, labels = pipeline.read_table(folder, gpu.LABELS)
image = pipeline.load_image(folder / "images" / names[0], 40)
assert image.shape == (40, 40, 3) and image.dtype == "float32" and 0 <= image.min() < image.max() <= 1
assert labels.shape == (12, 5) and labels.any(axis=1).all() and len({tuple(row) for row in labels}) > 2
assert gpu.receipts.problems(folder, labels)
print(*sys.modules)
"""
    done = run(code, tmp_path / "scenes")
    assert done.returncode == 0, done.stderr
    assert not {"tensorflow", "keras", "jax", "torch"} & set(done.stdout.split())


def test_the_split_is_that_of_exercise_06():
    from kata.answers.answer import Reference
    from kata.answers.frameworks import import_quietly

    import_quietly(["tensorflow"])
    for mine, theirs in zip(
        gpu.pillows_pipeline().split_indices(37, seed=3), Reference().split_indices(37, seed=3), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


@pytest.fixture
def machine(monkeypatch):
    """A machine whose installed packages and GPUs a test chooses: call it with {backend: kind of device or None}."""

    def play(backends, lacking=(), named=None):
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        if named:
            monkeypatch.setenv("KERAS_BACKEND", named)
        here = {*backends, *gpu.NEEDED} - set(lacking)
        monkeypatch.setattr(gpu.importlib.util, "find_spec", lambda name: name in here or None)

        def child(code, **environment):
            hidden = environment.get("CUDA_VISIBLE_DEVICES") == "-1"
            kind = backends[environment["KERAS_BACKEND"]]
            return kind and f"a message of the backend\n{json.dumps({'kind': 'CPU' if hidden else kind})}\n"

        monkeypatch.setattr(gpu, "child", child)

    return play


def test_the_backend_is_the_one_that_sees_a_gpu_and_keras_backend_wins(machine):
    machine({"tensorflow": "CPU", "jax": "CPU", "torch": "GPU"})
    assert gpu.choose("gpu") == ("torch", {})
    assert gpu.choose("cpu") == ("tensorflow", gpu.HIDDEN)
    machine({"jax": "GPU", "torch": "GPU"})
    assert gpu.choose("gpu")[0] == "jax"
    machine({"jax": "GPU", "torch": "GPU"}, named="torch")
    assert gpu.choose("gpu")[0] == "torch"
    machine({"tensorflow": None, "jax": "GPU"})  # installed, and does not start
    assert gpu.choose("gpu")[0] == "jax"
    assert gpu.choose("cpu")[0] == "jax"


def test_what_is_missing_is_named(machine):
    machine({"tensorflow": "GPU", "jax": "CPU"}, named="jax")
    with pytest.raises(SystemExit, match="No GPU: Keras on jax sees none here"):
        gpu.choose("gpu")
    machine({})
    with pytest.raises(SystemExit, match=" lacks TensorFlow, JAX or torch: "):
        gpu.choose("cpu")
    machine({"jax": "CPU"}, lacking=["matplotlib"], named="torch")
    with pytest.raises(SystemExit, match=" lacks matplotlib, torch: "):
        gpu.choose("cpu")
    machine({"jax": None})
    with pytest.raises(SystemExit, match="does not start on jax"):
        gpu.choose("cpu")


def test_how_far_apart_features_are_is_measured_as_receipts_do():
    features = np.random.default_rng(0).normal(3, 1, (20, 5))
    for factor, fits in ((0.9, True), (1.1, False)):
        bound = gpu.receipts.FEATURES * factor
        other = features + bound * (np.abs(features) + np.std(features))
        assert (gpu.apart(other, features) <= gpu.receipts.FEATURES) is fits
        assert np.allclose(other, features, gpu.receipts.FEATURES, gpu.receipts.FEATURES * np.std(features)) is fits
        assert ("TOO FAR" in gpu.within(gpu.apart(other, features), gpu.receipts.FEATURES)) is not fits
