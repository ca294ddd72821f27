"""Values that cross the border come out equal and of the same types; what can't cross says why."""

import hashlib
import math
import tempfile
from collections import OrderedDict, namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.evidence.blobs import BlobWriter, npy_bytes
from fairmark.evidence.records import History
from fairmark.evidence.restore import Absent, Placeholder
from fairmark.evidence.write import Recorder
from tests.evidence.conftest import REFERENCE, Border

# Text that Python's own UTF-8 can't hold has a test of its own.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(["$", "", "float"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
HASHABLE = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4)
NESTS = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(HASHABLE, inner, max_size=4)
    ),
    max_leaves=12,
)


def described(value: Any) -> Any:
    """Spell ``value`` out with every type, so that True, 1 and 1.0, or 0.0 and -0.0, are told apart."""
    if isinstance(value, dict):
        return dict, [(described(key), described(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [described(item) for item in value]
    return type(value), repr(value)


@settings(deadline=None, max_examples=150, database=None)
@given(NESTS)
def test_a_nest_of_plain_values_survives(value: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert described(Border(Path(folder)).carry(value)) == described(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308])
def test_an_odd_float_survives(border: Border, value: float) -> None:
    assert described(border.carry(value)) == described(value)


def test_a_long_integer_survives_and_an_endless_one_does_not(border: Border) -> None:
    assert border.carry(-(10**3000)) == -(10**3000)
    assert border.reason(10**5000) == "an integer of thousands of digits"


def test_text_that_utf8_cannot_hold_does_not_break_the_record(border: Border) -> None:
    node = border.record("a\ud800b")
    assert node == "a\ud800b" or node["$"] == "absent"


def same_array(found: Any, array: np.ndarray) -> bool:
    equal = found.tobytes() == np.ascontiguousarray(array).tobytes()
    return type(found) is np.ndarray and found.dtype == array.dtype and found.shape == array.shape and equal


@pytest.mark.parametrize("kind", "? b h i q B H I Q e f d F D U3 S3 M8[D] m8[s] >i4".split())
def test_an_array_of_any_plain_kind_survives(border: Border, kind: str) -> None:
    array = np.arange(6).astype(kind).reshape(2, 3)
    assert same_array(border.carry(array), array)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (2, 3, 4)])
def test_an_array_of_any_shape_survives(border: Border, shape: tuple[int, ...]) -> None:
    array = np.ones(shape, "float32")
    assert same_array(border.carry(array), array)


@pytest.mark.parametrize("array", [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(12)[::-3]])
def test_the_layout_in_memory_does_not_matter(border: Border, array: np.ndarray) -> None:
    assert same_array(border.carry(array), array)


@pytest.mark.parametrize(
    "scalar", [np.float32(1.5), np.float64("nan"), np.int64(-3), np.bool_(True), np.str_("ab"), np.str_("")]
)
def test_a_numpy_scalar_survives(border: Border, scalar: Any) -> None:
    assert described(border.carry(scalar)) == described(scalar)


def test_a_named_tuple_becomes_a_tuple(border: Border) -> None:
    assert described(border.carry(namedtuple("Pair", "a b")(1, "x"))) == described((1, "x"))


def test_the_placeholder_is_told_apart(border: Border) -> None:
    with pytest.raises(Placeholder, match="still holds the placeholder"):
        border.carry(...)


class Caught(Exception):
    """A method of the student's own was called."""


def _caught(*args: object, **kwargs: object) -> Any:
    raise Caught


LIES = "__eq__ __ne__ __hash__ __len__ __iter__ __getitem__ __bool__ __repr__ __str__ __reduce__ __class__".split()


def lying(base: type) -> type:
    methods: dict[str, Any] = dict.fromkeys([*LIES, "__array__", "__float__", "__int__", "items", "keys"], _caught)
    methods["__class__"] = property(_caught)
    return type("Liar", (base,), methods)


@pytest.mark.parametrize("base", [int, float, str, list, dict, set, object])
def test_an_object_that_lies_is_not_stored_and_not_asked(border: Border, base: type) -> None:
    assert border.reason(lying(base)()).startswith("an object of class ")


def test_an_array_of_a_class_of_ones_own_is_not_stored(border: Border) -> None:
    liar = type("Liar", (np.ndarray,), {"__array__": _caught, "tobytes": _caught})
    assert border.reason(np.zeros(2).view(liar)).startswith("an object of class ")


def test_a_tuple_that_lies_is_stored_as_what_it_holds(border: Border) -> None:
    assert border.carry(lying(tuple)([1, 2])) == (1, 2)


@pytest.mark.parametrize("value", [OrderedDict(a=1), {1, 2}, b"ab", 1j, object()])
def test_other_kinds_are_refused_by_name(border: Border, value: object) -> None:
    with pytest.raises(Absent, match="is not stored"):
        border.carry(value)


@pytest.mark.parametrize("value", [len, lambda: None, int])
def test_a_function_or_class_asks_for_a_probe(border: Border, value: object) -> None:
    assert border.reason(value).endswith("is not stored: a probe calls it")


def test_an_array_of_objects_is_refused(border: Border) -> None:
    assert border.reason(np.array([[1], [1, 2]], dtype=object)) == "an array of Python objects is not stored"
    assert border.blobs() == []


def test_an_array_of_records_is_refused_where_it_is_written(border: Border) -> None:
    assert "not stored" in border.reason(np.zeros(2, [("a", "i4")]))


def test_a_value_that_holds_itself_is_refused(border: Border) -> None:
    value: list[Any] = []
    value.append(value)
    assert border.reason(value) == "a value nested or repeated without end"


def test_nesting_is_limited(border: Border) -> None:
    deep: Any = 1
    for _ in range(30):
        deep = [deep]
    assert border.carry(deep) == deep
    for _ in range(30):
        deep = [deep]
    assert border.reason(deep) == "a value nested or repeated without end"


def test_a_value_that_multiplies_is_refused(border: Border) -> None:
    value: Any = 1
    for _ in range(35):
        value = [value, value]
    assert border.reason(value) == "a value nested or repeated without end"


def test_a_value_over_its_limit_is_refused(make_border: Any) -> None:
    border = make_border(name_limit=1000)
    assert "MB" in border.reason(np.zeros(200))
    assert border.blobs() == []


def test_the_evidence_of_a_submission_is_limited(make_border: Any) -> None:
    border = make_border(name_limit=1000, total_limit=1500)
    assert border.carry(np.zeros(100)).shape == (100,)
    assert border.reason(np.ones(100)).startswith("the submission's evidence is full")
    assert border.carry(np.zeros(100)).shape == (100,), "what is there already costs nothing"


def test_equal_arrays_share_a_blob(border: Border) -> None:
    assert border.record(np.ones(3)) == border.record(np.ones(3))
    assert len(border.blobs()) == 1


def test_an_array_of_the_data_set_is_stored_by_its_name(make_border: Any) -> None:
    border = make_border(references={hashlib.sha256(npy_bytes(REFERENCE)).hexdigest(): "data/x"})
    assert border.record(REFERENCE.copy()) == {"$": "reference", "name": "data/x"}
    restored = border.carry(REFERENCE.copy())
    restored[0] = 99
    assert REFERENCE[0] == 0
    assert border.blobs() == []


def test_frame_and_series_survive(border: Border) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1, 2], 3: ["x", None], "c": [0.5, math.nan]})
    pd.testing.assert_frame_equal(border.carry(frame), frame)
    pd.testing.assert_series_equal(border.carry(frame["a"]), frame["a"])


