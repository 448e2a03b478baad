"""How did each action fare on the base? Counts over the codes of decisions, whole batches at a time.

Reads decisions as the kernel gives them; keeps for every action how many subjects it was asked for, which condition
stopped how many, what became of those that qualified, and who came first where it was outranked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from hogar.decide import Decisions, Kernel
from hogar.decide.reasons import OUTRANKED, PROPOSED

Index = npt.NDArray[np.intp]


@dataclass
class Fare:
    """One action's counts. `stopped` by the code of the condition, `fell` by the code of what came after.

    Subjects and what stops them are counted in one pass over the base, the first that asks for it: its `label`.
    """

    label: str = ""
    subjects: int = 0
    qualified: int = 0
    proposed: int = 0
    stopped: Counter[int] = field(default_factory=Counter)
    fell: Counter[int] = field(default_factory=Counter)
    winners: Counter[int] = field(default_factory=Counter)


class Tally:
    """The fares of all actions of a kernel, by their number in the strategy."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.fares = [Fare() for _ in kernel.strategy.actions]
        stages = [reason.stage for reason in kernel.reasons]
        self._conditions = np.array([stage == "eligibility" for stage in stages])
        self._out = np.array([stage == "arms" for stage in stages])

    def add(self, decisions: Decisions, label: str = "") -> None:
        """Count one batch of a pass over the base; without a label only what became of those that qualified."""
        first_action = self._first_actions(decisions)
        for entity, codes in decisions.codes.items():
            household = decisions.situation.household_of(entity).astype(np.intp)
            for column, action in enumerate(self.kernel.scopes[entity].actions.tolist()):
                self._count(self.fares[action], codes[:, column], household, first_action, label)

    def qualifying(self, decisions: Decisions, wanted: set[int]) -> Index:
        """The households, by position, in which one of the wanted actions qualifies for somebody."""
        found = np.zeros(len(decisions), dtype=np.bool_)
        for entity, codes in decisions.codes.items():
            household = decisions.situation.household_of(entity)
            for column, action in enumerate(self.kernel.scopes[entity].actions.tolist()):
                if action in wanted:
                    found[household[self._qualified(codes[:, column])]] = True
        return found.nonzero()[0]

    def _count(
        self, fare: Fare, codes: npt.NDArray[np.uint16], household: Index, first_action: Index, label: str
    ) -> None:
        qualified = self._qualified(codes)
        counts = np.bincount(codes, minlength=len(self._conditions))
        asked = int(counts[~self._out].sum())
        if label and asked and fare.label in ("", label):
            fare.label = label
            fare.subjects += asked
            fare.qualified += int(qualified.sum())
            fare.stopped.update(_nonzero(np.where(self._conditions, counts, 0)))
        after = np.bincount(codes[qualified], minlength=1)
        fare.proposed += int(after[PROPOSED])
        after[PROPOSED] = 0
        fare.fell.update(_nonzero(after))
        winners = first_action[household[codes == OUTRANKED]]
        fare.winners.update(_nonzero(np.bincount(winners[winners >= 0], minlength=1)))

    def _qualified(self, codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.bool_]:
        qualified: npt.NDArray[np.bool_] = ~(self._conditions | self._out)[codes]
        return qualified

    def _first_actions(self, decisions: Decisions) -> Index:
        """The action that each household is proposed first; -1 for none."""
        found = np.full(len(decisions), -1, dtype=np.intp)
        candidates = decisions.candidates
        chosen = candidates.chosen[::-1, 0]  # the best of a household comes first, so it is written last
        found[candidates.household[chosen]] = candidates.action[chosen]
        return found


def _nonzero(counts: npt.NDArray[np.intp]) -> dict[int, int]:
    return {int(code): int(counts[code]) for code in counts.nonzero()[0]}
