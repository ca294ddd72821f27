"""The command line: each command reads its arguments, calls one function and says what came out."""

import enum
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from fairmark.course import Course, CourseError, read_course

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from fairmark.examine.verdict import Verdict
    from fairmark.grade.batch import Progress
    from fairmark.grade.results import Verdicts

app = typer.Typer(
    help="Build, calibrate and grade Keras notebook assignments. Run it in the course's folder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()

TopicArgument = Annotated[str, typer.Argument(help="A topic of course.toml.")]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Notebooks run at once (default: as cores and free memory allow)."),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Run notebooks on the dask.distributed cluster with this scheduler."
    ),
]
TwinOption = Annotated[
    bool,
    typer.Option("--twin", help="Use the offline twin of the data even where the real files are at hand."),
]
NoSandboxOption = Annotated[
    bool,
    typer.Option("--no-sandbox", help="Run students' code as yourself, where this machine has no sandbox."),
]


class EngineName(enum.StrEnum):
    """How seeds are trained."""

    rerun = "rerun"
    replay = "replay"


class DeviceName(enum.StrEnum):
    """What replays are trained on."""

    cpu = "cpu"
    gpu = "gpu"


@app.command()
def build(
    topics: Annotated[list[str] | None, typer.Argument(help="Topics to build (default: all).")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 with a diff if what is there differs.")
    ] = False,
) -> None:
    """Make what students get and what marks them from the solutions."""
    with _plain_errors():
        from fairmark.build.builder import build_topic, differences, write_built

        course = _course()
        names = topics or list(course.topics)
        changed = False
        with ThreadPoolExecutor() as pool:  # half of a build is otter assign, a process of its own
            for name, built in zip(names, pool.map(lambda name: build_topic(course, name), names), strict=True):
                if check:
                    lines = list(differences(course, name, built))
                    changed = changed or bool(lines)
                    typer.echo("\n".join(lines) if lines else f"{name}: what is there is what build makes")
                else:
                    write_built(course, name, built)
                    typer.echo(f"{name}: assignments/{name} and graders/{name} written")
    raise typer.Exit(1 if changed else 0)


@app.command()
def grade(
    topic: TopicArgument,
    submissions: Annotated[list[Path], typer.Argument(help="A folder, a zip, or single files.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the gradebook, feedback and evidence.")],
    jobs: JobsOption = None,
    scheduler: SchedulerOption = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, max=2**31 - 1, help="Seed of first runs (default: drawn once for OUT, and kept in its batch.json)."
        ),
    ] = None,
    twin: TwinOption = False,
    no_sandbox: NoSandboxOption = False,
) -> None:
    """Mark submissions; the same command again goes on where it was interrupted."""
    with _plain_errors():
        from fairmark.grade.batch import Grader
        from fairmark.grade.marked_data import marked_data, uncalibrated
        from fairmark.grade.results import chosen_seed

        course = _course()
        needed = course.topic(topic).memory_gb
        _use_twin(twin)
        if line := uncalibrated(course.graders(topic), marked_data(course.topic(topic).data)):
            typer.echo(line)
        grader = Grader(course, topic, out, course.limits, chosen_seed(out, seed), sandboxed=not no_sandbox)
        with _crew(jobs, scheduler, needed) as (at_once, executor), _progress("graded") as show:
            verdicts = grader.grade(submissions, at_once, show, executor)
        _summary(course, topic, out, verdicts)


