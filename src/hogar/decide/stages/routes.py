"""To whom and through what may it be said? Every recipient and channel of every candidate; masks, no scores.

A route falls at the first test it fails: treatment, leak guard, age, wrong recipient, objection, consent, quiet
hours, contact rules. A candidate falls when all its routes do, with the reason of the route that got furthest.
Before: eligibility. After: propensity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.asked import Asked, blocked_by, of_rows
from hogar.decide.candidates import Candidates, Codes, Index, firsts
from hogar.decide.reasons import (
    AGE_UNKNOWN,
    LEAK_GUARD,
    MINOR,
    NO_CONSENT,
    NO_RECIPIENT,
    NO_TREATMENT,
    OBJECTION,
    QUIET_HOURS,
    RULES_FROM,
    WRONG_RECIPIENT,
)
from hogar.telco.channels import MESSAGE_CLASSES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation
    from hogar.strategy.types import ChannelPolicy

AGGREGATE_CONTRIBUTORS_MIN = (
    3  # adults other than the recipient, for an aggregate to be nobody's (docs/privacy.md)
)
MARKETING = MESSAGE_CLASSES.index("marketing")
_WEEK_MINUTES = 7 * 24 * 60


def routes(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """List the routes of every candidate that may be, drop candidates without any."""
    asked = candidates.asked
    people = _People.of(candidates, kernel, situation, asked)
    action = candidates.action
    speakable = asked.treatment[:, action]
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
    some = np.logical_or.reduce(open_, axis=0)
    if not some.all():
        candidate, person, open_ = candidate[some], person[some], open_[:, some]
    reached = np.zeros(len(gone), dtype=np.bool_)
    reached[candidate] = True
    lost = ((gone == 0) & ~reached).nonzero()[0]
    if len(lost):
        gone[lost] = _why(kernel, situation, candidates, people, lost, speakable)
    return replace(candidates, code=gone, route_candidate=candidate, route_person=person, route_open=open_)


@dataclass(frozen=True, kw_only=True, eq=False)
class _People:
    """Who is who for each candidate, and which persons may be spoken to through what.

    `subject` is the person whose private data the candidate may rest on, `payer` the sole payer, -1 for none.
    `policy` and `open` have shape (message classes, channels, persons); `able` may be addressed at all,
    `reachable` also has an open channel for some class asked for. Of `unsure` ones the membership is too uncertain.
    Only where it `matter`s who somebody is are `subject` and `payer` filled in.
    """

    subject: Index
    payer: Index
    policy: Codes
    open: npt.NDArray[np.bool_]
    able: npt.NDArray[np.bool_]
    unsure: npt.NDArray[np.bool_]
    matter: bool
    reachable: npt.NDArray[np.bool_]
    starts: npt.NDArray[np.int32]

    @staticmethod
    def of(candidates: Candidates, kernel: Kernel, situation: Situation, asked: Asked) -> _People:
        unsure = ~(situation.membership >= kernel.strategy.policies.membership_min)
        matter = asked.needs_some or bool(unsure.any()) or situation.request.heard_by is not None
        subject = np.empty(len(candidates.subject), dtype=np.intp)
        payer = np.empty(len(candidates.subject), dtype=np.intp)
        for entity, of_scope in candidates.parts if matter else ():
            subjects = candidates.subject[of_scope]
            if entity == "person":
                subject[of_scope] = subjects
                payer[of_scope] = situation.person_payer[subjects]
            elif entity == "line":
                subject[of_scope] = situation.line_user[subjects]
                payer[of_scope] = situation.line_payer[subjects]
            else:
                first, after = situation.person_start[subjects], situation.person_start[subjects + 1]
                subject[of_scope] = np.where(after - first == 1, first, -1)
                payer[of_scope] = situation.household_payer[subjects]
        able = situation.minor != 1
        if situation.request.recipient is not None:
            wanted = situation.request.recipient
            able = able & np.array([identity == wanted for identity in situation.person_ids], dtype=np.bool_)
        policy = _policy_codes(situation, asked)
        open_ = policy == 0
        reachable = able & np.logical_or.reduce(open_[asked.classes], axis=(0, 1))
        return _People(
            subject=subject, payer=payer, policy=policy, open=open_, able=able, reachable=reachable,
            unsure=unsure, matter=matter,
            starts=situation.person_start,
        )  # fmt: skip

    def rows(
        self, household: Index, wanted: npt.NDArray[np.bool_], persons: npt.NDArray[np.bool_]
    ) -> tuple[Index, Index]:
        """(candidate, person) for each wanted candidate and each of these persons of its household, in order."""
        if len(self.starts) == 2:
            chosen, some = wanted.nonzero()[0], persons.nonzero()[0]
            pairs = np.empty((2, len(chosen), len(some)), dtype=np.intp)
            pairs[0], pairs[1] = chosen[:, None], some
            return pairs[0].ravel(), pairs[1].ravel()
        before = np.zeros(len(persons) + 1, dtype=np.intp)
        np.cumsum(persons, out=before[1:])
        first = before[self.starts]
        count = np.where(wanted, (first[1:] - first[:-1])[household], 0)
        candidate = np.repeat(np.arange(len(household)), count)
        shift = first[household] - (np.cumsum(count) - count)
        return candidate, np.flatnonzero(persons)[shift[candidate] + np.arange(len(candidate))]

    def subject_is_minor(self, situation: Situation) -> npt.NDArray[np.bool_]:
        """Whether the person behind each candidate is a minor."""
        minor = situation.minor == 1
        if not minor.any():
            return (
                minor[:1].repeat(len(self.subject))
                if len(minor)
                else np.zeros(len(self.subject), dtype=np.bool_)
            )
        of_subject: npt.NDArray[np.bool_] = (self.subject >= 0) & minor[self.subject]
        return of_subject


def _row_codes(
    kernel: Kernel,
    situation: Situation,
    candidates: Candidates,
    people: _People,
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


def _policy_codes(situation: Situation, asked: Asked) -> Codes:
    """Objection, consent, quiet hours, contact rules, the first that fails: (message classes, channels, persons)."""
    code = np.zeros(
        (len(MESSAGE_CLASSES), len(asked.channel_names), len(situation.person_ids)), dtype=np.uint16
    )
    blocked = blocked_by(asked, situation, situation.room_person, situation.room_household)
    if blocked.any():
        code[:] = np.where(blocked.any(axis=0), RULES_FROM + blocked.argmax(axis=0), 0)
    marketing = code[MARKETING]
    for channel, policy in asked.quiet:
        if (
            wait_minutes(policy, situation.local_minute, situation.local_weekday)
            > situation.request.wait_minutes_max
        ):
            marketing[channel] = QUIET_HOURS
    refused = (situation.marketing & asked.consent_bits[:, None]) != asked.consent_bits[:, None]
    marketing[refused] = NO_CONSENT
    marketing[:, situation.objects] = OBJECTION
    return code


def _why(
    kernel: Kernel,
    situation: Situation,
    candidates: Candidates,
    people: _People,
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
        policy = np.where(row != 0, row, people.policy[message_class, :, person].T)
        code = np.where(speakable[:, candidate], policy, NO_TREATMENT).max(axis=0)
        edges = np.flatnonzero(firsts(candidate))
        furthest[candidate[edges]] = np.maximum.reduceat(code, edges)
    return furthest[lost]


def wait_minutes(channel: ChannelPolicy, minute: int, weekday: int) -> int:
    """Minutes until the channel may speak: 0 now. Local time of day in minutes, weekday 0 for Monday.

    Quiet hours may span midnight. A channel that is never allowed waits longer than a week.
    """
    begin, end = channel.quiet_from_minute, channel.quiet_until_minute

    def silent(day: int, at: int) -> bool:
        if day in channel.quiet_days:
            return True
        if begin is None or end is None or begin == end:
            return False
        return begin <= at < end if begin < end else at >= begin or at < end

    if not silent(weekday, minute):
        return 0
    edges = {0, *(edge for edge in (begin, end) if edge is not None)}
    for days in range(8):
        for edge in sorted(edges):
            ahead = days * 1440 + edge - minute
            if ahead > 0 and not silent((weekday + days) % 7, edge):
                return ahead
    return _WEEK_MINUTES + 1
