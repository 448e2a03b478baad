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


def test_a_web_account_known_by_a_misspelt_name_and_a_line(market: Market) -> None:
    """No id, no mailbox, a letter wrong: the line that it manages says whose it is."""
    market.person("crm:1", "Marta Navarro Villuna", birth_date=date(1972, 1, 28))
    market.person("crm:2", "Juan Robles Prieto", birth_date=date(1970, 1, 28))
    market.line("line:1", "crm:2", payer="crm:1")
    market.person("web:1", "Marta Nabarro")
    market.add("selfcare_login", party_id="web:1", line_id="line:1")
    persons = _persons(market)
    assert persons["web:1"] == persons["crm:1"] != persons["crm:2"]


def test_a_log_in_that_fits_father_and_son_alike_stays_alone(market: Market) -> None:
    """Both are around the line that it manages: whose it is cannot be said, and they stay two."""
    market.person("crm:1", "José García", birth_date=date(1960, 4, 1))
    market.person("crm:2", "José García", birth_date=date(1990, 9, 9))
    market.line("line:1", "crm:2", payer="crm:1")
    market.person("web:1", "José García")
    market.add("selfcare_login", party_id="web:1", line_id="line:1")
    assert len(set(_persons(market).values())) == 3


def test_twins_stay_two(market: Market) -> None:
    """One birthday, one home, surnames in common, first names that differ in the last letter."""
    for party, name in (("crm:1", "Mario Robles Cobos"), ("crm:2", "María Robles Cobos")):
        market.person(party, name, birth_date=date(2001, 5, 6))
        market.home(party, "Mayor", "1", "2A")
    assert len(set(_persons(market).values())) == 2


def test_an_id_number_with_a_slip(market: Market) -> None:
    """A character left out, or two exchanged, and the same name: one person."""
    market.person("crm:1", "Victor Reireiro Gomez", national_id="01963886P", birth_date=date(1965, 1, 14))
    market.person("prepaid:1", "Victor Reireiro Gomez", national_id="01963886")
    market.person("prepaid:2", "Victor Reirero Gomez", national_id="01936886P")
    market.person("prepaid:3", "Victor Prieto Gomez", national_id="01963887P")
    persons = _persons(market)
    assert persons["crm:1"] == persons["prepaid:1"] == persons["prepaid:2"] != persons["prepaid:3"]


def test_a_birthday_with_a_slip_and_one_mailbox(market: Market) -> None:
    """Day and month exchanged: one person; a birthday thirty years away: two."""
    market.person("crm:1", "Ana Cobos", birth_date=date(1980, 2, 3), email_hash="m")
    market.person("crm:2", "Ana Cobos", birth_date=date(1980, 3, 2), email_hash="m")
    market.person("crm:3", "Ana Cobos", birth_date=date(2010, 2, 3), email_hash="m")
    persons = _persons(market)
    assert persons["crm:1"] == persons["crm:2"] != persons["crm:3"]


def test_a_sole_traders_business_is_the_trader(market: Market) -> None:
    """It goes by its owner's id number: one person, a human being; a company's number is nobody's."""
    market.person("crm:1", "Elena Prieto", national_id="49521207E", birth_date=date(1991, 3, 24))
    market.add(
        "person", party_id="crm:b1", kind="business", registration_number="49521207-E", last_name="Bar Prieto"
    )
    market.add(
        "person", party_id="crm:b2", kind="business", registration_number="B38148571", last_name="Prieto S L"
    )
    persons = _persons(market)
    assert persons["crm:1"] == persons["crm:b1"] != persons["crm:b2"]


def test_a_second_account_of_one_silo_is_no_weak_guess(market: Market) -> None:
    """A log-in is known by its id number: another one of the same name, managing the same line, is somebody else."""
    market.person("crm:1", "Pedro Sanchez Fonxas", national_id="28093386J", birth_date=date(1991, 7, 27))
    market.person("web:1", "Pedro Sanchez", national_id="28093386J", email_hash="p")
    market.person("web:2", "Pedro Sanchez", email_hash="q")
    market.line("line:1", "crm:1")
    market.add("selfcare_login", party_id="web:2", line_id="line:1")
    persons = _persons(market)
    assert persons["crm:1"] == persons["web:1"] != persons["web:2"]
