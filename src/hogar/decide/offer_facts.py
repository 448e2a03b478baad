"""What does each offer mean to these subjects? Facts about offers as numbers: a row a fact, a column a subject.

A few subjects are read one fact after the other, many as columns; a test holds the two equal. Euros for money, NaN for
unknown. Before: `situation` gathers profiles. After: conditions read the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile, OfferFact

SUBJECTS_ONE_BY_ONE_MAX = 48
Floats = npt.NDArray[np.float64]
Positions = Mapping[int, tuple[tuple[str, int], ...]]
"""For each offer, as profiles number it, the facts that are wanted and their rows."""


def offer_values(
    profiles: Sequence[HouseholdProfile | MemberProfile | LineProfile], wanted: Positions, defaults: Floats
) -> Floats:
    """The wanted facts of each subject; where an offer is not known to a subject the defaults stand."""
    if len(profiles) > SUBJECTS_ONE_BY_ONE_MAX:
        return _together(profiles, wanted, defaults)
    facts = np.tile(defaults, (len(profiles), 1))
    for row, profile in zip(facts, profiles, strict=True):
        for fact in profile.offers:
            for fact_name, slot in wanted.get(fact.offer, ()):
                row[slot] = _fact(fact, fact_name)
    return facts.T


def _fact(fact: OfferFact, name: str) -> float:
    """One offer fact as a float, euros for money; NaN for unknown."""
    if name == "owned":
        return float(fact.owned)
    if name == "ordered":
        return float(fact.ordered)
    if name == "deliverable":
        return np.nan if fact.deliverable is None else float(fact.deliverable)
    if name == "monthly_eur":
        return np.nan if fact.monthly_cents is None else fact.monthly_cents / 100
    current, cost = fact.current_cents, fact.cost_cents
    if name == "current_eur":
        return np.nan if current is None else current / 100
    if name == "cost_eur":
        return np.nan if cost is None else cost / 100
    if current is None or cost is None:
        return np.nan
    return (current - cost) / 100 if name == "saving_eur" else (cost - current) / 100


def _together(
    profiles: Sequence[HouseholdProfile | MemberProfile | LineProfile], wanted: Positions, defaults: Floats
) -> Floats:
    """The same for many: each kind of fact is read for all subjects and offers at once."""
    values = np.repeat(defaults[:, None], len(profiles), axis=1)
    flat = [fact for profile in profiles for fact in profile.offers]
    if not flat:
        return values
    subject = np.repeat(np.arange(len(profiles)), [len(profile.offers) for profile in profiles])
    offer = np.array([fact.offer for fact in flat], dtype=np.intp)
    of_kind: dict[str, npt.NDArray[np.intp]] = {}
    for number, asked in wanted.items():
        for name, slot in asked:
            of_kind.setdefault(name, np.full(int(offer.max()) + 1, -1, dtype=np.intp))
            if number < len(of_kind[name]):
                of_kind[name][number] = slot
    for name, slots in of_kind.items():
        rows = slots[offer]
        known = rows >= 0
        values[rows[known], subject[known]] = _column(flat, name)[known]
    return values


def _column(facts: Sequence[OfferFact], name: str) -> Floats:
    """One kind of fact of all: unknown is NaN, and arithmetic passes it on."""
    if name in ("owned", "ordered", "deliverable"):
        return _read(facts, name)
    if name in ("monthly_eur", "current_eur", "cost_eur"):
        return _read(facts, name.replace("_eur", "_cents")) / 100
    saving = _read(facts, "current_cents") - _read(facts, "cost_cents")
    return (saving if name == "saving_eur" else -saving) / 100


def _read(facts: Sequence[OfferFact], field: str) -> Floats:
    return np.array(list(map(attrgetter(field), facts)), dtype=np.float64)
