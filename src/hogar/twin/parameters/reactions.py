"""How people answer what they are told, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hogar.twin.parameters.rules import BY_HEART, NUMBER, POSITIVE, SHARE, rule


@dataclass(frozen=True, kw_only=True)
class Reactions:
    """How people answer, how families agree, what annoys, who leaves, what it costs."""

    hearts: Mapping[str, float] = rule(BY_HEART)
    inbound: float = rule(SHARE)
    pick_up: float = rule(SHARE)
    somebody_else: float = rule(SHARE)
    hour_width: float = rule(POSITIVE, most=24)
    hour_floor: float = rule(SHARE)
    fatigue_days: float = rule(POSITIVE, most=365)
    fatigue_half: float = rule(POSITIVE, most=100)
    fatigue_most: float = rule(SHARE)
    interest: float = rule(NUMBER, least=-20, most=20)
    need: float = rule(NUMBER, least=-20, most=20)
    price: float = rule(NUMBER, least=-20, most=20)
    inertia: float = rule(NUMBER, least=-20, most=20)
    repeat: float = rule(NUMBER, least=-20, most=20)
    season: float = rule(NUMBER, least=-20, most=20)
    word_of_mouth: float = rule(NUMBER, least=-20, most=20)
    organic: float = rule(NUMBER, least=-20, most=20)
    refused: float = rule(NUMBER, least=-20, most=20)
    pass_on: float = rule(SHARE)
    tell: float = rule(SHARE)
    mood: float = rule(NUMBER, least=0, most=5)
    quorum: float = rule(SHARE)
    coalition: float = rule(NUMBER, least=-20, most=20)
    veto: float = rule(POSITIVE, most=20)
    annoyance: float = rule(POSITIVE, most=20)
    annoyance_kept: float = rule(SHARE)
    annoyance_home: float = rule(SHARE)
    opt_out: float = rule(SHARE)
    complaint: float = rule(SHARE)
    leave: float = rule(NUMBER, least=-20, most=20)
    leave_annoyance: float = rule(NUMBER, least=-20, most=20)
    leave_overage: float = rule(NUMBER, least=-20, most=20)
    leave_bound: float = rule(NUMBER, least=-20, most=20)
    leave_products: float = rule(NUMBER, least=-20, most=20)
    wakes: float = rule(NUMBER, least=-20, most=20)
    call_cents: float = rule(POSITIVE, most=100_000)
    letter_cents: float = rule(POSITIVE, most=100_000)
    message_cents: float = rule(POSITIVE, most=100_000)
    complaint_cents: float = rule(POSITIVE, most=100_000)
    discount: float = rule(SHARE)
