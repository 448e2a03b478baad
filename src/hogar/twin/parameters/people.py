"""What people and homes are drawn by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hogar.twin.parameters.rules import (
    BY_AGE,
    COUNT,
    POSITIVE,
    SHARE,
    SHARES,
    SHARES_OF_ANY,
    SIZES,
    SPREAD,
    TEXT,
    rule,
)


@dataclass(frozen=True, kw_only=True)
class Households:
    """Which households there are, and of whom."""

    kinds: Mapping[str, float] = rule(SHARES)
    family_children: Mapping[str, float] = rule(SIZES)
    separated_children: Mapping[str, float] = rule(SIZES)
    flat_sharers: Mapping[str, float] = rule(SIZES)
    trader_members: Mapping[str, float] = rule(SIZES)
    couple_gap_years: Mapping[str, float] = rule(SPREAD)
    parent_gap_years: Mapping[str, float] = rule(SPREAD)
    keeps_adviser: float = rule(SHARE)
    single_ages: Mapping[str, float] = rule(SHARES_OF_ANY)
    nest_ages: Mapping[str, float] = rule(SHARES_OF_ANY)
    eldest_ages: Mapping[str, float] = rule(SHARES_OF_ANY)
    same_sex: float = rule(SHARE)
    twins: float = rule(SHARE)
    student_flats: float = rule(SHARE)
    both_grandparents: float = rule(SHARE)
    care_homes: float = rule(SHARE)
    father_stays: float = rule(SHARE)
    every_other_week: float = rule(SHARE)
    nest_children: Mapping[str, float] = rule(SIZES)
    child_left: float = rule(SHARE)
    widowed_with_child: float = rule(SHARE)
    near_kin: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Onnet:
    """Who of them is a user of this operator."""

    adult: float = rule(SHARE)
    flat_sharer: float = rule(SHARE)
    child: float = rule(SHARE)
    sim_from_age: int = rule(COUNT)
    second_sim: float = rule(SHARE)
    homes_unserved: float = rule(SHARE)
    has_sim: Mapping[str, float] = rule(BY_AGE)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where they live, and what can be delivered there."""

    homes_per_postcode: int = rule(COUNT)
    homes_per_building: float = rule(POSITIVE)
    houses: float = rule(SHARE)
    lodging_homes: float = rule(POSITIVE)
    vacant: float = rule(SHARE)
    homes_per_cell: int = rule(COUNT)
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
    say_spread: float = rule(POSITIVE)


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
    size_tail: float = rule(POSITIVE)
    size_max: int = rule(COUNT)
    company_customers: float = rule(SHARE)
    pupils_per_school: int = rule(COUNT)
    students_per_school: int = rule(COUNT)


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
    ott_slope: float = rule(POSITIVE)
    notices_sms: Mapping[str, float] = rule(BY_AGE)
    notices_email: Mapping[str, float] = rule(BY_AGE)
    notices_push: Mapping[str, float] = rule(BY_AGE)
    notices_mail: Mapping[str, float] = rule(BY_AGE)
    notices_call: Mapping[str, float] = rule(BY_AGE)
