"""What came out, for each household? Decisions as values, made from the arrays when somebody asks for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hogar.decide.candidates import MICRO, Candidates, Codes
from hogar.decide.decision import Decision, Proposal
from hogar.telco.catalogue import Entity
from hogar.telco.roles import ROLES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation
    from hogar.strategy.types import Action, Treatment

ROLE_SURE = 0.5
"""How probable a role must be before its holder is spoken to as such; below it a role is an abstention."""
EVERYBODYS = "consumer"
"""The role that tells nobody apart: whoever lives there uses."""


class Decisions:
    """The decisions of one situation, in the order of its households; `decisions[i]` makes one a value."""

    def __init__(self, *, kernel: Kernel, situation: Situation, candidates: Candidates) -> None:
        self.kernel = kernel
        self.situation = situation
        self.candidates = candidates
        household = candidates.household[candidates.chosen[:, 0]]
        self._chosen_start = household.searchsorted(np.arange(len(situation.household_ids) + 1))

    def __len__(self) -> int:
        return len(self.situation.household_ids)

    def __iter__(self) -> Iterator[Decision]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> Decision:
        situation, kernel = self.situation, self.kernel
        persons = slice(int(situation.person_start[number]), int(situation.person_start[number + 1]))
        lines = slice(int(situation.line_start[number]), int(situation.line_start[number + 1]))
        return Decision(
            household=situation.household_ids[number], mode=situation.mode, at=situation.now.isoformat(),
            strategy=kernel.strategy.hash, profile=kernel.schema.version, membership=kernel.schema.membership,
            models=kernel.schema.models, objective=kernel.strategy.objective,
            control=bool(self.candidates.control[number]),
            persons=tuple(situation.person_ids[persons]), lines=tuple(situation.line_ids[lines]),
            codes_household=_packed(self.codes["household"][number]),
            codes_person=_packed(self.codes["person"][persons]), codes_line=_packed(self.codes["line"][lines]),
            proposals=tuple(self.proposals(number)),
        )  # fmt: skip

    @cached_property
    def codes(self) -> dict[Entity, Codes]:
        """The final reason code of every action of every subject; 0 where it is proposed."""
        final = dict(self.candidates.codes)
        for entity, of_scope in self.candidates.parts:
            codes = final[entity].copy()
            place = self.candidates.subject[of_scope] * codes.shape[1] + self.candidates.column[of_scope]
            codes.reshape(-1)[place] = self.candidates.code[of_scope]
            final[entity] = codes
        return final

    def proposals(self, number: int) -> list[Proposal]:
        """The proposals of one household, the best first."""
        chosen = self.candidates.chosen[self._chosen_start[number] : self._chosen_start[number + 1]]
        return [self._proposal(*pick) for pick in chosen.tolist()]

    def _proposal(self, candidate: int, row: int, channel: int, probability: int, score: int) -> Proposal:
        found, asked, situation = self.candidates, self.candidates.asked, self.situation
        action = self.kernel.strategy.actions[found.action[candidate]]
        recipient, subject = int(found.route_person[row]), int(found.subject[candidate])
        name = asked.channel_names[channel]
        roles = dict(zip(ROLES, situation.roles[recipient].tolist(), strict=True))
        treatment = treatment_for(action, name, situation.language[recipient], roles)
        if action.scope == "household":
            subject_id = situation.household_ids[subject]
        else:
            subject_id = (situation.person_ids if action.scope == "person" else situation.line_ids)[subject]
        return Proposal(
            action=action.key, offering=action.offering, scope=action.scope, subject=subject_id,
            recipient=situation.person_ids[recipient], channel=name, language=treatment.language,
            pass_on=treatment.pass_on, reach_micro=round(float(asked.reach[channel]) * MICRO),
            interest_micro=int(found.interest_micro[candidate]), chain_micro=round(float(found.chain[row]) * MICRO),
            probability_micro=probability,
            value_cents=int(found.value_cents[candidate]),
            cost_cents=action.cost_cents + int(asked.message_cents[channel]),
            score_microcents=score, role=treatment.role,
        )  # fmt: skip


def treatment_for(action: Action, channel: str, language: str, roles: Mapping[str, float]) -> Treatment:
    """The treatment in the recipient's language (else in the first written for the channel), for the recipient's role.

    `roles` maps roles to the recipient's probabilities, or to 1 where the role is known. Of the roles that have words
    of their own the most probable one is spoken to, from one half on; ties go by the order of `ROLES`. Everybody uses,
    so a `consumer` is spoken to only where no other of them is held: the payer hears the price, whoever only uses the
    benefit.
    """
    of_channel = [treatment for treatment in action.treatments if treatment.channel == channel]
    assert of_channel, "routes without a treatment are closed"
    if len(of_channel) == 1:
        return of_channel[0]
    spoken = next((each.language for each in of_channel if each.language == language), of_channel[0].language)
    by_role = {each.role: each for each in of_channel if each.language == spoken}
    held = [role for role in ROLES if role in by_role and roles.get(role, 0.0) >= ROLE_SURE]
    return by_role[max(held, key=lambda role: (role != EVERYBODYS, roles[role])) if held else ""]


def _packed(codes: Codes) -> bytes:
    return codes.astype("<u2", copy=False).tobytes()
