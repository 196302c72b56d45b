"""What every command says and where: results on stdout, problems and progress on stderr, one document with --json."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hairtrack.model import CaseProblem

DONE = 0
WRONG_USAGE = 2
DONE_WITH_REFUSALS = 3
OUR_FAULT = 70
STOPPED = 130

JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout and nothing else.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but problems.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """The voice of one command.

    Parameters
    ----------
    json
        Only one document goes to stdout.
    quiet
        Only problems are said.
    """

    json: bool
    quiet: bool

    def say(self, text: str = "") -> None:
        """Write a line of the result to stdout, unless a document or silence was asked for."""
        if not (self.json or self.quiet):
            typer.echo(text)

    def warn(self, text: str) -> None:
        """Write a problem to stderr."""
        typer.echo(text, err=True)

    def problems(self, problems: "Iterable[CaseProblem]") -> None:
        """Write each problem of a case to stderr: where, what, what to do."""
        for problem in problems:
            self.warn(f"{problem.where}: {problem.what} ({problem.remedy})")

    def document(self, value: object) -> None:
        """Write a value of the model as the one JSON document, when it was asked for."""
        if self.json:
            from hairtrack.report.document import to_json  # noqa: PLC0415 `--help` loads no room

            sys.stdout.write(to_json(value))

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write rows under a header, columns as wide as their longest cell."""
        widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
        for row in [header, *rows]:
            self.say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    @property
    def shows_progress(self) -> bool:
        """Whether a progress bar may be drawn: only on a terminal, and only when talking is wanted."""
        return sys.stderr.isatty() and not (self.json or self.quiet) and os.environ.get("TERM") != "dumb"


@dataclass(slots=True)
class ProgressBar:
    """A progress line on stderr: how far a stage is, and the photo under way."""

    console: Console
    width: int = 24

    def step(self, stage: str, done: int, total: int, *, photo: str) -> None:
        """Draw how far a stage is, in one line of the terminal; nothing unless stderr is one."""
        if not self.console.shows_progress or total == 0:
            return
        filled = round(self.width * done / total)
        bar = "█" * filled + "·" * (self.width - filled)
        line = f"{bar} {stage} {done}/{total}  {photo}"[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write(f"\r\x1b[K{'' if done == total else line}")
        sys.stderr.flush()
