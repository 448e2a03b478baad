"""Do the template project's sources map what the silos hold?"""

from __future__ import annotations

from datetime import datetime

from hogar.telco.tables import TABLES


def test_every_canonical_table_has_a_source_with_its_columns(market, mapped):
    """Each SELECT gives the canonical columns in order, then `_file` and `_row`."""
    con = mapped(market(300, 1))
    for table in TABLES:
        found = [row[0] for row in con.execute(f'describe "raw_{table.name}"').fetchall()]
        assert found == [*(column.name for column in table.columns), "_file", "_row"], table.name


def test_few_values_are_lost_and_those_are_dirt(market, mapped):
    """Required values, types and word lists hold but for some rows in a hundred, which quarantine will name."""
    con = mapped(market(2000, 1))
    for table in TABLES:
        rows = con.execute(f'select count(*) from "raw_{table.name}"').fetchone()[0]
        assert rows > 0, table.name
        for column in table.columns:
            lost = con.execute(
                f'select count(*) from "raw_{table.name}" r where r."{column.name}" is not null and '
                f'try_cast(r."{column.name}" as {_type(column.type)}) is null'
            ).fetchone()[0]
            missing = (
                column.required
                and con.execute(
                    f'select count(*) from "raw_{table.name}" where "{column.name}" is null'
                ).fetchone()[0]
            )
            other = (
                column.one_of
                and con.execute(
                    f'select count(*) from "raw_{table.name}" where "{column.name}" not in {(*column.one_of, "")}'
                ).fetchone()[0]
            )
            assert lost + (missing or 0) + (other or 0) <= max(3, 0.01 * rows), f"{table.name}.{column.name}"


def test_references_between_silos_hold(market, mapped):
    """Holders, payers, line users and consents name parties and lines that are there."""
    con = mapped(market(2000, 1))
    for table, column, other, key in (
        ("line", "holder_party_id", "person", "party_id"),
        ("line", "account_id", "account", "account_id"),
        ("bill", "line_id", "line", "line_id"),
        ("consent", "party_id", "person", "party_id"),
        ("web_event", "party_id", "person", "party_id"),
        ("line_offer", "offer_id", "offer", "offer_id"),
        ("top_up", "payer_party_id", "person", "party_id"),
        ("declaration", "other_party_id", "person", "party_id"),
        ("truth_membership", "party_id", "person", "party_id"),
        ("truth_lines", "line_id", "line", "line_id"),
    ):
        lost = con.execute(
            f"select count(*) from {table} where {column} is not null and {column} not in (select {key} from {other})"
        ).fetchone()[0]
        assert lost == 0, f"{table}.{column}"


def test_the_project_and_its_market_agree_on_now(market, settings):
    """The template's `[time] now` is the moment at which the shipped parameters extract the silos."""
    assert datetime.fromisoformat(settings["time"]["now"]) == datetime.fromisoformat(market(300, 1).now)


def test_settings_name_the_encodings_that_the_market_writes(market, settings):
    """A silo that is not UTF-8 with commas is declared in `hogar.toml`."""
    declared = {one["files"]: (one["encoding"], one["delimiter"]) for one in settings["silos"].values()}
    odd = {
        path: (table.schema.metadata[b"encoding"].decode(), table.schema.metadata[b"delimiter"].decode())
        for path, table in market(300, 1).silos.items()
        if table.schema.metadata and table.schema.metadata[b"encoding"] != b"utf-8"
    }
    assert declared == odd
    assert odd


def _type(kind: str) -> str:
    return {"text": "varchar", "integer": "bigint", "timestamp": "timestamp"}.get(kind, kind)
