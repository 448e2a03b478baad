"""How likely does the family say yes, if this person hears of it here? The chain of roles behind an answer.

P(accept) = P(reached) x P(interest of the user) x product over the roles that the action needs of
P(yes | the recipient holds the role, or passes it on to who does). For role k and recipient r:
yes_k x (hold_rk + (1 - hold_rk) x pass_on x the most likely other holder's hold). Nobody passes on to whom he does
not live with: both must be members, so their probabilities of membership are factors of the second part. An adviser
in another home whom the recipient declared counts as another holder of `ict_agent` and `salesperson`. The right
recipient falls out of the arithmetic. Before: propensity. After: value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.candidates import Candidates, firsts
from hogar.decide.situation import Floats
from hogar.telco.roles import ROLES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

_OTHERS = ~np.eye(16, dtype=np.bool_)[:, :, None]  # who is another one, in a household of that size
ADVISER_ROLES = [ROLES.index("ict_agent"), ROLES.index("salesperson")]


def decision_chain(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """How likely every recipient leads to a yes, and each candidate's best probability through each channel.

    Of two recipients the one with the larger chain never has the smaller probability: the best is enough to know
    whether a candidate gains anything; `selection` looks at all recipients of those that may win.
    """
    of_group, row = kernel.role_set.take(candidates.group_action), candidates.route_group
    chain = _yes_through(kernel, situation)[candidates.route_person, of_group.take(row)]
    surest = np.zeros((len(candidates.route_open), len(of_group)), dtype=np.float64)
    edges = firsts(row).nonzero()[0]
    if len(edges):
        surest[:, row[edges]] = np.maximum.reduceat(candidates.route_open * chain, edges, axis=1)
    micro = probability(
        candidates.interest_micro, surest.take(candidates.group, axis=1), candidates.asked.reach
    )
    return replace(candidates, chain=chain, probability_micro=micro)


def probability(interest_micro: npt.NDArray[np.int32], chain: Floats, reach: Floats) -> npt.NDArray[np.int64]:
    """P(accept) in millionths, by channel: shape (channels, ...)."""
    micro = interest_micro * chain
    micro = micro * reach[:, None]
    return np.rint(micro, out=micro).astype(np.int64)


def _yes_through(kernel: Kernel, situation: Situation) -> Floats:
    """P(the needed roles all say yes | this person hears of it): shape (persons, distinct sets of roles)."""
    with_one = np.ones((len(situation.person_ids), len(ROLES) + 1), dtype=np.float64)  # the last: no role
    with_one[:, :-1] = yes_by_role(kernel, situation)
    through: Floats = np.multiply.reduce(with_one.take(kernel.role_sets, axis=1), axis=2)
    return through


def yes_by_role(kernel: Kernel, situation: Situation) -> Floats:
    """P(who holds the role says yes | this person hears of it): shape (persons, roles)."""
    priors = kernel.strategy.roles
    hold = situation.roles
    member = np.fmax(situation.membership, 0.0)[:, None]  # unknown is 0
    others = _most_likely_other(hold * member, situation) * member
    if np.count_nonzero(situation.adviser):
        advised = np.where(situation.adviser, priors.adviser, 0.0)[:, None]
        others[:, ADVISER_ROLES] = np.maximum(others[:, ADVISER_ROLES], advised)
    by_role: Floats = kernel.yes * (hold + (1.0 - hold) * priors.pass_on * others)
    return by_role


def _most_likely_other(hold: Floats, situation: Situation) -> Floats:
    """For each member and role the highest hold among the others of the household; 0 where alone.

    A maximum, not a product: it does not depend on the order of members, so a batch gives the same bits as one.
    """
    if not len(hold):
        return hold.copy()
    others: Floats
    if len(situation.household_ids) == 1 and len(hold) <= len(_OTHERS):
        others = np.maximum.reduce(np.where(_OTHERS[: len(hold), : len(hold)], hold, 0.0), axis=1)
        return others
    first = firsts(situation.person_household)  # by runs of members, since a household may have none
    starts, owner = first.nonzero()[0], np.cumsum(first) - 1
    best = np.maximum.reduceat(hold, starts)[owner]
    is_best = hold == best
    several = np.add.reduceat(is_best, starts, dtype=np.intp)[owner] > 1
    second = np.maximum.reduceat(np.where(is_best, 0.0, hold), starts)[owner]
    others = np.where(is_best & ~several, second, best)
    return others
