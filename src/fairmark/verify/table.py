"""What was found, on the terminal."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fairmark.verify.findings import Column, Findings


def print_findings(console: Console, found: Findings) -> None:
    """Print a topic's misconceptions with the checks that catch them, its dead checks and its problems."""
    table = Table(
        title=Text(f"{found.topic} ({found.data})", style="bold"), title_justify="left", box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0), pad_edge=False,
    )  # fmt: skip
    for heading in ("question", "misconception", "costs", "elsewhere", "caught by"):
        table.add_column(heading, overflow="fold", justify="right" if heading in ("costs", "elsewhere") else "left")
    names = {check.name: check.test for check in found.checks}
    for column in found.misconceptions:
        table.add_row(*_row(column, names))
    console.print(table)
    console.print(Text(summary(found)))
    for check in found.dead_checks:
        console.print(Text(f"  catches nothing: {check.name} ({check.test})", style="dim"))
    for problem in found.problems:
        console.print(Text(f"  {problem}", style="red"))


def summary(found: Findings) -> str:
    """Return the one line that says how a topic did."""
    right = sum(score == 100 for score in found.alternatives.values())
    return (
        f"{found.topic}: {right} of {len(found.alternatives)} alternatives have 100 %, "
        f"{found.killed} of {len(found.misconceptions)} misconceptions lose points in their question, "
        f"the untouched notebook has {found.blank:g} %, {len(found.dead_checks)} of {len(found.checks)} checks "
        "catch no misconception"
    )


def _row(column: Column, names: dict[str, str]) -> list[Text]:
    caught = [names[name] for name in column.failed if name.startswith(f"{column.question} -")]
    if column.killed:
        last = Text(", ".join(caught))
    else:
        last = Text(f"survives: {column.survives}" if column.survives else "survives", style="yellow")
    return [
        Text(column.question),
        Text(column.name),
        Text(f"{column.lost:g}", style="green" if column.killed else "red"),
        Text(f"{column.elsewhere:g}", style="yellow" if column.elsewhere else "dim"),
        last,
    ]
