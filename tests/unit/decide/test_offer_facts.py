"""Facts about offers are the same numbers, to the last bit, for few subjects and for many."""

from __future__ import annotations

import numpy as np
import pytest

from hogar.decide import offer_facts
from hogar.telco.profile import LineProfile, OfferFact

NAMES = (
    "owned",
    "ordered",
    "deliverable",
    "monthly_eur",
    "current_eur",
    "cost_eur",
    "saving_eur",
    "extra_eur",
)


def lines(count: int, rng: np.random.Generator) -> list[LineProfile]:
    """Lines that know none to six of nine offers, with cents and unknowns."""

    def cents() -> int | None:
        return None if rng.random() < 0.3 else int(rng.integers(0, 10**7))

    def fact(offer: int) -> OfferFact:
        deliverable = None if rng.random() < 0.3 else bool(rng.random() < 0.5)
        return OfferFact(
            offer, bool(rng.random() < 0.5), bool(rng.random() < 0.5), deliverable, cents(), cents(), cents()
        )

    return [
        LineProfile(
            id=f"L-{number}", user=-1, payer=-1, holder=-1, values=b"",
            offers=tuple(fact(int(offer)) for offer in rng.permutation(9)[: rng.integers(0, 7)]),
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_few_and_many_are_the_same_numbers(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Every fact, known and unknown, of offers that are asked for and of others."""
    rng = np.random.default_rng(seed)
    some = lines(200, rng)
    wanted: dict[int, tuple[tuple[str, int], ...]] = {}
    slots = 0
    for offer in (0, 2, 3, 7, 11):
        asked = [name for name in NAMES if rng.random() < 0.7]
        wanted[offer] = tuple((name, slots + number) for number, name in enumerate(asked))
        slots += len(asked)
    defaults = np.where(rng.random(slots) < 0.5, 0.0, np.nan)
    together = offer_facts.offer_values(some, wanted, defaults)
    monkeypatch.setattr(offer_facts, "SUBJECTS_ONE_BY_ONE_MAX", 10_000)
    alone = offer_facts.offer_values(some, wanted, defaults)
    assert together.shape == alone.shape == (slots, 200)
    assert np.isnan(together).any()
    assert np.array_equal(together, alone, equal_nan=True)


def test_subjects_without_offers_have_the_defaults() -> None:
    """Nobody knows an offer: unknown, and neither owned nor ordered."""
    nothing = [
        LineProfile(id=str(n), user=-1, payer=-1, holder=-1, values=b"", offers=()) for n in range(100)
    ]
    values = offer_facts.offer_values(
        nothing, {0: (("owned", 0), ("monthly_eur", 1))}, np.array([0.0, np.nan])
    )
    assert (values[0] == 0.0).all()
    assert np.isnan(values[1]).all()
