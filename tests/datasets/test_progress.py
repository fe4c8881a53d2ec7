"""How far a long run is, as a person at a terminal sees it and as a log keeps it."""

import io
import sys
from contextlib import redirect_stderr

import pytest

from datasets import real, scenes
from datasets.progress import progress_bar
from kata.grading.run import _above


class Terminal(io.StringIO):
    """A terminal without a size."""

    def isatty(self):
        return True


@pytest.fixture
def now(monkeypatch):
    """The clock of the bars, as a list of the one number of seconds."""
    seconds = [1000.0]
    monkeypatch.setattr("tqdm.std.time", lambda: seconds[0])
    return seconds


def test_a_terminal_shows_the_time_left(now, monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress_bar("Drawing", 10, done=4) as bar:
        assert "4/10 [00:00<?" in terminal.getvalue()  # what was done before says nothing of the time
        now[0] += 60
        bar.update()
    assert "5/10 [01:00<05:00" in terminal.getvalue()
    assert terminal.getvalue().count("\n") == 1


def test_a_slow_step_after_a_thousand_fast_ones_is_shown(now, monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress_bar("Grading", 2000) as bar:
        for _ in range(1000):
            now[0] += 0.001
            bar.update()
        now[0] += 5
        bar.update()
        assert "1001/2000" in terminal.getvalue()


def test_a_log_has_a_line_every_half_minute(now, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar("Drawing", 800) as bar:
        for _ in range(800):
            now[0] += 0.125
            bar.update()
    written = sys.stderr.getvalue()
    assert "\r" not in written
    lines = written.splitlines()
    assert [line.partition("/800")[0].rpartition(" ")[2] for line in lines] == ["0", "240", "480", "720", "800"]
    assert "[00:30<01:10" in lines[1]


def test_a_message_and_the_bar_are_lines_of_their_own(now, monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress_bar("Grading", 3) as bar, redirect_stderr(_above(sys.stderr)):
        bar.update()
        print("kata: a worker has gone", file=sys.stderr)
        bar.update()
    seen = [line.rpartition("\r")[2] for line in terminal.getvalue().split("\n")]
    assert seen[0] == "kata: a worker has gone"
    assert [line[:8] for line in seen[1:]] == ["Grading:", ""]


def test_a_bar_that_is_not_to_be_shown_is_not(capsys):
    with progress_bar("Drawing", 3, show=False) as bar:
        bar.update()
    assert capsys.readouterr().err == ""


def test_tqdm_is_imported_where_a_bar_is_made_and_not_before(run):
    code = "import kata.grading.run, datasets.real, datasets.scenes, sys; assert 'tqdm' not in sys.modules"
    assert run("-c", code).status == 0


@pytest.mark.parametrize(("module", "work"), [(scenes, "generate"), (real, "load")])
def test_ctrl_c_ends_it_in_a_sentence(monkeypatch, module, work):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, work, interrupted)
    with pytest.raises(SystemExit, match=r"^stopped\. What was .* is kept"):
        module.main([])
