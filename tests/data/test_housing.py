"""The house prices, real and twin, are served as Keras serves the real ones: Keras itself is the judge."""

import hashlib
import inspect
from importlib import import_module

import numpy as np
import pytest

import fairmark.data
from fairmark.data import choice, fingerprint, load, provision, references, serve_twins, source, twin, word_index

# Of each data set: what the lecture passes to `load_data`, rows for training and for the test, features, type.
LECTURE = {
    "boston_housing": ({}, 404, 102, 13, np.float64),
    "california_housing": ({"version": "small"}, 480, 120, 8, np.float32),
}
REAL_HASH = {"boston_housing": "f553886a1f8d", "california_housing": "1a2e3a52e039"}
TWIN_HASH = {"boston_housing": "e6ae14f6ff39", "california_housing": "87c2b2adc26a"}

each_data_set = pytest.mark.parametrize("name", LECTURE)


@pytest.fixture
def keras_loads(monkeypatch):
    """Give Keras's own ``load_data``, reading any file in the place of the one it publishes."""

    def of(name, path):
        module = import_module(f"keras.src.datasets.{name}")
        monkeypatch.setattr(module, "get_file", lambda *args, **kwargs: str(path))
        return module.load_data

    return of


@pytest.fixture
def serving(home, monkeypatch):
    """Let Keras serve a twin in this process, until the test ends."""

    def serve(name):
        for package in ("keras.datasets", "keras.src.datasets", "keras._tf_keras.keras.datasets"):
            module = import_module(f"{package}.{name}")
            monkeypatch.setattr(module, "load_data", module.load_data)  # so that it is put back
        monkeypatch.setenv("FAIRMARK_DATA", "twin")
        provision(name, home)
        serve_twins()
        return import_module(f"keras.datasets.{name}").load_data

    return serve


def assert_same(split, expected):
    for half, expected_half in zip(split, expected, strict=True):
        for array, wanted in zip(half, expected_half, strict=True):
            assert array.dtype == wanted.dtype
            assert array.flags.c_contiguous
            assert np.array_equal(array, wanted)


def assert_like(name, split):
    _, train, test, features, kind = LECTURE[name]
    for (x, y), rows in zip(split, (train, test), strict=True):
        assert x.shape == (rows, features)
        assert y.shape == (rows,)
        assert x.dtype == y.dtype == kind
        assert np.isfinite(x).all()
        assert np.isfinite(y).all()


@each_data_set
def test_real_data_are_what_keras_loads(name, home, put_real_files, keras_loads):
    put_real_files(name, home / "datasets")
    assert (source(name), fingerprint(name)) == ("real", f"{name}-real-{REAL_HASH[name]}")
    assert_like(name, load(name))
    keras_load_data = keras_loads(name, home / "datasets" / f"{name}.npz")
    assert_same(load(name), keras_load_data(**LECTURE[name][0]))
    (x_train, y_train), (x_test, y_test) = load(name)
    expected = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    arrays = references(name)
    assert sorted(arrays) == sorted(f"{name}/{key}" for key in expected)
    assert all(np.array_equal(arrays[f"{name}/{key}"], array) for key, array in expected.items())


@each_data_set
def test_provision_copies_the_real_file(name, home, put_real_files, tmp_path):
    put_real_files(name, home / "datasets")
    provision(name, tmp_path / "kernel")
    [copy] = (tmp_path / "kernel" / "datasets").iterdir()
    assert copy.name == f"{name}.npz"
    assert not copy.is_symlink()
    [file] = choice.DATA_SETS[name].files
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == file.sha256


