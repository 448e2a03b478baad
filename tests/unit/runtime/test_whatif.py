"""A comparison counts what single decisions would say, touches nothing, and does not depend on how it was divided."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import small_market

from hogar import decide
from hogar.decide import Request, decode_decision
from hogar.errors import UsageError
from hogar.runtime import campaigns, triggers, workers
from hogar.runtime.engine import Engine, Live, Published
from hogar.runtime.gather import gather
from hogar.runtime.strategies import strategy_row
from hogar.runtime.strategies.stopping import stop
from hogar.runtime.whatif import Question, Tried, WhatifReport, changes, picture, under, whatif
from hogar.stores.ledger import ImportedContact, StrategyRow, Wanted
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author

CONTROL = {"strategy/policies.yml": ("share: 0, salt: none", "share: 0.3, salt: s")}
SECOND = {
    "strategy/actions/tariff.yml": """
name: Tarifa
purpose: grow
scope: person
suitable_when: person.age < 45
interest: 0.25
value: 50
reason: "Para ti"
modes: [campaign, inbound]
treatments:
  sms: {es: "Tarifa"}
  web: {es: "Tarifa"}
""",
}


def texts(*edits: dict[str, Any], without: str = "") -> dict[str, str]:
    """The small strategy with files added, or words replaced."""
    made = dict(small_market.TEXTS)
    for path, text in (item for edit in edits for item in edit.items()):
        if isinstance(text, str):
            made[path] = text
        else:
            assert text[0] in made[path]
            made[path] = made[path].replace(*text)
    made.pop(without, None)
    return made


def row(made: dict[str, str]) -> StrategyRow:
    """Texts as the ledger keeps a strategy."""
    return strategy_row(
        made, small_market.CATALOGUE, small_market.OFFERS, at=small_market.NOW, by="test", why=""
    )


def homes() -> list[Any]:
    """Thirty homes that differ in age of devices, consent and objection."""
    return [
        small_market.home(
            n, device_age=16 + n, consent=0 if n % 7 == 0 else small_market.ALL_CHANNELS, objects=n % 11 == 0
        )
        for n in range(1, 31)
    ]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Thirty homes, a control group, and contacts that fill the caps of some."""
    made = small_market.engine(tmp_path, homes(), texts=texts(CONTROL))
    at = to_micros(small_market.NOW - timedelta(days=2))
    made.ledger.import_contacts(
        "elsewhere",
        [
            ImportedContact(
                id=f"{n}{k}", party_id=f"crm:{n:05d}a", channel="sms", message_class="marketing", at=at
            )
            for n in range(2, 31, 4)
            for k in range(2)
        ],
    )
    return made


NEW = row(texts(CONTROL, SECOND, {"strategy/actions/new_phone.yml": (">= 24", ">= 30")}))


def plain(
    engine: Engine, made: StrategyRow, requests: list[tuple[Request, str | None]], mode: str
) -> dict[str, Any]:
    """The same by single decisions, explained one by one."""
    live = engine.live()
    published = Published.of(engine.compile_strategy(made), live.profiles)
    mine: Live = replace(live, published=published)
    reasons: Counter[tuple[str, str]] = Counter()
    actions: Counter[str] = Counter()
    value = 0
    led: dict[str, str] = {}
    for home in live.profiles.households():
        for request, recipient in requests:
            comers = [m.id for m in home.members if not m.minor] if recipient == "each" else [None]
            for comer in comers:
                asked = Request(
                    channels=request.channels,
                    recipient=comer,
                    context=request.context,
                    wait_minutes_max=request.wait_minutes_max,
                )
                found = gather(engine, mine, [home], mode=mode, request=asked, now=small_market.NOW)  # type: ignore[arg-type]
                decision = mine.kernel.decide(found.situation)[0]
                explained = decide.explain(mine.kernel, decision)
                for one in explained.excluded:
                    unknown = "_unknown" if one.because.startswith(("unknown,", "no offer")) else ""
                    reasons[one.stage, one.reason + unknown] += 1
                if explained.not_asked:
                    reasons["arms", "not_asked"] += explained.not_asked
                for number, proposal in enumerate(decision.proposals):
                    actions[proposal.action] += 1
                    value += proposal.probability_micro * proposal.value_cents
                    if number == 0:
                        led[f"{home.id} {comer} {request.channels}"] = proposal.action
    return {"reasons": reasons, "actions": actions, "value_eur": round(value / 1e8, 2), "led": led}


