"""On whose bill? One account a payer; a business and a company have their own. Some couples pay from one bank account.

Reads the signed lines; writes their `account`; returns the accounts. After: bundles.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.calendar import today
from hogar.twin.chance import between, pick
from hogar.twin.contracts.lines import Accounts, Lines
from hogar.twin.contracts.terms import days_of
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population


def open_accounts(lines: Lines, population: Population, params: Params, rng: np.random.Generator) -> Accounts:
    """Accounts by number, in an order that means nothing."""
    rows = np.flatnonzero(lines.payer >= 0)
    payer, company = lines.payer[rows].astype(np.int64), lines.company[rows].astype(np.int64)
    business = lines.by_business[rows].astype(np.int64)
    companies = int(company.max(initial=-1)) + 2
    key = (payer * companies + company + 1) * 2 + business
    _, one, of = np.unique(key, return_index=True, return_inverse=True)
    place = rng.permutation(len(one))
    lines.account[rows] = place[of]
    order = np.empty(len(one), dtype=np.int64)
    order[place] = one
    oldest = np.full(len(one), np.iinfo(np.int64).max)
    np.minimum.at(oldest, place[of], days_of(lines.started)[rows])
    opened = np.minimum(oldest - between(rng, 0, 3, len(one)), days_of(np.array([today(params.now)]))[0])

    whose = payer[order]
    partner = population.partner[whose]
    couple = np.where(partner >= 0, np.minimum(whose, partner), whose)
    shares = rng.random(population.persons) < params.contracts.shared_bank_account
    trading = business[order] == 1
    return Accounts(
        payer=whose.astype(np.int32),
        company=company[order].astype(np.int32),
        by_business=trading,
        bank_of=np.where(shares[couple] & ~trading, couple, whose).astype(np.int32),
        opened=opened.astype("datetime64[D]"),
        method=pick(rng, list(params.contracts.payment.values()), len(one)).astype(np.int8),
    )
