"""`kata grade --scheduler` with a real Dask scheduler and real worker processes on this machine."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

import pytest

from tests.grading.test_grading import grade, many, results, start
from tests.support import HANGS, needs_sandbox

psutil = pytest.importorskip("psutil", reason="Dask is not installed: pip install -e .[cluster]")
distributed = pytest.importorskip("distributed")
from distributed.core import rpc  # noqa: E402

from kata.grading import cluster, judging, remote  # noqa: E402
from kata.grading.versions import fingerprint, versions  # noqa: E402
from kata.grading.workers import GradingError  # noqa: E402
from kata.submissions.layouts import Part, Submission  # noqa: E402

OPTIONS = ("--exercises", "02", "--time-limit", "1", "--seed", "3")


def dask(folder, *arguments, **environment):
    """Start `dask scheduler` or `dask worker`."""
    with open(folder / "log", "a", encoding="utf-8") as log:
        command = [sys.executable, "-m", "dask", *map(str, arguments), "--no-dashboard", "--host", "127.0.0.1"]
        return subprocess.Popen(command, cwd=folder, env=os.environ | environment, stdout=log, stderr=log)


class Dask:
    """A scheduler, and workers that come and go."""

    def __init__(self, folder):
        self.folder, self.workers = folder, []
        # One failure that is allowed: a task that ends two workers is not given to a third.
        allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        self.file = folder / "scheduler.json"
        self.scheduler = dask(folder, "scheduler", "--scheduler-file", self.file, "--port", "0", **allowed)
        while not (self.file.exists() and self.file.read_text().endswith("}")):
            assert self.scheduler.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]

    def start(self, *arguments, **environment):
        """Start a worker with one thread; returns its process once the scheduler knows it."""
        number = len(self.there())
        scratch = self.folder / f"worker{len(self.workers)}"
        settings = ("--scheduler-file", self.file, "--nthreads", "1", "--local-directory", scratch)
        self.workers.append(dask(self.folder, "worker", *settings, *arguments, **environment))
        while len(self.there()) == number:
            time.sleep(0.1)
        return self.workers[-1]

    def there(self):
        """The addresses of the workers that the scheduler knows."""
        return set(self._ask("ncores"))

    def retire(self, address):
        """End a worker in good order."""
        self._ask("retire_workers", workers=[address], close_workers=True)

    def _ask(self, what, **arguments):
        async def ask():
            async with rpc(self.address) as scheduler:
                return await getattr(scheduler, what)(**arguments)

        return asyncio.run(ask())

    def end(self):
        for process in (*self.workers, self.scheduler):
            for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else ():
                child.kill()
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A scheduler with two workers."""
    running = Dask(tmp_path_factory.mktemp("dask"))
    try:
        running.start("--no-nanny")
        running.start("--no-nanny")
        yield running
    finally:
        running.end()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """(submissions, the output of this machine alone)."""
    folder = many(tmp_path_factory.mktemp("class") / "submissions", 16)
    (folder / "refused.rar").write_bytes(b"Rar!")
    output = folder.with_name("alone")
    grade(folder, "--output", output, *OPTIONS)
    return folder, output


def processes(pid):
    """The processes of a Dask worker that judge."""
    found = []
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it is over, or nearly so
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def judges_at(pid):
    """Whether something of a stranger's runs below a process: a sandbox that a judge has started."""
    try:
        judges = {child.pid for child in processes(pid)}
        below = psutil.Process(pid).children(recursive=True)
        return any(child.name() == "bwrap" and child.ppid() in judges for child in below)
    except psutil.NoSuchProcess:
        return False


def wait_for(condition, process):
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.01)


def finish(process, status=0):
    out, _ = process.communicate(timeout=HANGS)
    assert process.returncode == status, out
    return out


def task(path):
    """The task of judging the folder at a path, of which nothing is known."""
    return Submission(path.name, path.name, (Part(path, ""),)).task() | {"known": None, "attempt": 1}


def fit(judges):
    """The addresses of those workers of a Cluster that judge."""
    return {address for address, at_once in judges.there.items() if at_once}


def wait_for_two(judges):
    """Wait until two workers of a Cluster judge."""
    while len(fit(judges)) < 2:
        judges.look()
        assert len(judges.there.keys() - judges.refused) >= 2, "a worker is not used: see what was printed"
        time.sleep(0.05)


def break_pool(run, dask_worker):
    """Have the processes of a Dask worker end at their start from now on."""
    pool = dask_worker.plugins[run].pool
    pool.told["initargs"] = (None, None)  # a TypeError
    pool.pool.stop()


def in_process(address, paths, seconds=1.0):
    """A Cluster of this very process, and the tasks of judging what lies at some paths."""
    settings = {"seed": 3, "exercises": ["02"], "seconds": seconds, "megabytes": 512, "bare": False}
    judges = cluster.Cluster(address, settings, {"judge": fingerprint(), **versions([])})
    return judges, {path.name: task(path) for path in paths}


