"""Does an explanation add up, and does it keep private what is private?"""

from __future__ import annotations

import msgspec
import pytest
from tests.unit.households.conftest import Market, family

from hogar.errors import UsageError
from hogar.households import explain


def test_terms_add_up_to_the_log_odds(market: Market) -> None:
    """Each link's terms sum to its log-odds, with a rule or without one."""
    for number in range(1, 4):
        family(market, number)
    market.say("lives_with", "crm:he1", "crm:she1")
    market.resolve()
    explanation = explain(market.homes()["crm:he1"], folder=market.folder)
    assert len(explanation.members) == 3
    assert len(explanation.links) == 3
    for link in explanation.links:
        assert sum(term.log_odds for term in link.terms) == pytest.approx(link.log_odds, abs=1e-9)
    assert any(term.words == "declared to live together" for link in explanation.links for term in link.terms)


def test_nobodys_details_are_in_it(market: Market) -> None:
    """No name, street, token or line of anybody: classes of evidence only."""
    family(market)
    market.resolve()
    text = msgspec.json.encode(explain(market.homes()["crm:he1"], folder=market.folder)).decode().lower()
    assert "same street, number and unit" in text
    for detail in ("robles", "cobos", "mayor", "2a", "line:", "account:"):
        assert detail not in text


def test_the_nearest_outside_is_shown(market: Market) -> None:
    """Who nearly belonged is named, with the terms of why not."""
    family(market)
    market.person("crm:zoe", "Zoe Lara Pons")
    market.home("crm:zoe", "Mayor", "1", "3B")
    market.resolve()
    explanation = explain(market.homes()["crm:he1"], folder=market.folder)
    assert explanation.nearest_outside is not None
    assert "another unit" in str(explanation.nearest_outside.terms)


def test_an_unknown_household_is_refused(market: Market) -> None:
    """The error names the id."""
    family(market)
    market.resolve()
    with pytest.raises(UsageError, match="H-nobody"):
        explain("H-nobody", folder=market.folder)
