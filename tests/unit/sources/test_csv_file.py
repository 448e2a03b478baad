"""The quick and the careful way through a CSV file."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hogar.sources.csv_file import FileFault, careful_csv, csv_columns, quick_csv, sniff
from hogar.sources.silos import SiloSettings
from hogar.stores.warehouse import connect

CON = connect(threads=1)
ANY = SiloSettings(files=("x.csv",))


def quick(path: Path, columns: tuple[str, ...], delimiter: str) -> list[tuple[str | None, ...]] | None:
    relation = quick_csv(CON, path, columns, delimiter, header=True)
    if relation is None:
        return None
    try:
        return [tuple((value or "").strip(" ") or None for value in row) for row in relation.fetchall()]
    except duckdb.InvalidInputException:
        return None


def careful(path: Path, columns: tuple[str, ...], delimiter: str) -> list[tuple[str | None, ...] | str]:
    records = careful_csv(path, columns, delimiter, header=True)
    return [record.reason if record.values is None else tuple(record.values) for record in records]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    width=st.integers(1, 3),
    body=st.text(alphabet="a1 \",\n\r;ñ\t'\\#", max_size=40),
)
def test_quick_and_careful_agree(tmp_path: Path, width: int, body: str) -> None:
    """Whatever DuckDB takes as a clean file, the careful reader reads as the same records in the same order."""
    path = tmp_path / "x.csv"
    columns = tuple("abc"[:width])
    path.write_bytes((",".join(columns) + "\n" + body).encode())
    found = quick(path, columns, ",")
    if found is not None:
        assert found == careful(path, columns, ",")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=60)
    | st.lists(st.sampled_from([b'"', b",", b"\n", b"\xff", b"\0", b"a"])).map(b"".join)
)
def test_no_line_vanishes(tmp_path: Path, body: bytes) -> None:
    """Every byte sequence becomes records, good or bad, and never an error: a file with text has a record."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n" + body)
    records = careful(path, ("a", "b"), ",")
    lines = body.replace(b"\r", b"\n").split(b"\n")
    assert bool(records) == any(lines)
    assert len(records) <= sum(bool(line) for line in lines)


def test_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    """An open quote, a missing field and a byte that is no UTF-8 are each one bad line; the others are read."""
    path = tmp_path / "x.csv"
    path.write_bytes(b'a,b\n1,2\n"open,2\n3\n4,\xff\n5,"x\ny"\n6,\0\n7,8,9\n8,"a"b\n9,\n')
    assert careful(path, ("a", "b"), ",") == [
        ("1", "2"),
        "malformed quotes",
        "wrong number of fields",
        "bad encoding",
        ("5", "x\ny"),
        "NUL byte",
        "wrong number of fields",
        "malformed quotes",
        ("9", None),
    ]


def test_a_line_without_end_is_one_bad_line(tmp_path: Path) -> None:
    """A line beyond the bound is rejected, kept only in part, and the next line is read."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1," + b"x" * 1_000_000 + b"\n2,3\n" + b'"' + b"y" * 300_000 + b"\n4,5\n")
    records = list(careful_csv(path, ("a", "b"), ",", header=True))
    assert [record.reason for record in records] == ["line too long", "", "line too long", ""]
    assert len(records[0].line) == 2_000


def test_an_open_quote_in_a_long_file_is_one_bad_line(tmp_path: Path) -> None:
    """The lines after an open quote are not swallowed, however many they are."""
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + '"open,0\n' + "".join(f"{n},x\n" for n in range(5_000)))
    records = careful(path, ("a", "b"), ",")
    assert records[0] == "malformed quotes"
    assert records[1:] == [(str(n), "x") for n in range(5_000)]


@pytest.mark.parametrize(
    ("line", "delimiter"), [("a;b", ";"), ('"a;b",c', ","), ("a\tb\tc,d", "\t"), ("a", ",")]
)
def test_delimiter_is_found_in_the_header(line: str, delimiter: str) -> None:
    """The delimiter found most often outside quotes wins; one column alone takes the comma."""
    assert sniff(line) == delimiter


def test_columns_come_from_the_header(tmp_path: Path) -> None:
    """A byte order mark, blank lines before the header, quotes, and a column without a name are all read."""
    path = tmp_path / "x.csv"
    path.write_bytes(b'\xef\xbb\xbf\r\n"Id no";name ;\r\n1;2;3\r\n')
    assert csv_columns(path, ANY) == (("Id no", "name", "column3"), ";")
    without = SiloSettings(files=("x.csv",), header=False, delimiter=";")
    assert csv_columns(path, without) == (("column1", "column2", "column3"), ";")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a,A\n", "two columns"),
        (b"_row\n", "_row"),
        (b"\xff,b\n", "UTF-8"),
        (b"a\0\n", "NUL"),
    ],
)
def test_a_header_that_cannot_be_used_is_a_fault(tmp_path: Path, content: bytes, what: str) -> None:
    """No header, two columns of one name, a name of staging's own, bytes that are no text: each says so."""
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(FileFault, match=what):
        csv_columns(path, ANY)


def test_rows_are_numbered_in_file_order(tmp_path: Path) -> None:
    """The quick way keeps the order of the lines, also over many thousands."""
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + "".join(f"{n},x\n" for n in range(50_000)))
    relation = quick_csv(connect(threads=2), path, ("a", "b"), ",", header=True)
    assert relation is not None
    rows = relation.project("a::int, row_number() over ()").fetchall()
    assert all(later[1] == earlier[1] + 1 and later[0] == earlier[0] + 1 for earlier, later in pairwise(rows))
