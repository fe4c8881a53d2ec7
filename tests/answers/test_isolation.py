"""What an answer's file does to its process ends with its import and its call, in pytest and in a sandbox alike."""

import csv
import json
import sys

import numpy as np
import pytest

from tests.support import needs_sandbox, solution

CHECK = "exercises/01_label_encoders", "exercises/02_activations"
# Each is put at the top of a right file, and must cost no point there or elsewhere.
SETTINGS = {
    "wrapped stdout": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')",
    "detached stdout": "import codecs, sys\nsys.stdout = codecs.getwriter('utf-8')(sys.stdout.detach())",
    "closed streams": "import sys\nsys.stdout.close()\nsys.stderr.close()",
    "no streams": "import sys\nsys.stdout = sys.stderr = None",
    "stdin": "import io, sys\nsys.stdin = io.StringIO('1')",
    "np.bool": "import numpy as np\nnp.bool = bool\nnp.int = int\nnp.asarray([1], np.int)",
    "np.isclose": "import numpy as np\nnp.isclose = np.array_equal = np.asarray = None",
    "seterr": "import numpy as np\nnp.seterr(all='raise')",
    "printoptions": "import numpy as np\nnp.set_printoptions(precision=1, threshold=1, formatter={'all': str})",
    "warnings": "import warnings\nwarnings.simplefilter('error')\nwarnings.showwarning = None",
    "folder": "import os, tempfile\nos.chdir(tempfile.mkdtemp())",
    "removed folder": "import os, tempfile\nfolder = tempfile.mkdtemp()\nos.chdir(folder)\nos.rmdir(folder)",
    "environment": "import os\nos.environ.clear()",
    "sys.path": "import sys\nsys.path.clear()",
    "recursion": "import sys\nsys.setrecursionlimit(150)",
    "digits": "import sys\nsys.set_int_max_str_digits(640)",
    "signals": "from signal import *\nsignal(SIGINT, SIG_IGN)\nsignal(SIGALRM, SIG_IGN)",
    "excepthook": "import sys\nsys.excepthook = sys.displayhook = None",
    "tracer": "import sys\nsys.setprofile(lambda *a: None)",
    "builtins": "import builtins\nbuiltins.print = builtins.input = None",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'C')",
    "random": "import random\nimport numpy as np\nrandom.seed(0)\nnp.random.seed(0)",
}


def begun_with(code, topic="label_encoders"):
    return code + "\n" + solution(topic)


@pytest.mark.sample(6)
@pytest.mark.parametrize("code", SETTINGS.values(), ids=SETTINGS)
def test_a_setting_costs_no_point_in_pytest(judge, answer_folder, code):
    done = judge(*CHECK, "--answers", answer_folder(label_encoders=begun_with(code)))
    assert done.status == 0, done.out[-3000:]
    assert done.points("01 label_encoders") == 12
    assert done.points("02 activations") == 8


