"""Evidence that travels: it arrives as it was, and whatever else arrives is refused."""

import io
import os
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from fairmark.evidence.manifest import Ending, Environment, Manifest
from fairmark.evidence.parcel import BadParcel, packed, receive
from fairmark.evidence.store import EvidenceStore

KEY, BLOB = "0123456789abcdef" * 2, "f" * 64
CONTENT = os.urandom(100_000)
NAME = sha256(CONTENT).hexdigest()
PARTS = (b"x" * 400, b"y" * 400, b"z" * 400)
ENVIRONMENT = Environment(
    python="3", keras="3", tensorflow="2", numpy="2", machine="m", instructions="i", threads=1, sandbox="none"
)
Change = Callable[[tarfile.TarInfo], None]


def manifest(key: str = KEY) -> Manifest:
    return Manifest(
        key=key,
        topic="mini",
        notebook_sha256="0" * 64,
        data="imdb-twin-0",
        seed=0,
        environment=ENVIRONMENT,
        ending=Ending(kind="finished"),
        errors=(),
        cells=1,
        wall_seconds=1,
        cpu_seconds=1,
        peak_memory_mb=1,
        questions={},
    )


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    def fill(folder: Path) -> None:
        (folder / "blobs" / NAME).write_bytes(CONTENT)
        (folder / "executed.ipynb").write_text("{}")

    store = EvidenceStore(tmp_path / "worker")
    store.write(manifest(), fill)
    return store.path(KEY)


def tar(*members: tuple[str, bytes], change: Change = lambda _: None, form: int = tarfile.USTAR_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            change(member)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


SOUND = ("manifest.json", manifest().model_dump_json().encode())


def test_it_arrives_as_it_was(stored: Path, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "coordinator")
    receive(packed(stored), KEY, store, blob_bytes=100_000)
    for name in ("manifest.json", "executed.ipynb", f"blobs/{NAME}"):
        assert (store.path(KEY) / name).read_bytes() == (stored / name).read_bytes()
    assert len(list(store.folder.rglob("*"))) == 5


def linked(member: tarfile.TarInfo) -> None:
    if member.name != "manifest.json":
        member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0


def a_folder(member: tarfile.TarInfo) -> None:
    if member.name != "manifest.json":
        member.type, member.size = tarfile.DIRTYPE, 0


def sparse(member: tarfile.TarInfo) -> None:
    if member.name != "manifest.json":
        member.pax_headers = {
            "GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40),
        }  # fmt: skip


BAD = {
    "nothing": (b"", "no readable tar"),
    "no tar": (b"PK\x03\x04" * 1000, "no readable tar"),
    "a pickle": (b"\x80\x04\x95" + b"\0" * 1000, "no readable tar"),
    "no manifest": (tar(("executed.ipynb", b"{}")), "without a sound manifest"),
    "a manifest that is none": (tar(("manifest.json", b"[]")), "without a sound manifest"),
    "another key": (
        tar(("manifest.json", manifest("f" * 32).model_dump_json().encode())),
        "evidence ffff.* where 0123.* was asked for",
    ),
    "a path outside": (tar(SOUND, ("../outside", b"x")), "a file '../outside'"),
    "an absolute path": (tar(SOUND, ("/tmp/outside", b"x")), "a file '/tmp/outside'"),
    "a path below blobs": (tar(SOUND, (f"blobs/../{BLOB}", b"x")), "a file 'blobs/../f"),
    "another file": (tar(SOUND, ("notes.txt", b"x")), "a file 'notes.txt'"),
    "another file by a long name": (tar(SOUND, ("x" * 300, b"x"), form=tarfile.GNU_FORMAT), "a file 'xxx"),
    "a file twice": (tar(SOUND, SOUND), "a file 'manifest.json'"),
    "a link": (tar(SOUND, ("executed.ipynb", b""), change=linked), "no regular file"),
    "a folder": (tar(SOUND, (f"blobs/{BLOB}", b""), change=a_folder), "no regular file"),
    "a sparse file": (tar(SOUND, ("executed.ipynb", b"x"), change=sparse, form=tarfile.PAX_FORMAT), "no regular file"),
    "a blob that is another": (tar(SOUND, (f"blobs/{BLOB}", b"x")), "blobs/f* is not what its name says"),
    "too large a blob": (tar(SOUND, (f"blobs/{BLOB}", b"x" * 1001)), "larger than it may be"),
    "too large in all": (
        tar(SOUND, *((f"blobs/{sha256(part).hexdigest()}", part) for part in PARTS)),
        "larger than it may be",
    ),
    "cut off": (tar(SOUND, ("executed.ipynb", b"x" * 5000))[: 512 * 6], "no readable tar"),
}


@pytest.mark.parametrize(("parcel", "reason"), BAD.values(), ids=BAD.keys())
def test_whatever_else_arrives_is_refused(parcel: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadParcel, match=reason):
        receive(parcel, KEY, EvidenceStore(tmp_path / "evidence"), blob_bytes=1000)
    assert list(tmp_path.rglob("*")) == []


def test_as_large_as_it_may_be(tmp_path: Path) -> None:
    parcel = tar(SOUND, (f"blobs/{NAME}", CONTENT))
    receive(parcel, KEY, EvidenceStore(tmp_path / "evidence"), blob_bytes=len(CONTENT))
    assert (tmp_path / "evidence" / KEY / "blobs" / NAME).read_bytes() == CONTENT
