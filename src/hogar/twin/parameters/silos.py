"""How dirty the silos are, and how events arrive."""

from __future__ import annotations

from dataclasses import dataclass

from hogar.twin.parameters.rules import NUMBER, POSITIVE, SHARE, rule


@dataclass(frozen=True, kw_only=True)
class Dirt:
    """How dirty the silos are."""

    level: float = rule(NUMBER, least=0, most=10)
    typo: float = rule(SHARE)
    no_accents: float = rule(SHARE)
    upper_case: float = rule(SHARE)
    swapped_names: float = rule(SHARE)
    missing: float = rule(SHARE)
    duplicate_rows: float = rule(SHARE)
    duplicate_customers: float = rule(SHARE)
    invalid_rows: float = rule(SHARE)
    street_otherwise: float = rule(SHARE)
    number_otherwise: float = rule(SHARE)
    unit_otherwise: float = rule(SHARE)
    postcode_wrong: float = rule(SHARE)
    city_otherwise: float = rule(SHARE)
    address_copied: float = rule(SHARE)
    address_missing: float = rule(SHARE)
    move_not_told: float = rule(SHARE)
    kept_at_parents: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Events:
    """How events arrive."""

    late: float = rule(SHARE)
    late_minutes: float = rule(POSITIVE, most=1440)
    late_sigma: float = rule(POSITIVE, most=5)
    duplicated: float = rule(SHARE)
    basket_left: float = rule(SHARE)
    sim_swaps: float = rule(SHARE)
