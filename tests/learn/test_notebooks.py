"""`kata notebook`: what it makes, what a second run keeps, and that its first and last cells work."""

import base64
import json
import re
import shutil
import subprocess
import sys
import warnings

import nbformat
import pytest

from kata import elsewhere
from kata.answers.conversion import convert
from kata.answers.reading import read_source
from kata.learn import kernel
from kata.learn.notebooks import make_notebook, notebook_text
from kata.syllabus import BY_TOPIC, EXERCISES
from tests.support import notebook_of, solution, solved_notebook

pytestmark = pytest.mark.everywhere
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.folder)


@pytest.fixture
def kata(run, clone):
    return lambda *arguments: run("-m", "kata", *arguments, cwd=clone, PYTHONPATH=str(clone))


def git(*words, cwd):
    if not shutil.which("git"):
        pytest.skip("there is no git")
    subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True)


def load(path):
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)


def cell_of(notebook, part):
    return next(cell for cell in notebook.cells if cell.metadata.get("kata", {}).get("part") == part)


@each_exercise
def test_it_is_valid_and_the_same_each_time(exercise):
    notebook = make_notebook(exercise)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert notebook_text(exercise) == notebook_text(exercise)


@each_exercise
def test_it_holds_the_lesson_the_stub_and_a_last_cell(exercise):
    notebook = make_notebook(exercise)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    lesson = (exercise.stub.parent / "README.md").read_text(encoding="utf-8")
    for line in lesson.splitlines():
        assert "](" in line or line in text
    stub = exercise.stub.read_text(encoding="utf-8")
    for name in exercise.points:
        (source,) = [source for source in code if f"def {name}(" in source]
        assert source in stub
        assert source.count("\ndef ") == 0
    assert "git" in code[0]
    assert code[-1].endswith(f'kata.learn.kernel.judge("{exercise.number}")')
    assert notebook.cells[0].source == code[0]
    assert notebook.cells[-1].source == code[-1]
    assert '__name__ == "__main__"' not in "".join(code)  # in a notebook that would be true


@each_exercise
def test_an_untouched_one_is_todo(exercise, tmp_path):
    path = tmp_path / exercise.notebook.name
    path.write_text(notebook_text(exercise), encoding="utf-8")
    source = read_source(path)
    assert not source.begun(exercise)
    assert all(source.todo(name) for name in exercise.points)


def test_made_for_one_or_for_all_and_never_twice(kata, clone):
    made = kata("notebook", "03")
    assert made.status == 0
    assert "exercises/03_losses/losses.ipynb is made" in made.out
    before = (clone / "exercises/03_losses/losses.ipynb").read_bytes()
    every = kata("notebook", "--all").out
    assert every.count("is made") == len(EXERCISES) - 1
    assert "losses.ipynb is up to date: nothing was changed" in every
    assert (clone / "exercises/03_losses/losses.ipynb").read_bytes() == before
    for wrong in ([], ["03", "--all"], ["42"]):
        run = kata("notebook", *wrong)
        assert run.status == 2
        assert "Traceback" not in run.err


def test_a_second_run_keeps_what_the_learner_wrote_and_brings_the_rest_up_to_date(kata, clone):
    kata("notebook", "02")
    path = clone / "exercises/02_activations/activations.ipynb"
    notebook = load(path)
    cell_of(notebook, "function sigmoid").source = "def sigmoid(x):\n    return 'mine'"
    cell_of(notebook, "about").source = "My notes."
    notebook.cells.remove(cell_of(notebook, "function linear"))  # written in a cell of their own
    softmax = cell_of(notebook, "function softmax")
    notebook.cells.remove(softmax)  # thrown away
    mine = nbformat.v4.new_code_cell("EPS = 1\n\n\ndef linear(x):\n    return 'mine, too'")
    notebook.cells.insert(1, mine)
    notebook.cells.append(nbformat.v4.new_markdown_cell("The end."))
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    written = path.read_bytes()
    lesson = clone / "exercises/02_activations/README.md"
    lesson.write_text(
        lesson.read_text(encoding="utf-8").replace("# 02 · Activations\n", "# 02 · Activations\n\nNew!\n"),
        encoding="utf-8",
    )

    out = kata("notebook", "02").out
    assert "what you wrote is kept" in out
    assert "added: function softmax\n" in out
    assert "brought up to date: lesson 02 · Activations\n" in out
    assert (clone / out.rpartition("what was there: ")[2].strip()).read_bytes() == written
    again = load(path)
    nbformat.validate(again)
    sources = [cell.source for cell in again.cells]
    assert "def sigmoid(x):\n    return 'mine'" in sources
    assert "My notes." in sources
    assert sources[1] == mine.source
    assert sources[-1] == "The end."
    assert sources.count(softmax.source) == 1
    assert sources.index(softmax.source) < len(sources) - 2  # before the board
    assert sum("def linear" in source for source in sources) == 1
    assert "# 02 · Activations\n\nNew!" in "".join(sources)
    assert "nothing was changed" in kata("notebook", "02").out


