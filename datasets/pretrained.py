"""VGG16's ImageNet weights from a file of one's own, for machines that cannot download them.

The environment variable VGG16_WEIGHTS names the file: the one that Keras keeps after a download. Exercise 07's
`build_base("imagenet")` asks `read` for it; no other code needs to know of the variable.
"""

import hashlib
import itertools
import os
import sys
from pathlib import Path

VARIABLE = "VGG16_WEIGHTS"
NAME = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"  # as Keras calls it, in ~/.keras/models
MD5 = "6d6bbae143d832006294945121d1f1fc"  # what keras.applications demands of a download
UNITS = (3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
SHAPES = [shape for pair in itertools.pairwise(UNITS) for shape in ((3, 3, *pair), pair[1:])]
ADVICE = (
    f"name the file {NAME}, which Keras keeps in ~/.keras/models on a machine that has downloaded it, or unset "
    f"{VARIABLE} to download it"
)


def named_file():
    """Return the Path that VGG16_WEIGHTS names, None where it is not set.

    Raises:
        FileNotFoundError: there is no such file; the message says what to do.
    """
    if not os.environ.get(VARIABLE):
        return None
    path = Path(os.environ[VARIABLE]).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"{VARIABLE} names {path}, which is no file: {ADVICE}")
    return path


def describe():
    """Say in one line which file ImageNet's weights come from, and its checksum: for people, and for a receipt.

    Raises:
        FileNotFoundError: see `named_file`.
    """
    path = named_file()
    if path is None:
        return f"{NAME}, md5 {MD5}, downloaded and checked by keras.applications"
    with path.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found == MD5:
        return f"{path.name}, md5 {found}, as keras.applications expects"
    return f"{path.name}, md5 {found}: NOT the file that keras.applications expects, whose md5 is {MD5}"


def read():
    """Read the weights from the file that VGG16_WEIGHTS names, and say on stderr which file that was.

    Another file than Keras's own is read as well, since one may want to try the way on small numbers: but `describe`
    says so, here and in the receipt of a training.

    Returns:
        list of 26 float32 arrays, for `set_weights` of VGG16 without its top; None where VGG16_WEIGHTS is not set.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it does not hold these weights. The messages say what to do.
    """
    path = named_file()
    if path is None:
        return None
    import h5py  # Keras brings it

    try:
        with h5py.File(path) as file:
            layers = [file[name] for name in file.attrs["layer_names"]]
            weights = [layer[name][()].astype("float32") for layer in layers for name in layer.attrs["weight_names"]]
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path} holds no weights as Keras writes them ({error}): {ADVICE}") from None
    if [part.shape for part in weights] != SHAPES:
        raise ValueError(f"{path} holds the weights of another model than VGG16 without its top: {ADVICE}")
    print(f"ImageNet weights: {describe()}", file=sys.stderr)
    return weights
