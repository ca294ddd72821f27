from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None
all_or_nothing = True

@test_case(points=1, hidden=False)
def test_is_a_model(model):
    assert model.count_params() > 0

@test_case(points=1, hidden=True)
def test_parameters(model):
    CANARY = "canary-hidden-q2-31c0"
    assert model.count_params() == 17, f"found {model.count_params()} parameters"

@test_case(points=1, hidden=True)
def test_units(model):
    CANARY = "canary-hidden-q2-99e2"
    assert model.layers[0].units == 4
