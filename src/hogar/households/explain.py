"""Why is this a household? Reads the files of a resolution; returns members, each link's evidence, and roles.

Evidence is named by its class and weight only: no name, number, address or card of one member is shown to another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hogar.errors import UsageError
from hogar.households.constants import KINDS
from hogar.households.roles import profiles


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a link's sum: a kind of evidence, what was seen in words, and what it adds to the log-odds."""

    kind: str
    words: str
    log_odds: float


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Two persons: how likely they live together, and the terms that add up to the log-odds of it."""

    person_a: str
    person_b: str
    probability: float
    log_odds: float
    terms: tuple[Term, ...]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role that a member has, how likely, and where that is known from."""

    role: str
    probability: float
    source: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member, how sure the membership is, the member's roles, and the profile type that they make, for reading."""

    person_id: str
    probability: float
    parties: int
    roles: tuple[Role, ...]
    profile_type: str | None


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """A member's tie to a second home: its lines are paid from there, or it likely lives there by turns."""

    person_id: str
    kind: str
    household_id: str
    probability: float


class HouseholdExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a household is one: members, the links between them, the likeliest link to somebody outside, second homes."""

    household_id: str
    members: tuple[Member, ...]
    links: tuple[Link, ...]
    nearest_outside: Link | None
    edges: tuple[Edge, ...]


def explain(
    household_id: str, *, folder: Path, types: Mapping[str, Collection[str]] = MappingProxyType({})
) -> HouseholdExplanation:
    """Explain one household from the files that `resolve` wrote into `folder`; an unknown id is a `UsageError`.

    `types` are profile types by name, each a group of roles.
    """
    membership = _read(folder, "membership", household_id=[household_id])
    if not len(membership):
        raise UsageError(f"there is no household `{household_id}`; `hogar resolve` lists how many there are")
    ids = membership["person_id"].to_pylist()
    known = _read(folder, "role", person_id=ids)
    roles = known.to_pylist()
    typed = profiles(known, types).to_pylist() if types else []
    profile_type = {row["person_id"]: row["profile_type"] for row in typed}
    parties = _read(folder, "party_person", person_id=ids)["person_id"].to_pylist()
    near_a, near_b = _read(folder, "pair", person_a=ids), _read(folder, "pair", person_b=ids)
    inside = near_a.filter(pc.is_in(near_a["person_b"], value_set=pa.array(ids, pa.string())))
    outside = [
        row
        for row in near_a.to_pylist() + near_b.to_pylist()
        if not (row["person_a"] in ids and row["person_b"] in ids)
    ]
    nearest = max(outside, key=lambda row: (row["log_odds"], row["person_a"], row["person_b"]), default=None)
    return HouseholdExplanation(
        household_id=household_id,
        members=tuple(
            Member(
                person_id=row["person_id"],
                probability=row["probability"],
                parties=parties.count(row["person_id"]),
                roles=tuple(
                    Role(role=one["role"], probability=one["probability"], source=one["source"])
                    for one in roles
                    if one["person_id"] == row["person_id"]
                ),
                profile_type=profile_type.get(row["person_id"]),
            )
            for row in membership.to_pylist()
        ),
        links=tuple(_link(row) for row in inside.to_pylist()),
        nearest_outside=_link(nearest) if nearest is not None else None,
        edges=tuple(
            Edge(**{name: row[name] for name in Edge.__struct_fields__})
            for row in _read(folder, "edge", person_id=ids).to_pylist()
        ),
    )


def _link(row: dict[str, Any]) -> Link:
    terms = [
        Term(kind="base", words="as likely as any pair that was looked at", log_odds=row["base_log_odds"])
    ]
    for kind in KINDS:
        level = row[kind.name]
        words = "not observed" if level is None else kind.words[level]
        terms.append(Term(kind=kind.name, words=words, log_odds=row[f"{kind.name}_log_odds"]))
    if any(row[said] is not None for said in ("declared", "judged", "contract")):
        terms.append(Term(kind="rule", words=_rule(row), log_odds=row["rule_log_odds"]))
    return Link(
        person_a=row["person_a"],
        person_b=row["person_b"],
        probability=row["probability"],
        log_odds=row["log_odds"],
        terms=tuple(term for term in terms if term.log_odds or term.words != "not observed"),
    )


def _rule(row: dict[str, Any]) -> str:
    if row["declared"] is not None:
        return "declared to live together" if row["declared"] else "declared to live apart"
    if row["judged"] is not None:
        return "analysts say they live together" if row["judged"] else "analysts say they live apart"
    return "by contract alone: nothing is inferred"


def _read(folder: Path, name: str, **wanted: list[str]) -> pa.Table:
    filters = [(column, "in", values) for column, values in wanted.items()]
    return pq.read_table(folder / f"{name}.parquet", filters=filters)
