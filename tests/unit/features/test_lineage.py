"""What features are made of, how old and how full they may be, and what takes an unknown value's place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.features.tiny import TODAY, rows, tiny_market

from hogar.errors import ProblemsFound
from hogar.features import (
    catalogue_gaps,
    compute,
    compute_entities,
    load_known,
    read_catalogue,
    read_definitions,
)
from hogar.sources import silo_lineage
from hogar.telco.tables import BY_NAME

ACME = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"
SQL = "SELECT line_id AS id, fee_cents / 100 AS fee, 1 AS one FROM bill"
YML = """owner: billing
freshness_hours: 48
features:
  fee: {type: number, unit: EUR, default: 0, help: what it costs}
  one: {type: number, help: the same for everybody}
"""


def project(folder: Path, sql: str = SQL, yml: str = YML) -> Path:
    """A project of one topic."""
    (folder / "features").mkdir()
    (folder / "features" / "line_a.sql").write_text(sql, encoding="utf-8")
    (folder / "features" / "line_a.yml").write_text(yml, encoding="utf-8")
    return folder


def test_acme_s_lineage_is_what_its_queries_say() -> None:
    """A few features, followed by hand through views and other features."""
    traces = read_definitions(ACME).traces
    assert traces.features["line.silent_days"].sources == ("usage_day.line_id", "usage_day.day")
    spend = traces.features["household.spend_eur"]
    assert spend.features == ("line.fee_eur_month", "line.overage_eur_month", "line.topup_eur_month")
    assert {"bill.fee_cents", "bill.overage_cents", "top_up.amount_cents"} <= set(spend.value)
    assert {"line.holder_party_id", "line.ended_on"} <= set(spend.rows)
    fibre = traces.features["household.fibre_available"].value
    assert {name.partition(".")[0] for name in fibre} == {"address", "serviceability"}


def test_every_feature_of_acme_has_a_source_that_a_silo_fills() -> None:
    """Each canonical column exists, and its source leads on to a file; no gap is left in the catalogue."""
    mapped = silo_lineage(ACME)
    for feature in read_catalogue(ACME):
        assert feature.sources, feature.full_name
        for name in feature.sources:
            table, _, column = name.partition(".")
            assert column in BY_NAME[table].by_name, name
            assert mapped[table].silos, name
    assert catalogue_gaps(read_definitions(ACME)) == []


def test_an_offer_s_facts_are_those_of_its_kind() -> None:
    """What a roaming bundle would cost rests on traffic; what a plan costs does not, nor what a bundle does."""
    traces = read_definitions(ACME).traces
    assert "usage_day.roaming_mb" in traces.offer_fact("current_cents", "line", "roaming").value
    for scope, kind in (("line", "mobile"), ("household", "bundle")):
        found = traces.offer_fact("cost_cents", scope, kind).sources  # type: ignore[arg-type]
        assert "bill.data_gb_used" in found
        assert not [name for name in found if name.startswith("usage_day")]
    assert "usage_day.roaming_mb" in traces.offer_fact("current_cents", "line").value, (
        "of kinds unknown all count"
    )


def test_what_is_said_of_a_feature_is_read(tmp_path: Path) -> None:
    """Freshness of the file, default of the feature, sources by lineage; gaps are told with their places."""
    catalogue = read_catalogue(project(tmp_path))
    fee = catalogue.features["line.fee"]
    assert (fee.freshness_hours, fee.default, fee.sources) == (48, 0, ("bill.fee_cents",))
    assert [str(gap) for gap in catalogue_gaps(read_definitions(tmp_path))] == [
        "features/line_a.yml:5:3: `line.one` has no unit; write `unit:`",
        "features/line_a.yml:5:3: `line.one` is made of no canonical column; take it from a canonical table; "
        "docs/tables.md names their columns",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("type: number, default: much", "line_a.yml:2:54: `default` must be a number, not `much`"),
        ("type: boolean, default: 1", "`default` must be `on` or `off`, not `1`"),
        ("type: date, default: soon", "`soon` is not a date; write it as 2026-03-02"),
        ("type: number, freshness_hours: 0", "`freshness_hours` must be at least 1, not 0"),
    ],
)
def test_a_default_is_of_its_feature_s_type(tmp_path: Path, line: str, said: str) -> None:
    """Typed and checked, each problem at its place."""
    yml = f"features:\n  fee: {{help: a, unit: EUR, owner: b, {line}}}\n  one: {{type: number, help: x}}\n"
    with pytest.raises(ProblemsFound) as found:
        read_catalogue(project(tmp_path, yml=yml))
    assert said.removeprefix("line_a.yml:2:54: ") in str(found.value)


def test_a_default_takes_the_place_of_what_is_unknown(tmp_path: Path) -> None:
    """Today and in the past alike; how much was known before is kept. Of who is not profiled all stays unknown."""
    yml = "owner: b\nfeatures:\n  days: {type: number, unit: days, default: 99, help: x}\n"
    sql = "SELECT line_id AS id, count(*) AS days FROM usage_day GROUP BY line_id"
    made = project(tmp_path, sql=sql, yml=yml)
    with tiny_market() as con:
        past = compute_entities(con=con, project=made, as_of=TODAY, extracted=TODAY)["line"]
        compute(con=con, project=made, as_of=TODAY, out=tmp_path / "out")
    days = {id: row["days"] for id, row in rows(past).items()}
    assert (days["l:he"], days["l:she"], days["l:minor"]) == (11, 99, None)
    known = load_known(tmp_path / "out")
    assert known is not None
    assert (known.features["line.days"].known, known.features["line.days"].of) == (1, 5)
    assert known.tables["usage_day"].rows == 11
    assert str(known.tables["usage_day"].newest) == "2026-02-28 00:00:00", "the end of its newest day"
    assert known.features["line.days"].low is None, "of so few no range is told"
