"""What is a line, what an account, in the true market? Columns that the contract steps fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Days, Flags, Floats, Index, Ints, Small

LINE_KINDS = ("mobile_postpaid", "mobile_prepaid", "broadband", "fixed_voice", "tv")
POSTPAID, PREPAID, BROADBAND, FIXED_VOICE, TV = range(5)
STAYS, PORT_OUT, CANCELLED, SILENT = range(4)  # why a line ended
OPERATORS = ("Beta", "Gama", "Delta", "Epsilon")  # the others in this market


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """All lines that ever lived within the year, by number. Persons by number, -1 for nobody; money in cents.

    `offer` is the place in `tariffs.OFFERS`; `allowed_gb` NaN without an allowance, infinite when unlimited.
    `pool` is the line that bears the fee of a plan for several lines (home plan, family plan, company pool), or -1.
    `ended` NaT while the line lives. `segment` is a place in `segments.SEGMENTS`, 0 for none.
    """

    kind: Small
    home: Ints  # of its user; -1 for a spare SIM of a company
    user: Ints  # -1 for a spare SIM
    holder: Ints  # to whom it is contracted or registered; the signatory where a company holds it
    payer: Ints  # who pays the bill; -1 for prepaid
    account: Ints  # -1 for prepaid
    company: Ints  # the workplace that holds and pays it, -1 for private lines
    by_business: Flags  # held by a business party: a sole trader's own, or a company's
    offer: Ints
    fee: Ints
    allowed_gb: Floats
    pool: Ints
    gb: Floats  # the user's usual data a month
    top_up_eur: Floats  # usual top-ups a month, prepaid only
    tops_up: Ints  # who usually pays them
    started: Days
    commitment_until: Days
    plan_since: Days
    ported_from: Small  # place in OPERATORS, -1 for a new number
    segment: Small
    focus: Flags  # the line that its home's segment is about
    ended: Days
    reason: Small

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def mobile(self) -> Flags:
        return np.asarray(self.kind <= PREPAID)

    @property
    def living(self) -> Flags:
        """Not ended by the extract."""
        return np.asarray(np.isnat(self.ended))

    def print_of(self) -> tuple[Index, Index]:
        """Two whole numbers a line, as keys of `uniform`: they follow from the line and say nothing of its number."""
        return self.started.astype(np.int64), np.ascontiguousarray(self.gb + self.top_up_eur).view(np.int64)

    def alive_in(self, first: np.datetime64, last: np.datetime64) -> Flags:
        """Which lived on some day from `first` to `last`."""
        return np.asarray((self.started <= last) & (np.isnat(self.ended) | (self.ended >= first)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Billing accounts: the payer (a company's signatory), the workplace or -1, whose bank account it is drawn on."""

    payer: Ints
    company: Ints
    by_business: Flags
    bank_of: Ints  # a person; of a business account the payer
    opened: Days
    method: Small  # how it is paid, place in rules.PAYMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Offers that lines held, hold, and held beside their plan: one row an offer and a line."""

    line: Ints
    offer: Ints
    since: Days
    until: Days  # NaT while it lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """Lines, accounts, the offers' history; each home's payer and holder of what is shared (-1 in flats of sharers)."""

    lines: Lines
    accounts: Accounts
    history: History
    pays: Ints  # a home
    holds: Ints
