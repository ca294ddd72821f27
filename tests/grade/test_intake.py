"""What the TA names becomes one row a student; what a student hands in is a notebook or a clear sentence."""

import codecs
import json
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.grade import intake
from fairmark.grade.intake import SourceError, file_stem, find_submissions, open_hand_in
from fairmark.grade.notebook import parse_notebook
from fairmark.grade.submission import BadSubmission, Submission
from tests.grade.notebooks import NOTEBOOK, WHOLE


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(NOTEBOOK)
    return folder


def make_zip(path: Path, *names: str, **members: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, b"" if name.endswith("/") else NOTEBOOK)
        for name, data in members.items():
            made.writestr(name, data)
    return path


def students(*sources: Path) -> list[str]:
    return [submission.student for submission in find_submissions(sources)]


# Finding


def test_a_folder_of_notebooks_and_zips(tmp_path: Path) -> None:
    fill(tmp_path, "bob.ipynb", "Ada.IPYNB", "eve/hw1.ipynb", "mallory.txt", "noext", "x.ipynb.txt")
    fill(tmp_path, ".hidden.ipynb", ".DS_Store", "Thumbs.db", "grades.csv", "__MACOSX/a.ipynb", "photo.png")
    fill(tmp_path, ".ipynb_checkpoints/bob-checkpoint.ipynb")
    make_zip(tmp_path / "carol.zip", "hw1.ipynb")
    (tmp_path / "dan").mkdir()
    found = find_submissions([tmp_path])
    assert [s.student for s in found] == ["Ada", "bob", "carol", "dan", "eve", "mallory", "noext", "x"]
    assert [s.name for s in found][:2] == ["Ada.IPYNB", "bob.ipynb"]
    assert all(s.container is None and s.path == tmp_path / s.name for s in found)


def test_canvas_names_in_a_class_zip(tmp_path: Path) -> None:
    path = make_zip(
        tmp_path / "submissions.zip",
        "lovelaceada_12345_67890_hw1.ipynb",
        "babbagecharles_LATE_12346_67891_hw1-2.ipynb",
        "smithjo_777_10001_hw1.ipynb",
        "smithjo_888_10002_hw1.ipynb",
        "smithjo_888_10003_hw1-1.ipynb",
        "noethere_999_10004_hw01_2024_01_02T03_04_05_123456.zip",
        "turingalan_555_10005_essay.pages",
        "lovelaceada_12345_67899_photo.png",
    )
    found = find_submissions([path])
    assert [s.student for s in found] == [
        *("babbagecharles", "lovelaceada", "noethere"),
        *("smithjo-777", "smithjo-888", "smithjo-888-2", "turingalan"),
    ]
    assert {s.container for s in found} == {path}
    assert found[1].path == Path(found[1].name) == Path("lovelaceada_12345_67890_hw1.ipynb")
    assert open_hand_in(found[0]).notebook == NOTEBOOK


@pytest.mark.parametrize("name", ["hw01_2024_01_02T03_04_05_123456", "cs_101_2024_alice", "hw_1_2"])
def test_other_numbers_in_a_name_are_not_canvas(tmp_path: Path, name: str) -> None:
    assert students(fill(tmp_path, f"{name}.ipynb")) == [name]


def test_a_class_zip_of_folders_and_zips(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "inner.zip", "hw1/hw1.ipynb").read_bytes()
    moodle = make_zip(tmp_path / "moodle.zip", "deep.ipynb").read_bytes()
    path = make_zip(
        tmp_path / "class.zip", "ada/hw1.ipynb", "bob/hw1.ipynb", "bob/b.ipynb", "dan/", "__MACOSX/._x",
        **{"carol.zip": inner, "ada/helper.py": b"x", "eve/eve.zip": moodle},
    )  # fmt: skip
    found = {s.student: s for s in find_submissions([path])}
    assert list(found) == ["ada", "bob", "carol", "dan", "eve"]
    assert open_hand_in(found["ada"]).files == {"helper.py": b"x"}
    assert open_hand_in(found["ada"]).note is None
    assert open_hand_in(found["carol"]).note == "the notebook was inside the folder 'hw1/' of the zip"
    assert open_hand_in(found["eve"]).notebook == NOTEBOOK
    for student, complaint in (("bob", "two notebooks"), ("dan", "no notebook")):
        with pytest.raises(BadSubmission, match=complaint):
            open_hand_in(found[student])


def test_a_class_zip_that_holds_one_folder_with_all(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "class.zip", "hw1/", "hw1/ada.ipynb", "hw1/bob.ipynb", "hw1/dan/")
    found = find_submissions([path])
    assert [(s.student, s.name) for s in found] == [
        ("ada", "hw1/ada.ipynb"),
        ("bob", "hw1/bob.ipynb"),
        ("dan", "hw1/dan"),
    ]
    assert open_hand_in(found[0]).note is None


