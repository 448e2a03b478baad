"""What does each subject look like to the conditions? One scope's matrix, and what the request itself says.

Before: `situation` and `binding`. After: `stages.eligibility` and `stages.propensity`, which ask `expr`.
"""

from __future__ import annotations

import sys

import numpy as np

from hogar.decide.binding import ScopeBinding
from hogar.decide.days import day_number, local_day
from hogar.decide.situation import Floats, LooseValue, Situation
from hogar.expr import RuleColumn, Subjects
from hogar.strategy.names import TODAY
from hogar.telco.catalogue import FeatureType

DAYS_MAX = 1_000_000  # from 1970-01-01, either way: about the years that a date can have
SUBJECTS_BY_ROW_MAX = 48  # above this many subjects a frame costs less than rows


def subjects_of(binding: ScopeBinding, situation: Situation) -> Subjects:
    """One scope's subjects in one situation."""
    return Subjects(
        binding.columns,
        _gather(binding, situation),
        [_loose(column, situation) for column in binding.loose],
        reads=binding.reads,
        few_max=SUBJECTS_BY_ROW_MAX,
    )


def _gather(binding: ScopeBinding, situation: Situation) -> Floats:
    """Stack the columns of the scope's own entity, of its person, and of its household."""
    own = binding.entity
    count = {
        "household": len(situation.household_ids), "person": len(situation.person_ids),
        "line": len(situation.line_ids),
    }[own]  # fmt: skip
    blocks: list[Floats] = []
    for source, rows in binding.gathers:
        values = situation.values[source]
        block = values if len(rows) == len(values) else values[rows]  # rows are in order
        if source != own:
            if source == "household":
                owner = situation.person_household if own == "person" else situation.line_household
                block = block[:, owner]
            else:  # the person of a line is its user
                users = situation.line_user
                if block.shape[1]:
                    block = np.where(users >= 0, block[:, users], np.nan)
                else:
                    block = np.full((len(rows), count), np.nan)
        blocks.append(block)
    if len(blocks) == 1:
        return blocks[0]
    return np.concatenate(blocks) if blocks else np.zeros((0, count), dtype=np.float64)


def _loose(column: RuleColumn, situation: Situation) -> LooseValue:
    """A value of the request: `context.channel` is the one asked for where there is one only."""
    namespace, _, name = column.name.partition(".")
    request = situation.request
    value: LooseValue = request.event.get(name) if namespace == "event" else request.context.get(name)
    if column.name == TODAY:
        return day_number(local_day(situation.now, situation.local_weekday))
    if column.name == "context.channel" and value is None and len(request.channels) == 1:
        return request.channels[0]
    return _possible(value, column.type)


def _possible(value: LooseValue, type_: FeatureType) -> LooseValue:
    """The value as its declared type has it; None where it cannot be: then the condition says unknown."""
    if type_ in ("text", "boolean"):
        return value if isinstance(value, str if type_ == "text" else bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if type_ == "date":
        return int(value) if abs(value) <= DAYS_MAX and value == int(value) else None
    return float(value) if abs(value) <= sys.float_info.max else None