def test_editors_that_drop_metadata_and_ids_cause_no_cell_twice(kata, clone):
    kata("notebook", "02")
    path = clone / "exercises/02_activations/activations.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": cell.pop("id")}  # as Colab has it
    notebook["nbformat_minor"] = 0
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert "nothing was changed" in kata("notebook", "02").out


def test_what_is_no_notebook_is_not_written_over(kata, clone):
    path = clone / "exercises/02_activations/activations.ipynb"
    path.write_text("{ half of it", encoding="utf-8")
    run = kata("notebook", "02")
    assert run.status == 2
    assert "activations.ipynb cannot be read as a notebook" in run.err
    assert "rename it" in run.err
    assert path.read_text(encoding="utf-8") == "{ half of it"


def test_a_module_that_is_begun_is_spoken_of(kata, clone):
    (clone / "exercises/02_activations/activations.py").write_text(solution("activations"), encoding="utf-8")
    out = kata("notebook", "02").out
    assert "exercises/02_activations/activations.py is begun, too" in out


def test_reset_puts_both_back_and_keeps_both(kata, clone):
    fresh = notebook_text(BY_TOPIC["activations"])
    path = clone / "exercises/02_activations/activations.ipynb"
    path.write_text(solved_notebook(BY_TOPIC["activations"]), encoding="utf-8")
    written = path.read_bytes()
    out = kata("reset", "02").out
    assert path.read_text(encoding="utf-8") == fresh
    assert (clone / out.rpartition("What was there: ")[2].strip()).read_bytes() == written
    assert "What was there" not in kata("reset", "02").out


def test_pictures_of_a_lesson_are_in_its_notebook(kata, clone):
    lesson = clone / "exercises/02_activations/README.md"
    pictures = {"curve.svg": b"<svg/>", "sub/dark.png": b"\x89PNG"}
    for name, content in pictures.items():
        (lesson.parent / name).parent.mkdir(exist_ok=True)
        (lesson.parent / name).write_bytes(content)
    text = "\n\n![A curve (steep)](curve.svg)\n\n"
    text += '<picture><source srcset="sub/dark.png"><img src="curve.svg"></picture>\n'
    text += "\n![elsewhere](https://example.org/a.png)\n"
    lesson.write_text(lesson.read_text(encoding="utf-8") + text, encoding="utf-8")
    kata("notebook", "02")
    found = "".join(cell.source for cell in load(lesson.with_name("activations.ipynb")).cells)
    svg = "data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode()
    assert f"![A curve (steep)]({svg})" in found
    assert f'<img src="{svg}">' in found
    assert 'srcset="data:image/png;base64,iVBORw=="' in found
    assert "(https://example.org/a.png)" in found


def first_cell(path):
    return load(path).cells[0].source


def test_the_first_cell_makes_earlier_exercises_importable_and_the_last_one_judges(run, clone):
    folder = clone / "exercises/04_pairings"
    (clone / "exercises/02_activations/activations.ipynb").write_text(
        solved_notebook(BY_TOPIC["activations"]), encoding="utf-8"
    )
    (clone / "exercises/03_losses/losses.py").write_text(solution("losses"), encoding="utf-8")
    (folder / "pairings.ipynb").write_text(solved_notebook(BY_TOPIC["pairings"]), encoding="utf-8")
    cells = [source for source in convert((folder / "pairings.ipynb").read_bytes()) if source is not None]
    # As a kernel runs them: in the notebook's folder, without the kata on the path.
    cells[1:1] = [
        "from activations import sigmoid",
        "print(sigmoid.__code__.co_filename)",
        "import os; print(os.getcwd())",
    ]
    live = "\n".join(cells)
    run = run("-P", "-c", live, cwd=folder)
    assert run.status == 0, run.err
    assert re.search(r"activations\.ipynb, cell \d+\n", run.out)
    assert f"\n{clone}\n" in run.out
    assert "04 pairings          ██████████  12/12" in re.sub(r"\x1b\[\d*m", "", run.out)
    assert "27 passed" in re.sub(r"\x1b\[\d*m", "", run.out)