@app.command()
def regrade(
    out: Annotated[Path, typer.Argument(help="A folder that `grade` wrote.")],
    collect: Annotated[
        bool, typer.Option("--collect", help="Then run again just the submissions that a raised threshold left open.")
    ] = False,
    jobs: JobsOption = None,
    scheduler: SchedulerOption = None,
    no_sandbox: NoSandboxOption = False,
) -> None:
    """Mark again from stored evidence, after a test or a threshold changed. No student code runs but by --collect."""
    with _plain_errors():
        from fairmark.grade.batch import regrade as regrade_out
        from fairmark.grade.further_runs import collect_further
        from fairmark.grade.results import read_batch
        from fairmark.jobs import default_jobs

        course = _course()
        topic = read_batch(out).topic
        needed = course.topic(topic).memory_gb
        with _progress("examined") as show:
            at_once = jobs or default_jobs(needed)
            verdicts = regrade_out(course, out, show, jobs=at_once, sandboxed=not no_sandbox)
        if collect and any(verdict.awaits_run for verdict in verdicts):
            with _crew(jobs, scheduler, needed) as (at_once, executor), _progress("run again") as show:
                verdicts = collect_further(course, out, at_once, show, executor, sandboxed=not no_sandbox)
        _summary(course, topic, out, verdicts)
        _name_open(out, verdicts, collect)


@app.command()
def calibrate(
    topic: TopicArgument,
    engine: Annotated[
        EngineName, typer.Option(help="Train by running the notebook (the truth) or by replaying its training.")
    ] = EngineName.replay,
    seeds: Annotated[int | None, typer.Option(min=2, help="Seeds to train under (default: course.toml).")] = None,
    device: Annotated[DeviceName, typer.Option(help="What replays are trained on.")] = DeviceName.cpu,
    jobs: JobsOption = None,
    scheduler: SchedulerOption = None,
    twin: TwinOption = False,
    check: Annotated[
        bool, typer.Option("--check", help="Train nothing; exit 1 if the record no longer holds.")
    ] = False,
    drifted: Annotated[
        bool,
        typer.Option("--drift", help="Train fresh seeds of the reference; exit 1 if they differ from the record's."),
    ] = False,
) -> None:
    """Train the reference under many seeds and write the thresholds that its results justify."""
    with _plain_errors():
        course = _course()
        needed = course.topic(topic).memory_gb
        _use_twin(twin)
        if check:
            _check_record(course, topic)
            return
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # that it finds no GPU is no error of ours
        from fairmark.calibrate.calibration import calibrate as calibrate_topic
        from fairmark.calibrate.said import drift_said, found_said
        from fairmark.calibrate.upkeep import drift
        from fairmark.progress import counting

        with _crew(jobs, scheduler, needed) as (at_once, executor), counting(console, "seeds") as show:
            if drifted:
                lines, sound = drift_said(drift(course, topic, at_once, show, executor))
            else:
                found = calibrate_topic(
                    course, topic, at_once, show, engine.value, seeds=seeds, device=device.value, executor=executor
                )
                lines, sound = found_said(found, course.graders(topic)), True
        typer.echo("\n".join(lines))
    raise typer.Exit(0 if sound else 1)


@app.command()
def verify(
    topics: Annotated[list[str] | None, typer.Argument(help="Topics to verify (default: all).")] = None,
    jobs: JobsOption = None,
    scheduler: SchedulerOption = None,
    twin: TwinOption = False,
) -> None:
    """Try a topic's checks on other right answers and on known mistakes; exit 1 if they judge one wrongly."""
    with _plain_errors():
        from fairmark.progress import counting
        from fairmark.verify.table import print_findings, summary
        from fairmark.verify.verification import verify_topic, write_summary

        course = _course()
        wanted = [course.topic(name).name for name in topics or course.topics]
        _use_twin(twin)
        found = []
        for topic in wanted:
            needed = course.topic(topic).memory_gb
            with _crew(jobs, scheduler, needed) as (at_once, executor), counting(console, "verified") as show:
                found.append(verify_topic(course, topic, at_once, show, executor))
            print_findings(console, found[-1])
            write_summary(course.root / "build" / "verify.json", found, list(course.topics))
        typer.echo("\n".join(["", *map(summary, found)]))
        typer.echo(f"Kill matrices: {', '.join(f'build/verify/{topic}.html' for topic in wanted)}")
    raise typer.Exit(1 if any(findings.problems for findings in found) else 0)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the demo.")] = Path("build/demo"),
    jobs: JobsOption = None,
    no_sandbox: NoSandboxOption = False,
) -> None:
    """Make a small class from the course's own material and grade it (on the offline twin)."""
    with _plain_errors():
        from fairmark.demo import TOPIC, grade_demo, misplaced

        course = _course()
        _use_twin(True)
        with _crew(jobs, None, course.topic(TOPIC).memory_gb) as (at_once, _), _progress("graded") as show:
            verdicts = grade_demo(course, out, at_once, show, sandboxed=not no_sandbox)
        _summary(course, TOPIC, out, verdicts)
        if wrong := misplaced(verdicts):
            _fail(f"these did not end where they should: {', '.join(wrong)}", code=1)
        typer.echo(f"All {len(verdicts)} ended where they should.")


