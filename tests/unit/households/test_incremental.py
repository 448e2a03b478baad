"""Is a resolution that goes on from the one before the same as a full one with the same models?"""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.households.conftest import EARLIER, NOW, Market, family

from hogar.households import (
    Options,
    ResolveReport,
    groups,
    incremental,
    kept,
    read_earlier,
    read_models,
    resolve,
)
from hogar.households.stages import CANDIDATES, FACTS, FELLOWS, LINKS, USERS_AND_ROLES
from hogar.households.stages import PARTIES as PARTY_STEPS

PARTIES = (
    "crm:he1",
    "crm:she1",
    "crm:child1",
    "crm:he2",
    "crm:she2",
    "crm:child2",
    "crm:he3",
    "prepaid:1",
    "web:1",
)
LINES = tuple(f"line:{party.split(':')[1]}" for party in PARTIES)
ALL = Options(without=())


@pytest.fixture(autouse=True)
def _never_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A market of ten changes widely whatever changes."""
    monkeypatch.setattr(incremental, "CHANGED_SHARE_MAX", 1.0)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Market, Path]:
    """A market, and the folder of its first resolution."""
    folder = tmp_path_factory.mktemp("first")
    market = filled(folder)
    run(market, folder, keep=True)
    return market, folder


def filled(folder: Path) -> Market:
    """Three families, prepaid lines, a web account, talk and nights."""
    market = Market(folder)
    for number in range(1, 4):
        family(market, number, street="Mayor" if number < 3 else "Sol")
    market.person("prepaid:1", "Juan Robles")
    market.line("line:1", "prepaid:1", kind="mobile_prepaid")
    market.top_ups("line:1", 3, payer_party_id="crm:he1", payment_token="card")
    market.person("web:1", "Juan Robles Prieto", birth_date=date(1970, 5, 2))
    market.add("selfcare_login", party_id="web:1", line_id="line:he1")
    for party in PARTIES[:7]:
        market.consent(party, "traffic", True)
    for number, (one, other) in enumerate(
        [("he1", "she1"), ("he1", "child1"), ("he2", "she1"), ("he3", "she1")]
    ):
        tie(market, f"line:{one}", f"line:{other}", 10 + number)
    for day in range(1, 8):
        for party in ("he1", "she1", "he2"):
            place = "away" if day > 4 and party != "he2" else f"home{party[-1]}"
            market.add("place_night", line_id=f"line:{party}", day=date(2026, 2, day), place_id=place)
    return market


def tie(market: Market, line: str, other: str, calls: int) -> None:
    row = {
        "month": date(2026, 2, 1),
        "calls": calls,
        "texts": 1,
        "minutes": 2.5 * calls,
        "evening_share": 0.25,
    }
    market.add("tie_month", line_id=line, other_line_id=other, **row)


def run(market: Market, out: Path, **more: Any) -> ResolveReport:
    with market.connect() as con:
        return resolve(con=con, now=NOW, out=out, options=ALL, **more)


def same_as_full(market: Market, first: Path, out: Path) -> ResolveReport:
    """Resolve again in both ways; every file must be the same; the report of the partial run."""
    earlier, models = read_earlier(first), read_models(first)
    report = run(market, out / "again", earlier=earlier, models=models, keep=True)
    run(market, out / "full", earlier=earlier, models=models)
    assert "changed" in {step.name for step in report.steps}, "it ran in full"
    for path in sorted((out / "full").glob("*.parquet")):
        again, full = pq.read_table(out / "again" / path.name), pq.read_table(path)
        assert again.equals(full), (path.name, again.to_pylist(), full.to_pylist())
    return report


PARTY, LINE = st.sampled_from(PARTIES), st.sampled_from(LINES)
ACCOUNT = st.sampled_from(["account:crm:he1", "account:crm:he2"])
NAMES = st.sampled_from(["Juan", "Ana", "Eva", "Robles", "Cobos", "Prieto", None])
EDITS = st.one_of(
    st.tuples(st.just("drop"), st.integers(0, 200)),
    st.tuples(st.just("name"), PARTY, st.sampled_from(["first_name", "last_name", "second_last_name"]), NAMES),
    st.tuples(st.just("born"), PARTY, st.sampled_from([date(1970, 5, 2), date(2012, 1, 1), None])),
    st.tuples(st.just("id"), PARTY, st.sampled_from(["12345678Z", "12345679Z", None])),
    st.tuples(st.just("home"), PARTY, st.sampled_from(["1", "2", "3"]), st.sampled_from(["2A", "2B", None])),
    st.tuples(st.just("holder"), LINE, PARTY),
    st.tuples(st.just("kind"), LINE, st.sampled_from(["mobile_prepaid", "mobile_postpaid", "broadband"])),
    st.tuples(st.just("payer"), LINE, st.none() | ACCOUNT),
    st.tuples(st.just("token"), ACCOUNT, st.sampled_from(["card", None])),
    st.tuples(st.just("business"), PARTY),
    st.tuples(st.just("consent"), PARTY, st.sampled_from(["traffic", "profiling"]), st.booleans()),
    st.tuples(
        st.just("say"), st.sampled_from(["lives_with", "lives_apart", "adviser", "uses_line", "role"]),
        PARTY, PARTY, LINE,
    ),
    st.tuples(st.just("login"), PARTY, LINE),
    st.tuples(st.just("ticket"), PARTY, LINE),
    st.tuples(st.just("visit"), PARTY),
    st.tuples(st.just("top_up"), LINE, PARTY),
    st.tuples(st.just("tie"), LINE, LINE, st.integers(1, 40)),
    st.tuples(st.just("device"), LINE, LINE),
    st.tuples(st.just("bill"), LINE),
    st.tuples(st.just("night"), LINE, st.integers(1, 7)),
    st.tuples(st.just("new"), st.integers(1, 3)),
)  # fmt: skip


def edited(market: Market, edits: list[tuple[Any, ...]], folder: Path) -> Market:
    """The market after these edits."""
    new = Market(folder, [(table, dict(row)) for table, row in market.rows])
    for number, (kind, *how) in enumerate(edits):
        _edit(new, kind, how, number)
    return new


def _change(market: Market, table: str, key: str, value: str, **more: Any) -> None:
    market.rows = [
        (name, {**row, **more} if name == table and row.get(key) == value else row)
        for name, row in market.rows
    ]


def _edit(market: Market, kind: str, how: list[Any], number: int) -> None:
    at = EARLIER.replace(day=16 + number % 10)
    match kind:
        case "drop" if market.rows:
            market.rows.pop(how[0] % len(market.rows))
        case "name":
            _change(market, "person", "party_id", how[0], **{how[1]: how[2]})
        case "born":
            _change(market, "person", "party_id", how[0], birth_date=how[1])
        case "id":
            _change(market, "person", "party_id", how[0], national_id=how[1])
        case "business":
            _change(market, "person", "party_id", how[0], kind="business", registration_number="12345678Z")
        case "home":
            market.home(how[0], "Mayor", how[1], how[2])
        case "holder":
            _change(market, "line", "line_id", how[0], holder_party_id=how[1])
        case "kind":
            _change(market, "line", "line_id", how[0], kind=how[1])
        case "payer":
            _change(market, "line", "line_id", how[0], account_id=how[1])
        case "token":
            _change(market, "account", "account_id", how[0], payment_token=how[1])
        case "consent":
            market.consent(how[0], how[1], how[2], at)
        case "say":
            more = {"line_id": how[3]} if how[0] == "uses_line" else {}
            more |= {"role": "ict_agent"} if how[0] == "role" else {}
            market.say(how[0], how[1], how[2] if how[0] not in ("role", "uses_line") else None, at=at, **more)
        case "login":
            market.add("selfcare_login", party_id=how[0], line_id=how[1])
        case "ticket":
            market.add(
                "ticket", ticket_id=f"t{number}", party_id=how[0], line_id=how[1], topic="bill", opened_at=at
            )
        case "visit":
            market.add("web_event", web_event_id=f"v{number}", party_id=how[0], topic="devices", at=at)
        case "top_up":
            market.top_ups(how[0], 1, payer_party_id=how[1], top_up_id=f"u{number}")
        case "tie":
            tie(market, how[0], how[1], how[2])
        case "device":
            for place, line in enumerate(how):
                days = {"first_seen": date(2025, 1 + place, 1), "last_seen": date(2025, 1 + place, 9)}
                market.add("device_use", device_id=f"phone{number}", line_id=line, **days)
        case "bill":
            market.add("bill", bill_id=f"b{number}", line_id=how[0], data_gb_used=30.0)
        case "night":
            market.add("place_night", line_id=how[0], day=date(2026, 2, how[1]), place_id="home1")
        case "new":
            family(market, 3 + how[0] + 3 * number)


@settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
@given(edits=st.lists(EDITS, min_size=1, max_size=8))
def test_any_change_gives_what_a_full_run_gives(
    first: tuple[Market, Path], edits: list[tuple[Any, ...]]
) -> None:
    """Rows added, removed and edited in any table: the same files as a full run's."""
    market, folder = first
    with TemporaryDirectory() as out:
        same_as_full(edited(market, edits, folder), folder, Path(out))


