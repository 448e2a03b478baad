"""What does a comparison say? Counts and sums as values that people and machines read; money in euros.

Takes the sums of all parts. Everything expected is by the models' own probabilities: nobody was contacted.
Before: `comparison`. After: `picture`, `hogar whatif`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from hogar.decide.reasons import words_by_name
from hogar.runtime.whatif.counts import ROLE_NAMES, STEPS, Counts, Side
from hogar.runtime.whatif.tally import PartTally, SideTally
from hogar.runtime.whatif.task import WhatifTask
from hogar.strategy.types import Strategy
from hogar.telco.channels import CHANNELS

MOVES_MAX = 50
NOTHING = ""
"""Stands for no action in a move."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two strategies."""

    strategy: str
    objective: str
    actions: int


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """How many got as far as one step."""

    households: int
    persons: int
    candidates: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way, in the order in which the kernel asks."""

    step: str
    means: str
    before: Reached
    after: Reached


class Fallen(msgspec.Struct, frozen=True, kw_only=True):
    """How many candidates fell for one reason, as a code and in words."""

    stage: str
    reason: str
    words: str
    before: int
    after: int


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Proposals and what the models expect of them: acceptances, probability x value, and scores (less costs)."""

    proposals: int
    accepted: float
    value_eur: float
    score_eur: float


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One group's proposals before and after: an action, a role, a channel."""

    name: str
    before: Expected
    after: Expected


class ActionCompared(msgspec.Struct, frozen=True, kw_only=True):
    """One action: `is_new` and `is_gone` by the strategies' files; `won` and `lost` are households that hear of it
    only after, and only before."""

    action: str
    is_new: bool
    is_gone: bool
    won: int
    lost: int
    before: Expected
    after: Expected


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """How often the leading proposal of a household became another; empty is no proposal at all."""

    before: str
    after: str
    households: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group of the base: how large, how many qualify by every condition, and the proposals."""

    group: str
    size: int
    qualify_before: int
    qualify_after: int
    before: Expected
    after: Expected


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """The base split by one feature; sizes are persons where the feature is a person's, else households."""

    by: str
    of: str
    groups: tuple[Group, ...]


class WhatifReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a comparison says. `looks` is how often a household was asked: at the inbound door each member who
    is no minor comes once through each channel. `households` were looked at, of `base_households`."""

    mode: str
    channels: tuple[str, ...]
    campaign: str | None
    at: str
    profile: str
    before: Named
    after: Named
    households: int
    base_households: int
    persons: int
    looks: int
    control: int
    changed: int
    total: Compared
    funnel: tuple[Step, ...]
    fallen: tuple[Fallen, ...]
    actions: tuple[ActionCompared, ...]
    moves: tuple[Move, ...]
    splits: tuple[Split, ...]
    roles: tuple[Compared, ...]
    channels_compared: tuple[Compared, ...]
    nobody_contacted: bool = True
    expected_by: str = "the models' own probabilities"


def report_of(
    task: WhatifTask,
    strategies: Sequence[Strategy],
    sides: Sequence[Side],
    keys: Sequence[str],
    total: PartTally,
    *,
    of_households: int,
) -> WhatifReport:
    """The sums of all parts in words and euros."""
    before, after = total.before, total.after
    own = [{action.key for action in one.actions} for one in strategies]
    named = [
        Named(strategy=one.hash, objective=one.objective, actions=len(one.actions)) for one in strategies
    ]
    return WhatifReport(
        mode=task.question.mode, channels=task.question.channels,
        campaign=task.question.campaign, at=task.now.isoformat(), profile=task.profile,
        before=named[0], after=named[1], households=total.homes, base_households=of_households,
        persons=total.people, looks=total.asked, control=total.control, changed=total.changed,
        total=Compared(
            name="all", before=_expected(before.actions.sum(axis=0)), after=_expected(after.actions.sum(axis=0))
        ),
        funnel=_funnel(sides, before, after), fallen=_fallen(sides, before, after),
        actions=tuple(
            ActionCompared(
                action=key, is_new=key not in own[0], is_gone=key not in own[1], won=int(total.won[n]),
                lost=int(total.lost[n]), before=_expected(before.actions[n]), after=_expected(after.actions[n]),
            )
            for n, key in enumerate(keys)
        ),
        moves=_moves(keys, total.moves), splits=_splits(task, before, after),
        roles=_compared(ROLE_NAMES, before.roles, after.roles),
        channels_compared=_compared(CHANNELS, before.channels, after.channels),
    )  # fmt: skip


def _expected(measures: Counts) -> Expected:
    proposals, accepted, value, score = measures.tolist()
    return Expected(
        proposals=proposals,
        accepted=accepted / 1e6,
        value_eur=round(value / 1e8, 2),
        score_eur=round(score / 1e8, 2),
    )


def _funnel(sides: Sequence[Side], before: SideTally, after: SideTally) -> tuple[Step, ...]:
    reached = [_reached(side, tally) for side, tally in zip(sides, (before, after), strict=True)]
    return tuple(
        Step(step=name, means=means, before=reached[0][n], after=reached[1][n])
        for n, (name, means) in enumerate(STEPS)
    )


def _reached(side: Side, tally: SideTally) -> list[Reached]:
    """A step is reached by all that fell behind it."""
    candidates = np.zeros(len(STEPS) + 1, dtype=np.int64)
    for (depth, _, _), count in zip(side.reasons, tally.reasons.sum(axis=0).tolist(), strict=True):
        candidates[depth] += count
    so_far = [
        np.flip(np.cumsum(np.flip(counts))).tolist()
        for counts in (tally.households, tally.persons, candidates)
    ]
    return [
        Reached(households=so_far[0][n + 1], persons=so_far[1][n + 1], candidates=so_far[2][n + 1])
        for n in range(len(STEPS))
    ]


def _fallen(sides: Sequence[Side], before: SideTally, after: SideTally) -> tuple[Fallen, ...]:
    counts = [
        dict(zip(side.reasons, tally.reasons.sum(axis=0).tolist(), strict=True))
        for side, tally in zip(sides, (before, after), strict=True)
    ]
    reasons = sorted({reason for side in sides for reason in side.reasons if reason[0] < len(STEPS)})
    said = {name: words for side in sides for name, words in words_by_name(side.kernel.reasons).items()}
    found = [(stage, name, *(one.get((at, stage, name), 0) for one in counts)) for at, stage, name in reasons]
    return tuple(
        Fallen(stage=stage, reason=name, words=said[name], before=old, after=new)
        for stage, name, old, new in found
        if old or new
    )


def _moves(keys: Sequence[str], moves: Counts) -> tuple[Move, ...]:
    """The most frequent changes of who leads."""
    names = (*keys, NOTHING)
    found = [
        Move(before=names[old], after=names[new], households=int(moves[old, new]))
        for old, new in zip(*(places.tolist() for places in moves.nonzero()), strict=True)
        if old != new
    ]
    return tuple(sorted(found, key=lambda move: (-move.households, move.before, move.after))[:MOVES_MAX])


def _splits(task: WhatifTask, before: SideTally, after: SideTally) -> tuple[Split, ...]:
    qualify = 1 + [name for name, _ in STEPS].index("suitable")
    return tuple(
        Split(
            by=grouping.feature, of="persons" if grouping.of_person else "households",
            groups=tuple(
                Group(
                    group=name, size=int(before.reached[n][g].sum()),
                    qualify_before=int(before.reached[n][g][qualify:].sum()),
                    qualify_after=int(after.reached[n][g][qualify:].sum()),
                    before=_expected(before.groupings[n][g]), after=_expected(after.groupings[n][g]),
                )
                for g, name in enumerate(grouping.names)
                if before.reached[n][g].sum()
            ),
        )
        for n, grouping in enumerate(task.groupings)
    )  # fmt: skip


def _compared(names: Sequence[str], before: Counts, after: Counts) -> tuple[Compared, ...]:
    return tuple(
        Compared(name=name, before=_expected(old), after=_expected(new))
        for name, old, new in zip(names, before, after, strict=True)
        if old[0] or new[0]
    )
