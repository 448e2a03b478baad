"""`hogar demo`: a made-up market becomes households, scores and decisions, and tells its stories."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated

import msgspec
import typer

from hogar import build
from hogar.app import engine_of, now_of, read_settings, work_of
from hogar.build import StepResult, Work
from hogar.cli.building import show
from hogar.cli.demo_summary import Done, summary
from hogar.cli.options import Json
from hogar.cli.output import GOOD, PROBLEMS, Output, plainly
from hogar.cli.stories import Tables, never_offered, tell
from hogar.cli.twin_files import default_params, write_market
from hogar.errors import UsageError
from hogar.runtime import campaign_runs, campaigns, outbox, triggers
from hogar.runtime.api import serve
from hogar.runtime.engine import Engine
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.twin import generate

MARK = ".hogar-demo"
INBOUND_PERSONS = 200
PORTS = range(8000, 8020)


class _Market(msgspec.Struct, frozen=True):
    """Which market a demo's folder holds."""

    persons: int
    seed: int
    params: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    dir: Annotated[Path, typer.Option("--dir", help="Where the demo's project goes.")] = Path("demo"),
    persons: Annotated[int, typer.Option("--persons", min=100, help="Size of the market.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed, another market.")] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the summary.")] = False,
    json: Json = False,
) -> None:
    """A made-up market from silos to decisions, then the API.

    Makes a project and a market, builds it, decides in all three modes and tells the stories. Everything is
    made up, and made on this machine. Run it again after changing the project's files: what you changed is
    kept, and the decisions of the demo before are put aside.
    """
    output = Output(json=json)
    seconds: dict[str, float] = {}
    with _timed(seconds, "market"):
        kept = _project(dir, persons, seed, output)
    settings = read_settings(dir)
    work = work_of(settings, now=now_of(settings), progress=output.progress)
    where = plainly(dir / "data")
    output.say(
        f"[bold]market[/]    {persons:,} persons, seed {seed}, in {where}  [dim]{seconds['market']:.1f} s[/]"
    )
    if kept:
        output.say(f"          [dim]the decisions of the demo before are kept in {plainly(kept)}[/]")

    def built(result: StepResult) -> None:
        seconds[result.step] = result.seconds
        show(output, result)

    build.run(work, built)
    output.progress("deciding")
    engine = engine_of(settings, work)
    with _timed(seconds, "stories"):
        told = tell(work, engine)
    with _timed(seconds, "inbound"):
        _inbound(engine, work)
    with _timed(seconds, "campaign"):
        messages = _campaigns(engine, dir)
    with _timed(seconds, "triggered"):
        triggered = triggers.run(engine, dir / "events" / "month.jsonl")
        delivered = outbox.deliver(engine)
    with _timed(seconds, "never"):
        told += never_offered(work, engine)
    use_cases = build.readiness(work).use_cases
    made = engine.ledger.counts()
    decisions = {mode: made.get(f"decision.{mode}.made", 0) for mode in ("inbound", "campaign", "triggered")}
    live = engine.live()
    summary(
        output, engine,
        Done(
            folder=dir, told=told, decisions=decisions, campaigns=len(live.kernel.strategy.campaigns),
            messages=messages, triggered=triggered, delivered=delivered, seconds=seconds,
            use_cases=use_cases,
        ),
    )  # fmt: skip
    output.result(
        {
            "persons": persons, "seed": seed, "households": _households(work), "decisions": decisions,
            "stories": {story.name: story.passed for story in told},
            "found": {story.name: story.found for story in told},
            "readiness": {one.key: one.state for one in use_cases},
            "strategy": live.kernel.strategy.hash, "seconds": {name: round(s, 3) for name, s in seconds.items()},
        }
    )  # fmt: skip
    if no_serve:
        engine.ledger.close()
        raise typer.Exit(GOOD if all(story.passed for story in told) else PROBLEMS)
    port = next((port for port in PORTS if _is_free(port)), None)
    if port is None:
        raise UsageError(
            f"no free port from {PORTS[0]} to {PORTS[-1]}; run `hogar serve --project {dir} --open --port P`"
        )
    output.say(
        f"\n[bold]Now serving.[/] Ctrl-C ends it; hogar serve --project {plainly(dir)} --open starts it again."
    )
    serve(engine, port=port, open_=True, started=lambda address: output.say(f"  open {address} in a browser"))
    engine.ledger.close()


def _project(folder: Path, persons: int, seed: int, output: Output) -> str:
    """The demo's project with this market; the decisions of an earlier demo are put aside, never lost."""
    mark = folder / MARK
    market = _Market(persons, seed, default_params().version)
    if not mark.exists():
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} holds something that is no demo; name another folder by --dir")
        build.new_project(folder)
        mark.write_bytes(b"{}")
    before = mark.read_bytes()
    if before != msgspec.json.encode(market) or not (folder / "data").is_dir():
        made = generate(persons, seed, default_params())
        mark.write_bytes(b"{}")  # killed from here on, the next demo makes the market again
        try:
            write_market(made, folder, output.progress)
        except UsageError:
            mark.write_bytes(before)  # refused: nothing was replaced
            raise
        mark.write_bytes(msgspec.json.encode(market))
    return _put_aside(folder)


def _put_aside(folder: Path) -> str:
    """Move the ledger and the outbox of an earlier demo to a numbered folder: this demo starts with an empty memory."""
    state = folder / ".hogar" / "data"
    old = [path for path in (*state.glob("ledger.db*"), state / "outbox") if path.exists()]
    if not (state / "ledger.db").exists():
        return ""
    number = next(n for n in range(1, 1_000_000) if not (folder / ".hogar" / f"before-{n}").exists())
    aside = folder / ".hogar" / f"before-{number}"
    aside.mkdir()
    for path in old:
        shutil.move(path, aside / path.name)
    return str(aside)


def _inbound(engine: Engine, work: Work) -> None:
    """Two hundred people open the site or the app, or call."""
    rows = Tables(work).con.execute("select id from feature_person where age >= 18 order by id").fetchall()
    some = [row[0] for row in rows][:: max(1, len(rows) // INBOUND_PERSONS)][:INBOUND_PERSONS]
    channels = ("web", "app", "call_centre")
    for number, person in enumerate(some):
        decide_inbound(engine, InboundRequest(channel=channels[number % len(channels)], person=person))
        work.progress(f"inbound: {number + 1} of {len(some)}")


def _campaigns(engine: Engine, folder: Path) -> int:
    """Plan and run the strategy's campaigns; how many messages they made."""
    messages = 0
    (folder / "targets").mkdir(exist_ok=True)
    for campaign in engine.live().kernel.strategy.campaigns:
        campaigns.plan(engine, campaign.name, folder / "targets" / f"{campaign.name}.csv")
        ran = campaign_runs.run(engine, campaign.name)
        messages += ran.proposed
    return messages


def _households(work: Work) -> int:
    report = msgspec.json.decode((work.current("resolve") / "report.json").read_bytes())
    return int(report["households"])


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[name] = perf_counter() - start


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
