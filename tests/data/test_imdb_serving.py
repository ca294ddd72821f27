"""The twin is served as Keras would serve it, were it the real file: Keras itself is the judge."""

import hashlib
import json

import numpy as np
import pytest

from fairmark.data import choice, imdb_serving, imdb_words, provision, twin

# A few small reviews (ranks), some of them long, one of a single word.
TRAIN = [[1, 2, 3, 40], [5, 6, 7, 8, 9, 10, 11], [2, 2, 9000], [11_000, 3], [4], [9, 12_000, 1, 1, 1]]
TEST = [[7, 8], [1, 1, 1, 500, 11_999, 6], [30], [31, 32, 33], [6, 5, 4, 3, 2, 1], [100, 200]]
LABELS = [0, 1, 1, 0, 1, 0]


def flat(lists):
    return (
        np.array([rank for ranks in lists for rank in ranks], dtype="uint16"),
        np.cumsum([0, *map(len, lists)]).astype("int64"),
    )


@pytest.fixture
def content():
    arrays = {}
    for half, lists in (("train", TRAIN), ("test", TEST)):
        arrays[f"{half}_ranks"], arrays[f"{half}_offsets"] = flat(lists)
        arrays[f"{half}_labels"] = np.array(LABELS, dtype="uint8")
    return arrays


@pytest.fixture
def keras_imdb(tmp_path, monkeypatch):
    """Keras's own module, reading the same reviews from a file such as it publishes."""
    from keras.src.datasets import imdb

    path = tmp_path / "imdb.npz"
    objects = {f"x_{half}": np.array(lists, dtype="object") for half, lists in (("train", TRAIN), ("test", TEST))}
    np.savez(path, y_train=np.array(LABELS), y_test=np.array(LABELS), **objects)
    monkeypatch.setattr(imdb, "get_file", lambda *args, **kwargs: str(path))
    return imdb


OPTIONS = [
    {},
    {"num_words": 10_000},
    {"num_words": 8},
    {"num_words": 10, "skip_top": 5},
    {"skip_top": 6, "oov_char": None},
    {"num_words": 10, "oov_char": None},
    {"maxlen": 5},
    {"maxlen": 5, "start_char": None},
    {"maxlen": 5, "num_words": 9, "seed": 3},
    {"seed": 7},
    {"start_char": None},
    {"start_char": None, "index_from": 0},
    {"start_char": None, "index_from": None},
    {"start_char": 20_000},
    {"index_from": 0, "num_words": 20},
    {"start_char": 5, "oov_char": 9, "index_from": 10, "num_words": 30},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_every_option_means_what_it_means_to_keras(content, keras_imdb, options):
    expected, served = keras_imdb.load_data(**options), imdb_serving.load_data(content, **options)
    for (x, y), (served_x, served_y) in zip(expected, served, strict=True):
        assert served_x.dtype == x.dtype == object
        assert served_x.tolist() == x.tolist()
        assert {type(number) for review in served_x for number in review} <= {int}
        assert served_y.dtype == np.int64
        assert served_y.tolist() == y.tolist()


def test_maxlen_that_leaves_nothing_is_keras_s_error(content, keras_imdb):
    with pytest.raises(ValueError, match="maxlen=2") as expected:
        keras_imdb.load_data(maxlen=2)
    with pytest.raises(ValueError, match="maxlen=2") as served:
        imdb_serving.load_data(content, maxlen=2)
    assert str(served.value) == str(expected.value)


IN_A_KERNEL = """
import hashlib, inspect, json
import keras
def signatures():
    imdb = keras.datasets.imdb
    for function in (imdb.load_data, imdb.get_word_index):
        parameters = inspect.signature(function).parameters.values()
        yield function.__name__, [(p.name, p.kind, p.default) for p in parameters]
before = list(signatures())
import fairmark.data
fairmark.data.serve_twins()
from keras.datasets import imdb
from tensorflow.keras.datasets import imdb as tensorflow_imdb
import tensorflow, keras.src.datasets.imdb
assert list(signatures()) == before
assert imdb.load_data is tensorflow_imdb.load_data is keras.datasets.imdb.load_data
assert imdb.load_data is keras.src.datasets.imdb.load_data is tensorflow.keras.datasets.imdb.load_data
assert imdb.get_word_index is tensorflow_imdb.get_word_index
(x_train, y_train), (x_test, y_test) = imdb.load_data(num_words=10000)
text = json.dumps([x_train.tolist(), y_train.tolist(), x_test.tolist(), y_test.tolist()])
print(hashlib.sha256(text.encode()).hexdigest())
print(hashlib.sha256(json.dumps(imdb.get_word_index()).encode()).hexdigest())
"""


def test_a_kernel_gets_the_same_lists_as_load(home, tmp_path, fresh_python, monkeypatch):
    import fairmark.data

    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    kernel_home = tmp_path / "kernel"
    provision("imdb", kernel_home)
    (x_train, y_train), (x_test, y_test) = fairmark.data.load("imdb")
    text = json.dumps([x_train.tolist(), y_train.tolist(), x_test.tolist(), y_test.tolist()])
    lists, index = fresh_python(IN_A_KERNEL, KERAS_HOME=str(kernel_home)).split()
    assert lists == hashlib.sha256(text.encode()).hexdigest()
    assert index == hashlib.sha256(json.dumps(fairmark.data.word_index("imdb")).encode()).hexdigest()


def test_without_a_twin_nothing_is_replaced(home):
    import keras

    import fairmark.data

    before = keras.datasets.imdb.load_data
    fairmark.data.serve_twins()
    assert keras.datasets.imdb.load_data is before


def test_provision_writes_the_twin_where_serve_twins_looks(home, tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    provision("imdb", tmp_path / "kernel")
    files = [path.name for path in (tmp_path / "kernel" / "datasets").iterdir()]
    imdb = choice.DATA_SETS["imdb"].twin
    assert files == [imdb.file]
    twin.read(imdb, tmp_path / "kernel" / "datasets" / imdb.file)


def test_word_index_counts_from_one():
    index = imdb_serving.word_index()
    assert index["the"] == 1
    assert list(index.values()) == list(range(1, imdb_words.VOCABULARY + 1))
