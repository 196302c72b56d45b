"""The program `hairtrack`: its commands and its exit codes."""

import os
import sys

import typer

from hairtrack.cli import align, assess, check, demo, doctor, measure, report
from hairtrack.cli.console import DONE, OUR_FAULT, STOPPED, WRONG_USAGE, Console


def _exit_with(code: int | None, **_: object) -> None:
    raise typer.Exit(code or DONE)


app = typer.Typer(
    name="hairtrack",
    help="Dated scalp photos in, an honest progress report out. It supports a clinician and is no diagnosis.",
    epilog="Example: hairtrack report my_photos --out my_report",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    result_callback=_exit_with,
)

for command in (report, check, align, measure, assess, demo, doctor):
    command.register(app)


@app.callback(invoke_without_command=True)
def _front_door(
    version: bool = typer.Option(False, "--version", help="Say the version and stop.", is_eager=True),
) -> None:
    if version:
        from hairtrack import __version__  # noqa: PLC0415 read only when asked for

        typer.echo(f"hairtrack {__version__}")
        raise typer.Exit


def run() -> None:
    """Run the program and end the process: 0 done, 2 unusable input, 3 done with refusals, 70 a fault of ours."""
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(arguments: list[str]) -> int:
    """Run the program with the given arguments and return its exit code."""
    console = Console(json="--json" in arguments, quiet=False)
    try:
        app(args=arguments, prog_name="hairtrack")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else WRONG_USAGE
        if code == WRONG_USAGE:
            _told(console, code, what="the command was called wrongly", remedy="hairtrack --help lists the commands")
        return code
    except KeyboardInterrupt:
        console.warn("stopped; nothing half-written was left behind")
        return STOPPED
    except Exception as error:  # noqa: BLE001 the last resort: every fault gets a sentence and a number, not a trace
        return _told_fault(console, error)
    return DONE


def _told_fault(console: Console, error: Exception) -> int:
    """Tell a fault: the user's, with what, where and what to do, or ours, with how to see more."""
    from hairtrack.model import HairtrackError, KnowledgeError  # noqa: PLC0415 `--help` loads no room

    if isinstance(error, HairtrackError):
        console.warn(f"hairtrack: {error}")
        code = OUR_FAULT if isinstance(error, KnowledgeError) else WRONG_USAGE
        return _told(console, code, what=error.what, where=error.where, remedy=error.remedy)
    what, advice = (
        f"a fault of ours: {type(error).__name__}",
        "please report this; HAIRTRACK_DEBUG=1 shows where it happened",
    )
    console.warn(f"hairtrack: {what} ({advice})")
    if os.environ.get("HAIRTRACK_DEBUG"):
        import traceback  # noqa: PLC0415 read only when asked for

        traceback.print_exception(error)
    return _told(console, OUR_FAULT, what=what, remedy=advice)


def _told(console: Console, code: int, *, what: str, where: str = "", remedy: str = "") -> int:
    from hairtrack.model import ErrorAnswer  # noqa: PLC0415 `--help` loads no room

    console.document(ErrorAnswer(what=what, where=where, remedy=remedy, exit_code=code))
    return code
