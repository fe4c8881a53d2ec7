"""Whose files are whose in the downloads of other platforms, and where people put their names behind the topic."""

import pytest

from kata.submissions.layouts import find_submissions
from tests.submissions.packing import found, lay_out_class
from tests.submissions.test_layouts import zipped
from tests.support import solution

A, L = solution("activations").encode(), solution("label_encoders").encode()
OLD = A.replace(b"np.where", b"np.choose")
BOTH = {"activations.py": A, "label_encoders.py": L}


def test_a_download_of_blackboard(tmp_path):
    ann, bo = "HW 1_annlee_attempt_2024-01-15-10-30-00", "HW 1_bo_kim_attempt_2024-01-1{}-10-30-00"
    files = {f"{ann}_{name}": content for name, content in BOTH.items()} | {f"{ann}.txt": b"Name: Ann Lee (annlee)"}
    files |= {f"{bo.format(4)}_work.zip": zipped({"activations.py": OLD}), f"{bo.format(4)}.txt": b"x"}
    files |= {f"{bo.format(6)}_work.zip": zipped(BOTH), f"{bo.format(6)}.txt": b"x"}
    files |= {"HW 1_cy_attempt_2024-01-15-10-31-00_hw.py": A, "HW 1_cy_attempt_2024-01-15-10-31-00_01.py": L}
    files |= {"HW 1_di_attempt_2024-01-15-10-31-00.txt": b"def sigmoid(x): ..."}
    assert found(lay_out_class(tmp_path, files)) == {
        "annlee": (BOTH, []),
        "bo_kim": (BOTH, ["the newest of 2 hand-ins of activations.py"]),
        "cy": (BOTH, ["01.py is taken for label_encoders.py", "hw.py is taken for activations.py"]),
        "di": ({}, ["a text was typed into Blackboard: it is not judged, only files are"]),
    }


def test_names_in_blackboard_that_end_alike_are_two_students(tmp_path):
    when = "attempt_2024-01-15-10-30-00"
    files = {f"HW_1_ann_lee_{when}_activations.py": A, f"HW_1_bo_lee_{when}_activations.py": A}
    assert set(found(lay_out_class(tmp_path / "two", files))) == {"ann_lee", "bo_lee"}
    alone = {f"HW_1_annlee_{when}_activations.py": A}
    assert set(found(lay_out_class(tmp_path / "one", alone))) == {"annlee"}


@pytest.mark.parametrize("flat", [False, True])
def test_a_download_of_brightspace(tmp_path, flat):
    join = " - " if flat else "/"
    ann, bo = "12345-67 - Ann Lee - Jan 15, 2024 1030 AM", "12346-67 - Bo Kim- Jan {}, 2024 {} PM"
    other = "12399-67 - Ann Lee - 15 janvier, 2024 1030"
    files = {f"{ann}{join}{name}": content for name, content in BOTH.items()} | {"index.html": b"<html>"}
    files |= {f"{bo.format(9, 1130)}{join}activations.py": OLD, f"{bo.format(15, 1230)}{join}activations.py": A}
    files |= {f"{bo.format(9, 1130)}{join}label_encoders.py": L, f"{other}{join}activations.py": A}
    assert found(lay_out_class(tmp_path, files)) == {
        "Ann Lee (12345-67)": (BOTH, []),
        "Ann Lee (12399-67)": ({"activations.py": A}, []),
        "Bo Kim": (BOTH, ["the newest of 2 hand-ins of activations.py"]),
    }


def test_a_page_beside_other_hand_ins_is_told_of(tmp_path):
    lay_out_class(tmp_path, {"index.html": b"<html>", "ann/activations.py": A})
    assert {one.name for one in find_submissions(tmp_path)} == {"ann", "index.html"}


@pytest.mark.parametrize(
    ("names", "who"),
    [
        (("activations_Bo.py", "label_encoders_Bo.py"), "Bo"),
        (("activations-Bo Kim.py", "Label Encoders - Bo Kim.py"), "Bo Kim"),
        (("activations_Bo_final.py", "Bo_label_encoders.py"), "Bo"),
        (("02_activations_Bo.ipynb.txt", "01_label_encoders_Bo.py.txt"), "Bo"),
        (("activations_4711042.py", "label_encoders_4711042.py"), "4711042"),
        (("activations_Bo.zip", "label_encoders_Bo.tar.gz"), "Bo"),
        (("Bo_activations.zip", "Bo_label_encoders.zip"), "Bo"),
        (("activations_王伟.py", "label_encoders_王伟.py"), "王伟"),
    ],
)
def test_all_files_with_somebodys_name_are_one_hand_in(tmp_path, names, who):
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "cy_activations.py").write_bytes(b"x")
    assert sorted((one.name, len(one.parts)) for one in find_submissions(tmp_path)) == sorted([("cy", 1), (who, 2)])


def test_numbers_and_marks_of_versions_are_nobodys_names(tmp_path):
    names = ("activations_1", "activations_2", "activations (3)", "activations_final", "activations - Kopie")
    for name in names:
        (tmp_path / f"{name}.py").write_bytes(b"x")
    assert {one.name for one in find_submissions(tmp_path)} == set(names)
