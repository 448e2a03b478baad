"""All recorded decisions come out again byte for byte, whatever is live now; what was tampered with is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
import small_market

from hogar.decide import ContactFact
from hogar.errors import UsageError
from hogar.runtime import campaign_runs, campaigns, replay_many, triggers
from hogar.runtime.engine import Engine
from hogar.runtime.gather import decode_record
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.runtime.replay_many import replay_rows
from hogar.runtime.strategies import strategy_row
from hogar.stores.ledger import ImportedContact, Wanted
from hogar.stores.moment import to_micros

ALL = Wanted()


@pytest.fixture
def recorded(tmp_path: Path, once: Path) -> Iterator[Engine]:
    """Decisions of all modes: with contacts and without, at several moments, of other people."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    with small_market.opened(tmp_path) as engine:
        yield engine


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, made once."""
    tmp_path = tmp_path_factory.mktemp("recorded")
    homes = [small_market.home(1, objects=True), small_market.home(2, consent=0)]
    engine = small_market.engine(
        tmp_path, [*homes, *(small_market.home(n, device_age=20 + n) for n in range(3, 13))]
    )
    moment = small_market.NOW
    engine.ledger.import_contacts(
        "elsewhere",
        [
            ImportedContact(
                id=str(n), party_id=f"crm:{n:05d}a", channel="sms", message_class="marketing",
                at=to_micros(moment - timedelta(days=n % 9, seconds=n)),
            )
            for n in range(3, 13)
        ],
    )  # fmt: skip
    events = tmp_path / "events.jsonl"
    for number in range(3):
        moment = small_market.NOW + timedelta(hours=5 * number, microseconds=number)
        engine.clock = partial(_moment, moment)
        campaigns.plan(engine, "renewals")
        for home in range(1, 13):
            engine.clock = partial(_moment, moment + timedelta(minutes=home))
            for letter in "ab":
                request = InboundRequest(
                    channel=("web", "call_centre")[home % 2], person=f"P-crm:{home:05d}{letter}",
                    reason=("plans", "bill")[home % 3 == 0],
                )  # fmt: skip
                decide_inbound(engine, request)
        events.write_text("\n".join(_arrived(f"{number}-{home}", home, moment) for home in range(1, 13)))
        triggers.run(engine, events)
    campaign_runs.run(engine, "renewals")
    engine.ledger.close()
    return tmp_path


def _moment(moment: object) -> object:
    return moment


def _arrived(id_: str, home: int, moment: object) -> str:
    return json.dumps(
        {
            "specversion": "1.0", "id": id_, "source": "/network", "type": "com.acme.roaming.v1.arrived",
            "time": moment.isoformat(), "subject": f"crm:{home:05d}L{home % 2}",
            "data": {"country": ("US", "FR", "MA")[home % 3]},
        }
    )  # fmt: skip


def test_every_mode_comes_out_again(recorded: Engine) -> None:
    """All of campaigns, inbound requests and triggers; as many as the ledger has."""
    report = replay_many.replay_many(recorded, ALL)
    assert (report.identical_share, report.different, report.gone) == (1.0, 0, 0)
    assert {mode: found["identical"] for mode, found in report.modes.items()} == {
        "campaign": 3 * 12 + 12, "inbound": 3 * 24, "triggered": 3 * 12,
    }  # fmt: skip


def test_contacts_stand_behind_decisions(recorded: Engine) -> None:
    """The fixture is not trivial: contacts were counted, and something was proposed in each mode."""
    rows = recorded.ledger.decisions_between(1, 10_000, ALL)
    assert any(decode_record(row.situation).contacts for row in rows)
    assert {row.mode for row in rows if row.proposals} == {"campaign", "inbound", "triggered"}


@pytest.mark.parametrize(("page", "together"), [(1, 1), (7, 2), (4096, 1), (4096, 10_000)])
def test_the_size_of_batches_does_not_matter(
    recorded: Engine, monkeypatch: pytest.MonkeyPatch, page: int, together: int
) -> None:
    """Alone, in small pages, all in batches, none in batches: the same bytes."""
    monkeypatch.setattr(replay_many, "PAGE", page)
    monkeypatch.setattr(replay_many, "TOGETHER_MIN", together)
    report = replay_many.replay_many(recorded, ALL)
    assert (report.decisions, report.identical) == (156, 156)


def test_batches_agree_without_asking_again(recorded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be replayed alone for a batch to be right."""
    monkeypatch.setattr(replay_many, "TOGETHER_MIN", 1)
    monkeypatch.setattr(replay_many, "_alone", None)
    assert replay_many.replay_many(recorded, ALL).identical == 156


def test_a_new_strategy_and_new_profiles_change_nothing(recorded: Engine, tmp_path: Path) -> None:
    """After another strategy, other scores and other people went live, in a process that starts anew."""
    _publish_another(recorded, tmp_path)
    with small_market.opened(tmp_path) as engine:
        decide_inbound(engine, InboundRequest(channel="web", person="P-crm:00005a"))
        report = replay_many.replay_many(engine, ALL)
    assert (report.decisions, report.identical) == (157, 157)


