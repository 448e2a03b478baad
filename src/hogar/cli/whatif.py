"""`hogar whatif`: what would change if this strategy were live, before anybody is contacted."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Literal

import msgspec
import typer

from hogar.app import now_of, opened, read_settings, work_of
from hogar.build.publish import compiled_files
from hogar.cli.options import HERE, Jobs, Json, Now, Project
from hogar.cli.output import Output, plainly
from hogar.cli.whatif_shown import show
from hogar.errors import UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.strategies.publishing import row_of
from hogar.runtime.strategies.standing import find
from hogar.runtime.whatif import Question, Tried, changes_file, checked, picture, under, whatif
from hogar.stores.durable import write_file
from hogar.stores.ledger import StrategyRow

LIVE, FILES = "live", "files"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("whatif")(what_if)


def what_if(
    mode: Annotated[
        Literal["campaign", "inbound", "triggered"],
        typer.Option(
            "--mode",
            help="campaign: everybody; inbound: each person comes once; triggered: recorded events.",
        ),
    ] = "campaign",
    channel: Annotated[
        list[str] | None, typer.Option("--channel", help="Only through this channel; may be repeated.")
    ] = None,
    campaign: Annotated[
        str | None, typer.Option("--campaign", help="Ask what this campaign asks, of its audience.")
    ] = None,
    objective: Annotated[str | None, typer.Option("--objective", help="Under another objective.")] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            "--lever", help="With a weight, `purpose:retain=1.3` or `action:KEY=0`; may be repeated."
        ),
    ] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(
            "--price",
            help="With one more costing euros, `channel:sms=0.10` or `action:KEY=1.5`; may be repeated.",
        ),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy",
            help="What is tried: `files` as they stand, `live`, or a hash. Left out: `live` where an objective, a "
            "lever or a price is tried, else `files`.",
        ),
    ] = None,
    against: Annotated[
        str, typer.Option("--against", help="What it is compared with: `live` or a hash.")
    ] = LIVE,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="Split by a household's or person's feature; may be repeated."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="Look at about so many households only.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Who hears something else, .csv or .parquet: a row a household."),
    ] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="A picture of it, .svg.")] = None,
    jobs: Jobs = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """What would change if this strategy were live.

    Decides for the whole published base under both, over the same people, contacts, consents and control group, and
    says who gets how far, which actions win and lose, and what the models expect. Nobody is contacted, nothing is
    recorded, no contact is reserved.

    \b
      hogar whatif                                the project's files against what is live
      hogar whatif --lever purpose:retain=1.5     the live strategy with one lever
      hogar whatif --objective customer_growth    under another objective; --plot o.svg draws it

    Thin: expectations are the models' own. Capacities of campaigns are not spent, so all who qualify are counted.
    """
    output, start = Output(json=json), perf_counter()
    if plot is not None and (plot.suffix != ".svg" or not plot.parent.is_dir()):
        raise UsageError(f"{plot}: a picture ends in .svg, in a folder that is there")
    if out is not None:
        checked(out)
    tried = Tried(objective=objective, levers=tuple(lever or ()), prices=tuple(price or ()))
    question = Question(
        mode=mode,
        channels=tuple(channel or ()),
        campaign=campaign,
        by=None if by is None else tuple(by),
        sample=sample,
    )
    settings = read_settings(project)
    with opened(project, now) as engine:
        engine.live()
        before, name = _kept(engine, against), strategy or (FILES if tried.is_empty else LIVE)
        work = work_of(settings, now=now_of(settings, now))
        row = compiled_files(work).row if name == FILES else _kept(engine, name)
        report = whatif(
            engine, under(engine, row, tried), question, against=before, jobs=jobs,
            rows=None if out is None else partial(changes_file, out), opener=partial(opened, project, now),
            progress=lambda done, all_: output.progress(f"{done:,} of {all_:,} households"),
        )  # fmt: skip
    said = _said(name, row, tried)
    if plot is not None:
        write_file(plot, picture(report, settings.currency, said))
    show(output, report, settings.currency, said)
    for path in (out, plot):
        if path is not None:
            output.say(f"written: {plainly(path)}")
    files = {"out": None if out is None else str(out), "plot": None if plot is None else str(plot)}
    seconds = round(perf_counter() - start, 3)
    output.result({**msgspec.structs.asdict(report), "tried": said, **files, "seconds": seconds})


def _said(name: str, row: StrategyRow, tried: Tried) -> str:
    """What is tried, in words."""
    on = {FILES: "the project's files", LIVE: "the live strategy"}.get(name, f"strategy {row.hash[:12]}")
    return on if tried.is_empty else str(tried) if name == LIVE else f"{on} with {tried}"


def _kept(engine: Engine, name: str) -> StrategyRow:
    return row_of(engine, find(engine, name).hash)