def agrees(report: WhatifReport, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Reasons, proposals, expected value and who takes over are those of single decisions."""
    for side, found in (("before", before), ("after", after)):
        assert {(f.stage, f.reason): getattr(f, side) for f in report.fallen if getattr(f, side)} == found[
            "reasons"
        ]
        assert {a.action: n for a in report.actions if (n := getattr(a, side).proposals)} == found["actions"]
        assert getattr(report.total, side).value_eur == found["value_eur"]
    moved = Counter(
        (before["led"].get(key, ""), after["led"].get(key, ""))
        for key in before["led"].keys() | after["led"].keys()
    )
    assert {(m.before, m.after): m.households for m in report.moves} == {
        k: n for k, n in moved.items() if k[0] != k[1]
    }


def test_a_campaign_of_everybody_counts_what_single_decisions_say(engine: Engine) -> None:
    """Reasons of every candidate, proposals, expected value, who takes over from whom."""
    report = whatif(engine, NEW, Question())
    request = Request(channels=("email", "sms"), wait_minutes_max=campaigns.WAIT_MINUTES_MAX)
    live = engine.ledger.strategy(engine.live().kernel.strategy.hash)
    assert live is not None
    agrees(report, *(plain(engine, one, [(request, None)], "campaign") for one in (live, NEW)))
    assert (report.households, report.persons, report.looks) == (30, 90, 30)
    assert report.control > 0
    assert report.changed > 0
    assert any(fallen.stage == "routes" for fallen in report.fallen)


def test_at_the_inbound_door_each_member_comes_once_through_each_channel(engine: Engine) -> None:
    """Two adults a home, two channels: four answers a home, each as if that person had come."""
    report = whatif(engine, NEW, Question(mode="inbound"))
    requests = [
        (Request(channels=(channel,), context={"channel": channel, "reason": ""}), "each")
        for channel in ("web", "call_centre")
    ]
    live = engine.ledger.strategy(engine.live().kernel.strategy.hash)
    assert live is not None
    agrees(report, *(plain(engine, one, requests, "inbound") for one in (live, NEW)))
    assert (report.households, report.looks) == (30, 120)


def test_the_funnel_is_the_reasons_added_up(engine: Engine) -> None:
    """Each step has what fell later and what is proposed; never more than the one before; all at the first."""
    report = whatif(engine, NEW, Question())
    for side in ("before", "after"):
        steps = [getattr(step, side) for step in report.funnel]
        for one, following in pairwise(steps):
            assert one.households >= following.households
            assert one.persons >= following.persons
            assert one.candidates >= following.candidates
        assert (steps[0].households, steps[0].persons) == (30, 90)
        fell = sum(getattr(fallen, side) for fallen in report.fallen)
        assert steps[0].candidates == fell + steps[-1].candidates
        assert steps[-1].candidates == getattr(report.total, side).proposals


def test_groups_add_up_to_the_whole(engine: Engine) -> None:
    """By group and channel; roles may be several a person."""
    report = whatif(engine, NEW, Question(by=("household.mobile_lines", "person.age")))
    for side in ("before", "after"):
        whole = getattr(report.total, side)
        for split in report.splits:
            assert sum(getattr(group, side).proposals for group in split.groups) == whole.proposals
            assert sum(group.size for group in split.groups) == (90 if split.of == "persons" else 30)
        assert sum(getattr(one, side).proposals for one in report.channels_compared) == whole.proposals
        assert sum(getattr(one, side).proposals for one in report.actions) == whole.proposals
    assert [(split.by, split.of) for split in report.splits] == [
        ("household.mobile_lines", "households"), ("person.age", "persons"),
    ]  # fmt: skip


def test_won_and_lost_are_the_difference(engine: Engine) -> None:
    """At one proposal of an action a household, won less lost is after less before."""
    report = whatif(engine, NEW, Question())
    assert all(a.won - a.lost <= a.after.proposals - a.before.proposals or a.lost for a in report.actions)
    (new,) = [a for a in report.actions if a.is_new]
    assert (new.action, new.before.proposals, new.lost) == ("tariff", 0, 0)
    gone = row(texts(CONTROL, without="strategy/actions/family_plan.yml"))
    report = whatif(engine, gone, Question(mode="inbound", channels=("web",)))
    (left,) = [a for a in report.actions if a.is_gone]
    assert (left.action, left.won, left.after.proposals) == ("family_plan", 0, 0)
    assert left.lost == left.before.proposals > 0


def test_nothing_is_written(engine: Engine) -> None:
    """No decision, contact, message or strategy enters the ledger."""
    before = engine.ledger.counts(), engine.ledger.audit(), engine.ledger.pointers()
    whatif(engine, NEW, Question())
    assert (engine.ledger.counts(), engine.ledger.audit(), engine.ledger.pointers()) == before
    assert engine.ledger.strategy(NEW.hash) is None


@pytest.mark.parametrize("mode", ["campaign", "inbound"])
def test_parts_and_processes_do_not_matter(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Any
) -> None:
    """One part or many, one process or two, a shared situation or two: the same report."""
    whole = whatif(engine, NEW, Question(mode=mode))
    monkeypatch.setattr("hogar.runtime.whatif.comparison.CHUNK_HOUSEHOLDS", 7)
    told: list[tuple[int, int]] = []
    assert whatif(engine, NEW, Question(mode=mode), progress=lambda *at: told.append(at)) == whole
    assert told[0] == (7, 30)
    assert told[-1] == (30, 30)
    with monkeypatch.context() as patched:
        patched.setattr("hogar.runtime.whatif.asking.Asking.like", lambda *_: False)
        assert whatif(engine, NEW, Question(mode=mode)) == whole
    if mode == "campaign":
        shared = whatif(
            engine, NEW, Question(mode=mode), opener=partial(small_market.opened, tmp_path), jobs=2
        )
        assert shared == whole


def test_a_campaign_asks_its_audience(engine: Engine) -> None:
    """The campaign's actions, channels and audience, each side its own; persons as a plan has them."""
    plan = campaigns.plan(engine, "renewals")
    same = engine.ledger.strategy(engine.live().kernel.strategy.hash)
    assert same is not None
    report = whatif(engine, same, Question(campaign="renewals"))
    assert report.total.before == report.total.after
    assert report.total.before.proposals == plan.proposed
    assert report.changed == 0
    older = row(
        texts(
            CONTROL, {"strategy/campaigns/renewals.yml": ("person.age >= 18", "line.device_age_months >= 40")}
        )
    )
    narrowed = whatif(engine, older, Question(campaign="renewals"))
    assert 0 < narrowed.total.after.proposals < narrowed.total.before.proposals
    gone = row(texts(CONTROL, without="strategy/campaigns/renewals.yml"))
    assert whatif(engine, gone, Question(campaign="renewals")).total.after.proposals == 0


def test_an_audience_of_nobody_hears_nothing(engine: Engine) -> None:
    """Parts without anybody in the audience count as households that nothing was asked of."""
    nobody = row(
        texts(CONTROL, {"strategy/campaigns/renewals.yml": ("person.age >= 18", "person.age >= 118")})
    )
    report = whatif(engine, nobody, Question(campaign="renewals"))
    assert report.total.after.proposals == 0
    assert (report.funnel[0].after.households, report.funnel[0].before.households) == (0, 30)


def test_recorded_events_are_asked_again(engine: Engine, tmp_path: Path) -> None:
    """Under the strategy that decided them they come out the same; under another what changed shows."""
    events = tmp_path / "events.jsonl"
    events.write_text("\n".join(_arrived(n, ("US", "FR", "MA")[n % 3]) for n in range(1, 25)))
    triggers.run(engine, events)
    recorded = engine.ledger.counts()["decision.triggered.made"]
    same = engine.ledger.strategy(engine.live().kernel.strategy.hash)
    assert same is not None
    report = whatif(engine, same, Question(mode="triggered"))
    decided = [
        decode_decision(one.decision)
        for one in engine.ledger.decisions_between(1, 999, Wanted(mode="triggered"))
    ]
    assert report.looks == recorded == 24
    assert report.total.before == report.total.after
    assert report.total.before.proposals == sum(len(one.proposals) for one in decided) > 0
    other = row(texts(CONTROL, {"strategy/actions/roaming.yml": ("<> 'FR'", "<> 'US'")}))
    report = whatif(engine, other, Question(mode="triggered"))
    (roaming,) = [one for one in report.actions if one.action == "roaming"]
    assert roaming.won > 0
    assert roaming.lost > 0
    assert whatif(engine, other, Question(mode="triggered", sample=6)).looks == 6
    version = small_market.write(tmp_path, homes()[:3])
    engine.ledger.point({"profile": version}, at=to_micros(small_market.NOW), by="test")
    with pytest.raises(UsageError, match="decided over the live profiles"):
        whatif(engine, other, Question(mode="triggered"))


def _arrived(number: int, country: str) -> str:
    return json.dumps(
        {
            "specversion": "1.0", "id": str(number), "source": "/network", "type": "com.acme.roaming.v1.arrived",
            "time": small_market.NOW.isoformat(), "subject": f"crm:{number:05d}L0", "data": {"country": country},
        }
    )  # fmt: skip


def test_stops_hold_here_too(engine: Engine) -> None:
    """What is stopped now is asked of neither."""
    stop(engine, channels=("sms",), author=Author("noc", "ops"))
    report = whatif(engine, NEW, Question())
    assert {one.name for one in report.channels_compared} == {"email"}


def test_a_sample_is_every_nth(engine: Engine) -> None:
    """About as many as asked for, the same ones each time, and the size of the base is said."""
    report = whatif(engine, NEW, Question(sample=10))
    assert (report.households, report.base_households) == (10, 30)
    assert whatif(engine, NEW, Question(sample=10)) == report
    assert whatif(engine, NEW, Question(sample=1000)).households == 30


def test_another_objective_lever_and_price(engine: Engine) -> None:
    """Tried over the live strategy, as `hogar set` would make it live."""
    live = engine.ledger.strategy(engine.live().kernel.strategy.hash)
    assert live is not None
    off = whatif(engine, under(engine, live, Tried(levers=("action:new_phone=0",))), Question())
    assert (off.total.before.proposals > 0, off.total.after.proposals) == (True, 0)
    half = whatif(engine, under(engine, live, Tried(levers=("retain=0.5",))), Question())
    assert half.total.after.proposals == half.total.before.proposals
    assert half.total.after.score_eur < half.total.before.score_eur
    dear = whatif(engine, under(engine, live, Tried(prices=("sms=5",))), Question())
    assert {one.name for one in dear.channels_compared if one.after.proposals} == {"email"}
    assert under(engine, live, Tried()) is live
    for tried, words in (
        (Tried(objective="fame"), "fame"),
        (Tried(levers=("retain",)), "write it as"),
        (Tried(levers=("joy=2",)), "neither a purpose nor an action"),
        (Tried(levers=("action:nobody=2",)), "nobody"),
        (Tried(levers=("retain=99",)), "at most"),
        (Tried(prices=("smoke=1",)), "neither a channel nor an action"),
    ):
        with pytest.raises(UsageError, match=words):
            under(engine, live, tried)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question(channels=("web",)), "not a channel of mode campaign"),
        (Question(campaign="renewal"), "did you mean `renewals`"),
        (Question(mode="inbound", campaign="renewals"), "goes with"),
        (Question(mode="triggered"), "no event was recorded"),
        (Question(by=("line.plan",)), "a line's"),
        (Question(by=("household.mobile",)), "did you mean `household.mobile_lines`"),
    ],
)
def test_a_wrong_question_is_refused(engine: Engine, question: Question, words: str) -> None:
    """The message says what there is."""
    with pytest.raises(UsageError, match=words):
        whatif(engine, NEW, question)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_file_has_the_households_that_change(engine: Engine, tmp_path: Path, ending: str) -> None:
    """One row each, what led before and after; nothing half written."""
    path = tmp_path / f"changes{ending}"
    report = whatif(engine, NEW, Question(), rows=partial(changes.changes_file, path))
    if ending == ".csv":
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
    else:
        rows = pq.read_table(path).to_pylist()
    assert len(rows) == report.changed
    assert tuple(rows[0]) == changes.COLUMNS
    led = Counter((one["before_action"], one["after_action"]) for one in rows)
    assert all(led[move.before, move.after] == move.households for move in report.moves)
    with pytest.raises(UsageError, match=r"\.csv or \.parquet"), changes.changes_file(tmp_path / "a.txt"):
        pass


def test_the_picture_says_what_the_report_says(engine: Engine) -> None:
    """An SVG with every step, the actions that moved, and that nobody was contacted."""
    drawn = picture(whatif(engine, NEW, Question()), "EUR", "the project's files")
    assert drawn.startswith("<svg ")
    assert "What if: the project&#x27;s files" in drawn
    for words in ("tariff (new)", "Nobody was contacted", "eligible", "households hear something else"):
        assert words in drawn


def test_work_that_is_little_stays_here() -> None:
    """A second process is worth its start only for much work, or where it is wanted."""
    assert workers.jobs_for(10, least=100) == 1
    assert workers.jobs_for(10, least=100, wanted=3) == 3
    assert workers.jobs_for(10**6, least=100) >= 1
    assert np.iinfo(np.int64).max / 1e6 / 1e8 > 9e4  # sums in micro-cents have room for 90 billion euros
