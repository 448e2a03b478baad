"""One kernel for three modes: the same household in the same situation gives the same answer, alone or in a batch.

On the built market, through the functions that the commands use; what is compared are the recorded bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import msgspec
import pytest

from hogar.app import opened
from hogar.decide import Decision, Request, decode_decision
from hogar.runtime import campaign_runs, campaigns, triggers
from hogar.runtime.engine import Engine
from hogar.runtime.gather import gather
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.runtime.replay import replay
from hogar.stores import events
from hogar.stores.moment import to_micros
from hogar.telco.channels import Mode
from hogar.telco.events import Event
from hogar.telco.profile import HouseholdProfile

pytestmark = pytest.mark.market
CHANNELS = ("web", "sms", "email")


@pytest.fixture
def engine(market: Path, copy_of: Callable[[Path], Path]) -> Iterator[Engine]:
    """What decides in the market."""
    with opened(copy_of(market)) as engine:
        yield engine


def decide(
    engine: Engine, households: list[HouseholdProfile], mode: Mode, request: Request
) -> list[Decision]:
    """The kernel's decisions for some households at once."""
    live = engine.live()
    gathered = gather(engine, live, households, mode=mode, request=request, now=engine.clock())
    decisions = live.kernel.decide(gathered.situation)
    return [decisions[number] for number in range(len(households))]


def recorded(engine: Engine, mode: str) -> dict[str, bytes]:
    """The recorded decisions of a mode by household."""
    rows = engine.ledger.connection.execute(
        "SELECT household_id, decision FROM decision WHERE mode = ? ORDER BY id", [mode]
    )
    return dict(rows.fetchall())


@pytest.mark.parametrize("mode", ["inbound", "campaign", "triggered"])
def test_a_household_of_a_batch_is_decided_as_if_alone(engine: Engine, mode: Mode) -> None:
    """In every mode: a decision's bytes do not depend on how many others are decided with it, nor on their order."""
    homes = list(engine.live().profiles.households())
    request = Request(channels=CHANNELS)
    together = [decision.encode() for decision in decide(engine, homes, mode, request)]
    alone = [decide(engine, [home], mode, request)[0].encode() for home in homes]
    assert together == alone
    backwards = [decision.encode() for decision in decide(engine, homes[::-1], mode, request)][::-1]
    assert together == backwards
    assert len(set(together)) == len(homes)


def test_the_three_modes_are_one_kernel(engine: Engine) -> None:
    """What an action says does not hang on the mode: where a campaign and a trigger ask for the same action through
    the same channels, proposals are the same but for the mode's own limits; and inbound agrees on what it shares."""
    live = engine.live()
    homes = list(live.profiles.households())
    everywhere = tuple(
        action.key
        for action in live.kernel.strategy.actions
        if {"inbound", "campaign", "triggered"} <= set(action.modes)
        and {"web", "email"} <= {treatment.channel for treatment in action.treatments}
    )
    assert len(everywhere) >= 4
    request = Request(channels=("email",), actions=everywhere)
    campaign = decide(engine, homes, "campaign", request)
    triggered = decide(engine, homes, "triggered", request)
    assert [same_but_mode(one) for one in campaign] == [same_but_mode(one) for one in triggered]
    assert sum(len(one.proposals) for one in campaign) > 20
    web = decide(engine, homes, "inbound", msgspec.structs.replace(request, channels=("web", "email")))
    for there, here in zip(campaign, web, strict=True):
        for proposal in there.proposals:
            twin = [p for p in here.proposals if (p.action, p.subject) == (proposal.action, proposal.subject)]
            for same in twin:
                assert (same.interest_micro, same.value_cents) == (
                    proposal.interest_micro,
                    proposal.value_cents,
                )


def same_but_mode(decision: Decision) -> bytes:
    """A decision's bytes without the name of its mode."""
    return msgspec.structs.replace(decision, mode="inbound").encode()


def test_a_campaign_s_batches_are_the_decisions_of_each_alone(engine: Engine) -> None:
    """`campaign plan` in chunks of 7 or of all: the same bytes are recorded, under the same names, once."""
    campaigns.plan(engine, "convergence")
    at_once = recorded(engine, "campaign")
    engine.ledger.connection.execute("DELETE FROM decision")
    with mock.patch.object(campaigns, "CHUNK_HOUSEHOLDS", 7):
        report = campaigns.plan(engine, "convergence")
    assert recorded(engine, "campaign") == at_once
    assert report.households > len(at_once) > 50


def test_a_run_decides_what_its_plan_said(engine: Engine) -> None:
    """Nothing was said in between: the run's decisions are the plan's, byte for byte."""
    campaigns.plan(engine, "renewals")
    planned = recorded(engine, "campaign")
    engine.ledger.connection.execute("DELETE FROM decision")
    campaign_runs.run(engine, "renewals")
    assert recorded(engine, "campaign") == planned


def test_an_event_is_decided_alone_as_among_others(engine: Engine) -> None:
    """A trigger's decision is the same bytes whether its event came alone or in a stream of two hundred."""
    now = engine.clock()
    lines = [home.lines[0].id for home in engine.live().profiles.households() if home.lines][:200]

    def event(line: str) -> Event:
        return Event(
            id=line, source="/parity", type="com.acme.roaming.v1.arrived", time=now.isoformat(), subject=line,
            data={"country": "US", "stay_days": 6.0},
        )  # fmt: skip

    def decided(some: list[str]) -> dict[str, bytes]:
        events.append(engine.ledger, [event(line) for line in some], to_micros(now))
        triggers.consume(engine)
        rows = engine.ledger.connection.execute("SELECT id, decision FROM decision WHERE proposals > 0")
        return dict(rows.fetchall())

    stream = decided(lines)
    assert stream
    connection = engine.ledger.connection
    for id_, data in stream.items():
        subject = decode_decision(data).proposals[0].subject
        for table in ("outbox", "contact", "effect", "event", "consumer", "decision"):
            connection.execute(f"DELETE FROM {table}")
        assert decided([subject]) == {id_: data}


def test_every_mode_s_record_replays(engine: Engine) -> None:
    """Whatever mode made it: decided again from its record, the bytes are the same."""
    people = [member.id for home in engine.live().profiles.households() for member in home.members][:60]
    for person in people:
        decide_inbound(engine, InboundRequest(channel="web", person=person, reason="plans"))
    campaign_runs.run(engine, "convergence")
    ids = engine.ledger.decision_ids(limit=10_000)
    assert len(ids) > 100
    assert [id_ for id_ in ids if not replay(engine, id_).identical] == []
