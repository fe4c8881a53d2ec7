"""The walkthrough runs, and what it tells is what it computed."""

import csv
import re

import nbformat
import numpy as np
import pytest

from datasets.layout import TABLE
from kata.answers.answer import Reference
from kata.learn import rendering
from kata.syllabus import EXERCISES, ROOT
from tests.browser import chromium, needs_chromium, screens

pytestmark = pytest.mark.proof  # the walkthrough takes a minute

PATH = ROOT / "solutions/walkthrough.ipynb"
WRITTEN = nbformat.read(PATH, as_version=4)
ROAD = ["The data", "Samples", "The pipeline", "The model", "Training", "The nine pairings"]
ROAD += ["Why: Keras looks through the last activation", "Thresholds", "The cheat table"]
NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")


def text(kind):
    return "\n".join(cell.source for cell in WRITTEN.cells if cell.cell_type == kind)


@pytest.fixture(scope="module")
def walked(generated, tmp_path_factory):
    """The notebook with its outputs: on the generated scenes, without a network. The file is left alone."""
    before = PATH.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MIML_DATASET", raising=False)
        settings = {"KATA_DATA": generated.parent.parent, "KERAS_HOME": tmp_path_factory.mktemp("keras")}
        for name, value in {**settings, **NO_NETWORK}.items():
            patch.setenv(name, str(value))
        notebook = rendering.execute(PATH)
    assert PATH.read_bytes() == before
    return notebook


def outputs(notebook, ident):
    """What a cell displayed as text."""
    (cell,) = (cell for cell in notebook.cells if cell.id == ident)
    return [output.data["text/markdown"] for output in cell.outputs if "text/markdown" in output.get("data", {})]


def rows(markdown):
    """The rows of a table, without its header."""
    return [[value.strip() for value in line.strip("|").split(" | ")] for line in markdown.splitlines()[2:]]


