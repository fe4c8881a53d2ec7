"""The same mistake written in another way gets the same sentence, and a mistake that nobody knows gets none.

What takes Keras or TensorFlow seconds has the marker of the proofs.
"""

import importlib.util
import os

import numpy as np
import pytest

from kata.answers.answer import Answer, Reference
from kata.checks import CheckFailed, check
from kata.judge import misconceptions
from kata.judge.diagnosis import EACH_TIME_ANEW, Diagnosis, Known, same_value, suite_inputs
from kata.syllabus import BY_FUNCTION
from tests.judge import batch_ways, experiment_ways, model_ways, table_ways, training_ways, ways
from tests.support import replace_function

REFERENCE = Reference()
VALUE, ERROR = "value", "error"

PREPARE = """def prepare_images(images, preprocessing="tutorial"):
    if preprocessing not in PREPROCESSINGS:
        raise ValueError("tutorial or imagenet")
    if preprocessing == "imagenet":
        {}
    return images
"""
SPLIT = """def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    {}
"""
STANDARDIZE = """def standardize(train, test):
    mean, deviation = train.mean(axis=0, dtype=np.float64), train.std(axis=0, dtype=np.float64)
    constant = train.max(axis=0) == train.min(axis=0)
    mean[constant], deviation[constant] = train[0][constant], 1
    {}
    return ((train - mean) / deviation).astype("float32"), ((test - mean) / deviation).astype("float32")
"""
FUNCTION = {"prepare_images": PREPARE, "split_indices": SPLIT, "standardize": STANDARDIZE}
KERAS = "keras.applications.vgg16.preprocess_input"
# (function, what stands in it, kind of the check that fails, misconception; None: nobody knows this mistake)
WAYS = [
    ("prepare_images", f"images = {KERAS}(images)", VALUE, "prepared_without_255"),
    ("prepare_images", f"return {KERAS}(np.asarray(images))", VALUE, "prepared_without_255"),
    ("prepare_images", "images = images[..., ::-1] - [103.939, 116.779, 123.68]\n"
     "        images = images.astype('float32')", VALUE, "prepared_without_255"),
    ("prepare_images", "images *= 255\n        images -= np.float32([123.68, 116.779, 103.939])",
     VALUE, "prepared_as_rgb"),
    ("prepare_images", "images *= 255\n        return images[..., ::-1]", VALUE, "prepared_without_the_means"),
    ("prepare_images", "images *= 2\n        images -= 1", VALUE, "prepared_to_minus_one"),
    ("prepare_images", "images *= 255\n        return keras.applications.imagenet_utils.preprocess_input("
     "images, mode='tf')", VALUE, "prepared_to_minus_one"),
    ("prepare_images", f"images *= 255\n        return {KERAS}(images)", VALUE, "prepared_in_place"),
    # What it returns is thrown away: the caller's array has the means taken off, and its channels as they were.
    ("prepare_images", f"images *= 255\n        {KERAS}(images)", VALUE, "prepared_as_rgb"),
    ("prepare_images", "images *= 100", VALUE, None),
    ("split_indices", "order = np.random.default_rng(seed).permutation(n_samples)\n"
     "    return np.split(order, [int(train_share * n_samples)])[0], order[int(train_share * n_samples):]",
     VALUE, "split_with_a_count_that_is_cut_off"),
    ("split_indices", "order = np.arange(n_samples)\n    np.random.seed(seed)\n    np.random.shuffle(order)\n"
     "    n = round(train_share * n_samples)\n    return order[:n], order[n:]",
     VALUE, "split_with_the_legacy_generator"),
    ("standardize", "train -= mean; train /= deviation; test -= mean; test /= deviation\n    return train, test",
     VALUE, None),
    ("standardize", "deviation = train.std(axis=0, ddof=1, dtype=np.float64); deviation[constant] = 1",
     VALUE, "standardized_with_n_minus_one"),
    ("standardize", "train -= mean.astype('float32'); return train, (test - mean).astype('float32')",
     VALUE, "standardized_without_the_deviation"),
]  # fmt: skip


def inputs(function):
    exercise = BY_FUNCTION[function]
    path = exercise.stub.with_name(f"test_{exercise.topic}.py")
    spec = importlib.util.spec_from_file_location(f"suite_of_{exercise.topic}", path)
    suite = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suite)
    fixtures = {"rng": lambda: np.random.default_rng(0), "reference": lambda: REFERENCE}
    return suite_inputs(getattr(suite, f"Test{function.title().replace('_', '')}"), function, fixtures)


KNOWN = Known(REFERENCE, inputs)


@pytest.mark.parametrize(("function", "body", "kind", "name"), WAYS)
def test_another_way_to_write_a_mistake_gets_its_sentence(answer_folder, function, body, kind, name):
    topic = BY_FUNCTION[function].topic
    code = replace_function(topic, function, FUNCTION[function].format(body))
    answer = Answer(answer_folder(**{topic: "import numpy as np\n" + code}))
    sentences = {wrong.__name__: misconceptions.sentence(wrong) for wrong in KNOWN.misconceptions(function)}
    assert Diagnosis(answer, KNOWN)(function, kind) == (sentences[name] if name else None)


