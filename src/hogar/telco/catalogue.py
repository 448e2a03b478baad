"""What do we know as numbers, and whose data is it? The feature catalogue, handed to whatever needs it.

`features` builds it from the project's files; `expr`, `strategy` and `models` are given it. So they need
not import `features`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Entity = Literal["household", "person", "line"]
FeatureType = Literal["boolean", "number", "text", "date"]

# Whose private data a feature holds (docs/privacy.md). `person`: the one it describes (a line's: its user).
# `payer`: shared contract facts of whoever pays. `aggregate`: non-attributable with at least three
# contributors other than the recipient. `nobody`: facts about offers, places, networks.
Whose = Literal["person", "payer", "aggregate", "nobody"]

ENTITIES: tuple[Entity, ...] = ("household", "person", "line")
PURPOSES: tuple[str, ...] = ("marketing", "care", "contract")

# What the law asks before a feature may serve a purpose. Data behind a gate (usage, places) need consent besides.
LEGAL_BASIS: dict[str, str] = {
    "marketing": "GDPR 6(1)(f), legitimate interest in own products, until the person objects (21(2)); each message "
    "needs its channel's consent or soft opt-in (ePrivacy 13)",
    "care": "GDPR 6(1)(f), legitimate interest in serving a customer well",
    "contract": "GDPR 6(1)(b), performance of the contract",
}
GATE_BASIS: dict[str, str] = {
    "traffic": "ePrivacy 6(3): only with the prior consent of everybody concerned",
    "location": "ePrivacy 9: only with the prior consent of who uses the line",
}

# What takes the place of an unknown value: a number, a text (a date as ISO 8601), a truth; None: it stays unknown.
Default = bool | float | str | None


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One feature: `name` without its entity, type, unit, purposes it may serve, whose data, owner.

    `freshness_hours` is how old the newest row of each of its sources may be, `default` what replaces an unknown value
    in profiles and training rows alike, `sources` the canonical `table.column`s that it is made of, by lineage; `live`
    is kept from events as they come.
    """

    entity: Entity
    name: str
    type: FeatureType
    unit: str = ""
    help: str = ""
    purposes: tuple[str, ...] = ("marketing", "care")
    whose: Whose = "person"
    owner: str = ""
    file: str = ""
    namespace: str = ""
    freshness_hours: float | None = None
    default: Default = None
    sources: tuple[str, ...] = ()
    live: bool = False

    @property
    def full_name(self) -> str:
        """How expressions write it: `household.mobile_lines`; scores have their own namespace, `score.churn`."""
        return f"{self.namespace or self.entity}.{self.name}"


@dataclass(frozen=True)
class Catalogue:
    """All features of a project by full name, in a fixed order (entity, then name)."""

    features: Mapping[str, Feature]

    @staticmethod
    def of(features: list[Feature]) -> Catalogue:
        """A catalogue in its fixed order. Names are unique; the caller has checked."""
        ordered = sorted(features, key=lambda feature: (ENTITIES.index(feature.entity), feature.full_name))
        return Catalogue({feature.full_name: feature for feature in ordered})

    def of_entity(self, entity: Entity) -> tuple[Feature, ...]:
        """The features of one entity, in the order of the profile's values."""
        return tuple(feature for feature in self.features.values() if feature.entity == entity)

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features.values())
