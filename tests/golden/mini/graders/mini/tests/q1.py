from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=2, hidden=True)
def test_negative(doubles, probe_pair, double):
    def _probe_doubles(double):
        """What ``double`` makes of a few values."""
        return {"one": double(1), "negative": double(-2), "text": double("ab")}
    if doubles is None:
        doubles = _probe_doubles(double)
    def _probe_probe_pair(double):
        """A pair, to see that tuples survive."""
        return (double(0), double(1))
    if probe_pair is None:
        probe_pair = _probe_probe_pair(double)
    CANARY = "canary-hidden-q1-5d1f"
    assert doubles["negative"] == -4, f"canary-hidden-q1-5d1f: found {doubles['negative']}"
    assert probe_pair == (0, 2)

@test_case(points=0, hidden=False)
def test_public(doubles, double):
    def _probe_doubles(double):
        """What ``double`` makes of a few values."""
        return {"one": double(1), "negative": double(-2), "text": double("ab")}
    if doubles is None:
        doubles = _probe_doubles(double)
    assert doubles["one"] == 2, f"double(1) gave {doubles['one']}"

@test_case(points=1, hidden=True,
    failure_message="Say \"twice\" with \\ and \"quotes\": it's x + x.")
def test_text(doubles, double):
    def _probe_doubles(double):
        """What ``double`` makes of a few values."""
        return {"one": double(1), "negative": double(-2), "text": double("ab")}
    if doubles is None:
        doubles = _probe_doubles(double)
    CANARY = "canary-hidden-q1-7a77"
    assert doubles["text"] == "abab", "canary-hidden-q1-7a77"
