"""The solution of 09 holds what its lesson promises: equal but for rounding, killed without loss, never forged."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tracemalloc

import numpy as np
import pytest

from kata.checks import receipts
from kata.syllabus import ROOT
from tests.support import HANGS, replace_function, write_vgg16

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
pytestmark = pytest.mark.filterwarnings("default")  # what TensorFlow deprecates is none of ours

LESSON = (ROOT / "exercises/09_gpu_training/README.md").read_text(encoding="utf-8")
CLASSES = ["desert", "mountains", "sea", "sunset", "trees"]
PATHS = [str(ROOT), *(str(folder) for folder in sorted((ROOT / "solutions").iterdir()) if folder.is_dir())]
ENVIRONMENT = os.environ | {
    "PYTHONPATH": os.pathsep.join(PATHS),
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
}


def python(code, *arguments, **environment):
    """Run code that may import the solutions in a process of its own."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=ENVIRONMENT | environment, capture_output=True, text=True, timeout=HANGS)


def lesson_code():
    """The runnable blocks of the lesson."""
    marked = "<!-- tests/exercises/test_gpu_training.py runs this -->\n```python\n"
    return "\n".join(part.partition("```")[0] for part in LESSON.split(marked)[1:])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """Forty pictures, each of which shows its labels as columns of light, in too much noise to learn them all."""
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("data") / "miml_dataset"
    (folder / "images").mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows = ["Filenames," + ",".join(CLASSES)]
    for number in range(40):
        labels = rng.integers(0, 2, 5)
        pixels = np.repeat(labels * 25, 10)[None, :, None] + rng.integers(0, 225, (40, 50, 3))
        jpeg = tf.io.encode_jpeg(pixels.astype(np.uint8)).numpy()
        (folder / "images" / f"{number}.jpg").write_bytes(jpeg)
        rows.append(f"{number}.jpg,{','.join(map(str, labels))}")
    (folder / "miml_labels_1.csv").write_text("\n".join([*rows, ""]))
    return folder


RUN = """
import sys
from gpu_training import run_training
run_training(sys.argv[1], sys.argv[2], epochs=int(sys.argv[3]), image_size=32, batch_size=8)
"""


@pytest.fixture(scope="module")
def trained(dataset, tmp_path_factory):
    """An undisturbed training."""
    folder = tmp_path_factory.mktemp("trained") / "output"
    done = python(RUN, dataset, folder, 60)
    assert done.returncode == 0, done.stderr
    return folder


def weights(folder):
    with np.load(folder / "weights.npz") as file:
        return file["kernel"], file["bias"]


# What lesson 09 says. The largest of five seeds with AVX2, with SSE4.1 and without oneDNN (0 in the other guises of
# tests/guises.py, one seed): losses 2.4e-7 of themselves, logits 3.8e-6, weights 1.3e-5. Weights differ most, as Adam
# divides a gradient by its own size: where it is nearly 0, its rounding counts. In 300 trainings simulated in NumPy,
# features off by up to 2e-6 of the largest, as in the worst guise: logits 3.5e-5, weights 2.9e-5.
LOSSES, WEIGHTS = 1e-6, 1e-4


@pytest.mark.proof
def test_features_once_are_end_to_end_training_but_for_rounding():
    from kata.answers.answer import Reference
    from kata.answers.frameworks import import_quietly
    from kata.checks.heads import train_end_to_end

    import_quietly(("tensorflow", "keras"))
    import keras

    rng = np.random.default_rng(0)
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3))
    reference = Reference()
    drawn = reference.draw_weights([tuple(weight.shape) for weight in base.weights])
    base.set_weights(drawn)
    base.trainable = False
    images, labels = rng.random((24, 32, 32, 3), np.float32), rng.integers(0, 2, (24, 5)).astype(np.float32)
    start = rng.normal(0, 0.05, (512, 5)).astype(np.float32), np.float32([0.1, 0, 0, -0.1, 0])
    *expected, losses = train_end_to_end(base, images, labels, *start, epochs=3, batch_size=10, seed=3)
    for batch_size in (1, 13):
        features = reference.compute_features(images, drawn, "float32", batch_size)
        kernel, bias, history = reference.train_head(features, labels, *start, None, 3, 10, 3)
        for mine, theirs in (
            *((kernel, expected[0]), (bias, expected[1])),
            (features @ kernel + bias, features @ expected[0] + expected[1]),
        ):
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=WEIGHTS)
        np.testing.assert_allclose(history[:, 0], losses, rtol=LOSSES)
    # It would be seen: the same batches in another order are another training.
    *_, other = reference.train_head(features, labels, *start, None, 3, 10, 4)
    assert np.abs(other[:, 0] / losses - 1).max() > 100 * LOSSES
    assert np.abs(kernel - start[0]).max() > 50 * WEIGHTS


