"""A project drafted from extracts: what is recognised, what is marked, what never gets out, and that it runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import Run

from hogar import build, sources
from hogar.build import DraftedProject
from hogar.build.drafting.patterns import PATTERNS
from hogar.build.drafting.words import column_likeness, file_likeness
from hogar.errors import UsageError

NAMES = ("Ximena", "Gervasio", "Leocadia", "Fulgencio", "Edelmira", "Hermenegildo")


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Silos of another operator: other names, other forms; customers in Latin-1 with semicolons, usage as Parquet."""
    folder = tmp_path_factory.mktemp("extracts")
    customers = ["CustomerNumber;Given Name;Surname;Date of Birth;Gender;Hobby"]
    customers += [f"9{n:04};{NAMES[n % 6]};Peña{n};{1 + n % 28:02}/{1 + n % 12:02}/{1950 + n % 50};{'FM'[n % 2]};h{n}"
                  for n in range(60)]  # fmt: skip
    (folder / "crm").mkdir()
    (folder / "crm" / "customers.csv").write_bytes("\n".join(customers).encode("latin-1"))
    lines = ["service_id|customer_number|service_type|activation_date|deactivation_date"]
    kinds = ("Mobile", "FTTH", "Landline")
    lines += [f"7{n:05}|9{n % 60:04}|{kinds[n % 3]}|2024-{1 + n % 12:02}-15|" for n in range(90)]
    (folder / "crm" / "services.csv").write_text("\n".join(lines), encoding="utf-8")
    bills = [
        {"invoice_number": f"{n}", "billing_account": f"{n % 60}", "service_id": f"7{n:05}",
         "billing_period": "2026-01", "monthly_fee": "18,50", "overage": "0,00"} for n in range(90)
    ]  # fmt: skip
    (folder / "invoices.jsonl").write_text("\n".join(map(json.dumps, bills)), encoding="utf-8")
    usage = {
        "line": [f"7{n % 90:05}" for n in range(200)],
        "usage_date": [f"2026-02-{1 + n // 90:02}" for n in range(200)],
        "data_volume_mb": [float(n) for n in range(200)],
        "voice_minutes": [1.5] * 200,
    }
    pq.write_table(pa.table(usage), folder / "usage_daily.parquet")
    (folder / "cells.csv").write_text("latitude,longitude\n40.4,-3.7\n", encoding="utf-8")
    (folder / "broken.csv").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def drafted(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DraftedProject]:
    """The project drafted from them."""
    project = tmp_path_factory.mktemp("draft") / "operator"
    return project, build.draft_project(project, extracts)


def test_columns_are_found_by_names_and_by_what_they_hold(drafted: tuple[Path, DraftedProject]) -> None:
    """English names, codes that are numbers, days as they are written there, decimal commas."""
    mapped = sources.silo_lineage(drafted[0])
    assert set(mapped) == {"person", "line", "bill", "usage_day"}
    person = mapped["person"].columns
    assert person["party_id"] == ("crm_customers.customernumber",)
    assert person["birth_date"] == ("crm_customers.date of birth",)
    assert mapped["line"].columns["holder_party_id"] == ("crm_services.customer_number",)
    assert mapped["bill"].columns["fee_cents"] == ("invoices.monthly_fee",)
    assert mapped["usage_day"].columns["data_mb"] == ("usage_daily.data_volume_mb",)


def test_words_become_ours_and_ids_say_their_silo(drafted: tuple[Path, DraftedProject]) -> None:
    """A line's kind by our vocabulary; one prefix for one kind of id, wherever it stands."""
    line = (drafted[0] / "sources" / "line.sql").read_text(encoding="utf-8")
    assert "WHEN 'Mobile' THEN 'mobile_postpaid'" in line
    assert "'crm:' || service_id AS line_id" in line
    assert "'crm:' || customer_number AS holder_party_id" in line
    assert "'crm:' || service_id AS line_id" in (drafted[0] / "sources" / "bill.sql").read_text(
        encoding="utf-8"
    )


def test_what_is_not_sure_is_marked(drafted: tuple[Path, DraftedProject]) -> None:
    """Nothing is guessed silently: each doubt is a comment in the source and a line of the report."""
    doubts = [check for one in drafted[1].sources for check in one.checks]
    report = (drafted[0] / "SOURCES.md").read_text(encoding="utf-8")
    for one in drafted[1].sources:
        text = (drafted[0] / "sources" / f"{one.table}.sql").read_text(encoding="utf-8")
        assert text.count("-- CHECK:") == len(one.checks)
    assert all(f"- {doubt}" in report for doubt in doubts)
    assert "-- not used here: Hobby" in (drafted[0] / "sources" / "person.sql").read_text(encoding="utf-8")
    assert drafted[1].unused == ("broken.csv", "cells.csv")
    assert "It cannot be read: the file is empty; deliver it again" in report


