"""Seeds in a notebook that the grader does not remap, found on its syntax tree. Pure: nothing is run.

``seeds`` takes what goes through NumPy's, Python's, TensorFlow's and Keras's own doors. Here are the other doors:
bit generators, states that are set, stateless and op-level seeds, a data set's ``shuffle``, what is handed to
``keras.random`` and is no SeedGenerator, and what libraries keep behind their doors. Op-level seeds are mixed with the
global one, which is the grader's; they are listed because nothing but TensorFlow promises that. A seed that is well
hidden (``getattr``, ``exec``) is not found.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from itertools import islice
from threading import Lock

MOST = 20
"""Forms kept of one notebook."""
MOST_SOURCE = 500_000
"""Characters that are looked through, of all cells together: some 7 seconds, and 400 MB if they are one cell."""

_LONGEST_TEXT = 80
_BITS = {"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64", "SeedSequence", "PRNGKey", "manual_seed"}
_STATES = {"from_seed", "from_state", "from_key_counter"}
_HIDDEN = {"mtrand", "_rand", "_inst", "__wrapped__"}
_TAKES_BITS = {"Generator", "RandomState", "default_rng"}
_SETS_STATE, _GIVES_STATE = {"setstate", "set_state"}, {"getstate", "get_state"}
_GENERATOR = {"SeedGenerator"}
_KERAS_SEED = {"shuffle": 2, "categorical": 3, "dropout": 3, "gamma": 3}
"""Places of ``seed`` among the arguments of ``keras.random``'s functions; 4 in all others."""
_USUAL = {"np": "numpy", "tf": "tensorflow"}
_USUAL_DATA_SEED = 113

_ASSIGNED_MAGIC = re.compile(r"(?<![=!<>])=\s*[%!].*")
_LINE_MAGIC = re.compile(r"^(\s*+)(?:%%?time(?:it)?\s+(?![-\s])(.*)|[%!?].*|.*\?\s*$)")
_warnings_lock = Lock()


def escaping_seeds(sources: Mapping[str, str]) -> tuple[str, ...]:
    """Return the seeds that escape the remapping, such as 'cell 5: np.random.Generator(PCG64(1))', 20 at most.

    ``sources`` are the code cells, and the student's modules, by what to call them, in the order in which they run.
    """
    reader, found, room = _Reader(), dict[str, None](), MOST_SOURCE
    for place, source in sources.items():
        if len(source) > room:
            found[f"{place}: too long to be looked through"] = None
        else:
            room -= len(source)
            found.update({f"{place}: {text}": None for text in islice(reader.escapes(source), MOST)})
    return tuple(islice(found, MOST))


