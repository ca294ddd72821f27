"""Architectures that a hostile sandbox wrote by hand: refused before anything is imported, run or allocated."""

import importlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from fairmark.evidence.architecture import MAX_DEPTH, MAX_OBJECTS
from fairmark.evidence.blobs import BadBlob
from fairmark.evidence.models import rebuild
from tests.evidence.models import X, described, edited, functional, layers, sequential

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def plain() -> Any:
    return described(sequential())


@pytest.fixture
def nothing_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *args: Any) -> Any:
        raise SystemExit(f"{name} was imported")

    monkeypatch.setattr(importlib, "import_module", refuse)


def of(module: str | None, name: str, config: Any = None, **more: Any) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": {} if config is None else config, **more}


OBJECTS = {
    "lambda": of(None, "__lambda__", {"value": ["4wAAAA==", None, None]}),
    "tensor": of(None, "__tensor__", {"value": [1.0], "dtype": "float32"}),
    "array": of(None, "__numpy__", {"value": [1.0], "dtype": "float32"}),
    "bytes": of(None, "__bytes__", {"value": "ab"}),
    "type spec": {**of("tensorflow", "__typespec__", []), "spec_name": "TensorSpec", "registered_name": None},
    "function": of("builtins", "function", "relu", registered_name="function"),
    "function of os": of("os", "function", "system", registered_name="system"),
    "foreign class": of("subprocess", "Popen", {"args": "true"}),
    "foreign module": of("os", "Dense", {"units": 4}),
    "module of a Keras module": of("keras.src.layers.core.lambda_layer", "Lambda", {}),
    "module is a list": of(["keras.layers"], "Dense", {"units": 4}),  # type: ignore[arg-type]
    "class is a list": of("keras.layers", ["Dense"], {"units": 4}),  # type: ignore[arg-type]
    "no module": {"class_name": "Dense", "config": {"units": 4}},
    "config is a text": of("keras.layers", "Dense", "x"),
    "registered": of("keras.layers", "Dense", {"units": 4}, registered_name="Custom>Dense"),
    "lambda layer": of("keras.layers", "Lambda", {"function": "x"}),
    "text vectorization": of("keras.layers", "TextVectorization", {"vocabulary": "/etc/passwd"}),
    "string lookup": of("keras.layers", "StringLookup", {"vocabulary": "/etc/passwd"}),
    "saved model": of("keras.layers", "TFSMLayer", {"filepath": "/tmp/x"}),
    "optimizer": of("keras.optimizers", "Adam", {}),
    "model loader": of("keras.models", "load_model", {"filepath": "x"}),
}
PLACES = ["layer", "activation", "initializer", "build_config", "dtype", "nested"]


@pytest.mark.usefixtures("nothing_imported")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("node", OBJECTS.values(), ids=OBJECTS.keys())
def test_an_object_off_the_list_is_refused_wherever_it_stands(plain: Any, node: Any, place: str) -> None:
    def plant(found: list[Any]) -> None:
        if place == "layer":
            found[1] = node
        elif place == "nested":
            found[1] = of("keras", "Sequential", {"name": "s", "layers": [found[1], node]})
        elif place == "build_config":
            found[1]["build_config"] = node
        else:
            found[1]["config"]["kernel_initializer" if place == "initializer" else place] = node

    with pytest.raises(BadBlob):
        rebuild(edited(plain[0], plant), plain[1])


ODD_VALUES: dict[str, tuple[str, Any]] = {
    "activation of os": ("activation", "os.system"),
    "activation is a dict": ("activation", {"relu": 1}),
    "activation is a list": ("activation", ["relu"]),
    "activation is a layer's name": ("activation", "Dense"),
    "units 2.5": ("units", 2.5),
    "units nan": ("units", float("nan")),
    "units of text": ("units", "x"),
    "units below 0": ("units", -4),
    "units out of range": ("units", 2**40),
    "initializer is a path": ("kernel_initializer", "/etc/passwd"),
    "initializer is a layer": ("kernel_initializer", of("keras.layers", "Dense", {"units": 4})),
    "regularizer is a dict": ("kernel_regularizer", {"l2": 1}),
    "dtype is a layer": ("dtype", of("keras.layers", "Dense", {"units": 4})),
    "dtype is text": ("dtype", "string"),
    "dtype is unknown": ("dtype", "float33"),
    "dtype is a list": ("dtype", ["float32"]),
    "name is a path": ("name", "../../x"),
    "name is long": ("name", "x" * 300),
    "name holds code": ("name", "x\n__import__('os')"),
    "unknown keyword": ("no_such_keyword", 1),
}


@pytest.mark.usefixtures("nothing_imported")
@pytest.mark.parametrize(("keyword", "value"), ODD_VALUES.values(), ids=ODD_VALUES.keys())
def test_an_odd_argument_is_refused(plain: Any, keyword: str, value: Any) -> None:
    forged = edited(plain[0], lambda found: found[1]["config"].update({keyword: value}))
    with pytest.raises(BadBlob):
        rebuild(forged, plain[1])


def test_compile_state_is_refused_or_left_out(plain: Any) -> None:
    forged = {**plain[0], "compile_config": {"optimizer": "sgd", "loss": "mse"}}
    with pytest.raises(BadBlob):
        rebuild(forged, [])
    bare = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": []}}
    with pytest.raises(BadBlob):
        rebuild({**bare, "compile_config": {"optimizer": "sgd"}}, [])


@pytest.mark.parametrize(
    "weights",
    [lambda w: w[:-1], lambda w: [*w, w[0]], lambda w: w[::-1], lambda w: [w[0].T, *w[1:]], lambda w: []],
    ids=["one too few", "one too many", "other order", "turned", "none"],
)
def test_weights_that_do_not_fit_are_refused(plain: Any, weights: Any) -> None:
    with pytest.raises(BadBlob):
        rebuild(plain[0], weights(plain[1]))


