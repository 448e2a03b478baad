"""`hogar`: the household-aware next-best-action engine for telecom operators."""

from __future__ import annotations

import io
import sqlite3
import sys
from typing import Annotated

import duckdb
import lmdb
import msgspec
import polars as pl
import pyarrow as pa
import typer

import hogar
from hogar.cli import (
    building,
    campaigns,
    checking,
    controls,
    deciding,
    demo,
    previewing,
    projects,
    publishing,
    readiness,
    replaying,
    serving,
    triggers,
    twins,
    whatif,
)
from hogar.cli.output import PROBLEMS, WRONG_USAGE, Output, failed
from hogar.errors import HogarError, UsageError

HELP = """The household-aware next-best-action engine for telecom operators.

\b
From an operator's extracts to a decision that explains itself:
  hogar new D          start a project: plain files, and a small sample of data
  hogar check          find every problem in it
  hogar build          silos, households, features, models, published profiles
  hogar readiness      which use cases the data there is can carry
  hogar decide         what is best now for one person in one channel
  hogar explain        why this, and why not that
  hogar campaign plan  the same for an audience, as a target file
  hogar whatif         what would change under another strategy

`hogar demo` shows all of it on a made-up market. Each command's --help teaches it, and says what is thin.

Every command takes --json for machines. Exit codes: 0 good, 1 problems found, 2 wrong usage."""

app = typer.Typer(
    name="hogar", help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
    rich_markup_mode=None, context_settings={"max_content_width": 100},
)  # fmt: skip

for room in (
    demo, projects, checking, previewing, building, readiness, publishing, controls, deciding, replaying, whatif,
    serving,
):  # fmt: skip
    room.register(app)
app.add_typer(campaigns.app, name="campaign")
app.add_typer(triggers.app, name="triggers")
app.add_typer(twins.app, name="twin")

_AGAIN = (
    "what was published before is still in use: mend the folder's rights or free space, then run this again"
)
_ROOM = "mend the folder's rights or free space, then run this again"
_DAMAGED = (duckdb.Error, lmdb.Error, msgspec.MsgspecError, pl.exceptions.PolarsError, pa.ArrowException)
_Wrong = typer.BadParameter.__mro__[2]  # whatever the parser of the command line raises


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
    """Run the command line; whatever goes wrong becomes words and an exit code, never a traceback of ours."""
    json = "--json" in sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name need not be UTF-8
    try:
        sys.exit(app(standalone_mode=False))
    except HogarError as error:
        sys.exit(failed(error, json=json))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        sys.exit(failed(HogarError(_of_system(error)), json=json))
    except sqlite3.Error as error:
        sys.exit(failed(HogarError(f"ledger.db below .hogar: {error}; {_AGAIN}"), json=json))
    except _DAMAGED as error:
        sys.exit(failed(HogarError(_of_files(error)), json=json))
    except Exception as error:
        if isinstance(error, UnicodeEncodeError) and (foreign := _foreign_argument()) is not None:
            sys.exit(failed(UsageError(foreign), json=json))
        if not isinstance(error, _Wrong):
            raise
        sys.exit(_wrong_usage(error, json=json))


def _of_system(error: OSError) -> str:
    """What the system refused: where, what, and the cure."""
    where = f"{error.filename}: " if error.filename is not None else ""
    ours = error.filename is None or ".hogar" in str(error.filename)
    return f"{where}{error.strerror or error}; {_AGAIN if ours else _ROOM}"


def _of_files(error: Exception) -> str:
    """What a reader of tables said, on one line, and the cure: nearly always a file that was changed in place."""
    said = " ".join(str(error).split()) or type(error).__name__
    return (
        f"a table or a file cannot be read: {said}; if it lies below .hogar, it is damaged: delete the folder of "
        "its step below .hogar and run `hogar build` again, the ledger stays"
    )


def _foreign_argument() -> str | None:
    """What to say of the first argument whose bytes are no UTF-8; a path may be so, an id or a name may not."""
    for argument in sys.argv[1:]:
        try:
            argument.encode()
        except UnicodeEncodeError:
            return f"{argument}: the bytes of this argument are not UTF-8; no id or name is so"
    return None


def _wrong_usage(error: Exception, *, json: bool) -> int:
    """The command line itself is wrong: the parser's own words, to people and as JSON."""
    show, words = getattr(error, "show", None), getattr(error, "format_message", None)
    assert callable(show)
    assert callable(words)
    show()
    Output(json=json).result({"error": words()})
    code = getattr(error, "exit_code", WRONG_USAGE)
    return WRONG_USAGE if code == WRONG_USAGE else PROBLEMS
