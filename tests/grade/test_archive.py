"""Hostile and broken zips and folders: refused in one sentence, nothing written, little held in memory."""

import contextlib
import io
import json
import os
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from fairmark.grade import archive as archive_module
from fairmark.grade.archive import printable, quoted
from fairmark.grade.intake import open_hand_in
from fairmark.grade.submission import BadSubmission, HandIn, Submission

NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode()


def make_zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def opened(path: Path) -> HandIn:
    return open_hand_in(Submission("ada", path.name, path))


def refusal(path: Path) -> str:
    with pytest.raises(BadSubmission) as caught:
        opened(path)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 400
    return sentence


@pytest.mark.parametrize(
    "name",
    [
        "../evil.py",
        "a/../../evil.py",
        "/etc/evil",
        "C:\\evil.py",
        "c:evil.py",
        "..\\evil.py",
        "a\\..\\..\\evil",
        ".. /evil",
    ],
)
def test_a_path_that_leads_out_refuses_the_whole_zip(tmp_path: Path, name: str) -> None:
    work = tmp_path / "deep" / "work"
    work.mkdir(parents=True)
    path = make_zip(work / "hw1.zip", {"hw1.ipynb": NOTEBOOK, name: b"print('out')"})
    before = sorted(tmp_path.rglob("*"))
    assert "leads out of the zip" in refusal(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_backslashes_are_folders(tmp_path: Path) -> None:
    hand_in = opened(make_zip(tmp_path / "a.zip", {"hw\\hw1.ipynb": NOTEBOOK, "hw\\data\\x.txt": b"x"}))
    assert hand_in.files == {"data/x.txt": b"x"}


def test_a_bomb_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "zeros.bin": bytes(50_000_000)})
    tracemalloc.start()
    assert "more than 200 times" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def patched_size(path: Path, size: int) -> None:
    """Make the zip's table of contents state another unpacked size for its last member."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rfind(b"PK\x01\x02") + 24, size)
    path.write_bytes(data)


def test_a_member_that_claims_ten_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("hw1.ipynb", NOTEBOOK)
        with made.open("big.bin", "w", force_zip64=True) as member:
            member.write(b"small")
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"PK\x01\x02")
    name, extra = struct.unpack_from("<HH", data, entry + 28)
    sizes = struct.pack("<HHQ", 1, 8, 10_000_000_000)
    data[entry + 46 + name : entry + 46 + name + extra] = sizes
    struct.pack_into("<H", data, entry + 30, len(sizes))
    struct.pack_into("<L", data, entry + 24, 0xFFFFFFFF)
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<L", data, end + 12, end - data.find(b"PK\x01\x02"))
    path.write_bytes(data)
    with zipfile.ZipFile(path) as made:
        assert made.infolist()[1].file_size == 10_000_000_000
    assert "more than 200 times" in refusal(path)


def test_a_member_that_understates_its_size_yields_no_more_than_stated(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "big.bin": bytes(8_000_000)})
    patched_size(path, 10)
    assert "'big.bin' cannot be read" in refusal(path)


def test_members_that_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_UNPACKED", 5_000_000)
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "a.pdf": bytes(3_000_000), "b.pdf": bytes(3_000_000)})
    assert "unpacks to more than 5 MB" in refusal(path)


def test_files_beside_the_notebook_are_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_FILES_BESIDE", 1_000_000)
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "a.txt": bytes(600_000), "b.txt": bytes(600_000)})
    assert "add up to more than 1 MB" in refusal(path)


def test_too_many_members(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK} | {f"{n}.txt": b"" for n in range(2_000)})
    assert "more than 2,000 files" in refusal(path)


def test_too_many_files_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    for number in range(2_001):
        (folder / f"{number}.txt").touch()
    assert "more than 2,000 files" in refusal(folder)


def test_a_huge_table_of_contents_is_not_read(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK} | {f"{n:0100}.txt": b"" for n in range(40_000)})
    assert "table of contents is too large" in refusal(path)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("hw1.ipynb", NOTEBOOK)
        link = zipfile.ZipInfo("data.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert "holds the link 'data.txt'" in refusal(path)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden tests")
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "hw1.ipynb").write_bytes(NOTEBOOK)
    (folder / "data.txt").symlink_to(secret)
    (folder / "all").symlink_to(tmp_path)
    assert opened(folder).files == {}


def test_a_notebook_that_is_a_link_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "other.ipynb"
    target.write_bytes(NOTEBOOK)
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "hw1.ipynb").symlink_to(target)
    assert "is a link" in refusal(folder)
    assert "is a link" in refusal(folder / "hw1.ipynb")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hw1.ipynb")
    assert "is a link or device" in refusal(tmp_path / "hw1.ipynb")


def test_two_notebooks_are_both_named(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "old/hw1.ipynb": NOTEBOOK})
    assert "two notebooks ('hw1.ipynb' and 'old/hw1.ipynb')" in refusal(path)
    folder = tmp_path / "ada"
    folder.mkdir()
    for name in ("a.ipynb", "b.ipynb", "c.ipynb"):
        (folder / name).write_bytes(NOTEBOOK)
    assert "3 notebooks ('a.ipynb' and 'b.ipynb', …)" in refusal(folder)


def test_no_notebook(tmp_path: Path) -> None:
    assert "'a.zip' holds no notebook" in refusal(make_zip(tmp_path / "a.zip", {"hw1.py": b""}))
    (tmp_path / "ada").mkdir()
    assert "'ada' holds no notebook" in refusal(tmp_path / "ada")


def test_a_zip_in_a_zip(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "inner.zip", {"hw1.ipynb": NOTEBOOK}).read_bytes()
    assert "holds another zip ('inner.zip')" in refusal(make_zip(tmp_path / "a.zip", {"inner.zip": inner}))


def test_a_zip_in_a_students_folder_is_their_hand_in(tmp_path: Path) -> None:
    folder = tmp_path / "Ada Lovelace_123_assignsubmission_file_"
    folder.mkdir()
    make_zip(folder / "hw1.zip", {"hw1.ipynb": NOTEBOOK, "helper.py": b"x = 1"})
    assert opened(folder).files == {"helper.py": b"x = 1"}


def test_a_notebook_inside_one_folder(tmp_path: Path) -> None:
    members = {
        "hw1/hw1.ipynb": NOTEBOOK,
        "hw1/data/x.txt": b"x",
        "__MACOSX/hw1/._hw1.ipynb": b"",
        "top.txt": b"",
    }
    hand_in = opened(make_zip(tmp_path / "a.zip", members))
    assert hand_in.notebook == NOTEBOOK
    assert hand_in.files == {"data/x.txt": b"x"}
    assert hand_in.note == "the notebook was inside the folder 'hw1/' of the zip"


def test_what_stands_in_for_the_grader_is_left_out(tmp_path: Path) -> None:
    unwanted = [
        *(".OTTER_LOG", "__zip_filename__", "hw1.otter", "hw1.pdf", ".hidden", ".git/config", "__MACOSX/x"),
        *("otter.py", "otter/__init__.py", "OTTER.PY", "otter.cpython-311-x86_64-linux-gnu.so", "sub/otter.py"),
        *("fairmark.py", "fairmark/x.py", "fairmark_x.py", "sitecustomize.py", "ipython_config.py"),
        *(".ipynb_checkpoints/hw1-checkpoint.ipynb", "__pycache__/x.pyc"),
    ]
    wanted = ("helper.py", "data/words.txt", "ottersea.txt", "sub/x.py")
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK} | dict.fromkeys((*unwanted, *wanted), b"x"))
    hand_in = opened(path)
    assert sorted(hand_in.files) == sorted(wanted)
    assert hand_in.note is None
    folder = tmp_path / "ada"
    with zipfile.ZipFile(path) as made:
        made.extractall(folder)
    assert sorted(opened(folder).files) == sorted(wanted)


def test_file_names_that_no_disk_takes(tmp_path: Path) -> None:
    odd = "é, 🎉\n" + "x" * 200
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "y" * 256: b"", odd: b"kept"})
    hand_in = opened(path)
    assert hand_in.files == {odd: b"kept"}
    assert hand_in.note == "1 file(s) with names that no disk takes were left out"


def test_a_file_that_is_also_a_folder_and_a_file_twice(tmp_path: Path) -> None:
    assert "below a file" in refusal(make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "a": b"", "a/b": b""}))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as made:
        made.writestr("hw1.ipynb", NOTEBOOK)
        made.writestr("a.txt", b"")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.txt", b"")
    assert "'a.txt' twice" in refusal(tmp_path / "b.zip")


def test_not_a_zip_and_half_a_zip(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"Rar!\x1a\x07")
    assert "'a.zip' cannot be read as a zip" in refusal(tmp_path / "a.zip")
    (tmp_path / "a.zip").write_bytes(b"")
    assert "'a.zip' cannot be read as a zip" in refusal(tmp_path / "a.zip")
    whole = make_zip(tmp_path / "b.zip", {"hw1.ipynb": NOTEBOOK, "x.bin": os.urandom(10_000)}).read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[:5_000])
    assert "'b.zip' cannot be read as a zip" in refusal(tmp_path / "b.zip")


def test_damaged_content(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b'"cells"', b'"cellz"'))
    assert "'hw1.ipynb' cannot be read (bad CRC-32" in refusal(path)


def test_every_byte_of_a_zip_may_be_wrong(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK, "x.txt": b"x"}).read_bytes()
    path = tmp_path / "b.zip"
    for position in range(len(whole)):
        for flip in (0x01, 0x80, 0xFF):
            path.write_bytes(whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :])
            with contextlib.suppress(BadSubmission):
                opened(path)


def test_an_encrypted_zip(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    path.write_bytes(data)
    assert "is encrypted ('hw1.ipynb')" in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_cannot_be_read_in_pieces_are_refused(tmp_path: Path, method: int) -> None:
    assert "in an unusual way" in refusal(make_zip(tmp_path / "a.zip", {"hw1.ipynb": NOTEBOOK}, method))


def test_a_notebook_above_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_NOTEBOOK", 1_000_000)
    (tmp_path / "hw1.ipynb").write_bytes(b" " * 1_000_001)
    assert "larger than 1 MB" in refusal(tmp_path / "hw1.ipynb")


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    growing = archive_module.Member(archive_module.PurePosixPath("x"), 0, lambda: io.BytesIO(bytes(100)))
    assert growing.read(99) is None
    assert growing.read(100) == bytes(100)


def test_names_in_sentences_stay_on_one_line() -> None:
    assert printable("a\r\nb\u202ec\udc80é") == "a  b c?é"
    assert quoted("x" * 300) == f"'{'x' * 50}…{'x' * 29}'"