@pytest.mark.proof
@needs_sandbox
def test_each_thread_is_given_two_at_a_time(running, alone):
    found, given, most = {}, [], 0
    judges, tasks = in_process(running.address, alone[0].glob("s00*"))
    submit = judges.submit

    def submit_and_note(*arguments):
        given.append(submit(*arguments))
        return given[-1]

    judges.submit = submit_and_note
    with judges:
        for name, result in judges.judged(tasks):
            assert name not in found
            found[name] = result
            most = max(most, sum(not future.done() for future in given))
            assert len(judges.client.scheduler_comm.recent_message_log) <= 10  # Dask keeps what was sent
    assert found.keys() == tasks.keys()
    assert 2 <= most <= 2 * 2  # two for each of two threads


@pytest.mark.proof
@needs_sandbox
def test_a_worker_that_has_gone_unseen_is_said_at_the_end(running, capsys):
    known = running.there()
    worker = running.start("--no-nanny")
    (address,) = running.there() - known
    judges, _ = in_process(running.address, [])
    with judges:
        judges.looked = 0.0
        judges.look()
        worker.kill()
        worker.wait()
        while address in running.there():
            time.sleep(0.05)
        assert "is gone" not in capsys.readouterr().err
    assert f"{address} is gone: what it was doing is done again" in capsys.readouterr().err


@needs_sandbox
def test_marks_are_those_of_one_machine_after_ctrl_c_and_with_a_worker_killed(running, alone, tmp_path):
    folder, undisturbed = alone
    output = tmp_path / "output"
    arguments = (folder, "--output", output, *OPTIONS, "--scheduler", running.address)

    def judged():
        return {path: path.stat().st_mtime_ns for path in output.glob("*/result.json")}

    process = start(*arguments)
    wait_for(lambda: len(judged()) >= 3, process)
    process.send_signal(signal.SIGINT)
    assert "stopped. What was judged is kept" in finish(process, 2)
    before = judged()
    process, victim = start(*arguments), running.workers[0]
    wait_for(lambda: len(judged()) >= len(before) + 3 and judges_at(victim.pid), process)
    victim.kill()  # SIGKILL
    assert "is gone: what it was doing is done again" in finish(process)
    assert before.items() <= judged().items()  # nothing is judged twice
    assert (output / "grades.csv").read_bytes() == (undisturbed / "grades.csv").read_bytes()
    assert results(output) == results(undisturbed)
    left = running.workers[1].pid
    wait_for(lambda: not processes(left), running.workers[1])


