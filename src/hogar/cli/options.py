"""Which options do all commands take? `--project`, `--data`, `--now`, `--json`; some `--jobs`, `--why`, `--by`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hogar.app import MOMENT_CURE, parse_moment


def moment(value: str) -> datetime:
    moment = parse_moment(value)
    if moment is None:
        raise typer.BadParameter(f"`{value}` is not a moment; {MOMENT_CURE}")
    return moment


Project = Annotated[
    Path,
    typer.Option(
        "--project", help="The project's folder: the one that holds hogar.toml.", show_default="this folder"
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", help="The folder of the silos' extracts, where it is not the project's own; remembered."
    ),
]
Now = Annotated[
    datetime | None,
    typer.Option(
        "--now", parser=moment, metavar="MOMENT",
        help="Work as of this moment, e.g. 2026-03-02T09:00:00Z; else [time] now of hogar.toml, else the clock.",
    ),
]  # fmt: skip
Json = Annotated[
    bool, typer.Option("--json", help="One JSON object on the last line; progress to standard error.")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, help="So many processes; left out, as many as pay.")
]
Why = Annotated[str, typer.Option("--why", help="Why; kept with it for ever.")]
MustWhy = Annotated[str, typer.Option("--why", help="Why; kept with it for ever. Must be given.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who says so, where it is not the system's user.")
]
HERE = Path()
