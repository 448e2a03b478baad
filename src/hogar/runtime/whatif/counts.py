"""What did a batch of decisions come to? Counts that add up: by step and reason, by action, grouping, role and channel.

Reads what the kernel decided for a batch; returns arrays of integers, so parts may be added in any order and by any
number of processes. Money is kept in millionths of a cent. Before: `task`. After: `report`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar.decide import Decisions, Kernel
from hogar.decide.reasons import PROPOSED, Reason, reason_name
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.channels import CHANNELS
from hogar.telco.roles import ROLES

Counts = npt.NDArray[np.int64]
Index = npt.NDArray[np.intp]

STEPS: tuple[tuple[str, str], ...] = (
    ("looked_at", "looked at, with every action"),
    ("asked_for", "asked for, nothing stops it"),
    ("not_control", "outside the control group"),
    ("house_rules", "within the house's rules"),
    ("eligible", "eligible"),
    ("applicable", "applicable"),
    ("suitable", "suitable"),
    ("reachable", "may be said to somebody"),
    ("known", "interest and value are known"),
    ("gain", "worth more than asking costs"),
    ("proposed", "proposed"),
)
"""The steps in the order in which the kernel asks, and what it means to have got so far."""

MEASURES = ("proposals", "accepted", "value", "score")
"""Of proposals: how many; their probabilities in millionths; probability x value and score in micro-cents."""
ROLE_NAMES = (*ROLES, "none")
"""What a recipient holds with a probability of at least a half; he may hold several, so roles do not add up."""
_ROLE_STATED_MIN = 0.5
_STEP_OF_STAGE = {
    "arms": 1, "routes": 7, "propensity": 8, "decision_chain": 8, "value": 8, "arbitration": 9, "selection": 10,
}  # fmt: skip
_STEP_OF_KIND = {"eligible": 4, "applicable": 5, "suitable": 6}


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One strategy's kernel, and what its codes mean: `depth` has the steps passed, by code.

    `reasons` are (steps passed, stage, name) in that order; `actions` are the places of the strategy's actions among
    those of both strategies; `cells` say for each scope where a count of codes goes in a table (actions, reasons).
    """

    kernel: Kernel
    reasons: tuple[tuple[int, str, str], ...]
    cells: Mapping[Entity, Index]
    depth: npt.NDArray[np.uint8]
    actions: Index

    @staticmethod
    def of(kernel: Kernel, keys: Sequence[str]) -> Side:
        """The side over the kernel; `keys` are the actions of both strategies in order."""
        depth = [len(STEPS) if code == PROPOSED else _falls_at(r) for code, r in enumerate(kernel.reasons)]
        named = [(at, r.stage, reason_name(r)) for at, r in zip(depth, kernel.reasons, strict=True)]
        reasons = tuple(sorted(set(named)))
        number = {reason: place for place, reason in enumerate(reasons)}
        place = {key: index for index, key in enumerate(keys)}
        kind = np.array([number[reason] for reason in named], dtype=np.intp)
        actions = np.array([place[action.key] for action in kernel.strategy.actions], dtype=np.intp)
        return Side(
            kernel=kernel, reasons=reasons, depth=np.array(depth, dtype=np.uint8), actions=actions,
            cells={entity: _cells(kernel, entity, kind, actions, len(reasons)) for entity in kernel.scopes},
        )  # fmt: skip


def _shared(kernel: Kernel) -> int:
    """How many codes are the house's, for every action; those behind them are one condition's of one action."""
    return int(kernel.code_base.min()) if len(kernel.code_base) else len(kernel.reasons)


def _cells(kernel: Kernel, entity: Entity, kind: Index, actions: Index, reasons: int) -> Index:
    """Where each counted code of a scope goes: the conditions' codes as they are, then the house's for each action."""
    width, shared = len(kernel.reasons), _shared(kernel)
    own = kernel.scopes[entity].actions
    cells = np.zeros(width + shared * len(own), dtype=np.intp)
    for place, action in enumerate(own.tolist()):
        row, base = int(actions[action]) * reasons, int(kernel.code_base[action])
        length = 2 * len(kernel.strategy.actions[action].conditions)
        cells[base : base + length] = row + kind[base : base + length]
        start = width + shared * place
        cells[start : start + shared] = row + kind[:shared]
    return cells


