"""What does a use case need? Everything that its actions, campaigns and triggers ask, with the tables behind each.

Takes a use case, the strategy and the catalogue's cards; returns needs, not yet held against any data. After:
`judging`, which says whether they are met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hogar.build.catalogue import Described
from hogar.features import Lineage
from hogar.strategy.expressions import all_names
from hogar.strategy.names import offer_asked
from hogar.strategy.types import Action, Strategy
from hogar.strategy.usecases import UseCase
from hogar.telco.catalogue import Entity
from hogar.telco.tables import BY_NAME

# The columns of features/offers.sql behind each fact about an action's offering.
FACTS: dict[str, tuple[str, ...]] = {
    "action.owned": ("owned",),
    "action.ordered": ("ordered",),
    "action.deliverable": ("deliverable",),
    "action.monthly_eur": ("monthly_cents",),
    "action.current_eur": ("current_cents",),
    "action.cost_eur": ("cost_cents",),
    "action.saving_eur": ("current_cents", "cost_cents"),
    "action.extra_eur": ("current_cents", "cost_cents"),
}


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that is asked: a feature, a score, a fact about an offering, a column, or an event as it happens.

    `entity` is whose value it is (None: of nobody in particular), `tables` the canonical tables that it is about (not
    those that only give its keys), `used_by` the actions that ask it, `offering` the offer that a fact is about.
    """

    name: str
    kind: str
    entity: Entity | None
    owner: str
    lineage: Lineage
    tables: tuple[str, ...]
    used_by: tuple[str, ...] = ()
    offering: str = ""
    freshness_hours: float | None = None
    free: bool = False

    @property
    def gates(self) -> tuple[str, ...]:
        """The tables behind it that show only what somebody consented to; none where it is `free` of that.

        The table of events asks consent only where a row names one: a live counter says whether its events do.
        """
        return () if self.free else tuple(table for table in self.tables if BY_NAME[table].gate != "none")


def needs_of(
    usecase: UseCase, strategy: Strategy, described: Described, offers: Mapping[str, str] | None
) -> tuple[Need, ...]:
    """All needs of a use case, each once, in the order: features, scores, facts, columns, events."""
    actions = [action for action in strategy.actions if action.key in usecase.actions]
    used: dict[tuple[str, str, Entity | None], list[str]] = {}
    for action in actions:
        for name in sorted(names_of(action)):
            fact = name in FACTS or offer_asked(name) is not None
            key = (name, action.offering or "", action.scope) if fact else (name, "", None)
            used.setdefault(key, []).append(action.key)
    for campaign in strategy.campaigns:
        if campaign.name in usecase.campaigns and campaign.audience is not None:
            for name in campaign.audience.names:
                used.setdefault((name, "", None), [])
    for name in usecase.needs:
        if name in described.cards:
            used.setdefault((name, "", None), [])
    found = [
        need for (name, offering, scope), by in used.items()
        if (need := _need(name, offering, scope, tuple(by), described, offers)) is not None
    ]  # fmt: skip
    known = {need.name for need in found}
    found += [_column(name) for name in dict.fromkeys(usecase.needs) if name not in known]
    found += [_event(trigger.event_type, trigger.actions) for trigger in strategy.triggers
              if trigger.name in usecase.triggers]  # fmt: skip
    order = ("feature", "score", "fact", "column", "event")
    return tuple(sorted(found, key=lambda need: (order.index(need.kind), need.name, need.offering)))


def names_of(action: Action) -> frozenset[str]:
    """Every name that an action asks or says."""
    asked = all_names([*(one.expression for one in action.conditions), action.interest, action.value])
    said = {name for treatment in action.treatments for name in treatment.names}
    return asked | said | set(action.reason_names)


def about(lineage: Lineage) -> tuple[str, ...]:
    """The tables that a value is about: those that give more than keys; all where none does."""
    tables = dict.fromkeys(name.partition(".")[0] for name in lineage.value)
    full = {
        table for table, _, column in (name.partition(".") for name in lineage.value)
        if column not in BY_NAME[table].key and not column.endswith("_id")
    }  # fmt: skip
    return tuple(table for table in tables if table in full) or tuple(tables)


def _need(
    name: str,
    offering: str,
    scope: Entity | None,
    used_by: tuple[str, ...],
    described: Described,
    offers: Mapping[str, str] | None,
) -> Need | None:
    if (card := described.cards.get(name)) is not None:
        one = card.feature
        return Need(
            name=name, kind="score" if one.namespace == "score" else "feature", entity=one.entity, owner=one.owner,
            lineage=card.lineage, tables=about(card.lineage), used_by=used_by, freshness_hours=one.freshness_hours,
            free=one.live and name not in described.consented,
        )  # fmt: skip
    if scope is not None:
        columns = FACTS.get(name, ("owned",))
        kind = (offers or {}).get(offer_asked(name) or offering)
        lineage = _of_offers(columns, scope, kind, described)
        return Need(
            name=name, kind="fact", entity=scope, owner="product", lineage=lineage, tables=about(lineage),
            used_by=used_by, offering=offer_asked(name) or offering,
        )  # fmt: skip
    return None  # an event's field or the context: they come with the moment


def _column(name: str) -> Need:
    """A canonical column, or a table: its columns that must be given."""
    table, _, column = name.partition(".")
    columns = (column,) if column else tuple(one.name for one in BY_NAME[table].columns if one.required)
    return Need(
        name=name, kind="column", entity=None, owner=BY_NAME[table].owner, tables=(table,),
        lineage=Lineage(value=tuple(f"{table}.{one}" for one in columns)),
    )  # fmt: skip


def _of_offers(columns: Iterable[str], scope: Entity, kind: str | None, described: Described) -> Lineage:
    found = [described.traces.offer_fact(column, scope, kind) for column in columns]
    value = dict.fromkeys(name for one in found for name in one.value)
    rows = dict.fromkeys(name for one in found for name in one.rows if name not in value)
    return Lineage(value=tuple(value), rows=tuple(rows))


def _event(type: str, actions: tuple[str, ...]) -> Need:
    return Need(
        name=type,
        kind="event",
        entity=None,
        owner=BY_NAME["event"].owner,
        lineage=Lineage(),
        tables=(),
        used_by=actions,
    )
