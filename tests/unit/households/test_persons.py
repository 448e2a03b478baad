"""Which parties become one person, and which must not."""

from __future__ import annotations

from datetime import date

from tests.unit.households.conftest import Market


def _persons(market: Market) -> dict[str, str]:
    market.resolve()
    return {row["party_id"]: row["person_id"] for row in market.read("party_person")}


def test_one_person_in_three_silos(market: Market) -> None:
    """The same id number, the same mailbox and name, the same name and birthday: one person, named after the first."""
    born = date(1980, 2, 3)
    market.person("crm:1", "José García Núñez", national_id="12.345.678-Z", birth_date=born, email_hash="m")
    market.person("prepaid:1", "JOSE Garcia", national_id="12345678z")
    market.person("web:1", "Jose García", email_hash="m")
    market.person("web:2", "García José", birth_date=born)
    assert set(_persons(market).values()) == {"P-crm:1"}


def test_father_and_son_stay_two(market: Market) -> None:
    """One name and one mailbox, but two birthdays: two persons."""
    market.person("crm:1", "José García", birth_date=date(1960, 1, 1), email_hash="m")
    market.person("crm:2", "José García", birth_date=date(1990, 1, 1), email_hash="m")
    assert len(set(_persons(market).values())) == 2


def test_a_parents_id_on_a_childs_contract(market: Market) -> None:
    """One id number with another name and another birthday: two persons."""
    market.person("crm:1", "José García", birth_date=date(1960, 1, 1), national_id="12345678Z")
    market.person("crm:2", "Eva García", birth_date=date(2005, 1, 1), national_id="12345678Z")
    assert len(set(_persons(market).values())) == 2


def test_a_hot_id_is_no_key(market: Market) -> None:
    """An id number that seven parties carry (a shop's, a dummy) joins nobody."""
    for number in range(7):
        market.person(f"prepaid:{number}", f"Name{number} Cobos", national_id="00000000T")
    assert len(set(_persons(market).values())) == 7


def test_businesses_by_registration_number(market: Market) -> None:
    """Two parties of one business are one; a human being is never merged with it, nor put into its household."""
    market.add("person", party_id="crm:b1", kind="business", registration_number="B-123")
    market.add("person", party_id="crm:b2", kind="business", registration_number="b123")
    market.person("crm:1", "Ana Cobos", national_id="B123X")
    for party in ("crm:b1", "crm:b2", "crm:1"):
        market.home(party, "Mayor", "1", "2A")
    persons = _persons(market)
    assert persons["crm:b1"] == persons["crm:b2"] != persons["crm:1"]
    homes = market.homes()
    assert homes["crm:b1"] != homes["crm:1"]
