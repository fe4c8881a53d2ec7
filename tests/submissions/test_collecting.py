"""What was handed in: folders and archives, and what is refused of them."""

import gzip
import io
import os
import stat
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile

import pytest

from kata.answers.conversion import MAX_CODE
from kata.submissions.archives import MAX_TOLD, MAX_UNPACKED
from kata.submissions.collecting import digest
from kata.submissions.files import MAX_FILE, MAX_NOTEBOOK, Refused
from kata.submissions.layouts import Part, find_submissions
from kata.syllabus import BY_TOPIC
from tests.submissions.packing import chosen
from tests.support import notebook_of, solution

FILES = {"03_losses/losses.py": b"x = 1\n", "02_activations/activations.py": b"y = 2\n"}
LAYOUTS = {
    "folders": {name: name for name in FILES},
    "flat": {name.partition("/")[2]: name for name in FILES},
    "clone": {f"exercises/{name}": name for name in FILES},
    "one folder more": {f"alice-main/exercises/{name}": name for name in FILES},
}


def collect(path):
    """The files of a submission that is one folder or archive."""
    return chosen([Part(path, "" if path.is_dir() else path.name)])[0]


def write_folder(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_tar(path, files, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_in_every_wrapping(tmp_path, layout):
    files = {place: FILES[name] for place, name in LAYOUTS[layout].items()}
    files |= {("alice-main/" if "more" in layout else "") + "notes.txt": b"", "__MACOSX/x/._losses.py": b"junk"}
    folder = write_folder(tmp_path / "folder", files)
    assert collect(folder) == FILES
    assert collect(write_zip(tmp_path / "a.zip", files)) == FILES
    for end, mode in ((".tar", "w"), (".tar.gz", "w:gz"), (".tgz", "w:gz"), (".tar.bz2", "w:bz2")):
        assert collect(write_tar(tmp_path / f"a{end}", files, mode)) == FILES
    assert digest(collect(folder), []) == digest(FILES, []) != digest({}, []) != digest({}, ["a note"])


def test_a_file_counts_in_any_place_where_find_files_looks(tmp_path):
    stub, written = BY_TOPIC["losses"].stub.read_bytes(), solution("losses").encode()
    places = ("losses.py", "03_losses/losses.py", "exercises/03_losses/losses.py")
    for number, place in enumerate(places):
        files = dict.fromkeys(places, stub) | {place: written}
        assert collect(write_folder(tmp_path / f"{number}", files)) == {"03_losses/losses.py": written}
        assert collect(write_zip(tmp_path / f"{number}.zip", files)) == {"03_losses/losses.py": written}
        files[places[number - 1]] = written.replace(b"np.float32", b"np.float64")
        with pytest.raises(Refused, match=r"losses\.py is there twice, and differs") as refused:
            collect(write_folder(tmp_path / f"both {number}", files))
        assert all(name in str(refused.value) for name in (place, places[number - 1]))


def test_notebooks_are_collected_as_modules_are(tmp_path):
    notebook = notebook_of("def binary_crossentropy(y): return 1", "def sigmoid(x): return 1").encode()
    files = {"losses.ipynb": notebook, "exercises/03_losses/losses.py": b"", "02_activations/activations.py": b""}
    files |= {"02_activations/activations.ipynb": notebook, "activations.py": b"flat", "notes.ipynb": b"{}"}
    expected = {"03_losses/losses.ipynb": notebook, "02_activations/activations.ipynb": notebook}
    assert collect(write_folder(tmp_path / "a", files)) == expected
    assert collect(write_zip(tmp_path / "a.zip", files)) == expected
    assert collect(write_tar(tmp_path / "a.tar.gz", files)) == expected


def test_a_notebook_is_known_by_its_name_or_by_the_functions_of_its_cells(tmp_path):
    cells = notebook_of("import math", "x = 1\n\ndef sigmoid(x):\n    return x").encode()
    for name in ("activations (1).ipynb", "my homework.ipynb"):
        expected = {"02_activations/activations.ipynb": cells}
        assert collect(write_folder(tmp_path / name[:2], {name: cells})) == expected
        assert collect(write_zip(tmp_path / f"{name[:2]}.zip", {name: cells})) == expected
        (tmp_path / name).write_bytes(cells)
        assert collect(tmp_path / name) == expected


def test_a_notebook_may_be_longer_than_a_module(tmp_path):
    files = {"losses.ipynb": b" " * (MAX_FILE + 1)}
    for path in (write_zip(tmp_path / "a.zip", files), write_tar(tmp_path / "a.tar", files, "w")):
        assert len(collect(path)["03_losses/losses.ipynb"]) == MAX_FILE + 1
    large = {"losses.ipynb": b" " * (MAX_NOTEBOOK + 1)}
    for path in (
        write_folder(tmp_path / "b", large),
        write_zip(tmp_path / "b.zip", large),
        write_tar(tmp_path / "b.tar.gz", large),
    ):
        with pytest.raises(Refused, match=r"losses\.ipynb has more than 33,554,432 bytes: clear its outputs"):
            collect(path)
    names = list(BY_TOPIC)[: MAX_UNPACKED // MAX_NOTEBOOK + 1]
    many = {f"{name}.ipynb": b" " * MAX_NOTEBOOK for name in names}
    with pytest.raises(Refused, match="more than 67,108,864 bytes in all"):
        collect(write_zip(tmp_path / "many.zip", many))


def test_nothing_handed_in_is_nothing(tmp_path):
    (tmp_path / "empty").mkdir()
    assert collect(tmp_path / "empty") == {}
    assert collect(write_zip(tmp_path / "a.zip", {})) == {}
    assert collect(write_folder(tmp_path / "other", {"essay.txt": b"", "data/table.csv": b""})) == {}


@pytest.mark.parametrize("beside", ["notes.txt", "__pycache__/losses.pyc", "figures.pdf"])
def test_the_one_folder_may_have_other_files_beside_it(tmp_path, beside):
    files = {**{f"kata-main/exercises/{name}": content for name, content in FILES.items()}, beside: b""}
    assert collect(write_folder(tmp_path / "a", files)) == FILES
    assert collect(write_zip(tmp_path / "a.zip", files)) == FILES


@pytest.mark.parametrize(
    "names",
    [
        ("home/ann/kata/exercises/03_losses/losses.ipynb",),
        ("home/ann/kata/exercises/03_losses/Losses (1).PY", "notes.txt"),
    ],
)
def test_an_answer_in_a_place_that_is_not_read_is_no_zero(tmp_path, names):
    files = dict.fromkeys(names, b"x = 1\n")
    for path in (write_folder(tmp_path / "a", files), write_zip(tmp_path / "a.zip", files)):
        with pytest.raises(Refused, match="is not where an exercise's file is looked for") as refused:
            collect(path)
        assert names[0] in str(refused.value)


@pytest.mark.parametrize(
    "name", ["../losses.py", "a/../../losses.py", "/etc/losses.py", "C:/losses.py", "..\\losses.py"]
)
def test_paths_that_lead_outside_are_refused_by_name(tmp_path, name):
    for path in (write_zip(tmp_path / "a.zip", {name: b""}), write_tar(tmp_path / "a.tar.gz", {name: b""})):
        with pytest.raises(Refused, match=r"losses\.py"):
            collect(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_archives_are_refused_by_name(tmp_path, kind):
    member = tarfile.TarInfo("sub/linked")
    member.type, member.linkname = kind, "/etc/passwd"
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(member)
    with pytest.raises(Refused, match="sub/linked in it is a link or a device"):
        collect(tmp_path / "a.tar")


def test_links_in_a_zip_are_refused_by_name(tmp_path):
    member = zipfile.ZipInfo("losses.py")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    write_zip(tmp_path / "a.zip", {member: b"/etc/passwd"})
    with pytest.raises(Refused, match=r"losses\.py in it is a link"):
        collect(tmp_path / "a.zip")


def test_links_in_folders_are_refused_by_name(tmp_path):
    secret = write_folder(tmp_path / "secret", {"losses.py": b"secret"})
    for place in ("losses.py", "03_losses"):
        folder = tmp_path / f"with {place}"
        folder.mkdir()
        (folder / place).symlink_to(secret / "losses.py" if place.endswith("py") else secret)
        with pytest.raises(Refused, match=rf"{place}.* is, or leads through, a link"):
            collect(folder)
    (tmp_path / "link").symlink_to(secret)
    with pytest.raises(Refused, match="it is a link"):
        collect(tmp_path / "link")


def test_a_pipe_in_the_place_of_a_file_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "losses.py")
    with pytest.raises(Refused, match=r"losses\.py is no regular file"):
        collect(tmp_path)


def test_too_much_is_refused(tmp_path):
    large = {"losses.py": b"#" * (MAX_FILE + 1)}
    paths = [
        write_folder(tmp_path / "a", large),
        write_zip(tmp_path / "a.zip", large),
        write_tar(tmp_path / "a.tar", large, "w"),
    ]
    for path in paths:
        with pytest.raises(Refused, match=r"losses\.py has more than"):
            collect(path)
    bomb = write_tar(tmp_path / "bomb.tar.gz", {"zeros": bytes(2**28)})
    assert bomb.stat().st_size < 2**20
    with pytest.raises(Refused, match="unpacks to more than"):
        collect(bomb)
    many = write_zip(tmp_path / "many.zip", {f"{number}.txt": b"" for number in range(20_001)})
    with pytest.raises(Refused, match="more than 20,000 files"):
        collect(many)
    same = write_zip(tmp_path / "same.zip", {f"{number}/losses.py": b"" for number in range(400)})
    with pytest.raises(Refused, match="more than 300 files"):
        collect(same)


def zip_of_two_lengths(path, name, number):
    """A zip that says it has one file and a directory of 100 bytes, and then, as one of 4 GB would, the truth."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    size = number * len(entry)
    path.write_bytes(
        entry * number
        + struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, number, number, size, 0)
        + struct.pack("<4sLQL", b"PK\6\7", 0, size, 1)
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 100, 0, 0)
    )
    return path


@pytest.mark.parametrize(("length", "number"), [(60_000, 200), (10, 20_001)])
def test_a_zip_that_says_less_of_itself_than_it_holds_is_refused(tmp_path, length, number):
    path = zip_of_two_lengths(tmp_path / "a.zip", b"a" * length, number)
    with zipfile.ZipFile(path) as archive:  # which believes what is larger
        assert len(archive.infolist()) == number
    with pytest.raises(Refused, match="more than 20,000 files"):
        collect(path)


TELLING = {"long name": tarfile.GNUTYPE_LONGNAME, "notes": tarfile.XHDTYPE, "notes on all": tarfile.XGLTYPE}


@pytest.mark.parametrize("kind", TELLING.values(), ids=TELLING)
@pytest.mark.parametrize(("size", "number"), [(MAX_TOLD + 512, 1), (MAX_TOLD, 17)])
def test_what_a_tar_says_of_its_files_is_not_read_without_end(tmp_path, kind, size, number):
    # All at once, as characters of four bytes each, and again for each file.
    note = tarfile.TarInfo("note")
    note.type, note.size = kind, size
    content = b"%d comment=" % size if kind != tarfile.GNUTYPE_LONGNAME else b""
    told = note.tobuf(tarfile.USTAR_FORMAT) + content + b"a" * (size - len(content) - 1) + b"\n"
    files = b"".join(told + tarfile.TarInfo(f"{each}").tobuf(tarfile.USTAR_FORMAT) for each in range(number))
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(files + bytes(1024), 1))
    with pytest.raises(Refused, match="names and notes have more than 1,048,576 bytes"):
        collect(tmp_path / "a.tar.gz")


@pytest.mark.parametrize(
    "kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.REGTYPE], ids=["note", "name", "file"]
)
@pytest.mark.parametrize("size", [-1, -(2**62), -(2**80), 2**62, 2**80])
def test_sizes_that_no_file_has_are_refused(tmp_path, kind, size):
    told = tarfile.TarInfo("losses.py")
    told.type, told.size = kind, size
    (tmp_path / "a.tar").write_bytes(told.tobuf(tarfile.GNU_FORMAT) + bytes(2048))
    with pytest.raises(Refused):
        collect(tmp_path / "a.tar")


def test_a_size_in_a_note_is_no_reason_to_read_on_for_ever(tmp_path):
    for size in (2**62, -(2**62)):
        told = tarfile.TarInfo("losses.py")
        told.pax_headers = {"size": str(size)}
        (tmp_path / "a.tar").write_bytes(told.tobuf(tarfile.PAX_FORMAT) + bytes(2048))
        with pytest.raises(Refused):
            collect(tmp_path / "a.tar")


def test_names_that_look_the_same_are_told_apart(tmp_path):
    for code in (None, 0x3164, 0x115F, 0x2800, 0x34F, 0xFFA0):  # letters and signs with nothing to see
        (tmp_path / f"alice{chr(code) if code else ''}").mkdir()
    found = {one.name for one in find_submissions(tmp_path)}
    assert found == {"alice", *(f"alice\\u{code}" for code in ("3164", "115f", "2800", "034f", "ffa0"))}


def test_of_a_file_with_holes_the_list_of_its_parts_is_not_read(tmp_path):
    header = tarfile.TarInfo("losses.py")
    header.type = tarfile.GNUTYPE_SPARSE
    start = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    start[482] = 1  # the list goes on in further blocks
    start[148:156] = b"%06o\0 " % (sum(start) - sum(start[148:156]) + 8 * ord(" "))
    block = b"00000000001\0" * 42 + b"\1" + bytes(7)  # and on
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(bytes(start) + block * 40_000 + bytes(1024), 1))
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            collect(tmp_path / "a.tar.gz")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000  # a pair of numbers for each part: 50 MB


def test_files_as_long_as_they_may_be_do_not_fill_the_judges_memory(tmp_path):
    code = (
        "import resource, sys; from pathlib import Path; from kata.answers.reading import read_source\n"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "before, source = used(), read_source(Path(sys.argv[1]))\n"
        "assert not source.fault and len(source.tree.body) > 10_000\n"
        "print(used() - before)\n"
    )
    (tmp_path / "losses.py").write_text("a\n" * (min(MAX_FILE, MAX_CODE) // 2))
    command = [sys.executable, "-c", code, str(tmp_path / "losses.py")]
    megabytes = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert megabytes * len(BY_TOPIC) < 2000


def test_a_file_that_is_in_it_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("losses.py", "right")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("losses.py", "wrong")
    with pytest.raises(Refused, match=r"losses\.py is in it twice"):
        collect(tmp_path / "a.zip")


def test_damaged_archives_and_other_files_are_refused(tmp_path):
    whole = write_zip(tmp_path / "whole.zip", FILES).read_bytes()
    packed = write_tar(tmp_path / "whole.tar.gz", FILES).read_bytes()
    for name, content in {
        "a.zip": b"",
        "b.zip": whole[:-10],
        "c.zip": whole[:30] + b"\xff" * 40 + whole[70:],
        "d.zip": b"PK\5\6" + b"\xff" * 18,
        "a.tar.gz": b"junk",
        "b.tar.gz": packed[: len(packed) // 2],
        "a.tar": b"\xff" * 2000,
        "a.rar": b"Rar!",
        "thesis.pdf": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refused):
            collect(tmp_path / name)


def test_names_and_places_are_unique_and_safe(tmp_path):
    names = [
        "a\nb",
        "a\\nb",
        "=cmd",
        "Zoë",
        "A",
        "a",
        "grades.csv",
        "..a",
        "n" * 255,
        "\N{PARTY POPPER}",
        "a?b",
        "a*b",
    ]
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / ".hidden").mkdir()
    write_zip(tmp_path / "A.zip", {})
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    found = find_submissions(tmp_path)
    assert len(found) == len(names) + 1  # ..a begins with a dot: hidden
    assert len({one.name for one in found}) == len({one.place.casefold() for one in found}) == len(found)
    for one in found:
        assert one.name.isprintable()
        assert len(one.place.encode()) <= 130
        assert not set(one.place) & set('/\\\n:*?"<>|')
        assert one.place[0] not in "-."
    places = {one.name: one.place for one in found}
    assert places["Zoë"] == "Zoë"
    assert {"A", "A.zip"} <= set(places)
