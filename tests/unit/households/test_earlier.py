"""Do ids, history and models go on from one resolution to the next, and do judgements count?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.unit.households.conftest import NOW, Market, family

from hogar.errors import ProblemsFound, UsageError
from hogar.households import read_earlier, read_models, resolve

LATER = date(2026, 4, 2)


def _families(market: Market) -> None:
    for number in range(1, 6):
        family(market, number)


def test_models_that_were_kept_give_the_same_probabilities(market: Market, tmp_path: Path) -> None:
    """With the models of before nothing is learnt: the same evidence is worth the same, bit by bit."""
    _families(market)
    market.resolve()
    before = pq.read_table(market.folder / "pair.parquet")
    resolve(con=market.connect(), now=NOW, out=tmp_path / "again", models=read_models(market.folder))
    assert pq.read_table(tmp_path / "again/pair.parquet").equals(before)
    for number in range(6, 60):
        family(market, number, street="Otra")
    resolve(con=market.connect(), now=NOW, out=tmp_path / "more", models=read_models(market.folder))
    more = pq.read_table(tmp_path / "more/pair.parquet").to_pylist()
    worth = {(row["person_a"], row["person_b"]): row["base_log_odds"] for row in more}
    kept = [row for row in before.to_pylist() if (row["person_a"], row["person_b"]) in worth]
    assert kept
    for row in kept:
        assert worth[row["person_a"], row["person_b"]] == row["base_log_odds"]


def test_models_of_another_release_are_refused(tmp_path: Path) -> None:
    """No models, damaged models: the error says what to run."""
    with pytest.raises(UsageError, match="without `--frozen`"):
        read_models(tmp_path)
    (tmp_path / "models.json").write_text('{"faces": []}')
    with pytest.raises(UsageError, match="another release or damaged"):
        read_models(tmp_path)


def test_models_that_were_edited_are_refused(market: Market) -> None:
    """A share too few or below nothing is no model."""
    _families(market)
    market.resolve()
    path = market.folder / "models.json"
    for change in ([0.5, 0.5], [-1.0] * 8):
        kept = json.loads(path.read_text())
        kept["among"]["shares"] = change
        path.write_text(json.dumps(kept))
        with pytest.raises(UsageError, match="another release or damaged"):
            read_models(market.folder)


def test_who_moves_out_is_an_event_and_the_home_keeps_its_id(market: Market, tmp_path: Path) -> None:
    """The one after whom the home is named leaves: the others' home keeps its id, and history says since when."""
    _families(market)
    market.resolve()
    homes = market.homes()
    earlier = read_earlier(market.folder)
    assert earlier is not None
    first = min(party for party, home in homes.items() if home == homes["crm:he1"])
    for other in [party for party, home in homes.items() if home == homes[first] and party != first]:
        market.say("lives_apart", first, other)
    later = Market(tmp_path / "later", market.rows)
    resolve(con=later.connect(), now=LATER, out=later.folder, earlier=earlier)
    others = {
        home for party, home in later.homes().items() if homes[party] == homes[first] and party != first
    }
    assert others == {homes[first]}
    assert later.homes()[first] != homes[first]
    events = later.read("event")
    assert ("left", f"P-{first}") in {(row["kind"], row["person_id"]) for row in events}
    closed = [row for row in later.read("history") if row["valid_to"] is not None]
    assert [(row["person_id"], row["valid_from"], row["valid_to"]) for row in closed] == [
        (f"P-{first}", NOW, LATER)
    ]


def test_the_first_resolution_has_no_events(market: Market) -> None:
    """Nothing can have changed yet, and the history begins."""
    _families(market)
    market.resolve()
    assert market.read("event") == []
    assert {row["valid_from"] for row in market.read("history")} == {NOW}


def test_what_analysts_judged_links_and_parts(market: Market, tmp_path: Path) -> None:
    """A judged pair is linked or parted, whatever the estimate, and says so in its terms."""
    _families(market)
    market.resolve()
    homes = market.homes()
    assert homes["crm:he1"] == homes["crm:she1"] != homes["crm:he2"]
    file = tmp_path / "judged.csv"
    file.write_text(
        "party_a,party_b,together,rater\ncrm:he1,crm:she1,no,ana\ncrm:he1,crm:he2,yes,ana\n", encoding="utf-8"
    )
    report = resolve(con=market.connect(), now=NOW, out=market.folder, judgements=[file])
    assert report.judged == 2
    found = market.homes()
    assert found["crm:he1"] == found["crm:he2"] != found["crm:she1"]
    pair = market.pair("crm:he1", "crm:she1")
    assert pair["judged"] is False
    terms = [value for name, value in pair.items() if name.endswith("_log_odds")]
    np.testing.assert_allclose(sum(terms), pair["log_odds"], atol=1e-9)


def test_a_file_of_judgements_with_problems_stops(market: Market, tmp_path: Path) -> None:
    """All problems are told, and nothing is written over."""
    _families(market)
    file = tmp_path / "judged.csv"
    file.write_text("party_a,party_b,together,rater\ncrm:he1,crm:nobody,perhaps,ana\n", encoding="utf-8")
    with pytest.raises(ProblemsFound):
        resolve(con=market.connect(), now=NOW, out=market.folder, judgements=[file])
    assert not list(market.folder.glob("*"))
