from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0, hidden=False)
def test_public(doubles, double):
    def _probe_doubles(double):
        """What ``double`` makes of a few values."""
        return {"one": double(1), "negative": double(-2), "text": double("ab")}
    if doubles is None:
        doubles = _probe_doubles(double)
    assert doubles["one"] == 2, f"double(1) gave {doubles['one']}"
