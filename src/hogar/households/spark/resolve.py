"""Who lives together, where one machine is not enough? Reads Spark tables; writes persons, pairs and households.

The order is that of one machine (`hogar.households.resolve`), and so are the texts and functions that do the work.
Every group's tables are written as Parquet before the next reads them: a plan stays short, and a lost worker is made up
for by the rows on disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from hogar.households.constants import FAMILY_STEPS, PROBABILITY_MIN
from hogar.households.mixture import Model, Models
from hogar.households.options import Options
from hogar.households.pairs import learnt
from hogar.households.spark.components import components
from hogar.households.spark.exchange import NAME, PART, Schemas, Work, exchange, of
from hogar.households.spark.hot import cool_candidates, cool_parties
from hogar.households.spark.names import bearers, surnames
from hogar.households.spark.partition import Frame, chains, live_together, one_person, run_steps, score
from hogar.households.spark.plan import CANDIDATES, EVIDENCE, FACTS, FELLOWS, LINKS, PARTIES, PARTY_LINKS
from hogar.households.spark.routes import Group, Routing, part_of
from hogar.households.spark.schemas import MEMBERSHIP, PARTY_PERSON, schemas_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, kw_only=True)
class SparkReport:
    """What a resolution on Spark found: counts, its tables by name, and the seconds of each stage."""

    persons: int
    households: int
    pairs: int
    models: Models | None
    tables: dict[str, DataFrame]
    seconds: dict[str, float]


def resolve_on_spark(
    spark: SparkSession,
    canonical: Mapping[str, DataFrame],
    *,
    now: date,
    out: str,
    options: Options = Options(),  # noqa: B008 (frozen)
    models: Models | None = None,
    parts: int | None = None,
) -> SparkReport:
    """Resolve the canonical tables into persons and households: the same pairs, scores and homes as on one machine.

    `canonical` are the tables by name, traffic and location already gated (`gate.gated`). Writes party_person, pair,
    membership and household as folders of Parquet below `out`, which every worker must reach; what lies there is
    overwritten. `parts` is the number of partitions, each with a DuckDB of its own; by default as many as Spark
    shuffles into. The workers need this package. With `models` of an earlier resolution nothing is learnt.
    """
    run = _Run(
        spark=spark,
        tables=dict(canonical),
        out=out.rstrip("/"),
        parts=parts or int(spark.conf.get("spark.sql.shuffle.partitions") or 200),
        frame=Frame(now=now, empty=frozenset(t for family in options.without for t in FAMILY_STEPS[family])),
    )
    run.learn()
    run.tables["judged_link"] = spark.createDataFrame([], "a string, b string, together boolean")
    _persons(run)
    for group in (*FACTS, *LINKS):
        run.group(group)
        if group.name == "persons":
            run.keep("surname", surnames(run.tables["individual"]), below="steps/")
    run.tables["candidate_key"] = cool_candidates(run.tables["candidate_key"], run.tables["individual"])
    run.group(CANDIDATES)
    if options.unit == "person":
        run.tables["candidate"] = run.tables["candidate"].limit(0)
    models = _pairs(run, models, alone=options.unit == "person")
    _households(run)
    return SparkReport(
        persons=run.tables["membership"].count(),
        households=run.tables["household"].count(),
        pairs=run.tables["pair"].count(),
        models=models,
        tables={name: run.tables[name] for name in ("party_person", "pair", "membership", "household")},
        seconds=run.seconds,
    )


@dataclass(kw_only=True)
class _Run:
    """The tables so far, by name, and where and how the next are made."""

    spark: SparkSession
    tables: dict[str, DataFrame]
    out: str
    parts: int
    frame: Frame
    schemas: dict[str, pa.Schema] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def learn(self) -> None:
        """What columns each table will have."""
        from pyspark.sql.pandas.types import to_arrow_schema

        canonical = {name: to_arrow_schema(table.schema) for name, table in self.tables.items()}
        self.schemas = schemas_of(canonical, self.frame)

    def group(self, group: Group) -> None:
        """Run a group of steps: bring the rows together, run the texts, keep what each partition owns."""
        work = partial(run_steps, names=group.steps, keep=group.made(), frame=self.frame)
        routing = Routing(tables=self.tables, parts=self.parts)
        made = {name: self.schemas[name] for name in group.made()}
        self.together(group.name, routing.routed(group), work, made, group.owner)
        routing.forget()

    def together(
        self,
        name: str,
        rows: Mapping[str, DataFrame],
        work: Work,
        made: Schemas,
        owner: tuple[str, ...] = (),
    ) -> None:
        """Work on rows that have been brought together; the tables `made` are kept, of each what a partition owns."""
        before = perf_counter()
        exchanged = exchange(rows, self.parts, work, made)
        if owner:
            owned = (
                f"{NAME} = '{table}' AND {PART} = {part_of(tuple(f'`{table}`.`{key}`' for key in owner), self.parts)}"
                for table in made
            )
            exchanged = exchanged.where(" OR ".join(owned))
        folder = f"{self.out}/steps/{name}"
        exchanged.write.mode("overwrite").partitionBy(NAME).parquet(folder)
        again = self.spark.read.schema(exchanged.schema).parquet(folder)
        self.tables.update({table: of(again, table) for table in made})
        self.seconds[name] = perf_counter() - before

    def place(self, table: DataFrame, *key: str) -> DataFrame:
        """Every row of a table with the partition that owns its key."""
        return table.selectExpr("*", f"{part_of(key, self.parts)} AS {PART}")

    def keep(self, name: str, table: DataFrame, below: str = "") -> None:
        """Write a table that Spark itself made."""
        before = perf_counter()
        folder = f"{self.out}/{below}{name}"
        table.write.mode("overwrite").parquet(folder)
        self.tables[name] = self.spark.read.schema(table.schema).parquet(folder)
        self.seconds[name] = perf_counter() - before


def _persons(run: _Run) -> None:
    """Which parties are one person: decided for each component of linked parties in one place."""
    run.group(PARTIES)
    party = run.tables["party"]
    run.keep("name", bearers(party), below="steps/")
    run.tables["party_key"] = cool_parties(run.tables["party_key"])
    for group in PARTY_LINKS:
        run.group(group)
    links = run.tables["party_link"]
    run.keep("linked", components(links.select("party_a", "party_b")), below="steps/")
    roots = run.tables["linked"]
    parties = party.join(roots.toDF("party_id", "root"), "party_id", "left").select("party_id", "root")
    rows = {
        "party": run.place(parties, "coalesce(root, party_id)").drop("root"),
        "party_link": run.place(links.join(roots.toDF("party_a", "root"), "party_a"), "root").drop("root"),
    }
    run.together("one_person", rows, one_person, {"party_person": PARTY_PERSON})
    run.keep("party_person", run.tables["party_person"])


def _pairs(run: _Run, models: Models | None, *, alone: bool) -> Models | None:
    """Candidate pairs with evidence and probability, and the pairs that chains of likely ones bring together."""
    run.group(EVIDENCE)
    first = run.tables["pair"]
    lone = models.alone if models else _learnt(first, alone=alone)
    _score(run, "scored", lone)
    scored = run.tables["pair"]
    _components(run, scored)
    run.together("chains", {"pair": _inside(run, scored)}, chains, {"candidate": run.schemas["candidate"]})
    if not run.tables["candidate"].isEmpty():
        run.group(replace(EVIDENCE, name="chained_evidence"))
        _score(run, "chained_scored", lone)
        scored = scored.unionByName(run.tables["pair"])
    run.tables["scored_pair"] = scored
    run.tables["candidate"] = scored.select("person_a", "person_b").toDF("a", "b")
    run.group(FELLOWS)
    run.tables["pair"] = run.tables["pair_among"].select(*first.columns)
    among = models.among if models else _learnt(run.tables["pair"], alone=alone)
    _score(run, "scored_among", among)
    run.keep("pair", run.tables["pair"])
    _components(run, run.tables["pair"])
    return Models(alone=lone, among=among) if lone and among else None


def _learnt(pairs: DataFrame, *, alone: bool) -> Model | None:
    """The model of all pairs, from their distinct patterns: only these come to the driver, with their counts."""
    if alone:
        return None
    patterns = [name for name in pairs.columns if name not in ("person_a", "person_b")]
    table = pairs.groupBy(*patterns).count().toArrow()
    rows = np.repeat(np.arange(len(table)), table["count"].to_numpy())
    return learnt(table.drop_columns(["count"]).take(pa.array(rows)))


def _score(run: _Run, name: str, model: Model | None) -> None:
    rows = {"pair": run.place(run.tables["pair"], "person_a")}
    run.together(name, rows, partial(score, model=model), {"pair": run.schemas["scored_pair"]})


def _components(run: _Run, pairs: DataFrame) -> None:
    """What hangs together by pairs that are likely or declared: what one partition must see as a whole."""
    least = float(np.log(PROBABILITY_MIN / (1 - PROBABILITY_MIN)))
    likely = pairs.where(f"probability >= {PROBABILITY_MIN!r} OR log_odds >= {least!r} OR declared OR judged")
    run.keep("component", components(likely.select("person_a", "person_b")), below="steps/")


def _inside(run: _Run, pairs: DataFrame) -> DataFrame:
    """The pairs whose ends hang together by likely ones, each component in one place."""
    roots = run.tables["component"]
    both = pairs.join(roots.toDF("person_a", "root_a"), "person_a").join(
        roots.toDF("person_b", "root_b"), "person_b"
    )
    return run.place(both.where("root_a = root_b"), "root_a").select(*pairs.columns, PART)


def _households(run: _Run) -> None:
    """The tables membership and household: each component is cut in one place, with every pair that touches it."""
    from pyspark.sql import functions as f

    roots = run.tables["component"].toDF("person_id", "root")
    everybody = run.tables["individual"].select("person_id").join(roots, "person_id", "left")
    placed = run.place(everybody, "coalesce(root, person_id)").drop("root")
    where_a = placed.toDF("person_a", "part_a")
    where_b = placed.toDF("person_b", "part_b")
    pairs = (
        run.tables["pair"]
        .join(where_a, "person_a")
        .join(where_b, "person_b")
        .withColumn(PART, f.expr("explode(array_distinct(array(part_a, part_b)))"))
        .select(*run.tables["pair"].columns, PART)
    )
    ends = pairs.selectExpr("explode(array(person_a, person_b)) AS person_id", PART, "false AS mine")
    persons = placed.withColumn("mine", f.lit(True)).unionByName(ends)
    run.together(
        "households",
        {"pair": pairs, "individual": persons.groupBy("person_id", PART).agg(f.max("mine").alias("mine"))},
        partial(live_together, frame=run.frame),
        {"membership": MEMBERSHIP},
    )
    run.keep("membership", run.tables["membership"])
    run.keep(
        "household",
        run.tables["membership"].selectExpr("household_id", "substr(household_id, 3) AS anchor").distinct(),
    )
