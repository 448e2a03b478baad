"""The kernel's peer: the same workload decided by a program written for it alone, in Polars and NumPy.

It knows the rules as plain data and shares no code with the product. Outputs: the first failing condition of
every person and action, and for each household the three best routes (action, person, channel, score).
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import polars as pl
from benchmarks.workload import TEXTS, WORK_CHANNELS, Rule, Test, kind_of, name_of

REACH = (0.25, 0.4, 0.8)
MESSAGE_CENTS = (1, 0, 5)
CHANNEL_BITS = (5, 6, 4)  # email, push, sms among web, app, call_centre, shop, sms, email, push, mail, call
RULES = (("person", (0, 1, 2)), ("person", (2,)), ("household", (0, 1, 2)))
YES, PASS_ON, ADVISER = 0.6, 0.4, 0.5
ADVISED_ROLES = (3, 4)


def decide_all(
    rules: list[Rule], data: dict[str, np.ndarray], columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Codes (2 x condition + unknown, 255 passes, 254 control) by person and action; choices by household.

    Choices are rows (household, action, person, channel, score), the best first in each household.
    """
    series = []
    for feature in range(len(columns)):
        name = name_of(feature)
        column = pl.Series(name, columns[feature]).fill_nan(None)
        if kind_of(feature) == "boolean":
            column = column.cast(pl.Boolean)
        elif kind_of(feature) == "text":
            column = column.cast(pl.UInt32).cat.to(pl.Enum(TEXTS))
        series.append(column)
    frame = pl.DataFrame(series)
    first = []
    for number, rule in enumerate(rules):
        chain = None
        for position, test in enumerate(rule.tests):
            condition = _polars(test)
            chain = pl if chain is None else chain
            chain = chain.when(condition.is_null()).then(2 * position + 1).when(~condition).then(2 * position)
        assert chain is not None
        first.append(chain.otherwise(255).cast(pl.UInt8).alias(str(number)))
    amounts = [
        (base + slope * pl.col(name_of(feature)).fill_null(0.5)).alias(f"{which}{number}")
        for number, rule in enumerate(rules)
        for which, (base, slope, feature) in (("i", rule.interest), ("v", rule.value))
    ]
    codes = frame.select(first).to_numpy()
    control = np.array([_draw(anchor) < 50 for anchor in data["anchors"]])
    owner = data["person_household"]
    codes = np.where(control[owner][:, None], np.uint8(254), codes)
    numbers = frame.select(amounts)
    through = _through(data)
    role_sets = {roles: column for column, roles in enumerate(_role_sets(rules))}
    ok = _allowed(data)

    subject, action = np.nonzero(codes == 255)
    interest = np.stack([numbers[f"i{n}"].to_numpy() for n in range(len(rules))], axis=1)[subject, action]
    value = np.stack([numbers[f"v{n}"].to_numpy() for n in range(len(rules))], axis=1)[subject, action]
    interest = np.rint(np.clip(interest, 0, 1) * 1e6)
    cents = np.rint(value * 100).astype(np.int64)
    cost = np.array([rule.cost_cents for rule in rules], dtype=np.int64)[action]
    sets = np.array([role_sets[tuple(sorted(rule.roles))] for rule in rules])[action]

    size = np.diff(data["person_start"])
    count = size[owner[subject]]
    row = np.repeat(np.arange(len(subject)), count)
    recipient = (
        data["person_start"][owner[subject]][row]
        + np.arange(len(row))
        - np.repeat(np.cumsum(count) - count, count)
    )
    through_row = interest[row] * through[recipient, sets[row]]
    score = np.empty((len(row), 3), dtype=np.int64)
    for channel in range(3):
        probability = np.rint(through_row * REACH[channel]).astype(np.int64)
        score[:, channel] = probability * cents[row] - (cost[row] + MESSAGE_CENTS[channel]) * 1_000_000
    score[~ok[recipient] | (score <= 0)] = -1
    return codes, _top_three(score, row, recipient, subject, action, owner, data)


