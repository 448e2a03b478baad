"""What is each pair's evidence worth? Reads the pair table of the SQL steps; returns it with probability and terms.

Rules stand above the estimate: what two people declared, what analysts judged, and the contract alone where one of them
objects to profiling.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hogar.households.constants import (
    APART_PROBABILITY,
    CONTRACT_PROBABILITY,
    DECLARED_PROBABILITY,
    JUDGED_PROBABILITY,
    KINDS,
    PROBABILITY_MIN,
)
from hogar.households.mixture import (
    HOUSEHOLD,
    NOT_HOUSEHOLD,
    OTHER,
    UNSURE,
    Levels,
    Model,
    Sides,
    fit,
    log_odds_terms,
    patterns,
    probability,
)
from hogar.households.persons import components

CLOSURE_PERSONS_MAX = 30


SAME_UNIT, OTHER_UNIT, ELSEWHERE = 5, 1, 0  # levels of `address`


def learnt(pairs: pa.Table) -> Model:
    """The model of the pairs that are to be estimated (not ruled)."""
    pairs = pairs.filter(pc.is_null(pairs["contract"]))
    levels = _levels(pairs)
    said = pc.fill_null(pc.if_else(pairs["judged"], HOUSEHOLD, NOT_HOUSEHOLD), UNSURE).to_numpy()
    return fit(levels, np.where(said == UNSURE, sure_sides(levels), said).astype(np.int8))


def sure_sides(levels: Levels) -> Sides:
    """The class of patterns that leave little doubt: one flat with one name and one purse; two flats, nothing shared.

    What the rule is worth is measured (docs/households.md); pairs that it names are no test of the model.
    """
    of = {kind.name: levels[:, column] for column, kind in enumerate(KINDS)}
    purse = (of["account"] >= 1) | (of["top_up"] == 2) | (of["care"] == 1)
    household = (of["address"] == SAME_UNIT) & (of["names"] >= 1) & purse
    strangers = (
        (of["address"] == OTHER_UNIT) & (of["names"] <= 0) & ~purse & (of["top_up"] <= 0) & (of["ties"] <= 1)
    )
    # both are known to live elsewhere, and nothing links them: only a chain of others brought them together
    dealings = ("shipping", "account", "top_up", "care", "device", "ties", "contacts", "place", "absence")
    nothing = np.all([of[name] <= 0 for name in dealings], axis=0)
    strangers |= (of["address"] == ELSEWHERE) & (of["names"] <= 0) & nothing
    return np.where(household, HOUSEHOLD, np.where(strangers, OTHER, UNSURE)).astype(np.int8)


def scored(pairs: pa.Table, model: Model | None) -> pa.Table:
    """The pairs with `probability`, `log_odds` and the terms that add up to it: base, one a kind, and the rule.

    Without a model (no pairs were looked for) the table must be empty.
    """
    levels = _levels(pairs)
    shown, place = patterns(levels)
    terms = log_odds_terms(model, shown)[place] if model is not None else np.zeros((0, len(KINDS) + 1))
    contract = pairs["contract"]
    terms[np.asarray(contract.is_valid())] = 0.0  # nothing is estimated about who objects
    estimate = terms.sum(axis=1)
    ruled = [
        (pc.equal(contract, True), CONTRACT_PROBABILITY),
        (pc.equal(pairs["judged"], True), JUDGED_PROBABILITY),
        (pc.equal(pairs["judged"], False), 1 - JUDGED_PROBABILITY),
        (pc.equal(pairs["declared"], True), DECLARED_PROBABILITY),
        (pc.equal(pairs["declared"], False), APART_PROBABILITY),
    ]
    log_odds = estimate.copy()
    for condition, certain in ruled:
        log_odds[pc.fill_null(condition, False).to_numpy()] = np.log(certain / (1 - certain))
    columns = {
        "probability": probability(log_odds),
        "log_odds": log_odds,
        "base_log_odds": terms[:, 0],
        **{f"{kind.name}_log_odds": terms[:, place + 1] for place, kind in enumerate(KINDS)},
        "rule_log_odds": log_odds - estimate,
    }
    for name, values in columns.items():
        pairs = pairs.append_column(name, pa.array(values, type=pa.float64()))
    return pairs.append_column("sure", pa.array(sure_sides(shown)[place] != UNSURE))


def closure(pairs: pa.Table) -> pa.Table:
    """Pairs (a, b) that were no candidates, though a chain of likely pairs connects them: they are looked at too."""
    likely = pairs.filter(pc.greater_equal(pairs["probability"], PROBABILITY_MIN))
    ids = pc.unique(
        pa.chunked_array([*likely["person_a"].chunks, *likely["person_b"].chunks], type=pa.string())
    )
    ids = ids.take(pc.sort_indices(ids))
    a = pc.index_in(likely["person_a"], value_set=ids).to_numpy()
    b = pc.index_in(likely["person_b"], value_set=ids).to_numpy()
    component = components(len(ids), a, b)
    sizes = np.bincount(component)
    order = np.argsort(component, kind="stable")
    groups = np.split(order, np.cumsum(sizes)[:-1]) if len(order) else []
    found = [
        np.stack([members[first], members[second]])
        for members in groups
        if 3 <= len(members) <= CLOSURE_PERSONS_MAX
        for first, second in [np.triu_indices(len(members), 1)]
    ]
    both = np.concatenate(found, axis=1) if found else np.zeros((2, 0), dtype=np.int64)
    every = pa.table({"a": ids.take(pa.array(both[0])), "b": ids.take(pa.array(both[1]))})
    known = pairs.select(["person_a", "person_b"])
    return every.join(known, keys=["a", "b"], right_keys=["person_a", "person_b"], join_type="left anti")


def _levels(pairs: pa.Table) -> Levels:
    columns = [pc.fill_null(pairs[kind.name], -1).to_numpy().astype(np.int8) for kind in KINDS]
    return np.stack(columns, axis=1) if columns else np.zeros((len(pairs), 0), dtype=np.int8)
