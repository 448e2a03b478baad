"""Does a market get onto disk whole or not at all, in the formats that its silos have?"""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

from hogar.cli.twin_files import params_from, write_market
from hogar.errors import UsageError


def test_a_market_is_written_with_its_truth_apart(market, tmp_path):
    """Silos below data, truth beside it, events as JSON lines; each silo reads back as it was."""
    made = market(300, 1)
    said: list[str] = []
    write_market(made, tmp_path, said.append)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "truth", "events"}
    for path, table in made.silos.items():
        if path.endswith(".csv"):
            metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
            with (tmp_path / "data" / path).open(encoding=metadata["encoding"], newline="") as file:
                rows = list(csv.reader(file, delimiter=metadata["delimiter"]))
            assert rows[0] == table.column_names
            assert rows[1:] == [[value or "" for value in row.values()] for row in table.to_pylist()]
        else:
            assert pq.read_table(tmp_path / "data" / path).equals(table)
        assert any(path in line for line in said)
    assert {path.stem for path in (tmp_path / "truth").iterdir()} == set(made.truth)
    lines = (tmp_path / "events" / "month.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [event.id for event in made.events]


def test_an_interrupted_market_leaves_nothing_that_looks_finished(market, tmp_path):
    """When writing stops half-way there is no data folder, and what was there before is as it was."""

    def stop(line: str) -> None:
        if "usage" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_market(market(300, 1), tmp_path, stop)
    assert list(tmp_path.iterdir()) == []
    write_market(market(300, 2), tmp_path, lambda line: None)
    before = (tmp_path / "data" / "crm" / "customers.csv").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        write_market(market(300, 1), tmp_path, stop)
    assert (tmp_path / "data" / "crm" / "customers.csv").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"data", "truth", "events"}


def test_a_missing_parameter_file_is_said_so(tmp_path):
    """The path stands in the message."""
    with pytest.raises(UsageError, match=r"no\.toml"):
        params_from(tmp_path / "no.toml")
