"""Where two architectures first differ, in words."""

from collections.abc import Iterator
from typing import Any

from fairmark.checks.architecture import Architecture
from fairmark.checks.layers import LayerFacts, layers_of
from fairmark.checks.settings import shape_text, text_of


def difference(found: Architecture, expected: Architecture) -> str:
    """Say in one sentence where ``found`` first differs from ``expected``; empty if it does not."""
    if found == expected:
        return ""
    for name, here, there in (("takes", found.inputs, expected.inputs), ("gives", found.outputs, expected.outputs)):
        if len(here) != len(there):
            return f"the model {name} {len(here)} tensors, where {len(there)} are expected"
        if name == "takes" and here != there:
            return f"the model {name} the shapes {_shapes(here)}, where {_shapes(there)} are expected"
    return _of_layers(layers_of(found), layers_of(expected))


def _of_layers(ours: tuple[LayerFacts, ...], theirs: tuple[LayerFacts, ...]) -> str:
    if sorted(map(_spelled, ours)) == sorted(map(_spelled, theirs)):
        return f"the layers ({_listed(ours)}) are alike, but otherwise connected or shared than expected"
    if len(ours) != len(theirs):
        return f"there are {len(ours)} layers ({_listed(ours)}), where {len(theirs)} are expected ({_listed(theirs)})"
    for number, (here, there) in enumerate(zip(ours, theirs, strict=True), start=1):
        if here.kind != there.kind:
            return f"layer {number} is {here}, where {there} is expected"
        for sentence in _differences(here, there):
            return f"layer {number} ({here.kind}) {sentence}"
    return f"the layers ({_listed(ours)}) differ from those expected"


def _differences(found: LayerFacts, expected: LayerFacts) -> Iterator[str]:
    """Yield what differs between two layers of one kind."""
    if found.units != expected.units:
        yield f"has {found.units} units, where {expected.units} are expected"
    if found.activation != expected.activation:
        yield f"has the activation {found.activation}, where {expected.activation} is expected"
    for name in dict.fromkeys([*found.settings, *expected.settings]):
        here, there = found.settings.get(name), expected.settings.get(name)
        if text_of(here) != text_of(there):
            yield f"has {name} {_said(here)}, where {_said(there)} is expected"
    if found.activity_penalty != expected.activity_penalty:
        yield f"has a penalty on activities ({found.activity_penalty}), where {expected.activity_penalty} is expected"
    if found.shape != expected.shape:
        yield f"gives the shape {shape_text(found.shape)}, where {shape_text(expected.shape)} is expected"
    if found.trainable != expected.trainable:
        yield f"is {'trained' if found.trainable else 'frozen'}, where it should be otherwise"


def _spelled(facts: LayerFacts) -> str:
    return text_of(vars(facts))


def _said(value: Any) -> str:
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        name, settings = value
        return f"{name}({', '.join(f'{key}={item}' for key, item in settings.items())})" if settings else str(name)
    return "none" if value is None else str(value)


def _listed(found: tuple[LayerFacts, ...]) -> str:
    return ", ".join(map(str, found)) or "none"


def _shapes(shapes: Any) -> str:
    return " and ".join(map(shape_text, shapes))