IN_ONES = """def compute_features(images, weights, precision="float32", batch_size=64, verbose=0):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    base = build_base(weights=None, image_size=images.shape[1])
    keras.config.set_dtype_policy(before)
    base.set_weights(weights)
    maps = [np.asarray(base(images[place : place + 1], training=False)) for place in range(len(images))]
    return np.concatenate(maps).mean(axis=(1, 2), dtype=np.float32)
"""


@pytest.mark.parametrize("threads", ["1", "2", "8"])
def test_in_float16_an_answer_is_right_however_it_divides_the_images(judge, answer_folder, threads):
    answer = answer_folder(gpu_training=replace_function("gpu_training", "compute_features", IN_ONES))
    suite = "exercises/09_gpu_training/test_gpu_training.py::TestComputeFeatures"
    assert judge(suite, "--answers", answer, TF_NUM_INTRAOP_THREADS=threads).counts()["passed"] == 3


def test_the_lesson_tells_the_bounds_that_are_asserted():
    told = " ".join(LESSON.split())
    assert f"losses differ by less than {LOSSES:.0e}".replace("e-0", "e-") in told
    assert f"weights by less than {WEIGHTS:.0e}".replace("e-0", "e-") in told


@pytest.mark.proof
def test_killed_at_any_moment_it_goes_on_to_the_same_end(dataset, trained, tmp_path):
    rng = np.random.default_rng()
    folder = tmp_path / "output"
    command = [sys.executable, "-c", RUN, str(dataset), str(folder), "60"]
    kills, epochs = 0, []
    for _ in range(3):
        process = subprocess.Popen(
            command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        # Wait until it trains, so that there is something to lose, then a moment more.
        before = epochs[-1] if epochs else 0
        deadline = time.monotonic() + 120
        while process.poll() is None and epochs_in(folder) <= before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += not (folder / "receipt.json").exists()
        epochs.append(epochs_in(folder))
    assert kills == 3, f"it was done before it was killed: {epochs}"
    assert 0 < epochs[0] < epochs[1] < epochs[2] <= 60
    done = python(RUN, dataset, folder, 60)
    assert done.returncode == 0, done.stderr
    for mine, undisturbed in zip(weights(folder), weights(trained), strict=True):
        np.testing.assert_array_equal(mine, undisturbed)
    assert (folder / "predictions.txt").read_bytes() == (trained / "predictions.txt").read_bytes()
    one, other = (json.loads((where / "receipt.json").read_bytes()) for where in (folder, trained))
    assert one | {"seconds": 0} == other | {"seconds": 0}


def epochs_in(folder):
    """How many epochs the checkpoint has; it is whole at every moment, or this raises."""
    path = folder / "checkpoint.npz"
    if not path.exists():
        return 0
    with np.load(path) as file:
        return len(file["history"])


@pytest.mark.proof
def test_more_epochs_go_on_from_the_checkpoint_and_other_settings_are_refused(dataset, trained, tmp_path):
    folder = tmp_path / "output"
    assert python(RUN, dataset, folder, 30).returncode == 0
    assert python(RUN, dataset, folder, 60).returncode == 0
    np.testing.assert_array_equal(weights(folder)[0], weights(trained)[0])
    other = python(RUN.replace("batch_size=8", "batch_size=4"), dataset, folder, 60)
    assert other.returncode == 1
    assert "another folder" in other.stderr


@pytest.mark.proof
def test_mirrored_over_two_devices_it_is_the_same_within_1e_5():
    code = lesson_code()
    code += """
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from gpu_training import train_head
rng = np.random.default_rng(0)
features = rng.standard_normal((160, 64), np.float32)
labels = (rng.random((160, 5)) < 0.3).astype(np.float32)
start = rng.normal(0, 0.1, (64, 5)).astype(np.float32), np.zeros(5, np.float32)
one = train_head(features, labels, *start, epochs=5, batch_size=32)[:2]
two = train_on_devices(["CPU:0", "CPU:1"], features, labels, *start, epochs=5, batch_size=32)
print(max(np.abs(a - b).max() for a, b in zip(one, two)), np.abs(one[0] - start[0]).max())
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    apart, moved = map(float, done.stdout.split())
    assert apart <= 1e-5 < 1e-2 < moved


@pytest.mark.proof
def test_train_on_batch_gives_every_device_the_whole_batch_and_ends_the_same():
    code = """
import keras, numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
features = np.random.default_rng(0).random((32, 8), np.float32)
def loss(y_true, y_pred):
    tf.print("rows", tf.shape(y_pred)[0])
    return keras.losses.binary_crossentropy(y_true, y_pred)
for train in (
    lambda head: head.fit(features, features[:, :5], batch_size=32, shuffle=False, verbose=0),
    lambda head: head.train_on_batch(features, features[:, :5]),
):
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        head = keras.Sequential([keras.Input((8,)), keras.layers.Dense(5, "sigmoid", kernel_initializer="zeros")])
        head.compile(keras.optimizers.SGD(), loss)
    train(head)
    print(*head.get_weights()[0].ravel())
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^rows (\d+)$", done.stderr, re.MULTILINE) == ["16", "16", "32", "32"]
    of_fit, of_one_batch = (np.array(line.split(), float) for line in done.stdout.splitlines())
    assert np.abs(of_one_batch - of_fit).max() <= 1e-5 * np.abs(of_fit).max()
    assert np.abs(of_fit).max() > 0


def of_machines(code, *arguments, machines=2):
    """Run code in a process for each machine, with `addresses` and `index`; return statuses and what was said."""
    # Below the ports that a system gives to connections of its own accord.
    ports, rng = [], np.random.default_rng()
    while len(ports) < machines:
        port = int(rng.integers(20000, 32000))
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            ports.append(port)
    addresses = [f"127.0.0.1:{port}" for port in ports]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", f"addresses, index = {addresses}, {index}\n{code}", *map(str, arguments)],
            env=ENVIRONMENT | {"no_grpc_proxy": "127.0.0.1", "CUDA_VISIBLE_DEVICES": ""},  # they would share a GPU
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for index in range(machines)
    ]
    try:
        said = [process.communicate(timeout=HANGS)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return [process.returncode for process in processes], said


MACHINES = """
import sys
from tests.deadly import Deadly
folder, epochs, who, Deadly.left = sys.argv[1], *map(int, sys.argv[2:])
rng = np.random.default_rng(0)
features = rng.standard_normal((165, 64), np.float32)
labels = (rng.random((165, 5)) < 0.3).astype(np.float32)
kernel = rng.normal(0, 0.1, (64, 5)).astype(np.float32)
given = features.view(Deadly) if index == who else features
loss_of = keras.losses.binary_crossentropy

def loss_that_counts(truth, outputs):
    tf.print("rows", tf.shape(outputs)[0])
    return loss_of(truth, outputs)

keras.losses.binary_crossentropy = loss_that_counts
trained = train_on_machines(addresses, index, f"{folder}/state.npz", given, labels, kernel, np.zeros(5, np.float32),
                            epochs=epochs, batch_size=32)
np.savez(f"{folder}/weights-{index}.npz", *trained)
"""


@pytest.mark.proof
def test_on_two_machines_of_which_one_is_killed_it_is_the_same_within_1e_5(tmp_path):
    from kata.answers.answer import Reference
    from kata.answers.frameworks import import_quietly

    import_quietly(("tensorflow", "keras"))
    rng = np.random.default_rng(0)
    features = rng.standard_normal((165, 64), np.float32)
    labels = (rng.random((165, 5)) < 0.3).astype(np.float32)
    kernel = rng.normal(0, 0.1, (64, 5)).astype(np.float32)
    one = Reference().train_head(features, labels, kernel, np.zeros(5, np.float32), epochs=8, batch_size=32)[:2]

    code, ended = lesson_code() + MACHINES, {}
    for name in ("undisturbed", "killed"):
        (tmp_path / name).mkdir()
    # An epoch has six batches, the last of 5. First the second machine dies in epoch 3, then the first in epoch 6.
    for who, left, epochs_done in ((1, 2 * 6 + 4, 2), (0, 3 * 6 + 4, 5)):
        statuses, said = of_machines(code, tmp_path / "killed", 8, who, left)
        assert statuses[who] == -signal.SIGKILL, said[who]
        assert statuses[1 - who] not in (0, -signal.SIGKILL), said[1 - who]
        assert "UnavailableError" in said[1 - who]
        with np.load(tmp_path / "killed/state.npz") as file:
            assert int(file["arr_2"]) == 6 * epochs_done  # Adam's steps
    for name in ("undisturbed", "killed"):
        statuses, said = of_machines(code, tmp_path / name, 8, -1, 0)
        assert statuses == [0, 0], said
        for index, last in enumerate((3, 2)):
            epoch = [16] * 5 + [last]  # half of each batch
            rows = [int(number) for number in re.findall(r"^rows (\d+)$", said[index], re.MULTILINE)]
            assert rows == epoch * (8 if name == "undisturbed" else 3)
            with np.load(tmp_path / name / f"weights-{index}.npz") as file:
                ended[name, index] = list(file.values())
    for weights in ended.values():
        assert max(np.abs(mine - theirs).max() for mine, theirs in zip(weights, one, strict=True)) <= 1e-5
        for mine, undisturbed in zip(weights, ended["undisturbed", 0], strict=True):
            np.testing.assert_array_equal(mine, undisturbed)
    assert np.abs(one[0] - kernel).max() > 1e-2


@pytest.mark.proof
def test_fit_still_fails_on_two_machines_as_the_lesson_says():
    code = lesson_code().replace("tf.distribute.MirroredStrategy(devices)", "devices")
    code += """
os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}})
strategy = tf.distribute.MultiWorkerMirroredStrategy()
data = np.ones((32, 8), np.float32), np.ones((32, 5), np.float32), np.ones((8, 5), np.float32), np.ones(5, np.float32)
try:
    train_on_devices(strategy, *data, epochs=1)
except ValueError as error:
    print("fit:", "PerReplica" in str(error), flush=True)
"""
    _, said = of_machines(code)
    assert all("fit: True" in each for each in said), said


@pytest.mark.proof
def test_the_lessons_fine_tuning_moves_the_last_block_alone():
    code = lesson_code()
    code += """
base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3))
before = {layer.name: [w.copy() for w in layer.get_weights()] for layer in base.layers}
rng = np.random.default_rng(0)
images, labels = rng.random((8, 32, 32, 3), np.float32), rng.integers(0, 2, (8, 5)).astype(np.float32)
features = base.predict(images, verbose=0).mean(axis=(1, 2))
mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-3
kernel = rng.normal(0, 0.1, (512, 5)).astype(np.float32)
model = fine_tune(base, images, labels, mean, deviation, kernel, np.zeros(5, np.float32), epochs=0)
logits = (features - mean) / deviation @ kernel
np.testing.assert_allclose(model.predict(images, verbose=0), 1 / (1 + np.exp(-logits)), rtol=1e-3, atol=1e-3)
model.fit(images, labels, verbose=0)
moved = [name for name, old in before.items()
         if any((a != b).any() for a, b in zip(old, base.get_layer(name).get_weights()))]
print("moved", moved)
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert "moved ['block5_conv1', 'block5_conv2', 'block5_conv3']" in done.stdout


@pytest.mark.proof
def test_a_softmax_in_mixed_precision_trains_with_another_loss_as_the_lesson_says():
    code = """
import keras, numpy as np
logits, truth = np.float32([[-20, -10, -44.5, -12.5, -74]]), np.float32([[1, 0, 0, 0, 1]])
for policy, dtype in (("float32", None), ("mixed_float16", None), ("mixed_float16", "float32")):
    keras.config.set_dtype_policy(policy)
    head = keras.layers.Dense(5, "softmax", kernel_initializer=keras.initializers.Identity(), dtype=dtype)
    model = keras.Sequential([keras.Input((5,)), head])
    for scaled in (True, False):
        model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy", auto_scale_loss=scaled)
        print(type(model.optimizer).__name__, end=" ")
    print(model.fit(logits, truth, verbose=0).history["loss"][0])
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    wrapped, bare, losses = zip(*(line.split() for line in done.stdout.splitlines()), strict=True)
    assert wrapped == ("SGD", "LossScaleOptimizer", "LossScaleOptimizer")
    assert set(bare) == {"SGD"}
    words = r"is ([\d.]+) in float32, ([\d.]+) under mixed precision, and ([\d.]+) again"
    told = re.search(words, " ".join(LESSON.split())).groups()
    np.testing.assert_allclose(np.array(told, float), np.array(losses, float), rtol=0, atol=0.01)  # float16 rounds


def test_pictures_words_and_figures_are_there(trained):
    assert (trained / "curves.png").read_bytes()[:4] == (trained / "sheet.png").read_bytes()[:4] == b"\x89PNG"
    lines = (trained / "predictions.txt").read_text().splitlines()
    assert len(lines) == 8  # a test part of 8
    words = "|".join([*CLASSES, "NONE"])
    assert all(re.fullmatch(rf"\d+\.jpg: ({words})(, ({words}))* -> ({words})(, ({words}))*", line) for line in lines)
    receipt = json.loads((trained / "receipt.json").read_bytes())
    assert set(receipt["labels"]) == set(CLASSES)
    assert receipt["device"]["kind"] in ("CPU", "GPU")


@pytest.mark.proof
def test_a_training_on_weights_from_a_file_tells_whose_they_are_and_can_be_checked(dataset, tmp_path, monkeypatch):
    file, folder = tmp_path / "mine.h5", tmp_path / "output"
    write_vgg16(file)
    code = RUN.replace("epochs=", "weights='imagenet', epochs=")
    done = python(code, dataset, folder, 3, VGG16_WEIGHTS=str(file))
    assert done.returncode == 0, done.stderr
    receipt = json.loads((folder / "receipt.json").read_bytes())
    assert receipt["weights"] == "imagenet"
    said = receipt["weights_file"]
    assert list(receipt)[-1] == "weights_file"
    assert said.startswith("mine.h5, md5 ")
    assert "NOT the file that keras.applications expects" in said
    assert f"ImageNet weights: {said}" in done.stderr

    # Whoever has the file can check the features, too; others learn what was not checked.
    check = [sys.executable, "-m", "kata.checks.receipts", str(folder), str(dataset)]
    environment = ENVIRONMENT | {"KATA_DATA": str(tmp_path / "cache")}
    environment.pop("VGG16_WEIGHTS", None)

    def checked(**more):
        return subprocess.run(check, cwd=ROOT, env=environment | more, capture_output=True, text=True, timeout=HANGS)

    assert "Not checked" in checked().stdout
    with_file = checked(VGG16_WEIGHTS=str(file))
    assert with_file.returncode == 0, with_file.stdout + with_file.stderr
    assert "It fits" in with_file.stdout
    assert "Not checked" not in with_file.stdout
    write_vgg16(tmp_path / "others.h5", seed=8)
    other = checked(VGG16_WEIGHTS=str(tmp_path / "others.h5"))
    assert other.returncode == 1
    assert "features.npy is not what the base makes of the images" in other.stdout
    assert "it began with other weights" in other.stdout
    missing = checked(VGG16_WEIGHTS=str(tmp_path / "missing.h5"))
    assert missing.returncode == 1
    assert "which is no file" in missing.stdout
    assert "Traceback" not in missing.stderr


@pytest.fixture
def forged(trained, tmp_path):
    """A copy of the training, to be forged."""
    return shutil.copytree(trained, tmp_path / "forged")


@pytest.fixture(scope="module")
def truth(dataset, trained):
    """Labels, and the features that the judge computes itself."""
    from datasets.features import raw_features

    os.environ["KATA_DATA"], before = str(dataset.parent / "cache"), os.environ.get("KATA_DATA")
    try:
        features, labels = raw_features(dataset, size=32)
    finally:
        os.environ.pop("KATA_DATA")
        if before:
            os.environ["KATA_DATA"] = before
    return labels, features


def rewrite(folder, **figures):
    receipt = json.loads((folder / "receipt.json").read_bytes())
    (folder / "receipt.json").write_text(json.dumps(receipt | figures))


def test_an_honest_receipt_fits(trained, truth):
    labels, features = truth
    data = json.loads((trained / "receipt.json").read_bytes())["data"]
    assert receipts.problems(trained, labels, features, data, 0) == []
    assert receipts.problems(trained, labels) == []


def test_weights_that_there_are_not_do_not(forged):
    # Of random weights features are computed again, of those of ImageNet not.
    rewrite(forged, weights="Random")
    assert receipts.verify(forged, forged) == [
        "the weights 'Random', which are neither random nor imagenet: no such training"
    ]


def test_copied_labels_do_not(forged, truth):
    labels, features = truth
    test = np.random.default_rng(0).permutation(40)[32:]
    np.save(forged / "predictions.npy", labels[test])
    perfect = {name: {"precision": 1.0, "recall": 1.0, "f1": 1.0} for name in CLASSES}
    rewrite(forged, binary_accuracy=1.0, subset_accuracy=1.0, hamming_loss=0.0, labels=perfect)
    found = receipts.problems(forged, labels, features)
    assert any("predictions do not come from" in problem for problem in found)
    assert any(problem.startswith("binary_accuracy is ") for problem in found)


def standardized(features, train, test):
    mean, deviation = features[train].mean(axis=0), features[train].std(axis=0)
    deviation = np.where(deviation > 1e-6, deviation, 1)
    return (features[train] - mean) / deviation, (features[test] - mean) / deviation


def claim(folder, labels, kernel, bias, features):
    """Write weights down, with the predictions and the figures that they come to on the test part."""
    train, test = np.split(np.random.default_rng(0).permutation(len(labels)), [32])
    predictions = standardized(features, train, test)[1] @ kernel + bias > 0
    np.savez(folder / "weights.npz", kernel=np.float32(kernel), bias=np.float32(bias))
    np.save(folder / "predictions.npy", predictions.astype(np.float32))
    figures, of_labels = receipts._figures(labels[test], predictions)
    keys = ("precision", "recall", "f1")
    told = {
        name: dict(zip(keys, map(float, each), strict=True)) for name, each in zip(CLASSES, of_labels, strict=True)
    }
    rewrite(folder, **dict(zip(receipts.FIGURES, map(float, figures), strict=True)), labels=told)
    return float(figures[0])


def test_weights_that_are_fitted_to_the_labels_of_the_test_part_do_not(forged, truth):
    labels, features = truth
    train, test = np.split(np.random.default_rng(0).permutation(40), [32])
    inputs = np.column_stack([standardized(features, train, test)[1], np.ones(len(test))])
    weights = np.linalg.pinv(inputs) @ (2 * labels[test] - 1)
    assert claim(forged, labels, weights[:-1], weights[-1], features) > 0.99
    for known in (features, None):
        found = receipts.problems(forged, labels, known)
        assert any(problem.endswith("other weights") for problem in found)
        assert any(problem.startswith("binary_accuracy is ") for problem in found)


def test_weights_near_to_trained_ones_gain_nothing(forged, truth):
    labels, features = truth
    train, test = np.split(np.random.default_rng(0).permutation(40), [32])
    with np.load(forged / "weights.npz") as file:
        kernel, bias = file["kernel"], file["bias"]
    inputs = standardized(features, train, test)[1]
    wrong = (inputs @ kernel + bias > 0) != labels[test]
    moved = kernel + 0.004 * np.sign(inputs.T @ (wrong * (2 * labels[test] - 1)))
    before = json.loads((forged / "receipt.json").read_bytes())["binary_accuracy"]
    assert claim(forged, labels, moved, bias, features) > before + 0.02
    found = receipts.problems(forged, labels, features)
    assert any(problem.startswith("binary_accuracy is ") for problem in found)
    assert any("predictions do not come from" in problem for problem in found)


def test_features_that_lean_to_other_weights_gain_nothing(forged, truth):
    labels, features = truth
    train, test = np.split(np.random.default_rng(0).permutation(40), [32])
    leant = features.astype(np.float64)
    most = 0.0199 * np.std(features) + 0.0199 * np.abs(features)
    leant[train] -= most[train] * (2 * labels[train, :1] - 1)  # away from the first label
    np.save(forged / "features.npy", leant)
    kernel, bias, history = receipts._again(leant, labels, train, test, 60, 8, 0)
    with np.load(forged / "checkpoint.npz") as file:
        state = dict(file)
    np.savez(forged / "checkpoint.npz", **state | {"history": history})
    before = json.loads((forged / "receipt.json").read_bytes())["binary_accuracy"]
    assert abs(claim(forged, labels, kernel, bias, leant) - before) > 0.02
    assert receipts.problems(forged, labels) == []  # all of it fits the features that it came with
    found = receipts.problems(forged, labels, features)
    assert not any(problem.startswith(("features.npy", "the same training")) for problem in found)
    assert any(problem.startswith("binary_accuracy is ") for problem in found)


def test_a_training_that_would_take_for_ever_is_not_done_again(forged, truth):
    epochs = receipts.MOST // 32 + 1  # of 32 samples, one at a time
    with np.load(forged / "checkpoint.npz") as file:
        state = dict(file)
    np.savez(forged / "checkpoint.npz", **state | {"history": np.zeros((epochs, 3), np.float32)})
    rewrite(forged, epochs=epochs, batch_size=1)
    assert receipts.problems(forged, *truth)[-1].endswith("are not trained again")


def test_a_history_of_another_training_does_not(forged, truth):
    with np.load(forged / "checkpoint.npz") as file:
        state = dict(file)
    for column, better in ((0, -0.01), (1, -0.01), (2, 0.05)):
        history = state["history"].copy()
        history[-1, column] += better
        np.savez(forged / "checkpoint.npz", **state | {"history": history})
        (problem,) = receipts.problems(forged, *truth)
        assert problem.endswith("another history")
    np.savez(forged / "checkpoint.npz", **state | {"history": np.full_like(state["history"], np.nan)})
    assert receipts.problems(forged, *truth)


def test_another_start_and_other_settings_do_not(forged, truth):
    start = json.loads((forged / "receipt.json").read_bytes())["start"]
    assert receipts.problems(forged, *truth, start=receipts._start) == []
    rewrite(forged, start="0" * 64)
    (problem,) = receipts.problems(forged, *truth, start=receipts._start)
    assert problem.startswith("it began with other weights")
    rewrite(forged, start=start, batch_size=9)
    assert receipts.problems(forged, *truth)[0].endswith("other weights")
    for changed in (
        {"epochs": 4},
        {"epochs": 10**9},
        {"epochs": -1},
        {"batch_size": 0},
        {"seed": -1},
        {"seed": 1e999},
    ):
        rewrite(forged, **{"epochs": 2, "batch_size": 10, "seed": 0} | changed)
        assert receipts.problems(forged, *truth)


def test_figures_that_are_better_than_the_predictions_do_not(forged, truth):
    receipt = json.loads((forged / "receipt.json").read_bytes())
    for name in receipts.FIGURES:
        shutil.copytree(forged, forged.with_name(name))
        rewrite(forged.with_name(name), **{name: receipt[name] + 0.02})
        (problem,) = receipts.problems(forged.with_name(name), *truth)
        assert problem.startswith(name)
    receipt["labels"]["sea"]["f1"] += 0.1
    rewrite(forged, labels=receipt["labels"])
    assert len(receipts.problems(forged, *truth)) == 1


def test_a_figure_that_is_no_number_does_not(forged, truth):
    accuracy = json.loads((forged / "receipt.json").read_bytes())["binary_accuracy"]
    for other in (str(accuracy), [accuracy], None, float("nan"), {"is": accuracy}):
        rewrite(forged, binary_accuracy=other)
        assert len(receipts.problems(forged, *truth)) == 1
    rewrite(forged, binary_accuracy=accuracy)
    for key in ("seed", "epochs", "batch_size"):
        before = json.loads((forged / "receipt.json").read_bytes())[key]
        for other in (str(before), before + 0.5, [before]):
            rewrite(forged, **{key: other})
            assert len(receipts.problems(forged, *truth)) == 1
        rewrite(forged, **{key: before})
    assert receipts.problems(forged, *truth) == []


def test_figures_under_other_labels_names_do_not(forged, truth):
    receipt = json.loads((forged / "receipt.json").read_bytes())
    figures = list(receipt["labels"].values())
    rewrite(forged, labels=dict(zip(reversed(CLASSES), figures, strict=True)))
    assert receipts.problems(forged, *truth) == ["the receipt has figures of other labels"]


def test_files_that_hold_more_than_a_training_are_not_read_whole(forged, truth):
    names = ("weights.npz", "checkpoint.npz", "predictions.npy", "features.npy")
    before = {name: (forged / name).read_bytes() for name in names}

    def problem():
        tracemalloc.start()
        (found,) = receipts.problems(forged, *truth)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        for name in names:
            (forged / name).unlink()
            (forged / name).write_bytes(before[name])
        assert peak < 2**25, peak
        return found

    # 128 MB of zeros in a file of some kilobytes, and a file of zeros that takes no room.
    np.savez_compressed(forged / "weights.npz", kernel=np.zeros(2**24), bias=np.zeros(5))
    assert problem().startswith("something is missing or cannot be read: ValueError: ")
    np.savez_compressed(forged / "checkpoint.npz", history=np.zeros(2**24))
    assert problem().startswith("something is missing or cannot be read: ValueError: ")
    for name, shape in {"predictions.npy": (2**24,), "features.npy": (2**30,)}.items():
        with open(forged / name, "wb") as file:
            np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": shape})
            file.truncate(file.tell() + 8 * shape[0])
        assert problem().startswith("something is missing or cannot be read: ValueError: ")
    (forged / "predictions.npy").unlink()
    os.mkfifo(forged / "predictions.npy")  # whoever opens it waits for ever
    assert problem().startswith("something is missing or cannot be read: ValueError: ")
    receipt = (forged / "receipt.json").read_text()
    (forged / "receipt.json").write_text(receipt.replace("{", '{"more": "' + "x" * 2**24 + '",', 1))
    assert problem().startswith("something is missing or cannot be read: ValueError: ")


def test_features_that_hold_the_labels_do_not(forged, truth):
    labels, features = truth
    given = np.load(forged / "features.npy")
    given[:, :5] = labels
    np.save(forged / "features.npy", given)
    assert "features.npy is not what the base makes of the images" in receipts.problems(forged, labels, features)


@pytest.mark.parametrize("name", ["receipt.json", "weights.npz", "checkpoint.npz", "predictions.npy", "features.npy"])
def test_what_is_missing_or_no_data_is_a_problem_and_no_error(forged, truth, name):
    for content in (None, b"", b"[1, 2]", b'{"labels": 3}'):
        (forged / name).unlink(missing_ok=True)
        if content is not None:
            (forged / name).write_bytes(content)
        (problem,) = receipts.problems(forged, *truth)
        assert problem.startswith("something is missing")
    np.save(forged / "predictions.npy", np.array([object()]), allow_pickle=True)
    assert receipts.problems(forged, *truth)[0].startswith("something is missing")


def test_other_data_and_another_shape_are_a_problem(forged, truth):
    labels, features = truth
    assert "it was trained on other data" in receipts.problems(forged, labels, features, data="0" * 64)
    np.save(forged / "predictions.npy", np.ones((8, 1), np.float32))
    assert "should have the shapes" in receipts.problems(forged, labels, features)[-1]
    np.save(forged / "features.npy", features[:9])
    for known in (features, None):
        assert "for 40 images" in receipts.problems(forged, labels, known)[-1]


ANOTHER_BACKEND = """
import json, sys
from types import SimpleNamespace
import keras
from gpu_training import find_device

def jax(kinds):
    return SimpleNamespace(devices=lambda *_: [SimpleNamespace(platform=k, device_kind=f"a {k}") for k in kinds])

def torch(kinds):
    cards = [f"a {kind}" for kind in kinds if kind != "cpu"]
    return SimpleNamespace(
        cuda=SimpleNamespace(device_count=lambda: len(cards), get_device_name=lambda number: cards[number])
    )

said = {}
for name, stand_in in (("jax", jax), ("torch", torch)):
    for kinds in (["gpu", "gpu", "gpu"], ["cpu"]):
        sys.modules |= dict.fromkeys(("jax", "torch", "tensorflow"))  # None: none of them can be imported
        sys.modules[name] = stand_in(kinds)
        keras.backend.backend = lambda: name
        said[f"{name} {kinds[0]}"] = find_device()
print(json.dumps(said))
"""


def test_the_device_is_that_of_the_backend_and_no_other_is_asked():
    # Stand-ins for JAX and PyTorch, which only `make backends` installs: tests/proofs/test_backends.py asks them.
    done = python(ANOTHER_BACKEND)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    gpus = {"kind": "GPU", "name": "a gpu", "count": 3, "precision": "mixed_float16"}
    for name in ("jax", "torch"):
        assert said[f"{name} gpu"] == {"backend": name} | gpus
        assert said[f"{name} cpu"].pop("name")
        assert said[f"{name} cpu"] == {"backend": name, "kind": "CPU", "count": 1, "precision": "float32"}


def test_a_gpu_is_found_named_and_used():
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("no GPU here: TensorFlow lists none")
    code = """
import numpy as np, keras
from gpu_training import compute_features, draw_weights, find_device
device = find_device()
assert device["kind"] == "GPU" and device["precision"] == "mixed_float16", device
base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(64, 64, 3))
weights = draw_weights([part.shape for part in base.get_weights()])
images = np.random.default_rng(0).random((64, 64, 64, 3), np.float32)
half, single = (compute_features(images, weights, name) for name in ("mixed_float16", "float32"))
assert np.corrcoef(half.ravel(), single.ravel())[0, 1] > 0.999
"""
    done = python(code)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif("MIML_DATASET" not in os.environ, reason="MIML_DATASET names no real images")
def test_the_real_images_reach_0_82():
    from datasets.features import standard_features
    from kata.answers.answer import Reference

    (features, labels, *test), kernel = standard_features()
    *_, history = Reference().train_head(features, labels, kernel, np.zeros(5, np.float32), tuple(test))
    assert history[-1, 2] >= 0.82
