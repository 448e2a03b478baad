"""`hogar twin generate | score`: a market whose truth is known, and how well it was resolved."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from hogar import build
from hogar.app import now_of, read_settings, work_of
from hogar.cli.options import Json
from hogar.cli.output import Output, plain, plainly
from hogar.cli.twin_files import default_params, write_market
from hogar.errors import UsageError
from hogar.evidence.agreement import agreement
from hogar.twin import generate as generate_market
from hogar.twin import read_params

app = typer.Typer(
    help="A synthetic market whose truth is known.\n\nTo try everything on, and to judge it by.",
    no_args_is_help=True,
)
Folder = Annotated[Path, typer.Argument(metavar="D", help="The market's project folder.")]


@app.command("generate")
def generate(
    folder: Folder,
    persons: Annotated[
        int, typer.Option("--persons", min=100, help="About how many persons hold or use our lines.")
    ] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")] = 1,
    params: Annotated[
        Path | None,
        typer.Option("--params", help="The whole parameter file (TOML), instead of the shipped one."),
    ] = None,
    consent: Annotated[
        float | None,
        typer.Option("--consent", min=0, max=1, help="Share of users who allow the use of traffic data."),
    ] = None,
    json: Json = False,
) -> None:
    """Write a made-up market: a project that builds.

    Its silos lie in data/, a month of events in events/, the truth apart in truth/. The same parameters and
    seed give the same bytes.

    Thin: one regime (Spain); no reactions to contacts yet; --regime, --ott and --dirt come later.
    """
    output = Output(json=json)
    start = perf_counter()
    if params is None:
        chosen = default_params()
    elif params.is_file():
        chosen = read_params(params.read_text(encoding="utf-8"), str(params))
    else:
        raise UsageError(f"{params}: there is no such parameter file; see docs/twin.md")
    if consent is not None:
        chosen = chosen.with_consent(consent)
    market = generate_market(persons, seed, chosen)
    if not (folder / "hogar.toml").exists():
        build.new_project(folder, template="acme")
    write_market(market, folder, output.progress)
    rows = sum(table.num_rows for table in market.silos.values())
    seconds = perf_counter() - start
    output.say(
        f"{plainly(folder)}: {persons:,} persons, {rows:,} rows in {len(market.silos)} files, "
        f"{len(market.events):,} events"
    )
    output.say(f"next: hogar build --project {plainly(folder)}, then hogar twin score {plainly(folder)}")
    output.result(
        {
            "project": str(folder), "persons": persons, "seed": seed, "rows": rows, "files": len(market.silos),
            "events": len(market.events), "params": market.params_version, "seconds": seconds,
        }
    )  # fmt: skip


@app.command("score")
def score(folder: Folder, json: Json = False) -> None:
    """Compare the households that were found with the truth.

    After `hogar build`: pairs, whole households, and who uses which line.

    Thin: roles and members at other operators are not scored yet.
    """
    output = Output(json=json)
    settings = read_settings(folder)
    work = work_of(settings, now=now_of(settings))
    truth = folder / (settings.truth_membership or "truth/membership.parquet")
    if not truth.is_file():
        raise UsageError(
            f"{truth}: this project has no truth to score against; `hogar twin generate` writes one"
        )
    lines = truth.parent / "lines.parquet"
    found = agreement(work.current("resolve"), truth, line_truth=lines if lines.is_file() else None)
    figures = {name: value for name, value in plain(found).items() if isinstance(value, float)}
    output.table("", ("figure", ">value"), [(name, f"{value:.4f}") for name, value in figures.items()])
    output.result(found)