def test_it_goes_on_from_what_went_on(first: tuple[Market, Path], tmp_path: Path) -> None:
    """What one partial run kept is as good for the next as a full run's."""
    market, folder = first
    second = edited(market, [("home", "crm:she2", "1", "2A"), ("tie", "line:she2", "line:he1", 30)], tmp_path)
    same_as_full(second, folder, tmp_path / "second")
    third = edited(second, [("drop", 0), ("say", "lives_with", "crm:he2", "crm:she1", "line:he1")], tmp_path)
    same_as_full(third, tmp_path / "second" / "again", tmp_path / "third")


def test_nothing_changed(first: tuple[Market, Path], tmp_path: Path) -> None:
    """Without a change nothing is looked at but the tables themselves."""
    market, folder = first
    report = same_as_full(market, folder, tmp_path)
    assert "party" not in {step.name for step in report.steps}
    assert not report.events


def test_too_wide_a_change_runs_in_full(
    first: tuple[Market, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where most of a market changed, or the models or the code are other ones, everything is looked at."""
    market, folder = first
    earlier, models = read_earlier(folder), read_models(folder)
    monkeypatch.setattr(incremental, "CHANGED_SHARE_MAX", 0.01)
    wide = edited(market, [("name", party, "last_name", "Cobos") for party in PARTIES], tmp_path)
    report = run(wide, tmp_path / "wide", earlier=earlier, models=models, keep=True)
    assert "first_candidate" in {step.name for step in report.steps}
    monkeypatch.setattr(kept, "_code", lambda: b"of another release")
    report = run(market, tmp_path / "other", earlier=earlier, models=models, keep=True)
    assert "changed" not in {step.name for step in report.steps}
    assert (tmp_path / "other" / kept.FILE).is_file()


def test_nothing_is_kept_unless_asked_for(first: tuple[Market, Path], tmp_path: Path) -> None:
    """The tables cost time and room; whoever does not go on from a resolution need not pay for them."""
    run(first[0], tmp_path)
    assert not (tmp_path / kept.FILE).exists()


def test_every_step_belongs_to_a_group() -> None:
    """No step of a full run is forgotten by a partial one, and each file of `sql/again` is used."""
    grouped = [*groups.PARTIES, *groups.NAMES, *groups.PARTY_LINKS, *groups.LINKS, *groups.FELLOWS]
    grouped += groups.USERS_AND_ROLES
    ran = {step for group in grouped for step in group.steps}
    known = {*PARTY_STEPS, *FACTS, *LINKS, *CANDIDATES, *FELLOWS, *USERS_AND_ROLES}
    assert ran == known
    folder = resources.files("hogar.households") / "sql" / "again"
    files = {file.name.removesuffix(".sql") for file in folder.iterdir()}
    assert files == {group.touched for group in grouped if group.touched} | {
        "names", "chained", "pairs", "evidence", "chains",
    }  # fmt: skip
    for name in files:
        assert (folder / f"{name}.sql").read_text(encoding="utf-8").startswith("-- purpose: "), name
