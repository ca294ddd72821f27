"""The probes of a topic: calls made on the student's functions inside the sandbox."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from fairmark.build.functions import free_names, is_plain, source_of
from fairmark.build.master import Master, defined_names
from fairmark.course import CourseError


@dataclass(frozen=True)
class Probe:
    """One function of ``probes.py``; ``needs`` are the student variables it is called on."""

    name: str
    needs: tuple[str, ...]
    source: str


def read_probes(path: Path) -> dict[str, Probe]:
    """Read the probes in ``path`` (none if there is no such file), by name.

    Raises CourseError for a probe that takes defaults or star arguments, or that doesn't stand alone.
    """
    if not path.is_file():
        return {}
    try:
        source = path.read_text(encoding="utf8")
        body = ast.parse(source, str(path)).body
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno or 1}: not valid Python: {error.msg}") from error
    except ValueError as error:
        raise CourseError(f"{path}: not valid Python: {error}") from error
    probes = {}
    for node in body:
        if not isinstance(node, ast.FunctionDef) or node.name == "inputs":
            continue
        where = f"{path}:{node.lineno}: probe {node.name}"
        if not is_plain(node):
            raise CourseError(f"{where} may take plain parameters only, and no decorator")
        if missing := free_names(node):
            raise CourseError(f"{where} uses {min(missing)} from outside; import it inside, or take it as a parameter")
        probes[node.name] = Probe(node.name, tuple(a.arg for a in node.args.args), source_of(node, source))
    return probes


def check_probe_names(master: Master, probes: Mapping[str, Probe]) -> None:
    """Refuse a probe named like a student's variable: outside fairmark, otter would hand over the variable."""
    defined = defined_names(master)
    for name, probe in probes.items():
        if name in defined:
            raise CourseError(
                f"{master.path}: cell {defined[name]} defines {name}, and a probe has that name; rename the probe"
            )
        if taken := set(probe.needs) & set(probes):
            raise CourseError(f"probes.py: probe {name} takes the probe {min(taken)}; write a student variable instead")


def with_probes(test: str, probes: Mapping[str, Probe]) -> str:
    """Return the source of ``test``, a function, made self-contained: the probes it takes travel inside it.

    A probe's parameter holds its answer where evidence has it; elsewhere (plain otter, Gradescope, the
    student's notebook) it arrives as None, and the probe is called on the live variables, which
    become parameters too.
    """
    function = _function(test)
    taken = [parameter.name.value for parameter in function.params.params]
    header: list[cst.BaseStatement] = []
    for name in [name for name in taken if name in probes]:
        probe = probes[name]
        taken += [need for need in probe.needs if need not in taken]
        local = _function(probe.source).with_changes(name=cst.Name(f"_probe_{name}"), returns=None)
        call = cst.parse_module(f"if {name} is None:\n    {name} = _probe_{name}({', '.join(probe.needs)})\n")
        header += [local.with_changes(params=_parameters(probe.needs)), *call.body]
    body = list(_block(function).body)
    docstring = body[:1] if function.get_docstring() is not None else []
    whole = _block(function).with_changes(body=[*docstring, *header, *body[len(docstring) :]])
    made = function.with_changes(params=_parameters(taken), returns=None, body=whole)
    return cst.Module([made]).code.rstrip()


def _function(source: str) -> cst.FunctionDef:
    """Parse one function. A syntax tree that keeps the text prints it alike on every Python version."""
    (function,) = cst.parse_module(source + "\n").body
    assert isinstance(function, cst.FunctionDef)
    return function.with_changes(leading_lines=[])


def _block(function: cst.FunctionDef) -> cst.IndentedBlock:
    """Return the function's body as a block, also where it stands behind the colon."""
    match function.body:
        case cst.SimpleStatementSuite(body=statements):
            return cst.IndentedBlock([cst.SimpleStatementLine(statements)])
        case block:
            assert isinstance(block, cst.IndentedBlock)
            return block


def _parameters(names: Sequence[str]) -> cst.Parameters:
    return cst.Parameters([cst.Param(cst.Name(name)) for name in names])
