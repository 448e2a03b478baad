"""How people answer what they are told, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hogar.twin.parameters.rules import NUMBER, POSITIVE, SHARE, SHARES_OF_ANY, rule


@dataclass(frozen=True, kw_only=True)
class Reactions:
    """How people answer, how families agree, what annoys, who leaves, what it costs."""

    hearts: Mapping[str, float] = rule(SHARES_OF_ANY)
    inbound: float = rule(SHARE)
    pick_up: float = rule(SHARE)
    somebody_else: float = rule(SHARE)
    hour_width: float = rule(POSITIVE)
    hour_floor: float = rule(SHARE)
    fatigue_days: float = rule(POSITIVE)
    fatigue_half: float = rule(POSITIVE)
    fatigue_most: float = rule(SHARE)
    interest: float = rule(NUMBER)
    need: float = rule(NUMBER)
    price: float = rule(NUMBER)
    inertia: float = rule(NUMBER)
    repeat: float = rule(NUMBER)
    season: float = rule(NUMBER)
    word_of_mouth: float = rule(NUMBER)
    organic: float = rule(NUMBER)
    refused: float = rule(NUMBER)
    pass_on: float = rule(SHARE)
    tell: float = rule(SHARE)
    mood: float = rule(NUMBER)
    quorum: float = rule(SHARE)
    coalition: float = rule(NUMBER)
    veto: float = rule(POSITIVE)
    annoyance: float = rule(POSITIVE)
    annoyance_kept: float = rule(SHARE)
    annoyance_home: float = rule(SHARE)
    opt_out: float = rule(SHARE)
    complaint: float = rule(SHARE)
    leave: float = rule(NUMBER)
    leave_annoyance: float = rule(NUMBER)
    leave_overage: float = rule(NUMBER)
    leave_bound: float = rule(NUMBER)
    leave_products: float = rule(NUMBER)
    wakes: float = rule(NUMBER)
    call_cents: float = rule(POSITIVE)
    letter_cents: float = rule(POSITIVE)
    message_cents: float = rule(POSITIVE)
    complaint_cents: float = rule(POSITIVE)
    discount: float = rule(SHARE)
