"""Other processors, as far as this one can play them.

TensorFlow, NumPy and OpenBLAS have several kernels for one sum. They take its terms in another order, so that the
last bits differ. Which one runs depends on the processor, on the number of threads and on the shapes. The variables
count only where they are set before the libraries are loaded: each guise is a process of its own.

What cannot be played is a processor without float16: TensorFlow asks the real one, then oneDNN, held back, refuses.
"""

import os

import numpy as np

# What NumPy makes use of here beyond the least that it needs, oldest first: a name that it does not know is an error.
_FOUND = np.show_config("dicts")["SIMD Extensions"].get("found", [])


def _threads(number):
    return dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "OPENBLAS_NUM_THREADS"), str(number))


GUISES = {
    "AVX2": {
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "NPY_DISABLE_CPU_FEATURES": " ".join(_FOUND[1:]),
        "OPENBLAS_CORETYPE": "Haswell",
    },
    "SSE4.1": {
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "NPY_DISABLE_CPU_FEATURES": " ".join(_FOUND),
        "OPENBLAS_CORETYPE": "Nehalem",
    },
    "without oneDNN": {"TF_ENABLE_ONEDNN_OPTS": "0", "OPENBLAS_CORETYPE": "Prescott"},
    "one thread": _threads(1),
    "eight threads": _threads(8),
}


def environment(guise):
    """The variables of a process in a guise; nothing is left over from the one that this process may be in."""
    every = {name for variables in GUISES.values() for name in variables}
    kept = {name: value for name, value in os.environ.items() if name not in every}
    return kept | GUISES[guise]
