"""What is published of every household? All that a decision reads, joined into one positional value each.

Reads the tables of `resolve`, `features` and `train` and the consents; writes one profile version. Columns are
joined as frames and matrices; only the last step makes one value a household. After: `stores.profiles`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from hogar.build.profile.offers import OfferFacts
from hogar.build.profile.people import People, members_of
from hogar.build.profile.values import Values
from hogar.features import load_counters
from hogar.stores.profiles import write_profiles
from hogar.telco.catalogue import ENTITIES, Catalogue, Entity
from hogar.telco.live import CONSENT_BITS
from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile, ProfileSchema

Progress = Callable[[str], object]


def publish_profile(
    *,
    con: duckdb.DuckDBPyConnection,
    resolve: Path,
    features: Path,
    train: Path,
    out: Path,
    now: date,
    catalogue: Catalogue,
    language: str = "es",
    definitions: str = "",
    progress: Progress | None = None,
) -> ProfileSchema:
    """Join everything into household profiles and write one version into the folder `out`; returns its schema.

    `con` has the canonical tables as views; `resolve`, `features` and `train` are finished steps; `catalogue` has
    features and scores. `language` is spoken with whom no silo names one, `definitions` names
    the texts that the numbers are made of. A line whose user lives in no household
    is not published. Live counters go along with their value as of the build; `con` has `consented_line` too.
    """
    if progress is not None:
        progress("profiles")
    scores = pl.read_parquet(train / "scores.parquet", glob=False)
    membership = pl.read_parquet(resolve / "membership.parquet", glob=False)
    offers = OfferFacts.of(pl.read_parquet(features / "offers.parquet", glob=False), con)
    people = members_of(con, resolve, now, language)
    counters = load_counters(features)
    hidden = pl.read_parquet(features / "unprofiled.parquet", glob=False)["id"]
    tables = _Tables(
        people=people,
        households=pl.read_parquet(resolve / "household.parquet", glob=False).sort("household_id"),
        lines=_lines(pl.read_parquet(features / "line_home.parquet", glob=False), people, _consented(con)),
        unprofiled=frozenset(hidden.to_list()),
        advisers=_advisers(pl.read_parquet(resolve / "adviser.parquet", glob=False), people),
        values={
            entity: Values.of(
                catalogue.of_entity(entity),
                pl.read_parquet(features / f"{entity}.parquet", glob=False),
                scores,
                {counter.full_name: counter.one_of for counter in counters},
            )
            for entity in ENTITIES
        },
        offers=offers,
    )
    schema = ProfileSchema(
        version="", membership=_digest(membership), models=_digest(scores), as_of=now.isoformat(),
        household=tables.values["household"].columns, person=tables.values["person"].columns,
        line=tables.values["line"].columns, offers=offers.ids, live=counters, definitions=definitions,
    )  # fmt: skip
    return write_profiles(out, schema, _households(tables))


@dataclass(frozen=True, kw_only=True)
class _Tables:
    """Everything, sorted by household: `people` and `lines` have a row a member and a line."""

    people: People
    households: pl.DataFrame
    lines: pl.DataFrame
    unprofiled: frozenset[str]
    advisers: dict[str, tuple[tuple[int, str], ...]]
    values: dict[Entity, Values]
    offers: OfferFacts


def _households(tables: _Tables) -> Iterator[HouseholdProfile]:
    """One value a household, in the order of ids."""
    values, offers = tables.values, tables.offers
    members, lines = _members(tables), _lines_of(tables)
    payer = _sole_payers(tables.lines)
    home = values["household"]
    for id, anchor in tables.households.select("household_id", "anchor").iter_rows():
        yield HouseholdProfile(
            id=id,
            anchor=anchor,
            payer=payer.get(id, -1),
            advisers=tables.advisers.get(id, ()),
            values=home.packed(id),
            offers=offers.facts("household", id),
            members=tuple(members.get(id, ())),
            lines=tuple(lines.get(id, ())),
        )


def _members(tables: _Tables) -> dict[str, list[MemberProfile]]:
    people, values, offers = tables.people, tables.values["person"], tables.offers
    payers = _payer_of_all_lines(tables.lines)
    found: dict[str, list[MemberProfile]] = {}
    for row in people.frame.iter_rows(named=True):
        id = row["person_id"]
        member = MemberProfile(
            id=id, parties=tuple(row["parties"]), membership=row["probability"], minor=row["minor"],
            objects=row["objects"], marketing=row["marketing"], language=row["language"], payer=payers.get(id, -1),
            roles=people.roles.get(id, people.no_roles), values=values.packed(id), offers=offers.facts("person", id),
            unprofiled=id in tables.unprofiled,
        )  # fmt: skip
        found.setdefault(row["household_id"], []).append(member)
    return found


def _lines_of(tables: _Tables) -> dict[str, list[LineProfile]]:
    values, offers = tables.values["line"], tables.offers
    found: dict[str, list[LineProfile]] = {}
    wanted = ("household_id", "line_id", "user", "payer", "holder", "consented")
    for household, id, user, payer, holder, consented in tables.lines.select(wanted).iter_rows():
        line = LineProfile(
            id=id,
            user=user,
            payer=payer,
            holder=holder,
            values=values.packed(id),
            offers=offers.facts("line", id),
            consented=consented,
        )
        found.setdefault(household, []).append(line)
    return found


def _lines(home: pl.DataFrame, people: People, consented: pl.DataFrame) -> pl.DataFrame:
    """Every line of a household, with user, payer and holder as positions among its members, -1 for others."""
    lines = home.drop_nulls("household_id").join(consented, on="line_id", how="left")
    lines = lines.with_columns(pl.col("consented").fill_null(0))
    for what in ("user", "payer", "holder"):
        places = people.frame.select(
            pl.col("person_id").alias(f"{what}_id"), "household_id", pl.col("place").alias(what)
        )
        lines = lines.join(places, on=[f"{what}_id", "household_id"], how="left").with_columns(
            pl.col(what).fill_null(-1)
        )
    return lines.sort("household_id", "line_id")


def _consented(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What each line's holder and users allowed, a bit a consent."""
    rows = pl.DataFrame(con.sql("FROM consented_line").to_arrow_table()).select("line_id", "purpose").unique()
    bits = pl.col("purpose").cast(pl.String).replace_strict(CONSENT_BITS, return_dtype=pl.Int64, default=0)
    return rows.group_by("line_id").agg(bits.sum().alias("consented"))


