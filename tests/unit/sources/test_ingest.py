"""From files to canonical tables: counts add up, bad rows are quarantined, a second run gives the same."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hogar.sources import (
    FileCount,
    IngestReport,
    SiloSettings,
    SourcesError,
    fingerprint,
    ingest,
    load_report,
)
from hogar.telco.tables import TABLES

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PERSON = "select 'crm:' || id as party_id, name as first_name, born as birth_date, _file, _row from crm"


class Project:
    """A project folder below `tmp_path` with sources and files, and a way to ingest them."""

    def __init__(self, root: Path) -> None:
        self.root, self.data = root / "project", root / "data"
        (self.root / "sources").mkdir(parents=True, exist_ok=True)
        self.data.mkdir(exist_ok=True)
        self.runs = 0

    def source(self, table: str, sql: str) -> None:
        (self.root / "sources" / f"{table}.sql").write_text(sql, encoding="utf-8")

    def file(self, name: str, content: bytes | str) -> None:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def run(self, silos: Mapping[str, SiloSettings] | None = None) -> tuple[IngestReport, Path]:
        self.runs += 1
        out = self.root / f"out{self.runs}"
        out.mkdir()
        report = ingest(
            project=self.root, data=self.data, silos=silos or {}, now=NOW, out=out, progress=lambda _: None
        )
        return report, out


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def counts(report: IngestReport) -> dict[str, tuple[int, int, int, int]]:
    assert report.problems == ()
    assert all(f.read == f.accepted + f.quarantined + f.left_out for f in report.files)
    return {f.file: (f.read, f.accepted, f.quarantined, f.left_out) for f in report.files}


def reasons(out: Path) -> list[tuple[str | None, str, int, str]]:
    frame = pl.read_parquet(out / "quarantine.parquet")
    return frame.select("table", "file", "row", "reason").rows()


def test_every_row_is_accepted_quarantined_or_left_out(project: Project) -> None:
    """A bad date, a second row of one key, a short line, an open quote: quarantine. A dropped row: left out."""
    project.source("person", PERSON + " where id <> '9'")
    project.file(
        "crm.csv",
        'id,name,born\n1,A,1980-01-01\n2,B,x\n1,C,\n9,d,\n5\n"6,o,\n7,"two\nlines",1990-02-03\n8,,2030-01-01\n',
    )
    report, out = project.run()
    assert counts(report) == {"crm.csv": (8, 2, 5, 1)}
    assert reasons(out) == [
        (None, "crm.csv", 5, "wrong number of fields"),
        (None, "crm.csv", 6, "malformed quotes"),
        ("person", "crm.csv", 2, "not a date: birth_date"),
        ("person", "crm.csv", 3, "duplicate key"),
        ("person", "crm.csv", 8, "after now: birth_date"),
    ]
    person = pl.read_parquet(out / "person.parquet")
    assert person.select("party_id", "first_name", "birth_date", "_file", "_row").rows() == [
        ("crm:1", "A", date(1980, 1, 1), "crm.csv", 1),
        ("crm:7", "two\nlines", date(1990, 2, 3), "crm.csv", 7),
    ]
    assert report.quarantine_reasons["duplicate key"] == 1
    assert report.tables["person"] == 2
    assert json.loads((out / "counts.json").read_text()) == {
        "crm.csv": {"read": 8, "accepted": 2, "quarantined": 5, "left_out": 1}
    }
    assert load_report(out) == report


def test_quarantine_keeps_the_record(project: Project) -> None:
    """A quarantined row lies there as JSON: as the source gave it, or the line where it was no record."""
    project.source("person", PERSON)
    project.file("crm.csv", "id,name,born\n2,B,x\n5\n")
    _, out = project.run()
    records = [json.loads(text) for text in pl.read_parquet(out / "quarantine.parquet")["record"]]
    assert records[0] == {"line": "5"}
    assert records[1]["birth_date"] == "x"


def test_every_table_is_written_with_its_types(project: Project) -> None:
    """A table without a source is there, empty, with all its columns, `_file` and `_row`."""
    project.source("person", PERSON)
    project.file("crm.csv", "id,name,born\n1,A,\n")
    _, out = project.run()
    for table in TABLES:
        schema = pq.read_schema(out / f"{table.name}.parquet")
        assert schema.names == [*(column.name for column in table.columns), "_file", "_row"]
    bill = pq.read_schema(out / "bill.parquet")
    assert (bill.field("fee_cents").type, bill.field("month").type) == (pa.int64(), pa.date32())
    assert pq.read_schema(out / "ticket.parquet").field("opened_at").type == pa.timestamp("us")


def test_the_same_files_give_the_same_tables(project: Project) -> None:
    """A second run over the same files gives the same bytes; the order of rows follows the table's key."""
    project.source("person", PERSON)
    project.file("crm.csv", "id,name,born\n" + "".join(f"{n * 7919 % 5000},N,\n" for n in range(6_000)))
    first, one = project.run()
    second, two = project.run()
    assert first == second
    for path in sorted(one.iterdir()):
        assert path.read_bytes() == (two / path.name).read_bytes(), path.name
    ids = pl.read_parquet(one / "person.parquet")["party_id"].to_list()
    assert ids == sorted(ids)
    assert counts(first) == {"crm.csv": (6_000, 5_000, 1_000, 0)}


