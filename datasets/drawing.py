"""One scene: dunes, ridges, water, a low sun and trees, drawn with NumPy as its labels say.

Colours alone must not tell the labels, since they do not in photographs either: every scene has a light, a white
balance and an exposure of its own, the palettes of sand, rock, water and foliage overlap, and much of what tells
them apart is texture: smooth dunes with fine ripples, angular ridges, waves that lie flat, leaves in clumps.

Every pixel is a continuous function of the random numbers (edges are soft, no comparison decides about a pixel), so
that a machine whose sine or exponential rounds differently draws the same within one level of 255.
"""

import numpy as np


def draw(labels, rng, height, width, dtype=np.float32):
    """Draw a scene.

    Args:
        labels: a set of "desert", "mountains", "sea", "sunset", "trees"; at least one.
        rng: a numpy.random.Generator; in the same state it draws the same scene.
        height, width: the size in pixels.
        dtype: what the arithmetic is done in; the random numbers do not depend on it.

    Returns:
        The pixels, uint8 of shape (height, width, 3).
    """
    canvas = _Canvas(rng, height, width, dtype)
    light = _Light(canvas, "sunset" in labels)
    horizon = canvas.uniform(0.3, 0.62)

    _sky(canvas, light, horizon)
    if "mountains" in labels:
        _mountains(canvas, light, horizon)
    if "sea" in labels:
        _water(canvas, light, horizon)
    if "desert" in labels:
        # Beside water the dunes are its shore: they begin lower.
        _dunes(canvas, light, canvas.uniform(0.72, 0.85) if "sea" in labels else horizon)
    if not labels & {"sea", "desert"}:
        _ground(canvas, light, horizon)
    if "trees" in labels:
        # A wood where there is nothing else to see, a few trees in front of what else there is.
        _trees(canvas, light, horizon, wood=labels == {"trees"})
    return _photograph(canvas)


class _Canvas:
    """Pixels that are painted over from the back to the front, and the random numbers for it.

    `pixels` has shape (3, height, width): arithmetic on it is three times as fast as with the channels last. `y` has
    shape (height, 1) and `x` (1, width), both from 0 at the upper left to 1.
    """

    def __init__(self, rng, height, width, dtype):
        self.rng, self.height, self.width, self.dtype = rng, height, width, dtype
        self.aspect = width / height
        self.y = ((np.arange(height) + 0.5) / height).astype(dtype)[:, None]
        self.x = ((np.arange(width) + 0.5) / width).astype(dtype)[None, :]
        self.pixels = np.zeros((3, height, width), dtype)

    def uniform(self, low, high):
        """A Python float: unlike NumPy's it leaves a float32 array a float32 array."""
        return float(self.rng.uniform(low, high))

    def mix(self, *colours):
        """A colour somewhere between some colours, as a column of shape (3, 1, 1)."""
        shares = self.rng.random(len(colours)) ** 3
        return self.colour(np.asarray(colours).T @ (shares / shares.sum()))

    def colour(self, values):
        return np.asarray(values, self.dtype).reshape(3, 1, 1)

    def noise(self, rows, columns, octaves=1):
        """Smooth noise from -1 to 1, shape (height, width): a grid of rows x columns random values, interpolated.

        Every further octave is twice as fine and half as strong. A grid of one row is noise of x alone, and has
        shape (1, width).
        """
        total, weight = 0, 0
        for octave in range(octaves):
            tall = max(2, round(rows * 2**octave)) if rows > 1 else 1
            wide = max(2, round(columns * 2**octave))
            grid = (self.rng.random((tall, wide), dtype=np.float32) * 2 - 1).astype(self.dtype)
            grid = _stretch(grid, self.height) if rows > 1 else grid
            total = total + _stretch(grid.T, self.width).T * 0.5**octave
            weight += 0.5**octave
        return total / weight

    def paint(self, colour, mask, rows=slice(None), columns=slice(None)):
        """Cover with a colour, (3, 1, 1) or (3, height, width), where the mask is 1; rows and columns limit both."""
        part = self.pixels[:, rows, columns]
        part += (colour - part) * mask

    def below(self, edge, softness=1.0):
        """A mask that is 1 below an edge, a number or of shape (1, width), and soft over some pixels."""
        return np.clip((self.y - edge) * (self.height / softness) + 0.5, 0, 1)

    def span(self, middle, reach, length):
        """The pixels, as a slice, within a reach of a place on an axis; at least one."""
        first = min(max(int((middle - reach) * length), 0), length - 1)
        return slice(first, max(int((middle + reach) * length) + 2, first + 1))


