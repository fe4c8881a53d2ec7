"""Arguments and results that are no plain data are made and looked at where the answer runs (checks/objects.py)."""

import gc
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kata.answers.answer import Answer, Reference
from kata.answers.frameworks import import_quietly
from kata.checks import Weights
from kata.checks.comparison import CheckFailed, check
from kata.checks.files import MarkdownTable
from kata.checks.models import Outputs, Parameters, Reported
from kata.checks.objects import Defaults, File, Folder, Paths, View
from kata.checks.pictures import Pictures
from kata.checks.tensors import Batches, Pipeline
from kata.learn.stubs import make_stub
from kata.syllabus import EXERCISES
from tests.support import replace_function, solution


@dataclass(frozen=True)
class Length(View):
    def see(self, value, discard):
        return len(value) if isinstance(value, list) else value

    def __repr__(self):
        return "how many there are"


@dataclass(frozen=True)
class Kept(View):
    """Whether a folder is there while the result is looked at, before and after it is discarded."""

    def see(self, value, discard):
        before = Path(value[0]).exists()
        discard()
        return [before, Path(value[0]).exists()]


def answer(answer_folder, topic, function, *lines):
    code = f"def {function}(*args, **kwargs):\n" + "".join(f"    {line}\n" for line in lines)
    return Answer(answer_folder(**{topic: replace_function(topic, function, code)}))


def test_a_folder_is_there_during_the_call_and_gone_after_it(answer_folder):
    code = ["import pathlib", "return [args[0], pathlib.Path(args[0], 'images/1.jpg').read_bytes().decode()]"]
    call = answer(answer_folder, "label_encoders", "integer_encode", *code).integer_encode(
        Folder({"images/1.jpg": b"abc"}), []
    )
    folder, content = call.value
    assert content == "abc"
    assert not Path(folder).exists()


def test_a_view_sees_the_result_before_and_after_what_was_made_is_discarded(answer_folder):
    judged = answer(answer_folder, "label_encoders", "integer_encode", "return list(args[0])")
    call = judged.seen_as(Kept()).integer_encode(Paths({"a": b"", "b": b""}, ("b", "a")), [])
    assert call.value == [True, False]


def test_two_calls_get_two_folders(answer_folder):
    judged = answer(answer_folder, "label_encoders", "integer_encode", "open(args[0], 'w').close()", "return args[0]")
    given = File("table.csv", b"abc")
    first, second = judged.integer_encode(given, []).value, judged.integer_encode(given, []).value
    assert first != second
    assert given.content == b"abc"


def test_an_error_while_it_is_looked_at_is_the_answers():
    wrong = Paths({"1.jpg": b"no picture"}, ("1.jpg",))
    call = Answer(EXERCISES[0].solution.parent.parent).seen_as(Batches()).make_batches(wrong, np.ones((1, 5)))
    assert "1.jpg is not a whole JPEG file" in call.raised.message
    assert "Exception" in call.raised.kinds


def test_a_failure_says_what_was_seen(answer_folder):
    judged = answer(answer_folder, "label_encoders", "integer_encode", "return [1, 2, 3]")
    with pytest.raises(CheckFailed) as failure:
        check(judged.seen_as(Length()).integer_encode(Folder({"a.jpg": b""}), ["x"]), 2.0)
    lines = str(failure.value).splitlines()
    assert lines[:4] == [
        "integer_encode(labels=<a folder with a.jpg>, classes=['x'])",
        "  seen:     how many there are",
        "  returned  3",
        "  should be 2   (Keras; within a relative 1e-5)",
    ]


@pytest.mark.parametrize("view", [Batches(), Pipeline(), Parameters(), Reported(np.ones(1), np.ones(1))])
@pytest.mark.parametrize("value", [None, "text", 3])
def test_what_is_of_another_kind_stays_as_it_is(view, value):
    import_quietly(["tensorflow", "keras"])
    assert view.see(value, lambda: None) is value


@pytest.mark.parametrize("view", [Batches(), Pipeline(), Outputs(np.ones((1, 2))), Pictures(), MarkdownTable()])
@pytest.mark.parametrize(
    "value", [[1, 2], {"cached": True}, (np.ones(1), np.ones(1), [1]), np.ones(1), np.float32(1)]
)
def test_plain_data_are_never_taken_for_what_is_seen_of_something_else(view, value):
    import_quietly(["tensorflow", "keras"])
    assert type(view.see(value, lambda: None)) is str
    # What is forged on the way is of another kind, too.
    assert view.look(("other", value)) == "something else"


