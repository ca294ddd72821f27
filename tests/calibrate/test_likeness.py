"""Two recordings are of one training, however it was typed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairmark.calibrate.likeness import trains_alike
from fairmark.calibrate.replay.recipe import Recipe
from fairmark.evidence.blobs import digest_of
from fairmark.evidence.fits import SUFFIX, write_array


def described(name: str, **config: Any) -> dict[str, Any]:
    return {"module": "keras.losses", "class_name": name, "config": config, "registered_name": None}


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    x = np.arange(6, dtype="float32").reshape(3, 2)
    for array in (x, x[:, 0]):
        write_array(tmp_path / f"{digest_of(array)}{SUFFIX}", array)
    return Recipe(
        architecture={}, optimizer="rmsprop", loss="mse", batch_size=2, shuffle=True, epochs=(3,),
        x=digest_of(x), y=digest_of(x[:, 0]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("mse", described("MeanSquaredError"), True),
        ("mse", "mae", False),
        (described("Huber", delta=1.0), described("Huber"), True),
        (described("Huber", delta=1.0), described("Huber", delta=5.0), False),
        (described("OfTheNotebook"), described("OfTheNotebook"), False),
        ("of_the_notebook", "of_the_notebook", False),
    ],
)
def test_losses_are_tried_on_small_and_on_large_errors(
    recipe: Recipe, tmp_path: Path, one: Any, other: Any, alike: bool
) -> None:
    first, second = (recipe.model_copy(update={"loss": loss}) for loss in (one, other))
    assert trains_alike(first, second, tmp_path) is alike


@pytest.mark.parametrize(
    ("optimizer", "alike"),
    [
        ("RMSprop", True),
        ("adam", False),
        ({"module": None, "class_name": "Own", "config": {}, "registered_name": "Own"}, False),
    ],
)
def test_optimizers_are_alike_by_class_and_settings(
    recipe: Recipe, tmp_path: Path, optimizer: Any, alike: bool
) -> None:
    assert trains_alike(recipe, recipe.model_copy(update={"optimizer": optimizer}), tmp_path) is alike


@pytest.mark.parametrize("change", [{"buffer": 2}, {"batch_size": 3}])
def test_batches_and_their_order_are_compared(recipe: Recipe, tmp_path: Path, change: dict[str, int]) -> None:
    assert not trains_alike(recipe, recipe.model_copy(update=change), tmp_path)
    assert trains_alike(recipe.model_copy(update=change), recipe.model_copy(update=change), tmp_path)


def test_an_optimizer_of_ones_own_is_like_no_other(recipe: Recipe, tmp_path: Path) -> None:
    own = recipe.model_copy(update={"optimizer": {"module": None, "class_name": "Own", "config": {}}})
    assert not trains_alike(own, own, tmp_path)
