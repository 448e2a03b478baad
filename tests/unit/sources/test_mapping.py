"""What is found wrong in `sources/*.sql` before any data is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hogar.sources import check_sources


def shown(root: Path, **sources: str) -> list[str]:
    (root / "sources").mkdir()
    for table, sql in sources.items():
        (root / "sources" / f"{table}.sql").write_text(sql, encoding="utf-8")
    return [str(problem) for problem in check_sources(root)]


def test_a_good_source_has_no_problem(tmp_path: Path) -> None:
    """One SELECT, with or without WITH, FROM first, UNION or star, is fine."""
    assert not shown(
        tmp_path,
        person="with a as (select * from crm) select id as party_id, _file, _row from a;",
        offer="select * from offers",
        margin="select id as offer_id, 1 as monthly_cents, _file, _row from a"
        " union all select id, 2, _file, _row from b -- the second silo\n",
    )


def test_no_source_at_all(tmp_path: Path) -> None:
    """A project without sources is told how to begin."""
    assert shown(tmp_path) == [
        "sources:1:1: there is no source; write one SELECT for each canonical table, for example sources/person.sql"
    ]


@pytest.mark.parametrize(
    ("sql", "starts"),
    [
        ("select a,, b from x", "1:10: Parser Error"),
        ("select a\nfrom x where (", "2:14: this is not SQL"),
        ("select 'a", "1:1: this is not SQL"),
        ("select 1; select 2", "1:1: a source is one SELECT"),
        ("drop table x", "1:1: a source is one SELECT"),
        ("", "1:1: a source is one SELECT"),
        (
            "select id as offer_id,\n 1 as monthly_cent, 1 as monthly_cents, _file, _row from x",
            "2:7: `monthly_cent` is not a column of margin; did you mean `monthly_cents`?",
        ),
        ("select id as offer_id, _file, _row from x", "1:1: margin needs `monthly_cents`"),
        ("select id as offer_id, 1 as monthly_cents, _file from x", "1:1: `_row` is not passed on"),
        (
            "select id as offer_id, offer_id, 1 as monthly_cents, _file, _row from x",
            "1:24: column `offer_id` is given twice",
        ),
        (
            "select id as offer_id, random() as monthly_cents, _file, _row from x",
            "1:24: `random` gives another value on every run",
        ),
        (
            "select id as offer_id, 1 as monthly_cents, _file, _row from x where day < current_date",
            "1:75: `current_date` gives another value on every run",
        ),
        (
            "select offer_id, monthly_cents, _file, _row from read_csv('/etc/hosts')",
            "1:50: `read_csv` reads past the staged tables",
        ),
    ],
)
def test_each_problem_has_its_place(tmp_path: Path, sql: str, starts: str) -> None:
    """What is wrong is said with line and column, and it is the only problem."""
    (problem,) = shown(tmp_path, margin=sql)
    assert problem.startswith(f"sources/margin.sql:{starts}")


def test_a_file_is_named_after_a_table(tmp_path: Path) -> None:
    """A name that is no canonical table is told the nearest one."""
    assert shown(tmp_path, persons="select 1") == [
        "sources/persons.sql:1:1: `persons` is not a canonical table; did you mean `person`?"
    ]


def test_a_source_is_text(tmp_path: Path) -> None:
    """A file that is not UTF-8 is a problem, not a crash."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "person.sql").write_bytes(b"select '\xff'")
    (problem,) = check_sources(tmp_path)
    assert problem.what == "the file is not UTF-8"