def test_the_last_cell_judges_no_other_notebook_in_the_place_of_one_that_is_not_there(run, clone):
    done = run("-c", "import kata.learn.kernel; kata.learn.kernel.judge('03')", cwd=clone, PYTHONPATH=str(clone))
    assert done.out == (
        "This judges exercises/03_losses/losses.ipynb, which is not there: save this notebook under that name.\n"
    )


def test_an_earlier_exercise_that_has_changed_is_seen_when_the_first_cell_is_run_again(run, clone):
    for folder in ("03_losses", "02_activations"):
        shutil.copy(clone / f"solutions/{folder}/{folder[3:]}.py", clone / f"exercises/{folder}")
    code = "import sys; sys.path.insert(0, '.'); import kata.learn.kernel; from pathlib import Path\n"
    code += "kata.learn.kernel.begin('03'); import activations; assert activations.linear(1) == 1\n"
    code += "Path('exercises/02_activations/activations.py').write_text('def linear(x): return 2')\n"
    code += "kata.learn.kernel.begin('03'); import activations; print(activations.linear(1), len(sys.meta_path))"
    done = run("-c", code, cwd=clone)
    assert done.out.split()[0] == "2", done.err


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://github.com/you/multilabel-kata.git", "https://github.com/you/multilabel-kata"),
        ("https://you:secret@gitlab.com/a/b/kata", "https://gitlab.com/a/b/kata"),
        ("git@github.com:you/kata.git", "https://github.com/you/kata"),
        ("ssh://git@codeberg.org/you/kata.git", "https://codeberg.org/you/kata"),
        ("/home/you/kata", ""),
        ("http://example.org/you/kata", ""),
        (None, ""),
    ],
)
def test_the_kata_is_fetched_from_where_the_checkout_came_from(tmp_path, monkeypatch, origin, address):
    git("init", "-q", cwd=tmp_path)
    if origin:
        git("remote", "add", "origin", origin, cwd=tmp_path)
    monkeypatch.setattr(elsewhere, "ROOT", tmp_path)
    assert elsewhere.repository() == address


def test_without_a_place_to_fetch_from_the_first_cell_says_what_to_do(run, clone, tmp_path):
    run("-m", "kata", "notebook", "03", cwd=clone, PYTHONPATH=str(clone))
    done = run("-c", first_cell(clone / "exercises/03_losses/losses.ipynb"), cwd=tmp_path)
    assert done.status == 1
    assert "put this notebook into your clone" in done.err


def test_where_there_is_no_kata_the_first_cell_fetches_and_installs_it(run, clone, tmp_path):
    address = "https://example.org/you/multilabel-kata"
    git("init", "-q", cwd=clone)
    git("remote", "add", "origin", f"{address}.git", cwd=clone)
    run("-m", "kata", "notebook", "--all", cwd=clone, PYTHONPATH=str(clone))
    git("add", "-A", cwd=clone)
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all", cwd=clone)
    # git itself takes the checkout for that place.
    rule = {"KEY_0": f"url.file://{clone}.insteadOf", "VALUE_0": address, "COUNT": "1"}
    place = {f"GIT_CONFIG_{name}": value for name, value in rule.items()}
    # pip, which would install into this very environment, only says what it is asked for.
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip/__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "pip/__main__.py").write_text("import sys; print('pip', *sys.argv[1:], flush=True)", encoding="utf-8")
    for number, folder, light in (("03", "03_losses/losses", True), ("06", "06_data_pipeline/data_pipeline", False)):
        elsewhere = tmp_path / f"content{number}"
        elsewhere.mkdir()
        shutil.copy(clone / f"exercises/{folder}.ipynb", elsewhere)
        code = f"{first_cell(clone / f'exercises/{folder}.ipynb')}\nprint(Path.cwd())"
        for time in ("first", "second"):  # the kernel was started again: it is there now
            done = run("-c", code, cwd=elsewhere, PYTHONPATH=str(tmp_path), **place)
            assert done.status == 0, done.err
            assert done.out.endswith(f"{elsewhere / 'multilabel-kata'}\n")
            assert ("pip install" in done.out) == (time == "first")
            if time == "first":
                assert f"--editable {elsewhere / 'multilabel-kata'}" in done.out
                assert ("tensorflow" in done.out) != light  # only where it is needed
                assert "pytest>=" in done.out
    judged = run(
        "-c", f"{code}\nkata.learn.kernel.judge('06')", cwd=elsewhere, PYTHONPATH=str(elsewhere / "multilabel-kata")
    )
    assert "exercises/06_data_pipeline/data_pipeline.ipynb is this notebook now." in judged.out
    assert "06 data_pipeline     ░░░░░░░░░░   0/10   todo" in judged.out


