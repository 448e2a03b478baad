"""What do requests and answers of the API look like? Their types, from which the OpenAPI text is written too.

Requests are lenient where machines evolve: unknown fields are passed over, new ones have defaults.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Error(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong: a stable `code`, the HTTP `reason`, and a message that says what to do."""

    code: str
    reason: str
    message: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the house can decide: `ready` when something is published."""

    status: Literal["ready", "nothing_published"]
    strategy: str | None
    profile: str | None


class HouseholdMember(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent may see of a member: who, how sure, in which roles; nothing that they did."""

    person: str
    membership: float
    minor: bool | None
    roles: dict[str, float]


class HouseholdView(msgspec.Struct, frozen=True, kw_only=True):
    """A household as an agent may see it. `payer` is the one who pays all, where there is one."""

    household: str
    members: tuple[HouseholdMember, ...]
    lines: int
    payer: str | None
    decisions: tuple[str, ...]


class ResponseRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer answered to a proposal. The same `id` again changes nothing."""

    decision: str
    outcome: Literal["accepted", "declined", "later", "not_mine"]
    proposal: int = 0
    by: str = ""
    id: str | None = None


class ResponseReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """The answer is kept; `new` is False where it was there before."""

    response: str
    new: bool


class EventsReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the events: all are in the log, or none and the request says why."""

    appended: int
    duplicates: int
