from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = None

@test_case(points=0, hidden=False)
def test_comparison_has_the_right_form(comparison, smallest_gap, best_answers):
    """comparison has two numbers for each network, the two answers are names in it."""
    import numpy as np

    assert isinstance(comparison, dict) and comparison, f"comparison should be a dictionary with an entry for each network; it is {comparison!r}"
    for name, losses in comparison.items():
        assert isinstance(losses, dict) and set(losses) == {"training", "validation"}, (
            f"comparison[{name!r}] should have the entries 'training' and 'validation'; it is {losses!r}"
        )
        for part, loss in losses.items():
            assert np.size(loss) == 1, f"comparison[{name!r}][{part!r}] should be one number; it is {loss!r}"
    for answer in [smallest_gap, best_answers]:
        assert answer in comparison, f"{answer!r} is not one of the networks {list(comparison)}"

@test_case(points=1, hidden=True,
    failure_message="The column for validation should be the cross-entropy of each network, as it is now, on the same 5,000 validation reviews.")
def test_validation_column(comparison, networks, own_comparison, cross_entropy, x_train, y_train, x_val, y_val):
    """Each entry is the cross-entropy of that network on the validation rows, by the grader's function or the student's own."""
    def _probe_own_comparison(cross_entropy, networks, x_train, y_train, x_val, y_val):
        """What the student's own function says about every network's answers to both sets of reviews."""
        return {
            name: {
                "training": float(cross_entropy(y_train, model.predict(x_train, batch_size=1_000, verbose=0))),
                "validation": float(cross_entropy(y_val, model.predict(x_val, batch_size=1_000, verbose=0))),
            }
            for name, model in networks.items()
        }
    if own_comparison is None:
        own_comparison = _probe_own_comparison(cross_entropy, networks, x_train, y_train, x_val, y_val)
    from fairmark.checks import binary_cross_entropy
    from fairmark.data import load, multi_hot

    assert len(networks) > 1, "there is nothing to compare: no networks but the reference"
    assert set(comparison) == set(networks), f"the comparison is about {sorted(comparison)}, the networks are {sorted(networks)}"
    (sequences, labels), _ = load("imdb")
    x, y = multi_hot(sequences[:5_000]), labels[:5_000]
    for name, model in networks.items():
        found, own = float(comparison[name]["validation"]), float(own_comparison[name]["validation"])
        expected = binary_cross_entropy(model, x, y, from_logits=None)
        assert min(abs(found - expected), abs(found - own)) < 2e-3, f"{name}: found {found:.4f}, its answers have {expected:.4f}"

@test_case(points=1, hidden=True,
    failure_message="The column for training should be the cross-entropy of each network, as it is now, on the same 5,000 training reviews.")
def test_training_column(comparison, networks, own_comparison, cross_entropy, x_train, y_train, x_val, y_val):
    """Each entry is the cross-entropy of that network on the training rows, by the grader's function or the student's own."""
    def _probe_own_comparison(cross_entropy, networks, x_train, y_train, x_val, y_val):
        """What the student's own function says about every network's answers to both sets of reviews."""
        return {
            name: {
                "training": float(cross_entropy(y_train, model.predict(x_train, batch_size=1_000, verbose=0))),
                "validation": float(cross_entropy(y_val, model.predict(x_val, batch_size=1_000, verbose=0))),
            }
            for name, model in networks.items()
        }
    if own_comparison is None:
        own_comparison = _probe_own_comparison(cross_entropy, networks, x_train, y_train, x_val, y_val)
    from fairmark.checks import binary_cross_entropy
    from fairmark.data import load, multi_hot

    assert len(networks) > 1, "there is nothing to compare: no networks but the reference"
    assert set(comparison) == set(networks), f"the comparison is about {sorted(comparison)}, the networks are {sorted(networks)}"
    (sequences, labels), _ = load("imdb")
    x, y = multi_hot(sequences[5_000:10_000]), labels[5_000:10_000]
    for name, model in networks.items():
        found, own = float(comparison[name]["training"]), float(own_comparison[name]["training"])
        expected = binary_cross_entropy(model, x, y, from_logits=None)
        assert min(abs(found - expected), abs(found - own)) < 2e-3, f"{name}: found {found:.4f}, its answers have {expected:.4f}"

@test_case(points=1, hidden=True,
    failure_message="Read your own table again. The gap is validation minus training; and how good the answers to new reviews are stands in only one of the columns.")
def test_both_names(comparison, smallest_gap, best_answers):
    """Both answers agree with the student's own table."""
    assert len(comparison) > 1, "there is nothing to compare"
    column = {name: float(losses["validation"]) for name, losses in comparison.items()}
    gaps = {name: column[name] - float(losses["training"]) for name, losses in comparison.items()}
    assert gaps[smallest_gap] <= min(gaps.values()) + 1e-4, f"smallest_gap is {smallest_gap!r}; this table's gaps are {gaps}"
    assert column[best_answers] <= min(column.values()) + 1e-4, f"best_answers is {best_answers!r}; this table says {column}"