RULES = """select id as bill_id, 'a' as account_id, 'l' as line_id, month, fee as fee_cents, over as overage_cents,
    gb as data_gb_used, _file, _row from bills"""


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,2026-01-01,100,0,1.5", None),
        ("1,2026-01-01,100.0,0,", None),
        ("1,2026-01-01,1e2,0,", None),
        (",2026-01-01,100,0,", "missing: bill_id"),
        ("  ,2026-01-01,100,0,", "missing: bill_id"),
        ("1,2026-13-01,100,0,", "not a date: month"),
        ("1,,100,0,", "missing: month"),
        ("1,infinity,100,0,", "not a date: month"),
        ("1,2026-03-03,100,0,", "after now: month"),
        ("1,2026-01-01,100.5,0,", "not an integer: fee_cents"),
        ("1,2026-01-01,99999999999999999999,0,", "not an integer: fee_cents"),
        ("1,2026-01-01,100,-1,", "too small: overage_cents"),
        ("1,2026-01-01,100,0,nan", "not a number: data_gb_used"),
        ("1,2026-01-01,100,0,inf", "not a number: data_gb_used"),
    ],
)
def test_rules_of_a_column(project: Project, row: str, reason: str | None) -> None:
    """A value that has not its column's type, is missing, or lies outside its range quarantines the row."""
    project.source("bill", RULES)
    project.file("bills.csv", f"id,month,fee,over,gb\n{row}\n")
    report, _ = project.run()
    assert report.quarantine_reasons == ({} if reason is None else {reason: 1})


def test_moments_are_utc(project: Project) -> None:
    """An offset is honoured; a moment without one is UTC; one after now is quarantined."""
    project.source(
        "ticket",
        "select id as ticket_id, 'p' as party_id, kind, opened as opened_at, _file, _row from tickets",
    )
    project.file(
        "tickets.csv",
        "id,kind,opened\n1,fault,2026-01-05T10:00:00+02:00\n2,fault,2026-01-05 10:00:00\n3,fault,2026-03-02T09:00:01Z\n"
        "4,quarrel,2026-01-05\n5,fault,2026-03-02T10:00:00+01:00\n",
    )
    report, out = project.run()
    assert pl.read_parquet(out / "ticket.parquet").select("ticket_id", "opened_at").rows() == [
        ("1", datetime(2026, 1, 5, 8)),  # noqa: DTZ001
        ("2", datetime(2026, 1, 5, 10)),  # noqa: DTZ001
        ("5", datetime(2026, 3, 2, 9)),  # noqa: DTZ001
    ]
    assert report.quarantine_reasons == {"after now: opened_at": 1, "not one of its values: kind": 1}


