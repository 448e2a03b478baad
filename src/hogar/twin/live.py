"""How does the market answer, month after month? A market that can be spoken to, in one piece.

Takes a world (or a crowd) and a seed; contacts in, answers out, and `month` closes a month. Two strategies on two
`Live` of the same seed meet the same luck: they differ by what they did. `reactions` has the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.telco.channels import CHANNELS
from hogar.twin.arrays import Flags
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions.answers import answer
from hogar.twin.reactions.contacts import MARKETING, Answers, Contacts
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.facts import Facts, facts_of
from hogar.twin.reactions.month import Month, close
from hogar.twin.reactions.offers import FAMILIES, FAMILY, OF_HOME, PLACES
from hogar.twin.reactions.state import State
from hogar.twin.world import World

__all__ = ["Answers", "Contacts", "Live", "Month", "Potential", "contacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential:
    """What a contact changes, under the same luck: a row a contact. `bought` the offer's family, `left` a line."""

    bought_with: Flags
    bought_without: Flags
    left_with: Flags
    left_without: Flags


@dataclass(slots=True, kw_only=True)
class Live:
    """A market in some month. `answer` and `month` change `state`; `copy` before to try something."""

    crowd: Crowd
    params: Reactions
    seed: int
    state: State
    _facts: Facts | None = field(default=None, repr=False)

    @staticmethod
    def open(world: World, seed: int) -> Live:
        """The market at its extract; the seed is that of the future."""
        return Live.of(Crowd.of(world, seed), world.params.reactions, seed)

    @staticmethod
    def of(crowd: Crowd, params: Reactions, seed: int) -> Live:
        """The same of a crowd."""
        return Live(crowd=crowd, params=params, seed=seed, state=State.of(crowd))

    def copy(self) -> Live:
        """A second market in the same state."""
        return Live(crowd=self.crowd, params=self.params, seed=self.seed, state=self.state.copy())

    @property
    def now(self) -> np.datetime64:
        """The first moment of the present month."""
        month: np.datetime64 = self.crowd.first_month + np.timedelta64(self.state.month, "M")
        moment: np.datetime64 = month.astype("datetime64[s]")
        return moment

    def answer(self, asked: Contacts) -> Answers:
        """What is answered to each contact. Refuses persons, lines, offers and channels that there are not."""
        _check(asked, self.crowd)
        if self._facts is None:
            self._facts = facts_of(self.crowd, self.state)
        return answer(self.crowd, self.state, self._facts, asked, self.params, self.seed)

    def answer_one(self, person: int, offer: int, **columns: Any) -> Answers:
        """The same for one contact; `columns` as of `contacts`."""
        defaults = {"at": self.now} | columns
        return self.answer(contacts(np.array([person]), np.array([offer]), **defaults))

    def month(self) -> Month:
        """Closes the month: contracts, purchases unasked, leaving, value. The next one is open afterwards."""
        self._facts = None
        return close(self.crowd, self.state, self.params, self.seed)

    def potential(self, asked: Contacts) -> Potential:
        """The month with these contacts and without any more, from the present state, which stays as it is."""
        with_them, without = self.copy(), self.copy()
        with_them.answer(asked)
        return _both(self.crowd, asked, with_them.month(), without.month())


def contacts(
    person: NDArray[Any],
    offer: NDArray[Any] | int,
    *,
    at: NDArray[Any] | np.datetime64,
    channel: NDArray[Any] | int | str = "sms",
    line: NDArray[Any] | int = -1,
    price_cents: NDArray[Any] | float = np.nan,
    message_class: NDArray[Any] | int = MARKETING,
) -> Contacts:
    """Contacts from columns or from values that hold for all rows; a channel also by its name."""
    count = len(person)
    place = CHANNELS.index(channel) if isinstance(channel, str) else channel

    def column(value: Any, kind: Any) -> Any:
        return np.broadcast_to(np.asarray(value), (count,)).astype(kind)

    return Contacts(
        person=column(person, np.int32), offer=column(offer, np.int32), line=column(line, np.int32),
        channel=column(place, np.int32), at=column(at, "datetime64[s]").astype(np.int64),
        price_cents=column(price_cents, np.float64), message_class=column(message_class, np.int8),
    )  # fmt: skip


def _check(asked: Contacts, crowd: Crowd) -> None:
    for name, values, low, below in (
        ("person", asked.person, 0, crowd.persons),
        ("offer", asked.offer, 0, PLACES),
        ("line", asked.line, -1, len(crowd.user)),
        ("channel", asked.channel, 0, len(CHANNELS)),
    ):
        wrong = (values < low) | (values >= below)
        if wrong.any():
            raise ValueError(f"{name} {values[wrong][0]}: there is none of this number, {below} in all")


def _both(crowd: Crowd, asked: Contacts, with_them: Month, without: Month) -> Potential:
    user = np.where(asked.line >= 0, crowd.user[np.maximum(asked.line, 0)], asked.person)
    user = np.where(user >= 0, user, asked.person)
    family = FAMILY[asked.offer]

    def bought(month: Month) -> Flags:
        by_person = np.zeros((crowd.persons, len(FAMILIES)), dtype=bool)
        by_home = np.zeros((len(crowd.kind), len(FAMILIES)), dtype=bool)
        by_person[month.person, FAMILY[month.offer]] = True
        by_home[crowd.home[month.person], FAMILY[month.offer]] = True
        return np.where(OF_HOME[family], by_home[crowd.home[user], family], by_person[user, family])

    def left(month: Month) -> Flags:
        users = crowd.user[month.lines_left]
        gone = np.zeros(crowd.persons, dtype=bool)
        gone[users[users >= 0]] = True
        return gone[user]

    return Potential(
        bought_with=bought(with_them),
        bought_without=bought(without),
        left_with=left(with_them),
        left_without=left(without),
    )
