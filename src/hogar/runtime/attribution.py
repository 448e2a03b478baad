"""Which row or which reason does each person of an audience get? Exactly one of both, so that counts add up.

Reads one household's decision; returns which proposals are for persons of the audience, and for each of the others
the reason that got furthest. Before: `decide`. After: the target file, or the run's drafts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar.decide import STAGES, Decision, Kernel, Proposal
from hogar.decide.reasons import NOT_ASKED, PROPOSED, reason_name, words_by_name
from hogar.telco.catalogue import Entity
from hogar.telco.profile import HouseholdProfile

# Reasons that only a campaign knows; all the others are the kernel's.
ANOTHER_ADDRESSED = "another_member_addressed"
NO_SUBJECT = "nothing_of_theirs_asked_for"
MISSING_VALUE = "missing_value"
CAPACITY = "capacity"

OWN_WORDS = {
    ANOTHER_ADDRESSED: "another member of the household is addressed",
    NO_SUBJECT: "nothing that the campaign asks for is about them",
    MISSING_VALUE: "the text names a value that is missing",
    CAPACITY: "others were worth more, and the capacity is for so many only",
}
"""What those mean."""

_STAGES = tuple(stage.__name__ for stage in STAGES)


@dataclass(frozen=True, kw_only=True)
class Attributed:
    """`rows`: person id to the position of the proposal made for them. `excluded`: person id to the reason."""

    rows: Mapping[str, int]
    excluded: Mapping[str, str]


class Attribution:
    """One strategy's reasons, ranked by how far a candidate got; `words` says what each name means."""

    def __init__(self, kernel: Kernel) -> None:
        self._names = tuple(map(reason_name, kernel.reasons))
        self.words = {**words_by_name(kernel.reasons), **OWN_WORDS}
        self._widths = {entity: len(scope.actions) for entity, scope in kernel.scopes.items()}
        ranks = np.zeros(len(kernel.reasons), dtype=np.int64)
        for code, reason in enumerate(kernel.reasons):
            stage = _STAGES.index(reason.stage) if reason.stage in _STAGES else 0
            within = code if reason.stage == "routes" else len(ranks) - code
            ranks[code] = (stage + 1) * 2 * len(ranks) + within
        ranks[NOT_ASKED] = -1
        ranks[PROPOSED] = np.iinfo(np.int64).max
        self._ranks = ranks

    def of(self, household: HouseholdProfile, decision: Decision, audience: Sequence[int]) -> Attributed:
        """Share a household's decision out among its members that are in the audience (positions)."""
        ids = [household.members[position].id for position in audience]
        rows: dict[str, int] = {}
        for number, proposal in enumerate(decision.proposals):
            person = self._for_whom(household, proposal, [id_ for id_ in ids if id_ not in rows])
            if person is not None:
                rows[person] = number
        if len(rows) == len(ids):
            return Attributed(rows=rows, excluded={})
        of_household = self._codes(decision.codes_household, 1, "household")[0]
        of_person = self._codes(decision.codes_person, len(household.members), "person")
        of_line = self._codes(decision.codes_line, len(household.lines), "line")
        excluded: dict[str, str] = {}
        for position, id_ in zip(audience, ids, strict=True):
            if id_ not in rows:
                lines = [n for n, line in enumerate(household.lines) if line.user == position]
                codes = np.concatenate((of_person[position], of_line[lines].ravel(), of_household))
                excluded[id_] = self._furthest(codes)
        return Attributed(rows=rows, excluded=excluded)

    def _for_whom(self, household: HouseholdProfile, proposal: Proposal, free: Sequence[str]) -> str | None:
        """The person whose row a proposal is: its own person, a line's user, for a household the recipient."""
        if proposal.scope == "household":
            return proposal.recipient if proposal.recipient in free else next(iter(free), None)
        person = proposal.subject
        if proposal.scope == "line":
            user = next(line.user for line in household.lines if line.id == proposal.subject)
            person = proposal.recipient if user < 0 else household.members[user].id
        return person if person in free else None

    def _codes(self, packed: bytes, subjects: int, entity: Entity) -> npt.NDArray[np.uint16]:
        return np.frombuffer(packed, dtype="<u2").reshape(subjects, self._widths[entity])

    def _furthest(self, codes: npt.NDArray[np.uint16]) -> str:
        if not len(codes):
            return NO_SUBJECT
        ranks = self._ranks[codes]
        best = int(ranks.argmax())
        if ranks[best] < 0:
            return NO_SUBJECT
        code = int(codes[best])
        return ANOTHER_ADDRESSED if code == PROPOSED else self._names[code]
