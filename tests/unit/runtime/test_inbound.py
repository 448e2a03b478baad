"""Somebody is in front of us: one decision, durable, for this person only, within the caps of the household."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import small_market

from hogar.errors import UsageError
from hogar.runtime.engine import Engine, NothingPublished
from hogar.runtime.explain import explain_decision
from hogar.runtime.gather import UnknownSubject
from hogar.runtime.inbound import InboundRequest, answer, decide_inbound, prepare
from hogar.runtime.replay import UnknownDecision, replay
from hogar.runtime.strategies.stopping import resume, stop
from hogar.stores.commit import commit
from hogar.stores.reviews import Author

NOC = Author("noc", "ops7")
PAYER, PARTNER, CHILD = "P-crm:00001a", "P-crm:00001b", "P-crm:00001c"


def test_the_payer_hears_the_offer_with_its_reason(engine: Engine) -> None:
    """Action, recipient, channel, words and the numbers behind them, and the impression is counted."""
    made = decide_inbound(engine, InboundRequest(channel="web", person=PAYER, reason="plans"))
    (proposal,) = made.proposals
    assert (proposal.action, proposal.recipient, proposal.channel) == ("family_plan", PAYER, "web")
    assert proposal.text == "Plan familiar por 40 €"
    assert proposal.reason == "Ahorra 20 € al mes"
    assert proposal.value_eur == 480.0
    assert engine.ledger.counts() == {"decision.inbound.made": 1, "contact.impression.made": 1}


def test_who_does_not_pay_is_not_told_what_the_bill_says(engine: Engine) -> None:
    """Silence for the partner, and the reason is in the explanation."""
    made = decide_inbound(engine, InboundRequest(channel="web", person=PARTNER))
    assert made.proposals == ()
    reasons = {one.action: one.reason for one in explain_decision(engine, made.decision).excluded}
    assert reasons == {"family_plan": "leak_guard"}


def test_a_minor_is_not_addressed(engine: Engine) -> None:
    """No proposal for a child, whatever the household would get."""
    assert decide_inbound(engine, InboundRequest(channel="web", person=CHILD)).proposals == ()


def test_party_and_line_lead_to_the_same_person(engine: Engine) -> None:
    """A silo's id or a line name the person in front of us as well."""
    by_party = decide_inbound(engine, InboundRequest(channel="web", party="crm:00001a"))
    by_line = decide_inbound(engine, InboundRequest(channel="web", line="crm:00001L0"))
    assert by_party.person == by_line.person == PAYER


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        (InboundRequest(channel="web", person="P-nobody"), UnknownSubject, "no person `P-nobody`"),
        (InboundRequest(channel="web", line="crm:none"), UnknownSubject, "no line `crm:none`"),
        (InboundRequest(channel="web"), UsageError, "exactly one"),
        (InboundRequest(channel="wep", person=PAYER), UsageError, "did you mean `web`"),
        (InboundRequest(channel="sms", person=PAYER), UsageError, "nobody is in front of us"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_cure(
    engine: Engine, request_: InboundRequest, error: type[Exception], words: str
) -> None:
    """The message says what is wrong; nothing is written."""
    with pytest.raises(error, match=words):
        decide_inbound(engine, request_)
    assert engine.ledger.counts() == {}


def test_nothing_published_says_so(tmp_path: Path) -> None:
    """A fresh ledger is no reason to guess."""
    with pytest.raises(NothingPublished, match="hogar build"):
        decide_inbound(
            small_market.engine(tmp_path, publish=False), InboundRequest(channel="web", person=PAYER)
        )


def test_the_household_cap_holds_in_a_true_rolling_window(tmp_path: Path) -> None:
    """Four impressions a day, then silence with its reason; a day after the first there is room again."""
    moment = [small_market.NOW]
    engine = small_market.engine(tmp_path, clock=lambda: moment[0])
    request = InboundRequest(channel="web", person=PAYER)
    shown = []
    for _ in range(6):
        shown.append(len(decide_inbound(engine, request).proposals))
        moment[0] += timedelta(hours=1)
    assert shown == [1, 1, 1, 1, 0, 0]
    (last,) = engine.ledger.decision_ids(limit=1)
    assert {one.reason for one in explain_decision(engine, last).excluded} == {"shown_1d"}
    moment[0] = small_market.NOW + timedelta(days=1)
    assert len(decide_inbound(engine, request).proposals) == 1


def test_a_stale_decision_is_not_written(engine: Engine) -> None:
    """Two prepared at the same time: the second meets a conflict and would be decided again."""
    request = InboundRequest(channel="web", person=PAYER)
    first, second = prepare(engine, request), prepare(engine, request)
    assert commit(engine.ledger, [first.draft, second.draft]) == ("made", "conflict")


def test_contended_three_times_is_silence_on_record(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is never fast enough says nothing, and that decision is recorded and replays."""
    real, calls = commit, []

    def slow(ledger: object, drafts: list[object]) -> tuple[str, ...]:
        calls.append(drafts)
        return ("conflict",) if len(calls) <= 3 else real(engine.ledger, drafts)  # type: ignore[arg-type]

    monkeypatch.setattr("hogar.runtime.inbound.commit", slow)
    made = decide_inbound(engine, InboundRequest(channel="web", person=PAYER))
    assert (made.silence, made.proposals, len(calls)) == ("contended", (), 4)
    assert replay(engine, made.decision).identical


def test_an_emergency_stop_holds_at_once(engine: Engine) -> None:
    """The stopped channel or action is silent from the next decision on; resuming lifts it."""
    request = InboundRequest(channel="web", person=PAYER)
    prepared = prepare(engine, request)
    stop(engine, author=NOC, actions=("family_plan",), why="wrong price")
    assert commit(engine.ledger, [prepared.draft]) == ("conflict",)
    assert decide_inbound(engine, request).proposals == ()
    resume(engine, author=NOC)
    stop(engine, author=NOC, channels=("web",))
    assert decide_inbound(engine, request).silence == "stopped"
    resume(engine, author=NOC, channels=("web",))
    assert len(decide_inbound(engine, request).proposals) == 1
    assert [what for _, _, what, *_ in engine.ledger.audit()][:4] == ["resume", "stop", "resume", "stop"]


def test_a_decision_replays_byte_for_byte_after_a_restart(engine: Engine, tmp_path: Path) -> None:
    """Another process, another strategy live: the recorded versions decide again."""
    ids = [
        decide_inbound(engine, InboundRequest(channel="web", person=f"P-crm:{number:05d}a")).decision
        for number in range(1, 6)
    ]
    engine.ledger.close()
    texts = dict(small_market.TEXTS)
    texts["strategy/actions/family_plan.yml"] = texts["strategy/actions/family_plan.yml"].replace(
        "0.3", "0.1"
    )
    later = small_market.engine(tmp_path, texts=texts)
    reports = [replay(later, id_) for id_ in ids]
    assert all(report.identical for report in reports)
    assert {report.strategy for report in reports} != {later.live().kernel.strategy.hash}
    with pytest.raises(UnknownDecision, match="no decision `D-none`"):
        replay(later, "D-none")


def test_a_replay_over_other_facts_names_the_difference(engine: Engine, tmp_path: Path) -> None:
    """When a profile version is not what it was, replay says which parts came out otherwise."""
    made = decide_inbound(engine, InboundRequest(channel="web", person=PAYER))
    other = small_market.write(tmp_path, [small_market.home(1, objects=True)])
    damaged = replace(engine, open_profiles=lambda _: engine.open_profiles(other))
    report = replay(damaged, made.decision)
    assert not report.identical
    assert {one.part for one in report.differences} == {"profile", "codes_household", "proposals"}


def test_a_text_with_a_missing_value_is_not_half_said(tmp_path: Path) -> None:
    """The agent still gets the action's name; the sentence that lacks its number is left out."""
    texts = dict(small_market.TEXTS)
    texts["strategy/actions/family_plan.yml"] = texts["strategy/actions/family_plan.yml"].replace(
        "Plan familiar por {{ action.monthly_eur | euros }}", "Tenéis {{ household.payers }} pagadores"
    )
    values = small_market.packed(
        "household", mobile_lines=3.0, open_complaints=0.0, spend_band_eur=80.0, spend_eur=60.0
    )
    homes = [msgspec.structs.replace(small_market.home(1), values=values)]
    engine = small_market.engine(tmp_path, homes, texts=texts)
    made = answer(prepare(engine, InboundRequest(channel="web", person=PAYER)))
    assert [(one.text, one.reason) for one in made.proposals] == [(None, "Ahorra 20 € al mes")]
