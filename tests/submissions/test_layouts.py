"""Submissions as Moodle and Canvas hand them out, archives in archives, single files, and what is ambiguous."""

import contextlib
import io
import os
import re
import stat
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import nbformat
import pytest

from kata.learn.notebooks import make_notebook
from kata.submissions import archives, downloads
from kata.submissions.collecting import collect
from kata.submissions.downloads import is_class, unpack
from kata.submissions.files import MAX_FILE, Refused
from kata.submissions.layouts import find_submissions
from kata.syllabus import BY_TOPIC
from tests.submissions.packing import chosen, found
from tests.submissions.packing import lay_out_class as lay_out
from tests.support import notebook_of, solution

OTHER = solution("losses", **{"np.float32": "np.float64"}).encode()
LOSSES, PAIRINGS = solution("losses").encode(), solution("pairings").encode()


def zipped(files):
    """A zip archive with {path or ZipInfo: content}, as bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def unwritten(topic):
    """The notebook of an exercise, as `kata notebook` makes it."""
    return nbformat.writes(make_notebook(BY_TOPIC[topic])).encode()


def refusal(folder):
    (one,) = find_submissions(folder)
    with pytest.raises(Refused) as refused:
        chosen(one.parts)
    return str(refused.value)


def test_a_download_of_moodle_as_folders(tmp_path):
    folder = lay_out(
        tmp_path / "class",
        {
            "Ann Lee_123_assignsubmission_file_/losses.py": LOSSES,
            "Ann Lee_123_assignsubmission_onlinetext_/onlinetext.html": b"<p>Please be kind</p>",
            "Zoë O'Neil-Müller_124_assignsubmission_file/03_losses/losses.py": LOSSES,
            "Bo_125_assignsubmission_file_/hand-in.zip": zipped({"kata/exercises/03_losses/losses.py": LOSSES}),
            "Cy_126_assignsubmission_onlinetext_/onlinetext.html": b"def losses(): ...",
            "Participant_127_assignsubmission_file_/essay.pdf": b"%PDF",
            "Default group_assignsubmission_file_/losses (1).py": LOSSES,
        },
    )
    text = "a text was typed into Moodle: it is not judged, only files are"
    assert found(folder) == {
        "Ann Lee": ({"losses.py": LOSSES}, [text]),
        "Bo": ({"losses.py": LOSSES}, []),
        "Cy": ({}, [text]),
        "Default group": ({"losses.py": LOSSES}, ["losses (1).py is taken for losses.py"]),
        "Participant": ({}, ["no exercise's file is in it, only essay.pdf"]),
        "Zoë O'Neil-Müller": ({"losses.py": LOSSES}, []),
    }
    numbers = {one.name: (one.platform, one.number) for one in find_submissions(folder)}
    assert numbers["Ann Lee"] == ("moodle", "123")
    assert numbers["Default group"] == ("moodle", "")


def test_a_download_of_moodle_as_files(tmp_path):
    folder = lay_out(
        tmp_path / "class",
        {
            "Ann Lee_123_assignsubmission_file_losses.py": LOSSES,
            "Ann Lee_123_assignsubmission_file_pairings.py": PAIRINGS,
            "Ann Lee_124_assignsubmission_file_kata.zip": zipped({"losses.py": LOSSES}),
            "Bo_125_assignsubmission_file_my_answer.py": LOSSES,
        },
    )
    assert found(folder) == {
        "Ann Lee (123)": ({"losses.py": LOSSES, "pairings.py": PAIRINGS}, []),
        "Ann Lee (124)": ({"losses.py": LOSSES}, []),
        "Bo": ({"losses.py": LOSSES}, ["my_answer.py is taken for losses.py"]),
    }


def test_a_download_of_canvas(tmp_path):
    folder = lay_out(
        tmp_path / "class",
        {
            "leeann_LATE_1234_56789_losses-1.py": LOSSES,
            "leeann_LATE_1234_56790_pairings-2.py": PAIRINGS,
            "o_neilbo_77_56791_hand_in_3_4_.zip": zipped({"losses.py": LOSSES}),
            "teamred_78_56792_essay.pdf": b"%PDF",
            "teamred_78_56793_losses.py": LOSSES,
            "anon_aB3x_56794_losses.py": LOSSES,
            "cy_79_text.html": b"<p>my answer</p>",
        },
    )
    assert found(folder) == {
        "anon_aB3x": ({"losses.py": LOSSES}, []),
        "cy": ({}, ["a text was typed into Canvas: it is not judged, only files are"]),
        "leeann": ({"losses.py": LOSSES, "pairings.py": PAIRINGS}, ["handed in late"]),
        "o_neilbo": ({"losses.py": LOSSES}, []),
        "teamred": (
            {"losses.py": LOSSES},
            ["not read: essay.pdf is neither a folder, nor a zip or tar archive, nor an exercise's file"],
        ),
    }
    assert [one.number for one in find_submissions(folder)] == ["aB3x".join(("anon_", "")), "79", "1234", "77", "78"]


def test_of_several_hand_ins_the_newest_counts(tmp_path):
    old, older = LOSSES + b"# old\n", LOSSES + b"# older\n"
    folder = lay_out(
        tmp_path / "class",
        {
            "leeann_12_9_losses.py": older,
            "leeann_12_101_losses-2.py": LOSSES,
            "leeann_12_100_losses-1.py": old,
            "leeann_LATE_12_99_pairings.py": PAIRINGS,
            "bo_LATE_13_103_losses-1.py": LOSSES,
            "bo_13_102_kata.zip": zipped({"losses.py": old, "pairings.py": PAIRINGS}),
        },
    )
    assert found(folder) == {
        "bo": (
            {"losses.py": LOSSES, "pairings.py": PAIRINGS},
            ["handed in late", "the newest of 2 hand-ins of losses.py"],
        ),
        "leeann": (
            {"losses.py": LOSSES, "pairings.py": PAIRINGS},
            ["the newest of 3 hand-ins of losses.py"],
        ),
    }


def test_a_text_without_a_number_beside_somebody_of_that_name(tmp_path):
    folder = lay_out(
        tmp_path / "class",
        {
            "Ann_5_assignsubmission_file_/losses.py": LOSSES,
            "Ann_assignsubmission_onlinetext_/onlinetext.html": b"the group's",
        },
    )
    text = "a text was typed into Moodle: it is not judged, only files are"
    assert found(folder) == {"Ann (5)": ({"losses.py": LOSSES}, []), "Ann": ({}, [text])}


def test_nobody_takes_anothers_number_with_a_name_that_ends_with_it(tmp_path):
    files = (
        "leeann_LATE_12_100_losses.py",
        "leeann_LATE_12_101_4_pairings.py",
        "x_12_14_56_losses.py",
        "y_12_LATE_15_57_losses.py",
    )
    folder = lay_out(tmp_path / "class", {name: PAIRINGS if "pair" in name else LOSSES for name in files})
    assert {one.name: one.number for one in find_submissions(folder)} == {"leeann": "12", "x_12": "14", "y_12": "15"}
    late = "handed in late"
    assert found(folder)["leeann"] == (
        {"losses.py": LOSSES, "pairings.py": PAIRINGS},
        [late, "4_pairings.py is taken for pairings.py"],
    )
    assert found(folder)["y_12"][1] == [late]


def test_dates_in_names_are_nobodys_numbers(tmp_path):
    folder = lay_out(
        tmp_path / "class", {f"{name}_2026_11_kata.zip": zipped({"losses.py": LOSSES}) for name in ("ann", "bo")}
    )
    assert set(found(folder)) == {"ann_2026_11_kata", "bo_2026_11_kata"}


def test_single_files_and_their_owners(tmp_path):
    folder = lay_out(
        tmp_path / "class",
        {
            "ann.py": LOSSES,
            "bo_losses.py": LOSSES,
            "bo_pairings.py": PAIRINGS,
            "cy binary_accuracy.py": b"def binary_accuracy(:\n",
            "di.py": b"def binary_crossentropy(:\n",
            "di/losses.py": LOSSES,
        },
    )
    assert found(folder) == {
        "ann": ({"losses.py": LOSSES}, ["ann.py is taken for losses.py"]),
        "bo": ({"losses.py": LOSSES, "pairings.py": PAIRINGS}, []),
        "cy": ({"binary_accuracy.py": b"def binary_accuracy(:\n"}, []),
        "di": ({"losses.py": LOSSES}, []),
        "di.py": ({"losses.py": b"def binary_crossentropy(:\n"}, ["di.py is taken for losses.py"]),
    }


def test_no_two_submissions_have_one_place_or_one_name(tmp_path):
    again = "(aa1e646d4553)"  # what the second "a\\nb" is told apart by
    names = (" ann", "Ann", "ann", "a\nb", "a\\nb", f"a\nb {again}", f"a\\nb {again}")
    found = find_submissions(lay_out(tmp_path / "class", {f"{name}/losses.py": LOSSES for name in names}))
    assert len({one.place.casefold() for one in found}) == len({one.name for one in found}) == len(names)


def test_no_two_submissions_have_names_that_look_the_same(tmp_path):
    # Signs of which nobody sees anything, and one name in both of its forms.
    unseen = "\u034f\u3164\ufe0f\U000e0100\u180b\U00016fe4\U0001d159"
    names = ("ann", *(f"ann{char}" for char in unseen), "Jos\N{LATIN SMALL LETTER E WITH ACUTE}", "Jose\u0301")
    found = find_submissions(lay_out(tmp_path / "class", {f"{name}/losses.py": LOSSES for name in names}))
    shown = {re.sub(f"[{unseen}]", "", unicodedata.normalize("NFC", one.name)) for one in found}
    assert len(shown) == len(names), shown


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"ann/kata.rar": b"Rar!", "ann/notes.txt": b""}, "kata.rar is not read: an answer is .py or .ipynb"),
        ({"ann.zip": zipped({"ann/hw.7z": b"7z"})}, "ann/hw.7z is not read"),
        ({"ann.ipynb": b'{"source": "x = 1"}'}, "ann.ipynb is not named after an exercise, and has none of its"),
        ({"ann.py": LOSSES + PAIRINGS}, "ann.py has functions of 03_losses and 04_pairings: one file for each"),
        ({"ann.py": b"x = 1\n"}, "ann.py is not named after an exercise, and has none of its functions"),
        (
            {"ann/losses-1.py": LOSSES, "ann/losses-2.py": OTHER},
            "losses.py is there twice, and differs: in losses-1.py and in losses-2.py",
        ),
        (
            {"ann/a.zip": zipped({"losses.py": LOSSES}), "ann/losses.py": OTHER},
            "losses.py is there twice, and differs: in losses.py and in a.zip/losses.py",
        ),
        (
            {"ann/a.zip": zipped({"losses.py": LOSSES}), "ann/b.zip": zipped({"losses.py": OTHER})},
            "in a.zip/losses.py and in b.zip/losses.py",
        ),
        ({"ann.py": b"#" * (MAX_FILE + 1)}, "ann.py has more than"),
        (
            {"kata/class.zip": zipped({"Ann_1_assignsubmission_file_/losses.py": LOSSES})},
            "the download of a whole class",
        ),
        ({"class.zip": zipped({"ann_1_2_losses.py": LOSSES, "bo_3_4_losses.py": b"x"})}, "download of a whole class"),
    ],
)
def test_what_is_ambiguous_is_refused_by_name(tmp_path, files, says):
    assert says in refusal(lay_out(tmp_path / "class", files))


def test_archives_in_archives(tmp_path):
    inner = zipped({"exercises/03_losses/losses.py": LOSSES})
    folder = lay_out(
        tmp_path / "class",
        {
            "ann.zip": zipped({"hand-in/kata.zip": inner, "hand-in/pairings.py": PAIRINGS}),
            "bo/one.zip": zipped({"two.zip": inner}),
            "cy.zip": zipped({"losses.py": LOSSES, "data.zip": b"no archive"}),
        },
    )
    assert found(folder) == {
        "ann": ({"losses.py": LOSSES, "pairings.py": PAIRINGS}, []),
        "bo": ({"losses.py": LOSSES}, []),
        "cy": ({"losses.py": LOSSES}, ["not read: data.zip: a damaged archive: it has no end"]),
    }
    deep = zipped({"1.zip": zipped({"2.zip": inner})})
    assert "an archive in an archive in an archive" in refusal(lay_out(tmp_path / "deep", {"ann.zip": deep}))


def test_what_macos_puts_beside_each_file_of_an_archive_is_nothing(tmp_path):
    beside = dict.fromkeys(("hw/._kata.zip", "hw/._losses.py", "hw/._pairings (1).py"), b"\0\5\26\7def sigmoid(x)")
    (tmp_path / "ann.zip").write_bytes(zipped(beside | {"hw/kata.zip": zipped({"losses.py": LOSSES})}))
    assert found(tmp_path)["ann"] == ({"losses.py": LOSSES}, [])


def test_a_file_that_might_have_counted_stands_in_the_notes(tmp_path):
    copy = notebook_of("def binary_crossentropy(y): ...").encode()
    files = {"losses.py": b"stub", "losses (1).py": LOSSES, "Copy of losses.ipynb": copy, "plot.py": b"x = 1"}
    files["all.py"] = b"def sigmoid(x): ...\n\n\ndef keras_loss(y): ...\n"
    files |= {"old tries.py": b"def binary_crossentropy(y): ...", "losses.txt": LOSSES, "more.rar": b"Rar!"}
    del files["Copy of losses.ipynb"]
    notes = [
        "all.py is not read: it has functions of 02_activations and 04_pairings",
        "more.rar is not read: an answer is .py or .ipynb files, or a zip or tar archive of them",
        "losses (1).py is taken for losses.py",
        "losses.py is not read: nothing is written in it",
        "old tries.py is not read: beside it lies the file of 03_losses",
    ]
    folder = lay_out(tmp_path / "class", {f"ann/{name}": content for name, content in files.items()})
    (folder / "bo.zip").write_bytes(zipped(files))
    assert found(folder) == {name: ({"losses.py": LOSSES}, notes) for name in ("ann", "bo")}
    (folder / "ann/Copy of losses.ipynb").write_bytes(copy)
    with pytest.raises(Refused, match=r"losses is there twice.*: in losses \(1\).py and in Copy of losses.ipynb"):
        found(folder)


def test_a_file_whose_namesake_in_the_exercises_folder_is_the_stub_counts(tmp_path):
    stub = BY_TOPIC["losses"].stub.read_bytes()
    files = {"03_losses/losses.py": stub, "losses.ipynb": unwritten("losses"), "04_pairings/pairings.py": PAIRINGS}
    files["losses.py"] = LOSSES
    folder = lay_out(tmp_path / "class", {f"ann/{name}": content for name, content in files.items()})
    (folder / "bo.zip").write_bytes(zipped(files))
    names = ("03_losses/losses.py", "losses.ipynb")
    notes = [f"{name} is not read: nothing is written in it" for name in names]
    assert found(folder) == dict.fromkeys(("ann", "bo"), ({"losses.py": LOSSES, "pairings.py": PAIRINGS}, notes))


def test_hostile_archives_in_archives_are_refused_by_name(tmp_path):
    link = zipfile.ZipInfo("losses.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    zeros = zipped({"losses.py": bytes(2**25)})
    for number, (inner, says) in enumerate(
        {
            zipped({link: b"/etc/passwd"}): "in.zip: losses.py in it is a link",
            zipped({"../losses.py": b""}): "in.zip: ../losses.py in it leads outside",
            zipped({"/losses.py": b""}): "in.zip: /losses.py in it is an absolute path",
            zeros: "in.zip: losses.py has more than 131,072 bytes",
        }.items()
    ):
        assert says in refusal(lay_out(tmp_path / f"{number}", {"ann.zip": zipped({"in.zip": inner})}))


def test_names_without_end_do_not_fill_a_report(tmp_path):
    names = [f"{'a' * 60_000}{end}" for end in ("/losses.py", ".zip", ".py", "/essay.pdf")]
    names += [f"a.py{' ' * 60_000}x", f"{'a.py (1) ' * 30}x", f"{'a.py ' * 10_000}"]
    (tmp_path / "ann.zip").write_bytes(zipped(dict.fromkeys(names, b"def sigmoid(): ...")))
    files, notes = found(tmp_path)["ann"]
    assert files == {}
    assert len("".join(notes)) < 500


def test_python_without_end_is_not_looked_through(tmp_path):
    many = {f"{number:03}.py": b"def sigmoid(): ..." if number == 120 else b"" for number in range(150)}
    (tmp_path / "ann.zip").write_bytes(zipped(many | {"losses.py": LOSSES}))
    assert found(tmp_path)["ann"] == ({"losses.py": LOSSES}, [])


def test_a_bomb_of_archives_is_refused(tmp_path):
    stored = zipfile.ZipInfo("zeros.zip")
    inner = zipped({stored: bytes(2**24)})  # a ZipInfo is not compressed: 16 MB, and zeros
    bomb = zipped({f"{number}.zip": inner for number in range(9)})
    assert len(bomb) < 2**18
    (tmp_path / "ann.zip").write_bytes(bomb)
    assert "an archive in an archive in an archive" in refusal(tmp_path)
    (tmp_path / "ann.zip").write_bytes(zipped({f"{n}.zip": inner for n in range(9)} | {"losses.py": LOSSES}))
    files, notes = found(tmp_path)["ann"]
    assert files == {"losses.py": LOSSES}
    assert "8.zip: an archive that unpacks to more than 134,217,728 bytes" in notes[-1]


def test_the_zip_of_a_platform_is_a_class(tmp_path):
    files = {
        "leeann_LATE_12_100_losses.py": LOSSES,
        "bo_13_101_kata.zip": zipped({"losses.py": LOSSES}),
        "cy_14_102_essay.pdf": b"x" * 1000,
        "di_15_103_huge.zip": b"PK" + bytes(archives.MAX_ARCHIVE),
    }
    (tmp_path / "submissions.zip").write_bytes(zipped(files))
    assert is_class(tmp_path / "submissions.zip")
    folder = unpack(tmp_path / "submissions.zip", tmp_path / "work")
    assert (folder / "cy_14_102_essay.pdf").stat().st_size == 0  # named, and not unpacked
    good = {one.name: one for one in find_submissions(folder)}
    assert collect(good["leeann"].parts)[0] == {"03_losses/losses.py": LOSSES}
    assert collect(good["bo"].parts)[0] == {"03_losses/losses.py": LOSSES}
    with pytest.raises(Refused, match="an archive of more than"):  # which costs nobody else anything
        collect(good["di"].parts)
    long = {f"{'Ann ' * 40}_1_assignsubmission_file_{'l' * 150}.zip": zipped({"losses.py": LOSSES})}
    (tmp_path / "long.zip").write_bytes(zipped(long))
    ((files, notes),) = found(unpack(tmp_path / "long.zip", tmp_path / "long")).values()
    assert (files, notes) == ({"losses.py": LOSSES}, [])
    twice = {f"Ann_1_assignsubmission_file_/{'l' * 180}{n}{'l' * 80}.py": LOSSES for n in (1, 2)}
    deep = {f"Bo_2_assignsubmission_file_/{'deep/' * 1000}losses.py": LOSSES}
    (tmp_path / "odd.zip").write_bytes(zipped(twice | deep | {"Cy_3_assignsubmission_file_/losses.py": LOSSES}))
    odd = found(unpack(tmp_path / "odd.zip", tmp_path / "odd"))
    assert odd["Cy"] == ({"losses.py": LOSSES}, [])  # what the others did costs nobody else anything
    assert set(odd) == {"Ann", "Bo", "Cy"}
    wrapped = zipped({f"week 3/{name}_1_assignsubmission_file_/losses.py": LOSSES for name in ("Ann", "Bo")})
    (tmp_path / "wrapped.zip").write_bytes(wrapped)
    assert set(found(unpack(tmp_path / "wrapped.zip", tmp_path / "more"))) == {"Ann", "Bo"}


@pytest.mark.parametrize("name", ["../ann/losses.py", "/ann/losses.py", "..\\losses.py"])
def test_a_class_that_leads_outside_is_refused(tmp_path, name):
    (tmp_path / "class.zip").write_bytes(zipped({"ann/losses.py": LOSSES, name: b"outside"}))
    with pytest.raises(Refused, match=r"losses\.py in it"):
        unpack(tmp_path / "class.zip", tmp_path / "work")
    assert not (tmp_path / "losses.py").exists()


def test_a_class_that_is_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "MAX_CLASS", 1000)
    (tmp_path / "class.zip").write_bytes(zipped({f"{name}/losses.py": LOSSES for name in ("ann", "bo")}))
    with pytest.raises(Refused, match="unpacks to more than 1,000 bytes"):
        unpack(tmp_path / "class.zip", tmp_path / "work")
    monkeypatch.undo()
    (tmp_path / "class.zip").write_bytes(zipped({"ann": b"", "ann/losses.py": LOSSES}))
    with pytest.raises(Refused, match=r"ann/losses\.py is in it twice"):
        unpack(tmp_path / "class.zip", tmp_path / "twice")
    (tmp_path / "class.zip").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(Refused, match="a damaged archive"):
        unpack(tmp_path / "class.zip", tmp_path / "again")


def test_folders_without_end_are_not_looked_through(tmp_path):
    lay_out(tmp_path / "class", {"ann/losses.py": LOSSES})
    deep = tmp_path / "class/ann"
    with contextlib.chdir(deep):  # all of it is longer than a path may be
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    (one,) = find_submissions(tmp_path / "class")
    try:
        assert chosen(one.parts)[0] == {"03_losses/losses.py": LOSSES}
    finally:
        subprocess.run(["rm", "-r", deep], check=True)  # Python removes no folder that is so deep


def test_links_beside_exercises_are_not_followed(tmp_path):
    secret = lay_out(tmp_path, {"secret.zip": zipped({"losses.py": b"secret"}), "secret.py": LOSSES})
    folder = lay_out(tmp_path / "class", {"ann/notes.txt": b""})
    for name in ("secret.zip", "secret.py"):
        Path(folder / "ann" / name).symlink_to(secret / name)
    assert found(folder)["ann"][0] == {}
