"""The program `hairtrack`: its commands and its exit codes."""

import os
import sys

import typer

from hairtrack.cli import align, assess, check, demo, doctor, measure, report
from hairtrack.cli.console import DONE, OUR_FAULT, STOPPED, WRONG_USAGE, Console
from hairtrack.model import ErrorAnswer, HairtrackError, KnowledgeError


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
    except KnowledgeError as error:
        console.warn(f"hairtrack: {error}")
        return _told(console, OUR_FAULT, what=error.what, where=error.where, remedy=error.remedy)
    except HairtrackError as error:
        console.warn(f"hairtrack: {error}")
        return _told(console, WRONG_USAGE, what=error.what, where=error.where, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 the last resort: a fault of ours gets a number and a sentence, not a trace
        advice = "please report this; HAIRTRACK_DEBUG=1 shows where it happened"
        console.warn(f"hairtrack: a fault of ours: {type(error).__name__} ({advice})")
        if os.environ.get("HAIRTRACK_DEBUG"):
            import traceback  # noqa: PLC0415 read only when asked for

            traceback.print_exc()
        return _told(console, OUR_FAULT, what=f"a fault of ours: {type(error).__name__}", remedy=advice)
    return DONE


def _told(console: Console, code: int, *, what: str, where: str = "", remedy: str = "") -> int:
    console.document(ErrorAnswer(what=what, where=where, remedy=remedy, exit_code=code))
    return code
