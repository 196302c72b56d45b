"""`hairtrack check`: is this photo usable, and how to retake it."""

from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.console import DONE, DONE_WITH_REFUSALS, Console, JsonOption, QuietOption


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: hairtrack check new_top.jpg --against baseline_top.jpg")(check)


def check(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="Photos to look at.")],
    against: Annotated[Path | None, typer.Option(help="A reference photo that the new ones should match.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the ghost outline of the reference.")] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Say whether each photo is usable and how to retake it; with --against, how to move to match the reference."""
    from hairtrack.model import QualityDecision  # noqa: PLC0415 `--help` loads no room
    from hairtrack.pipeline.questions import check_photos  # noqa: PLC0415 `--help` loads no room

    console = Console(json=json, quiet=quiet)
    answer = check_photos(photos, against=against, out=out)
    console.document(answer)
    for checked in answer.photos:
        console.say(f"{checked.file}: {checked.quality.decision.value.replace('_', ' ')}")
        for remedy in checked.quality.remedies:
            console.say(f"  - {remedy}")
        for sentence in checked.guidance:
            console.say(f"  > {sentence}")
        if checked.picture:
            console.say(f"  wrote {checked.picture}")
    refused = any(checked.quality.decision is QualityDecision.RETAKE for checked in answer.photos)
    return DONE_WITH_REFUSALS if refused else DONE
