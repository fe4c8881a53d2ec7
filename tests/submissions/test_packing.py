"""The same right work, packed in every way that people and programs pack it: the same points, under the same name."""

import csv
import json
import os
import subprocess
import sys
import tarfile
import unicodedata

import pytest

from kata.submissions.downloads import unpack
from kata.submissions.files import Refused
from kata.syllabus import BY_TOPIC, ROOT
from tests.submissions.packing import (
    DOS_FOLDER,
    UNIX,
    UNIX_FOLDER,
    WINDOWS,
    found,
    lay_out_class,
    raw_tar,
    raw_zip,
    unicode_field,
)
from tests.submissions.test_layouts import unwritten
from tests.support import needs_sandbox, notebook_of, solution

RIGHT, STUB = solution("activations").encode(), BY_TOPIC["activations"].stub.read_bytes()
LOSSES_STUB = BY_TOPIC["losses"].stub.read_bytes()
NOTEBOOK = notebook_of(RIGHT.decode()).encode()
FILE = "activations.py"
# {how Windows writes a language: (somebody's name, a folder's name)}
ALPHABETS = {
    "cp850": ("Zoë Müller", "Übung für Jörg"),
    "cp866": ("Пётр Щукин", "домашнее задание"),
    "cp737": ("Γιώργος Παπαδόπουλος", "Ασκήσεις"),
    "gbk": ("王伟", "新建文件夹"),
    "big5": ("許功蓋", "作業一"),
    "cp932": ("能登 太郎", "ソフト"),
    "cp949": ("김민수", "새 폴더"),
    "cp720": ("محمد علي", "محمد"),
}


def nfd(text):
    return unicodedata.normalize("NFD", text)


def clone(stub=STUB, **files):
    """A whole clone of the kata, as far as it matters here, with what git and editors leave in it."""
    ours = {"README.md": b"", "kata/__init__.py": b"", "tests/conftest.py": b"", ".git/HEAD": b"ref: main"}
    ours |= {"solutions/02_activations/activations.py": RIGHT, "exercises/03_losses/losses.py": LOSSES_STUB}
    ours |= {"exercises/02_activations/activations.py": stub, "exercises/02_activations/test_activations.py": b"x"}
    return ours | {"__pycache__/conftest.pyc": b"", ".venv/lib/activations.py": STUB, **files}


def inside(folder, files):
    return {f"{folder}/{name}": content for name, content in files.items()}


def zipped(files, page="utf-8", **how):
    return raw_zip([(name.encode(page), content) for name, content in files.items()], **how)


def explorer(files, page):
    return zipped(files, page, made=WINDOWS)


def finder(files):
    """macOS: UTF-8 without a flag, accents apart, and a shadow of each file."""
    shadows = {f"__MACOSX/{name.rpartition('/')[0]}/._{name.rpartition('/')[2]}": b"\0\5\26\7" for name in files}
    return zipped({nfd(name): content for name, content in (files | shadows).items()}, made=UNIX)


def powershell(files):
    """Compress-Archive of Windows PowerShell 5.1: backslashes, and an entry for each folder."""
    folders = {name[: place + 1]: b"" for name in files for place, char in enumerate(name) if char == "/"}
    named = {name.replace("/", "\\"): content for name, content in (folders | files).items()}
    return zipped(named, utf8=not all(map(str.isascii, named)), made=WINDOWS)


def seven_zip(files, page):
    """7-Zip on Windows: the code page where that has all characters; folders are marked, and have no slash."""
    folders = {name.partition("/")[0].encode(page): DOS_FOLDER for name in files if "/" in name}
    pairs = [(name, b"") for name in folders] + [(name.encode(page), content) for name, content in files.items()]
    return raw_zip(pairs, made=WINDOWS, attributes=folders)


def info_zip(files):
    """zip on Linux: names that are no ASCII stand in a field of their own."""
    names = {f"{number}_".encode(): name for number, name in enumerate(files)}
    return raw_zip(list(zip(names, files.values(), strict=True)), made=UNIX, extra=unicode_field(names.__getitem__))