def test_it_is_committed_without_outputs_and_as_nbformat_writes_it():
    nbformat.validate(WRITTEN)
    assert nbformat.writes(WRITTEN) + "\n" == PATH.read_text(encoding="utf-8")
    code = [cell for cell in WRITTEN.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_it_is_the_whole_road_on_the_functions_of_every_exercise():
    assert re.findall(r"^## (.*)$", text("markdown"), re.MULTILINE) == ROAD
    for exercise in EXERCISES:
        assert re.search(rf"^from {exercise.topic} import ", text("code"), re.MULTILINE), exercise.topic
        assert f"](../exercises/{exercise.folder}/README.md)" in text("markdown")


def test_its_text_has_no_number_that_its_code_does_not_have():
    # A result that stands in the text is out of date as soon as something changes.
    prose = re.sub(r"\[[^]]*\]\([^)]*\)", "", text("markdown"))
    assert set(NUMBER.findall(prose)) <= set(NUMBER.findall(text("code")))


def test_it_runs_without_noise_and_every_picture_has_a_text(walked):
    pictures = 0
    for cell in walked.cells:
        for output in cell.get("outputs", ()):
            assert output.output_type in ("display_data", "execute_result"), output
            if "image/png" in output.data:
                pictures += 1
                assert output.metadata.get("image/png", output.metadata)["alt"]
    assert pictures == 4


def test_the_figures_of_the_data_are_those_of_the_table(walked, generated):
    with (generated / TABLE).open(encoding="utf-8") as file:
        labels = np.array([row[1:] for row in csv.reader(file)][1:], dtype=int)
    assert outputs(walked, "data-read")[0].startswith(
        f"{len(labels):,} drawn scenes, with {labels.sum(1).mean():.3f}"
    )
    assert [int(row[1]) for row in rows(outputs(walked, "data-read")[1])] == labels.sum(axis=0).tolist()
    assert f"**{np.mean(labels == 0):.4f}**" in outputs(walked, "silence-score")[0]


def test_it_says_that_the_weights_are_random(walked):
    assert "random weights: ImageNet's cannot be downloaded" in outputs(walked, "model-build")[0]
    assert "**2,565** are trained" in outputs(walked, "model-build")[0]


def test_features_once_are_those_of_the_whole_model(walked):
    apart = re.search(r"between the two: (\S+)\.$", outputs(walked, "features-once")[0])[1]
    assert 0 <= float(apart) < 1e-5


def test_the_head_learns_more_than_silence(walked):
    curve, told, _ = map(rows, outputs(walked, "training-run"))
    (_, first, *_), (_, last, _, last_accuracy) = curve
    assert float(last) < float(first)
    accuracy, silence = (row[1] for row in told[:2])
    assert float(accuracy) > float(silence) + 0.05
    assert accuracy == last_accuracy


def test_nine_pairings_of_which_three_and_three_are_one_training(walked):
    table = rows(outputs(walked, "grid-run")[0])
    assert len(table) == 9
    by_loss = {}
    for _, loss, first, last, *_ in table:
        by_loss.setdefault(loss, set()).add((first, last))
    assert [len(seen) for seen in by_loss.values()] == [1, 1, 1]
    assert by_loss["SparseCategoricalCrossentropy"] == {("-", "-")}
    told = outputs(walked, "groups-found")
    assert [line.count(" + ") for line in told] == [3, 3, 1, 1, 1]
    assert all("BinaryCrossentropy" in told[0].split(", ")[place] for place in range(3))


def test_the_look_through_is_that_of_the_solutions_and_of_live_keras(walked):
    reference = Reference()
    y, z = np.float32([[1, 0, 0, 0, 1]]), np.float32([[-20, -10, -44.5, -12.5, -74]])
    table = rows(outputs(walked, "lookthrough-live")[0])
    assert len(table) == 4
    for pairing, *figures in table:
        activation, loss = pairing.split(" + ")
        by_formula = reference.textbook_loss(y, z, activation, loss)[0]
        through = reference.keras_loss(y, z, activation, loss)[0]
        np.testing.assert_allclose(list(map(float, figures)), np.repeat([by_formula, through], 2), rtol=1e-4)
    as_it_is, behind = rows(outputs(walked, "reshape-trained")[0])
    assert as_it_is[1:] == rows(outputs(walked, "grid-run")[0])[3][2:4]
    assert behind[1:] != as_it_is[1:]


def test_thresholds_belong_to_a_scale(walked):
    at_zero, at_half = rows(outputs(walked, "thresholds-moved")[0])
    grid = {tuple(row[:2]): row for row in rows(outputs(walked, "grid-run")[0])}
    assert at_zero[1:] == ["0.5000", *grid["sigmoid", "BinaryCrossentropy"][4:6]]
    assert at_half[1:] == ["0.6225", *grid["None", "BinaryCrossentropy"][4:6]]
    levels = rows(outputs(walked, "level-shifted")[0])
    assert len({row[2] for row in levels}) == 1  # one categorical loss for all levels
    assert [row[3] for row in levels][::3] == ["NONE", "desert, mountains, sea, sunset, trees"]


def test_the_cheat_table_is_that_of_exercise_04(walked):
    reference = Reference()
    table = rows(outputs(walked, "cheat-table")[0])
    assert [row[2:] for row in table] == [list(reference.recommended_setup(row[0]).values()) for row in table]
    assert [row[0] for row in table] == ["binary", "multi-class", "multi-label"]


@needs_chromium
def test_the_page_is_readable_on_any_screen(walked, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(rendering.to_html(walked, "The walkthrough"), encoding="utf-8")
    with chromium() as browser:
        for page in screens(browser, path, texts=500):
            assert page.requests == [path.as_uri()]
            assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")


def test_the_page_needs_nothing_but_itself_and_its_links_lead_somewhere(walked):
    page = rendering.to_html(walked, "The walkthrough")
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"<script|@import|<link|url\(", page)
    sources = re.findall(r'src="([^"]{1,30})', page)
    assert len(sources) == 4
    assert all(source.startswith("data:image/") for source in sources)
    assert page.count(' alt="') == 4
    links = {link.partition("#")[0] for link in re.findall(r'href="([^"]+)"', page)} - {""}
    assert len(links) == 1 + len(EXERCISES)
    assert all((PATH.parent / link).is_file() for link in links)
