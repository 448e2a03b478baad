"""Is each kind of evidence seen, and does a family that is switched off leave no trace?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.unit.households.conftest import EARLIER, NOW, Market, family

from hogar.households import Options, resolve
from hogar.households.constants import FAMILIES, FAMILY_STEPS, KINDS


def _two(market: Market) -> None:
    """Two adults of one flat, with a line each."""
    for party, name, year in (("crm:1", "Ana Cobos Marin", 1980), ("crm:2", "Luis Pons Gil", 1982)):
        market.person(party, name, birth_date=date(year, 1, 1))
        market.home(party, "Mayor", "1", "2A")
        market.line(f"line:{party}", party, payer=party)


def test_a_phone_that_went_from_hand_to_hand(market: Market) -> None:
    """One phone in both lines is seen; a dealer's phone, in many lines, is not."""
    _two(market)
    for line in ("line:crm:1", "line:crm:2"):
        market.add("device_use", line_id=line, device_id="phone", first_seen=date(2025, 1, 1))
        market.add("device_use", line_id=line, device_id="dealt", first_seen=date(2025, 1, 1))
    market.resolve()
    assert market.pair("crm:1", "crm:2")["device"] == 1
    market.rows = [(t, r) for t, r in market.rows if not (t == "device_use" and r["device_id"] == "phone")]
    for number in range(3, 6):
        market.person(f"crm:{number}", f"Eva{number} Otra{number}")
        market.line(f"line:{number}", f"crm:{number}", payer=f"crm:{number}")
        market.add("device_use", line_id=f"line:{number}", device_id="dealt", first_seen=date(2025, 1, 1))
    market.resolve()
    assert market.pair("crm:1", "crm:2")["device"] == 0


def test_who_uses_a_line_of_another_is_linked_with_him(market: Market) -> None:
    """A declared user of a line that another holds shows the surest level of `account`."""
    _two(market)
    market.line("line:third", "crm:1", payer="crm:1")
    market.say("uses_line", "crm:2", line_id="line:third")
    market.resolve()
    assert market.pair("crm:1", "crm:2")["account"] == 3


def test_two_broadband_lines_make_two_homes(market: Market) -> None:
    """Each has broadband: the lowest level, and the pair is less likely than without the second."""
    _two(market)
    market.line("wire:1", "crm:1", payer="crm:1", kind="broadband")
    market.resolve()
    one = market.pair("crm:1", "crm:2")
    market.line("wire:2", "crm:2", payer="crm:2", kind="broadband")
    market.resolve()
    both = market.pair("crm:1", "crm:2")
    assert (one["broadband"], both["broadband"]) == (1, 0)
    assert both["log_odds"] < one["log_odds"]


def test_nights_in_one_place_count_only_where_the_family_is_on(market: Market) -> None:
    """Location is off by default; switched on, the same nights in one place are seen of who consents in all parties."""
    _two(market)
    market.consent("crm:1", "location", True)
    market.consent("crm:2", "location", True)
    for line in ("line:crm:1", "line:crm:2"):
        for day in range(1, 9):
            place = "away" if day > 6 else "cell"
            market.add("place_night", line_id=line, day=date(2026, 2, day), place_id=place)
    market.resolve()
    off = market.pair("crm:1", "crm:2")
    assert (off["place"], off["absence"]) == (None, None)
    resolve(con=market.connect(), now=NOW, out=market.folder, options=Options(without=()))
    on = market.pair("crm:1", "crm:2")
    assert (on["place"], on["absence"]) == (2, 2)
    assert on["log_odds"] > off["log_odds"]
    market.person("web:2", "Luis Pons Gil", birth_date=date(1982, 1, 1), national_id="12345678Z")
    market.rows = [
        (
            table,
            {**row, "national_id": "12345678Z"} if table == "person" and row["party_id"] == "crm:2" else row,
        )
        for table, row in market.rows
    ]
    market.consent("web:2", "location", False)
    resolve(con=market.connect(), now=NOW, out=market.folder, options=Options(without=()))
    assert market.pair("crm:1", "crm:2")["place"] is None