def unix_folders(files):
    folders = {f"{name.partition('/')[0]}/".encode(): UNIX_FOLDER for name in files}
    pairs = [(name, b"") for name in folders] + [(name.encode(), content) for name, content in files.items()]
    return raw_zip(pairs, utf8=True, made=UNIX, attributes=folders)


def ways():
    """{label: function of a name that returns what lies in the class's folder}, of single submissions."""
    found = {}
    for page, (_, folder) in ALPHABETS.items():
        work = {f"{folder}/{FILE}": RIGHT}
        found |= {
            f"Explorer {page}": lambda who, work=work, page=page: {f"{who}.zip": explorer(work, page)},
            f"7-Zip {page}": lambda who, work=work, page=page: {f"{who}.zip": seven_zip(work, page)},
            f"Finder {page}": lambda who, work=work: {f"{nfd(who)}.zip": finder(work)},
            f"PowerShell {page}": lambda who, work=work: {f"{who}.zip": powershell(work)},
            f"Info-ZIP {page}": lambda who, work=work: {f"{who}.zip": info_zip(work)},
            f"tar {page}": lambda who, work=work, page=page: {f"{who}.tar.gz": raw_tar(work, encoding=page)},
            f"folder {page}": lambda who, work=work: inside(nfd(who), {nfd(name): work[name] for name in work}),
        }
    plain, deep = {FILE: RIGHT}, {f"hw/02_activations/{FILE}": RIGHT}
    found |= {
        "a folder": lambda who: inside(who, plain),
        "a folder with the exercise's": lambda who: inside(who, {f"02_activations/{FILE}": RIGHT}),
        "a clone": lambda who: inside(who, clone(RIGHT)),
        "a clone in a folder": lambda who: inside(who, inside("multilabel-kata", clone(RIGHT))),
        "GitHub's zip": lambda who: {f"{who}.zip": unix_folders(inside("multilabel-kata-main", clone(RIGHT)))},
        "GitHub's zip, unpacked by Windows": lambda who: inside(who, inside("k-main/k-main", clone(RIGHT))),
        "a clone with the work on top": lambda who: inside(who, clone(**{FILE: RIGHT})),
        "a clone with the work in a folder": lambda who: inside(who, clone(**{f"my work/{FILE}": RIGHT})),
        "a folder beside data": lambda who: inside(who, {"data/a.csv": b"", f"kata/{FILE}": RIGHT}),
        "a file of its own name beside data": lambda who: inside(who, {"a.csv": b"", "hw/mine.py": RIGHT}),
        "a zip beside data": lambda who: {f"{who}.zip": zipped({"data/a.csv": b"", f"kata/{FILE}": RIGHT})},
        "a zip in a zip": lambda who: {f"{who}.zip": zipped({"hand-in.zip": finder(deep)})},
        "a zip in a folder": lambda who: inside(who, {"hand-in.zip": powershell(deep), "desktop.ini": b""}),
        "a tar": lambda who: {f"{who}.tar": raw_tar(deep, "w:")},
        "a tar with pax headers": lambda who: {f"{who}.tgz": raw_tar(deep, how=tarfile.PAX_FORMAT)},
        "a tar with folders": lambda who: {f"{who}.tar.bz2": raw_tar({"hw/": b"", f"hw/{FILE}": RIGHT}, "w:bz2")},
        "a tar from this folder": lambda who: {f"{who}.tar.gz": raw_tar({"./": b"", f"./{FILE}": RIGHT})},
        "a file": lambda who: {f"{who}_{FILE}": RIGHT},
        "a file with a name of its own": lambda who: {f"{who}.py": RIGHT},
        "a notebook": lambda who: inside(who, {"activations.ipynb": NOTEBOOK}),
        "a notebook beside the stub": lambda who: inside(who, {"activations.ipynb": NOTEBOOK, FILE: STUB}),
        "a module beside its notebook": lambda who: inside(who, {"activations.ipynb": NOTEBOOK, FILE: RIGHT}),
        "a module beside an empty notebook": lambda who: inside(
            who, {"activations.ipynb": unwritten("activations"), FILE: RIGHT}
        ),
        "an empty module beside it": lambda who: inside(who, {"activations.ipynb": NOTEBOOK, FILE: b""}),
        "Moodle's folder": lambda who: inside(f"{who}_1{sum(who.encode())}_assignsubmission_file_", plain),
        "Moodle's file": lambda who: {f"{who}_2{sum(who.encode())}_assignsubmission_file_{FILE}": RIGHT},
        "Moodle's zip": lambda who: {f"{who}_3{sum(who.encode())}_assignsubmission_file_hw.zip": finder(deep)},
        "Moodle's zip in a folder": lambda who: {f"{who}_4_assignsubmission_file_/a.zip": zipped(deep)},
    }  # fmt: skip
    return found


