"""Does the same decision come out again? Decides from the record, and compares byte for byte.

Reads a recorded decision, its strategy by hash, its profile version; writes nothing. What the ledger says beside the
decision (household, moment, versions) is compared too. Neighbour: `replay_many` does it in batches.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hogar.decide import Decision, decode_decision
from hogar.errors import UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.gather import Recorded, decode_record, recorded_situation
from hogar.stores.ledger import DecisionRow
from hogar.telco.channels import Mode


class UnknownDecision(UsageError):
    """The ledger has no decision with this id."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the decision that came out otherwise; `ledger.*` are the columns that stand beside it."""

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
    return replay_row(engine, recorded(engine, decision_id))


def replay_row(engine: Engine, row: DecisionRow) -> ReplayReport:
    """The same for a row that was read already."""
    again = decided_again(engine, row)
    differences = differences_of(row, decode_record(row.situation), again)
    return ReplayReport(
        decision=row.id, household=row.household_id, mode=row.mode, identical=not differences,
        strategy=row.strategy, profile=row.profile, bytes=len(row.decision), differences=differences,
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
    situation = recorded_situation(published.kernel, household, mode_of(row), decode_record(row.situation))
    return published.kernel.decide(situation)[0]


def mode_of(row: DecisionRow) -> Mode:
    """The mode in which a row was decided."""
    return _MODES[row.mode]


def differences_of(row: DecisionRow, record: Recorded, again: Decision) -> tuple[Difference, ...]:
    """What differs between a row and what came out of its record; nothing where all bytes are the same.

    The columns beside the decision must say what the recorded decision says, and the bytes of both must be those that
    were committed: a changed record may well lead to the same decision.
    """
    stated, parts = again, dict[str, tuple[Any, Any]]()
    if again.encode() != row.decision:
        try:
            stated = decode_decision(row.decision)
        except msgspec.MsgspecError as error:
            parts["decision"] = (f"cannot be read: {error}", "a decision")
        else:
            parts = {
                name: (getattr(stated, name), getattr(again, name)) for name in Decision.__struct_fields__
            }
            if stated == again:  # other bytes that mean the same
                parts["bytes"] = (row.decision.hex(), again.encode().hex())
    beside: dict[str, tuple[Any, Any]] = {
        "ledger.household_id": (row.household_id, stated.household), "ledger.mode": (row.mode, stated.mode),
        "ledger.at": (row.at, record.now), "ledger.membership": (row.membership, stated.membership),
        "ledger.models": (row.models, stated.models), "ledger.proposals": (row.proposals, len(stated.proposals)),
    }  # fmt: skip
    if row.checksum is not None:
        beside["ledger.checksum"] = (row.checksum, row.checked().checksum)
    return tuple(
        Difference(part=name, recorded=repr(old), again=repr(new))
        for name, (old, new) in {**parts, **beside}.items()
        if old != new
    )


_MODES: dict[str, Mode] = {"inbound": "inbound", "campaign": "campaign", "triggered": "triggered"}
