"""What is best now, and why not the rest? The kernel: a strategy laid out over one published profile version.

`bind` does all work that does not depend on the situation; `Kernel.decide` runs the stages, a tuple of
functions over arrays. Pure: no clock, no chance, no file, no store. One household or thousands, inbound,
campaign or trigger: the same code and, for the same situation, the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from hogar.decide.asked import Asked, asked_of, is_seasonal
from hogar.decide.binding import (
    CONDITIONS_MAX,
    ScopeBinding,
    bind_scope,
    columns_by_name,
    offer_names,
)
from hogar.decide.candidates import Candidates
from hogar.decide.decisions import Decisions
from hogar.decide.reasons import Reason, house_reasons, policy_reasons
from hogar.decide.situation import Situation
from hogar.decide.stages import STAGES
from hogar.errors import HogarError
from hogar.strategy.levers import PULL_MAX
from hogar.strategy.types import Action, Strategy
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import MESSAGE_CLASSES
from hogar.telco.profile import ProfileSchema
from hogar.telco.roles import ROLES


class BindingError(HogarError):
    """The strategy does not fit the published profile version."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Kernel:
    """A strategy bound to a profile version. Arrays are by action in the strategy's order.

    `needs_*` say whose data an action rests on; `role_sets` are the distinct sets of roles needed, a row each, filled
    up with one past the last role; `kind` tells apart what actions ask of recipients and channels. `per_household` says
    of each contact rule, a row, whether it counts the household's, `seasonal` whether the local day matters; `asked`
    keeps what was found for the kinds of request seen so far.
    """

    strategy: Strategy
    schema: ProfileSchema
    scopes: Mapping[Entity, ScopeBinding]
    used_columns: Mapping[Entity, tuple[int, ...]]
    offer_slots: Mapping[Entity, Mapping[tuple[str, str], int]]
    offer_positions: Mapping[Entity, Mapping[int, tuple[tuple[str, int], ...]]]
    offer_defaults: Mapping[Entity, npt.NDArray[np.float64]]
    reasons: tuple[Reason, ...]
    code_base: npt.NDArray[np.uint16]
    action_of: npt.NDArray[np.intp]
    marketing: npt.NDArray[np.bool_]
    message_class: npt.NDArray[np.intp]
    needs_person: npt.NDArray[np.bool_]
    needs_payer: npt.NDArray[np.bool_]
    needs_aggregate: npt.NDArray[np.bool_]
    cost: npt.NDArray[np.int64]
    yes: npt.NDArray[np.float64]
    role_set: npt.NDArray[np.intp]
    role_sets: npt.NDArray[np.intp]
    kind: npt.NDArray[np.intp]
    per_household: npt.NDArray[np.bool_]
    seasonal: bool
    asked: dict[Any, Asked] = field(default_factory=dict, repr=False)

    def decide(self, situation: Situation) -> Decisions:
        """Decide for every household of the situation."""
        candidates = Candidates(asked=asked_of(self, situation))
        for stage in STAGES:
            candidates = stage(candidates, self, situation)
        return Decisions(kernel=self, situation=situation, candidates=candidates)


def bind(strategy: Strategy, schema: ProfileSchema) -> Kernel:
    """Lay the strategy out over the profile version. Raises `BindingError` where a name is not published."""
    actions, channels = strategy.actions, strategy.policies.channels.values()
    used, slots, positions, defaults = _used(actions, schema)
    columns = columns_by_name(schema, used, slots, strategy.event_fields)
    role_sets = sorted(
        {tuple(sorted(ROLES.index(role) for role in action.roles_needed)) for action in actions}
    )
    reasons, code_base = _reasons(strategy)
    if any(cents < 0 for cents in (*(a.cost_cents for a in actions), *(c.cost_cents for c in channels))):
        raise BindingError("a cost is below 0; what is worth more belongs into the value")
    for action in actions:
        if not 0 <= (most := _pull_max(action)) <= PULL_MAX:
            raise BindingError(
                f"urgency and levers may pull action `{action.key}` {most:g} times, {PULL_MAX:g} allowed: "
                "the largest value would not fit into a score"
            )
    return Kernel(
        strategy=strategy, schema=schema, used_columns=used, offer_slots=slots, offer_positions=positions,
        offer_defaults=defaults, reasons=reasons, code_base=code_base, action_of=_action_of(actions),
        kind=_kinds(actions),
        per_household=np.array(
            [rule.per == "household" for rule in strategy.policies.contact_rules], dtype=np.bool_
        ).reshape(-1, 1),
        scopes={
            entity: bind_scope(entity, [(n, a) for n, a in enumerate(actions) if a.scope == entity], columns)
            for entity in ENTITIES
        },
        marketing=np.array([action.message_class == "marketing" for action in actions], dtype=np.bool_),
        message_class=np.array([MESSAGE_CLASSES.index(a.message_class) for a in actions], dtype=np.intp),
        needs_person=np.array(["person" in action.needs for action in actions], dtype=np.bool_),
        needs_payer=np.array(["payer" in action.needs for action in actions], dtype=np.bool_),
        needs_aggregate=np.array(["aggregate" in action.needs for action in actions], dtype=np.bool_),
        cost=np.array([action.cost_cents for action in actions], dtype=np.int64),
        yes=np.array([strategy.roles.yes[role] for role in ROLES], dtype=np.float64),
        role_set=np.array(
            [role_sets.index(tuple(sorted(ROLES.index(r) for r in a.roles_needed))) for a in actions], dtype=np.intp
        ),
        role_sets=np.array(
            [[*roles, *[len(ROLES)] * (len(ROLES) - len(roles))] for roles in role_sets], dtype=np.intp
        ).reshape(len(role_sets), len(ROLES)),
        seasonal=is_seasonal(strategy),
    )  # fmt: skip


