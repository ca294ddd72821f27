"""The kill matrix as a page: rows are checks, columns misconceptions, coloured where the check fails."""

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from fairmark.verify.findings import Findings


def kill_matrix_page(found: Findings, title: str) -> str:
    """Return one HTML file that loads nothing; ``title`` is the topic's title."""
    questions = list(dict.fromkeys(check.question for check in found.checks))
    columns = sorted(found.misconceptions, key=lambda column: questions.index(column.question))
    return _template().render(
        title=title,
        found=found,
        columns=columns,
        rows=[
            (check, [_cell(check.name in column.failed, check.question == column.question) for column in columns])
            for check in found.checks
        ],
        dead={check.name for check in found.dead_checks},
        style=resources.files("fairmark.verify").joinpath("templates/matrix.css").read_text(encoding="utf8"),
    )


def _cell(failed: bool, own: bool) -> str:
    if not failed:
        return "meant" if own else "quiet"
    return "kill" if own else "elsewhere"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("fairmark.verify"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("matrix.html.jinja")
