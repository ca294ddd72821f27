"""The reference on the real film reviews, where they are at hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairmark.examine.verdict import Verdict

DATASETS = Path(os.environ.get("FAIRMARK_TEST_DATASETS", Path(__file__).parents[2] / "shared" / "datasets"))


@pytest.fixture(scope="module")
def keras_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (DATASETS / "imdb.npz").is_file():
        pytest.skip(f"the real film reviews are not in {DATASETS}")
    home = tmp_path_factory.mktemp("keras")
    (home / "datasets").mkdir()
    for name in ("imdb.npz", "imdb_word_index.json"):
        (home / "datasets" / name).symlink_to(DATASETS / name)
    return home


def test_the_reference_earns_everything_on_the_real_reviews(keras_home: Path, root: Path, tmp_path: Path) -> None:
    reference = root / "graders" / "binary_classification" / "reference.ipynb"
    command = [
        sys.executable,
        "-m",
        "fairmark.cli",
        "grade",
        "binary_classification",
        str(reference),
        "-o",
        str(tmp_path),
        "--seed",
        "0",
    ]
    environment = {**os.environ, "KERAS_HOME": str(keras_home), "FAIRMARK_DATA": "real"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    verdict = Verdict.model_validate_json((tmp_path / "verdicts" / "reference.json").read_bytes())
    assert (verdict.total, verdict.status) == (30, "graded")
    (use,) = [use for question in verdict.questions for case in question.cases for use in case.thresholds]
    assert use.of == 25_000
    assert 0.86 <= use.measured / use.of <= 0.89
