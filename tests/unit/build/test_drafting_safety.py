"""What a draft does with what it must not trust: names that are SQL, rows that are no header, files that are broken."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one
from tests.conftest import Run

from hogar import build
from hogar.build.drafting.match import Feed, Match
from hogar.build.drafting.profile import Column, Extract, profile
from hogar.build.drafting.sample import COLUMNS_MAX, names_first
from hogar.build.drafting.spelling import code, heading, one_line, prose, toml
from hogar.build.drafting.sql import sources_of
from hogar.sources import SiloSettings
from hogar.telco.tables import TABLES

NAMES = st.text(min_size=1, max_size=20) | st.text("\"'`-*/;,\n\r\u2028\x85{}%|x", min_size=1, max_size=12)
EVIL = "x\nFROM crm UNION ALL SELECT 'crm:INJECTED', _file, _row --"


@given(names=st.lists(NAMES, min_size=3, max_size=3, unique=True), file=NAMES)
@settings(max_examples=60, deadline=None)
@example(names=[EVIL, "a\u2028b", 'c"; drop table x; --'], file="a\nb; select 1 --.csv")
def test_whatever_names_are_the_draft_is_the_same_statement(names: list[str], file: str) -> None:
    """A drafted source reads one table and gives the columns that were matched, by the very names of the file."""
    tree = parse_one(_drafted(names, file), dialect="duckdb")
    assert isinstance(tree, exp.Select)
    assert [table.name for table in tree.find_all(exp.Table)] == ["crm"]
    assert tree.named_selects == ["party_id", "first_name", "_file", "_row"]
    assert {column.name for column in tree.find_all(exp.Column)} == {*names[:2], "_file", "_row"}


def _drafted(names: list[str], file: str) -> str:
    columns = tuple(Column(name=name, rows=9, known=9, distinct=9, pattern="code") for name in names)
    plain = SiloSettings(files=(file,), header=False)
    extract = Extract(file=f"crm/{file}", silo="crm", settings=plain, rows=9, columns=columns)
    person = next(table for table in TABLES if table.name == "person")
    matches = tuple(
        Match(ours=person.by_name[ours], column=column, score=0.5)
        for ours, column in zip(("party_id", "first_name"), columns, strict=False)
    )
    doubt = f"that {file} is person is a guess"
    return sources_of([Feed(table=person, extract=extract, matches=matches, score=0.5, doubt=doubt)], [])[
        0
    ].text


@given(name=NAMES)
@settings(deadline=None)
def test_a_name_stays_one_line_and_toml_gives_it_back(name: str) -> None:
    """In a comment, a heading, a cell and a sentence a name ends nothing; in the settings it is the name itself."""
    for shown in (one_line(name), code(name), heading(name), prose(name)):
        assert shown.isprintable()
        assert len(shown.splitlines()) <= 1
    assert not re.search(r"(?<!\\)(\\\\)*\|", code(name).replace("\\\\", ""))
    assert tomllib.loads(f"name = {toml(name)}") == {"name": name}


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["customer_id,name", "C1,Ana"], True), (["Kunde;Ort", "K1;Ulm", "K2;Bonn"], True),
        (["Kunde;Ort", "Ulf;Ulm", "Ina;Bonn"], False),
        (["Nombre,Apellidos,Calle", "Ana,Gil,Mayor"], True), (["a,,", "1,2,3"], True), (["a", "1"], True),
        (["Ana Secreta,Calle Mayor,Madrid", "Luis Perez,Calle Menor,Sevilla"], False),
        (["Ana,ana@example.org", "Luis,luis@example.org"], False), (["C1,email,si", "C2,email,no"], False),
        (["AB1234,alta", "CD5678,baja"], False), (["Ana Secreta,Calle Mayor,", "Luis,Calle,28001"], False),
        (["msisdn,customer_id,birth_date"], True), ([], True), (["12,34"], False),
    ],
)  # fmt: skip
def test_a_first_line_names_columns_only_where_it_says_so(lines: list[str], named: bool) -> None:
    """Known words, names joined by `_`, or another look than what stands below; in doubt it is a row."""
    assert names_first([re.split("[,;]", line) for line in lines]) == named


def test_a_row_of_a_person_never_becomes_names_of_columns(tmp_path: Path) -> None:
    """A file of texts without a header: columns by their place, marked, and the first person in no file."""
    _file(
        tmp_path / "in" / "crm" / "customers.csv",
        b"Ana Secreta,Calle Mayor,Madrid\nLuis Perez,Calle Menor,Lugo\n",
    )
    draft = build.draft_project(tmp_path / "p", tmp_path / "in")
    assert [column.name for column in draft.extracts[0].columns] == ["column1", "column2", "column3"]
    assert draft.extracts[0].rows == 2
    assert (
        tomllib.loads((tmp_path / "p" / "hogar.toml").read_text("utf-8"))["silos"]["crm_customers"]["header"]
        is False
    )
    assert "CHECK: no first line of names" in (tmp_path / "p" / "SOURCES.md").read_text("utf-8")
    for path in (tmp_path / "p").rglob("*"):
        assert not path.is_file() or "Secreta" not in path.read_text("utf-8"), path


def test_a_broken_file_is_a_fault_and_the_others_are_drafted(tmp_path: Path, hogar: Run) -> None:
    """Damaged archives, what is no Parquet, a name that is no text, too many columns: each is said."""
    packed = gzip.compress(b"customer_id,name\n" + os.urandom(20_000).hex().encode())
    wide = ",".join(f"c_{n}" for n in range(COLUMNS_MAX + 1)).encode()
    _file(tmp_path / "in" / "cut.csv.gz", packed[: len(packed) // 2])
    _file(tmp_path / "in" / "plain.csv.gz", b"not gzip")
    _file(tmp_path / "in" / "bad.parquet", b"PAR1xxxxPAR1")
    _file(tmp_path / "in" / "wide.csv", wide + b"\n" + wide)
    _file(tmp_path / "in" / "wide.jsonl", b"{%s}" % b",".join(b'"k%d":1' % n for n in range(COLUMNS_MAX + 1)))
    _file(Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/cust\xff.csv")), b"customer_id,name\nC1,Ana\n")
    _file(tmp_path / "in" / "crm" / "customers.csv", b"customer_id,name,birth_date\nC1,Ana,1980-01-01\n")
    ran = hogar("new", tmp_path / "p", "--from", tmp_path / "in")
    assert ran.code == 0, ran.err
    report = (tmp_path / "p" / "SOURCES.md").read_text("utf-8")
    assert report.count("the archive is damaged; deliver it again") == 2
    assert "## bad.parquet\n\nIt cannot be read: it is no Parquet file" in report
    assert (
        report.count(f"it has {COLUMNS_MAX + 1:,} columns, and a draft looks at {COLUMNS_MAX:,} at most") == 2
    )
    assert "## `cust\\xff.csv`\n\nIt cannot be read: the file's name is not UTF-8" in report
    assert (tmp_path / "p" / "sources" / "person.sql").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "p"]


def test_files_that_share_a_name_are_all_drafted_and_ingest(tmp_path: Path, hogar: Run) -> None:
    """`a/b.csv` and `a_b.csv` get a name each, and the settings say which is which."""
    for number, file in enumerate(("a/b.csv", "a_b.csv", "a b.csv", "a_b_2.csv", "名.csv")):
        _file(tmp_path / "in" / file, f"customer_id,name,birth_date\nC{number},Ana,1980-01-01\n".encode())
    said: list[str] = []
    draft = build.draft_project(tmp_path / "p", tmp_path / "in", progress=said.append)
    assert "looking at a b.csv" in said
    assert {one.file: one.silo for one in draft.extracts} == {
        "a b.csv": "a_b", "a/b.csv": "a_b_3", "a_b.csv": "a_b_4", "a_b_2.csv": "a_b_2", "名.csv": "silo",
    }  # fmt: skip
    ran = hogar("ingest", "--project", tmp_path / "p", "--now", "2026-03-02T09:00:00Z", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["tables"]["person"] == len([one for one in draft.feeds if one.table.name == "person"])


def test_many_columns_are_looked_at_together(tmp_path: Path) -> None:
    """As wide as may be: each column by name, pattern and counts, empty ones too."""
    names = ",".join(f"c_{n}" for n in range(COLUMNS_MAX))
    rows = [",".join("" if n == 7 else f"{row}{n}" for n in range(COLUMNS_MAX)) for row in range(3)]
    _file(tmp_path / "in" / "wide.csv", codecs.BOM_UTF8 + "\n".join([names, *rows]).encode())
    (tmp_path / "aside").mkdir()
    (extract,), _ = profile(tmp_path / "in", tmp_path / "aside")
    assert [column.name for column in extract.columns] == names.split(",")
    assert {(column.rows, column.known, column.pattern) for column in extract.columns} == {
        (3, 3, "integer"),
        (3, 0, ""),
    }


def test_a_draft_that_is_told_to_end_leaves_no_copy(tmp_path: Path) -> None:
    """Copies of extracts lie beside the project while it works, in a folder of their own, and go with the work."""
    _file(tmp_path / "in" / "a.csv", b"customer_id,name\nC1,Ana\n")
    seen: list[list[str]] = []

    def ended(_: str) -> None:
        seen.append(sorted(path.name for path in tmp_path.iterdir()))
        raise SystemExit(143)

    with pytest.raises(SystemExit):
        build.draft_project(tmp_path / "p", tmp_path / "in", progress=ended)
    assert seen[0][0].startswith(".p-draft-")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def _file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
