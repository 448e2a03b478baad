"""`hogar`: the household-aware next-best-action engine for telecom operators."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import hogar
from hogar.cli import building, campaigns, deciding, demo, projects, serving, triggers, twins
from hogar.cli.output import failed
from hogar.errors import HogarError

HELP = """The household-aware next-best-action engine for telecom operators.

From an operator's extracts to a decision that explains itself:

  hogar new D          start a project: a folder of plain files, with a small sample of data
  hogar check          find every problem in it
  hogar build          silos → households → features → models → published profiles and strategy
  hogar decide         what is best now for one person in one channel
  hogar explain        why this, and why not that
  hogar campaign plan  the same for an audience, as a target file

`hogar demo` shows all of it on a made-up market. Every command takes --json for machines.
Exit codes: 0 good, 1 problems found, 2 wrong usage."""

app = typer.Typer(
    name="hogar", help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
    rich_markup_mode=None,
)  # fmt: skip

for room in (demo, projects, building, deciding, serving):
    room.register(app)
app.add_typer(campaigns.app, name="campaign")
app.add_typer(triggers.app, name="triggers")
app.add_typer(twins.app, name="twin")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hogar {hogar.__version__}")
        raise typer.Exit


@app.callback(help=HELP)
def _common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of `hogar` itself."""


def main() -> None:
    """Run the command line; errors of ours become words and an exit code, never a traceback."""
    try:
        app()
    except HogarError as error:
        sys.exit(failed(error, json="--json" in sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
