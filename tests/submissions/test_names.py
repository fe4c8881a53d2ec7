"""Names in archives: which bytes are which characters, what parts folders, and what is a folder."""

import io
import zipfile

import pytest

from kata.submissions.names import decode, members_of, split_paths
from tests.submissions.packing import DOS_FOLDER, UNIX, UNIX_FOLDER, WINDOWS, raw_zip, unicode_field

# {code page: names, of which each list is one archive's}. Windows packs with the first one of each language.
NAMES = {
    "cp932": [
        ["ソフト"],
        ["能登", "能勢", "山田"],
        ["表"],
        ["課題"],
        ["佐藤　花子"],
        ["新しいフォルダー"],
        ["構成", "申請"],
    ],
    "gbk": [["作业"], ["王伟", "李娜"], ["张三"], ["新建文件夹"], ["欧阳修"], ["诸葛亮"], ["赵云", "孙悟空"]],
    "big5": [["功課"], ["陳大文"], ["林志明", "許功蓋"], ["黃怡君"], ["新增資料夾"]],
    "cp949": [["김민수"], ["이서연", "박지훈"], ["과제"], ["새 폴더"], ["숙제 1"]],
    "cp866": [["Петров"], ["Аня"], ["домашнее задание"], ["Ёлкина"], ["ДЗ"], ["Щукин", "Шевченко"]],
    "cp1251": [["Петров"], ["Аня"], ["Иванов Иван"], ["ДЗ"], ["Їжак Ірина"]],
    "cp850": [["Müller"], ["Zoë"], ["José García"], ["François"], ["Straße"], ["Übung"], ["Søren", "Ångström"]],
    "cp1252": [["Müller"], ["Zoë"], ["José García"], ["François"], ["Søren", "Ångström"]],
    "cp852": [["Wałęsa"], ["Dvořák"], ["Kovács Péter"]],
    "cp1250": [["Wałęsa"], ["Dvořák"], ["Łukasz Żółć"]],
    "cp737": [["Γιώργος"], ["Παπαδόπουλος"], ["Ασκήσεις"]],
    "cp1253": [["Γιώργος"], ["Παπαδόπουλος"]],
    "cp720": [["محمد علي"], ["فاطمة"]],
    "cp1256": [["محمد علي"], ["فاطمة"], ["واجب"]],
    "utf-8": [["作业"], ["Zoë"], ["김민수"], ["Аня"], ["محمد"], ["Γιώργος"], ["能登", "ann"]],
}


def members(archive):
    """[(path, whether it is a folder), ...] of a zip archive's bytes."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [(member.name, member.is_folder) for member in members_of(opened)]


@pytest.mark.parametrize("page", NAMES)
def test_names_are_read_as_they_were_written(page):
    for names in NAMES[page]:
        paths = [f"{name}/losses.py" for name in names]
        assert decode([path.encode(page) for path in paths]) == paths
        assert split_paths([path.encode(page) for path in paths]) == paths
        for made in (WINDOWS, UNIX):
            archive = raw_zip([(path.encode(page), b"x") for path in paths], made=made)
            assert members(archive) == [(path, False) for path in paths]


def test_accents_are_composed_and_what_has_none_stays():
    assert decode(["Zoe\u0308".encode(), b"ann", "각".encode()]) == ["Zoë", "ann", "각"]


def test_names_in_two_alphabets_of_one_archive():
    raw = ["Аня".encode(), "Петров".encode("cp866"), b"ann"]
    assert decode(raw) == ["Аня", "Петров", "ann"]
    # Bytes that by chance are UTF-8, among names that are not: all are of one code page.
    assert decode([name.encode("gbk") for name in ("联通", "作业", "王伟")]) == ["联通", "作业", "王伟"]


def test_bytes_of_no_alphabet_are_a_name_all_the_same():
    (name,) = decode([bytes(range(128, 256))])
    assert name
    assert "\ufffd" not in name


def test_a_flag_and_a_field_that_say_utf8():
    names = ["Zoë/losses.py", "作业/losses.py"]
    pairs = [(name.encode(), b"x") for name in names]
    files = [(name, False) for name in names]
    assert members(raw_zip(pairs, utf8=True)) == members(raw_zip(pairs, made=UNIX)) == files
    lost = [(f"{number}___/losses.py".encode(), b"x") for number in range(2)]
    true = unicode_field(lambda raw: names[int(raw[:1])])
    assert members(raw_zip(lost, made=UNIX, extra=true)) == files
    # A field of another name: somebody has renamed the file with a program that does not know the field.
    stale = raw_zip(lost, made=UNIX, extra=lambda name: unicode_field(lambda raw: "other.py")(name + b"x"))
    assert [name for name, _ in members(stale)] == ["0___/losses.py", "1___/losses.py"]


@pytest.mark.parametrize(
    ("names", "made", "paths"),
    [
        (["ann\\losses.py", "bo\\kata\\losses.py"], WINDOWS, ["ann/losses.py", "bo/kata/losses.py"]),
        (["ann\\losses.py"], UNIX, ["ann/losses.py"]),  # nothing else parts folders
        (["a\\b/losses.py", "c/losses.py"], UNIX, ["a\\b/losses.py", "c/losses.py"]),  # there it is a character
        (["a\\b/losses.py", "c/losses.py"], WINDOWS, ["a/b/losses.py", "c/losses.py"]),
        (["Zoë\\losses.py"], WINDOWS, ["Zoë/losses.py"]),
    ],
)
def test_a_backslash_parts_folders_where_it_can(names, made, paths):
    assert members(raw_zip([(name.encode(), b"x") for name in names], made=made)) == [(path, False) for path in paths]


def test_a_backslash_within_a_character_parts_nothing():
    for page, name in (("cp932", "能登"), ("cp932", "表"), ("cp932", "ソフト"), ("big5", "功課"), ("big5", "許功蓋")):
        assert b"\\" in name.encode(page)
        for made in (WINDOWS, UNIX):
            assert members(raw_zip([(f"{name}.zip".encode(page), b"x")], made=made)) == [(f"{name}.zip", False)]


def test_folders_however_they_are_marked():
    entries = {b"a/": 0, b"b\\": 0, b"c": DOS_FOLDER, b"d": UNIX_FOLDER, b"e\\f\\": DOS_FOLDER, b"g\\": DOS_FOLDER}
    archive = raw_zip([(name, b"") for name in entries], attributes=entries)
    assert members(archive) == [(name, True) for name in ("a", "b", "c", "d", "e/f", "g")]
    assert members(raw_zip([(b"empty.py", b""), (b"a/b.py", b"x")])) == [("empty.py", False), ("a/b.py", False)]
    assert members(raw_zip([("表".encode("cp932"), b"")])) == [("表", False)]
