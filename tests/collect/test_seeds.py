"""Whose seeds decide: the grader's in every run, whatever the notebook writes; and equal seeds stay equal inside it."""

import random
from collections.abc import Callable
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.collect.collector import Collector
from fairmark.collect.seeds import remapped
from fairmark.course import Course
from fairmark.evidence.manifest import Manifest
from fairmark.evidence.store import EvidenceStore
from fairmark.kernel.session import Kernels
from fairmark.plan import Plan

FORMS = {
    "set_random_seed": "keras.utils.set_random_seed(7); draw = random.random(), np.random.rand(), tf_draw(), weight()",
    "tf.random.set_seed": "tf.random.set_seed(7); draw = tf_draw()",
    "np.random.seed": "np.random.seed(seed=7); draw = np.random.rand()",
    "np.random.seed of a list": "np.random.seed([7, 8]); draw = np.random.rand()",
    "default_rng": "draw = np.random.default_rng(7).random()",
    "default_rng of a NumPy integer": "draw = np.random.default_rng(np.int64(7)).random()",
    "default_rng, imported": "from numpy.random import default_rng as rng_of\ndraw = rng_of(7).random()",
    "RandomState": "draw = np.random.RandomState(7).rand()",
    "RandomState.seed": "state = np.random.RandomState(); state.seed(7); draw = state.rand()",
    "random.seed": "random.seed(7); draw = random.random()",
    "random.seed of a text": "random.seed('7'); draw = random.random()",
    "random.Random": "draw = random.Random(7).random()",
    "random.Random.seed": "draw = random.Random(); draw.seed(7); draw = draw.random()",
    "sample of pandas": "draw = [int(i) for i in pandas.Series(range(99)).sample(5, random_state=7)]",
    "random_state of SciPy": "draw = float(scipy.stats.norm.rvs(random_state=7))",
    "split_dataset": "draw = [float(x) for x in keras.utils.split_dataset("
    "np.arange(20.0), left_size=0.5, shuffle=True, seed=7)[0]]",
    "initialiser": "draw = float(keras.initializers.GlorotUniform(seed=7)((1,))[0])",
    "initialiser, cloned": "draw = float(keras.initializers.GlorotUniform(seed=7).clone()((1,))[0])",
    "initialiser, own rule": "draw = float(keras.initializers.Orthogonal(seed=7)((3, 3))[0, 0])",
    "layer": "draw = keras.layers.Dropout(0.5, seed=7)(np.ones((1, 40)), training=True).numpy().tolist()",
    "layer, made anew": "draw = keras.layers.GaussianNoise.from_config(keras.layers.GaussianNoise(0.5, seed=7)"
    ".get_config())(np.ones((1, 4)), training=True).numpy().tolist()",
    "SeedGenerator": "draw = float(keras.random.normal((), seed=keras.random.SeedGenerator(7)))",
    "op-level seed": "tf.random.set_seed(7); draw = float(tf.random.normal((), seed=7))",
    "shuffle of a data set": "tf.random.set_seed(7); draw = [int(i) for i in tf.data.Dataset.range(30).shuffle(30, 7)]",
}
"""Each draws numbers from the seed 7."""

FRESH = """
fresh = [np.random.default_rng().random(), np.random.RandomState().rand(), random.Random().random()]
random.seed(); np.random.seed(); tf.random.set_seed(None)
fresh += [random.random(), np.random.rand(), tf_draw(), random.Random(None).random()]
"""

