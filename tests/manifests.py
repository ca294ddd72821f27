"""Manifests made by hand, without any run."""

from typing import Any

from fairmark.evidence.manifest import Captured, Ending, Environment, Manifest

Curves = dict[str, list[Any]]


def history(curves: Curves) -> Any:
    """Curves as a Keras History leaves them in evidence."""
    return {"$": "history", "history": plain(curves), "params": None, "epoch": None}


def plain(curves: Curves) -> Any:
    """Curves as a dictionary leaves them in evidence."""
    return {"$": "dict", "items": [[name, values] for name, values in curves.items()]}


def manifest(names: dict[str, Any], question: str = "q3") -> Manifest:
    """The manifest of a run that left ``names`` when ``question`` was checked."""
    return Manifest(
        key="0123abcd",
        topic="mini",
        notebook_sha256="",
        data="imdb-twin-000000000000",
        seed=0,
        environment=Environment(
            python="", keras="", tensorflow="", numpy="", machine="", instructions="", threads=1, sandbox="none"
        ),
        ending=Ending(kind="finished"),
        errors=(),
        cells=1,
        wall_seconds=1,
        cpu_seconds=1,
        peak_memory_mb=1,
        questions={question: Captured(cell=1, names=names)},
    )
