"""The lessons' pictures show what the solutions compute today, to everybody."""

import json
import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import matplotlib
import numpy as np
import pytest

from kata.learn.pictures import COLOURS, FOLDER, PICTURES, VERSION, to_svg
from kata.learn.rendering import TEMPLATE
from kata.syllabus import EXERCISES

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
SVG = "{http://www.w3.org/2000/svg}"
each_picture = pytest.mark.parametrize("name", PICTURES)


def kept(name):
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def described(svg):
    """The numbers that a picture shows, and its title."""
    root = ElementTree.fromstring(svg)
    return json.loads(root.find(f"{SVG}desc").text), root.find(f"{SVG}title").text


def words(svg):
    """The texts that are seen, as they stand."""
    return [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def drawn():
    return {name: to_svg(*picture) for name, picture in PICTURES.items()}


@each_picture
def test_a_picture_shows_what_the_solutions_compute(drawn, name):
    (kept_data, title), (data, _) = described(kept(name)), described(drawn[name])
    assert title == PICTURES[name][1]
    kept_text, text = json.dumps(kept_data), json.dumps(data)
    assert NUMBER.split(kept_text) == NUMBER.split(text), "run python -m kata.learn.pictures"
    pairs = zip(NUMBER.findall(kept_text), NUMBER.findall(text), strict=True)
    assert [pair for pair in pairs if not as_rounded(*pair)] == [], "run python -m kata.learn.pictures"


def as_rounded(one, other):
    """Whether two rounded numbers may be the same: processors differ in float32's last digit, and then in what a
    number becomes that lies halfway, as the second largest softmax of the example, 0.075855, does."""
    one, other = Decimal(one), Decimal(other)
    unit = min(number.as_tuple().exponent for number in (one, other))
    return abs(one - other) <= Decimal(10) ** unit


def test_numbers_are_the_same_but_for_the_last_digit_that_is_shown():
    assert as_rounded("0.07586", "0.07585")
    assert as_rounded("1.482e-28", "1.483e-28")
    assert as_rounded("0.0759", "0.07589")
    assert not as_rounded("0.07587", "0.07585")
    assert not as_rounded("1.482e-28", "1.482e-27")
    assert not as_rounded("0.0759", "0.07588")


@each_picture
def test_a_picture_is_what_the_script_draws(drawn, name):
    svg = kept(name)
    if f"{VERSION}{matplotlib.__version__} -->" not in svg:
        pytest.skip("another matplotlib drew it")
    assert words(svg) == words(drawn[name]) != [], "run python -m kata.learn.pictures"
    assert NUMBER.split(svg) == NUMBER.split(drawn[name]), "run python -m kata.learn.pictures"
    places = [np.array(NUMBER.findall(text), dtype=float) for text in (svg, drawn[name])]
    np.testing.assert_allclose(*places, atol=0.01)


def test_drawing_twice_gives_the_same_bytes(drawn):
    assert to_svg(*PICTURES["silence"]) == drawn["silence"]


def test_what_the_pictures_say_is_what_the_lessons_say():
    shown = {name: described(kept(name))[0] for name in PICTURES}
    assert shown["logits"]["softmax"][1] == 0.9241
    assert max(shown["loss"]["from the probability: clipped at 1e-7"]) == 16.12
    assert max(shown["loss"]["from the logit: -ln p"]) > 25
    assert shown["threshold"]["cuts"] == {"0.500": [0.0, 3], "0.622": [0.5, 1]}
    assert shown["silence"]["no label"] == 0.7528


def test_every_picture_stands_in_a_lesson_under_its_own_words():
    used = {}
    for exercise in EXERCISES:
        lesson = (exercise.stub.parent / "README.md").read_text(encoding="utf-8")
        used |= {
            name: alt for alt, name in re.findall(r"^!\[(.*)\]\(\.\./pictures/(\w+)\.svg\)$", lesson, re.MULTILINE)
        }
    assert used == {name: alt for name, (_, alt, _) in PICTURES.items()}
    assert {path.stem for path in FOLDER.iterdir()} == set(PICTURES)


@each_picture
def test_a_picture_has_no_colour_of_its_own_and_needs_nothing_else(name):
    root = ElementTree.fromstring(kept(name))
    outside = "".join(
        ElementTree.tostring(element, encoding="unicode") for element in root if element.tag != f"{SVG}style"
    )
    assert set(re.findall(r"var\(--(\w+)\)", outside)) <= set(COLOURS)
    # A viewer that knows no names has the colours of a light page: each stands before its name.
    light = dict(
        re.findall(
            r"--(\w+): (#[0-9a-f]{6});", (TEMPLATE / "colours.css").read_text(encoding="utf-8").partition("@")[0]
        )
    )
    pairs = re.findall(r"([\w-]+): (#[0-9a-f]{6}); ([\w-]+): var\(--(\w+)\)", outside)
    assert all(one == other and colour == light[name] for one, colour, other, name in pairs)
    assert len(pairs) == outside.count("var(--") == len(re.findall(r"#[0-9a-f]{6}\b", outside)) > 10
    assert not re.search(r"rgb\(|<image|@import|href=\"http", outside)


def luminance(colour):
    values = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_text_is_legible_on_a_light_and_on_a_dark_screen():
    # WCAG's contrast, at least 4.5 for text of any size.
    light, dark = (
        (TEMPLATE / "colours.css").read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")
    )
    assert luminance("#ffffff") == pytest.approx(1)
    for part in (light, dark):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part))
        for name in colours.keys() - {"paper", "panel", "line"}:
            for ground in ("paper", "panel"):
                low, high = sorted(luminance(colours[each]) for each in (name, ground))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (name, ground)
    css = (TEMPLATE / "page.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", css)) <= {"#ffffff"}  # behind a picture that was drawn for paper
    assert set(re.findall(r"var\(--(\w+)\)", css)) <= colours.keys()