WAYS = ways()
# How systems, browsers and people name a file.
NAMES = (
    *("activations.py.txt", "activations.PY", "Activations.py", "ACTIVATIONS.PY", "activations (1).py"),
    *(
        "activations(2).py",
        "activations - Copy.py",
        "activations_final.py",
        "activations-2.py",
        "activations copy.py",
    ),
    *("Kopie von activations.py", "activations - Kopie.py", "Copie de activations.py", "Copy of activations.py"),
    *(" activations.py", "activations .py", "02_activations.py", "activations.py.TXT", "activations (1).py.txt"),
    *("activations copy 2.py", "activations_v2.py", "activations - копия.py", "activations - コピー.py"),
    *("activations - 副本.py", "activations.py.py", "activations (copia).py", "02 - Activations (final) (3).py"),
    *("activations.ipynb.txt", "activations.ipynb.json", "Activations.IPYNB", "activations (1).ipynb"),
)
UNDERSCORES = (
    "label-encoders.py",
    "label encoders.py",
    "LabelEncoders.py",
    "Label_Encoders.py",
    "01 label encoders.py",
)


def class_of(folder):
    """Make a class in which everybody packs in another way; returns {name: the way}."""
    people, expected = [who for who, _ in ALPHABETS.values()], {}
    for number, (label, way) in enumerate(WAYS.items()):
        who = f"{people[number % len(people)]} {chr(65 + number % 26)}{chr(65 + number // 26)}"
        expected[who] = label
        lay_out_class(folder, way(who))
    return expected


def test_everybody_is_found_and_all_work_counts(tmp_path):
    expected = class_of(tmp_path)
    assert len(expected) >= 60
    seen = found(tmp_path)
    assert set(seen) == set(expected)
    for who, (files, _) in seen.items():
        work = {name: content for name, content in files.items() if name.startswith("activations.")}
        assert list(work.values()) in ([RIGHT], [NOTEBOOK]), expected[who]


