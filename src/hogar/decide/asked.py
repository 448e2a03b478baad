"""What does this kind of request ask of the kernel? Everything that depends on the request but not on the people.

Found once for a mode, its channels and its actions, and kept with the kernel: most requests look alike.
Channel arrays are in the order of the channels asked for, by name; that order breaks ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from hogar.decide.candidates import Codes, Index
from hogar.decide.reasons import NOT_ASKED, STOPPED
from hogar.decide.situation import Ints
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, MESSAGE_CLASSES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation
    from hogar.strategy.types import ChannelPolicy, ContactRule

KEPT_MAX = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Asked:
    """`codes` has 0 for actions asked for, else why not. `columns`, `tables` and `bases` (first codes) are those of
    each scope's actions asked for. `treatment` has shape (channels, actions), `all_speakable` says that it is all true
    for actions asked for, `needs_some` that one of them rests on somebody's data. `consent_bits` is 0 where a channel
    needs no consent (inbound), `quiet` are the outbound channels that are ever silent. `counts` says which contact
    rule counts which message class through which channel (an inbound one impresses): (rules, classes, channels).
    """

    channel_names: tuple[str, ...]
    codes: Codes
    columns: Mapping[Entity, Index]
    tables: Mapping[Entity, npt.NDArray[np.uint8]]
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


def asked_of(kernel: Kernel, situation: Situation) -> Asked:
    """What the situation's request asks of this kernel."""
    request = situation.request
    key = (
        situation.mode, request.channels, request.stopped_channels, request.actions, request.stopped_actions,
    )  # fmt: skip
    found = kernel.asked.get(key)
    if found is None:
        if len(kernel.asked) >= KEPT_MAX:
            kernel.asked.clear()
        found = kernel.asked[key] = _find(kernel, situation)
    return found


def _find(kernel: Kernel, situation: Situation) -> Asked:
    strategy, request = kernel.strategy, situation.request
    stopped = {*strategy.policies.suppressed_actions, *request.stopped_actions}
    wanted = None if request.actions is None else set(request.actions)
    codes = np.array(
        [
            NOT_ASKED
            if situation.mode not in action.modes or (wanted is not None and action.key not in wanted)
            else STOPPED * (action.key in stopped)
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
    return Asked(
        channel_names=names, codes=codes, columns=columns,
        bases={entity: kernel.code_base[kernel.scopes[entity].actions[columns[entity]]] for entity in ENTITIES},
        tables={entity: _table(kernel.scopes[entity].table, columns[entity]) for entity in ENTITIES},
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
    )  # fmt: skip


def blocked_by(
    asked: Asked, situation: Situation, room_person: Ints, room_household: Ints
) -> npt.NDArray[np.bool_]:
    """Which contact rules have no room left for whom: shape (rules, message classes, channels, persons)."""
    full = (room_person <= 0) | (room_household <= 0)[:, situation.person_household]
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


def _table(table: npt.NDArray[np.uint8], columns: Index) -> npt.NDArray[np.uint8]:
    return table if len(columns) == table.shape[1] else np.ascontiguousarray(table[:, columns])
