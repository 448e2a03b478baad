"""What acme's features say of a market small enough to reckon by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.unit.features.tiny import TODAY, at, insert, rows, tiny_market

from hogar.features import compute, compute_entities

ACME = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """Every table that the step writes."""
    out = tmp_path_factory.mktemp("features")
    with tiny_market() as con:
        report = compute(con=con, project=ACME, as_of=TODAY, out=out)
        assert con.execute("SELECT count(*) FROM line").fetchall() == [(6,)], "the tables are as they were"
    assert (report.households, report.persons, report.lines) == (2, 4, 5)
    return {path.stem: pl.read_parquet(path) for path in out.glob("*.parquet")}


def _offer(built: dict[str, pl.DataFrame], scope: str, id: str, offer: str) -> dict[str, Any]:
    found = built["offers"].filter(scope=scope, id=id, offer_id=offer).to_dicts()
    assert len(found) == 1, found
    return found[0]


def test_everybody_is_there_once(built: dict[str, pl.DataFrame]) -> None:
    """Each household, person and living line has one row; a line that ended has none."""
    assert built["household"]["id"].to_list() == ["H-1", "H-2"]
    assert built["person"]["id"].to_list() == ["P-1", "P-2", "P-3", "P-4"]
    assert built["line"]["id"].to_list() == ["l:adsl", "l:he", "l:minor", "l:she", "l:son"]


def test_the_couple_spends_jointly_what_neither_spends_alone(built: dict[str, pl.DataFrame]) -> None:
    """ADSL 32, mobile 18, top-ups 15 a month: 65, a band of 74.75, paid by one, adviser declared."""
    home = rows(built["household"])["H-1"]
    assert (home["spend_eur"], home["spend_band_eur"], home["payers"]) == (65.0, 74.75, 1)
    assert (home["adults"], home["mobile_lines"], home["prepaid_lines"]) == (2, 2, 1)
    assert (home["technology"], home["has_tv"], home["fibre_available"], home["has_adviser"]) == (
        "adsl",
        False,
        True,
        True,
    )
    assert home["open_complaints"] == 1


def test_the_payer_of_a_prepaid_line_is_who_tops_it_up(built: dict[str, pl.DataFrame]) -> None:
    """By party, or by the token of the account that he pays from."""
    home = {row["line_id"]: row for row in built["line_home"].to_dicts()}
    assert (home["l:she"]["user_id"], home["l:she"]["payer_id"]) == ("P-2", "P-1")


def test_a_person_is_what_he_did(built: dict[str, pl.DataFrame]) -> None:
    """Age, visits in the window, trips from days abroad, complaints of ninety days."""
    he = rows(built["person"])["P-1"]
    assert (he["age"], he["is_payer"], he["lines"]) == (60, True, 1)
    assert (he["device_views_14d"], he["plan_views_14d"]) == (1, 1)
    assert (he["trip_days_usual"], he["roaming_mb_day"], he["traffic_consent"]) == (10.0, 200.0, True)
    assert he["complaints_90d"] == 1


def test_of_objectors_and_minors_only_contract_and_payment_is_known(built: dict[str, pl.DataFrame]) -> None:
    """The son objected, the other is fourteen: no visits, no devices, but the bill; neither counts as a member."""
    people, lines = rows(built["person"]), rows(built["line"])
    assert people["P-3"]["device_views_14d"] is None
    assert people["P-4"]["device_views_14d"] is None
    assert people["P-4"]["age"] == 13
    assert lines["l:minor"]["data_gb_month"] == 0.5
    assert rows(built["household"])["H-2"]["members"] == 0
    assert built["unprofiled"]["id"].to_list() == ["P-3", "P-4"]


def test_a_bundle_is_compared_with_all_it_replaces(built: dict[str, pl.DataFrame]) -> None:
    """HOGAR-2 replaces ADSL, his plan and her top-ups: 65 now, 69 then; deliverable where fibre is."""
    offer = _offer(built, "household", "H-1", "HOGAR-2")
    assert (offer["current_cents"], offer["cost_cents"], offer["monthly_cents"]) == (6500, 6900, 6900)
    assert (offer["owned"], offer["ordered"], offer["deliverable"]) == (False, False, True)


def test_a_plan_is_priced_by_the_use_of_each_month(built: dict[str, pl.DataFrame]) -> None:
    """4 GB under MOB-S: 12 and one GB beyond at 3 euros; 5 GB of the son's under MOB-M: 18 instead of 18."""
    assert _offer(built, "line", "l:he", "MOB-S")["cost_cents"] == 1200 + 300
    assert _offer(built, "line", "l:he", "MOB-M")["owned"]
    son = _offer(built, "line", "l:son", "MOB-M")
    assert (son["current_cents"], son["cost_cents"]) == (1800, 1800)
    assert _offer(built, "line", "l:he", "MOB-U")["cost_cents"] == 3500
    prepaid = _offer(built, "line", "l:she", "MOB-S")
    assert (prepaid["current_cents"], prepaid["cost_cents"]) == (1500, 1200 + 225), "15 euros bought 3.75 GB"


