"""What is counted while it happens: seen by the next decision in every mode, once, of those only who may be known."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from small_market import NOW
from tests.unit.runtime import live_market
from tests.unit.runtime.api_client import calling
from tests.unit.runtime.live_market import ABROAD, HOME, LAST, VIEWS, home, visit

from hogar.features.live import Keeper, value_at
from hogar.runtime import campaigns, live_state, triggers
from hogar.runtime.api import Server
from hogar.runtime.engine import Engine
from hogar.runtime.explain import explain_decision
from hogar.runtime.gather import Recorded, decode_record
from hogar.runtime.inbound import InboundAnswer, InboundRequest, decide_inbound
from hogar.runtime.live import changed, changes, in_words
from hogar.runtime.replay import replay
from hogar.stores import events, live
from hogar.stores.ledger import Ledger
from hogar.stores.moment import to_micros
from hogar.telco.events import Event
from hogar.telco.live import Entry
from hogar.telco.profile import HouseholdProfile

WHO = "P-crm:00001a"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Three homes with live counters, an empty ledger."""
    return live_market.engine(tmp_path)


def ask(engine: Engine, person: str = WHO) -> InboundAnswer:
    """Decide for the person on the web."""
    return decide_inbound(engine, InboundRequest(channel="web", person=person))


def values(engine: Engine, number: int = 1, hours: float = 0.0) -> dict[str, str]:
    """The live values of a home that are not the published ones, in words, so many hours from now."""
    published = engine.live().published
    household = published.profiles.household(f"H-crm:{number:05d}a")
    assert household is not None
    at = to_micros(NOW + timedelta(hours=hours))
    (found,) = changes(engine.ledger, published.live, [household], at)
    everybody = [member.id for member in household.members]
    return in_words(published.profiles.schema, household, found, everybody, published.kernel.strategy.whose)


def spent(id_: str, mb: float = 5) -> Event:
    """The first line of the first home is abroad."""
    return Event(
        id=id_, source="/u", type="usage.abroad", time=NOW.isoformat(), subject="crm:00001L0", data={"mb": mb}
    )


def moved(number: int, **more: Any) -> HouseholdProfile:
    """The home after the second member took over the first line."""
    before = home(number, **more)
    first, *others = before.lines
    return msgspec.structs.replace(before, lines=(msgspec.structs.replace(first, user=1), *others))


def test_what_somebody_just_looked_at_changes_the_next_decision(engine: Engine) -> None:
    """One visit is not enough, the second is; the words count it, the explanation shows it, the record replays."""
    live_state.append(engine, [visit("1")], NOW)
    before = ask(engine)
    assert "phone_seen" not in [proposal.action for proposal in before.proposals]
    live_state.append(engine, [visit("2", hours=0.1)], NOW)
    after = ask(engine)
    assert after.proposals[0].action == "phone_seen"
    assert (after.proposals[0].text, after.proposals[0].reason) == ("Miraste 2 veces", "Has mirado 2 veces")
    live_state.append(engine, [visit("3", "plans", hours=0.05)], NOW)
    assert "phone_seen" not in [proposal.action for proposal in ask(engine).proposals], (
        "plans were looked at last"
    )
    for answer in (before, after):
        assert replay(engine, answer.decision).identical, "whatever happened since"
    explained = explain_decision(engine, after.decision)
    assert explained.live["person.views_24h of P-crm:00001a"] == "2"
    assert explained.live["person.last_topic_2d of P-crm:00001a"] == "devices"
    assert explained.proposals[0].reason == "Has mirado 2 veces"
    live_state.append(engine, [visit("4", "plans", subject="crm:00001b")], NOW)
    assert not [name for name in explain_decision(engine, ask(engine).decision).live if "00001b" in name]


def test_a_trigger_sees_its_own_event_and_a_campaign_who_looked(engine: Engine, tmp_path: Path) -> None:
    """The same values in the other two modes: the second visit pulls, the third brings into the audience."""
    file = tmp_path / "events.jsonl"
    file.write_bytes(msgspec.json.encode(visit("1", hours=0.1)))
    assert triggers.run(engine, file).proposed == 0
    file.write_bytes(msgspec.json.encode(visit("2", hours=0.05)))
    assert triggers.run(engine, file).proposed == 1
    assert campaigns.plan(engine, "lookers").audience == 0
    live_state.append(engine, [visit("3", hours=0.3)], NOW)
    plan = campaigns.plan(engine, "lookers")
    assert plan.audience == 1
    for id_ in engine.ledger.decision_ids():
        assert replay(engine, id_).identical


