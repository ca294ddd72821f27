import stat
import time

import numpy as np
import pytest

import fairmark.data
from fairmark.data import DataUnavailable, choice, fetch, fingerprint, load, provision, references, source


@pytest.fixture
def real_home(home, put_real_files):
    """A KERAS_HOME that has IMDB's real files, which nobody may write."""
    put_real_files("imdb", home / "datasets")
    (home / "datasets").chmod(0o555)
    yield home
    (home / "datasets").chmod(0o755)


def assert_like_imdb(split):
    for x, y in split:
        assert x.shape == y.shape == (25_000,)
        assert x.dtype == object
        assert y.dtype == np.int64
        assert np.bincount(y).tolist() == [12_500, 12_500]
        assert type(x[0]) is list
        assert type(x[0][0]) is int
        assert all(review[0] == 1 for review in x)
        assert max(map(max, x)) == 9_999
        assert any(2 in review for review in x)


def test_importing_costs_no_keras(fresh_python):
    code = "import sys, fairmark.data; print({'keras', 'tensorflow'} & set(sys.modules))"
    assert fresh_python(code).strip() == "set()"


def test_real_data_are_what_keras_loads(real_home, monkeypatch):
    from keras.src.datasets import imdb

    before = sorted((real_home / "datasets").iterdir())
    loaded = load("imdb")
    assert (source("imdb"), fingerprint("imdb")) == ("real", "imdb-real-69664113be75")
    assert_like_imdb(loaded)
    monkeypatch.setattr(imdb, "get_file", lambda fname, **kwargs: str(real_home / "datasets" / fname))
    for (x, y), (expected_x, expected_y) in zip(loaded, imdb.load_data(num_words=10000), strict=True):
        assert x.tolist() == expected_x.tolist()
        assert y.tolist() == expected_y.tolist()
    assert fairmark.data.word_index("imdb") == imdb.get_word_index()
    assert load("imdb") is loaded
    assert sorted((real_home / "datasets").iterdir()) == before


def test_the_real_file_alone_is_not_enough(real_home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "real")
    (real_home / "datasets").chmod(0o755)
    (real_home / "datasets" / "imdb_word_index.json").unlink()
    with pytest.raises(DataUnavailable, match=r"imdb_word_index\.json can't be fetched"):
        source("imdb")


def test_provision_copies_the_real_files(real_home, tmp_path):
    for file in (real_home / "datasets").iterdir():
        file.chmod(0o444)
    provision("imdb", tmp_path / "kernel")
    for file in choice.DATA_SETS["imdb"].files:
        original, copy = real_home / "datasets" / file.name, tmp_path / "kernel" / "datasets" / file.name
        assert fetch.sha256_of(copy) == file.sha256
        assert not copy.is_symlink()
        assert not copy.samefile(original)
        assert copy.stat().st_mode & stat.S_IWUSR
    assert len(list((tmp_path / "kernel" / "datasets").iterdir())) == 2


def test_provision_never_writes_through_a_link(home, tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (home / "datasets" / "imdb_twin.npz").symlink_to(mine)
    provision("imdb", home)
    assert mine.read_text() == "mine"
    assert not (home / "datasets" / "imdb_twin.npz").is_symlink()


def test_the_twin_has_imdbs_shapes_and_types(home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    assert_like_imdb(load("imdb"))
    assert source("imdb") == "twin"
    assert fingerprint("imdb") == "imdb-twin-68d8001f9a81"
    assert load("imdb") is load("imdb")


def test_references_are_the_plain_arrays(home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    arrays = references("imdb")
    (_, y_train), (_, y_test) = load("imdb")
    assert sorted(arrays) == ["imdb/y_test", "imdb/y_train"]
    assert arrays["imdb/y_train"] is y_train
    assert arrays["imdb/y_test"] is y_test


def test_without_real_files_the_twin_is_used_and_one_line_says_so(home, caplog):
    started = time.monotonic()
    assert source("imdb") == "twin"
    assert source("imdb") == "twin"
    assert time.monotonic() - started < 5
    [record] = caplog.records
    assert record.getMessage().startswith("fairmark uses the offline twin of imdb: http://127.0.0.1:9/imdb.npz")
    assert "\n" not in record.getMessage()
    assert record.exc_info is None
    assert list((home / "datasets").iterdir()) == []


def test_real_is_demanded_but_cannot_be_had(home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "real")
    for ask in (load, source, fingerprint, fairmark.data.word_index, references):
        with pytest.raises(DataUnavailable, match=r"^the real imdb data can't be had: [^\n]*$"):
            ask("imdb")


def test_a_wrong_file_is_reported_and_left_alone(home, monkeypatch, caplog):
    wrong = home / "datasets" / "imdb.npz"
    wrong.write_bytes(b"my own reviews")
    assert source("imdb") == "twin"
    assert_like_imdb(load("imdb"))
    [record] = caplog.records
    assert f"{wrong} is not the file that Keras publishes" in record.getMessage()
    choice.choose.cache_clear()
    monkeypatch.setenv("FAIRMARK_DATA", "real")
    with pytest.raises(DataUnavailable, match="is not the file that Keras publishes"):
        source("imdb")
    assert wrong.read_bytes() == b"my own reviews"


@pytest.mark.parametrize("ask", [load, source, fingerprint, fairmark.data.word_index, references])
def test_an_unknown_name_is_refused_with_the_known_ones(home, ask):
    with pytest.raises(
        ValueError, match="no data set is called 'imbd'; there is boston_housing, california_housing, imdb"
    ):
        ask("imbd")


def test_an_unknown_mode_is_refused(home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "fake")
    with pytest.raises(DataUnavailable, match="FAIRMARK_DATA is 'fake'"):
        load("imdb")


@pytest.mark.slow
def test_the_twin_teaches_the_lesson(home, monkeypatch):
    """The lecture's network: about 0.88 after four epochs, overfitting from about the fourth."""
    import keras

    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    (x_train, y_train), (x_test, y_test) = load("imdb")
    x, x_test = (fairmark.data.multi_hot(reviews).astype("float32") for reviews in (x_train, x_test))
    y, y_test = y_train.astype("float32"), y_test.astype("float32")

    def fresh_model():
        keras.utils.set_random_seed(1)
        relu = [keras.layers.Dense(16, activation="relu") for _ in range(2)]
        model = keras.Sequential([*relu, keras.layers.Dense(1, activation="sigmoid")])
        model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
        return model

    model = fresh_model()
    model.fit(x, y, epochs=4, batch_size=512, verbose=0)
    assert 0.86 < model.evaluate(x_test, y_test, batch_size=512, verbose=0)[1] < 0.90

    validation = (x[:10_000], y[:10_000])
    model = fresh_model()
    run = model.fit(x[10_000:], y[10_000:], epochs=20, batch_size=512, validation_data=validation, verbose=0).history
    assert 2 <= np.argmin(run["val_loss"]) + 1 <= 7
    assert run["accuracy"][-1] > 0.98
