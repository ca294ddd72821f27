"""Bands of learning curves: the right quantiles, as far as most runs trained, and a file that reads back."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark import data
from fairmark.calibrate.bands import NO_BANDS, Band, Bands, bands_of, read_bands, write_bands
from fairmark.course import Course, CourseError
from tests.manifests import Curves, history, manifest, plain

HERE = "imdb-twin-000000000000"
NUMBERS = st.floats(-1e6, 1e6)
BAND = Band(low=(1, 0.5), median=(1.5, 0.75), high=(2, 1.25))


def bands(*runs: Curves) -> dict[str, Band]:
    """The bands of one history that each of ``runs`` left."""
    found = bands_of(manifest({"history": history(run)}) for run in runs)
    assert found.runs == len(runs)
    return dict(found.questions.get("q3", {}).get("history", {}))


@given(st.integers(1, 40).flatmap(lambda runs: st.lists(st.lists(NUMBERS, min_size=runs, max_size=runs), min_size=1)))
def test_the_bands_are_numpys_quantiles_of_each_epoch(epochs: list[list[float]]) -> None:
    band = bands(*({"loss": list(run)} for run in zip(*epochs, strict=True)))["loss"]
    for place, values in enumerate(epochs):
        found = band.low[place], band.median[place], band.high[place]
        assert found == pytest.approx(np.quantile(values, [0.05, 0.5, 0.95]).tolist(), rel=1e-4, abs=1e-11)
        assert list(found) == sorted(found)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_a_band_reaches_as_far_as_nine_tenths_of_the_runs(lengths: list[int]) -> None:
    epochs = len(bands(*({"loss": [0.5] * length} for length in lengths))["loss"].low)
    reached = [sum(length >= epoch for length in lengths) for epoch in (epochs, epochs + 1)]
    assert 10 * reached[0] >= 9 * len(lengths) > 10 * reached[1]


def test_an_epoch_counts_the_runs_that_came_so_far() -> None:
    runs: list[Curves] = [{"loss": [1.0, 2.0]} for _ in range(9)]
    assert bands(*runs, {"loss": [100.0]})["loss"].high == (pytest.approx(55.45), 2.0)


def test_a_metric_that_diverged_in_one_run_has_no_band() -> None:
    diverged = {"loss": [1.0], "mae": [math.inf], "mse": [1.0]}
    assert list(bands({"loss": [1.0], "mae": [1.0], "mse": [1.0]}, diverged)) == ["loss", "mse"]
    assert list(bands({"loss": [1.0], "mae": [1.0], "mse": [1.0]}, {"loss": [1.0]})) == ["loss"]


def test_what_is_no_history_has_no_band() -> None:
    names = {"scores": [0.5, 0.25], "kept": plain({"loss": [0.5]}), "absent": {"$": "absent", "reason": ""}}
    assert list(bands_of([manifest(names)]).questions["q3"]) == ["kept"]
    assert bands_of([]) == NO_BANDS


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ONE_BAND = st.lists(st.tuples(*[st.floats(-1e15, 1e15)] * 3).map(sorted), min_size=1, max_size=5).map(
    lambda epochs: Band(**dict(zip(("low", "median", "high"), map(tuple, zip(*epochs, strict=True)), strict=True)))
)
HISTORIES = st.dictionaries(TEXT, st.dictionaries(TEXT, ONE_BAND, max_size=2), max_size=2)


@settings(deadline=None)
@given(st.builds(Bands, runs=st.integers(0, 99), questions=st.dictionaries(TEXT, HISTORIES, min_size=1, max_size=2)))
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, written: Bands) -> None:
    grader = tmp_path_factory.mktemp("grader")
    (grader / "calibration").mkdir()
    write_bands(grader, HERE, written)
    assert read_bands(grader, HERE) == written


@pytest.fixture
def grader(tmp_path: Path) -> Path:
    """A grader's folder with bands in it."""
    (tmp_path / "calibration").mkdir()
    write_bands(tmp_path, HERE, Bands(runs=30, questions={"q3": {"history": {"loss": BAND}}}))
    return tmp_path


def test_the_file_is_one_that_people_review(grader: Path) -> None:
    text = (grader / "calibration" / f"{HERE}.curves.json").read_text(encoding="utf8")
    assert '"low": [1.0, 0.5],\n' in text
    assert len(text.splitlines()) == 15
    write_bands(grader, HERE, read_bands(grader, HERE))
    assert (grader / "calibration" / f"{HERE}.curves.json").read_text(encoding="utf8") == text


def test_other_data_has_other_bands(grader: Path) -> None:
    assert read_bands(grader, "imdb-real-000000000000") == NO_BANDS


def test_bands_that_are_no_more_leave_no_file(grader: Path) -> None:
    write_bands(grader, HERE, NO_BANDS)
    assert list((grader / "calibration").iterdir()) == []


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ({"low": [1], "median": [1], "high": [1, 2]}, "one number an epoch each"),
        ({"low": [], "median": [], "high": []}, "at least 1 item"),
        ({"low": [math.nan], "median": [1], "high": [1]}, "finite number"),
        ({"low": [1], "median": [1], "high": [1e300]}, "less than or equal to"),
        ({"low": [1], "median": [1], "high": [1], "mean": [1]}, "mean"),
    ],
)
def test_another_file_is_refused(grader: Path, band: object, said: str) -> None:
    path = grader / "calibration" / f"{HERE}.curves.json"
    path.write_text(json.dumps({"format": 1, "runs": 3, "questions": {"q3": {"history": {"loss": band}}}}))
    with pytest.raises(CourseError) as refusal:
        read_bands(grader, HERE)
    assert str(refusal.value).startswith(f"{path}: not written by calibrate: ")
    assert said in str(refusal.value)


def test_a_torn_file_is_refused(grader: Path) -> None:
    path = grader / "calibration" / f"{HERE}.curves.json"
    path.write_text(path.read_text()[:40])
    with pytest.raises(CourseError, match="not written by calibrate"):
        read_bands(grader, HERE)


def test_calibrate_keeps_how_the_reference_trains(mini: Course) -> None:
    found = read_bands(mini.graders("mini"), data.fingerprint("imdb"))
    assert found.runs == 3
    assert list(found.questions) == ["q3"]
    history = found.questions["q3"]["history"]
    assert set(history) == {"loss", "accuracy"}
    assert all(len(band.median) == 3 for band in history.values())
    assert history["loss"].low[0] < history["loss"].high[0]
