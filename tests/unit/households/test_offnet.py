"""Members at other operators: what the law keeps out, and what a hidden member teaches."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from hogar.households.steps import Steps
from hogar.telco.tables import BY_NAME

offnet = importlib.import_module("hogar.households.offnet")
HOMES = 60


@pytest.fixture
def steps() -> Iterator[Steps]:
    """Sixty couples who call each other much and the next couple little; every tenth home calls a third adult much."""
    con = duckdb.connect()
    columns = "person_id VARCHAR, household_id VARCHAR, probability DOUBLE"
    con.execute(f"CREATE TABLE membership ({columns})")
    con.execute("CREATE TABLE individual (person_id VARCHAR, age INTEGER)")
    con.execute("CREATE TABLE heard (person_id VARCHAR)")
    con.execute("CREATE TABLE line_guess (line_id VARCHAR, person_id VARCHAR)")
    con.execute(
        "CREATE TABLE person_line (line_id VARCHAR, kind VARCHAR, holder_id VARCHAR, payer_id VARCHAR)"
    )
    types = {"text": "VARCHAR", "integer": "BIGINT", "double": "DOUBLE", "date": "DATE"}
    ties = ", ".join(f'"{column.name}" {types[column.type]}' for column in BY_NAME["tie_month"].columns)
    con.execute(f"CREATE TABLE tie_month ({ties})")
    con.execute(
        "CREATE TABLE offnet_tie (line_id VARCHAR, number_id VARCHAR, month DATE, calls BIGINT, minutes DOUBLE, "
        "evening_share DOUBLE, texts BIGINT, calls_out BIGINT)"
    )
    for home in range(HOMES):
        for place in range(3):
            who, line = f"P-{home:02}{place}", f"L-{home:02}{place}"
            con.execute("INSERT INTO membership VALUES (?, ?, 1)", [who, f"H-{home:02}"])
            con.execute("INSERT INTO individual VALUES (?, 40)", [who])
            con.execute("INSERT INTO heard VALUES (?)", [who])
            con.execute("INSERT INTO line_guess VALUES (?, ?)", [line, who])
            con.execute("INSERT INTO person_line VALUES (?, 'mobile_postpaid', ?, ?)", [line, who, who])
    for home in range(HOMES):
        for place in range(3):
            line, after = f"L-{home:02}{place}", (home + 1) % HOMES
            for other in range(place):
                _inside(con, line, f"L-{home:02}{other}", 40 + other)
            for other in range(2):
                _inside(con, line, f"L-{after:02}{other}", 3)
            if home % 10 == 0:
                _outside(con, line, f"X-{home:02}", 42)
                _outside(con, f"L-{after:02}{place}", f"X-{home:02}", 3)
    yield Steps(con=con)
    con.close()


def _inside(con: duckdb.DuckDBPyConnection, one: str, other: str, calls: int) -> None:
    con.execute(
        "INSERT INTO tie_month VALUES (?, ?, ?, ?, ?, 0.4, 1, ?)",
        [min(one, other), max(one, other), date(2026, 1, 1), calls, calls * 2.0, calls // 2],
    )


def _outside(con: duckdb.DuckDBPyConnection, line: str, number: str, calls: int) -> None:
    con.execute(
        "INSERT INTO offnet_tie VALUES (?, ?, ?, ?, ?, 0.4, 1, ?)",
        [line, number, date(2026, 1, 1), calls, calls * 2.0, calls // 2],
    )


def _found(steps: Steps) -> list[tuple[str, str, int]]:
    steps.con.execute("SET VARIABLE offnet_contacts_max = 25; SET VARIABLE offnet_members_min = 2")
    table: pa.Table = offnet.offnet(steps)
    assert table.schema == offnet.SCHEMA
    names = ("number_id", "household_id", "members")
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


def test_who_calls_like_a_hidden_member_is_found_in_his_home(steps: Steps) -> None:
    """No label says what a member at another operator looks like; our own, hidden in turn, do."""
    assert _found(steps) == [(f"X-{home:02}", f"H-{home:02}", 3) for home in range(0, HOMES, 10)]


def test_a_single_member_is_not_enough(steps: Steps) -> None:
    """However much one calls: with a tie that only one consenting member holds, nothing is said."""
    steps.con.execute("DELETE FROM offnet_tie WHERE number_id = 'X-10' AND line_id IN ('L-100', 'L-101')")
    assert "X-10" not in {number for number, _, _ in _found(steps)}


def test_who_may_not_be_heard_does_not_count(steps: Steps) -> None:
    """Minors, objectors and who does not share traffic hold no tie."""
    steps.con.execute("DELETE FROM heard WHERE person_id IN ('P-100', 'P-101')")
    found = {number: members for number, _, members in _found(steps)}
    assert "X-10" not in found
    assert found["X-20"] == 3


def test_a_number_of_very_many_contacts_is_a_hub(steps: Steps) -> None:
    """A school talks much with some homes, too."""
    for home in range(0, HOMES, 2):
        _outside(steps.con, f"L-{home:02}0", "X-10", 1)
    assert "X-10" not in {number for number, _, _ in _found(steps)}


def test_without_hidden_members_nothing_is_said(steps: Steps) -> None:
    """Too few to learn from: an empty table, no guess."""
    steps.con.execute("DELETE FROM tie_month")
    assert _found(steps) == []


def test_the_order_of_rows_does_not_matter(steps: Steps) -> None:
    """The same probabilities, to the last digit."""
    steps.con.execute("SET VARIABLE offnet_contacts_max = 25; SET VARIABLE offnet_members_min = 2")
    once = offnet.offnet(steps)
    steps.con.execute("CREATE TABLE turned AS FROM offnet_tie ORDER BY number_id DESC, line_id DESC")
    steps.con.execute("DROP TABLE offnet_tie; ALTER TABLE turned RENAME TO offnet_tie")
    steps.con.execute(
        "CREATE OR REPLACE TABLE tie_month AS FROM tie_month ORDER BY other_line_id DESC, line_id"
    )
    assert offnet.offnet(steps) == once


def test_strangers_with_few_contacts_take_the_probability_down() -> None:
    """As many of ours as of theirs have five contacts; of a hundred with one, one is somebody like ours."""
    seen = pa.table(
        {
            "ours": [False, False, True, True],
            "contacts": [1, 5, 1, 7],
            "numbers": [100, 20, 1, 20],
        }
    )
    assert offnet._member_share(seen).tolist() == [0.01, 0, 0, 0, 1]
