"""What the house can carry over all customers is never exceeded, and goes to the best."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import small_market
from small_market import arrivals

from hogar.decide import Request
from hogar.runtime import campaign_runs, campaigns, outbox, triggers
from hogar.runtime.capacities import within_capacities
from hogar.runtime.engine import Engine
from hogar.runtime.explain import explain_decision
from hogar.runtime.floors import of_counts, to_counts
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.runtime.replay import replay

POLICIES = small_market.TEXTS["strategy/policies.yml"]


def bounded(folder: Path, *capacities: str, clock: object = None, **more: str) -> Engine:
    """The small market with these capacities, and texts besides."""
    texts = {**small_market.TEXTS, **more}
    texts["strategy/policies.yml"] = f"{POLICIES}capacities: [{', '.join(capacities)}]\n"
    return small_market.engine(folder, texts=texts, **({"clock": clock} if clock else {}))  # type: ignore[arg-type]


def test_events_take_what_is_left_and_then_are_silent(tmp_path: Path) -> None:
    """In one batch of events, the first so many; the others say why, with the place, and all of them replay."""
    engine = bounded(tmp_path, "{name: texts, channels: [sms], max: 3, per: day}")
    report = triggers.run(engine, arrivals(tmp_path, range(1, 8)))
    assert (report.proposed, dict(report.outcomes)) == (3, {"proposed": 3, "silent": 4})
    ids = engine.ledger.decision_ids(mode="triggered")
    assert all(replay(engine, id_).identical for id_ in ids)
    reasons = {
        (each.reason, each.because, each.source)
        for id_ in ids
        for each in explain_decision(engine, id_).excluded
        if each.action == "roaming" and each.reason != "other_subject"
    }
    words = "texts: 3 a day is what the house can carry, and reached"
    assert reasons == {("capacity", words, "strategy/policies.yml:14:14")}


def test_the_window_rolls(tmp_path: Path) -> None:
    """24 hours after the first message, to the microsecond, there is room for one more; not before."""
    now = [small_market.NOW]
    engine = bounded(tmp_path, "{name: texts, channels: [sms], max: 1, per: day}", clock=lambda: now[0])
    proposed = []
    for n, later in enumerate((0, 3600, 86_400 - 1e-6, 86_400), start=1):
        now[0] = small_market.NOW + timedelta(seconds=later)
        proposed.append(triggers.run(engine, arrivals(tmp_path, range(n, n + 1), now[0])).proposed)
    assert proposed == [1, 0, 0, 1]


def test_what_is_given_back_is_free_again(tmp_path: Path) -> None:
    """A reservation that was not said does not count."""
    now = [small_market.NOW]
    engine = bounded(tmp_path, "{name: texts, channels: [sms], max: 1, per: week}", clock=lambda: now[0])
    triggers.run(engine, arrivals(tmp_path, range(1, 2)))
    now[0] += timedelta(hours=5)
    assert outbox.deliver(engine).expired == 1
    assert triggers.run(engine, arrivals(tmp_path, range(2, 3), now[0])).proposed == 1


def test_one_decision_takes_no_more_than_is_left(tmp_path: Path) -> None:
    """Where less is left than one decision may hold it holds less, and that is on record with the request."""
    engine = bounded(tmp_path, "{name: texts, channels: [sms], max: 1, per: day}")
    asked = Request(channels=("sms", "email"))
    bound = within_capacities(engine, engine.live(), asked, "campaign", small_market.NOW)
    assert (bound.proposals_max, bound.full_capacities) == (1, ())
    triggers.run(engine, arrivals(tmp_path, range(1, 2)))
    bound = within_capacities(engine, engine.live(), asked, "campaign", small_market.NOW)
    assert (bound.proposals_max, bound.full_capacities) == (None, ("texts",))
    shown = Request(channels=("web",))
    assert within_capacities(engine, engine.live(), shown, "inbound", small_market.NOW) is shown


def test_what_the_customer_opens_is_never_counted(tmp_path: Path) -> None:
    """A capacity of an action closes what we open; a page shows it all the same, and takes nothing."""
    engine = bounded(tmp_path, "{name: plans, actions: [family_plan], max: 0, per: day}")
    assert len(decide_inbound(engine, InboundRequest(channel="web", person="P-crm:00001a")).proposals) == 1


def test_a_campaign_gives_what_is_left_to_the_best(tmp_path: Path) -> None:
    """Two texts are said before; of the campaign's rows the best three follow, in the plan and in the run."""
    engine = bounded(tmp_path, "{name: texts, channels: [sms], max: 5, per: day}")
    assert triggers.run(engine, arrivals(tmp_path, range(9, 11))).proposed == 2
    plan = campaigns.plan(engine, "few")
    assert (plan.proposed, plan.excluded["capacity"]) == (2, 8)  # the campaign's own capacity is shorter
    run = campaign_runs.run(engine, "renewals")
    assert (run.proposed, run.excluded["capacity"]) == (3, 7)
    assert engine.ledger.counts()["contact.contact.reserved"] == 5
    assert all(replay(engine, id_).identical for id_ in engine.ledger.decision_ids(limit=1000))
    assert campaign_runs.run(engine, "renewals").proposed == 0


def test_a_run_goes_on_with_what_was_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in the middle: the run that goes on gives the same rows as one without a crash."""
    engine = bounded(tmp_path, "{name: texts, channels: [sms], max: 4, per: day}")
    monkeypatch.setattr(campaign_runs, "ROWS_MAX", 2)
    moves = campaign_runs.campaign_runs.move
    seen = []

    def crash(*arguments: object, **named: object) -> None:
        seen.append(1)
        if len(seen) == 4:
            raise KeyboardInterrupt
        moves(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(campaign_runs.campaign_runs, "move", crash)
    with pytest.raises(KeyboardInterrupt):
        campaign_runs.run(engine, "renewals")
    run = campaign_runs.run(engine, "renewals")
    assert run.resumed
    assert engine.ledger.counts()["contact.contact.reserved"] == 4


def test_what_is_settled_is_kept_as_numbers() -> None:
    """Floors by name, the campaign's own without one, and what was full."""
    known = {"": (-5, 3), "texts": (7, 1)}
    assert of_counts(to_counts(known, ("agents",))) == (known, ("agents",))
    assert of_counts({"audience": 3}) == ({}, ())
