"""What one backend of Keras makes of the solutions of 08 and 09: the processes of test_backends.py.

    KERAS_BACKEND=jax python -m tests.proofs.on_backend measure FOLDER DATASET
    KERAS_BACKEND=jax python -m tests.proofs.on_backend go_on OUTPUT CHECKPOINT...

Keras reads the backend when it is imported, so each backend has a process of its own. `measure` leaves arrays.npz,
said.json and a training's output in FOLDER; then it begins the training of the head once more, and kills itself in
the middle of an epoch. `go_on` takes checkpoints of such trainings to the end.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from experiments import run_grid, same_training
from gpu_training import compute_features, draw_weights, find_device, run_training, train_head
from transfer_model import build_base

from tests.deadly import Deadly

EPOCHS, BATCH, KILLED_IN = 100, 48, 50
LOGITS, Y_TRUE = np.float32([[-20, -10, -44.5, -12.5, -74]]), np.float32([[1, 0, 0, 0, 1]])
LOSSES = ("BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy")


def training():
    """Features, labels, kernel and bias to train a head with, and a test part."""
    rng = np.random.default_rng(0)
    features = rng.standard_normal((200, 64), np.float32)
    labels = (features @ rng.standard_normal((64, 5), np.float32) > 4).astype(np.float32)
    start = draw_weights([(64, 5), (5,)], 1)
    return features[:160], labels[:160], *start, (features[160:], labels[160:])


def heads():
    """The head, trained without a stop; under a mixed policy it should come out the same."""
    kernel, bias, history = train_head(*training(), EPOCHS, BATCH)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        mixed, _, _ = train_head(*training(), EPOCHS, BATCH)
    finally:
        keras.config.set_dtype_policy("float32")
    return {"kernel": kernel, "bias": bias, "history": history, "kernel_under_mixed_policy": mixed}


def base_features():
    """The features of VGG16 with drawn weights, in both precisions, and the policy that is left."""
    drawn = draw_weights([part.shape for part in build_base(None, 32).get_weights()], 2)
    images = np.random.default_rng(3).random((6, 32, 32, 3), np.float32)
    found = {name: compute_features(images, drawn, name, batch_size=4) for name in ("float32", "mixed_float16")}
    digests = {f"drawn_{place}": part for place, part in enumerate(drawn[:4])}
    return found | digests, keras.config.dtype_policy().name


def first_loss(activation, loss, reshape=False, policy="float32"):
    """The loss that `fit` reports of lesson 04's example before any step; None where Keras refuses the pairing."""
    layers = [
        keras.Input((5,)),
        keras.layers.Dense(5, activation, kernel_initializer=keras.initializers.Identity(), dtype=policy),
    ]
    model = keras.Sequential([*layers, keras.layers.Reshape((5,))] if reshape else layers)
    model.compile(
        keras.optimizers.SGD(0.0), getattr(keras.losses, loss)(from_logits=activation is None), auto_scale_loss=False
    )
    labels = Y_TRUE.astype(np.int64) if loss == LOSSES[2] else Y_TRUE
    try:
        return float(model.fit(LOGITS, labels, verbose=0).history["loss"][0])
    except ValueError:
        return None


def pairings():
    """{"sigmoid + BinaryCrossentropy": loss or None}, for all nine, and what `same_training` makes of the nine."""
    losses = {
        f"{activation} + {loss}": first_loss(activation, loss)
        for activation in ("sigmoid", "softmax", None)
        for loss in LOSSES
    }
    features, labels, kernel, _, test = training()
    return losses, same_training(run_grid(features, labels, *test, kernel, 3, BATCH))


def optimizer_under_mixed_policy(scaled):
    """The name of the optimizer's class after compile(Adam(), auto_scale_loss=scaled) under a mixed policy."""
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5)])
        model.compile(keras.optimizers.Adam(), "binary_crossentropy", auto_scale_loss=scaled)
    finally:
        keras.config.set_dtype_policy("float32")
    return type(model.optimizer).__name__


def devices_that_are_not_there():
    """What find_device says while the backend lists two GPUs."""
    name = keras.backend.backend()
    if name == "jax":
        import jax

        class Gpu:
            platform, device_kind = "gpu", "a card"

        before, jax.devices = jax.devices, lambda *_: [Gpu, Gpu]
        try:
            return find_device()
        finally:
            jax.devices = before
    if name == "torch":
        import torch

        before = torch.cuda.device_count, torch.cuda.get_device_name
        torch.cuda.device_count, torch.cuda.get_device_name = lambda: 2, lambda number: "a card"
        try:
            return find_device()
        finally:
            torch.cuda.device_count, torch.cuda.get_device_name = before
    return None  # the suite of exercise 09 does it on TensorFlow


def measure(folder, dataset):
    folder = Path(folder)
    features, policy = base_features()
    losses, groups = pairings()
    softened = [first_loss("softmax", LOSSES[0], policy=policy) for policy in ("float32", "mixed_float16")]
    said = {"device": find_device(), "pretended": devices_that_are_not_there(), "policy": policy}
    said |= {"losses": losses, "groups": groups, "softmax_mixed": softened}
    said |= {"reshaped": first_loss("softmax", LOSSES[0], reshape=True)}
    said |= {"wrapped": [optimizer_under_mixed_policy(scaled) for scaled in (True, False)]}
    said |= {"initializer": np.ravel(keras.ops.convert_to_numpy(keras.initializers.HeNormal(0)((4, 4)))).tolist()}
    said["receipt"] = run_training(dataset, str(folder / "output"), epochs=EPOCHS, image_size=32, batch_size=8)
    np.savez(folder / "arrays.npz", **heads(), **features)
    (folder / "said.json").write_text(json.dumps(said))
    inputs, *rest = training()
    Deadly.left = KILLED_IN * 4 + 2  # the second of an epoch's four batches
    train_head(inputs.view(Deadly), *rest, EPOCHS, BATCH, checkpoint=str(folder / "state.npz"))


def go_on(output, *checkpoints):
    weights = [train_head(*training(), EPOCHS, BATCH, checkpoint=path)[0] for path in checkpoints]
    np.savez(output, *weights)


if __name__ == "__main__":
    {"measure": measure, "go_on": go_on}[sys.argv[1]](*sys.argv[2:])
