"""Who uses a line, who has which role, who is whose adviser."""

from __future__ import annotations

from datetime import date

from tests.unit.households.conftest import Market, family


def _users(market: Market) -> dict[str, str]:
    market.resolve()
    return {row["line_id"]: row["person_id"] for row in market.read("line_user")}


def test_the_holder_uses_his_line(market: Market) -> None:
    """Without a better word the holder is the user; of many lines the less surely."""
    family(market)
    market.line("line:second", "crm:he1", payer="crm:he1")
    users = _users(market)
    assert users["line:he1"] == "P-crm:he1"
    probability = {row["line_id"]: row["probability"] for row in market.read("line_user")}
    assert probability["line:he1"] < probability["line:she1"]


def test_a_declared_user_comes_first(market: Market) -> None:
    """Who said that he uses the line is its user."""
    family(market)
    market.say("uses_line", "crm:child1", line_id="line:he1")
    assert _users(market)["line:he1"] == "P-crm:child1"


def test_a_member_without_a_line_who_manages_one_uses_it(market: Market) -> None:
    """A line registered to him, managed by her alone who has none and lives there: hers. Not so from another home."""
    family(market)
    market.rows = [(t, r) for t, r in market.rows if not (t == "line" and r["holder_party_id"] == "crm:she1")]
    market.line("line:prepaid", "crm:he1", kind="mobile_prepaid")
    market.add("selfcare_login", party_id="crm:she1", line_id="line:prepaid", logins_90d=4)
    assert _users(market)["line:prepaid"] == "P-crm:she1"
    market.say("lives_apart", "crm:she1", "crm:he1")
    market.say("lives_apart", "crm:she1", "crm:child1")
    assert _users(market)["line:prepaid"] == "P-crm:he1"


def test_who_manages_all_lines_does_not_use_them_all(market: Market) -> None:
    """A payer who manages the family's lines takes nobody's line away."""
    family(market)
    for party in ("he", "she", "child"):
        market.add("selfcare_login", party_id="crm:he1", line_id=f"line:{party}1", logins_90d=4)
    users = _users(market)
    assert users["line:she1"] == "P-crm:she1"
    assert ("P-crm:he1", "office_manager") in _roles(market)


def _roles(market: Market) -> set[tuple[str, str]]:
    return {(row["person_id"], row["role"]) for row in market.read("role")}


def test_roles_from_the_contract(market: Market) -> None:
    """Holders sign, the payer controls the money, everybody uses."""
    family(market)
    market.resolve()
    roles = _roles(market)
    assert {row["source"] for row in market.read("role")} == {"holder"}
    assert {person for person, role in roles if role == "financial_controller"} == {"P-crm:he1"}
    assert {person for person, role in roles if role == "legal_representative"} == {
        "P-crm:he1",
        "P-crm:she1",
        "P-crm:child1",
    }


def test_a_declared_role_comes_first(market: Market) -> None:
    """Where she is declared to decide on money, the contract's guess about him steps back."""
    family(market)
    market.say("role", "crm:she1", role="financial_controller")
    market.resolve()
    found = [row for row in market.read("role") if row["role"] == "financial_controller"]
    assert found == [
        {"person_id": "P-crm:she1", "role": "financial_controller", "probability": 0.95, "source": "declared"}
    ]


def test_minors_have_no_role(market: Market) -> None:
    """A child under 18 has none, not even a declared one; of unknown age only who holds a contract has any."""
    market.person("crm:kid", "Eva Robles", birth_date=date(2008, 3, 3))
    market.line("line:kid", "crm:kid")
    market.say("role", "crm:kid", role="ict_agent")
    market.person("crm:unknown", "Luis Gil")
    market.person("crm:holder", "Rosa Pons")
    market.line("line:holder", "crm:holder")
    market.resolve()
    assert {person for person, _ in _roles(market)} == {"P-crm:holder"}


def test_eighteen_today_is_grown_up(market: Market) -> None:
    """The day of the birthday counts."""
    market.person("crm:today", "Eva Robles", birth_date=date(2008, 3, 2))
    market.resolve()
    assert _roles(market) == {("P-crm:today", "consumer")}


def test_an_adviser_lives_elsewhere(market: Market) -> None:
    """The grown-up child in another home is the adviser of who said so; a member of the home is none."""
    family(market)
    market.person("crm:away", "Leo Robles Cobos", birth_date=date(1995, 1, 1))
    market.home("crm:away", "Luna", "77")
    market.say("adviser", "crm:he1", "crm:away")
    market.say("adviser", "crm:he1", "crm:she1")
    market.resolve()
    assert market.read("adviser") == [{"person_id": "P-crm:he1", "adviser_person_id": "P-crm:away"}]
