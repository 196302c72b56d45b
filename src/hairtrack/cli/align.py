"""`hairtrack align`: two photos laid over each other, or an honest refusal."""

from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.console import DONE, DONE_WITH_REFUSALS, Console, JsonOption, QuietOption


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: hairtrack align baseline_top.jpg month6_top.jpg --out aligned")(align)


def align(
    reference: Annotated[Path, typer.Argument(help="The photo that stays.")],
    moving: Annotated[Path, typer.Argument(help="The photo that is brought to it.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the pictures of the result.")] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Align two photos of one view and say how far the result can be trusted."""
    from hairtrack.model import RegistrationStatus  # noqa: PLC0415 `--help` loads no room
    from hairtrack.pipeline.questions import align_photos  # noqa: PLC0415 `--help` loads no room

    console = Console(json=json, quiet=quiet)
    answer = align_photos(reference, moving, out=out)
    console.document(answer)
    registration = answer.registration
    if registration.status is RegistrationStatus.REFUSED:
        console.say(f"refused: {registration.reason}")
        console.say(f"  - {registration.remedy}")
        return DONE_WITH_REFUSALS
    console.say(
        f"accepted (tier {registration.tier.value}): expected error {registration.expected_error_px:.1f} px, "
        f"{registration.overlap_fraction:.0%} of the reference head trusted"
    )
    for picture in answer.pictures:
        console.say(f"wrote {picture}")
    return DONE
