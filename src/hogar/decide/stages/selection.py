"""What is proposed? In rounds each household takes its best route that is left; counters drop; others wait.

Equal to choosing greedily one household at a time, since households are independent. Ties go to the smaller
action id, then subject, recipient, channel. Before: arbitration; the last stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.asked import Asked, of_rows
from hogar.decide.candidates import Candidates, Index, firsts
from hogar.decide.reasons import OUTRANKED, PROPOSED
from hogar.decide.situation import Ints
from hogar.decide.stages.arbitration import scores
from hogar.decide.stages.decision_chain import probability

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

Micro = npt.NDArray[np.int64]

_CLOSED = np.iinfo(np.int64).min + 1
_EVERYBODY = _CLOSED - 1  # the floor where nobody is left out
_NEAR_BITS = 2  # candidates above a quarter of a household's best are looked at first


def selection(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Choose at most `proposals_max` routes a household, the best first, each action once.

    Routes are spelled out for a household's best candidates. Where a choice might also have come from another one,
    for all of them: so the answer is always that of all.
    """
    limit = situation.request.proposals_max
    if limit is None:
        limit = kernel.strategy.policies.proposals_max[situation.mode]
    gains = (candidates.code == 0).nonzero()[0]
    near, floor = _near(candidates, gains, len(situation.household_ids))
    rounds = _Rounds(candidates, kernel, situation, near, floor)
    rounds.run(limit)
    picks = rounds.picks()
    if np.count_nonzero(rounds.unsure):
        again = gains[rounds.unsure[candidates.household[gains]]]
        every = _Rounds(candidates, kernel, situation, again, np.full(len(floor), _EVERYBODY))
        every.run(limit)
        sure = ~rounds.unsure[candidates.household[picks[:, 0]]]
        picks = np.concatenate((picks[sure], every.picks()))
        picks = picks[np.argsort(candidates.household[picks[:, 0]], kind="stable")]
    code = candidates.code.copy()
    code[gains] = OUTRANKED
    code[picks[:, 0]] = PROPOSED
    return replace(candidates, code=code, chosen=picks)


def _near(candidates: Candidates, gains: Index, households: int) -> tuple[Index, Micro]:
    """Of these candidates those near their household's best, and by household what all others do not exceed."""
    score = candidates.score.take(gains)
    if households == 1 and len(gains):
        least = score.max(keepdims=True) >> _NEAR_BITS
        near = gains[score > least]
        return near, least if len(near) < len(gains) else np.full(1, _EVERYBODY)
    floor = np.full(households, _EVERYBODY)
    if not len(gains):
        return gains, floor
    household = candidates.household.take(gains)
    starts = firsts(household).nonzero()[0]
    owner = household.take(starts)
    floor[owner] = np.maximum.reduceat(score, starts) >> _NEAR_BITS
    near = score > floor.take(household)
    everybody = np.logical_and.reduceat(near, starts)
    if np.count_nonzero(everybody):
        floor[owner[everybody]] = _EVERYBODY
    return gains[near], floor


