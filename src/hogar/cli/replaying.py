"""`hogar replay`: the same decision again, one or all of them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Literal

import msgspec
import typer

from hogar.app import opened
from hogar.cli.options import HERE, Jobs, Json, Now, Project, moment
from hogar.cli.output import GOOD, PROBLEMS, Output, plainly
from hogar.errors import UsageError
from hogar.runtime.replay import Difference
from hogar.runtime.replay import replay as replay_one
from hogar.runtime.replay_many import replay_many
from hogar.stores.ledger import Wanted
from hogar.stores.moment import to_micros

VALUE_SHOWN_MAX = 200


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="A decision's id; left out with one of the options below.")
    ] = "",
    all: Annotated[bool, typer.Option("--all", help="Every recorded decision.")] = False,
    campaign_run: Annotated[
        str | None, typer.Option("--campaign-run", help="Those of a campaign's run.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", parser=moment, metavar="MOMENT", help="Those since then, e.g. 2026-03-02T09:00:00Z."
        ),
    ] = None,
    mode: Annotated[
        Literal["inbound", "campaign", "triggered"] | None, typer.Option("--mode", help="Those of a mode.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="The newest so many of them.")] = None,
    jobs: Jobs = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Decide again from the record and compare the bytes.

    Under the strategy, the models and the profiles of then, whatever is live now. What was decided under a strategy or
    a profile version that is not there any more is counted as gone. Exit code 1 where any decision that is meant
    differs, or is gone.

    \b
      hogar replay D-0650c...           one decision
      hogar replay --all                every decision in the ledger
      hogar replay --campaign-run R-1f  those of one run of a campaign
    """
    output = Output(json=json)
    several = all or campaign_run is not None or since is not None or mode is not None or limit is not None
    if bool(id) == several:
        raise UsageError("name one decision, or say which: --all, --campaign-run, --since, --mode, --limit")
    if id:
        _one(output, id, project, now)
    wanted = Wanted(
        mode=mode, campaign_run=campaign_run, since=None if since is None else to_micros(since),
        limit=-1 if limit is None else limit,
    )  # fmt: skip
    _many(output, wanted, jobs, project, now)


def _one(output: Output, id: str, project: Path, now: datetime | None) -> None:
    with opened(project, now) as engine:
        report = replay_one(engine, id)
    if report.identical:
        output.say(f"the same {report.bytes:,} bytes, under strategy {report.strategy[:12]}")
    _differences(output, report.differences)
    output.result(report)
    raise typer.Exit(GOOD if report.identical else PROBLEMS)


def _many(output: Output, wanted: Wanted, jobs: int | None, project: Path, now: datetime | None) -> None:
    start = perf_counter()
    with opened(project, now) as engine:
        report = replay_many(
            engine, wanted, jobs=jobs, opener=partial(opened, project, now),
            progress=lambda done, other: output.progress(f"{done:,} decisions" + f", {other:,} differ" * (other > 0)),
        )  # fmt: skip
    seconds = perf_counter() - start
    rows = [
        (name, f"{found['identical']:,}", f"{found['different']:,}", f"{found['gone']:,}")
        for name, found in report.modes.items()
    ]
    output.table("", ("mode", ">identical", ">different", ">gone"), rows)
    if not report.decisions:
        output.say("no recorded decision is meant")
    else:
        output.say(
            f"{report.identical:,} of {report.replayed:,} came out byte for byte the same, in {seconds:.1f} s"
        )
    if report.gone:
        output.say(f"{report.gone:,} of {report.decisions:,} could not be decided again, so nobody can say")
    for why, count in report.gone_because.items():
        output.say(plainly(f"gone, {count:,}: {why}"))
    for one in report.differences:
        output.say(plainly(f"{one.decision} ({one.mode}, household {one.household}) differs:"))
        _differences(output, one.differences)
    output.result({**msgspec.structs.asdict(report), "seconds": round(seconds, 3)})
    raise typer.Exit(PROBLEMS if report.different or report.gone else GOOD)


def _differences(output: Output, differences: tuple[Difference, ...]) -> None:
    for one in differences:
        output.say(plainly(f"{one.part}: recorded {_short(one.recorded)}, again {_short(one.again)}"))


def _short(value: str) -> str:
    return (
        value
        if len(value) <= VALUE_SHOWN_MAX
        else f"{value[:VALUE_SHOWN_MAX]}... ({len(value):,} characters)"
    )
