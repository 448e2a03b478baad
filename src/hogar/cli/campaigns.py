"""`hogar campaign plan | run | status`: decide for an audience, deliver, look how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hogar.app import opened
from hogar.cli.options import HERE, Json, Now, Project
from hogar.cli.output import Output, plainly
from hogar.runtime import campaign_runs, campaigns, outbox

app = typer.Typer(
    help="Decide for an audience: plan, run, status.\n\n`plan` decides and writes the target file; `run` delivers, and "
    "goes on where it was interrupted; `status` says how far it is.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The stem of strategy/campaigns/NAME.yml.")]


@app.command("plan")
def plan(
    name: Name,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="The target file, .csv or .parquet: person, action, recipient, channel, reason."
        ),
    ] = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Decide for the audience and write the target file.

    Nobody is contacted and no contact is reserved. Every person of the audience has a row or one reason:
    audience = proposed + excluded.

    Thin: each household's best action; the optimum under shared capacities comes later.
    """
    output = Output(json=json)
    with opened(project, now) as engine:
        report = campaigns.plan(engine, name, out, lambda done: output.progress(f"{done:,} households"))
    output.say(
        f"[bold]{plainly(name)}[/]: {report.audience:,} persons looked at, {report.proposed:,} proposals"
    )
    rows = [
        (f"{count:,}", report.words[reason], reason)
        for reason, count in sorted(report.excluded.items(), key=lambda item: (-item[1], item[0]))
    ]
    output.table("", (">persons", "why not", "code"), rows)
    if report.out:
        output.say(f"target file: {plainly(report.out)}")
    output.result(report)


@app.command("run")
def run(name: Name, project: Project = HERE, now: Now = None, json: Json = False) -> None:
    """Decide, reserve contacts, deliver what may be said now.

    Goes on where an interrupted run stopped.

    Thin: the one channel that delivers is `file`: one JSON line a message below .hogar, to be picked up.
    """
    output = Output(json=json)
    with opened(project, now) as engine:
        report = campaign_runs.run(engine, name, lambda done: output.progress(f"{done:,} households"))
        delivered = outbox.deliver_or_leave(engine)
    output.say(
        f"[bold]{plainly(name)}[/]: {report.audience:,} persons looked at, {report.proposed:,} messages; "
        f"{delivered.delivered:,} delivered, {delivered.waiting:,} waiting for an allowed minute"
    )
    if delivered.elsewhere:
        output.say(outbox.ELSEWHERE)
    output.result({"run": report, "delivery": delivered})


@app.command("status")
def status(name: Name, project: Project = HERE, now: Now = None, json: Json = False) -> None:
    """How far each run of the campaign is."""
    output = Output(json=json)
    with opened(project, now) as engine:
        runs = campaign_runs.status(engine, name)
    output.table(
        "" if runs else f"{plainly(name)} has not run yet",
        ("run", "state", "started", ">audience", ">messages"),
        [(r.run, r.state, r.started_at, f"{r.audience:,}", f"{r.proposed:,}") for r in runs],
    )
    output.result({"campaign": name, "runs": runs})
