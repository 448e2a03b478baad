"""Who is put together, who is kept apart, and does the answer hang on nothing but the rows?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.unit.households.conftest import NOW, Market, family

from hogar.households import resolve
from hogar.households.constants import KINDS

FILES = ("party_person", "membership", "household", "line_user", "role", "adviser", "pair")


def _all(market: Market) -> dict[str, list[dict[str, Any]]]:
    return {name: market.read(name) for name in FILES}


def test_a_family_is_one_household_named_after_its_first_party(market: Market) -> None:
    """Three persons of one flat and one purse are one household; a stranger next door is none of it."""
    family(market)
    market.person("crm:zoe", "Zoe Lara Pons")
    market.home("crm:zoe", "C/ Mayor", "1", "3º B")
    report = market.resolve()
    assert (report.parties, report.persons, report.households, report.biggest) == (4, 4, 2, 3)
    assert market.homes() == {
        "crm:he1": "H-crm:child1",
        "crm:she1": "H-crm:child1",
        "crm:child1": "H-crm:child1",
        "crm:zoe": "H-crm:zoe",
    }
    assert market.read("household")[0] == {"household_id": "H-crm:child1", "anchor": "crm:child1"}


def test_a_couple_by_its_top_ups_alone(market: Market) -> None:
    """She has a prepaid line and no address; he tops it up as a habit: one household, found by payment."""
    for number in range(2, 12):
        family(market, number)
    market.person("crm:he", "Luis Pons Gil", birth_date=date(1960, 1, 1))
    market.person("prepaid:she", "Rosa Mena Oria", birth_date=date(1961, 1, 1))
    market.home("crm:he", "Sol", "9")
    market.line("line:he", "crm:he", payer="crm:he")
    market.line("line:she", "prepaid:she", kind="mobile_prepaid")
    market.top_ups("line:she", 5, payer_party_id="crm:he")
    market.resolve()
    assert market.homes()["crm:he"] == market.homes()["prepaid:she"]


def test_rows_in_any_order_give_the_same_files(market: Market) -> None:
    """The order of rows never changes anything that is written."""
    for number in range(1, 6):
        family(market, number)
    market.resolve()
    before = _all(market)
    np.random.default_rng(7).shuffle(market.rows)  # type: ignore[arg-type]
    market.resolve()
    assert _all(market) == before


def test_ids_survive_rows_that_have_nothing_to_do_with_them(market: Market) -> None:
    """Persons and households keep their ids, run after run and when other customers join."""
    family(market)
    market.resolve()
    before = market.homes()
    for number in range(2, 30):
        family(market, number, street="Otra")
    market.resolve()
    after = market.homes()
    assert {party: after[party] for party in before} == before


def test_twenty_flats_without_units_do_not_become_one_home(market: Market) -> None:
    """Forty strangers at one number, no unit known: nobody is joined with a stranger; a shared bill still joins."""
    names = [f"N{number} Surname{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(40)]
    for number, name in enumerate(names):
        market.person(f"crm:{number}", name)
        market.home(f"crm:{number}", "Mayor", "1")
        market.line(f"line:{number}", f"crm:{number}", payer=f"crm:{1 if number == 0 else number}")
    report = market.resolve()
    assert report.biggest == 2
    assert report.households == 39
    assert market.homes()["crm:0"] == market.homes()["crm:1"]


def test_declared_apart_holds(market: Market) -> None:
    """Who says that he lives apart is not put together again, whatever else speaks for it, or through a third."""
    family(market)
    market.say("lives_apart", "crm:he1", "crm:she1")
    market.resolve()
    homes = market.homes()
    assert homes["crm:he1"] != homes["crm:she1"]


def test_the_latest_word_holds(market: Market) -> None:
    """Who lived together, then apart, then together again, lives together."""
    market.person("crm:1", "Ana Cobos")
    market.person("crm:2", "Luis Pons")
    for month, kind in ((1, "lives_with"), (2, "lives_apart"), (3, "lives_with")):
        market.say(kind, "crm:1", "crm:2", at=datetime(2025, month, 1, tzinfo=UTC))
        market.resolve()
        assert (market.homes()["crm:1"] == market.homes()["crm:2"]) == (kind == "lives_with")


def _talkers(market: Market) -> None:
    for party, name in (("crm:1", "Ana Cobos Marin"), ("crm:2", "Luis Pons Gil")):
        market.person(party, name, birth_date=date(1980, 1, 1))
        market.home(party, "Mayor", "1")
        market.line(f"line:{party}", party, payer=party)
        market.consent(party, "traffic", True)
    market.add(
        "tie_month",
        line_id="line:crm:1",
        other_line_id="line:crm:2",
        month=date(2026, 1, 1),
        calls=60,
        minutes=90,
    )


def test_ties_count_while_the_gate_lets_them_through(market: Market) -> None:
    """With the tie in the gated table the pair is likelier; without the row and consent, ties are not observed."""
    _talkers(market)
    market.resolve()
    with_tie = market.pair("crm:1", "crm:2")
    assert with_tie["ties"] == 4
    market.rows = [(table, row) for table, row in market.rows if table != "tie_month"]
    market.consent("crm:2", "traffic", False, at=datetime(2026, 2, 1, tzinfo=UTC))
    market.resolve()
    without = market.pair("crm:1", "crm:2")
    assert without["ties"] is None
    assert without["probability"] < with_tie["probability"]


def test_no_ties_of_minors(market: Market) -> None:
    """A minor's calls are no evidence."""
    _talkers(market)
    market.rows = [
        (
            table,
            {**row, "birth_date": date(2012, 1, 1)}
            if row.get("party_id") == "crm:2" and table == "person"
            else row,
        )
        for table, row in market.rows
    ]
    market.resolve()
    assert market.pair("crm:1", "crm:2")["ties"] is None