@pytest.mark.proof
@needs_sandbox
def test_all_of_them_get_the_same_points(tmp_path):
    expected = class_of(tmp_path / "class")
    command = [sys.executable, "-m", "kata", "grade", str(tmp_path / "class"), "--output", str(tmp_path / "marks")]
    done = subprocess.run([*command, "--exercises", "02"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    with open(tmp_path / "marks/grades.csv", encoding="utf-8", newline="") as file:
        marks = {row["submission"]: (row["points"], row["status"]) for row in csv.DictReader(file)}
    assert marks == dict.fromkeys(expected, ("8", "passed")), done.stdout


@needs_sandbox
def test_what_is_nobodys_choice_is_no_mark_and_what_was_chosen_is_told(tmp_path):
    other = RIGHT.replace(b"np.where", b"np.choose")
    files = {"ann/activations.ipynb": NOTEBOOK, f"ann/{FILE}": other}
    files |= {"bo/activations (1).ipynb": NOTEBOOK, f"bo/{FILE}": STUB, "cy/a.zip": zipped({FILE: RIGHT})}
    lay_out_class(tmp_path / "class", files | {f"cy/{FILE}": other, "Thumbs.db": b""})
    command = [sys.executable, "-m", "kata", "grade", str(tmp_path / "class"), "--output", str(tmp_path / "marks")]
    judged = []
    for _ in range(2):  # the second time nothing is judged again
        subprocess.run([*command, "--exercises", "02", "--csv", "moodle"], cwd=ROOT, check=True, capture_output=True)
        judged.append([(tmp_path / "marks" / who / "result.json").stat().st_mtime_ns for who in ("ann", "bo", "cy")])
    assert judged[0] == judged[1]
    results = json.loads((tmp_path / "marks/grades.json").read_text(encoding="utf-8"))["submissions"]
    unjudged = "could not be judged"
    assert [(result["points"], result["status"]) for result in results] == [
        (0, unjudged),
        (8, "passed"),
        (0, unjudged),
    ]
    assert results[0]["refused"].endswith("twice, and differs: in activations.py and in activations.ipynb")
    assert results[2]["refused"].endswith("twice, and differs: in activations.py and in a.zip/activations.py")
    assert results[1]["notes"] == [
        "activations (1).ipynb is taken for activations.ipynb",
        "activations.py is not read: nothing is written in it",
    ]
    assert [row.split(",")[1] for row in (tmp_path / "marks/grades-moodle.csv").read_text().splitlines()[1:]] == [
        "bo"
    ]


@pytest.mark.parametrize("place", ["{}", "02_activations/{}", "hw/{}", "exercises/02_activations/{}"])
def test_a_name_that_a_system_has_changed_counts_with_a_note(tmp_path, place):
    expected = {}
    for number, name in enumerate(NAMES):
        work, path = NOTEBOOK if "ipynb" in name.lower() else RIGHT, place.format(name)
        files = {f"a{number}/{path}": work, f"b{number}.zip": zipped({path: work}, utf8=True)}
        files |= {f"c{number}/{path}": work, f"c{number}/02_activations/activations.py": STUB}
        lay_out_class(tmp_path, files)
        file = "activations.ipynb" if work == NOTEBOOK else FILE
        expected |= {f"{who}{number}": ({file: work}, f"{path} is taken for {file}") for who in "abc"}
    seen = found(tmp_path)
    assert seen.keys() == expected.keys()
    for who, (files, note) in expected.items():
        assert seen[who][0] == files, note
        assert note in seen[who][1]


def test_capitals_and_signs_in_the_place_of_underscores(tmp_path):
    work = solution("label_encoders").encode()
    for number, name in enumerate(UNDERSCORES):
        lay_out_class(tmp_path, {f"a{number}/{name}": work, f"b{number}_Ann_1_assignsubmission_file_{name}": work})
    seen = found(tmp_path)
    for number, name in enumerate(UNDERSCORES):
        assert seen[f"a{number}"] == ({"label_encoders.py": work}, [f"{name} is taken for label_encoders.py"])


@pytest.mark.parametrize("name", ["test_activations.py", "plot_activations.py", "activations_old.py"])
def test_a_name_that_may_be_anything_never_takes_the_place_of_a_written_file(tmp_path, name):
    other = RIGHT.replace(b"np.where", b"np.choose")
    seen = found(lay_out_class(tmp_path, {f"ann/{FILE}": RIGHT, f"ann/{name}": other}))
    assert seen["ann"] == ({FILE: RIGHT}, [f"{name} is not read: beside it lies the file of 02_activations"])


def test_two_downloads_of_a_hand_in_in_one_folder(tmp_path):
    folder, file = "Ann_1_assignsubmission_file_/activations.py", "Ann_1_assignsubmission_file_activations.py"
    assert found(lay_out_class(tmp_path / "same", {folder: RIGHT, file: RIGHT}))["Ann"] == ({FILE: RIGHT}, [])
    assert found(lay_out_class(tmp_path / "stub", {folder: RIGHT, file: STUB}))["Ann"][0] == {FILE: RIGHT}
    with pytest.raises(
        Refused, match=r"activations\.py is there twice, and differs: in .* and in again/activations\.py"
    ):
        found(lay_out_class(tmp_path / "other", {folder: RIGHT, file: RIGHT.replace(b"np.where", b"np.choose")}))


@pytest.mark.parametrize(
    "names",
    [
        ("activations.docx",),
        ("activations.txt", "label_encoders.py"),
        ("rest.rar", "label_encoders.py"),
        ("a/b/c/d/e/activations.py", "label_encoders.py"),
        ("homework/week/3/a/b/mine.py",),
        ("homework/week 3/work.zip",),
        ("all.py", "label_encoders.py"),
        ("scan.pdf",),
    ],
)
def test_what_may_be_an_answer_and_is_not_read_is_named(tmp_path, names):
    """And where nothing else is there, it is no mark but a person's question; a scan alone may be anything."""
    both = RIGHT + solution("losses").encode()
    files = {f"ann/{name}": both if name == "all.py" else RIGHT for name in names}
    packed = zipped(inside("hw", {name: files[f"ann/{name}"] for name in names}))
    for folder in (lay_out_class(tmp_path / "a", files), lay_out_class(tmp_path / "b", {"ann.zip": packed})):
        try:
            said = "; ".join(found(folder)["ann"][1])
            assert "label_encoders.py" in names or names == ("scan.pdf",)
        except Refused as refused:
            said = str(refused)
        assert names[0] in said


CLASSES = {
    "Moodle's folders": lambda who: f"{who}_{{}}_assignsubmission_file_/hw.zip",
    "Moodle's files": lambda who: f"{who}_{{}}_assignsubmission_file_activations.py",
    "Gradescope's export": lambda who: f"assignment_7_export/{who}/activations.py",
    "by hand": lambda who: f"{who}/activations.py",
    "zips": lambda who: f"{who}.zip",
}


@pytest.mark.parametrize("layout", CLASSES)
@pytest.mark.parametrize("page", ALPHABETS)
def test_the_zip_of_a_class_whoever_packed_it(tmp_path, layout, page):
    (name, folder), files = ALPHABETS[page], {}
    people = [f"{name} {letter}" for letter in "ABC"]
    for number, who in enumerate(people):
        path = CLASSES[layout](who).format(100 + number)
        files[path] = explorer({f"{folder}/{FILE}": RIGHT}, page) if path.endswith(".zip") else RIGHT
    if "Gradescope" in layout:
        files["assignment_7_export/submission_metadata.yml"] = b""
    packed = {"explorer": explorer(files, page), "finder": finder(files), "powershell": powershell(files)}
    packed |= {"seven": seven_zip(files, page), "info": info_zip(files)}
    for program, content in packed.items():
        (tmp_path / f"{program}.zip").write_bytes(content)
        seen = found(unpack(tmp_path / f"{program}.zip", tmp_path / program))
        assert {who: files for who, (files, _) in seen.items()} == {who: {FILE: RIGHT} for who in people}, program


def test_folders_with_names_of_another_systems_bytes(tmp_path):
    for page in ("cp932", "gbk"):
        (tmp_path / page).mkdir()
        for name in ("能登", "山田") if page == "cp932" else ("王伟", "张三"):
            folder = tmp_path / page / os.fsdecode(name.encode(page))
            folder.mkdir()
            (folder / FILE).write_bytes(RIGHT)
    assert set(found(tmp_path / "cp932")) == {"能登", "山田"}
    assert set(found(tmp_path / "gbk")) == {"王伟", "张三"}


LEAVINGS = (
    *("desktop.ini", "Desktop.ini", "Thumbs.db", "ehthumbs.db", "~$notes.docx", ".DS_Store", "._ann", "__MACOSX/x"),
    *("submission_metadata.yml", "Icon\r", ".~lock.a.docx#", "a.lnk", "a.url", "a.zip.part", "a.zip.crdownload"),
    *(".git/HEAD", ".ipynb_checkpoints/a.ipynb", "__pycache__/a.pyc", "$RECYCLE.BIN/x", "a.py~", ".a.py.swp"),
    *("venv/lib/losses.py", ".venv/x", "lost+found/x"),
)


def test_what_systems_leave_is_nobodys(tmp_path):
    lay_out_class(tmp_path / "class", dict.fromkeys(LEAVINGS, b"x") | {f"ann/{FILE}": RIGHT})
    assert found(tmp_path / "class") == {"ann": ({FILE: RIGHT}, [])}
    everything = {f"ann/{name}": b"def sigmoid(x): ..." for name in LEAVINGS if "/" not in name}
    (tmp_path / "class.zip").write_bytes(
        zipped(everything | {f"ann/{FILE}": RIGHT, "desktop.ini": b"", "Icon\r": b""})
    )
    assert found(unpack(tmp_path / "class.zip", tmp_path / "again")) == {"ann": ({FILE: RIGHT}, [])}
    (tmp_path / "week.zip").write_bytes(zipped({f"week/{who}/{FILE}": RIGHT for who in "ab"} | {"Thumbs.db": b""}))
    assert set(found(unpack(tmp_path / "week.zip", tmp_path / "week"))) == {"a", "b"}


WORK = {FILE: RIGHT}
MISNAMED = {
    "a tar named .zip": ("a.zip", raw_tar(WORK, "w:")),
    "a tar.gz named .zip": ("a.zip", raw_tar(WORK)),
    "a zip named .tar.gz": ("a.tar.gz", zipped(WORK)),
    "a tar named .tar.gz": ("a.tar.gz", raw_tar(WORK, "w:")),
    "a tar.gz named .tar": ("a.tar", raw_tar(WORK)),
    "a tar.xz": ("a.tar.xz", raw_tar(WORK, "w:xz")),
    "a txz": ("a.txz", raw_tar(WORK, "w:xz")),
    "a tar.xz named .tar.gz": ("a.tar.gz", raw_tar(WORK, "w:xz")),
    "a tar.bz2 named .tgz": ("a.tgz", raw_tar(WORK, "w:bz2")),
    "a program that unpacks itself": ("a.zip", b"MZ" + bytes(500) + zipped(WORK)),
}
OTHERS = {
    "RAR": b"Rar!\x1a\x07\x01\0",
    "7-Zip": b"7z\xbc\xaf\x27\x1c",
    "web page": b"\n<!DOCTYPE html><html>",
    "PDF": b"%PDF-1.7",
}


@pytest.mark.parametrize(("name", "content"), MISNAMED.values(), ids=MISNAMED)
def test_what_an_archive_is_stands_in_it_and_not_in_its_name(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert found(tmp_path)["a"] == (WORK, [])


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("end", [".zip", ".tar.gz"])
def test_what_is_no_archive_that_is_read_is_called_by_its_name(tmp_path, kind, end):
    (tmp_path / f"a{end}").write_bytes(OTHERS[kind] + bytes(200))
    with pytest.raises(Refused, match=rf"a{end} is a {kind}.*: pack the files as a zip"):
        found(tmp_path)
    if end == ".zip":
        with pytest.raises(Refused, match=rf"a{end} is a {kind}"):
            unpack(tmp_path / "a.zip", tmp_path / "work")


def test_an_archive_with_a_password_says_so(tmp_path):
    content = bytearray(zipped(WORK))
    for head, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.find(head) + place] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(Refused, match=r"activations\.py is encrypted: pack it without a password"):
        found(tmp_path)


def test_an_xz_that_takes_much_memory_is_refused(tmp_path):
    import lzma

    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 2**30}]
    (tmp_path / "a.tar.xz").write_bytes(lzma.compress(raw_tar(WORK, "w:"), filters=filters))
    with pytest.raises(Refused, match="a damaged archive: Memory usage limit"):
        found(tmp_path)
    (tmp_path / "a.tar.xz").write_bytes(lzma.compress(raw_tar({"zeros": bytes(2**28)}, "w:"), preset=0))
    with pytest.raises(Refused, match="unpacks to more than"):
        found(tmp_path)