def test_only_a_grant_for_all_channels_takes_an_objection_back(market: Market) -> None:
    """Who refused profiling and later allows it for e-mail alone still objects."""
    _two(market)
    market.consent("crm:2", "profiling", False, at=EARLIER)
    row = {"party_id": "crm:2", "purpose": "profiling", "channel": "email", "granted": True}
    market.add("consent", **row, at=EARLIER + timedelta(days=3))
    market.resolve()
    assert not [role for role in market.read("role") if role["person_id"] == "P-crm:2"]


def test_a_minor_to_one_silo_is_a_minor(market: Market) -> None:
    """Of two birthdays of one id number the later counts: no role for who may be a child."""
    _two(market)
    for party, year in (("crm:3", 2000), ("web:3", 2010)):
        market.person(party, "Eva Mora Lara", birth_date=date(year, 5, 5), national_id="12345678Z")
    market.line("line:3", "crm:3", payer="crm:3")
    market.resolve()
    persons = {row["party_id"]: row["person_id"] for row in market.read("party_person")}
    assert persons["crm:3"] == persons["web:3"]
    assert not [role for role in market.read("role") if role["person_id"] == persons["crm:3"]]


def test_no_edge_and_no_link_by_who_objected(market: Market) -> None:
    """A payer who objected is no edge, and what he looks after links nobody else."""
    family(market, 1)
    family(market, 2, street="Otra")
    market.line("line:paid", "crm:she1", payer="crm:he2")
    market.consent("crm:he2", "profiling", False)
    for line, kind in (("line:he1", "question"), ("line:she1", "question")):
        market.add("ticket", ticket_id=line, party_id="crm:he2", line_id=line, kind=kind, opened_at=EARLIER)
    market.resolve()
    assert not [row for row in market.read("edge") if row["kind"] == "payer"]
    assert market.pair("crm:he1", "crm:she1")["care"] != 1


def test_a_surname_written_by_ear_is_shared(market: Market) -> None:
    """`Bázquez` and `Vasques` sound alike; `Vargas` does not."""
    for party, name in (("crm:1", "Ana Bázquez"), ("crm:2", "Luis Vasques"), ("crm:3", "Eva Vargas")):
        market.person(party, name)
        market.home(party, "Mayor", "1", "2A")
    market.resolve()
    assert market.pair("crm:1", "crm:2")["names"] > 0
    assert market.pair("crm:1", "crm:3")["names"] == 0


@pytest.mark.parametrize("without", FAMILIES)
def test_a_family_that_is_off_leaves_no_trace(market: Market, without: str) -> None:
    """Its columns are empty, its tables too, and the resolution goes on."""
    for number in range(1, 5):
        family(market, number)
    report = resolve(
        con=market.connect(), now=NOW, out=market.folder, options=Options(without=(without, "place"))
    )
    rows = market.read("pair")
    for kind in KINDS:
        if kind.family == without:
            assert all(row[kind.name] is None for row in rows), kind.name
    assert all(step.rows == 0 for step in report.steps if step.name in FAMILY_STEPS[without])


def test_an_unknown_family_is_told(market: Market) -> None:
    """A family that is none is an error that names those that are."""
    with pytest.raises(ValueError, match="address"):
        Options(without=("adress",))


def test_a_payer_elsewhere_is_an_edge(market: Market) -> None:
    """Who lives in one home and is paid for by another has a second home."""
    family(market, 1)
    family(market, 2, street="Otra")
    market.line("line:paid", "crm:she1", payer="crm:he2")
    market.resolve()
    [edge] = [row for row in market.read("edge") if row["kind"] == "payer"]
    assert edge["person_id"] == "P-crm:she1"
    assert edge["household_id"] == market.homes()["crm:he2"]
