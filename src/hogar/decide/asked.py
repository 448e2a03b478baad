"""What does this kind of request ask of the kernel? Everything that depends on the request but not on the people.

Found once for a mode, its channels and actions, the capacities that are full and, where the strategy knows seasons,
the local day; kept with the kernel: most requests look alike.
Channel arrays are in the order of the channels asked for, by name; that order breaks ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from hogar.decide.candidates import MICRO, Codes, Index
from hogar.decide.days import local_day
from hogar.decide.reasons import NOT_ASKED, NOT_IN_SEASON, STOPPED, PolicyCodes
from hogar.decide.situation import Ints
from hogar.expr import Rules
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, MESSAGE_CLASSES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Request, Situation
    from hogar.strategy.types import Action, ChannelPolicy, ContactRule, Policies, Strategy

KEPT_MAX = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Asked:
    """`codes` has 0 for actions asked for, else why not. `columns`, `rules` and `bases` (first codes) are those of
    each scope's actions asked for. `treatment` has shape (channels, actions), `all_speakable` says that it is all true
    for actions asked for, `needs_some` that one of them rests on somebody's data. `consent_bits` is 0 where a channel
    needs no consent (inbound), `quiet` are the outbound channels that are ever silent. `counts` says which contact
    rule counts which message class through which channel (an inbound one impresses): (rules, classes, channels).
    `closed` has shape (channels, actions): 0, or the code of the calendar entry or the full capacity that closes
    the route; `some_closed` says that there is one. `weight` is each action's on this day, in permille, `cost_micro`
    (channels, actions) what asking costs in micro-cents. Actions of one `kind` have the same routes to one subject.
    """

    channel_names: tuple[str, ...]
    codes: Codes
    columns: Mapping[Entity, Index]
    rules: Mapping[Entity, Rules]
    bases: Mapping[Entity, Codes]
    treatment: npt.NDArray[np.bool_]
    all_speakable: bool
    needs_some: bool
    reach: npt.NDArray[np.float64]
    message_cents: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]
    classes: Index
    consent_bits: npt.NDArray[np.int32]
    quiet: tuple[tuple[int, ChannelPolicy], ...]
    closed: Codes
    some_closed: bool
    weight: npt.NDArray[np.int64]
    cost_micro: npt.NDArray[np.int64]
    kind: Index
    kinds: int


def asked_of(kernel: Kernel, situation: Situation) -> Asked:
    """What the situation's request asks of this kernel."""
    request = situation.request
    key = (
        situation.mode, request.channels, request.stopped_channels, request.actions, request.stopped_actions,
        request.full_capacities,
        local_day(situation.now, situation.local_weekday) if kernel.seasonal else None,
    )  # fmt: skip
    found = kernel.asked.get(key)
    if found is None:
        if len(kernel.asked) >= KEPT_MAX:
            kernel.asked.clear()
        found = kernel.asked[key] = _find(kernel, situation)
    return found


def _find(kernel: Kernel, situation: Situation) -> Asked:
    strategy, request = kernel.strategy, situation.request
    today = local_day(situation.now, situation.local_weekday)
    wanted = None if request.actions is None else set(request.actions)
    codes = np.array(
        [
            NOT_ASKED
            if situation.mode not in action.modes or (wanted is not None and action.key not in wanted)
            else _asleep(strategy.policies, action, request, today)
            for action in strategy.actions
        ],
        dtype=np.uint16,
    )
    names = tuple(
        name
        for name in sorted(strategy.policies.channels)
        if name in request.channels and name not in request.stopped_channels
    )
    wanted_actions = codes == 0
    treatment = np.array(
        [
            [any(t.channel == name for t in action.treatments) for action in strategy.actions]
            for name in names
        ],
        dtype=np.bool_,
    ).reshape(len(names), len(strategy.actions))
    needs = kernel.needs_person | kernel.needs_payer | kernel.needs_aggregate
    columns = {entity: np.flatnonzero(codes[kernel.scopes[entity].actions] == 0) for entity in ENTITIES}
    policies = [strategy.policies.channels[name] for name in names]
    closed = _closed(strategy, names, request, today)
    kinds, kind = np.unique(np.vstack((kernel.kind, closed)), axis=1, return_inverse=True)
    cost = np.array([one.cost_cents + kernel.cost for one in policies], dtype=np.int64)
    return Asked(
        channel_names=names, codes=codes, columns=columns,
        bases={entity: kernel.code_base[kernel.scopes[entity].actions[columns[entity]]] for entity in ENTITIES},
        rules={entity: _only(kernel.scopes[entity].rules, columns[entity]) for entity in ENTITIES},
        treatment=treatment, all_speakable=bool(treatment[:, wanted_actions].all()) and bool(names),
        needs_some=bool(needs[wanted_actions].any()),
        reach=np.array([policy.reach for policy in policies], dtype=np.float64),
        message_cents=np.array([policy.cost_cents for policy in policies], dtype=np.int64),
        counts=_counts(strategy.policies.contact_rules, names),
        classes=np.unique(kernel.message_class[codes == 0]),
        consent_bits=np.array(
            [0 if name in INBOUND_CHANNELS else 1 << CHANNELS.index(name) for name in names], dtype=np.int32
        ),
        quiet=tuple(
            (n, policies[n])
            for n, name in enumerate(names)
            if name not in INBOUND_CHANNELS and (policies[n].quiet_days or policies[n].quiet_from_minute is not None)
        ),
        closed=closed, some_closed=bool(closed.any()), kind=kind.reshape(-1), kinds=kinds.shape[1],
        cost_micro=cost.reshape(treatment.shape) * MICRO,
        weight=np.array([action.weight_on(today) for action in strategy.actions], dtype=np.int64),
    )  # fmt: skip


