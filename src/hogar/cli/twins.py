"""`hogar twin generate`: a market whose truth is known. `twin stream`, `score` and `live` have files of their own."""

from __future__ import annotations

import os
import shlex
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from hogar import build
from hogar.app import read_settings
from hogar.cli import twin_live, twin_score, twin_stream
from hogar.cli.options import Json
from hogar.cli.output import Output, plainly
from hogar.cli.twin_files import WORKERS_MAX, make_market, params_from
from hogar.cli.twin_memory import FOLDER
from hogar.errors import UsageError
from hogar.twin import PERSONS_MAX, PERSONS_MIN, REGIMES, SEED_MAX

app = typer.Typer(
    help="A synthetic market whose truth is known.\n\nTo try everything on, and to judge it by.",
    no_args_is_help=True,
)
Folder = Annotated[Path, typer.Argument(metavar="D", help="The market's project folder.")]


def _regime(value: str) -> str:
    if value not in REGIMES:
        raise typer.BadParameter(f"`{value}` is none of {', '.join(REGIMES)}")
    return value


@app.command("generate")
def generate(
    folder: Folder,
    persons: Annotated[
        int,
        typer.Option(
            "--persons", min=PERSONS_MIN, max=PERSONS_MAX, help="About how many persons hold or use our lines."
        ),
    ] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0, max=SEED_MAX, help="The same seed gives the same bytes.")] = 1,
    params: Annotated[
        Path | None,
        typer.Option("--params", help="The whole parameter file (TOML), instead of the shipped one."),
    ] = None,
    regime: Annotated[
        str | None,
        typer.Option(
            "--regime", parser=_regime, metavar="|".join(REGIMES),
            help="Names of another kind of country, or mostly prepaid contracts, over the parameter file.",
            show_default="the parameter file's own: spain",
        ),
    ] = None,
    consent: Annotated[
        float | None,
        typer.Option(
            "--consent", min=0, max=1, help="Share of users who allow the use of traffic data.",
            show_default="the parameter file's: 0.3",
        ),
    ] = None,
    ott: Annotated[
        float | None,
        typer.Option(
            "--ott", min=0, max=1, help="Share of calls and texts that went to messengers, where no silo sees them.",
            show_default="the parameter file's: 0.4",
        ),
    ] = None,
    dirt: Annotated[
        float | None,
        typer.Option(
            "--dirt", min=0, max=10, help="Times the usual dirt of the silos; 0 is a clean market.",
            show_default="the parameter file's: 1.0",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=WORKERS_MAX, help="Threads that draw days; the bytes stay the same.")
    ] = min(os.cpu_count() or 1, 4),
    records: Annotated[
        bool,
        typer.Option(
            "--records/--no-records", help="Write every single call, text and data session of the last month, "
            "about a hundred a person, besides their sums.",
        ),
    ] = True,
    json: Json = False,
) -> None:  # fmt: skip
    """Write a made-up market: a project that builds.

    Its silos lie in data/, a month of events in events/, the truth apart in truth/. The same parameters and
    seed give the same bytes, however many workers. Nothing looks finished until everything is written. An earlier
    market is replaced; files that no market wrote are not.

    What no public figure is known for is worth several runs: --consent, --ott and --dirt sweep it; the parameter
    file tells each parameter's source.

    Thin: all regimes share one catalogue of offers, whose prices never change, and one kind of address.
    """
    output = Output(json=json)
    start = perf_counter()
    chosen = params_from(params, regime)
    if consent is not None:
        chosen = chosen.with_consent(consent)
    if ott is not None:
        chosen = chosen.with_ott(ott)
    if dirt is not None:
        chosen = chosen.with_dirt(dirt)
    _project(folder, chosen.now)
    if (folder / FOLDER).is_dir():
        output.say(f"{plainly(folder / FOLDER)}: the months played there go when the new market is in place")
    written = make_market(folder, persons, seed, chosen, output.progress, records=records, workers=workers)
    market, seconds = written.market, perf_counter() - start
    output.say(
        f"{plainly(folder)}: {persons:,} persons ({market.regime}), {written.rows:,} rows in {written.files} files, "
        f"{len(market.events):,} events"
    )
    quoted = plainly(shlex.quote(str(folder)))
    output.say(f"next: hogar build --project {quoted}, then hogar twin score {quoted}")
    output.result(
        {
            "project": str(folder), "persons": persons, "seed": seed, "regime": market.regime, "rows": written.rows,
            "files": written.files, "events": len(market.events), "records": written.records,
            "params": market.params_version, "seconds": seconds,
        }
    )  # fmt: skip


def _project(folder: Path, now: datetime) -> None:
    """A project whose clock stands at the market's moment: a new one, or the one that is there."""
    moment = _said(now)
    file = folder / "hogar.toml"
    if not file.exists():
        try:
            build.new_project(folder, template="acme", now=moment)
        except UsageError:
            if not file.exists():  # else another run made it a moment ago
                raise
    own = read_settings(folder).now
    if own is None or _said(own) != moment:
        raise UsageError(
            f"{file}: [time] now is {_said(own) if own else 'not given'}, and this market's is {moment}; "
            f'write now = "{moment}" below [time]'
        )


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


for part in (twin_stream, twin_live, twin_score):
    part.register(app)
