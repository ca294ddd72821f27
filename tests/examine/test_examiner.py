"""Verdicts are shared by what they depend on, and by nothing less: no gradebook depends on its order."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from fairmark.evidence.blobs import npy_bytes
from fairmark.evidence.manifest import Captured
from fairmark.examine.examiner import Examiner
from fairmark.plan import Plan, QuestionPlan
from tests.examine.conftest import manifest_of

TEST = """
from otter.test_files import test_case
name = "q1"
points = 1


@test_case()
def test_sum(x):
    assert x.sum() == 3
"""
ARRAY = npy_bytes(np.arange(3))
BLOB = sha256(ARRAY).hexdigest()


@pytest.fixture
def examiner(tmp_path: Path) -> Examiner:
    """Examines q1, which takes the array x. Two runs left the same record of it, and one of them the array."""
    grader = tmp_path / "grader"
    (grader / "tests").mkdir(parents=True)
    (grader / "tests" / "q1.py").write_text(TEST)
    plan = Plan(questions={"q1": QuestionPlan(names=("x",), probes={})}, probe_source="")
    (grader / "plan.json").write_text(plan.model_dump_json())
    examiner = Examiner("t", grader, tmp_path / "out")
    captured = Captured(cell=1, names={"x": {"$": "array", "blob": BLOB}})
    manifest = manifest_of(captured, {"kind": "finished"}, ())
    examiner.store.write(
        manifest.model_copy(update={"key": "whole"}), lambda folder: (folder / "blobs" / BLOB).write_bytes(ARRAY)
    )
    examiner.store.write(manifest.model_copy(update={"key": "gone"}), lambda _: None)
    return examiner


@pytest.mark.parametrize("order", [("whole", "gone"), ("gone", "whole")])
def test_a_record_whose_blobs_are_gone_is_another(examiner: Examiner, order: tuple[str, str]) -> None:
    found = {key: examiner.examine([key], key, f"{key}.ipynb").questions[0] for key in order}
    assert (found["whole"].earned, found["gone"].earned) == (1, 0)
    assert "could not be read back: blob" in found["gone"].cases[0].message


def test_the_very_same_is_examined_once(examiner: Examiner) -> None:
    for student in ("ann", "bob"):
        assert examiner.examine(["whole"], student, "a.ipynb").total == 1
    assert len(list((examiner.folder / "examined").iterdir())) == 1