@pytest.mark.parametrize("kind", ["U3", "M8[s]", "complex64"])
def test_weights_that_are_no_numbers_are_refused(plain: Any, kind: str) -> None:
    with pytest.raises(BadBlob):
        rebuild(plain[0], [np.zeros(weight.shape, kind) for weight in plain[1]])


@pytest.mark.parametrize(
    "error",
    [TimeoutError("the alarm"), OSError("disk"), ImportError("keras"), MemoryError(),
     tf.errors.ResourceExhaustedError(None, None, "out of memory")],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_what_the_examiner_lacks_is_not_the_models_fault(
    plain: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def lacks(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(keras.saving, "deserialize_keras_object", lacks)
    with pytest.raises(type(error)):
        rebuild(*plain)


def test_any_other_error_of_keras_is(plain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.saving, "deserialize_keras_object", lambda *_: {}["no such layer"])
    with pytest.raises(BadBlob, match="the model may not be rebuilt: KeyError"):
        rebuild(*plain)


def test_too_many_objects_and_too_much_depth_are_refused(plain: Any) -> None:
    with pytest.raises(BadBlob, match="too large"):
        rebuild(edited(plain[0], lambda found: found[1]["config"].update(units=[1] * MAX_OBJECTS)), plain[1])
    deep: Any = 1
    for _ in range(MAX_DEPTH):
        deep = [deep]
    with pytest.raises(BadBlob, match="too large"):
        rebuild(edited(plain[0], lambda found: found[1]["config"].update(units=deep)), plain[1])


def test_a_chain_of_a_thousand_layers_is_refused_at_once(plain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keras takes minutes for it, and recurses."""
    monkeypatch.setattr(keras.saving, "deserialize_keras_object", lambda *_: pytest.fail("Keras was asked"))
    identity = of("keras.layers", "Identity")
    with pytest.raises(BadBlob):
        rebuild(edited(plain[0], lambda found: found.extend([identity] * 1000)), plain[1])


def test_a_graph_that_loops_is_refused() -> None:
    architecture, weights = described(functional())

    def loop(found: list[Any]) -> None:
        last = found[-1]
        last["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = [last["name"], 0, 0]

    with pytest.raises(BadBlob):
        rebuild(edited(architecture, loop), weights)


def peak_memory() -> int:
    """Return the most memory this process held since ``forget_peak``, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def forget_peak() -> int:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pytest.skip("only Linux measures a peak anew")
    return peak_memory()


def widened(layer: Any, found: int, new: int, shape: tuple[Any, ...], **config: Any) -> Any:
    """Describe a model of one layer, then make one number in it huge and change the layer's settings."""
    architecture, weights = described(keras.Sequential([keras.Input(batch_shape=shape), layer]))
    architecture["config"]["layers"][1]["config"].update(config)

    def widen(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: widen(value) for key, value in node.items()}
        if isinstance(node, list):
            return [widen(value) for value in node]
        return new if node == found and type(node) is int else node

    return widen(architecture), weights


HUGE = 1 << 26
BOMBS = {
    "dense units": lambda: widened(layers.Dense(7), 7, HUGE, (None, 2)),
    "dense input": lambda: widened(layers.Dense(2), 7, HUGE, (None, 7)),
    "embedding": lambda: widened(layers.Embedding(7, 2), 7, HUGE, (None, 3)),
    "convolution": lambda: widened(layers.Conv1D(1, 7), 7, HUGE, (None, 9, 2)),
    "separable": lambda: widened(layers.SeparableConv2D(7, 2), 7, HUGE, (None, 9, 9, 2)),
    "recurrent": lambda: widened(layers.LSTM(7), 7, HUGE, (None, 3, 2)),
    "batch norm": lambda: widened(layers.BatchNormalization(), 7, HUGE, (None, 7)),
    "normalization with a given mean": lambda: (
        widened(layers.Normalization(), 7, HUGE, (None, 7), mean=[0.0], variance=[1.0])[0],
        [],
    ),
    "state of a large batch": lambda: widened(layers.SimpleRNN(1), 7, HUGE, (7, 3, 1), stateful=True),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_size_bomb_allocates_nothing(bomb: Any) -> None:
    architecture, weights = bomb()
    before = forget_peak()
    with pytest.raises(BadBlob):
        rebuild(architecture, weights)
    assert peak_memory() - before < 100 * MEGABYTE, "as float32 it would be 256 MB or more"


OUTPUT_BOMBS = {
    "repeat": lambda: widened(layers.RepeatVector(7), 7, 1 << 30, (None, 2)),
    "upsampling": lambda: widened(layers.UpSampling1D(7), 7, 1 << 30, (None, 3, 2)),
    "padding": lambda: widened(layers.ZeroPadding1D(7), 7, 1 << 30, (None, 3, 2)),
    "one hot": lambda: widened(layers.CategoryEncoding(7), 7, 1 << 30, (None, 3)),
}


@pytest.mark.parametrize("bomb", OUTPUT_BOMBS.values(), ids=OUTPUT_BOMBS.keys())
def test_an_output_too_large_to_compute_is_refused(bomb: Any) -> None:
    """Each has no weight at all; asked for its predictions, it would end the examiner."""
    with pytest.raises(BadBlob):
        rebuild(*bomb())


def test_the_sound_one_is_rebuilt(plain: Any) -> None:
    """Else the cases above would be refused for a reason of their own."""
    assert rebuild(*plain).predict(X, verbose=0).shape == (6, 1)
    assert rebuild(*described(functional())).count_params() > 0
