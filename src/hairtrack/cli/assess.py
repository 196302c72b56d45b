"""`hairtrack assess`: verdicts from numbers alone."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hairtrack.cli.console import DONE, DONE_WITH_REFUSALS, Console, JsonOption, QuietOption


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: hairtrack assess observations.json --json")(assess)


def assess(
    case: Annotated[str, typer.Argument(help="A case folder, a case.toml, a JSON file with its keys, or - for stdin.")],
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Judge each region from dates, treatments and observations; no photo is opened."""
    from hairtrack.model import State  # noqa: PLC0415 `--help` loads no room
    from hairtrack.pipeline.questions import assess_case  # noqa: PLC0415 `--help` loads no room

    console = Console(json=json, quiet=quiet)
    answer = assess_case(sys.stdin.read() if case == "-" else Path(case))
    console.document(answer)
    console.problems(answer.problems)
    for alert in answer.alerts:
        console.say(f"ALERT ({alert.urgency.value.replace('_', ' ')}): {alert.why}")
    for verdict in answer.verdicts:
        console.say(
            f"{verdict.region.value}: {verdict.state.value.replace('_', ' ')}. {verdict.sentence_for_clinician}"
        )
    for notice in answer.notices:
        console.say(f"note: {notice.text}")
    judged = any(verdict.state is not State.INSUFFICIENT_EVIDENCE for verdict in answer.verdicts)
    return DONE if judged else DONE_WITH_REFUSALS
