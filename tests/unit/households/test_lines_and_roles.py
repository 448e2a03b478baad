"""Who uses a line, who has which role, who is whose adviser."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.unit.households.conftest import Market, family

from hogar.households.constants import ROLE_STATED_MIN


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


def test_who_has_one_line_in_self_care_uses_it(market: Market) -> None:
    """A line registered to him, the only one that she has in self-care: hers, wherever she lives."""
    family(market)
    market.rows = [(t, r) for t, r in market.rows if not (t == "line" and r["holder_party_id"] == "crm:she1")]
    market.line("line:prepaid", "crm:he1", kind="mobile_prepaid")
    market.add("selfcare_login", party_id="crm:she1", line_id="line:prepaid", logins_90d=4)
    assert _users(market)["line:prepaid"] == "P-crm:she1"
    market.say("lives_apart", "crm:she1", "crm:he1")
    market.say("lives_apart", "crm:she1", "crm:child1")
    assert _users(market)["line:prepaid"] == "P-crm:she1"


def test_a_line_that_its_holder_leaves_out_in_self_care_is_another_members(market: Market) -> None:
    """He has two lines and manages one of them; she has none: the other one is hers."""
    family(market)
    market.rows = [(t, r) for t, r in market.rows if not (t == "line" and r["holder_party_id"] == "crm:she1")]
    market.line("line:second", "crm:he1", payer="crm:he1")
    market.add("selfcare_login", party_id="crm:he1", line_id="line:he1", logins_90d=4)
    users = _users(market)
    assert (users["line:he1"], users["line:second"]) == ("P-crm:he1", "P-crm:she1")


def test_an_objector_is_no_guess(market: Market) -> None:
    """What she manages in self-care says nothing of who objected to profiling; her own declaration does."""
    family(market)
    market.line("line:second", "crm:he1", payer="crm:he1")
    market.add("selfcare_login", party_id="crm:she1", line_id="line:second", logins_90d=4)
    market.consent("crm:she1", "profiling", granted=False)
    assert _users(market)["line:second"] == "P-crm:he1"
    market.say("uses_line", "crm:she1", line_id="line:second")
    assert _users(market)["line:second"] == "P-crm:she1"


def test_the_latest_word_about_a_line_counts(market: Market) -> None:
    """Two notes on one line: the later one, and no surer than a note can be."""
    family(market)
    market.rows = [(t, r) for t, r in market.rows if not (t == "line" and r["holder_party_id"] == "crm:she1")]
    market.say("uses_line", "crm:child1", line_id="line:he1", at=datetime(2025, 1, 1, tzinfo=UTC))
    market.say("uses_line", "crm:she1", line_id="line:he1", at=datetime(2026, 1, 1, tzinfo=UTC))
    market.resolve()
    [row] = [row for row in market.read("line_user") if row["line_id"] == "line:he1"]
    assert row["person_id"] == "P-crm:she1"
    assert 0.9 < row["probability"] <= 0.95


def test_broadband_is_its_holders(market: Market) -> None:
    """What a home shares counts as used by who holds it, whoever lives there without a line."""
    family(market)
    market.line("line:fibre", "crm:she1", payer="crm:he1", kind="broadband")
    assert _users(market)["line:fibre"] == "P-crm:she1"


def test_who_manages_all_lines_does_not_use_them_all(market: Market) -> None:
    """A payer who manages the family's lines takes nobody's line away, and is likelier to run the paperwork."""
    family(market)
    market.resolve()
    before = _chances(market, "office_manager")
    for party in ("he", "she", "child"):
        market.add("selfcare_login", party_id="crm:he1", line_id=f"line:{party}1", logins_90d=4)
    users = _users(market)
    assert users["line:she1"] == "P-crm:she1"
    after = _chances(market, "office_manager")
    assert after["P-crm:he1"] > before["P-crm:he1"]
    assert after["P-crm:she1"] < before["P-crm:she1"]


def _roles(market: Market) -> set[tuple[str, str]]:
    """What is stated: what is less likely than not is an abstention."""
    return {
        (row["person_id"], row["role"])
        for row in market.read("role")
        if row["probability"] >= ROLE_STATED_MIN
    }


def _chances(market: Market, role: str) -> dict[str, float]:
    return {row["person_id"]: row["probability"] for row in market.read("role") if row["role"] == role}


def test_roles_from_the_contract(market: Market) -> None:
    """The payer most likely controls the money, each by his evidence; a grown-up child less than a parent."""
    family(market)
    market.resolve()
    money = [row for row in market.read("role") if row["role"] == "financial_controller"]
    [payer] = [row for row in money if row["person_id"] == "P-crm:he1"]
    assert payer["source"] == "imported"
    assert payer["evidence"] == ["pays_for_others", "pays_own"]
    chances = _chances(market, "financial_controller")
    assert chances["P-crm:he1"] > chances["P-crm:she1"] > chances["P-crm:child1"]
    assert ("P-crm:he1", "financial_controller") in _roles(market)
    assert {person for person, role in _roles(market) if role == "consumer"} == set(chances)


def test_who_lives_alone_has_every_role(market: Market) -> None:
    """Nobody else is known in the home: six roles, none of them as sure as a declared one."""
    market.person("crm:one", "Rosa Pons Vila", birth_date=date(1980, 1, 1))
    market.home("crm:one", "Luna", "5")
    market.line("line:one", "crm:one", payer="crm:one")
    market.resolve()
    assert len(_roles(market)) == 6
    assert max(_chances(market, "financial_controller").values()) < 0.95


def test_a_declared_role_comes_first(market: Market) -> None:
    """Where she is declared to decide on money, the contract's guess about him steps back."""
    family(market)
    market.say("role", "crm:she1", role="financial_controller")
    market.resolve()
    [found] = [
        row
        for row in market.read("role")
        if row["role"] == "financial_controller" and row["probability"] >= ROLE_STATED_MIN
    ]
    assert found == {
        "person_id": "P-crm:she1",
        "role": "financial_controller",
        "probability": 0.95,
        "source": "declared",
        "evidence": ["declared"],
    }


