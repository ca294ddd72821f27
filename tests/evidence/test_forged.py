"""Records and blobs that a hostile sandbox wrote by hand: each is refused, and nothing else happens."""

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.evidence.blobs import BadBlob, BlobReader, array_from_npy, npy_bytes
from fairmark.evidence.restore import KINDS, Absent, Placeholder, Restorer
from tests.evidence.conftest import Border


def put(border: Border, data: bytes) -> str:
    border.folder.mkdir(exist_ok=True)
    digest = hashlib.sha256(data).hexdigest()
    (border.folder / digest).write_bytes(data)
    return digest


FORGED: dict[str, Any] = {
    "no kind": {},
    "plain dict": {"a": 1},
    "unknown kind": {"$": "pickle"},
    "attribute of the restorer": {"$": "_array", "blob": "0" * 64},
    "method of the restorer": {"$": "value"},
    "dunder": {"$": "_init__"},
    "kind is a list": {"$": ["array"]},
    "kind is a dict": {"$": {}},
    "kind is a number": {"$": 1},
    "float without value": {"$": "float"},
    "finite float": {"$": "float", "value": "1.5"},
    "float of words": {"$": "float", "value": "x"},
    "float of a list": {"$": "float", "value": []},
    "float too long": {"$": "float", "value": 10**400},
    "tuple without items": {"$": "tuple"},
    "tuple of a number": {"$": "tuple", "items": 5},
    "dict of singles": {"$": "dict", "items": [[1]]},
    "dict of a number": {"$": "dict", "items": 1},
    "dict with a list as key": {"$": "dict", "items": [[[1], 2]]},
    "absent without reason": {"$": "absent"},
    "scalar without blob": {"$": "scalar"},
    "array without blob": {"$": "array"},
    "blob is a number": {"$": "array", "blob": 5},
    "blob is a list": {"$": "array", "blob": ["a"] * 64},
    "blob climbs": {"$": "array", "blob": "../" * 20 + "etc/passwd"},
    "blob climbs, 64 long": {"$": "array", "blob": ("../" * 30)[:64]},
    "blob is absolute": {"$": "array", "blob": "/etc/passwd"},
    "blob in capitals": {"$": "array", "blob": "A" * 64},
    "blob is missing": {"$": "array", "blob": "0" * 64},
    "reference without name": {"$": "reference"},
    "reference unknown": {"$": "reference", "name": "data/none"},
    "reference is a list": {"$": "reference", "name": ["data/x"]},
    "history without params": {"$": "history", "history": {"$": "dict", "items": []}},
    "figure of a number": {"$": "figure", "axes": 1, "png": "0" * 64},
    "figure of numbers": {"$": "figure", "axes": [1], "png": "0" * 64},
    "figure with odd lines": {
        "$": "figure", "png": "0" * 64,
        "axes": [{"title": "", "xlabel": "", "ylabel": "", "legend": [], "lines": "many"}],
    },
    "series without name": {"$": "series", "values": [1]},
    "series of itself": {"$": "series", "values": [{"$": "nothing"}], "name": None},
    "frame of a number": {"$": "frame", "columns": 1},
    "frame of unequal columns": {"$": "frame", "columns": [["a", [1]], ["b", [1, 2]]]},
    "model without all": {"$": "model"},
    "model of a list": {"$": "model", "architecture": [], "weights": []},
    "model of a text": {"$": "model", "architecture": "os", "weights": []},
    "model, class a list": {"$": "model", "architecture": {"class_name": ["Sequential"]}, "weights": []},
    "model, weights a number": {"$": "model", "architecture": {"class_name": "Sequential"}, "weights": 3},
    "model, predictions a list": {"$": "model", "architecture": None, "facts": 1, "reason": "", "predictions": []},
}  # fmt: skip


@pytest.mark.parametrize("node", FORGED.values(), ids=FORGED.keys())
def test_a_forged_record_is_refused(border: Border, node: Any) -> None:
    with pytest.raises(BadBlob):
        border.restorer.value(node)


FIELDS = "value items blob name columns values reason axes weights architecture".split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries({"$": st.sampled_from(sorted(KINDS))}, optional=dict.fromkeys(FIELDS, inner))
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=300, database=None)
@given(JSON)
def test_any_record_is_restored_or_refused(node: Any) -> None:
    restorer = Restorer(BlobReader(Path("/nonexistent")), {}.__getitem__, {})
    with contextlib.suppress(BadBlob, Absent, Placeholder):
        restorer.value(node)


def test_nesting_without_end_is_refused(border: Border) -> None:
    node: Any = 1
    for _ in range(900):
        node = [node]
    with pytest.raises(BadBlob, match="nested without end"):
        border.restorer.value(node)


