"""Does an explanation add up, and does it keep private what is private?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.unit.households.conftest import NOW, Market, family

from hogar.errors import UsageError
from hogar.households import explain, read_earlier, resolve, words


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


def test_a_member_a_record_and_a_line_mean_their_household(market: Market) -> None:
    """Who knows only a person, a party or a line of it need not look up the id; an empty id is refused in words."""
    family(market)
    market.resolve()
    home = market.homes()["crm:he1"]
    for id in (home, "P-crm:he1", "crm:child1", "line:she1"):
        assert explain(id, folder=market.folder).household_id == home
    with pytest.raises(UsageError, match="name a household"):
        explain("", folder=market.folder)


def _two_couples(market: Market) -> None:
    for number in (1, 2):
        family(market, number)
    market.resolve()


def _again(market: Market, folder: Path, day: date) -> None:
    """The next resolution, whose ids and history go on from the market's."""
    resolve(con=market.connect(), now=day, out=folder, earlier=read_earlier(market.folder))


def test_an_id_that_ended_is_told_with_what_became_of_it(market: Market, tmp_path: Path) -> None:
    """Into which household one was merged, as which person one was recognised, and on which day."""
    market.person("web:he1", "Juan Robles Prieto")  # alone, until somebody writes his id number down
    _two_couples(market)
    one, two = (market.homes()[f"crm:he{number}"] for number in (1, 2))
    assert market.homes()["web:he1"] == "H-web:he1"
    for member in ("he", "she", "child"):
        for other in ("he", "she", "child"):
            market.say("lives_with", f"crm:{member}1", f"crm:{other}2")
    for table, row in market.rows:
        if table == "person" and row["party_id"] in ("web:he1", "crm:he1"):
            row["national_id"] = "12345678Z"
    day = NOW + timedelta(days=30)
    _again(market, tmp_path / "later", day)
    later = tmp_path / "later"
    kept = explain("crm:he1", folder=later).household_id
    gone = two if kept == one else one
    with pytest.raises(UsageError, match=f"`{gone}` was merged into `{kept}` on {day}"):
        explain(gone, folder=later)
    with pytest.raises(UsageError, match=f"`P-web:he1` is `P-crm:he1` since {day}"):
        explain("P-web:he1", folder=later)
    with pytest.raises(UsageError, match=rf"`H-web:he1` (was merged into|ended on).*`{kept}`"):
        explain("H-web:he1", folder=later)


def test_who_is_kept_apart_is_told(market: Market) -> None:
    """A declaration is named as the reason, with the household of the other."""
    _two_couples(market)
    market.say("lives_apart", "crm:child1", "crm:he1")
    market.say("lives_apart", "crm:child1", "crm:she1")
    market.resolve()
    explanation = explain("crm:he1", folder=market.folder)
    assert {(one.person_id, one.other_person_id, one.because) for one in explanation.kept_apart} == {
        ("P-crm:he1", "P-crm:child1", "declared"),
        ("P-crm:she1", "P-crm:child1", "declared"),
    }
    said = "\n".join(words(explanation))
    assert f"kept apart: P-crm:he1 and P-crm:child1 of {market.homes()['crm:child1']}, declared" in said


def test_the_nearest_is_told_why_it_is_no_member(market: Market) -> None:
    """Somebody below the bar of a link is told so, with his own household."""
    family(market)
    market.person("crm:zoe", "Zoe Lara Pons")
    market.home("crm:zoe", "Mayor", "1", "3B")
    market.resolve()
    said = "\n".join(words(explain("crm:he1", folder=market.folder)))
    assert f"P-crm:zoe of {market.homes()['crm:zoe']} is no member: a link asks for 60%" in said


@pytest.mark.parametrize(("moved", "why"), [(True, "surer of H-"), (False, "the other members")])
def test_a_likely_link_that_makes_no_member_is_explained(market: Market, moved: bool, why: str) -> None:
    """The child is kept apart from one parent, and linked with the other; or with another home as well."""
    _two_couples(market)
    market.say("lives_apart", "crm:child1", "crm:he1")
    for other in ("he2", "she2", "child2") if moved else ():
        market.say("lives_with", "crm:child1", f"crm:{other}")
    market.say("lives_with", "crm:child1", "crm:she1")
    market.say("lives_with", "crm:he1", "crm:she1")
    market.resolve()
    nearest = explain("crm:he1" if moved else "crm:she1", folder=market.folder).nearest_outside
    assert nearest is not None
    assert nearest.probability > 0.9
    assert why in nearest.why


def test_why_somebody_has_no_role_is_not_told(market: Market) -> None:
    """A minor and an objector are spoken of in the same words."""
    family(market)
    market.person("crm:kid", "Leo Robles Cobos", birth_date=date(2015, 5, 5))
    market.home("crm:kid", "Mayor", "1", "2A")
    market.consent("crm:she1", "profiling", False)
    market.resolve()
    lines = [line for id in ("crm:kid", "crm:she1") for line in words(explain(id, folder=market.folder))]
    for person in ("P-crm:kid", "P-crm:she1"):
        assert any(person in line and line.endswith("no role is inferred") for line in lines)
    assert not any(word in line for line in lines for word in ("minor", "object", "profiling"))
