"""What can be said about functions and cells from their source: tests and probes must stand alone."""

import ast
import builtins
import symtable


def is_plain(function: ast.FunctionDef) -> bool:
    """Tell whether a function has plain parameters only (each is filled by its name) and no decorator."""
    arguments = function.args
    special = (arguments.posonlyargs, arguments.vararg, arguments.kwonlyargs, arguments.kwarg, arguments.defaults)
    return not any(special) and not function.decorator_list


def source_of(function: ast.FunctionDef, text: str) -> str:
    """Return the lines of a top-level function within the ``text`` it was parsed from."""
    return "\n".join(text.split("\n")[function.lineno - 1 : function.end_lineno])


def free_names(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function takes from outside itself, builtins aside."""
    waiting = symtable.symtable(ast.unparse(function), "function", "exec").get_children()
    names: set[str] = set()
    while waiting:
        table = waiting.pop()
        names |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        waiting += table.get_children()
    return names - set(dir(builtins))


def assigned_names(cell: ast.Module) -> set[str]:
    """Return the names that running ``cell`` defines at its top level."""
    # Not by symtable: since 3.12 it counts the variables of comprehensions among their surroundings'.
    names: set[str] = set()
    waiting: list[ast.AST] = [cell]
    while waiting:
        match waiting.pop():
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                pass
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.split(".")[0])
            case node:
                waiting += ast.iter_child_nodes(node)
    return names
