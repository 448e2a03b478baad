"""`hogar twin live`: the true market answers a file of contacts, and its months pass."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import typer

from hogar.app import opened
from hogar.cli.options import Json, moment
from hogar.cli.output import Output, plainly
from hogar.cli.twin_contacts import Found, Row, resolve, rows_of
from hogar.cli.twin_memory import FOLDER, key_of, load, save
from hogar.cli.twin_record import read_record, world_of
from hogar.errors import UsageError
from hogar.stores.durable import replace_file
from hogar.stores.lock import Lock
from hogar.twin import SEED_MAX
from hogar.twin.contracts.parties import canonical
from hogar.twin.live import Answers
from hogar.twin.reactions.contacts import IGNORED, OPTED_OUT, OUTCOMES
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.month import Totals
from hogar.twin.reactions.offers import place_of
from hogar.twin.world import World

OUTCOME = {
    "accepted": "accepted", "declined": "declined", "opted_out": "declined", "will_ask": "later",
    "not_my_decision": "not_mine",
}  # fmt: skip
"""What Hogar calls an answer; silence is no answer."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("live")(live)


def live(
    folder: Annotated[Path, typer.Argument(metavar="D", help="The market's project folder.")],
    contacts: Annotated[
        Path | None,
        typer.Option("--contacts", help="A campaign's target file (.csv, .parquet), or a file of the outbox (.jsonl)."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to add the answers to, one JSON object a line.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at", parser=moment, metavar="MOMENT", help="When the target file's messages are said.",
            show_default="the 10th of the market's month, 18:00",
        ),
    ] = None,
    offer: Annotated[
        list[str] | None,
        typer.Option("--offer", metavar="ACTION=OFFER", help="What an action offers: an offer id, retention, service."),
    ] = None,
    month_end: Annotated[
        bool, typer.Option("--month-end", help="Close the market's month after the answers.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=SEED_MAX, help="Of the future.", show_default="the market's own")
    ] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Have the true market answer contacts, month by month.

    The world is drawn again from truth/market.json; what became of it since is kept in truth/live/. The same contacts
    in another project of the same market meet the same luck, so strategies can be compared. A message of the outbox
    is answered once, however often it is given. Answers to outbox messages are bodies for POST /v1/responses (id,
    decision, proposal, outcome, by; `at` is when the answer came). Silence writes nothing.

    Thin: a target file names no line and no decision, so a message is about the person's first mobile line, at the
    catalogue's price, and its answers cannot be posted. What an action offers is the published strategy's `offering`
    (the ledger's, for the outbox); one without any is taken for a service message, or, in marketing, for a better
    price for staying. An opt-out arrives as `declined` with `opt_out`: the privacy desk's file does not change. The
    silos stay as they were at the extract: what is bought or left shows here alone.
    """
    output = Output(json=json)
    if contacts is None and not month_end:
        raise UsageError("say --contacts FILE, --month-end, or both")
    if out is not None and contacts is None:
        raise UsageError("--out takes answers, and without --contacts nobody is asked")
    told = _offers(offer or [])
    record = read_record(folder)
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    with Lock(folder / FOLDER / "lock", doing="answering in").held():
        output.progress("drawing the world again")
        world = world_of(record)
        market, answered, months = load(
            folder, world, record.seed if seed is None else seed, given=seed is not None
        )
        result: dict[str, Any] = {"month": market.state.month}
        if contacts is not None:
            begin = datetime.fromtimestamp(int(market.now.astype("datetime64[s]").astype(np.int64)), UTC)
            with opened(folder) as engine:
                rows = rows_of(contacts, engine, at or begin + timedelta(days=9, hours=18))
            fresh = [row for row in rows if key_of(row.key) not in answered]
            found = resolve(fresh, world, market, told)
            answers = market.answer(found.contacts) if found.contacts is not None else None
            answered |= {key_of(row.key) for row in found.rows}
            lines = _lines(found, answers, world)
            if out is not None:
                before = out.read_bytes() if out.is_file() else b""
                replace_file(out, before + b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
            counts = _counts(answers)
            result |= {
                "contacts": len(rows), "answered_before": len(rows) - len(fresh),
                "passed_over": dict(found.passed_over), "outcomes": counts,
            }  # fmt: skip
            output.say(
                f"{plainly(contacts)}: {len(rows):,} contacts, {len(rows) - len(fresh):,} answered before"
            )
            output.table("", (">persons", "answer"), [(f"{count:,}", name) for name, count in counts.items()])
            output.table(
                "", (">passed over", "why"), [(f"{n:,}", why) for why, n in found.passed_over.items()]
            )
        if month_end:
            totals = market.month().totals
            months.append(totals)
            result["totals"] = {**asdict(totals), "value_cents": totals.value_cents}
            _say(output, totals, market.crowd)
        save(folder, market, answered, months)
    output.result(result)


def _offers(given: list[str]) -> dict[str, str]:
    found = {}
    for one in given:
        action, equals, name = one.partition("=")
        if not equals or place_of(name) < 0:
            raise UsageError(f"--offer {one}: say ACTION=OFFER with a catalogue id, `retention` or `service`")
        found[action] = name
    return found


def _lines(found: Found, answers: Answers | None, world: World) -> list[dict[str, Any]]:
    """What came back, in the order in which it came; who answers is named by a party."""
    if answers is None:
        return []
    best = world.parties.best()
    seconds = np.array([round(row.at.timestamp()) for row in found.rows], dtype=np.int64) + answers.delay
    lines = []
    for place in np.argsort(seconds, kind="stable").tolist():
        if answers.outcome[place] == IGNORED:
            continue
        row: Row = found.rows[place]
        name = OUTCOMES[answers.outcome[place]]
        by = best[answers.by[place]]
        when = datetime.fromtimestamp(int(seconds[place]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line: dict[str, Any] = {"id": f"twin-{row.key}"}
        if row.decision:
            line |= {"decision": row.decision, "proposal": row.proposal}
        else:
            line |= {"person": row.person, "recipient": row.recipient, "action": row.action}
        line |= {"outcome": OUTCOME[name], "by": _named(by) or row.recipient, "at": when}
        if answers.outcome[place] == OPTED_OUT:
            line["opt_out"] = True
        lines.append(line)
    return lines


def _named(id: str) -> str:
    return canonical(id) if id else ""


def _counts(answers: Answers | None) -> dict[str, int]:
    counted = (
        np.bincount(answers.outcome, minlength=len(OUTCOMES)) if answers is not None else np.zeros(6, int)
    )
    return {name: int(count) for name, count in zip(OUTCOMES, counted, strict=True)}


def _say(output: Output, totals: Totals, crowd: Crowd) -> None:
    month = crowd.first_month + np.timedelta64(totals.month, "M")
    rows = [
        ("contacts", f"{totals.contacts:,}"),
        ("bought", f"{totals.adoptions:,}, {totals.organic:,} of them unasked"),
        ("opted out", f"{totals.opt_outs:,}"),
        ("complaints", f"{totals.complaints:,}"),
        ("lines", f"{totals.lines:,}, {totals.lines_left:,} left"),
        ("homes", f"{totals.homes:,}, {totals.homes_left:,} left"),
        ("margin", f"{totals.margin_cents / 100:,.2f} EUR"),
        ("value", f"{totals.value_cents / 100:,.2f} EUR after contacts and complaints"),
    ]
    output.table(f"{month}", ("", ""), rows)
