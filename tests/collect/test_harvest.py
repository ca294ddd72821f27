"""What a kernel left behind is taken over as data: no link, pipe, odd name or permission leads anywhere."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from fairmark.collect.harvest import MAX_DEPTH, MAX_PARTS, copy_blobs, read_records
from fairmark.evidence.manifest import Manifest
from fairmark.evidence.store import EvidenceStore
from tests.examine.conftest import manifest_of

BLOB, OTHER = sorted(sha256(content).hexdigest() for content in (b"blob", b"more"))
CONTENT = {sha256(content).hexdigest(): content for content in (b"blob", b"more")}
RECORD = json.dumps({"cell": 1, "names": {"x": {"blob": BLOB}, "y": [OTHER]}, "probes": {}})


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "room" / "evidence"
    (folder / "blobs").mkdir(parents=True)
    (folder / "q1.json").write_text(RECORD)
    (folder / "blobs" / BLOB).write_bytes(CONTENT[BLOB])
    return folder


def taken(evidence: Path, tmp_path: Path, limit: int = 100) -> tuple[list[str], list[str]]:
    target = tmp_path / "target"
    target.mkdir()
    records = read_records(evidence, ["q1", "q2"])
    copy_blobs(evidence, records, target, limit)
    return list(records), sorted(os.listdir(target))


def test_what_is_sound_is_taken(evidence: Path, tmp_path: Path) -> None:
    assert taken(evidence, tmp_path) == (["q1"], [BLOB])


def test_a_closed_room_is_opened(evidence: Path, tmp_path: Path) -> None:
    for folder in (evidence / "blobs", evidence, evidence.parent):
        folder.chmod(0)
    assert taken(evidence, tmp_path) == (["q1"], [BLOB])


def test_a_linked_folder_is_not(evidence: Path, tmp_path: Path) -> None:
    evidence.rename(tmp_path / "elsewhere")
    evidence.symlink_to(tmp_path / "elsewhere")
    assert taken(evidence, tmp_path) == ([], [])


def test_linked_blobs_are_not(evidence: Path, tmp_path: Path) -> None:
    (evidence / "blobs").rename(tmp_path / "elsewhere")
    (evidence / "blobs").symlink_to(tmp_path / "elsewhere")
    assert taken(evidence, tmp_path) == (["q1"], [])


def test_links_are_no_files(evidence: Path, tmp_path: Path) -> None:
    (evidence / "q2.json").symlink_to("q1.json")
    (evidence / "blobs" / OTHER).symlink_to(BLOB)
    assert taken(evidence, tmp_path) == (["q1"], [BLOB])


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_pipes_and_folders_are_no_files(evidence: Path, tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(evidence / "q2.json")
    make(evidence / "blobs" / OTHER)
    assert taken(evidence, tmp_path) == (["q1"], [BLOB])


def test_what_no_record_names_is_left_there(evidence: Path, tmp_path: Path) -> None:
    for name in ("x", "A" * 64, "c" * 64, "a" * 64 + ".part", "a" * 64 + "\n", "manifest"):
        (evidence / "blobs" / name).write_bytes(b"x")
    assert taken(evidence, tmp_path) == (["q1"], [BLOB])


def test_blobs_up_to_the_limit(evidence: Path, tmp_path: Path) -> None:
    (evidence / "blobs" / OTHER).write_bytes(CONTENT[OTHER])
    assert taken(evidence, tmp_path, limit=7) == (["q1"], [BLOB])


@pytest.mark.parametrize("content", [CONTENT[BLOB], b"", CONTENT[OTHER] + b"\0"])
def test_what_is_not_what_its_name_says_is_left_there(evidence: Path, tmp_path: Path, content: bytes) -> None:
    (evidence / "blobs" / OTHER).write_bytes(content)
    assert taken(evidence, tmp_path) == (["q1"], [BLOB])


def test_records_of_too_many_parts_together(evidence: Path, tmp_path: Path) -> None:
    half = b'{"cell": 1, "names": {"x": [' + b"1," * (MAX_PARTS // 2) + b"1]}}"
    for question in ("q1", "q2"):
        (evidence / f"{question}.json").write_bytes(half)
    assert taken(evidence, tmp_path) == (["q1"], [])


@pytest.mark.parametrize("levels", [MAX_DEPTH, MAX_DEPTH + 1, 200, 240, 400])
@pytest.mark.parametrize("kind", ["names", "probes"])
def test_what_is_nested_too_deeply_is_absent_and_says_so(evidence: Path, levels: int, kind: str) -> None:
    """A manifest that can be written can be read."""
    deep = "[" * levels + "]" * levels
    (evidence / "q1.json").write_text(f'{{"cell": 1, "{kind}": {{"deep": {deep}, "x": [7]}}}}')
    written = manifest_of(read_records(evidence, ["q1"])["q1"], {"kind": "finished"}, ())
    found = getattr(Manifest.model_validate_json(written.model_dump_json()).questions["q1"], kind)
    assert found["x"] == [7]
    reason = {"$": "absent", "reason": f"a value nested more than {MAX_DEPTH} levels deep"}
    assert found["deep"] == (json.loads(deep) if levels <= MAX_DEPTH else reason)


def test_what_is_written_stays_as_small_as_what_was_read(evidence: Path, tmp_path: Path) -> None:
    wide = "[" * MAX_DEPTH + "1," * 10_000 + "1" + "]" * MAX_DEPTH
    (evidence / "q1.json").write_text(f'{{"cell": 1, "names": {{"wide": {wide}}}}}')
    store = EvidenceStore(tmp_path / "store")
    store.write(manifest_of(read_records(evidence, ["q1"])["q1"], {"kind": "finished"}, ()), lambda _: None)
    assert (store.path("k") / "manifest.json").stat().st_size < 2 * len(wide)


def test_a_record_of_too_many_parts(evidence: Path, tmp_path: Path) -> None:
    (evidence / "q1.json").write_bytes(b'{"cell": 1, "names": {"x": [' + b"1," * MAX_PARTS + b"1]}}")
    assert taken(evidence, tmp_path) == ([], [])
