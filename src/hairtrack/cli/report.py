"""`hairtrack report`: the main job."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hairtrack.cli.console import DONE, DONE_WITH_REFUSALS, Console, JsonOption, ProgressBar, QuietOption

if TYPE_CHECKING:
    from hairtrack.model import Dossier

FORMATS = ("html", "pdf", "json", "csv")
AUDIENCES = ("clinician", "patient")
LANGUAGES = ("en", "tr", "es", "de")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: hairtrack report cases/P001 --out reports/P001 --language de")(report)


def report(
    case: Annotated[Path, typer.Argument(help="Folder of dated photos, with or without a case.toml.")],
    out: Annotated[Path, typer.Option(help="Folder for report.html, report.pdf, results.json and the rest.")],
    audience: Annotated[str, typer.Option(help="clinician or patient")] = "clinician",
    language: Annotated[str, typer.Option(help="en, tr, es or de")] = "en",
    formats: Annotated[str, typer.Option("--format", help="Any of html,pdf,json,csv, joined by commas.")] = "html,json",
    blind: Annotated[
        bool, typer.Option("--blind", help="Shuffle dates and hide verdicts; a key file resolves it.")
    ] = False,
    show_face: Annotated[bool, typer.Option("--show-face", help="Leave faces in the pictures.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither keep nor use earlier results.")] = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Analyse a case and write the progress report: everything, to OUT/report.html, OUT/results.json and the rest."""
    from hairtrack.pipeline.letterhead import read_letterhead, settings_folder  # noqa: PLC0415 `--help` loads no room
    from hairtrack.pipeline.publish import ReportOrder, write_report  # noqa: PLC0415 as above

    console = Console(json=json, quiet=quiet)
    chosen = tuple(_one_of(word.strip(), FORMATS, "--format") for word in formats.split(","))
    order = ReportOrder(
        audience=_one_of(audience, AUDIENCES, "--audience"),
        language=_one_of(language, LANGUAGES, "--language"),
        formats=chosen,
        blind=blind,
        show_face=show_face,
        cached=not no_cache,
        letterhead=read_letterhead(settings_folder()) if "pdf" in chosen else None,
    )
    published = write_report(case, out, order=order, progress=ProgressBar(console))
    dossier = published.dossier
    console.problems(dossier.problems)
    console.document(dossier)
    if not blind:
        tell_verdicts(console, dossier)
    for path in published.written:
        console.say(f"wrote {path}")
    return DONE_WITH_REFUSALS if ended_with_refusals(dossier) else DONE


def _one_of(word: str, words: tuple[str, ...], option: str) -> str:
    if word in words:
        return word
    from hairtrack.model import InputError  # noqa: PLC0415 `--help` loads no room

    raise InputError(f"{word!r} is not known", where=option, remedy=f"use one of {', '.join(words)}")


def ended_with_refusals(dossier: "Dossier") -> bool:
    """Return whether a photo was refused, or nothing could be judged."""
    from hairtrack.model import QualityDecision, State  # noqa: PLC0415 `--help` loads no room

    refused = any(entry.quality.decision is QualityDecision.RETAKE for entry in dossier.photos)
    judged = any(verdict.state is not State.INSUFFICIENT_EVIDENCE for verdict in dossier.verdicts)
    return refused or not judged


def tell_verdicts(console: Console, dossier: "Dossier") -> None:
    """Write the verdicts as a table, alerts before them."""
    for alert in dossier.alerts:
        console.say(f"ALERT ({alert.urgency.value.replace('_', ' ')}): {alert.why}")
    if not dossier.verdicts:
        console.say("No region could be judged: no region was measured on any photo, and no treatment names one.")
        return
    rows = [
        (
            verdict.region.value.replace("_", " "),
            verdict.state.value.replace("_", " "),
            verdict.phase.value.replace("_", " "),
            verdict.judged_on.isoformat() if verdict.judged_on else "-",
            verdict.earliest_decision_on.isoformat() if verdict.earliest_decision_on else "-",
        )
        for verdict in dossier.verdicts
    ]
    console.table(("region", "verdict", "phase", "judged on", "decision not before"), rows)
    _tell_refused(console, dossier)


def _tell_refused(console: Console, dossier: "Dossier") -> None:
    from hairtrack.model import QualityDecision  # noqa: PLC0415 `--help` loads no room

    refused = [entry.photo.file for entry in dossier.photos if entry.quality.decision is QualityDecision.RETAKE]
    if refused:
        more = f" and {len(refused) - 3} more" if len(refused) > 3 else ""  # noqa: PLR2004 what fits a line
        names = ", ".join(refused[:3]) + more
        console.say(
            f"{len(refused)} of {len(dossier.photos)} photos refused ({names}): the report shows how to retake."
        )