def _polars(test: Test) -> pl.Expr:
    column = pl.col(name_of(test.feature))
    if test.operator == "is":
        return column
    if test.operator == "in":
        return column.is_in(pl.Series(test.constants, dtype=pl.Enum(TEXTS)).implode())
    if test.operator == "between":
        return column.is_between(test.constants[0], test.constants[1])
    return column < test.constants[0] if test.operator == "<" else column >= test.constants[0]


def _draw(anchor: str) -> int:
    return int.from_bytes(blake2b(anchor.encode(), digest_size=8, key=b"workload").digest()) % 1000


def _role_sets(rules: list[Rule]) -> list[tuple[int, ...]]:
    return sorted({tuple(sorted(rule.roles)) for rule in rules})


def _through(data: dict[str, np.ndarray]) -> np.ndarray:
    hold, owner, starts = data["roles"], data["person_household"], data["person_start"][:-1]
    top = np.maximum.reduceat(hold, starts)[owner]
    at_top = hold == top
    tied = np.add.reduceat(at_top.astype(int), starts)[owner] > 1
    second = np.maximum.reduceat(np.where(at_top, 0.0, hold), starts)[owner]
    others = np.where(at_top & ~tied, second, top)
    for role in ADVISED_ROLES:
        others[:, role] = np.where(data["adviser"], np.maximum(others[:, role], ADVISER), others[:, role])
    factor = YES * (hold + (1 - hold) * PASS_ON * others)
    sets = [(), (0, 1), (0, 5), (3, 5)]
    return np.stack(
        [np.prod(factor[:, list(s)], axis=1) if s else np.ones(len(factor)) for s in sets], axis=1
    )


def _allowed(data: dict[str, np.ndarray]) -> np.ndarray:
    ok = np.stack([(data["marketing"] >> bit) & 1 == 1 for bit in CHANNEL_BITS], axis=1)
    ok &= (~data["objects"] & (data["minor"] == 0))[:, None]
    for number, (per, channels) in enumerate(RULES):
        room = (
            data["room_person"][number]
            if per == "person"
            else data["room_household"][number][data["person_household"]]
        )
        ok[np.ix_(room <= 0, channels)] = False
    return ok


def _top_three(score, row, recipient, subject, action, owner, data):
    household = owner[subject][row]
    room_person, room_household = data["room_person"].copy(), data["room_household"].copy()
    act, person = action[row], recipient
    starts = np.flatnonzero(np.diff(household, prepend=-1))
    sizes = np.diff(starts, append=len(household))
    found = []
    for _ in range(3):
        best = score.max(axis=1)
        top = np.repeat(np.maximum.reduceat(best, starts), sizes) if len(starts) else best
        rows = np.flatnonzero((best == top) & (top > 0))
        if not len(rows):
            break
        order = np.lexsort((person[rows], subject[row[rows]], act[rows], household[rows]))
        rows = rows[order]
        rows = rows[np.diff(household[rows], prepend=-1) > 0]
        channel = score[rows].argmax(axis=1)
        found.append(
            np.stack([household[rows], act[rows], person[rows], channel, score[rows, channel]], axis=1)
        )
        taken = np.full(len(data["person_start"]) - 1, -1)
        taken[household[rows]] = act[rows]
        score[taken[household] == act] = -1
        for number, (per, channels) in enumerate(RULES):
            used = np.isin(channel, channels)
            if per == "person":
                np.subtract.at(room_person[number], person[rows[used]], 1)
                full = room_person[number][person] <= 0
            else:
                np.subtract.at(room_household[number], household[rows[used]], 1)
                full = room_household[number][household] <= 0
            for c in channels:
                score[full, c] = -1
    chosen = np.concatenate(found)
    return chosen[np.argsort(chosen[:, 0], kind="stable")]


assert WORK_CHANNELS == ("email", "push", "sms")
