from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None
all_or_nothing = True

@test_case(points=1, hidden=False)
def test_is_a_model(model):
    assert model.count_params() > 0
