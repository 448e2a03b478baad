"""Does the plan for many machines know every step of the one machine, without Spark being there?"""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pyarrow as pa
import pytest

from hogar.households import stages
from hogar.households.spark.partition import Frame
from hogar.households.spark.plan import GROUPS
from hogar.households.spark.schemas import schemas_of
from hogar.telco.tables import TABLES

TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
WRITTEN_FOR_SPARK = {"14_name", "24_surname"}
FRAME = Frame(now=date(2026, 3, 2))


def canonical() -> dict[str, pa.Schema]:
    return {table.name: pa.schema({c.name: TYPES[c.type] for c in table.columns}) for table in TABLES}


def test_every_step_up_to_the_pairs_is_planned() -> None:
    """Each step of one machine, from parties to pairs, is in one group, or is written for Spark."""
    planned = [step for group in GROUPS for step in group.steps]
    wanted = (
        *stages.PARTIES,
        *stages.FACTS,
        *stages.LINKS,
        *stages.CANDIDATES,
        *stages.EVIDENCE,
        *stages.FELLOWS,
    )
    assert len(planned) == len(set(planned))
    assert set(planned) | WRITTEN_FOR_SPARK == set(wanted), (
        "households/spark/plan.py misses a step, or has one too many"
    )


def test_every_table_that_a_step_reads_is_routed() -> None:
    """Each text runs on the tables that its group brings, and makes the columns that the next one needs."""
    found = schemas_of(canonical(), FRAME)
    assert found["candidate"].names == ["a", "b"]
    assert {"person_a", "person_b", "probability"} <= set(found["scored_pair"].names)


def test_a_step_that_reads_more_is_found_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table without a route stops the run while its schemas are learnt."""
    import hogar.households.steps as steps

    plain = steps.query
    monkeypatch.setattr(
        steps, "query", lambda name: "SELECT * FROM margin" if name == "26_building" else plain(name)
    )
    with pytest.raises(Exception, match="margin"):
        schemas_of(canonical(), FRAME)


def test_importing_needs_no_spark() -> None:
    """The package can be imported where the extra is not installed."""
    code = "import sys; sys.modules['pyspark'] = None; import hogar.households.spark, hogar.households.spark.gate"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
