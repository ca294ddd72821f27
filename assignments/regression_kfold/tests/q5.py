from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0, hidden=False)
def test_four_histories_and_four_scores(histories, fold_scores, mean_score):
    """There is a history and a score for each fold, and one mean."""
    import numpy as np

    assert isinstance(histories, (list, tuple)) and len(histories) == 4, "histories should be a list of four, one for each fold"
    for history in histories:
        curves = getattr(history, "history", None)
        assert isinstance(curves, dict), f"histories should hold what model.fit returned; it holds something of type {type(history).__name__}"
        assert any(key.startswith("val_") and key != "val_loss" for key in curves), (
            f"There is no validation metric among the curves {sorted(curves)}: check metrics in compile, and validation_data in fit"
        )
    assert np.shape(fold_scores) == (4,), f"fold_scores should hold one number for each of the four folds; yours has the shape {np.shape(fold_scores)}"
    assert np.size(mean_score) == 1, f"mean_score should be one number; it is {mean_score!r}"
