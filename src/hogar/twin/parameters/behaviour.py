"""What behaviour is drawn by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hogar.twin.parameters.rules import COUNT, HOURS, NUMBER, POSITIVE, POSITIVE_BY_AGE, SHARE, rule


@dataclass(frozen=True, kw_only=True)
class Use:
    """How much they use, whom they call, when they travel."""

    data_gb: Mapping[str, float] = rule(POSITIVE_BY_AGE, least=0.001, most=1000)
    data_sigma: float = rule(POSITIVE, most=3)
    month_sigma: float = rule(POSITIVE, most=3)
    bill_months: int = rule(COUNT, most=12)
    usage_days: int = rule(COUNT, most=365)
    tie_months: int = rule(COUNT, most=12)
    friends: float = rule(POSITIVE, most=100)
    offnet_alters: float = rule(POSITIVE, most=100)


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Log-odds that a line ends in a month."""

    base: float = rule(NUMBER, least=-20, most=20)
    overage: float = rule(NUMBER, least=-20, most=20)
    complaint: float = rule(NUMBER, least=-20, most=20)
    commitment_over: float = rule(NUMBER, least=-20, most=20)
    in_commitment: float = rule(NUMBER, least=-20, most=20)
    first_year: float = rule(NUMBER, least=-20, most=20)
    fading: float = rule(NUMBER, least=-20, most=20)
    alone: float = rule(NUMBER, least=-20, most=20)
    prepaid: float = rule(NUMBER, least=-20, most=20)
    unseen: float = rule(POSITIVE, most=5)
    fading_lines: float = rule(SHARE)
    quiet_days_max: int = rule(COUNT, most=365)


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
    visits_30d: float = rule(POSITIVE, most=200)
    device_views: float = rule(SHARE)
    complaints_year: float = rule(POSITIVE, most=100)
    faults_year: float = rule(POSITIVE, most=100)
    questions_year: float = rule(POSITIVE, most=100)
    still_open: float = rule(SHARE)
    contacts_60d: float = rule(POSITIVE, most=100)
    orders_90d: float = rule(SHARE)
    registered_user: float = rule(SHARE)
    declared_user: float = rule(SHARE)
    declared_wrong: float = rule(SHARE)
    declared_role: float = rule(SHARE)
    declared_role_wrong: float = rule(SHARE)
    declared_lives_with: float = rule(SHARE)
    declared_with_wrong: float = rule(SHARE)
    declared_lives_apart: float = rule(SHARE)
    agent_opens: float = rule(SHARE)
    visit_hours: Sequence[float] = rule(HOURS)


@dataclass(frozen=True, kw_only=True)
class Devices:
    """What they hold in their hands."""

    age_months: float = rule(POSITIVE, most=240)
    earlier_known: float = rule(SHARE)
    handed_down: float = rule(SHARE)
    handed_to_kin: float = rule(SHARE)
    handed_to_friends: float = rule(SHARE)
    resold: float = rule(SHARE)
    lines_per_dealer: int = rule(COUNT, most=1_000_000)
    second_device: float = rule(SHARE)
    bought_late_months: float = rule(POSITIVE, most=120)


@dataclass(frozen=True, kw_only=True)
class Network:
    """How good the network is."""

    bad_cells: float = rule(SHARE)
    dropped: float = rule(SHARE, least=0.0001)
    mbps: float = rule(POSITIVE, least=0.1, most=10_000)
    bad_cell_complaints: float = rule(POSITIVE, most=100)
    mobile_outages_year: float = rule(POSITIVE, most=1000)
    fixed_outages_year: float = rule(POSITIVE, most=1000)
    outage_minutes: float = rule(POSITIVE, least=1, most=4320)
    outage_fault: float = rule(SHARE)
    outage_complaint: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class TopUps:
    """How balances are filled."""

    known: float = rule(SHARE)
    by_card: float = rule(SHARE)
    names_payer: float = rule(SHARE)
    mutual: float = rule(SHARE)
    mutual_elsewhere: float = rule(SHARE)
    shop: float = rule(SHARE)
    lines_per_shop: int = rule(COUNT, most=1_000_000)
    big_shop_sims: int = rule(COUNT, most=1_000_000)
