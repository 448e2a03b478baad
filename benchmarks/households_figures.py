"""What do all markets together come to? Rows to figures: the worst, the worst at each consent share, their means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

from benchmarks.households_row import Row

from hogar.households.constants import FAMILIES
from hogar.telco.roles import ROLES

Figure = float | int | None
Figures = dict[str, Figure]
Of = Callable[[Iterable[float]], float]
FULL, MUCH = 1.0, 0.6

WORST: tuple[tuple[str, str, Of], ...] = (
    ("pair_f1", "pair_f1", min),
    ("pair_f1_share_of_ceiling", "share_of_ceiling", min),
    ("pair_f1_share_of_ceiling_pairs", "share_of_ceiling_pairs", min),
    ("pair_f1_share_of_ceiling_without_sure", "share_of_ceiling_without_sure", min),
    ("precision", "precision", min),
    ("precision_without_sure", "precision_without_sure", min),
    ("recall", "recall", min),
    ("candidate_recall", "candidate_recall", min),
    ("pair_f1_without_sure", "f1_without_sure", min),
    ("sure_right", "sure_right", min),
    ("ungrouped_pair_f1", "ungrouped_pair_f1", min),
    ("ungrouped_precision", "ungrouped_precision", min),
    ("soft_only_pair_f1", "soft_pair_f1", min),
    ("b_cubed_f1", "b_cubed_f1", min),
    ("exact", "exact", min),
    ("biggest", "biggest", max),
    ("line_user_accuracy", "line_user_accuracy", min),
    ("role_macro_f1", "role_macro_f1", min),
    ("role_gain_over_holder", "role_gain_over_holder", min),
    ("roles_well_found", "roles_well_found", min),
    ("role_macro_f1_shared_homes", "role_macro_f1_shared_homes", min),
    ("role_gain_over_holder_shared_homes", "role_gain_over_holder_shared_homes", min),
    ("roles_well_found_shared_homes", "roles_well_found_shared_homes", min),
    ("ece", "ece", max),
    ("ece_without_sure", "ece_without_sure", max),
    ("precision_at_half", "precision_at_half", min),
    *((f"role_f1_{role}", f"role_f1_{role}", min) for role in ROLES),
)
FULL_CONSENT = ("pair_f1", "b_cubed_f1", "exact", "biggest", "ece", "precision")
BY_CONSENT = (
    "pair_f1", "precision", "recall", "b_cubed_f1", "exact", "share_of_ceiling", "share_of_ceiling_pairs",
    "share_of_ceiling_without_sure", "ece", "line_user_accuracy", "role_macro_f1", "gain_over_hard", "soft_pair_f1",
    "ungrouped_pair_f1",
)  # fmt: skip
PEERS_BY_CONSENT = (
    "ceiling_pair_f1", "ceiling_pair_f1_at_half", "ceiling_clustered_f1", "ceiling_f1_without_sure", "hard_pair_f1",
    "splink_pair_f1", "splink_clustered_pair_f1", "splink_b_cubed_f1", "splink_exact", "splink_biggest",
    "ungrouped_hard_pair_f1",
)  # fmt: skip
PEERS = (
    "exact_address_f1", "hard_precision", "splink_hard_pair_f1", "splink_hard_clustered_pair_f1",
    "holder_line_accuracy", "role_macro_f1_holder", "role_macro_f1_holder_shared_homes", "most_called_precision",
    "most_called_recall", *(f"role_f1_holder_{role}" for role in ROLES),
)  # fmt: skip
SHOWN = (
    "pair_f1", "precision", "recall", "candidate_recall", "share_of_ceiling", "ceiling_f1", "hard_pair_f1",
    "soft_pair_f1", "exact_address_f1", "splink_pair_f1", "b_cubed_f1", "exact", "biggest", "ece",
    "line_user_accuracy", "holder_line_accuracy", "role_macro_f1", "role_macro_f1_holder", "offnet_precision",
    "offnet_recall",
)  # fmt: skip


def figures(rows: Sequence[Row]) -> Figures:
    """Ours, worst over all markets; by consent also the worst, and the mean."""
    plain = [row for row in rows if not row["located"]]
    full = [row for row in plain if row["consent"] == FULL]
    much = [row for row in plain if row["consent"] in (MUCH, FULL)]
    located = [row for row in rows if row["located"]]
    found: Figures = {f"{name}_{_side(worst)}": _of(worst, plain, column) for name, column, worst in WORST}
    found["pair_f1_gain_over_hard_min"] = _of(min, much, "gain_over_hard")
    for name, column, worst in WORST:
        if name in FULL_CONSENT:
            found[f"{name}_full_consent_{_side(worst)}"] = _of(worst, full, column)
            found[f"{name}_located_{_side(worst)}"] = _of(worst, located, column)
    found["pair_f1_share_of_ceiling_located_min"] = _of(min, located, "share_of_ceiling")
    found |= {name: _of(min, full, name) for name in ("offnet_precision", "offnet_recall")}
    for column in BY_CONSENT:
        worst = max if column == "ece" else min
        found |= _by_consent(plain, column, worst, f"_{_side(worst)}")
        found |= _by_consent(plain, column, fmean, "_mean")
    return found


def peer_figures(rows: Sequence[Row]) -> Figures:
    """The peers' means; by consent where it matters to them."""
    plain = [row for row in rows if not row["located"]]
    found: Figures = {f"{name}_mean": _of(fmean, plain, name) for name in PEERS}
    for column in PEERS_BY_CONSENT:
        found |= _by_consent(plain, column, fmean, "_mean")
    return found


def ablation_figures(rows: Sequence[Row]) -> Figures:
    """What each family is worth at each consent share, as a mean over markets."""
    found: Figures = {}
    for column in ("pair_f1", *(f"worth_{family}" for family in FAMILIES)):
        found |= _by_consent(rows, column, fmean, "_mean")
    return found


def table(rows: Sequence[Row]) -> str:
    """Means over seeds and regimes by consent, for people."""
    plain = [row for row in rows if not row["located"]]
    shares = _shares(plain)
    lines = ["mean over markets".ljust(28) + "".join(f"{share:>8.0%}" for share in shares)]
    for column in SHOWN:
        means = (_of(fmean, [row for row in plain if row["consent"] == share], column) for share in shares)
        lines.append(
            column.ljust(28) + "".join("       -" if one is None else f"{one:>8.3f}" for one in means)
        )
    return "\n".join(lines)


def _by_consent(rows: Sequence[Row], column: str, of: Of, ending: str) -> Figures:
    return {
        f"{column}_consent_{share * 100:.0f}{ending}": _of(
            of, [row for row in rows if row["consent"] == share], column
        )
        for share in _shares(rows)
    }


def _shares(rows: Sequence[Row]) -> list[float]:
    return sorted({float(row["consent"] or 0) for row in rows})


def _side(of: Of) -> str:
    return "max" if of is max else "min"


def _of(of: Of, rows: Sequence[Row], column: str) -> Figure:
    """Of the rows that know it; None where none does."""
    values = [float(value) for row in rows if (value := row.get(column)) is not None]
    return of(values) if values else None
