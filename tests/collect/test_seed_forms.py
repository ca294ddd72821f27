"""Seeds that the grader does not remap are found in the source; those that it does are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.collect.seed_forms import MOST, MOST_SOURCE, escaping_seeds

IMPORTS = "import random, keras, numpy as np, tensorflow as tf\n"
GIVEN = """
import sklearn.utils
from keras.random import SeedGenerator as Generator
generator = keras.random.SeedGenerator(1)
made_by_another_name = Generator(1)
annotated: Generator = Generator(1)
self.generator = keras.random.SeedGenerator(1)
state = np.random.get_state()
"""


@pytest.mark.parametrize(
    "form",
    [
        "np.random.Generator(np.random.PCG64(1))",
        "np.random.default_rng(np.random.SeedSequence(entropy=5))",
        "np.random.RandomState(np.random.MT19937(1))",
        "np.random.Philox(key=1)",
        "np.random.mtrand.RandomState(5)",
        "np.random.seed.__wrapped__(5)",
        "tf.random.Generator.from_seed(1)",
        "tf.random.stateless_normal((2,), seed=[1, 2])",
        "tf.random.normal((2,), seed=3)",
        "tf.random.shuffle(x, 3)",
        "tf.nn.dropout(x, 0.5, seed=3)",
        "tf.compat.v1.set_random_seed(3)",
        "tf.experimental.numpy.random.seed(5)",
        "generator.state.assign([1, 2])",
        "tf.data.Dataset.range(9).shuffle(9, 42)",
        "ds.shuffle(1000, seed=42)",
        "ds.batch(2).shuffle(1000, seed=SEED)",
        "keras.random.normal((2,), seed=7)",
        "tf.keras.random.uniform((2,), seed=7)",
        "keras.random.normal((3,), 0.0, 1.0, None, 7)",
        "keras.random.normal((2,), seed=6 * 7)",
        "keras.random.normal((2,), seed=SEEDS[0])",
        "keras.random.normal((2,), seed=unknown)",
        "keras.random.normal((2,), **options)",
        "keras.random.normal(*arguments)",
        "keras.random.shuffle(x, 0, 7)",
        "keras.random.dropout(x, 0.5, None, 7)",
        "keras.random.categorical(x, 1, 'int32', 7)",
        "random.setstate(STATE)",
        "np.random.set_state(('MT19937', KEYS, 624))",
        "np.random.RandomState().set_state(STATE)",
        "keras.datasets.boston_housing.load_data(seed=5)",
    ],
)
def test_an_escaping_form_is_found_where_it_is(form: str) -> None:
    assert escaping_seeds({"cell 1": IMPORTS, "cell 2": f"y = 1\nif y:\n    x = f({form})"}) == (f"cell 2: {form}",)


@pytest.mark.parametrize(
    ("imports", "form"),
    [
        ("from numpy.random import Generator, PCG64", "Generator(PCG64(1))"),
        ("from numpy.random import PCG64 as Bits", "Bits(1)"),
        ("from tensorflow import random as tfr", "tfr.normal((2,), seed=1)"),
        ("from tensorflow.random import uniform", "uniform((2,), seed=1)"),
        ("from keras import random", "random.normal((2,), seed=1)"),
        ("import keras.random", "keras.random.normal((2,), seed=1)"),
        ("import keras\nSEED = 3", "keras.random.normal((2,), seed=SEED)"),
        ("import keras\nSEED: int = 3", "keras.random.normal((2,), seed=SEED)"),
        ("import keras\nif (SEED := 3): pass", "keras.random.normal((2,), seed=SEED)"),
        ("import keras\ng = keras.random.SeedGenerator(1)\ng = 7", "keras.random.normal((2,), seed=g)"),
        ("import keras\ng = keras.random.SeedGenerator(1)\nfor g in x: pass", "keras.random.normal((2,), seed=g)"),
        ("from random import setstate\nstate = 1", "setstate(state)"),
    ],
)
def test_a_form_is_known_by_any_name(imports: str, form: str) -> None:
    assert escaping_seeds({"cell 1": imports, "cell 2": form}) == (f"cell 2: {form}",)


@pytest.mark.parametrize(
    "form",
    [
        "np.random.default_rng(1)",
        "np.random.Generator(np.random.PCG64())",
        "np.random.Generator(np.random.PCG64(None))",
        "np.random.RandomState(1).shuffle(x)",
        "np.random.shuffle(x)",
        "rng.shuffle(x, axis=1)",
        "random.shuffle(x)",
        "random.Random(1)",
        "keras.utils.set_random_seed(1)",
        "keras.random.SeedGenerator(seed=1)",
        "keras.random.SeedGenerator(1)",
        "keras.random.normal((2,), seed=generator)",
        "keras.random.normal((2,), seed=self.generator)",
        "keras.random.normal((2,), seed=made_by_another_name)",
        "keras.random.normal((2,), seed=annotated)",
        "keras.random.normal((2,), seed=keras.random.SeedGenerator(1))",
        "keras.random.normal((2,), 0.0, 1.0, 'float32', generator)",
        "keras.random.normal((2,), 0.0, 1.0, 'float32')",
        "keras.random.normal((2,), 0.0, 1.0, None, None)",
        "keras.random.randint((2,), 0, 10, 'int32')",
        "keras.random.shuffle(x, 0)",
        "keras.random.dropout(x, 0.5)",
        "np.random.set_state(np.random.get_state())",
        "np.random.set_state(state)",
        "random.setstate(random.getstate())",
        "object.__setstate__(state)",
        "keras.layers.Dropout(0.5, seed=1)",
        "tf.keras.layers.Dropout(0.5, seed=1)",
        "tf.keras.initializers.GlorotUniform(seed=1)",
        "tf.initializers.GlorotUniform(seed=1)",
        "tf.random.set_seed(seed=1)",
        "tf.random.set_seed(1)",
        "tf.random.normal((2,), seed=None)",
        "tf.random.normal((2, 3), 0.0, 1.0)",
        "ds.shuffle(1000)",
        "ds.shuffle(1000, None)",
        "ds.shuffle(1000, reshuffle_each_iteration=False)",
        "shuffle(x, y)",
        "sklearn.utils.shuffle(x, y, random_state=1)",
        "frame.sample(5, random_state=1)",
        "keras.datasets.imdb.load_data(num_words=10000, seed=113)",
        "print('PCG64(1)')  # tf.random.normal((2,), seed=3)",
    ],
)
def test_what_the_grader_owns_is_not_listed(form: str) -> None:
    assert escaping_seeds({"cell 1": IMPORTS + GIVEN, "cell 2": form}) == ()


def test_a_functions_own_seed_is_found() -> None:
    source = "def noise(x, seed=None):\n    return x + keras.random.normal(x.shape, seed=seed)"
    assert escaping_seeds({"cell 1": source}) == ("cell 1: keras.random.normal(x.shape, seed=seed)",)


def test_a_layer_with_a_generator_of_its_own_is_not() -> None:
    source = """