@pytest.mark.sample(20)
@pytest.mark.parametrize(
    ("function", "code", "kind", "name"),
    # A wrong model, data set or training takes Keras seconds.
    [
        *ways.WAYS,
        *table_ways.WAYS,
        *(
            pytest.param(*way, marks=[pytest.mark.proof, pytest.mark.long])
            for slow in (model_ways, batch_ways, experiment_ways, training_ways)
            for way in slow.WAYS
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a mean of nothing is an answer's own affair
def test_the_usual_way_to_write_a_mistake_gets_its_sentence(answer_folder, function, code, kind, name):
    topic = BY_FUNCTION[function].topic
    whole = "import numpy as np\nimport keras\n" + replace_function(topic, function, code)
    sentences = {wrong.__name__: misconceptions.sentence(wrong) for wrong in KNOWN.misconceptions(function)}
    sentences["EACH_TIME_ANEW"] = EACH_TIME_ANEW
    assert Diagnosis(Answer(answer_folder(**{topic: whole})), KNOWN)(function, kind) == (
        sentences[name] if name else None
    )


SPLIT_ANEW = """def split_indices(n_samples, train_share=0.8, seed=0):
    if not 0 < train_share < 1:
        raise ValueError("share")
    order, n = {}.permutation(n_samples), round(train_share * n_samples)
    return order[:n], order[n:]
"""
BATCHES_ANEW = """def make_batches(paths, labels, size=64, batch_size=64):
    data = tf.data.Dataset.from_tensor_slices((paths, labels)).shuffle({})
    data = data.map(lambda path, label: (load_image(path, size), label), num_parallel_calls=tf.data.AUTOTUNE)
    return data.cache().batch(batch_size).prefetch(1)
"""
ANEW = {"split_indices": SPLIT_ANEW, "make_batches": BATCHES_ANEW}


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("function", "body", "is_anew"),
    [
        ("split_indices", "np.random.default_rng()", True),
        ("split_indices", "np.random.default_rng(seed + 17)", False),
        ("make_batches", "100", True),
        ("make_batches", "100, seed=8", False),
    ],
)
def test_what_comes_out_anew_each_time_is_told(answer_folder, function, body, is_anew):
    code = "import numpy as np\n" + replace_function("data_pipeline", function, ANEW[function].format(body))
    sentence = Diagnosis(Answer(answer_folder(data_pipeline=code)), KNOWN)(function, VALUE)
    assert (sentence == EACH_TIME_ANEW) is is_anew


def test_a_changed_argument_is_told_beside_the_wrong_value(answer_folder):
    code = replace_function("transfer_model", "prepare_images", PREPARE.format(f"images = {KERAS}(images)"))
    answer = Answer(answer_folder(transfer_model=code))
    given = np.full((1, 1, 1, 3), 0.5, np.float32)
    with pytest.raises(CheckFailed) as failure:
        check(answer.prepare_images(given, "imagenet"), REFERENCE.prepare_images(given, "imagenet"))
    assert "  also changed its argument images, which should stay as it was" in str(failure.value).splitlines()


def test_a_way_of_one_kind_of_checks_is_tried_on_no_others(answer_folder):
    function, code, kind, _ = next(way for way in table_ways.WAYS if way[2] == ERROR)
    known = Known(REFERENCE, inputs)
    answer = Answer(answer_folder(data_pipeline=replace_function("data_pipeline", function, code)))
    assert Diagnosis(answer, known)(function, kind)
    assert any(wrong.of == VALUE for wrong in known.misconceptions(function) if hasattr(wrong, "of"))
    tried = {(known.inputs(function)[index].kind, getattr(wrong, "of", None)) for _, index, wrong in known.calls}
    assert tried == {(ERROR, None)}


def test_paths_in_the_folders_of_two_calls_are_the_same():
    def same(one, other):
        return same_value(([one],), ([other],), 0, 0)

    assert same("/tmp/kata-abcd_123/images/1.jpg", "/var/tmp/kata-12345678/images/1.jpg")
    assert same(r"C:\Temp\kata-abcd_123\1.jpg", r"D:\kata-12345678\1.jpg")
    assert not same("/tmp/kata-abcd_123/images/1.jpg", "/tmp/kata-12345678/images/2.jpg")
    assert not same("/tmp/kata-abcd_123/images/1.jpg", "images/1.jpg")
    assert not same("see /tmp/kata-abcd_123/1.jpg", "/tmp/kata-abcd_123/1.jpg")


def test_texts_in_an_array_may_be_of_any_width():
    assert same_value(np.array(["1.jpg"]), np.array(["1.jpg"], dtype="U20"), 0, 0)
    assert not same_value(np.array(["1.jpg"]), np.array(["2.jpg"]), 0, 0)
    assert not same_value(np.array(["1"]), np.array([b"1"]), 0, 0)


def test_what_one_misconception_changes_of_its_process_reaches_no_other():
    def changes(logits):
        os.environ["KATA_CHANGED"] = "yes"

    def reads(logits):
        return float(os.environ.get("KATA_CHANGED") == "yes")

    runner, given = REFERENCE.runner, (np.zeros((1, 5)),)
    runner.call_other(changes, "prepare_images", given, {})
    assert runner.call_other(reads, "prepare_images", given, {}).value == 0.0
    assert runner.call("linear", given, {}).raised is None
