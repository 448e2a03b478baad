"""What was decided? One household's decision as a value with the same bytes in every mode, and its proposals."""

from __future__ import annotations

import msgspec

from hogar.telco.catalogue import Entity
from hogar.telco.channels import Mode


class Proposal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One action for one subject through one route. Probabilities in millionths, money in cents.

    `score_microcents` is what arbitration compared: probability x value x weight - cost.
    `pass_on` says that the treatment carries a link for the person who decides or advises. `role` is the recipient's
    role that the treatment's words are for; "" where they are for everybody, and then the field is not written.
    """

    action: str
    offering: str | None
    scope: Entity
    subject: str
    recipient: str
    channel: str
    language: str
    pass_on: bool
    reach_micro: int
    interest_micro: int
    chain_micro: int
    probability_micro: int
    value_cents: int
    cost_cents: int
    score_microcents: int
    role: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel decided for one household: proposals in order, and a reason code for every candidate.

    `codes` holds a little-endian uint16 for each action (in the strategy's order of that scope) of each
    subject: first the household, then `persons`, then `lines`. What a code means: `Kernel.reasons`.
    """

    household: str
    mode: Mode
    at: str
    strategy: str
    profile: str
    membership: str
    models: str
    objective: str
    control: bool
    persons: tuple[str, ...]
    lines: tuple[str, ...]
    codes_household: bytes
    codes_person: bytes
    codes_line: bytes
    proposals: tuple[Proposal, ...]

    def encode(self) -> bytes:
        """The bytes that the ledger keeps and `replay` compares."""
        return _ENCODER.encode(self)


def decode_decision(data: bytes) -> Decision:
    """A decision from its bytes; raises `msgspec.DecodeError` when they are not one."""
    return _DECODER.decode(data)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Decision)
