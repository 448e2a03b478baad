"""From canonical columns to the silos' own, and which columns the files have."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hogar.sources import SiloSettings, silo_columns, silo_lineage

ACME = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"


def test_acme_s_columns_lead_to_its_silos() -> None:
    """Through unions, functions and prefixes; what a source states itself has no silo."""
    mapped = silo_lineage(ACME)
    assert mapped["person"].columns["party_id"] == (
        "crm_customers.id_cliente", "prepaid_registry.id_registro", "web_accounts.user_id",
    )  # fmt: skip
    assert mapped["bill"].columns["fee_cents"] == ("billing_invoices.fee_eur",)
    assert mapped["tie_month"].columns["line_id"] == ("usage_ties.linea_a", "usage_ties.linea_b")
    assert set(mapped["person"].silos) == {"crm_customers", "prepaid_registry", "web_accounts"}


def test_a_join_needs_to_know_which_file_has_which_column(tmp_path: Path) -> None:
    """With the files' headers each name finds its own; of a table that joins nothing they are not needed."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "margin.sql").write_text(
        "select code as offer_id, margin as monthly_cents, a._file, a._row from a join b using (code)",
        encoding="utf-8",
    )
    columns = {"a": ("code",), "b": ("code", "margin")}
    assert silo_lineage(tmp_path, columns)["margin"].columns["monthly_cents"] == ("b.margin",)


def test_headers_are_read_whatever_the_file(tmp_path: Path) -> None:
    """Packed, in another encoding, as Parquet; what cannot be read is left out."""
    (tmp_path / "a.csv").write_bytes("id;año\n1;2\n".encode("latin-1"))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"x,Y\n1,2\n"))
    pq.write_table(pa.table({"p": [1]}), tmp_path / "c.parquet")
    (tmp_path / "d.csv.gz").write_bytes(b"no archive")
    (tmp_path / "e.parquet").write_bytes(b"no table")
    (tmp_path / "f.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    settings = {"a": SiloSettings(files=("a.csv",), encoding="latin-1")}
    assert silo_columns(tmp_path, settings) == {"a": ("id", "año"), "b": ("x", "y"), "c": ("p",)}
    assert silo_columns(tmp_path / "nowhere", {}) == {}
