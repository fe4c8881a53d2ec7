"""A view of saved pictures: see kata/checks/objects.py. What they are is seen from their files' bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kata.checks.files import Contents
from kata.checks.objects import TwoSteps, View, unseen

if TYPE_CHECKING:
    from numpy.typing import NDArray

# (what it is called, name of its file) -> the pixels of a picture, the last that was seen
_pictures: dict[tuple[str, str], NDArray[np.int64]] = {}


@dataclass(frozen=True)
class Pictures(TwoSteps):
    """What the pictures are, whose path, or tuple of paths, is returned.

    Attributes:
        colours: colours from 0 to 255; how many of them cover at least half a percent of the last picture?
        called: under which name the pictures are kept; unlike: which ones they are compared with, so that a suite can
            ask whether other figures make another picture.
        a_part: whether to say if the two differ in a part of the picture alone: a picture of figures of which one
            was changed does.
    """

    remembers = True

    colours: list[list[int]] = field(default_factory=list)
    called: str = "first"
    unlike: str = ""
    a_part: bool = False

    def taker(self) -> View:
        return Contents()

    def look(self, taken: Any) -> Any:
        if taken[0] not in ("tuple", "file"):
            return unseen(taken)
        kind, files, left_open = taken
        if not files:
            return "no files"
        seen = []
        for number, (name, content) in enumerate(files, 1):
            seen.append(self._look(name, content, self.colours if number == len(files) else [], left_open))
        return tuple(seen) if kind == "tuple" else seen[0]

    def _look(self, name: str, content: bytes, colours: list[list[int]], left_open: int) -> dict[str, Any]:
        if content[:8] != b"\x89PNG\r\n\x1a\n":
            return {"file": name, "PNG": False, "figures left open": left_open}
        from matplotlib.image import imread

        image = np.round(imread(io.BytesIO(content))[..., :3] * 255).astype(np.int64)
        pixels, width = image.reshape(-1, 3), image.shape[1]
        _pictures[self.called, name] = image
        before = _pictures.get((self.unlike, name))
        different, counts = np.unique(pixels @ [1 << 16, 1 << 8, 1], return_counts=True)
        values = different[:, None] >> [16, 8, 0] & 255
        near = [np.all(np.abs(values - colour) < 6, axis=1) for colour in colours]
        shares = [counts[those].sum() / len(pixels) for those in near]
        seen = {
            "file": name,
            "PNG": True,
            "at least 600 pixels wide": width >= 600,
            "colours": "many" if len(different) > 8 else "few",
            "the same as of other figures": before is not None and np.array_equal(before, image),
            "images shown": int(sum(share > 0.005 for share in shares)),
            "figures left open": left_open,
        }
        return seen | ({"differs from it": _where(before, image)} if self.a_part else {})

    def __repr__(self) -> str:
        return "what the picture is"


def _where(one: NDArray[np.int64] | None, other: NDArray[np.int64]) -> str:
    """Where two pictures differ: in less than half of their area, or not."""
    if one is None or one.shape != other.shape:
        return "as a whole"
    rows, columns = np.nonzero((one != other).any(axis=2))
    if not len(rows):
        return "nowhere"
    box = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    return "in a part" if box < 0.5 * other.shape[0] * other.shape[1] else "as a whole"