def test_other_processes_say_the_same(
    recorded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes, each with an engine of its own, in many pages."""
    monkeypatch.setattr(replay_many, "PAGE", 50)
    told: list[int] = []
    report = replay_many.replay_many(
        recorded,
        ALL,
        opener=partial(small_market.opened, tmp_path),
        jobs=2,
        progress=lambda done, _: told.append(done),
    )
    assert (report.decisions, report.identical) == (156, 156)
    assert told == [50, 100, 150, 156]


def _publish_another(engine: Engine, folder: Path) -> None:
    texts = dict(small_market.TEXTS)
    texts["strategy/actions/new_phone.yml"] = texts["strategy/actions/new_phone.yml"].replace("0.2", "0.05")
    row = strategy_row(
        texts, small_market.CATALOGUE, small_market.OFFERS, at=small_market.NOW, by="test", why=""
    )
    homes = [small_market.home(n, device_age=40 + n) for n in range(3, 20)]
    version = small_market.write(folder, homes)
    engine.ledger.publish_strategy(row)
    engine.ledger.point({"strategy": row.hash, "profile": version}, at=to_micros(small_market.NOW), by="test")


def test_which_are_meant(recorded: Engine) -> None:
    """Of a mode, of a run, since a moment, the newest few, and together."""
    (run,) = campaign_runs.status(recorded, "renewals")

    def many(**wanted: object) -> int:
        return replay_many.replay_many(recorded, Wanted(**wanted)).identical

    later = to_micros(small_market.NOW + timedelta(hours=10))
    assert many(campaign_run=run.run) == 12
    assert many(mode="inbound") == 72
    assert many(limit=5) == 5
    assert many(mode="triggered", limit=100) == 36
    assert many(since=later, mode="inbound") == 24
    with pytest.raises(UsageError, match=rf"no run `R-none`; the newest are {run.run} \(renewals, 2026-"):
        many(campaign_run="R-none")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"decision": lambda row: row.decision.replace(b"codes_line", b"codes_lime")}, "decision"),
        ({"decision": lambda row: row.decision[:-1]}, "decision"),
        ({"situation": lambda row: row.situation[: len(row.situation) // 2]}, "situation"),
        ({"situation": lambda row: _later(row.situation)}, "at"),
        (
            {"situation": lambda row: _recorded_again(row.situation, live=((0, 0, 0, 1.0),))},
            "codes_household",
        ),
        ({"situation": lambda row: _recorded_again(row.situation, contacts=_shown())}, "codes_household"),
        ({"household_id": lambda _: "H-crm:00009a"}, "household"),
        ({"household_id": lambda _: "H-nobody"}, "household"),
        ({"mode": lambda _: "campaign"}, "mode"),
        ({"at": lambda row: row.at + 1}, "ledger.at"),
        ({"proposals": lambda row: row.proposals + 1}, "ledger.proposals"),
        ({"models": lambda _: "others"}, "ledger.models"),
        ({"membership": lambda _: "others"}, "ledger.membership"),
        ({"checksum": lambda _: b"another"}, "ledger.checksum"),
    ],
)
def test_a_tampered_row_is_found(recorded: Engine, change: dict, part: str) -> None:
    """Exactly the row that was changed differs, and it is said in what."""
    rows = recorded.ledger.decisions_between(1, 10_000, Wanted(mode="inbound"))
    victim = next(row for row in rows if row.household_id == "H-crm:00006a" and row.proposals)
    ((column, new),) = change.items()
    changed = msgspec.structs.replace(victim, **{column: new(victim)})
    tally = replay_rows(recorded, [changed if row is victim else row for row in rows])
    assert [one.decision for one in tally.different] == [victim.id]
    assert (tally.of("identical"), tally.of("different")) == (71, 1)
    parts = [one.part for one in tally.different[0].differences]
    assert part in parts


def _later(situation: bytes) -> bytes:
    return _recorded_again(situation, now=decode_record(situation).now + 60_000_000)


def _shown() -> tuple[ContactFact, ...]:
    """More impressions than the rule allows a day."""
    return (ContactFact(0, "web", "impression", "marketing", 0.1),) * 4


def _recorded_again(situation: bytes, **changes: object) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.replace(decode_record(situation), **changes))


def test_a_damaged_strategy_is_gone_and_the_rest_goes_on(recorded: Engine) -> None:
    """A row that cannot be read, or gives another name, stops nothing: its decisions are gone, and it is said why."""
    rows = recorded.ledger.decisions_between(1, 10_000, Wanted(mode="inbound"))
    kept = recorded.ledger.strategy(rows[0].strategy)
    assert kept is not None
    texts = msgspec.msgpack.decode(kept.texts, type=dict[str, bytes])
    changed = msgspec.msgpack.encode({path: text + b"# more\n" for path, text in texts.items()})
    broken = {"strategy_damaged": {"catalogue": kept.catalogue[:-9]}, "strategy_changed": {"texts": changed}}
    for hash_, change in broken.items():
        recorded.ledger.publish_strategy(msgspec.structs.replace(kept, hash=hash_, **change))
    now = [
        msgspec.structs.replace(row, strategy=name)
        for row, name in zip(rows, (*broken, *[kept.hash] * (len(rows) - 2)), strict=True)
    ]
    tally = replay_rows(recorded, now)
    assert (tally.of("gone"), tally.of("identical"), tally.of("different")) == (2, len(rows) - 2, 0)
    assert sorted(why.split(":")[0] for why in tally.gone) == [
        "The ledger's row of this strategy cannot be read",
        "What the ledger keeps of this strategy does not give its name",
    ]


def test_what_is_gone_is_not_called_different(recorded: Engine, tmp_path: Path) -> None:
    """A profile version that was removed: nobody can say, and the reason is told."""
    version = recorded.ledger.pointers()["profile"]
    _publish_another(recorded, tmp_path)
    with small_market.opened(tmp_path) as engine:
        decide_inbound(engine, InboundRequest(channel="web", person="P-crm:00005a"))
        shutil.rmtree(tmp_path / version)
        report = replay_many.replay_many(engine, ALL)
    assert (report.replayed, report.identical, report.different, report.gone) == (1, 1, 0, 156)
    assert sum(report.gone_because.values()) == 156
