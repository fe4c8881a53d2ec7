"""`make anywhere` says ok, red, or why a machine cannot be played, and tells the three apart."""

import pytest

from tests.proofs import anywhere, machines

ONLY = ["--light", "--only", "as it is", "--what", "stubs"]


def test_the_stubs_are_as_they_should_be_on_this_machine(capsys):
    assert anywhere.main(ONLY) == 0
    out = capsys.readouterr().out
    assert out.startswith("as it is         stubs ")
    assert out.endswith("  ok\n\nNothing is red.\n")


@pytest.mark.parametrize(
    "said",
    [(0, "total 0/100"), (1, "total 3/100"), (1, "01 label_encoders ... 0/12 todo\ntotal 0/100"), (2, "ERROR")],
)
def test_what_is_not_as_it_should_be_is_red_and_shown(monkeypatch, capsys, said):
    monkeypatch.setattr(machines.Machine, "run", lambda *arguments: said)
    assert anywhere.main(ONLY) == 1
    out = capsys.readouterr().out
    assert "  red\n\nas it is, stubs: exit " in out
    assert out.endswith(f"{said[1]}\n\n1 red\n")


def test_a_machine_that_cannot_be_played_is_a_row_with_the_reason(monkeypatch, capsys):
    monkeypatch.setitem(
        anywhere.MACHINES, "as it is", lambda stack: machines.Machine(prefixes=[["no-such-program"], ["false"]])
    )
    assert anywhere.main(ONLY) == 0
    assert "not here: no-such-program: No such file or directory; false ends with 1\n" in capsys.readouterr().out