KEPT = """
state = np.random.RandomState(7)
kept = [
    isinstance(state, np.random.RandomState), isinstance(np.random.mtrand._rand, np.random.RandomState),
    isinstance(pickle.loads(pickle.dumps(state)), np.random.RandomState), isinstance(random._inst, random.Random),
    not isinstance(state, type("Mine", (np.random.RandomState,), {})),
    pickle.loads(pickle.dumps(random.Random(7))).random() == random.Random(7).random(),
    keras.initializers.HeNormal(seed=7).get_config()["seed"], keras.layers.Dropout(0.5, seed=7).get_config()["seed"],
    keras.random.SeedGenerator(7).get_config()["seed"], keras.random.SeedGenerator().get_config()["seed"],
    np.random.default_rng.__name__, np.random.seed.__name__,
    np.random.default_rng(np.random.SeedSequence(7)).random() == np.random.Generator(np.random.PCG64(7)).random(),
]
(train, _), _ = keras.datasets.imdb.load_data(num_words=50)
(other, _), _ = keras.datasets.imdb.load_data(num_words=50, seed=7)
data = [train[0][:20], other[0][:20]]
"""

PROBES = """
def known(double):
    import numpy as np
    return [np.random.default_rng(7).random(), np.random.RandomState(7).rand(), double(1)]
"""

PLAN = Plan.model_validate({
    "questions": {
        "q1": {"names": ["draws", "again"], "probes": {}},
        "q2": {"names": ["fresh", "kept", "data"], "probes": {"known": ["double"]}},
            "q3": {"names": ["after"], "probes": {}},
    },
    "probe_source": PROBES,
})  # fmt: skip