def test_the_api_feeds_the_counters_too(engine: Engine) -> None:
    """One path: an event that is posted counts in the next decision, a doubled one once."""
    body = msgspec.json.encode([visit("1"), visit("1"), visit("2", hours=0.1)])
    with calling(Server(engine, api_key=None)) as client:
        posted = client.post("/v1/events", content=body)
    assert (posted.status_code, posted.json()) == (202, {"appended": 2, "duplicates": 1})
    assert values(engine)["person.views_24h of P-crm:00001a"] == "2"


def test_nothing_is_kept_of_whom_nothing_may_be_known(engine: Engine, tmp_path: Path) -> None:
    """Not of minors, of who objects, of lines without consent, of strangers; the home counts the others only."""
    now = NOW.isoformat()
    abroad = Event(id="u", source="/u", type="usage.abroad", time=now, subject="crm:00001L0", data={"mb": 5})
    child = visit("c", subject="crm:00001c")
    live_state.append(
        engine, [child, visit("s", subject="crm:stranger"), visit("l", subject="crm:00001L2")], NOW
    )
    assert live.count(engine.ledger) == 0
    live_state.append(engine, [visit("1"), visit("2", "plans", subject="crm:00001L1"), abroad], NOW)
    assert values(engine) == {
        "household.topics_14d of H-crm:00001a": "2", "person.views_24h of P-crm:00001a": "1",
        "person.last_topic_2d of P-crm:00001a": "devices", "person.last_topic_2d of P-crm:00001b": "plans",
        "line.mb_2d of crm:00001L0": "5",
    }  # fmt: skip
    homes = [home(1, unprofiled=(0, 2), consented=2), home(2), home(3)]
    live_market.publish(engine, tmp_path, homes)
    live_state.append(engine, [visit("3"), msgspec.structs.replace(abroad, id="v")], NOW)
    assert values(engine) == {
        "household.topics_14d of H-crm:00001a": "1",
        "person.last_topic_2d of P-crm:00001b": "plans",
    }
    kept = {subject for subject, _, _ in live.subjects(engine.ledger, ("", "", ""), 99)}
    assert kept == {"crm:00001L1"}, "what was kept before the objection is gone"


def test_counters_follow_parties_and_lines_when_persons_change(engine: Engine, tmp_path: Path) -> None:
    """Two persons merge: what both parties did is the one person's; they part: each has his own again."""
    live_state.append(engine, [visit("1"), visit("2", subject="crm:00001b")], NOW)
    apart = home(1)
    first, second, child = apart.members
    one = msgspec.structs.replace(first, parties=(*first.parties, *second.parties))
    merged = msgspec.structs.replace(
        apart,
        members=(one, child),
        lines=tuple(msgspec.structs.replace(line, user=0) for line in apart.lines[:2]),
    )
    live_market.publish(engine, tmp_path, [merged, home(2), home(3)])
    assert values(engine)["person.views_24h of P-crm:00001a"] == "2"
    live_market.publish(engine, tmp_path, [apart, home(2), home(3)])
    assert values(engine)["person.views_24h of P-crm:00001a"] == "1"


def test_an_event_is_judged_once_when_it_is_taken(engine: Engine, tmp_path: Path) -> None:
    """A new counter, and people whom nobody knew when it happened, begin with what comes; what is kept stays."""
    live_market.publish(engine, tmp_path, [home(2)], counters=(VIEWS,))
    live_state.append(engine, [visit("1"), visit("2", "plans"), visit("3", subject="crm:00002a")], NOW)
    assert live.count(engine.ledger) == 1
    live_market.publish(engine, tmp_path, [home(1), home(2)])
    live_state.append(engine, [], NOW)
    assert values(engine) == {}
    assert values(engine, 2) == {"person.views_24h of P-crm:00002a": "1"}


def test_who_uses_a_line_now_is_not_told_what_another_did(engine: Engine, tmp_path: Path) -> None:
    """What happened on a line is of who used it then: not of the next user, and his own again when he is back."""
    on_line = visit("2", "plans", subject="crm:00001L0")
    live_state.append(engine, [visit("1", subject="crm:00001L0"), on_line, spent("u")], NOW)
    mine = values(engine)
    assert mine["person.views_24h of P-crm:00001a"] == "1"
    assert mine["line.mb_2d of crm:00001L0"] == "5"
    live_market.publish(engine, tmp_path, [moved(1), home(2), home(3)])
    live_state.append(engine, [], NOW)
    assert values(engine) == {"household.topics_14d of H-crm:00001a": "2"}, "the home is the same"
    live_state.append(engine, [spent("v", 7)], NOW)
    assert values(engine)["line.mb_2d of crm:00001L0"] == "7"
    live_market.publish(engine, tmp_path, [home(1), home(2), home(3)])
    assert values(engine) == mine
    away = msgspec.structs.replace(moved(1), lines=(msgspec.structs.replace(home(1).lines[0], user=-1),))
    live_market.publish(engine, tmp_path, [away, home(2), home(3)])
    assert "line.mb_2d of crm:00001L0" not in values(engine), "of a line that nobody uses nothing is known"


