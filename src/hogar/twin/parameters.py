"""Of what is a market made? All parameters by the sections of their file, and the rule that each value keeps.

`params/default.toml` is the file that ships; a change there is a change here. `reading` makes them from text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hogar.errors import Place, Problem, ProblemsFound

KINDS = (
    "single",
    "couple",
    "empty_nest",
    "family",
    "separated",
    "flat_share",
    "multi_generation",
    "sole_trader",
)
AGES = ("minor", "young", "adult", "old")

# What a value may be, by the name that a field carries in its metadata.
SHARE, NUMBER, POSITIVE, COUNT, SHARES, SIZES, BY_KIND, BY_AGE, SPREAD, POSITIVE_BY_AGE = (
    "share", "number", "positive", "count", "shares", "sizes", "by_kind", "by_age", "spread",
    "positive_by_age",
)  # fmt: skip


def _rule(name: str) -> Any:
    return field(metadata={"rule": name})


@dataclass(frozen=True, kw_only=True)
class Households:
    """Which households there are, and of whom."""

    kinds: Mapping[str, float] = _rule(SHARES)
    family_children: Mapping[str, float] = _rule(SIZES)
    separated_children: Mapping[str, float] = _rule(SIZES)
    flat_sharers: Mapping[str, float] = _rule(SIZES)
    trader_members: Mapping[str, float] = _rule(SIZES)
    couple_gap_years: Mapping[str, float] = _rule(SPREAD)
    parent_gap_years: Mapping[str, float] = _rule(SPREAD)
    keeps_adviser: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Onnet:
    """Who of them is a user of this operator."""

    adult: float = _rule(SHARE)
    flat_sharer: float = _rule(SHARE)
    child: float = _rule(SHARE)
    sim_from_age: int = _rule(COUNT)
    second_sim: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where they live, and what can be delivered there."""

    homes_per_postcode: int = _rule(COUNT)
    homes_per_building: float = _rule(POSITIVE)
    unit_missing: float = _rule(SHARE)
    fibre: float = _rule(SHARE)
    stale_address: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Who decides, and how often the contract shows it."""

    payer_is_controller: float = _rule(SHARE)
    holder_is_representative: float = _rule(SHARE)
    shared_control: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Contracts:
    """What they hold, on whose name and bill."""

    broadband: Mapping[str, float] = _rule(BY_KIND)
    adsl_kept: float = _rule(SHARE)
    tv: float = _rule(SHARE)
    fixed_voice: float = _rule(SHARE)
    convergent: float = _rule(SHARE)
    family_plan: float = _rule(SHARE)
    one_payer: Mapping[str, float] = _rule(BY_KIND)
    prepaid: Mapping[str, float] = _rule(BY_AGE)
    prepaid_registered_to_another: float = _rule(SHARE)
    prepaid_registered_outside: float = _rule(SHARE)
    other_parent_pays: float = _rule(SHARE)
    shared_bank_account: float = _rule(SHARE)
    misfit: float = _rule(SHARE)
    tenure_months: float = _rule(POSITIVE)
    in_commitment: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Use:
    """How much they use, whom they call, when they travel."""

    data_gb: Mapping[str, float] = _rule(POSITIVE_BY_AGE)
    data_sigma: float = _rule(POSITIVE)
    month_sigma: float = _rule(POSITIVE)
    bill_months: int = _rule(COUNT)
    usage_days: int = _rule(COUNT)
    tie_months: int = _rule(COUNT)
    ott: float = _rule(SHARE)
    friends: float = _rule(POSITIVE)
    offnet_alters: float = _rule(POSITIVE)
    travels: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Log-odds that a line ends in a month."""

    base: float = _rule(NUMBER)
    overage: float = _rule(NUMBER)
    complaint: float = _rule(NUMBER)
    commitment_over: float = _rule(NUMBER)
    in_commitment: float = _rule(NUMBER)
    first_year: float = _rule(NUMBER)
    fading: float = _rule(NUMBER)
    alone: float = _rule(NUMBER)
    prepaid: float = _rule(NUMBER)
    unseen: float = _rule(POSITIVE)
    fading_lines: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What they allow."""

    traffic: float = _rule(SHARE)
    marketing: float = _rule(SHARE)
    marketing_some: float = _rule(SHARE)
    location: float = _rule(SHARE)
    objection: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Touch:
    """What they do on our pages, with care, with campaigns."""

    selfcare: float = _rule(SHARE)
    selfcare_manages_all: float = _rule(SHARE)
    web_states_id: float = _rule(SHARE)
    web_states_email: float = _rule(SHARE)
    visits_30d: float = _rule(POSITIVE)
    device_views: float = _rule(SHARE)
    complaints_year: float = _rule(POSITIVE)
    faults_year: float = _rule(POSITIVE)
    questions_year: float = _rule(POSITIVE)
    still_open: float = _rule(SHARE)
    contacts_60d: float = _rule(POSITIVE)
    orders_90d: float = _rule(SHARE)
    registered_user: float = _rule(SHARE)
    declared_role: float = _rule(SHARE)
    declared_lives_with: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Devices:
    """What they hold in their hands."""

    age_months: float = _rule(POSITIVE)
    handed_down: float = _rule(SHARE)
    bought_late_months: float = _rule(POSITIVE)


@dataclass(frozen=True, kw_only=True)
class Segments:
    """How many homes of each story's kind there are at least."""

    share: float = _rule(SHARE)
    at_least: int = _rule(COUNT)


@dataclass(frozen=True, kw_only=True)
class Dirt:
    """How dirty the silos are."""

    level: float = _rule(NUMBER)
    typo: float = _rule(SHARE)
    no_accents: float = _rule(SHARE)
    upper_case: float = _rule(SHARE)
    swapped_names: float = _rule(SHARE)
    missing: float = _rule(SHARE)
    duplicate_rows: float = _rule(SHARE)
    duplicate_customers: float = _rule(SHARE)
    invalid_rows: float = _rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Params:
    """All parameters of a market, by the sections of their file."""

    version: str
    now: datetime
    households: Households
    onnet: Onnet
    places: Places
    roles: Roles
    contracts: Contracts
    use: Use
    leaving: Leaving
    consent: Consent
    touch: Touch
    devices: Devices
    segments: Segments
    dirt: Dirt

    def with_consent(self, share: float) -> Params:
        """The same market with another share of traffic consent. Raises `ProblemsFound` where it is no share."""
        _bounded("--consent", share, 1)
        return replace(self, consent=replace(self.consent, traffic=share))

    def with_ott(self, share: float) -> Params:
        """The same market with another share of calls in messengers. Raises `ProblemsFound` where it is no share."""
        _bounded("--ott", share, 1)
        return replace(self, use=replace(self.use, ott=share))

    def with_dirt(self, level: float) -> Params:
        """The same market with its dirt times `level`, from 0 to 10. Raises `ProblemsFound` beyond."""
        _bounded("--dirt", level, 10)
        return replace(self, dirt=replace(self.dirt, level=level))


def _bounded(option: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise ProblemsFound([Problem(place=Place(file=option), what=f"{value} is not within 0 and {most:g}")])


SECTIONS: dict[str, type[Any]] = {
    "households": Households, "onnet": Onnet, "places": Places, "roles": Roles, "contracts": Contracts,
    "use": Use, "leaving": Leaving, "consent": Consent, "touch": Touch, "devices": Devices,
    "segments": Segments, "dirt": Dirt,
}  # fmt: skip