def all_forms() -> list[str]:
    rounds = [
        "\n".join(f"{form}\n{name}[{title!r}] = draw" for title, form in FORMS.items()) for name in ("draws", "again")
    ]
    return [
        "import pickle, random, keras, pandas, scipy.stats, numpy as np, tensorflow as tf\ndraws, again = {}, {}\n"
        "def weight(): return float(keras.layers.Dense(1)(np.ones((1, 1)))[0, 0])\n"
        "def tf_draw(): return float(tf.random.normal(()))\n"
        "def double(x): return np.random.default_rng().random()",
        *rounds, FRESH, KEPT, "import otter\notter.Notebook().check('q2')",
        "after = np.random.default_rng().random()",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def run(mini: Course, kernels: Kernels, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Manifest]:
    """Collect a notebook of the given cells, anew each time."""

    def collected(seed: int, *sources: str, plan: Plan = PLAN, files: dict[str, bytes] | None = None) -> Manifest:
        store = EvidenceStore(tmp_path_factory.mktemp("evidence"))
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        collector = Collector("mini", "imdb", plan, mini.limits, store, kernels)
        manifest = store.manifest(collector.collect(notebook, files or {}, seed))
        assert manifest.errors == ()
        return manifest

    return collected


@pytest.fixture(scope="module")
def runs(run: Callable[..., Manifest]) -> list[Manifest]:
    """The notebook of all forms, twice under one seed of the grader's and once under another."""
    return [run(seed, *all_forms()) for seed in (1, 1, 2)]


def draws(manifest: Manifest, name: str = "draws") -> dict[str, Any]:
    return dict(manifest.questions["q1"].names[name]["items"])


def test_the_same_seed_draws_the_same_inside_a_notebook(runs: list[Manifest]) -> None:
    assert set(draws(runs[0])) == set(FORMS)
    assert draws(runs[0]) == draws(runs[0], "again")


@pytest.mark.parametrize("form", FORMS)
def test_under_another_seed_of_the_graders_a_seed_draws_something_else(runs: list[Manifest], form: str) -> None:
    assert draws(runs[0])[form] != draws(runs[2])[form]


def test_equal_seeds_are_equal_whatever_their_type(runs: list[Manifest]) -> None:
    found = draws(runs[0])
    assert found["default_rng"] == found["default_rng of a NumPy integer"] == found["default_rng, imported"]
    assert found["RandomState"] == found["RandomState.seed"] == found["np.random.seed"]
    assert (
        found["random.seed"] == found["random.Random"] == found["random.Random.seed"] != found["random.seed of a text"]
    )
    assert found["initialiser"] == found["initialiser, cloned"]


def test_a_run_can_be_repeated(runs: list[Manifest]) -> None:
    assert runs[0].questions == runs[1].questions


def test_fresh_randomness_differs_each_time_and_follows_the_graders_seed(runs: list[Manifest]) -> None:
    first, _, other = (manifest.questions["q2"].names["fresh"] for manifest in runs)
    assert len({*first, *other}) == len(first) + len(other)


def test_types_and_configurations_are_what_they_were(runs: list[Manifest]) -> None:
    kept = [True] * 6 + [7, 7, 7, None, "default_rng", "seed", True]
    assert [manifest.questions["q2"].names["kept"] for manifest in runs] == [kept] * 3


def test_data_and_probes_do_not_depend_on_the_graders_seed(runs: list[Manifest]) -> None:
    first, _, other = (manifest.questions["q2"] for manifest in runs)
    assert first.names["data"] == other.names["data"]
    assert first.names["data"][0] != first.names["data"][1]
    first_known, other_known = (captured.probes["known"] for captured in (first, other))
    assert first_known[:2] == other_known[:2]
    assert first_known[2] != other_known[2]


def test_a_probe_leaves_what_is_drawn_after_it_alone(run: Callable[..., Manifest], runs: list[Manifest]) -> None:
    unprobed = PLAN.model_copy(update={"probe_source": "def known(double): return 0"})
    again = run(1, *all_forms(), plan=unprobed)
    assert again.questions["q2"].probes == {"known": 0}
    assert again.questions["q3"] == runs[0].questions["q3"]


MODELS = """
import keras
def trained(seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, "relu"), keras.layers.Dropout(0.5),
                              keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = keras.random.normal((32, 2))
    model.fit(x, x[:, 0], epochs=2, batch_size=8, verbose=0)
    return [weights.tolist() for weights in model.get_weights()]
first, second, third = trained(7), trained(7), trained(8)
"""


def test_same_seed_same_weights_but_none_that_was_tried_out_at_home(run: Callable[..., Manifest]) -> None:
    questions = {"q1": {"names": ["first", "second", "third"], "probes": {}}}
    plan = Plan.model_validate({"questions": questions, "probe_source": ""})
    one, two = (run(seed, MODELS, plan=plan).questions["q1"].names for seed in (1, 2))
    assert one["first"] == one["second"] != one["third"]
    assert one["first"] != two["first"]
    assert one["third"] != two["third"]


def test_what_no_seed_was_written_for_is_drawn_as_ever(run: Callable[..., Manifest]) -> None:
    plan = Plan.model_validate({"questions": {"q1": {"names": ["drawn"], "probes": {}}}, "probe_source": ""})
    source = "import random, keras, numpy as np\ndrawn = [np.random.rand(), keras.initializers.HeNormal().seed]"
    drawn = run(5, source, plan=plan).questions["q1"].names["drawn"]
    assert drawn == [np.random.RandomState(5).rand(), random.Random(5).randint(1, 10**9)]


def test_seeds_that_escape_are_recorded(run: Callable[..., Manifest], runs: list[Manifest]) -> None:
    helper = {"lucky.py": b"import numpy as np\nrng = np.random.Generator(np.random.PCG64(11))"}
    found = run(
        0, "exec(open('lucky.py').read())", "from numpy.random import PCG64\nPCG64(2)", files=helper
    ).escaping_seeds
    assert found == ("lucky.py: np.random.Generator(np.random.PCG64(11))", "cell 2: PCG64(2)")
    assert "cell 2: tf.data.Dataset.range(30).shuffle(30, 7)" in runs[0].escaping_seeds


@given(st.integers(), st.text(), st.integers(), st.text())
def test_a_remapped_seed_is_a_seed_and_follows_both(grader: int, seed: str, other_grader: int, other_seed: str) -> None:
    found = remapped(grader, seed)
    assert 0 <= found < 2**32
    assert found == remapped(grader, seed)
    if (grader, seed) != (other_grader, other_seed):
        assert found != remapped(other_grader, other_seed)
