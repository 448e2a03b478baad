"""`hogar twin stream`: the market's month of events as they came, at wall-clock or quicker."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated

import msgspec
import typer

from hogar.cli.options import Json, moment
from hogar.cli.output import Output
from hogar.errors import UsageError
from hogar.stores.events import event_time
from hogar.telco.events import Event

EVENTS = Path("events") / "month.jsonl"
INTERRUPTED = 130
NAP_SECONDS = 0.5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stream")(stream)


def stream(
    folder: Annotated[Path, typer.Argument(metavar="D", help="The market's project folder.")],
    speed: Annotated[
        float,
        typer.Option("--speed", min=0, help="Times wall-clock: 1 as it was, 3600 an hour a second, 0 at once."),
    ] = 1.0,
    out: Annotated[
        str,
        typer.Option("--out", help="A file to append to, for `triggers run --follow`; - is standard output."),
    ] = "-",
    since: Annotated[
        datetime | None,
        typer.Option("--from", parser=moment, metavar="MOMENT", help="Begin with what came then or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", parser=moment, metavar="MOMENT", help="End before what came then."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="So many events at the most.")] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Replay the market's month of events, as they came.

    Late ones come late and doubled ones twice. Each is one CloudEvent on a line. Ctrl-C ends it between two events;
    what was written stays.

    \b
      hogar twin stream D --speed 3600 --out D/events/now.jsonl &
      hogar triggers run --project D --events D/events/now.jsonl --follow

    With --json and standard output, events come first and the result is the last line.
    """
    output = Output(json=json)
    path = folder / EVENTS
    if not path.is_file():
        raise UsageError(
            f"{path}: there are no events to replay; `hogar twin generate {folder}` writes a market"
        )
    if since is not None and until is not None and since > until:
        raise UsageError(f"--from {_said(since)} is after --until {_said(until)}; nothing lies between them")
    if _is_source(out, path):
        raise UsageError(f"{path}: it cannot take its own events; name another file by --out")
    told = Output(json=True) if out == "-" else output  # where events go to standard output, words do not
    played = _Played()
    start = monotonic()
    try:
        with _sink(out, paced=speed > 0) as write:
            for line, arrival in islice(_arrivals(path, since, until), limit):
                first = played.first or arrival
                if speed:
                    _wait(start + (arrival - first).total_seconds() / speed)
                write(line)
                played.count(arrival)
                told.progress(f"{played.events:,} events, {arrival:%Y-%m-%d %H:%M:%S}")
    except KeyboardInterrupt:
        played.interrupted = True
    seconds = monotonic() - start
    told.say(
        f"{played.events:,} events in {seconds:.1f} s" + (", then interrupted" if played.interrupted else "")
    )
    output.result(
        {
            "project": str(folder), "events": played.events, "first": _said(played.first), "last": _said(played.last),
            "interrupted": played.interrupted, "out": out, "speed": speed, "seconds": seconds,
        }
    )  # fmt: skip
    if played.interrupted:
        raise typer.Exit(INTERRUPTED)


def _is_source(out: str, path: Path) -> bool:
    """Whether events would be appended to the file they are read from, which then never ends."""
    if out == "-":
        return os.path.samestat(os.fstat(1), path.stat())
    return Path(out).exists() and path.samefile(out)


@dataclass
class _Played:
    """How far the replay came."""

    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    interrupted: bool = False

    def count(self, arrival: datetime) -> None:
        self.events += 1
        self.first, self.last = self.first or arrival, arrival


def _arrivals(path: Path, since: datetime | None, until: datetime | None) -> Iterator[tuple[bytes, datetime]]:
    """Each line with the moment at which it came: a late one right after what had come before it."""
    decoder = msgspec.json.Decoder(Event)
    arrival: datetime | None = None
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                happened = event_time(decoder.decode(line))
            except (msgspec.MsgspecError, ValueError) as error:
                raise UsageError(
                    f"{path}:{number}: this is no CloudEvent ({error}); generate the market again"
                ) from None
            arrival = happened if arrival is None else max(arrival, happened)
            if until is not None and arrival >= until:
                return
            if since is None or arrival >= since:
                yield line if line.endswith(b"\n") else line + b"\n", arrival


@contextmanager
def _sink(out: str, *, paced: bool) -> Iterator[Callable[[bytes], object]]:
    """What takes a line: whole lines only, also when the replay is interrupted; a paced one is there at once."""
    if out == "-":
        stdout = sys.stdout

        def say(line: bytes) -> None:
            stdout.write(line.decode("utf-8"))
            if paced:
                stdout.flush()

        try:
            yield say
        finally:
            stdout.flush()
        return
    path = Path(out)
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent}: there is no such folder; --out names a file in one")
    with path.open("ab", buffering=0 if paced else -1) as file:
        yield file.write


def _wait(until: float) -> None:
    """Sleeps in short naps, so that Ctrl-C is heard at once."""
    while (left := until - monotonic()) > 0:
        sleep(min(left, NAP_SECONDS))


def _said(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
