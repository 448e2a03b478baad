"""Who of a household is at another operator? Ties with other operators' numbers in, at most one home a number out.

No label is needed: each of our own adults is hidden in turn, and a model learns what his ties with the rest of his home
look like beside those with everybody else. What it says of a number is then taken down by how unlike other
operators' numbers are to ours: most of them are strangers, who talk with few of us (`_member_share`).
The law stands first: the view `offnet_tie` holds consenting lines only, minors and objectors do not count, at least
`OFFNET_MEMBERS_MIN` members of the home must hold the tie, and nothing about the number but its home is written.
Before: `resolve` (membership). After: what a household is offered, by whoever decides in it.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

from hogar.households.constants import (
    OFFNET_CONTACTS_CLASSES,
    OFFNET_PROBABILITY_MIN,
    OFFNET_TAUGHT_MIN,
    Floats,
)
from hogar.households.steps import Steps

STEPS = (
    "81_spoken",
    "82_spoken_rank",
    "83_spoken_home",
    "84_spoken_common",
    "85_home_shape",
    "86_number_home",
)
LOOKED_AT = (
    "members", "calls", "calls_most", "contacts", "share", "number_place", "person_place", "person_place_mean",
    "person_share", "person_share_least", "evening_share", "texts_call", "minutes_call", "out_share", "months",
    "age_mean", "common", "common_calls", "homes", "home_place", "lead_share", "place_in_home", "adults", "minors",
    "ageless", "broadband", "tv",
)  # fmt: skip
SCHEMA = pa.schema({
    "number_id": pa.string(), "household_id": pa.string(), "probability": pa.float64(), "members": pa.int64(),
})  # fmt: skip
DIGITS = 6  # of a probability


def offnet(steps: Steps) -> pa.Table:
    """The numbers that are likely members' of a home: number_id, household_id, probability, members who hold the tie.

    Needs the steps' persons and membership, and the view `offnet_tie` (`stores.warehouse.offnet_ties`). A market
    in which too few could be hidden to learn from yields no row: no guess is made.
    """
    steps.run(*STEPS)
    before = perf_counter()
    rows = steps.read("FROM number_home ORDER BY ours, number_id, household_id")
    seen = steps.read(
        "SELECT ours, contacts, count(DISTINCT number_id) AS numbers FROM spoken_home GROUP BY ALL ORDER BY ALL"
    )
    found = _stated(rows, seen)
    steps.keep("offnet", found, before)
    return found


def nobody() -> pa.Table:
    """The table without a row: nobody is looked for."""
    return SCHEMA.empty_table()


def _stated(rows: pa.Table, seen: pa.Table) -> pa.Table:
    """The best home of each number that reaches the bar."""
    taught, asked = rows.filter(rows["ours"]), rows.filter(pc.invert(rows["ours"]))
    right = taught["own"].to_numpy()
    if not len(asked) or min(right.sum(), (~right).sum()) < OFFNET_TAUGHT_MIN:
        return nobody()
    member = _member_share(seen)[_classes(asked)]
    probability = np.round(_learnt(_numbers(taught), right, _numbers(asked)) * member, DIGITS)
    answers = asked.select(["number_id", "household_id", "members"]).append_column(
        "probability", pa.array(probability)
    )
    answers = answers.filter(pc.greater_equal(answers["probability"], OFFNET_PROBABILITY_MIN)).sort_by(
        [("number_id", "ascending"), ("probability", "descending"), ("household_id", "ascending")]
    )
    numbers = answers["number_id"].to_numpy()
    best = np.r_[True, numbers[1:] != numbers[:-1]][: len(numbers)]
    return answers.filter(pa.array(best)).select(SCHEMA.names).cast(SCHEMA)


def _learnt(taught: Floats, right: npt.NDArray[np.bool_], asked: Floats) -> Floats:
    """How likely each asked pair of number and home is one person's with his own, if he were one of ours."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # slow to import, and off by default

    model = HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0,
        early_stopping=False, random_state=0,
    )  # fmt: skip
    with threadpool_limits(1):  # the same sums on every machine
        return np.asarray(model.fit(taught, right).predict_proba(asked)[:, 1])


def _member_share(seen: pa.Table) -> Floats:
    """By contacts with us: which share of other operators' numbers are people who live among our customers?

    Such people have as many contacts with us as our own have; strangers have few. Where contacts are many, all are
    taken for such people; that tells how many they are, and so how few of the numbers with few contacts.
    """
    counts = np.zeros((2, OFFNET_CONTACTS_CLASSES))
    place = np.minimum(seen["contacts"].to_numpy(), OFFNET_CONTACTS_CLASSES) - 1
    np.add.at(counts, (seen["ours"].to_numpy().astype(np.int64), place), seen["numbers"].to_numpy())
    theirs, ours = counts
    if not ours[-1]:
        return np.zeros(OFFNET_CONTACTS_CLASSES)
    expected = ours * theirs[-1] / ours[-1]
    return np.asarray(np.minimum(expected / np.maximum(theirs, 1.0), 1.0))


def _classes(rows: pa.Table) -> npt.NDArray[np.int64]:
    return np.asarray(np.minimum(rows["contacts"].to_numpy(), OFFNET_CONTACTS_CLASSES) - 1)


def _numbers(rows: pa.Table) -> Floats:
    """What is looked at as a matrix; what is not known is NaN."""
    return np.column_stack([pc.cast(rows[name], pa.float64()).to_numpy() for name in LOOKED_AT])