def test_one_bad_student_in_a_class_zip_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("ada.ipynb", NOTEBOOK)
        made.writestr("bob/hw1.ipynb", NOTEBOOK)
        made.writestr("bob/zeros", bytes(20_000_000))
        made.writestr("carol.zip", b"no zip")
    ada, bob, carol = find_submissions([path])
    assert open_hand_in(ada).notebook == NOTEBOOK
    with pytest.raises(BadSubmission, match="200 times"):
        open_hand_in(bob)
    with pytest.raises(BadSubmission, match="cannot be read as a zip"):
        open_hand_in(carol)


@pytest.mark.parametrize(
    "members",
    [
        ["hw1.ipynb"],
        ["hw1/hw1.ipynb", "hw1/helper.py", "__MACOSX/hw1/._hw1.ipynb"],
        ["hw1.ipynb", "data/words.txt", "helper.py"],
        ["a.ipynb", "b.ipynb", "__zip_filename__"],
    ],
)
def test_a_zip_that_is_one_hand_in(tmp_path: Path, members: list[str]) -> None:
    path = make_zip(tmp_path / "hw01_2024_01_02T03_04_05_123456.zip", *members)
    (only,) = find_submissions([path])
    assert only == Submission(path.stem, path.name, path)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (["a_123_45678_hw1.ipynb"], ["a"]),
        (["a.ipynb", "b.zip"], ["a", "b"]),
        (["ada/hw1.ipynb", "bob/hw1.pdf"], ["ada", "bob"]),
        (["a.zip", "b.zip"], ["a", "b"]),
    ],
)
def test_a_zip_that_is_a_class(tmp_path: Path, members: list[str], expected: list[str]) -> None:
    assert students(make_zip(tmp_path / "class.zip", *members)) == expected


def test_a_refused_zip_is_one_row(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "ada.zip", "a.ipynb", "b.ipynb", "../c.ipynb")
    (only,) = find_submissions([path])
    with pytest.raises(BadSubmission, match="leads out of the zip"):
        open_hand_in(only)
    (tmp_path / "bob.zip").write_bytes(b"")
    assert students(tmp_path / "bob.zip") == ["bob"]


def test_several_sources(tmp_path: Path) -> None:
    fill(tmp_path, "a/hw1.ipynb", "b/hw1.ipynb", "hw1.ipynb")
    make_zip(tmp_path / "c.zip", "x.ipynb", "HW1.ipynb")
    sources = [
        tmp_path / "hw1.ipynb",
        tmp_path / "b",
        tmp_path / "a",
        tmp_path / "c.zip",
        tmp_path / "a/hw1.ipynb",
    ]
    found = find_submissions(sources)
    assert [(s.student, s.name) for s in found] == [
        ("hw1", "a/hw1.ipynb"),
        ("hw1-2", "b/hw1.ipynb"),
        ("HW1-3", "c.zip/HW1.ipynb"),
        ("x", "c.zip/x.ipynb"),
        ("hw1-4", "hw1.ipynb"),
    ]
    assert find_submissions(sources[::-1]) == found


def test_a_made_name_never_takes_a_real_one(tmp_path: Path) -> None:
    fill(tmp_path, "hw1.ipynb", "hw1.txt", "hw1-2.ipynb", "points-possible.ipynb")
    found = {s.name: s.student for s in find_submissions([tmp_path])}
    assert found == {
        "hw1.ipynb": "hw1",
        "hw1.txt": "hw1-3",
        "hw1-2.ipynb": "hw1-2",
        "points-possible.ipynb": "points-possible-2",
    }


def test_weird_names(tmp_path: Path) -> None:
    long = "ü" * 120 + "xxxxxxxxx"  # with its ending 255 bytes: all a disk takes
    fill(
        tmp_path,
        "a\nb.ipynb",
        "c, d.ipynb",
        "e🎉.ipynb",
        f"{long}.ipynb",
        "  .ipynb",
        "u\u0308.ipynb",
        "\tü.ipynb",
    )
    found = find_submissions([tmp_path])
    assert {s.student for s in found} == {"a b", "c, d", "e🎉", "ü" * 120, "student", "ü", "ü-2"}
    assert all(open_hand_in(s).notebook == NOTEBOOK and "\n" not in s.name for s in found)


