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
class Face:
    """One way in which two persons may stand to each other: its class, and its share of candidate pairs at the start.

    `side` is 0 household, 1 kin and friends outside, 2 other.
    """

    name: str
    side: int
    share: float


FACES: tuple[Face, ...] = (
    Face(name="partners", side=0, share=0.05),
    Face(name="parent and child, siblings at home", side=0, share=0.04),
    Face(name="sharers of a home", side=0, share=0.015),
    Face(name="kin outside", side=1, share=0.03),
    Face(name="friends outside", side=1, share=0.14),
    Face(name="who helps or pays from outside", side=1, share=0.03),
    Face(name="of one address at other times", side=2, share=0.02),
    Face(name="strangers", side=2, share=0.675),
)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of evidence: its family, what its levels mean in words, how often each face is expected to show them.

    `start` has a row for each of `FACES` with one probability a level.
    """

    name: str
    family: str
    words: tuple[str, ...]
    start: tuple[tuple[float, ...], ...]


KINDS: tuple[Kind, ...] = (
    Kind(
        name="address",
        family="address",
        words=(
            "different addresses",
            "same building, another unit",
            "same building of many persons, unit unknown",
            "same building of a few homes, unit unknown",
            "same street and number, no flats known",
            "same street, number and unit",
        ),
        start=(
            (0.12, 0.01, 0.04, 0.02, 0.23, 0.58),
            (0.12, 0.01, 0.04, 0.02, 0.23, 0.58),
            (0.12, 0.01, 0.04, 0.02, 0.23, 0.58),
            (0.66, 0.01, 0.02, 0.01, 0.08, 0.22),
            (0.955, 0.025, 0.01, 0.0025, 0.0025, 0.005),
            (0.94, 0.01, 0.01, 0.005, 0.015, 0.02),
            (0.03, 0.02, 0.07, 0.05, 0.33, 0.5),
            (0.01, 0.84, 0.12, 0.015, 0.005, 0.01),
        ),
    ),
    Kind(
        name="elsewhere",
        family="address",
        words=("both are also known elsewhere", "one is also known elsewhere", "neither is known elsewhere"),
        start=(
            (0.005, 0.055, 0.94),
            (0.005, 0.055, 0.94),
            (0.005, 0.055, 0.94),
            (0.02, 0.28, 0.7),
            (0.03, 0.27, 0.7),
            (0.03, 0.27, 0.7),
            (0.03, 0.27, 0.7),
            (0.005, 0.115, 0.88),
        ),
    ),
    Kind(
        name="door",
        family="address",
        words=(
            "seven and more are known there",
            "five or six are known there",
            "three or four are known there",
            "only these two are known there",
        ),
        start=(
            (0.005, 0.02, 0.325, 0.65),
            (0.005, 0.085, 0.64, 0.27),
            (0.01, 0.14, 0.7, 0.15),
            (0.005, 0.045, 0.57, 0.38),
            (0.02, 0.13, 0.6, 0.25),
            (0.02, 0.13, 0.6, 0.25),
            (0.04, 0.2, 0.56, 0.2),
            (0.02, 0.18, 0.56, 0.24),
        ),
    ),
    Kind(
        name="names",
        family="names",
        words=(
            "no surname shared",
            "a common surname shared",
            "a rare surname shared",
            "two surnames shared",
        ),
        start=(
            (0.92, 0.03, 0.03, 0.02),
            (0.11, 0.36, 0.5, 0.03),
            (0.8, 0.08, 0.08, 0.04),
            (0.14, 0.34, 0.5, 0.02),
            (0.95, 0.03, 0.01, 0.01),
            (0.9, 0.06, 0.03, 0.01),
            (0.92, 0.06, 0.01, 0.01),
            (0.95, 0.045, 0.003, 0.002),
        ),
    ),
    Kind(
        name="age",
        family="names",
        words=(
            "neither one generation nor two",
            "a generation apart",
            "a generation apart, the younger under 25",
            "of one generation",
            "of an age",
            "a child and one who could be its parent",
        ),
        start=(
            (0.015, 0.01, 0.005, 0.105, 0.855, 0.01),
            (0.05, 0.3, 0.3, 0.03, 0.07, 0.25),
            (0.1, 0.15, 0.05, 0.1, 0.59, 0.01),
            (0.02, 0.7, 0.2, 0.02, 0.05, 0.01),
            (0.08, 0.1, 0.04, 0.16, 0.61, 0.01),
            (0.2, 0.3, 0.05, 0.14, 0.29, 0.02),
            (0.25, 0.35, 0.05, 0.14, 0.18, 0.03),
            (0.25, 0.35, 0.05, 0.14, 0.175, 0.035),
        ),
    ),
    Kind(
        name="shipping",
        family="shipping",
        words=("deliveries go elsewhere", "deliveries for one go to the other's home"),
        start=(
            (0.29, 0.71),
            (0.29, 0.71),
            (0.29, 0.71),
            (0.93, 0.07),
            (0.95, 0.05),
            (0.93, 0.07),
            (0.3, 0.7),
            (0.9, 0.1),
        ),
    ),
    Kind(
        name="account",
        family="account",
        words=(
            "each has his own contracts",
            "a third pays for both, or one bank account does",
            "one pays the other's line",
            "one uses the other's line",
        ),
        start=(
            (0.25, 0.09, 0.36, 0.3),
            (0.27, 0.03, 0.15, 0.55),
            (0.9, 0.02, 0.06, 0.02),
            (0.95, 0.01, 0.03, 0.01),
            (0.994, 0.002, 0.002, 0.002),
            (0.78, 0.03, 0.07, 0.12),
            (0.994, 0.002, 0.002, 0.002),
            (0.998, 0.001, 0.0005, 0.0005),
        ),
    ),
    Kind(
        name="top_up",
        family="top_up",
        words=("no top-ups of each other's line", "top-ups now and then", "top-ups as a habit"),
        start=(
            (0.56, 0.08, 0.36),
            (0.88, 0.05, 0.07),
            (0.9, 0.03, 0.07),
            (0.96, 0.02, 0.02),
            (0.98, 0.012, 0.008),
            (0.75, 0.09, 0.16),
            (0.99, 0.006, 0.004),
            (0.998, 0.001, 0.001),
        ),
    ),
    Kind(
        name="care",
        family="care",
        words=("each manages his own lines", "lines are managed together in self-care"),
        start=(
            (0.27, 0.73),
            (0.28, 0.72),
            (0.92, 0.08),
            (0.87, 0.13),
            (0.99, 0.01),
            (0.65, 0.35),
            (0.99, 0.01),
            (0.998, 0.002),
        ),
    ),
    Kind(
        name="device",
        family="device",
        words=("no phone went from one to the other", "a phone went from one to the other"),
        start=(
            (0.91, 0.09),
            (0.93, 0.07),
            (0.94, 0.06),
            (0.96, 0.04),
            (0.99, 0.01),
            (0.84, 0.16),
            (0.995, 0.005),
            (0.998, 0.002),
        ),
    ),
    Kind(
        name="ties",
        family="ties",
        words=("no talk, with consent of both", "hardly any talk", "little talk", "some talk", "much talk"),
        start=(
            (0.2, 0.07, 0.13, 0.24, 0.36),
            (0.12, 0.16, 0.31, 0.29, 0.12),
            (0.25, 0.37, 0.23, 0.1, 0.05),
            (0.03, 0.06, 0.39, 0.38, 0.14),
            (0.04, 0.14, 0.5, 0.23, 0.09),
            (0.5, 0.03, 0.35, 0.1, 0.02),
            (0.96, 0.03, 0.006, 0.003, 0.001),
            (0.98, 0.013, 0.005, 0.001, 0.001),
        ),
    ),
    Kind(
        name="contacts",
        family="ties",
        words=("nobody whom both talk with", "one whom both talk with", "a few", "many"),
        start=(
            (0.53, 0.2, 0.18, 0.09),
            (0.41, 0.41, 0.16, 0.02),
            (0.35, 0.32, 0.28, 0.05),
            (0.39, 0.46, 0.14, 0.01),
            (0.14, 0.24, 0.44, 0.18),
            (0.9, 0.06, 0.03, 0.01),
            (0.955, 0.035, 0.007, 0.003),
            (0.955, 0.035, 0.007, 0.003),
        ),
    ),
    Kind(
        name="place",
        family="place",
        words=(
            "nights in different places",
            "nights in one place, as many do",
            "the same nights in one place",
        ),
        start=(
            (0.02, 0.25, 0.73),
            (0.02, 0.25, 0.73),
            (0.02, 0.25, 0.73),
            (0.83, 0.06, 0.11),
            (0.59, 0.12, 0.29),
            (0.69, 0.13, 0.18),
            (0.65, 0.1, 0.25),
            (0.14, 0.27, 0.59),
        ),
    ),
    Kind(
        name="absence",
        family="place",
        words=(
            "away from home each for himself",
            "away together on some nights",
            "away together on most nights",
        ),
        start=(
            (0.72, 0.16, 0.12),
            (0.62, 0.22, 0.16),
            (0.86, 0.1, 0.04),
            (0.93, 0.05, 0.02),
            (0.91, 0.08, 0.01),
            (0.95, 0.045, 0.005),
            (0.945, 0.05, 0.005),
            (0.945, 0.05, 0.005),
        ),
    ),
    Kind(
        name="broadband",
        family="account",
        words=("each has broadband", "one of them has broadband", "neither has broadband"),
        start=(
            (0.005, 0.745, 0.25),
            (0.005, 0.525, 0.47),
            (0.005, 0.495, 0.5),
            (0.35, 0.42, 0.23),
            (0.35, 0.43, 0.22),
            (0.29, 0.42, 0.29),
            (0.25, 0.4, 0.35),
            (0.3, 0.43, 0.27),
        ),
    ),
    Kind(
        name="third",
        family="fellows",
        words=(
            "nobody likely lives with both",
            "perhaps lives with a third person whom the other perhaps lives with too",
            "likely lives with a third person whom the other likely lives with too",
        ),
        start=(
            (0.88, 0.04, 0.08),
            (0.18, 0.1, 0.72),
            (0.45, 0.2, 0.35),
            (0.77, 0.1, 0.13),
            (0.985, 0.01, 0.005),
            (0.8, 0.11, 0.09),
            (0.8, 0.14, 0.06),
            (0.994, 0.004, 0.002),
        ),
    ),
    Kind(
        name="rival",
        family="fellows",
        words=(
            "one of them likely lives with somebody else",
            "one of them perhaps lives with somebody else",
            "neither likely lives with anybody else",
        ),
        start=(
            (0.07, 0.1, 0.83),
            (0.13, 0.22, 0.65),
            (0.12, 0.28, 0.6),
            (0.64, 0.15, 0.21),
            (0.8, 0.07, 0.13),
            (0.78, 0.1, 0.12),
            (0.62, 0.2, 0.18),
            (0.8, 0.08, 0.12),
        ),
    ),
)

# Families of evidence: each can be switched off by a project. Location needs its own consent and is off by default.
FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(kind.family for kind in KINDS))
WITHOUT_DEFAULT: tuple[str, ...] = ("place",)
# What a family's steps are called; a family that is switched off leaves their tables empty.
FAMILY_STEPS: dict[str, tuple[str, ...]] = {
    "address": ("address_level", "elsewhere_level", "door_level", "candidate_key"),
    "names": ("names_level", "age_level"),
    "shipping": ("shipping_level",),
    "account": ("account_link", "account_level", "broadband_level"),
    "top_up": ("top_up_link", "top_up_level", "line_filler"),
    "care": ("care_link", "care_level", "line_manager"),
    "device": ("device_link", "device_level"),
    "ties": ("tie_link", "contact", "heard", "ties_level", "contacts_level"),
    "place": ("night", "place_level", "absence_level"),
    "fellows": ("fellow", "third_level", "rival_level"),
}

PRIOR_PAIRS = 300.0  # how many pairs' worth of belief `start` is, a face and kind
ITERATIONS_MAX = 100
TOLERANCE = 1e-7  # change of the log-likelihood per pair at which EM ends

PROBABILITY_MIN = 0.5  # a pair is likely from here on
# ... and holds a household together from here on; what is said to whom asks for more (policies: membership_min)
LINK_PROBABILITY_MIN = 0.6
DECLARED_PROBABILITY = 0.98  # they say that they live together
JUDGED_PROBABILITY = 0.97  # analysts say so, of two or of not
APART_PROBABILITY = 0.001  # they say that they do not
CONTRACT_PROBABILITY = 0.95  # one objects to profiling: one home and one payer in the contract

HOUSEHOLD_PERSONS_MAX = 12
EXACT_PERSONS_MAX = 7  # components up to this size are cut by trying every partition
UNSEEN_PAIR_LOG_ODDS = -0.5  # two in one component of whom nothing in common is known
LOG_ODDS_MAX = 6.0  # one link may not outweigh a whole family

# --- who uses a line, who has which role: argued number by number in docs/roles.md ---------------------------------
# Weights are log-odds: 0.7 doubles the odds, -0.7 halves them. Facts are named in 77_role_fact.sql.

LINE_CONSTANTS: dict[str, object] = {
    "declared_user_probability": 0.95,  # no note is surer: it may be old
    "holder_user_probability": 0.98,  # of what a home shares: broadband, fixed voice, TV
    "line_age_min": 11,  # younger children have no SIM of their own
    "usual_gb": 7.0,  # a month
    "registered_share": 0.92,  # of prepaid SIMs are used by whom they are registered to, where registers are kept well
    "registered_prior": 50,  # SIMs' worth of this belief, before self-care shows how it is in a market
    "line_weight": {
        "declared": 6.0,
        "holder": 1.9,
        "business": 0.2,  # in place of `holder`: somebody of the staff uses it
        "member": -1.3,  # of the holder's or the payer's home, without any sign of using it
        "payer": 0.8,
        "only_managed": 4.0,  # the one line of a self-care account
        "managed": 0.6,
        "not_managed": -4.0,  # has a self-care account, in which this line is missing
        "fewest_managed": 3.0,  # of several who manage it, the one who manages the fewest
        "claims_other": -1.4,  # another line is surely his
        "holds_other": -2.0,  # for each further line in his name, two at most
        "lacks_line": 0.5,
        "minor": 0.7,  # minors hold no contract
        "too_young": -1.0,  # was too young for a SIM when the line began
        "fills": 1.2,  # by the logarithm of one more than the top-ups
        "data_of_old": -0.8,  # from 65: by the logarithm of the data billed, against `usual_gb`
        "nobody_known": -1.0,  # somebody of whom no silo tells
    },
}

ROLE_STATED_MIN = 0.5  # below: an abstention
ROLE_CONSTANTS: dict[str, object] = {
    "role_stated_min": ROLE_STATED_MIN,
    "declared_role_probability": 0.95,
    "consumer_probability": 0.97,
    "generation_years_min": 16,  # older by so much: parents, or parents-in-law
    "role_weight": {
        "financial_controller": {
            "pays_for_others": 0.5,
            "pays_for_home": 0.5,
            "pays_own": 0.2,
            "tops_up_others": 0.2,
            "younger_generation": -0.7,
        },
        "legal_representative": {
            "holds_for_home": 0.6,
            "holds_for_others": 0.2,
            "holds_own": 0.2,
            "younger_generation": -0.8,
        },
        "office_manager": {"manages_for_others": 0.9, "asks_about_bills": 0.1, "younger_generation": -0.7},
        "ict_agent": {
            "helps_others": 3.0,
            "advises_elsewhere": 2.5,
            "may_advise_elsewhere": 1.5,
            "under_40": 1.0,
            "hands_down_devices": 0.1,
            "reads_of_devices": 0.1,
        },
        "salesperson": {"asks_about_plans": 0.1, "reads_of_plans": 0.1},
    },
    # Whoever is not known has a weight too: a partner at another operator, a child who has moved out.
    "role_unseen": {
        "alone": -0.8,  # one adult is known
        "together": -1.5,  # several are
        "old": -0.6,  # all are of `nest_age_min` or more: fewer live with somebody unknown
        "ict_agent": 0.8,  # teenagers and children elsewhere advise too
        "old_pair": 1.0,  # ... all the more an elder couple
        "advised": 4.5,  # ... whom somebody elsewhere surely advises
    },
    "role_own": {"family": 0.04, "unrelated": 0.12, "flat": 0.45},  # decides alone under a common roof
    "role_shared_control": 0.2,  # a second one decides on money too
    "role_elsewhere_probability": 0.75,  # has the role, if his home is another one than we think
    "facts_observed": ["asks_about_bills", "asks_about_plans", "helps_others"],
    "facts_imported": [
        "advises_elsewhere",
        "holds_for_home",
        "holds_for_others",
        "holds_own",
        "manages_for_others",
        "pays_for_home",
        "pays_for_others",
        "pays_own",
        "tops_up_others",
    ],
    "nest_age_min": 48,  # whose children may have homes of their own
    "parent_years_min": 18,
    "parent_years_max": 45,
    "adviser_calls_min": 4,  # a month, with consent at both ends
    "adviser_probability": {"declared": 0.9, "observed": 0.9, "named_and_talks": 0.65, "named": 0.45},
}
# --- end of lines and roles ------------------------------------------------------------------------------------------

# --- members at other operators --------------------------------------------------------------------------------------
OFFNET_MEMBERS_MIN = 2  # consenting members who hold the tie: a line that the law draws, no tuning
OFFNET_PROBABILITY_MIN = 0.75
OFFNET_CONTACTS_CLASSES = 5  # numbers with this many contacts among us, or more, are people who live among us
OFFNET_TAUGHT_MIN = 50  # hidden members (and others) without whom nothing can be learnt
OFFNET_CONSTANTS: dict[str, object] = {
    "offnet_contacts_max": 25,  # a number of more is a school, a surgery, a taxi
    "offnet_members_min": OFFNET_MEMBERS_MIN,
}
# --- end of members at other operators -------------------------------------------------------------------------------

SQL_CONSTANTS: dict[str, object] = {
    "person_parties_max": 6,  # an id number or mailbox of more parties is no key of a person
    "business_parties_max": 50,
    "national_id_typos_max": 1,
    "first_name_similarity_min": 0.88,  # Jaro-Winkler, of two first names with one id number
    "namesakes_max": 0.05,  # as many others of one full name are expected where a name alone tells who it is
    "managed_homes_max": 3,
    "street_persons_max": 30,  # a street number of more persons is looked at by surname or unit only
    "key_persons_max": 12,
    "institution_persons_max": 40,  # one address without a unit of so many is a barracks, a college, a home for the old
    "few_homes_persons_max": 8,  # at a number of flats: a fellow may well live in the same one
    "one_home_persons_max": 6,  # more persons at a number without units are taken for several homes
    "street_similarity_min": 0.92,  # Jaro-Winkler
    "street_similarity_long_number_min": 0.82,  # ... of two streets with one number of four figures and more
    "street_similarity_kin_min": 0.75,  # ... of two streets with one number of three figures, and one surname
    "rare_surname_share_max": 0.004,
    "payer_persons_max": 8,  # who pays or manages for more is a shop or an office
    "token_persons_max": 6,
    "ties_max": 8,  # strongest ties a person
    "tie_calls_some": 3,  # a month
    "tie_calls_many": 8,
    "tie_calls_much": 20,
    "contacts_max": 25,  # contacts a person that count, and persons a contact
    "device_persons_max": 3,  # a phone of more hands came from a dealer
    "devices_given_max": 4,  # who passes on more is one
    "night_share_min": 0.8,
    "away_nights_min": 2,
    "away_share_min": 0.6,
    "time_shared_probability_min": 0.5,
    "fellow_probability_min": 0.2,
    "fellows_max": 12,
    "third_likely_min": 0.6,
    "rival_likely_min": 0.8,
    "rival_perhaps_min": 0.4,
    "top_up_habit_min": 3,
    "roles": list(ROLES),
    **LINE_CONSTANTS,
    **ROLE_CONSTANTS,
    **OFFNET_CONSTANTS,
}