def test_a_frame_with_a_column_twice_is_no_accident(border: Border) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert border.record(frame)["$"] in ("frame", "absent")


def test_a_figure_keeps_its_labels_and_a_picture(border: Border) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 2], label="loss")
    axes.set(title="T", xlabel="epoch", ylabel="y")
    axes.legend()
    restored = border.carry(figure)
    assert [vars(ax) for ax in restored.axes] == [
        {"title": "T", "xlabel": "epoch", "ylabel": "y", "legend": ("loss",), "lines": 1}
    ]
    assert restored.png.startswith(b"\x89PNG")


def test_what_a_whole_figure_says_counts_for_its_axes(border: Border) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    for axes in figure.subplots(1, 2):
        axes.scatter([1, 2], [3, 4], label="dots")
    figure.supxlabel("epoch")
    figure.supylabel("loss")
    figure.legend(["dots"])
    assert [vars(ax) for ax in border.carry(figure).axes] == 2 * [
        {"title": "", "xlabel": "epoch", "ylabel": "loss", "legend": ("dots",), "lines": 1}
    ]


def test_a_figure_that_cannot_be_drawn_is_no_accident(border: Border) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().set_title(r"$\frac$")
    assert border.record(figure)["$"] in ("figure", "absent")


def test_an_object_that_hides_its_module_is_no_accident(border: Border) -> None:
    odd = type("Odd", (), {"__module__": 5})
    assert border.record(odd())["$"] == "absent"


def test_a_history_survives(border: Border) -> None:
    import keras

    history = keras.callbacks.History()
    history.history, history.params, history.epoch = {"loss": [0.5, math.inf]}, {"epochs": 2}, [0, 1]
    assert border.carry(history) == History({"loss": [0.5, math.inf]}, {"epochs": 2}, [0, 1])


def test_tensors_and_variables_become_arrays(border: Border) -> None:
    import keras

    assert same_array(border.carry(keras.ops.ones((2, 3))), np.ones((2, 3), "float32"))
    assert same_array(border.carry(keras.Variable(np.arange(3, dtype="int32"))), np.arange(3, dtype="int32"))


def test_a_symbolic_tensor_is_no_accident(border: Border) -> None:
    import keras

    assert border.record(keras.Input((2,)))["$"] == "absent"


def test_blobs_of_a_superseded_check_are_dropped(tmp_path: Path) -> None:
    writer = BlobWriter(tmp_path / "blobs", name_limit=10_000, total_limit=10_000)
    for number in range(20):
        digest = writer.put(npy_bytes(np.full(500, number, "float64")))
        writer.keep(named_in=digest)
    assert [path.name for path in (tmp_path / "blobs").iterdir()] == [digest]


def test_a_text_counts_against_the_limit_of_a_name(tmp_path: Path) -> None:
    recorder = Recorder(BlobWriter(tmp_path / "blobs", name_limit=100, total_limit=1000))
    assert recorder.node("x" * 101)["$"] == "absent"
    assert recorder.node("x" * 100) == "x" * 100