class Noise(keras.layers.Layer):
    def __init__(self, **options):
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs), seed=self.seed_generator)
"""
    assert escaping_seeds({"cell 1": source}) == ()


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nPCG64(1)",
        "%%time\nPCG64(1)",
        "  \n%%timeit -n 3 -r 1\nPCG64(1)",
        "%time PCG64(1)",
        "if True:\n    !ls -l\n    PCG64(1)",
        "files = !ls\nPCG64(1)",
        "x = 'a%sb' % 1\nnp.sum?\n?np.sum\nPCG64(1)",
        "re.compile('\\d')\nPCG64(1)",
    ],
)
def test_magics_hide_nothing(source: str) -> None:
    assert escaping_seeds({"cell 1": source}) == ("cell 1: PCG64(1)",)


@pytest.mark.parametrize(
    "source",
    [
        "def (",
        "\0",
        "\ud800 = 1",
        "(" * 100_000,
        "x" + ".y" * 100_000,
        "x = " + "-" * 100_000 + "1",
        "%%bash\nls PCG64(1",
        " " * 400_000 + "x ?y",
    ],
)
def test_a_broken_cell_hides_no_other(source: str) -> None:
    assert escaping_seeds({"cell 1": source, "cell 2": "PCG64(1)"}) == ("cell 2: PCG64(1)",)


def test_nested_forms_are_named_once_and_each_kind_of_place_is_kept() -> None:
    found = escaping_seeds({"help.py": "a = Generator(PCG64(1))", "cell 1": "PCG64(1)\nPCG64(1)\nPCG64(\n  2)"})
    assert found == ("help.py: Generator(PCG64(1))", "cell 1: PCG64(1)", "cell 1: PCG64( 2)")


def test_what_is_kept_is_short() -> None:
    many = "\n".join(f"PCG64({number})" for number in range(100))
    assert len(escaping_seeds({"cell 1": many})) == MOST
    (long,) = escaping_seeds({"cell 1": f"PCG64([{'1, ' * 100}])"})
    assert long.startswith("cell 1: PCG64([1, 1")
    assert len(long) < 100


def test_all_cells_together_are_not_looked_through_for_longer_than_one() -> None:
    half = "#" * (MOST_SOURCE // 2 + 1)
    found = escaping_seeds({"cell 1": half, "cell 2": half, "cell 3": "PCG64(1)"})
    assert found == ("cell 2: too long to be looked through", "cell 3: PCG64(1)")


@given(st.text())
def test_any_text_is_read(source: str) -> None:
    assert escaping_seeds({"cell 1": source, "cell 2": "PCG64(1)"})[-1] == "cell 2: PCG64(1)"
