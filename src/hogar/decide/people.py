"""Who may be spoken to, and through what? The persons of a situation as `stages.routes` sees them.

Contact rules, objection, consent and quiet hours do not depend on the action beyond its message class, so they are
asked once a person and channel. Reads the situation and what the request asks; before: `stages.routes`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar.decide.asked import Asked, blocked_by
from hogar.decide.candidates import Candidates, Codes, Index
from hogar.decide.quiet import wait_minutes
from hogar.decide.reasons import NO_CONSENT, OBJECTION, QUIET_HOURS, RULES_FROM
from hogar.decide.situation import Situation
from hogar.telco.channels import MESSAGE_CLASSES

MARKETING = MESSAGE_CLASSES.index("marketing")

Barriers = list[tuple[int, npt.NDArray[np.bool_]]]


@dataclass(frozen=True, kw_only=True, eq=False)
class People:
    """Who is who for each candidate, and which persons may be spoken to through what.

    `subject` is the person whose private data the candidate may rest on, `payer` the sole payer, -1 for none.
    `open` has shape (message classes, channels, persons): what neither contact rules (`blocked`, by rule) nor other
    `barriers` close. `able` may be addressed at all, `reachable` also has an open channel for some class asked for. Of
    `unsure` ones the membership is too uncertain. Only where it `matter`s who somebody is are `subject` and `payer`
    filled in.
    """

    subject: Index
    payer: Index
    blocked: npt.NDArray[np.bool_] | None
    barriers: Barriers
    open: npt.NDArray[np.bool_]
    able: npt.NDArray[np.bool_]
    unsure: npt.NDArray[np.bool_]
    matter: bool
    reachable: npt.NDArray[np.bool_]
    starts: npt.NDArray[np.int32]

    @staticmethod
    def of(
        candidates: Candidates, situation: Situation, unsure: npt.NDArray[np.bool_], *, matter: bool
    ) -> People:
        """The persons of the situation, given of whom the membership is too uncertain."""
        asked = candidates.asked
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
        if situation.in_front is not None:
            able = able & situation.in_front
        elif situation.request.recipient is not None:
            wanted = situation.request.recipient
            able = able & np.array([identity == wanted for identity in situation.person_ids], dtype=np.bool_)
        shape = len(MESSAGE_CLASSES), len(asked.channel_names), len(able)
        blocked = blocked_by(asked, situation, situation.room_person, situation.room_household)
        open_ = np.ones(shape, np.bool_) if blocked is None else ~np.logical_or.reduce(blocked, axis=0)
        barriers = _barriers(situation, asked)
        for _, closed in barriers:
            open_[MARKETING] &= ~closed
        reachable = able & np.logical_or.reduce(open_[asked.classes], axis=(0, 1))
        return People(
            subject=subject, payer=payer, blocked=blocked, barriers=barriers, open=open_, able=able,
            reachable=reachable, unsure=unsure, matter=matter, starts=situation.person_start,
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


def _barriers(situation: Situation, asked: Asked) -> Barriers:
    """What closes marketing to whom through which channel, with its code; of several the last counts."""
    refused = (situation.marketing & asked.consent_bits[:, None]) != asked.consent_bits[:, None]
    found: Barriers = [(NO_CONSENT, refused), (OBJECTION, situation.objects)]
    if asked.quiet:
        silent = np.zeros((len(asked.channel_names), 1), dtype=np.bool_)
        for channel, policy in asked.quiet:
            wait = wait_minutes(policy, situation.local_minute, situation.local_weekday)
            silent[channel] = wait > situation.request.wait_minutes_max
        found.insert(0, (QUIET_HOURS, silent))
    return found


def policy_codes(people: People) -> Codes:
    """Objection, consent, quiet hours, contact rules, the first that fails: (message classes, channels, persons)."""
    code = np.zeros(people.open.shape, dtype=np.uint16)
    if people.blocked is not None:
        code[:] = np.where(people.blocked.any(axis=0), RULES_FROM + people.blocked.argmax(axis=0), 0)
    for reason, closed in people.barriers:
        np.copyto(code[MARKETING], reason, where=closed)
    return code