DEFAULTS = {"n": 100, "seed": 0, "share": 0.5, "way": "even", "twice": False}
SIGNATURE = "labels, n=100, seed=0, share=0.5, way='even', twice=False"
RIGHT_DEFAULTS = {
    "as it is": f"def integer_encode({SIGNATURE}):\n    raise OSError",
    "a constant, and other types": "N = 100\ndef integer_encode(labels, n=N, seed=False, share=1 / 2, way='even', "
    "twice=0):\n    raise OSError",
    "None stands for them": "def integer_encode(labels, n=None, seed=None, share=None, way=None, twice=None):\n"
    "    pass",
    "an object stands for them": "MISSING = object()\n"
    "def integer_encode(labels, n=MISSING, seed=MISSING, share=MISSING, way=MISSING, twice=MISSING):\n    pass",
    "numbers of NumPy": "import numpy as np\n"
    "def integer_encode(labels, n=np.int64(100), seed=np.int8(0), share=0.5, way='even', twice=np.False_):\n    pass",
    "more parameters": f"def integer_encode({SIGNATURE}, *, more=3, **others):\n    pass",
    "hidden": "def integer_encode(*args, **kwargs):\n    pass",
    "wrapped": f"import functools\ndef inner({SIGNATURE}):\n    pass\n"
    "@functools.wraps(inner)\ndef integer_encode(*args, **kwargs):\n    pass",
    "partial": "import functools\ndef inner(labels, n, seed, share, way, twice):\n    pass\n"
    "integer_encode = functools.partial(inner, n=100, seed=0, share=0.5, way='even', twice=False)",
    "an object": f"class Encode:\n    def __call__(self, {SIGNATURE}):\n        pass\ninteger_encode = Encode()",
    "a signature that is none": "class Encode:\n    __signature__ = 3\n    def __call__(self, *args):\n        pass\n"
    "integer_encode = Encode()",
}


@pytest.mark.parametrize("code", RIGHT_DEFAULTS.values(), ids=RIGHT_DEFAULTS)
def test_defaults_are_right_in_any_style_and_nothing_is_called(answer_folder, code):
    judged = Answer(answer_folder(label_encoders=code))
    check(judged.seen_as(Defaults(DEFAULTS)).integer_encode(), DEFAULTS, source="the contract")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        (SIGNATURE.replace("100", "10"), {"n": 10}),
        (SIGNATURE.replace("seed=0", "seed=-1"), {"seed": -1}),
        (SIGNATURE.replace("even", "odd"), {"way": "odd"}),
        (SIGNATURE.replace("False", "'auto'"), {"twice": "auto"}),
        ("labels, n, seed, share=0.5, way='even', twice=False", {"n": "no default", "seed": "no default"}),
    ],
)
def test_other_defaults_are_told(answer_folder, parameters, found):
    judged = Answer(answer_folder(label_encoders=f"def integer_encode({parameters}):\n    pass"))
    with pytest.raises(CheckFailed) as failure:
        check(judged.seen_as(Defaults(DEFAULTS)).integer_encode(), DEFAULTS, source="the contract")
    assert str(failure.value).splitlines()[:4] == [
        "integer_encode()",
        "  seen:     the defaults of its parameters, without a call",
        f"  returned  {DEFAULTS | found}",
        f"  should be {DEFAULTS}   (the contract)",
    ]


def test_descriptions_are_short():
    many = {f"{number}.jpg": b"" for number in range(1600)}
    assert repr(Folder(many)) == "<a folder with 0.jpg, 1.jpg, 2.jpg, 3.jpg ... 1599.jpg (1600 files)>"
    assert repr(Paths(many, ("a.jpg",))) == "<the paths of a.jpg>"


def test_the_reference_is_seen_in_the_same_way():
    reference = Reference()
    given = folder("Filenames,sea\n1.jpg,1\n")
    names, labels = reference.read_table(given, ["sea"])
    assert names == ["1.jpg"]
    assert labels.tolist() == [[1]]
    with pytest.raises(RuntimeError, match="the solution of read_table failed"):
        reference.seen_as(Length()).read_table(given, ["desert"])


def folder(table):
    return Folder({"miml_labels_1.csv": table.encode(), "images/1.jpg": b""})


HIDDEN = """
import sys, pytest
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
sys.exit(pytest.main(["exercises/", "--answers", "solutions", "-p", "no:cacheprovider"]))
"""