class _Reader:
    """Reads one cell after the other, and keeps in mind what was imported and what names were given."""

    def __init__(self) -> None:
        self._imported = dict(_USUAL)
        self._made: dict[str, set[str]] = {}
        """Variable or attribute → the functions whose results it was given; "" for anything else."""

    def escapes(self, source: str) -> Iterator[str]:
        """Yield the source of each call that takes a seed past the remapping, the outermost of nested ones."""
        tree, read = _parsed(source)
        for node in ast.walk(tree):
            self._remember_import(node)
        self._remember_names(tree)
        inner: set[ast.AST] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node not in inner and self._escapes(node):
                inner.update(ast.walk(node))
                text = " ".join((ast.get_source_segment(read, node) or self._path(node.func)).split())
                yield text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"

    def _remember_import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for name in node.names:
                top = name.name.partition(".")[0]
                self._imported[name.asname or top] = name.name if name.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module:
            self._imported.update({name.asname or name.name: f"{node.module}.{name.name}" for name in node.names})

    def _remember_names(self, tree: ast.Module) -> None:
        makers: dict[ast.AST, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and isinstance(node.value, ast.Call):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                makers.update(dict.fromkeys(targets, self._path(node.value.func).rpartition(".")[2]))
        for node in ast.walk(tree):
            if (name := _given(node)) is not None:
                self._made.setdefault(name, set()).add(makers.get(node, ""))

    def _path(self, node: ast.expr) -> str:
        """Return what is called by its full name, 'numpy.random.PCG64'; only its end if it is a method of a result."""
        names = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            names.append(self._imported.get(node.id, node.id))
        return ".".join(reversed(names)).replace("tensorflow.keras.", "keras.")

    def _escapes(self, call: ast.Call) -> bool:
        path = self._path(call.func)
        name = path.rpartition(".")[2]
        seed = _seed_of(call)
        positional = [argument for argument in call.args if not _is_none(argument)]
        if name in _TAKES_BITS and any(isinstance(bits, ast.Call) and self._escapes(bits) for bits in call.args):
            return True
        if name in _BITS | _STATES or _HIDDEN.intersection(path.split(".")):
            return bool(positional or call.keywords)
        if name.startswith("stateless_") or path == "jax.random.key":
            return True
        if path.startswith("keras.random."):
            return name not in _GENERATOR and self._seeds_keras(call, name)
        if name in _SETS_STATE:
            return not all(self._is_made_by(_GIVES_STATE, state) for state in positional)
        if path.endswith(".state.assign") or (path.startswith("tensorflow.") and name == "seed"):
            return True
        if path.startswith("tensorflow.") and not path.startswith("tensorflow.initializers."):
            older = "compat" in path and name in ("set_seed", "set_random_seed")
            return older or (seed is not None and name != "set_seed") or (name == "shuffle" and len(positional) > 1)
        if name == "shuffle" and self._is_method(call.func):
            return seed is not None or len(positional) > 1
        if name == "load_data":
            return seed is not None and not (isinstance(seed, ast.Constant) and seed.value == _USUAL_DATA_SEED)
        return False

    def _is_method(self, function: ast.expr) -> bool:
        """Is it looked up in an object, and not in a module?"""
        owner = function.value if isinstance(function, ast.Attribute) else None
        while isinstance(owner, ast.Attribute):
            owner = owner.value
        return owner is not None and not (isinstance(owner, ast.Name) and owner.id in self._imported)

    def _seeds_keras(self, call: ast.Call, name: str) -> bool:
        """Is ``keras.random.<name>`` given a seed that is not None, nor visibly a generator, which is remapped?"""
        place = _KERAS_SEED.get(name, 4)
        unpacked = [argument for argument in call.args[:place] if isinstance(argument, ast.Starred)]
        named = [word.value for word in call.keywords if word.arg in ("seed", None)]
        seeds = [*unpacked, *call.args[place:], *named]
        return not all(_is_none(seed) or self._is_made_by(_GENERATOR, seed) for seed in seeds)

    def _is_made_by(self, makers: set[str], value: ast.expr) -> bool:
        """Is it visibly a result of ``makers``: called here, or all that its name was ever given?"""
        if isinstance(value, ast.Call):
            return self._path(value.func).rpartition(".")[2] in makers
        name = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
        return self._made.get(name, {""}) <= makers


def _seed_of(call: ast.Call) -> ast.expr | None:
    """Return what a call is given as ``seed=``, if anything but None."""
    return next((word.value for word in call.keywords if word.arg == "seed" and not _is_none(word.value)), None)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _given(node: ast.AST) -> str | None:
    """Return the variable or attribute to which a value is given here, if any."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
            return str(name)
    return None


def _parsed(source: str) -> tuple[ast.Module, str]:
    """Return the tree of a cell, and the text it is of; an empty one if it is no Python: then it does not run."""
    for text in (source, _without_magics(source)):
        try:
            with _warnings_lock, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # invalid escapes are the student's affair
                return ast.parse(text), text
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], []), ""


def _without_magics(source: str) -> str:
    """Blank out what only IPython understands, line by line; what `%time` is to run stays."""
    lines = (_ASSIGNED_MAGIC.sub("= None", line) for line in source.split("\n"))
    return "\n".join(_LINE_MAGIC.sub(lambda match: f"{match[1]}{match[2] or 'pass'}", line) for line in lines)
