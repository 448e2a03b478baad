"""Days count where the customer is, in the decision and again when a message leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import small_market
from small_market import arrivals

from hogar.runtime import outbox, triggers
from hogar.runtime.engine import Engine
from hogar.runtime.explain import explain_decision
from hogar.runtime.replay import replay

SUNDAY_NIGHT = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # 23:30 in Madrid; quiet until nine
LONG = small_market.TEXTS["strategy/triggers/arrived.yml"].replace(
    "expires_minutes: 240", "expires_minutes: 2880"
)


def market(folder: Path, clock: list[datetime], more: str = "", valid: str = "") -> Engine:
    """The small market with more policies, and days on which the bundle is valid."""
    texts = {**small_market.TEXTS, "strategy/triggers/arrived.yml": LONG}
    texts["strategy/policies.yml"] += more
    texts["strategy/actions/roaming.yml"] += valid
    return small_market.engine(folder, texts=texts, clock=lambda: clock[0])


def reason(engine: Engine) -> tuple[str, str]:
    """Why the last arrival came to nothing: the reason and its place."""
    (id_,) = engine.ledger.decision_ids(limit=1)
    assert replay(engine, id_).identical
    fell = {(e.reason, e.source) for e in explain_decision(engine, id_).excluded if e.action == "roaming"}
    (found,) = (each for each in fell if each[0] != "other_subject")
    return found


def test_an_action_is_valid_on_local_days(tmp_path: Path) -> None:
    """At half past eleven on Sunday it is not Monday yet; an hour later it is, though it is still Sunday in London."""
    clock = [SUNDAY_NIGHT]
    engine = market(tmp_path, clock, valid="valid: {from: 2026-03-02, until: 2026-03-02}\n")
    assert triggers.run(engine, arrivals(tmp_path, range(1, 2), clock[0])).proposed == 0
    assert reason(engine) == ("not_in_season", "strategy/actions/roaming.yml:1:1")
    clock[0] += timedelta(hours=1)
    assert triggers.run(engine, arrivals(tmp_path, range(2, 3), clock[0])).proposed == 1


def test_a_silent_day_and_a_suppression_have_their_place(tmp_path: Path) -> None:
    """Each says why in the author's words, from the first to the last of its days."""
    clock = [small_market.NOW]
    engine = market(
        tmp_path, clock,
        "calendar: [{name: day, from: 03-02, until: 03-02, every_year: on, silent: {channels: [sms]}, because: -}]\n"
        "suppressions: [{name: audit, actions: [roaming], from: 2026-03-03, until: 2026-03-03, because: prices}]\n",
    )  # fmt: skip
    for number, expected in (
        (1, ("calendar", "strategy/policies.yml:14:12")),
        (2, ("suppressed", "strategy/policies.yml:15:16")),
    ):
        assert triggers.run(engine, arrivals(tmp_path, range(number, number + 1), clock[0])).proposed == 0
        assert reason(engine) == expected
        clock[0] += timedelta(days=1)
    assert triggers.run(engine, arrivals(tmp_path, range(3, 4), clock[0])).proposed == 1


def test_a_suppression_for_some_has_days_too(tmp_path: Path) -> None:
    """Homes with three lines hear nothing on the second of March, and everything on the third."""
    clock = [small_market.NOW]
    engine = market(
        tmp_path, clock,
        "suppressions: [{name: large homes, actions: [roaming], until: 2026-03-02, when: household.mobile_lines >= 3, "
        "because: they are called instead}]\n",
    )  # fmt: skip
    assert triggers.run(engine, arrivals(tmp_path, range(1, 2), clock[0])).proposed == 0
    (id_,) = engine.ledger.decision_ids(limit=1)
    fell = [e for e in explain_decision(engine, id_).excluded if e.stage == "eligibility"]
    assert {(e.reason, e.because, e.source) for e in fell} == {
        ("suppressed", "they are called instead", "strategy/policies.yml:14:16")
    }
    clock[0] += timedelta(days=1)
    assert triggers.run(engine, arrivals(tmp_path, range(2, 3), clock[0])).proposed == 1


def test_a_message_that_waits_meets_a_silent_day(tmp_path: Path) -> None:
    """Decided on Sunday night for Monday at nine, which is silent: it leaves on Tuesday at nine."""
    clock = [SUNDAY_NIGHT]
    engine = market(
        tmp_path, clock,
        "calendar: [{name: fair, from: 2026-03-02, until: 2026-03-02, silent: {channels: [sms]}, because: busy}]\n",
    )  # fmt: skip
    assert triggers.run(engine, arrivals(tmp_path, range(1, 2), clock[0])).proposed == 1
    sent = []
    for hours in (0, 10, 25, 35):
        clock[0] = SUNDAY_NIGHT + timedelta(hours=hours)
        sent.append(outbox.deliver(engine).delivered)
    assert sent == [0, 0, 0, 1]


def test_a_message_that_waits_does_not_leave_after_its_days(tmp_path: Path) -> None:
    """Valid on Sunday only, allowed to speak on Monday: not said."""
    clock = [SUNDAY_NIGHT]
    engine = market(tmp_path, clock, valid="valid: {until: 2026-03-01}\n")
    assert triggers.run(engine, arrivals(tmp_path, range(1, 2), clock[0])).proposed == 1
    clock[0] += timedelta(hours=12)
    assert outbox.deliver(engine).delivered == 0
    assert engine.ledger.counts()["outbox.failed"] == 1
    assert engine.ledger.counts()["contact.contact.released"] == 1