def test_a_kernel_of_another_python_is_told_what_it_lacks(run, clone):
    run("-m", "kata", "notebook", "03", cwd=clone, PYTHONPATH=str(clone))
    # -S: without site-packages, as a Python in which nothing is installed
    done = run("-S", "-c", first_cell(clone / "exercises/03_losses/losses.ipynb"), cwd=clone / "exercises/03_losses")
    assert done.status == 0, done.err
    assert "has no numpy and no pytest" in done.out
    assert f"%pip install -e {clone}" in done.out


def test_on_colab_the_notebook_that_is_judged_comes_from_the_browser(run, clone, tmp_path):
    solved = solved_notebook(BY_TOPIC["activations"])
    (tmp_path / "notebook.json").write_text(json.dumps({"ipynb": json.loads(solved)}), encoding="utf-8")
    (tmp_path / "google/colab").mkdir(parents=True)
    (tmp_path / "google/colab/__init__.py").write_text("", encoding="utf-8")
    message = "import json\n\ndef blocking_request(kind, request, timeout_sec):\n    assert kind == 'get_ipynb'\n"
    message += f"    return json.load(open({str(tmp_path / 'notebook.json')!r}, encoding='utf-8'))\n"
    (tmp_path / "google/colab/_message.py").write_text(message, encoding="utf-8")
    code = "import google.colab, kata.learn.kernel; kata.learn.kernel.judge('02')"
    done = run("-c", code, cwd=clone, PYTHONPATH=f"{clone}:{tmp_path}")
    assert "exercises/02_activations/activations.ipynb is this notebook now." in done.out
    assert "8/8" in done.out, done.err
    run("-c", f"import json; json.dump({{'ipynb': {{}}}}, open({str(tmp_path / 'notebook.json')!r}, 'w'))")
    run("-c", code, cwd=clone, PYTHONPATH=f"{clone}:{tmp_path}")
    (kept,) = (tmp_path / "state/backups").iterdir()  # what was there is not lost
    assert json.loads(kept.read_bytes()) == json.loads(solved)


class Shell:
    """What IPython knows of what was run."""

    def __init__(self, *ran):
        self.history_manager, self.input_hist_raw = self, ["", *ran]


def test_what_was_run_but_not_saved_is_named(monkeypatch, tmp_path):
    from dataclasses import dataclass
    from types import SimpleNamespace

    @dataclass
    class Saved:
        notebook: object
        points: tuple = ("linear", "sigmoid")

    path = tmp_path / "activations.ipynb"
    path.write_text(notebook_of("def linear(x):\n    return x\n", "def sigmoid(x):\n    return 1"), encoding="utf-8")

    def unsaved(*ran):
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: Shell(*ran)))
        return kernel._unsaved(Saved(path))

    assert unsaved("def linear(x):\n    return x", "def sigmoid(x):\n    return 1") == []
    assert unsaved("x = 1") == []
    assert unsaved("def sigmoid(x):\n    return 1", "def sigmoid(x):\n    return 2") == ["sigmoid"]
    assert unsaved("def sigmoid(x):\n    return 2", "def sigmoid(x):\n    return 1") == []
    monkeypatch.delitem(sys.modules, "IPython")
    assert kernel._unsaved(Saved(path)) == []
