"""The same resolution on a cluster, where one machine is not enough. Reads Spark tables; writes Parquet folders.

Spark brings the rows together that a step's text needs (`plan`, `routes`); each partition runs the very files of `sql/`
in a DuckDB of its own (`exchange`). Only what no partition can know is written for Spark: connected components
(`components`) and how common a surname is. Needs the extra `spark`; nothing here imports pyspark before it is called.
"""

from __future__ import annotations

from hogar.households.spark.resolve import SparkReport, resolve_on_spark

__all__ = ["SparkReport", "resolve_on_spark"]
