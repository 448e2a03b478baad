"""Why this, and why not that? A decision's codes turned into reasons: data first, words when asked."""

from __future__ import annotations

import msgspec
import numpy as np

from hogar.decide.decision import Decision, Proposal
from hogar.decide.kernel import Kernel
from hogar.decide.reasons import NOT_ASKED, NOT_IN_SEASON, PROPOSED
from hogar.strategy.types import Action
from hogar.telco.catalogue import ENTITIES, Entity


class Exclusion(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate that fell: which action, for which subject, at which stage, because of what, written where."""

    action: str
    scope: Entity
    subject: str
    stage: str
    reason: str
    because: str
    source: str

    def __str__(self) -> str:
        return f"{self.action} for {self.scope} {self.subject}: {self.because}" + (
            f" ({self.source})" if self.source else ""
        )


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in reasons: what is proposed and how it came about, and why each of the rest is not."""

    household: str
    mode: str
    at: str
    control: bool
    proposals: tuple[Proposal, ...]
    excluded: tuple[Exclusion, ...]
    not_asked: int


def explain(kernel: Kernel, decision: Decision) -> Explanation:
    """Every candidate of the decision with its reason. `kernel` must be the one that decided.

    Actions that the mode, campaign or trigger did not ask for are counted, not listed.
    """
    if kernel.strategy.hash != decision.strategy:
        raise ValueError("the decision was made under another strategy")
    excluded: list[Exclusion] = []
    not_asked = 0
    for entity in ENTITIES:
        subjects = {"household": (decision.household,), "person": decision.persons, "line": decision.lines}[
            entity
        ]
        actions = kernel.scopes[entity].actions
        packed = {
            "household": decision.codes_household, "person": decision.codes_person, "line": decision.codes_line,
        }[entity]  # fmt: skip
        codes = np.frombuffer(packed, dtype="<u2").reshape(len(subjects), len(actions))
        for subject, row in zip(subjects, codes.tolist(), strict=True):
            for action, code in zip(actions.tolist(), row, strict=True):
                if code == NOT_ASKED:
                    not_asked += 1
                elif code != PROPOSED:
                    excluded.append(
                        _exclusion(kernel, kernel.strategy.actions[action], entity, subject, code)
                    )
    return Explanation(
        household=decision.household, mode=decision.mode, at=decision.at, control=decision.control,
        proposals=decision.proposals, excluded=tuple(excluded), not_asked=not_asked,
    )  # fmt: skip


def _exclusion(kernel: Kernel, action: Action, entity: Entity, subject: str, code: int) -> Exclusion:
    reason = kernel.reasons[code]
    because = reason.words
    if reason.unknown:
        because = f"unknown, something it reads is missing: `{reason.text}`"
        if reason.name == "deliverable":  # the first fact about an offer that is asked for
            because = f"no offer for this {entity}: nothing is known of it here"
    place = action.place if code == NOT_IN_SEASON else reason.place
    return Exclusion(
        action=action.key, scope=entity, subject=subject, stage=reason.stage, reason=reason.name, because=because,
        source=str(place) if place else "",
    )  # fmt: skip
