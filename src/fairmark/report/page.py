"""What all pages have in common: one HTML file that loads nothing, whatever its texts say."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from fairmark.report.band_chart import chart_style


def rendered(template: str, **context: object) -> str:
    """Render a template of this package, with the style and its digest for the page's security policy."""
    return "".join(rendered_parts(template, **context))


def rendered_parts(template: str, **context: object) -> Iterator[str]:
    """Render a template bit by bit: for a page that may be longer than memory should hold."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment().get_template(template).generate(style=style, style_digest=digest, **context)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("fairmark.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    own = (resources.files("fairmark.report") / "templates" / "page.css").read_text(encoding="utf-8")
    return own + chart_style()