@app.command()
def doctor() -> None:
    """Say what this machine can do, and how to get what is missing; exit 1 if it can't grade in the sandbox."""
    with _plain_errors():
        from fairmark.doctor import can_grade, examine_machine, print_findings

        course = _course() if Path("course.toml").is_file() else None
        findings = examine_machine(course)
        print_findings(console, findings)
    raise typer.Exit(0 if can_grade(findings) else 1)


def _check_record(course: Course, topic: str) -> None:
    from fairmark.calibrate.upkeep import outdated

    if problems := outdated(course, topic):
        _fail("\n".join(problems), code=1)
    typer.echo(f"{topic}: the record holds")


def _course() -> Course:
    return read_course(Path.cwd())


def _use_twin(twin: bool) -> None:
    if twin:
        os.environ["FAIRMARK_DATA"] = "twin"


@contextmanager
def _crew(jobs: int | None, scheduler: str | None, memory_gb: float) -> Iterator[tuple[int, "Executor | None"]]:
    """Yield how many notebooks to have under way, and where they run: None is this machine."""
    from fairmark.cluster import connected
    from fairmark.jobs import default_jobs

    if scheduler is None:
        yield jobs or default_jobs(memory_gb), None
        return
    with connected(scheduler) as cluster:
        if not cluster.threads:
            typer.echo("the cluster has no worker yet: waiting for the first")
        yield jobs or cluster.jobs, cluster.executor


@contextmanager
def _progress(verb: str) -> Iterator["Progress"]:
    from fairmark.progress import counting

    with counting(console, verb) as show:

        def tell(done: int, total: int, verdict: "Verdict") -> None:
            show(done, total, f"{verdict.student}: {verdict.status}")

        yield tell


def _summary(course: Course, topic: str, out: Path, verdicts: "Verdicts") -> None:
    from fairmark.grade.batch import points_of
    from fairmark.grade.recognition import outdated
    from fairmark.report import print_table

    print_table(console, verdicts, points_of(course.graders(topic)), topic)
    if message := outdated(course.graders(topic), topic):
        typer.echo(message)
    typer.echo(f"Gradebook: {out / 'grades.csv'}   feedback: {out / 'feedback'}")


def _name_open(out: Path, verdicts: "Verdicts", collected: bool) -> None:
    """Name the submissions that need another run, and what to do about them."""
    from fairmark.report.text import one_line

    names = [one_line(verdict.student) for verdict in verdicts if verdict.awaits_run]
    if not names:
        return
    what = "submission needs" if len(names) == 1 else "submissions need"
    typer.echo(f"{len(names)} {what} another run under a fresh seed: {', '.join(names)}")
    if collected:
        typer.echo("Their status says why they were not run; `fairmark grade` marks what is there now")
    else:
        typer.echo(f"To run just these: fairmark regrade {quote(str(out))} --collect")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the user can mend into one line on stderr and exit code 2."""
    from fairmark.cluster import ClusterError
    from fairmark.data.fetch import DataUnavailable
    from fairmark.grade.intake import SourceError
    from fairmark.sandbox import SandboxUnavailable

    try:
        yield
    except CourseError as error:
        _fail(str(error), error.exit_code)
    except (ClusterError, SourceError, DataUnavailable) as error:
        _fail(str(error))
    except SandboxUnavailable as error:
        _fail(f"{error}; or give --no-sandbox, if you trust every notebook as you trust your own code")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}; choose a folder that can be written")


def _fail(message: str, code: int = 2) -> NoReturn:
    print(f"fairmark: {message}", file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
