"""A process that dies in the middle of a training, at the same place every time."""

import os
import signal

import numpy as np


class Deadly(np.ndarray):
    """An array that kills the process when somebody takes a part of it for the n-th time: `Deadly.left = n`."""

    left = 0

    def __getitem__(self, key):
        Deadly.left -= 1
        if Deadly.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.view(np.ndarray)[key]
