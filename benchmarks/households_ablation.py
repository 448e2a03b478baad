"""What is each family of evidence worth? F1 of pairs with all of them, minus F1 without that one.

Each market gives location data at the same share of persons as traffic data, and every family is switched on, so that
each family shows its worth: the product's own default leaves location out.
"""

from __future__ import annotations

from benchmarks.households_judge import Homes, Truth, party_homes
from benchmarks.households_market import Asked, Market, market
from benchmarks.households_row import Row, asked_row
from threadpoolctl import threadpool_limits

from hogar.households.constants import FAMILIES


def ablation_row(asked: Asked) -> Row:
    """One market, resolved with everything and without each family."""
    with threadpool_limits(1), market(asked) as made:
        truth = Truth.of(made.membership)
        every = _f1(made, truth, ())
        worth = {f"worth_{family}": every - _f1(made, truth, (family,)) for family in FAMILIES}
    return asked_row(asked) | {"pair_f1": every} | worth


def _f1(made: Market, truth: Truth, without: tuple[str, ...]) -> float:
    resolved, _ = made.resolved("-".join(("without", *without)), without=without)
    return Homes.of(truth.found_homes(party_homes(resolved)), truth.home).pair_f1
