"""What was taken of results is looked at in a process of its own, which the answer's own can do no harm."""

import os
from contextlib import closing, suppress

import numpy as np
import pytest

from kata.answers import Answer
from kata.checks import Call, MarkdownTable, Output, WithArrays
from kata.sandbox import Sandboxed, bubblewrap
from kata.sandbox import process as process_module
from kata.sandbox.bubblewrap import Sandbox, SandboxError, free_user
from kata.sandbox.looking import Looker
from kata.syllabus import ROOT
from tests.support import NO_SANDBOX

TAKEN = "file", [("a.md", b"| a | b |\n| 1 | 2 |\n")], 0
SEEN = ["a.md", ["a", "b"], ["1", "2"]]
NEEDS = "tensorflow", "keras"
WAYS = {"sandbox": {}, "bare": {"bare": True}, "apart": {"bare": True, "apart": True}}


@pytest.fixture(params=WAYS)
def sandbox(request, runtime):
    if request.param == "sandbox" and NO_SANDBOX:
        pytest.skip(NO_SANDBOX)
    if request.param == "apart" and os.getuid() != 0:
        pytest.skip("it takes root to become another user")
    sandbox = Sandbox(runtime, 5, 512, **WAYS[request.param])
    try:
        sandbox.try_out()
    except SandboxError as error:  # such as a Python that lies in root's own folder
        pytest.skip(f"no process starts as another user: {str(error)[-200:]}")
    return sandbox


def kill(popen):
    """Kill a sandbox and wait for all of its processes: who only begins to end may still answer."""
    import psutil  # not above: Dask brings it

    every = [psutil.Process(popen.pid), *psutil.Process(popen.pid).children(recursive=True)]
    for process in every:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    popen.wait()
    assert not psutil.wait_procs(every, timeout=30)[1]


def look(looker, taken, view=None):
    call = Call("write_table", (), view=view or MarkdownTable(), value=taken)
    return looker.look(call, (), 5, 6), call


def test_it_outlives_the_answers_process_and_leaves_nothing(sandbox, runtime):
    looker = Looker(sandbox)
    folders = set(os.listdir(runtime.folder))
    for _ in range(2):
        answer = sandbox.start(runtime.folder + "/packages")
        fault, call = look(looker, TAKEN)
        assert (fault, call.value, call.raised) == (None, SEEN, None)
        answer.end()
    process = looker.process.popen
    looker.close()
    assert process.poll() is not None
    assert set(os.listdir(runtime.folder)) == folders


@pytest.mark.sample(1)
def test_what_cannot_be_looked_at_is_said_and_the_next_can(sandbox):
    looker = Looker(sandbox)
    try:
        fault, call = look(looker, ("file", [("a.md", b"\xff")], 0))
        assert fault is None
        assert call.value.startswith("something that the judge cannot look at")
        # What is seen would be more than can be sent.
        taken = "files", (np.zeros(2**23, np.float64),) * 2, {}, 0.0
        fault, _ = look(looker, taken, WithArrays("a.npz", ()))
        assert fault == "what write_table returned could not be looked at: it showed more than can be sent"
        assert look(looker, TAKEN)[1].value == SEEN
        kill(looker.process.popen)
        fault, _ = look(looker, TAKEN)
        assert "could not be looked at: it " in fault
        assert look(looker, TAKEN)[1].value == SEEN
    finally:
        looker.close()


def test_it_imports_tensorflow_and_not_keras_which_no_look_needs(runtime):
    import psutil

    process = Sandbox(runtime, 5, 1024, bare=True).start(runtime.folder + "/packages", NEEDS, second=True)
    try:
        files = {os.path.basename(mapped.path) for mapped in psutil.Process(process.popen.pid).memory_maps()}
    finally:
        process.end()
    assert any(name.startswith("libtensorflow") for name in files)
    # Of Keras's own needs: what it keeps its structures in, and what it plots with.
    assert not [name for name in files if name.startswith(("_C.", "ft2font."))]


def test_a_process_that_is_not_there_in_time_is_said(sandbox, monkeypatch):
    monkeypatch.setattr(bubblewrap, "_PATIENCE", 0.0)
    with pytest.raises(SandboxError, match=r"^(bwrap|Python) does not start$"):
        sandbox.try_out()


def test_the_files_of_the_machine_are_not_those_of_a_process_that_begins_slowly(sandbox, monkeypatch):
    monkeypatch.setattr(
        process_module, "_LOOK", 0.0
    )  # as if each moment of its start were as long as on a busy machine
    for _ in range(5):
        sandbox.try_out()


@pytest.mark.sample(1)
def test_the_judges_own_process_looks_at_nothing(sandbox, monkeypatch):
    def look(self, taken):
        raise AssertionError("what comes from a stranger is looked at here")

    monkeypatch.setattr(MarkdownTable, "look", look)
    roomy = Sandbox(sandbox.runtime, 30, 2048, sandbox.bare, sandbox.apart)
    with closing(Sandboxed(roomy, Answer(ROOT / "solutions"), 30)) as runner:
        call = runner.call("write_table", ([], Output("grid.md")), {}, MarkdownTable())
    assert (call.fault, call.raised) == (None, None)
    assert call.value[0] == "grid.md"


def test_the_two_processes_of_a_submission_are_two_users():
    assert free_user() == free_user(second=True) + 1


EXHAUSTED = """
import numpy as np
class ResourceExhaustedError(Exception): ...
calls = []
def standardize(train, test):
    calls.append(1)
    raise ResourceExhaustedError(f"call {len(calls)}")
def prepare_images(images, preprocessing="tutorial"):
    calls.append(1)
    return np.array(len(calls))
"""


def test_who_took_all_memory_of_tensorflow_leaves_a_new_process_to_the_next_function(runtime, tmp_path):
    folder = tmp_path / "07_transfer_model"
    folder.mkdir()
    (folder / "transfer_model.py").write_text(EXHAUSTED)
    numbers = np.zeros((2, 2))
    with closing(Sandboxed(Sandbox(runtime, 30, 2048, bare=True), Answer(tmp_path), 30)) as runner:
        for number in (1, 2):
            raised = runner.call("standardize", (numbers, numbers), {}).raised
            assert (raised.kind, raised.message) == ("ResourceExhaustedError", f"call {number}")
        assert [int(runner.call("prepare_images", (numbers,), {}).value) for _ in range(2)] == [1, 2]