def _pull_max(action: Action) -> float:
    """The largest weight that a day may bring, were all levers that raise it to meet; -1 where one is below 0."""
    weights = [action.weight_permille / 1000, *(each.weight for each in action.timed)]
    if not all(each >= 0 for each in weights):  # nor is what is no number
        return -1.0
    return weights[0] * math.prod(max(each, 1.0) for each in weights[1:])


def _kinds(actions: tuple[Action, ...]) -> npt.NDArray[np.intp]:
    """Each action's kind: actions of one kind ask the same of recipients and channels."""
    kinds: dict[Any, int] = {}
    asks = [
        (a.message_class, a.needs, frozenset(a.roles_needed), frozenset(t.channel for t in a.treatments))
        for a in actions
    ]
    return np.array([kinds.setdefault(each, len(kinds)) for each in asks], dtype=np.intp)


def _action_of(actions: tuple[Action, ...]) -> npt.NDArray[np.intp]:
    """The action at (scope, place among the scope's actions); -1 beyond."""
    table = np.full((len(ENTITIES), max(len(actions), 1)), -1, dtype=np.intp)
    for number, entity in enumerate(ENTITIES):
        of_scope = [index for index, action in enumerate(actions) if action.scope == entity]
        table[number, : len(of_scope)] = of_scope
    return table


_Used = tuple[
    dict[Entity, tuple[int, ...]],
    dict[Entity, dict[tuple[str, str], int]],
    dict[Entity, dict[int, tuple[tuple[str, int], ...]]],
    dict[Entity, npt.NDArray[np.float64]],
]


def _used(actions: tuple[Action, ...], schema: ProfileSchema) -> _Used:
    """Which published columns and which facts about which offers the strategy reads, by entity."""
    published: dict[str, tuple[Entity, int]] = {
        column.name: (entity, position)
        for entity in ENTITIES
        for position, column in enumerate(schema.columns(entity))
    }
    columns: dict[Entity, set[int]] = {entity: set() for entity in ENTITIES}
    facts: dict[Entity, set[tuple[str, str]]] = {entity: set() for entity in ENTITIES}
    for action in actions:
        if len(action.conditions) > CONDITIONS_MAX:
            raise BindingError(
                f"{action.place}: more than {CONDITIONS_MAX} conditions in action `{action.key}`"
            )
        for expression in (*(c.expression for c in action.conditions), action.interest, action.value):
            offers = offer_names(expression, action)
            for name in expression.names:
                if name in offers:
                    entity, offer, fact = offers[name]
                    facts[entity].add((offer, fact))
                elif name in published:
                    entity, position = published[name]
                    columns[entity].add(position)
                elif not name.startswith(("event.", "context.")):
                    raise BindingError(
                        f"{expression.place}: `{name}` is not in the published profile {schema.version[:12]}; "
                        "run `hogar build` after a change of the features"
                    )
    code = {offer: number for number, offer in enumerate(schema.offers)}
    slots = {entity: {fact: slot for slot, fact in enumerate(sorted(facts[entity]))} for entity in ENTITIES}
    positions: dict[Entity, dict[int, tuple[tuple[str, int], ...]]] = {}
    for entity in ENTITIES:
        by_offer: dict[int, tuple[tuple[str, int], ...]] = {}
        for (offer, fact), slot in slots[entity].items():
            if offer in code:
                by_offer[code[offer]] = (*by_offer.get(code[offer], ()), (fact, slot))
        positions[entity] = by_offer
    defaults = {
        entity: np.array([0.0 if fact in ("owned", "ordered") else np.nan for _, fact in slots[entity]])
        for entity in ENTITIES
    }
    return {entity: tuple(sorted(columns[entity])) for entity in ENTITIES}, slots, positions, defaults


def _reasons(strategy: Strategy) -> tuple[tuple[Reason, ...], npt.NDArray[np.uint16]]:
    """Every reason by code, and the first code of each action's conditions (two codes a condition)."""
    reasons = house_reasons()
    reasons += policy_reasons(strategy.policies)
    bases: list[int] = []
    for action in strategy.actions:
        bases.append(len(reasons))
        for condition in action.conditions:
            words = condition.because or f"{condition.kind}: {condition.text}"
            for unknown in (False, True):
                reasons.append(
                    Reason(
                        name=condition.kind, stage="eligibility", words=words, unknown=unknown,
                        place=condition.place, text=condition.text,
                    )
                )  # fmt: skip
    if len(reasons) > np.iinfo(np.uint16).max:
        raise BindingError(f"{len(reasons)} reasons, but a code has room for 65,535: split the strategy")
    return tuple(reasons), np.array(bases, dtype=np.uint16)
