"""Notebooks that replace what judges them, or hand over objects that lie. No question is answered in them."""

from tests.hostile.hand_in import FULL, HandIn, blank, framed, honest_then

KERAS = """
import keras
class Perfect:
    built, name, units, metrics_names = True, "model", 4, ["loss", "accuracy"]
    def __init__(self, *args, **kwargs): self.layers, self.history, self.epoch = [self, self], {"loss": [0]}, [0, 1, 2]
    def count_params(self): return 17
    def predict(self, *args, **kwargs): return 1
    def evaluate(self, *args, **kwargs): return [0.0, 1.0]
    fit = compile = lambda self, *args, **kwargs: self
for name in ("Model", "Sequential", "Functional"):
    setattr(keras, name, Perfect)
    setattr(keras.models, name, Perfect)
keras.src.models.model.Model.count_params = lambda self: 17
keras.callbacks.History = Perfect
model = final_model = keras.Sequential()
history, layers = keras.callbacks.History(), 7
"""

NUMPY = """
import numpy as np
class Always(np.ndarray):
    def __eq__(self, other): return True
    def __array_function__(self, *args, **kwargs): return True
    shape = property(lambda self: (200,))
    dtype = property(lambda self: np.dtype("float32"))
for name in ("array_equal", "allclose", "all", "any", "asarray", "ascontiguousarray", "save"):
    setattr(np, name, lambda *args, **kwargs: True)
np.testing.assert_allclose = lambda *args, **kwargs: None
double = lambda x: np.ndarray.__new__(Always, (1,))
layers = np.ndarray.__new__(Always, (1,))
side = layers
"""

BUILTINS = """
import builtins
class Anything(int):
    def __eq__(self, other): return True
    def __hash__(self): return 2
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __le__ = __ge__ = __eq__
class Dict(dict):
    def __getitem__(self, key): return Anything(2)
    def __contains__(self, key): return True
builtins.int = builtins.float = Anything
builtins.dict = Dict
builtins.len = lambda thing: 3
builtins.all = builtins.any = builtins.isinstance = lambda *args: True
layers, side = Anything(2), Dict()
double = lambda x: Anything(2)
model = final_model = history = Dict()
"""

FAIRMARK = """
import sys
import fairmark.evidence.write, fairmark.evidence.models, fairmark.collect.stand_in
fairmark.evidence.write.Recorder.node = lambda self, value: True
fairmark.evidence.write.Recorder._node = lambda self, value, depth: True
fairmark.collect.stand_in.Captor._probe = lambda self, *args: {"$": "dict", "items": [["negative", -4]]}
sys.modules["fairmark.checks"] = sys.modules["fairmark.examine"] = sys
__builtins__.__fairmark_captor__.__class__._probe = lambda self, *args: True
double = model = history = final_model = layers = side = 1
grader.check("q1"); grader.check("q2"); grader.check("q3"); grader.check("q4")
"""

OTTER = """
import sys, types
class Passed:
    def __getattr__(self, name): return lambda *args, **kwargs: "q1 results: All test cases passed!"
otter = sys.modules["otter"] = types.ModuleType("otter")
otter.Notebook = lambda *args, **kwargs: Passed()
grader = otter.Notebook()
print(grader.check("q1"))
"""

LIES = """
import keras, numpy as np
class Liar(keras.Model):
    units = property(lambda self: 4)
    layers = property(lambda self: [self, self])
    weights = trainable_weights = property(lambda self: [])
    def __init__(self):
        super().__init__()
        self.built, self.epoch, self.history_of = True, [0, 1, 2], {"loss": [1]}
    def count_params(self): return 17
    def evaluate(self, *args, **kwargs): return [0.0, 1.0]
    def predict(self, x, **kwargs): return np.full((len(x), 1), 0.5)
    def get_config(self): return {"name": "sequential", "layers": []}
    def call(self, x): return x
    def __len__(self): return 3
    def __eq__(self, other): return True
    def __hash__(self): return 1
    def __reduce__(self): return (print, ("unpickled",))
model = final_model = Liar()
class History(keras.callbacks.History):
    history = property(lambda self: {"loss": [1]})
    epoch = property(lambda self: Three())
    __module__ = "builtins"
class Three(list):
    def __len__(self): return 3
history = Three()
class Two(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
layers = Two(7)
class Twice:
    def __call__(self, x): return Two(0)
double = Twice()
"""

RAISES = """
class Mine(type):
    def __instancecheck__(cls, thing): raise SystemExit(3)
    def __getattribute__(cls, name): raise KeyboardInterrupt
class Trap(metaclass=Mine):
    def __getattribute__(self, name): raise KeyboardInterrupt
    def __array__(self, *args, **kwargs): raise SystemExit(3)
double = model = history = final_model = layers = side = Trap()
"""

BELIEVED = "; q2 rests on what a model without a graph said of itself: look at it"

REPLACING = {
    "replaces-keras": HandIn(
        framed(KERAS), "graded; needs the TA: q2, q3", 0, told=BELIEVED,
        why="what can't be rebuilt has no graph to be asked about: the TA is told",
    ),
    "replaces-numpy": HandIn(
        framed(NUMPY), ".*", 0, why="the examiner reads bytes with a NumPy of its own",
    ),
    "replaces-builtins": HandIn(
        framed(BUILTINS), ".*", 0, why="only exact plain types are stored, and the examiner has builtins of its own",
    ),
    "replaces-fairmark": HandIn(
        framed(FAIRMARK), "graded.*", 0, why="whatever the stand-in is made to write, it is judged elsewhere",
    ),
    "replaces-otter": HandIn(
        framed(OTTER), "graded.*", 0, why="a passed check in the notebook is no mark",
    ),
    "lies-about-itself": HandIn(
        framed(LIES), "graded; needs the TA: q2", 0,
        told=BELIEVED,
        why="shape, dtype, count_params, evaluate and len are worked out anew; where a model can't be rebuilt, its "
        "claimed predictions are compared with the labels",
    ),
    "raises-when-read": HandIn(
        framed(RAISES), "graded", 0, why="an object may raise what ends a Python: it costs nobody else a mark",
    ),
    "checks-itself": HandIn(
        honest_then("print(grader.check('q1'))\ngrader.check = lambda *args: 'passed'\ngrader.check('q5')\n"
                    "grader.check('../../q1')\ngrader.check(None)"),
        "graded.*", FULL, least=FULL, why="questions that do not exist, or are paths, are nobody's evidence",
    ),
    "answers-nothing": HandIn(
        blank(), "graded.*", 0, why="else the zeros above would have another reason",
    ),
}  # fmt: skip
