"""What came of an ingest? Counts for each file and table, reasons, problems; kept beside the tables.

Written by `ingest`, read by whoever shows it. For each file: read = accepted + quarantined + left out.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from hogar.errors import Problem


class FileCount(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file's records; `mapped`: some source reads its staged table."""

    file: str
    read: int
    accepted: int
    quarantined: int
    left_out: int
    mapped: bool


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of one file broke one rule of a table; `table` is empty where the line was no record."""

    table: str
    file: str
    reason: str
    rows: int


class IngestReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one ingest. With `problems` nothing was written and the counts are empty.

    `tables` gives the rows of each canonical table; `quarantine_reasons` the quarantined rows of each reason,
    and `quarantined` the same by table and file, the most first.
    """

    files: tuple[FileCount, ...] = ()
    tables: dict[str, int] = {}
    problems: tuple[Problem, ...] = ()
    quarantine_reasons: dict[str, int] = {}
    quarantined: tuple[Quarantined, ...] = ()


def save_report(report: IngestReport, folder: Path) -> None:
    """Write `report.json` (all of it) and `counts.json` (the counts by file) into the step's folder."""
    counts = {
        count.file: {
            "read": count.read,
            "accepted": count.accepted,
            "quarantined": count.quarantined,
            "left_out": count.left_out,
        }
        for count in report.files
    }
    for name, value in (("report", report), ("counts", counts)):
        (folder / f"{name}.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
        )


def load_report(folder: Path) -> IngestReport:
    """The report that lies in a finished step's folder."""
    return msgspec.json.decode((folder / "report.json").read_bytes(), type=IngestReport)
