"""How does one part of the base differ under two strategies? Both sides' counts, and who hears something else.

Takes what both strategies decided for the same households; gives sums that may be added in any order. Households and
persons count once, at the furthest step that any of their candidates reached. Before: `task`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hogar.decide import Decisions
from hogar.runtime.whatif.counts import (
    MEASURES,
    ROLE_NAMES,
    STEPS,
    Chosen,
    Counts,
    Index,
    Side,
    depths,
    reason_counts,
)
from hogar.runtime.whatif.groupings import Grouping
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import HouseholdProfile

Row = tuple[str, ...]
"""A household that hears something else: its id, then twice action, subject, recipient, channel, expected euros."""


@dataclass(kw_only=True, eq=False)
class SideTally:
    """One strategy's counts: `reasons` by action and reason, `households` and `persons` by the step they reached."""

    reasons: Counts
    households: Counts
    persons: Counts
    actions: Counts
    roles: Counts
    channels: Counts
    groupings: list[Counts]
    reached: list[Counts]

    def add(self, other: SideTally) -> None:
        """Take in another part's."""
        for name in ("reasons", "households", "persons", "actions", "roles", "channels"):
            getattr(self, name).__iadd__(getattr(other, name))
        for mine, theirs in zip(
            (*self.groupings, *self.reached), (*other.groupings, *other.reached), strict=True
        ):
            mine += theirs


@dataclass(kw_only=True, eq=False)
class PartTally:
    """What both strategies came to over a part: `moves` by leading action (before, after), the last for none.

    `won` and `lost` are by action: households that hear of it only after, only before. `asked` are situations.
    """

    homes: int
    people: int
    asked: int
    control: int
    changed: int
    before: SideTally
    after: SideTally
    moves: Counts
    won: Counts
    lost: Counts
    rows: list[Row]

    def add(self, other: PartTally) -> None:
        """Take in another part's; its rows are the file's business."""
        self.homes += other.homes
        self.people += other.people
        self.asked += other.asked
        self.control += other.control
        self.changed += other.changed
        self.before.add(other.before)
        self.after.add(other.after)
        self.moves += other.moves
        self.won += other.won
        self.lost += other.lost


