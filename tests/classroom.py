"""A class of mini notebooks, each with one thing done to it. Graded once, looked at by many tests."""

from collections.abc import Callable
from typing import Any

import nbformat

Cells = list[Any]


def code(source: str, **metadata: Any) -> Any:
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def check_of(cells: Cells, question: str) -> int:
    return next(i for i, cell in enumerate(cells) if cell.source == f'grader.check("{question}")')


def solution_of(cells: Cells, question: str) -> int:
    return max(
        i for i in range(check_of(cells, question))
        if "otter_assign_solution_cell" in cells[i].metadata.get("tags", [])
    )  # fmt: skip


def after_imports(cells: Cells) -> int:
    return next(i for i, cell in enumerate(cells) if "import keras" in cell.source) + 1


def answered(question: str, source: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        cells[solution_of(cells, question)].source = source

    return change


def before(question: str, source: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        cells.insert(solution_of(cells, question), code(source))

    return change


def first(source: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        cells.insert(after_imports(cells), code(source))

    return change


def unchanged(cells: Cells) -> None:
    """Leave the reference as it is."""


def check_deleted(cells: Cells) -> None:
    del cells[check_of(cells, "q1")]


def checked_twice_last_wrong(cells: Cells) -> None:
    at = check_of(cells, "q1")
    cells[at + 1 : at + 1] = [code("right = double\ndouble = lambda x: 0"), code('grader.check("q1")')]


def checked_twice_last_right(cells: Cells) -> None:
    at = check_of(cells, "q1")
    cells[at:at] = [code("right = double\ndouble = lambda x: 0"), code('grader.check("q1")'), code("double = right")]


def check_aliased(cells: Cells) -> None:
    cells[check_of(cells, "q1")].source = 'look = grader.check\nlook("q1")\ndouble = None'


def checks_looped(cells: Cells) -> Cells:
    kept = [cell for cell in cells if not cell.source.startswith("grader.check(")]
    return [*kept, code('for number in range(1, 5):\n    grader.check(f"q{number}")')]


def check_too_early(cells: Cells) -> None:
    cells.insert(solution_of(cells, "q2"), cells.pop(check_of(cells, "q2")))


def name_reused(cells: Cells) -> None:
    cells.insert(check_of(cells, "q4") + 1, code("model = history = figure = double = 'something else'"))


def ignored_cell(cells: Cells) -> None:
    cells.insert(after_imports(cells), code("raise RuntimeError('scratch')", tags=["otter_ignore"]))


def check_in_metadata(cells: Cells) -> None:
    del cells[check_of(cells, "q1")]
    at = next(i for i, cell in enumerate(cells) if cell.source.startswith("def double"))
    cells[at].metadata["otter"] = {"tests": ["q1"]}
    cells.insert(at + 1, code("double = None"))


def no_otter(cells: Cells) -> Cells:
    return [cell for cell in cells if "otter" not in cell.source]


def lambda_activation(cells: Cells) -> None:
    for question in ("q2", "q4"):
        cell = cells[solution_of(cells, question)]
        cell.source = cell.source.replace('"relu"', "lambda x: keras.ops.relu(x)")


EQUALS_ALL = """
class Everything:
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __getitem__(self, key): return self
    def __len__(self): return 3
double = model = history = final_model = layers = Everything()
"""

REPLACE_CALL = """
import otter.test_files.exception_test
otter.test_files.exception_test.test_case.call_func = lambda self, env: None
"""

WRAP_RESULTS = """
from otter.execute import Checker
real = Checker.get_results
def all_passed():
    results = real()
    for file in results:
        for result in file.test_case_results:
            result.passed = True
    return results
Checker.get_results = all_passed
"""


def attack(source: str) -> Callable[[Cells], Cells]:
    """The untouched notebook (every answer gone), with one attack at its start and one at its end."""

    def change(cells: Cells) -> Cells:
        kept = [cell for cell in cells if "otter_assign_solution_cell" not in cell.metadata.get("tags", [])]
        kept.insert(after_imports(kept), code(source))
        return [*kept, code(source)]

    return change


SEARCH = """
import gc, os, pathlib, types
word = "canary" + "-hidden"
found = set()
for name, value in list(os.environ.items()):
    if word in value: found.add("environment")
here = pathlib.Path.cwd()
for path in here.parent.rglob("*"):
    if path.is_file() and word.encode() in path.read_bytes():
        found.add("file beside" if here in path.parents else "file in parent")
# The collector tracks no dict or tuple of plain texts, and no code: these are reached through what holds them.
waiting, seen = gc.get_objects(), set()
while waiting:
    thing = waiting.pop()
    inside = thing.co_consts if type(thing) is types.CodeType else gc.get_referents(thing)
    for value in inside:
        if type(value) is str:
            if word in value and value != word: found.add("memory " + value[:60])
        elif type(value) is bytes:
            if word.encode() in value and value != word.encode(): found.add("memory " + repr(value[:60]))
        elif not gc.is_tracked(value) and type(value) in (dict, tuple, types.CodeType) and id(value) not in seen:
            seen.add(id(value))
            waiting.append(value)
print("SEARCHED", sorted(found))
"""

# Each word is made at run time, so that only what is planted holds it.
PLANT = """
import os, sys, types
secret = ("canary" + "-hidden-{}").format
os.environ["PLANTED"] = secret("environment")
with open("beside.txt", "w") as file: file.write(secret("beside"))
with open("../parent.txt", "w") as file: file.write(secret("parent"))
plain = {"key": secret("dict")}
inner = [({"deep": (secret("nested"),)},)]
sys.modules["planted"] = types.ModuleType("planted")
sys.modules["planted"].text = secret("module")
exec("def planted(): return '" + secret("code") + "'")
"""


def searched_after(source: str) -> Callable[[Cells], Cells]:
    def change(cells: Cells) -> Cells:
        return [*cells, code(source), code(SEARCH)]

    return change


RAISES_IN_GRAPH = """
import tensorflow as tf

@tf.function
def double(x):
    for _ in tf.range(2):
        x = x + 1
    raise ValueError("no such column")

double(1)
"""

CLASS: dict[str, Callable[[Cells], Cells | None]] = {
    "reference": unchanged,
    "check-deleted": check_deleted,
    "checked-twice-last-wrong": checked_twice_last_wrong,
    "checked-twice-last-right": checked_twice_last_right,
    "check-aliased": check_aliased,
    "checks-looped": checks_looped,
    "check-too-early": check_too_early,
    "check-in-metadata": check_in_metadata,
    "name-reused": name_reused,
    "ignored-cell": ignored_cell,
    "no-otter": no_otter,
    "raises": before("q3", "raise ValueError('lost in q3')\n"),
    "raises-in-answer": answered("q3", "history = undefined_name"),
    "raises-in-probe": answered("q1", "def double(x):\n    return x + 'a'"),
    "raises-in-graph": answered("q1", RAISES_IN_GRAPH),
    "sys-exit": before("q3", "import sys\nsys.exit(3)"),
    "os-exit": before("q3", "import os\nos._exit(1)"),
    "exit-call": before("q3", "exit()"),
    "chdir": first("import os\nos.chdir('/')"),
    "endless": before("q4", "while True:\n    pass"),
    "lambda-activation": lambda_activation,
    "floods": first("for _ in range(60):\n    print('x' * 1_000_000)"),
    "equals-everything": attack(EQUALS_ALL),
    "replaces-call-func": attack(REPLACE_CALL),
    "wraps-get-results": attack(WRAP_RESULTS),
    "searches": searched_after("pass"),
    "searches-planted": searched_after(PLANT),
}
