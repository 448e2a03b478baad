"""Who is out of it, and what was not asked? Control group, stopped actions, the actions of this mode.

Reads the strategy, the request and the households' anchors; returns codes for what is out. After: eligibility.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from hogar.decide.candidates import Candidates, Codes
from hogar.decide.reasons import CONTROL_GROUP, NOT_IN_AUDIENCE, OTHER_SUBJECT
from hogar.telco.catalogue import Entity

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel
    from hogar.decide.situation import Situation


def arms(candidates: Candidates, kernel: Kernel, situation: Situation) -> Candidates:
    """Take out what the request does not ask for, what is stopped, and marketing to the control group."""
    policies = kernel.strategy.policies
    control = control_group(situation.anchors, salt=policies.control_salt, permille=policies.control_permille)
    some_control = np.count_nonzero(control) > 0
    out = candidates.asked.codes
    codes: dict[Entity, Codes] = {}
    for entity, binding in kernel.scopes.items():
        of_action = out.take(binding.actions)
        code = codes[entity] = np.empty((_subjects(entity, situation), len(of_action)), dtype=np.uint16)
        if not code.size:
            continue
        code[:] = of_action
        if some_control:
            hit = control[situation.household_of(entity)]
            code[hit] = np.where(
                kernel.marketing[binding.actions] & (of_action == 0), CONTROL_GROUP, of_action
            )
        if situation.audience is not None and entity != "household":
            outside = ~situation.audience if entity == "person" else ~_of_users(situation.audience, situation)
            code[outside[:, None] & (code == 0)] = NOT_IN_AUDIENCE
        if situation.request.subject is not None and entity != "household":
            code[_other_subject(entity, situation)[:, None] & (code == 0)] = OTHER_SUBJECT
    return replace(candidates, codes=codes, control=control)


def _other_subject(entity: Entity, situation: Situation) -> npt.NDArray[np.bool_]:
    """Whether a person or line is not what the event is about: the line, or its user; or the person, with no line."""
    subject = situation.request.subject
    is_line = np.array([identity == subject for identity in situation.line_ids], dtype=np.bool_)
    if entity == "line":
        return ~is_line
    is_person = np.array([identity == subject for identity in situation.person_ids], dtype=np.bool_)
    users = situation.line_user[is_line]
    is_person[users[users >= 0]] = True
    return ~is_person


def _of_users(audience: npt.NDArray[np.bool_], situation: Situation) -> npt.NDArray[np.bool_]:
    """For each line whether its user is in the audience; a line without a known user is not."""
    users = situation.line_user
    inside: npt.NDArray[np.bool_] = (users >= 0) & audience[users]
    return inside


def control_group(anchors: Sequence[str], *, salt: str, permille: int) -> npt.NDArray[np.bool_]:
    """Whether each household is never contacted for marketing: a sticky draw on its anchor identity.

    The draw is the BLAKE2b hash of salt and anchor, modulo 1,000, below `permille`.
    """
    if permille == 0:
        return np.zeros(len(anchors), dtype=np.bool_)
    key = salt.encode()[:64]
    draws = [
        int.from_bytes(blake2b(anchor.encode(), digest_size=8, key=key).digest()) % 1000 for anchor in anchors
    ]
    drawn: npt.NDArray[np.bool_] = np.array(draws, dtype=np.int64) < permille
    return drawn


def _subjects(entity: Entity, situation: Situation) -> int:
    if entity == "household":
        return len(situation.household_ids)
    return len(situation.person_ids) if entity == "person" else len(situation.line_ids)