def test_an_agents_note_weighs_more_than_age(market: Market) -> None:
    """She opens a ticket for his line: she is the one who is asked about technology, as agents observed."""
    family(market)
    market.resolve()
    assert _chances(market, "ict_agent")["P-crm:she1"] < ROLE_STATED_MIN
    market.add("ticket", ticket_id="t1", party_id="crm:she1", line_id="line:he1", kind="fault", topic="no_signal",
               opened_at=datetime(2026, 2, 1, tzinfo=UTC))  # fmt: skip
    market.resolve()
    [row] = [
        row for row in market.read("role") if (row["person_id"], row["role"]) == ("P-crm:she1", "ict_agent")
    ]
    assert row["probability"] > 0.7
    assert (row["source"], row["evidence"]) == ("observed", ["helps_others"])


@pytest.mark.parametrize("role", ["financial_controller", "ict_agent", "office_manager", "salesperson"])
def test_a_home_has_each_role_about_once(market: Market, role: str) -> None:
    """The chances of a family's adults add up to about one holder, never to nobody and never to everybody."""
    family(market)
    market.resolve()
    assert 0.5 < sum(_chances(market, role).values()) < 1.5


def test_minors_have_no_role(market: Market) -> None:
    """A child under 18 has none, not even a declared one; of unknown age only who holds a contract has any."""
    market.person("crm:kid", "Eva Robles", birth_date=date(2008, 3, 3))
    market.line("line:kid", "crm:kid")
    market.say("role", "crm:kid", role="ict_agent")
    market.person("crm:unknown", "Luis Gil")
    market.person("crm:holder", "Rosa Pons")
    market.line("line:holder", "crm:holder")
    market.resolve()
    assert {row["person_id"] for row in market.read("role")} == {"P-crm:holder"}


