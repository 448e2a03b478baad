"""Who are the members, and what did they allow? Age, language, consents and roles, person by person.

A person may be several parties: then the careful answer counts. Any refusal of one of them is the person's; who
is a minor to one silo is a minor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from hogar.telco.channels import CHANNELS
from hogar.telco.roles import ROLES

ADULT_YEARS = 18


@dataclass(frozen=True, kw_only=True)
class People:
    """`frame` has a row a member, by household and person id; `place` is the position among the household's."""

    frame: pl.DataFrame
    roles: dict[str, tuple[float, ...]]
    no_roles: tuple[float, ...] = (0.0,) * len(ROLES)


def members_of(con: duckdb.DuckDBPyConnection, resolve: Path, now: date, language: str) -> People:
    """All members with parties, membership, minor, objects, marketing bits and language."""
    party_person = pl.read_parquet(resolve / "party_person.parquet", glob=False).sort("person_id", "party_id")
    membership = pl.read_parquet(resolve / "membership.parquet", glob=False)
    parties = party_person.group_by("person_id", maintain_order=True).agg(pl.col("party_id").alias("parties"))
    known = _known(con, party_person, now)
    said = _consent(con, party_person)
    frame = (
        membership.join(parties, on="person_id", how="left")
        .join(known, on="person_id", how="left")
        .join(said, on="person_id", how="left")
        .with_columns(
            pl.col("parties").fill_null([]),
            pl.col("objects").fill_null(False),
            pl.col("marketing").fill_null(0),
            pl.col("language").fill_null(language),
        )
        .sort("household_id", "person_id")
        .with_columns(pl.int_range(pl.len()).over("household_id").alias("place"))
    )
    return People(frame=frame, roles=_roles(pl.read_parquet(resolve / "role.parquet", glob=False)))


def _known(con: duckdb.DuckDBPyConnection, party_person: pl.DataFrame, now: date) -> pl.DataFrame:
    """Minor (by the youngest age that a silo knows, unknown where none does) and the wished language."""
    person = pl.DataFrame(con.sql("SELECT party_id, birth_date, language FROM person").to_arrow_table())
    youngest = pl.col("birth_date").max()
    return (
        party_person.join(person, on="party_id", how="left", maintain_order="left")
        .group_by("person_id")
        .agg(
            (youngest.dt.offset_by(f"{ADULT_YEARS}y") > pl.lit(now)).alias("minor"),
            pl.col("language").drop_nulls().first(),
        )
    )


def _consent(con: duckdb.DuckDBPyConnection, party_person: pl.DataFrame) -> pl.DataFrame:
    """Objection to profiling, and a bit for each channel that was granted for marketing and by no party refused.

    A party's word for a channel is its latest, about that channel or about any; of words of the same moment the
    one about the channel counts, and a refusal before a grant.
    """
    consent = pl.DataFrame(
        con.sql('SELECT party_id, purpose, channel, granted, "at" FROM consent').to_arrow_table()
    )
    words = consent.join(party_person, on="party_id")
    objects = (
        _latest(words.filter(pl.col("purpose") == "profiling"))
        .group_by("person_id")
        .agg((~pl.col("granted")).any().alias("objects"))
    )
    marketing = words.filter(pl.col("purpose") == "marketing")
    found = objects
    for bit, channel in enumerate(CHANNELS):
        about = marketing.filter(pl.col("channel").is_in([channel, "any"]))
        allowed = (
            _latest(about)
            .group_by("person_id")
            .agg(pl.col("granted").all().cast(pl.Int64).alias(channel) * 2**bit)
        )
        found = found.join(allowed, on="person_id", how="full", coalesce=True)
    total = pl.sum_horizontal(pl.col(channel).fill_null(0) for channel in CHANNELS)
    return found.select("person_id", "objects", total.alias("marketing"))


def _latest(words: pl.DataFrame) -> pl.DataFrame:
    """Each party's latest word."""
    specific = (pl.col("channel") != "any").alias("specific")
    return (
        words.with_columns(specific)
        .sort("at", "specific", ~pl.col("granted"))
        .group_by("person_id", "party_id", maintain_order=True)
        .last()
    )


def _roles(role: pl.DataFrame) -> dict[str, tuple[float, ...]]:
    """Each person's probabilities in the order of `ROLES`; of several statements about one role the strongest."""
    strongest = role.group_by("person_id", "role").agg(pl.col("probability").max())
    found: dict[str, dict[str, float]] = {}
    for person, name, probability in strongest.select("person_id", "role", "probability").iter_rows():
        found.setdefault(person, {})[name] = probability
    return {person: tuple(held.get(name, 0.0) for name in ROLES) for person, held in found.items()}
