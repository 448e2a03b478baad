"""Which keys do too many share? Their rows are left behind before anything is sent about.

The texts drop such keys themselves, by the same limits; here they are dropped early, because a key of a thousand
persons would be sent to every partition. What is left gives the same pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hogar.households.constants import SQL_CONSTANTS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def cool_parties(party_key: DataFrame) -> DataFrame:
    """Keys of parties without those that more parties share than any kind of key may have."""
    return _cool(party_key, party_key, "person_parties_max", "business_parties_max")


def cool_candidates(candidate_key: DataFrame, individual: DataFrame) -> DataFrame:
    """Keys of persons without those that more human beings share than any kind of key may have."""
    human = individual.where("kind = 'person'").select("person_id")
    humans = candidate_key.join(human, "person_id", "left_semi")
    return _cool(candidate_key, humans, "street_persons_max", "key_persons_max")


def _cool(keys: DataFrame, counted: DataFrame, *limits: str) -> DataFrame:
    most = max(int(str(SQL_CONSTANTS[limit])) for limit in limits)
    hot = counted.groupBy("kind", "key").count().where(f"count > {most}")
    return keys.join(hot, ["kind", "key"], "left_anti").select(*keys.columns)