def test_names_that_are_not_text(tmp_path: Path) -> None:
    try:
        (tmp_path / "a\udcff.ipynb").write_bytes(NOTEBOOK)
    except OSError:
        pytest.skip("this file system takes only text")
    (only,) = find_submissions([tmp_path])
    assert only.student == "a?"
    assert open_hand_in(only).notebook == NOTEBOOK


@pytest.mark.parametrize("name", ["missing", "empty", "grades.csv", "empty.zip"])
def test_a_source_without_submissions(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "grades.csv").touch()
    make_zip(tmp_path / "empty.zip")
    with pytest.raises(SourceError, match=name) as caught:
        find_submissions([tmp_path / name])
    assert "\n" not in str(caught.value)


def test_no_source_at_all() -> None:
    with pytest.raises(SourceError, match="No submissions"):
        find_submissions([])


@given(st.lists(st.tuples(st.sampled_from(["a", "A", "a-2", "a-77", "ä", "a\u0308", "ß", "SS"]), st.booleans())))
def test_students_differ_in_every_case(bases: list[tuple[str, bool]]) -> None:
    found = [intake._Found(Path(), None, "", base, "77" if canvas else None) for base, canvas in bases]
    names = intake._unique_names(found)
    assert len({unicodedata.normalize("NFD", name).casefold() for name in names}) == len(names)


@given(st.text(max_size=300))
def test_a_student_always_has_a_name(base: str) -> None:
    name = intake._student_name(base)
    assert 0 < len(name) <= 120
    assert name == name.strip()
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in name)


# File stems


@pytest.mark.parametrize("student", ["ada", "Ada.L-2_x", "Zoë", "李明", "x" * 100])
def test_a_plain_name_is_its_own_stem(student: str) -> None:
    assert file_stem(student) == student


@pytest.mark.parametrize(
    "student", ["", ".", "..", "CON", "nul.txt", "a/b", "a\\b", "a\nb", "e🎉", "x.", "x" * 101, "ü" * 60]
)
def test_any_other_name_is_made_safe_and_marked(student: str) -> None:
    stem = file_stem(student)
    assert stem != student
    assert len(stem.encode()) <= 100
    assert stem.upper().split(".")[0] not in ("CON", "NUL")


names = st.one_of(st.text(), st.text(alphabet="ab./\\ _-", max_size=4), st.text(min_size=90, max_size=130))


@given(names, names)
def test_stems_are_safe_and_never_shared(one: str, other: str) -> None:
    stem = file_stem(one)
    assert stem
    assert stem[0] != "."
    assert stem[-1] != "."
    assert len(stem.encode()) <= 100
    assert all(c.isalpha() or c in "0123456789._-" for c in stem)
    assert unicodedata.normalize("NFC", stem) == stem
    assert (stem == file_stem(other)) == (one == other)
    assert file_stem(stem) == stem or stem != one  # nobody can be named like another's changed stem


# Reading the notebook


def test_the_students_own_bytes_without_the_byte_order_mark(tmp_path: Path) -> None:
    data = b"\n " + WHOLE + b"\n"
    (tmp_path / "hw1.ipynb").write_bytes(codecs.BOM_UTF8 + data)
    (only,) = find_submissions([tmp_path])
    hand_in = open_hand_in(only)
    assert hand_in.notebook == data
    assert (hand_in.files, hand_in.note) == ({}, None)


def parsed(submission: Submission) -> nbformat.NotebookNode:
    hand_in = open_hand_in(submission)
    return parse_notebook(hand_in.notebook, hand_in.where)


def test_a_notebook_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hw1.ipynb").write_bytes(WHOLE)
    (only,) = find_submissions([tmp_path])
    texts, loads = [], json.loads

    def read(text: str, **named: Any) -> Any:
        texts.append(text)
        return loads(text, **named)

    monkeypatch.setattr(json, "loads", read)
    assert parsed(only).cells[0].source == "x = 'é'"
    assert texts.count(WHOLE.decode()) == 1


def test_the_sentence_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "hw1.ipynb").touch()
    (tmp_path / "hw2.pdf").touch()
    (tmp_path / "hw3.ipynb").write_bytes(WHOLE[:50])
    sentences = []
    for submission in find_submissions([tmp_path]):
        with pytest.raises(BadSubmission) as caught:
            parsed(submission)
        sentences.append(str(caught.value))
    assert sentences == [
        "'hw1.ipynb' is empty: save the notebook and hand it in again.",
        "'hw2.pdf' is not a notebook: hand in the .ipynb file.",
        "'hw3.ipynb' is truncated (its end is missing): save the notebook and upload the whole file again.",
    ]


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(BadSubmission, match=r"'x.ipynb' cannot be read"):
        open_hand_in(Submission("x", "x.ipynb", tmp_path / "x.ipynb"))
