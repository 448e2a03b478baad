"""What is proposed? In rounds each household takes its best route that is left; counters drop; others wait.

Equal to choosing greedily one household at a time, since households are independent. Ties go to the smaller
action id, then subject, recipient, channel. Before: arbitration; the last stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.asked import of_rows
from hogar.decide.candidates import Candidates, Index, firsts
from hogar.decide.reasons import OUTRANKED, PROPOSED
from hogar.decide.situation import Ints

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

_CLOSED = np.iinfo(np.int64).min


def selection(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Choose at most `proposals_max` routes a household, the best first, each action once."""
    limit = situation.request.proposals_max
    if limit is None:
        limit = kernel.strategy.policies.proposals_max[situation.mode]
    rounds = _Rounds(candidates, kernel, situation)
    for number in range(limit):
        if not rounds.choose(last=number + 1 == limit):
            break
    picks = rounds.picks()
    code = candidates.code.copy()
    code[code == 0] = OUTRANKED
    code[picks[:, 0]] = PROPOSED
    return replace(candidates, code=code, chosen=picks)


class _Rounds:
    """What is left to choose from: `score` of shape (channels, rows), closed routes at the smallest number.

    Where something asked for is `private`, `taken` marks routes that another recipient's choice has closed, and
    `room_alone` is a household's room as each member alone has used it.
    """

    def __init__(self, candidates: Candidates, kernel: Kernel, situation: Situation) -> None:
        self.candidates, self.situation = candidates, situation
        self.asked = candidates.asked
        self.person = candidates.route_person
        self.household = candidates.household[candidates.route_candidate]
        self.action = candidates.action[candidates.route_candidate]
        self.message_class = kernel.message_class[self.action]
        self.score = np.where(candidates.route_open, candidates.score, _CLOSED)
        if len(situation.household_ids) == 1:
            self.run: Index = np.zeros(len(self.household), dtype=np.intp)
            self.starts: Index = self.run[:1]
        else:
            first = firsts(self.household)
            self.starts, self.run = np.flatnonzero(first), np.cumsum(first) - 1
        self.room_person, self.room_household = situation.room_person.copy(), situation.room_household.copy()
        self.private = self.asked.needs_some
        if self.private:
            self.room_alone = self.room_household[:, situation.person_household]
            self.taken = np.zeros(self.score.shape, dtype=np.bool_)
        self.chosen: list[tuple[Index, Index]] = []

    def choose(self, *, last: bool) -> bool:
        """Every household takes its best open route; False when none is left anywhere."""
        rows, channel = self._best()
        if not len(rows):
            return False
        self.chosen.append((rows, channel))
        if not last:
            same = self._spread(self.action, rows) == self.action
            own = same & (self._spread(self.person, rows) == self.person) if self.private else same
            self._close(same, own)
            self._use_up(rows, channel)
        return True

    def _spread(self, values: Index, rows: Index) -> Index:
        """What holds for each household's chosen row, for every row of the household; -1 where it chose none."""
        if len(self.starts) == 1:
            return values[rows]
        of_household = np.full(len(self.starts), -1, dtype=np.intp)
        of_household[self.run[rows]] = values[rows]
        return of_household[self.run]

    def _best(self) -> tuple[Index, Index]:
        """The best route of each household, as rows and channels.

        Where a recipient's own best was taken by another, that recipient is silent from now on: the next best
        would tell something of what the other is like (docs/privacy.md).
        """
        while True:
            rows = self._best_rows()
            channel = self.score[:, rows].argmax(axis=0) if len(rows) else rows
            if not self.private or not (taken := self.taken[channel, rows]).any():
                return rows, channel
            silent = np.zeros(len(self.situation.person_ids), dtype=np.bool_)
            silent[self.person[rows[taken]]] = True
            np.copyto(self.score, _CLOSED, where=silent[self.person])

    def _close(self, routes: npt.NDArray[np.bool_], own: npt.NDArray[np.bool_]) -> None:
        """Close routes: those that the recipient's own choices close for good, the others marked as taken.

        Where nothing that was asked for rests on anybody's data, there is nothing to tell: all close for good.
        """
        np.copyto(self.score, _CLOSED, where=own)
        if self.private:
            self.taken |= routes

    def picks(self) -> Index:
        """What was chosen: (candidate, row, channel) by household, in each the best first."""
        if not self.chosen:
            return np.zeros((0, 3), dtype=np.intp)
        rows, channel = (np.concatenate(parts) for parts in zip(*self.chosen, strict=True))
        order = np.argsort(self.household[rows], kind="stable")
        rows = rows[order]
        picks = np.empty((len(rows), 3), dtype=np.intp)
        picks[:, 0], picks[:, 1], picks[:, 2] = self.candidates.route_candidate[rows], rows, channel[order]
        return picks

    def _best_rows(self) -> Index:
        """For each household that has an open route the row of its best, ties broken."""
        if not len(self.starts) or not len(self.score):
            return self.starts[:0]
        best = np.maximum.reduce(self.score, axis=0)
        top = np.maximum.reduceat(best, self.starts)
        rows: Index = ((best == top[self.run]) & (best > _CLOSED)).nonzero()[0]
        if len(rows) > 1 and not (first := firsts(self.household[rows])).all():
            candidate = self.candidates.route_candidate[rows]
            one_candidate = first | ~firsts(candidate)  # several recipients of one candidate are in order
            if not one_candidate.all():
                rows = self._in_order(rows, candidate)
                first = firsts(self.household[rows])
            rows = rows[first]
        return rows

    def _in_order(self, rows: Index, candidate: Index) -> Index:
        """Rows of equal score by household, action, subject and recipient."""
        found = self.candidates
        keys = (
            found.route_person[rows],
            found.subject[candidate],
            found.action[candidate],
            self.household[rows],
        )
        return rows[np.lexsort(keys)]

    def _use_up(self, rows: Index, channel: Index) -> None:
        """Count what was chosen against every contact rule, and close the routes that have no room left.

        One choice a household, so nobody is named twice; a rule's other room is for ever and does not mind.
        """
        counted = self.asked.counts[:, self.message_class[rows], channel]
        recipient, household = self.person[rows], self.household[rows]
        room_person = self.room_person[:, recipient] - counted
        room_household = self.room_household[:, household] - counted
        self.room_person[:, recipient] = room_person
        self.room_household[:, household] = room_household
        if self.private:
            self.room_alone[:, recipient] -= counted
        if (counted & (np.minimum(room_person, room_household) <= 0)).any():
            together = self.room_household[:, self.situation.person_household]
            closed = self._without_room(together)
            self._close(closed, self._without_room(self.room_alone) if self.private else closed)

    def _without_room(self, room_household: Ints) -> npt.NDArray[np.bool_]:
        """Which routes a contact rule leaves no room, given each person's view of the household's."""
        full = np.minimum(self.room_person, room_household) <= 0
        blocked = self.asked.counts[:, :, :, None] & full[:, None, None, :]
        return of_rows(np.logical_or.reduce(blocked, axis=0), self.asked, self.message_class, self.person)