def test_a_trip_is_priced_inside_and_beyond_the_bundle(built: dict[str, pl.DataFrame]) -> None:
    """Ten days of 200 MB at 20 euros a GB: 40; seven days cover 1.4 GB of it, fourteen all."""
    week, fortnight = (_offer(built, "line", "l:he", f"ROAM-2GB-{days}") for days in (7, 14))
    assert (week["current_cents"], week["cost_cents"]) == (4000, 1000 + 1200)
    assert (fortnight["current_cents"], fortnight["cost_cents"]) == (4000, 1400)
    assert _offer(built, "line", "l:son", "ROAM-2GB-7")["cost_cents"] is None, "no consent, no trip, no price"


def test_an_open_order_of_one_is_an_order_of_the_home(built: dict[str, pl.DataFrame]) -> None:
    """She ordered TV: it is ordered for the household; a cancelled order is none."""
    assert _offer(built, "household", "H-1", "TV-BASIC")["ordered"]
    assert not _offer(built, "household", "H-1", "FIB-300")["ordered"]
    assert _offer(built, "household", "H-1", "TV-BASIC")["deliverable"], "TV needs the fibre that is there"


def test_the_past_does_not_know_what_came_later() -> None:
    """On 2 December the line that ends in January lives, later bills, tickets and trips are unknown."""
    day = date(2025, 12, 2)
    with tiny_market() as con:
        past = compute_entities(con=con, project=ACME, as_of=day, extracted=TODAY)
        insert(con, "bill", {"bill_id": "x", "account_id": "a3", "line_id": "l:gone", "month": date(2025, 12, 1),
                             "fee_cents": 99999, "overage_cents": 99999, "data_gb_used": 99.0})  # fmt: skip
        insert(
            con,
            "ticket",
            {"ticket_id": "x", "party_id": "crm:he", "kind": "complaint", "opened_at": at(date(2025, 12, 3))},
        )
        insert(
            con,
            "web_event",
            {"web_event_id": "x", "party_id": "crm:he", "topic": "plans", "at": at(date(2025, 12, 3))},
        )
        insert(con, "selfcare_login", {"party_id": "crm:he", "line_id": "l:he", "logins_90d": 9})
        again = compute_entities(con=con, project=ACME, as_of=day, extracted=TODAY)
    assert "l:gone" in past["line"]["id"].to_list()
    assert rows(past["line"])["l:gone"]["data_gb_month"] == 1.0
    assert rows(past["person"])["P-1"]["complaints_90d"] == 1, "the complaint of November, open then"
    assert rows(past["household"])["H-1"]["open_complaints"] == 1
    for name, table in past.items():
        assert table.equals(again[name]), f"{name} saw its future"


def test_who_used_a_line_in_the_past_is_its_holder() -> None:
    """What is known of users today would tell ended lines from living ones: on earlier days nobody's user is used."""
    with tiny_market() as con:
        home = compute_entities(con=con, project=ACME, as_of=date(2025, 12, 2), extracted=TODAY)["line_home"]
    users = dict(home.select("line_id", "user_id").iter_rows())
    assert (users["l:gone"], users["l:minor"]) == ("P-3", "P-3")


def test_members_elsewhere_are_a_coarse_count_and_a_base_rate_hides_it(tmp_path: Path) -> None:
    """Three numbers count as two; who has none is asked too where chance says so, and nobody's number shows."""
    with tiny_market() as con:
        insert(
            con,
            "offnet",
            *(
                {"number_id": f"X{n}", "household_id": "H-1", "probability": 0.9, "members": 2}
                for n in range(3)
            ),
        )
        compute(con=con, project=ACME, as_of=TODAY, out=tmp_path)
    home = rows(pl.read_parquet(tmp_path / "household.parquet"))
    assert [home[id]["offnet_members"] for id in ("H-1", "H-2")] == [2, 0]
    assert (home["H-1"]["ask_for_members"], home["H-2"]["ask_for_members"]) == (True, False)