class Adding:
    """Counts one part while it is decided: `take` what both strategies said, then `done`."""

    def __init__(
        self,
        homes: Sequence[HouseholdProfile],
        groupings: Sequence[Grouping],
        sides: tuple[Side, Side],
        actions: int,
        *,
        rows: bool,
    ) -> None:
        self.homes, self.groupings, self.sides, self.actions = homes, groupings, sides, actions
        self.wants_rows = rows
        self.groups = [grouping.groups(homes) for grouping in groupings]
        self.person_start = np.cumsum([0, *(len(home.members) for home in homes)])
        people = int(self.person_start[-1])
        self.household_depth = [np.zeros(len(homes), dtype=np.uint8) for _ in sides]
        self.person_depth = [np.zeros(people, dtype=np.uint8) for _ in sides]
        self.control = np.zeros(len(homes), dtype=np.bool_)
        before, after = (self._empty(side) for side in sides)
        self.tally = PartTally(
            homes=len(homes), people=people, asked=0, control=0, changed=0, before=before, after=after,
            moves=np.zeros((actions + 1, actions + 1), dtype=np.int64), won=np.zeros(actions, dtype=np.int64),
            lost=np.zeros(actions, dtype=np.int64), rows=[],
        )  # fmt: skip

    def take(self, before: tuple[Index, Decisions], after: tuple[Index, Decisions]) -> None:
        """Count what both said: the numbers of the households in the part, and their decisions."""
        said = [self._one(side, *looked) for side, looked in enumerate((before, after))]
        looked_at = np.union1d(before[0], after[0])
        self.tally.asked += len(looked_at)
        leads = [self._leads(one) for one in said]
        np.add.at(self.tally.moves, (leads[0][looked_at], leads[1][looked_at]), 1)
        old, new = (np.unique(one.household * self.actions + one.action) for one in said)
        for totals, keys in (
            (self.tally.won, np.setdiff1d(new, old)),
            (self.tally.lost, np.setdiff1d(old, new)),
        ):
            totals += np.bincount(keys % self.actions, minlength=self.actions) if len(keys) else 0
        changed = np.unique(np.setxor1d(self._keys(said[0]), self._keys(said[1])) // self._key_size)
        self.tally.changed += len(changed)
        if self.wants_rows:
            self._rows(changed, before, after)

    def done(self) -> PartTally:
        """The part's counts."""
        steps = len(STEPS) + 1
        self.tally.control = int(self.control.sum())
        for number, side in enumerate((self.tally.before, self.tally.after)):
            side.households += np.bincount(self.household_depth[number], minlength=steps)
            side.persons += np.bincount(self.person_depth[number], minlength=steps)
            for grouping, groups, reached in zip(self.groupings, self.groups, side.reached, strict=True):
                depth = (self.person_depth if grouping.of_person else self.household_depth)[number]
                reached += np.bincount(groups * steps + depth, minlength=reached.size).reshape(reached.shape)
        return self.tally

    def _empty(self, side: Side) -> SideTally:
        def zeros(*shape: int) -> Counts:
            return np.zeros(shape, dtype=np.int64)

        return SideTally(
            reasons=zeros(self.actions, len(side.reasons)), households=zeros(len(STEPS) + 1),
            persons=zeros(len(STEPS) + 1), actions=zeros(self.actions, len(MEASURES)),
            roles=zeros(len(ROLE_NAMES), len(MEASURES)), channels=zeros(len(CHANNELS), len(MEASURES)),
            groupings=[zeros(len(grouping.names), len(MEASURES)) for grouping in self.groupings],
            reached=[zeros(len(grouping.names), len(STEPS) + 1) for grouping in self.groupings],
        )  # fmt: skip

    def _one(self, number: int, numbers: Index, decisions: Decisions) -> Chosen:
        """Add one strategy's counts; its proposals with households and persons as numbers in the part."""
        side = self.sides[number]
        tally = self.tally.after if number else self.tally.before
        tally.reasons += reason_counts(side, decisions, self.actions)
        household, person = depths(side, decisions)
        people = self._people(numbers, decisions)
        np.maximum.at(self.household_depth[number], numbers, household)
        np.maximum.at(self.person_depth[number], people, person)
        self.control[numbers] |= decisions.candidates.control
        chosen = Chosen.of(side, decisions, numbers, people)
        tally.actions += chosen.by(chosen.action, self.actions)
        tally.roles += chosen.holds.T.astype(np.int64) @ chosen.measures
        tally.channels += chosen.by(chosen.channel, len(CHANNELS))
        for grouping, groups, totals in zip(self.groupings, self.groups, tally.groupings, strict=True):
            totals += chosen.by(
                groups[chosen.person if grouping.of_person else chosen.household], len(grouping.names)
            )
        return chosen

    def _people(self, numbers: Index, decisions: Decisions) -> Index:
        """The persons of the decided households, as numbers in the part."""
        starts = decisions.situation.person_start
        shift = self.person_start[numbers] - starts[:-1]
        return np.repeat(shift, np.diff(starts)) + np.arange(int(starts[-1]))

    def _leads(self, said: Chosen) -> Index:
        leads = np.full(len(self.homes), self.actions, dtype=np.intp)
        leads[said.household[said.first]] = said.action[said.first]
        return leads

    @property
    def _key_size(self) -> int:
        return self.actions * (int(self.person_start[-1]) + 1) * len(CHANNELS)

    def _keys(self, said: Chosen) -> Index:
        """One number a proposal: household, action, recipient and channel."""
        people = int(self.person_start[-1]) + 1
        return ((said.household * self.actions + said.action) * people + said.person) * len(
            CHANNELS
        ) + said.channel

    def _rows(self, changed: Index, before: tuple[Index, Decisions], after: tuple[Index, Decisions]) -> None:
        """A row for each household that hears something else: what leads before and after."""
        for number in changed.tolist():
            row = [self.homes[number].id]
            for numbers, decisions in (before, after):
                place = int(np.searchsorted(numbers, number))
                found = place < len(numbers) and numbers[place] == number
                lead = decisions.proposals(place)[:1] if found else []
                for one in lead:
                    expected = one.probability_micro * one.value_cents / 1e8
                    row += [one.action, one.subject, one.recipient, one.channel, f"{expected:.4f}"]
                row += [""] * (0 if lead else 5)
            self.tally.rows.append(tuple(row))