def is_seasonal(strategy: Strategy) -> bool:
    """Whether what a request asks depends on the day."""
    policies = strategy.policies
    seasons = [
        *(action.season for action in strategy.actions),
        *(each.season for action in strategy.actions for each in action.timed),
        *(entry.season for entry in policies.calendar),
        *(one.season for one in policies.suppressions if one.for_all),
    ]
    return not all(season.is_always for season in seasons)


def _asleep(policies: Policies, action: Action, request: Request, today: date) -> int:
    """Why an action is out for everybody today, or 0."""
    if action.key in policies.suppressed_actions or action.key in request.stopped_actions:
        return STOPPED
    said = {treatment.channel for treatment in action.treatments}.intersection(request.channels)
    if said and said.issubset(request.stopped_channels):
        return STOPPED
    if not action.season.holds(today):
        return NOT_IN_SEASON
    if action.message_class == "legal":
        return 0
    for number, one in enumerate(policies.suppressions):
        if one.for_all and one.names(action.key, action.offering, action.purpose) and one.season.holds(today):
            return PolicyCodes.of(policies).suppressions + number
    return 0


def _closed(strategy: Strategy, names: tuple[str, ...], request: Request, today: date) -> Codes:
    """Which calendar entry of today or which full capacity closes a channel for an action: the first of them."""
    policies, first = strategy.policies, PolicyCodes.of(strategy.policies)
    closed = np.zeros((len(names), len(strategy.actions)), dtype=np.uint16)
    entries = [(n, e) for n, e in enumerate(policies.calendar) if e.season.holds(today)]
    full = [(n, c) for n, c in enumerate(policies.capacities) if c.name in request.full_capacities]
    for channel, name in enumerate(names if entries or full else ()):
        for number, action in enumerate(strategy.actions):
            key, purpose, of_class = action.key, action.purpose, action.message_class
            codes = [first.calendar + n for n, e in entries if e.silences(name, key, purpose, of_class)]
            codes += [first.capacities + n for n, c in full if c.counts(name, key, of_class)]
            closed[channel, number] = codes[0] if codes else 0
    return closed


def blocked_by(
    asked: Asked, situation: Situation, room_person: Ints, room_household: Ints
) -> npt.NDArray[np.bool_] | None:
    """Which contact rules have no room left for whom: shape (rules, message classes, channels, persons), or None."""
    full = np.minimum(room_person, room_household.take(situation.person_household, axis=1)) <= 0
    if not np.count_nonzero(full):
        return None
    blocked: npt.NDArray[np.bool_] = asked.counts[:, :, :, None] & full[:, None, None, :]
    return blocked


def of_rows(
    table: npt.NDArray[np.bool_], asked: Asked, message_class: Index, person: Index
) -> npt.NDArray[np.bool_]:
    """From a table by (message class, channel, person) what holds for each row: shape (channels, rows)."""
    if len(asked.classes) == 1:
        only: npt.NDArray[np.bool_] = table[int(asked.classes[0])].take(person, axis=1)
        return only
    rows: npt.NDArray[np.bool_] = np.ascontiguousarray(table[message_class, :, person].T)
    return rows


def _counts(rules: tuple[ContactRule, ...], names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    return np.array(
        [
            [
                [
                    message_class in rule.message_classes
                    and name in rule.channels
                    and (rule.kind == "impression") == (name in INBOUND_CHANNELS)
                    for name in names
                ]
                for message_class in MESSAGE_CLASSES
            ]
            for rule in rules
        ],
        dtype=np.bool_,
    ).reshape(len(rules), len(MESSAGE_CLASSES), len(names))


def _only(rules: Rules, columns: Index) -> Rules:
    return rules if len(columns) == rules.count else rules.only(columns)
