"""Does the same decision come out again? Decides from the record, and compares byte for byte.

Reads a recorded decision, its strategy by hash, its profile version; writes nothing. Used by `hogar replay`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hogar.decide import Decision, decode_decision
from hogar.errors import UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.gather import decode_record, recorded_situation
from hogar.stores.ledger import DecisionRow
from hogar.telco.channels import Mode


class UnknownDecision(UsageError):
    """The ledger has no decision with this id."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the decision that came out otherwise."""

    part: str
    recorded: str
    again: str


class ReplayReport(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the bytes are the same, and if not which parts differ."""

    decision: str
    household: str
    mode: str
    identical: bool
    strategy: str
    profile: str
    bytes: int
    differences: tuple[Difference, ...]


def replay(engine: Engine, decision_id: str) -> ReplayReport:
    """Decide again from the recorded situation, under the recorded strategy and profile version.

    Raises UnknownDecision, and what the engine raises where a recorded version is gone.
    """
    row = recorded(engine, decision_id)
    again = decided_again(engine, row)
    data = again.encode()
    return ReplayReport(
        decision=row.id, household=row.household_id, mode=row.mode, identical=data == row.decision,
        strategy=row.strategy, profile=row.profile, bytes=len(row.decision),
        differences=() if data == row.decision else _differences(decode_decision(row.decision), again),
    )  # fmt: skip


def recorded(engine: Engine, decision_id: str) -> DecisionRow:
    """The recorded decision. Raises UnknownDecision."""
    row = engine.ledger.decision(decision_id)
    if row is None:
        raise UnknownDecision(f"the ledger has no decision `{decision_id}`")
    return row


def decided_again(engine: Engine, row: DecisionRow) -> Decision:
    """The decision that the kernel makes of a record."""
    published = engine.opened(row.strategy, row.profile)
    household = published.profiles.household(row.household_id)
    if household is None:
        raise UnknownDecision(f"profile version {row.profile[:12]} has no household `{row.household_id}`")
    situation = recorded_situation(
        published.kernel, household, _MODES[row.mode], decode_record(row.situation)
    )
    return published.kernel.decide(situation)[0]


_MODES: dict[str, Mode] = {"inbound": "inbound", "campaign": "campaign", "triggered": "triggered"}


def _differences(old: Decision, new: Decision) -> tuple[Difference, ...]:
    parts: dict[str, tuple[Any, Any]] = {
        name: (getattr(old, name), getattr(new, name)) for name in Decision.__struct_fields__
    }
    return tuple(
        Difference(part=name, recorded=repr(before), again=repr(after))
        for name, (before, after) in parts.items()
        if before != after
    )
