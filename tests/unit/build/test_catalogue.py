"""The catalogue of features: cards with lineage and what is known, its page, the command that tells them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.conftest import Run
from tests.docs.documents import ROOT

from hogar import build
from hogar.telco.catalogue import LEGAL_BASIS, PURPOSES

ACME = ROOT / "src" / "hogar" / "templates" / "acme"


def test_the_page_of_acme_is_what_the_code_says() -> None:
    """docs/catalogue-acme.md is written by `hogar features --markdown`; run it again where this fails."""
    page = build.catalogue_page(build.describe(ACME), "acme")
    assert (ROOT / "docs" / "catalogue-acme.md").read_text(encoding="utf-8") == page


def test_every_purpose_stands_on_a_law() -> None:
    """What a feature may serve says on which ground."""
    assert tuple(LEGAL_BASIS) == PURPOSES


def test_a_card_leads_from_a_feature_to_the_silos() -> None:
    """Before any build: files and lineage are known, coverage and age are not."""
    card = build.describe(ACME).cards["line.overage_eur_month"]
    assert card.silos["bill.overage_cents"] == ("billing_invoices.overage_eur",)
    assert card.feature.owner == "billing"
    said = card.as_data()
    assert said["purposes"].keys() == {"marketing", "care", "contract"}
    assert (said["known"], said["age_hours"], said["stale"], said["freshness_hours"]) == (
        None,
        None,
        None,
        1080,
    )
    roaming = build.describe(ACME).cards["person.roaming_mb_day"]
    assert list(roaming.as_data()["gates"]) == ["traffic"]


def test_a_score_is_made_of_its_features() -> None:
    """And learnt from its target's columns."""
    card = build.describe(ACME).cards["score.churn"]
    assert "line.tenure_months" in card.lineage.features
    assert "bill.data_gb_used" in card.lineage.value
    assert "line.ended_on" in card.lineage.sources


@pytest.mark.market
def test_the_command_tells_what_is_known(market: Path, hogar: Run, tmp_path: Path) -> None:
    """Shares and ages of the last build; a whole card of one feature; the page; wrong names are wrong usage."""
    ran = hogar("features", "--describe", "--project", market, "--json")
    assert ran.code == 0, ran.err
    by_name = {one["name"]: one for one in ran.json["features"]}
    assert ran.json["as_of"] == "2026-03-02"
    assert by_name["line.kind"]["known"]["share"] == 1.0
    assert 0 < by_name["line.silent_days"]["known"]["share"] < 0.5
    assert by_name["household.spend_eur"]["known"]["low"] <= by_name["household.spend_eur"]["known"]["middle"]
    assert by_name["line.fee_eur_month"]["stale"] is False
    card = hogar("features", "line.silent_days", "--describe", "--project", market)
    assert "usage_day.day ← usage_daily.dia" in card.out
    assert "ePrivacy 6(3)" in card.out
    assert len(hogar("features", "line", "--describe", "--project", market, "--json").json["features"]) > 10
    page = tmp_path / "page.md"
    assert hogar("features", "--markdown", page, "--project", market).code == 0
    assert page.read_text(encoding="utf-8").startswith("# What acme knows as numbers")
    assert hogar("features", "line.silent_day", "--describe", "--project", market).code == 2
    assert hogar("features", "line.silent_days", "--project", market).code == 2


@pytest.mark.market
def test_what_is_older_than_its_author_allows_is_stale(market: Path) -> None:
    """Bills of half a year ago are."""
    built = build.Work.current
    from hogar.app import now_of, read_settings, work_of

    settings = read_settings(market)
    work = work_of(settings, now=now_of(settings))
    late = datetime(2026, 9, 1, tzinfo=UTC)
    described = build.describe(market, built=built(work, "features"), now=late)
    assert described.cards["line.fee_eur_month"].stale is True
    assert described.cards["line.kind"].stale is None, "a register does not tell its age"
