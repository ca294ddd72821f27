"""The probes of a topic: calls made on the student's functions inside the sandbox."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fairmark.course import CourseError


@dataclass(frozen=True)
class Probe:
    """One function of ``probes.py``; ``needs`` are the student variables it is called on."""

    name: str
    needs: tuple[str, ...]
    definition: ast.FunctionDef


def read_probes(path: Path) -> dict[str, Probe]:
    """Read the probes in ``path`` (none if there is no such file), by name.

    Raises CourseError for a probe that takes defaults or star arguments.
    """
    if not path.is_file():
        return {}
    probes = {}
    for node in ast.parse(path.read_text(encoding="utf8"), str(path)).body:
        if not isinstance(node, ast.FunctionDef) or node.name == "inputs":
            continue
        arguments = node.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults:
            raise CourseError(f"{path}:{node.lineno}: probe {node.name} may take plain parameters only")
        probes[node.name] = Probe(node.name, tuple(a.arg for a in arguments.args), node)
    return probes


def with_probes(test: ast.FunctionDef, probes: Mapping[str, Probe]) -> ast.FunctionDef:
    """Return ``test`` made self-contained: the probes it takes travel inside it.

    A probe's parameter holds its answer where evidence has it; elsewhere (plain otter, Gradescope, the
    student's notebook) it arrives as None, and the probe is called on the live variables, which
    become parameters too.
    """
    taken = [argument.arg for argument in test.args.args]
    header: list[ast.stmt] = []
    for name in [name for name in taken if name in probes]:
        probe = probes[name]
        taken += [need for need in probe.needs if need not in taken]
        local = f"_probe_{name}"
        copy = ast.parse(ast.unparse(probe.definition)).body[0]
        assert isinstance(copy, ast.FunctionDef)
        copy.name = local
        call = f"if {name} is None:\n    {name} = {local}({', '.join(probe.needs)})"
        header += [copy, *ast.parse(call).body]
    # Parsed rather than constructed: the fields of a definition differ between Python versions.
    result = ast.parse(f"def {test.name}({', '.join(taken)}): ...").body[0]
    assert isinstance(result, ast.FunctionDef)
    docstring = test.body[:1] if ast.get_docstring(test) is not None else []
    result.body = [*docstring, *header, *test.body[len(docstring) :]]
    return ast.fix_missing_locations(result)
