"""An edit of source code by its syntax: what it looks for is found whatever its spaces, quotes and comments."""

import ast
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

_Block = cst.Module | cst.IndentedBlock
_MERE_NAMES = {
    cst.Attribute: "attr",
    cst.Param: "name",
    cst.Arg: "keyword",
    cst.FunctionDef: "name",
    cst.ClassDef: "name",
}
"""Where a name is no expression of its own."""
_Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


class BadSnippet(ValueError):
    """A snippet that is no Python; the message says where."""


@dataclass(frozen=True)
class Edited:
    """``source`` after the edit, and how many places it found."""

    source: str
    places: int


def edited(source: str, old: str, new: str) -> Edited:
    """Replace the snippet ``old`` by ``new`` wherever the syntax tree of ``source`` holds it.

    ``old`` is an expression, a keyword argument (``axis=0``), or whole statements that follow one another.
    An empty ``new`` deletes it. Source that is no plain Python (a cell with magics) holds nothing.
    Raises BadSnippet.
    """
    edit = _Edit(_statements(old, "old"), _expression(old), _keyword(old), new)
    try:
        module = cst.parse_module(source)
    except cst.ParserSyntaxError:
        return Edited(source, 0)
    return Edited(module.visit(edit).code, edit.places)


@dataclass
class _Edit(cst.CSTTransformer):
    """Replaces every place that matches and counts them."""

    statements: Sequence[str]
    expression: str | None
    keyword: tuple[str, str] | None
    new: str
    places: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        super().__init__()
        self.mere_names: set[int] = set()
        # Where an expression becomes statements, or nothing, it must have been a statement itself.
        self.whole = self.expression is None or _expression(self.new) is None

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note names that are no expressions before they are looked at."""
        if part := _MERE_NAMES.get(type(node)):
            self.mere_names.add(id(getattr(node, part)))
        return True

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        """Look at every node once what is in it was looked at."""
        if isinstance(updated, cst.Call) and self.keyword is not None:
            return self._arguments_replaced(updated)
        if isinstance(updated, cst.Module | cst.IndentedBlock) and self.whole:
            return self._run_replaced(updated)
        if self.whole or not isinstance(original, cst.BaseExpression) or id(original) in self.mere_names:
            return updated
        if _dump(original) == self.expression:
            self.places += 1
            return _standing_alone(self.new.strip())
        return updated

    def _arguments_replaced(self, call: cst.Call) -> cst.Call:
        arguments: list[cst.Arg] = []
        for argument in call.args:
            named = argument.keyword is not None and (argument.keyword.value, _dump(argument.value))
            if named == self.keyword:
                self.places += 1
                arguments += _arguments(self.new)
            else:
                arguments.append(argument)
        return call.with_changes(args=arguments)

    def _run_replaced(self, block: _Block) -> _Block:
        body = list(block.body)
        length, index = len(self.statements), 0
        while index + length <= len(body):
            run = body[index : index + length]
            if [_statement_dump(statement) for statement in run] != list(self.statements):
                index += 1
                continue
            self.places += 1
            new = _parsed(self.new)
            if new:
                new[0] = new[0].with_changes(leading_lines=_leading(run[0]))
            body[index : index + length] = new
            index += len(new)
        if not body and isinstance(block, cst.IndentedBlock):
            body = [cst.parse_statement("pass")]
        return block.with_changes(body=body)


def _standing_alone(snippet: str) -> cst.BaseExpression:
    """Parse an expression, in brackets where its neighbours or a line's end would tear it apart."""
    torn = (ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Tuple)
    bare = isinstance(ast.parse(snippet, mode="eval").body, torn) and not snippet.startswith("(")
    return cst.parse_expression(f"({snippet})" if bare or "\n" in snippet else snippet)


def _leading(statement: cst.CSTNode) -> Sequence[cst.EmptyLine]:
    return getattr(statement, "leading_lines", ())


def _parsed(snippet: str) -> list[_Statement]:
    try:
        return list(cst.parse_module(textwrap.dedent(snippet).strip("\n")).body)
    except cst.ParserSyntaxError as error:
        raise BadSnippet(f"`new` is not valid Python: {snippet!r}") from error


def _arguments(snippet: str) -> Sequence[cst.Arg]:
    try:
        call = cst.parse_expression(f"f({snippet.strip()})")
    except cst.ParserSyntaxError as error:
        raise BadSnippet(f"`new` is no argument, as `old` is: {snippet!r}") from error
    return cst.ensure_type(call, cst.Call).args


def _statements(snippet: str, which: str) -> list[str]:
    """Return the dump of each statement of ``snippet``."""
    try:
        body = ast.parse(textwrap.dedent(snippet)).body
    except SyntaxError as error:
        raise BadSnippet(f"`{which}` is not valid Python: {snippet!r}") from error
    if not body:
        raise BadSnippet(f"`{which}` is empty")
    return [ast.dump(node) for node in body]


def _expression(snippet: str) -> str | None:
    """Return the dump of a snippet that is an expression, else None."""
    try:
        return ast.dump(ast.parse(textwrap.dedent(snippet).strip(), mode="eval").body)
    except SyntaxError:
        return None


def _keyword(snippet: str) -> tuple[str, str] | None:
    """Return name and value of a snippet of the form ``name=value``, else None."""
    try:
        call = ast.parse(f"f({snippet.strip()})", mode="eval").body
    except SyntaxError:
        return None
    if isinstance(call, ast.Call) and not call.args and len(call.keywords) == 1:
        (keyword,) = call.keywords
        return (keyword.arg, ast.dump(keyword.value)) if keyword.arg else None
    return None


def _dump(node: cst.BaseExpression) -> str | None:
    """Return what Python makes of an expression, spaces, quotes and comments aside."""
    try:
        return ast.dump(ast.parse(f"({cst.Module([]).code_for_node(node)}\n)", mode="eval").body)
    except SyntaxError:  # a part that does not stand alone, such as a keyword's comparison operator
        return None


def _statement_dump(node: cst.CSTNode) -> str | None:
    try:
        body = ast.parse(textwrap.dedent(cst.Module([]).code_for_node(node))).body
    except SyntaxError:  # `return` and `yield` outside a function are valid to the parser; what is left is odd
        return None
    return ast.dump(body[0]) if len(body) == 1 else None
