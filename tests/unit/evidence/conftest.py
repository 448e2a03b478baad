"""A market of hand-made rows: a truth, a resolution, canonical tables, each in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hogar.evidence.score import Score, score

DAY = date(2026, 3, 2)
Write = Callable[..., Path]

TRUTH = {
    "membership": {
        "party_id": ["a", "b", "c", "d"],
        "person_id": ["TA", "TB", "TC", "TD"],
        "household_id": ["H1", "H1", "H2", "H3"],
    },
    "lines": {"line_id": ["1", "2", "3"], "person_id": ["TA", "TB", "TC"]},
    "roles": {
        "person_id": ["TA", "TB", "TC", "TA", "TB", "TZ"],
        "role": ["consumer", "consumer", "consumer", "financial_controller", "ict_agent", "consumer"],
    },
    "households": {
        "household_id": ["H1", "H2", "H3", "H9"],
        "kind": ["couple", "single", "single", "family"],
    },
    "offnet": {
        "number_id": ["x1", "x2", "x3", "x4"],
        "kind": ["member", "member", "member", "stranger"],
        "person_id": ["TX", "TY", "TV", None],
        "household_id": ["H1", "H2", "H3", None],
    },
}
RESOLVED = {
    "party_person": {"party_id": ["a", "b", "c"], "person_id": ["PA", "PB", "PC"]},
    "membership": {"person_id": ["PA", "PB", "PC"], "household_id": ["F1", "F1", "F2"]},
    "line_user": {"line_id": ["1", "2"], "person_id": ["PA", "PA"]},
    "role": {
        "person_id": ["PA", "PA", "PB", "PC", "PC"],
        "role": ["consumer", "financial_controller", "consumer", "financial_controller", "consumer"],
        "probability": [0.9, 0.5, 0.9, 0.8, 0.4],
    },
}
CANONICAL = {
    "line": {
        "line_id": ["1", "2", "3"],
        "holder_party_id": ["a", "a", "c"],
        "ended_on": pa.array([None, date(2027, 1, 1), DAY], pa.date32()),
    },
    "tie_month": {"line_id": ["1", "x2", "q"], "other_line_id": ["x1", "2", "x3"]},
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the tables of a folder (`None` leaves one out) and returns the folder."""

    def write(folder: str, tables: dict[str, Any], **changed: Any) -> Path:
        (tmp_path / folder).mkdir()
        for name, columns in {**tables, **changed}.items():
            if columns is not None:
                pq.write_table(pa.table(columns), tmp_path / folder / f"{name}.parquet")
        return tmp_path / folder

    return write


@pytest.fixture
def scored(write: Write) -> Callable[..., Score]:
    """The score of the hand-made market, some of its tables changed; `canonical=False` leaves those away.

    `report` is what the resolution says of its steps.
    """

    def scored(
        truth: dict[str, Any] | None = None,
        resolved: dict[str, Any] | None = None,
        tables: dict[str, Any] | None = None,
        *,
        canonical: bool = True,
        report: str | None = None,
        **options: Any,
    ) -> Score:
        resolution = write("resolve", RESOLVED, **(resolved or {}))
        if report is not None:
            (resolution / "report.json").write_text(report)
        return score(
            resolution,
            write("truth", TRUTH, **(truth or {})) / "membership.parquet",
            canonical=write("ingest", CANONICAL, **(tables or {})) if canonical else None,
            now=DAY,
            **options,
        )

    return scored
