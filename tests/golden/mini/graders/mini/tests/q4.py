from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=1, hidden=True)
def test_accuracy(final_model):
    import numpy as np
    from fairmark.checks import correct_predictions, threshold
    CANARY = "canary-hidden-q4-c4ff"
    # Far enough from the border that every run of the reference gets them all right.
    held_out = np.random.default_rng(1).uniform(0.5, 2, size=(500, 2)).astype("float32")
    held_out[::2, 0] *= -1
    labels = (held_out[:, 0] > 0).astype("int64")
    correct = correct_predictions(final_model, held_out, labels)
    bar = threshold("accuracy")
    assert bar.met_by(correct, of=500), f"{correct} of 500 are right; {bar} is asked"

@test_case(points=1, hidden=False)
def test_layers(layers):
    assert layers == 2