def test_a_row_used_twice_counts_once(project: Project) -> None:
    """A row that several sources read, or that a SELECT multiplies, is quarantined where it is bad once."""
    project.source("person", PERSON)
    project.source(
        "consent",
        """select 'crm:' || id as party_id, purpose, 'any' as channel, granted, '2026-01-01' as at, _file, _row
        from crm cross join (values ('marketing'), ('traffic')) as p(purpose)""",
    )
    project.file("crm.csv", "id,name,born,granted\n1,A,,true\n2,B,,perhaps\n3,C,x,no\n")
    report, out = project.run()
    assert counts(report) == {"crm.csv": (3, 1, 2, 0)}
    assert report.tables["consent"] == 4
    assert report.tables["person"] == 2
    assert len(reasons(out)) == 3


def test_rows_of_no_file_are_allowed(project: Project) -> None:
    """A source may state assumptions as constants; they belong to no file's counts."""
    project.source("person", PERSON)
    project.source("margin", "select 'A' as offer_id, 5 as monthly_cents, 'assumed' as _file, 1 as _row")
    project.file("crm.csv", "id,name,born\n1,A,\n")
    report, _ = project.run()
    assert counts(report) == {"crm.csv": (1, 1, 0, 0)}
    assert report.tables["margin"] == 1


def test_files_of_every_format(project: Project) -> None:
    """CSV, packed CSV, Parquet and JSON lines are staged as text; a file that no source reads is all left out."""
    project.source(
        "person",
        """with every as (
            select id, name, _file, _row from a union all select id, name, _file, _row from b
            union all select id, name, _file, _row from c union all select id, name, _file, _row from d)
        select id as party_id, name as first_name, _file, _row from every""",
    )
    project.file("a.csv", b"\xef\xbb\xbfid;name\r\n1;Ana\r\n")
    project.file("b.csv.gz", gzip.compress(b"id,name\n2,Eva\nx\n"))
    table = pa.table({"id": [3, 33, 34], "name": ["I\u00f1aki", "a\0b", None]})
    pq.write_table(table, project.data / "c.parquet")
    project.file(
        "d.jsonl", b'{"id": 4, "name": "Zoe"}\n{"id": 5}\nnonsense\n[1]\n{"id": 6, "name": "\\ud800"}\n\xff\n'
    )
    project.file("e/Other File.csv", "x\n1\n2\n\n")
    pq.write_table(pa.table({"at": [1, 2, 3]}), project.data / "e" / "calls.parquet")
    report, out = project.run()
    assert counts(report) == {
        "a.csv": (1, 1, 0, 0),
        "b.csv.gz": (2, 1, 1, 0),
        "c.parquet": (3, 2, 1, 0),
        "d.jsonl": (6, 2, 4, 0),
        "e/Other File.csv": (2, 0, 0, 2),
        "e/calls.parquet": (3, 0, 0, 3),
    }
    assert [f.mapped for f in report.files] == [True, True, True, True, False, False]
    names = pl.read_parquet(out / "person.parquet").select("party_id", "first_name").rows()
    assert names == [("1", "Ana"), ("2", "Eva"), ("3", "I\u00f1aki"), ("34", None), ("4", "Zoe"), ("5", None)]


def test_a_silo_of_several_files(project: Project) -> None:
    """A setting joins files, whose columns may differ, under one name; each row keeps its own file."""
    project.source("person", "select id as party_id, name as first_name, sex, _file, _row from people")
    project.file("x/one.csv", "id,name\n1,A\n")
    project.file("x/two.csv", "NAME,id,sex\nB,2,f\nC,3\n")
    report, out = project.run({"people": SiloSettings(files=("x/*.csv",))})
    assert counts(report) == {"x/one.csv": (1, 1, 0, 0), "x/two.csv": (2, 1, 1, 0)}
    rows = pl.read_parquet(out / "person.parquet").select("party_id", "first_name", "sex", "_file").rows()
    assert rows == [("1", "A", None, "x/one.csv"), ("2", "B", "f", "x/two.csv")]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_encoding_is_a_setting(project: Project, encoding: str) -> None:
    """A file in another encoding is read as the setting says, its letters kept."""
    project.source("person", PERSON)
    project.file("crm.csv", "id,name,born\n1,Íñigo,\n".encode(encoding))
    report, out = project.run({"crm": SiloSettings(files=("crm.csv",), encoding=encoding)})
    assert counts(report) == {"crm.csv": (1, 1, 0, 0)}
    assert pl.read_parquet(out / "person.parquet")["first_name"].to_list() == ["Íñigo"]