def _stretch(grid, length):
    """Stretch the first axis of an array to a length, with smooth steps between neighbours."""
    if len(grid) == 1:
        return np.repeat(grid, length, axis=0)
    place = (np.arange(length) + 0.5) * ((len(grid) - 1) / length)
    left = place.astype(np.int64)
    step = (place - left).astype(grid.dtype)
    step = (step * step * (3 - 2 * step)).reshape(-1, *[1] * (grid.ndim - 1))
    return grid[left] + (grid[left + 1] - grid[left]) * step


class _Light:
    """The hour and the weather: where the sun is, the colours of the sky, and what they do to the land."""

    def __init__(self, canvas, sunset):
        self.sunset = sunset
        self.sun = canvas.uniform(0.1, 0.9)
        self.glow = canvas.mix((0.98, 0.55, 0.20), (0.95, 0.35, 0.25), (0.90, 0.55, 0.55), (0.98, 0.75, 0.40))
        self.white = canvas.colour([0.95] * 3)
        if sunset:
            self.zenith = canvas.mix((0.20, 0.25, 0.45), (0.45, 0.25, 0.30), (0.55, 0.35, 0.20), (0.35, 0.40, 0.50))
            self.haze = self.glow * 0.7 + self.zenith * 0.3
            low = canvas.uniform(0.55, 1.0)
            self.on_land = (1 + (self.glow - 1) * 0.5 * low) * canvas.uniform(0.15, 0.6)
        else:
            self.zenith = canvas.mix((0.25, 0.45, 0.80), (0.60, 0.65, 0.72), (0.45, 0.55, 0.65), (0.75, 0.68, 0.60))
            # Mist and dust: a day's sky may be as warm near the horizon as an evening's.
            pale = canvas.mix((0.85, 0.88, 0.92), (0.90, 0.82, 0.70), (0.70, 0.75, 0.80), (0.95, 0.70, 0.50))
            self.haze = pale * 0.6 + self.zenith * 0.4
            self.on_land = canvas.colour([canvas.uniform(0.5, 1.1)] * 3)


def _sky(canvas, light, horizon):
    height = np.clip(canvas.y / horizon, 0, 1) ** canvas.uniform(0.7, 1.8)
    canvas.pixels[:] = light.zenith + (light.haze - light.zenith) * height
    clouds = canvas.noise(canvas.uniform(6, 15), 3, octaves=4)
    cover = np.clip(clouds * canvas.uniform(1.0, 3.0) - canvas.uniform(-0.3, 0.6), 0, 1) * canvas.uniform(0, 0.8)
    if not light.sunset:
        canvas.paint(canvas.colour([canvas.uniform(0.7, 1.0)] * 3), cover)
        return
    canvas.paint(light.zenith * 0.5 + light.glow * canvas.uniform(0, 0.6), cover)
    sun = horizon - canvas.uniform(0.01, 0.25)
    away = ((canvas.x - light.sun) * canvas.aspect) ** 2 + (canvas.y - sun) ** 2
    halo = np.exp(away * (-1 / canvas.uniform(0.12, 0.4) ** 2))
    canvas.paint(light.glow * 0.6 + 0.45, halo * canvas.uniform(0.5, 0.9))
    disc = np.clip((canvas.uniform(0.02, 0.06) - np.sqrt(away)) * (0.5 * canvas.height) + 0.5, 0, 1)
    canvas.paint(canvas.colour((1.0, 0.95, 0.8)), disc * canvas.uniform(0.3, 1.0))


