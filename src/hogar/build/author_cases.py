"""Do the authors' own cases hold? Each is laid out as a household of one and decided by the real kernel.

The member is an adult who uses, pays and holds one line, has every role and allows every channel; what a case does
not say is unknown. So a case is about the strategy, not about people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from hogar import decide
from hogar.decide import Decision, Kernel, Request, Situation
from hogar.errors import Problem
from hogar.strategy.cases import Case, Value
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import ENTITIES, Catalogue, Entity
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import (
    HouseholdProfile,
    LineProfile,
    MemberProfile,
    OfferFact,
    ProfileColumn,
    ProfileSchema,
)
from hogar.telco.roles import ROLES

NOON = datetime(
    2026, 3, 2, 11, 0, tzinfo=UTC
)  # a Monday; quiet hours are the delivery's matter, not a case's
PERSON, LINE, HOUSEHOLD = "the person", "the line", "the household"


def failures(strategy: Strategy, catalogue: Catalogue, cases: Sequence[Case]) -> list[Problem]:
    """A problem for each case that comes out otherwise than its author expects."""
    if not cases:
        return []
    kernel = decide.bind(_without_control(strategy), _schema(catalogue, cases))
    problems = []
    for case in cases:
        what = _unexpected(kernel, case, _decide(kernel, case))
        if what:
            problems.append(
                Problem(
                    place=case.place, what=f"case `{case.name}`: {what}", cure="change the case or the action"
                )
            )
    return problems


def _without_control(strategy: Strategy) -> Strategy:
    """A case is about a household that may be spoken to."""
    return replace(strategy, policies=replace(strategy.policies, control_permille=0))


def _unexpected(kernel: Kernel, case: Case, decision: Decision) -> str:
    """What came out instead of what was expected; empty where it did."""
    proposed = [proposal.action for proposal in decision.proposals]
    explained = decide.explain(kernel, decision)
    if case.excluded is not None:
        if case.excluded in proposed:
            return f"`{case.excluded}` is proposed, not excluded"
        reasons = sorted({e.reason for e in explained.excluded if e.action == case.excluded})
        if not case.because or case.because in reasons:
            return ""
        instead = " and ".join(reasons) or "not being asked for"
        return f"`{case.excluded}` is excluded because of {instead}, not {case.because}"
    if case.action is None:
        return f"{' and '.join(proposed)} proposed, nothing expected" if proposed else ""
    if case.action in proposed[:1]:
        return ""
    why = sorted({f"{e.reason} ({e.because})" for e in explained.excluded if e.action == case.action})
    first = f"`{proposed[0]}` is proposed first" if proposed else "nothing is proposed"
    return f"{first}, `{case.action}` expected" + (f"; it fell at {'; '.join(why)}" if why else "")


def _decide(kernel: Kernel, case: Case) -> Decision:
    now = case.now or NOON
    request = Request(
        channels=case.channels, recipient=PERSON if case.mode == "inbound" else None, actions=case.actions,
        event=case.event, context=case.context,
        subject=LINE if case.mode == "triggered" else None,
    )  # fmt: skip
    situation = Situation.of(
        kernel, [_household(kernel.schema, case)], mode=case.mode, now=now, local_minute=now.hour * 60 + now.minute,
        local_weekday=now.weekday(), counters=((),), request=request,
    )  # fmt: skip
    return kernel.decide(situation)[0]


def _schema(catalogue: Catalogue, cases: Sequence[Case]) -> ProfileSchema:
    """All features as published columns; a text's dictionary is what the cases write."""
    columns: dict[Entity, tuple[ProfileColumn, ...]] = {}
    for entity in ENTITIES:
        columns[entity] = tuple(
            ProfileColumn(
                name=feature.full_name, type=feature.type,
                dictionary=tuple(sorted({v for c in cases if isinstance(v := c.values.get(feature.full_name), str)})),
            )
            for feature in catalogue.of_entity(entity)
        )  # fmt: skip
    return ProfileSchema(
        version="cases", membership="cases", models="cases", as_of=NOON.date().isoformat(),
        household=columns["household"], person=columns["person"], line=columns["line"],
        offers=tuple(sorted({offer for case in cases for offer in case.offers})),
    )  # fmt: skip


def _household(schema: ProfileSchema, case: Case) -> HouseholdProfile:
    offers = tuple(_fact(schema.offers.index(offer), facts) for offer, facts in sorted(case.offers.items()))
    member = MemberProfile(
        id=PERSON, parties=(PERSON,), membership=1.0, minor=False, objects=False, marketing=(1 << len(CHANNELS)) - 1,
        language="es", payer=0, roles=(1.0,) * len(ROLES), values=_packed(schema.person, case), offers=offers,
    )  # fmt: skip
    line = LineProfile(id=LINE, user=0, payer=0, holder=0, values=_packed(schema.line, case), offers=offers)
    return HouseholdProfile(
        id=HOUSEHOLD, anchor=HOUSEHOLD, payer=0, advisers=(), values=_packed(schema.household, case), offers=offers,
        members=(member,), lines=(line,),
    )  # fmt: skip


def _packed(columns: Sequence[ProfileColumn], case: Case) -> bytes:
    values = [case.values.get(column.name) for column in columns]
    numbers = [
        np.nan
        if value is None
        else column.dictionary.index(value)
        if isinstance(value, str)
        else float(value)
        for column, value in zip(columns, values, strict=True)
    ]
    return np.array(numbers, dtype="<f8").tobytes()


def _fact(offer: int, facts: Mapping[str, Value]) -> OfferFact:
    def cents(name: str) -> int | None:
        return round(float(facts[name]) * 100) if name in facts else None

    deliverable = facts.get("deliverable")
    return OfferFact(
        offer, bool(facts.get("owned", False)), bool(facts.get("ordered", False)),
        None if deliverable is None else bool(deliverable),
        cents("monthly_eur"), cents("current_eur"), cents("cost_eur"),
    )  # fmt: skip