def test_the_wrong_encoding_costs_the_lines_that_show_it(project: Project) -> None:
    """A Latin-1 file read as UTF-8: lines with other letters than ASCII are quarantined, the others stay."""
    project.source("person", PERSON)
    project.file("crm.csv", "id,name,born\n1,Íñigo,\n2,Ana,\n".encode("latin-1"))
    report, _ = project.run()
    assert counts(report) == {"crm.csv": (2, 1, 1, 0)}
    assert report.quarantine_reasons == {"bad encoding": 1}


@pytest.mark.parametrize(
    "name", ["it's.csv", "a[1].csv", "q?*.csv", 'quo"te.csv', "año 26 %s.csv", "b;--.csv"]
)
def test_odd_characters_in_file_names(project: Project, name: str) -> None:
    """A file's name never becomes a pattern or SQL, on the quick way or the careful one."""
    project.source("person", PERSON)
    for bad in ("", "x\n"):
        project.file(name, f"id,name,born\n1,A,\n{bad}")
        report, out = project.run({"crm": SiloSettings(files=(name,))})
        assert counts(report) == {name: (1 + bool(bad), 1, int(bool(bad)), 0)}
        assert pl.read_parquet(out / "person.parquet")["_file"].to_list() == [name]


def test_odd_characters_in_columns(project: Project) -> None:
    """A column's name may hold anything that a quoted SQL name can."""
    project.source("person", 'select "id ""no"" [ñ];--" as party_id, _file, _row from crm')
    project.file("crm.csv", '"id ""no"" [ñ];--",x y\n1,2\n')
    report, _ = project.run()
    assert counts(report) == {"crm.csv": (1, 1, 0, 0)}


def test_problems_come_all_at_once_and_nothing_is_written(project: Project) -> None:
    """Missing files, wrong columns, empty and damaged files of all sources are found together, each with a place."""
    project.source("person", "select id as party_id,\n  nam as first_name, _file, _row from crm")
    project.source("bill", "select bill_id,\n *, _file, _row\nfrom billing_invoices")
    project.source("ticket", "select id as ticket_id, a.*, _file, _row from empty a")
    project.source(
        "line",
        "select id as line_id, name as kind, name as started_on, _file, _row from crm where unheard(id)",
    )
    project.file("crm.csv", "id,name\n1,A\n")
    project.file("empty.csv", "")
    project.file("broken.csv.gz", b"no archive")
    project.file("torn.parquet", b"no parquet")
    project.file("nothing.csv", "")
    project.file("other.csv", "id\n1\n")
    report, out = project.run(
        {
            "lost": SiloSettings(files=("lost/*.csv",)),
            "coded": SiloSettings(files=("other.csv",), encoding="x"),
        }
    )
    shown = [str(problem) for problem in report.problems]
    assert [text.split(": ")[0] for text in shown] == [
        "broken.csv.gz:1:1",
        "empty.csv:1:1",
        "hogar.toml:1:1",
        "other.csv:1:1",
        "sources/bill.sql:3:6",
        "sources/line.sql:1:84",
        "sources/person.sql:2:3",
        "torn.parquet:1:1",
    ], shown
    assert not list(out.iterdir())


def test_a_file_with_a_header_only_has_no_row(project: Project) -> None:
    """No orders today: a header and no record is zero rows, also as one of several files; nothing at all beside a
    file with columns too."""
    project.source("person", "select id as party_id, name as first_name, _file, _row from crm")
    project.source(
        "ticket", "select id as ticket_id, who as party_id, kind, day as opened_at, _file, _row from tickets"
    )
    project.file("crm/a.csv", "id,name\n1,A\n")
    project.file("crm/b.csv", "id,name\n")
    project.file("crm/c.csv", "")
    project.file("tickets.csv", "id,who,kind,day\n")
    report, _ = project.run({"crm": SiloSettings(files=("crm/*.csv",))})
    assert not report.problems
    assert counts(report) == {
        "crm/a.csv": (1, 1, 0, 0), "crm/b.csv": (0, 0, 0, 0), "crm/c.csv": (0, 0, 0, 0), "tickets.csv": (0, 0, 0, 0),
    }  # fmt: skip
    assert (report.tables["person"], report.tables["ticket"]) == (1, 0)


