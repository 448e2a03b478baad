"""`hogar triggers run`: events in, decisions out, minutes at the latest."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from hogar.app import opened
from hogar.cli.options import HERE, Json, Now, Project
from hogar.cli.output import GOOD, PROBLEMS, Output, plainly
from hogar.errors import UsageError
from hogar.runtime import outbox, triggers

app = typer.Typer(help="React to network and behaviour events.", no_args_is_help=True)
POLL_SECONDS = 1.0


@app.callback()
def _group() -> None:
    """React to network and behaviour events."""


@app.command("run")
def run(
    events: Annotated[
        Path | None, typer.Option("--events", help="CloudEvents to append first, one JSON object a line.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on for ever; the file may grow.")] = False,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Append events to the log, then consume it to its end.

    Each event has its effect once, also after a crash. A line that is no event, or lies in the future, is
    kept apart with its reason (exit code 1); duplicates are ignored; what comes too late to be worth saying
    is recorded as expired.

    Thin: one trigger looks at one event; windows over several events come later.
    """
    output = Output(json=json)
    if events is not None and not events.is_file():
        raise UsageError(
            f"{events}: there is no such file; --events names CloudEvents, one JSON object a line"
        )
    with opened(project, now) as engine:

        def again() -> bool:
            outbox.deliver_or_leave(engine)
            time.sleep(POLL_SECONDS)
            return True

        report = triggers.run(engine, events, wait=again if follow else None)
        delivered = outbox.deliver_or_leave(engine)
    output.say(
        f"{report.read:,} events read = {report.appended:,} new + {report.duplicates:,} duplicates + "
        f"{report.rejected:,} rejected; {report.proposed:,} proposals, {delivered.delivered:,} delivered"
    )
    if delivered.elsewhere:
        output.say(outbox.ELSEWHERE)
    output.table("", (">events", "outcome"), [(f"{n:,}", outcome) for outcome, n in report.outcomes.items()])
    for problem in report.problems:
        output.say(plainly(problem))
    output.result({"triggers": report, "delivery": delivered})
    raise typer.Exit(PROBLEMS if report.rejected else GOOD)