@pytest.mark.proof
@needs_sandbox
def test_settings_cost_no_point_in_grading(run, tmp_path):
    for name, code in SETTINGS.items():
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        (folder / "label_encoders.py").write_text(begun_with(code), encoding="utf-8")
        (folder / "activations.py").write_text(solution("activations"), encoding="utf-8")
    marks = tmp_path / "marks"
    done = run("-m", "kata", "grade", tmp_path / "class", "--output", marks, "--exercises", "01,02")
    assert done.status == 0, done.err
    rows = list(csv.DictReader((marks / "grades.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(SETTINGS)
    assert {row["submission"]: row["points"] for row in rows if row["points"] != "20"} == {}


# Runs the code of an answer as the judge does, then says what is left of it in the process.
LEFT = """
import json, random, sys
sys.path[:] = {path!r}
from pathlib import Path
from kata.answers import Answer
from kata.answers.isolation import Isolation
from kata.answers.settings import ALWAYS, SLOW
from kata.answers import frameworks
answer = Answer(Path({folder!r}))
answer.call("linear", (1.0,), {{}})
settings = ALWAYS + SLOW + frameworks.settings()
before = [(setting, setting.read()) for setting in settings]
{call}
left = [type(setting).__name__ for setting, value in before if setting.change(value, setting.read()) is not None]
print(json.dumps(left), file=sys.__stdout__)
"""


def left(run, answer_folder, call, **topics):
    folder = answer_folder(**topics)
    done = run("-c", LEFT.format(path=sys.path, folder=str(folder), call=call))
    assert done.status == 0, done.err
    return done.out.splitlines()[-1]


def test_nothing_of_an_import_or_a_call_is_left_in_the_process(run, answer_folder):
    every = "\n".join(code for name, code in SETTINGS.items() if name != "sys.path")  # without it, no more imports
    imports = every + "\nimport sys\nsys.path.clear()\n" + solution("label_encoders")
    # Python's random state takes a while to look after: it is done for a file whose code speaks of it.
    body = "    import random\n    exec(CHANGES, {})\n    return 1\n"
    calls = f"CHANGES = {every!r}\ndef integer_encode(labels, classes):\n{body}"
    call = (
        'call = answer.call("integer_encode", (["a"], ["a", "b"]), {})\nassert not (call.fault or call.raised), call'
    )
    for text in (imports, calls):
        assert left(run, answer_folder, call, label_encoders=text) == "[]"


# Calls functions of two answers in one process, and says when numpy.random is there and what is drawn from it.
DRAWN = """
import json, sys
sys.path[:] = {path!r}
from pathlib import Path
from kata.answers import Answer
{before}
plain, drawing = (Answer(Path(folder)) for folder in {folders!r})
assert plain.call("linear", (1.0,), {{}}).value == 1.0
there = "numpy.random" in sys.modules
drawn = [drawing.call("linear", (1.0,), {{}}).value for _ in range(2)]
import numpy as np
judges = np.random.random()
drawn += [drawing.call("linear", (1.0,), {{}}).value]
np.random.seed(3)
drawn += [drawing.call("linear", (1.0,), {{}}).value]
judges = [judges, np.random.random()]
print(json.dumps([there, drawn, judges]), file=sys.__stdout__)
"""


@pytest.mark.parametrize(("before", "there"), [("", False), ("import numpy.random", True)])
def test_numpys_random_numbers_of_an_answer_are_its_own_and_nobody_imports_them_for_it(
    run, answer_folder, before, there
):
    code = "import numpy as np\nnp.random.seed(0)\ndef linear(x):\n    return float(np.random.random())\n"
    plain = answer_folder(activations="def linear(x):\n    return x\n")
    folders = [str(plain), str(answer_folder("drawing", activations=code))]
    done = run("-c", DRAWN.format(path=sys.path, folders=folders, before=before))
    assert done.status == 0, done.err
    found, drawn, (first, second) = json.loads(done.out.splitlines()[-1])
    assert found is there
    assert drawn == np.random.RandomState(0).random_sample(4).tolist()
    # The process's own are neither the answer's next ones nor taken from it.
    assert first not in np.random.RandomState(0).random_sample(10).tolist()
    assert second == np.random.RandomState(3).random_sample()


def test_its_streams_need_nothing_of_a_module_that_python_takes_apart_at_its_end(run):
    code = "from kata.answers import isolation\nstream = isolation._Through('stdout')\nvars(isolation).clear()\n"
    done = run("-c", code + "stream.flush()\nassert not stream.isatty()\nassert stream.write(b'x') == 1")
    assert (done.status, done.err) == (0, "")


def test_a_change_would_be_seen(run, answer_folder):
    assert left(run, answer_folder, "import os\nos.chdir('/')\nsys.path.append('x')") == '["_Place", "_Path"]'


def test_the_settings_of_a_file_hold_in_its_own_functions(run, answer_folder):
    code = "import os\nimport numpy as np\nnp.int = int\nos.environ['MINE'] = 'yes'\n"
    used = "def linear(x):\n    assert os.environ['MINE'] == 'yes'\n    return np.asarray(x, np.int)\n"
    call = 'call = answer.call("linear", (1.0,), {})\nassert call.raised is None, call.raised'
    text = code + used
    assert left(run, answer_folder, call, activations=text) == "[]"


def test_the_settings_of_a_file_hold_where_another_file_calls_it(run, answer_folder):
    code = "import numpy as np\nnp.int = int\n"
    used = "def binary_crossentropy(y_true, y_pred, from_logits=False):\n    return np.asarray(y_true, np.int)\n"
    other = "from losses import binary_crossentropy\ndef textbook_loss(y_true, logits, activation, loss):\n"
    other += "    return binary_crossentropy(y_true, logits)\n"
    call = (
        'answer.call("binary_crossentropy", (1, 1), {})\n'
        'call = answer.call("textbook_loss", (1, 1, None, "x"), {})\nassert call.raised is None, call.raised'
    )
    assert left(run, answer_folder, call, losses=code + used, pairings=other) == "[]"


def test_code_that_waits_for_somebody_says_so_alike_everywhere(judge, answer_folder):
    for code, words in (
        ("name = input()", "EOFError: the code waits for input(), and nobody types anything while it is judged"),
        ("breakpoint()", "RuntimeError: the code stopped at breakpoint(), and there is no terminal to debug it in"),
        ("import pdb\npdb.set_trace()", "RuntimeError: the code stopped at breakpoint()"),
    ):
        done = judge(
            "exercises/02_activations", "--answers", answer_folder(activations=begun_with(code, "activations"))
        )
        assert f"activations.py cannot be imported: {words}" in done.out
        assert "reading from stdin while output is captured" not in done.out


def test_what_an_answer_prints_is_shown_where_it_failed(judge, answer_folder):
    text = "import sys\ndef linear(x):\n    print('from the call')\n    sys.stderr.write('to stderr')\n    return 2\n"
    done = judge("exercises/02_activations", "--answers", answer_folder(activations=text))
    assert "from the call" in done.out
    assert "to stderr" in done.out


FRAMEWORKS = {
    "image format": "keras.config.set_image_data_format('channels_first')",
    "floatx": "keras.config.set_floatx('float64')",
    "epsilon": "keras.config.set_epsilon(1e-3)",
    "dtype policy": "keras.mixed_precision.set_global_policy('mixed_float16')",
    "progress bars": "keras.config.disable_interactive_logging()",
    "tracebacks": "keras.config.disable_traceback_filtering()",
    "eager functions": "tf.config.run_functions_eagerly(True)",
    "placement": "tf.config.set_soft_device_placement(False)",
    "float32": "tf.config.experimental.enable_tensor_float_32_execution(False)",
    "NumPy's behaviour": "tf.experimental.numpy.experimental_enable_numpy_behavior()",
    "pictures": "import matplotlib\nmatplotlib.rcParams['font.size'] = 3\nmatplotlib.use('svg')",
    "seeds": "keras.utils.set_random_seed(1)",
}
SEEN = """
def seen():
    import numpy as np, random
    config, eagerly = keras.config, tf.config.functions_run_eagerly()
    policy, shown = config.dtype_policy().name, config.is_interactive_logging_enabled()
    floats = tf.config.experimental.tensor_float_32_execution_enabled()
    try:
        sum_of_types = str(tf.constant(1) + tf.constant(1.0)), hasattr(tf.constant(1), "reshape")
    except Exception as error:
        sum_of_types = type(error).__name__, hasattr(tf.constant(1), "reshape")
    return [config.floatx(), config.epsilon(), config.image_data_format(), policy, shown, eagerly, floats,
        sum_of_types, config.is_traceback_filtering_enabled(), tf.config.get_soft_device_placement(),
        matplotlib.rcParams["font.size"], matplotlib.get_backend(), random.getstate(), str(np.random.get_state())]
"""


def test_settings_of_keras_and_tensorflow_end_with_the_file_that_makes_them(run, answer_folder):
    every = "import keras\nimport tensorflow as tf\n" + "\n".join(FRAMEWORKS.values())
    at_top = every + "\n" + solution("data_pipeline")
    in_call = "CHANGES = " + repr(every) + "\ndef split_indices(*given):\n    exec(CHANGES, {})\n    return 1\n"
    for name, text in (("top", at_top), ("call", in_call)):
        call = (
            "from kata.answers import import_quietly\nimport_quietly(['tensorflow', 'keras', 'matplotlib'])\n"
            f"import keras, matplotlib, tensorflow as tf\n{SEEN}\nfirst = seen()\n"
            'call = answer.call("split_indices", (10, 0.5, 0), {})\nassert not (call.fault or call.raised), call\n'
            "assert str(seen()) == str(first), (first[:12], seen()[:12])\nbefore = []"
        )
        folder = answer_folder(name, data_pipeline=text)
        done = run("-c", LEFT.format(path=sys.path, folder=str(folder), call=call))
        assert done.status == 0, done.err