@pytest.mark.proof
@needs_sandbox
def test_a_submission_that_ends_every_worker_is_given_up(running, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_LOOK", 0.3)
    (tmp_path / "killer").mkdir(parents=True)
    (tmp_path / "killer/activations.py").write_text("while True: pass\n")
    for worker in running.workers:
        worker.kill()
    nanny = running.start("--nanny")  # which starts another one where a worker ends
    killed = set()

    def kill():
        while len(killed) < 2:
            victims = [child for child in psutil.Process(nanny.pid).children() if judges_at(child.pid)]
            for victim in victims:
                victim.kill()
                killed.add(victim.pid)
            time.sleep(0.05)

    judges, tasks = in_process(running.address, [tmp_path / "killer"], seconds=60.0)
    killing = threading.Thread(target=kill)
    killing.start()
    with judges:
        (result,) = dict(judges.judged(tasks)).values()
    killing.join()
    assert result["refused"] == "the judge's own process ended twice in the middle of it"
    assert result["digest"] == ""  # it may have been the machines: the same command tries again


@pytest.mark.proof
@needs_sandbox
def test_a_worker_without_a_sandbox_or_the_kata_or_with_another_judge_is_refused_by_name(
    running, alone, tmp_path, clone
):
    folder = alone[0]
    (tmp_path / "empty").mkdir()
    with open(clone / "kata/checks/comparison.py", "a", encoding="utf-8") as file:
        file.write("\n# another judge\n")
    before = running.there()
    running.start("--no-nanny", PATH=str(tmp_path / "empty"))
    (bare,) = running.there() - before
    running.start("--no-nanny", PYTHONPATH=str(clone))
    (other,) = running.there() - before - {bare}
    (tmp_path / "hiding/kata").mkdir(parents=True)  # a package of this name that is another one
    (tmp_path / "hiding/kata/__init__.py").touch()
    running.start("--no-nanny", PYTHONPATH=str(tmp_path / "hiding"))
    (without,) = running.there() - before - {bare, other}
    options = (*OPTIONS, "--scheduler", running.address)
    few = tmp_path / "few"
    few.mkdir()
    (few / "s").symlink_to(folder / "s000")  # a link: refused, and quickly
    out = grade(few, "--output", tmp_path / "output", *options)
    assert "1 submissions graded" in out
    for address in before:  # only these two are left
        running.retire(address)
    out = grade(few, "--output", tmp_path / "none", *options, status=2)
    assert f"{bare} is not used: no sandbox is to be had there: there is no program bwrap on the PATH" in out
    assert f"{other} is not used: another judge is there" in out
    assert f"{without} is not used: there is no multilabel-kata there" in out
    assert f"none of the 3 workers of {running.address} can be used: see above" in out
    assert not (tmp_path / "none/grades.csv").exists()


@pytest.mark.proof
@needs_sandbox
def test_a_worker_that_was_used_and_is_refused_gets_no_more(running, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(cluster, "_LOOK", 0.0)
    running.start("--no-nanny")
    running.start("--no-nanny")
    judges, _ = in_process(running.address, [])
    with judges:
        wait_for_two(judges)
        assert judges.room == 4
        victim, other = fit(judges)
        running._ask("set_resources", resources={judges.run: 0, f"{judges.run} it broke": 1}, worker=victim)
        judges.look()
        assert fit(judges) == {other}
        assert judges.room == 2
    assert capsys.readouterr().err.count(f"{victim} is not used: it broke") == 1


@pytest.mark.proof
@needs_sandbox
def test_a_worker_whose_processes_do_not_start_any_more_gives_its_tasks_to_others(
    running, alone, capsys, monkeypatch
):
    monkeypatch.setattr(cluster, "_LOOK", 0.1)
    judges, tasks = in_process(running.address, alone[0].glob("s00[0-3]"))
    with judges:
        wait_for_two(judges)
        victim = min(fit(judges))
        judges.client.run(break_pool, judges.run, workers=[victim])
        found = dict(judges.judged(tasks))
        while victim in fit(judges):
            judges.look()
            time.sleep(0.05)
    assert found.keys() == tasks.keys()
    assert not any("refused" in marks for marks in found.values())
    assert f"{victim} is not used: the grader's workers do not start" in capsys.readouterr().err


@pytest.mark.proof
@needs_sandbox
def test_what_a_refused_worker_is_still_given_comes_back(running, alone):
    judges, _ = in_process(running.address, [])
    with judges:
        wait_for_two(judges)
        victim = min(fit(judges))
        judges.client.run(break_pool, judges.run, workers=[victim])
        while victim in fit(judges):
            judges.look()
            time.sleep(0.05)
        # As if the scheduler had not heard of it yet: it sends what the worker cannot do any more.
        running._ask("set_resources", resources={judges.run: 1}, worker=victim)
        given = {"workers": [victim], "resources": {judges.run: 1}, "pure": False}
        sent = judges.client.submit(remote.do, judges.run, judging.judge, task(alone[0] / "s000"), **given)
        assert isinstance(sent.exception(timeout=120), BrokenProcessPool), "what was sent there never comes back"


@pytest.mark.proof
def test_a_worker_with_other_versions_is_refused():
    settings = {"exercises": ["02"]}
    wanted = {"judge": fingerprint(), **versions([])}
    assert remote.differs(settings, wanted) == ""
    assert remote.differs(settings, wanted | {"numpy": "1.0"}).endswith(", and the grader 1.0")
    assert remote.differs(settings, wanted | {"python": "3.1"}).startswith("it has python 3.")
    assert "another judge" in remote.differs(settings, wanted | {"judge": "0"})


@pytest.mark.proof
def test_a_scheduler_that_cannot_be_reached_is_said(monkeypatch):
    monkeypatch.setattr(cluster, "_ANSWER", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for address, says in (
            ("tcp://127.0.0.1:1", "Timed out"),
            (f"tcp://127.0.0.1:{port}", "what listens there is something else"),
            ("elsewhere", "missing port number"),
            ("http://127.0.0.1:80", "unknown address scheme"),
        ):
            with pytest.raises(GradingError, match=f"no Dask scheduler answers at {address}: .*{says}"):
                cluster.Cluster(address, {"seed": 0, "seconds": 1}, {})


@pytest.mark.proof
@needs_sandbox
def test_nothing_is_left_in_the_workers_of_a_grader_that_was_killed(running, alone, tmp_path):
    process = start(alone[0], "--output", tmp_path / "output", *OPTIONS, "--scheduler", running.address)
    workers = [worker for worker in running.workers if worker.poll() is None]
    wait_for(lambda: any(judges_at(worker.pid) for worker in workers), process)
    process.kill()
    process.communicate()
    for worker in workers:
        wait_for(lambda pid=worker.pid: not processes(pid), worker)


@pytest.mark.proof
@needs_sandbox
def test_a_scheduler_that_ends_ends_the_run(running, alone, monkeypatch):
    monkeypatch.setattr(cluster, "_ANSWER", 0.5)
    monkeypatch.setattr(cluster, "_LOOK", 0.3)
    running.start("--no-nanny")
    judges, tasks = in_process(running.address, alone[0].glob("s*"))
    with judges:
        found = judges.judged(tasks)
        next(found)
        running.scheduler.kill()
        with pytest.raises(OSError, match=f"the scheduler at {running.address} is gone"):
            list(found)
