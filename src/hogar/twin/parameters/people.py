"""What people and homes are drawn by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hogar.twin.parameters.rules import (
    BY_AGE,
    BY_FIRST_AGE,
    COUNT,
    POSITIVE,
    SHARE,
    SHARES,
    SIZES,
    SPREAD,
    TEXT,
    rule,
)


@dataclass(frozen=True, kw_only=True)
class Households:
    """Which households there are, and of whom."""

    kinds: Mapping[str, float] = rule(SHARES)
    family_children: Mapping[str, float] = rule(SIZES, least=1, most=5)
    separated_children: Mapping[str, float] = rule(SIZES, least=1, most=5)
    flat_sharers: Mapping[str, float] = rule(SIZES, least=2, most=9)
    trader_members: Mapping[str, float] = rule(SIZES, least=1, most=3)
    couple_gap_years: Mapping[str, float] = rule(SPREAD, least=-20, most=20)
    parent_gap_years: Mapping[str, float] = rule(SPREAD, least=17, most=48)
    keeps_adviser: float = rule(SHARE)
    single_ages: Mapping[str, float] = rule(BY_FIRST_AGE, least=18, most=90)
    nest_ages: Mapping[str, float] = rule(BY_FIRST_AGE, least=18, most=90)
    eldest_ages: Mapping[str, float] = rule(BY_FIRST_AGE, least=0, most=40)
    same_sex: float = rule(SHARE)
    twins: float = rule(SHARE)
    student_flats: float = rule(SHARE)
    both_grandparents: float = rule(SHARE)
    care_homes: float = rule(SHARE)
    father_stays: float = rule(SHARE)
    every_other_week: float = rule(SHARE)
    nest_children: Mapping[str, float] = rule(SIZES, least=1, most=9)
    child_left: float = rule(SHARE)
    widowed_with_child: float = rule(SHARE)
    near_kin: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Onnet:
    """Who of them is a user of this operator."""

    adult: float = rule(SHARE)
    flat_sharer: float = rule(SHARE)
    child: float = rule(SHARE)
    sim_from_age: int = rule(COUNT, most=17)
    second_sim: float = rule(SHARE)
    homes_unserved: float = rule(SHARE, most=0.95)
    has_sim: Mapping[str, float] = rule(BY_AGE)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where they live, and what can be delivered there."""

    homes_per_postcode: int = rule(COUNT, most=100_000)
    homes_per_building: float = rule(POSITIVE, least=1, most=50)
    houses: float = rule(SHARE, most=0.95)
    lodging_homes: float = rule(POSITIVE, least=1, most=25)
    vacant: float = rule(SHARE)
    homes_per_cell: int = rule(COUNT, most=10_000)
    local_work: float = rule(SHARE)
    local_moves: float = rule(SHARE)
    unit_missing: float = rule(SHARE)
    fibre: float = rule(SHARE)
    stale_address: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Who decides, and how often the contract shows it."""

    payer_is_controller: float = rule(SHARE)
    holder_is_representative: float = rule(SHARE)
    shared_control: float = rule(SHARE)
    adviser_elsewhere: float = rule(SHARE)
    say_spread: float = rule(POSITIVE, most=3)


@dataclass(frozen=True, kw_only=True)
class Names:
    """How they are called."""

    surnames: str = rule(TEXT, "two-surnames", "one-name", "keep-name")
    list: str = rule(TEXT, "spain", "north")
    foreign: float = rule(SHARE)
    takes_partners_name: float = rule(SHARE)
    hyphenates: float = rule(SHARE)
    fathers_name: float = rule(SHARE)
    named_after: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Work:
    """Where they work and learn."""

    employed: Mapping[str, float] = rule(BY_AGE)
    studies: float = rule(SHARE)
    size_tail: float = rule(POSITIVE, least=0.5, most=5)
    size_max: int = rule(COUNT, most=1_000_000)
    company_customers: float = rule(SHARE)
    pupils_per_school: int = rule(COUNT, most=100_000)
    students_per_school: int = rule(COUNT, most=100_000)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happens to homes within a year."""

    moves: float = rule(SHARE)
    separations: float = rule(SHARE)
    nests_left: float = rule(SHARE)
    new_couples: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Tastes:
    """What they like."""

    home_part: float = rule(SHARE)
    age_part: float = rule(SHARE)
    ott_slope: float = rule(POSITIVE, most=5)
    notices_sms: Mapping[str, float] = rule(BY_AGE)
    notices_email: Mapping[str, float] = rule(BY_AGE)
    notices_push: Mapping[str, float] = rule(BY_AGE)
    notices_mail: Mapping[str, float] = rule(BY_AGE)
    notices_call: Mapping[str, float] = rule(BY_AGE)
