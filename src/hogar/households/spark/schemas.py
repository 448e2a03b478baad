"""Which columns does each step make? All steps are run once over an empty market, before the real one is touched.

So a partition without rows has the same tables as the others, and Spark knows what comes back. A step whose text reads
a table that its group's routes do not bring is found here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hogar.households.spark.partition import Frame, run_steps, score
from hogar.households.spark.plan import GROUPS

NAME = pa.schema({"name": pa.string(), "bearers": pa.int64(), "parties": pa.int64()})
SURNAME = pa.schema({"name": pa.string(), "share": pa.float64()})
JUDGED_LINK = pa.schema({"a": pa.string(), "b": pa.string(), "together": pa.bool_()})
PARTY_PERSON = pa.schema({"party_id": pa.string(), "person_id": pa.string()})
MEMBERSHIP = pa.schema({"person_id": pa.string(), "household_id": pa.string(), "probability": pa.float64()})


def schemas_of(canonical: Mapping[str, pa.Schema], frame: Frame) -> dict[str, pa.Schema]:
    """The schema of every canonical table and of every table that a group keeps."""
    found: dict[str, pa.Schema] = {
        **canonical,
        "name": NAME,
        "party_person": PARTY_PERSON,
        "surname": SURNAME,
        "judged_link": JUDGED_LINK,
    }
    for group in GROUPS:
        if group.name == "fellows":
            found["scored_pair"] = worth_of(found["pair"])
        tables = {name: found[name].empty_table() for name in group.needed()}
        made = run_steps(tables, names=group.steps, keep=group.made(), frame=frame)
        found |= {name: table.schema for name, table in made.items()}
    return found


def worth_of(pair: pa.Schema) -> pa.Schema:
    """The columns of a pair when it is scored."""
    return score({"pair": pair.empty_table()}, model=None)["pair"].schema