def _sole_payers(lines: pl.DataFrame) -> dict[str, int]:
    """The position of who pays all lines of a household; left out where there are several, or one is unknown."""
    return _unanimous(lines, "household_id")


def _payer_of_all_lines(lines: pl.DataFrame) -> dict[str, int]:
    """The position of who pays all lines that a person uses."""
    return _unanimous(lines.drop_nulls("user_id"), "user_id")


def _unanimous(lines: pl.DataFrame, key: str) -> dict[str, int]:
    # several lines of unknown payers are not one payer: each counts as somebody of its own
    who = pl.coalesce("payer_id", pl.lit("?") + pl.col("line_id"))
    agreed = lines.group_by(key).agg(who.n_unique().alias("payers"), pl.col("payer").first())
    return dict(agreed.filter(pl.col("payers") == 1).select(key, "payer").iter_rows())


def _advisers(adviser: pl.DataFrame, people: People) -> dict[str, tuple[tuple[int, str], ...]]:
    places = people.frame.select("person_id", "household_id", "place")
    declared = adviser.join(places, on="person_id").sort("household_id", "place", "adviser_person_id")
    found: dict[str, tuple[tuple[int, str], ...]] = {}
    for household, place, other in declared.select("household_id", "place", "adviser_person_id").iter_rows():
        found[household] = (*found.get(household, ()), (place, other))
    return found


def _digest(frame: pl.DataFrame) -> str:
    """A name for the content of a table, whatever the order of its rows."""
    ordered = frame.sort(frame.columns)
    return hashlib.sha256(ordered.write_csv().encode()).hexdigest()
