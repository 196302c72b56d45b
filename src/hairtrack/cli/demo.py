"""`hairtrack demo`: a complete synthetic case, from photos to report."""

from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.console import DONE, Console, JsonOption, ProgressBar, QuietOption
from hairtrack.cli.report import tell_verdicts


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: hairtrack demo --out demo_report")(demo)


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("hairtrack_demo"),
    language: Annotated[str, typer.Option(help="en, tr, es or de")] = "en",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Analyse a synthetic patient who had a transplant, write the report and say where it is. Opens nothing."""
    from hairtrack.pipeline.publish import ReportOrder, sample_case, write_report  # noqa: PLC0415 `--help` loads no room

    console = Console(json=json, quiet=quiet)
    order = ReportOrder(language=language, formats=("html", "pdf", "json", "csv"), cached=False)
    published = write_report(sample_case("fue_on_course"), out, order=order, progress=ProgressBar(console))
    console.document(published.dossier)
    console.problems(published.dossier.problems)
    tell_verdicts(console, published.dossier)
    console.say("This patient is synthetic: the photos were drawn by a program.")
    console.say(f"The report is {published.written[0].resolve()}")
    return DONE