def test_what_was_refused_never_comes_back(engine: Engine, tmp_path: Path) -> None:
    """Without consent, or under an objection, nothing is kept; what is allowed later begins later, for others too."""
    homes = [home(1, consented=0, unprofiled=(1, 2)), home(2), home(3)]
    live_market.publish(engine, tmp_path, homes)
    live_state.append(engine, [spent("u", 777), visit("1", subject="crm:00001b")], NOW)
    for later in (home(1), moved(1)):
        live_market.publish(engine, tmp_path, [later, home(2), home(3)])
        live_state.append(engine, [], NOW)
        assert values(engine) == {}
    live_market.publish(engine, tmp_path, [home(1), home(2), home(3)])
    live_state.append(engine, [spent("v", 7), visit("2", subject="crm:00001b")], NOW)
    assert values(engine)["line.mb_2d of crm:00001L0"] == "7"
    for then in (homes[0], home(1)):
        live_market.publish(engine, tmp_path, [then, home(2), home(3)])
        live_state.append(engine, [], NOW)
        assert values(engine) == {}, "what was taken back is gone"


def test_the_former_user_of_a_line_is_forgotten_when_he_objects(engine: Engine, tmp_path: Path) -> None:
    """Though somebody else uses the line now, and though he uses it again later."""
    live_state.append(engine, [spent("u")], NOW)
    objecting = moved(1, unprofiled=(0, 2))
    live_market.publish(engine, tmp_path, [objecting, home(2), home(3)])
    live_state.append(engine, [], NOW)
    assert live.count(engine.ledger) == 0


def test_events_of_the_silos_are_taken_once(engine: Engine) -> None:
    """By what was allowed when they happened, and only those later than the ones that were looked at before."""
    profiles = engine.live().profiles

    def seed(id_: str, hours: float, allowed: int = 1) -> live_state.Row:
        at = to_micros(NOW - timedelta(hours=hours))
        return ("/u", id_, "usage.abroad", at, "crm:00001L0", {"mb": 5}, allowed)

    live_state.refresh(engine.ledger, profiles, NOW, [seed("a", 9, allowed=2), seed("b", 8)])
    assert values(engine)["line.mb_2d of crm:00001L0"] == "5"
    live_state.refresh(engine.ledger, profiles, NOW, [seed("a", 9), seed("b", 8), seed("c", 7)])
    assert values(engine)["line.mb_2d of crm:00001L0"] == "10"


def test_what_the_bus_brought_is_not_judged_again_by_a_silo(engine: Engine, tmp_path: Path) -> None:
    """Refused when it came, it is not kept because a silo tells it later, when others use the line."""
    live_market.publish(engine, tmp_path, [home(1, unprofiled=(0, 2)), home(2), home(3)])
    live_state.append(engine, [spent("u", 777)], NOW)
    live_market.publish(engine, tmp_path, [moved(1, unprofiled=(0, 2)), home(2), home(3)])
    told = ("/u", "u", "usage.abroad", to_micros(NOW), "crm:00001L0", {"mb": 777}, 3)
    live_state.refresh(engine.ledger, engine.live().profiles, NOW, [told])
    assert values(engine) == {}


def test_a_payers_value_is_shown_for_the_payer_only(engine: Engine) -> None:
    """By whose data it is, not by who uses the line."""
    live_state.append(engine, [spent("u")], NOW)
    published = engine.live().published
    schema = published.profiles.schema
    one = home(1)
    line = msgspec.structs.replace(one.lines[0], payer=1)
    household = msgspec.structs.replace(one, lines=(line, *one.lines[1:]))
    (found,) = changes(engine.ledger, published.live, [household], to_micros(NOW))
    user, payer = household.members[0].id, household.members[1].id
    name = f"{ABROAD.full_name} of crm:00001L0"
    assert in_words(schema, household, found, [user], {ABROAD.full_name: "payer"}) == {}
    assert in_words(schema, household, found, [payer], {ABROAD.full_name: "payer"}) == {name: "5"}
    assert in_words(schema, household, found, [user], {}) == {name: "5"}
    assert in_words(schema, household, found, [payer], {}) == {}
    unpaid = msgspec.structs.replace(household, lines=(msgspec.structs.replace(line, payer=-1),))
    everybody = [member.id for member in household.members]
    assert in_words(schema, unpaid, found, everybody, {ABROAD.full_name: "payer"}) == {}