def test_one_blob_named_many_times_does_not_fill_the_memory(border: Border) -> None:
    node = {"$": "array", "blob": put(border, npy_bytes(np.zeros(1 << 17)))}
    with pytest.raises(BadBlob):
        border.restorer.value([node] * 600)


def test_an_altered_blob_is_refused(border: Border) -> None:
    node = border.record(np.ones(3))
    (path,) = border.blobs()
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(BadBlob, match="altered"):
        border.restorer.value(node)


def test_a_blob_that_is_a_link_is_refused(border: Border, tmp_path: Path) -> None:
    data = npy_bytes(np.ones(3))
    (tmp_path / "elsewhere").write_bytes(data)
    digest = put(border, data)
    (border.folder / digest).unlink()
    (border.folder / digest).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadBlob, match="missing"):
        border.restorer.value({"$": "array", "blob": digest})


def test_a_blob_over_the_limit_is_not_read(border: Border) -> None:
    digest = put(border, b"x" * 1000)
    with pytest.raises(BadBlob, match="larger"):
        BlobReader(border.folder, limit=999).get(digest)
    assert len(BlobReader(border.folder, limit=1000).get(digest)) == 1000


def npy(header: str, body: bytes = b"", magic: bytes = b"\x93NUMPY\x01\x00") -> bytes:
    text = header.encode("latin1")
    return magic + len(text).to_bytes(2, "little") + text + body


def described(descr: str, shape: str, order: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}}}"


ARRAYS = {
    "empty": b"",
    "text": b"hello",
    "version 9": npy(described("'<f8'", "()"), magic=b"\x93NUMPY\x09\x00"),
    "cut in the header": npy(described("'<f8'", "(1,)"))[:40],
    "objects": npy(described("'|O'", "(1,)"), b"\x80\x04N."),
    "records": npy(described("[('a', '<i4')]", "(1,)"), bytes(4)),
    "void": npy(described("'|V4'", "(1,)"), bytes(4)),
    "nested type": npy(described("('<f8', (2, 2))", "(1,)"), bytes(32)),
    "no size": npy(described("'<U0'", f"({2**40},)")),
    "shape too large": npy(described("'<f8'", f"({2**40},)"), bytes(8)),
    "shape too small": npy(described("'<f8'", "(1,)"), bytes(16)),
    "shape negative": npy(described("'<f8'", "(-1, -1)"), bytes(8)),
    "shape empty and huge": npy(described("'<f8'", f"(0, {2**62})")),
    "shape empty and endless": npy(described("'<f8'", f"(0, {2**80})")),
    "shape of 200 axes": npy(described("'<f8'", f"({'1, ' * 200})"), bytes(8)),
    "shape of words": npy(described("'<f8'", "('a',)")),
    "order of words": npy(described("'<f8'", "(1,)", "'x'"), bytes(8)),
    "unknown type": npy(described("'<q99'", "(1,)"), bytes(8)),
    "type is empty": npy(described("[]", "(1,)")),
    "type is a list": npy(described("['<f8']", "(1,)"), bytes(8)),
    "type is a number": npy(described("5", "(1,)"), bytes(8)),
    "header is no dict": npy("[1]"),
    "header without shape": npy("{'descr': '<f8'}"),
    "header is code": npy("__import__('os').abort()"),
    "header does not close": npy("{'descr': ("),
    "header nested": npy("(" * 5000),
    "header negated": npy("-" * 9000 + "1"),
    "header huge": npy(described("'<f8'", "(" + "1," * 6000 + ")")),
}


@pytest.mark.filterwarnings("ignore:Reading `.npy`:UserWarning")
@pytest.mark.parametrize("data", ARRAYS.values(), ids=ARRAYS.keys())
def test_a_forged_array_is_refused(data: bytes) -> None:
    with pytest.raises(BadBlob):
        array_from_npy(data)


def test_the_helper_makes_sound_arrays() -> None:
    """Else the cases above would be refused for a reason of their own."""
    assert array_from_npy(npy(described("'<f8'", "(2,)"), bytes(16))).tolist() == [0, 0]


def test_the_examiners_alarm_is_not_the_arrays_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def ring(_: Any) -> Any:
        raise TimeoutError

    monkeypatch.setattr(np.lib.format, "read_magic", ring)
    with pytest.raises(TimeoutError):
        array_from_npy(npy_bytes(np.zeros(2)))


def test_json_that_says_nan_is_a_float_like_any_other(border: Border) -> None:
    assert np.isnan(border.restorer.value(json.loads("NaN")))