class _Rounds:
    """What is left to choose from: `score` of shape (channels, rows), closed routes at the smallest number.

    A row is a recipient of one of the candidates that take part, in the order in which ties are broken. `room` is what
    each contact rule leaves each person, the household's counted in. Where something asked for is `private`, `taken`
    marks routes that another recipient's choice has closed, and `own_room` is the room as each member alone has used
    it. Of an `unsure` household something not above its `floor` would be chosen, and nothing more is.
    """

    def __init__(
        self, candidates: Candidates, kernel: Kernel, situation: Situation, among: Index, floor: Micro
    ) -> None:
        self.candidates, self.kernel, self.situation = candidates, kernel, situation
        self.asked = asked = candidates.asked
        self.candidate, self.row = _rows_of(candidates, among)
        self.person = candidates.route_person.take(self.row)
        self.household = candidates.household.take(self.candidate)
        self.action = candidates.action.take(self.candidate)
        self.message_class = kernel.message_class.take(self.action)
        self.probability = probability(
            candidates.interest_micro.take(self.candidate), candidates.chain.take(self.row), asked.reach
        )
        cost = asked.cost_micro.take(self.action, axis=1)
        self.worth = scores(self.probability, candidates.worth.take(self.candidate), cost)
        is_open = candidates.route_open.take(self.row, axis=1) & (self.worth > 0)
        self.score = np.where(is_open, self.worth, _CLOSED)
        self.is_one = len(floor) == 1
        first = self.household[:1] == 0 if self.is_one else firsts(self.household)
        self.starts: Index = first.nonzero()[0]
        self.run_of: Index = self.household if self.is_one else np.cumsum(first) - 1
        self.floor = floor.take(self.household.take(self.starts))
        self.unsure = np.zeros(len(floor), dtype=np.bool_)
        self.room = np.minimum(
            situation.room_person, situation.room_household.take(situation.person_household, axis=1)
        )
        self.private = asked.needs_some
        if self.private:
            self.own_room = self.room.copy()
            self.taken = np.zeros(self.score.shape, dtype=np.bool_)
            self.silent = np.zeros(len(situation.person_ids), dtype=np.bool_)
        self.chosen: list[tuple[Index, Index]] = []

    def run(self, limit: int) -> None:
        """Choose until the limit is reached, or no household finds anything more."""
        for number in range(limit):
            rows, channel = self._best()
            if not len(rows):
                break
            self.chosen.append((rows, channel))
            if number + 1 < limit:
                same = self._spread(self.action, rows) == self.action
                own = same & (self._spread(self.person, rows) == self.person) if self.private else same
                self._close(same, own)
                self._use_up(rows, channel)

    def picks(self) -> npt.NDArray[np.int64]:
        """What was chosen, by household, in each the best first: see `Candidates.chosen`."""
        if not self.chosen:
            return np.zeros((0, 5), dtype=np.int64)
        rows, channel = (np.concatenate(parts) for parts in zip(*self.chosen, strict=True))
        if not self.is_one:
            order = np.argsort(self.household[rows], kind="stable")
            rows, channel = rows[order], channel[order]
        return np.array(
            (
                self.candidate[rows],
                self.row[rows],
                channel,
                self.probability[channel, rows],
                self.worth[channel, rows],
            )
        ).T

    def _best(self) -> tuple[Index, Index]:
        """The best route of each household, as rows and channels.

        Where a recipient's own best was taken by another, that recipient is silent from now on: the next best
        would tell something of what the other is like (docs/privacy.md).
        """
        while True:
            rows = self._best_rows()
            channel = self.score.take(rows, axis=1).argmax(axis=0) if len(rows) else rows
            if not self.private or not np.count_nonzero(taken := self.taken[channel, rows]):
                return rows, channel
            self.silent[self.person[rows[taken]]] = True
            np.copyto(self.score, _CLOSED, where=self.silent[self.person])

    def _best_rows(self) -> Index:
        """For each household that has an open route the row of its best, ties broken."""
        if not len(self.starts) or not len(self.score):
            return self.starts[:0]
        best = np.maximum.reduce(self.score, axis=0)
        if self.is_one:
            row = best.argmax(keepdims=True)
            top = best.take(row)
        else:
            top = np.maximum.reduceat(best, self.starts)
        below = top <= self.floor
        if np.count_nonzero(below):
            owner = self.household[self.starts]
            below &= (top > _CLOSED) | self._some_left()[owner]
            self.unsure[owner[below]] = True
            top[below] = _CLOSED
        if self.is_one:
            best_row: Index = row[top > _CLOSED]
            return best_row
        rows: Index = ((best == top[self.run_of]) & (best > _CLOSED)).nonzero()[0]
        return rows[firsts(self.household[rows])]

    def _spread(self, values: Index, rows: Index) -> Index:
        """What holds for each household's chosen row, for every row of the household; -1 where it chose none."""
        if self.is_one:
            return values.take(rows)
        of_household = np.full(len(self.starts), -1, dtype=np.intp)
        of_household[self.run_of[rows]] = values[rows]
        return of_household[self.run_of]

    def _close(self, routes: npt.NDArray[np.bool_], own: npt.NDArray[np.bool_]) -> None:
        """Close routes: those that the recipient's own choices close for good, the others marked as taken.

        Where nothing that was asked for rests on anybody's data, there is nothing to tell: all close for good.
        """
        np.copyto(self.score, _CLOSED, where=own)
        if self.private:
            self.taken |= routes

    def _use_up(self, rows: Index, channel: Index) -> None:
        """Count what was chosen against every contact rule, and close the routes that have no room left."""
        counted = self.asked.counts[:, self.message_class.take(rows), channel]
        if not self.is_one:  # by household, then by its persons; one choice a household
            of_household = np.zeros((len(counted), len(self.unsure)), dtype=np.bool_)
            of_household[:, self.household[rows]] = counted
            counted = of_household.take(self.situation.person_household, axis=1)
        recipient = np.zeros(self.room.shape[1], dtype=np.bool_)
        recipient[self.person.take(rows)] = True
        used = counted & (self.kernel.per_household | recipient)
        self.room -= used
        if self.private:
            self.own_room -= counted & recipient
        if np.count_nonzero(used & (self.room <= 0)):
            closed = self._without_room(self.room)
            self._close(closed, self._without_room(self.own_room) if self.private else closed)

    def _without_room(self, room: Ints) -> npt.NDArray[np.bool_]:
        """Which routes a contact rule leaves no room."""
        return of_rows(_full(self.asked, room), self.asked, self.message_class, self.person)

    def _some_left(self) -> npt.NDArray[np.bool_]:
        """By household, whether any route at all has room, also of candidates that do not take part."""
        found, person = self.candidates, self.candidates.route_person
        message_class = self.kernel.message_class.take(found.group_action).take(found.route_group)
        open_ = found.route_open & ~of_rows(_full(self.asked, self.room), self.asked, message_class, person)
        left = np.logical_or.reduce(open_, axis=0)
        if self.private:
            left &= ~self.silent[person]
        some = np.zeros(len(self.unsure), dtype=np.bool_)
        some[self.situation.person_household[person[left]]] = True
        return some


def _full(asked: Asked, room: Ints) -> npt.NDArray[np.bool_]:
    """Where contact rules leave no room: shape (message classes, channels, persons)."""
    blocked = asked.counts[:, :, :, None] & (room <= 0)[:, None, None, :]
    found: npt.NDArray[np.bool_] = np.logical_or.reduce(blocked, axis=0)
    return found


def _rows_of(candidates: Candidates, among: Index) -> tuple[Index, Index]:
    """(candidate, row) for each of these candidates and each row of its group, in order: household, action, subject."""
    order = candidates.action.take(among).argsort(kind="stable")
    if len(candidates.control) > 1:
        order = order[candidates.household.take(among.take(order)).argsort(kind="stable")]
    among = among.take(order)
    bounds = candidates.route_group.searchsorted(np.arange(len(candidates.group_action) + 1))
    group = candidates.group.take(among)
    begin, end = bounds.take(group), bounds[1:].take(group)
    count = end - begin
    shift = end - count.cumsum()
    candidate = among.repeat(count)
    return candidate, shift.repeat(count) + np.arange(len(candidate))