def _mountains(canvas, light, horizon):
    rock = canvas.mix((0.45, 0.42, 0.42), (0.35, 0.40, 0.30), (0.55, 0.42, 0.32), (0.30, 0.38, 0.50)) * light.on_land
    snow_line = canvas.uniform(-1.2, 0.5)  # below zero there is hardly any
    ranges = int(canvas.rng.integers(1, 4))
    for number in range(1, ranges + 1):
        near = number / ranges
        rise = canvas.uniform(0.12, 0.3) * (1.3 - 0.5 * near)
        # 1 - |noise| has sharp crests: what makes a ridge of a hill.
        crest = 1.3 - np.abs(canvas.noise(1, canvas.uniform(2, 5), octaves=5)) * 2.2
        edge = horizon + 0.03 - rise * np.clip(crest, 0.05, 1.3)
        relief = np.abs(canvas.noise(canvas.uniform(8, 14), canvas.uniform(6, 10), octaves=4))
        colour = rock * np.clip(1.1 - relief * 2.2, 0.2, 1.2)
        snow = np.clip((snow_line - (canvas.y - edge) / rise + relief) * 5, 0, 1)
        colour += (light.white * light.on_land * (1 - relief * 0.8) - colour) * snow
        colour += (light.haze - colour) * ((1 - near) * canvas.uniform(0.3, 0.7))
        canvas.paint(colour, canvas.below(edge, 1.5))


def _water(canvas, light, horizon):
    deep = canvas.mix((0.10, 0.25, 0.40), (0.20, 0.40, 0.45), (0.40, 0.42, 0.42), (0.45, 0.42, 0.30))
    mirror = canvas.uniform(0.2, 0.75)
    water = light.on_land * (deep * (1 - mirror) + light.haze * mirror)
    # Waves lie flat, and are larger near the viewer.
    down = np.clip((canvas.y - horizon) / (1 - horizon), 0, 1)
    close = canvas.noise(canvas.height / 10, canvas.uniform(5, 10), octaves=2)
    far = canvas.noise(canvas.height / 4, canvas.uniform(8, 16), octaves=2)
    waves = (far + (close - far) * down) * canvas.uniform(0.25, 0.6)
    colour = water * (1 + waves)
    if light.sunset:
        # The sun's path on the water, broken by the waves.
        path = np.exp(-(((canvas.x - light.sun) / (0.05 + 0.15 * down)) ** 2)) * np.clip(0.5 + waves * 2, 0, 1)
        colour += (light.glow - colour) * path
    foam = np.clip(close * 3 - canvas.uniform(0.9, 2.2), 0, 1) * down
    colour += (light.white * light.on_land - colour) * foam
    canvas.paint(colour, canvas.below(horizon))


def _dunes(canvas, light, horizon):
    sand = canvas.mix((0.85, 0.68, 0.45), (0.75, 0.50, 0.32), (0.80, 0.75, 0.65), (0.55, 0.50, 0.48)) * light.on_land
    edge = horizon
    for _ in range(canvas.rng.integers(1, 4)):
        edge = edge + canvas.noise(1, canvas.uniform(1.5, 3)) * canvas.uniform(0.02, 0.09)
        # A dune has a lit face and one in shadow, with a soft crest between them; the wind draws ripples on both.
        faces = np.clip(canvas.noise(canvas.uniform(2, 4), canvas.uniform(2, 4)) * canvas.uniform(1, 4), -1, 1)
        bends = canvas.noise(3, 3) * canvas.uniform(9, 24) + canvas.x * canvas.uniform(-30, 30)
        ripples = np.sin(canvas.y * canvas.uniform(120, 260) + bends)
        shade = 0.85 + faces * canvas.uniform(0.1, 0.3) + ripples * canvas.uniform(0.0, 0.06)
        canvas.paint(sand * shade, canvas.below(edge, 2.0))
        edge = edge + canvas.uniform(0.08, 0.2)


