"""To whom and through what may it be said? Recipients and channels of candidates, group by group; masks, no scores.

A route falls at the first test it fails: treatment, leak guard, age, wrong recipient, objection, consent, quiet
hours, contact rules, calendar, capacities. A candidate falls when all its routes do, with the reason of the route
that got furthest. Before: eligibility. After: propensity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.asked import of_rows
from hogar.decide.candidates import Candidates, Codes, Index, firsts
from hogar.decide.people import People, policy_codes
from hogar.decide.reasons import (
    AGE_UNKNOWN,
    LEAK_GUARD,
    MINOR,
    NO_RECIPIENT,
    NO_TREATMENT,
    WRONG_RECIPIENT,
)
from hogar.telco.catalogue import ENTITIES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation

AGGREGATE_CONTRIBUTORS_MIN = 3
"""Adults other than the recipient, for an aggregate to be nobody's: see docs/privacy.md."""


def routes(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """List the routes of every group of candidates, drop candidates without any."""
    sure = situation.membership >= kernel.strategy.policies.membership_min
    matter = candidates.asked.needs_some or situation.request.heard_by is not None or not bool(sure.all())
    group, alike = _grouped(candidates, situation, matter=matter)
    found = _routes_of_each(alike, kernel, situation, People.of(alike, situation, ~sure, matter=matter))
    return replace(
        candidates, code=found.code.take(group), group=group, group_action=alike.action,
        route_group=found.route_group, route_person=found.route_person, route_open=found.route_open,
    )  # fmt: skip


def _grouped(candidates: Candidates, situation: Situation, *, matter: bool) -> tuple[Index, Candidates]:
    """The group of each candidate, and one candidate of each group.

    To this stage candidates of one household are alike where their actions are of one kind and, if it matters who
    somebody is, their subjects are the same.
    """
    asked = candidates.asked
    whose, wholes = candidates.household, len(situation.household_ids)
    if matter:
        begin = np.cumsum([0, wholes, len(situation.person_ids), len(situation.line_ids)])
        whose, wholes = begin.take(candidates.scope) + candidates.subject, int(begin[-1])
    key = whose * asked.kinds + asked.kind.take(candidates.action)
    number = np.zeros(wholes * asked.kinds, dtype=np.intp)
    number[key] = 1
    occupied = number.nonzero()[0]
    number[occupied] = np.arange(len(occupied))
    group = number.take(key)
    one = np.empty(len(occupied), dtype=np.intp)
    one[group] = np.arange(len(group))
    scope = candidates.scope[one]
    parts = (
        tuple((entity, (scope == ENTITIES.index(entity)).nonzero()[0]) for entity, _ in candidates.parts)
        if len(candidates.parts) > 1
        else candidates.parts
    )
    alike = replace(
        candidates, household=candidates.household[one], scope=scope, subject=candidates.subject[one],
        action=candidates.action[one], parts=parts, code=candidates.code[one],
    )  # fmt: skip
    return group, alike


def _routes_of_each(
    candidates: Candidates, kernel: Kernel, situation: Situation, people: People
) -> Candidates:
    """The routes of candidates that are each a group of their own."""
    asked = candidates.asked
    action = candidates.action
    speakable = asked.treatment.take(action, axis=1)
    gone = np.zeros(len(action), dtype=np.uint16)
    if asked.needs_some:
        gone[people.subject_is_minor(situation) & kernel.needs_person[action]] = MINOR
    if not asked.all_speakable:
        gone[~np.logical_or.reduce(speakable, axis=0)] = NO_TREATMENT

    candidate, person = people.rows(candidates.household, gone == 0, people.reachable)
    open_ = of_rows(people.open, asked, kernel.message_class[action[candidate]], person)
    if people.matter:
        open_ &= _row_codes(kernel, situation, candidates, people, candidate, person) == 0
    if not asked.all_speakable:
        open_ &= speakable[:, candidate]
    if asked.some_closed:
        open_ &= asked.closed[:, action[candidate]] == 0
    some = np.logical_or.reduce(open_, axis=0)
    if np.count_nonzero(some) < len(some):
        candidate, person, open_ = candidate[some], person[some], open_[:, some]
    reached = np.zeros(len(gone), dtype=np.bool_)
    reached[candidate] = True
    lost = ((gone == 0) & ~reached).nonzero()[0]
    if len(lost):
        gone[lost] = _why(kernel, situation, candidates, people, lost, speakable)
    return replace(candidates, code=gone, route_group=candidate, route_person=person, route_open=open_)


def _row_codes(
    kernel: Kernel,
    situation: Situation,
    candidates: Candidates,
    people: People,
    candidate: Index,
    person: Index,
) -> Codes:
    """Leak guard, age and wrong recipient: the first of them that each (candidate, recipient) fails, else 0."""
    code = np.zeros(len(candidate), dtype=np.uint16)
    if not people.matter:
        return code
    own = person == people.subject[candidate]
    code[people.unsure[person] & ~own] = WRONG_RECIPIENT
    if not candidates.asked.needs_some and situation.request.heard_by is None:
        return code
    action = candidates.action[candidate]
    needs_person, needs_aggregate = kernel.needs_person[action], kernel.needs_aggregate[action]
    ageless = situation.minor == -1
    if ageless.any():
        code[ageless[person] & (needs_person | needs_aggregate)] = AGE_UNKNOWN
    leak = (needs_person & ~own) | (kernel.needs_payer[action] & (person != people.payer[candidate]))
    if needs_aggregate.any():
        contributes = (situation.minor == 0) & ~situation.objects
        of_household = np.bincount(
            situation.person_household[contributes], minlength=len(situation.household_ids)
        )
        others = of_household[candidates.household[candidate]] - contributes[person]
        leak |= needs_aggregate & (others < AGGREGATE_CONTRIBUTORS_MIN)
    if situation.request.heard_by is not None:
        heard = np.array(
            [identity in situation.request.heard_by for identity in situation.person_ids], dtype=np.bool_
        )
        leak |= ~heard[person]
    code[leak] = LEAK_GUARD
    return code


def _why(
    kernel: Kernel,
    situation: Situation,
    candidates: Candidates,
    people: People,
    lost: Index,
    speakable: npt.NDArray[np.bool_],
) -> Codes:
    """For candidates without an open route the code of the route that got furthest."""
    wanted = np.zeros(len(candidates.code), dtype=np.bool_)
    wanted[lost] = True
    candidate, person = people.rows(candidates.household, wanted, people.able)
    furthest = np.full(len(wanted), NO_RECIPIENT, dtype=np.uint16)
    if len(candidate):
        row = _row_codes(kernel, situation, candidates, people, candidate, person)
        message_class = kernel.message_class[candidates.action[candidate]]
        policy = np.where(row != 0, row, policy_codes(people)[message_class, :, person].T)
        closed = candidates.asked.closed[:, candidates.action[candidate]]
        policy = np.where(policy != 0, policy, closed)
        code = np.where(speakable[:, candidate], policy, NO_TREATMENT).max(axis=0)
        edges = np.flatnonzero(firsts(candidate))
        furthest[candidate[edges]] = np.maximum.reduceat(code, edges)
    return furthest[lost]
