"""`hairtrack doctor`: what this installation can do."""

import typer

from hairtrack.cli.console import DONE, Console, JsonOption, QuietOption


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: hairtrack doctor --json")(doctor)


def doctor(json: JsonOption = False, quiet: QuietOption = False) -> int:
    """Say what this installation can do, with versions."""
    from hairtrack.pipeline.questions import examine_installation  # noqa: PLC0415 `--help` loads no room

    console = Console(json=json, quiet=quiet)
    answer = examine_installation()
    console.document(answer)
    console.table(("part", "version"), list(answer.versions.items()))
    console.say()
    console.table(("can do", ""), [(name, "yes" if able else "no") for name, able in answer.capabilities.items()])
    return DONE