def test_what_is_missing_is_told_with_what_asks_it(drafted: tuple[Path, DraftedProject]) -> None:
    """No extract has devices: the renewal use case waits for them."""
    missing = {one.table: one for one in drafted[1].missing}
    assert missing["device_use"].use_cases == ("renewals",)
    assert "line.device_age_months" in missing["device_use"].features
    assert "`device_use` | device registry" in (drafted[0] / "SOURCES.md").read_text(encoding="utf-8")


def test_no_value_of_a_person_gets_out(drafted: tuple[Path, DraftedProject]) -> None:
    """Neither names nor birthdays nor ids stand in any file of the project."""
    for path in drafted[0].rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [name for name in (*NAMES, "Peña") if name in text], path
            assert not re.search(r"\b9\d{4}\b|\b7\d{5}\b", text.replace("900000", "")), path


def test_the_draft_ingests(drafted: tuple[Path, DraftedProject], hogar: Run) -> None:
    """Every row arrives as a canonical one: dates, cents and kinds are what the tables ask."""
    ran = hogar("ingest", "--project", drafted[0], "--now", "2026-03-02T09:00:00Z", "--json")
    assert ran.code == 0, ran.err
    tables = {name: rows for name, rows in ran.json["tables"].items() if rows}
    assert tables == {"person": 60, "line": 90, "bill": 90, "usage_day": 200}
    assert ran.json["quarantine_reasons"] == {}


def test_the_command_says_what_it_did(extracts: Path, tmp_path: Path, hogar: Run) -> None:
    """Tables, files that feed none, what is missing; a folder that is taken or not there is wrong usage."""
    ran = hogar("new", tmp_path / "p", "--from", extracts, "--json")
    assert ran.code == 0, ran.err
    assert {one["table"] for one in ran.json["sources"]} == {"person", "line", "bill", "usage_day"}
    assert "SOURCES.md" in ran.json["files"]
    assert hogar("new", tmp_path / "p", "--from", extracts).code == 2
    assert hogar("new", tmp_path / "q", "--from", tmp_path / "nowhere").code == 2
    with pytest.raises(UsageError, match=r"holds no \.csv"):
        build.draft_project(tmp_path / "r", tmp_path / "p" / "features")


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        ("a.b@c.es", "email"), ("490154203237518", "imei"), ("214011234567890", "imsi"), ("+34600123456", "msisdn"),
        ("612345678", "msisdn"), ("12345678Z", "national_id"), ("X1234567L", "national_id"), ("28001", "postcode"),
        ("12,50", "decimal_comma"), ("12.50", "decimal"), ("C1234567", "code"), ("8934071100264370101", "iccid"),
        ("d50bafe8150beb1c1df5", "hash"), ("-7", "integer"),
    ],
)  # fmt: skip
def test_values_are_known_by_their_look(value: str, pattern: str) -> None:
    """The first pattern that a value has: telephone numbers, devices, SIM cards, identity numbers, money."""
    assert next(name for name, matches in PATTERNS if matches(value)) == pattern


def test_names_are_like_each_other_or_not() -> None:
    """Spelling, order of words and language do not matter; other words do."""
    assert column_likeness("FECHA_NACIMIENTO", "person.birth_date") == 1
    assert column_likeness("birthDate", "person.birth_date") == 1
    assert column_likeness("shoe_size", "person.birth_date") < 0.45
    assert file_likeness("billing/invoices.csv", "bill") == 1


@pytest.mark.market
def test_nearly_all_of_acme_s_own_mappings_are_found(
    small_market_built: Path, copy_of: Callable[[Path], Path], tmp_path: Path, hogar: Run
) -> None:
    """On the twin's silos the draft maps nine of ten hand-written columns, invents none, and its ingest succeeds.

    The vocabulary was written with these silos at hand, so this holds a level, it does not foretell another operator.
    """
    project = tmp_path / "again"
    assert hogar("new", project, "--from", small_market_built / "data").code == 0
    ran = hogar("ingest", "--project", project, "--now", "2026-03-02T09:00:00Z", "--json")
    assert ran.code == 0, ran.err
    found, wanted = _pairs(project), _pairs(small_market_built)
    assert len(found & wanted) / len(wanted) >= 0.94
    assert len(found & wanted) / len(found) >= 0.95


def _pairs(project: Path) -> set[tuple[str, str]]:
    """Canonical column and silo column of every mapping; events are made of whole rows, by hand only."""
    return {
        (f"{table}.{column}", silo)
        for table, mapped in sources.silo_lineage(project).items() if table != "event"
        for column, behind in mapped.columns.items()
        for silo in behind
    }  # fmt: skip
