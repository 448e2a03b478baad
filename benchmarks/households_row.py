"""What does one market come to? Resolves it in every way that is compared, judges all of them, returns one row.

`line_user_accuracy`, roles and off-net members are judged by `hogar.evidence`; homes by er-evaluation, and `agrees`
says whether both come to the same. See `households` for what the columns mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from benchmarks import households_peers as peers
from benchmarks.households_ceiling import ceiling
from benchmarks.households_judge import (
    Codes,
    Flags,
    Homes,
    Truth,
    best_f1,
    calibration_error,
    f1_of,
    pairs_within,
    party_homes,
    precision_of,
)
from benchmarks.households_market import HARD, Asked, Market, market, soft_families
from benchmarks.households_pairs import Found, Pairs
from benchmarks.sweeps import exact_address_f1
from threadpoolctl import threadpool_limits

from hogar.evidence.score import score

Row = dict[str, float | int | bool | str | None]
LIKELY = 0.5


def row_of(asked: Asked, *, splink: bool = True) -> Row:
    """Make the market, resolve and judge it, and forget it."""
    begin = perf_counter()
    with threadpool_limits(1), market(asked) as made:
        row = asked_row(asked) | judged(made, splink=splink)
    return row | {"seconds": perf_counter() - begin}


def judged(made: Market, *, splink: bool = True) -> Row:
    """Everything that is measured on a market; of a located one, homes and pairs alone."""
    full, located = made.asked.consent == 1, made.asked.located
    resolved, report = made.resolved("ours", without=() if located else None, offnet=full and not located)
    truth = Truth.of(made.membership)
    found = Found.of(resolved, truth)
    pairs = Pairs.of(resolved, truth, found)
    ours = _Homes.of(resolved, truth)
    row = _homes(ours, truth) | _pairs(ours, pairs, found, truth)
    row |= {
        "split_persons": len(found.ids) - len(truth.ids),
        "resolve_s": sum(s.seconds for s in report.steps),
    }
    if located:
        return row
    row |= _others(made, ours, truth) | _people(made, resolved, ours.homes)
    if splink:
        from benchmarks.households_splink import linked  # its import takes seconds

        peer = linked(made, resolved, pairs, found, truth, soft=True)
        row |= {
            "splink_pair_f1": peer.pair_f1, "splink_clustered_pair_f1": peer.homes.pair_f1,
            "splink_b_cubed_f1": peer.homes.b_cubed_f1, "splink_exact": peer.homes.exact,
            "splink_biggest": peer.homes.biggest, "splink_s": peer.seconds,
        }  # fmt: skip
        if full:  # without pairwise evidence no consent matters
            plain = linked(made, resolved, pairs, found, truth, soft=False)
            row |= {
                "splink_hard_pair_f1": plain.pair_f1,
                "splink_hard_clustered_pair_f1": plain.homes.pair_f1,
            }
    names = ("most_called_precision", "most_called_recall") if full else ("offnet_precision", "offnet_recall")
    values = (
        peers.most_called_home(made, resolved) if full else (None, None)
    )  # looked for at full consent alone
    row |= dict(zip(names, values, strict=True))
    return row


@dataclass(frozen=True)
class _Homes:
    """The homes of a resolution, judged, and the pairs in them."""

    homes: Homes
    codes: Codes

    @classmethod
    def of(cls, resolved: Path, truth: Truth) -> _Homes:
        found = truth.found_homes(party_homes(resolved))
        return cls(Homes.of(found, truth.home), pairs_within(found, len(truth.ids)))


def asked_row(asked: Asked) -> Row:
    """Which market the row is about."""
    return {"regime": asked.regime, "seed": asked.seed, "consent": asked.consent, "located": asked.located}


def _homes(ours: _Homes, truth: Truth) -> Row:
    homes = ours.homes
    return {
        "pair_f1": homes.pair_f1, "precision": homes.precision, "recall": homes.recall,
        "b_cubed_f1": homes.b_cubed_f1, "exact": homes.exact, "biggest": homes.biggest,
        "persons": len(truth.ids), "true_pairs": len(truth.pairs),
    }  # fmt: skip


def _pairs(ours: _Homes, pairs: Pairs, found: Found, truth: Truth) -> Row:
    """Calibration, the ceiling, and all of it without the pairs that the training was sure of."""
    true, likely, free = truth.pairs, pairs.probability >= LIKELY, ~pairs.sure
    sure = pairs.linked(pairs.sure)
    left, kept = np.setdiff1d(true, sure), np.setdiff1d(ours.codes, sure)
    top = ceiling(pairs, found, truth)
    return {
        "candidates": len(pairs.a),
        "candidate_recall": float(np.isin(true, pairs.code).mean()),
        "scored_f1": f1_of(pairs.linked(likely), true),
        "scored_best_f1": best_f1(pairs.code, pairs.probability, true)[0],
        "precision_at_half": float(pairs.together[likely].mean()),
        "ece": calibration_error(pairs.probability, pairs.together),
        "ece_without_sure": calibration_error(pairs.probability[free], pairs.together[free]),
        "sure_pairs": int(pairs.sure.sum()),
        "sure_right": float(((pairs.probability >= LIKELY) == pairs.together)[pairs.sure].mean()),
        "f1_without_sure": f1_of(kept, left),
        "precision_without_sure": precision_of(kept, left),
        "ceiling_f1": top.highest,
        "ceiling_pair_f1": top.best,
        "ceiling_pair_f1_at_half": top.at_half,
        "ceiling_clustered_f1": top.clustered,
        "ceiling_f1_without_sure": top.without_sure,
        "share_of_ceiling": ours.homes.pair_f1 / top.highest,
        "share_of_ceiling_pairs": f1_of(pairs.linked(likely), true) / top.best,
        "share_of_ceiling_without_sure": f1_of(kept, left) / top.without_sure,
    }


def _others(made: Market, ours: _Homes, truth: Truth) -> Row:
    """Hard evidence alone, soft alone, the exact address; and members without a convergent or group offer."""
    hard = _Homes.of(made.resolved("hard", without=soft_families())[0], truth)
    soft = _Homes.of(made.resolved("soft", without=HARD)[0], truth)
    ungrouped = np.isin(truth.ids.astype(str), sorted(peers.without_group_offer(made)))
    mine, true, by_hard = (_touching(codes, ungrouped) for codes in (ours.codes, truth.pairs, hard.codes))
    return {
        "hard_pair_f1": hard.homes.pair_f1, "hard_precision": hard.homes.precision,
        "gain_over_hard": ours.homes.pair_f1 - hard.homes.pair_f1,
        "soft_pair_f1": soft.homes.pair_f1, "soft_precision": soft.homes.precision,
        "exact_address_f1": exact_address_f1(made.folder),
        "ungrouped_persons": int(ungrouped.sum()), "ungrouped_pair_f1": f1_of(mine, true),
        "ungrouped_precision": precision_of(mine, true), "ungrouped_hard_pair_f1": f1_of(by_hard, true),
    }  # fmt: skip


def _touching(codes: Codes, chosen: Flags) -> Codes:
    """The pairs with at least one of the chosen persons."""
    return codes[chosen[codes // len(chosen)] | chosen[codes % len(chosen)]]


def _people(made: Market, resolved: Path, homes: Homes) -> Row:
    """Line users, roles and off-net members beside their plain rules; and whether both judges agree about homes."""
    truth = made.truth / "membership.parquet"
    own = score(resolved, truth, canonical=made.ingested, now=made.now)
    every, shared = peers.roles(made, resolved)
    return {
        "agrees": homes.agrees(own),
        "line_user_accuracy": own.line_user_accuracy,
        "holder_line_accuracy": peers.holder_of_each_line(made, resolved),
        "role_macro_f1": every.macro_f1,
        "role_macro_f1_holder": every.holder,
        "role_gain_over_holder": every.macro_f1 - every.holder,
        "roles_well_found": every.well_found,
        "role_macro_f1_shared_homes": shared.macro_f1,
        "role_macro_f1_holder_shared_homes": shared.holder,
        "role_gain_over_holder_shared_homes": shared.macro_f1 - shared.holder,
        "roles_well_found_shared_homes": shared.well_found,
        "offnet_precision": own.offnet_precision,
        "offnet_recall": own.offnet_recall,
        **{f"role_f1_{role.role}": role.f1 for role in own.roles},
        **{f"role_f1_holder_{role.role}": role.f1_holder for role in own.roles},
    }
