"""A student's learning curve on their page: taken from evidence, beside the reference's, the same at every grading."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fairmark.calibrate.bands import NO_BANDS, Band, Bands
from fairmark.course import Course
from fairmark.evidence.manifest import Manifest
from fairmark.evidence.store import EvidenceStore
from fairmark.grade.batch import Grader, regrade
from fairmark.grade.learning_curves import LearningCurves
from fairmark.report import render_feedback
from tests.machine import has_sandbox
from tests.manifests import Curves, history, manifest
from tests.report.html_page import Page
from tests.report.report_samples import question, verdict

BAND = Band(low=(0.5, 0.4), median=(0.6, 0.5), high=(0.7, 0.6))
BOTH = Bands(runs=30, questions={q: {"history": {"loss": BAND, "val_loss": BAND}} for q in ("q3", "q4")})


def charts(html: str) -> list[str]:
    """What the charts of a page say of themselves."""
    return [str(svg["aria-label"]) for svg in Page(html).attributes("svg") if svg.get("role") == "img"]


def pages(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (out / "feedback").iterdir()}


def test_a_student_sees_the_curve_of_their_first_run(graded: Any) -> None:
    page = (graded[0] / "feedback" / "reference.html").read_text(encoding="utf8")
    (said,) = charts(page)
    found = EvidenceStore(graded[0] / "evidence").manifest(graded[1]["reference"].evidence[0])
    losses = dict(found.questions["q3"].names["history"]["history"]["items"])["loss"]
    assert said.startswith(f"Your training loss: {losses[0]:.3g} after epoch 1, {losses[-1]:.3g} after epoch 3. ")
    assert page.index('aria-labelledby="title-3"') < page.index('role="img"') < page.index('aria-labelledby="title-4"')


@pytest.mark.parametrize("student", ["raises-in-answer", "equals-everything", "os-exit"])
def test_who_trained_nothing_sees_no_curve(graded: Any, student: str) -> None:
    assert charts((graded[0] / "feedback" / f"{student}.html").read_text(encoding="utf8")) == []


def test_every_way_to_the_page_gives_the_same(mini: Course, graded: Any, tmp_path: Path) -> None:
    shutil.copytree(graded[0], tmp_path / "regraded")
    shutil.rmtree(tmp_path / "regraded" / "feedback")
    regrade(mini, tmp_path / "regraded", lambda *_: None, sandboxed=has_sandbox())
    assert pages(tmp_path / "regraded") == pages(graded[0])


def test_a_repeated_grading_gives_the_same(
    mini: Course, graded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kept in ("evidence", "examined"):
        shutil.copytree(graded[0] / kept, tmp_path / "out" / kept)
    monkeypatch.setattr("fairmark.collect.collector.run_notebook", None)
    grader = Grader(mini, "mini", tmp_path / "out", mini.limits, 0, has_sandbox())
    grader.grade([graded[0].parent / "in"], 2, lambda *_: None)
    assert pages(tmp_path / "out") == pages(graded[0])


def test_curves_change_no_verdict_and_show_nothing_hidden(mini: Course, graded: Any, tmp_path: Path) -> None:
    without = mini.model_copy(update={"root": tmp_path / "course"})
    shutil.copytree(mini.root, without.root)
    for path in (without.graders("mini") / "calibration").glob("*.curves.json"):
        path.unlink()
    shutil.copytree(graded[0], tmp_path / "out")
    regrade(without, tmp_path / "out", lambda *_: None, sandboxed=has_sandbox())
    for path in (graded[0] / "verdicts").iterdir():
        assert (tmp_path / "out" / "verdicts" / path.name).read_bytes() == path.read_bytes()
    for name, page in pages(tmp_path / "out").items():
        assert charts(page.decode()) == []
        assert b"canary-hidden" not in pages(graded[0])[name]


@pytest.fixture
def curves(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """What is shown of a submission whose run left ``found``."""

    def shown(found: Manifest, bands: Bands = BOTH) -> dict[str, Any]:
        folder = tmp_path / "evidence" / found.key
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").write_text(found.model_dump_json(), encoding="utf8")
        reader = replace(LearningCurves.read(tmp_path, tmp_path, found.data), bands=bands)
        return reader(verdict("ada", question("q3"), question("q4")))

    return shown


def test_the_validation_loss_is_shown_where_there_is_one(curves: Callable[..., dict[str, Any]]) -> None:
    (curve,) = curves(manifest({"history": history({"loss": [1.0], "val_loss": [2.0]})}))["q3"]
    assert (curve.metric, curve.values, curve.low) == ("val_loss", (2.0,), (0.5, 0.4))
    (curve,) = curves(manifest({"history": history({"loss": [1.0], "val_accuracy": [2.0]})}))["q3"]
    assert (curve.metric, curve.values) == ("loss", (1.0,))


def test_a_history_that_is_captured_again_is_shown_once(curves: Callable[..., dict[str, Any]]) -> None:
    both = manifest({"history": history({"loss": [1.0]})})
    again = both.model_copy(update={"questions": {"q4": both.questions["q3"], **both.questions}})
    assert list(curves(again)) == ["q3"]
    other = manifest({"history": history({"loss": [2.0]})}, "q4")
    assert list(curves(both.model_copy(update={"questions": {**both.questions, **other.questions}}))) == ["q3", "q4"]


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"history": None},
        {"history": "loss"},
        {"history": {"$": "absent", "reason": "a text"}},
        {"history": history({"mae": [1.0]})},
        {"other": history({"loss": [1.0]})},
        {"history": history({"loss": [1e300], "val_loss": [{"$": "float", "value": "nan"}]})},
    ],
)
def test_what_cannot_be_drawn_is_not_shown(curves: Callable[..., dict[str, Any]], found: dict[str, Any]) -> None:
    assert curves(manifest(found)) == {}


def test_without_bands_or_evidence_nothing_is_shown(curves: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    assert curves(manifest({"history": history({"loss": [1.0]})}), NO_BANDS) == {}
    lost = LearningCurves(EvidenceStore(tmp_path / "lost"), BOTH)
    assert lost(verdict("ada", question("q3"))) == lost(verdict("ada", question("q3"), evidence=())) == {}


def test_who_was_not_examined_has_no_curve_and_the_evidence_is_not_read(
    curves: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    found = manifest({"history": history({"loss": [1.0]})})
    curves(found)
    (tmp_path / "evidence" / found.key / "manifest.json").write_text("{")
    assert LearningCurves(EvidenceStore(tmp_path / "evidence"), BOTH)(verdict("ada", evidence=(found.key,))) == {}


@pytest.mark.parametrize(
    "loss",
    [[1e15, -1e15], [5e-324, 1e-310], [0.0], [1.0] * 100_000, [0.5, 1e9, 0.5], [-1e-12, 1e-12]],
    ids=["huge", "tiny", "one", "many", "jumping", "nearly nothing"],
)
def test_forged_numbers_break_no_page(curves: Callable[..., dict[str, Any]], loss: list[float]) -> None:
    forged: Curves = {"loss": loss}
    shown = curves(manifest({"history": history(forged)}))
    page = render_feedback(verdict("ada", question("q3")), title="Topic", curves=shown)
    assert len(charts(page)) == 1
    assert len(page) < 80_000
    drawn = [
        str(value) for tag, attributes in Page(page).tags if tag in ("path", "text") for value in attributes.values()
    ]
    assert not any(word in value for value in drawn for word in ("nan", "inf", "e+", "e-"))