def test_without_tensorflow_the_first_five_are_judged_and_the_others_say_what_is_missing(run):
    done = run("-c", HIDDEN)
    assert done.status == 1
    assert [done.points(exercise.number) for exercise in EXERCISES[:5]] == [12, 8, 16, 12, 12]
    assert done.points("06 data_pipeline") == done.points("07 transfer_model") == 0
    assert "data_pipeline.py needs tensorflow, which is not installed: pip install -e ." in done.out
    assert "Traceback" not in done.out + done.err


def test_solved_numpy_exercises_beside_untouched_ones_import_no_tensorflow(run, answer_folder):
    stubs = {exercise.topic: make_stub(exercise) for exercise in EXERCISES[5:]}
    code = f"""
import sys, pytest
status = pytest.main(["exercises/", "--answers", {str(answer_folder(**stubs))!r}, "-q", "-p", "no:cacheprovider"])
assert not {{"tensorflow", "keras", "kata.packages.tensorflow"}} & set(sys.modules)
sys.exit(status)
"""
    done = run("-c", code)
    assert done.status == 1, done.out + done.err
    assert done.points() == 60
    assert "failed" not in done.counts()


def test_tensorflows_own_messages_reach_nobody(judge, answer_folder):
    wrong = solution("data_pipeline", **{"order[:n_train], order[n_train:]": "order[n_train:], order[:n_train]"})
    done = judge("exercises/06_data_pipeline", "--answers", answer_folder(data_pipeline=wrong))
    assert done.counts()["failed"] >= 1
    for noise in ("cuda", "oneDNN", "absl", "AutoGraph", "Captured"):
        assert noise not in done.out + done.err


@pytest.mark.proof
def test_a_users_own_choice_of_backend_does_not_decide(judge, tmp_path):
    (tmp_path / "keras.json").write_text('{"backend": "jax"}')
    done = judge("exercises/07_transfer_model", "--answers", "solutions", KERAS_HOME=str(tmp_path))
    assert done.status == 0, done.out


def test_an_answer_may_branch_on_tensors_as_tensorflows_autograph_allows(judge, answer_folder):
    # AutoGraph reads the source of the function: it has to find it.
    code = (
        "def load_image(path, size=64):\n"
        "    data = tf.io.read_file(path)\n"
        "    if _is_whole_jpeg(data):\n"
        "        pixels = tf.io.decode_jpeg(data, channels=3)\n"
        "    else:\n"
        "        tf.debugging.Assert(False, [path])\n"
        "        pixels = tf.zeros((1, 1, 3), tf.uint8)\n"
        "    return tf.image.resize(tf.image.convert_image_dtype(pixels, tf.float32), [size, size])\n"
    )
    folder = answer_folder(data_pipeline=replace_function("data_pipeline", "load_image", code))
    done = judge("exercises/06_data_pipeline", "--answers", folder)
    assert done.status == 0, done.out


def test_import_quietly_names_what_is_not_there(monkeypatch):
    assert import_quietly(["json", "no_such_package", "numpy"]) == "no_such_package"
    assert import_quietly([]) is None
    assert sys.stderr.write("") == 0


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_is_looked_for_after_an_import_as_before_it_and_not_within(monkeypatch, tmp_path, enabled):
    monkeypatch.syspath_prepend(tmp_path)
    name = f"asks_of_garbage_{enabled}"
    (tmp_path / f"{name}.py").write_text("import gc\nwithin = gc.isenabled()\n")
    assert gc.isenabled()
    if not enabled:
        gc.disable()
    kept = gc.get_freeze_count()
    try:
        assert import_quietly([name]) is None
        assert gc.isenabled() is enabled
        assert (gc.get_freeze_count() > kept) is enabled  # what is there stays, and is not looked at again
    finally:
        gc.enable()
    assert not sys.modules.pop(name).within


def test_random_weights_are_kernels_and_zeros_and_only_the_last_kernel_is_scaled():
    shapes = (3, 3, 3, 4), (4,), (3, 3, 4, 2), (2,)
    plain, scaled, other = (
        each.make(ExitStack()) for each in (Weights(shapes), Weights(shapes, 0, 1e4), Weights(shapes, 1))
    )
    assert [part.shape for part in plain] == list(shapes)
    assert plain[0].all()
    assert not plain[1].any()
    np.testing.assert_array_equal(scaled[0], plain[0])
    np.testing.assert_array_equal(scaled[2], plain[2] * np.float32(1e4))
    assert not np.array_equal(other[0], plain[0])
    scaled[0][:] = 0  # an answer's own
    np.testing.assert_array_equal(Weights(shapes).make(ExitStack())[0], plain[0])