def test_an_event_and_what_is_kept_of_it_are_written_together(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two, neither is there; told again, both are."""
    add = live.add

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(live, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        live_state.append(engine, [visit("1")], NOW)
    assert (events.last(engine.ledger), live.count(engine.ledger)) == (0, 0)
    monkeypatch.setattr(live, "add", add)
    assert live_state.append(engine, [visit("1")], NOW) == 1
    assert values(engine)["person.views_24h of P-crm:00001a"] == "1"


def test_a_profile_version_that_moves_meanwhile_is_noticed(engine: Engine, tmp_path: Path) -> None:
    """What was taken under another version is not written; `append` takes it again."""
    taken = live_state.taken(engine, [visit("1")], NOW)
    live_market.publish(engine, tmp_path, [home(1, unprofiled=(0, 1, 2))])
    with pytest.raises(events.Moved):
        events.append(engine.ledger, [visit("1")], to_micros(NOW), taken)
    assert events.last(engine.ledger) == 0
    live_state.append(engine, [visit("1")], NOW)
    assert (events.last(engine.ledger), live.count(engine.ledger)) == (1, 0)


def test_a_record_of_before_there_were_counters_is_read() -> None:
    """Fields that came later have their defaults."""
    old = msgspec.msgpack.encode([1, 2, 3, {"channels": ["web"]}, [], None])
    assert decode_record(old).live == ()
    assert isinstance(decode_record(old), Recorded)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_ledger_gives_the_fold_of_all_events_at_any_moment(tmp_path: Path, seed: int) -> None:
    """Random batches, shuffled, doubled, late, crashes, restarts and purges: as if all were kept for ever."""
    rng = random.Random(seed)
    hour = 0.0
    engine = live_market.engine(tmp_path, clock=lambda: NOW + timedelta(hours=hour))
    told: list[Event] = []
    number = 0
    for hour in (0.0, 3.0, 30.0, 31.0, 100.0, 500.0):
        new = []
        for _ in range(60):
            number += 1
            who = rng.choice(("crm:00001a", "crm:00001b", "crm:00001L1", "crm:00001c", "crm:00002a"))
            new.append(visit(str(number), rng.choice(("devices", "plans", "tv", 7, None)), subject=who,
                             hours=rng.choice((-hour, 20 - hour, 30.0, 60.0, rng.uniform(0, 400) - hour))))  # fmt: skip
        new = [one for one in new if events.event_time(one) <= engine.clock()]
        told += new
        came = [*new, *rng.sample(told, len(told) // 3)]
        rng.shuffle(came)
        for start in range(0, len(came), 25):
            if rng.random() < 0.3:
                with pytest.raises(KeyboardInterrupt), engine.ledger.transaction():
                    raise KeyboardInterrupt
            live_state.append(engine, came[start : start + 25], engine.clock())
        if rng.random() < 0.5:
            engine.ledger.close()
            engine.ledger = Ledger.open(tmp_path / "ledger.db")
        for number_of_home in (1, 2, 3):
            _same(engine, told, number_of_home, to_micros(engine.clock()))
    assert live.count(engine.ledger) < 3 * len(told), "what no window holds goes"
    live_state.append(engine, [], engine.clock() + timedelta(days=60))
    for _ in range(9):
        events.append(
            engine.ledger, [], to_micros(NOW + timedelta(days=60)), live_state.taken(engine, [], NOW)
        )
    assert live.count(engine.ledger) == 0


def _same(engine: Engine, told: list[Event], number: int, at: int) -> None:
    published = engine.live().published
    schema, keeper = published.profiles.schema, Keeper.of(published.profiles.schema.live)
    household = published.profiles.household(f"H-crm:{number:05d}a")
    assert household is not None
    (found,) = changes(engine.ledger, published.live, [household], at)
    now = changed(household, found)

    def fold(counter_name: str, about: set[str]) -> float | str | None:
        entries = [
            Entry(to_micros(events.event_time(one)), one.source, one.id, value)
            for one in told
            if one.subject in about
            for counter, value in keeper.kept(one.type, one.data)
            if counter.full_name == counter_name
        ]
        counter = next(counter for counter in schema.live if counter.full_name == counter_name)
        return value_at(counter, entries, at)

    of: dict[int, set[str]] = {
        place: {*member.parties, *(line.id for line in household.lines if line.user == place)}
        for place, member in enumerate(household.members)
        if not member.unprofiled
    }
    for place, about in of.items():
        assert _read(now, 1, place, -2) == fold(VIEWS.full_name, about)
        last = fold(LAST.full_name, about)
        assert _read(now, 1, place, -1) == (None if last is None else LAST.one_of.index(str(last)))
    assert _read(now, 0, 0, -1) == fold(HOME.full_name, set().union(*of.values()))
    assert _read(now, 2, 0, -1) == fold(ABROAD.full_name, {household.lines[0].id})


def _read(household: HouseholdProfile, entity: int, place: int, column: int) -> float | None:
    holder = (household, household.members[place], household.lines[min(place, 2)])[entity]
    values = memoryview(holder.values).cast("d")
    value = values[len(values) + column]
    return None if value != value else value