@each_data_set
def test_the_twin_has_the_real_shapes_and_types(name, home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    assert (source(name), fingerprint(name)) == ("twin", f"{name}-twin-{TWIN_HASH[name]}")
    assert_like(name, load(name))
    assert load(name) is load(name)


@each_data_set
def test_references_of_the_twin_are_its_arrays(name, home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    arrays = references(name)
    (x_train, y_train), (x_test, y_test) = load(name)
    assert sorted(arrays) == [f"{name}/{key}" for key in ("x_test", "x_train", "y_test", "y_train")]
    assert arrays[f"{name}/x_train"] is x_train
    assert arrays[f"{name}/y_train"] is y_train
    assert arrays[f"{name}/x_test"] is x_test
    assert arrays[f"{name}/y_test"] is y_test


@each_data_set
@pytest.mark.parametrize("mode", ["twin", "real"])
def test_house_prices_have_no_word_index(name, mode, home, put_real_files, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", mode)
    if mode == "real":
        put_real_files(name, home / "datasets")
    with pytest.raises(ValueError, match=f"^{name} has no word index: its inputs are not words$"):
        word_index(name)


@each_data_set
def test_real_is_demanded_but_cannot_be_had(name, home, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "real")
    with pytest.raises(fairmark.data.DataUnavailable, match=rf"^the real {name} data can't be had: .*{name}\.npz"):
        load(name)


SPLITS = [{}, {"seed": 7}, {"test_split": 0.5, "seed": 1}, {"test_split": 0}, {"test_split": 0.999}]
OPTIONS = [
    *(("boston_housing", options) for options in SPLITS),
    *(("california_housing", {"version": version, **options}) for version in ("small", "large") for options in SPLITS),
    ("california_housing", {}),
    ("california_housing", {"path": "elsewhere.npz", "version": "small"}),
    ("boston_housing", {"path": "elsewhere.npz"}),
]


@pytest.mark.parametrize(("name", "options"), OPTIONS, ids=str)
def test_every_option_means_what_it_means_to_keras(name, options, home, keras_loads, serving):
    path = home / "as_published.npz"
    np.savez(path, **twin.content(choice.DATA_SETS[name].twin))
    keras_load_data = keras_loads(name, path)
    assert_same(serving(name)(**options), keras_load_data(**options))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("boston_housing", {"test_split": 1}),
        ("california_housing", {"test_split": -0.1}),
        ("california_housing", {"version": "tiny"}),
    ],
    ids=str,
)
def test_what_keras_refuses_is_refused_in_its_words(name, options, home, keras_loads, serving):
    path = home / "as_published.npz"
    np.savez(path, **twin.content(choice.DATA_SETS[name].twin))
    keras_load_data = keras_loads(name, path)
    with pytest.raises(ValueError, match="rgument") as expected:
        keras_load_data(**options)
    with pytest.raises(ValueError, match="rgument") as served:
        serving(name)(**options)
    assert str(served.value) == str(expected.value)


@each_data_set
def test_the_served_function_has_keras_s_name_and_signature(name, serving):
    keras_load_data = import_module(f"keras.datasets.{name}").load_data
    served = serving(name)
    assert served is not keras_load_data
    assert served.__name__ == "load_data"
    described = [
        [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]
        for function in (served, keras_load_data)
    ]
    assert described[0] == described[1]


@each_data_set
def test_each_call_gives_arrays_of_its_own(name, serving):
    load_data = serving(name)
    (x_train, _), _ = load_data()
    x_train[:] = 0
    assert load_data()[0][0].any()


IN_A_KERNEL = """
import hashlib
import fairmark.data
fairmark.data.serve_twins()
import keras, tensorflow
for name, options in (("boston_housing", {}), ("california_housing", {"version": "small"})):
    load_data = getattr(keras.datasets, name).load_data
    assert load_data is getattr(tensorflow.keras.datasets, name).load_data
    digest = hashlib.sha256()
    for half in load_data(**options):
        for array in half:
            digest.update(array.tobytes())
    print(digest.hexdigest())
"""


def test_a_kernel_gets_the_same_arrays_as_load(home, tmp_path, fresh_python, monkeypatch):
    monkeypatch.setenv("FAIRMARK_DATA", "twin")
    kernel_home = tmp_path / "kernel"
    expected = []
    for name in LECTURE:
        provision(name, kernel_home)
        digest = hashlib.sha256()
        for half in load(name):
            for array in half:
                digest.update(array.tobytes())
        expected.append(digest.hexdigest())
    assert fresh_python(IN_A_KERNEL, KERAS_HOME=str(kernel_home)).split() == expected
