"""What is said to whom, and what is answered? Columns of contacts and of their answers, one row a contact."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Floats, Index, Ints, Small

OUTCOMES = ("accepted", "declined", "ignored", "not_my_decision", "will_ask", "opted_out")
ACCEPTED, DECLINED, IGNORED, NOT_MINE, WILL_ASK, OPTED_OUT = range(6)
MARKETING, SERVICE, LEGAL = range(3)  # places in telco.channels.MESSAGE_CLASSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """What is said to whom: `offer` by `offers`, `line` -1: none, `at` in seconds, `price_cents` NaN: as listed."""

    person: Ints
    offer: Ints
    line: Ints
    channel: Ints  # place in telco.channels.CHANNELS
    at: Index
    price_cents: Floats
    message_class: Small

    def __len__(self) -> int:
        return len(self.person)

    def rows(self, rows: NDArray[Any]) -> Contacts:
        """Some of them."""
        return Contacts(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One row a contact, in its order. `by` answers after `delay` seconds; an ignored one has -1 and 0.

    What follows is truth that no operator sees: the chance of being reached and of interest, and what came of them.
    """

    outcome: Small
    by: Ints
    delay: Index
    user: Ints
    reach: Floats
    reached: Flags
    interest: Floats
    passed_on: Flags

    def __len__(self) -> int:
        return len(self.outcome)

    @staticmethod
    def empty(count: int) -> Answers:
        """Room for so many."""
        return Answers(
            outcome=np.zeros(count, dtype=np.int8), by=np.zeros(count, dtype=np.int32),
            delay=np.zeros(count, dtype=np.int64), user=np.zeros(count, dtype=np.int32), reach=np.zeros(count),
            reached=np.zeros(count, dtype=bool), interest=np.zeros(count), passed_on=np.zeros(count, dtype=bool),
        )  # fmt: skip
