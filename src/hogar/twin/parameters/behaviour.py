"""What behaviour is drawn by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hogar.twin.parameters.rules import COUNT, NUMBER, NUMBERS, POSITIVE, POSITIVE_BY_AGE, SHARE, rule


@dataclass(frozen=True, kw_only=True)
class Use:
    """How much they use, whom they call, when they travel."""

    data_gb: Mapping[str, float] = rule(POSITIVE_BY_AGE)
    data_sigma: float = rule(POSITIVE)
    month_sigma: float = rule(POSITIVE)
    bill_months: int = rule(COUNT)
    usage_days: int = rule(COUNT)
    tie_months: int = rule(COUNT)
    friends: float = rule(POSITIVE)
    offnet_alters: float = rule(POSITIVE)


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Log-odds that a line ends in a month."""

    base: float = rule(NUMBER)
    overage: float = rule(NUMBER)
    complaint: float = rule(NUMBER)
    commitment_over: float = rule(NUMBER)
    in_commitment: float = rule(NUMBER)
    first_year: float = rule(NUMBER)
    fading: float = rule(NUMBER)
    alone: float = rule(NUMBER)
    prepaid: float = rule(NUMBER)
    unseen: float = rule(POSITIVE)
    fading_lines: float = rule(SHARE)
    quiet_days_max: int = rule(COUNT)


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What they allow."""

    traffic: float = rule(SHARE)
    marketing: float = rule(SHARE)
    marketing_some: float = rule(SHARE)
    location: float = rule(SHARE)
    objection: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Touch:
    """What they do on our pages, with care, with campaigns."""

    selfcare: float = rule(SHARE)
    selfcare_manages_all: float = rule(SHARE)
    web_states_id: float = rule(SHARE)
    web_states_email: float = rule(SHARE)
    visits_30d: float = rule(POSITIVE)
    device_views: float = rule(SHARE)
    complaints_year: float = rule(POSITIVE)
    faults_year: float = rule(POSITIVE)
    questions_year: float = rule(POSITIVE)
    still_open: float = rule(SHARE)
    contacts_60d: float = rule(POSITIVE)
    orders_90d: float = rule(SHARE)
    registered_user: float = rule(SHARE)
    declared_role: float = rule(SHARE)
    declared_lives_with: float = rule(SHARE)
    declared_lives_apart: float = rule(SHARE)
    agent_opens: float = rule(SHARE)
    visit_hours: Sequence[float] = rule(NUMBERS)


@dataclass(frozen=True, kw_only=True)
class Devices:
    """What they hold in their hands."""

    age_months: float = rule(POSITIVE)
    earlier_known: float = rule(SHARE)
    handed_down: float = rule(SHARE)
    handed_to_kin: float = rule(SHARE)
    handed_to_friends: float = rule(SHARE)
    resold: float = rule(SHARE)
    lines_per_dealer: int = rule(COUNT)
    second_device: float = rule(SHARE)
    bought_late_months: float = rule(POSITIVE)


@dataclass(frozen=True, kw_only=True)
class Network:
    """How good the network is."""

    bad_cells: float = rule(SHARE)
    dropped: float = rule(SHARE)
    mbps: float = rule(POSITIVE)
    bad_cell_complaints: float = rule(POSITIVE)
    mobile_outages_year: float = rule(POSITIVE)
    fixed_outages_year: float = rule(POSITIVE)
    outage_minutes: float = rule(POSITIVE)
    outage_fault: float = rule(SHARE)
    outage_complaint: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class TopUps:
    """How balances are filled."""

    known: float = rule(SHARE)
    by_card: float = rule(SHARE)
    names_payer: float = rule(SHARE)
    mutual: float = rule(SHARE)
    shop: float = rule(SHARE)
    lines_per_shop: int = rule(COUNT)
    big_shop_sims: int = rule(COUNT)
