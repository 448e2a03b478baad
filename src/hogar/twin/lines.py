"""What is a line, what an account, in the true market? Values that the contract steps fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Line:
    """One line. Persons by number, -1 for nobody; `gb` is the user's usual data a month, `fee` cents a month.

    `top_up_eur` and `tops_up` (who pays) only for prepaid. The leaving step sets `ended` and `reason`.
    """

    number: int
    kind: str
    home: int
    user: int
    holder: int
    payer: int = -1
    account: int = -1
    by_business: bool = False
    offers: tuple[str, ...] = ()
    fee: int = 0
    allowed_gb: float | None = None
    pool: int = -1
    gb: float = 0.0
    top_up_eur: float = 0.0
    tops_up: int = -1
    started: date = date.min
    commitment_until: date | None = None
    plan_since: date = date.min
    segment: str = ""
    focus: bool = False
    ended: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A billing account: the payer, and the person whose bank account it is drawn on."""

    number: int
    payer: int
    bank_of: int
    opened: date


@dataclass(slots=True)
class Contracts:
    """All lines and accounts; `pays` is each home's payer of shared lines."""

    lines: list[Line] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    pays: dict[int, int] = field(default_factory=dict)
    holds: dict[int, int] = field(default_factory=dict)
