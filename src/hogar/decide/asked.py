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
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, MESSAGE_CLASSES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation
    from hogar.strategy.types import ChannelPolicy, ContactRule

KEPT_MAX = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class RuleReach:
    """What one contact rule counts among what is asked: message classes, and channels (an inbound one impresses).

    `reach` is both together, of shape (message classes, channels, 1).
    """

    number: int
    per_person: bool
    classes: npt.NDArray[np.bool_]
    channels: npt.NDArray[np.bool_]
    reach: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Asked:
    """`codes` has 0 for actions asked for, else why not; `columns` and `tables` are those of each scope's asked
    actions; `treatment` has shape (channels, actions); `consent_bits` is 0 where a channel needs no consent (inbound);
    `quiet` are the outbound channels."""

    channel_names: tuple[str, ...]
    codes: Codes
    columns: Mapping[Entity, Index]
    tables: Mapping[Entity, npt.NDArray[np.uint8]]
    treatment: npt.NDArray[np.bool_]
    reach: npt.NDArray[np.float64]
    message_cents: npt.NDArray[np.int64]
    rules: tuple[RuleReach, ...]
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
    columns = {entity: np.flatnonzero(codes[kernel.scopes[entity].actions] == 0) for entity in ENTITIES}
    policies = [strategy.policies.channels[name] for name in names]
    return Asked(
        channel_names=names, codes=codes, columns=columns,
        tables={entity: _table(kernel.scopes[entity].table, columns[entity]) for entity in ENTITIES},
        treatment=np.array(
            [[any(t.channel == name for t in action.treatments) for action in strategy.actions] for name in names],
            dtype=np.bool_,
        ).reshape(len(names), len(strategy.actions)),
        reach=np.array([policy.reach for policy in policies], dtype=np.float64),
        message_cents=np.array([policy.cost_cents for policy in policies], dtype=np.int64),
        rules=tuple(_rule_reach(number, rule, names) for number, rule in enumerate(strategy.policies.contact_rules)),
        classes=np.unique(kernel.message_class[codes == 0]),
        consent_bits=np.array(
            [0 if name in INBOUND_CHANNELS else 1 << CHANNELS.index(name) for name in names], dtype=np.int32
        ),
        quiet=tuple((n, policies[n]) for n, name in enumerate(names) if name not in INBOUND_CHANNELS),
    )  # fmt: skip


def _rule_reach(number: int, rule: ContactRule, names: tuple[str, ...]) -> RuleReach:
    classes = np.array([name in rule.message_classes for name in MESSAGE_CLASSES], dtype=np.bool_)
    channels = np.array(
        [
            name in rule.channels and (rule.kind == "impression") == (name in INBOUND_CHANNELS)
            for name in names
        ],
        dtype=np.bool_,
    )
    return RuleReach(
        number=number, per_person=rule.per == "person", classes=classes, channels=channels,
        reach=(classes[:, None] & channels)[:, :, None],
    )  # fmt: skip


def _table(table: npt.NDArray[np.uint8], columns: Index) -> npt.NDArray[np.uint8]:
    return table if len(columns) == table.shape[1] else np.ascontiguousarray(table[:, columns])
