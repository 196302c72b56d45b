"""`hairtrack measure`: the numbers of one photo."""

from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.console import DONE, DONE_WITH_REFUSALS, Console, JsonOption, QuietOption


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: hairtrack measure closeup.jpg --px-per-mm 179")(measure)


def measure(
    photo: Annotated[Path, typer.Argument(help="One photo of the head, or a close-up.")],
    px_per_mm: Annotated[
        float | None, typer.Option("--px-per-mm", min=0.01, help="Pixels a millimetre on the scalp, when known.")
    ] = None,
    field_diameter_mm: Annotated[
        float | None,
        typer.Option("--field-diameter-mm", min=0.1, help="True width of the dermoscope's round field, when known."),
    ] = None,
    closeup: Annotated[
        bool, typer.Option("--closeup", help="The photo is a close-up, whatever its name says.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the overlay picture.")] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Measure one photo: coverage per region of a head, hairs and densities of a close-up."""
    from hairtrack.model import Measured  # noqa: PLC0415 `--help` loads no room
    from hairtrack.pipeline.questions import measure_photo  # noqa: PLC0415 `--help` loads no room

    console = Console(json=json, quiet=quiet)
    answer = measure_photo(photo, px_per_mm=px_per_mm, field_diameter_mm=field_diameter_mm, closeup=closeup, out=out)
    console.document(answer)
    measured = False
    for measurement in answer.measurements:
        place = measurement.region.value if measurement.region else "photo"
        result = measurement.result
        if isinstance(result, Measured):
            measured = True
            low, high = result.interval95
            value = f"{result.value:.4g} ({low:.4g} to {high:.4g}) {result.unit if result.unit != '1' else ''}".rstrip()
        else:
            value = f"not measured: {result.reason} ({result.remedy})"
        console.say(f"{place:18} {measurement.measurand:36} {value}")
    for remedy in answer.quality.remedies:
        console.warn(f"{answer.file}: {remedy}")
    for picture in answer.pictures:
        console.say(f"wrote {picture}")
    return DONE if measured else DONE_WITH_REFUSALS
