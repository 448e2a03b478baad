"""Why is this a household? Reads the files of a resolution; returns members, links, roles, and who is no member.

Evidence is named by its class and weight only: no name, number, address or card of one member is shown to another.
Why somebody has no role is not told: that he objected is his own business.
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

from hogar.households.constants import KINDS, LINK_PROBABILITY_MIN
from hogar.households.meant import meant
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


class Outside(Link, frozen=True, kw_only=True):
    """The likeliest link to somebody who is no member: who that is, of which household, and why no member."""

    person_id: str
    household_id: str
    why: str


class Apart(msgspec.Struct, frozen=True, kw_only=True):
    """A member and somebody outside who never are one household, because that was `declared` or `judged`."""

    person_id: str
    other_person_id: str
    other_household_id: str
    because: str


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
    """Why a household is one: members, the links between them, who is no member, second homes."""

    household_id: str
    members: tuple[Member, ...]
    links: tuple[Link, ...]
    nearest_outside: Outside | None
    kept_apart: tuple[Apart, ...]
    edges: tuple[Edge, ...]


def explain(
    id: str, *, folder: Path, types: Mapping[str, Collection[str]] = MappingProxyType({})
) -> HouseholdExplanation:
    """Explain one household from the files that `resolve` wrote into `folder`; an unknown id is a `UsageError`.

    `id` is the household's, or that of a person, a party or a line of it; `types` are profile types by name, each a
    group of roles.
    """
    household_id = meant(id, folder)
    membership = _read(folder, "membership", household_id=[household_id])
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
    apart = [row for row in outside if _apart(row) is not None]
    open_to = [row for row in outside if _apart(row) is None]
    nearest = max(open_to, key=lambda row: (row["log_odds"], row["person_a"], row["person_b"]), default=None)
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
        nearest_outside=_outside(nearest, ids, folder) if nearest is not None else None,
        kept_apart=tuple(_kept_apart(row, ids, folder) for row in apart),
        edges=tuple(
            Edge(**{name: row[name] for name in Edge.__struct_fields__})
            for row in _read(folder, "edge", person_id=ids).to_pylist()
        ),
    )


def _outside(row: dict[str, Any], members: Collection[str], folder: Path) -> Outside:
    """The link to somebody outside, and why it makes no member."""
    link, (_, other) = _link(row), _ends(row, members)
    home = meant(other, folder)
    if link.probability < LINK_PROBABILITY_MIN:
        why = f"a link asks for {LINK_PROBABILITY_MIN:.0%}"
    elif len(_read(folder, "membership", household_id=[home])) > 1:
        why = f"surer of {home}"
    else:
        why = "what is known of the other members speaks against it"
    fields = {name: getattr(link, name) for name in Link.__struct_fields__}
    return Outside(**fields, person_id=other, household_id=home, why=why)


def _kept_apart(row: dict[str, Any], members: Collection[str], folder: Path) -> Apart:
    member, other = _ends(row, members)
    return Apart(
        person_id=member,
        other_person_id=other,
        other_household_id=meant(other, folder),
        because=_apart(row) or "",
    )


def _apart(row: dict[str, Any]) -> str | None:
    """Whether it was declared, or else judged, that the two live apart."""
    said = "judged" if row["declared"] is None else "declared"
    return said if row[said] is False else None


def _ends(row: dict[str, Any], members: Collection[str]) -> tuple[str, str]:
    """The member of a pair, and the one who is none."""
    a, b = row["person_a"], row["person_b"]
    return (a, b) if a in members else (b, a)


PRIVATE = ("ties", "place")  # families whose levels would tell one member what another does


def _link(row: dict[str, Any]) -> Link:
    terms = [
        Term(kind="base", words="as likely as any pair that was looked at", log_odds=row["base_log_odds"])
    ]
    for kind in KINDS:
        if kind.family not in PRIVATE:
            level = row[kind.name]
            words = "not observed" if level is None else kind.words[level]
            terms.append(Term(kind=kind.name, words=words, log_odds=row[f"{kind.name}_log_odds"]))
    private = sum(row[f"{kind.name}_log_odds"] for kind in KINDS if kind.family in PRIVATE)
    if private:
        terms.append(
            Term(kind="private", words="calls and places, of which no more is told", log_odds=private)
        )
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
    return "one home by contract"


def _read(folder: Path, name: str, **wanted: list[str]) -> pa.Table:
    filters = [(column, "in", values) for column, values in wanted.items()]
    return pq.read_table(folder / f"{name}.parquet", filters=filters)