def _ground(canvas, light, horizon):
    """Land that has no label of its own: a plain, a meadow, dark soil."""
    soil = canvas.mix((0.35, 0.45, 0.22), (0.50, 0.45, 0.32), (0.30, 0.28, 0.25), (0.60, 0.55, 0.42)) * light.on_land
    rough = canvas.noise(canvas.uniform(10, 30), canvas.uniform(6, 12), octaves=3)
    edge = horizon + canvas.noise(1, 3) * 0.02
    canvas.paint(soil * (0.8 + rough * canvas.uniform(0.15, 0.5)), canvas.below(edge, 2.0))


def _trees(canvas, light, horizon, wood):
    leaf = canvas.mix((0.18, 0.35, 0.12), (0.40, 0.42, 0.18), (0.60, 0.40, 0.15), (0.22, 0.28, 0.25)) * light.on_land
    bark = canvas.mix((0.30, 0.22, 0.16), (0.45, 0.42, 0.38), (0.15, 0.12, 0.10)) * light.on_land
    fine = canvas.noise(canvas.height / 8, canvas.width / 8, octaves=3)
    clumps = canvas.noise(canvas.uniform(8, 14), canvas.uniform(8, 14), octaves=2)
    foliage = leaf * np.clip(0.8 + fine * canvas.uniform(1.0, 1.6) + clumps * 0.6, 0.05, 2.0)
    torn = fine * 0.7 + clumps * 0.3  # the edge of a crown, which is made of the same leaves
    for _ in range(canvas.rng.integers(7, 14) if wood else canvas.rng.integers(2, 6)):
        middle, foot = canvas.uniform(0, 1), canvas.uniform(max(horizon, 0.55) + 0.05, 1.0)
        tall = canvas.uniform(0.35, 0.75) if wood else canvas.uniform(0.25, 0.55)
        wide = tall * canvas.uniform(0.3, 0.6) / canvas.aspect
        top = foot - 0.62 * tall  # the middle of the crown

        thick = canvas.uniform(0.006, 0.02) / canvas.aspect
        rows, columns = (
            canvas.span((top + foot) / 2, 0.35 * tall, canvas.height),
            canvas.span(middle, thick, canvas.width),
        )
        y, x = canvas.y[rows], canvas.x[:, columns]
        across = np.clip((thick - np.abs(x - middle)) * canvas.width + 0.5, 0, 1)
        along = np.clip((foot - y) * canvas.height, 0, 1) * np.clip((y - top) * canvas.height, 0, 1)
        canvas.paint(bark, across * along, rows, columns)

        # Beyond twice its radius no noise can tear a leaf: the rest of the picture need not be looked at.
        rows, columns = canvas.span(top, tall / 1.2, canvas.height), canvas.span(middle, wide, canvas.width)
        y, x = canvas.y[rows], canvas.x[:, columns]
        away = np.sqrt(((x - middle) * (2 / wide)) ** 2 + ((y - top) * (2.4 / tall)) ** 2)
        crown = np.clip((1 - away + torn[rows, columns]) * 6, 0, 1)
        canvas.paint(foliage[:, rows, columns], crown, rows, columns)


def _photograph(canvas):
    """What a camera does: white balance, exposure, faded colours, a vignette and grain; then 8 bits."""
    pixels, rng = canvas.pixels, canvas.rng
    pixels *= canvas.colour(np.exp(rng.normal(0, 0.16, 3)) * np.exp(rng.normal(0, 0.22)))
    pixels += (pixels.mean(axis=0) - pixels) * canvas.uniform(0.0, 0.7)
    pixels *= 1 - ((canvas.x - 0.5) ** 2 + (canvas.y - 0.5) ** 2) * canvas.uniform(0, 0.7)
    grain = rng.random((canvas.height, canvas.width), dtype=np.float32).astype(canvas.dtype) - 0.5
    pixels += grain * canvas.uniform(0.0, 0.17)
    pixels *= 255
    levels = np.rint(np.clip(pixels, 0, 255, out=pixels), out=pixels).astype(np.uint8)
    return np.ascontiguousarray(np.moveaxis(levels, 0, -1))
