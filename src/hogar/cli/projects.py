"""`hogar new`: start a project."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from hogar import build
from hogar.cli.options import Json
from hogar.cli.output import Output, plainly
from hogar.cli.twin_files import default_params, write_market
from hogar.twin import generate

SAMPLE_PERSONS, SAMPLE_SEED = 300, 1


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new")(new)


def new(
    folder: Annotated[Path, typer.Argument(metavar="D", help="The new project's folder.")],
    template: Annotated[str, typer.Option("--template", help="What to start from.")] = "acme",
    from_: Annotated[
        Path | None,
        typer.Option("--from", help="A folder of your silos' extracts: draft sources/*.sql for them."),
    ] = None,
    json: Json = False,
) -> None:
    """Start a project in a new folder.

    Commented files to change, and a small made-up market so that it builds. Replace data/ by your own
    extracts and sources/*.sql by your own mappings; `hogar check` guides you. With --from the extracts of a folder
    are profiled, sources/*.sql drafted over them, and SOURCES.md says what wants a look and what is missing; the
    strategy is one sample action of your own, and the made-up operator's lies in samples/, where nothing reads it.

    Thin: names in English and Spanish; looks at the first 100,000 rows of a file, and at 1,000 columns at most.
    """
    output = Output(json=json)
    if from_ is not None:
        _draft(output, folder, from_, template)
        return
    files = build.new_project(folder, template=template)
    market = generate(SAMPLE_PERSONS, SAMPLE_SEED, default_params())
    write_market(market, folder, output.progress)
    output.say(
        f"{plainly(folder)}: a project with {len(files)} files and a made-up market of {SAMPLE_PERSONS} persons "
        "in data/"
    )
    output.say(f"next: hogar build --project {plainly(folder)}")
    output.result({"project": str(folder), "files": files, "persons": SAMPLE_PERSONS})


def _draft(output: Output, folder: Path, extracts: Path, template: str) -> None:
    """Say what was drafted, file by file, and what is missing."""
    signal.signal(signal.SIGTERM, _ended)  # so that no copy of an extract stays behind
    try:
        draft = build.draft_project(folder, extracts, template, output.progress)
    except RuntimeError as error:
        if "interrupted" in str(error):  # DuckDB, when it is told to end
            sys.exit(128 + signal.SIGTERM)
        raise
    mapped = sum(match.column is not None for feed in draft.feeds for match in feed.matches)
    checks = sum(len(one.checks) for one in draft.sources)
    output.say(
        f"{plainly(folder)}: {len(draft.extracts)} files feed {len(draft.sources)} tables by {mapped} columns; "
        f"{checks} want a look: see SOURCES.md"
    )
    output.table(
        "", ("table", "from", ">wants a look"),
        ((one.table, ", ".join(one.files), str(len(one.checks))) for one in draft.sources),
    )  # fmt: skip
    if draft.unused:
        output.say(f"feed no table: {plainly(', '.join(draft.unused))}")
    output.say(f"no extract feeds: {', '.join(one.table for one in draft.missing)}")
    output.say(
        "strategy/ holds one sample action of its own; those of a made-up operator lie in samples/, unread"
    )
    if draft.sources and "person" not in {one.table for one in draft.sources}:
        output.say("nobody is known yet: write sources/person.sql for your customers before you ingest")
    if draft.sources:
        output.say(f"next: README.md and SOURCES.md, then hogar ingest --project {plainly(folder)}")
    else:
        output.say("nothing was recognised: write sources/*.sql yourself; SOURCES.md has each file's columns")
    output.result({
        "project": str(folder), "files": draft.files, "columns": mapped, "checks": checks,
        "sources": [{"table": one.table, "files": one.files, "checks": one.checks} for one in draft.sources],
        "unused": draft.unused, "missing": draft.missing,
    })  # fmt: skip


def _ended(number: int, _: FrameType | None) -> None:
    """Leave as whoever is told to end does, but through every `finally`."""
    sys.exit(128 + number)
