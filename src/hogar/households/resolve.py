"""Who lives together? Reads the canonical tables on a connection; writes persons, households, roles as files.

Order: parties become persons → direct links → candidate pairs → evidence → probability → households → users and roles.
Traffic tables must be the gated ones: what no consent lets through never arrives here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hogar.households.clusters import Indices, Links, cluster
from hogar.households.constants import PROBABILITY_MIN, Floats
from hogar.households.mixture import fit
from hogar.households.pairs import closure, levels_of, scored, without_absences
from hogar.households.persons import persons
from hogar.households.steps import Progress, Step, Steps

Unit = Literal["household", "person"]

FACTS = ("21_objector", "22_traffic_consenter", "23_individual", "27_person_line")
LINKS = (
    "24_surname",
    "25_home",
    "26_building",
    "31_payment_token",
    "32_bill_link",
    "33_top_up_link",
    "34_care_link",
    "35_tie_link",
    "36_declared_link",
)
EVIDENCE = (
    "51_address_level",
    "52_shipping_level",
    "53_names_level",
    "54_bill_level",
    "55_top_up_level",
    "56_care_level",
    "57_ties_level",
    "59_pair",
)


@dataclass(frozen=True, kw_only=True)
class ResolveReport:
    """What a resolution found: counts, the biggest household, EM's iterations, and each step's size and time."""

    parties: int
    persons: int
    households: int
    pairs: int
    biggest: int
    iterations: int
    steps: tuple[Step, ...]


def resolve(
    *, con: duckdb.DuckDBPyConnection, now: date, unit: Unit, out: Path, progress: Progress | None = None
) -> ResolveReport:
    """Resolve the parties of the canonical tables on `con` into persons and households, as of the day `now`.

    Writes party_person, household, membership, line_user, role, adviser and pair as Parquet into the folder `out`.
    With the unit `person` everybody is a household alone. `progress` hears each step's name, rows and seconds.
    The result depends on the tables' rows alone, not on their order.
    """
    steps = Steps(con=con, progress=progress)
    try:
        steps.start(now)
        _persons(steps)
        pairs, iterations = _pairs(steps) if unit == "household" else (scored(_no_pairs(steps), None), 0)
        membership, household = _households(steps, pairs)
        steps.run("71_line_user", "72_role", "73_adviser")
        tables = {
            "party_person": steps.read("FROM party_person ORDER BY party_id"),
            "membership": membership,
            "household": household,
            "line_user": steps.read("FROM line_user ORDER BY line_id"),
            "role": steps.read("FROM role ORDER BY person_id, role"),
            "adviser": steps.read("FROM adviser ORDER BY person_id, adviser_person_id"),
            "pair": pairs,
        }
    finally:
        steps.clear()
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, out / f"{name}.parquet")
    sizes = pc.value_counts(membership["household_id"]).field("counts")
    return ResolveReport(
        parties=len(tables["party_person"]),
        persons=len(membership),
        households=len(household),
        pairs=len(pairs),
        biggest=pc.max(sizes).as_py() or 0,
        iterations=iterations,
        steps=tuple(steps.done),
    )


def _persons(steps: Steps) -> None:
    """Which parties are one person, and what is known of each person."""
    before = perf_counter()
    steps.run("11_party", "12_party_home", "13_party_key", "14_party_link")
    parties = steps.read("SELECT party_id FROM party ORDER BY party_id")
    steps.keep("party_person", persons(parties, steps.read("FROM party_link")), before)
    steps.run(*FACTS)


def _pairs(steps: Steps) -> tuple[pa.Table, int]:
    """Candidate pairs with evidence and probability, then the pairs that chains of likely ones bring together."""
    steps.run(*LINKS, "41_candidate_key", "42_candidate", *EVIDENCE)
    candidates = steps.read("FROM pair ORDER BY person_a, person_b")
    before = perf_counter()
    model = fit(levels_of(candidates))
    pairs = scored(candidates, model)
    steps.keep("scored_pair", pairs, before)
    before = perf_counter()
    missing = closure(pairs)
    if len(missing):
        steps.keep("candidate", missing, before)
        steps.run(*EVIDENCE)
        more = scored(without_absences(steps.read("FROM pair ORDER BY person_a, person_b")), model)
        pairs = pa.concat_tables([pairs, more]).sort_by(
            [("person_a", "ascending"), ("person_b", "ascending")]
        )
    return pairs.combine_chunks(), model.iterations


def _no_pairs(steps: Steps) -> pa.Table:
    """The pair table without a row: households are switched off."""
    steps.run(*LINKS, "41_candidate_key", "42_candidate")
    steps.con.execute("DELETE FROM temp.candidate")
    steps.run(*EVIDENCE)
    return steps.read("FROM pair")


def _households(steps: Steps, pairs: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The tables membership and household: each person in the cluster that its links leave it in."""
    before = perf_counter()
    ids = steps.read("SELECT person_id FROM individual ORDER BY person_id")["person_id"].combine_chunks()
    links = Links(
        a=pc.index_in(pairs["person_a"], value_set=ids).to_numpy(),
        b=pc.index_in(pairs["person_b"], value_set=ids).to_numpy(),
        log_odds=pairs["log_odds"].to_numpy(),
        declared=pc.fill_null(pc.if_else(pairs["declared"], 1, -1), 0).to_numpy().astype(np.int8),
    )
    homes = cluster(len(ids), links)
    # a person's id is `P-` and its anchor party's id: so is a household's, by its first member
    anchors = pc.utf8_slice_codeunits(ids, 2)
    household_ids = pc.binary_join_element_wise("H", anchors, "-")
    probability = _membership_probability(homes, links, pairs["probability"].to_numpy())
    membership = pa.table(
        {"person_id": ids, "household_id": household_ids.take(pa.array(homes)), "probability": probability}
    )
    steps.keep("membership", membership, before)
    first = pa.array(np.unique(homes))
    return membership, pa.table({"household_id": household_ids.take(first), "anchor": anchors.take(first)})


def _membership_probability(homes: Indices, links: Links, probability: Floats) -> Floats:
    """How sure each membership is: the best link to a fellow member; for who lives alone, that no link holds."""
    together = homes[links.a] == homes[links.b]
    inside, outside = np.zeros(len(homes)), np.zeros(len(homes))
    for best, kept in ((inside, together), (outside, ~together)):
        np.maximum.at(best, links.a[kept], probability[kept])
        np.maximum.at(best, links.b[kept], probability[kept])
    alone = np.bincount(homes, minlength=len(homes))[homes] == 1
    return np.asarray(np.where(alone, 1 - outside, np.maximum(inside, PROBABILITY_MIN)))
