"""How does a silo's row become ours? Mappings, ingest, data quality.

Reads the files of the data folder and the project's `sources/*.sql`; returns canonical tables as Parquet, a
quarantine with a reason for each row in it, and counts that add up for each file. Before: nothing. After:
`households` and `features`, which read the tables through `stores.warehouse`.
"""

from hogar.sources.fingerprint import fingerprint
from hogar.sources.ingest import ingest
from hogar.sources.lineage import Mapped, silo_columns, silo_lineage
from hogar.sources.mapping import check_sources
from hogar.sources.report import FileCount, IngestReport, load_report
from hogar.sources.silos import SiloSettings, SourcesError

__all__ = [
    "FileCount",
    "IngestReport",
    "Mapped",
    "SiloSettings",
    "SourcesError",
    "check_sources",
    "fingerprint",
    "ingest",
    "load_report",
    "silo_columns",
    "silo_lineage",
]
