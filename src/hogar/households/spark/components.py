"""What hangs together, in edges that no machine holds alone? The alternating star algorithm, written for Spark.

A round replaces each node's links by links to the smallest node it knows (Kiveris and others, 2014: large star, small
star). Nothing but the edges is ever held, and a hub's links are spread over its own rows, so no key grows hot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROUNDS_MAX = 100


class NotSettled(RuntimeError):
    """The components did not settle within the rounds that are allowed."""


def components(edges: DataFrame) -> DataFrame:
    """The table (node, root) of all nodes with a link, `root` being the smallest node of the component.

    `edges` has two columns of text, the ends of each link, in any order and with any repetition.
    """
    from pyspark.sql import functions as f

    u, v = edges.columns
    now = edges.select(f.col(u).alias("u"), f.col(v).alias("v")).where("u <> v").distinct().localCheckpoint()
    before = None
    for _ in range(ROUNDS_MAX):
        now = _small_star(_large_star(now)).localCheckpoint()
        [seen] = now.select(f.count("*"), f.expr("bit_xor(xxhash64(u, v))")).collect()
        if seen == before:
            roots = now.select(f.col("v").alias("node"), f.col("v").alias("root")).distinct()
            return now.select(f.col("u").alias("node"), f.col("v").alias("root")).unionAll(roots)
        before = seen
    raise NotSettled


def _large_star(edges: DataFrame) -> DataFrame:
    """Each greater neighbour of a node is linked to the smallest of the node and its neighbours."""
    both = edges.unionAll(edges.select("v", "u").toDF("u", "v"))
    least = both.groupBy("u").agg({"v": "min"}).toDF("u", "least")
    return both.join(least, "u").where("v > u").selectExpr("v AS u", "least(u, least) AS v").distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """A node and its smaller neighbours are linked to the smallest of these; an edge leads from the greater end."""
    least = edges.groupBy("u").agg({"v": "min"}).toDF("u", "least")
    others = edges.join(least, "u").where("v <> least").selectExpr("v AS u", "least AS v")
    return others.unionAll(least.selectExpr("u", "least AS v")).distinct()
