"""What would a plain rule say? The rules that a household has to beat, each on the market that we are judged on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.households_market import Market

from hogar.evidence.clusters import Flags, mean
from hogar.evidence.line_agreement import line_rows
from hogar.evidence.matching import match, people
from hogar.evidence.offnet_agreement import offnet_rows
from hogar.evidence.role_agreement import RoleRows, macro_f1, role_figures, role_rows
from hogar.stores import warehouse

ADULT_YEARS = 18
ERROR_RATIO_MAX, ACCURACY_MIN = 0.5, 0.95  # a role is well found with half the holder's errors, or so few


@dataclass(frozen=True)
class RoleResult:
    """Macro-F1, ours and the holder's, and how many of the six roles are well found."""

    macro_f1: float
    holder: float
    well_found: int


def holder_of_each_line(market: Market, resolved: Path) -> float | None:
    """The share of lines that their holder uses."""
    persons = pq.read_table(resolved / "party_person.parquet")
    lines = pq.read_table(market.ingested / "line.parquet", columns=["line_id", "holder_party_id"])
    held = lines.join(persons, "holder_party_id", "party_id", "inner").select(["line_id", "person_id"])
    rows = line_rows(
        held, market.truth / "lines.parquet", match(resolved, market.membership),
        market.ingested / "line.parquet", market.now,
    )  # fmt: skip
    return mean(rows.right)


def roles(market: Market, resolved: Path) -> tuple[RoleResult, RoleResult]:
    """Of all persons judged, and of those whose true home has two adults or more."""
    matched = match(resolved, market.membership)
    rows = role_rows(
        resolved / "role.parquet", market.truth / "roles.parquet", matched, market.ingested / "line.parquet"
    )
    shared = _of_shared_homes(market, matched.persons)
    return _roles(rows), _roles(rows.where(shared[rows.person]))


def most_called_home(market: Market, resolved: Path) -> tuple[float | None, float | None]:
    """Precision and recall of "a number of another operator is of the home that it talks with most".

    Looked at is what our lines with consent talk, as our own search does.
    """
    matched = match(resolved, market.membership)
    with market.canonical() as con:
        warehouse.offnet_ties(con, market.ingested)
        stated = con.sql(
            """
            with home as (
                select line_id, household_id from read_parquet($users) join read_parquet($members) using (person_id)
            ), called as (
                select number_id, household_id, sum(calls) as calls
                from offnet_tie join home using (line_id) group by all
            )
            select number_id, arg_max(household_id, (calls, household_id)) as household_id, 1.0 as probability
            from called group by number_id
            """,
            params={
                "users": str(resolved / "line_user.parquet"), "members": str(resolved / "membership.parquet"),
            },
        ).to_arrow_table()  # fmt: skip
    rows = offnet_rows(
        stated, market.truth / "offnet.parquet", matched, people(matched),
        market.ingested / "tie_month.parquet", market.ingested / "line.parquet",
    )  # fmt: skip
    return mean(rows.stated_right), None if rows.found is None else mean(rows.found)


def _roles(rows: RoleRows) -> RoleResult:
    figures = role_figures(rows)
    assert rows.holder is not None
    wrong, wrong_by_holder = (rows.stated != rows.held), (rows.holder[:, None] != rows.held)
    errors, baseline = wrong.mean(axis=0), wrong_by_holder.mean(axis=0)
    well = (errors <= ERROR_RATIO_MAX * baseline) | (errors <= 1 - ACCURACY_MIN)
    return RoleResult(macro_f1(figures) or 0.0, macro_f1(figures, holder=True) or 0.0, int(well.sum()))


def _of_shared_homes(market: Market, persons: pa.Array) -> Flags:
    """Whether a true home has two adults or more, for each of these persons."""
    truth = pq.read_table(market.truth / "persons.parquet")
    born = truth["birth_date"].cast(pa.date32())
    grown = pc.less_equal(born, pa.scalar(market.now.replace(year=market.now.year - ADULT_YEARS)))
    adults = truth.filter(grown).group_by("household_id").aggregate([("person_id", "count")])
    shared = adults.filter(pc.greater_equal(adults["person_id_count"], 2))["household_id"]
    of_shared = truth.filter(pc.is_in(truth["household_id"], value_set=shared.combine_chunks()))
    return np.asarray(pc.is_in(persons, value_set=of_shared["person_id"].combine_chunks().cast(pa.string())))


def without_group_offer(market: Market) -> set[str]:
    """The true persons of homes in which nobody has a convergent or group offer today."""
    with market.canonical() as con:
        rows = con.sql(
            """
            with bundled as (
                select line_id, holder_party_id from line
                join line_offer using (line_id) join offer using (offer_id)
                where offer.kind = 'bundle' and (until is null or until > $now)
            ), home as (
                select household_id from bundled join read_parquet($members) on party_id = holder_party_id
                union select household_id from bundled join read_parquet($users) using (line_id)
                join read_parquet($members) using (person_id)
            )
            select distinct person_id from read_parquet($members) where household_id not in (from home)
            """,
            params={
                "now": market.now, "users": str(market.truth / "lines.parquet"),
                "members": str(market.truth / "membership.parquet"),
            },
        ).fetchall()  # fmt: skip
    return {person for (person,) in rows}
