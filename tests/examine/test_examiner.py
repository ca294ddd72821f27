"""Verdicts are shared by what they depend on, and by nothing less: no gradebook depends on its order."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairmark.evidence.blobs import npy_bytes
from fairmark.evidence.manifest import Captured
from fairmark.examine.examiner import Examiner
from fairmark.plan import Plan, QuestionPlan
from fairmark.thresholds import write_thresholds
from tests.bars import invented_bar
from tests.examine.conftest import manifest_of

HEAD = "from otter.test_files import test_case\nname = 'q1'\npoints = 1\n"
TEST = f"""{HEAD}
@test_case()
def test_sum(x):
    assert x.sum() == 3
"""
ASKS_A_MODEL = f"""{HEAD}
import numpy as np
from fairmark.checks import correct_predictions, parameters, threshold

@test_case()
def test_it_is_a_model(x):
    assert hasattr(x, "count_params")

@test_case()
def test_size(x):
    assert x.count_params() == parameters(x).total == 17

@test_case()
def test_accuracy(x):
    correct = correct_predictions(x, np.arange(3), np.array([0, 1, 1]))
    assert threshold("accuracy").met_by(correct, of=3)

@test_case()
def test_another_size(x):
    assert x.count_params() == 18
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
    store(examiner, "whole", {"$": "array", "blob": BLOB}, ARRAY)
    store(examiner, "gone", {"$": "array", "blob": BLOB})
    return examiner


def store(examiner: Examiner, key: str, x: Any, *blobs: bytes) -> None:
    """Store evidence in which q1 left ``x`` and ``blobs``."""

    def fill(folder: Path) -> None:
        for blob in blobs:
            (folder / "blobs" / sha256(blob).hexdigest()).write_bytes(blob)

    manifest = manifest_of(Captured(cell=1, names={"x": x}), {"kind": "finished"}, ())
    examiner.store.write(manifest.model_copy(update={"key": key}), fill)


@pytest.mark.parametrize("order", [("whole", "gone"), ("gone", "whole")])
def test_a_record_whose_blobs_are_gone_is_another(examiner: Examiner, order: tuple[str, str]) -> None:
    found = {key: examiner.examine([key], key, f"{key}.ipynb").questions[0] for key in order}
    assert (found["whole"].earned, found["gone"].earned) == (1, 0)
    assert "could not be read back: blob" in found["gone"].cases[0].message


def test_the_very_same_is_examined_once(examiner: Examiner) -> None:
    for student in ("ann", "bob"):
        assert examiner.examine(["whole"], student, "a.ipynb").total == 1
    assert len(list((examiner.folder / "examined").iterdir())) == 1


def test_what_a_model_without_a_graph_passes_by_its_word_is_noted(examiner: Examiner) -> None:
    (examiner.grader / "tests" / "q1.py").write_text(ASKS_A_MODEL)
    write_thresholds(examiner.grader, {"accuracy": {"d": invented_bar(3, None)}})
    outputs = npy_bytes(np.array([[0.0], [1.0], [1.0]], "float32"))
    inputs = sha256(npy_bytes(np.arange(3))).hexdigest()
    facts = [["built", True], ["parameters", 17], ["trainable", 17], ["layers", []]]
    model = {
        "$": "model",
        "facts": {"$": "dict", "items": facts},
        "architecture": None,
        "reason": "a `call` of its own",
        "predictions": {inputs: {"$": "array", "blob": sha256(outputs).hexdigest()}},
    }
    store(examiner, "claimed", model, outputs)
    verdict = examiner.examine(["claimed"], "ann", "a.ipynb")
    found = {case.test: (case.outcome, case.claims) for case in verdict.questions[0].cases}
    assert found == {
        "test_it_is_a_model": ("passed", ()),
        "test_size": ("passed", ("parameters",)),
        "test_accuracy": ("passed", ("predictions",)),
        "test_another_size": ("failed", ("parameters",)),
    }
    assert verdict.on_claims == ("q1",)
    assert examiner.examine(["claimed"], "bob", "b.ipynb").on_claims == ("q1",)