def test_a_wrong_column_is_named_with_the_right_one(project: Project) -> None:
    """The problem says where the column stands and which one the silo has."""
    project.source("person", "select id as party_id,\n  nam as first_name, _file, _row from crm")
    project.file("crm.csv", "id,name\n1,A\n")
    report, _ = project.run()
    (problem,) = report.problems
    assert str(problem) == (
        "sources/person.sql:2:3: no silo that is read here has a column `nam`; did you mean `name`?"
    )


def test_a_missing_file_says_what_to_do(project: Project) -> None:
    """The problem names the source that reads it and the two ways out."""
    project.source("person", "select id as party_id, _file, _row\nfrom crm_persons")
    report, _ = project.run()
    (problem,) = report.problems
    assert str(problem).startswith("sources/person.sql:2:6: reads crm_persons, but no file is staged")
    assert (
        problem.cure == "put crm_persons.csv into the data folder or change [silos.crm_persons] in hogar.toml"
    )


def test_a_missing_data_folder_is_an_error(project: Project) -> None:
    """Without a data folder there is nothing to read: the error names it."""
    project.data.rmdir()
    with pytest.raises(SourcesError, match="no data folder"):
        project.run()
    with pytest.raises(SourcesError, match="no data folder"):
        fingerprint(project=project.root, data=project.data, silos={})


def test_two_files_of_one_name_are_a_problem(project: Project) -> None:
    """Two files that would be staged under one name are not silently joined."""
    project.source("person", PERSON)
    project.file("crm.csv", "id,name,born\n1,A,\n")
    project.file("crm.jsonl", '{"id": 1}\n')
    report, _ = project.run()
    assert "would both be staged as `crm`" in str(report.problems[0])


def test_no_problem_shows_a_value(project: Project) -> None:
    """A SELECT that stops at a value says where, not which: values are personal data."""
    project.source("person", "select cast(id as integer) as party_id, _file, _row from crm")
    project.file("crm.csv", "id\n1\n12345678Z\n")
    report, out = project.run()
    (problem,) = report.problems
    assert "try_cast" in problem.cure
    assert "12345678Z" not in str(problem)
    assert not list(out.glob("*.parquet"))


def test_fingerprint_follows_content(project: Project) -> None:
    """The same bytes give the same name whatever their time; another byte, source or setting gives another."""
    project.source("person", PERSON)
    project.file("crm.csv", "id\n1\n")

    def name(silos: Mapping[str, SiloSettings] | None = None) -> str:
        return fingerprint(project=project.root, data=project.data, silos=silos or {})

    first = name()
    project.file("crm.csv", "id\n1\n")
    assert name() == first
    assert name({"crm": SiloSettings(files=("crm.csv",), header=False)}) != first
    project.file("crm.csv", "id\n2\n")
    second = name()
    assert second != first
    project.source("person", PERSON + " ")
    assert name() not in (first, second)


CELL = st.text(alphabet='a1"\n,; ñ', max_size=4) | st.sampled_from(
    ["2026-01-01", "2030-01-01", "1", "2", "\udcff", "\0"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=12), ending=st.sampled_from(["\n", "\r\n"])
)
def test_counts_add_up_on_random_dirt(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], ending: str
) -> None:
    """Whatever stands in a file: read = accepted + quarantined + left out, and quarantine holds each bad row."""
    project = Project(tmp_path_factory.mktemp("dirt"))
    project.source("person", PERSON + " where id is distinct from '2'")
    text = "id,name,born" + ending + "1,A," + ending + "".join(",".join(row) + ending for row in rows)
    project.file("crm.csv", text.encode("utf-8", "surrogateescape"))
    report, out = project.run()
    (count,) = report.files
    assert isinstance(count, FileCount)
    assert count.read == count.accepted + count.quarantined + count.left_out
    assert count.quarantined == len({(file, row) for _, file, row, _ in reasons(out)})
    assert count.accepted == report.tables["person"] >= 1
