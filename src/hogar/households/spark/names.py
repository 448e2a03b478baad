"""How common is each name? The steps `14_name` and `24_surname`, written for Spark because they look at everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def bearers(party: DataFrame) -> DataFrame:
    """The table (name, bearers, parties): how many parties bear each first name or surname, of how many."""
    each = party.where("kind = 'person'").selectExpr("explode(array(first_name, last_name)) AS name").dropna()
    return each.groupBy("name").count().selectExpr("name", "count AS bearers", f"{party.count()}L AS parties")


def surnames(individual: DataFrame) -> DataFrame:
    """The table (name, share): of all who have a surname, how many have this one."""
    named = individual.where("size(surnames) > 0").count()
    each = individual.where("kind = 'person'").selectExpr("explode(surnames) AS name").groupBy("name").count()
    return each.selectExpr("name", f"count / CAST({max(named, 1)} AS DOUBLE) AS share")