def test_an_objector_has_no_role(market: Market) -> None:
    """Who objected to profiling has no row, declared or not, and nobody depends on him."""
    family(market)
    market.say("role", "crm:he1", role="financial_controller")
    market.consent("crm:he1", "profiling", granted=False)
    market.resolve()
    assert "P-crm:he1" not in {row["person_id"] for row in market.read("role")}
    assert "P-crm:he1" not in {row["on_person_id"] for row in market.read("depends")}


def test_eighteen_today_is_grown_up(market: Market) -> None:
    """The day of the birthday counts."""
    market.person("crm:today", "Eva Robles", birth_date=date(2008, 3, 2))
    market.resolve()
    assert ("P-crm:today", "consumer") in _roles(market)


def test_who_lacks_a_role_depends_on_who_has_it(market: Market) -> None:
    """She depends on him for money; he on nobody for what he has."""
    family(market)
    market.say("role", "crm:he1", role="financial_controller")
    market.resolve()
    money = [row for row in market.read("depends") if row["role"] == "financial_controller"]
    assert {(row["person_id"], row["on_person_id"]) for row in money} == {
        ("P-crm:she1", "P-crm:he1"),
        ("P-crm:child1", "P-crm:he1"),
    }
    lacks = _chances(market, "financial_controller")["P-crm:she1"]
    [hers] = [row for row in money if row["person_id"] == "P-crm:she1"]
    assert hers["probability"] == pytest.approx((1 - lacks) * 0.95)
    assert hers["kind"] == "member"


def _away(market: Market, name: str = "Leo Robles Cobos") -> None:
    """A grown-up child in a home of his own."""
    market.person("crm:away", name, birth_date=date(1995, 1, 1))
    market.home("crm:away", "Luna", "77")
    market.line("line:away", "crm:away", payer="crm:away")


def _advised(market: Market) -> dict[tuple[str, str], float]:
    return {
        (row["person_id"], row["on_person_id"]): row["probability"]
        for row in market.read("depends")
        if row["kind"] == "adviser"
    }


def test_an_adviser_lives_elsewhere(market: Market) -> None:
    """The grown-up child in another home is the adviser of who said so; a member of the home is none."""
    family(market)
    _away(market)
    market.say("adviser", "crm:he1", "crm:away")
    market.say("adviser", "crm:he1", "crm:she1")
    market.resolve()
    assert market.read("adviser") == [{"person_id": "P-crm:he1", "adviser_person_id": "P-crm:away"}]
    assert ("P-crm:he1", "P-crm:away") in _advised(market)
    assert ("P-crm:away", "ict_agent") in _roles(market)


def test_who_opens_tickets_for_the_old_people_elsewhere_advises_them(market: Market) -> None:
    """An observed adviser is an edge across homes, and no declared one."""
    family(market)
    _away(market, "Leo Gil Pons")
    market.add("ticket", ticket_id="t1", party_id="crm:away", line_id="line:she1", kind="fault", topic="no_signal",
               opened_at=datetime(2026, 2, 1, tzinfo=UTC))  # fmt: skip
    market.resolve()
    assert market.read("adviser") == []
    assert set(_advised(market)) == {("P-crm:she1", "P-crm:away")}


def test_a_child_who_is_heard_to_call_is_likely_the_adviser(market: Market) -> None:
    """The only one elsewhere who is called after both elder people: told if they talk, with consent of both."""
    family(market)
    _away(market)
    market.resolve()
    assert _advised(market) == {}
    alone = _chances(market, "ict_agent")["P-crm:he1"]
    for party in ("he1", "away"):
        market.consent(f"crm:{party}", "traffic", granted=True)
    market.add("tie_month", line_id="line:away", other_line_id="line:he1", month=date(2026, 2, 1), calls=12,
               minutes=90.0, evening_share=0.5)  # fmt: skip
    market.resolve()
    assert set(_advised(market)) == {("P-crm:he1", "P-crm:away")}
    assert _chances(market, "ict_agent")["P-crm:he1"] < alone
    market.person("crm:sister", "Pia Robles Cobos", birth_date=date(1997, 1, 1))
    market.home("crm:sister", "Sol", "7")
    market.line("line:sister", "crm:sister", payer="crm:sister")
    market.resolve()
    assert _advised(market) == {}