def _falls_at(reason: Reason) -> int:
    if reason.stage == "eligibility":
        return _STEP_OF_KIND.get(reason.name, 3)
    return 2 if reason.name == "control_group" else _STEP_OF_STAGE.get(reason.stage, 7)


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen:
    """What a batch proposes, a row a proposal, the best of each household first. Money in micro-cents."""

    household: Index
    first: npt.NDArray[np.bool_]
    action: Index
    person: Index
    holds: npt.NDArray[np.bool_]
    channel: Index
    measures: Counts

    @staticmethod
    def of(side: Side, decisions: Decisions, homes: Index, people: Index) -> Chosen:
        """The proposals of one side's decisions; `homes` and `people` number the batch's households and persons."""
        found, situation = decisions.candidates, decisions.situation
        candidate, row, channel, probability, score = found.chosen.T
        household, person = found.household[candidate], found.route_person[row]
        first = np.ones(len(household), dtype=np.bool_)
        first[1:] = household[1:] != household[:-1]
        names = found.asked.channel_names
        holds = situation.roles[person] >= _ROLE_STATED_MIN
        return Chosen(
            household=homes[household], first=first, action=side.actions[found.action[candidate]],
            person=people[person], holds=np.column_stack([holds, ~holds.any(axis=1)]),
            channel=np.array([CHANNELS.index(name) for name in names], dtype=np.intp)[channel],
            measures=np.stack(
                [
                    np.ones(len(row), dtype=np.int64), probability,
                    probability * found.value_cents[candidate], score,
                ],
                axis=1,
            ),
        )  # fmt: skip

    def by(self, groups: Index, count: int) -> Counts:
        """The measures summed by group: shape (count, measures)."""
        totals = np.zeros((count, len(MEASURES)), dtype=np.int64)
        np.add.at(totals, groups, self.measures)
        return totals


def reason_counts(side: Side, decisions: Decisions, actions: int) -> Counts:
    """Candidates by action (of both strategies) and by reason of this side: shape (actions, reasons)."""
    kernel, width = side.kernel, len(side.kernel.reasons)
    shared = _shared(kernel)
    counts = np.zeros(actions * len(side.reasons), dtype=np.int64)
    for entity, cells in side.cells.items():
        codes = decisions.codes[entity]
        if not codes.size:
            continue
        # a condition's code says whose it is; the house's do not, so they get a place of their own for each action
        key = codes.astype(np.intp)
        offsets = width + shared * np.arange(codes.shape[1], dtype=np.intp)
        np.add(key, offsets, out=key, where=key < shared)
        np.add.at(counts, cells, np.bincount(key.ravel(), minlength=len(cells)))
    return counts.reshape(actions, len(side.reasons))


def depths(side: Side, decisions: Decisions) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """How many steps the best candidate of each household, and about each person, has passed.

    About a person is what is proposed for him, for a line that he uses, or for his household.
    """
    situation = decisions.situation
    best: dict[Entity, npt.NDArray[np.uint8]] = {}
    for entity in ENTITIES:
        codes = decisions.codes[entity]
        best[entity] = side.depth[codes].max(axis=1) if codes.size else np.zeros(len(codes), dtype=np.uint8)
    household, person = best["household"].copy(), best["person"].copy()
    used = situation.line_user >= 0
    np.maximum.at(person, situation.line_user[used], best["line"][used])
    np.maximum.at(household, situation.line_household, best["line"])
    if len(person):
        own = best["household"]
        np.maximum.at(household, situation.person_household, person)
        person = np.maximum(person, own[situation.person_household])
    return household, person
