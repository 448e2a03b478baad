"""By which shares does each home sign? The parameter file's, a column per share, conditioned in chosen homes.

Reads segments and parameters; returns columns of homes. After: segments; before: contracts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Flags, Floats, Ints, Small
from hogar.twin.contracts.segments import JOINT_BAND, MISFIT, NONE, RENEWER, TRAVELLER, Segments
from hogar.twin.parameters import AGES, KINDS, Params
from hogar.twin.people.population import Population


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """Shares of contracts by home; `focus` is the member whom a condition is about: holds and pays in own name."""

    broadband: Floats
    adsl_kept: Floats
    tv: Floats
    fixed_voice: Floats
    convergent: Floats
    family_plan: Floats
    one_payer: Floats
    misfit: Floats
    second_sim: Floats
    prepaid: Floats  # [home, age group]
    segment: Small
    focus: Ints

    @property
    def chosen(self) -> Flags:
        """Homes of a segment: nobody outside pays or holds for them, and they for nobody outside."""
        return np.asarray(self.segment != NONE)


def lean(population: Population, segments: Segments, params: Params) -> Leaning:
    """The parameters of every home's contracts."""
    parts, of = params.contracts, segments.of_home
    chosen, joint, misfit = of != NONE, of == JOINT_BAND, of == MISFIT
    alone = (of == RENEWER) | (of == TRAVELLER)

    def share(usual: float | Floats, *conditions: tuple[Flags, float]) -> Floats:
        column = np.broadcast_to(np.asarray(usual, dtype=np.float64), of.shape).copy()
        for where, value in conditions:
            column[where] = value
        return column

    by_kind = population.kind
    by_age = np.array([parts.prepaid[age] for age in AGES])
    return Leaning(
        broadband=share(_by_kind(parts.broadband)[by_kind], (joint | (of == RENEWER), 1.0)),
        adsl_kept=share(parts.adsl_kept, (joint, 1.0)),
        tv=share(parts.tv, (joint, 0.0)),
        fixed_voice=share(parts.fixed_voice, (joint, 0.0)),
        convergent=share(parts.convergent, (chosen, 0.0)),
        family_plan=share(parts.family_plan, (misfit | alone, 0.0)),
        one_payer=share(_by_kind(parts.one_payer)[by_kind], (joint | misfit, 1.0), (alone, 0.0)),
        misfit=share(parts.misfit, (joint, 0.0), (misfit, 1.0)),
        second_sim=share(params.onnet.second_sim, (chosen, 0.0)),
        prepaid=np.where(misfit[:, None], 0.0, by_age[None, :]),
        segment=of,
        focus=segments.focus,
    )


def _by_kind(shares: Mapping[str, float]) -> Floats:
    return np.array([shares[kind] for kind in KINDS])