def test_an_objector_is_linked_by_contract_alone(market: Market) -> None:
    """Who refused profiling, in any party, is alone; where he pays and lives with them by contract, he stays."""
    family(market)
    market.consent("crm:she1", "profiling", True, at=datetime(2025, 1, 1, tzinfo=UTC))
    market.consent("crm:she1", "profiling", False)
    market.rows = [(t, r) for t, r in market.rows if not (t == "line" and r["holder_party_id"] == "crm:she1")]
    market.resolve()
    assert market.homes()["crm:she1"] == "H-crm:she1"
    assert not [pair for pair in market.read("pair") if "P-crm:she1" in (pair["person_a"], pair["person_b"])]
    market.line("line:she1", "crm:she1", payer="crm:he1")
    market.resolve()
    assert market.homes()["crm:she1"] == market.homes()["crm:he1"]
    pair = market.pair("crm:he1", "crm:she1")
    assert (pair["contract"], pair["probability"]) == (True, pytest.approx(0.95))
    assert all(pair[kind.name] is None for kind in KINDS)


def test_an_objector_has_no_role(market: Market) -> None:
    """Objection takes a person out of roles, declared ones too."""
    family(market)
    market.say("role", "crm:he1", role="financial_controller")
    market.consent("crm:he1", "profiling", False)
    market.resolve()
    assert not [row for row in market.read("role") if row["person_id"] == "P-crm:he1"]


def test_households_switched_off(market: Market) -> None:
    """With the unit `person` everybody is alone, and no pair is looked at."""
    family(market)
    report = market.resolve("person")
    assert (report.persons, report.households, report.pairs) == (3, 3, 0)
    assert {row["probability"] for row in market.read("membership")} == {1.0}


def test_an_empty_market(market: Market) -> None:
    """Nobody is no error."""
    report = market.resolve()
    assert (report.parties, report.households, report.biggest) == (0, 0, 0)


def test_the_connection_is_left_as_it_was(market: Market) -> None:
    """No table of the steps stays behind."""
    family(market)
    con = market.connect()
    before = con.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
    resolve(con=con, now=NOW, out=market.folder)
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == before


def test_progress_hears_each_step(market: Market) -> None:
    """Each named step is told with its rows and seconds."""
    family(market)
    heard: list[str] = []
    report = resolve(
        con=market.connect(),
        now=NOW,
        out=market.folder,
        progress=lambda step, rows, seconds: heard.append(step),
    )
    assert heard == [step.name for step in report.steps]
    assert {"party_link", "candidate", "pair", "membership"} <= set(heard)


@pytest.mark.slow
def test_a_hundred_thousand_persons(market: Market) -> None:
    """100,000 persons by address alone: correct, no giant household, in less than 60 seconds."""
    con = market.connect()
    con.execute("""
        INSERT INTO person (party_id, kind, first_name, last_name, second_last_name)
        SELECT 'crm:' || i, 'person', 'N' || i, 'S' || (i // 3 * 7919 % 5003), 'T' || (i * 31 % 4001)
        FROM range(100000) AS r(i)
    """).fetchall()
    con.execute("""
        INSERT INTO address (party_id, kind, street, number, unit, postcode, city)
        SELECT 'crm:' || i, 'home', 'Calle ' || chr(65 + (home // 300 % 26)::INTEGER) || (home // 300 % 17),
               home // 12 % 25,
               CASE WHEN hash(i) % 5 > 0 THEN home % 12 || 'A' END, 28000 + home // 7800, 'Madrid'
        FROM (SELECT i, i // 3 AS home FROM range(100000) AS r(i))
    """).fetchall()
    report = resolve(con=con, now=NOW, out=market.folder)
    assert sum(step.seconds for step in report.steps) < 60
    assert report.biggest <= 8
    homes = pq.read_table(market.folder / "membership.parquet").to_pandas()
    homes["true"] = homes["person_id"].str.slice(6).astype(int) // 3
    together = homes.groupby("household_id")["true"].nunique()
    assert (together == 1).mean() > 0.95
