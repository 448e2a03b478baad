"""What do we know as numbers, from where, how much of it, how old? One card a feature and score.

Reads the project's files and, where it has been built, what was known then; returns values. Aggregates only: no card
holds anything of a single person. After: `page` writes them down, `readiness` asks them what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hogar import features as feature_room
from hogar import sources
from hogar.build.models import read_models
from hogar.errors import ProblemsFound
from hogar.features import FeatureKnown, Known, Lineage, Traces
from hogar.models import ModelSpec, score_features
from hogar.sources import Mapped, SiloSettings
from hogar.telco.catalogue import GATE_BASIS, LEGAL_BASIS, Feature
from hogar.telco.tables import BY_NAME

HOUR = 3600.0


@dataclass(frozen=True, kw_only=True)
class Card:
    """One feature or score: what its author says of it, what it is made of, and what was known at the last build.

    `silos` gives the silo columns behind each canonical column; `gates` are the consents that its data need;
    `age_hours` is the age of the oldest of its sources' newest rows, None where no source of it tells its time.
    """

    feature: Feature
    lineage: Lineage
    silos: Mapping[str, tuple[str, ...]]
    gates: tuple[str, ...]
    known: FeatureKnown | None = None
    age_hours: float | None = None

    @property
    def stale(self) -> bool | None:
        """Whether a source is older than the author allows; None where that cannot be known."""
        if self.age_hours is None or self.feature.freshness_hours is None:
            return None
        return self.age_hours > self.feature.freshness_hours

    def as_data(self) -> dict[str, Any]:
        """The card as JSON holds it."""
        one = self.feature
        known = None
        if self.known is not None:
            known = {
                "of": self.known.of, "known": self.known.known, "share": round(self.known.share, 4),
                "distinct": self.known.distinct, "low": self.known.low, "middle": self.known.middle,
                "high": self.known.high,
            }  # fmt: skip
        return {
            "name": one.full_name, "entity": one.entity, "type": one.type, "unit": one.unit, "help": one.help,
            "purposes": {purpose: LEGAL_BASIS[purpose] for purpose in one.purposes}, "whose": one.whose,
            "owner": one.owner, "file": one.file, "live": one.live, "default": one.default,
            "freshness_hours": one.freshness_hours, "age_hours": self.age_hours, "stale": self.stale,
            "sources": {"value": list(self.lineage.value), "rows": list(self.lineage.rows)},
            "features": list(self.lineage.features), "silos": {k: list(v) for k, v in self.silos.items()},
            "gates": {gate: GATE_BASIS[gate] for gate in self.gates}, "known": known,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Described:
    """All cards of a project by full name, what they were made from, and what the last build knew as of `now`.

    `consented` are the live counters whose events are kept only with consent.
    """

    cards: Mapping[str, Card]
    traces: Traces
    mapped: Mapping[str, Mapped]
    models: tuple[ModelSpec, ...] = ()
    known: Known | None = None
    now: datetime | None = None
    consented: frozenset[str] = frozenset()

    def age_hours(self, table: str) -> float | None:
        """How old the newest row of a canonical table is; None where the table does not tell, or nothing was built."""
        found = self.known.tables.get(table) if self.known is not None else None
        if found is None or found.newest is None or self.now is None:
            return None
        newest = found.newest.replace(tzinfo=UTC)
        return round(max(0.0, (self.now - newest).total_seconds()) / HOUR, 1)


def describe(
    project: Path,
    *,
    data: Path | None = None,
    silos: Mapping[str, SiloSettings] | None = None,
    built: Path | None = None,
    now: datetime | None = None,
) -> Described:
    """The catalogue of a project with lineage, and with what was known in `built`, the finished step `features`.

    `data` and `silos` tell which columns the files have, where a source joins several. Raises `ProblemsFound`.
    """
    definitions = feature_room.read_definitions(project)
    specs = _models(project)
    columns = sources.silo_columns(data, silos or {}) if data is not None else {}
    known = feature_room.load_known(built) if built is not None else None
    described = Described(
        cards={}, traces=definitions.traces, mapped=sources.silo_lineage(project, columns), models=specs,
        known=known, now=now,
        consented=frozenset(f"{one.entity}.{one.name}" for one in definitions.counters if one.consent),
    )  # fmt: skip
    cards: dict[str, Card] = {}
    for feature in definitions.catalogue:
        lineage = definitions.traces.features.get(feature.full_name, Lineage())
        cards[feature.full_name] = _card(feature, lineage, described)
    for spec, score in zip(specs, score_features(specs), strict=True):
        cards[score.full_name] = _card(score, _of_model(spec, definitions.traces), described)
    return replace(described, cards=cards)


def _card(feature: Feature, lineage: Lineage, described: Described) -> Card:
    tables = dict.fromkeys(name.partition(".")[0] for name in lineage.sources)
    ages = [described.age_hours(table) for table in dict.fromkeys(n.partition(".")[0] for n in lineage.value)]
    told = [age for age in ages if age is not None]
    return Card(
        feature=feature,
        lineage=lineage,
        silos={name: behind for name in lineage.sources if (behind := _silo_columns(name, described.mapped))},
        gates=tuple(gate for gate in GATE_BASIS if any(BY_NAME[table].gate == gate for table in tables)),
        known=described.known.features.get(feature.full_name) if described.known is not None else None,
        age_hours=max(told) if told else None,
    )


def _silo_columns(name: str, mapped: Mapping[str, Mapped]) -> tuple[str, ...]:
    table, _, column = name.partition(".")
    return mapped[table].columns.get(column, ()) if table in mapped else ()


def _of_model(spec: ModelSpec, traces: Traces) -> Lineage:
    """A score is made of its features' columns, and learnt from its target's."""
    below = [traces.features[name] for name in spec.features if name in traces.features]
    target = feature_room.of_query(spec.target, traces)
    return feature_room.together([*below, Lineage(rows=target.sources)], features=spec.features)


def _models(project: Path) -> tuple[ModelSpec, ...]:
    try:
        return read_models(project)
    except ProblemsFound:
        return ()
