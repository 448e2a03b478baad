"""Which numbers does the resolution of households rest on? All of them, in one place, frozen before a report is run.

Levels of evidence are ordinal: the higher, the nearer. `START` holds what we expect of each class before any data is
seen; it also is the prior that keeps a small market's estimate sane (`PRIOR_PAIRS` pairs' worth a class and kind).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar.telco.roles import ROLES

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of evidence: what its levels mean in words, and how often each class is expected to show them.

    `start` has three rows (household; kin and friends outside; other) of one probability a level.
    """

    name: str
    words: tuple[str, ...]
    start: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]


KINDS: tuple[Kind, ...] = (
    Kind(
        name="address",
        words=(
            "homes are elsewhere",
            "same building, another unit",
            "same building of many persons, unit unknown",
            "same building of a few homes, unit unknown",
            "same street and number, no flats known",
            "same street, number and unit",
        ),
        start=(
            (0.06, 0.01, 0.03, 0.10, 0.25, 0.55),
            (0.80, 0.04, 0.03, 0.04, 0.05, 0.04),
            (0.15, 0.40, 0.20, 0.16, 0.07, 0.02),
        ),
    ),
    Kind(
        name="names",
        words=(
            "no surname shared",
            "a common surname shared",
            "a rare surname shared",
            "two surnames shared",
        ),
        start=((0.35, 0.20, 0.20, 0.25), (0.30, 0.20, 0.25, 0.25), (0.85, 0.12, 0.02, 0.01)),
    ),
    Kind(
        name="shipping",
        words=("deliveries go elsewhere", "deliveries for one go to the other's home"),
        start=((0.30, 0.70), (0.90, 0.10), (0.98, 0.02)),
    ),
    Kind(
        name="bill",
        words=("each pays his own bills", "bills are paid together"),
        start=((0.50, 0.50), (0.85, 0.15), (0.995, 0.005)),
    ),
    Kind(
        name="top_up",
        words=("no top-ups of each other's line", "top-ups now and then", "top-ups as a habit"),
        start=((0.50, 0.10, 0.40), (0.80, 0.12, 0.08), (0.985, 0.010, 0.005)),
    ),
    Kind(
        name="care",
        words=("each manages his own lines", "lines are managed together in self-care"),
        start=((0.60, 0.40), (0.92, 0.08), (0.99, 0.01)),
    ),
    Kind(
        name="ties",
        words=("no talk, with consent of both", "little talk", "some talk", "much talk"),
        start=((0.10, 0.10, 0.30, 0.50), (0.15, 0.35, 0.35, 0.15), (0.90, 0.08, 0.015, 0.005)),
    ),
)

CLASS_SHARES_START = (0.25, 0.15, 0.60)  # of candidate pairs: household, kin and friends outside, other
PRIOR_PAIRS = 40.0  # how many pairs' worth of belief `START` is, a class and kind
ITERATIONS_MAX = 100
TOLERANCE = 1e-7  # change of the log-likelihood per pair at which EM ends

PROBABILITY_MIN = 0.5  # a pair is linked from here on
DECLARED_PROBABILITY = 0.98  # they say that they live together
APART_PROBABILITY = 0.001  # they say that they do not
CONTRACT_PROBABILITY = 0.95  # one objects to profiling: one home and one payer in the contract

HOUSEHOLD_PERSONS_MAX = 8
EXACT_PERSONS_MAX = 7  # components up to this size are cut by trying every partition
UNSEEN_PAIR_LOG_ODDS = -0.5  # two in one component of whom nothing in common is known
LOG_ODDS_MAX = 6.0  # one link may not outweigh a whole family

SQL_CONSTANTS: dict[str, object] = {
    "person_parties_max": 6,  # an id number or mailbox of more parties is no key of a person
    "business_parties_max": 50,
    "national_id_typos_max": 1,
    "managed_homes_max": 3,
    "street_persons_max": 30,  # a street number of more persons is looked at by surname or unit only
    "key_persons_max": 12,
    "few_homes_persons_max": 8,  # at a number of flats: a fellow may well live in the same one
    "one_home_persons_max": 6,  # more persons at a number without units are taken for several homes
    "street_similarity_min": 0.92,  # Jaro-Winkler
    "rare_surname_share_max": 0.004,
    "payer_persons_max": 8,  # who pays or manages for more is a shop or an office
    "token_persons_max": 6,
    "ties_max": 8,  # strongest ties a person
    "tie_calls_some": 5,  # a month
    "tie_calls_many": 15,
    "top_up_habit_min": 3,
    "declared_user_probability": 0.98,
    "manager_user_probability": 0.80,
    "holder_user_probability": 0.95,
    "declared_role_probability": 0.95,
    "holder_role_probability": {
        "legal_representative": 0.90,
        "financial_controller": 0.80,
        "office_manager": 0.60,
        "ict_agent": 0.40,
        "consumer": 0.90,
    },
    "roles": list(ROLES),
}
