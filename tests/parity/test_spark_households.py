"""Are persons, pairs, scores and homes on a cluster those of one machine? Needs Java and the extra `spark`.

`local-cluster` starts two workers as processes of their own: rows are really sent, functions really pickled.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import make_market

from hogar import build
from hogar.households import Options, resolve
from hogar.households.persons import components as components_here
from hogar.households.spark import resolve_on_spark
from hogar.households.spark.components import components
from hogar.households.spark.gate import gated
from hogar.stores import warehouse
from hogar.telco.tables import TABLES

pyspark = pytest.importorskip(
    "pyspark", reason="needs the extra `spark`: pip install -r requirements/spark.txt"
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("java") or os.environ.get("JAVA_HOME")),
        reason="Spark needs Java 17: none is on the PATH",
    ),
    # pyspark warns of pandas 3, of which it only needs that it is there, and leaves sockets to be collected
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PERSONS, SEED, PARTS = 2_000, 1, 2
EVERYTHING = Options(without=())


@dataclass(frozen=True)
class Market:
    """A market's canonical tables: where they lie, and the day as of which it is looked at."""

    folder: Path
    now: date


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A cluster of two workers on this machine, small in everything."""
    from pyspark.sql import SparkSession

    short_lived = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": short_lived,
        "spark.executor.extraJavaOptions": short_lived,
        "spark.executor.memory": "1g",
        "spark.locality.wait": "0s",
        "spark.log.level": "ERROR",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(PARTS),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    surroundings = {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    with mock.patch.dict(os.environ, surroundings):
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("hogar")
        session = builder.config(map=settings).getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """The test market, ingested."""
    work = make_market(tmp_path_factory.mktemp("market") / "acme", PERSONS, SEED)
    build.ingest(work)
    return Market(folder=work.current("ingest"), now=work.now.date())


@pytest.fixture(scope="module")
def canonical(spark: Any, market: Market) -> dict[str, Any]:
    """Its canonical tables on Spark, gated."""
    tables = {
        table.name: spark.read.parquet(str(market.folder / f"{table.name}.parquet")) for table in TABLES
    }
    return gated(tables, PARTS)


@pytest.mark.timeout(600)
def test_persons_scores_and_homes_are_those_of_one_machine(
    spark: Any, market: Market, canonical: dict[str, Any], tmp_path: Path
) -> None:
    """Same parties in a person, same pairs, same evidence, scores equal to 1e-9, same households and memberships."""
    with warehouse.connect() as con:
        warehouse.canonical(con, market.folder, gated=True)
        report = resolve(con=con, now=market.now, out=tmp_path / "one", options=EVERYTHING)
    found = resolve_on_spark(spark, canonical, now=market.now, out=str(tmp_path / "many"), options=EVERYTHING)
    assert (found.persons, found.households, found.pairs) == (report.persons, report.households, report.pairs)
    for name, key in (
        ("party_person", ["party_id"]),
        ("pair", ["person_a", "person_b"]),
        ("membership", ["person_id"]),
        ("household", ["household_id"]),
    ):
        one, many = (
            pq.read_table(path).sort_by([(column, "ascending") for column in key])
            for path in (tmp_path / "one" / f"{name}.parquet", tmp_path / "many" / name)
        )
        assert_same(name, one, many)


def assert_same(name: str, one: pa.Table, many: pa.Table) -> None:
    """Equal column by column; numbers to 1e-9."""
    assert many.column_names == one.column_names, name
    assert len(many) == len(one), name
    for column in one.column_names:
        here, there = one[column], many[column]
        if pa.types.is_floating(here.type):
            assert np.abs(here.to_numpy() - there.to_numpy()).max(initial=0) < 1e-9, f"{name}.{column}"
        else:
            assert there.to_pylist() == here.to_pylist(), f"{name}.{column}"


def test_the_gate_lets_the_same_rows_through(market: Market, canonical: dict[str, Any]) -> None:
    """Traffic and location rows without consent stay out on Spark as they do on one machine."""
    with warehouse.connect() as con:
        warehouse.canonical(con, market.folder, gated=True)
        for table in TABLES:
            if table.gate != "none":
                [(allowed,)] = con.execute(f"SELECT count(*) FROM {table.name}").fetchall()
                assert canonical[table.name].count() == allowed, table.name
                assert 0 < allowed < pq.read_metadata(market.folder / f"{table.name}.parquet").num_rows, (
                    table.name
                )


def test_components_are_those_of_one_machine(spark: Any) -> None:
    """A long chain, a star, loops and scattered links: each node gets the smallest node that it hangs together with."""
    rng = np.random.default_rng(1)
    chain = [(f"c{place:03d}", f"c{place + 1:03d}") for place in range(60)]
    star = [("s50", f"s{place}") for place in range(10, 99)]
    scattered = [(f"n{a:03d}", f"n{b:03d}") for a, b in rng.integers(0, 300, (200, 2)).tolist()]
    links = [*chain, *star, *scattered, ("c000", "c000"), ("s50", "s51")]
    nodes = sorted({node for link in links for node in link if link[0] != link[1]})
    at = {node: place for place, node in enumerate(nodes)}
    ends = np.array([[at[a], at[b]] for a, b in links if a != b])
    groups = components_here(len(nodes), ends[:, 0], ends[:, 1])
    first = {group: nodes[place] for place, group in reversed(list(enumerate(groups.tolist())))}
    found = components(spark.createDataFrame(links, "a string, b string")).collect()
    assert {row["node"]: row["root"] for row in found} == {node: first[groups[at[node]]] for node in nodes}
    assert len(found) == len(nodes)
