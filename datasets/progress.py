"""How far a long run is: a bar with the time left on a terminal, a line every half minute elsewhere. On stderr."""

import sys

_EVERY = 30.0  # seconds between two lines where there is no terminal


class _Lines:
    """A stream that makes a line of each drawing of a bar: in a log nothing can be drawn over."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        if text.strip():
            self.stream.write(f"{text.strip()}\n")

    def flush(self):
        self.stream.flush()


def progress_bar(what, total, done=0, show=True):
    """Return a tqdm bar: `with progress_bar("Drawing", 2000) as bar: bar.update()`.

    Args:
        what: str, what is going on.
        total: int, how many steps there are; done: int, how many of them were done before.
        show: bool, False for a bar that shows nothing.
    """
    from tqdm import tqdm  # not above: `make exercises` installs it late

    terminal = sys.stderr.isatty()
    return tqdm(
        desc=what,
        total=total,
        initial=done,
        disable=not show,
        file=sys.stderr if terminal else _Lines(sys.stderr),
        mininterval=0.1 if terminal else _EVERY,
        miniters=1,  # looks at the clock at each step: one may take a hundred times as long as another
        smoothing=0,  # the time left follows from all steps, not from the last ones
        dynamic_ncols=terminal,
    )
