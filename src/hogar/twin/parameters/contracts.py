"""What contracts are drawn by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hogar.twin.parameters.rules import BY_AGE, BY_KIND, BY_PAYMENT, COUNT, POSITIVE, SHARE, rule


@dataclass(frozen=True, kw_only=True)
class Contracts:
    """What they hold, on whose name and bill."""

    broadband: Mapping[str, float] = rule(BY_KIND)
    adsl_kept: float = rule(SHARE)
    tv: float = rule(SHARE)
    fixed_voice: float = rule(SHARE)
    convergent: float = rule(SHARE)
    family_plan: float = rule(SHARE)
    one_payer: Mapping[str, float] = rule(BY_KIND)
    prepaid: Mapping[str, float] = rule(BY_AGE)
    prepaid_registered_to_another: float = rule(SHARE)
    prepaid_registered_outside: float = rule(SHARE)
    other_parent_pays: float = rule(SHARE)
    shared_bank_account: float = rule(SHARE)
    payment: Mapping[str, float] = rule(BY_PAYMENT)
    misfit: float = rule(SHARE)
    tenure_months: float = rule(POSITIVE, most=600)
    in_commitment: float = rule(SHARE)
    prepaid_registered_unknown: float = rule(SHARE)
    partner_tops_up: float = rule(SHARE)
    second_prepaid: float = rule(SHARE)
    trader_equips_partner: float = rule(SHARE)
    parents_pay_elsewhere: float = rule(SHARE)
    still_paid_by_old_home: float = rule(SHARE)
    family_plan_outside: float = rule(SHARE)
    stale_holder: float = rule(SHARE)
    company_only: float = rule(SHARE)
    company_spare: float = rule(SHARE)
    ported_in: float = rule(SHARE)
    recycled: float = rule(SHARE)
    login_is_organiser: float = rule(SHARE)
    earlier_plan: float = rule(SHARE)
    device_instalments: float = rule(SHARE)
    device_insured: float = rule(SHARE)
    roaming_bundles: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Segments:
    """How many homes of each story's kind there are at least."""

    share: float = rule(SHARE, most=0.25)
    at_least: int = rule(COUNT, most=1_000_000)


@dataclass(frozen=True, kw_only=True)
class Offnet:
    """Which SIMs other operators hold."""

    second_sim: float = rule(SHARE)
    member: float = rule(SHARE)
    strangers_per_user: float = rule(POSITIVE, most=100)
    users_per_hub: int = rule(COUNT, most=1_000_000)
