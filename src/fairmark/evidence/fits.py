"""Records of ``Model.fit``: what each call was given and the weights it left, kept when the reference is calibrated."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter

from fairmark.evidence.blobs import BadBlob, digest_of

FILE = "fits.json"
VERSION = 2
"""Changes when a record says more or otherwise: evidence with older records is collected again."""
SUFFIX = ".npy.gz"
"""Arrays given to ``fit`` lie in files ``<sha256 of the .npy>.npy.gz``."""


class Fit(BaseModel):
    """One call of ``Model.fit`` that came to its end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fresh: bool
    """Had the model never been trained before?"""
    overridden: tuple[str, ...]
    """Methods of Keras's that its class replaces."""
    architecture: dict[str, Any] | None
    """As in evidence; None: it has no graph of Keras layers."""
    compiled: dict[str, Any] | None
    """What ``get_compile_config`` gave before the call; None if it raised."""
    loss_like: str | None
    """Keras's loss that gives what the notebook's own loss gives; None if there is none, or the loss is Keras's."""
    steps: tuple[int, int]
    """Steps that its optimizer had taken before the call, and after it."""
    global_seed: int | None
    """TensorFlow's, on which the order of arrays depends; it is the same for all calls unless it is set anew."""
    x: str | None
    """sha256 of the array's .npy bytes; None if it was neither an array nor in a pipeline that can be read back."""
    y: str | None
    epochs: int
    batch_size: int | None
    """As given to ``fit`` or, like ``shuffle``, as the pipeline has it."""
    shuffle: bool | str
    buffer: int | None
    """Rows among which a pipeline's ``shuffle`` draws the next one, anew in each epoch; None where arrays were given:
    they are shuffled once for all epochs."""
    given: dict[str, str]
    """Every other argument that was not left at its default, with its kind (callbacks: their classes)."""
    before: tuple[str, ...]
    """sha256 of the .npy bytes of each weight before the call; none if the model was built by it."""
    after: tuple[str, ...]
    """The same after it: the weights of a model in evidence are named alike."""


Fits = TypeAdapter(tuple[Fit, ...])


def read_fits(evidence: Path) -> tuple[Fit, ...]:
    """Read what was recorded with one run's evidence; nothing if fits were not recorded."""
    path = evidence / FILE
    return Fits.validate_json(path.read_bytes()) if path.is_file() else ()


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write ``array``, compressed: a gigabyte of zeros and ones takes seconds and some thirty megabytes."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)


def read_array(path: Path, digest: str) -> NDArray[Any]:
    """Read the array whose sha256 is ``digest``. Raises BadBlob if the file holds anything else."""
    try:
        with gzip.open(path, "rb") as file:
            array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadBlob(f"{path.name} is missing, or no array") from error
    if digest_of(array) != digest:
        raise BadBlob(f"{path.name} was altered")
    return array
